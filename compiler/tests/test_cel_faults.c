// SPDX-License-Identifier: Apache-2.0
/* What is said of wrong expressions: the part of the text, the sentence and the mend. */
#include <string.h>

#include "cel/cel.h"
#include "suite.h"

static const struct cel_var vars[] = {
	{ "arg0", CEL_INT32, true, NULL },
	{ "arg1", CEL_UINT32, true, NULL },
	{ "arg2", CEL_INT, true, NULL },
	{ "arg3", CEL_UINT, true, NULL },
	{ "flag", CEL_BOOL, true, NULL },
	{ "arg5", CEL_INT, false, "its type is 'file', and CEL compares integers" },
};

static const struct {
	const char *text;
	uint32_t at;
	const char *part, *what, *hint;
} faults[] = {
	{ "", 0, "", "the expression is empty", "write a condition, as in arg0 == int32(1)" },
	{ "// only a comment", 0, "// only a comment", "the expression is empty",
	  "write a condition, as in arg0 == int32(1)" },
	{ "arg0 == 1", 8, "1", "'==' needs operands of one type: 'arg0' is int32, '1' is int",
	  "compare with int32(1)" },
	{ "1 == arg0", 0, "1", "'==' needs operands of one type: '1' is int, 'arg0' is int32",
	  "compare with int32(1)" },
	{ "arg0 == -1", 8, "-1", "'==' needs operands of one type: 'arg0' is int32, '-1' is int",
	  "compare with int32(-1)" },
	{ "arg1 == 1", 8, "1", "'==' needs operands of one type: 'arg1' is uint32, '1' is int",
	  "compare with uint32(1u)" },
	{ "arg1 < -1", 7, "-1", "'<' needs operands of one type: 'arg1' is uint32, '-1' is int",
	  "a uint32 is from 0u to 4294967295u" },
	{ "arg1 == 4294967296", 8, "4294967296",
	  "'==' needs operands of one type: 'arg1' is uint32, '4294967296' is int",
	  "a uint32 is from 0u to 4294967295u" },
	{ "arg2 == 1u", 8, "1u", "'==' needs operands of one type: 'arg2' is int, '1u' is uint",
	  "compare with 1" },
	{ "arg2 == 18446744073709551615u", 8, "18446744073709551615u",
	  "'==' needs operands of one type: 'arg2' is int, '18446744073709551615u' is uint",
	  "an int is from -9223372036854775808 to 9223372036854775807" },
	{ "arg3 == 1", 8, "1", "'==' needs operands of one type: 'arg3' is uint, '1' is int",
	  "compare with 1u" },
	{ "arg3 >= -1", 8, "-1", "'>=' needs operands of one type: 'arg3' is uint, '-1' is int",
	  "a uint is from 0u to 18446744073709551615u" },
	{ "arg0 == arg2", 8, "arg2", "'==' needs operands of one type: 'arg0' is int32, 'arg2' is int",
	  "compare with int32(arg2)" },
	{ "arg2 == arg0", 0, "arg2", "'==' needs operands of one type: 'arg2' is int, 'arg0' is int32",
	  "write int32(arg2)" },
	{ "arg1 == arg3", 8, "arg3", "'==' needs operands of one type: 'arg1' is uint32, 'arg3' is uint",
	  "compare with uint32(arg3)" },
	{ "arg0 == arg1", 0, "arg0 == arg1",
	  "'==' needs operands of one type: 'arg0' is int32, 'arg1' is uint32", NULL },
	{ "arg2 == arg3", 0, "arg2 == arg3", "'==' needs operands of one type: 'arg2' is int, 'arg3' is uint",
	  NULL },
	{ "arg0 + 1 == arg0", 7, "1", "'+' needs operands of one type: 'arg0' is int32, '1' is int",
	  "write int32(1)" },
	{ "arg3 + 1 == arg3", 7, "1", "'+' needs operands of one type: 'arg3' is uint, '1' is int",
	  "write 1u" },
	{ "and(arg0, 4) == int32(4)", 10, "4",
	  "'and()' needs operands of one type: 'arg0' is int32, '4' is int", "write int32(4)" },
	{ "and(arg0, arg1) == int32(4)", 0, "and(arg0, arg1)",
	  "'and()' needs operands of one type: 'arg0' is int32, 'arg1' is uint32", NULL },
	{ "flag == 1", 0, "flag == 1", "'==' needs operands of one type: 'flag' is bool, '1' is int", NULL },
	{ "flag + flag == flag", 0, "flag + flag", "'+' needs integers, and 'flag' is bool",
	  "bools have &&, || and !" },
	{ "flag < flag", 0, "flag < flag", "'<' needs integers, and 'flag' is bool", NULL },
	{ "and(flag, flag)", 0, "and(flag, flag)", "'and()' needs integers, and 'flag' is bool",
	  "bools have &&, || and !" },
	{ "not(flag)", 4, "flag", "'not()' needs an integer, and 'flag' is bool", "write !flag" },
	{ "arg0", 0, "arg0", "a condition needs a bool, and 'arg0' is int32",
	  "compare it: arg0 != int32(0)" },
	{ "arg2 + 1", 0, "arg2 + 1", "a condition needs a bool, and 'arg2 + 1' is int",
	  "compare it: (arg2 + 1) != 0" },
	{ "1", 0, "1", "a condition needs a bool, and '1' is int", "compare it: 1 != 0" },
	{ "arg2 && flag", 0, "arg2", "'&&' needs a bool, and 'arg2' is int", "compare it: arg2 != 0" },
	{ "flag || arg0 + arg0", 8, "arg0 + arg0", "'||' needs a bool, and 'arg0 + arg0' is int32",
	  "compare it: (arg0 + arg0) != int32(0)" },
	{ "flag && 1 && flag", 8, "1", "'&&' needs a bool, and '1' is int", "compare it: 1 != 0" },
	{ "arg2 == 1 == 1", 0, "arg2 == 1 == 1",
	  "'==' needs operands of one type: 'arg2 == 1' is bool, '1' is int", NULL },
	{ "!arg2", 1, "arg2", "'!' needs a bool, and 'arg2' is int", "write arg2 == 0" },
	{ "!arg2 == 1", 1, "arg2", "'!' needs a bool, and 'arg2' is int",
	  "put what it negates in parentheses: !(arg2 == …)" },
	{ "!and(arg3, 4u)", 1, "and(arg3, 4u)", "'!' needs a bool, and 'and(arg3, 4u)' is uint",
	  "write and(arg3, 4u) == 0u" },
	{ "!!arg2 == 1", 2, "arg2", "'!' needs a bool, and 'arg2' is int",
	  "put what it negates in parentheses: !(arg2 == …)" },
	{ "-arg2 == 1", 0, "-arg2", "a minus sign can only stand before a literal int", "write 0 - arg2" },
	{ "-arg0 == arg0", 0, "-arg0", "a minus sign can only stand before a literal int",
	  "write int32(0) - arg0" },
	{ "-1u == arg3", 0, "-1u", "a minus sign can only stand before a literal int", "write 0u - 1u" },
	{ "-(arg2 + 1) == 1", 0, "-(arg2 + 1)", "a minus sign can only stand before a literal int",
	  "write 0 - (arg2 + 1)" },
	{ "---1 == 1", 0, "---1", "a minus sign can only stand before a literal int", "write 0 - 1" },
	{ "-flag", 1, "flag", "'-' needs an integer, and 'flag' is bool", NULL },
	{ "--flag", 2, "flag", "'-' needs an integer, and 'flag' is bool", NULL },
	{ "!-arg2", 1, "-arg2", "a minus sign can only stand before a literal int", "write 0 - arg2" },
	{ "arg9 == 1", 0, "arg9", "there is no 'arg9' here", "one of arg0, arg1, arg2, arg3, flag" },
	{ "arg == 1", 0, "arg", "there is no 'arg' here", "did you mean 'arg0'?" },
	{ "agr2 == 1", 0, "agr2", "there is no 'agr2' here", "did you mean 'arg2'?" },
	{ "flga", 0, "flga", "there is no 'flga' here", "did you mean 'flag'?" },
	{ "True", 0, "True", "there is no 'True' here", "did you mean 'true'?" },
	{ "if == 1", 0, "if", "there is no 'if' here", "one of arg0, arg1, arg2, arg3, flag" },
	{ "x == 1", 0, "x", "there is no 'x' here", "one of arg0, arg1, arg2, arg3, flag" },
	{ "arg5 == 1", 0, "arg5", "'arg5' cannot be used: its type is 'file', and CEL compares integers",
	  NULL },
	{ "Arg2 == 1", 0, "Arg2", "there is no 'Arg2' here", "did you mean 'arg2'?" },
	{ "int32 == arg0", 0, "int32", "'int32' is a function, and no '(' follows it", NULL },
	{ "not flag", 0, "not", "'not' is a function: not(a)", "write '!'" },
	{ "flag and flag", 5, "and", "an operator is expected, not 'and'", "write '&&'" },
	{ "flag or flag", 5, "or", "an operator is expected, not 'or'", "write '||'" },
	{ "flag AND flag", 5, "AND", "an operator is expected, not 'AND'", "write '&&'" },
	{ "int(arg0) == 1", 0, "int", "there is no function 'int'",
	  "the casts are int32() and uint32(): none leads to 64 bits" },
	{ "uint64(arg1) == 1u", 0, "uint64", "there is no function 'uint64'",
	  "the casts are int32() and uint32(): none leads to 64 bits" },
	{ "size(arg0) == 1", 0, "size", "there is no function 'size'",
	  "one of and, or, xor, not, int32, uint32" },
	{ "int23(1) == arg0", 0, "int23", "there is no function 'int23'", "did you mean 'int32'?" },
	{ "Int32(1) == arg0", 0, "Int32", "there is no function 'Int32'", "did you mean 'int32'?" },
	{ "arg0(1) == 1", 0, "arg0", "there is no function 'arg0'",
	  "one of and, or, xor, not, int32, uint32" },
	{ "xnor(arg2, 1) == 1", 0, "xnor", "there is no function 'xnor'", "did you mean 'xor'?" },
	{ "and(arg2) == 1", 0, "and(arg2)", "'and()' takes 2 operands, and 1 is given", NULL },
	{ "and(arg2, 1, 2) == 1", 0, "and(arg2, 1, 2)", "'and()' takes 2 operands, and 3 are given", NULL },
	{ "int32() == arg0", 0, "int32()", "'int32()' takes 1 operand, and 0 are given", NULL },
	{ "not(arg2, 1) == 1", 0, "not(arg2, 1)", "'not()' takes 1 operand, and 2 are given", NULL },
	{ "int32(arg0) == arg0", 6, "arg0", "'int32()' takes an int, and 'arg0' is int32",
	  "leave the cast out" },
	{ "int32(1u) == arg0", 6, "1u", "'int32()' takes an int, and '1u' is uint", "write 1" },
	{ "uint32(1) == arg1", 7, "1", "'uint32()' takes a uint, and '1' is int", "write 1u" },
	{ "uint32(-1) == arg1", 7, "-1", "'uint32()' takes a uint, and '-1' is int",
	  "an int becomes 32 bits with int32()" },
	{ "int32(18446744073709551615u) == arg0", 6, "18446744073709551615u",
	  "'int32()' takes an int, and '18446744073709551615u' is uint",
	  "a uint becomes 32 bits with uint32()" },
	{ "int32(arg3) == arg0", 6, "arg3", "'int32()' takes an int, and 'arg3' is uint",
	  "a uint becomes 32 bits with uint32()" },
	{ "uint32(arg2) == arg1", 7, "arg2", "'uint32()' takes a uint, and 'arg2' is int",
	  "an int becomes 32 bits with int32()" },
	{ "int32(arg1) == arg0", 6, "arg1", "'int32()' takes an int, and 'arg1' is uint32", NULL },
	{ "int32(flag) == arg0", 6, "flag", "'int32()' takes an int, and 'flag' is bool", NULL },
	{ "arg3 & 4u == 4u", 5, "&", "'&' is not an operator of CEL", "write and(arg3, 4u)" },
	{ "arg0 & 4 == 4", 5, "&", "'&' is not an operator of CEL", "write and(arg0, int32(4))" },
	{ "(arg3 & 4u) == 4u", 6, "&", "'&' is not an operator of CEL", "write and(arg3, 4u)" },
	{ "arg3 + 1u | arg3", 10, "|", "'|' is not an operator of CEL", "write or(arg3 + 1u, arg3)" },
	{ "arg3 ^ flag == 4u", 5, "^", "'^' is not an operator of CEL", "write xor(arg3, flag)" },
	{ "arg3 & (1u) == 1u", 5, "&", "'&' is not an operator of CEL", "write and(arg3, …)" },
	{ "& arg0", 0, "&", "an operand is expected, not '&'", NULL },
	{ "arg3 & -1", 5, "&", "'&' is not an operator of CEL", "write and(arg3, …)" },
	{ "~arg0 == int32(1)", 0, "~", "'~' is not supported in a CelExpr", "write not()" },
	{ "arg2 = 1", 5, "=", "'=' is not supported in a CelExpr", "write '=='" },
	{ "arg2 === 1", 5, "===", "'===' is not supported in a CelExpr", "write '=='" },
	{ "arg2 !== 1", 5, "!==", "'!==' is not supported in a CelExpr", "write '!='" },
	{ "arg2 <> 1", 5, "<>", "'<>' is not supported in a CelExpr", "write '!='" },
	{ "arg2 =< 1", 5, "=<", "'=<' is not supported in a CelExpr", "write '<='" },
	{ "arg2 => 1", 5, "=>", "'=>' is not supported in a CelExpr", "write '>='" },
	{ "arg2 << 1 == 2", 5, "<<", "'<<' is not supported in a CelExpr", "write the number shifted" },
	{ "arg2 >> 1 == 2", 5, ">>", "'>>' is not supported in a CelExpr",
	  "leave the bits in their place: and(x, 0xf0u) == 0x10u" },
	{ "arg2 * 2 == 2", 5, "*", "'*' is not supported in a CelExpr", "there are + and -" },
	{ "arg2 / 2 == 2", 5, "/", "'/' is not supported in a CelExpr", "there are + and -" },
	{ "arg2 % 2 == 2", 5, "%", "'%' is not supported in a CelExpr",
	  "there are + and -, and and() for a power of two" },
	{ "flag ? true : false", 5, "?", "'?' is not supported in a CelExpr", "write (c && x) || (!c && y)" },
	{ "arg2 in [1, 2]", 5, "in", "'in' is not supported in a CelExpr",
	  "there are no lists: compare one by one, with ||" },
	{ "[1, 2] == 1", 0, "[", "'[' is not supported in a CelExpr",
	  "there are no lists: compare one by one, with ||" },
	{ "{} == 1", 0, "{", "'{' is not supported in a CelExpr", "there are no maps" },
	{ "arg2.pid == 1", 4, ".", "'.' is not supported in a CelExpr",
	  "the argument's 'resolve' reads a field" },
	{ "arg2[0] == 1", 4, "[", "'[' is not supported in a CelExpr",
	  "there are no lists: compare one by one, with ||" },
	{ ".arg2 == 1", 0, ".", "'.' is not supported in a CelExpr",
	  "the argument's 'resolve' reads a field" },
	{ "flag == null", 8, "null", "null is not supported in a CelExpr", "compare with 0" },
	{ "arg2 == 1.5", 8, "1.5", "a floating-point number is not supported in a CelExpr", NULL },
	{ "arg2 == .5", 8, ".5", "a floating-point number is not supported in a CelExpr", NULL },
	{ "arg2 == 1e5", 8, "1e5", "a floating-point number is not supported in a CelExpr", NULL },
	{ "-1.5 == arg2", 1, "1.5", "a floating-point number is not supported in a CelExpr", NULL },
	{ "arg2 == \"x\"", 8, "\"x\"", "a string is not supported in a CelExpr",
	  "strings are matched with Equal, Prefix and Postfix" },
	{ "arg2 == 'x", 8, "'x", "a string is not supported in a CelExpr",
	  "strings are matched with Equal, Prefix and Postfix" },
	{ "r\"a\" == arg2", 0, "r\"a\"", "a string is not supported in a CelExpr",
	  "strings are matched with Equal, Prefix and Postfix" },
	{ "b'a' == arg2", 0, "b'a'", "a string is not supported in a CelExpr",
	  "strings are matched with Equal, Prefix and Postfix" },
	{ "\"a\" + \"b\"", 0, "\"a\"", "a string is not supported in a CelExpr",
	  "strings are matched with Equal, Prefix and Postfix" },
	{ "arg2 == 0X10", 8, "0X10", "'0X10' is not a number", "write 0x10" },
	{ "arg2 == 5L", 8, "5L", "'5L' is not a number", "write 5" },
	{ "arg3 == 5ul", 8, "5ul", "'5ul' is not a number", "write 5u" },
	{ "arg2 == 0xL", 8, "0xL", "'0xL' is not a number", NULL },
	{ "arg2 == 12abc", 8, "12abc", "'12abc' is not a number", NULL },
	{ "arg2 == 9223372036854775808", 8, "9223372036854775808",
	  "'9223372036854775808' does not fit into the 64 bits of an int",
	  "as a uint it is 9223372036854775808u" },
	{ "arg2 == -9223372036854775809", 8, "-9223372036854775809",
	  "'-9223372036854775809' does not fit into the 64 bits of an int", NULL },
	{ "arg3 == 18446744073709551616u", 8, "18446744073709551616u",
	  "'18446744073709551616u' does not fit into the 64 bits of a uint", NULL },
	{ "arg2 == 99999999999999999999999", 8, "99999999999999999999999",
	  "'99999999999999999999999' does not fit into the 64 bits of an int", NULL },
	{ "arg2 == ", 5, "==", "an operand is missing after '=='", NULL },
	{ "arg2 +", 5, "+", "an operand is missing after '+'", NULL },
	{ "flag &&", 5, "&&", "an operand is missing after '&&'", NULL },
	{ "(", 0, "(", "an operand is missing after '('", NULL },
	{ "int32(", 5, "(", "an operand is missing after '('", NULL },
	{ "flag && || flag", 8, "||", "an operand is expected, not '||'", NULL },
	{ "== 1", 0, "==", "an operand is expected, not '=='", NULL },
	{ "(flag", 0, "(", "this '(' is not closed", "add ')'" },
	{ "(flag && (arg2 == 1)", 0, "(", "this '(' is not closed", "add ')'" },
	{ "flag)", 4, ")", "this ')' closes nothing", NULL },
	{ "flag, flag", 4, ",", "an operator is expected, not ','", NULL },
	{ "(flag, flag)", 5, ",", "')' is expected, not ','", NULL },
	{ "int32(1, == 1", 9, "==", "an operand is expected, not '=='", NULL },
	{ "int32(1 == arg0", 6, "1", "'==' needs operands of one type: '1' is int, 'arg0' is int32",
	  "compare with int32(1)" },
	{ "()", 1, ")", "an operand is expected, not ')'", NULL },
	{ "arg2 arg2", 5, "arg2", "an operator is expected, not 'arg2'", NULL },
	{ "arg2 5", 5, "5", "an operator is expected, not '5'", NULL },
	{ "flag !flag", 5, "!", "an operator is expected, not '!'", "write '!='" },
	{ "flag (flag)", 0, "flag", "there is no function 'flag'",
	  "one of and, or, xor, not, int32, uint32" },
	{ "5(1)", 1, "(", "an operator is expected, not '('", NULL },
	{ "arg2 == 1;", 9, ";", "';' is not a part of CEL", NULL },
	{ "arg2 == 1 # c", 10, "#", "'#' is not a part of CEL", NULL },
	{ "arg2 ≠ 1", 5, "≠", "'≠' is not a part of CEL", NULL },
	{ "arg2 == $x", 8, "$", "'$' is not a part of CEL", NULL },
	{ "`arg2` == 1", 0, "`", "'`' is not a part of CEL", NULL },
	{ "flag @", 5, "@", "'@' is not a part of CEL", NULL },
	{ "arg3 & 99999999999999999999999", 5, "&", "'&' is not an operator of CEL", "write and(arg3, …)" },
	{ "arg2 == 01u", 8, "01u", "'==' needs operands of one type: 'arg2' is int, '01u' is uint",
	  "compare with 1" },
	{ "if (arg2 == 1)", 0, "if", "there is no function 'if'", "one of and, or, xor, not, int32, uint32" },
};

