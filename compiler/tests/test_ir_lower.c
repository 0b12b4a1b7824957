// SPDX-License-Identifier: Apache-2.0
/*
 * Lowering, by files: testdata/lower says on which lines which diagnostics stand, testdata/verdicts says what
 * a policy's rules answer to events. Both are read with the front end.
 */
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/frontend.h"
#include "ir/lower.h"

static struct tpc_ctx ctx;

static void setup(void)
{
	ck_assert_int_eq(tpc_ctx_init(&ctx, 64 << 20), 0);
}

static void teardown(void)
{
	tpc_ctx_done(&ctx);
}

static char *read_all(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *text = tpc_arena_alloc(ctx.arena, 1 << 20, 1);

	ck_assert_msg(f, "cannot open %s", path);
	*len = fread(text, 1, (1 << 20) - 1, f);
	fclose(f);
	return text;
}

static char *data_path(const char *folder, const char *name)
{
	const char *root = getenv("TPC_SOURCE_ROOT");

	ck_assert_msg(root, "TPC_SOURCE_ROOT is not set: run with meson test");
	return tpc_sprintf(ctx.arena, "%s/testdata/%s/%s", root, folder, name);
}

static const struct ir_unit *lower_text_of(const char *name, const char *text, size_t len)
{
	struct tpc_policy_list list = { 0 };
	const struct ir_unit *u;
	const char *broken;

	frontend_read(&ctx, tpc_source_add(&ctx.sources, name, text, len), &list);
	u = ir_lower(&ctx, &list, NULL);
	broken = ir_check(&ctx, u, 0);
	ck_assert_msg(!broken, "%s: %s", name, broken);
	return u;
}

static const struct ir_unit *lower_file(const char *folder, const char *name, const char **text)
{
	size_t len;

	*text = read_all(data_path(folder, name), &len);
	return lower_text_of(name, *text, len);
}

/* ---- diagnostics ---- */

static const char *const diag_files[] = { "names.yaml",	  "args.yaml",	   "filters.yaml",
					  "actions.yaml", "policies.yaml", "wide.yaml" };

/* The code that the line's "# TPCnnn" asks for, or "". */
static void wanted_on(const char *line, size_t len, char ret[8])
{
	const char *mark = memmem(line, len, "# TPC", 5);

	ret[0] = 0;
	if (mark && (size_t)(line + len - mark) >= 8 && mark[5] >= '0' && mark[5] <= '9')
		snprintf(ret, 8, "%.6s", mark + 2);
}

static bool is_said(uint32_t line, const char *code)
{
	for (uint32_t i = 0; i < ctx.diags.list.len; i++) {
		const struct tpc_diag *d = ctx.diags.list.items[i];

		if (tpc_source_line(&ctx.sources, d->at) == line && !strcmp(tpc_diag_code_id(d->code), code))
			return true;
	}
	return false;
}

START_TEST(diagnostics_stand_where_marked)
{
	const char *name = diag_files[_i], *text, *line, *end;
	uint32_t nr = 0, marked[2000] = { 0 };
	char code[8];

	lower_file("lower", name, &text);
	for (line = text; *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		ck_assert_uint_lt(++nr, 2000);
		wanted_on(line, (size_t)(end - line), code);
		marked[nr] = code[0] != 0;
		ck_assert_msg(!code[0] || is_said(nr, code), "%s:%" PRIu32 ": no %s", name, nr, code);
	}
	for (uint32_t i = 0; i < ctx.diags.list.len; i++) {
		const struct tpc_diag *d = ctx.diags.list.items[i];
		uint32_t at = tpc_source_line(&ctx.sources, d->at);

		ck_assert_msg(at && marked[at], "%s:%" PRIu32 ": unexpected %s: %s", name, at,
			      tpc_diag_code_id(d->code), d->msg);
	}
}
END_TEST

/* Faults inside a hook name it. */
START_TEST(selectors_name_their_hook)
{
	const char *text;
	uint32_t named = 0;

	lower_file("lower", "filters.yaml", &text);
	for (uint32_t i = 0; i < ctx.diags.list.len; i++) {
		const struct tpc_diag *d = ctx.diags.list.items[i];
		const char *note = d->notes.len ? d->notes.items[d->notes.len - 1].msg : "";

		ck_assert_msg(!strncmp(note, "in this ", 8), "%s", d->msg);
		named += !strcmp(note, "in this kprobe 'fd_install'");
	}
	ck_assert_uint_gt(named, 10);
}
END_TEST

