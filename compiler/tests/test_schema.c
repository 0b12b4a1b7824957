// SPDX-License-Identifier: Apache-2.0
/*
 * Tests that are made from the schema's own tables: every path from the document to a field is walked; at
 * each, values of the wrong type, a good value, and null. So a new row is tested without a new test.
 */
#include "base/buf.h"
#include "frontend/schema.h"
#include "read_yaml.h"

/* Objects on the way to a field; text of a document is `before` the field's value, the value, `after`. */
struct walk {
	struct tpc_arena *a;
	const char *before, *after;
	void (*visit)(struct walk *w, const struct schema_field *f);
	unsigned nvisits, ndocs;
};

static void add_good(struct tpc_buf *b, const struct schema_field *f, enum schema_type type);

/* The fields that an object cannot be without, but for @skip. */
static void add_required(struct tpc_buf *b, const struct schema_object *o, const struct schema_field *skip)
{
	for (uint32_t i = 0; i < o->nfields; i++) {
		const struct schema_field *f = &o->fields[i];

		if (f == skip || (!f->required && !(f->type == SCHEMA_WORD && f->fallback)))
			continue;
		tpc_buf_printf(b, "%s: ", f->name);
		add_good(b, f, f->type);
		tpc_buf_puts(b, ", ");
	}
}

static const char *good_text(const struct schema_field *f)
{
	if (!strcmp(f->name, "apiVersion"))
		return "cilium.io/v1alpha1";
	return !strcmp(f->name, "kind") ? "TracingPolicy" : "x";
}

static void add_good(struct tpc_buf *b, const struct schema_field *f, enum schema_type type)
{
	switch (type) {
	case SCHEMA_TEXT:
	case SCHEMA_VALUE:
		tpc_buf_puts(b, good_text(f));
		break;
	case SCHEMA_INT:
		tpc_buf_puts(b, "1");
		break;
	case SCHEMA_BOOL:
		tpc_buf_puts(b, f->fallback ? "false" : "true");
		break;
	case SCHEMA_WORD:
		tpc_buf_puts(b, f->words->items[0].name);
		break;
	case SCHEMA_OBJECT:
	case SCHEMA_OBJECT_POINTER:
		tpc_buf_puts(b, "{");
		add_required(b, f->object, NULL);
		tpc_buf_puts(b, "}");
		break;
	case SCHEMA_LIST:
		tpc_buf_puts(b, "[");
		add_good(b, f, f->item);
		tpc_buf_puts(b, "]");
		break;
	case SCHEMA_TEXT_MAP:
	case SCHEMA_OBJECT_MAP:
		tpc_buf_puts(b, "{k: ");
		add_good(b, f, type == SCHEMA_TEXT_MAP ? SCHEMA_TEXT : SCHEMA_OBJECT);
		tpc_buf_puts(b, "}");
		break;
	case SCHEMA_ANY:
		tpc_buf_puts(b, "{a: [b]}");
		break;
	}
}

static void walk_object(struct walk *w, const struct schema_object *o)
{
	const char *before = w->before, *after = w->after;

	for (uint32_t i = 0; i < o->nfields; i++) {
		const struct schema_field *f = &o->fields[i];
		bool list = f->type == SCHEMA_LIST, map = f->type == SCHEMA_OBJECT_MAP;
		struct tpc_buf b = TPC_BUF(w->a);

		tpc_buf_printf(&b, "%s{", before);
		for (uint32_t k = 0; k < i && f->type != SCHEMA_ANY; k++)
			ck_assert_msg(o->fields[k].offset != f->offset || o->fields[k].type == SCHEMA_ANY,
				      "'%s' and '%s' share a member", o->fields[k].name, f->name);
		add_required(&b, o, f);
		tpc_buf_printf(&b, "%s: ", f->name);
		w->before = tpc_buf_text(&b);
		w->after = tpc_sprintf(w->a, "}%s", after);
		w->visit(w, f);
		w->nvisits++;
		if (f->object) {
			w->before = tpc_sprintf(w->a, "%s%s", w->before, list ? "[" : map ? "{k: " : "");
			w->after = tpc_sprintf(w->a, "%s%s", list ? "]" : map ? "}" : "", w->after);
			walk_object(w, f->object);
		}
	}
	w->before = before;
	w->after = after;
}

