// SPDX-License-Identifier: Apache-2.0
/* Every row of templates/knowledge/checks/ has code that asks, and all that asks has a row. */
#include "review/review_impl.h"
#include "suite.h"

static struct tpc_ctx ctx;
static struct knowledge known;

static void setup(void)
{
	ck_assert_int_eq(tpc_ctx_init(&ctx, (size_t)64 << 20), 0);
	knowledge_read(&ctx, NULL, 0, &known);
}

static void teardown(void)
{
	tpc_ctx_done(&ctx);
}

START_TEST(checks_have_rows)
{
	const struct rv_check *k;

	for (uint32_t i = 0; (k = rv_check_at(i)); i++) {
		ck_assert_msg(know_check_find(&known, k->code) != NULL, "%s has no row", k->code);
		ck_assert_msg(k->of_policy || k->of_hook || k->of_rule, "%s asks nothing", k->code);
	}
}
END_TEST

START_TEST(rows_have_checks)
{
	for (uint32_t i = 0; i < known.checks.len; i++) {
		const struct rv_check *k = NULL;
		uint32_t n = 0;

		for (uint32_t j = 0; (k = rv_check_at(j)); j++)
			n += !strcmp(k->code, known.checks.items[i]->code.s);
		ck_assert_msg(n == 1, "%s is asked %u times", known.checks.items[i]->code.s, n);
	}
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("catalogue");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, checks_have_rows);
	tcase_add_test(t, rows_have_checks);
	return run_suite("review_checks", t);
}
