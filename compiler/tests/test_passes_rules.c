// SPDX-License-Identifier: Apache-2.0
/* Passes on terms, rules and chains before and after: what is implied, never reached, shared or not used. */
#include "tests/passes_fixture.h"

START_TEST(subsume_terms)
{
	uint16_t s = build_string(c, p), t = build_string(c, p);

	build_texts(c, p, IR_PRED_EQUAL, s, "/etc/a /etc/b");
	build_texts(c, p, IR_PRED_PREFIX, s, "/etc/ /usr/");
	build_texts(c, p, IR_PRED_POSTFIX, s, "a");
	build_texts(c, p, IR_PRED_PREFIX, t, "/etc/");
	build_texts(c, p, IR_PRED_PREFIX, s, "/etc/x/");
	build_rule(c, ch, "1 0 2 3");
	build_rule(c, ch, "!0 !1 !4");
	build_rule(c, ch, "1 4");
	build_rule(c, ch, "0 !4");
	run("canon dedupe subsume");
	expect_rules(
		"v0=\"/etc/a\",\"/etc/b\" v0$\"a\" v1^\"/etc/\" | !v0^\"/etc/\",\"/usr/\" | v0^\"/etc/x/\" | "
		"v0=\"/etc/a\",\"/etc/b\" | ; ");
}
END_TEST

START_TEST(unreachable_shadowed)
{
	uint16_t s = build_string(c, p), i = build_int(c, p, IR_FROM_ARG, 4, false);
	const struct tpc_diag *d;

	build_texts(c, p, IR_PRED_PREFIX, s, "/etc/");
	build_ranges(c, p, i, "1-9");
	build_texts(c, p, IR_PRED_EQUAL, s, "/etc/a");
	build_ranges(c, p, i, "3-20");
	build_ranges(c, p, i, "0-5");
	build_rule(c, ch, "0 1");
	build_rule(c, ch, "2");	    /* any number */
	build_rule(c, ch, "2 3 4"); /* 3-5 together: first rule */
	build_rule(c, ch, "1 !2 0");
	build_rule(c, ch, "!2 3");
	run("canon dedupe unreachable");
	expect_rules("v0^\"/etc/\" v1{1-9} | v0=\"/etc/a\" | !v0=\"/etc/a\" v1{3-20} | ; ");
	ck_assert_uint_eq(c->diags.list.len, 2);
	d = warning(0);
	ck_assert_uint_eq(d->at.off, 300);
	ck_assert_uint_eq(d->notes.len, 1);
	ck_assert_uint_eq(d->notes.items[0].at.off, 100);
	ck_assert_uint_eq(warning(1)->at.off, 400);
	ck_assert_uint_eq(ch->rules.items[2].selector, 4);
	ck_assert_uint_eq(ch->nselectors, 5);
}
END_TEST

START_TEST(unreachable_after_all)
{
	uint16_t s = build_string(c, p), i = build_int(c, p, IR_FROM_ARG, 1, false);

	build_texts(c, p, IR_PRED_PREFIX, s, "a");
	build_ranges(c, p, i, "0-255");
	build_rule(c, ch, "0");
	build_rule(c, ch, "1"); /* any number: all that come after are dead */
	build_rule(c, ch, "!0");
	build_rule(c, ch, "");
	run("canon dedupe unreachable");
	expect_rules("v0^\"a\" | v1{0-255} | ; ");
	ck_assert_uint_eq(warning(1)->notes.items[0].at.off, 200);
}
END_TEST

