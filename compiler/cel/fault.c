// SPDX-License-Identifier: Apache-2.0
/* What is said of wrong expressions, and how each is mended. */
#include <string.h>

#include "base/suggest.h"
#include "base/utf8.h"
#include "cel/cel_impl.h"

#define SHOWN_MAX 40 /* bytes of user text in a message */
#define NAMES_MAX 12 /* names that a hint lists */

void *cel_fault(struct cel_parser *p, uint32_t at, uint32_t len, const char *hint, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	*p->fault = (struct cel_fault){ .at = at, .len = len, .hint = hint };
	p->fault->what = tpc_vsprintf(p->a, fmt, ap);
	va_end(ap);
	return NULL;
}

const char *cel_shown(struct cel_parser *p, uint32_t at, uint32_t len)
{
	const char *s = p->text + at;

	if (len <= SHOWN_MAX)
		return tpc_utf8_shown(p->a, s, len);
	for (len = SHOWN_MAX; len && ((unsigned char)s[len] & 0xc0) == 0x80; len--)
		;
	return tpc_sprintf(p->a, "%s…", tpc_utf8_shown(p->a, s, len));
}

static const char *shown_token(struct cel_parser *p, const struct cel_token *t)
{
	return cel_shown(p, t->at, t->len);
}

static bool is_infix(enum cel_op op)
{
	return op != CEL_CONST && op != CEL_VAR && op != CEL_CAST && op != CEL_NOT &&
	       !(op >= CEL_BAND && op <= CEL_BNOT);
}

const char *cel_operand(struct cel_parser *p, const struct cel_node *n)
{
	const char *text = cel_shown(p, n->at, n->len);

	return is_infix(n->op) ? tpc_sprintf(p->a, "(%s)", text) : text;
}

void *cel_fault_end(struct cel_parser *p)
{
	if (!p->last.len)
		return cel_fault(p, 0, p->len, "write a condition, as in arg0 == int32(1)",
				 "the expression is empty");
	return cel_fault(p, p->last.at, p->last.len, NULL, "an operand is missing after '%s'",
			 shown_token(p, &p->last));
}

/* "0X10" and "5L", as other languages have them. */
static const char *mend_number(struct cel_parser *p, const struct cel_token *t)
{
	const char *s = p->text + t->at;
	struct cel_token digits = { 0 };
	uint32_t end = t->len;

	if (t->len > SHOWN_MAX)
		return NULL;
	if (t->len > 2 && s[0] == '0' && s[1] == 'X')
		return tpc_sprintf(p->a, "write 0x%.*s", (int)t->len - 2, s + 2);
	while (end && strchr("uUlL", s[end - 1]))
		end--;
	if (end == t->len || !end)
		return NULL;
	digits = cel_lex(&(struct cel_parser){ .text = s, .len = end }, 0);
	if (digits.kind != CEL_TOK_INT || digits.len != end)
		return NULL;
	return tpc_sprintf(p->a, "write %.*s%s", (int)end, s,
			   memchr(s + end, 'u', t->len - end) || memchr(s + end, 'U', t->len - end) ? "u" :
												      "");
}

/* What is wrong wherever it stands; false: the token is one of those that CelExpr has. */
static bool fault_foreign(struct cel_parser *p)
{
	const struct cel_token *t = &p->tok;
	const char *hint = t->hint, *what = NULL;

	switch (t->kind) {
	case CEL_TOK_FOREIGN:
		what = tpc_sprintf(p->a, "'%s'", shown_token(p, t));
		break;
	case CEL_TOK_NULL:
		what = "null";
		hint = "compare with 0";
		break;
	case CEL_TOK_FLOAT:
		what = "a floating-point number";
		break;
	case CEL_TOK_STRING:
		what = "a string";
		hint = "strings are matched with Equal, Prefix and Postfix";
		break;
	case CEL_TOK_NUMBER:
		cel_fault(p, t->at, t->len, mend_number(p, t), "'%s' is not a number", shown_token(p, t));
		return true;
	case CEL_TOK_STRAY:
		cel_fault(p, t->at, t->len, NULL, "'%s' is not a part of CEL", shown_token(p, t));
		return true;
	default:
		return false;
	}
	cel_fault(p, t->at, t->len, hint, "%s is not supported in a CelExpr", what);
	return true;
}

void *cel_fault_operand(struct cel_parser *p)
{
	if (p->tok.kind == CEL_TOK_END)
		return cel_fault_end(p);
	if (fault_foreign(p))
		return NULL;
	return cel_fault(p, p->tok.at, p->tok.len, NULL, "an operand is expected, not '%s'",
			 shown_token(p, &p->tok));
}

static bool is_word(const struct cel_parser *p, const struct cel_token *t, const char *word)
{
	return t->kind == CEL_TOK_NAME &&
	       tpc_same_but_case(p->text + t->at, t->len, word, (uint32_t)strlen(word));
}

