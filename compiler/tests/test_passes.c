// SPDX-License-Identifier: Apache-2.0
/* Passes on predicates before and after, on rules built for what they should and should not do. */
#include "tests/passes_fixture.h"

START_TEST(canon_ranges)
{
	uint16_t byte = build_int(c, p, IR_FROM_ARG, 1, false), sbyte = build_int(c, p, IR_FROM_ARG, 1, true);
	uint16_t word = build_int(c, p, IR_FROM_ARG, 8, true), uword = build_int(c, p, IR_FROM_ARG, 8, false);

	build_ranges(c, p, byte, "300 7 9-400 1-2 3");
	build_ranges(c, p, sbyte, "-1 -200~-100 0 127-1000");
	build_ranges(c, p, word, "5 -9223372036854775808~-3");
	build_ranges(c, p, uword, "18446744073709551615 0-1 3-18446744073709551614");
	build_ranges(c, p, byte, "256-999");
	build_rule(c, ch, "0 1 2 3 4 0");
	run("canon");
	expect_rules("v0{1-3,7,9-255} v1{-128~-100,-1~0,127} v2{-9223372036854775808~-3,5} "
		     "v3{0-1,3-18446744073709551615} v0{} | ; ");
}
END_TEST

START_TEST(canon_masks)
{
	uint16_t byte = build_int(c, p, IR_FROM_ARG, 1, false), sbyte = build_int(c, p, IR_FROM_ARG, 1, true);
	uint16_t word = build_int(c, p, IR_FROM_ARG, 8, false);

	build_mask(c, p, byte, 0x100);
	build_mask(c, p, byte, 0x101);
	build_mask(c, p, byte, 0xfff);
	build_mask(c, p, sbyte, 0x100);
	build_mask(c, p, word, UINT64_C(1) << 63);
	build_mask(c, p, word, 0);
	build_rule(c, ch, "0 1 2 3 4 5");
	run("canon");
	expect_rules("v0{} v0&1 v0{1-255} v1&80 v2&8000000000000000 v2{} | ; ");
}
END_TEST

START_TEST(dedupe_texts)
{
	uint16_t s = build_string(c, p);

	build_texts(c, p, IR_PRED_EQUAL, s, "b a b ab");
	build_texts(c, p, IR_PRED_PREFIX, s, "/etc/x /etc /usr /etc /etc0 /us");
	build_texts(c, p, IR_PRED_POSTFIX, s, "b.so .so a.c .so xa.c c");
	build_rule(c, ch, "0 1 2");
	run("canon dedupe");
	expect_rules("v0=\"a\",\"ab\",\"b\" v0^\"/etc\",\"/us\" v0$\".so\",\"c\" | ; ");
}
END_TEST

START_TEST(dedupe_preds)
{
	uint16_t s = build_string(c, p), i = build_int(c, p, IR_FROM_ARG, 4, true);

	build_texts(c, p, IR_PRED_EQUAL, s, "a b");
	build_ranges(c, p, i, "1-2 3");
	build_texts(c, p, IR_PRED_EQUAL, s, "b a");
	build_texts(c, p, IR_PRED_PREFIX, s, "a b");
	build_ranges(c, p, i, "1-3");
	build_rule(c, ch, "2 1 0 4");
	build_rule(c, ch, "!2 3 !4");
	run("canon dedupe");
	expect_rules("v0=\"a\",\"b\" v1{1~3} | !v0=\"a\",\"b\" v0^\"a\",\"b\" !v1{1~3} | ; ");
	ck_assert_uint_eq(p->preds.len, 3);
	ck_assert_uint_eq(p->values.len, 2);
}
END_TEST

START_TEST(fold_intersects)
{
	uint16_t i = build_int(c, p, IR_FROM_ARG, 4, true), s = build_string(c, p);

	build_ranges(c, p, i, "6-2147483647");
	build_ranges(c, p, i, "-2147483648~9");
	build_ranges(c, p, i, "7");
	build_texts(c, p, IR_PRED_EQUAL, s, "a");
	build_rule(c, ch, "0 3 1 !2");
	build_rule(c, ch, "!0 !1");
	build_rule(c, ch, "3 !0 !2");
	run("canon dedupe fold");
	expect_rules("v0{6,8~9} v1=\"a\" | v0{} | v1=\"a\" v0{-2147483648~5} | ; ");
}
END_TEST

