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

/* True, and told, of what looks like a pattern. */
static bool hint_pattern(struct lower *l, struct tpc_diag *d, const struct tpc_text *t)
{
	if (!memchr(t->s, '*', t->len) && !memchr(t->s, '?', t->len))
		return false;
	lower_hint(l, d, "there are no patterns: several names go into 'lists', and 'call: list:NAME'");
	return true;
}

static bool check_name(struct lower *l, const struct tpc_text *t, const char *what, bool dash,
		       bool digit_first)
{
	struct tpc_diag *d;

	if (is_word(t->s, t->len, dash, digit_first))
		return true;
	if (l->policy->bad && !t->len)
		return false; /* missing, and said so by the front end */
	if (!t->len)
		tpc_error(&l->c->diags, t->at, TPC_E_NAME, "the name of the %s is empty", what);
	else if (t->len > LOWER_NAME_MAX)
		tpc_error(&l->c->diags, t->at, TPC_E_NAME, "'%s' is too long for the name of a %s",
			  lower_show(l, t->s, t->len), what);
	else {
		d = tpc_error(&l->c->diags, t->at, TPC_E_NAME, "'%s' is not the name of a %s",
			      lower_show(l, t->s, t->len), what);
		if (!strcmp(what, "kernel function"))
			hint_pattern(l, d, t);
	}
	return false;
}

/* The ABI that a prefix of an entry function names; *ret_rest: what stands behind it. */
static bool cut_prefix(const char *s, enum kernel_abi *ret_abi, const char **ret_rest)
{
	for (int abi = 0; abi < KERNEL_ABI_MAX; abi++) {
		const char *prefix = kernel_abi_prefix((enum kernel_abi)abi);

		if (!starts_with(s, prefix))
			continue;
		*ret_abi = (enum kernel_abi)abi;
		*ret_rest = s + strlen(prefix);
		return true;
	}
	return false;
}

static void say_not_a_syscall(struct lower *l, const struct lower_word *w, const char *name, const char *near)
{
	struct tpc_diag *d;

	d = lower_error(l, w->at, TPC_E_CALL, "'%s' is not a system call", lower_show(l, w->s, w->len));
	if (near)
		lower_hint(l, d, "did you mean 'sys_%s'?", near);
	else if (!starts_with(name, "sys_"))
		lower_hint(l, d, "system calls are called sys_NAME");
}

/* "i386/sys_dup", "__ia32_sys_dup", "sys_dup": the last is of this machine's ABI. */
static bool split_abi(struct lower *l, const struct lower_word *w, enum kernel_abi *ret_abi,
		      const char **ret_name)
{
	const char *slash = memchr(w->s, '/', w->len);
	enum kernel_abi prefix_abi = KERNEL_X64;
	bool prefixed;

	*ret_abi = KERNEL_X64;
	*ret_name = tpc_strndup(l->c->arena, slash ? slash + 1 : w->s,
				w->len - (slash ? (uint32_t)(slash + 1 - w->s) : 0));
	prefixed = cut_prefix(*ret_name, &prefix_abi, ret_name);
	if (!slash) {
		*ret_abi = prefix_abi;
		return true;
	}
	*ret_abi = kernel_abi_find(w->s, (uint32_t)(slash - w->s));
	if (*ret_abi == KERNEL_ABI_MAX) {
		lower_hint(l,
			   lower_error(l, w->at, TPC_E_CALL, "'%s' names no ABI",
				       lower_show(l, w->s, w->len)),
			   "x64, i386, arm64 or arm32 before the '/'");
		return false;
	}
	if (!prefixed || strcmp(kernel_abi_prefix(*ret_abi), kernel_abi_prefix(prefix_abi)) == 0)
		return true;
	lower_error(l, w->at, TPC_E_CALL, "'%s' names two ABIs", lower_show(l, w->s, w->len));
	return false;
}

/*
 * By the call's name (uname), or by that of the function behind it (newuname), which tracing hooks; both are
 * written. The nearest name of either kind otherwise.
 */
static bool is_syscall(enum kernel_abi abi, const char *name, const char **ret_near)
{
	const char *bare = name + 4;
	uint32_t len;

	*ret_near = NULL;
	if (!starts_with(name, "sys_"))
		return false;
	len = (uint32_t)strlen(bare);
	if (kernel_syscall_find(abi, bare, len, ret_near) || kernel_syscall_params(bare, len))
		return true;
	if (!*ret_near)
		*ret_near = kernel_near_syscall_proto(bare, len);
	return false;
}

/*
 * System calls that came after Linux 5.15, by the names of their functions: arch/x86/entry/syscalls/syscall_64.tbl
 * of each release. A hook on one that is not there cannot be attached.
 */
static void check_age(struct lower *l, const struct lower_call *call)
{
	static const struct {
		const char *name;
		uint32_t since;
	} young[] = {
		{ "futex_waitv", IR_KERNEL(5, 16) },	  { "set_mempolicy_home_node", IR_KERNEL(5, 17) },
		{ "cachestat", IR_KERNEL(6, 5) },	  { "fchmodat2", IR_KERNEL(6, 6) },
		{ "map_shadow_stack", IR_KERNEL(6, 6) },  { "futex_wake", IR_KERNEL(6, 7) },
		{ "futex_wait", IR_KERNEL(6, 7) },	  { "futex_requeue", IR_KERNEL(6, 7) },
		{ "statmount", IR_KERNEL(6, 8) },	  { "listmount", IR_KERNEL(6, 8) },
		{ "lsm_get_self_attr", IR_KERNEL(6, 8) }, { "lsm_set_self_attr", IR_KERNEL(6, 8) },
		{ "lsm_list_modules", IR_KERNEL(6, 8) },  { "mseal", IR_KERNEL(6, 10) },
		{ "uretprobe", IR_KERNEL(6, 11) },	  { "setxattrat", IR_KERNEL(6, 13) },
		{ "getxattrat", IR_KERNEL(6, 13) },	  { "listxattrat", IR_KERNEL(6, 13) },
		{ "removexattrat", IR_KERNEL(6, 13) },	  { "open_tree_attr", IR_KERNEL(6, 15) },
		{ "file_getattr", IR_KERNEL(6, 17) },	  { "file_setattr", IR_KERNEL(6, 17) },
	};

	for (size_t i = 0; i < sizeof(young) / sizeof(young[0]); i++)
		if (!strcmp(young[i].name, call->target + 4))
			lower_needs(l, call->at, young[i].since,
				    tpc_sprintf(l->c->arena, "'%s'", call->target));
}

