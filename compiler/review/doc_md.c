// SPDX-License-Identifier: Apache-2.0
/* Documents as GitHub's Markdown. */
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "review/doc.h"

const char *doc_text(struct tpc_arena *a, const char *s)
{
	char *line = tpc_strdup(a, s);

	for (char *c = line; *c; c++)
		if (tpc_is_blank(*c))
			*c = ' ';
	return tpc_utf8_shown(a, line, strlen(line));
}

const char *doc_code(struct tpc_arena *a, const char *s)
{
	return tpc_sprintf(a, DOC_CODE "%s" DOC_CODE, doc_text(a, s));
}

/* ---- text ---- */

static size_t longest_ticks(const char *s, size_t len)
{
	size_t most = 0, run = 0;

	for (size_t i = 0; i < len; i++) {
		run = s[i] == '`' ? run + 1 : 0;
		most = run > most ? run : most;
	}
	return most;
}

static void put_many(struct tpc_buf *out, char ch, size_t n)
{
	while (n--)
		tpc_buf_putc(out, ch);
}

/* A span of code has no escapes: its fence is longer than any run of ticks in it. Only a table's '|' is cut before. */
static void put_span(struct tpc_buf *out, const char *s, size_t len, bool cell)
{
	size_t fence = longest_ticks(s, len) + 1;
	bool pad = len && (s[0] == '`' || s[len - 1] == '`');

	put_many(out, '`', fence);
	if (pad)
		tpc_buf_putc(out, ' ');
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '|' && cell)
			tpc_buf_putc(out, '\\');
		tpc_buf_putc(out, s[i] == '\n' ? ' ' : s[i]);
	}
	if (pad)
		tpc_buf_putc(out, ' ');
	put_many(out, '`', fence);
}

/* Within a word '_' means nothing; '://', 'www.' and '@' make links. */
static bool must_escape(const char *text, const char *s)
{
	if (strchr("\\`*[]<>|&~$", *s))
		return true;
	if (*s == '_')
		return s == text || !tpc_is_alnum(s[-1]) || !tpc_is_alnum(s[1]);
	if (*s == ':')
		return s[1] == '/' && s[2] == '/';
	if (*s == '.')
		return s - text >= 3 && !strncmp(s - 3, "www", 3);
	if (strchr("#+-=", *s)) /* a heading, a list or a rule, at the beginning */
		return s == text;
	return *s == '@' || (*s == '!' && s[1] == '[');
}

static void put_text(struct tpc_buf *out, const char *text, bool cell)
{
	for (const char *s = text; *s; s++) {
		if (*s == DOC_BOLD[0]) {
			tpc_buf_puts(out, "**");
		} else if (*s == DOC_CODE[0]) {
			const char *end = strchr(s + 1, DOC_CODE[0]);

			put_span(out, s + 1, (size_t)(end - s - 1), cell);
			s = end;
		} else if (*s == '\n') {
			tpc_buf_putc(out, ' ');
		} else {
			if (must_escape(text, s))
				tpc_buf_putc(out, '\\');
			tpc_buf_putc(out, *s);
		}
	}
}

/* ---- blocks ---- */

static void begin(struct doc *d, const char *title)
{
	tpc_buf_puts(d->out, "# ");
	put_text(d->out, title, false);
	tpc_buf_puts(d->out, "\n");
}

static void heading(struct doc *d, unsigned level, const char *text, const char *id)
{
	(void)id;
	tpc_buf_putc(d->out, '\n');
	put_many(d->out, '#', level);
	tpc_buf_putc(d->out, ' ');
	put_text(d->out, text, false);
	tpc_buf_putc(d->out, '\n');
}

static void para(struct doc *d, const char *text)
{
	tpc_buf_putc(d->out, '\n');
	put_many(d->out, ' ', d->in_item ? d->indent : 0);
	put_text(d->out, text, false);
	tpc_buf_putc(d->out, '\n');
}

static void list(struct doc *d, uint32_t first)
{
	d->nr = first;
	tpc_buf_putc(d->out, '\n');
}

static void item(struct doc *d, const char *text)
{
	const char *mark = d->nr ? tpc_sprintf(d->arena, "%u. ", d->nr++) : "- ";

	d->in_item = true;
	d->indent = (uint32_t)strlen(mark);
	tpc_buf_puts(d->out, mark);
	put_text(d->out, text, false);
	tpc_buf_putc(d->out, '\n');
}

static void list_end(struct doc *d)
{
	d->in_item = false;
}

static void row(struct doc *d, const char *const *cells, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		tpc_buf_puts(d->out, "| ");
		put_text(d->out, cells[i], true);
		tpc_buf_putc(d->out, ' ');
	}
	tpc_buf_puts(d->out, "|\n");
}

static void table(struct doc *d, const char *const *heads, uint32_t n)
{
	tpc_buf_putc(d->out, '\n');
	row(d, heads, n);
	for (uint32_t i = 0; i < n; i++)
		tpc_buf_puts(d->out, "| --- ");
	tpc_buf_puts(d->out, "|\n");
}

static void block(struct doc *d, const char *text)
{
	size_t indent = d->in_item ? d->indent : 0, fence = longest_ticks(text, strlen(text)) + 1;

	fence = fence < 3 ? 3 : fence;
	tpc_buf_putc(d->out, '\n');
	put_many(d->out, ' ', indent);
	put_many(d->out, '`', fence);
	tpc_buf_puts(d->out, "\n");
	put_many(d->out, ' ', indent);
	for (; *text; text++) {
		tpc_buf_putc(d->out, *text);
		if (*text == '\n' && text[1])
			put_many(d->out, ' ', indent);
	}
	tpc_buf_putc(d->out, '\n');
	put_many(d->out, ' ', indent);
	put_many(d->out, '`', fence);
	tpc_buf_puts(d->out, "\n");
	if (d->in_item)
		tpc_buf_putc(d->out, '\n');
}

static void nothing(struct doc *d)
{
	(void)d;
}

const struct doc_ops doc_markdown = {
	.begin = begin,
	.heading = heading,
	.para = para,
	.list = list,
	.item = item,
	.list_end = list_end,
	.table = table,
	.row = row,
	.table_end = nothing,
	.block = block,
	.end = nothing,
};
