// SPDX-License-Identifier: Apache-2.0
/* Each row breaks the sample in one place; the checker must say what, and printing it must not crash. */
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

static struct ir_program *prog(struct ir_unit *u)
{
	return &u->programs.items[0];
}

static struct ir_pred *pred(struct ir_unit *u, unsigned i)
{
	return &prog(u)->preds.items[i];
}

static struct ir_value *value(struct ir_unit *u, unsigned i)
{
	return &prog(u)->values.items[i];
}

static struct ir_node *node(struct ir_unit *u, unsigned i)
{
	return &prog(u)->nodes.items[i];
}

static struct ir_chain *chain(struct ir_unit *u, unsigned i)
{
	return &prog(u)->chains.items[i];
}

static struct ir_rule *rule(struct ir_unit *u, unsigned ch, unsigned i)
{
	return &chain(u, ch)->rules.items[i];
}

static void add_text(struct ir_unit *u, unsigned p, const char *s)
{
	sample_text(&ctx, pred(u, p), s);
}

/* Two postfixes in the order of their bytes, of which the first is a postfix of the second. */
static void break_postfix(struct ir_unit *u)
{
	pred(u, SAMPLE_PREFIX)->kind = IR_PRED_POSTFIX;
	pred(u, SAMPLE_PREFIX)->texts.len = 0;
	add_text(u, SAMPLE_PREFIX, ".key");
	add_text(u, SAMPLE_PREFIX, "/id.key");
}

static void break_second_program(struct ir_unit *u)
{
	struct ir_program *p = prog(u), *q;
	struct ir_program copy = *p;

	q = tpc_vec_push(ctx.arena, &u->programs);
	*q = copy;
	q->chains.items = tpc_new_array(ctx.arena, struct ir_chain, q->chains.len);
	q->chains.cap = q->chains.len;
	memcpy(q->chains.items, chain(u, 0), sizeof(struct ir_chain) * q->chains.len);
	q->chains.items[0].hook = 2;
	q->chains.items[1].hook = 3;
	u->nhooks = 4;
}

static void break_same_pred(struct ir_unit *u)
{
	*pred(u, SAMPLE_MASK) = *pred(u, SAMPLE_IN);
}

