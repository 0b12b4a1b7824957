// SPDX-License-Identifier: Apache-2.0
/* Two sets of policies: which policy of NEW is which one of OLD, and what comes of them all. */
#include <stdlib.h>
#include <string.h>

#include "ir/lower_index.h"
#include "pdiff/impl.h"

/* ---- what is known of each rule, chain and policy ---- */

static void know_rule(const struct differ *d, struct relate *rel, const struct ir_rule *r,
		      struct rule_info *ret)
{
	uint32_t n = r->terms.len + r->return_terms.len;
	struct ir_term *all = tpc_new_array(d->arena, struct ir_term, n);

	if (r->terms.len)
		memcpy(all, r->terms.items, r->terms.len * sizeof(*all));
	if (r->return_terms.len)
		memcpy(all + r->terms.len, r->return_terms.items, r->return_terms.len * sizeof(*all));
	ret->r = r;
	ret->when[AT_ENTRY].terms.items = r->terms.items;
	ret->when[AT_ENTRY].terms.len = r->terms.len;
	ret->when[AT_RETURN].terms.items = all;
	ret->when[AT_RETURN].terms.len = n;
	ret->when[AT_ENTRY].actions.items = r->actions.items;
	ret->when[AT_ENTRY].actions.len = r->actions.len;
	ret->when[AT_RETURN].actions.items = r->return_actions.items;
	ret->when[AT_RETURN].actions.len = r->return_actions.len;
	ret->known[AT_ENTRY] = rule_know(rel, &ret->when[AT_ENTRY]);
	ret->known[AT_RETURN] = r->return_terms.len ? rule_know(rel, &ret->when[AT_RETURN]) :
						      ret->known[AT_ENTRY];
	keys_rule(d->arena, ret);
}

static void know_chain(const struct differ *d, struct relate *rel, uint32_t program,
		       const struct ir_chain *ch, struct chain_info *ret)
{
	*ret = (struct chain_info){ .ch = ch,
				    .rel = rel,
				    .p = rel->p,
				    .program = program,
				    .is_new = ch->policy >= d->nold,
				    .rules = tpc_new_array(d->arena, struct rule_info, ch->rules.len),
				    .nrules = ch->rules.len };
	for (uint32_t i = 0; i < ch->rules.len; i++) {
		ret->rules[i].nr = i;
		know_rule(d, rel, &ch->rules.items[i], &ret->rules[i]);
	}
	keys_chain(d->arena, ret);
	*tpc_vec_push(d->arena, &d->policies[ch->policy].chains) = ret;
}

static int by_hook(const void *pa, const void *pb)
{
	const struct chain_info *const *a = pa, *const *b = pb;

	return ((*a)->ch->hook > (*b)->ch->hook) - ((*a)->ch->hook < (*b)->ch->hook);
}

static void know_policies(struct differ *d)
{
	const struct ir_enforced *e;

	tpc_vec_foreach (e, &d->u->enforced)
		*tpc_vec_push(d->arena, &d->policies[e->policy].enforced) = e;
	for (uint32_t i = 0; i < d->u->policies.len; i++) {
		struct policy_info *p = &d->policies[i];

		p->p = &d->u->policies.items[i];
		if (p->chains.len)
			qsort(p->chains.items, p->chains.len, sizeof(struct chain_info *), by_hook);
		keys_policy(d, p);
	}
}

void know_all(struct differ *d)
{
	d->policies = tpc_new_array(d->arena, struct policy_info, d->u->policies.len);
	d->chains = tpc_new_array(d->arena, struct chain_info *, d->u->programs.len);
	for (uint32_t i = 0; i < d->u->programs.len; i++) {
		const struct ir_program *p = &d->u->programs.items[i];
		struct relate *rel = tpc_new(d->arena, struct relate);

		*rel = (struct relate){ .arena = d->arena, .p = p, .u = d->u, .budget = RELATE_BUDGET };
		d->chains[i] = tpc_new_array(d->arena, struct chain_info, p->chains.len);
		for (uint32_t j = 0; j < p->chains.len; j++)
			know_chain(d, rel, i, &p->chains.items[j], &d->chains[i][j]);
	}
	know_policies(d);
}

/* ---- pairs of policies ---- */

enum pair_by { BY_FULL_NAME, BY_NAME, BY_SPEC, PAIR_WAYS };

