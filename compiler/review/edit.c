// SPDX-License-Identifier: Apache-2.0
/* Edits of YAML text. Nodes are found again by their places; what is found twice (aliases) or under another parent (merge keys) stays. */
#include <stdlib.h>

#include "base/buf.h"
#include "review/review_impl.h"

/* A node and where it hangs. */
struct found {
	const struct tpc_node *node, *parent; /* parent NULL: the root */
	uint32_t nr;			      /* entry or item of the parent */
	uint32_t times;
};

struct text {
	const char *s;
	uint32_t len;
};

static struct text text_of(struct rv *r, uint32_t file)
{
	const struct tpc_source *s = tpc_source_get(&r->c->sources, file);

	return (struct text){ s->text, s->len };
}

static const struct tpc_documents *tree_of(struct rv *r, uint32_t file)
{
	struct tpc_ctx quiet = *r->c;
	struct edit_tree *t;

	tpc_vec_foreach (t, &r->trees.list)
		if (t->file == file)
			return &t->docs;
	quiet.diags = (struct tpc_diags){ .arena = r->arena, .sources = &r->c->sources };
	t = tpc_vec_push(r->arena, &r->trees.list);
	t->file = file;
	tpc_yaml_read(&quiet, file, &t->docs);
	return &t->docs;
}

static void search(const struct tpc_node *n, const struct tpc_node *parent, uint32_t nr, struct tpc_span at,
		   struct found *f)
{
	if (n->at.off > at.off + at.len || n->at.off + n->at.len < at.off)
		return; /* aliases and merged keys lie elsewhere, and are found where they are written */
	if (n->at.off == at.off && n->at.len == at.len && n->kind != TPC_NODE_BAD) {
		if (!f->times++)
			*f = (struct found){ n, parent, nr, 1 };
		return;
	}
	if (n->kind == TPC_NODE_LIST)
		for (uint32_t i = 0; i < n->items.len; i++)
			search(n->items.items[i], n, i, at, f);
	if (n->kind == TPC_NODE_MAP)
		for (uint32_t i = 0; i < n->entries.len; i++)
			search(n->entries.items[i].value, n, i, at, f);
}

static bool inside(struct tpc_span a, struct tpc_span b)
{
	return a.off >= b.off && a.off + a.len <= b.off + b.len;
}

static bool find(struct rv *r, struct tpc_span at, struct found *ret)
{
	const struct tpc_documents *docs;

	*ret = (struct found){ 0 };
	if (!at.file)
		return false;
	docs = tree_of(r, at.file);
	for (uint32_t i = 0; i < docs->len; i++)
		if (docs->items[i].root)
			search(docs->items[i].root, NULL, 0, at, ret);
	return ret->times == 1 && (!ret->parent || inside(at, ret->parent->at));
}

static bool has_anchor(struct text t, struct tpc_span at)
{
	return memchr(t.s + at.off, '&', at.len) || memchr(t.s + at.off, '*', at.len);
}

/* ---- lines ---- */

static uint32_t line_start(struct text t, uint32_t off)
{
	while (off && t.s[off - 1] != '\n')
		off--;
	return off;
}

/* Where the line's end stands, or the text's. */
static uint32_t line_end(struct text t, uint32_t off)
{
	while (off < t.len && t.s[off] != '\n')
		off++;
	return off;
}

static bool all_blank(struct text t, uint32_t from, uint32_t to)
{
	while (from < to && t.s[from] == ' ')
		from++;
	return from == to;
}

static bool one_line(struct text t, struct tpc_span at)
{
	return !memchr(t.s + at.off, '\n', at.len);
}

static bool is_flow(struct text t, const struct tpc_node *n)
{
	return t.s[n->at.off] == '{' || t.s[n->at.off] == '[';
}

static uint32_t column(struct text t, uint32_t off)
{
	return off - line_start(t, off);
}

/* @text with each line behind the first indented by @indent. */
static const char *indented(struct rv *r, const char *text, uint32_t indent)
{
	struct tpc_buf b = TPC_BUF(r->arena);

	for (; *text; text++) {
		tpc_buf_putc(&b, *text);
		if (*text == '\n')
			tpc_buf_printf(&b, "%*s", (int)indent, "");
	}
	return tpc_buf_text(&b);
}

