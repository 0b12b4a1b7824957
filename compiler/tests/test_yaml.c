// SPDX-License-Identifier: Apache-2.0
/* YAML to nodes: spans in bytes, scalars as Kubernetes reads them, and what is refused with which words. */
#include "frontend/scalar.h"
#include "frontend/yaml.h"
#include "read_yaml.h"

static struct tpc_documents docs;

static void yaml(const char *text)
{
	tpc_yaml_read(&ctx, tpc_source_add(&ctx.sources, "p.yaml", text, strlen(text)), &docs);
	tpc_diags_sort(&ctx.diags);
}

static void expect_span(const char *text, const struct tpc_node *n, const char *want)
{
	ck_assert_uint_eq(n->at.len, strlen(want));
	ck_assert_int_eq(memcmp(text + n->at.off, want, n->at.len), 0);
}

START_TEST(spans_are_bytes)
{
	static const char text[] = "# h\xc3\xa9 \xe6\xbc\xa2\n"
				   "k\xc3\xa9y: \"\xe6\xbc\xa2\\n\"  # c\r\n"
				   "list:\n"
				   "  - a b \n"
				   "  - [x, {y: z}]   # c\n"
				   "\n"
				   "block: |\n"
				   "  \xf0\x9f\x98\x80\n"
				   "  two\n"
				   "\n"
				   "last: 'q'\n";
	const struct tpc_entry *e;
	const struct tpc_node *list;

	yaml(text);
	ck_assert_uint_eq(ctx.diags.nerrors, 0);
	ck_assert_uint_eq(docs.len, 1);
	ck_assert_int_eq(docs.items[0].root->kind, TPC_NODE_MAP);
	ck_assert_uint_eq(docs.items[0].at.off, 0);
	ck_assert_uint_eq(docs.items[0].at.len, strlen(text));
	e = docs.items[0].root->entries.items;
	expect_span(text, e[0].key, "k\xc3\xa9y");
	expect_span(text, e[0].value, "\"\xe6\xbc\xa2\\n\"");
	ck_assert_str_eq(e[0].value->s, "\xe6\xbc\xa2\n");
	list = e[1].value;
	expect_span(text, list, "- a b \n  - [x, {y: z}]");
	expect_span(text, list->items.items[0], "a b");
	expect_span(text, list->items.items[1], "[x, {y: z}]");
	expect_span(text, list->items.items[1]->items.items[1], "{y: z}");
	expect_span(text, e[2].value, "|\n  \xf0\x9f\x98\x80\n  two");
	expect_span(text, e[3].value, "'q'");
	ck_assert(e[3].value->quoted);
}
END_TEST

START_TEST(a_byte_order_mark_moves_nothing)
{
	static const char text[] = "\xef\xbb\xbfk\xc3\xa9y: value\n";

	yaml(text);
	ck_assert_uint_eq(ctx.diags.nerrors, 0);
	expect_span(text, docs.items[0].root->entries.items[0].value, "value");
}
END_TEST

START_TEST(documents_follow_each_other)
{
	static const char text[] = "# first\na: 1\n---\n# none\n---\nb: 2\n...\n---\n{c: 3}\n";

	yaml(text);
	ck_assert_uint_eq(ctx.diags.nerrors, 0);
	ck_assert_uint_eq(docs.len, 4);
	ck_assert_ptr_nonnull(docs.items[0].root);
	ck_assert_ptr_null(docs.items[1].root);
	ck_assert_uint_eq(docs.items[0].at.len, strlen("# first\na: 1\n"));
	ck_assert_int_eq(strncmp(text + docs.items[2].at.off, "---\nb: 2\n...\n", docs.items[2].at.len), 0);
	ck_assert_int_eq(strcmp(text + docs.items[3].at.off, "---\n{c: 3}\n"), 0);
}
END_TEST

