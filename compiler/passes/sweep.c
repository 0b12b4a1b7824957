// SPDX-License-Identifier: Apache-2.0
/*
 * sweep (always): predicates that no rule asks any more are dropped, so that nothing is hoisted or emitted
 * for them. Values stay: events and lengths of buffers refer to them, and an unused one costs nothing.
 *
 * requires nothing
 * ensures  each predicate is in a term
 * cost     linear
 */
#include "passes/internal.h"

void pass_sweep(struct tpc_ctx *c, struct ir_unit *u)
{
	const struct ir_program *p;
	const struct ir_chain *ch;
	const struct ir_rule *r;
	const struct ir_term *t;

	for (uint32_t i = 0; i < u->programs.len; i++) {
		bool *keep;

		p = &u->programs.items[i];
		keep = tpc_new_array(c->arena, bool, p->preds.len);
		tpc_vec_foreach (ch, &p->chains)
			tpc_vec_foreach (r, &ch->rules) {
				tpc_vec_foreach (t, &r->terms)
					keep[t->pred] = true;
				tpc_vec_foreach (t, &r->return_terms)
					keep[t->pred] = true;
			}
		preds_compact(c, &u->programs.items[i], keep, NULL);
	}
}
