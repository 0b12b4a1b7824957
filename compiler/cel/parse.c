// SPDX-License-Identifier: Apache-2.0
/*
 * The grammar, from what binds least to what binds most: || && comparisons, + -, ! -, operands. All but ! and -
 * are read in loops, left to right. Only parentheses and calls recurse, and they are counted.
 */
#include <string.h>

#include "base/text.h"
#include "base/vec.h"
#include "cel/cel_impl.h"

struct part {
	const struct cel_node *n;
	uint32_t at, end; /* its text, parentheses included */
};

static const struct cel_node *parse_chain(struct cel_parser *p, enum cel_op op);

static void advance(struct cel_parser *p)
{
	p->last = p->tok;
	p->tok = cel_lex(p, p->tok.at + p->tok.len);
}

static uint32_t end_of(const struct cel_token *t)
{
	return t->at + t->len;
}

/* A token that may stand behind an operand. */
static bool may_follow(enum cel_tok kind)
{
	switch (kind) {
	case CEL_TOK_END:
	case CEL_TOK_RIGHT:
	case CEL_TOK_COMMA:
	case CEL_TOK_MINUS:
	case CEL_TOK_PLUS:
	case CEL_TOK_BITS:
		return true;
	default:
		return kind >= CEL_TOK_EQ && kind <= CEL_TOK_OR;
	}
}

/* Enters a parenthesis; left by decrementing. */
static bool enter(struct cel_parser *p)
{
	if (p->nesting == CEL_DEPTH_MAX) {
		cel_fault(p, p->tok.at, p->tok.len, NULL, "parentheses are nested deeper than %d levels",
			  CEL_DEPTH_MAX);
		return false;
	}
	p->nesting++;
	advance(p);
	return true;
}

static const struct cel_node *fault_unclosed(struct cel_parser *p, const struct cel_token *left)
{
	if (p->tok.kind == CEL_TOK_END)
		return cel_fault(p, left->at, left->len, "add ')'", "this '(' is not closed");
	return cel_fault(p, p->tok.at, p->tok.len, NULL, "')' is expected, not '%s'",
			 cel_shown(p, p->tok.at, p->tok.len));
}

static const struct cel_node *parse_parentheses(struct cel_parser *p)
{
	struct cel_token left = p->tok;
	const struct cel_node *n;

	if (!enter(p))
		return NULL;
	n = parse_chain(p, CEL_OR);
	if (!n)
		return NULL;
	if (p->tok.kind != CEL_TOK_RIGHT)
		return fault_unclosed(p, &left);
	p->nesting--;
	advance(p);
	return n;
}

/* An integer as it stands or, when @negative, with the minus sign at @at before it. */
static const struct cel_node *parse_number(struct cel_parser *p, bool negative, uint32_t at)
{
	bool is_uint = p->tok.kind == CEL_TOK_UINT;
	uint64_t most = is_uint ? UINT64_MAX : negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX;
	uint64_t value = p->tok.value;
	bool overflow = p->tok.overflow;

	advance(p);
	if (overflow || value > most)
		return cel_fault(p, at, end_of(&p->last) - at,
				 overflow || negative ? NULL :
							tpc_sprintf(p->a, "as a uint it is %su",
								    cel_shown(p, p->last.at, p->last.len)),
				 "'%s' does not fit into the 64 bits of %s",
				 cel_shown(p, at, end_of(&p->last) - at), is_uint ? "a uint" : "an int");
	return cel_make_const(p, is_uint ? CEL_UINT : CEL_INT, negative ? 0 - value : value, at);
}

static const struct {
	const char *name, *shown;
	enum cel_op op;
	enum cel_type type; /* CAST */
	uint32_t nargs;
} functions[] = {
	{ "and", "and()", CEL_BAND, 0, 2 },
	{ "or", "or()", CEL_BOR, 0, 2 },
	{ "xor", "xor()", CEL_BXOR, 0, 2 },
	{ "not", "not()", CEL_BNOT, 0, 1 },
	{ "int32", "int32()", CEL_CAST, CEL_INT32, 1 },
	{ "uint32", "uint32()", CEL_CAST, CEL_UINT32, 1 },
};

static bool is_named(const struct cel_parser *p, const struct cel_token *t, const char *name)
{
	return tpc_text_is(p->text + t->at, t->len, name);
}

