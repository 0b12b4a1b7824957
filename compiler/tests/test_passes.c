// SPDX-License-Identifier: Apache-2.0
/* Each pass before and after, on rules built for what it should and should not do. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "passes/passes.h"
#include "tests/ir_build.h"

static struct tpc_ctx ctx, *c = &ctx;
static struct ir_unit *u;
static struct ir_program *p;
static struct ir_chain *ch;

static void setup(void)
{
	ck_assert_int_eq(tpc_ctx_init(c, 64 << 20), 0);
	u = build_unit(c);
	p = &u->programs.items[0];
	ch = build_chain(c, u, p);
}

static void teardown(void)
{
	tpc_ctx_done(c);
}

/* Runs the passes named, separated by blanks, whether or not a level has them. */
static void run(const char *names)
{
	while (*names) {
		size_t len = strcspn(names, " ");
		const struct pass *pass = passes;

		while (pass->name && (strlen(pass->name) != len || strncmp(pass->name, names, len)))
			pass++;
		ck_assert_ptr_nonnull(pass->name);
		pass->run(c, u);
		names += len + (names[len] == ' ');
	}
}

static void expect_rules(const char *rules)
{
	ck_assert_str_eq(show_rules(c, p), rules);
}

static const struct tpc_diag *warning(uint32_t nr)
{
	ck_assert_uint_gt(c->diags.list.len, nr);
	ck_assert_int_eq(c->diags.list.items[nr]->code, TPC_W_SELECTOR_DEAD);
	return c->diags.list.items[nr];
}

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

START_TEST(order_terms)
{
	uint16_t s = build_string(c, p), f = build_path(c, p), i = build_int(c, p, IR_FROM_ARG, 4, false);
	uint16_t b = build_binary(c, p);

	build_texts(c, p, IR_PRED_PREFIX, f, "/a");
	build_texts(c, p, IR_PRED_POSTFIX, f, "a");
	build_texts(c, p, IR_PRED_EQUAL, s, "a");
	build_texts(c, p, IR_PRED_EQUAL, b, "/a");
	build_ranges(c, p, i, "2-3");
	build_ranges(c, p, i, "7");
	build_texts(c, p, IR_PRED_EQUAL, b, "/b");
	build_rule(c, ch, "0 1 2 !4 !3 5 6");
	run("canon dedupe hoist cost order");
	expect_rules("v3=\"/b\" !v3=\"/a\" v2{7} !v2{2-3} v0=\"a\" v1$\"a\" v1^\"/a\" | ; ");
}
END_TEST

START_TEST(cost_of_fetching)
{
	uint16_t i = build_int(c, p, IR_FROM_ARG, 4, false), pid = build_int(c, p, IR_FROM_PID, 4, false);
	uint32_t in_register;

	build_ranges(c, p, i, "2");
	build_ranges(c, p, pid, "2");
	run("cost");
	in_register = p->preds.items[0].cost;
	ck_assert_uint_eq(p->preds.items[1].cost, in_register);
	p->syscall = true;
	run("cost");
	ck_assert_uint_gt(p->preds.items[0].cost, in_register);
	ck_assert_uint_eq(p->preds.items[1].cost, in_register);
}
END_TEST

static void two_chains(void)
{
	uint16_t i = build_int(c, p, IR_FROM_ARG, 4, false);

	build_ranges(c, p, i, "1");
	build_ranges(c, p, i, "1-9");
	build_ranges(c, p, i, "20");
	build_rule(c, ch, "1 !0");
	build_rule(c, ch, "0");
	ch = build_chain(c, u, p);
	build_rule(c, ch, "2");
	build_rule(c, ch, "!1");
}

START_TEST(decide_plain)
{
	two_chains();
	build_chain(c, u, p); /* no rules left: never fires */
	run("canon dedupe decide");
	ck_assert_str_eq(show_graph(c, p),
			 "0: v0{1-9} 1 3; 1: v0{1} 3 2; 2: fire 0.0 5; 3: v0{1} 4 5; 4: fire 0.1 5; "
			 "5: v0{20} 6 7; 6: fire 1.0 9; 7: v0{1-9} 9 8; 8: fire 1.1 9; 9: done");
}
END_TEST

START_TEST(decide_stops_at_empty_rule)
{
	two_chains();
	ch = build_chain(c, u, p);
	build_rule(c, ch, "");
	build_rule(c, ch, "0");
	run("decide");
	ck_assert_ptr_nonnull(strstr(show_graph(c, p), "9: fire 2.0 10; 10: done"));
}
END_TEST

START_TEST(thread_skips_known)
{
	two_chains();
	run("canon dedupe decide thread");
	/* In 1-9: not 20, and the second chain has nothing to ask. Outside: not 1. */
	ck_assert_str_eq(show_graph(c, p), "0: v0{1-9} 1 4; 1: v0{1} 3 2; 2: fire 0.0 7; 3: fire 0.1 7; "
					   "4: v0{20} 5 6; 5: fire 1.0 7; 6: fire 1.1 7; 7: done");
}
END_TEST

/* The ways to the second chain know nothing, not 2, and 2: none may be content with what another knows. */
START_TEST(thread_keeps_what_is_known)
{
	uint16_t i = build_int(c, p, IR_FROM_ARG, 4, false);

	build_mask(c, p, i, 1);
	build_mask(c, p, i, 2);
	build_mask(c, p, i, 4);
	build_rule(c, ch, "0 1");
	ch = build_chain(c, u, p);
	build_rule(c, ch, "2 1");
	run("canon dedupe decide thread merge");
	ck_assert_str_eq(show_graph(c, p),
			 "0: v0&1 1 3; 1: v0&2 2 7; 2: fire 0.0 4; 3: v0&4 5 7; 4: v0&4 6 7; 5: v0&2 6 7; "
			 "6: fire 1.0 7; 7: done");
}
END_TEST