START_TEST(fold_absent)
{
	uint16_t reg = build_int(c, p, IR_FROM_ARG, 1, false), field;

	p->kind = IR_TRACEPOINT;
	field = build_int(c, p, IR_FROM_FIELD, 1, false);
	build_ranges(c, p, reg, "0-255");
	build_ranges(c, p, field, "0-255");
	build_ranges(c, p, reg, "0-4 6-255");
	build_ranges(c, p, field, "0-4 6-255");
	build_ranges(c, p, field, "");
	build_ranges(c, p, field, "1 9");
	build_rule(c, ch, "0 1");  /* a register is always there, a field may not be */
	build_rule(c, ch, "2 3");  /* "not 5" is shorter, but holds for what is absent */
	build_rule(c, ch, "!4 0"); /* two terms that always hold, side by side */
	build_rule(c, ch, "!5 !3");
	build_rule(c, ch, "!1"); /* holds where it is absent */
	run("canon dedupe fold");
	expect_rules("v1{0-255} | !v0{5} v1{0-4,6-255} | | !v1{0-4,6-255} | !v1{0-255} | ; ");
}
END_TEST

/* What says that a value is there says as much as a positive term, and is dropped beside one. */
START_TEST(presence)
{
	uint16_t field, s;

	p->kind = IR_TRACEPOINT;
	field = build_int(c, p, IR_FROM_FIELD, 1, false);
	s = build_value(c, p, (struct ir_value){ .type = IR_STRING, .source = IR_FROM_FIELD, .max = 64 });
	build_ranges(c, p, field, "0-4");
	build_ranges(c, p, field, "3-255");
	build_pred(c, p, IR_PRED_PRESENT, field);
	build_texts(c, p, IR_PRED_EQUAL, s, "a");
	build_pred(c, p, IR_PRED_PRESENT, s);
	build_ranges(c, p, field, "0-255");
	build_rule(c, ch, "!0 2"); /* neither says what the other does */
	build_rule(c, ch, "!0 !1 2");
	build_rule(c, ch, "1 2");
	build_rule(c, ch, "!3 4");
	build_rule(c, ch, "4 3");
	build_rule(c, ch, "!5 2"); /* never */
	run("canon dedupe unreachable fold subsume");
	expect_rules("!v0{0-4} v0+ | v0{3-255} | !v1=\"a\" v1+ | v1=\"a\" | ; ");
}
END_TEST

START_TEST(fold_shares)
{
	uint16_t i = build_int(c, p, IR_FROM_ARG, 4, false);

	build_ranges(c, p, i, "3-4294967295");
	build_ranges(c, p, i, "0-5");
	build_ranges(c, p, i, "3-5");
	build_rule(c, ch, "0 1");
	build_rule(c, ch, "1 0");
	build_rule(c, ch, "2");
	run("canon dedupe fold sweep");
	expect_rules("v0{3-5} | v0{3-5} | v0{3-5} | ; ");
	ck_assert_uint_eq(p->preds.len, 1);
}
END_TEST

START_TEST(dedupe_nets)
{
	uint16_t s = build_value(c, p, (struct ir_value){ .type = IR_SOCKET, .source = IR_FROM_ARG });
	uint16_t a = build_value(
		c, p,
		(struct ir_value){
			.type = IR_ADDR, .source = IR_FROM_VALUE, .facet = IR_FACET_DADDR, .base = s });

	build_nets(c, p, a,
		   "10.2.0.0/16 10.0.0.0/8 10.1.2.3/32 9.0.0.0/8 10.0.0.0/8 11.0.0.0/8 10.255.255.255/32");
	build_nets(c, p, a, "a00::/8 10.0.0.0/8");
	build_nets(c, p, a, "0.0.0.0/0 ::/0 ::1/128 1.2.3.4/32");
	build_nets(c, p, a, "10.0.0.0/8 a00::/8 10.9.0.0/16 a00::5/128");
	build_nets(c, p, a, "10.0.0.0/9 10.128.0.0/9"); /* both halves stay two */
	build_rule(c, ch, "0 1 !3 2 4");
	run("canon dedupe");
	expect_rules("v1@9.0.0.0/8,10.0.0.0/8,11.0.0.0/8 v1@10.0.0.0/8,a00::/8 !v1@10.0.0.0/8,a00::/8 "
		     "v1@0.0.0.0/0,::/0 v1@10.0.0.0/9,10.128.0.0/9 | ; ");
	ck_assert_uint_eq(p->preds.len, 4);
	ck_assert_ptr_null(ir_check(c, u, IR_HAS_FOLDED | IR_HAS_UNIQUE));
}
END_TEST

