// SPDX-License-Identifier: Apache-2.0
/*
 * Tests of paths as C, without ever building the path. A path is a row of components; a test asks for those next to
 * the leaf (Postfix, and what Equal looks at first) or next to the root (Prefix, Equal). The patterns of one test
 * share their common components: the code is a tree of ifs, one level a component.
 *
 * The comparisons are global functions over struct tpc_names: NAME_leaf and NAME_root. What they need to have
 * been walked stands in the condition that calls them.
 */
#include "backend/emit.h"

#include <string.h>

#define WORDS_SHOWN 8
#define CHUNK 32 /* bytes of a name that are read and compared at a time */

enum side { FROM_ROOT, FROM_LEAF };

struct piece {
	const char *s;
	uint32_t len;
};

/* One value, cut at its slashes, in walking order. */
struct pattern {
	struct piece *pieces;
	uint32_t n;
};

struct level {
	struct pattern **items;
	uint32_t len;
};

struct path_test {
	struct emit *e;
	enum ir_pred_kind kind;
	enum side side;
	unsigned indent; /* tabs before what is written now */
	uint32_t names;	 /* how many are looked at while another is needed */
};

static void add_piece(struct tpc_arena *a, struct pattern *p, uint32_t max, const char *s, uint32_t len)
{
	if (!p->pieces)
		p->pieces = tpc_new_array(a, struct piece, max);
	p->pieces[p->n++] = (struct piece){ s, len };
}

/*
 * Cuts @t. false: it can equal no path, whatever the path is: relative, an empty component, or a slash at the end of what
 * has to be a whole component.
 */
static bool cut(struct tpc_arena *a, enum ir_pred_kind kind, const struct ir_text *t, struct pattern *ret)
{
	uint32_t slashes = 0, begin = 0, n;
	struct pattern p = { 0 };

	*ret = p;
	for (uint32_t i = 0; i < t->len; i++)
		slashes += t->s[i] == '/';
	if (t->len == 1 && t->s[0] == '/' && kind != IR_PRED_PREFIX)
		return true; /* the root itself: no component */
	if (kind != IR_PRED_POSTFIX) {
		if (!t->len || t->s[0] != '/')
			return false;
		begin = 1;
	}
	for (uint32_t i = begin; i <= t->len; i++)
		if (i == t->len || t->s[i] == '/') {
			add_piece(a, &p, slashes + 1, t->s + begin, i - begin);
			begin = i + 1;
		}
	n = p.n;
	for (uint32_t i = 0; i < n; i++) {
		bool may_be_empty = (kind == IR_PRED_PREFIX && i == n - 1) ||
				    (kind == IR_PRED_POSTFIX && i == 0);

		if (!p.pieces[i].len && !(may_be_empty && (kind == IR_PRED_PREFIX || n > 1)))
			return false;
	}
	for (uint32_t i = 0; kind == IR_PRED_POSTFIX && i < n / 2; i++) {
		struct piece tmp = p.pieces[i];

		p.pieces[i] = p.pieces[n - 1 - i];
		p.pieces[n - 1 - i] = tmp;
	}
	*ret = p;
	return true;
}

static unsigned named_pieces(const struct pattern *p)
{
	return p->n && !p->pieces[p->n - 1].len ? p->n - 1 : p->n;
}

void emit_path_needs(struct emit *e, enum ir_pred_kind kind, const struct ir_text *texts, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct pattern p;
		unsigned need;

		if (!cut(e->c->arena, kind, &texts[i], &p))
			continue;
		need = named_pieces(&p);
		if (kind == IR_PRED_POSTFIX)
			e->path_bottom = need > e->path_bottom ? need : e->path_bottom;
		else
			while (e->path_top < need)
				e->path_top *= 2;
	}
}

void emit_path_check(struct emit *e, enum ir_pred_kind kind, const struct ir_text *texts, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct pattern p;

		if (cut(e->c->arena, kind, &texts[i], &p) && named_pieces(&p) > EMIT_COMPONENTS_MAX)
			tpc_report(&e->c->diags, e->sev, texts[i].at, TPC_E_LIMIT,
				   "a path of %u components is longer than the %d that fit on the BPF stack",
				   named_pieces(&p), EMIT_COMPONENTS_MAX);
	}
}

/* How this piece is compared: whole, its beginning, its end. */
static bool is_partial(struct path_test *t, const struct pattern *p, uint32_t level)
{
	return t->kind != IR_PRED_EQUAL && level == p->n - 1;
}