START_TEST(merge_equal_parts)
{
	uint16_t i = build_int(c, p, IR_FROM_ARG, 4, false), k = build_int(c, p, IR_FROM_ARG, 4, false);
	struct ir_node *n;

	build_ranges(c, p, i, "1");
	build_ranges(c, p, k, "1");
	/* both ways ask k, and fire the same; the test of i has no effect */
	for (uint32_t nr = 0; nr < 6; nr++)
		tpc_vec_push(c->arena, &p->nodes);
	n = p->nodes.items;
	n[0] = (struct ir_node){ .kind = IR_NODE_TEST, .pred = 0, .yes = 1, .no = 2 };
	n[1] = (struct ir_node){ .kind = IR_NODE_TEST, .pred = 1, .yes = 3, .no = 5 };
	n[2] = (struct ir_node){ .kind = IR_NODE_TEST, .pred = 1, .yes = 4, .no = 5 };
	n[3] = n[4] = (struct ir_node){ .kind = IR_NODE_FIRE, .yes = 5 };
	n[5] = (struct ir_node){ .kind = IR_NODE_DONE };
	run("merge");
	ck_assert_str_eq(show_graph(c, p), "0: v1{1} 1 2; 1: fire 0.0 2; 2: done");
}
END_TEST

/* Many ways that know different things: the graph stays linear, and small where nothing is asked again. */
START_TEST(thread_is_bounded)
{
	uint16_t i = build_int(c, p, IR_FROM_ARG, 8, false);
	uint32_t plain;

	for (int n = 0; n < 40; n++)
		build_mask(c, p, i, UINT64_C(1) << n);
	for (int n = 0; n < 200; n++) {
		ch = build_chain(c, u, p);
		build_rule(c, ch, tpc_sprintf(c->arena, "%d !%d", n * 7 % 40, n * 11 % 40));
		build_rule(c, ch, tpc_sprintf(c->arena, "%d %d", n * 3 % 40, n * 13 % 40));
	}
	run("canon dedupe decide");
	plain = p->nodes.len;
	run("thread");
	ck_assert_uint_gt(p->nodes.len, plain);
	ck_assert_uint_le(p->nodes.len, 9 * plain);
	ck_assert_ptr_null(ir_check(c, u, IR_HAS_FOLDED | IR_HAS_UNIQUE | IR_HAS_GRAPH));
}
END_TEST

static void note_pass(void *user, const char *pass, const struct ir_unit *unit)
{
	ck_assert_ptr_eq(unit, u);
	tpc_buf_printf(user, "%s ", pass);
}

START_TEST(pipeline_levels)
{
	struct tpc_buf plain = TPC_BUF(c->arena), all = TPC_BUF(c->arena);

	ck_assert(passes_run(c, u, 0, note_pass, &plain));
	ck_assert_str_eq(tpc_buf_text(&plain), "canon dedupe unreachable sweep hoist cost decide ");
	teardown();
	setup();
	all = TPC_BUF(c->arena);
	ck_assert(passes_run(c, u, 2, note_pass, &all));
	ck_assert_str_eq(tpc_buf_text(&all),
			 "canon dedupe unreachable fold subsume sweep hoist cost order decide "
			 "thread merge ");
}
END_TEST

START_TEST(pipeline_contracts)
{
	for (int opt = 0; opt <= 1; opt++) {
		unsigned have = 0;

		for (const struct pass *pass = passes; pass->name; pass++) {
			if (!opt && !pass->always)
				continue;
			ck_assert_uint_eq(pass->needs & ~have, 0);
			have |= pass->ensures;
		}
		ck_assert_uint_eq(have, IR_HAS_FOLDED | IR_HAS_UNIQUE | IR_HAS_HOISTED | IR_HAS_ORDERED |
						IR_HAS_GRAPH);
	}
}
END_TEST

START_TEST(pipeline_reports_broken)
{
	build_rule(c, ch, "9"); /* no such predicate */
	ck_assert(!passes_run(c, u, 2, NULL, NULL));
	ck_assert_uint_eq(c->diags.list.len, 1);
	ck_assert_int_eq(c->diags.list.items[0]->code, TPC_E_INTERNAL);
	ck_assert_ptr_nonnull(strstr(c->diags.list.items[0]->msg, "'canon'"));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		canon_ranges,
		canon_masks,
		dedupe_texts,
		dedupe_preds,
		fold_intersects,
		fold_absent,
		presence,
		fold_shares,
		subsume_terms,
		unreachable_shadowed,
		unreachable_after_all,
		unreachable_contradiction,
		sweep_unused,
		hoist_shares,
		dedupe_nets,
		dedupe_substrings,
		substrings_relate,
		dedupe_exprs,
		descent_is_of_many,
		unreachable_keeps_returns,
		hoist_tells_generations_apart,
		hoist_limit,
		order_terms,
		cost_of_fetching,
		decide_plain,
		decide_stops_at_empty_rule,
		thread_skips_known,
		thread_keeps_what_is_known,
		merge_equal_parts,
		thread_is_bounded,
		pipeline_levels,
		pipeline_contracts,
		pipeline_reports_broken,
	};
	Suite *s = suite_create("passes");
	TCase *t = tcase_create("each");
	SRunner *r = srunner_create(s);
	int failed;

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(t, tests[i]);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
