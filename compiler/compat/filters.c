// SPDX-License-Identifier: Apache-2.0
/* matchArgs, matchData and matchReturnArgs: which argument they look at, and as what: kernel.go. */
#include <inttypes.h>

#include "compat/compat_impl.h"

#define FILTERS_MAX 5
#define CEL_MAX 8 /* functions in one program: celexpr.go */

static const uint8_t classes[TPC_ARG_TYPE_MAX] = {
	[TPC_ARG_TYPE_INT] = COMPAT_S32,
	[TPC_ARG_TYPE_SINT8] = COMPAT_S32,
	[TPC_ARG_TYPE_INT8] = COMPAT_S32,
	[TPC_ARG_TYPE_UINT8] = COMPAT_U32,
	[TPC_ARG_TYPE_SINT16] = COMPAT_S32,
	[TPC_ARG_TYPE_INT16] = COMPAT_S32,
	[TPC_ARG_TYPE_UINT16] = COMPAT_U32,
	[TPC_ARG_TYPE_UINT32] = COMPAT_U32,
	[TPC_ARG_TYPE_SINT32] = COMPAT_S32,
	[TPC_ARG_TYPE_INT32] = COMPAT_S32,
	[TPC_ARG_TYPE_ULONG] = COMPAT_U64,
	[TPC_ARG_TYPE_UINT64] = COMPAT_U64,
	[TPC_ARG_TYPE_SIZE_T] = COMPAT_S32,
	[TPC_ARG_TYPE_LONG] = COMPAT_S64,
	[TPC_ARG_TYPE_SINT64] = COMPAT_S64,
	[TPC_ARG_TYPE_INT64] = COMPAT_S64,
	[TPC_ARG_TYPE_SYSCALL64] = COMPAT_S64,
	[TPC_ARG_TYPE_CHAR_BUF] = COMPAT_STRING,
	[TPC_ARG_TYPE_STRING] = COMPAT_STRING,
	[TPC_ARG_TYPE_FD] = COMPAT_STRING,
	[TPC_ARG_TYPE_FILE] = COMPAT_STRING,
	[TPC_ARG_TYPE_PATH] = COMPAT_STRING,
	[TPC_ARG_TYPE_DENTRY] = COMPAT_STRING,
	[TPC_ARG_TYPE_LINUX_BINPRM] = COMPAT_STRING,
	[TPC_ARG_TYPE_DATA_LOC] = COMPAT_STRING,
	[TPC_ARG_TYPE_NET_DEVICE] = COMPAT_STRING,
	[TPC_ARG_TYPE_SOCK] = COMPAT_SOCK,
	[TPC_ARG_TYPE_SKB] = COMPAT_SOCK,
	[TPC_ARG_TYPE_SOCKET] = COMPAT_SOCK,
	[TPC_ARG_TYPE_SOCKADDR] = COMPAT_SOCKADDR,
	[TPC_ARG_TYPE_SOCKADDR_UN] = COMPAT_SOCKADDR_UN,
	[TPC_ARG_TYPE_KERNEL_CAP_T] = COMPAT_CAPS,
	[TPC_ARG_TYPE_CAP_INHERITABLE] = COMPAT_CAPS,
	[TPC_ARG_TYPE_CAP_PERMITTED] = COMPAT_CAPS,
	[TPC_ARG_TYPE_CAP_EFFECTIVE] = COMPAT_CAPS,
};

/* A tracepoint's arguments may get their type from its format or from BTF; elsewhere a missing type is none. */
struct compat_subject compat_subject_of(const struct compat_hook *h, const struct tpc_arg *a)
{
	struct compat_subject ret = { .type = a->type.v, .type_name = a->type.s };

	if (h->kind == COMPAT_TRACEPOINT && (a->type.v == TPC_ARG_TYPE_AUTO || a->resolve.len))
		return ret;
	ret.class = a->type.v < TPC_ARG_TYPE_MAX ? (enum compat_class)classes[a->type.v] : COMPAT_UNKNOWN;
	if (ret.class == COMPAT_UNKNOWN)
		ret.class = COMPAT_OTHER;
	return ret;
}

/* ---- which argument ---- */

static void say_position(struct compat *x, const struct tpc_int *at, const char *where, uint32_t n)
{
	compat_say(x, at->at, TPC_T_HOOK, "Tetragon finds no position %" PRId64 " in '%s', which has %u",
		   at->v, where, n);
}