static void line(struct path_test *t, const char *text)
{
	for (unsigned i = 0; i < t->indent; i++)
		tpc_buf_putc(t->e->out, '\t');
	tpc_buf_puts(t->e->out, text);
}

/* Address of the first compared byte of a name in which only @len bytes count. */
static const char *name_from(struct path_test *t, const char *n, bool partial, uint32_t len)
{
	if (partial && t->kind == IR_PRED_POSTFIX)
		return tpc_sprintf(t->e->c->arena, "%s.s + (%s.len - %u)", n, n, len);
	return tpc_sprintf(t->e->c->arena, "%s.s", n);
}

static void emit_chunk(struct path_test *t, const char *from, uint32_t off, uint32_t m)
{
	if (off)
		emit_f(t->e, " && tpc_name_bytes(b, %s + %u, %u) && ", from, off, m);
	else
		emit_f(t->e, " && tpc_name_bytes(b, %s, %u) && ", from, m);
}

/* Expression: @n's length fits and its bytes are one of @ps, which are all of one length. */
static void emit_pieces(struct path_test *t, const char *n, bool partial, const struct piece *ps,
			uint32_t nps)
{
	struct emit *e = t->e;
	uint32_t len = ps[0].len;
	const char *from = name_from(t, n, partial, len);

	emit_f(e, "%s.len %s %u", n, partial ? ">=" : "==", len);
	for (uint32_t off = 0; off < len; off += CHUNK) {
		uint32_t m = len - off < CHUNK ? len - off : CHUNK;

		emit_chunk(t, from, off, m);
		for (uint32_t i = 0; i < nps; i++) {
			tpc_buf_puts(e->out, i ? " || (" : nps > 1 ? "((" : "");
			emit_bytes_equal(e, "b", ps[i].s + off, m);
			tpc_buf_puts(e->out, nps > 1 ? ")" : "");
		}
		tpc_buf_puts(e->out, nps > 1 ? ")" : "");
	}
}

/* The same for pieces of any length: those of one length share a read, where they fit into one chunk. */
static void emit_any_piece(struct path_test *t, const char *n, bool partial, struct piece *ps, uint32_t nps)
{
	bool first = true;

	for (uint32_t i = 0; i < nps; i++) {
		struct piece *same = tpc_new_array(t->e->c->arena, struct piece, nps);
		uint32_t nsame = 0;

		if (!ps[i].s)
			continue;
		for (uint32_t j = i; j < nps; j++)
			if (ps[j].s && ps[j].len == ps[i].len && (j == i || ps[i].len <= CHUNK)) {
				same[nsame++] = ps[j];
				if (j != i)
					ps[j].s = NULL;
			}
		if (!first) {
			tpc_buf_puts(t->e->out, " ||\n");
			line(t, "    ");
		}
		tpc_buf_putc(t->e->out, '(');
		emit_pieces(t, n, partial, same, nsame);
		tpc_buf_putc(t->e->out, ')');
		first = false;
	}
}

static bool same_piece(const struct piece *a, const struct piece *b)
{
	return a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
}

/* Patterns that end at this level: one expression for all of them. */
static void emit_ends(struct path_test *t, const char *n, const struct level *at, uint32_t level)
{
	struct piece *ps = tpc_new_array(t->e->c->arena, struct piece, at->len + 1);
	uint32_t nps = 0;

	for (uint32_t i = 0; i < at->len; i++) {
		const struct pattern *p = at->items[i];
		const struct piece *last = &p->pieces[p->n - 1];
		bool seen = false;

		if (p->n - 1 != level || !last->len)
			continue;
		for (uint32_t j = 0; j < nps; j++)
			seen |= same_piece(&ps[j], last);
		if (!seen)
			ps[nps++] = *last;
	}
	if (!nps)
		return;
	line(t, "if (");
	if (t->kind == IR_PRED_EQUAL)
		emit_f(t->e, "w->depth == %u && (", level + 1);
	emit_any_piece(t, n, t->kind != IR_PRED_EQUAL, ps, nps);
	emit_f(t->e, t->kind == IR_PRED_EQUAL ? "))\n" : ")\n");
	line(t, "\treturn 1;\n");
}

static void emit_level(struct path_test *t, const struct level *at, uint32_t level, uint32_t name);

