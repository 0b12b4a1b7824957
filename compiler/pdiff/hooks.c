// SPDX-License-Identifier: Apache-2.0
/* The hooks of one policy: which one of NEW is which one of OLD, and what they show. */
#include <inttypes.h>
#include <string.h>

#include "pdiff/impl.h"

struct pdiff_change *add_change(const struct differ *d, struct pdiff_hook *h, const char *kind,
				enum pdiff_effect effect)
{
	struct pdiff_change *c = tpc_vec_push(d->arena, &h->changes);

	c->kind = kind;
	c->effect = effect;
	return c;
}

void change_texts(const struct differ *d, struct pdiff_change *c, const char *now, const char *was)
{
	if (now)
		*tpc_vec_push(d->arena, &c->added) = now;
	if (was)
		*tpc_vec_push(d->arena, &c->removed) = was;
}

/* ---- what events show ---- */

static const char *arg_words(const struct differ *d, const struct chain_info *ch, const struct ir_arg *a)
{
	const struct ir_value *v = &ch->p->values.items[a->value];
	struct tpc_buf b = TPC_BUF(d->arena);

	tpc_buf_puts(&b, words_value(d->arena, ch->p, a->value));
	if (v->type == IR_BYTES && v->size_value >= 0)
		tpc_buf_printf(&b, " as long as %s says",
			       words_value(d->arena, ch->p, (uint16_t)v->size_value));
	if (v->large)
		tpc_buf_puts(&b, " in full");
	if (v->at_return)
		tpc_buf_puts(&b, " at the return");
	if (a->label)
		tpc_buf_printf(&b, " as %s", words_text(d->arena, a->label, strlen(a->label)));
	return tpc_buf_text(&b);
}

static bool same_arg(const struct ir_arg *a, const struct ir_arg *b)
{
	return a->value == b->value && a->data == b->data &&
	       (a->label == b->label || (a->label && b->label && !strcmp(a->label, b->label)));
}

static bool shows(const struct ir_chain *ch, const struct ir_arg *a)
{
	const struct ir_arg *b;

	tpc_vec_foreach (b, &ch->args)
		if (same_arg(a, b))
			return true;
	return false;
}

/* Arguments of @of that @other does not show. False: there are none. */
static bool tell_shown(const struct differ *d, struct pdiff_hook *h, const struct chain_info *of,
		       const struct chain_info *other, bool gained)
{
	struct words w = { .list = { 0 } };
	struct pdiff_change *c;
	const struct ir_arg *a;

	tpc_vec_foreach (a, &of->ch->args)
		if (!shows(other->ch, a))
			*tpc_vec_push(d->arena, &w.list) = arg_words(d, of, a);
	if (!w.list.len)
		return false;
	c = add_change(d, h, "arguments", PDIFF_DIFFERENT);
	c->text = tpc_sprintf(d->arena, "events %s show %s", gained ? "now also" : "no longer",
			      words_list(d->arena, w.list.items, w.list.len));
	for (uint32_t i = 0; i < w.list.len; i++)
		*(gained ? tpc_vec_push(d->arena, &c->added) : tpc_vec_push(d->arena, &c->removed)) =
			w.list.items[i];
	return true;
}

static bool same_args(const struct ir_chain *o, const struct ir_chain *n)
{
	if (o->args.len != n->args.len)
		return false;
	for (uint32_t i = 0; i < o->args.len; i++)
		if (!same_arg(&o->args.items[i], &n->args.items[i]))
			return false;
	return true;
}

static void diff_args(const struct differ *d, struct pdiff_hook *h, const struct chain_info *o,
		      const struct chain_info *n)
{
	bool gained, lost;

	if (same_args(o->ch, n->ch))
		return;
	gained = tell_shown(d, h, n, o, true);
	lost = tell_shown(d, h, o, n, false);
	if (!gained && !lost)
		add_change(d, h, "arguments", PDIFF_DIFFERENT)->text =
			"events show the arguments in another order";
}

