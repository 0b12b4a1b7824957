// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/text.h"
#include "frontend/scalar.h"

static bool is_one_of(const struct tpc_node *n, const char *const *words, size_t nwords)
{
	for (size_t i = 0; i < nwords; i++) {
		if (tpc_text_is(n->s, n->len, words[i]))
			return true;
	}
	return false;
}

#define IS_ONE_OF(n, words) is_one_of(n, words, sizeof(words) / sizeof((words)[0]))

static bool read_bool(const struct tpc_node *n, bool *ret)
{
	static const char *const yes[] = { "y",	   "Y",	   "yes", "Yes", "YES", "true",
					   "True", "TRUE", "on",  "On",	 "ON" };
	static const char *const no[] = { "n",	   "N",	    "no",  "No",  "NO", "false",
					  "False", "FALSE", "off", "Off", "OFF" };

	if (n->len > 5)
		return false;
	*ret = IS_ONE_OF(n, yes);
	return *ret || IS_ONE_OF(n, no);
}

/* The base a prefix asks for; *s moves behind it. */
static int read_base(const char **s, const char *end)
{
	char c = end - *s > 1 && **s == '0' ? (*s)[1] : 0;

	if (c == 'x' || c == 'X' || c == 'o' || c == 'O' || c == 'b' || c == 'B') {
		*s += 2;
		return c == 'x' || c == 'X' ? 16 : c == 'o' || c == 'O' ? 8 : 2;
	}
	return c ? 8 : 10;
}

static bool read_int(const struct tpc_node *n, struct tpc_scalar *ret)
{
	const char *s = n->s, *end = n->s + n->len;
	bool negative = false, any = false;
	uint64_t v = 0, most;
	int base;

	if (s < end && (*s == '-' || *s == '+'))
		negative = *s++ == '-';
	base = read_base(&s, end);
	for (; s < end; s++) {
		if (*s == '_')
			continue;
		if (tpc_digit_of(*s) >= base)
			return false;
		any = true;
		if (__builtin_mul_overflow(v, (uint64_t)base, &v) ||
		    __builtin_add_overflow(v, (uint64_t)tpc_digit_of(*s), &v)) {
			ret->overflow = true;
			v = UINT64_MAX / 32;
		}
	}
	if (!any)
		return false;
	most = negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX;
	if (v > most)
		ret->overflow = true;
	if (ret->overflow)
		v = most;
	ret->i = negative ? (int64_t)(0 - v) : (int64_t)v;
	return true;
}

static const char *skip_digits(const char *s, const char *end)
{
	while (s < end && *s >= '0' && *s <= '9')
		s++;
	return s;
}

static bool is_float(const struct tpc_node *n)
{
	static const char *const words[] = { ".inf",  ".Inf",  ".INF",	"+.inf", "+.Inf", "+.INF",
					     "-.inf", "-.Inf", "-.INF", ".nan",	 ".NaN",  ".NAN" };
	const char *s = n->s, *end = n->s + n->len, *digits;

	if (IS_ONE_OF(n, words))
		return true;
	if (s < end && (*s == '-' || *s == '+'))
		s++;
	digits = s;
	s = skip_digits(s, end);
	if (s < end && *s == '.')
		s = skip_digits(s + 1, end);
	if (s == digits || (s == digits + 1 && *digits == '.'))
		return false;
	if (s < end && (*s == 'e' || *s == 'E')) {
		s++;
		if (s < end && (*s == '-' || *s == '+'))
			s++;
		digits = s;
		s = skip_digits(s, end);
		if (s == digits)
			return false;
	}
	return s == end;
}

static bool is_null(const struct tpc_node *n)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL" };

	return IS_ONE_OF(n, words);
}

struct tpc_scalar tpc_scalar_resolve(const struct tpc_node *n)
{
	struct tpc_scalar ret = { .kind = TPC_SCALAR_TEXT };
	bool plain = !n->quoted && n->tag == TPC_TAG_NONE;

	if (!n->len && !plain)
		return ret;
	if (n->tag == TPC_TAG_NULL || (plain && is_null(n)))
		ret.kind = TPC_SCALAR_NULL;
	else if ((plain || n->tag == TPC_TAG_BOOL) && read_bool(n, &ret.b))
		ret.kind = TPC_SCALAR_BOOL;
	else if (!plain && n->tag != TPC_TAG_INT && n->tag != TPC_TAG_FLOAT)
		return ret;
	else if (!strchr("+-.0123456789", n->s[0]))
		return ret;
	else if (n->tag != TPC_TAG_FLOAT && read_int(n, &ret))
		ret.kind = TPC_SCALAR_INT;
	else if (n->tag != TPC_TAG_INT && is_float(n))
		ret.kind = TPC_SCALAR_FLOAT;
	return ret;
}

bool tpc_node_is_null(const struct tpc_node *n)
{
	return n->kind == TPC_NODE_SCALAR && tpc_scalar_resolve(n).kind == TPC_SCALAR_NULL;
}