static void expect_limit(const char *head, const char *repeated, uint32_t times)
{
	struct tpc_buf b = TPC_BUF(ctx.arena);
	uint32_t found = 0;

	tpc_buf_puts(&b, head);
	for (uint32_t i = 0; i < times; i++)
		tpc_buf_puts(&b, repeated);
	lower_text_of("limit.yaml", tpc_buf_text(&b), b.len);
	for (uint32_t i = 0; i < ctx.diags.list.len; i++)
		if (ctx.diags.list.items[i]->code == TPC_E_LIMIT)
			found += tpc_source_line(&ctx.sources, ctx.diags.list.items[i]->at) > 1;
	ck_assert_uint_eq(found, 1);
}

#define SPEC "apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata:\n  name: x\nspec:\n"
#define HEAD SPEC "  lsmhooks:\n"

START_TEST(a_long_value_is_a_limit)
{
	expect_limit(
		HEAD
		"  - hook: file_open\n    args:\n    - index: 0\n      type: file\n    selectors:\n"
		"    - matchArgs:\n      - index: 0\n        operator: Equal\n        values:\n        - /",
		"a", 4096);
}
END_TEST

START_TEST(a_long_list_of_arguments_is_a_limit)
{
	expect_limit(HEAD "  - hook: file_open\n    args:\n", "    - index: 0\n      type: file\n", 257);
}
END_TEST

START_TEST(the_longest_value_is_none)
{
	struct tpc_buf b = TPC_BUF(ctx.arena);

	tpc_buf_puts(
		&b, HEAD
		"  - hook: file_open\n    args:\n    - index: 0\n      type: file\n    selectors:\n"
		"    - matchArgs:\n      - index: 0\n        operator: Equal\n        values:\n        - ");
	for (int i = 0; i < 4096; i++)
		tpc_buf_putc(&b, 'a');
	lower_text_of("long.yaml", tpc_buf_text(&b), b.len);
	ck_assert_uint_eq(ctx.diags.nerrors, 0);
}
END_TEST

/* ---- what comes out ---- */

static const char shapes[] = "  kprobes:\n"
			     "  - call: __x64_sys_write\n"
			     "    message: m\n"
			     "    tags: [a, b]\n"
			     "    args:\n"
			     "    - index: 0\n"
			     "      type: fd\n"
			     "      label: target\n"
			     "    - index: 1\n"
			     "      type: char_buf\n"
			     "      sizeArgIndex: 3\n"
			     "    selectors:\n"
			     "    - matchArgs:\n"
			     "      - index: 1\n"
			     "        operator: Prefix\n"
			     "        values: [x]\n"
			     "      matchActions:\n"
			     "      - action: Sigkill\n"
			     "      - action: NoPost\n"
			     "  - call: sys_write\n"
			     "    args:\n"
			     "    - index: 1\n"
			     "      type: char_buf\n"
			     "      sizeArgIndex: 3\n"
			     "    - index: 2\n"
			     "      type: uint32\n"
			     "  options:\n"
			     "  - name: policy-mode\n"
			     "    value: monitor\n";

static const char shapes_ir[] = "policy 0 x TracingPolicy monitor @4\n"
				"program 0 kprobe syscall sys_write @7\n"
				"  value 0 path of fd from arg 0 type fd @11\n"
				"  value 1 int u64 from arg 2 type size_t @16\n"
				"  value 2 bytes from arg 1 size value 1 max 4096 type char_buf @14\n"
				"  value 3 int u32 from arg 2 type uint32 @30\n"
				"  value 4 bytes from arg 1 size value 3 max 4096 type char_buf @27\n"
				"  pred 0 value 2 prefix \"x\" at event @19\n"
				"  chain 0 hook 0 policy 0 entry 0 selectors 1 @7\n"
				"    message \"m\"\n"
				"    tag \"a\"\n"
				"    tag \"b\"\n"
				"    arg value 0 label \"target\"\n"
				"    arg value 2\n"
				"    rule 0 selector 0 silent @18\n"
				"      pred 0 @19\n"
				"      action Sigkill @23\n"
				"      action NoPost @24\n"
				"  chain 1 hook 1 policy 0 entry 1 selectors 1 @25\n"
				"    arg value 4\n"
				"    arg value 3\n"
				"    rule 0 selector 0 post @25\n";

START_TEST(lowers_hooks_into_one_program)
{
	const char *text = tpc_sprintf(ctx.arena, "%s%s", SPEC, shapes);
	const struct ir_unit *u = lower_text_of("/tmp/shapes.yaml", text, strlen(text));
	struct tpc_buf out = TPC_BUF(ctx.arena);

	ck_assert_uint_eq(ctx.diags.nerrors, 0);
	ck_assert_str_eq(u->policies.items[0].file, "shapes.yaml");
	ir_print(&ctx, u, &out);
	ck_assert_str_eq(tpc_buf_text(&out), shapes_ir);
}
END_TEST

/* ---- verdicts ---- */