static struct walk walk_all(void (*visit)(struct walk *, const struct schema_field *))
{
	struct walk w = { .a = tpc_arena_new(256 << 20), .before = "", .after = "\n", .visit = visit };

	walk_object(&w, &schema_policy);
	tpc_arena_free(w.a);
	return w;
}

/* Reads one document in a fresh context. */
static void read_fresh(struct walk *w, const char *value)
{
	const char *text = tpc_sprintf(w->a, "%s%s%s", w->before, value, w->after);

	tpc_arena_reset(ctx.arena);
	ctx = (struct tpc_ctx){ .arena = ctx.arena };
	ctx.sources.arena = ctx.arena;
	ctx.diags.arena = ctx.arena;
	ctx.diags.sources = &ctx.sources;
	memset(&policies, 0, sizeof(policies));
	read_text(text);
	w->ndocs++;
}

static bool has_diag(enum tpc_diag_code code, size_t off)
{
	for (uint32_t i = 0; i < ctx.diags.list.len; i++) {
		if (ctx.diags.list.items[i]->code == code && ctx.diags.list.items[i]->at.off == off)
			return true;
	}
	return false;
}

static void expect_wrong(struct walk *w, const char *value, size_t inside)
{
	size_t off = strlen(w->before) + inside;

	read_fresh(w, value);
	for (uint32_t i = 0; i < ctx.diags.list.len; i++)
		ck_assert_uint_ne(tpc_source_line(&ctx.sources, ctx.diags.list.items[i]->at), 0);
	/* The document's kind decides whether the schema is asked at all. */
	if (!has_diag(TPC_E_WRONG_TYPE, off) && !has_diag(TPC_E_NOT_A_POLICY, off))
		ck_abort_msg("no fault at %zu of %s%s%s:\n%s", off, w->before, value, w->after,
			     printed(false));
}

/* Values that @type does not take, as a list behind @open. */
static void try_wrong(struct walk *w, enum schema_type type, const char *open, const char *close)
{
	static const char *const wrong[] = { "{q: q}", "[q]", "12", "yes", "q", "'1'" };
	static const char *const takes[] = {
		[SCHEMA_TEXT] = "4 5",	       [SCHEMA_INT] = "2",	     [SCHEMA_BOOL] = "3",
		[SCHEMA_VALUE] = "2 3 4 5",    [SCHEMA_WORD] = "4 5",	     [SCHEMA_OBJECT] = "0",
		[SCHEMA_OBJECT_POINTER] = "0", [SCHEMA_LIST] = "1",	     [SCHEMA_TEXT_MAP] = "0",
		[SCHEMA_OBJECT_MAP] = "0",     [SCHEMA_ANY] = "0 1 2 3 4 5",
	};

	for (int i = 0; i < 6; i++) {
		if (strchr(takes[type], '0' + i))
			continue;
		expect_wrong(w, tpc_sprintf(w->a, "%s%s%s", open, wrong[i], close), strlen(open));
	}
}

static void visit_wrong(struct walk *w, const struct schema_field *f)
{
	try_wrong(w, f->type, "", "");
	if (f->type == SCHEMA_LIST) {
		try_wrong(w, f->item, "[", "]");
		expect_wrong(w, "[~]", 1);
	} else if (f->type == SCHEMA_TEXT_MAP) {
		try_wrong(w, SCHEMA_TEXT, "{k: ", "}");
	} else if (f->type == SCHEMA_OBJECT_MAP) {
		try_wrong(w, SCHEMA_OBJECT, "{k: ", "}");
	}
}

