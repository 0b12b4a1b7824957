// SPDX-License-Identifier: Apache-2.0
/*
 * matchActions and matchReturnActions. An event is sent unless NoPost is among them, whatever else is done.
 * Facts: cilium/tetragon, pkg/selectors/kernel.go (ParseMatchAction).
 */
#include <inttypes.h>
#include <string.h>

#include "frontend/rules.h"
#include "ir/lower_impl.h"

#define SIGNAL_MAX 64 /* SIGRTMAX on Linux */

static bool check_signal(struct lower *l, const struct tpc_int *sig)
{
	if (sig->v >= 1 && sig->v <= SIGNAL_MAX)
		return true;
	lower_hint(l, lower_error(l, sig->at, TPC_E_ACTION_ARG, "signal %" PRId64 " does not exist", sig->v),
		   "argSig: 1 to %d", SIGNAL_MAX);
	return false;
}

static bool lower_signal(struct lower *l, const struct tpc_action *a, struct ir_action *ret)
{
	ret->arg = (int32_t)a->arg_sig.v;
	if (a->arg_sig.set)
		return check_signal(l, &a->arg_sig);
	if (a->arg_sig.bad)
		return false; /* the front end has said why */
	lower_hint(l,
		   lower_error(l, a->action.at, TPC_E_ACTION_ARG, "'Signal' without 'argSig' sends nothing"),
		   "argSig: 1 to %d", SIGNAL_MAX);
	return false;
}

static bool lower_text_arg(struct lower *l, const struct tpc_action *a, const struct tpc_text *t,
			   const char *field, struct ir_action *ret)
{
	ret->text = t->s;
	if (t->len)
		return true;
	lower_hint(l,
		   lower_error(l, a->action.at, TPC_E_ACTION_ARG, "'%s' without '%s' asks for nothing",
			       a->action.s, field),
		   "add '%s:'", field);
	return false;
}

/* argSock is the position of the socket among args. */
static bool lower_sock(struct lower *l, const struct tpc_action *a, struct ir_action *ret)
{
	int64_t at = a->arg_sock.v;
	struct tpc_span where = a->arg_sock.set ? a->arg_sock.at : a->action.at;
	struct tpc_diag *d;

	if (at >= 0 && at < l->hook->nargs && l->arg_values[at] < 0)
		return false; /* said already */
	if (at >= 0 && at < l->hook->nargs) {
		const struct ir_value *v = &l->p->values.items[l->arg_values[at]];

		ret->index = l->arg_values[at];
		if (v->type == IR_SOCKET)
			return true;
		lower_error(l, where, TPC_E_ACTION_ARG,
			    "'%s' needs a socket, and 'args' %" PRId64 " is of type '%s'", a->action.s, at,
			    v->type_name);
		return false;
	}
	d = lower_error(l, where, TPC_E_ACTION_ARG, "position %" PRId64 " is not in 'args'", at);
	lower_hint(l, d, "argSock: the position of the socket in 'args', from 0");
	return false;
}

static bool lower_notify(struct lower *l, const struct tpc_action *a, struct ir_action *ret)
{
	bool ok = true;

	ret->arg = (int32_t)a->arg_error.v;
	ret->signal = (int32_t)a->arg_sig.v;
	if (a->arg_sig.set && a->arg_sig.v)
		ok = check_signal(l, &a->arg_sig);
	if (!l->policy->spec.enforcers.len) {
		lower_hint(l,
			   lower_error(l, a->action.at, TPC_E_ENFORCER,
				       "'NotifyEnforcer' has no enforcer to notify: the policy has none"),
			   "add spec.enforcers with the calls to act on");
		return false;
	}
	if (ok && !a->arg_error.v && !a->arg_sig.v && !a->arg_error.bad && !a->arg_sig.bad)
		lower_hint(
			l,
			lower_warning(l, a->action.at, TPC_W_NO_EFFECT,
				      "'NotifyEnforcer' with neither 'argError' nor 'argSig' does nothing"),
			"argError: -1, argSig: 9");
	return ok;
}

/* argIndex is a position in args, which says the argument of the probe: genericusdt.go, HasSetArgIndex. */
static bool lower_set(struct lower *l, const struct tpc_action *a, struct ir_action *ret)
{
	struct tpc_span where = a->arg_index.set ? a->arg_index.at : a->action.at;
	const struct lower_hook *h = l->hook;
	int64_t at = a->arg_index.v;
	struct tpc_diag *d;

	ret->arg = (int32_t)a->arg_value.v;
	if (h->kind != IR_USDT) {
		lower_error(l, a->action.at, TPC_E_ACTION_ARG,
			    "'Set' writes to an argument of a USDT probe, and this is none");
		return false;
	}
	if (at >= 0 && at < h->nargs) {
		ret->index = (int32_t)h->args[at].index.v;
		return l->arg_values[at] >= 0; /* else said already */
	}
	d = lower_error(l, where, TPC_E_ACTION_ARG, "position %" PRId64 " is not in 'args'", at);
	lower_hint(l, d, "argIndex: the position of the argument in 'args', from 0");
	return false;
}

