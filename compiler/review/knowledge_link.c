// SPDX-License-Identifier: Apache-2.0
/* References between rows: from threats, siblings and alternatives to hooks, from agents to threats. */
#include <stdlib.h>
#include <string.h>

#include "review/knowledge_impl.h"

static const struct know_hook *find_hook(struct tpc_ctx *c, const struct knowledge *k,
					 const struct tpc_text *id, bool *ret_function)
{
	const struct know_hook *h = know_hook_by_id(k, id->s, ret_function);

	if (!h && id->set)
		tpc_diag_hint(&c->diags, know_fault(c, id->at, "there is no row of hook '%s'", id->s),
			      "add it to templates/knowledge/hooks/, or say 'other:'");
	return h;
}

static void link_other(struct tpc_ctx *c, const struct knowledge *k, struct know_link *l)
{
	l->row = find_hook(c, k, &l->hook, &l->function);
}

static void link_hook(struct tpc_ctx *c, const struct knowledge *k, struct know_hook *h)
{
	struct know_link *l;

	tpc_vec_foreach (l, &h->siblings)
		link_other(c, k, l);
	if (h->better)
		link_other(c, k, h->better);
}

static void need_threat(struct tpc_ctx *c, const struct knowledge *k, const struct tpc_text *id)
{
	const char *near;
	struct tpc_diag *d;

	if (know_threat_find(k, id->s, &near))
		return;
	d = know_fault(c, id->at, "there is no threat '%s'", id->s);
	if (near)
		tpc_diag_hint(&c->diags, d, "did you mean '%s'?", near);
}

static void check_block(struct tpc_ctx *c, const struct know_threat *t)
{
	const struct know_action *a = &t->actions.by[KNOW_BLOCK];
	const struct know_use *u;

	if (a->action.v != KNOW_ACT_OVERRIDE)
		return;
	tpc_vec_foreach (u, &t->hooks)
		if (u->row && u->row->override.v == KNOW_OVERRIDE_NO)
			know_fault(c, a->at, "'%s' cannot be overridden", u->hook.s);
}

static void link_threat(struct tpc_ctx *c, struct knowledge *k, struct know_threat *t)
{
	struct know_link *l;
	struct know_use *u;
	const struct tpc_text *r;

	tpc_vec_foreach (u, &t->hooks) {
		u->row = find_hook(c, k, &u->hook, NULL);
		u->threat = t;
		if (u->row)
			*tpc_vec_push(c->arena, &k->uses) = u;
	}
	tpc_vec_foreach (l, &t->alternatives)
		link_other(c, k, l);
	tpc_vec_foreach (r, &t->related)
		need_threat(c, k, r);
	check_block(c, t);
}

static int by_use(const void *a, const void *b)
{
	const struct know_use *x = *(const struct know_use *const *)a,
			      *y = *(const struct know_use *const *)b;
	int r = strcmp(x->row->id.s, y->row->id.s);

	if (!r)
		r = strcmp(x->threat->id.s, y->threat->id.s);
	return r ? r : x < y ? -1 : x > y;
}

/* The rows are this folder's own until knowledge_read() has handed them out. */
void know_link_rows(struct tpc_ctx *c, struct knowledge *k)
{
	for (uint32_t i = 0; i < k->hooks.len; i++)
		link_hook(c, k, (struct know_hook *)k->hooks.items[i]);
	for (uint32_t i = 0; i < k->threats.len; i++)
		link_threat(c, k, (struct know_threat *)k->threats.items[i]);
	for (uint32_t i = 0; i < k->agents.len; i++) {
		const struct tpc_text *t;

		tpc_vec_foreach (t, &k->agents.items[i]->triggers)
			need_threat(c, k, t);
	}
	if (k->uses.len)
		qsort(k->uses.items, k->uses.len, sizeof(*k->uses.items), by_use);
}