/* go-yaml v2, resolve.go: the reader behind sigs.k8s.io/yaml. */
static const struct {
	const char *text;
	enum tpc_scalar_kind kind;
	int64_t value;
} scalars[] = {
	{ "", TPC_SCALAR_NULL, 0 },
	{ "~", TPC_SCALAR_NULL, 0 },
	{ "null", TPC_SCALAR_NULL, 0 },
	{ "nUll", TPC_SCALAR_TEXT, 0 },
	{ "true", TPC_SCALAR_BOOL, 1 },
	{ "Yes", TPC_SCALAR_BOOL, 1 },
	{ "on", TPC_SCALAR_BOOL, 1 },
	{ "y", TPC_SCALAR_BOOL, 1 },
	{ "OFF", TPC_SCALAR_BOOL, 0 },
	{ "no", TPC_SCALAR_BOOL, 0 },
	{ "tRue", TPC_SCALAR_TEXT, 0 },
	{ "'true'", TPC_SCALAR_TEXT, 0 },
	{ "\"\"", TPC_SCALAR_TEXT, 0 },
	{ "0", TPC_SCALAR_INT, 0 },
	{ "-0", TPC_SCALAR_INT, 0 },
	{ "42", TPC_SCALAR_INT, 42 },
	{ "+42", TPC_SCALAR_INT, 42 },
	{ "-42", TPC_SCALAR_INT, -42 },
	{ "0x1F", TPC_SCALAR_INT, 31 },
	{ "-0x10", TPC_SCALAR_INT, -16 },
	{ "017", TPC_SCALAR_INT, 15 },
	{ "0o17", TPC_SCALAR_INT, 15 },
	{ "0b101", TPC_SCALAR_INT, 5 },
	{ "1_000", TPC_SCALAR_INT, 1000 },
	{ "9223372036854775807", TPC_SCALAR_INT, INT64_MAX },
	{ "-9223372036854775808", TPC_SCALAR_INT, INT64_MIN },
	{ "9223372036854775808", TPC_SCALAR_INT, INT64_MAX }, /* overflow */
	{ "99999999999999999999999999999", TPC_SCALAR_INT, INT64_MAX },
	{ "-99999999999999999999999999999", TPC_SCALAR_INT, INT64_MIN },
	{ "08", TPC_SCALAR_FLOAT, 0 },
	{ "1.5", TPC_SCALAR_FLOAT, 0 },
	{ "1e3", TPC_SCALAR_FLOAT, 0 },
	{ "-.5", TPC_SCALAR_FLOAT, 0 },
	{ ".inf", TPC_SCALAR_FLOAT, 0 },
	{ ".", TPC_SCALAR_TEXT, 0 },
	{ "0x", TPC_SCALAR_TEXT, 0 },
	{ "0xfg", TPC_SCALAR_TEXT, 0 },
	{ "1e", TPC_SCALAR_TEXT, 0 },
	{ "2001-01-01", TPC_SCALAR_TEXT, 0 },
	{ "1.2.3.4", TPC_SCALAR_TEXT, 0 },
	{ "!!str 5", TPC_SCALAR_TEXT, 0 },
	{ "! 5", TPC_SCALAR_TEXT, 0 },
	{ "!!int \"5\"", TPC_SCALAR_INT, 5 },
	{ "!!bool 'yes'", TPC_SCALAR_BOOL, 1 },
	{ "sys_write", TPC_SCALAR_TEXT, 0 },
};

START_TEST(scalars_as_kubernetes_reads_them)
{
	const char *src = tpc_sprintf(ctx.arena, "- %s\n- x\n", scalars[_i].text);
	struct tpc_scalar s;

	yaml(src);
	ck_assert_uint_eq(ctx.diags.nerrors, 0);
	s = tpc_scalar_resolve(docs.items[0].root->items.items[0]);
	ck_assert_msg(s.kind == scalars[_i].kind, "%s is of kind %d", src, s.kind);
	if (s.kind == TPC_SCALAR_INT)
		ck_assert_int_eq(s.i, scalars[_i].value);
	if (s.kind == TPC_SCALAR_BOOL)
		ck_assert_int_eq(s.b, scalars[_i].value);
}
END_TEST

START_TEST(aliases_and_merge_keys)
{
	const struct tpc_node *m;

	yaml("a: &a {x: 1, y: 2}\nb: *a\nc: {y: 9, <<: *a, z: 3}\nd: {<<: [*a, {y: 5, w: 4}]}\n");
	ck_assert_uint_eq(ctx.diags.nerrors, 0);
	m = docs.items[0].root;
	ck_assert_ptr_eq(m->entries.items[0].value, m->entries.items[1].value);
	m = docs.items[0].root->entries.items[2].value;
	ck_assert_uint_eq(m->entries.len, 3);
	ck_assert_str_eq(m->entries.items[0].value->s, "9"); /* its own y wins */
	ck_assert_str_eq(m->entries.items[2].key->s, "x");
	m = docs.items[0].root->entries.items[3].value;
	ck_assert_uint_eq(m->entries.len, 3);
	ck_assert_str_eq(m->entries.items[1].value->s, "2"); /* the earlier mapping wins */
}
END_TEST