static void diff_return(const struct differ *d, struct pdiff_hook *h, const struct chain_info *o,
			const struct chain_info *n)
{
	const char *now = n->ch->has_return ? words_value(d->arena, n->p, n->ch->return_value) : NULL;
	const char *was = o->ch->has_return ? words_value(d->arena, o->p, o->ch->return_value) : NULL;
	struct pdiff_change *c;

	if (o->ch->has_return != n->ch->has_return || (now && o->ch->return_value != n->ch->return_value)) {
		c = add_change(d, h, "return-value", PDIFF_DIFFERENT);
		c->text = !was ? tpc_sprintf(d->arena, "events now show the %s", now) :
			  !now ? tpc_sprintf(d->arena, "events no longer show the %s", was) :
				 tpc_sprintf(d->arena, "events show the %s; before, the %s", now, was);
		change_texts(d, c, now, was);
	}
	if (o->ch->on_return == n->ch->on_return)
		return;
	c = add_change(d, h, "return-action", PDIFF_DIFFERENT);
	now = n->ch->on_return == IR_POST ? "nothing" : ir_action_name(n->ch->on_return);
	was = o->ch->on_return == IR_POST ? "nothing" : ir_action_name(o->ch->on_return);
	c->text = tpc_sprintf(d->arena, "at the return, %s now; before, %s", now, was);
	change_texts(d, c, now, was);
}

static void diff_message(const struct differ *d, struct pdiff_hook *h, const char *o, const char *n)
{
	const char *now = n ? words_text(d->arena, n, strlen(n)) : NULL;
	const char *was = o ? words_text(d->arena, o, strlen(o)) : NULL;
	struct pdiff_change *c;

	if ((!o && !n) || (o && n && !strcmp(o, n)))
		return;
	c = add_change(d, h, "message", PDIFF_DIFFERENT);
	c->text = tpc_sprintf(d->arena, "message: %s; was: %s", now ? now : "none", was ? was : "none");
	change_texts(d, c, now, was);
}

static bool has_tag(const struct ir_chain *ch, const char *tag)
{
	for (uint32_t i = 0; i < ch->tags.len; i++)
		if (!strcmp(ch->tags.items[i], tag))
			return true;
	return false;
}

static void tell_tags(const struct differ *d, struct pdiff_hook *h, const struct ir_chain *of,
		      const struct ir_chain *other, bool gained)
{
	struct words w = { .list = { 0 } };
	struct pdiff_change *c;

	for (uint32_t i = 0; i < of->tags.len; i++)
		if (!has_tag(other, of->tags.items[i]))
			*tpc_vec_push(d->arena, &w.list) =
				words_text(d->arena, of->tags.items[i], strlen(of->tags.items[i]));
	if (!w.list.len)
		return;
	c = add_change(d, h, "tags", PDIFF_DIFFERENT);
	c->text = tpc_sprintf(d->arena, "%s %s", gained ? "now tagged" : "no longer tagged",
			      words_list(d->arena, w.list.items, w.list.len));
	for (uint32_t i = 0; i < w.list.len; i++)
		*(gained ? tpc_vec_push(d->arena, &c->added) : tpc_vec_push(d->arena, &c->removed)) =
			w.list.items[i];
}

static void diff_shown(const struct differ *d, struct pdiff_hook *h, const struct chain_info *o,
		       const struct chain_info *n)
{
	diff_message(d, h, o->ch->message, n->ch->message);
	tell_tags(d, h, n->ch, o->ch, true);
	tell_tags(d, h, o->ch, n->ch, false);
	diff_args(d, h, o, n);
	diff_return(d, h, o, n);
	if (o->ch->may_miss != n->ch->may_miss)
		add_change(d, h, "may-be-missing", PDIFF_DIFFERENT)->text =
			n->ch->may_miss ? "a kernel without the function is accepted now" :
					  "a kernel without the function is no longer accepted";
}

/* ---- hooks that only one of both has ---- */