/* Is there a branch behind those that are done? */
static bool another(const struct level *at, uint32_t level, const bool *done)
{
	for (uint32_t i = 0; i < at->len; i++)
		if (!done[i] && at->items[i]->n - 1 > level)
			return true;
	return false;
}

/*
 * Patterns that go on: a branch for each different component. Inside the last one nobody looks at the name again, so
 * that the next takes its place on the stack, of which there is little.
 */
static void emit_branches(struct path_test *t, const char *n, const struct level *at, uint32_t level,
			  uint32_t name)
{
	bool *done = tpc_new_array(t->e->c->arena, bool, at->len + 1);

	for (uint32_t i = 0; i < at->len; i++) {
		struct level below = { tpc_new_array(t->e->c->arena, struct pattern *, at->len), 0 };

		if (done[i] || at->items[i]->n - 1 <= level)
			continue;
		for (uint32_t j = i; j < at->len; j++)
			if (!done[j] && at->items[j]->n - 1 > level &&
			    same_piece(&at->items[i]->pieces[level], &at->items[j]->pieces[level])) {
				done[j] = true;
				below.items[below.len++] = at->items[j];
			}
		line(t, "if (");
		emit_pieces(t, n, false, &at->items[i]->pieces[level], 1);
		emit_f(t->e, ") { /* ");
		emit_comment_text(t->e, at->items[i]->pieces[level].s, at->items[i]->pieces[level].len);
		emit_f(t->e, " */\n");
		t->indent++;
		emit_level(t, &below, level + 1, another(at, level, done) ? name + 1 : name);
		t->indent--;
		line(t, "}\n");
	}
}

/* @name: the number of the variable for this level's component. */
static void emit_level(struct path_test *t, const struct level *at, uint32_t level, uint32_t name)
{
	const char *n = tpc_sprintf(t->e->c->arena, "n%u", name);
	bool empty = false, named = false;

	for (uint32_t i = 0; i < at->len; i++) {
		const struct pattern *p = at->items[i];
		bool is_empty = is_partial(t, p, level) && !p->pieces[level].len;

		empty |= is_empty;
		named |= !is_empty;
	}
	if (empty && (t->side == FROM_LEAF || level == 0)) {
		line(t, "return 1;\n"); /* whatever is above; every path begins with a slash */
		return;
	}
	if (empty) {
		line(t, tpc_sprintf(t->e->c->arena, "if (w->depth > %u)\n", level));
		line(t, "\treturn 1;\n");
	}
	if (!named)
		return;
	if (t->side == FROM_LEAF)
		line(t, tpc_sprintf(t->e->c->arena, "if (tpc_name_bottom(&%s, w, %u)) {\n", n, level));
	else
		line(t, tpc_sprintf(t->e->c->arena, "if (tpc_name_top(&%s, w, %u)) {\n", n, level + 1));
	t->indent++;
	emit_ends(t, n, at, level);
	emit_branches(t, n, at, level, name);
	t->names = name >= t->names ? name + 1 : t->names;
	t->indent--;
	line(t, "}\n");
}

/* Equal: most files differ in their own name, so that is looked at before the way to the root is walked. */
static void emit_leaf_filter(struct path_test *t, const struct level *all)
{
	struct piece *ps = tpc_new_array(t->e->c->arena, struct piece, all->len + 1);
	uint32_t nps = 0;

	for (uint32_t i = 0; i < all->len; i++) {
		const struct piece *last = &all->items[i]->pieces[all->items[i]->n - 1];
		bool seen = false;

		for (uint32_t j = 0; j < nps; j++)
			seen |= same_piece(&ps[j], last);
		if (!seen)
			ps[nps++] = *last;
	}
	emit_f(t->e, "\tif (tpc_name_bottom(&n0, w, 0) &&\n\t    (");
	emit_any_piece(t, "n0", false, ps, nps);
	emit_f(t->e, "))\n\t\treturn 1;\n");
}

/* The patterns of one test; *@ret_root: the root itself is one of its values. */
static struct level cut_all(struct emit *e, enum ir_pred_kind kind, const struct ir_text *texts, uint32_t n,
			    bool *ret_root)
{
	struct level all = { tpc_new_array(e->c->arena, struct pattern *, n + 1), 0 };

	*ret_root = false;
	for (uint32_t i = 0; i < n; i++) {
		struct pattern *p = tpc_new(e->c->arena, struct pattern);

		if (!cut(e->c->arena, kind, &texts[i], p))
			continue;
		if (!p->n)
			*ret_root = true;
		else
			all.items[all.len++] = p;
	}
	return all;
}

