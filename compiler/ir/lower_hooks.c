// SPDX-License-Identifier: Apache-2.0
/*
 * Names of hook points. They end up as section names, in file names under /sys/kernel/tracing and in C, so
 * only what the kernel itself uses as names is let through.
 */
#include <string.h>

#include "ir/lower_impl.h"
#include "ir/lsm.h"

static bool starts_with(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

static bool is_word(const char *s, uint32_t len, bool dash, bool digit_first)
{
	if (!len || len > LOWER_NAME_MAX)
		return false;
	for (uint32_t i = 0; i < len; i++) {
		bool letter = (s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z') || s[i] == '_';
		bool digit = s[i] >= '0' && s[i] <= '9';

		if (!letter && !(digit && (i || digit_first)) && !(dash && i && s[i] == '-'))
			return false;
	}
	return true;
}

static bool check_name(struct lower *l, const struct tpc_text *t, const char *what, bool dash,
		       bool digit_first)
{
	if (is_word(t->s, t->len, dash, digit_first))
		return true;
	if (l->policy->bad && !t->len)
		return false; /* missing, and said so by the front end */
	if (!t->len)
		tpc_error(&l->c->diags, t->at, TPC_E_NAME, "the name of the %s is empty", what);
	else if (t->len > LOWER_NAME_MAX)
		tpc_error(&l->c->diags, t->at, TPC_E_NAME, "'%s' is too long for the name of a %s",
			  lower_show(l, t->s, t->len), what);
	else
		tpc_error(&l->c->diags, t->at, TPC_E_NAME, "'%s' is not the name of a %s",
			  lower_show(l, t->s, t->len), what);
	return false;
}

/* Calls that are something else than a function or a system call of this architecture. */
static bool is_later_call(struct lower *l, const struct tpc_text *call)
{
	static const char *const other_abis[] = { "__ia32_", "__arm64_", "__x32_", "compat_sys_",
						  "__x64_compat_" };
	bool other = strchr(call->s, '/');

	if (starts_with(call->s, "list:")) {
		lower_error(l, call->at, TPC_E_NOT_YET, "calls from a list: not yet");
		return true;
	}
	for (size_t i = 0; i < sizeof(other_abis) / sizeof(other_abis[0]); i++)
		other |= starts_with(call->s, other_abis[i]);
	if (other)
		lower_error(l, call->at, TPC_E_NOT_YET, "system calls of another ABI, as '%s': not yet",
			    lower_show(l, call->s, call->len));
	return other;
}

static const char *lower_syscall(struct lower *l, const struct tpc_kprobe *k, const char *name)
{
	struct tpc_diag *d;

	if (starts_with(name, "sys_") && name[4])
		return name;
	d = tpc_error(&l->c->diags, k->call.at, TPC_E_CALL, "'%s' is not a system call", k->call.s);
	if (k->syscall.set)
		tpc_diag_hint(&l->c->diags, d, "'syscall: false' to hook a function, or sys_NAME");
	else
		tpc_diag_hint(&l->c->diags, d,
			      "add 'syscall: false' to hook a function: the default is true");
	return NULL;
}

const char *lower_call(struct lower *l, const struct tpc_kprobe *k)
{
	const char *name = k->call.s;
	struct tpc_diag *d;

	if (is_later_call(l, &k->call) || !check_name(l, &k->call, "kernel function", false, false))
		return NULL;
	if (starts_with(name, "__x64_"))
		name += 6;
	if (k->syscall.v)
		return lower_syscall(l, k, name);
	if (!starts_with(name, "sys_"))
		return k->call.s;
	d = tpc_error(&l->c->diags, k->call.at, TPC_E_CALL,
		      "'%s' is a system call, not a function with arguments", k->call.s);
	tpc_diag_hint(&l->c->diags, d, "remove 'syscall: false'");
	return NULL;
}

/* A name that is nearly another's is a mistake; one like no other may be from a kernel that is yet to come. */
static bool check_lsm_hook(struct lower *l, const struct tpc_text *hook)
{
	const char *near;
	struct tpc_diag *d;

	if (lsm_hook_find(hook->s, &near))
		return true;
	if (!near) {
		tpc_warning(&l->c->diags, hook->at, TPC_W_HOOK_UNKNOWN,
			    "'%s' is no LSM hook of Linux 6.1 or 6.18", hook->s);
		return true;
	}
	d = tpc_error(&l->c->diags, hook->at, TPC_E_HOOK_UNKNOWN, "unknown LSM hook '%s'", hook->s);
	tpc_diag_hint(&l->c->diags, d, "did you mean '%s'?", near);
	return false;
}

const char *lower_lsm_name(struct lower *l, const struct tpc_lsmhook *h)
{
	static const char *const prefixes[] = { "bpf_lsm_", "security_" };

	if (!check_name(l, &h->hook, "LSM hook", false, false))
		return NULL;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		const char *rest = h->hook.s + strlen(prefixes[i]);
		struct tpc_diag *d;

		if (!starts_with(h->hook.s, prefixes[i]))
			continue;
		d = tpc_error(&l->c->diags, h->hook.at, TPC_E_NAME,
			      "'%s' is a function; LSM hooks have no prefix", h->hook.s);
		if (*rest)
			tpc_diag_hint(&l->c->diags, d, "%s", rest);
		return NULL;
	}
	return check_lsm_hook(l, &h->hook) ? h->hook.s : NULL;
}

/* Subsystems such as "9p" and "xhci-hcd" exist. */
bool lower_tracepoint_names(struct lower *l, const struct tpc_tracepoint *t)
{
	bool subsystem = check_name(l, &t->subsystem, "tracepoint's subsystem", true, true);

	return check_name(l, &t->event, "tracepoint", false, true) && subsystem;
}

/*
 * Where a result can be replaced: LSM hooks return it; security_* functions take fmod_ret; system calls are
 * on the kernel's error injection list. Other functions are so only one by one, and Tetragon refuses them.
 */
bool lower_may_override(const struct lower_hook *h)
{
	const struct lsm_hook *hook = h->kind == IR_LSM && h->target ? lsm_hook_find(h->target, NULL) : NULL;

	if (h->kind == IR_LSM || !h->target)
		return !hook || hook->has_result;
	return h->kind == IR_KPROBE && (h->syscall || starts_with(h->target, "security_"));
}
