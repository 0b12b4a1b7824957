// SPDX-License-Identifier: Apache-2.0
/* The schema's tables as a page for people: docs/reference.md is its output. */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "frontend/schema_print.h"

struct writer {
	struct tpc_arena *a;
	FILE *out;
	struct schema_list all;
};

/* "[label selector](#label-selector)": the anchor that renderers give the heading. */
static const char *link_to(const struct writer *w, const struct schema_object *o)
{
	const char *name = schema_name(&w->all, o);
	struct tpc_buf anchor = TPC_BUF(w->a);

	for (const char *p = name; *p; p++)
		tpc_buf_putc(&anchor, *p == ' ' ? '-' : *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p);
	return tpc_sprintf(w->a, "[%s](#%s)", name, tpc_buf_text(&anchor));
}

/* Text of a cell: a bar would end it. */
static void put_cell(const struct writer *w, const char *s)
{
	for (; *s; s++) {
		if (*s == '|')
			fputc('\\', w->out);
		fputc(*s, w->out);
	}
}

static void put_texts(const struct writer *w, const struct schema_field *f)
{
	for (const char *const *t = f->texts; *t; t++)
		fprintf(w->out, "%s`%s`", t == f->texts ? "" : " or ", *t);
}

static void put_type(const struct writer *w, const struct schema_field *f)
{
	bool ints = f->type == SCHEMA_INT || (f->type == SCHEMA_LIST && f->item == SCHEMA_INT);

	if (f->texts)
		put_texts(w, f);
	else if (f->type == SCHEMA_WORD)
		fprintf(w->out, "one of the words below");
	else if (f->type == SCHEMA_OBJECT || f->type == SCHEMA_OBJECT_POINTER)
		fprintf(w->out, "%s", link_to(w, f->object));
	else if (f->type == SCHEMA_LIST && f->item == SCHEMA_OBJECT)
		fprintf(w->out, "list of %s", link_to(w, f->object));
	else if (f->type == SCHEMA_OBJECT_MAP)
		fprintf(w->out, "mapping from names to %s", link_to(w, f->object));
	else
		fprintf(w->out, "%s", schema_wants(w->a, f, false));
	if (ints)
		fprintf(w->out, ", %" PRId64 " to %" PRId64, f->min, f->max);
	else if (f->max)
		fprintf(w->out, ", at most %" PRId64 "%s", f->max, f->type == SCHEMA_TEXT ? " bytes" : "");
}

static void put_absence(const struct writer *w, const struct schema_field *f)
{
	if (f->required)
		fprintf(w->out, "required");
	else if (f->type == SCHEMA_BOOL)
		fprintf(w->out, "%s", f->fallback ? "true" : "false");
	else if (f->type == SCHEMA_WORD && f->fallback)
		fprintf(w->out, "`%s`", f->words->items[f->fallback - 1].name);
	else if (f->type == SCHEMA_INT && f->fallback)
		fprintf(w->out, "%" PRId64, f->fallback);
}

static void put_words(const struct writer *w, const struct schema_field *f)
{
	fprintf(w->out, "\n`%s` is one of these words:\n\n| word | means |\n| --- | --- |\n", f->name);
	for (uint32_t i = 0; i < f->words->len; i++) {
		const struct schema_word *item = &f->words->items[i];

		fprintf(w->out, "| `%s` | ", item->name);
		put_cell(w, item->doc);
		fprintf(w->out, " |\n");
	}
}

/* Where an object may stand: the fields that lead to it, each once. */
static void put_places(const struct writer *w, const struct schema_object *o)
{
	const struct schema_entry *e;
	const char *sep = "";

	tpc_vec_foreach (e, &w->all.entries) {
		for (uint32_t i = 0; i < e->object->nfields; i++) {
			const struct schema_field *f = &e->object->fields[i];

			if (f->object != o)
				continue;
			fprintf(w->out, "%s`%s` of %s", *sep ? sep : "\nIt is ", f->name,
				link_to(w, e->object));
			sep = ", ";
		}
	}
	if (*sep)
		fprintf(w->out, ".\n");
}

static void put_object(const struct writer *w, const struct schema_entry *e)
{
	fprintf(w->out, "\n## %s\n\n%s\n", e->name, e->object->doc);
	put_places(w, e->object);
	fprintf(w->out, "\n| field | type | when absent | meaning |\n| --- | --- | --- | --- |\n");
	for (uint32_t i = 0; i < e->object->nfields; i++) {
		const struct schema_field *f = &e->object->fields[i];

		fprintf(w->out, "| `%s` | ", f->name);
		put_type(w, f);
		fprintf(w->out, " | ");
		put_absence(w, f);
		fprintf(w->out, " | ");
		put_cell(w, f->doc);
		fprintf(w->out, " |\n");
	}
	for (uint32_t i = 0; i < e->object->nfields; i++)
		if (e->object->fields[i].words)
			put_words(w, &e->object->fields[i]);
}

void schema_print_md(struct tpc_arena *a, FILE *out)
{
	struct writer w = { .a = a, .out = out };
	const struct schema_entry *e;

	schema_list(a, &w.all);
	fprintf(out,
		"# Fields of a tracing policy\n\n"
		"Written by `tpc schema --format md` from the table that `tpc` checks policies with; `tpc schema`\n"
		"writes a JSON Schema from it, for editors.\n");
	tpc_vec_foreach (e, &w.all.entries)
		put_object(&w, e);
}
