// SPDX-License-Identifier: Apache-2.0
/* libyaml's error texts, said so that the reader of a policy knows what to change. */
#include <string.h>

#include "base/utf8.h"
#include "frontend/yaml_impl.h"

struct wording {
	const char *problem; /* libyaml's text (scanner.c, parser.c of 0.2.5) */
	const char *msg, *hint;
	const char *note; /* at the place where libyaml's context starts, or NULL */
	bool at_context;  /* that place is the better one for the message itself */
};

/* The first is the one that has a better hint where the line above tells more. */
static const struct wording wordings[] = {
	{ "mapping values are not allowed in this context", "':' is not possible here",
	  "quote text that holds ': ', or mend the indentation", NULL, false },
	{ "mapping keys are not allowed in this context", "a key is not possible here",
	  "mend the indentation", NULL, false },
	{ "block sequence entries are not allowed in this context", "'-' is not possible here",
	  "a list starts on a line of its own", NULL, false },
	{ "did not find expected key", "expected a key here", "indent it like the keys of one mapping",
	  "the mapping starts here", false },
	{ "did not find expected '-' indicator", "expected '-' here", "indent it like the items of one list",
	  "the list starts here", false },
	{ "could not find expected ':'", "expected ':' after this", "a mapping needs 'key: value'", NULL,
	  true },
	{ "did not find expected ',' or ']'", "expected ',' or ']' here", NULL, "the '[' is here", false },
	{ "did not find expected ',' or '}'", "expected ',' or '}' here", NULL, "the '{' is here", false },
	{ "found unexpected end of stream", "the closing quote is missing", NULL, NULL, true },
	{ "found unexpected document indicator", "the closing quote is missing", NULL, NULL, true },
	{ "did not find expected <document start>", "expected '---' or the end of the file here",
	  "mend the indentation, or put '---' before a second document", NULL, false },
	{ "did not find expected node content", "expected a value here", NULL, NULL, false },
	{ "found unknown escape character", "unknown escape in double quotes",
	  "write \\\\ for a backslash, or use single quotes", NULL, false },
	{ "found a tab character where an indentation space is expected", "YAML forbids tabs for indentation",
	  "use spaces", NULL, false },
	{ "found a tab character that violates indentation", "YAML forbids tabs for indentation",
	  "use spaces", NULL, false },
	{ "found undefined tag handle", "unknown tag", "a policy needs no tags", NULL, false },
	{ "did not find expected alphabetic or numeric character", "a name must follow here",
	  "quote text that starts with '*' or '&'", NULL, false },
};

static const struct wording *find_wording(const char *problem)
{
	for (size_t i = 0; i < sizeof(wordings) / sizeof(wordings[0]); i++) {
		if (!strcmp(problem, wordings[i].problem))
			return &wordings[i];
	}
	return NULL;
}

/* "found character that cannot start any token": which one decides what to say. */
static void report_character(struct tpc_ctx *c, const struct yaml_fault *f)
{
	const struct tpc_source *src = tpc_source_get(&c->sources, f->at.file);
	struct tpc_buf shown = TPC_BUF(c->arena);
	struct tpc_diag *diag;

	if (f->at.off < src->len && src->text[f->at.off] == '\t') {
		diag = tpc_error(&c->diags, f->at, TPC_E_YAML, "YAML forbids tabs for indentation");
		tpc_diag_hint(&c->diags, diag, "use spaces");
		return;
	}
	if (f->at.off < src->len)
		tpc_utf8_show(&shown, src->text + f->at.off, src->len - f->at.off, NULL);
	diag = tpc_error(&c->diags, f->at, TPC_E_YAML, "text cannot start with '%s'", tpc_buf_text(&shown));
	tpc_diag_hint(&c->diags, diag, "put it in quotes");
}

/* "{{ .Values.x }}" is a mapping in a mapping for YAML. */
const char *yaml_key_hint(struct tpc_ctx *c, struct tpc_span at)
{
	const struct tpc_source *src = tpc_source_get(&c->sources, at.file);

	if (src && at.off && at.off < src->len && src->text[at.off] == '{' && src->text[at.off - 1] == '{')
		return "render the template first, or quote what is in braces";
	return "keys are names";
}