static bool put(struct rv *r, struct rv_finding *f, uint32_t file, uint32_t from, uint32_t to,
		const char *text)
{
	*tpc_vec_push(r->arena, &f->edits) =
		(struct rv_edit){ .at = { .file = file, .off = from, .len = to - from }, .text = text };
	return true;
}

/* ---- the edits ---- */

bool edit_scalar(struct rv *r, struct rv_finding *f, struct tpc_span scalar, const char *text)
{
	struct found x;

	if (!find(r, scalar, &x) || x.node->kind != TPC_NODE_SCALAR)
		return false;
	return put(r, f, scalar.file, scalar.off, scalar.off + scalar.len, text);
}

/* Behind entry @nr of @map. */
static bool add_key(struct rv *r, struct rv_finding *f, const struct tpc_node *map, uint32_t nr,
		    const char *text)
{
	struct text t = text_of(r, map->at.file);
	struct tpc_span last = map->entries.items[nr].value->at;
	uint32_t end = last.off + last.len, col = column(t, map->at.off);

	if (!inside(last, map->at) || has_anchor(t, map->at))
		return false;
	if (is_flow(t, map)) {
		if (strchr(text, '\n') || !one_line(t, map->at))
			return false;
		return put(r, f, map->at.file, end, end, tpc_sprintf(r->arena, ", %s", text));
	}
	end = line_end(t, end);
	return put(r, f, map->at.file, end, end,
		   tpc_sprintf(r->arena, "\n%*s%s", (int)col, "", indented(r, text, col)));
}

bool edit_add_key(struct rv *r, struct rv_finding *f, struct tpc_span value, const char *text)
{
	struct found x;

	if (!find(r, value, &x) || !x.parent || x.parent->kind != TPC_NODE_MAP)
		return false;
	return add_key(r, f, x.parent, x.nr, text);
}

bool edit_append_key(struct rv *r, struct rv_finding *f, struct tpc_span map, const char *text)
{
	struct found x;

	if (!find(r, map, &x) || x.node->kind != TPC_NODE_MAP || !x.node->entries.len)
		return false;
	return add_key(r, f, x.node, x.node->entries.len - 1, text);
}

/* Of a flow collection: with the comma that parts it from its neighbour. */
static bool drop_flow(struct rv *r, struct rv_finding *f, const struct tpc_node *of, uint32_t from,
		      uint32_t to)
{
	struct text t = text_of(r, of->at.file);
	uint32_t next = to;

	if (!one_line(t, of->at))
		return false;
	while (t.s[next] == ' ')
		next++;
	if (t.s[next] == ',') {
		for (next++; t.s[next] == ' ';)
			next++;
		return put(r, f, of->at.file, from, next, "");
	}
	while (from > of->at.off && t.s[from - 1] == ' ')
		from--;
	if (t.s[from - 1] != ',')
		return false;
	return put(r, f, of->at.file, from - 1, to, "");
}

/* Whole lines from the one of @from to that of @to. */
static bool drop_lines(struct rv *r, struct rv_finding *f, uint32_t file, uint32_t from, uint32_t to)
{
	struct text t = text_of(r, file);
	uint32_t begin = line_start(t, from), end = line_end(t, to);

	if (!all_blank(t, begin, from))
		return false;
	return put(r, f, file, begin, end < t.len ? end + 1 : end, "");
}

bool edit_drop_key(struct rv *r, struct rv_finding *f, struct tpc_span value)
{
	const struct tpc_node *key, *next = NULL;
	struct found x;
	struct text t;
	uint32_t end = value.off + value.len;

	if (!find(r, value, &x) || !x.parent || x.parent->kind != TPC_NODE_MAP || x.parent->entries.len < 2)
		return false;
	t = text_of(r, value.file);
	key = x.parent->entries.items[x.nr].key;
	if (has_anchor(t, x.parent->at) || !inside(key->at, x.parent->at))
		return false;
	if (is_flow(t, x.parent))
		return drop_flow(r, f, x.parent, key->at.off, end);
	if (all_blank(t, line_start(t, key->at.off), key->at.off))
		return drop_lines(r, f, value.file, key->at.off, end);
	/* The first of a list's item, behind the dash: the next one takes its place. */
	if (x.nr + 1 < x.parent->entries.len)
		next = x.parent->entries.items[x.nr + 1].key;
	return next && inside(next->at, x.parent->at) && put(r, f, value.file, key->at.off, next->at.off, "");
}

