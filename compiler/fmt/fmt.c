// SPDX-License-Identifier: Apache-2.0
/*
 * Token after token: what is between two of them is white space, line ends and comments, and only that is
 * written anew. A stack of the open block collections says which column each line gets.
 */
#include <string.h>

#include "fmt/fmt_impl.h"
#include "frontend/yaml.h"

struct fmt_line fmt_line_at(const struct fmt *f, uint32_t off, uint32_t limit)
{
	struct fmt_line l = { .off = off, .end = off, .text = off };

	while (l.end < limit && f->text[l.end] != '\n' && f->text[l.end] != '\r')
		l.end++;
	l.next = l.end;
	if (l.next < limit && f->text[l.next] == '\r')
		l.next++;
	if (l.next < limit && f->text[l.next] == '\n')
		l.next++;
	while (l.text < l.end && (f->text[l.text] == ' ' || f->text[l.text] == '\t'))
		l.text++;
	return l;
}

uint32_t fmt_column(const struct fmt *f, uint32_t off)
{
	uint32_t col = 0;

	while (off && f->text[off - 1] != '\n' && f->text[off - 1] != '\r') {
		off--;
		col++;
	}
	return col;
}

uint32_t fmt_new_column(const struct fmt *f)
{
	return (uint32_t)(f->out->len - f->line_start);
}

void fmt_newline(struct fmt *f)
{
	tpc_buf_putc(f->out, '\n');
	f->line_start = f->out->len;
}

void fmt_spaces(struct fmt *f, uint32_t n)
{
	while (n--)
		tpc_buf_putc(f->out, ' ');
}

uint32_t fmt_base(const struct fmt *f)
{
	return f->depth ? f->blocks[f->depth - 1].new_col : 0;
}

uint32_t fmt_continued(const struct fmt *f, uint32_t col, uint32_t least)
{
	/* What was aligned under the value stays so; what hangs below moves with the line. */
	int64_t to = (int64_t)col + (col >= f->item_col ? f->item_shift : f->line_shift);

	return to < (int64_t)least ? least : (uint32_t)to;
}

static void push(struct fmt *f, bool list, bool bare, uint32_t old_col, uint32_t new_col)
{
	if (f->depth == FMT_MAX_BLOCKS) {
		f->too_deep = true;
		return;
	}
	f->blocks[f->depth++] =
		(struct fmt_block){ .list = list, .bare = bare, .old_col = old_col, .new_col = new_col };
}

static void pop(struct fmt *f)
{
	if (f->depth)
		f->depth--;
}

static bool top_is_bare(const struct fmt *f)
{
	return f->depth && f->blocks[f->depth - 1].bare;
}

/* The column of a collection or value that starts a line. */
static uint32_t column_inside(const struct fmt *f, bool list)
{
	if (!f->depth)
		return 0;
	return fmt_base(f) + (list && !f->blocks[f->depth - 1].list ? 0 : 2);
}

/* Opens and closes the collections whose tokens, without bytes, stand before @t; what column has @t? */
static uint32_t place(struct fmt *f, const struct fmt_token *from, const struct fmt_token *t,
		      bool starts_line)
{
	/* A flow collection may be one long line: no columns there. */
	uint32_t old_col = f->flow ? 0 : fmt_column(f, t->off), here = fmt_new_column(f);
	bool own = t->kind == FMT_ENTRY || t->kind == FMT_VALUE || t->kind == FMT_KEY;

	for (; from < t; from++) {
		bool list = from->kind == FMT_LIST_START;

		if (f->flow)
			continue;
		if ((from->kind == FMT_KEY || from->kind == FMT_BLOCK_END) && top_is_bare(f))
			pop(f);
		if (from->kind == FMT_BLOCK_END)
			pop(f);
		else if (list || from->kind == FMT_MAP_START)
			push(f, list, false, old_col, starts_line ? column_inside(f, list) : here);
		own = own || from->kind == FMT_KEY;
	}
	if (f->flow)
		return 0;
	if ((t->kind == FMT_KEY || t->kind == FMT_MARKER || t->kind == FMT_END) && top_is_bare(f))
		pop(f);
	if (t->kind == FMT_ENTRY && f->depth && !f->blocks[f->depth - 1].list)
		push(f, true, true, old_col, starts_line ? fmt_base(f) : here);
	if (t->kind == FMT_MARKER || t->kind == FMT_END)
		return 0;
	return own ? fmt_base(f) : column_inside(f, false);
}

