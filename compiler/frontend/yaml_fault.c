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
	{ "found a tab character where an indentation space is expected", "a tab cannot indent YAML",
	  "use spaces", NULL, false },
	{ "found a tab character that violates indentation", "a tab cannot indent YAML", "use spaces", NULL,
	  false },
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
		diag = tpc_error(&c->diags, f->at, TPC_E_YAML, "a tab cannot indent YAML");
		tpc_diag_hint(&c->diags, diag, "use spaces");
		return;
	}
	if (f->at.off < src->len)
		tpc_utf8_show(&shown, src->text + f->at.off, src->len - f->at.off, NULL);
	diag = tpc_error(&c->diags, f->at, TPC_E_YAML, "text cannot start with '%s'", tpc_buf_text(&shown));
	tpc_diag_hint(&c->diags, diag, "put it in quotes");
}

void yaml_report_fault(struct tpc_ctx *c, const struct yaml_fault *f)
{
	const char *problem = f->problem ? f->problem : "not YAML";
	const struct wording *w = find_wording(problem);
	struct tpc_span at = f->at;
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
	if (w->hint)
		tpc_diag_hint(&c->diags, diag, "%s", w->hint);
	if (w->note && f->context_at.file)
		tpc_diag_note(&c->diags, diag, f->context_at, "%s", w->note);
}