static void expect(struct tpc_arena *a, uint32_t i, uint32_t nvars)
{
	const char *text = faults[i].text;
	struct cel_fault f = { 0 };

	ck_assert_ptr_null(cel_parse(a, text, (uint32_t)strlen(text), vars, nvars, &f));
	ck_assert_str_eq(f.what, faults[i].what);
	ck_assert_str_eq(f.hint ? f.hint : "", faults[i].hint ? faults[i].hint : "");
	ck_assert_msg(f.at == faults[i].at && f.len == strlen(faults[i].part) &&
			      !strncmp(text + f.at, faults[i].part, f.len),
		      "%s: at %u: %.*s", text, f.at, (int)f.len, text + f.at);
}

START_TEST(faults_say_where_and_how)
{
	struct tpc_arena *a = tpc_arena_new(16 << 20);

	expect(a, (uint32_t)_i, sizeof(vars) / sizeof(vars[0]));
	tpc_arena_free(a);
}
END_TEST

START_TEST(hints_name_what_there_is)
{
	struct tpc_arena *a = tpc_arena_new(16 << 20);
	struct cel_fault f;

	ck_assert_ptr_null(cel_parse(a, "x == 1", 6, vars, 0, &f));
	ck_assert_str_eq(f.hint, "no argument can be used");
	ck_assert_ptr_null(cel_parse(a, "x == 1", 6, vars, 1, &f));
	ck_assert_str_eq(f.hint, "there is only arg0");
	ck_assert_ptr_null(cel_parse(a, "x == 1", 6, vars + 4, 2, &f));
	ck_assert_str_eq(f.hint, "there is only flag");
	tpc_arena_free(a);
}
END_TEST