static bool lower_rate(struct lower *l, const struct tpc_action *a, struct ir_action *ret)
{
	static const enum ir_rate_scope scopes[TPC_RATE_SCOPE_MAX] = {
		[TPC_RATE_SCOPE_PROCESS] = IR_RATE_PROCESS, [TPC_RATE_SCOPE_GLOBAL] = IR_RATE_GLOBAL
	};
	uint64_t ms;

	if (a->rate_limit_scope.v && !a->rate_limit.len)
		lower_hint(l,
			   lower_warning(l, a->rate_limit_scope.at, TPC_W_NO_EFFECT,
					 "'rateLimitScope' has no effect without 'rateLimit'"),
			   "add 'rateLimit:', a time such as 1m");
	if (!a->rate_limit.len)
		return true;
	if (!rules_rate_limit(&a->rate_limit, &ms))
		return false; /* the front end has said so */
	ret->rate_ms = ms > UINT32_MAX ? UINT32_MAX : (uint32_t)ms;
	ret->rate_scope = scopes[a->rate_limit_scope.v];
	return true;
}

static bool lower_post(struct lower *l, const struct tpc_action *a, struct ir_action *ret)
{
	ret->kernel_stack = a->kernel_stack_trace.v;
	ret->user_stack = a->user_stack_trace.v;
	ret->ima_hash = a->ima_hash.v;
	if (ret->ima_hash && l->hook->kind != IR_LSM)
		lower_hint(l,
			   lower_warning(l, a->ima_hash.at, TPC_W_NO_EFFECT,
					 "'imaHash' has no effect here: hashes are known in LSM hooks"),
			   "hook it in 'lsmhooks'");
	else if (ret->ima_hash)
		lower_needs(l, a->ima_hash.at, IR_KERNEL(5, 18), "'imaHash' (bpf_ima_file_hash)");
	return lower_rate(l, a, ret);
}

static bool lower_action(struct lower *l, const struct tpc_action *a, struct ir_action *ret)
{
	*ret = (struct ir_action){ .at = a->at };
	switch ((enum tpc_action_kind)a->action.v) {
	case TPC_ACTION_POST:
		ret->kind = IR_POST;
		return lower_post(l, a, ret);
	case TPC_ACTION_NO_POST:
		ret->kind = IR_NOPOST;
		return true;
	case TPC_ACTION_SIGKILL:
		ret->kind = IR_SIGKILL;
		return true;
	case TPC_ACTION_SIGNAL:
		ret->kind = IR_SIGNAL;
		return lower_signal(l, a, ret);
	case TPC_ACTION_OVERRIDE:
		ret->kind = IR_OVERRIDE;
		return lower_override(l, a, ret);
	case TPC_ACTION_GET_URL:
		ret->kind = IR_GET_URL;
		return lower_text_arg(l, a, &a->arg_url, "argUrl", ret);
	case TPC_ACTION_DNS_LOOKUP:
		ret->kind = IR_DNS_LOOKUP;
		return lower_text_arg(l, a, &a->arg_fqdn, "argFqdn", ret);
	case TPC_ACTION_TRACK_SOCK:
		ret->kind = IR_TRACK_SOCK;
		return lower_sock(l, a, ret);
	case TPC_ACTION_UNTRACK_SOCK:
		ret->kind = IR_UNTRACK_SOCK;
		return lower_sock(l, a, ret);
	case TPC_ACTION_NOTIFY_ENFORCER:
		ret->kind = IR_NOTIFY_ENFORCER;
		return lower_notify(l, a, ret);
	case TPC_ACTION_CLEANUP_ENFORCER:
		ret->kind = IR_CLEANUP_ENFORCER;
		return true;
	case TPC_ACTION_SET:
		ret->kind = IR_SET;
		return lower_set(l, a, ret);
	default:
		return false; /* the front end has said why */
	}
}

/* What has happened at the return cannot be replaced any more. */
static void check_at_return(struct lower *l, const struct tpc_action *a)
{
	if (a->action.v == TPC_ACTION_OVERRIDE && l->hook->kind != IR_UPROBE)
		lower_hint(l,
			   lower_error(l, a->action.at, TPC_E_OVERRIDE_HOOK,
				       "'Override' comes too late when the function returns"),
			   "put it into matchActions");
}

void lower_actions(struct lower *l, const struct tpc_selector *s, struct ir_rule *r)
{
	const struct tpc_action *a;
	struct ir_action action;

	r->post = true;
	tpc_vec_foreach (a, &s->match_actions) {
		lower_check_action_fields(l, a);
		if (!lower_action(l, a, &action))
			continue;
		*tpc_vec_push(l->c->arena, &r->actions) = action;
		if (action.kind == IR_NOPOST)
			r->post = false;
	}
	tpc_vec_foreach (a, &s->match_return_actions) {
		check_at_return(l, a);
		lower_check_action_fields(l, a);
		if (!lower_action(l, a, &action))
			continue;
		if (action.kind != IR_OVERRIDE)
			*tpc_vec_push(l->c->arena, &r->return_actions) = action;
	}
}
