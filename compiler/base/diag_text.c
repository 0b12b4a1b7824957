// SPDX-License-Identifier: Apache-2.0
/*
 * Diagnostics for people. The source line is shown with tabs expanded and odd characters escaped, so the
 * caret stands where it should whatever the terminal does; of a long line only the part around the caret.
 */
#include <string.h>

#include "base/diag.h"
#include "base/utf8.h"

#define TAB_WIDTH 8
#define SHOWN_BEFORE 60 /* characters of a long line kept before the caret */
#define SHOWN_WIDTH 110 /* columns of the line that are shown */
#define ELLIPSIS "…"

static const char *const severity_names[] = { "note", "warning", "error" };
static const char *const severity_colors[] = { "\033[36m", "\033[35m", "\033[31m" };

struct printer {
	struct tpc_diags *d;
	FILE *out;
	bool color;
};

static const char *paint(const struct printer *p, const char *code)
{
	return p->color ? code : "";
}

/* Where the shown part starts: the line's start, or a character not too far before @caret. */
static uint32_t window_start(const struct tpc_place *pl, uint32_t caret)
{
	uint32_t i = caret;

	if (pl->line_len <= SHOWN_WIDTH)
		return 0;
	for (unsigned n = 0; i && n < SHOWN_BEFORE; n++) {
		i--;
		for (unsigned k = 0; k < 3 && i && ((unsigned char)pl->line_text[i] & 0xc0) == 0x80; k++)
			i--;
	}
	return i;
}

struct snippet {
	struct tpc_buf text, mark; /* the line, and the caret under it */
};

static void fill(struct tpc_buf *b, char c, unsigned n)
{
	while (n--)
		tpc_buf_putc(b, c);
}

/* The caret line's share of one character that took @cols columns. */
static void mark_columns(struct snippet *sn, uint32_t at, uint32_t from, uint32_t to, unsigned cols)
{
	if (at < from)
		fill(&sn->mark, ' ', cols);
	else if (at == from && cols) {
		tpc_buf_putc(&sn->mark, '^');
		fill(&sn->mark, to > from + 1 ? '~' : ' ', cols - 1);
	} else if (at < to)
		fill(&sn->mark, '~', cols);
}

static void build_snippet(struct snippet *sn, const struct tpc_place *pl, uint32_t span_len)
{
	uint32_t from = pl->col_off < pl->line_len ? pl->col_off : pl->line_len;
	uint32_t to = span_len > pl->line_len - from ? pl->line_len : from + span_len;
	uint32_t i = window_start(pl, from);
	unsigned width = 0, cols;

	if (i) {
		tpc_buf_puts(&sn->text, ELLIPSIS);
		tpc_buf_putc(&sn->mark, ' ');
		width = 1;
	}
	while (i < pl->line_len && width < SHOWN_WIDTH) {
		uint32_t at = i;

		if (pl->line_text[i] == '\t') {
			cols = TAB_WIDTH - width % TAB_WIDTH;
			fill(&sn->text, ' ', cols);
			i++;
		} else {
			i += (uint32_t)tpc_utf8_show(&sn->text, pl->line_text + i, pl->line_len - i, &cols);
		}
		mark_columns(sn, at, from, to, cols);
		width += cols;
	}
	if (i < pl->line_len)
		tpc_buf_puts(&sn->text, ELLIPSIS);
	if (from == pl->line_len)
		tpc_buf_putc(&sn->mark, '^');
	while (sn->mark.len && sn->mark.data[sn->mark.len - 1] == ' ')
		sn->mark.data[--sn->mark.len] = 0;
}

static void print_snippet(const struct printer *p, const struct tpc_diag *diag, const struct tpc_place *pl)
{
	struct snippet sn = { TPC_BUF(p->d->arena), TPC_BUF(p->d->arena) };
	const char *text;

	build_snippet(&sn, pl, diag->at.len);
	text = tpc_buf_text(&sn.text);
	fprintf(p->out, "%5u |%s%s\n", pl->line, *text ? " " : "", text);
	fprintf(p->out, "      | %s%s%s", paint(p, "\033[32m"), tpc_buf_text(&sn.mark), paint(p, "\033[0m"));
	if (diag->hint)
		fprintf(p->out, " %s", tpc_utf8_shown(p->d->arena, diag->hint, strlen(diag->hint)));
	fputc('\n', p->out);
}

/* "FILE:LINE:COL: severity: text"; false when @at is nowhere. */
static bool print_head(const struct printer *p, enum tpc_severity sev, struct tpc_span at, const char *msg,
		       struct tpc_place *pl)
{
	bool placed = tpc_source_place(p->d->sources, at, pl);

	fputs(paint(p, "\033[1m"), p->out);
	if (placed)
		fprintf(p->out, "%s:%u:%u", tpc_utf8_shown(p->d->arena, pl->file, strlen(pl->file)), pl->line,
			pl->col);
	else
		fputs("tpc", p->out);
	fprintf(p->out, ": %s%s: %s%s", paint(p, severity_colors[sev]), severity_names[sev],
		paint(p, "\033[0m"), tpc_utf8_shown(p->d->arena, msg, strlen(msg)));
	return placed;
}

static void print_diag(const struct printer *p, const struct tpc_diag *diag)
{
	const struct tpc_diag_note *note;
	struct tpc_place pl;
	bool placed;

	placed = print_head(p, diag->sev, diag->at, diag->msg, &pl);
	fprintf(p->out, " [%s %s]\n", tpc_diag_code_id(diag->code), tpc_diag_code_slug(diag->code));
	if (placed) {
		print_snippet(p, diag, &pl);
	} else if (diag->hint) {
		print_head(p, TPC_NOTE, TPC_NOWHERE, diag->hint, &pl);
		fputc('\n', p->out);
	}
	tpc_vec_foreach (note, &diag->notes) {
		print_head(p, TPC_NOTE, note->at, note->msg, &pl);
		fputc('\n', p->out);
	}
}

void tpc_diags_print_text(struct tpc_diags *d, FILE *out, bool color)
{
	struct printer p = { .d = d, .out = out, .color = color };

	for (uint32_t i = 0; i < d->list.len; i++)
		print_diag(&p, d->list.items[i]);
	if (d->dropped)
		fprintf(out, "tpc: note: %u more not shown\n", d->dropped);
}