/* true and *@ret when @at is one of @n positions. */
static bool at_position(struct compat *x, const struct compat_hook *h, const struct tpc_int *at,
			const struct tpc_arg *args, uint32_t n, const char *where, struct compat_subject *ret)
{
	if (at->v < 0 || at->v >= n) {
		say_position(x, at, where, n);
		return false;
	}
	*ret = compat_subject_of(h, &args[at->v]);
	return true;
}

/*
 * generictracepoint.go rewrites an index to the position of the argument that has it, one argument after the
 * other, so that a position may be taken for an index once more.
 */
static bool by_tracepoint_index(struct compat *x, const struct compat_hook *h, const struct tpc_int *index,
				struct compat_subject *ret)
{
	int64_t at = index->v, meant = -1;

	for (uint32_t i = 0; i < h->nargs; i++) {
		if (meant < 0 && h->args[i].index.v == index->v)
			meant = i;
		if (h->args[i].index.v == at)
			at = i;
	}
	if (meant >= 0 && at != meant)
		compat_hint(x,
			    compat_say(x, index->at, TPC_T_SILENT,
				       "Tetragon takes this for the argument at position %" PRId64
				       " of 'args'",
				       at),
			    "args: [%" PRId64 "]", meant);
	if (at < h->nargs)
		*ret = compat_subject_of(h, &h->args[at]);
	return true; /* sizes of buffers come behind them, and tpc has its own word for the rest */
}

static bool by_index(struct compat *x, const struct compat_hook *h, const struct tpc_arg_filter *f,
		     const struct tpc_arg *args, uint32_t n, struct compat_subject *ret)
{
	if (h->kind == COMPAT_TRACEPOINT)
		return by_tracepoint_index(x, h, &f->index, ret);
	for (uint32_t i = 0; i < n; i++) {
		if (args[i].index.v == f->index.v) {
			*ret = compat_subject_of(h, &args[i]);
			return true;
		}
	}
	compat_say(x, f->index.set ? f->index.at : f->at, TPC_T_HOOK,
		   "Tetragon finds no argument with index %" PRId64, f->index.v);
	return false;
}

/* ---- CelExpr ---- */

static bool cel_knows(const struct compat_subject *a)
{
	switch ((enum tpc_arg_type)a->type) {
	case TPC_ARG_TYPE_INT:
	case TPC_ARG_TYPE_SINT32:
	case TPC_ARG_TYPE_INT32:
	case TPC_ARG_TYPE_UINT32:
	case TPC_ARG_TYPE_LONG:
	case TPC_ARG_TYPE_SINT64:
	case TPC_ARG_TYPE_INT64:
	case TPC_ARG_TYPE_ULONG:
	case TPC_ARG_TYPE_UINT64:
		return true;
	default:
		return a->class == COMPAT_UNKNOWN;
	}
}

static bool is_word(char ch)
{
	return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_';
}

/* The arguments that an expression names: argN. What else is wrong with it tpc says itself. */
static void check_cel_args(struct compat *x, const struct tpc_value *v, const struct tpc_arg *args,
			   uint32_t n)
{
	for (uint32_t i = 0; i < v->len; i++) {
		uint32_t start = i, digits;
		struct compat_subject a;
		int64_t nr;

		while (i < v->len && is_word(v->s[i]))
			i++;
		digits = start + 3;
		if (i <= digits || !compat_starts(v->s + start, "arg") ||
		    tpc_parse_int(v->s + digits, i - digits, 10, 32, &nr) || nr >= n)
			continue;
		a = compat_subject_of(x->hook, &args[nr]);
		if (!cel_knows(&a))
			compat_say(x, v->at, TPC_T_TYPE,
				   "Tetragon takes no argument of type '%s' in an expression, as arg%" PRId64
				   " is",
				   a.type_name, nr);
	}
}

static void check_cel(struct compat *x, const struct tpc_arg_filter *f, const struct tpc_arg *args,
		      uint32_t n)
{
	uint64_t before = x->cel;

	for (uint32_t i = 0; i < f->values.len && compat_spend(x, 1); i++)
		compat_is_text(x, &f->values.items[i]);
	x->cel += x->hook->ncalls ? x->hook->ncalls : 1;
	if (f->values.len != 1)
		compat_say(x, f->values.len ? f->values.items[1].at : f->at, TPC_T_LIMIT,
			   "Tetragon takes 1 expression a 'CelExpr', and these are %u", f->values.len);
	else
		check_cel_args(x, &f->values.items[0], args, n);
	if (before <= CEL_MAX && x->cel > CEL_MAX)
		compat_say(x, f->at, TPC_T_LIMIT,
			   "Tetragon has room for %d expressions, and here are %" PRIu64, CEL_MAX, x->cel);
}

