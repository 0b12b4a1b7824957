// SPDX-License-Identifier: Apache-2.0
/*
 * order: inside a rule the cheap and selective terms come first. Terms have no side effects and all must hold,
 * so their order does not matter to the meaning. Rules keep theirs: the first match decides.
 *
 * requires IR_HAS_ORDERED (costs)
 * ensures  terms by cost, then by how much they are likely to keep out, then as written
 * cost     n log n in the terms of a rule
 */
#include <stdlib.h>

#include "passes/internal.h"

struct keyed_term {
	uint32_t cost, rank, nr;
	struct ir_term t;
};

/* A question for one answer fails most often; one that is negated hardly ever does, nor does whether there is a value. */
static uint32_t rank_of(const struct ir_pred *p, const struct ir_term *t)
{
	if (t->negated || p->kind == IR_PRED_PRESENT)
		return 2;
	if (p->kind == IR_PRED_EQUAL)
		return 0;
	return !(p->kind == IR_PRED_RANGES && p->ranges.len == 1 &&
		 p->ranges.items[0].lo == p->ranges.items[0].hi);
}

static int compare(const void *pa, const void *pb)
{
	const struct keyed_term *a = pa, *b = pb;

	if (a->cost != b->cost)
		return a->cost < b->cost ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return (a->nr > b->nr) - (a->nr < b->nr);
}

static void order_rule(struct tpc_ctx *c, const struct ir_program *p, struct ir_rule *r)
{
	struct keyed_term *k = tpc_new_array(c->arena, struct keyed_term, r->terms.len);

	for (uint32_t i = 0; i < r->terms.len; i++) {
		const struct ir_term *t = &r->terms.items[i];
		const struct ir_pred *pred = &p->preds.items[t->pred];

		k[i] = (struct keyed_term){ pred->cost, rank_of(pred, t), i, *t };
	}
	if (r->terms.len)
		qsort(k, r->terms.len, sizeof(*k), compare);
	for (uint32_t i = 0; i < r->terms.len; i++)
		r->terms.items[i] = k[i].t;
}

void pass_order(struct tpc_ctx *c, struct ir_unit *u)
{
	const struct ir_program *p;
	struct ir_chain *ch;
	struct ir_rule *r;

	tpc_vec_foreach (p, &u->programs)
		tpc_vec_foreach (ch, &p->chains)
			tpc_vec_foreach (r, &ch->rules)
				order_rule(c, p, r);
}
