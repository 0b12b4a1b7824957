// SPDX-License-Identifier: Apache-2.0
/*
 * What Tetragon refuses: testdata/compat has specs, each with the one diagnostic that it gets, or none. Each limit
 * stands there twice, with the last value that passes and the first that does not.
 */
#include <check.h>
#include <inttypes.h>

#include "base/buf.h"
#include "compat/compat.h"
#include "read_yaml.h"

#define KP(args, selector)                                                                                   \
	"  kprobes:\n  - call: f\n    syscall: false\n    args: [" args                                      \
	"]\n    selectors:\n    - {" selector "}\n"
#define X10(s) s s s s s s s s s s
#define X60(s) X10(s) X10(s) X10(s) X10(s) X10(s) X10(s)
#define X63(s) X60(s) s s s

static void check_text(const char *text, enum tpc_severity sev)
{
	read_text(text);
	ck_assert_msg(!ctx.diags.nerrors, "the front end has something to say: %s",
		      ctx.diags.list.len ? ctx.diags.list.items[0]->msg : "");
	ctx.diags.list.len = ctx.diags.nwarnings = 0; /* its warnings are another matter */
	compat_tetragon(&ctx, &policies, sev);
	tpc_diags_sort(&ctx.diags);
}

static void check_spec(const char *spec, enum tpc_severity sev)
{
	check_text(tpc_sprintf(ctx.arena, HEAD "%s", spec), sev);
}

/* ---- testdata/compat: "== accept" or "== TPCnnn LINE:COL WORDS", then the spec ---- */

static const char *const files[] = { "limits", "values", "types", "actions", "hooks", "policies", "silent" };

struct wanted {
	char code[8]; /* "accept": nothing is said */
	unsigned line, col;
	const char *words;
};

/* A file's text, for longer than one case takes. */
static char *read_cases(const char *name)
{
	const char *root = getenv("TPC_SOURCE_ROOT");
	char path[4096], *text = calloc(1, 1 << 20);
	FILE *f;

	ck_assert_msg(root, "TPC_SOURCE_ROOT is not set: run with meson test");
	snprintf(path, sizeof(path), "%s/testdata/compat/%s.txt", root, name);
	f = fopen(path, "rb");
	ck_assert_msg(f && text, "cannot open %s", path);
	ck_assert_uint_gt(fread(text, 1, (1 << 20) - 1, f), 0);
	fclose(f);
	return text;
}

/* A spec as it stands in a file: lines with ## are dropped, <99*a> stands for 99 letters. */
static const char *unfold(const char *s)
{
	struct tpc_buf b = TPC_BUF(ctx.arena);

	while (*s) {
		unsigned n;
		char ch;

		if (!strncmp(s, "## ", 3) && s[-1] == '\n') {
			s = strchrnul(s, '\n');
			s += *s == '\n';
		} else if (*s == '<' && sscanf(s, "<%u*%c>", &n, &ch) == 2) {
			while (n--)
				tpc_buf_putc(&b, ch);
			s = strchr(s, '>') + 1;
		} else {
			tpc_buf_putc(&b, *s++);
		}
	}
	return tpc_buf_text(&b);
}

static void check_case(const struct wanted *w, const char *spec, enum tpc_severity sev)
{
	struct tpc_place pl;
	const struct tpc_diag *d;
	char *s;

	read_teardown();
	read_setup();
	check_spec(unfold(spec), sev);
	s = printed(false);
	if (!strcmp(w->code, "accept")) {
		ck_assert_str_eq(s, "");
	} else {
		ck_assert_msg(ctx.diags.list.len == 1, "one %s for\n%s\n%s", w->code, spec, s);
		d = ctx.diags.list.items[0];
		ck_assert(tpc_source_place(&ctx.sources, d->at, &pl));
		ck_assert_msg(!strcmp(tpc_diag_code_id(d->code), w->code) && pl.line == w->line &&
				      pl.col == w->col && strstr(d->msg, w->words),
			      "%s %u:%u '%s' for\n%s\n%s", w->code, w->line, w->col, w->words, spec, s);
		ck_assert_int_eq(d->sev, d->code == TPC_T_SILENT ? TPC_WARNING : sev);
	}
	free(s);
}

