// SPDX-License-Identifier: Apache-2.0
/* The checker's half about the decision graph: it only leads forward, and no chain fires twice on one way. */
#include <inttypes.h>
#include <string.h>

#include "ir/check.h"

static bool check_successor(struct check *k, uint32_t from, uint32_t to)
{
	if (to <= from || to >= k->p->nodes.len)
		return check_broken(k, "node %" PRIu32 " leads to %" PRIu32 " of %" PRIu32, from, to,
				    k->p->nodes.len);
	return true;
}

static bool check_node(struct check *k, const struct ir_node *n, uint32_t nr)
{
	switch (n->kind) {
	case IR_NODE_TEST:
		if (n->pred >= k->p->preds.len)
			return check_broken(k, "node %" PRIu32 " tests predicate %d of %" PRIu32, nr, n->pred,
					    k->p->preds.len);
		if (check_asks_return(k, n->pred))
			return check_broken(k, "node %" PRIu32 " asks for what the function returns", nr);
		return check_successor(k, nr, n->yes) && check_successor(k, nr, n->no);
	case IR_NODE_FIRE:
		if (n->chain >= k->p->chains.len || n->rule >= k->p->chains.items[n->chain].rules.len)
			return check_broken(k, "node %" PRIu32 " fires chain %d rule %d, which is none", nr,
					    n->chain, n->rule);
		return check_successor(k, nr, n->yes);
	case IR_NODE_DONE:
		return true;
	default:
		return check_broken(k, "node %" PRIu32 " of unknown kind %d", nr, n->kind);
	}
}

/*
 * Chains that may have fired on some way to each node, one chain's bits at a time, so that memory stays a
 * byte a node. Node 0 is reached; larger numbers follow, so one pass in order is enough.
 */
static bool check_fires_once(struct check *k, uint32_t chain, uint8_t *fired)
{
	const struct ir_node *n = k->p->nodes.items;

	memset(fired, 0, k->p->nodes.len);
	for (uint32_t i = 0; i < k->p->nodes.len; i++) {
		bool fires = n[i].kind == IR_NODE_FIRE && n[i].chain == chain;

		if (fires && fired[i])
			return check_broken(k, "node %" PRIu32 " fires chain %" PRIu32 " a second time", i,
					    chain);
		if (n[i].kind == IR_NODE_DONE || !(fires || fired[i]))
			continue;
		fired[n[i].yes] = 1;
		if (n[i].kind == IR_NODE_TEST)
			fired[n[i].no] = 1;
	}
	return true;
}

/* Chains times nodes beyond this are not walked: the check is a help, not a reason to be slow. */
#define WALK_MAX (UINT64_C(1) << 26)

bool check_graph(struct check *k)
{
	uint32_t len = k->p->nodes.len;
	uint8_t *fired;

	if (!(k->have & IR_HAS_GRAPH))
		return !len || check_broken(k, "there is a graph before it is built");
	if (!len)
		return check_broken(k, "there is no graph");
	for (uint32_t i = 0; i < len; i++)
		if (!check_node(k, &k->p->nodes.items[i], i))
			return false;
	if ((uint64_t)len * k->p->chains.len > WALK_MAX)
		return true;
	fired = tpc_new_array(k->c->arena, uint8_t, len);
	for (uint32_t i = 0; i < k->p->chains.len; i++)
		if (!check_fires_once(k, i, fired))
			return false;
	return true;
}
