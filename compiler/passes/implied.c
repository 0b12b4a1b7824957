// SPDX-License-Identifier: Apache-2.0
/* What follows from all terms of a rule together: of integers more than from each of them alone. */
#include "passes/internal.h"

struct known_rule rule_know(struct relate *rel, const struct ir_rule *r)
{
	struct known_rule k = { .r = r };
	const struct ir_term *t;

	k.ints = tpc_new_array(rel->arena, struct int_fact, r->terms.len);
	tpc_vec_foreach (t, &r->terms) {
		const struct ir_pred *pred = &rel->p->preds.items[t->pred];
		uint32_t i = 0;

		while (i < k.nints && k.ints[i].value != pred->value)
			i++;
		if (!pred_asks_ranges(rel->p, pred) || i < k.nints)
			continue;
		k.ints[k.nints].value = pred->value;
		k.ints[k.nints++].al = rule_allowed(rel->arena, rel->p, r, pred->value);
	}
	return k;
}

/* Does term @t over an integer follow from all that @k says about it, be it nothing? */
static bool ints_imply(struct relate *rel, const struct known_rule *k, const struct ir_term *t)
{
	const struct ir_pred *pred = &rel->p->preds.items[t->pred];
	const struct ir_value *v = &rel->p->values.items[pred->value];
	struct allowed al = { .present = value_always_present(v) };
	struct ir_range all;

	if (!pred_asks_ranges(rel->p, pred))
		return false;
	all = ranges_domain(v);
	al.set = (struct ranges){ &all, 1 };
	for (uint32_t i = 0; i < k->nints; i++)
		if (k->ints[i].value == pred->value)
			al = k->ints[i].al;
	if (rel->budget < (uint64_t)al.set.len + pred->ranges.len)
		return false;
	rel->budget -= (uint64_t)al.set.len + pred->ranges.len;
	if (t->negated)
		return ranges_disjoint(v, al.set, RANGES_OF(pred));
	return al.present && ranges_subset(v, al.set, RANGES_OF(pred));
}

bool rule_implies(struct relate *rel, const struct known_rule *k, const struct ir_term *t)
{
	for (uint32_t i = 0; i < k->r->terms.len && rel->budget; i++) {
		rel->budget--;
		if (term_implies(rel, &k->r->terms.items[i], t))
			return true;
	}
	return ints_imply(rel, k, t);
}
