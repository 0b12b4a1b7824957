// SPDX-License-Identifier: Apache-2.0
/* What an expression means. Recursion ends where the tree does, at CEL_DEPTH_MAX. */
#include "cel/cel_impl.h"

static bool is_signed(enum cel_type t)
{
	return t == CEL_INT || t == CEL_INT32;
}

/* Values of fewer bits are extended, so that 64 bits compare as they would. */
static bool is_less(enum cel_type t, uint64_t a, uint64_t b)
{
	return is_signed(t) ? (int64_t)a < (int64_t)b : a < b;
}

static uint64_t eval_binary(const struct cel_node *n, uint64_t a, uint64_t b)
{
	enum cel_type t = n->a->type;

	switch (n->op) {
	case CEL_EQ:
		return a == b;
	case CEL_NE:
		return a != b;
	case CEL_LT:
		return is_less(t, a, b);
	case CEL_LE:
		return !is_less(t, b, a);
	case CEL_GT:
		return is_less(t, b, a);
	case CEL_GE:
		return !is_less(t, a, b);
	case CEL_ADD:
		return cel_extend(t, a + b);
	case CEL_SUB:
		return cel_extend(t, a - b);
	case CEL_BAND:
	case CEL_AND:
		return a & b;
	case CEL_BOR:
	case CEL_OR:
		return a | b;
	default: /* CEL_BXOR */
		return a ^ b;
	}
}

uint64_t cel_eval(const struct cel_node *n, const uint64_t *vars)
{
	switch (n->op) {
	case CEL_CONST:
		return n->value;
	case CEL_VAR:
		return vars[n->var];
	case CEL_BNOT:
		return cel_extend(n->type, ~cel_eval(n->a, vars));
	case CEL_CAST:
		return cel_extend(n->type, cel_eval(n->a, vars));
	case CEL_NOT:
		return !cel_eval(n->a, vars);
	default:
		return eval_binary(n, cel_eval(n->a, vars), cel_eval(n->b, vars));
	}
}
