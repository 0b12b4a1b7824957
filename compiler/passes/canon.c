// SPDX-License-Identifier: Apache-2.0
/*
 * canon (always): every integer question in the one form that the later passes compare.
 *
 * requires nothing
 * ensures  IR_HAS_FOLDED: ranges sorted, disjoint, not adjacent, inside what the value's type can hold; a
 *          mask has only bits of the type, signed values' sign once. What can never be true is the empty
 *          list of ranges, what a present value always answers is the whole domain. No rule has a term twice.
 * cost     n log n in the ranges of a predicate, linear in the terms
 */
#include "passes/internal.h"

static void set_ranges(struct ir_pred *p, struct ranges r)
{
	p->kind = IR_PRED_RANGES;
	p->mask = 0;
	p->ranges.items = r.items;
	p->ranges.len = p->ranges.cap = r.len;
}

/*
 * Numbers are extended to 64 bits before they are asked: above an unsigned value's size no bit is ever set,
 * above a signed one's each is its sign.
 */
static uint64_t canon_mask(const struct ir_value *v, uint64_t mask)
{
	uint64_t bits = v->size >= 8 ? ~UINT64_C(0) : (UINT64_C(1) << (v->size * 8)) - 1;

	if (v->is_signed && (mask & ~bits))
		mask |= (bits >> 1) + 1;
	return mask & bits;
}

static void canon_pred(struct tpc_ctx *c, const struct ir_value *v, struct ir_pred *p)
{
	struct ir_range zero = { 0, 0 };

	if (p->kind == IR_PRED_RANGES) {
		set_ranges(p, ranges_canon(c->arena, v, RANGES_OF(p)));
	} else if (p->kind == IR_PRED_NAMESPACE) {
		struct ranges r = ranges_canon(c->arena, v, RANGES_OF(p));

		p->ranges.items = r.items;
		p->ranges.len = p->ranges.cap = r.len;
	} else if (p->kind == IR_PRED_MASK) {
		p->mask = canon_mask(v, p->mask);
		if (!p->mask)
			set_ranges(p, (struct ranges){ 0 });
		else if (p->mask == canon_mask(v, ~UINT64_C(0)))
			set_ranges(p, ranges_complement(c->arena, v, (struct ranges){ &zero, 1 }));
	} else {
		p->mask = 0;
	}
}

void pass_canon(struct tpc_ctx *c, struct ir_unit *u)
{
	struct ir_program *p;
	struct ir_pred *pred;

	tpc_vec_foreach (p, &u->programs) {
		tpc_vec_foreach (pred, &p->preds)
			canon_pred(c, &p->values.items[pred->value], pred);
		rules_drop_repeated(c, p);
	}
}