static const struct {
	const char *text;
	enum tpc_diag_code code;
	uint32_t line, col;
	const char *says; /* part of what is printed */
} faults[] = {
	{ "a: @x\n", TPC_E_YAML, 1, 4, "put it in quotes" },
	{ "a: b: c\n", TPC_E_YAML, 1, 5, "quote text that holds ': '" },
	{ "a:\n\tb: 1\n", TPC_E_YAML, 2, 1, "YAML forbids tabs for indentation" },
	{ "a: \"b\nc: d\n", TPC_E_YAML, 1, 4, "the closing quote is missing" },
	{ "a: [1, 2\nb: 3\n", TPC_E_YAML, 2, 2, "the '[' is here" },
	{ "a: 1\n b: 2\n", TPC_E_YAML, 2, 3, "indent it like the line above" },
	{ "a:\n  - 1\n b: 2\n", TPC_E_YAML, 3, 2, "indent" },
	{ "a: 1\nb\n", TPC_E_YAML, 2, 1, "expected ':' after this" },
	{ "a: \"\\q\"\n", TPC_E_YAML, 1, 5, "escape" },
	{ "\xc3\xa9\xc3\xa9: @\n", TPC_E_YAML, 1, 5, "put it in quotes" },
	{ "a: 1\nb: 2\na: 3\n", TPC_E_DUPLICATE_KEY, 3, 1, "p.yaml:1:1: note: the first is here" },
	{ "{a: 1, \"a\": 2}\n", TPC_E_DUPLICATE_KEY, 1, 8, "'a' is here twice" },
	{ "a: {b: 1, c: 2, d: 3, e: 4, f: 5, g: 6, h: 7, i: 8, j: 9, d: 0}\n", TPC_E_DUPLICATE_KEY, 1, 59,
	  "p.yaml:1:17: note" },
	{ "? [a, b]\n: c\n", TPC_E_YAML, 1, 3, "a list cannot be a key" },
	{ "{{a: b}: c}\n", TPC_E_YAML, 1, 2, "a mapping cannot be a key" },
	{ "?\n: c\n", TPC_E_YAML, 1, 2, "a key is missing" },
	{ "a: *b\n", TPC_E_ALIAS, 1, 4, "no anchor '&b'" },
	{ "a: &b [*b]\n", TPC_E_ALIAS, 1, 8, "inside what it stands for" },
	{ "a: !thing x\n", TPC_E_YAML, 1, 4, "unknown tag '!thing'" },
	{ "a: 1\n<<: 3\n", TPC_E_WRONG_TYPE, 2, 5, "'<<' needs a mapping" },
	{ "a: \xe9\n", TPC_E_ENCODING, 1, 4, "byte 0xe9 is not UTF-8" },
	{ "\xff\xfe"
	  "a",
	  TPC_E_ENCODING, 1, 1, "UTF-16" },
	{ "a: b\x1b\n", TPC_E_ENCODING, 1, 5, "U+001B" },
	{ "a: \xed\xa0\x80\n", TPC_E_ENCODING, 1, 4, "not UTF-8" }, /* a surrogate */
	{ "a: \xc0\xaf\n", TPC_E_ENCODING, 1, 4, "not UTF-8" },	    /* overlong */
};

START_TEST(faults_have_places_and_words)
{
	char *s;

	yaml(faults[_i].text);
	expect_one(faults[_i].code, faults[_i].line, faults[_i].col);
	s = printed(false);
	ck_assert_msg(strstr(s, faults[_i].says), "expected '%s' in:\n%s", faults[_i].says, s);
	free(s);
}
END_TEST

START_TEST(a_syntax_error_keeps_the_documents_before_it)
{
	yaml("a: 1\n---\nb: [\n---\nc: 3\n");
	ck_assert_uint_eq(ctx.diags.nerrors, 1);
	ck_assert_uint_eq(docs.len, 1);
	ck_assert(docs.broken);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int main(void)
{
	TCase *t = tcase_create("yaml");

	tcase_add_checked_fixture(t, read_setup, read_teardown);
	tcase_add_test(t, spans_are_bytes);
	tcase_add_test(t, a_byte_order_mark_moves_nothing);
	tcase_add_test(t, documents_follow_each_other);
	tcase_add_loop_test(t, scalars_as_kubernetes_reads_them, 0, COUNT(scalars));
	tcase_add_test(t, aliases_and_merge_keys);
	tcase_add_loop_test(t, faults_have_places_and_words, 0, COUNT(faults));
	tcase_add_test(t, a_syntax_error_keeps_the_documents_before_it);
	return run_suite("yaml", t);
}
