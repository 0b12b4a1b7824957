// SPDX-License-Identifier: Apache-2.0
/* The reference evaluator on the hand-built sample: from rules and from its graph, which must agree. */
#include <check.h>
#include <stdlib.h>

#include "ir_sample.h"

static struct tpc_ctx ctx;

static void setup(void)
{
	ck_assert_int_eq(tpc_ctx_init(&ctx, 16 << 20), 0);
}

static void teardown(void)
{
	tpc_ctx_done(&ctx);
}

static struct ir_input_value text(const char *s)
{
	if (!s)
		return (struct ir_input_value){ .absent = true };
	return (struct ir_input_value){ .bytes = s, .len = (uint32_t)strlen(s) };
}

#define NO (-1)

static const struct {
	int64_t flags;
	const char *file, *binary; /* NULL: absent */
	int first, second;	   /* rule that fires in each chain */
} events[] = {
	{ 0, "/tmp/x", "/usr/bin/cat", 0, NO },
	{ 2, "/tmp/x", "/usr/bin/cat", 0, NO },
	{ 3, "/tmp/x", "/usr/bin/cat", NO, NO },
	{ -5, "/tmp/x", "/usr/bin/cat", 0, 0 }, /* -5 has bit 0x40 */
	{ -4, "/tmp/x", "/usr/bin/cat", NO, 0 },
	{ 0x40, "/tmp/x", "/usr/bin/cat", NO, 0 },
	{ 0, "/etc/passwd", "/usr/bin/cat", 1, NO },
	{ 0x40, "/etc/passwd", "/usr/bin/cat", 1, 0 },
	{ 0, "/etc/passwd", "/usr/bin/catt", NO, NO },
	{ 0, "/etc/passwd", NULL, NO, NO },
	{ 0, "/etc/", "/usr/bin/cat", 1, NO },
	{ 0, "/etc", "/usr/bin/cat", 0, NO },
	{ 0, "", "/usr/bin/cat", 0, NO },
	{ 0, NULL, "/usr/bin/cat", 0, NO }, /* no path: the negated term holds */
	{ 3, NULL, "/usr/bin/cat", NO, NO },
};
#define NEVENTS (sizeof(events) / sizeof(events[0]))

static void expect(const struct ir_verdict *v, int rule, const char *how)
{
	ck_assert_msg(v->fired == (rule != NO), "event %d %s", (int)v->rule, how);
	if (rule != NO)
		ck_assert_msg(v->rule == (uint32_t)rule && v->selector == v->rule, "rule %d %s", (int)v->rule,
			      how);
}

START_TEST(verdicts)
{
	struct ir_input_value values[SAMPLE_NVALUES] = {
		[SAMPLE_FLAGS] = { .num = (uint64_t)events[_i].flags },
		[SAMPLE_FILE] = text(events[_i].file),
	};
	struct ir_input in = { .values = values, .binary = text(events[_i].binary) };
	struct ir_unit *u = sample_unit(&ctx);
	struct ir_verdict v[2];

	ir_eval(u, &u->programs.items[0], &in, v);
	expect(&v[0], events[_i].first, "from rules");
	expect(&v[1], events[_i].second, "from rules");
	sample_finish(&ctx, u);
	ir_eval(u, &u->programs.items[0], &in, v);
	expect(&v[0], events[_i].first, "from the graph");
	expect(&v[1], events[_i].second, "from the graph");
}
END_TEST

static bool in_range(bool is_signed, uint64_t lo, uint64_t hi, uint64_t num)
{
	struct ir_range r = { lo, hi };
	struct ir_pred p = { .kind = IR_PRED_RANGES, .ranges = { .items = &r, .len = 1, .cap = 1 } };
	struct ir_value v = { .type = IR_INT, .is_signed = is_signed };
	struct ir_input_value in = { .num = num };

	return ir_eval_pred(&p, &v, &in);
}

START_TEST(ranges_compare_by_signedness)
{
	uint64_t minus = (uint64_t)INT64_C(-1);

	ck_assert(in_range(true, minus, 1, 0));
	ck_assert(!in_range(false, 1, minus - 1, 0));
	ck_assert(in_range(false, 1, minus, minus));
	ck_assert(!in_range(true, 1, INT64_MAX, minus));
	ck_assert(in_range(true, (uint64_t)INT64_MIN, minus, (uint64_t)INT64_MIN));
	ck_assert(!in_range(true, (uint64_t)INT64_MIN, minus, 0));
	ck_assert(in_range(false, 0, minus, 12345));
}
END_TEST

static bool text_pred(enum ir_pred_kind kind, const char *want, const char *got, uint32_t len)
{
	struct ir_text t[2] = { { .s = "zz", .len = 2 }, { .s = want, .len = (uint32_t)strlen(want) } };
	struct ir_pred p = { .kind = kind, .texts = { .items = t, .len = 2, .cap = 2 } };
	struct ir_value v = { .type = IR_BYTES };
	struct ir_input_value in = { .bytes = got, .len = len };

	return ir_eval_pred(&p, &v, &in);
}

START_TEST(texts_compare_by_bytes)
{
	ck_assert(text_pred(IR_PRED_EQUAL, "abc", "abc", 3));
	ck_assert(!text_pred(IR_PRED_EQUAL, "abc", "abcd", 4));
	ck_assert(!text_pred(IR_PRED_EQUAL, "abc", "ab", 2));
	ck_assert(!text_pred(IR_PRED_EQUAL, "abc", "abc\0", 4));
	ck_assert(text_pred(IR_PRED_PREFIX, "abc", "abc\0x", 5));
	ck_assert(text_pred(IR_PRED_PREFIX, "abc", "zz", 2)); /* values are ORed */
	ck_assert(!text_pred(IR_PRED_PREFIX, "abc", "xabc", 4));
	ck_assert(text_pred(IR_PRED_POSTFIX, "abc", "xabc", 4));
	ck_assert(text_pred(IR_PRED_POSTFIX, "abc", "abc", 3));
	ck_assert(!text_pred(IR_PRED_POSTFIX, "abc", "abcx", 4));
	ck_assert(!text_pred(IR_PRED_POSTFIX, "abc", "bc", 2));
	ck_assert(!text_pred(IR_PRED_POSTFIX, "abc", NULL, 0));
}
END_TEST

START_TEST(mask_takes_any_bit)
{
	struct ir_pred p = { .kind = IR_PRED_MASK, .mask = 0x201 };
	struct ir_value v = { .type = IR_INT };
	struct ir_input_value in = { .num = 0x200 };

	ck_assert(ir_eval_pred(&p, &v, &in));
	in.num = 0x102;
	ck_assert(!ir_eval_pred(&p, &v, &in));
	in = (struct ir_input_value){ .absent = true, .num = 0x200 };
	ck_assert(!ir_eval_pred(&p, &v, &in));
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("eval");
	Suite *s = suite_create("ir_eval");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, verdicts, 0, (int)NEVENTS);
	tcase_add_test(t, ranges_compare_by_signedness);
	tcase_add_test(t, texts_compare_by_bytes);
	tcase_add_test(t, mask_takes_any_bit);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
