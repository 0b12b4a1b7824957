// SPDX-License-Identifier: Apache-2.0
/* matchActions and matchReturnActions: kernel.go, and what each kind of hook refuses. */
#include "compat/compat_impl.h"

#define ACTIONS_MAX 3
#define REGS_MAX 18

static bool is_enforcement(uint16_t action)
{
	switch ((enum tpc_action_kind)action) {
	case TPC_ACTION_SIGKILL:
	case TPC_ACTION_SIGNAL:
	case TPC_ACTION_OVERRIDE:
	case TPC_ACTION_NOTIFY_ENFORCER:
	case TPC_ACTION_SET:
		return true;
	default:
		return false;
	}
}

static void say_action(struct compat *x, const struct tpc_action *a)
{
	compat_say(x, a->action.at, TPC_T_ACTION, "Tetragon takes no '%s' in a %s", a->action.s,
		   compat_noun(x->hook->kind));
}

/* ---- rateLimit: its form is checked by the front end ---- */

static void check_rate(struct compat *x, const struct tpc_action *a)
{
	if (!a->rate_limit.len)
		return;
	compat_is_text(x, &a->rate_limit);
	if (a->action.v != TPC_ACTION_POST)
		compat_say(x, a->rate_limit.at, TPC_T_ACTION,
			   "Tetragon takes 'rateLimit' with 'Post', not '%s'", a->action.s);
}

/* ---- of one kind of hook ---- */

static void check_stack_trace(struct compat *x, const struct tpc_action *a)
{
	const struct tpc_bool *b = a->kernel_stack_trace.v ? &a->kernel_stack_trace : &a->user_stack_trace;

	if (!b->v)
		return;
	if (x->hook->kind == COMPAT_LSM)
		compat_say(x, b->at, TPC_T_ACTION, "Tetragon takes no stack traces in a lsmhook");
	else if (x->hook->kprobe && a->action.v != TPC_ACTION_POST)
		compat_say(x, b->at, TPC_T_ACTION, "Tetragon takes stack traces with 'Post', not '%s'",
			   a->action.s);
}

static void check_kprobe_override(struct compat *x, const struct tpc_action *a)
{
	const struct compat_hook *h = x->hook;
	struct tpc_diag *d;

	if (h->plain_call) {
		compat_say(x, a->action.at, TPC_T_ACTION,
			   "Tetragon overrides system calls and security_ functions, and '%s' is neither",
			   compat_show(x, h->plain_call, (uint32_t)strlen(h->plain_call)));
	} else if (h->security_call && x->kprobe_multi) {
		d = compat_say(x, a->action.at, TPC_T_ACTION,
			       "Tetragon does not override '%s' with kprobe.multi",
			       compat_show(x, h->security_call, (uint32_t)strlen(h->security_call)));
		compat_hint(x, d, "options: [{name: disable-kprobe-multi, value: \"true\"}]");
	}
}

static void check_kprobe(struct compat *x, const struct tpc_action *a, bool own)
{
	if (x->hook->kind == COMPAT_FENTRY) {
		if (own && is_enforcement(a->action.v))
			say_action(x, a);
	} else if (a->action.v == TPC_ACTION_OVERRIDE) {
		check_kprobe_override(x, a);
	}
}

static void check_lsm(struct compat *x, const struct tpc_action *a)
{
	switch ((enum tpc_action_kind)a->action.v) {
	case TPC_ACTION_NONE:
	case TPC_ACTION_POST:
	case TPC_ACTION_NO_POST:
	case TPC_ACTION_SIGKILL:
	case TPC_ACTION_SIGNAL:
	case TPC_ACTION_OVERRIDE:
		break;
	default:
		say_action(x, a);
	}
}

static void check_uprobe(struct compat *x, const struct tpc_action *a)
{
	const struct tpc_text *t;

	if (a->action.v == TPC_ACTION_GET_URL || a->action.v == TPC_ACTION_DNS_LOOKUP)
		say_action(x, a);
	if (a->action.v != TPC_ACTION_OVERRIDE)
		return;
	tpc_vec_foreach (t, &a->arg_regs)
		compat_assignment(x, t);
	if (a->arg_regs.len > REGS_MAX)
		compat_say(x, a->arg_regs.items[REGS_MAX].at, TPC_T_SILENT,
			   "Tetragon passes over assignments behind the first %d", REGS_MAX);
}

static void check_usdt(struct compat *x, const struct tpc_action *a)
{
	const struct compat_hook *h = x->hook;

	if (a->action.v == TPC_ACTION_GET_URL || a->action.v == TPC_ACTION_DNS_LOOKUP)
		say_action(x, a);
	if (a->action.v != TPC_ACTION_SET)
		return;
	if (a->arg_index.v >= h->nargs)
		compat_say(x, a->arg_index.set ? a->arg_index.at : a->action.at, TPC_T_ACTION,
			   "Tetragon wants the argument of 'Set' in 'args', which has %u", h->nargs);
}

/* ---- all of them ---- */

/* @own: written in the selector itself; some rules are looked at before macros are filled in. */
static void check_action(struct compat *x, const struct tpc_action *a, bool own)
{
	const struct compat_hook *h = x->hook;

	check_rate(x, a);
	if (own || !h->kprobe)
		check_stack_trace(x, a);
	if (a->action.v == TPC_ACTION_NOTIFY_ENFORCER && !x->policy->spec.enforcers.len && own &&
	    (h->kprobe || h->tracepoint))
		compat_say(x, a->action.at, TPC_T_ACTION,
			   "Tetragon takes no 'NotifyEnforcer' without 'enforcers'");
	if (h->kprobe)
		check_kprobe(x, a, own);
	else if (h->kind == COMPAT_LSM)
		check_lsm(x, a);
	else if (h->kind == COMPAT_UPROBE)
		check_uprobe(x, a);
	else if (h->kind == COMPAT_USDT)
		check_usdt(x, a);
}

static void say_too_many(struct compat *x, const struct tpc_action *items, uint32_t n)
{
	if (n > ACTIONS_MAX)
		compat_say(x, items[ACTIONS_MAX].at, TPC_T_LIMIT,
			   "Tetragon takes %d actions a selector, and these are %u", ACTIONS_MAX, n);
}

/* The registers of a uprobe's Override are kept once a selector. */
static void check_one_override(struct compat *x, const struct compat_selector *s)
{
	const struct tpc_action *a;
	uint32_t n = 0;

	tpc_vec_foreach (a, &s->s.match_actions)
		if (a->action.v == TPC_ACTION_OVERRIDE && ++n == 2)
			compat_say(x, a->action.at, TPC_T_ACTION,
				   "Tetragon takes one 'Override' a selector of a uprobe");
}

void compat_actions(struct compat *x, const struct compat_selector *s)
{
	bool own = s->s.match_actions.items == s->own->match_actions.items;
	const struct tpc_action *a;

	say_too_many(x, s->s.match_actions.items, s->s.match_actions.len);
	tpc_vec_foreach (a, &s->s.match_actions) {
		if (!compat_spend(x, 1))
			return;
		check_action(x, a, own);
	}
	if (x->hook->kind == COMPAT_UPROBE)
		check_one_override(x, s);
	if (!x->hook->ret)
		return;
	say_too_many(x, s->s.match_return_actions.items, s->s.match_return_actions.len);
	tpc_vec_foreach (a, &s->s.match_return_actions) {
		if (!compat_spend(x, 1))
			return;
		check_rate(x, a);
	}
}
