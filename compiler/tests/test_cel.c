// SPDX-License-Identifier: Apache-2.0
/* CEL expressions: how they are read, what type each part has, what they mean, and what is said of wrong ones. */
#include <string.h>

#include "base/buf.h"
#include "cel/cel.h"
#include "suite.h"

static struct tpc_arena *a;

static const struct cel_var vars[] = {
	{ "arg0", CEL_INT32, true, NULL },
	{ "arg1", CEL_UINT32, true, NULL },
	{ "arg2", CEL_INT, true, NULL },
	{ "arg3", CEL_UINT, true, NULL },
	{ "flag", CEL_BOOL, true, NULL },
	{ "arg5", CEL_INT, false, "its type is 'file', and CEL compares integers" },
};
#define NVARS (sizeof(vars) / sizeof(vars[0]))

static void setup(void)
{
	a = tpc_arena_new(64 << 20);
}

static void teardown(void)
{
	tpc_arena_free(a);
}

static const struct cel_node *parse(const char *text)
{
	struct cel_fault f = { 0 };
	const struct cel_node *n = cel_parse(a, text, (uint32_t)strlen(text), vars, NVARS, &f);

	ck_assert_msg(n != NULL, "%s: %s (%s)", text, f.what, f.hint ? f.hint : "");
	return n;
}

static const struct {
	const char *text, *printed;
} trees[] = {
	{ "true", "true" },
	{ "flag", "v4" },
	{ " ( ( flag ) ) ", "v4" },
	/* what binds more */
	{ "flag || flag && false", "v4 || (v4 && false)" },
	{ "flag && flag || false", "(v4 && v4) || false" },
	{ "(flag || flag) && false", "(v4 || v4) && false" },
	{ "!flag && flag", "(!v4) && v4" },
	{ "!flag == flag", "(!v4) == v4" },
	{ "!(flag == flag)", "!(v4 == v4)" },
	{ "arg2 == 1 && arg3 > 2u", "(v2 == 1) && (v3 > 2u)" },
	{ "arg2 + 1 - 2 < arg2 - 3", "((v2 + 1) - 2) < (v2 - 3)" },
	{ "arg2 - (1 - 2) < 3", "(v2 - (1 - 2)) < 3" },
	{ "arg2 < 1 == flag", "(v2 < 1) == v4" },
	{ "arg2<=1!=(arg2>=2)", "(v2 <= 1) != (v2 >= 2)" },
	/* chains of && and || are balanced, in their order */
	{ "flag && true && false", "(v4 && true) && false" },
	{ "flag || true || false || flag || true", "((v4 || true) || false) || (v4 || true)" },
	/* signs */
	{ "arg2 == -1", "v2 == -1" },
	{ "arg2 == - 1", "v2 == -1" },
	{ "arg2 -1 == 0", "(v2 - 1) == 0" },
	{ "arg2 - -1 == 0", "(v2 - -1) == 0" },
	{ "--arg2 == --1", "v2 == 1" },
	{ "!!flag", "v4" },
	{ "!!!flag", "!v4" },
	{ "!(!flag)", "!(!v4)" },
	/* numbers */
	{ "arg2 == 0x1F", "v2 == 31" },
	{ "arg2 == -0x10", "v2 == -16" },
	{ "arg2 == 010", "v2 == 10" },
	{ "arg3 == 0xffffffffffffffffu", "v3 == 18446744073709551615u" },
	{ "arg3 == 7U", "v3 == 7u" },
	{ "arg2 == 9223372036854775807", "v2 == 9223372036854775807" },
	{ "arg2 == -9223372036854775808", "v2 == -9223372036854775808" },
	{ "arg0 == int32(-1)", "v0 == int32(-1)" },
	{ "arg0 == int32(4294967295)", "v0 == int32(-1)" },
	{ "arg1 == uint32(17179869190u)", "v1 == uint32(6u)" },
	/* functions */
	{ "and(arg3, 4u) == 4u", "and(v3, 4u) == 4u" },
	{ "or(arg0, arg0) != xor(not(arg0), arg0)", "or(v0, v0) != xor(not(v0), v0)" },
	{ "int32(arg2) == int32(arg2 + 1)", "int32(v2) == int32(v2 + 1)" },
	{ "uint32(arg3) == not(arg1)", "uint32(v3) == not(v1)" },
	/* space and comments */
	{ "arg2\n\t==\r\f1 // one\n && flag // two", "(v2 == 1) && v4" },
};

