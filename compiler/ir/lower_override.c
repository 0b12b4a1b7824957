// SPDX-License-Identifier: Apache-2.0
/*
 * Action Override: another result, and in a uprobe other registers or another function. Facts: cilium/tetragon,
 * pkg/asm/assignment_linux.go (argRegs).
 */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "ir/lower_impl.h"

#define ERRNO_MAX 4095 /* MAX_ERRNO of the kernel */

/* What a result that is no error would do: Tetragon passes it on as it is, 0 when it is not written. */
static const char *no_error_does(const struct lower *l, int64_t v)
{
	if (l->hook->kind == IR_LSM || !l->call->syscall)
		return v ? "a result that the kernel's callers may take for anything" : "permission";
	return v ? "a successful result" : "success, without the call being made";
}

static bool lower_result(struct lower *l, const struct tpc_action *a, int32_t *ret)
{
	struct tpc_diag *d;

	if (a->arg_error.v < 0 && a->arg_error.v >= -ERRNO_MAX) {
		*ret = (int32_t)a->arg_error.v;
		return true;
	}
	if (a->arg_error.v > 0 && a->arg_error.v <= ERRNO_MAX && l->hook->kind != IR_LSM) {
		*ret = (int32_t)a->arg_error.v;
		d = lower_warning(l, a->arg_error.at, TPC_W_OVERRIDE_RESULT,
				  "'argError: %" PRId64 "' is not an error but %s", a->arg_error.v,
				  no_error_does(l, a->arg_error.v));
		lower_hint(l, d, "did you mean '-%" PRId64 "'?", a->arg_error.v);
		return true;
	}
	if (a->arg_error.bad)
		return false; /* the front end has said why */
	if (!a->arg_error.set)
		d = lower_error(l, a->action.at, TPC_E_ACTION_ARG,
				"'Override' without 'argError' returns 0, which is %s", no_error_does(l, 0));
	else if (a->arg_error.v >= 0)
		d = lower_error(l, a->arg_error.at, TPC_E_ACTION_ARG,
				"'argError: %" PRId64 "' is not an error but %s", a->arg_error.v,
				no_error_does(l, a->arg_error.v));
	else
		d = lower_error(l, a->arg_error.at, TPC_E_ACTION_ARG,
				"'argError: %" PRId64 "' is no error number", a->arg_error.v);
	lower_hint(l, d, "argError: -1 (EPERM), or any to -%d", ERRNO_MAX);
	return false;
}

/* ---- Override of a uprobe: registers, or another function ---- */

static bool is_number(const char *s, uint32_t len)
{
	struct ir_value any = { .type = IR_INT, .size = 8, .is_signed = len && s[0] == '-' };
	uint64_t num = 0;

	return lower_parse_number(&any, s, len, &num);
}

/* The register that @s is, behind '%'. */
static bool is_register(const char *s, uint32_t len)
{
	const char *near;

	return len > 1 && s[0] == '%' && lower_register(s + 1, len - 1, &near);
}

/* const, %reg, off%reg or off(%reg) */
static bool is_source(const char *s, uint32_t len)
{
	const char *percent = len ? memchr(s, '%', len) : NULL;
	uint32_t off;

	if (!percent)
		return is_number(s, len);
	off = (uint32_t)(percent - s);
	if (off && s[off - 1] == '(')
		return len && s[len - 1] == ')' && is_register(percent, len - off - 1) &&
		       (off == 1 || is_number(s, off - 1));
	return is_register(percent, len - off) && (!off || is_number(s, off));
}

static bool check_assignment(struct lower *l, const struct tpc_text *t)
{
	const char *eq = t->len ? memchr(t->s, '=', t->len) : NULL, *dst = t->s, *src, *near = NULL;
	uint32_t dst_len, src_len;
	struct tpc_diag *d;

	if (eq) {
		src = eq + 1;
		dst_len = (uint32_t)(eq - t->s);
		src_len = t->len - dst_len - 1;
		tpc_trim(&dst, &dst_len);
		tpc_trim(&src, &src_len);
		if (lower_register(dst, dst_len, &near) && is_source(src, src_len))
			return true;
	}
	d = lower_error(l, t->at, TPC_E_ACTION_ARG, "'%s' is no assignment to a register",
			lower_show(l, t->s, t->len));
	if (near)
		lower_hint(l, d, "did you mean '%s'?", near);
	else
		lower_hint(l, d, "rax=1, rax=%%rbx, rax=8%%rbx or rax=8(%%rbx)");
	return false;
}

static void lower_redirect(const struct tpc_action *a, struct ir_action *ret)
{
	if (a->arg_new_symbol.len) {
		ret->redirect = IR_REDIRECT_SYMBOL;
		ret->new_symbol = a->arg_new_symbol.s;
	} else if (a->arg_new_addr.set) {
		ret->redirect = IR_REDIRECT_ADDR;
		ret->new_place = a->arg_new_addr.v;
	} else if (a->arg_new_offset.set) {
		ret->redirect = IR_REDIRECT_OFFSET;
		ret->new_place = a->arg_new_offset.v;
	}
}

static bool lower_user_override(struct lower *l, const struct tpc_action *a, struct ir_action *ret)
{
	const struct tpc_text *t;
	bool ok = true;

	ret->arg = (int32_t)a->arg_error.v;
	/* Kernel commit 7384893d970e. */
	lower_needs(l, a->action.at, IR_KERNEL(6, 18), "'Override' of a uprobe, which writes registers,");
	tpc_vec_foreach (t, &a->arg_regs) {
		ok &= t->set && check_assignment(l, t);
		*tpc_vec_push(l->c->arena, &ret->regs) = t->s;
	}
	lower_redirect(a, ret);
	return ok;
}

bool lower_override(struct lower *l, const struct tpc_action *a, struct ir_action *ret)
{
	struct tpc_diag *d;

	if (!lower_may_override(l)) {
		d = lower_error(l, a->action.at, TPC_E_OVERRIDE_HOOK,
				"'Override' is not possible here: the result cannot be replaced");
		lower_hint(l, d, "a system call, a security_ function or an LSM hook can");
		return false;
	}
	if (l->hook->kind == IR_UPROBE)
		return lower_user_override(l, a, ret);
	return lower_result(l, a, &ret->arg);
}
