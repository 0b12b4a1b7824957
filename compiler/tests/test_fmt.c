// SPDX-License-Identifier: Apache-2.0
/* The formatter: what each rule makes of a text, twice, and that the nodes stay what they were. */
#include "fmt/fmt_impl.h"
#include "frontend/yaml.h"
#include "read_yaml.h"

static bool same_nodes(const struct tpc_node *a, const struct tpc_node *b)
{
	if (!a || !b)
		return a == b;
	if (a->kind != b->kind || a->tag != b->tag)
		return false;
	if (a->kind == TPC_NODE_SCALAR)
		return a->quoted == b->quoted && a->len == b->len && !memcmp(a->s, b->s, a->len);
	if (a->kind == TPC_NODE_LIST) {
		for (uint32_t i = 0; i < a->items.len && i < b->items.len; i++)
			if (!same_nodes(a->items.items[i], b->items.items[i]))
				return false;
		return a->items.len == b->items.len;
	}
	for (uint32_t i = 0; i < a->entries.len && i < b->entries.len; i++)
		if (!same_nodes(a->entries.items[i].key, b->entries.items[i].key) ||
		    !same_nodes(a->entries.items[i].value, b->entries.items[i].value))
			return false;
	return a->entries.len == b->entries.len;
}

/* What tpc_fmt() makes of @text; "" after an error. */
static const char *laid_out(const char *text, size_t len, struct tpc_documents *docs)
{
	struct tpc_buf out = TPC_BUF(ctx.arena);
	uint32_t file = tpc_source_add(&ctx.sources, "p.yaml", text, len);

	tpc_yaml_read(&ctx, file, docs);
	return tpc_fmt(&ctx, file, &out) ? tpc_buf_text(&out) : "";
}

static const struct {
	const char *text, *want;
} cases[] = {
	{ "", "" },
	{ "\n\n", "" },
	{ "# only\n\n\n# comments", "# only\n\n# comments\n" },
	{ "a:   1", "a: 1\n" },
	{ "a : 1   #   c  \n", "a: 1 #   c\n" },
	{ "a: 1\t# c\n", "a: 1 # c\n" },
	{ "a: 1\n\n\n\nb: 2\n\n", "a: 1\n\nb: 2\n" },
	{ "a:\n    b:\n        - c\n        - d\n", "a:\n  b:\n  - c\n  - d\n" },
	{ "a:\n- b\n-  c\n", "a:\n- b\n- c\n" },
	{ "-   a: 1\n    b:\n       - 2\n", "- a: 1\n  b:\n  - 2\n" },
	{ "-\n   a: 1\n", "-\n  a: 1\n" },
	{ "- - - a\n  -  b\n", "- - - a\n  - b\n" },
	/* what has meaning stays: quotes, order, content */
	{ "b: '1'\na: \"1\"\n", "b: '1'\na: \"1\"\n" },
	{ "a: 'x  \n y'\n", "a: 'x  \n  y'\n" },
	{ "a: x # not # two\nb: x#y\nc: '# z'\n", "a: x # not # two\nb: x#y\nc: '# z'\n" },
	/* block scalars move as a whole */
	{ "a: |\n      x\n        y  \n\n\n      z\n\n\nb: 1\n", "a: |\n  x\n    y  \n\n\n  z\n\nb: 1\n" },
	{ "a: |+\n    x\n\n\nb: 1\n", "a: |+\n  x\n\n\nb: 1\n" },
	{ "-   |2\n      x\n     y\n", "- |2\n      x\n     y\n" },
	{ "a: |\n    x\n       \n    y\n", "a: |\n  x\n     \n  y\n" },
	{ "a: |\n    # no comment\n  # one\nb: 1\n", "a: |\n  # no comment\n# one\nb: 1\n" },
	{ "a: >-   # c\n   x\n", "a: >- # c\n  x\n" },
	{ "a: |\n   x\t\n", "a: |\n  x\t\n" },
	{ "a: |\n   x", "a: |\n  x" },
	{ "a: |\nb: 1\n", "a: |\nb: 1\n" },
	{ "a:\n s: |\n  \n---\nb\n", "a:\n  s: |\n\n---\nb\n" },
	/* values of several lines */
	{ "a:   [1,\n      2]\n", "a: [1,\n    2]\n" },
	{ "a:\n    b: [\n        1 ,\n    ]\n", "a:\n  b: [\n      1 ,\n  ]\n" },
	{ "a:     x\n       y\n", "a: x\n   y\n" },
	{ "a:\n      b: x\n        \n       y\n", "a:\n  b: x\n\n    y\n" },
	{ "a:\n      \"x\\\n  \\  y\"\n", "a:\n  \"x\\\n  \\  y\"\n" },
	/* comments */
	{ "a:\n      # c\n    b: 1\n", "a:\n  # c\n  b: 1\n" },
	{ "a:\n    - b\n    # in a\nc: 1\n", "a:\n- b\n# in a\nc: 1\n" },
	{ "a:\n    b:\n        c: 1\n        # in b\n    # in a\n# d's\nd: 1\n        # end\n",
	  "a:\n  b:\n    c: 1\n    # in b\n  # in a\n# d's\nd: 1\n# end\n" },
	{ "a: # c\n    - 1 # d\n", "a: # c\n- 1 # d\n" },
	/* anchors, aliases, tags, markers, directives */
	{ "a:  &x\n    b: 1\nc:   *x\nd:\n    <<:  *x\n    e: !!str   5\n",
	  "a: &x\n  b: 1\nc: *x\nd:\n  <<: *x\n  e: !!str 5\n" },
	{ "%YAML 1.1\n---\n\n\na:  1\n...\n---   # x\n-   1\n",
	  "%YAML 1.1\n---\n\na: 1\n...\n--- # x\n- 1\n" },
	{ "--- \n? a\n:   b\n", "---\n? a\n: b\n" },
	{ "a: 1\r\nb: |\r\n   x\r\n", "a: 1\nb: |\n  x\n" },
	{ "\xef\xbb\xbf"
	  "a:\n   b: \xc3\xa9  # \xe6\xbc\xa2\n   c: [\xc3\xa9,   1]   # d\n",
	  "a:\n  b: \xc3\xa9 # \xe6\xbc\xa2\n  c: [\xc3\xa9,   1] # d\n" },
	{ "a:   \xc2\x85 1\n", "a:   \xc2\x85 1\n" }, /* odd line ends: as it is */
};