#define BREAKS(X)                                                                                            \
	X(no_name, u->policies.items[0].name = "", "policy 0 has no name")                                   \
	X(no_kind, u->policies.items[1].kind = NULL, "policy 1 has no kind")                                 \
	X(full_path, u->policies.items[0].file = "/tmp/a.yaml", "names a path")                              \
	X(digest, u->policies.items[0].digest = "md5:1", "digest of no known kind")                          \
	X(policies, u->policies.items = NULL, "policies have no items")                                      \
	X(programs, u->programs.items = NULL, "programs have no items")                                      \
	X(hook_kind, prog(u)->kind = IR_HOOK_MAX, "program 0: hook of unknown kind")                         \
	X(target, prog(u)->target = NULL, "hooks nothing")                                                   \
	X(subsystem, prog(u)->subsystem = "sched", "subsystem belongs to a tracepoint")                      \
	X(tracepoint, prog(u)->kind = IR_TRACEPOINT, "subsystem belongs to a tracepoint")                    \
	X(lsm_syscall, (prog(u)->kind = IR_LSM, prog(u)->syscall = true), "only a function hooks a syscall") \
	X(values, prog(u)->values.items = NULL, "a list has no items")                                       \
	X(same_hook, break_second_program(u), "programs 0 and 1 hook the same")                              \
	X(nhooks, u->nhooks = 3, "2 chains for 3 hooks")                                                     \
	X(huge_nhooks, u->nhooks = UINT32_MAX, "2 chains for 4294967295 hooks")                              \
	X(few_nhooks, u->nhooks = 1, "chain 1: hook 1 of 1")                                                 \
	X(hook_twice, chain(u, 1)->hook = 0, "hook 0 is taken twice")                                        \
	X(chain_policy, chain(u, 1)->policy = 2, "policy 2 of 2")                                            \
	X(no_chains, (prog(u)->chains.len = 0, u->nhooks = 0), "no chains")                                  \
	X(nselectors, chain(u, 1)->nselectors = 0, "there is at least the implied one")                      \
	X(arg, chain(u, 0)->args.items[0].value = 3, "argument shows value 3 of 3")                          \
	X(tag, chain(u, 0)->tags.items[0] = NULL, "tag 0 is no text")                                        \
	X(term, rule(u, 0, 1)->terms.items[0].pred = 9, "chain 0: rule 1: term on predicate 9 of 4")         \
	X(terms, rule(u, 0, 1)->terms.items = NULL, "a list has no items")                                   \
	X(selector, rule(u, 0, 1)->selector = 2, "selector 2 of 2")                                          \
	X(selector_order, rule(u, 0, 1)->selector = 0, "out of the selectors' order")                        \
	X(post, rule(u, 1, 0)->post = true, "the event is sent although")                                    \
	X(silent, rule(u, 0, 0)->post = false, "the event is not sent although")                             \
	X(action, rule(u, 0, 1)->actions.items[0].kind = IR_ACTION_MAX, "action of unknown kind")            \
	X(signal, rule(u, 1, 0)->actions.items[0].arg = 65, "signal 65 does not exist")                      \
	X(override,                                                                                          \
	  rule(u, 0, 1)->actions.items[0] = ((struct ir_action){ .kind = IR_OVERRIDE, .arg = -1 }),          \
	  "whose result cannot be replaced")                                                                 \
	X(override_value,                                                                                    \
	  (prog(u)->target = "security_file_open",                                                           \
	   rule(u, 0, 1)->actions.items[0] = (struct ir_action){ .kind = IR_OVERRIDE, .arg = 0 }),           \
	  "override with 0")                                                                                 \
	X(value_type, value(u, 0)->type = IR_TYPE_MAX, "value 0 has unknown type")                           \
	X(value_source, value(u, 0)->source = IR_SOURCE_MAX, "comes from nowhere")                           \
	X(value_index, value(u, 0)->index = IR_ARGS_MAX, "no argument of this hook")                         \
	X(value_field, value(u, 0)->source = IR_FROM_FIELD, "this is no tracepoint")                         \
	X(value_size, value(u, 0)->size = 3, "integer of 3 bytes")                                           \
	X(value_path, value(u, 1)->path_from = IR_PATH_NONE, "where its path is")                            \
	X(value_no_path, value(u, 0)->path_from = IR_PATH_FILE, "has a place of one")                        \
	X(value_pid, value(u, 1)->source = IR_FROM_PID, "process number and no integer")                     \
	X(value_binary, value(u, 0)->source = IR_FROM_BINARY, "executable and no path")                      \
	X(value_bytes,                                                                                       \
	  (value(u, 1)->type = IR_BYTES, value(u, 1)->path_from = IR_PATH_NONE,                              \
	   value(u, 1)->size_value = 2),                                                                     \
	  "as its size, which is no integer")                                                                \
	X(value_max, (value(u, 1)->type = IR_STRING, value(u, 1)->path_from = IR_PATH_NONE),                 \
	  "at most nothing")                                                                                 \
	X(pred_kind, pred(u, 0)->kind = IR_PRED_MAX, "predicate 0 of unknown kind")                          \
	X(pred_value, pred(u, 0)->value = 3, "predicate 0 asks about value 3 of 3")                          \
	X(pred_type, pred(u, 0)->value = 1, "does not fit the type")                                         \
	X(pred_type_text, pred(u, 1)->value = 0, "does not fit the type")                                    \
	X(pred_binding, pred(u, 0)->binding = (enum ir_binding)4, "unknown binding")                         \
	X(pred_exec, pred(u, 0)->binding = IR_AT_EXEC, "known at exec is the executable")                    \
	X(pred_event, pred(u, 2)->binding = IR_AT_EVENT, "known at exec is the executable")                  \
	X(pred_cost, pred(u, 1)->cost = 0, "predicate 1 has no cost")                                        \
	X(range_order, pred(u, 0)->ranges.items[1].lo = 3, "range 1 is upside down")                         \
	X(range_sorted, pred(u, 0)->ranges.items[0] = ((struct ir_range){ 7, 9 }), "ranges are not folded")  \
	X(range_adjacent, pred(u, 0)->ranges.items[0].hi = UINT64_MAX, "ranges are not folded")              \
	X(ranges_elsewhere, pred(u, 1)->ranges = pred(u, 0)->ranges, "has ranges and does not ask")          \
	X(texts_elsewhere, pred(u, 0)->texts = pred(u, 1)->texts, "has texts and does not ask")              \
	X(text_none, pred(u, 1)->texts.len = 0, "has no texts")                                              \
	X(text_null, pred(u, 1)->texts.items[0].s = NULL, "text 0 of a predicate is missing")                \
	X(text_short, pred(u, 1)->texts.items[0].len = 3, "does not end where it says")                      \
	X(text_long, pred(u, 1)->texts.items[0].len = 1 << 20, "is too long")                                \
	X(text_implied, add_text(u, SAMPLE_PREFIX, "/etc/passwd"), "say something twice")                    \
	X(text_order, add_text(u, SAMPLE_PREFIX, "/dev/"), "not sorted")                                     \
	X(text_postfix, break_postfix(u), "say something twice")                                             \
	X(pred_twice, break_same_pred(u), "predicates 0 and 3 ask the same")                                 \
	X(bit_none, pred(u, 2)->task_bit = -1, "has no exec test")                                           \
	X(bit_range, pred(u, 2)->task_bit = 1, "has no exec test")                                           \
	X(bit_elsewhere, pred(u, 1)->task_bit = 0, "has a task bit and should not")                          \
	X(bit_other, u->exec_tests.items[0].kind = IR_PRED_PREFIX, "something else than its exec test")      \
	X(exec_kind, u->exec_tests.items[0].kind = IR_PRED_MASK, "does not ask about text")                  \
	X(exec_texts, u->exec_tests.items[0].texts.len = 0, "has no texts")                                  \
	X(no_graph, prog(u)->nodes.len = 0, "there is no graph")                                             \
	X(node_kind, node(u, 7)->kind = (enum ir_node_kind)3, "node 7 of unknown kind")                      \
	X(node_loop, node(u, 2)->no = 2, "node 2 leads to 2 of 8")                                           \
	X(node_out, node(u, 6)->yes = 8, "node 6 leads to 8 of 8")                                           \
	X(node_pred, node(u, 0)->pred = 4, "node 0 tests predicate 4 of 4")                                  \
	X(node_chain, node(u, 3)->chain = 2, "fires chain 2 rule 1, which is none")                          \
	X(node_rule, node(u, 6)->rule = 1, "fires chain 1 rule 1, which is none")                            \
	X(node_twice, node(u, 3)->yes = 4, "node 4 fires chain 0 a second time")

