// SPDX-License-Identifier: Apache-2.0
/*
 * Diagnostics for programs: one JSON object a line. line and column count from 1, columns in characters;
 * end_line and end_column name the first place behind the span. Fields that have no value are null.
 */
#include <jansson.h>
#include <string.h>

#include "base/diag.h"
#include "base/utf8.h"

/* Bytes that are not UTF-8 become \xHH: a source may hold any byte, JSON may not. */
static json_t *text(struct tpc_diags *d, const char *s)
{
	struct tpc_buf out = TPC_BUF(d->arena);
	size_t len = strlen(s);
	uint32_t ch;

	for (size_t i = 0; i < len;) {
		unsigned n = tpc_utf8_decode(s + i, len - i, &ch);

		if (n)
			tpc_buf_add(&out, s + i, n);
		else
			tpc_buf_printf(&out, "\\x%02x", (unsigned char)s[i]);
		i += n ? n : 1;
	}
	return json_string(tpc_buf_text(&out));
}

static void put_place(struct tpc_diags *d, json_t *o, struct tpc_span at)
{
	struct tpc_span after = { .file = at.file, .off = at.off + at.len };
	struct tpc_place start, end;
	bool placed = tpc_source_place(d->sources, at, &start) && tpc_source_place(d->sources, after, &end);

	json_object_set_new(o, "file", placed ? text(d, start.file) : json_null());
	json_object_set_new(o, "line", placed ? json_integer(start.line) : json_null());
	json_object_set_new(o, "column", placed ? json_integer(start.col) : json_null());
	json_object_set_new(o, "end_line", placed ? json_integer(end.line) : json_null());
	json_object_set_new(o, "end_column", placed ? json_integer(end.col) : json_null());
}

static void put_notes(struct tpc_diags *d, json_t *o, const struct tpc_diag *diag)
{
	const struct tpc_diag_note *note;
	json_t *notes = json_array();

	tpc_vec_foreach (note, &diag->notes) {
		json_t *n = json_object();

		put_place(d, n, note->at);
		json_object_set_new(n, "message", text(d, note->msg));
		json_array_append_new(notes, n);
	}
	json_object_set_new(o, "notes", notes);
}

static void print_line(json_t *o, FILE *out)
{
	json_dumpf(o, out, JSON_COMPACT);
	fputc('\n', out);
	json_decref(o);
}

static void print_diag(struct tpc_diags *d, const struct tpc_diag *diag, FILE *out)
{
	json_t *o = json_object();

	put_place(d, o, diag->at);
	json_object_set_new(o, "severity", json_string(diag->sev == TPC_ERROR ? "error" : "warning"));
	json_object_set_new(o, "code", json_string(tpc_diag_code_id(diag->code)));
	json_object_set_new(o, "name", json_string(tpc_diag_code_slug(diag->code)));
	json_object_set_new(o, "message", text(d, diag->msg));
	json_object_set_new(o, "hint", diag->hint ? text(d, diag->hint) : json_null());
	put_notes(d, o, diag);
	print_line(o, out);
}

/* The count of what was left out has the shape of the others, so that readers need no special case. */
static void print_dropped(struct tpc_diags *d, FILE *out)
{
	char msg[64];
	json_t *o = json_object();

	snprintf(msg, sizeof(msg), "%u more not shown", d->dropped);
	put_place(d, o, TPC_NOWHERE);
	json_object_set_new(o, "severity", json_string("note"));
	json_object_set_new(o, "code", json_null());
	json_object_set_new(o, "name", json_null());
	json_object_set_new(o, "message", json_string(msg));
	json_object_set_new(o, "hint", json_null());
	json_object_set_new(o, "notes", json_array());
	print_line(o, out);
}

void tpc_diags_print_json(struct tpc_diags *d, FILE *out)
{
	for (uint32_t i = 0; i < d->list.len; i++)
		print_diag(d, d->list.items[i], out);
	if (d->dropped)
		print_dropped(d, out);
}
