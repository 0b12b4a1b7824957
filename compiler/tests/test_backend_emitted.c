// SPDX-License-Identifier: Apache-2.0
/*
 * The tests of paths and texts that the back end writes, compiled for this machine over a stand-in for the
 * kernel (emitted_shim.h) and run on random values, against the reference evaluator.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "backend/emit.h"
#include "tests/ir_build.h"
#include "tests/suite.h"

enum what { PATHS, TEXTS, SUBSTRINGS };

#define NPREDS 160
#define NINPUTS 60

struct trial {
	struct tpc_ctx c;
	uint64_t seed;
	struct ir_pred preds[NPREDS];
	char inputs[NINPUTS][256];
	bool nowhere[NINPUTS];
};

/* Few different pieces, so that equal ones meet; lengths around those of machine words. */
static const char *const pieces[] = { "a",
				      "b",
				      "ab",
				      "etc",
				      "etcx",
				      "passwd",
				      "shadow",
				      "12345678",
				      "123456789",
				      "x1234567",
				      ".ssh",
				      "authorized_keys",
				      "abcdefghijklmnopqrstuvwxyz012345",
				      "abcdefghijklmnopqrstuvwxyz0123456789-_",
				      "abcdefghijklmnopqrstuvwxyz0123456789-x" };
#define NPIECES (sizeof(pieces) / sizeof(pieces[0]))

static void random_path(struct trial *t, char *ret)
{
	uint32_t n = random_below(&t->seed, 6);

	ret[0] = '\0';
	for (uint32_t i = 0; i < n; i++) {
		strcat(ret, "/");
		strcat(ret, pieces[random_below(&t->seed, NPIECES)]);
	}
	if (!n)
		strcpy(ret, "/");
}

/* A part of a path, whole or cut anywhere, now and then one that no path can match. */
static void random_value(struct trial *t, enum ir_pred_kind kind, char *ret)
{
	char path[256];
	size_t cut, len;

	random_path(t, path);
	len = strlen(path);
	cut = random_below(&t->seed, 3) ? 0 : random_below(&t->seed, (uint32_t)len);
	if (kind == IR_PRED_POSTFIX)
		strcpy(ret, path + (random_below(&t->seed, 2) ? cut : len > 8 ? len - 1 - cut % 8 : 0));
	else
		sprintf(ret, "%.*s", (int)(len - (kind == IR_PRED_PREFIX ? cut : 0)), path);
	if (!random_below(&t->seed, 10))
		strcat(ret, "/");
	if (!random_below(&t->seed, 20))
		strcpy(ret, "//a");
	if (!random_below(&t->seed, 20))
		strcpy(ret, "/");
	if (!ret[0])
		strcpy(ret, "a");
}

/* Any part of a path, in upper case here and there. */
static void random_part(struct trial *t, char *ret)
{
	char path[256];
	size_t from, len;

	random_path(t, path);
	len = strlen(path);
	from = random_below(&t->seed, (uint32_t)len);
	sprintf(ret, "%.*s", (int)(1 + random_below(&t->seed, (uint32_t)(len - from))), path + from);
	for (char *p = ret; *p; p++)
		if (*p >= 'a' && *p <= 'z' && !random_below(&t->seed, 8))
			*p = (char)(*p - 'a' + 'A');
}

static void random_pred(struct trial *t, struct ir_pred *q, enum what what)
{
	uint32_t n = 1 + random_below(&t->seed, 6);
	char s[256];

	q->kind = what == SUBSTRINGS ? IR_PRED_SUBSTRING + random_below(&t->seed, 2) :
				       IR_PRED_EQUAL + random_below(&t->seed, 3);
	q->task_bit = -1;
	for (uint32_t i = 0; i < n; i++) {
		struct ir_text *text = tpc_vec_push(t->c.arena, &q->texts);

		if (what == SUBSTRINGS)
			random_part(t, s);
		else
			random_value(t, q->kind, s);
		text->s = tpc_strdup(t->c.arena, s);
		text->len = (uint32_t)strlen(s);
	}
}