START_TEST(unreachable_contradiction)
{
	uint16_t s = build_string(c, p), i = build_int(c, p, IR_FROM_ARG, 1, false);
	const struct tpc_diag *d;

	build_texts(c, p, IR_PRED_EQUAL, s, "a b");
	build_texts(c, p, IR_PRED_PREFIX, s, "c");
	build_ranges(c, p, i, "0-9");
	build_ranges(c, p, i, "256");
	build_ranges(c, p, i, "4-5");
	build_ranges(c, p, i, "0-3 6-9");
	build_rule(c, ch, "2 0 1");   /* no text is both */
	build_rule(c, ch, "3");	      /* not a byte */
	build_rule(c, ch, "2 !4 !5"); /* only together */
	build_rule(c, ch, "!0 !1 !4");
	run("canon dedupe unreachable");
	expect_rules("!v0=\"a\",\"b\" !v0^\"c\" !v1{4-5} | ; ");
	ck_assert_uint_eq(c->diags.list.len, 3);
	d = warning(0);
	ck_assert_uint_eq(d->notes.len, 2);
	ck_assert_uint_eq(d->notes.items[0].at.off, 103);
	ck_assert_uint_eq(d->notes.items[1].at.off, 102);
	ck_assert_ptr_nonnull(strstr(warning(1)->msg, "can never hold"));
	ck_assert_uint_eq(warning(2)->notes.len, 0);
}
END_TEST

START_TEST(sweep_unused)
{
	uint16_t i = build_int(c, p, IR_FROM_ARG, 1, false);

	for (int n = 0; n < 4; n++)
		build_ranges(c, p, i, n == 2 ? "2" : "7");
	build_rule(c, ch, "2 3");
	run("sweep");
	ck_assert_uint_eq(p->preds.len, 2);
	expect_rules("v0{2} v0{7} | ; ");
}
END_TEST

START_TEST(hoist_shares)
{
	struct ir_program *q = build_program(c, u, IR_KPROBE, "g");
	uint16_t b, b2, s;

	p = &u->programs.items[0];
	b = build_binary(c, p);
	s = build_string(c, p);
	b2 = build_binary(c, q);
	build_texts(c, p, IR_PRED_EQUAL, b, "/a");
	build_texts(c, p, IR_PRED_EQUAL, s, "/a");
	build_texts(c, p, IR_PRED_PREFIX, b, "/a");
	build_texts(c, q, IR_PRED_PREFIX, b2, "/b");
	build_texts(c, q, IR_PRED_PREFIX, b2, "/a");
	run("canon dedupe hoist");
	ck_assert_uint_eq(u->exec_tests.len, 3);
	ck_assert_int_eq(p->preds.items[0].task_bit, 0);
	ck_assert_int_eq(p->preds.items[1].task_bit, -1);
	ck_assert_int_eq(p->preds.items[2].task_bit, 1);
	ck_assert_int_eq(q->preds.items[0].task_bit, 2);
	ck_assert_int_eq(q->preds.items[1].task_bit, 1);
	ck_assert_int_eq(u->exec_tests.items[1].kind, IR_PRED_PREFIX);
	ck_assert_str_eq(u->exec_tests.items[2].texts.items[0].s, "/b");
}
END_TEST

/* One process may answer the one question, another one the other. */
START_TEST(descent_is_of_many)
{
	struct ir_value v = { .type = IR_INT, .source = IR_FROM_PID, .size = 4, .descent = true };
	uint16_t pid = build_value(c, p, v), bin;

	v = (struct ir_value){ .type = IR_PATH, .source = IR_FROM_BINARY, .descent = true };
	bin = build_value(c, p, v);
	build_ranges(c, p, pid, "1");
	build_ranges(c, p, pid, "2");
	build_ranges(c, p, pid, "1-2");
	build_texts(c, p, IR_PRED_EQUAL, bin, "/a");
	build_texts(c, p, IR_PRED_EQUAL, bin, "/b");
	build_rule(c, ch, "0 1");
	build_rule(c, ch, "3 4 2"); /* not dead: 3 and 4 are two processes */
	build_rule(c, ch, "!0 1");
	run("canon dedupe unreachable fold subsume");
	/* What is among 1 and 2 is only dropped where one of them was found. */
	expect_rules("v0{1} v0{2} | v1=\"/a\" v1=\"/b\" v0{1-2} | !v0{1} v0{2} | ; ");
	ck_assert_uint_eq(c->diags.list.len, 0);
	teardown();
	setup();
	pid = build_value(
		c, p, (struct ir_value){ .type = IR_INT, .source = IR_FROM_PID, .size = 4, .descent = true });
	build_ranges(c, p, pid, "1");
	build_ranges(c, p, pid, "1-2");
	build_rule(c, ch, "0 1");
	build_rule(c, ch, "!0 !1");
	run("canon dedupe unreachable fold subsume");
	expect_rules("v0{1} | !v0{1-2} | ; ");
}
END_TEST

