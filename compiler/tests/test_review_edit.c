// SPDX-License-Identifier: Apache-2.0
/* Edits of YAML text at known places: comments, layout and neighbours stay; what cannot be changed so is left alone. */
#include "review/review_impl.h"
#include "suite.h"

enum op { SCALAR, ADD_KEY, APPEND_KEY, DROP_KEY, ITEM_BEFORE, ITEM_BEHIND, DROP_ITEM };

static const struct {
	enum op op;
	const char *text;
	const char *at;	  /* the node's own text, the first in @text */
	const char *with; /* what is written */
	const char *want; /* NULL: refused */
} cases[] = {
	{ SCALAR, "a: 1 # one\nb: 2\n", "1", "10", "a: 10 # one\nb: 2\n" },
	{ SCALAR, "a: 'x y'\n", "'x y'", "z", "a: z\n" },
	{ SCALAR, "a: &x 1\nb: *x\n", "7", "2", NULL },
	{ ADD_KEY, "- call: x # c\n  args: []\n", "x", "syscall: false",
	  "- call: x # c\n  syscall: false\n  args: []\n" },
	{ ADD_KEY, "a: x", "x", "b: y", "a: x\nb: y" },
	{ ADD_KEY, "a: {b: x}\n", "x", "c: y", "a: {b: x, c: y}\n" },
	{ ADD_KEY, "a:\n  {b: x,\n   d: z}\n", "x", "c: y", NULL },
	{ ADD_KEY, "a: x\n", "x", "b:\n- 1\n- 2", "a: x\nb:\n- 1\n- 2\n" },
	{ ADD_KEY, "a:\n    b: x\n", "x", "c:\n- 1", "a:\n    b: x\n    c:\n    - 1\n" },
	{ ADD_KEY, "a:\n- x\n- y\n", "- x\n- y", "b: 1", "a:\n- x\n- y\nb: 1\n" },
	{ APPEND_KEY, "s:\n  a: 1\n  b: 2 # two\nt: 3\n", "a: 1\n  b: 2", "c: 3",
	  "s:\n  a: 1\n  b: 2 # two\n  c: 3\nt: 3\n" },
	{ APPEND_KEY, "s: {}\n", "{}", "c: 3", NULL },
	{ DROP_KEY, "a: 1\nb: 2 # two\nc: 3\n", "2", "", "a: 1\nc: 3\n" },
	{ DROP_KEY, "a: 1\nb:\n- x\n- y\nc: 3\n", "- x\n- y", "", "a: 1\nc: 3\n" },
	{ DROP_KEY, "- a: 1\n  b: 2\n", "1", "", "- b: 2\n" },
	{ DROP_KEY, "s: {a: 1, b: 2}\n", "1", "", "s: {b: 2}\n" },
	{ DROP_KEY, "s: {a: 1, b: 2}\n", "2", "", "s: {a: 1}\n" },
	{ DROP_KEY, "s: {a: 1}\n", "1", "", NULL },
	{ DROP_KEY, "a: 1\n", "1", "", NULL },
	{ ITEM_BEFORE, "l:\n  # first\n  - x\n  - y\n", "x", "w", "l:\n  # first\n  - w\n  - x\n  - y\n" },
	{ ITEM_BEFORE, "l: [x, y]\n", "y", "w", "l: [x, w, y]\n" },
	{ ITEM_BEFORE, "l:\n- a: 1\n", "a: 1", "b: 2\nc: 3", "l:\n- b: 2\n  c: 3\n- a: 1\n" },
	{ ITEM_BEHIND, "l:\n- a: 1 # c\n- b: 1\n", "a: 1", "c: 2", "l:\n- a: 1 # c\n- c: 2\n- b: 1\n" },
	{ ITEM_BEHIND, "l: [x, y]\n", "y", "w", "l: [x, y, w]\n" },
	{ ITEM_BEFORE, "- - x\n", "x", "w", NULL },
	{ DROP_ITEM, "l:\n- x\n- y # why\n- z\n", "y", "", "l:\n- x\n- z\n" },
	{ DROP_ITEM, "k: 1\nl:\n- x\n", "x", "", "k: 1\n" },
	{ DROP_ITEM, "l: [x, y]\n", "x", "", "l: [y]\n" },
	{ DROP_ITEM, "l: [x, y]\n", "y", "", "l: [x]\n" },
	{ DROP_ITEM, "l:\n- a: 1\n  b:\n  - 2\n\n- c: 3\n", "a: 1\n  b:\n  - 2", "", "l:\n\n- c: 3\n" },
};

static bool edit(struct rv *r, struct rv_finding *f, enum op op, struct tpc_span at, const char *with)
{
	switch (op) {
	case SCALAR:
		return edit_scalar(r, f, at, with);
	case ADD_KEY:
		return edit_add_key(r, f, at, with);
	case APPEND_KEY:
		return edit_append_key(r, f, at, with);
	case DROP_KEY:
		return edit_drop_key(r, f, at);
	case ITEM_BEFORE:
	case ITEM_BEHIND:
		return edit_add_item(r, f, at, op == ITEM_BEFORE, with);
	case DROP_ITEM:
	default:
		return edit_drop_item(r, f, at);
	}
}

START_TEST(edits)
{
	const char *text = cases[_i].text, *at = strstr(text, cases[_i].at), *got;
	struct rv_finding f = { 0 };
	struct tpc_ctx c;
	struct rv r = { .c = &c };
	struct tpc_span span = { 0 };
	bool done;

	ck_assert_int_eq(tpc_ctx_init(&c, (size_t)16 << 20), 0);
	r.arena = c.arena;
	span.file = tpc_source_add(&c.sources, "x.yaml", text, strlen(text));
	span.off = at ? (uint32_t)(at - text) : 0;
	span.len = (uint32_t)strlen(cases[_i].at);
	done = edit(&r, &f, cases[_i].op, span, cases[_i].with);
	ck_assert_msg(done == (cases[_i].want != NULL), "%s%s", text,
		      done ? "was changed" : "was not changed");
	ck_assert(done == (f.edits.len > 0));
	got = edit_apply(&c, span.file, f.edits.items, f.edits.len);
	ck_assert_str_eq(got, cases[_i].want ? cases[_i].want : text);
	tpc_ctx_done(&c);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("edits");

	tcase_add_loop_test(t, edits, 0, (int)(sizeof(cases) / sizeof(cases[0])));
	return run_suite("review_edit", t);
}