bool lower_syscall_name(struct lower *l, struct lower_word w, struct lower_call *ret)
{
	const char *name, *near = NULL;

	*ret = (struct lower_call){ .syscall = true, .at = w.at };
	if (!split_abi(l, &w, &ret->abi, &name))
		return false;
	if (is_syscall(ret->abi, name, &near)) {
		ret->target = name;
		check_age(l, ret);
		return true;
	}
	say_not_a_syscall(l, &w, name, near);
	return false;
}

/* The default of syscall is true, which policies on functions forget. */
static void say_forgotten(struct lower *l, const struct tpc_kprobe *k, const char *near)
{
	const char *bare = k->call.s + strspn(k->call.s, "_");
	struct tpc_diag *d;

	d = tpc_error(&l->c->diags, k->call.at, TPC_E_CALL, "'%s' is not a system call",
		      lower_show(l, k->call.s, k->call.len));
	if (hint_pattern(l, d, &k->call))
		return;
	if (near)
		lower_hint(l, d, "did you mean 'sys_%s'?", near);
	else if (bare != k->call.s && is_syscall(KERNEL_X64, bare, &near))
		lower_hint(l, d, "did you mean '%s'? For the function itself add 'syscall: false'", bare);
	else if (k->syscall.set)
		lower_hint(l, d, "'syscall: false' to hook a function, or sys_NAME");
	else
		lower_hint(l, d, "add 'syscall: false' to hook a function: the default is true");
}

static void lower_syscall(struct lower *l, const struct tpc_kprobe *k, struct lower_calls *ret)
{
	struct lower_word w = { k->call.s, k->call.len, k->call.at };
	struct lower_call call = { .syscall = true, .at = w.at };
	const char *name, *near = NULL;

	if (!split_abi(l, &w, &call.abi, &name))
		return;
	call.target = name;
	if (!is_syscall(call.abi, name, &near)) {
		say_forgotten(l, k, near);
		return;
	}
	if (!k->ignore || !k->ignore->call_not_found.v)
		check_age(l, &call);
	*tpc_vec_push(l->c->arena, &ret->list) = call;
}

/* The entry function of a system call takes its arguments in a struct pt_regs: hooked as a function it has one. */
static void lower_function(struct lower *l, const struct tpc_kprobe *k, struct lower_calls *ret)
{
	const char *name = k->call.s, *rest;
	enum kernel_abi abi;
	struct tpc_diag *d;

	if (!check_name(l, &k->call, "kernel function", false, false))
		return;
	if (starts_with(name, "sys_") || (cut_prefix(name, &abi, &rest) && starts_with(rest, "sys_"))) {
		d = tpc_error(&l->c->diags, k->call.at, TPC_E_CALL,
			      "'%s' is a system call, not a function with arguments", name);
		lower_hint(l, d, "remove 'syscall: false'");
		return;
	}
	*tpc_vec_push(l->c->arena, &ret->list) = (struct lower_call){ .target = name, .at = k->call.at };
}

void lower_kprobe_calls(struct lower *l, enum ir_hook_kind kind, const struct tpc_kprobe *k,
			struct lower_calls *ret)
{
	struct lower_word w = { k->call.s, k->call.len, k->call.at };

	(void)kind;
	if (!k->call.set || k->syscall.bad)
		return; /* missing, or not known what it is: said so by the front end */
	if (starts_with(k->call.s, "list:"))
		lower_list_calls(l, w, ret);
	else if (k->syscall.v)
		lower_syscall(l, k, ret);
	else
		lower_function(l, k, ret);
}

/* A name that is nearly another's is a mistake; one like no other may be from a kernel that is yet to come. */
static bool check_lsm_hook(struct lower *l, const struct tpc_text *hook)
{
	const char *near;
	struct tpc_diag *d;

	if (lsm_hook_find(hook->s, &near))
		return true;
	if (!near) {
		d = tpc_warning(&l->c->diags, hook->at, TPC_W_HOOK_UNKNOWN,
				"'%s' is no LSM hook of Linux 6.1 or 6.18", hook->s);
		tpc_diag_hint(&l->c->diags, d, "check the name; --btf FILE tells whether your kernel has it");
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
			tpc_diag_hint(&l->c->diags, d, "write '%s'", rest);
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
 * on the kernel's error injection list; registers of a program are written. Other functions are so only one by
 * one, and Tetragon refuses them.
 */
bool lower_may_override(const struct lower *l)
{
	const char *target = l->call->target;
	const struct lsm_hook *hook;

	switch (l->hook->kind) {
	case IR_LSM:
		hook = lsm_hook_find(target, NULL);
		return !hook || hook->has_result;
	case IR_UPROBE:
		return true;
	case IR_KPROBE:
	case IR_FENTRY:
		return l->call->syscall || !strcmp(target, "?") || starts_with(target, "security_");
	default:
		return false;
	}
}