bool edit_add_item(struct rv *r, struct rv_finding *f, struct tpc_span item, bool before, const char *text)
{
	struct found x;
	struct text t;
	uint32_t col, begin, end = item.off + item.len;

	if (!find(r, item, &x) || !x.parent || x.parent->kind != TPC_NODE_LIST)
		return false;
	t = text_of(r, item.file);
	if (is_flow(t, x.parent)) {
		if (strchr(text, '\n') || !one_line(t, x.parent->at))
			return false;
		return before ?
			       put(r, f, item.file, item.off, item.off, tpc_sprintf(r->arena, "%s, ", text)) :
			       put(r, f, item.file, end, end, tpc_sprintf(r->arena, ", %s", text));
	}
	col = column(t, x.parent->at.off);
	begin = line_start(t, item.off);
	if (!all_blank(t, begin, begin + col) || t.s[begin + col] != '-' ||
	    !all_blank(t, begin + col + 1, item.off))
		return false;
	text = tpc_sprintf(r->arena, "%*s- %s", (int)col, "", indented(r, text, col + 2));
	if (before)
		return put(r, f, item.file, begin, begin, tpc_sprintf(r->arena, "%s\n", text));
	end = line_end(t, end);
	return put(r, f, item.file, end, end, tpc_sprintf(r->arena, "\n%s", text));
}

bool edit_drop_item(struct rv *r, struct rv_finding *f, struct tpc_span item)
{
	struct found x;
	struct text t;
	uint32_t col, begin, end = item.off + item.len;

	if (!find(r, item, &x) || !x.parent || x.parent->kind != TPC_NODE_LIST)
		return false;
	if (x.parent->items.len == 1)
		return edit_drop_key(r, f, x.parent->at);
	t = text_of(r, item.file);
	if (has_anchor(t, item))
		return false;
	if (is_flow(t, x.parent))
		return drop_flow(r, f, x.parent, item.off, end);
	col = column(t, x.parent->at.off);
	begin = line_start(t, item.off);
	return t.s[begin + col] == '-' && drop_lines(r, f, item.file, begin + col, end);
}

/* ---- putting them in ---- */

static int by_offset(const void *a, const void *b)
{
	const struct rv_edit *x = a, *y = b;

	if (x->at.off != y->at.off)
		return x->at.off < y->at.off ? -1 : 1;
	return x->at.len < y->at.len ? -1 : x->at.len > y->at.len;
}

const char *edit_apply_in(struct tpc_ctx *c, struct tpc_span at, const struct rv_edit *edits, uint32_t n)
{
	const struct tpc_source *s = tpc_source_get(&c->sources, at.file);
	struct rv_edit *sorted = tpc_new_array(c->arena, struct rv_edit, n + 1);
	struct tpc_buf out = TPC_BUF(c->arena);
	uint32_t done = at.off;

	if (n)
		memcpy(sorted, edits, n * sizeof(*edits));
	qsort(sorted, n, sizeof(*sorted), by_offset);
	for (uint32_t i = 0; i < n; i++) {
		tpc_buf_add(&out, s->text + done, sorted[i].at.off - done);
		tpc_buf_puts(&out, sorted[i].text);
		done = sorted[i].at.off + sorted[i].at.len;
	}
	tpc_buf_add(&out, s->text + done, at.off + at.len - done);
	return tpc_buf_text(&out);
}

const char *edit_apply(struct tpc_ctx *c, uint32_t file, const struct rv_edit *edits, uint32_t n)
{
	const struct tpc_source *s = tpc_source_get(&c->sources, file);

	return edit_apply_in(c, (struct tpc_span){ .file = file, .len = s->len }, edits, n);
}