/* Reads what stands in the parentheses of a call; how many that were, or -1 after a fault. */
static int parse_arguments(struct cel_parser *p, const struct cel_node *args[2])
{
	struct cel_token left = p->tok;
	int nargs = 0;

	if (!enter(p))
		return -1;
	if (p->tok.kind != CEL_TOK_RIGHT) {
		for (;;) {
			const struct cel_node *n = parse_chain(p, CEL_OR);

			if (!n)
				return -1;
			if (nargs < 2)
				args[nargs] = n;
			nargs++;
			if (p->tok.kind != CEL_TOK_COMMA)
				break;
			advance(p);
		}
	}
	if (p->tok.kind != CEL_TOK_RIGHT) {
		fault_unclosed(p, &left);
		return -1;
	}
	p->nesting--;
	advance(p);
	return nargs;
}

static const struct cel_node *parse_call(struct cel_parser *p, const struct cel_token *name)
{
	const struct cel_node *args[2] = { 0 };
	uint32_t at = name->at, f = 0;
	int nargs;

	while (f < sizeof(functions) / sizeof(functions[0]) && !is_named(p, name, functions[f].name))
		f++;
	if (f == sizeof(functions) / sizeof(functions[0]))
		return cel_fault_function(p, name);
	nargs = parse_arguments(p, args);
	if (nargs < 0)
		return NULL;
	if ((uint32_t)nargs != functions[f].nargs)
		return cel_fault(p, at, end_of(&p->last) - at, NULL,
				 "'%s' takes %u operand%s, and %d %s given", functions[f].shown,
				 functions[f].nargs, functions[f].nargs == 1 ? "" : "s", nargs,
				 nargs == 1 ? "is" : "are");
	if (functions[f].op == CEL_CAST)
		return cel_make_cast(p, functions[f].type, args[0], at);
	if (functions[f].op == CEL_BNOT)
		return cel_make_bnot(p, args[0], at);
	return cel_make_binary(p, functions[f].op, functions[f].shown, args[0], args[1], at,
			       end_of(&p->last));
}

static const struct cel_node *parse_name(struct cel_parser *p)
{
	struct cel_token name = p->tok;

	advance(p);
	if (p->tok.kind == CEL_TOK_LEFT)
		return parse_call(p, &name);
	for (uint32_t i = 0; i < p->nvars; i++) {
		if (!is_named(p, &name, p->vars[i].name))
			continue;
		if (!p->vars[i].usable)
			return cel_fault(p, name.at, name.len, NULL, "'%s' cannot be used: %s",
					 p->vars[i].name, p->vars[i].why);
		return cel_make_var(p, i, name.at);
	}
	return cel_fault_name(p, &name);
}

static const struct cel_node *parse_operand(struct cel_parser *p)
{
	uint32_t at = p->tok.at;
	const struct cel_node *n;

	switch (p->tok.kind) {
	case CEL_TOK_INT:
	case CEL_TOK_UINT:
		n = parse_number(p, false, at);
		break;
	case CEL_TOK_TRUE:
	case CEL_TOK_FALSE:
		advance(p);
		n = cel_make_const(p, CEL_BOOL, p->last.kind == CEL_TOK_TRUE, at);
		break;
	case CEL_TOK_NAME:
		n = parse_name(p);
		break;
	case CEL_TOK_LEFT:
		n = parse_parentheses(p);
		break;
	default:
		return cel_fault_operand(p);
	}
	if (n && !may_follow(p->tok.kind))
		return cel_fault_operator(p);
	return n;
}

/* Two minus signs are none, as CEL has it; one is a part of a literal int, and of nothing else. */
static const struct cel_node *parse_minus(struct cel_parser *p)
{
	uint32_t at = p->tok.at;
	bool odd = false;
	const struct cel_node *n;

	for (; p->tok.kind == CEL_TOK_MINUS; advance(p))
		odd = !odd;
	if (odd && p->tok.kind == CEL_TOK_INT && p->last.at == at) {
		n = parse_number(p, true, at);
		return n && !may_follow(p->tok.kind) ? cel_fault_operator(p) : n;
	}
	n = parse_operand(p);
	if (!n)
		return NULL;
	if (n->type == CEL_BOOL)
		return cel_fault(p, n->at, n->len, NULL, "'-' needs an integer, and '%s' is bool",
				 cel_shown(p, n->at, n->len));
	if (odd)
		return cel_fault(p, at, end_of(&p->last) - at,
				 tpc_sprintf(p->a, "write %s - %s", cel_literal(p->a, n->type, 0),
					     cel_operand(p, n)),
				 "a minus sign can only stand before a literal int");
	return n;
}