START_TEST(dedupe_substrings)
{
	uint16_t s = build_string(c, p);

	build_texts(c, p, IR_PRED_SUBSTRING, s, "key keys b a key");
	build_texts(c, p, IR_PRED_SUBSTRING_CASE, s, "key keys KEY");
	build_rule(c, ch, "0 1");
	run("canon dedupe");
	expect_rules("v0~\"a\",\"b\",\"key\" v0?\"KEY\",\"key\" | ; ");
}
END_TEST

/* What a text contains: two parts do not exclude each other, and equality, beginnings and ends tell of them. */
START_TEST(substrings_relate)
{
	uint16_t s = build_string(c, p);

	build_texts(c, p, IR_PRED_SUBSTRING, s, "a");
	build_texts(c, p, IR_PRED_SUBSTRING, s, "b");
	build_texts(c, p, IR_PRED_EQUAL, s, "xax");
	build_texts(c, p, IR_PRED_PREFIX, s, "ya");
	build_texts(c, p, IR_PRED_SUBSTRING_CASE, s, "A");
	build_texts(c, p, IR_PRED_SUBSTRING, s, "ba");
	build_rule(c, ch, "0 1");
	build_rule(c, ch, "4 2 0");
	build_rule(c, ch, "2 1");    /* dead */
	build_rule(c, ch, "3 0 !4"); /* dead: what begins with "ya" contains "A" in any case */
	build_rule(c, ch, "!0 !5 1");
	build_rule(c, ch, "4 !0"); /* in another case it may be */
	run("canon dedupe unreachable subsume");
	expect_rules("v0~\"a\" v0~\"b\" | v0=\"xax\" | !v0~\"a\" v0~\"b\" | v0?\"A\" !v0~\"a\" | ; ");
	ck_assert_uint_eq(c->diags.list.len, 2);
}
END_TEST

static void build_expr(const char *text, uint16_t first, uint16_t second)
{
	struct ir_pred *pred = build_pred(c, p, IR_PRED_EXPR, first);
	static const struct cel_node a = { .op = CEL_VAR, .type = CEL_INT },
				     b = { .op = CEL_VAR, .type = CEL_INT, .var = 1 },
				     less = { .op = CEL_LT, .type = CEL_BOOL, .a = &a, .b = &b };
	struct ir_expr *e = tpc_new(c->arena, struct ir_expr);

	e->tree = &less;
	e->text = text;
	*tpc_vec_push(c->arena, &e->vars) = first;
	*tpc_vec_push(c->arena, &e->vars) = second;
	pred->expr = e;
}

START_TEST(dedupe_exprs)
{
	for (int i = 0; i < 3; i++)
		build_int(c, p, IR_FROM_ARG, 8, true);
	build_expr("v0 < v1", 0, 1);
	build_expr("v0 < v1", 0, 2);
	build_expr("v0 < v1", 0, 1);
	build_rule(c, ch, "0 1 !2");
	run("canon dedupe");
	ck_assert_uint_eq(p->preds.len, 2);
	ck_assert_ptr_null(ir_check(c, u, IR_HAS_FOLDED | IR_HAS_UNIQUE));
	ck_assert_uint_eq(ch->rules.items[0].terms.items[2].pred, 0);
	run("unreachable"); /* the same, and not the same */
	ck_assert_uint_eq(ch->rules.len, 0);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("each");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, canon_ranges);
	tcase_add_test(t, canon_masks);
	tcase_add_test(t, dedupe_texts);
	tcase_add_test(t, dedupe_preds);
	tcase_add_test(t, fold_intersects);
	tcase_add_test(t, fold_absent);
	tcase_add_test(t, presence);
	tcase_add_test(t, fold_shares);
	tcase_add_test(t, dedupe_nets);
	tcase_add_test(t, dedupe_substrings);
	tcase_add_test(t, substrings_relate);
	tcase_add_test(t, dedupe_exprs);
	return run_suite("passes", t);
}