/* A rule whose return terms may fail leaves the decision to those behind it. */
START_TEST(unreachable_keeps_returns)
{
	uint16_t s = build_string(c, p), r;

	r = build_value(
		c, p,
		(struct ir_value){ .type = IR_INT, .source = IR_FROM_RETURN, .size = 4, .is_signed = true });
	build_texts(c, p, IR_PRED_PREFIX, s, "/a");
	build_texts(c, p, IR_PRED_EQUAL, s, "/a/b");
	build_ranges(c, p, r, "0");
	build_return_term(c, ch, build_rule(c, ch, "0"), 2, false);
	build_rule(c, ch, "1");
	build_return_term(c, ch, build_rule(c, ch, "1"), 2, false); /* behind the second nothing is left */
	run("canon dedupe unreachable sweep");
	expect_rules("v0^\"/a\" return v1{0} | v0=\"/a/b\" | ; ");
	ck_assert_uint_eq(c->diags.list.len, 1);
	ck_assert_uint_eq(warning(0)->at.off, 300);
}
END_TEST

START_TEST(hoist_tells_generations_apart)
{
	static const struct ir_value of[] = {
		{ .type = IR_PATH, .source = IR_FROM_BINARY },
		{ .type = IR_PATH, .source = IR_FROM_BINARY, .descent = true },
		{ .type = IR_PATH, .source = IR_FROM_PARENT_BINARY },
		{ .type = IR_PATH, .source = IR_FROM_PARENT_BINARY, .descent = true },
	};
	struct ir_program *q = build_program(c, u, IR_KPROBE, "g");

	p = &u->programs.items[0];
	for (uint32_t i = 0; i < 4; i++) {
		build_texts(c, p, IR_PRED_EQUAL, build_value(c, p, of[i]), "/a");
		build_texts(c, q, IR_PRED_EQUAL, build_value(c, q, of[3 - i]), "/a");
	}
	run("canon dedupe hoist");
	ck_assert_uint_eq(u->exec_tests.len, 4);
	for (uint32_t i = 0; i < 4; i++) {
		const struct ir_exec_test *e = &u->exec_tests.items[i];

		ck_assert_int_eq(p->preds.items[i].task_bit, (int)i);
		ck_assert_int_eq(q->preds.items[3 - i].task_bit, (int)i);
		ck_assert(e->source == of[i].source && e->descent == of[i].descent);
	}
}
END_TEST

START_TEST(hoist_limit)
{
	uint16_t b = build_binary(c, p);

	for (int i = 0; i < 63 * 64; i++)
		build_texts(c, p, IR_PRED_EQUAL, b, tpc_sprintf(c->arena, "/%d", i));
	run("hoist");
	ck_assert_uint_eq(c->diags.nerrors, 0);
	u->exec_tests.len = 0;
	build_texts(c, p, IR_PRED_EQUAL, b, "/one/more");
	run("hoist");
	ck_assert_uint_eq(c->diags.nerrors, 1);
	ck_assert_int_eq(c->diags.list.items[0]->code, TPC_E_LIMIT);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("each");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, subsume_terms);
	tcase_add_test(t, unreachable_shadowed);
	tcase_add_test(t, unreachable_after_all);
	tcase_add_test(t, unreachable_contradiction);
	tcase_add_test(t, sweep_unused);
	tcase_add_test(t, hoist_shares);
	tcase_add_test(t, descent_is_of_many);
	tcase_add_test(t, unreachable_keeps_returns);
	tcase_add_test(t, hoist_tells_generations_apart);
	tcase_add_test(t, hoist_limit);
	return run_suite("passes_rules", t);
}
