// SPDX-License-Identifier: Apache-2.0
/*
 * args, data and returnArg: generickprobe.go, generictracepoint.go, genericlsm.go, genericuprobe.go,
 * genericusdt.go, args_linux.go.
 */
#include <inttypes.h>

#include "compat/compat_impl.h"

#define ARGS_MAX 5	/* EventConfigMaxArgs */
#define INDEX_MAX 4	/* registers that are read */
#define RAW_INDEX_MAX 5 /* raw tracepoints */
#define USDT_INDEX_MAX 12
#define SIZE_INDEX_MAX 15 /* four bits of a configuration word */

static bool has_no_type(const struct tpc_arg *a)
{
	return a->type.v == TPC_ARG_TYPE_AUTO || a->type.v == TPC_ARG_TYPE_NONE;
}

static void say_type(struct compat *x, const struct tpc_arg *a)
{
	struct tpc_span at = a->type.set ? a->type.at : a->at;

	if (has_no_type(a))
		compat_hint(x,
			    compat_say(x, at, TPC_T_TYPE,
				       "Tetragon wants to be told the type of an argument here"),
			    "type: int, string, file, …");
	else
		compat_say(x, at, TPC_T_TYPE, "Tetragon takes no type '%s' here", a->type.s);
}

static void check_index(struct compat *x, const struct tpc_arg *a, int64_t max)
{
	if (a->index.v > max)
		compat_say(x, a->index.at, TPC_T_LIMIT,
			   "Tetragon reads arguments 0 to %" PRId64 " here, not %" PRId64, max, a->index.v);
}

static void check_size_index(struct compat *x, const struct tpc_arg *a)
{
	if (a->size_arg_index.v > SIZE_INDEX_MAX)
		compat_say(x, a->size_arg_index.at, TPC_T_LIMIT,
			   "Tetragon takes a 'sizeArgIndex' up to %d, not %" PRId64, SIZE_INDEX_MAX,
			   a->size_arg_index.v);
}

/* ---- how many ---- */

/* Sizes of buffers that no argument has are arguments of their own in a tracepoint. */
static uint32_t count_sizes(const struct compat_hook *h)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < h->nargs; i++) {
		bool known = !h->args[i].size_arg_index.v;

		for (uint32_t j = 0; j < h->nargs && !known; j++)
			known = h->args[j].index.v == h->args[i].size_arg_index.v - 1 ||
				(j < i && h->args[j].size_arg_index.v == h->args[i].size_arg_index.v);
		n += !known;
	}
	return n;
}

static void check_count(struct compat *x, const struct compat_hook *h)
{
	uint32_t n = h->nargs + h->ndata;
	struct tpc_span at;

	if (n > ARGS_MAX) {
		at = h->nargs > ARGS_MAX ? h->args[ARGS_MAX].at : h->data[ARGS_MAX - h->nargs].at;
		compat_say(x, at, TPC_T_LIMIT, "Tetragon takes %d arguments a hook, and this has %u%s",
			   ARGS_MAX, n, h->ndata ? " with 'data'" : "");
		return;
	}
	if (h->kind == COMPAT_TRACEPOINT && !h->raw && n + count_sizes(h) > ARGS_MAX)
		compat_say(x, h->args[0].at, TPC_T_LIMIT,
			   "Tetragon takes %d arguments a hook, and this has %u with those of 'sizeArgIndex'",
			   ARGS_MAX, n + count_sizes(h));
}

/* ---- what ---- */

static void check_probe_arg(struct compat *x, const struct compat_hook *h, const struct tpc_arg *a)
{
	bool kprobe = h->kind == COMPAT_KPROBE || h->kind == COMPAT_FENTRY;

	if (a->source.len)
		compat_hint(x,
			    compat_say(x, a->source.at, TPC_T_TYPE, "Tetragon takes no 'source' in 'args'"),
			    "move it to 'data'");
	check_index(x, a, INDEX_MAX);
	check_size_index(x, a);
	if (kprobe ? has_no_type(a) || a->type.v == TPC_ARG_TYPE_SYSCALL64 :
		     !a->resolve.len && (has_no_type(a) || a->type.v == TPC_ARG_TYPE_BPF_CMD))
		say_type(x, a);
}

/* pkg/btf is asked for the types of what a program or library has, and it must be told where to look. */
static void check_user_resolve(struct compat *x, const struct tpc_arg *a, const struct tpc_text *btf_path)
{
	if (a->resolve.len && (!btf_path->len || !a->btf_type.len))
		compat_say(x, a->resolve.at, TPC_T_HOOK,
			   "Tetragon resolves nothing in programs without 'btfPath' and 'btfType'");
}

static void check_arg(struct compat *x, const struct compat_hook *h, const struct tpc_arg *a)
{
	switch (h->kind) {
	case COMPAT_TRACEPOINT:
		if (h->raw)
			check_index(x, a, RAW_INDEX_MAX);
		if (a->type.v == TPC_ARG_TYPE_CONST_BUF || (h->raw && has_no_type(a)))
			say_type(x, a);
		if (h->raw)
			compat_resolve(x, a);
		return;
	case COMPAT_USDT:
		check_index(x, a, USDT_INDEX_MAX);
		if (a->type.v == TPC_ARG_TYPE_STRING)
			check_size_index(x, a);
		check_user_resolve(x, a, &h->usdt->btf_path);
		break;
	case COMPAT_UPROBE:
		check_user_resolve(x, a, &h->uprobe->btf_path);
		check_probe_arg(x, h, a);
		break;
	default:
		check_probe_arg(x, h, a);
		break;
	}
	compat_resolve(x, a);
}

static void check_data(struct compat *x, const struct tpc_arg *a)
{
	bool regs = compat_is(&a->source, "pt_regs");

	check_index(x, a, INDEX_MAX);
	check_size_index(x, a);
	if (!regs && !compat_is(&a->source, "current_task")) {
		compat_hint(x,
			    compat_say(x, a->source.set ? a->source.at : a->at, TPC_T_TYPE,
				       "Tetragon does not know where to take this 'data' from"),
			    "source: current_task or pt_regs");
		return;
	}
	if (!a->resolve.len)
		compat_say(x, a->at, TPC_T_TYPE, "Tetragon takes no 'data' without 'resolve'");
	else if (!regs)
		compat_resolve(x, a);
	else if (!compat_is_register(a->resolve.s, a->resolve.len))
		compat_say(x, a->resolve.at, TPC_T_VALUE, "Tetragon knows no register '%s' on x86_64",
			   compat_show(x, a->resolve.s, a->resolve.len));
	if (regs && has_no_type(a))
		say_type(x, a);
}

static void check_return(struct compat *x, const struct compat_hook *h)
{
	if (h->ret && h->return_arg &&
	    (has_no_type(h->return_arg) || h->return_arg->type.v == TPC_ARG_TYPE_BPF_CMD))
		say_type(x, h->return_arg);
}

void compat_args(struct compat *x, const struct compat_hook *h)
{
	check_count(x, h);
	for (uint32_t i = 0; i < h->nargs; i++)
		check_arg(x, h, &h->args[i]);
	for (uint32_t i = 0; i < h->ndata; i++)
		check_data(x, &h->data[i]);
	if (h->kprobe || h->uprobe)
		check_return(x, h);
}