START_TEST(trees_are_as_cel_has_them)
{
	ck_assert_str_eq(cel_print(a, parse(trees[_i].text)), trees[_i].printed);
}
END_TEST

static enum cel_type type_in(const char *text)
{
	const struct cel_node *n = parse(text);

	ck_assert_int_eq(n->type, CEL_BOOL);
	return n->a->type;
}

START_TEST(parts_have_types)
{
	ck_assert_int_eq(type_in("arg0 == arg0"), CEL_INT32);
	ck_assert_int_eq(type_in("arg1 - arg1 == arg1"), CEL_UINT32);
	ck_assert_int_eq(type_in("and(arg2, 1) == 1"), CEL_INT);
	ck_assert_int_eq(type_in("not(arg3) + 1u == 1u"), CEL_UINT);
	ck_assert_int_eq(type_in("int32(arg2) == arg0"), CEL_INT32);
	ck_assert_int_eq(type_in("uint32(arg3) == arg1"), CEL_UINT32);
	ck_assert_int_eq(type_in("(1 == 1) == (2 > 1)"), CEL_BOOL);
	ck_assert_str_eq(cel_type_name(CEL_BOOL), "bool");
	ck_assert_str_eq(cel_type_name(CEL_UINT32), "uint32");
}
END_TEST

static const char *apply(uint32_t op, const char *l, const char *r)
{
	static const char *const names[] = { "==", "!=", "<", "<=",  ">",  ">=", "&&",
					     "||", "+",	 "-", "and", "or", "xor" };

	if (op < 8)
		return tpc_sprintf(a, "%s %s %s", l, names[op], r);
	if (op < 10)
		return tpc_sprintf(a, "%s %s %s == %s", l, names[op], r, l);
	return tpc_sprintf(a, "%s(%s, %s) == %s", names[op], l, r, l);
}

/* Every operator with every pair of types: allowed exactly when both are the same and it takes them. */
START_TEST(operands_have_one_type)
{
	for (uint32_t i = 0; i < 5 * 5 * 13; i++) {
		const struct cel_var *l = &vars[i % 5], *r = &vars[i / 5 % 5];
		uint32_t op = i / 25;
		bool logic = op == 6 || op == 7;
		bool want = l == r && (l->type == CEL_BOOL ? op < 2 || logic : !logic);
		const char *text = apply(op, l->name, r->name);
		struct cel_fault f = { 0 };
		const struct cel_node *n = cel_parse(a, text, (uint32_t)strlen(text), vars, NVARS, &f);

		ck_assert_msg(want == (n != NULL), "%s: %s", text, f.what);
	}
}
END_TEST

static void expect_text(const char *text, const struct cel_node *n, const char *want)
{
	ck_assert_uint_eq(n->len, strlen(want));
	ck_assert_msg(!strncmp(text + n->at, want, n->len), "%.*s, not %s", (int)n->len, text + n->at, want);
}

START_TEST(parts_know_their_text)
{
	const char *text = " !( arg2 + - 1 == (arg2) ) && int32( 7 ) < arg0 || flag ";
	const struct cel_node *n = parse(text);

	expect_text(text, n, "!( arg2 + - 1 == (arg2) ) && int32( 7 ) < arg0 || flag");
	expect_text(text, n->a, "!( arg2 + - 1 == (arg2) ) && int32( 7 ) < arg0");
	expect_text(text, n->a->a, "!( arg2 + - 1 == (arg2) )");
	expect_text(text, n->a->a->a, "arg2 + - 1 == (arg2)");
	expect_text(text, n->a->a->a->a, "arg2 + - 1");
	expect_text(text, n->a->a->a->a->b, "- 1");
	expect_text(text, n->a->a->a->b, "arg2");
	expect_text(text, n->a->b->a, "int32( 7 )");
	expect_text(text, n->b, "flag");
}
END_TEST