/*
 * A comment goes with what follows; one further right than that closes the block that it was written in.
 * @blocks are those open above it, @next is the source column of what follows (-1: nothing does).
 */
static uint32_t comment_column(const struct fmt_block *blocks, uint32_t depth, uint32_t col, int64_t next,
			       uint32_t next_new)
{
	if ((int64_t)col <= next)
		return next_new;
	while (depth-- > 0) {
		if ((int64_t)blocks[depth].old_col <= next)
			break;
		if (blocks[depth].old_col <= col)
			return blocks[depth].new_col;
	}
	return next_new;
}

static void put_trimmed(struct fmt *f, uint32_t off, uint32_t end)
{
	while (end > off && strchr(" \t\r", f->text[end - 1]))
		end--;
	tpc_buf_add(f->out, f->text + off, end - off);
}

/* One space, but where two tokens touched, or shall: ':' behind its key. */
static void put_space(struct fmt *f, const struct fmt_token *before, const struct fmt_token *t, uint32_t off)
{
	bool glued = t->kind == FMT_VALUE && (before->kind == FMT_PLAIN || before->kind == FMT_QUOTED);

	if (f->flow)
		tpc_buf_add(f->out, f->text + off, t->off - off);
	else if (t->off > off && !glued && t->kind != FMT_END)
		tpc_buf_putc(f->out, ' ');
}

struct gap {
	uint32_t off, end;
	const struct fmt_block *blocks; /* open above it */
	uint32_t depth;
	int64_t next; /* source column of what follows, or -1 */
	uint32_t next_new;
};

/* What follows the last token on its line: nothing, or a comment. */
static uint32_t put_line_rest(struct fmt *f, const struct gap *g)
{
	struct fmt_line l = fmt_line_at(f, g->off, g->end);

	if (l.text < l.end) {
		if (f->flow && l.text > l.off)
			tpc_buf_add(f->out, f->text + l.off, l.text - l.off);
		else
			tpc_buf_putc(f->out, ' ');
		put_trimmed(f, l.text, l.end);
	}
	fmt_newline(f);
	return l.next;
}

/* Whole lines of comment or of nothing. */
static void put_between(struct fmt *f, const struct gap *g, uint32_t off, bool last)
{
	bool blank = false;

	while (off < g->end) {
		struct fmt_line l = fmt_line_at(f, off, g->end);
		uint32_t col = l.text - l.off;

		off = l.next;
		if (l.text == l.end) {
			blank = blank || l.next > l.end;
			continue;
		}
		if (blank && f->out->len)
			fmt_newline(f);
		blank = false;
		fmt_spaces(f, f->flow ? fmt_continued(f, col, fmt_base(f)) :
					comment_column(g->blocks, g->depth, col, g->next, g->next_new));
		put_trimmed(f, l.text, l.end);
		fmt_newline(f);
	}
	if (blank && f->out->len && !last)
		fmt_newline(f);
}

/* Moves to the line of @t, which starts one. */
static void start_line(struct fmt *f, struct gap *g, const struct fmt_token *t)
{
	uint32_t off = g->off, old_col = fmt_column(f, t->off), col;

	g->next = t->kind == FMT_MARKER || t->kind == FMT_END ? -1 : (int64_t)old_col;
	if (f->out->len > f->line_start)
		off = put_line_rest(f, g);
	put_between(f, g, off, t->kind == FMT_END);
	if (t->kind == FMT_END)
		return;
	col = f->flow ? fmt_continued(f, old_col, fmt_base(f)) : g->next_new;
	if (!f->flow)
		f->line_shift = (int32_t)col - (int32_t)old_col;
	fmt_spaces(f, col);
}