static struct pdiff_hook *add_hook(const struct differ *d, struct pdiff_policy *ret,
				   const struct chain_info *o, const struct chain_info *n)
{
	struct pdiff_hook *h = tpc_vec_push(d->arena, &ret->hooks);
	const struct ir_program *p = n ? n->p : o->p;

	h->kind = p->syscall ? "syscall" : ir_hook_kind_name(p->kind);
	h->target = words_hook(d->arena, p);
	h->status = !o ? PDIFF_ADDED : !n ? PDIFF_REMOVED : PDIFF_CHANGED;
	if (o)
		h->old_line = tpc_source_line(&d->side[0].c->sources, o->ch->at);
	if (n)
		h->new_line = tpc_source_line(&d->side[1].c->sources, n->ch->at);
	return h;
}

static void hook_added(const struct differ *d, struct pdiff_policy *ret, const struct chain_info *n,
		       bool enforces)
{
	struct pdiff_hook *h = add_hook(d, ret, NULL, n);

	for (uint32_t j = 0; j < n->nrules; j++) {
		const struct rule_info *r = &n->rules[j];
		struct pdiff_change *c = add_change(d, h, "selector-added", PDIFF_WIDER);

		c->new_selector = r->r->selector + 1;
		c->text = rule_words(d, n, r);
		if (enforces && rule_enforces(r) && !cover_elsewhere(d, n, r))
			c->enforcement = PDIFF_WIDER;
	}
}

static void hook_removed(const struct differ *d, struct pdiff_policy *ret, const struct chain_info *o,
			 bool enforced, bool enforces)
{
	struct pdiff_hook *h = add_hook(d, ret, o, NULL);

	for (uint32_t i = 0; i < o->nrules; i++) {
		const struct rule_info *r = &o->rules[i];
		struct pdiff_change *c = add_change(d, h, "selector-removed", PDIFF_NARROWER);

		c->old_selector = r->r->selector + 1;
		c->text = rule_words(d, o, r);
		if (enforced && rule_enforces(r) && !cover_elsewhere(d, o, r))
			c->enforcement = PDIFF_NARROWER;
	}
	if (enforces && chain_cleans_up(o)) {
		struct pdiff_change *c = add_change(d, h, "enforcer-cleanup", PDIFF_DIFFERENT);

		c->text = "no longer takes back what the enforcer was told";
		c->enforcement = PDIFF_MAYBE_WIDER;
	}
}

/* ---- pairs ---- */

static void pair(struct chain_info *o, struct chain_info *n)
{
	o->partner = n;
	n->partner = o;
}

/* On one hook point equal ones first, then in order. Chains of a point stand side by side in its program. */
static void pair_chains(const struct policy_info *o, const struct policy_info *n, bool equal)
{
	for (uint32_t j = 0; j < n->chains.len; j++) {
		struct chain_info *cn = n->chains.items[j];

		for (uint32_t i = 0; i < o->chains.len && !cn->partner; i++) {
			struct chain_info *co = o->chains.items[i];

			if (!co->partner && co->program == cn->program &&
			    (!equal || !strcmp(co->key, cn->key)))
				pair(co, cn);
		}
	}
}

/* Nothing of it is worth telling. */
static void drop_empty(struct pdiff_policy *ret)
{
	const struct pdiff_hook *h = &ret->hooks.items[ret->hooks.len - 1];

	if (!h->changes.len && h->status == PDIFF_CHANGED)
		ret->hooks.len--;
}

void diff_hooks(const struct differ *d, struct pdiff_policy *ret, const struct policy_info *o,
		const struct policy_info *n)
{
	bool enforces = n && policy_enforces(n), enforced = o && policy_enforces(o);

	if (o && n) {
		pair_chains(o, n, true);
		pair_chains(o, n, false);
	}
	for (uint32_t j = 0; n && j < n->chains.len; j++) {
		struct chain_info *cn = n->chains.items[j];

		if (!cn->partner) {
			hook_added(d, ret, cn, enforces);
		} else if (strcmp(cn->key, cn->partner->key)) {
			struct pdiff_hook *h = add_hook(d, ret, cn->partner, cn);

			diff_shown(d, h, cn->partner, cn);
			diff_rules(d, h, cn->partner, cn, enforces);
			drop_empty(ret);
		}
	}
	for (uint32_t i = 0; o && i < o->chains.len; i++)
		if (!o->chains.items[i]->partner)
			hook_removed(d, ret, o->chains.items[i], enforced, enforces);
}