static unsigned deepest(const struct level *all)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < all->len; i++)
		n = named_pieces(all->items[i]) > n ? named_pieces(all->items[i]) : n;
	return n;
}

/* The test in the policy's words, on a line of its own. */
static void emit_words(struct emit *e, enum ir_pred_kind kind, const struct ir_text *texts, uint32_t n)
{
	static const char *const words[IR_PRED_MAX] = {
		[IR_PRED_EQUAL] = "Equal", [IR_PRED_PREFIX] = "Prefix", [IR_PRED_POSTFIX] = "Postfix"
	};

	emit_f(e, "/* %s", words[kind]);
	for (uint32_t i = 0; i < n && i < WORDS_SHOWN; i++) {
		tpc_buf_puts(e->out, i ? ", " : " ");
		emit_comment_text(e, texts[i].s, texts[i].len);
	}
	emit_f(e, n > WORDS_SHOWN ? " and %u more */\n" : " */\n", n - WORDS_SHOWN);
}

static void emit_head(struct emit *e, const char *name, const char *side, unsigned names)
{
	emit_f(e, "__noinline int %s_%s(struct tpc_names *w)\n{\n", name, side);
	for (unsigned i = 0; i < names; i++)
		emit_f(e, "%s n%u%s", i ? "," : "\tstruct tpc_name", i, i + 1 < names ? "" : ";\n");
	if (names)
		emit_f(e, "\t__u64 b[%d];\n\n", CHUNK / 8);
	emit_f(e, "\tif (!w)\n\t\treturn 0;\n");
}

void emit_path_test(struct emit *e, const char *name, enum ir_pred_kind kind, const struct ir_text *texts,
		    uint32_t n)
{
	struct path_test t = { e, kind, kind == IR_PRED_POSTFIX ? FROM_LEAF : FROM_ROOT, 1, 0 };
	struct tpc_buf body = TPC_BUF(e->c->arena), *out = e->out;
	bool root;
	struct level all = cut_all(e, kind, texts, n, &root);

	e->out = &body; /* which says how many names there are */
	if (all.len)
		emit_level(&t, &all, 0, 0);
	e->out = out;
	emit_words(e, kind, texts, n);
	emit_head(e, name, t.side == FROM_LEAF ? "leaf" : "root", t.names);
	if (root)
		emit_f(e, "\tif (w->depth == 0)\n\t\treturn 1;\n");
	tpc_buf_puts(out, tpc_buf_text(&body));
	emit_f(e, "\treturn 0;\n}\n\n");
}

void emit_path_filter(struct emit *e, const char *name, enum ir_pred_kind kind, const struct ir_text *texts,
		      uint32_t n)
{
	struct path_test t = { e, kind, FROM_LEAF, 1, 0 };
	bool root;
	struct level all = cut_all(e, kind, texts, n, &root);

	if (kind != IR_PRED_EQUAL || root)
		return;
	emit_head(e, name, "leaf", all.len != 0);
	if (all.len)
		emit_leaf_filter(&t, &all);
	emit_f(e, "\treturn 0;\n}\n\n");
}

void emit_path_condition(struct emit *e, const char *name, enum ir_pred_kind kind,
			 const struct ir_text *texts, uint32_t n, const char *walk)
{
	bool root;
	struct level all = cut_all(e, kind, texts, n, &root);
	unsigned levels = deepest(&all) ? deepest(&all) : 1;

	if (kind == IR_PRED_POSTFIX) {
		emit_f(e, "tpc_walk_some(&%s, %u) && %s_leaf(&%s.names) && tpc_walk_whole(&%s)", walk, levels,
		       name, walk, walk);
		return;
	}
	if (kind == IR_PRED_EQUAL && !root)
		emit_f(e, "tpc_walk_some(&%s, 1) && %s_leaf(&%s.names) &&\n\t      ", walk, name, walk);
	emit_f(e, "tpc_walk_whole(&%s) && %s_root(&%s.names)", walk, name, walk);
}

const char *emit_path_function(struct emit *e, const char *name, enum ir_pred_kind kind)
{
	return tpc_sprintf(e->c->arena, "%s_%s", name, kind == IR_PRED_POSTFIX ? "leaf" : "root");
}