/* A message holds no more of the text than a person reads, and no half characters. */
START_TEST(messages_are_short)
{
	struct tpc_arena *a = tpc_arena_new(16 << 20);
	char text[CEL_TEXT_MAX + 1];
	struct cel_fault f;

	memset(text, 'x', sizeof(text));
	ck_assert_ptr_null(cel_parse(a, text, CEL_TEXT_MAX, vars, 1, &f));
	ck_assert_str_eq(f.what, "there is no 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…' here");
	ck_assert_uint_eq(f.len, CEL_TEXT_MAX);
	ck_assert_ptr_null(cel_parse(a, text, CEL_TEXT_MAX + 1, vars, 1, &f));
	ck_assert_str_eq(f.what, "the expression has 4097 bytes, more than 4096");
	ck_assert_uint_eq(f.at, CEL_TEXT_MAX);
	ck_assert_uint_eq(f.len, 1);
	/* Of a comment that is 38 bytes into an operand. */
	strcpy(text, "arg0 //2345678901234567890123456789012\xe2\x89\xa0\n + arg0");
	ck_assert_ptr_null(cel_parse(a, text, (uint32_t)strlen(text), vars, 1, &f));
	ck_assert_str_eq(f.what,
			 "a condition needs a bool, and 'arg0 //2345678901234567890123456789012…' is int32");
	ck_assert_ptr_null(cel_parse(a, "arg0 \x01", 6, vars, 1, &f));
	ck_assert_str_eq(f.what, "'\\x01' is not a part of CEL");
	tpc_arena_free(a);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("cel_faults");

	tcase_add_loop_test(t, faults_say_where_and_how, 0, sizeof(faults) / sizeof(faults[0]));
	tcase_add_test(t, hints_name_what_there_is);
	tcase_add_test(t, messages_are_short);
	return run_suite("cel_faults", t);
}
