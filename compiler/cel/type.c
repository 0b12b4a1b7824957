// SPDX-License-Identifier: Apache-2.0
/* Nodes, and the rules of types: the operands of one operator have one type, nothing is converted unasked. */
#include <inttypes.h>

#include "cel/cel_impl.h"

const char *cel_type_name(enum cel_type t)
{
	static const char *const names[CEL_TYPE_MAX] = {
		[CEL_BOOL] = "bool",   [CEL_INT] = "int",	[CEL_UINT] = "uint",
		[CEL_INT32] = "int32", [CEL_UINT32] = "uint32",
	};

	return t < CEL_TYPE_MAX ? names[t] : "unknown";
}

uint64_t cel_extend(enum cel_type t, uint64_t v)
{
	switch (t) {
	case CEL_BOOL:
		return v != 0;
	case CEL_INT32:
		return (uint64_t)(int64_t)(int32_t)v;
	case CEL_UINT32:
		return (uint32_t)v;
	default:
		return v;
	}
}

const char *cel_literal(struct tpc_arena *a, enum cel_type t, uint64_t v)
{
	switch (t) {
	case CEL_BOOL:
		return v ? "true" : "false";
	case CEL_UINT:
		return tpc_sprintf(a, "%" PRIu64 "u", v);
	case CEL_INT32:
		return tpc_sprintf(a, "int32(%" PRId64 ")", (int64_t)v);
	case CEL_UINT32:
		return tpc_sprintf(a, "uint32(%" PRIu64 "u)", v);
	default:
		return tpc_sprintf(a, "%" PRId64, (int64_t)v);
	}
}

static const struct cel_node *make(struct cel_parser *p, struct cel_node want)
{
	struct cel_node *n;

	want.depth = want.a ? want.a->depth : 0;
	if (want.b && want.b->depth > want.depth)
		want.depth = want.b->depth;
	want.depth++;
	if (want.depth > CEL_DEPTH_MAX)
		return cel_fault(p, want.at, want.len, "split it into several filters",
				 "the expression is deeper than %d levels", CEL_DEPTH_MAX);
	n = tpc_new(p->a, struct cel_node);
	*n = want;
	return n;
}

/* From @at to the end of the last token. */
static uint32_t length(const struct cel_parser *p, uint32_t at)
{
	return p->last.at + p->last.len - at;
}

const struct cel_node *cel_make_const(struct cel_parser *p, enum cel_type t, uint64_t value, uint32_t at)
{
	return make(p, (struct cel_node){
			       .op = CEL_CONST, .type = t, .value = value, .at = at, .len = length(p, at) });
}

const struct cel_node *cel_make_var(struct cel_parser *p, uint32_t var, uint32_t at)
{
	return make(p, (struct cel_node){ .op = CEL_VAR,
					  .type = p->vars[var].type,
					  .var = (uint16_t)var,
					  .at = at,
					  .len = length(p, at) });
}

bool cel_wants_bool(struct cel_parser *p, const char *name, const struct cel_node *n)
{
	if (n->type == CEL_BOOL)
		return true;
	cel_fault(p, n->at, n->len,
		  tpc_sprintf(p->a, "compare it: %s != %s", cel_operand(p, n), cel_literal(p->a, n->type, 0)),
		  "%s needs a bool, and '%s' is %s", name, cel_shown(p, n->at, n->len),
		  cel_type_name(n->type));
	return false;
}

const struct cel_node *cel_make_not(struct cel_parser *p, const struct cel_node *n, uint32_t at)
{
	return make(p, (struct cel_node){
			       .op = CEL_NOT, .type = CEL_BOOL, .a = n, .at = at, .len = length(p, at) });
}

const struct cel_node *cel_make_bnot(struct cel_parser *p, const struct cel_node *n, uint32_t at)
{
	if (n->type == CEL_BOOL)
		return cel_fault(p, n->at, n->len, tpc_sprintf(p->a, "write !%s", cel_operand(p, n)),
				 "'not()' needs an integer, and '%s' is bool", cel_shown(p, n->at, n->len));
	return make(p, (struct cel_node){
			       .op = CEL_BNOT, .type = n->type, .a = n, .at = at, .len = length(p, at) });
}

const struct cel_node *cel_make_cast(struct cel_parser *p, enum cel_type t, const struct cel_node *n,
				     uint32_t at)
{
	enum cel_type from = t == CEL_INT32 ? CEL_INT : CEL_UINT;

	if (n->type != from)
		return cel_fault_cast(p, t, n);
	/* The cast of a number is how a number of 32 bits is written. */
	if (n->op == CEL_CONST)
		return cel_make_const(p, t, cel_extend(t, n->value), at);
	return make(p,
		    (struct cel_node){ .op = CEL_CAST, .type = t, .a = n, .at = at, .len = length(p, at) });
}

static bool is_comparison(enum cel_op op)
{
	return op >= CEL_EQ && op <= CEL_GE;
}

const struct cel_node *cel_make_binary(struct cel_parser *p, enum cel_op op, const char *name,
				       const struct cel_node *a, const struct cel_node *b, uint32_t at,
				       uint32_t end)
{
	bool bools = op == CEL_AND || op == CEL_OR;

	if (a->type != b->type || (a->type == CEL_BOOL && !bools && op != CEL_EQ && op != CEL_NE))
		return cel_fault_types(p, op, name, a, b, at, end);
	return make(p, (struct cel_node){ .op = op,
					  .type = is_comparison(op) ? CEL_BOOL : a->type,
					  .a = a,
					  .b = b,
					  .at = at,
					  .len = end - at });
}
