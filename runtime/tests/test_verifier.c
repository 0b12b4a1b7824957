// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "support.h"
#include "verifier.h"

static const char log_new[] = "0: R1=ctx() R10=fp0\n"
			      "; - index: 0 @ policy.yaml:12\n"
			      "0: (18) r3 = 0xffffc90000176000       ; R3=map_value\n"
			      "; operator: \"Prefix @ x\" @ policy.yaml:17\n"
			      "12: (79) r7 = *(u64 *)(r1 +16384)\n"
			      "invalid bpf_context access off=16384 size=8\n"
			      "processed 6 insns (limit 1000000) max_states_per_insn 0\n";

START_TEST(last_place)
{
	char file[32] = "";
	uint32_t line = 0;

	ck_assert(verifier_last_place(log_new, file, sizeof(file), &line));
	ck_assert_str_eq(file, "policy.yaml");
	ck_assert_uint_eq(line, 17);
	ck_assert(!verifier_last_place("", file, sizeof(file), &line));
	ck_assert(!verifier_last_place("; if (a) @ b\n0: (95) exit\n", file, sizeof(file), &line));
	ck_assert(!verifier_last_place("; only text\n@ a:7\n; x @ a:", file, sizeof(file), &line));
	ck_assert(verifier_last_place("; x @ a-file-with-a-name-that-is-far-too-long.yaml:3:9", file,
				      sizeof(file), &line));
	ck_assert_uint_eq(line, 3);
	ck_assert_uint_eq(strlen(file), sizeof(file) - 1);
}
END_TEST

START_TEST(last_insn)
{
	ck_assert_int_eq(verifier_last_insn(log_new), 12);
	ck_assert_int_eq(verifier_last_insn(""), -1);
	ck_assert_int_eq(verifier_last_insn("R1 type=ctx\n7: R1=ctx()\n"), -1);
	ck_assert_int_eq(verifier_last_insn("99999999999999999999: (95) exit"), INT64_MAX);
}
END_TEST

START_TEST(tail)
{
	ck_assert_str_eq(verifier_tail("a\nb\nc\nprocessed 3 insns\n", 2), "b\nc\nprocessed 3 insns\n");
	ck_assert_str_eq(verifier_tail("a", 15), "a");
	ck_assert_str_eq(verifier_tail("", 15), "");
	ck_assert_str_eq(verifier_tail("a\nb", 2), "a\nb");
	ck_assert_uint_eq(verifier_body("b\nc\nprocessed 3 insns\n"), 3);
	ck_assert_uint_eq(verifier_body("b\nc"), 3);
	ck_assert_uint_eq(verifier_body(""), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("rt_verifier");
	TCase *t = tcase_create("verifier");

	tcase_add_test(t, last_place);
	tcase_add_test(t, last_insn);
	tcase_add_test(t, tail);
	suite_add_tcase(s, t);
	return support_run(s);
}