static void write_program(struct trial *t, const char *file, enum what what)
{
	struct ir_value text = { .type = IR_STRING };
	bool paths = what == PATHS;
	struct tpc_buf out = TPC_BUF(t->c.arena);
	struct emit e = { .c = &t->c, .out = &out, .path_top = 1, .path_bottom = 1 };
	FILE *f;

	for (unsigned i = 0; i < NPREDS && paths; i++)
		emit_path_needs(&e, t->preds[i].kind, t->preds[i].texts.items, t->preds[i].texts.len);
	emit_f(&e, "#define TPC_PATH_TOP %u\n#define TPC_PATH_BOTTOM %u\n", e.path_top, e.path_bottom);
	emit_f(&e, "#include \"tests/emitted_shim.h\"\n#include \"bpf/find.h\"\n");
	for (unsigned i = 0; i < NPREDS; i++) {
		const struct ir_pred *q = &t->preds[i];
		const char *name = tpc_sprintf(t->c.arena, "t%u", i);

		if (what == SUBSTRINGS)
			emit_substring_test(&e, name, q, &text);
		if (what == TEXTS)
			emit_text_test(&e, name, q);
		if (!paths)
			continue;
		emit_path_test(&e, name, q->kind, q->texts.items, q->texts.len);
		emit_path_filter(&e, name, q->kind, q->texts.items, q->texts.len);
	}
	emit_f(&e, "int main(void)\n{\n\tchar s[256], line[256];\n\tint nowhere, end;\n\n"
		   "\twhile (scanf(\"%%d %%255s%%n\", &nowhere, line, &end) == 2) {\n");
	for (unsigned i = 0; i < NPREDS; i++) {
		const struct ir_pred *q = &t->preds[i];

		emit_f(&e, "\t\t{\n\t\t\tstrcpy(s, line);\n");
		if (paths)
			emit_f(&e, "\t\t\tstruct tpc_walk w = walk_of(s, nowhere);\n");
		emit_f(&e, "\t\t\tputchar(");
		if (paths)
			emit_path_condition(&e, tpc_sprintf(t->c.arena, "t%u", i), q->kind, q->texts.items,
					    q->texts.len, "w");
		else if (what == SUBSTRINGS)
			emit_f(&e, "t%u_find(slot_of(s), 0, nowhere ? 0 : (int)strlen(s))", i);
		else
			emit_f(&e, "t%u(s, nowhere ? -1 : (int)strlen(s))", i);
		emit_f(&e, " ? '1' : '0');\n\t\t}\n");
	}
	emit_f(&e, "\t\tputchar('\\n');\n\t}\n\treturn 0;\n}\n");
	f = fopen(file, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(tpc_buf_text(&out), f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

/* Letters of both cases, and what stands beside them in ASCII. */
static void shake(struct trial *t, char *s)
{
	for (; *s; s++)
		if (!random_below(&t->seed, 6))
			*s = *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') :
						      "@[`{\xc1\xe1"[random_below(&t->seed, 6)];
}

static void write_inputs(struct trial *t, const char *file, enum what what)
{
	FILE *f = fopen(file, "w");

	ck_assert_ptr_nonnull(f);
	for (unsigned i = 0; i < NINPUTS; i++) {
		random_path(t, t->inputs[i]);
		if (what == SUBSTRINGS)
			shake(t, t->inputs[i]);
		t->nowhere[i] = !random_below(&t->seed, 8);
		fprintf(f, "%d %s\n", t->nowhere[i], t->inputs[i]);
	}
	ck_assert_int_eq(fclose(f), 0);
}

static unsigned compare(struct trial *t, const char *file, bool paths)
{
	struct ir_value v = { .type = paths ? IR_PATH : IR_STRING };
	char line[NPREDS + 2];
	FILE *f = fopen(file, "r");
	unsigned yes = 0;

	ck_assert_ptr_nonnull(f);
	for (unsigned i = 0; i < NINPUTS; i++) {
		struct ir_input_value in = { .absent = t->nowhere[i],
					     .bytes = t->inputs[i],
					     .len = (uint32_t)strlen(t->inputs[i]) };

		ck_assert_ptr_nonnull(fgets(line, sizeof(line), f));
		for (unsigned j = 0; j < NPREDS; j++) {
			bool want = ir_eval_pred(&t->preds[j], &v, &in);

			yes += want;
			ck_assert_msg((line[j] == '1') == want,
				      "predicate %u (kind %d, first text %s) of %s%s", j, t->preds[j].kind,
				      t->preds[j].texts.items[0].s, t->inputs[i],
				      t->nowhere[i] ? " (nowhere)" : "");
		}
	}
	fclose(f);
	return yes;
}

static void run_trial(int seed, enum what what)
{
	const char *cc = getenv("TPC_TEST_CC"), *root = getenv("TPC_SOURCE_ROOT");
	char dir[] = "/tmp/tpc-emitted-XXXXXX", command[1024];
	struct trial *t = calloc(1, sizeof(*t));

	ck_assert_ptr_nonnull(t);
	ck_assert_msg(cc && root, "TPC_TEST_CC and TPC_SOURCE_ROOT name the C compiler and the sources");
	ck_assert_int_eq(tpc_ctx_init(&t->c, (size_t)64 << 20), 0);
	t->seed = (uint64_t)seed * 77 + (what == PATHS) + 5 * (what == SUBSTRINGS);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	for (unsigned i = 0; i < NPREDS; i++)
		random_pred(t, &t->preds[i], what);
	write_program(t, tpc_sprintf(t->c.arena, "%s/t.c", dir), what);
	write_inputs(t, tpc_sprintf(t->c.arena, "%s/in", dir), what);
	snprintf(command, sizeof(command),
		 "%s -I %s/compiler -I %s/templates -o %s/t %s/t.c && %s/t <%s/in >%s/out", cc, root, root,
		 dir, dir, dir, dir, dir);
	ck_assert_msg(system(command) == 0, "%s", command);
	/* Both answers must really occur, else nothing was tested. */
	ck_assert_uint_gt(compare(t, tpc_sprintf(t->c.arena, "%s/out", dir), what == PATHS), NINPUTS);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	ck_assert_int_eq(system(command), 0);
	tpc_ctx_done(&t->c);
	free(t);
}

START_TEST(paths_answer_as_the_evaluator)
{
	run_trial(_i, PATHS);
}
END_TEST

START_TEST(texts_answer_as_the_evaluator)
{
	run_trial(_i, TEXTS);
}
END_TEST

START_TEST(substrings_answer_as_the_evaluator)
{
	run_trial(_i, SUBSTRINGS);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("emitted");

	tcase_add_loop_test(t, paths_answer_as_the_evaluator, 0, 6);
	tcase_add_loop_test(t, texts_answer_as_the_evaluator, 0, 4);
	tcase_add_loop_test(t, substrings_answer_as_the_evaluator, 0, 4);
	return run_suite("backend", t);
}