/* A line without its indentation and the dashes of lists before its text. */
struct line {
	const char *s;
	uint32_t len, col; /* column of s, from 0 */
};

static struct line line_at(const struct tpc_source *src, uint32_t from)
{
	struct line l = { .s = src->text + from };

	while (from + l.col < src->len && (*l.s == ' ' || (*l.s == '-' && l.s[1] == ' '))) {
		l.s++;
		l.col++;
	}
	while (from + l.col + l.len < src->len && l.s[l.len] != '\n')
		l.len++;
	return l;
}

static uint32_t line_start(const struct tpc_source *src, uint32_t off)
{
	while (off && src->text[off - 1] != '\n')
		off--;
	return off;
}

/* Where the key of a line ends: its first ':' that a blank or nothing follows; its length without one. */
static uint32_t key_len(const struct line *l)
{
	for (uint32_t i = 0; i < l->len; i++) {
		if (l->s[i] == ':' && (i + 1 == l->len || l->s[i + 1] == ' ' || l->s[i + 1] == '\r'))
			return i;
	}
	return l->len;
}

/*
 * A ':' that is not possible is often a key that continues the plain text of the line above: because it is
 * indented deeper, or because that line's own ':' is missing. NULL: neither.
 */
static const char *hint_line_above(struct tpc_ctx *c, struct tpc_span at)
{
	const struct tpc_source *src = tpc_source_get(&c->sources, at.file);
	uint32_t from = src && at.off <= src->len ? line_start(src, at.off) : 0;
	struct line here, above;

	if (!from)
		return NULL;
	here = line_at(src, from);
	above = line_at(src, line_start(src, from - 1));
	if (!above.len || *above.s == '#' || here.s + key_len(&here) != src->text + at.off)
		return NULL;
	if (key_len(&above) == above.len)
		return "the line above has no ':' after its key";
	return here.col > above.col ? "indent it like the line above, whose text it continues" : NULL;
}

/* A key that lines up with nothing was most often meant to line up with the line above. NULL: not to be told. */
static const char *hint_column(struct tpc_ctx *c, struct tpc_span at)
{
	const struct tpc_source *src = tpc_source_get(&c->sources, at.file);
	uint32_t from = src && at.off <= src->len ? line_start(src, at.off) : 0;
	struct line here, above;

	if (!from)
		return NULL;
	here = line_at(src, from);
	above = line_at(src, line_start(src, from - 1));
	if (here.s != src->text + at.off || !above.len || *above.s == '#' || key_len(&above) == above.len ||
	    here.col == above.col)
		return NULL;
	return tpc_sprintf(c->arena, "indent it by %u spaces, like the line above", above.col);
}

void yaml_report_fault(struct tpc_ctx *c, const struct yaml_fault *f)
{
	const char *problem = f->problem ? f->problem : "not YAML";
	const struct wording *w = find_wording(problem);
	struct tpc_span at = f->at;
	const char *above = NULL;
	struct tpc_diag *diag;

	if (!strcmp(problem, "found character that cannot start any token")) {
		report_character(c, f);
		return;
	}
	if (!w) {
		diag = tpc_error(&c->diags, at, TPC_E_YAML, "%s", problem);
		if (f->context && f->context_at.file)
			tpc_diag_note(&c->diags, diag, f->context_at, "%s", f->context);
		return;
	}
	if (w->at_context && f->context_at.file)
		at = f->context_at;
	diag = tpc_error(&c->diags, at, TPC_E_YAML, "%s", w->msg);
	if (w == &wordings[0])
		above = hint_line_above(c, at);
	else if (!strcmp(problem, "did not find expected key"))
		above = hint_column(c, at);
	if (above || w->hint)
		tpc_diag_hint(&c->diags, diag, "%s", above ? above : w->hint);
	if (w->note && f->context_at.file)
		tpc_diag_note(&c->diags, diag, f->context_at, "%s", w->note);
}
