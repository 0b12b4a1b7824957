// SPDX-License-Identifier: Apache-2.0
/*
 * What two selectors do. Actions that both have are no difference, in whatever order; of the others those of one
 * kind are told together as changed.
 */
#include <string.h>

#include "pdiff/impl.h"

struct act {
	const struct ir_action *a;
	const char *key;
	bool matched;
};

struct acts {
	TPC_VEC(struct act) list;
};

struct both {
	const struct differ *d;
	struct pdiff_hook *h;
	const struct chain_info *ch;
	const struct rule_info *o, *n;
	int when;
};

static void take(const struct both *b, struct acts *to, const struct ir_action *a)
{
	*tpc_vec_push(b->d->arena, &to->list) = (struct act){ .a = a, .key = keys_action(b->d->arena, a) };
}

/* NoPost is told as the Post that is not there; at the return there is none unless it is written. */
static struct acts acts_of(const struct both *b, const struct rule_info *r)
{
	static const struct ir_action plain_post = { .kind = IR_POST };
	const struct ir_rule *when = &r->when[b->when];
	struct acts ret = { .list = { 0 } };
	const struct ir_action *a;
	bool posts = false;

	tpc_vec_foreach (a, &when->actions) {
		if (b->when == AT_ENTRY && (a->kind == IR_NOPOST || (a->kind == IR_POST && !r->r->post)))
			continue;
		posts |= a->kind == IR_POST;
		take(b, &ret, a);
	}
	if (b->when == AT_ENTRY && r->r->post && !posts)
		take(b, &ret, &plain_post);
	return ret;
}

/* Each action is sought once for one of the other side's: past the budget all are told as different. */
static struct act *find(const struct both *b, struct acts *in, const struct act *want, bool same)
{
	struct act *a;

	tpc_vec_foreach (a, &in->list) {
		if (!b->ch->rel->budget)
			return NULL;
		b->ch->rel->budget--;
		if (!a->matched && (same ? !strcmp(a->key, want->key) : a->a->kind == want->a->kind))
			return a;
	}
	return NULL;
}

static struct pdiff_change *add(const struct both *b, const char *kind, enum pdiff_effect effect,
				const struct act *o, const struct act *n)
{
	struct pdiff_change *c = add_change(b->d, b->h, kind, effect);

	c->old_selector = b->o->r->selector + 1;
	c->new_selector = b->n->r->selector + 1;
	c->at_return = b->when == AT_RETURN;
	change_texts(b->d, c, n ? words_action(b->d->arena, b->ch->p, n->a) : NULL,
		     o ? words_action(b->d->arena, b->ch->p, o->a) : NULL);
	c->strengthens = n && !action_within(b->ch->rel, n->a, &b->o->when[b->when]);
	return c;
}

static void tell(const struct both *b, const struct act *o, const struct act *n)
{
	const char *now = n ? words_action(b->d->arena, b->ch->p, n->a) : NULL;
	const char *was = o ? words_action(b->d->arena, b->ch->p, o->a) : NULL;
	struct pdiff_change *c;

	if (o && n) {
		c = add(b, "action-changed", PDIFF_DIFFERENT, o, n);
		if (action_enforces(n->a) || action_enforces(o->a))
			c->enforcement = PDIFF_DIFFERENT;
		c->text = tpc_sprintf(b->d->arena, "now %s; before, %s", now, was);
	} else if (n) {
		c = add(b, "action-added", PDIFF_DIFFERENT, o, n);
		c->text = tpc_sprintf(b->d->arena, "now also %s", now);
	} else {
		c = add(b, "action-removed", PDIFF_DIFFERENT, o, n);
		if (!action_within(b->ch->rel, o->a, &b->n->when[b->when]))
			c->enforcement = PDIFF_NARROWER;
		c->text = tpc_sprintf(b->d->arena, "no longer %s", was);
	}
}

void diff_actions(const struct differ *d, struct pdiff_hook *h, const struct chain_info *ch,
		  const struct rule_info *o, const struct rule_info *n, int when)
{
	struct both b = { .d = d, .h = h, .ch = ch, .o = o, .n = n, .when = when };
	struct acts old = acts_of(&b, o), new = acts_of(&b, n);
	struct act *a, *to;

	for (int same = 1; same >= 0; same--)
		tpc_vec_foreach (a, &new.list) {
			to = a->matched ? NULL : find(&b, &old, a, same);
			if (!to)
				continue;
			a->matched = to->matched = true;
			if (!same)
				tell(&b, to, a);
		}
	tpc_vec_foreach (a, &old.list)
		if (!a->matched)
			tell(&b, a, NULL);
	tpc_vec_foreach (a, &new.list)
		if (!a->matched)
			tell(&b, NULL, a);
}
