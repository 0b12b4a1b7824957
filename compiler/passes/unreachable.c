// SPDX-License-Identifier: Apache-2.0
/*
 * unreachable (always): rules that can never decide anything are dropped, and the policy's author is told.
 *
 * A rule whose terms contradict each other never holds. A rule never comes first when an earlier rule holds
 * wherever it does: each term of the earlier one follows from its own. Always, so that a policy gets the same
 * warnings at every -O level.
 *
 * requires IR_HAS_FOLDED, IR_HAS_UNIQUE
 * ensures  the same; first-match meaning, ir_rule.selector and ir_chain.nselectors as before; a
 *          TPC_W_SELECTOR_DEAD warning for each rule dropped
 * cost     rules squared times terms squared, within RELATE_BUDGET a program
 */
#include "passes/internal.h"

/* @earlier holds wherever @k does. */
static bool shadows(struct relate *rel, const struct ir_rule *earlier, const struct known_rule *k)
{
	const struct ir_term *t;

	/* It may still fail when the function returns, and leave the decision to a later one. */
	if (earlier->return_terms.len)
		return false;
	tpc_vec_foreach (t, &earlier->terms)
		if (!rule_implies(rel, k, t))
			return false;
	return true;
}

/* Two terms that exclude each other (twice the same one: it can never hold), or NULL. */
static const struct ir_term *contradiction(struct relate *rel, const struct ir_rule *r,
					   const struct ir_term **other)
{
	for (uint32_t i = 0; i < r->terms.len; i++)
		for (uint32_t j = 0; j <= i && rel->budget; j++) {
			rel->budget--;
			*other = &r->terms.items[j];
			if (term_excludes(rel, &r->terms.items[i], *other))
				return &r->terms.items[i];
		}
	return NULL;
}

static bool no_int_left(const struct known_rule *k)
{
	for (uint32_t i = 0; i < k->nints; i++)
		if (k->ints[i].al.present && !k->ints[i].al.set.len)
			return true;
	return false;
}

static bool report_contradiction(struct tpc_ctx *c, struct relate *rel, const struct known_rule *k)
{
	const struct ir_term *other = NULL, *t = contradiction(rel, k->r, &other);
	struct tpc_diag *d;

	if (!t && !no_int_left(k))
		return false;
	d = tpc_warning(&c->diags, k->r->at, TPC_W_SELECTOR_DEAD, "this selector never matches: %s",
			t && t == other ? "one of its filters can never hold" :
					  "its filters contradict each other");
	if (t)
		tpc_diag_note(&c->diags, d, t->at, "this filter");
	if (t && t != other)
		tpc_diag_note(&c->diags, d, other->at, "and this filter");
	return true;
}

static bool report_shadow(struct tpc_ctx *c, struct relate *rel, const struct ir_chain *ch, uint32_t nkept,
			  const struct known_rule *k)
{
	for (uint32_t i = 0; i < nkept && rel->budget; i++) {
		const struct ir_rule *earlier = &ch->rules.items[i];
		struct tpc_diag *d;

		rel->budget--;
		if (!shadows(rel, earlier, k))
			continue;
		d = tpc_warning(&c->diags, k->r->at, TPC_W_SELECTOR_DEAD,
				"this selector never matches: an earlier one takes all that it would");
		tpc_diag_note(&c->diags, d, earlier->at, "this selector");
		return true;
	}
	return false;
}

static void drop_dead_rules(struct tpc_ctx *c, struct relate *rel, struct ir_chain *ch)
{
	uint32_t nkept = 0;

	for (uint32_t i = 0; i < ch->rules.len; i++) {
		const struct ir_rule r = ch->rules.items[i];
		struct known_rule k = rule_know(rel, &r);

		if (!report_contradiction(c, rel, &k) && !report_shadow(c, rel, ch, nkept, &k))
			ch->rules.items[nkept++] = r;
	}
	ch->rules.len = nkept;
}

void pass_unreachable(struct tpc_ctx *c, struct ir_unit *u)
{
	struct ir_program *p;
	struct ir_chain *ch;

	tpc_vec_foreach (p, &u->programs) {
		struct relate rel = { .arena = c->arena, .p = p, .u = u, .budget = RELATE_BUDGET };

		tpc_vec_foreach (ch, &p->chains)
			drop_dead_rules(c, &rel, ch);
	}
}
