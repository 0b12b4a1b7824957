// SPDX-License-Identifier: Apache-2.0
/*
 * Filters that Tetragon takes and its programs then answer otherwise, whatever the event: what is read from
 * parseMatchArg() of kernel.go against filter_arg_1(), filter_arg_2() and what they call in bpf/process/types/basic.h.
 */
#include "compat/compat_impl.h"

#define OP(name) (UINT64_C(1) << TPC_ARG_OPERATOR_##name)
#define POSTFIXES (OP(POSTFIX) | OP(NOT_POSTFIX))
#define TEXTS (POSTFIXES | OP(PREFIX) | OP(NOT_PREFIX) | OP(SUB_STRING) | OP(SUB_STRING_IGN_CASE))
#define MAPS (OP(IN_MAP) | OP(NOT_IN_MAP))
#define NUMBERS                                                                                              \
	(OP(EQUAL) | OP(NOT_EQUAL) | OP(GT) | OP(GREATER_THAN) | OP(LT) | OP(LESS_THAN) | OP(IN_RANGE) |     \
	 OP(NOT_IN_RANGE))

_Static_assert(TPC_ARG_OPERATOR_MAX <= 64, "a bit each");

/* ---- pairs of operator and type ---- */
static const struct {
	enum tpc_arg_type type;
	uint64_t ops;
	const char *does;
} pairs[] = {
	{ TPC_ARG_TYPE_SOCKADDR_UN, POSTFIXES, "the filter never holds" },
	{ TPC_ARG_TYPE_CHAR_IOVEC, TEXTS, "the filter always holds" },
	{ TPC_ARG_TYPE_FILENAME, TEXTS, "the filter always holds" },
	{ TPC_ARG_TYPE_KIOCB, TEXTS, "the filter always holds" },
};

/* ---- negative values ---- */
static bool is_negative(const struct tpc_value *v)
{
	const char *colon = v->len ? memchr(v->s, ':', v->len) : NULL;

	return v->s[0] == '-' || (colon && colon[1] == '-');
}

/* Bytes of a signed type that is not read as 64 bits, else 0. */
static int narrow_size(const struct compat_subject *a)
{
	switch ((enum tpc_arg_type)a->type) {
	case TPC_ARG_TYPE_SINT8:
	case TPC_ARG_TYPE_INT8:
		return 1;
	case TPC_ARG_TYPE_SINT16:
	case TPC_ARG_TYPE_INT16:
		return 2;
	default:
		return a->class == COMPAT_S32 ? 4 : 0;
	}
}

/*
 * Tables hold numbers of 64 bits, and what is looked up in them was widened with zeroes; is_signed_type() knows only the
 * wider of the signed types.
 */
static void check_negative(struct compat *x, const struct tpc_arg_filter *f, const struct compat_subject *a)
{
	uint64_t op = UINT64_C(1) << f->op.v;
	int size = narrow_size(a);
	const struct tpc_value *v;

	if (!size || !(op & (size < 4 ? MAPS | NUMBERS : MAPS)))
		return;
	tpc_vec_foreach (v, &f->values) {
		if (!compat_spend(x, 1))
			return;
		if (!is_negative(v))
			continue;
		compat_say(
			x, v->at, TPC_T_SILENT,
			"Tetragon reads type '%s' without its sign for '%s', so it is never negative there",
			a->type_name, f->op.s);
		return; /* the others are of the same kind */
	}
}

void compat_silent(struct compat *x, const struct tpc_arg_filter *f, const struct compat_subject *a)
{
	uint64_t op = UINT64_C(1) << f->op.v;

	if (a->class == COMPAT_UNKNOWN)
		return;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (pairs[i].type == a->type && pairs[i].ops & op)
			compat_say(x, f->op.at, TPC_T_SILENT,
				   "Tetragon takes '%s' on type '%s' and does not compare: %s", f->op.s,
				   a->type_name, pairs[i].does);
	check_negative(x, f, a);
}
