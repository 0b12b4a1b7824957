// SPDX-License-Identifier: Apache-2.0
/* The one text of a tree: every operator in parentheses, so that nobody has to know what binds more. */
#include "base/buf.h"
#include "cel/cel_impl.h"

static const struct {
	const char *text; /* an operator between its operands, or a function before them */
	bool is_function;
} forms[CEL_OP_MAX] = {
	[CEL_EQ] = { "==", false },   [CEL_NE] = { "!=", false },   [CEL_LT] = { "<", false },
	[CEL_LE] = { "<=", false },   [CEL_GT] = { ">", false },    [CEL_GE] = { ">=", false },
	[CEL_ADD] = { "+", false },   [CEL_SUB] = { "-", false },   [CEL_AND] = { "&&", false },
	[CEL_OR] = { "||", false },   [CEL_BAND] = { "and", true }, [CEL_BOR] = { "or", true },
	[CEL_BXOR] = { "xor", true }, [CEL_BNOT] = { "not", true },
};

static void print(struct tpc_buf *out, const struct cel_node *n);

/* An operand of an operator: of functions and leaves nobody doubts where they end. */
static void print_operand(struct tpc_buf *out, const struct cel_node *n)
{
	bool bare = n->op == CEL_CONST || n->op == CEL_VAR || n->op == CEL_CAST || forms[n->op].is_function;

	if (!bare)
		tpc_buf_putc(out, '(');
	print(out, n);
	if (!bare)
		tpc_buf_putc(out, ')');
}

static void print_call(struct tpc_buf *out, const char *name, const struct cel_node *n)
{
	tpc_buf_printf(out, "%s(", name);
	print(out, n->a);
	if (n->b) {
		tpc_buf_puts(out, ", ");
		print(out, n->b);
	}
	tpc_buf_putc(out, ')');
}

static void print(struct tpc_buf *out, const struct cel_node *n)
{
	switch (n->op) {
	case CEL_CONST:
		tpc_buf_puts(out, cel_literal(out->arena, n->type, n->value));
		break;
	case CEL_VAR:
		tpc_buf_printf(out, "v%u", n->var);
		break;
	case CEL_CAST:
		print_call(out, cel_type_name(n->type), n);
		break;
	case CEL_NOT:
		tpc_buf_putc(out, '!');
		print_operand(out, n->a);
		break;
	default:
		if (forms[n->op].is_function) {
			print_call(out, forms[n->op].text, n);
			break;
		}
		print_operand(out, n->a);
		tpc_buf_printf(out, " %s ", forms[n->op].text);
		print_operand(out, n->b);
	}
}

const char *cel_print(struct tpc_arena *a, const struct cel_node *n)
{
	struct tpc_buf out = TPC_BUF(a);

	print(&out, n);
	return tpc_buf_text(&out);
}
