// SPDX-License-Identifier: Apache-2.0
/*
 * What a kernel says of a hook: whether it is there, how many arguments it has, of what types. That another kernel
 * than the one looked at may differ makes the difference between an error and a warning, see lower_fact().
 */
#include <inttypes.h>
#include <string.h>

#include "ir/lower_impl.h"
#include "ir/lsm.h"

#define RAW_ARGS_MAX 6	 /* BPF raw tracepoints of cilium/tetragon read as many */
#define USDT_ARGS_MAX 12 /* BPF_USDT_MAX_ARG_CNT of libbpf */

static void say_missing(struct lower *l, const char *what, const char *near)
{
	const char *name = lower_show(l, l->call->target, (uint32_t)strlen(l->call->target));
	struct tpc_diag *d;

	if (l->hook->may_miss)
		return;
	d = lower_fact(l, l->call->at, TPC_E_NOT_IN_KERNEL, "%s %s '%s'",
		       l->o.kernel_named ? "the kernel of --btf has no" : "this machine's kernel has no",
		       what, name);
	if (near)
		lower_hint(l, d, "did you mean '%s'?", near);
}

static void find_function(struct lower *l)
{
	const char *name = l->call->target;

	if (l->call->many != IR_ONE)
		return;
	if (l->call->syscall) {
		/* Of another ABI than the kernel's own there is nothing to find. */
		if (l->call->abi == KERNEL_X64 && !kernel_has_syscall(l->o.kernel, name + 4))
			say_missing(l, "system call", NULL);
		return;
	}
	l->has_func = kernel_find_func(l->o.kernel, name, &l->func);
	if (!l->has_func)
		say_missing(l, "function", kernel_near_func(l->o.kernel, name));
}

static void find_tracepoint(struct lower *l)
{
	const char *subsystem = l->hook->subsystem, *event = l->call->target;

	enum kernel_answer answer =
		kernel_find_tracepoint(l->o.kernel, l->c->arena, subsystem, event, &l->format);
	const char *near;

	l->has_format = answer == KERNEL_YES;
	if (answer != KERNEL_NO && answer != KERNEL_UNKNOWN)
		return;
	/* What is not known may be a module's; but hardly when another is called nearly the same. */
	near = kernel_near_tracepoint(l->o.kernel, l->c->arena, subsystem, event);
	if (answer == KERNEL_NO || near)
		say_missing(l, "tracepoint", near);
}

/* Names of system calls are the same on each kernel: a tracepoint of none is a mistake on all of them. */
static bool check_syscall_tracepoint(struct lower *l)
{
	static const char *const prefixes[] = { "sys_enter_", "sys_exit_" };
	const char *near = NULL, *event = l->call->target;
	struct tpc_diag *d;

	if (!l->hook->subsystem || strcmp(l->hook->subsystem, "syscalls") || !strcmp(event, "?"))
		return true;
	for (size_t i = 0; i < 2; i++) {
		size_t len = strlen(prefixes[i]);

		if (strncmp(event, prefixes[i], len))
			continue;
		if (kernel_syscall_params(event + len, (uint32_t)strlen(event + len)) ||
		    kernel_syscall_find(KERNEL_X64, event + len, (uint32_t)strlen(event + len), &near))
			return true;
		if (!near)
			near = kernel_near_syscall_proto(event + len, (uint32_t)strlen(event + len));
		d = lower_error(l, l->call->at, TPC_E_HOOK_UNKNOWN, "'%s' is not a system call",
				lower_show(l, event + len, (uint32_t)strlen(event + len)));
		if (near)
			lower_hint(l, d, "did you mean '%s%s'?", prefixes[i], near);
		return false;
	}
	lower_hint(l,
		   lower_error(l, l->call->at, TPC_E_HOOK_UNKNOWN, "'%s' is no tracepoint of a system call",
			       lower_show(l, event, (uint32_t)strlen(event))),
		   "sys_enter_NAME or sys_exit_NAME");
	return false;
}