/* Each case as an error and, what must be told just the same, as a warning. */
START_TEST(cases)
{
	char *text = read_cases(files[_i]), *at = strstr(text, "== "), *next, *spec;
	uint32_t n = 0;

	for (; at; at = next, n++) {
		struct wanted w = { .code = "" };
		int len = 0;

		spec = strchr(at, '\n');
		ck_assert_ptr_nonnull(spec);
		*spec++ = 0;
		next = strstr(spec, "\n== ");
		if (next) {
			next[0] = 0;
			next++;
		}
		ck_assert_int_ge(sscanf(at, "== %7s %u:%u %n", w.code, &w.line, &w.col, &len), 1);
		w.words = at + len;
		check_case(&w, spec, TPC_ERROR);
		check_case(&w, spec, TPC_WARNING);
	}
	ck_assert_uint_gt(n, 4);
	free(text);
}
END_TEST

START_TEST(silent_differences_are_warnings)
{
	check_spec(KP("", "matchPIDs: [{operator: In, values: [1]}, {operator: In, values: [2]}]"),
		   TPC_ERROR);
	ck_assert_uint_eq(ctx.diags.nerrors, 0);
	ck_assert_uint_eq(ctx.diags.nwarnings, 1);
}
END_TEST

/* ---- metadata ---- */

#define POLICY(kind, metadata)                                                                               \
	"apiVersion: cilium.io/v1alpha1\nkind: " kind "\nmetadata: {name: p, " metadata "}\nspec:\n"         \
	"  uprobes: [{path: /a, symbols: [s]}]\n"

static const struct {
	const char *text;
	enum tpc_diag_code code;
	uint32_t line, col;
} metadata_cases[] = {
	{ POLICY("TracingPolicy", "labels: {a.b/c: d}, annotations: {A.b/c: 'd e'}"), TPC_CODE_MAX, 0, 0 },
	{ POLICY("TracingPolicy", "labels: {a: ''}"), TPC_CODE_MAX, 0, 0 },
	{ POLICY("TracingPolicy", "labels: {a: " X63("b") "}"), TPC_CODE_MAX, 0, 0 },
	{ POLICY("TracingPolicy", "labels: {a: b" X63("b") "}"), TPC_T_POLICY, 3, 33 },
	{ POLICY("TracingPolicy", "labels: {a: b c}"), TPC_T_POLICY, 3, 33 },
	{ POLICY("TracingPolicy", "labels: {a/b/c: d}"), TPC_T_POLICY, 3, 30 },
	{ POLICY("TracingPolicy", "labels: {A.b/c: d}"), TPC_T_POLICY, 3, 30 },
	{ POLICY("TracingPolicy", "annotations: {a b: c}"), TPC_T_POLICY, 3, 35 },
	{ POLICY("TracingPolicy", "labels: {" X63("a") "." X63("a") "." X63("a") ".a" X60("a") "/b: c}"),
	  TPC_CODE_MAX, 0, 0 },
	{ POLICY("TracingPolicy", "labels: {" X63("a") "." X63("a") "." X63("a") ".aa" X60("a") "/b: c}"),
	  TPC_T_POLICY, 3, 30 },
	{ POLICY("TracingPolicyNamespaced", "namespace: ns"), TPC_T_HOOK, 5, 12 },
};

START_TEST(metadata)
{
	check_text(metadata_cases[_i].text, TPC_ERROR);
	if (metadata_cases[_i].code == TPC_CODE_MAX)
		expect_printed("");
	else
		expect_one(metadata_cases[_i].code, metadata_cases[_i].line, metadata_cases[_i].col);
}
END_TEST

#define NAMESPACED(ns)                                                                                       \
	"apiVersion: cilium.io/v1alpha1\nkind: TracingPolicyNamespaced\nmetadata: {name: p" ns "}\nspec: {}\n"

/* kubectl fills the namespace in: only who asks for Tetragon hears of it. */
START_TEST(namespaces)
{
	check_text(NAMESPACED(", namespace: ns"), TPC_ERROR);
	ck_assert_uint_eq(ctx.diags.list.len, 0);
	check_text(NAMESPACED(""), TPC_WARNING);
	ck_assert_uint_eq(ctx.diags.list.len, 0);
	compat_tetragon(&ctx, &policies, TPC_ERROR);
	expect_one(TPC_T_SILENT, 3, 11);
}
END_TEST

