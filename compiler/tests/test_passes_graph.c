// SPDX-License-Identifier: Apache-2.0
/* Passes that order questions and make the graph, before and after; and the pipeline as a whole. */
#include "tests/passes_fixture.h"

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
	TCase *t = tcase_create("each");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, order_terms);
	tcase_add_test(t, cost_of_fetching);
	tcase_add_test(t, decide_plain);
	tcase_add_test(t, decide_stops_at_empty_rule);
	tcase_add_test(t, thread_skips_known);
	tcase_add_test(t, thread_keeps_what_is_known);
	tcase_add_test(t, merge_equal_parts);
	tcase_add_test(t, thread_is_bounded);
	tcase_add_test(t, pipeline_levels);
	tcase_add_test(t, pipeline_contracts);
	tcase_add_test(t, pipeline_reports_broken);
	return run_suite("passes_graph", t);
}
