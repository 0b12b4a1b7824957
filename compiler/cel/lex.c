// SPDX-License-Identifier: Apache-2.0
/* Text to tokens, one at a time and without memory: what is wrong is a token too, which the parser names. */
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "cel/cel_impl.h"

/* The longest comes first. */
static const struct {
	char text[4];
	enum cel_tok kind;
	const char *hint;
} operators[] = {
	{ "===", CEL_TOK_FOREIGN, "write '=='" },
	{ "!==", CEL_TOK_FOREIGN, "write '!='" },
	{ "&&", CEL_TOK_AND, NULL },
	{ "||", CEL_TOK_OR, NULL },
	{ "==", CEL_TOK_EQ, NULL },
	{ "!=", CEL_TOK_NE, NULL },
	{ "<=", CEL_TOK_LE, NULL },
	{ ">=", CEL_TOK_GE, NULL },
	{ "<>", CEL_TOK_FOREIGN, "write '!='" },
	{ "=<", CEL_TOK_FOREIGN, "write '<='" },
	{ "=>", CEL_TOK_FOREIGN, "write '>='" },
	{ "<<", CEL_TOK_FOREIGN, "write the number shifted" },
	{ ">>", CEL_TOK_FOREIGN, "leave the bits in their place: and(x, 0xf0u) == 0x10u" },
	{ "<", CEL_TOK_LT, NULL },
	{ ">", CEL_TOK_GT, NULL },
	{ "(", CEL_TOK_LEFT, NULL },
	{ ")", CEL_TOK_RIGHT, NULL },
	{ ",", CEL_TOK_COMMA, NULL },
	{ "!", CEL_TOK_NOT, NULL },
	{ "-", CEL_TOK_MINUS, NULL },
	{ "+", CEL_TOK_PLUS, NULL },
	{ "&", CEL_TOK_BITS, "and" },
	{ "|", CEL_TOK_BITS, "or" },
	{ "^", CEL_TOK_BITS, "xor" },
	{ "~", CEL_TOK_FOREIGN, "write not()" },
	{ "=", CEL_TOK_FOREIGN, "write '=='" },
	{ "*", CEL_TOK_FOREIGN, "there are + and -" },
	{ "/", CEL_TOK_FOREIGN, "there are + and -" },
	{ "%", CEL_TOK_FOREIGN, "there are + and -, and and() for a power of two" },
	{ "?", CEL_TOK_FOREIGN, "write (c && x) || (!c && y)" },
	{ ":", CEL_TOK_FOREIGN, NULL },
	{ ".", CEL_TOK_FOREIGN, "the argument's 'resolve' reads a field" },
	{ "[", CEL_TOK_FOREIGN, "there are no lists: compare one by one, with ||" },
	{ "]", CEL_TOK_FOREIGN, NULL },
	{ "{", CEL_TOK_FOREIGN, "there are no maps" },
	{ "}", CEL_TOK_FOREIGN, NULL },
};

static bool is_hex(char c)
{
	return tpc_digit_of(c) < 16;
}

static bool is_name(char c)
{
	return tpc_is_alnum(c) || c == '_';
}

/* The byte at @at, 0 behind the end. */
static char peek(const struct cel_parser *p, uint32_t at)
{
	return at < p->len ? p->text[at] : 0;
}

/* White space and comments, which reach to the end of their line. */
static uint32_t skip_space(const struct cel_parser *p, uint32_t at)
{
	for (;;) {
		if (at < p->len && p->text[at] && strchr(" \t\r\n\f", p->text[at])) {
			at++;
		} else if (peek(p, at) == '/' && peek(p, at + 1) == '/') {
			while (at < p->len && p->text[at] != '\n')
				at++;
		} else {
			return at;
		}
	}
}

static uint32_t skip_digits(const struct cel_parser *p, uint32_t at)
{
	while (tpc_is_digit(peek(p, at)))
		at++;
	return at;
}

/* The end of a floating-point number at @at, or @at: 1.5 .5 1e5 1.5e-5 */
static uint32_t skip_float(const struct cel_parser *p, uint32_t at)
{
	uint32_t end = skip_digits(p, at), exponent;
	bool is_float = false;

	if (peek(p, end) == '.' && tpc_is_digit(peek(p, end + 1))) {
		is_float = true;
		end = skip_digits(p, end + 1);
	}
	if (end > at && (peek(p, end) == 'e' || peek(p, end) == 'E')) {
		exponent = end + 1;
		if (peek(p, exponent) == '+' || peek(p, exponent) == '-')
			exponent++;
		if (tpc_is_digit(peek(p, exponent))) {
			is_float = true;
			end = skip_digits(p, exponent);
		}
	}
	return is_float ? end : at;
}