void lower_prototype(struct lower *l)
{
	l->has_func = l->has_format = false;
	if (l->hook->kind == IR_TRACEPOINT && !check_syscall_tracepoint(l))
		return;
	if (!l->o.kernel || !strcmp(l->call->target, "?") || !kernel_has_btf(l->o.kernel, NULL))
		return;
	switch (l->hook->kind) {
	case IR_KPROBE:
	case IR_FENTRY:
		find_function(l);
		break;
	case IR_LSM:
		l->has_func = kernel_find_lsm_hook(l->o.kernel, l->call->target, &l->func);
		if (!l->has_func && lsm_hook_find(l->call->target, NULL))
			say_missing(l, "LSM hook", NULL);
		break;
	case IR_RAW_TRACEPOINT:
		l->has_func = kernel_find_raw_tracepoint(l->o.kernel, l->call->target, &l->func);
		if (!l->has_func)
			say_missing(l, "raw tracepoint",
				    kernel_near_raw_tracepoint(l->o.kernel, l->call->target));
		break;
	case IR_TRACEPOINT:
		find_tracepoint(l);
		break;
	default:
		break;
	}
}

/* ---- arguments ---- */
/* Of a call that only its function's name tells: sys_newuname. */
static int64_t count_params(const char *name)
{
	const char *params = kernel_syscall_params(name, (uint32_t)strlen(name));
	int64_t n = params && *params;

	if (!params)
		return LOWER_ARGS_MAX;
	for (; *params; params++)
		n += *params == ',';
	return n;
}

static int64_t syscall_index_max(const struct lower *l)
{
	const struct kernel_syscall *sc;

	if (l->call->many != IR_ONE)
		return LOWER_ARGS_MAX - 1;
	sc = kernel_syscall_find(l->call->abi, l->call->target + 4, (uint32_t)strlen(l->call->target + 4),
				 NULL);
	return sc && sc->nargs >= 0 ? sc->nargs - 1 : count_params(l->call->target + 4) - 1;
}

int64_t lower_index_max(const struct lower *l)
{
	const struct lsm_hook *hook;

	switch (l->hook->kind) {
	case IR_LSM:
		hook = lsm_hook_find(l->call->target, NULL);
		return hook ? (int64_t)hook->nargs - 1 : LOWER_ARGS_MAX - 1;
	case IR_TRACEPOINT:
		return l->has_format && l->format.fields.len ? (int64_t)l->format.fields.len - 1 :
							       LOWER_FIELDS_MAX - 1;
	case IR_RAW_TRACEPOINT:
		return RAW_ARGS_MAX - 1;
	case IR_USDT:
		return USDT_ARGS_MAX - 1;
	case IR_KPROBE:
	case IR_FENTRY:
		return l->call->syscall ? syscall_index_max(l) : LOWER_ARGS_MAX - 1;
	default:
		return LOWER_ARGS_MAX - 1;
	}
}

static const char *hook_name(struct lower *l)
{
	return lower_show(l, l->call->target, (uint32_t)strlen(l->call->target));
}

/* The one argument that is of a type that can be read as @word, or -1. */
static int64_t fitting_index(const struct lower *l, const char *word)
{
	int64_t found = -1;

	for (uint32_t i = 0; i < l->func.nparams && i < KERNEL_PARAMS_MAX; i++) {
		const char *own = kernel_word_of(l->o.kernel, l->func.params[i].type);

		if (!own || strcmp(own, word))
			continue;
		if (found >= 0)
			return -1;
		found = i;
	}
	return found;
}