static const char *const verdict_files[] = { "install.yaml", "numbers.yaml", "shared.yaml" };

static const struct ir_program *find_program(const struct ir_unit *u, const char *name, size_t len)
{
	const struct ir_program *p;

	tpc_vec_foreach (p, &u->programs)
		if (strlen(p->target) == len && !memcmp(p->target, name, len))
			return p;
	return NULL;
}

/* One "key=value" of an event into all values that it is about: numbers to integers, quoted text to texts. */
static void give(const struct ir_program *p, struct ir_input_value *values, struct ir_input *in,
		 const char *word)
{
	const char *eq = strchr(word, '=');
	struct ir_input_value v = { .absent = false };
	bool text = eq[1] == '"';

	if (text) {
		v.bytes = eq + 2;
		v.len = (uint32_t)strcspn(v.bytes, "\"");
	} else if (eq[1] == '-') {
		v.num = (uint64_t)strtoll(eq + 1, NULL, 0);
	} else {
		v.num = strtoull(eq + 1, NULL, 0);
	}
	if (!strncmp(word, "binary=", 7))
		in->binary = v;
	for (uint32_t i = 0; i < p->values.len; i++) {
		const struct ir_value *to = &p->values.items[i];
		bool pid = to->source == IR_FROM_PID && !strncmp(word, "pid=", 4);
		bool indexed = (to->source == IR_FROM_ARG || to->source == IR_FROM_FIELD) && word[0] >= '0' &&
			       word[0] <= '9' && atoi(word) == to->index;

		if ((pid || indexed) && text == (to->type != IR_INT))
			values[i] = v;
	}
}

static void check_event(const struct ir_unit *u, const char *file, uint32_t line, char *event)
{
	char *arrow = strstr(event, "->"), *save = NULL, *word;
	struct ir_input_value values[64];
	struct ir_input in = { .values = values, .binary = { .absent = true } };
	const struct ir_program *p;
	struct ir_verdict verdicts[16];

	ck_assert_msg(arrow, "%s:%" PRIu32 ": no verdict", file, line);
	*arrow = 0;
	word = strtok_r(event, " ", &save);
	p = find_program(u, word, strlen(word));
	ck_assert_msg(p && p->values.len <= 64 && p->chains.len <= 16, "%s:%" PRIu32 ": no %s", file, line,
		      word);
	for (uint32_t i = 0; i < 64; i++)
		values[i] = (struct ir_input_value){ .absent = true };
	while ((word = strtok_r(NULL, " ", &save)))
		give(p, values, &in, word);
	ir_eval(u, p, &in, verdicts);
	word = strtok_r(arrow + 2, " ", &save);
	for (uint32_t i = 0; i < p->chains.len; i++, word = strtok_r(NULL, " ", &save)) {
		ck_assert_msg(word, "%s:%" PRIu32 ": too few verdicts", file, line);
		if (word[0] == '-')
			ck_assert_msg(!verdicts[i].fired, "%s:%" PRIu32 ": chain %" PRIu32 " fired %" PRIu32,
				      file, line, i, verdicts[i].selector);
		else
			ck_assert_msg(verdicts[i].fired && verdicts[i].selector == (uint32_t)atoi(word),
				      "%s:%" PRIu32 ": chain %" PRIu32 " %s", file, line, i,
				      verdicts[i].fired ? "fired another selector" : "did not fire");
	}
	ck_assert_msg(!word, "%s:%" PRIu32 ": too many verdicts", file, line);
}

START_TEST(rules_answer_as_written)
{
	const char *name = verdict_files[_i], *text, *line, *end;
	const struct ir_unit *u = lower_file("verdicts", name, &text);
	uint32_t nr = 0, events = 0;

	ck_assert_msg(!ctx.diags.nerrors, "%s: %s", name,
		      ctx.diags.list.len ? ctx.diags.list.items[0]->msg : "");
	for (line = text; *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		nr++;
		if (strncmp(line, "#: ", 3))
			continue;
		check_event(u, name, nr, tpc_strndup(ctx.arena, line + 3, (size_t)(end - line - 3)));
		events++;
	}
	ck_assert_uint_gt(events, 10);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("lower");
	Suite *s = suite_create("ir_lower");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, diagnostics_stand_where_marked, 0, sizeof(diag_files) / sizeof(diag_files[0]));
	tcase_add_test(t, selectors_name_their_hook);
	tcase_add_test(t, a_long_value_is_a_limit);
	tcase_add_test(t, a_long_list_of_arguments_is_a_limit);
	tcase_add_test(t, the_longest_value_is_none);
	tcase_add_test(t, lowers_hooks_into_one_program);
	tcase_add_loop_test(t, rules_answer_as_written, 0, sizeof(verdict_files) / sizeof(verdict_files[0]));
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
