// SPDX-License-Identifier: Apache-2.0
/* Scalars of several lines: moved as a whole, their content is what it was. */
#include <string.h>

#include "fmt/fmt_impl.h"

static uint32_t trimmed(const struct fmt *f, uint32_t off, uint32_t end)
{
	while (end > off && strchr(" \t\r", f->text[end - 1]))
		end--;
	return end;
}

/* The reader drops white space in front of continuation lines; behind them it may stand after a backslash. */
void fmt_put_flow_scalar(struct fmt *f, const struct fmt_token *t)
{
	struct fmt_line l = fmt_line_at(f, t->off, t->end);
	bool quoted = t->kind == FMT_QUOTED;

	for (l.text = l.off;; l = fmt_line_at(f, l.next, t->end)) {
		if (l.off != t->off && l.text < l.end)
			fmt_spaces(f, fmt_continued(f, fmt_column(f, l.text), fmt_base(f) + 2));
		tpc_buf_add(f->out, f->text + l.text, (quoted ? l.end : trimmed(f, l.text, l.end)) - l.text);
		if (l.next >= t->end)
			break;
		fmt_newline(f);
	}
}

static uint32_t spaces_at(const struct fmt *f, struct fmt_line l)
{
	uint32_t n = 0;

	while (l.off + n < l.end && f->text[l.off + n] == ' ')
		n++;
	return n;
}

/*
 * Where the content of the block scalar starts whose lines begin at @off. Without any text the widest empty
 * line says it, as in libyaml: then none of them is content.
 */
static uint32_t content_column(const struct fmt *f, uint32_t off, uint32_t end, uint32_t digit)
{
	uint32_t widest = 0;

	if (digit)
		return (f->depth ? f->blocks[f->depth - 1].old_col : 0) + digit;
	while (off < end) {
		struct fmt_line l = fmt_line_at(f, off, end);
		uint32_t n = spaces_at(f, l);

		if (l.off + n < l.end)
			return n;
		widest = n > widest ? n : widest;
		off = l.next;
	}
	return widest;
}

/* Behind the last line that is content; trailing empty ones are content only after '+'. */
static uint32_t content_end(const struct fmt *f, uint32_t off, uint32_t end, uint32_t col, bool keep)
{
	uint32_t last = off;

	while (off < end) {
		struct fmt_line l = fmt_line_at(f, off, end);
		uint32_t n = spaces_at(f, l);

		off = l.next;
		if (keep || n > col || l.off + n < l.end)
			last = off;
	}
	return last;
}

static void put_content(struct fmt *f, uint32_t off, uint32_t end, uint32_t old_col, uint32_t new_col)
{
	while (off < end) {
		struct fmt_line l = fmt_line_at(f, off, end);
		uint32_t n = spaces_at(f, l);

		if (n > old_col || l.off + n < l.end) {
			fmt_spaces(f, new_col);
			tpc_buf_add(f->out, f->text + l.off + old_col, l.end - l.off - old_col);
		}
		if (l.next > l.end) /* the last line of a file may have no end, and that is content */
			fmt_newline(f);
		off = l.next;
	}
}

uint32_t fmt_put_block_scalar(struct fmt *f, const struct fmt_token *t)
{
	struct fmt_line l = fmt_line_at(f, t->off, t->end);
	uint32_t digit = 0, old_col, new_col, head = t->off, end;
	bool keep = false;

	for (; head < l.end && !strchr(" \t#", f->text[head]); head++) {
		keep = keep || f->text[head] == '+';
		if (f->text[head] >= '1' && f->text[head] <= '9')
			digit = (uint32_t)(f->text[head] - '0');
	}
	tpc_buf_add(f->out, f->text + t->off, head - t->off);
	for (; head < l.end && strchr(" \t", f->text[head]); head++)
		;
	if (head < l.end) {
		tpc_buf_putc(f->out, ' ');
		tpc_buf_add(f->out, f->text + head, trimmed(f, head, l.end) - head);
	}
	fmt_newline(f);
	old_col = content_column(f, l.next, t->end, digit);
	new_col = digit ? fmt_base(f) + digit : f->depth ? fmt_base(f) + 2 : old_col;
	end = content_end(f, l.next, t->end, old_col, keep);
	put_content(f, l.next, end, old_col, new_col);
	return end;
}