START_TEST(usdts_of_a_namespace)
{
	check_text(
		"apiVersion: cilium.io/v1alpha1\nkind: TracingPolicyNamespaced\nmetadata: {name: p, namespace: ns}\n"
		"spec:\n  usdts: [{path: /a, provider: p, name: hit}]\n",
		TPC_ERROR);
	expect_one(TPC_T_HOOK, 5, 10);
}
END_TEST

START_TEST(namespace_is_a_name)
{
	check_text(NAMESPACED(", namespace: a.b"), TPC_ERROR);
	expect_one(TPC_T_POLICY, 3, 32);
}
END_TEST

/* What depends on how the agent runs is for who asks for Tetragon as well. */
START_TEST(parent_binaries)
{
	check_spec(KP("", "matchParentBinaries: [{operator: In, values: [/a]}]"), TPC_WARNING);
	ck_assert_uint_eq(ctx.diags.list.len, 0);
	compat_tetragon(&ctx, &policies, TPC_ERROR);
	ck_assert_uint_eq(ctx.diags.nerrors, 0);
	expect_one(TPC_T_SILENT, 10, 29);
}
END_TEST

/* ---- what only a whole shows ---- */

START_TEST(annotations_have_a_limit)
{
	struct tpc_buf b = TPC_BUF(ctx.arena);

	tpc_buf_puts(&b, "apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\n"
			 "metadata:\n  name: p\n  annotations:\n    a: ");
	for (uint32_t i = 0; i < (256 << 10) - (uint32_t)_i; i++)
		tpc_buf_putc(&b, 'x');
	tpc_buf_puts(&b, "\nspec: {}\n");
	check_text(tpc_buf_text(&b), TPC_ERROR);
	ck_assert_uint_eq(ctx.diags.nerrors, !_i); /* with the name it is one byte more */
}
END_TEST

START_TEST(second_document)
{
	const char *text = HEAD "  kprobes: [{call: f, syscall: false}]\n---\n" HEAD
				"  kprobes: [{call: g, syscall: false}]\n";

	check_text(text, TPC_WARNING);
	ck_assert_uint_eq(ctx.diags.list.len, 0);
	compat_tetragon(&ctx, &policies, TPC_ERROR);
	expect_one(TPC_T_SILENT, 9, 18);
	ck_assert_uint_eq(ctx.diags.nerrors, 0);
}
END_TEST

/* A process id takes 4 bytes of the 4096 that all selectors of a hook have. */
static void read_pids(uint32_t n)
{
	struct tpc_buf b = TPC_BUF(ctx.arena);

	tpc_buf_puts(
		&b, HEAD
		"  kprobes: [{call: f, syscall: false, selectors: [{matchPIDs: [{operator: In, values: [1");
	for (uint32_t i = 1; i < n; i++)
		tpc_buf_puts(&b, ", 1");
	tpc_buf_puts(&b, "]}]}]}]\n");
	check_text(tpc_buf_text(&b), TPC_ERROR);
}

START_TEST(encoding_has_a_limit)
{
	read_pids(1006);
	ck_assert_uint_eq(ctx.diags.nerrors, 0);
	read_teardown();
	read_setup();
	read_pids(1007);
	ck_assert_uint_eq(ctx.diags.nerrors, 1);
}
END_TEST

START_TEST(follow_children_has_a_limit)
{
	struct tpc_buf b = TPC_BUF(ctx.arena);

	tpc_buf_puts(&b, HEAD "  kprobes:\n");
	for (int i = 0; i < _i; i++)
		tpc_buf_printf(&b,
			       "  - {call: f%d, syscall: false, selectors: [{matchBinaries: "
			       "[{operator: In, values: [/a], followChildren: true}]}]}\n",
			       i);
	check_text(tpc_buf_text(&b), TPC_ERROR);
	ck_assert_uint_eq(ctx.diags.nerrors, _i > 64);
}
END_TEST

