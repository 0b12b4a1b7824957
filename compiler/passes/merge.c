// SPDX-License-Identifier: Apache-2.0
/*
 * merge: equal parts of the graph become one, and tests whose outcomes lead to the same place go: the
 * reduction of ordered decision diagrams, from the last node to the first.
 *
 * requires IR_HAS_GRAPH
 * ensures  the same; no two nodes equal but for their place in the source; no test without effect
 * cost     linear (hash table)
 */
#include "passes/internal.h"

static bool same_node(const void *user, uint32_t a, uint32_t b)
{
	const struct ir_node *x = (const struct ir_node *)user + a, *y = (const struct ir_node *)user + b;

	return x->kind == y->kind && x->pred == y->pred && x->yes == y->yes && x->no == y->no &&
	       x->chain == y->chain && x->rule == y->rule;
}

static uint64_t node_hash(const struct ir_node *n)
{
	uint64_t h = hash_u64(hash_u64(HASH_START, n->kind), n->pred);

	h = hash_u64(hash_u64(h, n->yes), n->no);
	return hash_u64(h, (uint64_t)n->chain << 16 | n->rule);
}

/* to[i]: the node that stands for node i; successors are done before, they have larger numbers. */
static void find_equal(struct tpc_ctx *c, struct ir_program *p, uint32_t *to)
{
	struct table t;

	table_init(&t, c->arena, p->nodes.len);
	for (uint32_t i = p->nodes.len; i-- > 0;) {
		struct ir_node *n = &p->nodes.items[i];
		uint32_t same;

		if (n->kind != IR_NODE_DONE)
			n->yes = to[n->yes];
		if (n->kind == IR_NODE_TEST)
			n->no = to[n->no];
		if (n->kind == IR_NODE_TEST && n->yes == n->no) {
			to[i] = n->yes;
			continue;
		}
		same = table_find_or_add(&t, node_hash(n), i, same_node, p->nodes.items);
		to[i] = same == TABLE_NONE ? i : same;
	}
}

/*
 * What is reached, in the old order, from the node that stands for the entry. That one has the least number
 * of them, since edges lead upward, and so becomes node 0.
 */
static void renumber(struct tpc_ctx *c, struct ir_program *p, uint32_t entry)
{
	bool *reached = tpc_new_array(c->arena, bool, p->nodes.len);
	uint32_t *nr = tpc_new_array(c->arena, uint32_t, p->nodes.len);
	struct ir_node *n = p->nodes.items;
	uint32_t len = 0;

	reached[entry] = true;
	for (uint32_t i = entry; i < p->nodes.len; i++) {
		if (!reached[i])
			continue;
		nr[i] = len++;
		if (n[i].kind != IR_NODE_DONE)
			reached[n[i].yes] = true;
		if (n[i].kind == IR_NODE_TEST)
			reached[n[i].no] = true;
	}
	for (uint32_t i = entry; i < p->nodes.len; i++) {
		if (!reached[i])
			continue;
		if (n[i].kind != IR_NODE_DONE)
			n[i].yes = nr[n[i].yes];
		if (n[i].kind == IR_NODE_TEST)
			n[i].no = nr[n[i].no];
		n[nr[i]] = n[i];
	}
	p->nodes.len = len;
}

void pass_merge(struct tpc_ctx *c, struct ir_unit *u)
{
	struct ir_program *p;

	tpc_vec_foreach (p, &u->programs) {
		uint32_t *to = tpc_new_array(c->arena, uint32_t, p->nodes.len);

		find_equal(c, p, to);
		renumber(c, p, to[0]);
	}
}
