// SPDX-License-Identifier: Apache-2.0
/*
 * subsume: a term that another one of its rule implies is dropped. Equal "/etc/passwd" needs no Prefix
 * "/etc/"; not Prefix "/etc/" needs no not Equal "/etc/passwd".
 *
 * requires IR_HAS_FOLDED, IR_HAS_UNIQUE
 * ensures  the same; where two terms say the same in different words, the first stays
 * cost     terms of a rule squared times their texts, within RELATE_BUDGET
 */
#include "passes/internal.h"

static bool is_implied(struct relate *rel, const struct ir_rule *r, uint32_t nr, const bool *dropped)
{
	for (uint32_t i = 0; i < r->terms.len && rel->budget; i++)
		if (i != nr && !dropped[i] && term_implies(rel, &r->terms.items[i], &r->terms.items[nr]))
			return true;
	return false;
}

/* From the last to the first, each against those still there: of a ring of equal ones, one stays. */
static void subsume_rule(struct tpc_ctx *c, struct relate *rel, struct ir_rule *r)
{
	bool *dropped = tpc_new_array(c->arena, bool, r->terms.len);
	uint32_t len = 0;

	for (uint32_t i = r->terms.len; i-- > 0;)
		dropped[i] = is_implied(rel, r, i, dropped);
	for (uint32_t i = 0; i < r->terms.len; i++)
		if (!dropped[i])
			r->terms.items[len++] = r->terms.items[i];
	r->terms.len = len;
}

void pass_subsume(struct tpc_ctx *c, struct ir_unit *u)
{
	struct ir_program *p;
	struct ir_chain *ch;
	struct ir_rule *r;

	tpc_vec_foreach (p, &u->programs) {
		struct relate rel = { .arena = c->arena, .p = p, .u = u, .budget = RELATE_BUDGET };

		tpc_vec_foreach (ch, &p->chains)
			tpc_vec_foreach (r, &ch->rules)
				subsume_rule(c, &rel, r);
	}
}