static const struct {
	const char *text;
	uint64_t want;
} values[] = {
	/* in 32 bits */
	{ "int32(2147483647) + int32(1) == int32(-2147483648)", 1 },
	{ "int32(-2147483648) - int32(1) == int32(2147483647)", 1 },
	{ "uint32(4294967295u) + uint32(1u) == uint32(0u)", 1 },
	{ "uint32(0u) - uint32(1u) == uint32(4294967295u)", 1 },
	{ "uint32(0u) - uint32(1u) > uint32(4u)", 1 },
	{ "int32(0) - int32(1) > int32(4)", 0 },
	{ "not(uint32(0u)) == uint32(4294967295u)", 1 },
	{ "not(int32(0)) == int32(-1)", 1 },
	{ "int32(2147483647) + int32(1) < int32(0)", 1 },
	{ "int32(8589934593) == int32(1)", 1 },
	/* in 64 bits */
	{ "9223372036854775807 + 1 == -9223372036854775808", 1 },
	{ "-9223372036854775808 - 1 == 9223372036854775807", 1 },
	{ "18446744073709551615u + 1u == 0u", 1 },
	{ "0u - 1u == 18446744073709551615u", 1 },
	{ "not(0u) == 18446744073709551615u", 1 },
	{ "not(0) == -1", 1 },
	{ "2147483647 + 1 == 2147483648", 1 },
	/* signed and unsigned */
	{ "-1 < 0", 1 },
	{ "18446744073709551615u < 0u", 0 },
	{ "int32(-1) < int32(0)", 1 },
	{ "uint32(4294967295u) < uint32(0u)", 0 },
	{ "-1 <= -1 && -1 >= -1 && !(-1 < -1) && !(-1 > -1)", 1 },
	{ "1u <= 2u && !(1u >= 2u) && 1u < 2u && !(1u > 2u) && 1u != 2u && !(1u == 2u)", 1 },
	{ "-2 <= 1 && !(-2 >= 1) && -2 < 1 && !(-2 > 1) && -2 != 1", 1 },
	/* bits */
	{ "and(12u, 10u) == 8u && or(12u, 10u) == 14u && xor(12u, 10u) == 6u", 1 },
	{ "and(-1, 0xff) == 255", 1 },
	{ "xor(int32(-1), int32(1)) == int32(-2)", 1 },
	/* bools */
	{ "true && false", 0 },
	{ "true || false", 1 },
	{ "!true", 0 },
	{ "!false", 1 },
	{ "true == true", 1 },
	{ "true != true", 0 },
	{ "false == true", 0 },
	/* variables: int32 -5, uint32 4000000000, int -5, uint 2^64 - 5, bool true */
	{ "arg0 == int32(-5) && arg0 < int32(0)", 1 },
	{ "arg0 - int32(2147483647) == int32(2147483644)", 1 },
	{ "arg1 == uint32(4000000000u) && arg1 > uint32(5u)", 1 },
	{ "arg1 + arg1 == uint32(3705032704u)", 1 },
	{ "arg2 == -5 && int32(arg2) == arg0", 1 },
	{ "arg3 > 5u && uint32(arg3) == uint32(4294967291u)", 1 },
	{ "flag && !!flag", 1 },
};

START_TEST(values_are_as_the_kernel_has_them)
{
	static const uint64_t given[] = { (uint64_t)-5, 4000000000, (uint64_t)-5, (uint64_t)-5, 1, 0 };

	ck_assert_uint_eq(cel_eval(parse(values[_i].text), given), values[_i].want);
}
END_TEST

static char *repeat(const char *s, uint32_t n)
{
	struct tpc_buf b = TPC_BUF(a);

	while (n--)
		tpc_buf_puts(&b, s);
	return b.data;
}

static char *join(const char *x, const char *y, const char *z)
{
	return tpc_sprintf(a, "%s%s%s", x, y, z);
}

/* The deepest and, with one level more, the first that is too deep. */
static void expect_limit(const char *fine, const char *too_deep, const char *what)
{
	struct cel_fault f = { 0 };
	uint64_t none[NVARS] = { 0 };

	ck_assert_uint_le(parse(fine)->depth, CEL_DEPTH_MAX);
	cel_eval(parse(fine), none);
	cel_print(a, parse(fine));
	ck_assert_ptr_null(cel_parse(a, too_deep, (uint32_t)strlen(too_deep), vars, NVARS, &f));
	ck_assert_str_eq(f.what, what);
	ck_assert_uint_le(f.at + f.len, strlen(too_deep));
}

