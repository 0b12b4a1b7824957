// SPDX-License-Identifier: Apache-2.0
/* matchActions. An event is sent unless NoPost is among them, whatever else is done. */
#include <inttypes.h>

#include "ir/lower_impl.h"

#define SIGNAL_MAX 64  /* SIGRTMAX on Linux */
#define ERRNO_MAX 4095 /* MAX_ERRNO of the kernel */

static bool lower_signal(struct lower *l, const struct tpc_action *a, int32_t *ret)
{
	struct tpc_diag *d;

	if (a->arg_sig.set && a->arg_sig.v >= 1 && a->arg_sig.v <= SIGNAL_MAX) {
		*ret = (int32_t)a->arg_sig.v;
		return true;
	}
	if (a->arg_sig.set)
		d = lower_error(l, a->arg_sig.at, TPC_E_ACTION_ARG, "signal %" PRId64 " does not exist",
				a->arg_sig.v);
	else
		d = lower_error(l, a->action.at, TPC_E_ACTION_ARG, "'Signal' without 'argSig' sends nothing");
	tpc_diag_hint(&l->c->diags, d, "argSig: 1 to %d", SIGNAL_MAX);
	return false;
}

/* What a result that is no error would do: Tetragon passes it on as it is, 0 when it is not written. */
static const char *no_error_does(const struct lower_hook *h, int64_t v)
{
	if (h->kind == IR_LSM || !h->syscall)
		return v ? "no error, and the kernel's callers take it for anything" : "permission";
	return v ? "a successful result" : "success, without the call being made";
}

static bool lower_override(struct lower *l, const struct tpc_action *a, int32_t *ret)
{
	struct tpc_diag *d;

	if (!lower_may_override(l->hook)) {
		d = lower_error(l, a->action.at, TPC_E_OVERRIDE_HOOK,
				"'Override' is not possible here: the result cannot be replaced");
		tpc_diag_hint(&l->c->diags, d, "a system call, a security_ function or an LSM hook can");
		return false;
	}
	if (a->arg_error.v < 0 && a->arg_error.v >= -ERRNO_MAX) {
		*ret = (int32_t)a->arg_error.v;
		return true;
	}
	if (a->arg_error.v > 0 && a->arg_error.v <= ERRNO_MAX && l->hook->kind != IR_LSM) {
		*ret = (int32_t)a->arg_error.v;
		d = lower_warning(l, a->arg_error.at, TPC_W_OVERRIDE_RESULT,
				  "'argError: %" PRId64 "' is not an error but %s", a->arg_error.v,
				  no_error_does(l->hook, a->arg_error.v));
		tpc_diag_hint(&l->c->diags, d, "did you mean '-%" PRId64 "'?", a->arg_error.v);
		return true;
	}
	if (!a->arg_error.set)
		d = lower_error(l, a->action.at, TPC_E_ACTION_ARG,
				"'Override' without 'argError' returns 0: %s", no_error_does(l->hook, 0));
	else if (a->arg_error.v >= 0)
		d = lower_error(l, a->arg_error.at, TPC_E_ACTION_ARG,
				"'argError: %" PRId64 "' is not an error but %s", a->arg_error.v,
				no_error_does(l->hook, a->arg_error.v));
	else
		d = lower_error(l, a->arg_error.at, TPC_E_ACTION_ARG,
				"'argError: %" PRId64 "' is no error number", a->arg_error.v);
	tpc_diag_hint(&l->c->diags, d, "argError: -1 (EPERM), or any to -%d", ERRNO_MAX);
	return false;
}

static void warn_unused(struct lower *l, const struct tpc_action *a)
{
	if (a->arg_error.set && a->action.v != TPC_ACTION_OVERRIDE)
		lower_warning(l, a->arg_error.at, TPC_W_NO_EFFECT, "'argError' has no effect on '%s'",
			      a->action.s);
	if (a->arg_sig.set && a->action.v != TPC_ACTION_SIGNAL)
		lower_warning(l, a->arg_sig.at, TPC_W_NO_EFFECT, "'argSig' has no effect on '%s'",
			      a->action.s);
}

static void refuse_rest(struct lower *l, const struct tpc_action *a)
{
	if (a->rate_limit.len)
		lower_not_yet(l, a->rate_limit.at, "'rateLimit'");
	if (a->kernel_stack_trace.v || a->user_stack_trace.v)
		lower_not_yet(l, a->at, "stack traces");
	if (a->ima_hash.v)
		lower_not_yet(l, a->ima_hash.at, "'imaHash'");
	if (a->arg_regs.len)
		lower_not_yet(l, a->arg_regs.at, "'argRegs'");
}

static bool lower_action(struct lower *l, const struct tpc_action *a, struct ir_action *ret)
{
	*ret = (struct ir_action){ .at = a->at };
	refuse_rest(l, a);
	switch ((enum tpc_action_kind)a->action.v) {
	case TPC_ACTION_NONE:
		return false; /* the front end has said why */
	case TPC_ACTION_POST:
		ret->kind = IR_POST;
		break;
	case TPC_ACTION_NO_POST:
		ret->kind = IR_NOPOST;
		break;
	case TPC_ACTION_SIGKILL:
		ret->kind = IR_SIGKILL;
		break;
	case TPC_ACTION_SIGNAL:
		ret->kind = IR_SIGNAL;
		return lower_signal(l, a, &ret->arg);
	case TPC_ACTION_OVERRIDE:
		ret->kind = IR_OVERRIDE;
		return lower_override(l, a, &ret->arg);
	default:
		lower_not_yet(l, a->action.at, "this action");
		return false;
	}
	return true;
}

void lower_actions(struct lower *l, const struct tpc_selector *s, struct ir_rule *r)
{
	const struct tpc_action *a;
	struct ir_action action;

	r->post = true;
	tpc_vec_foreach (a, &s->match_actions) {
		if (!lower_action(l, a, &action))
			continue;
		warn_unused(l, a);
		*tpc_vec_push(l->c->arena, &r->actions) = action;
		if (action.kind == IR_NOPOST)
			r->post = false;
	}
}