START_TEST(a_wrong_type_at_every_field)
{
	struct walk w = walk_all(visit_wrong);

	/* So that a walk that goes nowhere fails. */
	ck_assert_uint_gt(w.nvisits, 900);
	ck_assert_uint_gt(w.ndocs, 4000);
}
END_TEST

/* What is said of fields that do not go together, not of a value's type. */
static bool is_rule(const struct tpc_diag *d, const struct schema_field *f)
{
	return d->code == TPC_E_NAME || d->code == TPC_E_VALUE || d->code == TPC_E_TOGETHER ||
	       d->code == TPC_W_NO_EFFECT || (d->code == TPC_E_MISSING_FIELD && !strcmp(f->name, "return"));
}

/* A good value is taken in silence. */
static void visit_good(struct walk *w, const struct schema_field *f)
{
	struct tpc_buf b = TPC_BUF(w->a);

	add_good(&b, f, f->type);
	read_fresh(w, tpc_buf_text(&b));
	for (uint32_t i = 0; i < ctx.diags.list.len; i++) {
		const struct tpc_diag *d = ctx.diags.list.items[i];

		if (!is_rule(d, f))
			ck_abort_msg("%s%s%s:\n%s", w->before, tpc_buf_text(&b), w->after, printed(false));
	}
	ck_assert_uint_eq(policies.len, 1);
}

START_TEST(a_good_value_at_every_field)
{
	struct walk w = walk_all(visit_good);

	ck_assert_uint_gt(w.ndocs, 900);
}
END_TEST

/* null is the same as absent, or refused as such. */
static void visit_nothing(struct walk *w, const struct schema_field *f)
{
	if (f->required)
		return;
	read_fresh(w, "~");
	if (f->not_null) {
		ck_assert_uint_eq(ctx.diags.list.len, 1);
		ck_assert_int_eq(ctx.diags.list.items[0]->code, TPC_E_MISSING_FIELD);
	} else if (ctx.diags.list.len) {
		ck_assert(is_rule(ctx.diags.list.items[0], f));
	}
}

START_TEST(nothing_is_not_refused)
{
	struct walk w = walk_all(visit_nothing);

	ck_assert_uint_gt(w.ndocs, 100);
}
END_TEST

static void visit_row(struct walk *w, const struct schema_field *f)
{
	(void)w;
	ck_assert_uint_eq(strlen(f->name), f->name_len);
	ck_assert_ptr_nonnull(f->doc);
	ck_assert_msg(f->doc[0] && strlen(f->doc) > 5, "'%s' has no sentence", f->name);
	ck_assert_int_eq(f->words != NULL, f->type == SCHEMA_WORD);
	if (f->type == SCHEMA_INT || (f->type == SCHEMA_LIST && f->item == SCHEMA_INT))
		ck_assert_int_lt(f->min, f->max);
	if (f->type == SCHEMA_LIST || f->type == SCHEMA_TEXT_MAP || f->type == SCHEMA_OBJECT_MAP)
		ck_assert_uint_gt(schema_item_size(f), 0);
	ck_assert_str_ne(schema_wants(ctx.arena, f, false), "");
	for (uint32_t i = 0; f->words && i < f->words->len; i++) {
		ck_assert(f->words->items[i].doc[0]);
		for (uint32_t k = 0; k < i; k++)
			ck_assert_str_ne(f->words->items[i].name, f->words->items[k].name);
	}
}

START_TEST(rows_are_complete)
{
	struct walk w = walk_all(visit_row);

	ck_assert_uint_gt(w.nvisits, 900);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("schema");

	tcase_set_timeout(t, 200);
	tcase_add_checked_fixture(t, read_setup, read_teardown);
	tcase_add_test(t, a_wrong_type_at_every_field);
	tcase_add_test(t, a_good_value_at_every_field);
	tcase_add_test(t, nothing_is_not_refused);
	tcase_add_test(t, rows_are_complete);
	return run_suite("schema", t);
}