void lower_check_arg(struct lower *l, const struct tpc_arg *a)
{
	const char *own, *type;
	struct tpc_diag *d;

	if (!l->has_func || a->resolve.len || a->btf_type.len)
		return;
	if (a->index.v >= l->func.nparams) {
		d = lower_fact(l, a->index.at, TPC_E_ARG_INDEX,
			       "'%s' has %u argument%s, and none of index %" PRId64, hook_name(l),
			       l->func.nparams, l->func.nparams == 1 ? "" : "s", a->index.v);
		if (l->func.nparams)
			lower_hint(l, d, "0 to %u", l->func.nparams - 1);
		return;
	}
	if (a->index.v >= KERNEL_PARAMS_MAX || a->type.v == TPC_ARG_TYPE_AUTO || !a->type.v ||
	    kernel_word_fits(l->o.kernel, l->func.params[a->index.v].type, a->type.s))
		return;
	type = kernel_type_name(l->o.kernel, l->c->arena, l->func.params[a->index.v].type);
	own = kernel_word_of(l->o.kernel, l->func.params[a->index.v].type);
	d = lower_warning(l, a->type.at, TPC_W_ARG_TYPE,
			  "argument %" PRId64 " of '%s' is of type '%s', and not read as '%s'", a->index.v,
			  hook_name(l), type, a->type.s);
	if (fitting_index(l, a->type.s) >= 0)
		lower_hint(l, d, "the '%s' is argument %" PRId64, a->type.s, fitting_index(l, a->type.s));
	else if (own)
		lower_hint(l, d, "type: %s", own);
}

static uint16_t auto_of_kernel_type(struct lower *l, struct tpc_span at, uint32_t type)
{
	const char *word = kernel_word_of(l->o.kernel, type);
	struct tpc_diag *d;

	if (word)
		return lower_type_word(word);
	d = lower_error(l, at, TPC_E_RESOLVE, "no argument type fits a '%s'",
			kernel_type_name(l->o.kernel, l->c->arena, type));
	lower_hint(l, d, "say how to read it with 'type:', or name a member with 'resolve:'");
	return TPC_ARG_TYPE_NONE;
}

static uint16_t auto_of_field(struct lower *l, const struct tpc_arg *a)
{
	const char *word = NULL;

	if (l->has_format && a->index.v < l->format.fields.len)
		word = l->format.fields.items[a->index.v].word;
	if (word)
		return lower_type_word(word);
	if (l->has_format) {
		lower_hint(l,
			   lower_error(l, a->index.at, TPC_E_RESOLVE,
				       "no argument type fits field '%s', a '%s'",
				       l->format.fields.items[a->index.v].name,
				       l->format.fields.items[a->index.v].type),
			   "say how to read it with 'type:'");
		return TPC_ARG_TYPE_NONE;
	}
	return TPC_ARG_TYPE_AUTO; /* the loader looks into the format */
}

uint16_t lower_auto_type(struct lower *l, const struct tpc_arg *a, bool is_return)
{
	struct tpc_span at = a->type.set ? a->type.at : a->at;
	struct tpc_diag *d;

	if (l->hook->kind == IR_TRACEPOINT)
		return auto_of_field(l, a);
	if (l->has_func && is_return)
		return auto_of_kernel_type(l, at, l->func.result);
	if (l->has_func && a->index.v < l->func.nparams && a->index.v < KERNEL_PARAMS_MAX)
		return auto_of_kernel_type(l, at, l->func.params[a->index.v].type);
	if (l->call->syscall || l->hook->kind == IR_UPROBE || l->hook->kind == IR_USDT) {
		d = lower_error(l, at, TPC_E_NO_BTF, "the %s has no type, and %s says none",
				is_return ? "return value" : "argument",
				l->call->syscall ? "a system call" : "the program");
		lower_hint(l, d, "add 'type:'");
		return TPC_ARG_TYPE_NONE;
	}
	if (!l->o.kernel || !kernel_has_btf(l->o.kernel, NULL)) {
		d = lower_error(l, at, TPC_E_NO_BTF,
				"the type is left to the kernel, and no kernel's types are known");
		lower_hint(l, d, "add 'type:', or name the kernel's BTF with --btf");
		return TPC_ARG_TYPE_NONE;
	}
	d = lower_error(l, at, TPC_E_NO_BTF, "the type is left to the kernel, which does not have it");
	lower_hint(l, d, "add 'type:'");
	return TPC_ARG_TYPE_NONE;
}