/* Of any number of '!' what matters is whether it is odd. */
static const struct cel_node *parse_not(struct cel_parser *p)
{
	uint32_t at = 0;
	bool odd = false;
	const struct cel_node *n;

	for (; p->tok.kind == CEL_TOK_NOT; advance(p)) {
		odd = !odd;
		at = p->tok.at;
	}
	n = p->tok.kind == CEL_TOK_MINUS ? parse_minus(p) : parse_operand(p);
	if (!n)
		return NULL;
	if (n->type != CEL_BOOL)
		return cel_fault_not(p, n);
	return odd ? cel_make_not(p, n, at) : n;
}

static const struct cel_node *parse_unary(struct cel_parser *p)
{
	if (p->tok.kind == CEL_TOK_NOT)
		return parse_not(p);
	if (p->tok.kind == CEL_TOK_MINUS)
		return parse_minus(p);
	return parse_operand(p);
}

static const struct cel_node *parse_sum(struct cel_parser *p)
{
	uint32_t at = p->tok.at;
	const struct cel_node *a = parse_unary(p), *b;

	while (a && (p->tok.kind == CEL_TOK_PLUS || p->tok.kind == CEL_TOK_MINUS)) {
		bool plus = p->tok.kind == CEL_TOK_PLUS;

		advance(p);
		b = parse_unary(p);
		if (!b)
			return NULL;
		a = cel_make_binary(p, plus ? CEL_ADD : CEL_SUB, plus ? "+" : "-", a, b, at,
				    end_of(&p->last));
	}
	if (a && p->tok.kind == CEL_TOK_BITS)
		return cel_fault_bits(p, a);
	return a;
}

static const struct cel_node *parse_comparison(struct cel_parser *p)
{
	static const char *const names[] = { "==", "!=", "<", "<=", ">", ">=" };
	uint32_t at = p->tok.at;
	const struct cel_node *a = parse_sum(p), *b;

	while (a && p->tok.kind >= CEL_TOK_EQ && p->tok.kind <= CEL_TOK_GE) {
		uint32_t i = p->tok.kind - CEL_TOK_EQ;

		advance(p);
		b = parse_sum(p);
		if (!b)
			return NULL;
		a = cel_make_binary(p, (enum cel_op)(CEL_EQ + i), names[i], a, b, at, end_of(&p->last));
	}
	return a;
}

/* A tree of a long chain that is no deeper than it must be, in the order of the text. */
static const struct cel_node *balance(struct cel_parser *p, enum cel_op op, const struct part *parts,
				      uint32_t n)
{
	uint32_t left = (n + 1) / 2;
	const struct cel_node *a, *b;

	if (n == 1)
		return parts->n;
	a = balance(p, op, parts, left);
	b = a ? balance(p, op, parts + left, n - left) : NULL;
	if (!b)
		return NULL;
	return cel_make_binary(p, op, op == CEL_OR ? "||" : "&&", a, b, parts->at, parts[n - 1].end);
}

/* What || (CEL_OR) or && (CEL_AND) joins. */
static const struct cel_node *parse_chain(struct cel_parser *p, enum cel_op op)
{
	enum cel_tok joint = op == CEL_OR ? CEL_TOK_OR : CEL_TOK_AND;
	const char *name = op == CEL_OR ? "'||'" : "'&&'";
	TPC_VEC(struct part) parts = { 0 };

	for (;; advance(p)) {
		uint32_t at = p->tok.at;
		const struct cel_node *n = op == CEL_OR ? parse_chain(p, CEL_AND) : parse_comparison(p);

		if (!n)
			return NULL;
		if (!parts.len && p->tok.kind != joint)
			return n;
		if (!cel_wants_bool(p, name, n))
			return NULL;
		*tpc_vec_push(p->a, &parts) = (struct part){ n, at, end_of(&p->last) };
		if (p->tok.kind != joint)
			return balance(p, op, parts.items, parts.len);
	}
}

const struct cel_node *cel_parse(struct tpc_arena *a, const char *text, uint32_t len,
				 const struct cel_var *vars, uint32_t nvars, struct cel_fault *fault)
{
	struct cel_parser p = {
		.a = a, .text = text, .len = len, .vars = vars, .nvars = nvars, .fault = fault
	};
	const struct cel_node *n;

	if (len > CEL_TEXT_MAX)
		return cel_fault(&p, CEL_TEXT_MAX, len - CEL_TEXT_MAX, NULL,
				 "the expression has %u bytes, more than %d", len, CEL_TEXT_MAX);
	p.tok = cel_lex(&p, 0);
	n = parse_chain(&p, CEL_OR);
	if (n && p.tok.kind != CEL_TOK_END)
		return cel_fault_operator(&p);
	return n && cel_wants_bool(&p, "a condition", n) ? n : NULL;
}