#define BREAK(id, how, what)                                                                                 \
	static void apply_##id(struct ir_unit *u)                                                            \
	{                                                                                                    \
		how;                                                                                         \
	}
BREAKS(BREAK)
#undef BREAK

static const struct {
	const char *name;
	void (*apply)(struct ir_unit *u);
	const char *what;
} breaks[] = {
#define BREAK(id, how, what) { #id, apply_##id, what },
	BREAKS(BREAK)
#undef BREAK
};
#define NBREAKS (sizeof(breaks) / sizeof(breaks[0]))

START_TEST(names_what_is_broken)
{
	struct ir_unit *u = sample_unit(&ctx);
	const char *said;

	sample_finish(&ctx, u);
	ck_assert_ptr_null(ir_check(&ctx, u, SAMPLE_ALL));
	breaks[_i].apply(u);
	said = ir_check(&ctx, u, SAMPLE_ALL);
	ck_assert_msg(said, "%s: not found", breaks[_i].name);
	ck_assert_msg(strstr(said, breaks[_i].what), "%s: said '%s'", breaks[_i].name, said);
}
END_TEST

START_TEST(accepts_the_sample_before_passes)
{
	ck_assert_ptr_null(ir_check(&ctx, sample_unit(&ctx), 0));
}
END_TEST

START_TEST(accepts_an_empty_unit)
{
	struct ir_unit u = { 0 };

	ck_assert_ptr_null(ir_check(&ctx, &u, SAMPLE_ALL));
}
END_TEST

/* What later passes make must not be there before they ran. */
START_TEST(refuses_what_comes_too_early)
{
	struct ir_unit *u = sample_unit(&ctx);
	const char *said;

	sample_finish(&ctx, u);
	said = ir_check(&ctx, u, SAMPLE_ALL & ~(unsigned)IR_HAS_GRAPH);
	ck_assert_ptr_nonnull(strstr(said, "there is a graph before it is built"));
	said = ir_check(&ctx, u, SAMPLE_ALL & ~(unsigned)IR_HAS_HOISTED);
	ck_assert_ptr_nonnull(strstr(said, "exec tests before hoisting"));
}
END_TEST