/* ---- filters ---- */

/* The second argument of CapabilitiesGained. */
static void check_gained(struct compat *x, const struct tpc_arg_filter *f, const struct compat_subject *first,
			 const struct tpc_arg *args, uint32_t n)
{
	struct compat_subject second = { COMPAT_UNKNOWN, 0, "" };

	if (f->args.len != 2) {
		compat_hint(x,
			    compat_say(x, f->op.at, TPC_T_TYPE, "Tetragon wants two arguments for '%s'",
				       f->op.s),
			    "args: [0, 1]");
		return;
	}
	if (!at_position(x, x->hook, &f->args.items[1], args, n, "args", &second))
		return;
	if ((first->class != COMPAT_CAPS && first->class != COMPAT_UNKNOWN) ||
	    (second.class != COMPAT_CAPS && second.class != COMPAT_UNKNOWN))
		compat_say(x, f->op.at, TPC_T_TYPE, "Tetragon compares sets of capabilities with '%s'",
			   f->op.s);
}

static void check_arg_filter(struct compat *x, const struct tpc_arg_filter *f, const struct tpc_arg *args,
			     uint32_t n)
{
	const struct compat_hook *h = x->hook;
	struct compat_subject a = { COMPAT_UNKNOWN, 0, "" };
	bool found;

	if (f->op.v == TPC_ARG_OPERATOR_CEL_EXPR) {
		check_cel(x, f, args, n);
		return;
	}
	if (f->args.len && h->kind == COMPAT_TRACEPOINT && f->args.items[0].v >= n)
		return; /* it may be the size of a buffer */
	if (f->args.len)
		found = at_position(x, h, &f->args.items[0], args, n, "args", &a);
	else
		found = by_index(x, h, f, args, n, &a);
	if (!found)
		return;
	if (f->op.v == TPC_ARG_OPERATOR_CAPABILITIES_GAINED)
		check_gained(x, f, &a, args, n);
	else
		compat_values(x, f, &a);
	compat_maps_filter(x, f, &a);
}

static void check_data_filter(struct compat *x, const struct tpc_arg_filter *f)
{
	const struct compat_hook *h = x->hook;
	struct compat_subject a;

	if (!at_position(x, h, f->args.len ? &f->args.items[0] : &f->index, h->data, h->ndata, "data", &a))
		return;
	if (f->op.v == TPC_ARG_OPERATOR_CEL_EXPR) {
		compat_say(x, f->op.at, TPC_T_TYPE, "Tetragon takes no 'CelExpr' in 'matchData'");
		return;
	}
	if (f->op.v == TPC_ARG_OPERATOR_CAPABILITIES_GAINED)
		check_gained(x, f, &a, h->data, h->ndata);
	else
		compat_values(x, f, &a);
	compat_maps_filter(x, f, &a);
}

void compat_filters(struct compat *x, const struct compat_selector *s)
{
	const struct compat_hook *h = x->hook;
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->s.match_args.len && n < FILTERS_MAX; i++, n++)
		check_arg_filter(x, &s->s.match_args.items[i], h->args, h->nargs);
	for (uint32_t i = 0; i < s->s.match_data.len && n < FILTERS_MAX; i++, n++)
		check_data_filter(x, &s->s.match_data.items[i]);
	if (h->kind == COMPAT_LSM && s->s.match_return_args.len)
		compat_say(x, s->s.match_return_args.at, TPC_T_HOOK,
			   "Tetragon takes no 'matchReturnArgs' in a lsmhook");
	if (!h->ret || !h->return_arg)
		return;
	if (s->s.match_return_args.len > FILTERS_MAX)
		compat_say(x, s->s.match_return_args.items[FILTERS_MAX].at, TPC_T_LIMIT,
			   "Tetragon takes %d 'matchReturnArgs' a selector, and these are %u", FILTERS_MAX,
			   s->s.match_return_args.len);
	for (uint32_t i = 0; i < s->s.match_return_args.len && i < FILTERS_MAX; i++)
		check_arg_filter(x, &s->s.match_return_args.items[i], h->return_arg, 1);
}