/* What the compiler itself refuses at a place needs no second word; "not yet" is another matter. */
START_TEST(not_said_twice)
{
	read_text(HEAD "  kprobes: [{call: f, syscall: false, tags: [a]}]\n");
	for (uint32_t i = 0; i < 2; i++) {
		struct tpc_span at = policies.items[0]->spec.kprobes.items[0].tags.items[0].at;

		tpc_error(&ctx.diags, at, i ? TPC_E_VALUE : TPC_E_NOT_YET, "first");
		compat_tetragon(&ctx, &policies, TPC_ERROR);
		ck_assert_uint_eq(ctx.diags.list.len, i ? 3 : 2);
	}
}
END_TEST

START_TEST(bad_policies_are_passed_over)
{
	read_text(HEAD "  kprobes: [{call: f, syscall: false, tags: [a], what: 1}]\n");
	ck_assert_uint_eq(ctx.diags.list.len, 1);
	compat_tetragon(&ctx, &policies, TPC_ERROR);
	ck_assert_uint_eq(ctx.diags.list.len, 1);
}
END_TEST

START_TEST(names_its_hook)
{
	check_spec("  lsmhooks: [{hook: file_open, tags: [a]}]\n", TPC_ERROR);
	ck_assert_uint_eq(ctx.diags.list.items[0]->notes.len, 1);
	ck_assert_str_eq(ctx.diags.list.items[0]->notes.items[0].msg, "in this lsmhook 'file_open'");
}
END_TEST

/* A macro of many values in many hooks is a product: it ends, and says that it did. */
START_TEST(products_end)
{
	struct tpc_buf b = TPC_BUF(ctx.arena);

	tpc_buf_puts(&b, HEAD "  selectorsMacros: {m: {matchBinaries: [{operator: In, values: [/a");
	for (int i = 0; i < 40000; i++)
		tpc_buf_puts(&b, ", /a");
	tpc_buf_puts(&b, "]}]}}\n  kprobes:\n");
	for (int i = 0; i < 5000; i++)
		tpc_buf_printf(&b, "  - {call: f%d, syscall: false, selectors: [{macros: [m]}]}\n", i);
	check_text(tpc_buf_text(&b), TPC_ERROR);
	expect_one(TPC_T_LIMIT, 3, 18);
	ck_assert_ptr_nonnull(strstr(ctx.diags.list.items[0]->msg, "too large"));
}
END_TEST

/* A list of many functions in many hooks as well. */
START_TEST(products_of_lists_end)
{
	struct tpc_buf b = TPC_BUF(ctx.arena);

	tpc_buf_puts(&b, HEAD "  lists: [{name: l, values: [a");
	for (int i = 0; i < 40000; i++)
		tpc_buf_printf(&b, ", a%d", i);
	tpc_buf_puts(&b, "]}]\n  kprobes:\n");
	for (int i = 0; i < 5000; i++)
		tpc_buf_puts(&b, "  - {call: 'list:l', syscall: false}\n");
	check_text(tpc_buf_text(&b), TPC_ERROR);
	ck_assert_uint_gt(ctx.diags.nerrors, 0);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("compat");

	tcase_add_checked_fixture(t, read_setup, read_teardown);
	tcase_add_loop_test(t, cases, 0, (int)(sizeof(files) / sizeof(files[0])));
	tcase_add_test(t, silent_differences_are_warnings);
	tcase_add_loop_test(t, metadata, 0, (int)(sizeof(metadata_cases) / sizeof(metadata_cases[0])));
	tcase_add_test(t, namespaces);
	tcase_add_test(t, parent_binaries);
	tcase_add_test(t, usdts_of_a_namespace);
	tcase_add_test(t, namespace_is_a_name);
	tcase_add_loop_test(t, annotations_have_a_limit, 0, 2);
	tcase_add_test(t, second_document);
	tcase_add_test(t, encoding_has_a_limit);
	tcase_add_loop_test(t, follow_children_has_a_limit, 64, 66);
	tcase_add_test(t, not_said_twice);
	tcase_add_test(t, bad_policies_are_passed_over);
	tcase_add_test(t, names_its_hook);
	tcase_add_test(t, products_end);
	tcase_add_test(t, products_of_lists_end);
	return run_suite("compat", t);
}