/* Decimal, even when it begins with 0, or hexadecimal behind 0x; u or U behind it make a uint. */
static void lex_number(const struct cel_parser *p, struct cel_token *t)
{
	bool hex = peek(p, t->at) == '0' && peek(p, t->at + 1) == 'x' && is_hex(peek(p, t->at + 2));
	uint32_t end = hex ? t->at + 2 : t->at;

	for (; hex ? is_hex(peek(p, end)) : tpc_is_digit(peek(p, end)); end++) {
		if (__builtin_mul_overflow(t->value, hex ? 16 : 10, &t->value) ||
		    __builtin_add_overflow(t->value, (uint64_t)tpc_digit_of(p->text[end]), &t->value))
			t->overflow = true;
	}
	t->kind = CEL_TOK_INT;
	if (peek(p, end) == 'u' || peek(p, end) == 'U') {
		t->kind = CEL_TOK_UINT;
		end++;
	}
	if (is_name(peek(p, end)))
		t->kind = CEL_TOK_NUMBER;
	while (is_name(peek(p, end)))
		end++;
	t->len = end - t->at;
}

/* The end of the string whose quote is at @at; that of the text when it is not closed. */
static uint32_t skip_string(const struct cel_parser *p, uint32_t at)
{
	char quote = p->text[at];
	bool triple = peek(p, at + 1) == quote && peek(p, at + 2) == quote;

	for (at += triple ? 3 : 1; at < p->len; at++) {
		if (p->text[at] == '\\')
			at++;
		else if (p->text[at] == quote && !triple)
			return at + 1;
		else if (p->text[at] == quote && peek(p, at + 1) == quote && peek(p, at + 2) == quote)
			return at + 3;
	}
	return p->len;
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'';
}

/* A name, a word of the language, or a string with letters before it: r"", b'' */
static void lex_name(const struct cel_parser *p, struct cel_token *t)
{
	static const struct {
		const char *word;
		enum cel_tok kind;
		const char *hint;
	} words[] = {
		{ "true", CEL_TOK_TRUE, NULL },
		{ "false", CEL_TOK_FALSE, NULL },
		{ "null", CEL_TOK_NULL, NULL },
		{ "in", CEL_TOK_FOREIGN, "there are no lists: compare one by one, with ||" },
	};
	uint32_t end = t->at;

	while (is_name(peek(p, end)))
		end++;
	t->kind = CEL_TOK_NAME;
	t->len = end - t->at;
	if (t->len <= 2 && strchr("rRbB", p->text[t->at]) && is_quote(peek(p, end))) {
		t->kind = CEL_TOK_STRING;
		t->len = skip_string(p, end) - t->at;
		return;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (tpc_text_is(p->text + t->at, t->len, words[i].word)) {
			t->kind = words[i].kind;
			t->hint = words[i].hint;
		}
	}
}

static bool lex_operator(const struct cel_parser *p, struct cel_token *t)
{
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		uint32_t len = (uint32_t)strlen(operators[i].text);

		if (len > p->len - t->at || memcmp(operators[i].text, p->text + t->at, len))
			continue;
		t->kind = operators[i].kind;
		t->len = len;
		t->hint = operators[i].hint;
		return true;
	}
	return false;
}

struct cel_token cel_lex(const struct cel_parser *p, uint32_t at)
{
	struct cel_token t = { .at = skip_space(p, at) };
	uint32_t ch;
	char c;

	if (t.at >= p->len)
		return t;
	c = p->text[t.at];
	t.len = skip_float(p, t.at) - t.at;
	if (t.len) {
		t.kind = CEL_TOK_FLOAT;
	} else if (tpc_is_digit(c)) {
		lex_number(p, &t);
	} else if (is_name(c)) {
		lex_name(p, &t);
	} else if (is_quote(c)) {
		t.kind = CEL_TOK_STRING;
		t.len = skip_string(p, t.at) - t.at;
	} else if (!lex_operator(p, &t)) {
		t.kind = CEL_TOK_STRAY;
		t.len = tpc_utf8_decode(p->text + t.at, p->len - t.at, &ch);
		t.len = t.len ? t.len : 1;
	}
	return t;
}