START_TEST(depth_is_limited)
{
	const char *nested = "parentheses are nested deeper than 64 levels";
	const char *deep = "the expression is deeper than 64 levels";

	expect_limit(join(repeat("(", 64), "flag", repeat(")", 64)),
		     join(repeat("(", 65), "flag", repeat(")", 65)), nested);
	expect_limit(join(repeat("!(", 63), "flag", repeat(")", 63)),
		     join(repeat("!(", 64), "flag", repeat(")", 64)), deep);
	expect_limit(join("1 == 1", repeat("+1", 62), ""), join("1 == 1", repeat("+1", 63), ""), deep);
	expect_limit(join("1 == 1", repeat("== true", 62), ""), join("1 == 1", repeat("== true", 63), ""),
		     deep);
	expect_limit(join("0 == ", join(repeat("not(", 62), "1", repeat(")", 62)), ""),
		     join("0 == ", join(repeat("not(", 63), "1", repeat(")", 63)), ""), deep);
	/* without their ends too */
	expect_limit("flag", repeat("(", CEL_TEXT_MAX), nested);
	expect_limit("flag", repeat("not(", CEL_TEXT_MAX / 4), nested);
}
END_TEST

START_TEST(long_chains_are_not_deep)
{
	static const char *const joints[] = { "&&", "||" };
	uint64_t one[NVARS] = { 1, 1, 1, 1, 1, 1 };

	for (uint32_t i = 0; i < 2; i++) {
		const char *most = join(repeat(join("flag", joints[i], ""), CEL_TEXT_MAX / 6), "flag", "");
		const struct cel_node *n = parse(most);

		ck_assert_uint_gt(strlen(most), CEL_TEXT_MAX - 8);
		ck_assert_uint_le(n->depth, 11);
		ck_assert_uint_eq(cel_eval(n, one), 1);
		ck_assert_uint_eq(n->len, strlen(most));
	}
	ck_assert_str_eq(cel_print(a, parse(join(repeat("!", CEL_TEXT_MAX - 5), "flag", ""))), "!v4");
	ck_assert_str_eq(cel_print(a, parse(join(repeat("-", CEL_TEXT_MAX - 6), "1 == 1", ""))), "1 == 1");
	ck_assert_str_eq(cel_print(a, parse(join(repeat(" ", CEL_TEXT_MAX - 4), "flag", ""))), "v4");
}
END_TEST

/* Whatever the bytes are: a tree, or a fault within the text. */
static bool survives(const char *text, uint32_t len)
{
	uint64_t given[NVARS] = { 1, 2, 3, 4, 1, 5 };
	/* Of exactly this size, so that a sanitizer sees the first byte too many. */
	char *copy = malloc(len ? len : 1);
	const struct cel_node *n;
	struct cel_fault f = { 0 };

	memcpy(copy, text, len);
	n = cel_parse(a, copy, len, vars, NVARS, &f);
	if (n) {
		ck_assert_uint_le(cel_eval(n, given), 1);
		ck_assert_uint_le(n->at + n->len, len);
		cel_print(a, n);
	} else {
		ck_assert_ptr_nonnull(f.what);
		ck_assert_uint_le(f.at + f.len, len);
	}
	free(copy);
	return n != NULL;
}

START_TEST(hostile_texts_are_survived)
{
	const char *text = "!(arg2 + - 0x1 == and(arg2, 4)) && 'a' in r\"b\" || 1.5e-3 ≠ arg9 & 7u";
	char bytes[] = "flag && ? || flag";

	for (uint32_t len = 0; len <= strlen(text); len++)
		for (uint32_t at = 0; at <= len; at++)
			survives(text + at, len - at);
	for (int c = 0; c < 256; c++) {
		bytes[8] = (char)c;
		ck_assert(!survives(bytes, sizeof(bytes) - 1));
	}
	survives("flag\0", 5);
	survives("\0", 1);
	survives("'\\", 2);
	survives("\"\"\"", 3);
	survives("\xe2\x89", 2);
	survives("0x", 2);
	survives("//", 2);
	ck_assert(!survives(repeat("x", CEL_TEXT_MAX + 1), CEL_TEXT_MAX + 1));
	ck_assert(!survives(repeat("9", CEL_TEXT_MAX), CEL_TEXT_MAX));
	ck_assert(!survives(repeat("\xff", CEL_TEXT_MAX), CEL_TEXT_MAX));
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("cel");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, trees_are_as_cel_has_them, 0, sizeof(trees) / sizeof(trees[0]));
	tcase_add_test(t, parts_have_types);
	tcase_add_test(t, operands_have_one_type);
	tcase_add_test(t, parts_know_their_text);
	tcase_add_loop_test(t, values_are_as_the_kernel_has_them, 0, sizeof(values) / sizeof(values[0]));
	tcase_add_test(t, depth_is_limited);
	tcase_add_test(t, long_chains_are_not_deep);
	tcase_add_test(t, hostile_texts_are_survived);
	return run_suite("cel", t);
}