/* Canonical forms are only asked for once their pass ran. */
START_TEST(allows_redundancy_before_dedupe)
{
	struct ir_unit *u = sample_unit(&ctx);

	add_text(u, SAMPLE_PREFIX, "/etc/passwd");
	break_same_pred(u);
	pred(u, SAMPLE_IN)->ranges.items[0] = (struct ir_range){ 1, 9 };
	ck_assert_ptr_null(ir_check(&ctx, u, 0));
}
END_TEST

static const char expected[] = "policy 0 one TracingPolicy enforce\n"
			       "policy 1 two TracingPolicy monitor\n"
			       "exec test 0 equal \"/usr/bin/cat\"\n"
			       "program 0 kprobe fd_install\n"
			       "  value 0 int s32 from arg 0 type int\n"
			       "  value 1 path of file from arg 1 type file\n"
			       "  value 2 path from binary\n"
			       "  pred 0 value 0 in -5 0..2 at event cost 1\n"
			       "  pred 1 value 1 prefix \"/etc/\" at event cost 1\n"
			       "  pred 2 value 2 equal \"/usr/bin/cat\" at exec bit 0 cost 1\n"
			       "  pred 3 value 0 mask 0x40 at event cost 1\n"
			       "  chain 0 hook 0 policy 0 entry 0 selectors 2\n"
			       "    message \"hello\"\n"
			       "    tag \"tag\"\n"
			       "    arg value 1 label \"the \\\"file\\\"\\x0a\"\n"
			       "    rule 0 selector 0 post\n"
			       "      pred 0\n"
			       "      not pred 1\n"
			       "    rule 1 selector 1 post\n"
			       "      pred 1\n"
			       "      pred 2\n"
			       "      action Sigkill\n"
			       "  chain 1 hook 1 policy 1 entry 0 selectors 1\n"
			       "    rule 0 selector 0 silent\n"
			       "      pred 3\n"
			       "      action Signal 10\n"
			       "      action NoPost\n"
			       "  graph\n"
			       "    0: pred 1 ? 1 : 2\n"
			       "    1: pred 2 ? 3 : 5\n"
			       "    2: pred 0 ? 4 : 5\n"
			       "    3: fire chain 0 rule 1 then 5\n"
			       "    4: fire chain 0 rule 0 then 5\n"
			       "    5: pred 3 ? 6 : 7\n"
			       "    6: fire chain 1 rule 0 then 7\n"
			       "    7: done\n";

START_TEST(prints_a_unit)
{
	struct tpc_buf out = TPC_BUF(ctx.arena);
	struct ir_unit *u = sample_unit(&ctx);

	sample_finish(&ctx, u);
	ir_print(&ctx, u, &out);
	ck_assert_str_eq(tpc_buf_text(&out), expected);
}
END_TEST

START_TEST(prints_lines_of_the_source)
{
	struct tpc_buf out = TPC_BUF(ctx.arena);
	struct ir_unit *u = sample_unit(&ctx);
	uint32_t file = tpc_source_add(&ctx.sources, "/tmp/x/a.yaml", "a\nb\nc\n", 6);

	u->programs.items[0].at = (struct tpc_span){ .file = file, .off = 4, .len = 1 };
	ir_print(&ctx, u, &out);
	ck_assert_ptr_nonnull(strstr(tpc_buf_text(&out), "program 0 kprobe fd_install @3\n"));
	ck_assert_ptr_null(strstr(tpc_buf_text(&out), "yaml"));
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("ir");
	Suite *s = suite_create("ir_check");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, names_what_is_broken, 0, (int)NBREAKS);
	tcase_add_test(t, accepts_the_sample_before_passes);
	tcase_add_test(t, accepts_an_empty_unit);
	tcase_add_test(t, refuses_what_comes_too_early);
	tcase_add_test(t, allows_redundancy_before_dedupe);
	tcase_add_test(t, prints_a_unit);
	tcase_add_test(t, prints_lines_of_the_source);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
