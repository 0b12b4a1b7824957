// SPDX-License-Identifier: Apache-2.0
/* Which selectors of two sets of policies are met by the same events. */
#include "pdiff/impl.h"

/* What is about the process and excludes somebody is an exception, not another behaviour. */
static bool is_exception(const struct ir_program *p, const struct ir_term *t)
{
	switch (p->values.items[p->preds.items[t->pred].value].source) {
	case IR_FROM_ARG:
	case IR_FROM_FIELD:
	case IR_FROM_RETURN:
	case IR_FROM_TASK:
	case IR_FROM_REG:
	case IR_FROM_VALUE:
		return false;
	default:
		return t->negated;
	}
}

/* Whatever meets @k meets @r, but for its exceptions. */
static bool follows(const struct chain_info *ch, const struct known_rule *k, const struct ir_rule *r)
{
	for (uint32_t i = 0; i < r->terms.len; i++)
		if (!is_exception(ch->p, &r->terms.items[i]) &&
		    !terms_follow(ch->rel, k, &r->terms.items[i], 1))
			return false;
	return true;
}

static void overlap_rules(const struct differ *d, const struct chain_info *o, const struct chain_info *n,
			  pdiff_overlap_fn *fn, void *of)
{
	for (uint32_t i = 0; i < n->nrules; i++)
		for (uint32_t j = 0; j < o->nrules; j++) {
			const struct rule_info *x = &n->rules[i], *y = &o->rules[j];
			struct pdiff_overlap pair = { .old_policy = o->ch->policy,
						      .new_policy = n->ch->policy - d->nold,
						      .old = y->r,
						      .new = x->r };

			if (rules_exclude(n->rel, x, y, AT_ENTRY))
				continue;
			pair.whole = follows(n, &y->known[AT_ENTRY], &x->when[AT_ENTRY]);
			fn(of, &pair);
		}
}

bool pdiff_overlaps(const struct pdiff_side *old, const struct pdiff_side *new, pdiff_overlap_fn *fn,
		    void *of)
{
	struct differ d = { .arena = new->c->arena, .side = { *old, *new } };

	if (!join_units(&d))
		return false;
	know_all(&d);
	for (uint32_t i = 0; i < d.u->programs.len; i++) {
		uint32_t n = d.u->programs.items[i].chains.len;

		for (uint32_t a = 0; a < n; a++)
			for (uint32_t b = 0; b < n; b++)
				if (!d.chains[i][a].is_new && d.chains[i][b].is_new)
					overlap_rules(&d, &d.chains[i][a], &d.chains[i][b], fn, of);
	}
	return !tpc_arena_exhausted(d.arena);
}