/* The token itself; gives the byte where the source goes on. */
static uint32_t put_token(struct fmt *f, const struct fmt_token *t)
{
	if (!f->flow) {
		f->item_col = fmt_column(f, t->off);
		f->item_shift = (int32_t)fmt_new_column(f) - (int32_t)f->item_col;
	}
	if (t->kind == FMT_BLOCK)
		return fmt_put_block_scalar(f, t);
	if (t->kind == FMT_PLAIN || t->kind == FMT_QUOTED)
		fmt_put_flow_scalar(f, t);
	else
		put_trimmed(f, t->off, t->end);
	if (t->kind == FMT_FLOW_START)
		f->flow++;
	else if (t->kind == FMT_FLOW_END && f->flow)
		f->flow--;
	return t->end;
}

static bool has_line_end(const struct fmt *f, uint32_t off, uint32_t end)
{
	while (off < end && f->text[off] != '\n' && f->text[off] != '\r')
		off++;
	return off < end;
}

static void lay_out(struct fmt *f, const struct fmt_tokens *tokens)
{
	const struct fmt_token *from = tokens->items, *end = tokens->items + tokens->len, *before = from;
	struct fmt_block blocks[FMT_MAX_BLOCKS];
	uint32_t off = 0;

	for (const struct fmt_token *t = from; t < end; t++) {
		struct gap g = { .off = off, .end = t->off, .blocks = blocks, .depth = f->depth };
		bool starts_line;

		if (t->end == t->off && t->kind != FMT_END)
			continue;
		/* A block scalar whose last line has no end: to end it would be more content. */
		if (t->kind == FMT_END && t > tokens->items && before->kind == FMT_BLOCK && off == t->off &&
		    f->out->len > f->line_start)
			return;
		memcpy(blocks, f->blocks, f->depth * sizeof(*blocks));
		starts_line = f->out->len == f->line_start || has_line_end(f, off, t->off) ||
			      t->kind == FMT_END;
		if (!starts_line)
			put_space(f, before, t, off);
		g.next_new = place(f, from, t, starts_line);
		if (starts_line)
			start_line(f, &g, t);
		if (t->kind == FMT_END || f->too_deep)
			return;
		off = put_token(f, t);
		from = t + 1;
		before = t;
	}
}

/* A byte order mark says nothing: columns and offsets count from behind it. */
static void leave_mark_out(struct fmt *f, const struct fmt_tokens *tokens)
{
	if (f->len < 3 || memcmp(f->text, "\xef\xbb\xbf", 3) != 0)
		return;
	f->text += 3;
	f->len -= 3;
	for (uint32_t i = 0; i < tokens->len; i++) {
		tokens->items[i].off -= 3;
		tokens->items[i].end -= 3;
	}
}

static bool refuse(struct tpc_ctx *c, uint32_t file)
{
	struct tpc_diag *d;

	d = tpc_error(&c->diags, (struct tpc_span){ .file = file }, TPC_E_INTERNAL,
		      "the file could not be laid out with the same meaning");
	tpc_diag_hint(&c->diags, d, "it was left as it is; please report it");
	return false;
}

/* Line ends of YAML 1.1 that nobody means: columns behind them are not what they seem. */
static bool odd_line_ends(const struct tpc_source *s)
{
	return memmem(s->text, s->len, "\xc2\x85", 2) || memmem(s->text, s->len, "\xe2\x80\xa8", 3) ||
	       memmem(s->text, s->len, "\xe2\x80\xa9", 3);
}

bool tpc_fmt(struct tpc_ctx *c, uint32_t file, struct tpc_buf *out)
{
	const struct tpc_source *s = tpc_source_get(&c->sources, file);
	uint32_t errors = c->diags.nerrors;
	struct tpc_documents docs;
	struct fmt_tokens tokens;
	struct tpc_buf to = TPC_BUF(c->arena);
	struct fmt f = { .text = s->text, .len = s->len, .out = &to };

	tpc_yaml_read(c, file, &docs);
	if (docs.broken || c->diags.nerrors > errors)
		return false;
	if (odd_line_ends(s)) {
		tpc_buf_add(out, s->text, s->len);
		return true;
	}
	if (!fmt_read_tokens(c, file, &tokens))
		return refuse(c, file);
	leave_mark_out(&f, &tokens);
	lay_out(&f, &tokens);
	if (f.too_deep || tpc_arena_exhausted(c->arena))
		return refuse(c, file);
	if (!fmt_same(f.text, f.len, tpc_buf_text(&to), to.len))
		return refuse(c, file);
	tpc_buf_add(out, tpc_buf_text(&to), to.len);
	return true;
}
