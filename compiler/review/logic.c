// SPDX-License-Identifier: Apache-2.0
/* The rules as IR with canonical predicates, and what the theory of the passes says of them. */
#include "review/about.h"

struct logic_unit {
	struct ir_unit u;
	struct relate *rels; /* of each program */
};

/* ---- a copy: sharing predicates renumbers them ---- */

static struct ir_term *copy_terms(struct tpc_arena *a, const struct ir_term *from, uint32_t n)
{
	struct ir_term *to = tpc_new_array(a, struct ir_term, n + 1);

	if (n)
		memcpy(to, from, n * sizeof(*to));
	return to;
}

static void copy_rules(struct tpc_arena *a, struct ir_chain *ch)
{
	struct ir_rule *rules = tpc_new_array(a, struct ir_rule, ch->rules.len + 1), *r;

	if (ch->rules.len)
		memcpy(rules, ch->rules.items, ch->rules.len * sizeof(*rules));
	ch->rules.items = rules;
	tpc_vec_foreach (r, &ch->rules) {
		r->terms.items = copy_terms(a, r->terms.items, r->terms.len);
		r->return_terms.items = copy_terms(a, r->return_terms.items, r->return_terms.len);
	}
}

static void copy_program(struct tpc_arena *a, struct ir_program *p)
{
	struct ir_pred *preds = tpc_new_array(a, struct ir_pred, p->preds.len + 1);
	struct ir_chain *chains = tpc_new_array(a, struct ir_chain, p->chains.len + 1), *ch;

	if (p->preds.len)
		memcpy(preds, p->preds.items, p->preds.len * sizeof(*preds));
	if (p->chains.len)
		memcpy(chains, p->chains.items, p->chains.len * sizeof(*chains));
	p->preds.items = preds;
	p->chains.items = chains;
	tpc_vec_foreach (ch, &p->chains)
		copy_rules(a, ch);
}

static struct logic_unit *share(struct rv *r)
{
	struct logic_unit *l = tpc_new(r->arena, struct logic_unit);
	uint32_t n = r->ret->lowered->programs.len;
	struct ir_program *programs = tpc_new_array(r->arena, struct ir_program, n + 1);

	if (n)
		memcpy(programs, r->ret->lowered->programs.items, n * sizeof(*programs));
	l->u = *r->ret->lowered;
	l->u.programs.items = programs;
	l->rels = tpc_new_array(r->arena, struct relate, n + 1);
	for (uint32_t i = 0; i < n; i++)
		copy_program(r->arena, &programs[i]);
	passes_share(r->c, &l->u);
	for (uint32_t i = 0; i < n; i++)
		l->rels[i] = (struct relate){
			.arena = r->arena, .p = &programs[i], .u = &l->u, .budget = RELATE_BUDGET
		};
	return l;
}

bool logic_of(struct rv *r, const struct rv_hook *h, struct logic *ret)
{
	const struct ir_unit *u = r->ret->lowered;
	ptrdiff_t nr;

	if (!u || !h->program || !h->chain)
		return false;
	if (!r->logic)
		r->logic = share(r);
	nr = h->program - u->programs.items;
	ret->program = (uint32_t)nr;
	ret->rel = &r->logic->rels[nr];
	ret->p = ret->rel->p;
	ret->ch = &ret->p->chains.items[h->chain - h->program->chains.items];
	return true;
}

const struct ir_rule *logic_rule(const struct logic *l, const struct rv_rule *u)
{
	const struct ir_rule *r;

	if (u->nr < l->ch->rules.len && l->ch->rules.items[u->nr].selector == u->nr)
		return &l->ch->rules.items[u->nr];
	tpc_vec_foreach (r, &l->ch->rules)
		if (r->selector == u->nr)
			return r;
	return NULL;
}

const struct rv_hook *logic_hook(const struct rv *r, const struct ir_chain *ch)
{
	struct rv_hook *const *h;

	if (ch->policy < r->ret->policies.len)
		tpc_vec_foreach (h, &r->ret->policies.items[ch->policy]->hooks)
			if ((*h)->chain && (*h)->chain->hook == ch->hook)
				return *h;
	return NULL;
}

/* ---- questions ---- */

bool logic_excludes(const struct logic *l, const struct ir_rule *a, const struct ir_rule *b)
{
	const struct ir_term *x, *y;

	tpc_vec_foreach (x, &a->terms)
		tpc_vec_foreach (y, &b->terms) {
			if (!l->rel->budget)
				return false;
			l->rel->budget--;
			if (term_excludes(l->rel, x, y))
				return true;
		}
	return false;
}

bool logic_implies(const struct logic *l, const struct ir_rule *a, const struct ir_rule *b)
{
	struct known_rule k = rule_know(l->rel, a);
	const struct ir_term *t;

	tpc_vec_foreach (t, &b->terms)
		if (!rule_implies(l->rel, &k, t))
			return false;
	return l->rel->budget > 0;
}

bool logic_scopes_meet(const struct rv_policy *a, const struct rv_policy *b)
{
	if (!(a->scope.pods && b->scope.pods) && !(a->scope.host && b->scope.host))
		return false;
	if (a->scope.namespaced && b->scope.namespaced)
		return !strcmp(a->p->metadata.ns.s, b->p->metadata.ns.s);
	return true;
}