START_TEST(rules)
{
	const char *text = cases[_i].text, *once;
	struct tpc_documents before, after;

	once = laid_out(text, strlen(text), &before);
	ck_assert_uint_eq(ctx.diags.list.len, 0);
	ck_assert_str_eq(once, cases[_i].want);
	ck_assert_str_eq(laid_out(once, strlen(once), &after), once);
	ck_assert_uint_eq(before.len, after.len);
	for (uint32_t i = 0; i < before.len; i++)
		ck_assert(same_nodes(before.items[i].root, after.items[i].root));
}
END_TEST

START_TEST(what_is_no_yaml_is_refused)
{
	struct tpc_buf out = TPC_BUF(ctx.arena);

	ck_assert(!tpc_fmt(&ctx, tpc_source_add(&ctx.sources, "p.yaml", "a: b: c\n", 8), &out));
	expect_one(TPC_E_YAML, 1, 5);
}
END_TEST

/* The last guard sees each kind of change that a mistake of the formatter could make. */
START_TEST(the_guard_sees_changes)
{
	static const struct {
		const char *a, *b;
		bool same;
	} pairs[] = {
		{ "a:\n  - 1 # c\n", "a:\n- 1\n# c\n", true },
		{ "a: 1 # c\n", "a: 1\n", false },
		{ "a: 1 # c\n", "a: 1# c\n", false },
		{ "a:\n  b: 1\nc: 2\n", "a:\n  b: 1\n  c: 2\n", false },
		{ "a: '1'\n", "a: 1\n", false },
		{ "a: |\n  x\n", "a: |\n  x", false },
		{ "a: |\n  x\n   y\n", "a: |\n  x\n  y\n", false },
		{ "a: 'x y'\n", "a: 'x  y'\n", false },
		{ "a: [\n", "a: [\n", false },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		ck_assert_msg(fmt_same(pairs[i].a, strlen(pairs[i].a), pairs[i].b, strlen(pairs[i].b)) ==
				      pairs[i].same,
			      "pair %zu", i);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("fmt");

	tcase_add_checked_fixture(t, read_setup, read_teardown);
	tcase_add_loop_test(t, rules, 0, (int)(sizeof(cases) / sizeof(cases[0])));
	tcase_add_test(t, what_is_no_yaml_is_refused);
	tcase_add_test(t, the_guard_sees_changes);
	return run_suite("fmt", t);
}
