// SPDX-License-Identifier: Apache-2.0
/* What filters ask for, and kernels of the brief. */
#include <ctype.h>

#include "base/number.h"
#include "review/filters.h"

bool rv_op_negates(const struct tpc_word *op)
{
	switch ((enum tpc_arg_operator)op->v) {
	case TPC_ARG_OPERATOR_NOT_EQUAL:
	case TPC_ARG_OPERATOR_NOT_PREFIX:
	case TPC_ARG_OPERATOR_NOT_POSTFIX:
	case TPC_ARG_OPERATOR_NOT_IN_MAP:
	case TPC_ARG_OPERATOR_NOT_IN_RANGE:
	case TPC_ARG_OPERATOR_NOT_SADDR:
	case TPC_ARG_OPERATOR_NOT_DADDR:
	case TPC_ARG_OPERATOR_NOT_SPORT:
	case TPC_ARG_OPERATOR_NOT_DPORT:
	case TPC_ARG_OPERATOR_NOT_SPORT_PRIV:
	case TPC_ARG_OPERATOR_NOT_DPORT_PRIV:
	case TPC_ARG_OPERATOR_NOT_FILE_TYPE:
		return true;
	default:
		return false;
	}
}

bool rv_is_path(const struct tpc_arg *a)
{
	switch ((enum tpc_arg_type)a->type.v) {
	case TPC_ARG_TYPE_FILE:
	case TPC_ARG_TYPE_PATH:
	case TPC_ARG_TYPE_DENTRY:
	case TPC_ARG_TYPE_LINUX_BINPRM:
	case TPC_ARG_TYPE_FD:
		return true;
	default:
		return false;
	}
}

bool rv_is_long(const struct tpc_arg *a)
{
	switch ((enum tpc_arg_type)a->type.v) {
	case TPC_ARG_TYPE_STRING:
	case TPC_ARG_TYPE_CHAR_BUF:
	case TPC_ARG_TYPE_CHAR_IOVEC:
	case TPC_ARG_TYPE_FILENAME:
	case TPC_ARG_TYPE_KIOCB:
		return true;
	default:
		return rv_is_path(a);
	}
}

bool rv_resolves(const struct tpc_arg *a, const char *name)
{
	size_t n = strlen(name);

	return a->resolve.len >= n && !strcmp(a->resolve.s + a->resolve.len - n, name) &&
	       (a->resolve.len == n || a->resolve.s[a->resolve.len - n - 1] == '.');
}

bool rv_number(const struct tpc_value *v, uint64_t *ret)
{
	return v->len && !tpc_parse_uint(v->s, v->len, 0, 64, ret);
}

/* ---- reading and writing ---- */

/* include/linux/fs.h: FMODE_READ, FMODE_WRITE; the flags of open(2) that write or make. */
static const struct {
	const char *member;
	uint64_t reads, writes;
} modes[] = {
	{ "f_mode", 1, 2 },
	{ "f_flags", 0, 1 | 2 | 0100 | 01000 | 02000 },
};

static enum rv_access access_of_filter(const struct tpc_arg_filter *f, uint64_t reads, uint64_t writes)
{
	const struct tpc_value *v;
	uint64_t all = 0, n;

	tpc_vec_foreach (v, &f->values) {
		if (!rv_number(v, &n))
			return RV_ACCESS_ANY;
		all |= n;
	}
	if (f->op.v == TPC_ARG_OPERATOR_MASK)
		return all & writes ? RV_ACCESS_WRITE : all & reads ? RV_ACCESS_READ : RV_ACCESS_ANY;
	if (f->op.v == TPC_ARG_OPERATOR_EQUAL || f->op.v == TPC_ARG_OPERATOR_IN_MAP)
		return all & writes ? RV_ACCESS_WRITE : RV_ACCESS_READ;
	return RV_ACCESS_ANY;
}