void *cel_fault_operator(struct cel_parser *p)
{
	const struct cel_token *t = &p->tok;
	const char *hint = NULL;

	if (t->kind == CEL_TOK_RIGHT)
		return cel_fault(p, t->at, t->len, NULL, "this ')' closes nothing");
	if (fault_foreign(p))
		return NULL;
	if (is_word(p, t, "and"))
		hint = "write '&&'";
	else if (is_word(p, t, "or"))
		hint = "write '||'";
	else if (t->kind == CEL_TOK_NOT)
		hint = "write '!='";
	return cel_fault(p, t->at, t->len, hint, "an operator is expected, not '%s'", shown_token(p, t));
}

static bool is_signed(enum cel_type t)
{
	return t == CEL_INT || t == CEL_INT32;
}

/* Whether a type has the number that @n is. */
static bool has_number(enum cel_type t, const struct cel_node *n)
{
	/* The one bit pattern that both have and that is two numbers. */
	if (is_signed(n->type) != is_signed(t) && (int64_t)n->value < 0)
		return false;
	return cel_extend(t, n->value) == n->value;
}

/* How @n is written as a value of type @t; NULL: it cannot be. */
static const char *mend_type(struct cel_parser *p, const struct cel_node *n, enum cel_type t)
{
	if (n->type == CEL_BOOL || t == CEL_BOOL)
		return NULL;
	if (n->op == CEL_CONST)
		return has_number(t, n) ? cel_literal(p->a, t, n->value) : NULL;
	if ((n->type == CEL_INT && t == CEL_INT32) || (n->type == CEL_UINT && t == CEL_UINT32))
		return tpc_sprintf(p->a, "%s(%s)", cel_type_name(t), cel_shown(p, n->at, n->len));
	return NULL;
}

/* For a number that @t does not have. */
static const char *hint_range(enum cel_type t)
{
	switch (t) {
	case CEL_INT:
		return "an int is from -9223372036854775808 to 9223372036854775807";
	case CEL_UINT:
		return "a uint is from 0u to 18446744073709551615u";
	case CEL_INT32:
		return "an int32 is from -2147483648 to 2147483647";
	case CEL_UINT32:
		return "a uint32 is from 0u to 4294967295u";
	default:
		return NULL;
	}
}

/* A '(' behind a name: what it is given would have to be shown too. */
static bool is_call(const struct cel_parser *p, uint32_t at)
{
	while (at < p->len && p->text[at] == ' ')
		at++;
	return at < p->len && p->text[at] == '(';
}

void *cel_fault_bits(struct cel_parser *p, const struct cel_node *left)
{
	struct cel_token t = p->tok, right = cel_lex(p, t.at + t.len);
	const char *with = "…";

	if (right.kind == CEL_TOK_INT && !right.overflow && right.value <= INT64_MAX) {
		struct cel_node n = { .op = CEL_CONST, .type = CEL_INT, .value = right.value };

		with = mend_type(p, &n, left->type);
	} else if (right.kind == CEL_TOK_UINT ||
		   (right.kind == CEL_TOK_NAME && !is_call(p, right.at + right.len))) {
		with = shown_token(p, &right);
	}
	return cel_fault(p, t.at, t.len,
			 tpc_sprintf(p->a, "write %s(%s, %s)", t.hint, cel_shown(p, left->at, left->len),
				     with ? with : "…"),
			 "'%s' is not an operator of CEL", shown_token(p, &t));
}

/* "arg0, arg1", of the variables that can be used. */
static const char *list_names(struct cel_parser *p)
{
	struct tpc_buf all = TPC_BUF(p->a);
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->nvars; i++) {
		if (p->vars[i].usable && ++n <= NAMES_MAX)
			tpc_buf_printf(&all, "%s%s", n > 1 ? ", " : "", p->vars[i].name);
	}
	if (!n)
		return "no argument can be used";
	if (n == 1)
		return tpc_sprintf(p->a, "there is only %s", tpc_buf_text(&all));
	return tpc_sprintf(p->a, "one of %s%s", tpc_buf_text(&all), n > NAMES_MAX ? ", …" : "");
}

static bool is_argument(const char *s, uint32_t len)
{
	if (len < 4 || memcmp(s, "arg", 3))
		return false;
	for (uint32_t i = 3; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
	}
	return true;
}

static const char *const functions[] = { "and", "or", "xor", "not", "int32", "uint32" };

static bool is_function(const struct cel_parser *p, const struct cel_token *t)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		if (is_word(p, t, functions[i]))
			return true;
	}
	return false;
}