static const char *pair_key(const struct differ *d, const struct policy_info *p, enum pair_by by)
{
	if (by == BY_SPEC)
		return p->key;
	if (by == BY_NAME)
		return p->p->name;
	return tpc_sprintf(d->arena, "%s/%s", p->p->ns ? p->p->ns : "", p->p->name);
}

/* A policy that hooks nothing is no other's new name. */
static bool may_pair(const struct policy_info *p, enum pair_by by)
{
	return !p->partner && (by != BY_SPEC || p->chains.len);
}

static void pair_policies(struct differ *d, enum pair_by by)
{
	struct lower_index keys = { 0 };

	for (uint32_t i = 0; i < d->nold; i++)
		if (may_pair(&d->policies[i], by))
			lower_index_add(d->arena, &keys, pair_key(d, &d->policies[i], by), i);
	for (uint32_t j = d->nold; j < d->u->policies.len; j++) {
		struct policy_info *n = &d->policies[j];
		const char *key;
		uint32_t i;

		if (!may_pair(n, by))
			continue;
		key = pair_key(d, n, by);
		i = lower_index_find(&keys, key, (uint32_t)strlen(key));
		if (i == LOWER_INDEX_NONE || d->policies[i].partner)
			continue;
		n->partner = &d->policies[i];
		n->partner->partner = n;
	}
}

/* ---- the answer ---- */

static struct pdiff_place place_of(const struct differ *d, const struct policy_info *p, int side)
{
	struct tpc_place place;

	if (!p || !tpc_source_place(&d->side[side].c->sources, p->p->at, &place))
		return (struct pdiff_place){ .file = p ? p->p->file : NULL };
	return (struct pdiff_place){ .file = place.file, .line = place.line };
}

static void sum_up(struct pdiff_policy *ret)
{
	const struct pdiff_change *c;
	struct pdiff_hook *h;

	tpc_vec_foreach (c, &ret->changes)
		if (c->enforcement > ret->enforcement)
			ret->enforcement = c->enforcement;
	tpc_vec_foreach (h, &ret->hooks) {
		tpc_vec_foreach (c, &h->changes)
			if (c->enforcement > h->enforcement)
				h->enforcement = c->enforcement;
		if (h->enforcement > ret->enforcement)
			ret->enforcement = h->enforcement;
	}
}

static void compare_policy(struct differ *d, const struct policy_info *o, const struct policy_info *n)
{
	const struct ir_policy *named = n ? n->p : o->p;
	struct pdiff_policy ret = { .status = !o ? PDIFF_ADDED :
					      !n ? PDIFF_REMOVED :
						   PDIFF_CHANGED,
				    .name = words_text(d->arena, named->name, strlen(named->name)),
				    .ns = named->ns ? words_text(d->arena, named->ns, strlen(named->ns)) :
						      NULL };

	ret.old = place_of(d, o, 0);
	ret.new = place_of(d, n, 1);
	if (o && n && strcmp(o->p->name, n->p->name)) {
		ret.status = PDIFF_RENAMED;
		ret.old_name = words_text(d->arena, o->p->name, strlen(o->p->name));
	}
	if (o && n)
		diff_policy(d, &ret, o, n);
	diff_hooks(d, &ret, o, n);
	sum_up(&ret);
	if (ret.status == PDIFF_CHANGED && !ret.changes.len && !ret.hooks.len)
		return;
	*tpc_vec_push(d->arena, &d->ret->policies) = ret;
	if (ret.enforcement > d->ret->enforcement)
		d->ret->enforcement = ret.enforcement;
}

struct pdiff *pdiff_compare(const struct pdiff_side *old, const struct pdiff_side *new)
{
	struct differ d = { .arena = new->c->arena, .side = { *old, *new } };

	d.ret = tpc_new(d.arena, struct pdiff);
	if (!join_units(&d))
		return NULL;
	know_all(&d);
	for (int by = 0; by < PAIR_WAYS; by++)
		pair_policies(&d, (enum pair_by)by);
	for (uint32_t j = d.nold; j < d.u->policies.len; j++)
		compare_policy(&d, d.policies[j].partner, &d.policies[j]);
	for (uint32_t i = 0; i < d.nold; i++)
		if (!d.policies[i].partner)
			compare_policy(&d, &d.policies[i], NULL);
	if (!tpc_arena_exhausted(d.arena))
		return d.ret;
	tpc_error(&new->c->diags, TPC_NOWHERE, TPC_E_LIMIT,
		  "the policies need more memory than the comparison may use");
	return NULL;
}