enum rv_access rv_access_of(const struct rv_rule *u)
{
	enum rv_access access = RV_ACCESS_ANY;
	const struct tpc_arg_filter *f;

	if (!u->whole)
		return access;
	tpc_vec_foreach (f, &u->whole->match_args) {
		const struct tpc_arg *a = rv_filter_arg(u->hook, f, NULL);

		for (size_t i = 0; a && i < sizeof(modes) / sizeof(modes[0]); i++)
			if (rv_resolves(a, modes[i].member) && access != RV_ACCESS_WRITE)
				access = access_of_filter(f, modes[i].reads, modes[i].writes);
	}
	return access;
}

/* ---- how much a rule takes ---- */

/* Peers outside of one's own networks are few. */
static bool is_address(const struct tpc_arg_filter *f)
{
	return f->op.v == TPC_ARG_OPERATOR_NOT_SADDR || f->op.v == TPC_ARG_OPERATOR_NOT_DADDR;
}

static bool has_positive_arg(const struct tpc_arg_filter *f, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (!rv_op_negates(&f[i].op) || is_address(&f[i]))
			return true;
	return false;
}

static bool has_positive_binary(const struct tpc_selector *s)
{
	const struct tpc_binary_filter *b;

	tpc_vec_foreach (b, &s->match_binaries)
		if (b->op.v == TPC_BINARY_OPERATOR_IN || b->op.v == TPC_BINARY_OPERATOR_PREFIX ||
		    b->op.v == TPC_BINARY_OPERATOR_POSTFIX)
			return true;
	tpc_vec_foreach (b, &s->match_parent_binaries)
		if (b->op.v == TPC_BINARY_OPERATOR_IN || b->op.v == TPC_BINARY_OPERATOR_PREFIX ||
		    b->op.v == TPC_BINARY_OPERATOR_POSTFIX)
			return true;
	return false;
}

/* A filter on pids or namespaces that takes all but the host's leaves every container: it is narrow only the other way. */
bool rv_is_narrow(const struct rv_rule *u)
{
	const struct tpc_selector *s = u->whole;
	const struct tpc_pid_filter *p;
	const struct tpc_capability_filter *c;
	const struct tpc_namespace_filter *n;

	if (!s)
		return false;
	if (has_positive_arg(s->match_args.items, s->match_args.len) ||
	    has_positive_arg(s->match_data.items, s->match_data.len) ||
	    has_positive_arg(s->match_return_args.items, s->match_return_args.len) || has_positive_binary(s))
		return true;
	tpc_vec_foreach (p, &s->match_pids)
		if (p->op.v == TPC_SET_OPERATOR_IN)
			return true;
	tpc_vec_foreach (c, &s->match_capabilities)
		if (c->op.v == TPC_SET_OPERATOR_IN)
			return true;
	tpc_vec_foreach (n, &s->match_namespaces)
		if (n->op.v == TPC_SET_OPERATOR_IN)
			return true;
	return s->match_namespace_changes.len || s->match_capability_changes.len;
}

/* ---- kernels ---- */

static uint32_t number_at(const char **s)
{
	uint32_t n = 0;

	while (isdigit((unsigned char)**s) && n < 1000)
		n = n * 10 + (uint32_t)(*(*s)++ - '0');
	return n;
}

uint32_t rv_version(const char *s)
{
	uint32_t major = number_at(&s);

	if (!major || *s != '.')
		return 0;
	s++;
	return isdigit((unsigned char)*s) ? major * 10000 + number_at(&s) : 0;
}

void rv_kernels(const struct rv *r, uint32_t *ret_oldest, uint32_t *ret_newest)
{
	const struct tpc_text *t;

	*ret_oldest = *ret_newest = 0;
	tpc_vec_foreach (t, &r->ret->brief->kernels) {
		uint32_t v = rv_version(t->s);

		if (v && (!*ret_oldest || v < *ret_oldest))
			*ret_oldest = v;
		if (v > *ret_newest)
			*ret_newest = v;
	}
}