void *cel_fault_name(struct cel_parser *p, const struct cel_token *name)
{
	struct tpc_suggest s = TPC_SUGGEST(p->text + name->at, name->len);
	const char *hint;

	if (is_word(p, name, "not") && p->tok.kind != CEL_TOK_LEFT)
		return cel_fault(p, name->at, name->len, "write '!'", "'not' is a function: not(a)");
	if (is_function(p, name))
		return cel_fault(p, name->at, name->len, NULL, "'%s' is a function, and no '(' follows it",
				 shown_token(p, name));
	for (uint32_t i = 0; i < p->nvars; i++)
		tpc_suggest_try(&s, p->vars[i].name);
	tpc_suggest_try(&s, "true");
	tpc_suggest_try(&s, "false");
	/* A number of an argument is not misspelled. */
	if (s.best && !is_argument(p->text + name->at, name->len))
		hint = tpc_sprintf(p->a, "did you mean '%s'?", s.best);
	else
		hint = list_names(p);
	return cel_fault(p, name->at, name->len, hint, "there is no '%s' here", shown_token(p, name));
}

void *cel_fault_function(struct cel_parser *p, const struct cel_token *name)
{
	static const char *const casts[] = { "int", "uint", "int64", "uint64" };
	struct tpc_suggest s = TPC_SUGGEST(p->text + name->at, name->len);
	const char *hint = "one of and, or, xor, not, int32, uint32";

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		tpc_suggest_try(&s, functions[i]);
	if (s.best)
		hint = tpc_sprintf(p->a, "did you mean '%s'?", s.best);
	for (size_t i = 0; i < sizeof(casts) / sizeof(casts[0]); i++) {
		if (is_word(p, name, casts[i]))
			hint = "the casts are int32() and uint32(): none leads to 64 bits";
	}
	return cel_fault(p, name->at, name->len, hint, "there is no function '%s'", shown_token(p, name));
}

static bool is_number(const struct cel_node *n)
{
	return n->op == CEL_CONST && n->type != CEL_BOOL;
}

void *cel_fault_types(struct cel_parser *p, enum cel_op op, const char *name, const struct cel_node *a,
		      const struct cel_node *b, uint32_t at, uint32_t end)
{
	bool compares = op >= CEL_EQ && op <= CEL_GE, first = is_number(a) && !is_number(b);
	const struct cel_node *wrong = first ? a : b, *other = first ? b : a;
	const char *mend, *hint;

	if (a->type == CEL_BOOL && b->type == CEL_BOOL)
		return cel_fault(p, at, end - at, compares ? NULL : "bools have &&, || and !",
				 "'%s' needs integers, and '%s' is bool", name, cel_shown(p, a->at, a->len));
	/* A number is what changes, else what a cast can change. */
	mend = mend_type(p, wrong, other->type);
	if (mend) {
		hint = tpc_sprintf(p->a, "%s %s", compares ? "compare with" : "write", mend);
	} else if (is_number(wrong)) {
		hint = hint_range(other->type);
	} else {
		mend = mend_type(p, other, wrong->type);
		hint = mend ? tpc_sprintf(p->a, "write %s", mend) : NULL;
		wrong = other;
	}
	if (hint) {
		at = wrong->at;
		end = wrong->at + wrong->len;
	}
	return cel_fault(p, at, end - at, hint, "'%s' needs operands of one type: '%s' is %s, '%s' is %s",
			 name, cel_shown(p, a->at, a->len), cel_type_name(a->type),
			 cel_shown(p, b->at, b->len), cel_type_name(b->type));
}

void *cel_fault_cast(struct cel_parser *p, enum cel_type t, const struct cel_node *n)
{
	enum cel_type from = t == CEL_INT32 ? CEL_INT : CEL_UINT;
	const char *mend = mend_type(p, n, from), *hint = NULL;

	if (n->type == t)
		hint = "leave the cast out";
	else if (n->op == CEL_CONST && mend)
		hint = tpc_sprintf(p->a, "write %s", mend);
	else if (n->type == CEL_INT || n->type == CEL_UINT)
		hint = t == CEL_INT32 ? "a uint becomes 32 bits with uint32()" :
					"an int becomes 32 bits with int32()";
	return cel_fault(p, n->at, n->len, hint, "'%s()' takes %s, and '%s' is %s", cel_type_name(t),
			 t == CEL_INT32 ? "an int" : "a uint", cel_shown(p, n->at, n->len),
			 cel_type_name(n->type));
}

void *cel_fault_not(struct cel_parser *p, const struct cel_node *n)
{
	const char *hint;

	if (p->tok.kind >= CEL_TOK_EQ && p->tok.kind <= CEL_TOK_GE)
		hint = tpc_sprintf(p->a, "put what it negates in parentheses: !(%s %s …)", cel_operand(p, n),
				   shown_token(p, &p->tok));
	else
		hint = tpc_sprintf(p->a, "write %s == %s", cel_operand(p, n), cel_literal(p->a, n->type, 0));
	return cel_fault(p, n->at, n->len, hint, "'!' needs a bool, and '%s' is %s",
			 cel_shown(p, n->at, n->len), cel_type_name(n->type));
}
