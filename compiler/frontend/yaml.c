// SPDX-License-Identifier: Apache-2.0
/*
 * libyaml's events to nodes, with a stack instead of recursion. Of this folder the only file that includes
 * <yaml.h>; fmt/ looks at tokens, which nodes do not keep.
 */
#include <string.h>
#include <yaml.h>

#include "base/utf8.h"
#include "frontend/yaml_impl.h"

struct anchor {
	const char *name;
	struct tpc_node *node;
	bool open; /* the node is not finished: an alias to it would hold itself */
};

struct frame {
	struct tpc_node *node;
	struct tpc_node *key; /* of a mapping: read, its value is not */
	uint32_t anchor;      /* number of the node's anchor + 1, or 0 */
};

struct reader {
	struct tpc_ctx *c;
	uint32_t file;
	struct yaml_cursor cur;
	yaml_parser_t parser;
	struct tpc_documents *docs;
	struct tpc_document doc; /* being read */
	struct frame stack[TPC_YAML_MAX_DEPTH];
	uint32_t depth;
	TPC_VEC(struct anchor) anchors;
	uint32_t nnodes;      /* made so far */
	uint32_t done_weight; /* of finished documents, aliases expanded */
};

static struct tpc_span span_between(struct reader *r, const yaml_mark_t *start, const yaml_mark_t *end)
{
	uint32_t from = yaml_cursor_byte(&r->cur, start->index);
	uint32_t to = yaml_cursor_byte(&r->cur, end->index);

	return (struct tpc_span){ .file = r->file, .off = from, .len = to > from ? to - from : 0 };
}

/* Block scalars end where the next token starts: leave the white space before it out. */
static struct tpc_span trim(struct reader *r, struct tpc_span at)
{
	while (at.len && strchr(" \t\r\n", r->cur.text[at.off + at.len - 1]))
		at.len--;
	return at;
}

static const char *shown(struct reader *r, const char *s)
{
	size_t len = strlen(s);

	return tpc_utf8_shown(r->c->arena, s, len < 64 ? len : 64);
}

static bool stop(struct reader *r)
{
	r->docs->broken = true;
	return false;
}

static enum tpc_node_tag read_tag(struct reader *r, const char *tag, struct tpc_span at, bool scalar)
{
	static const struct {
		const char *uri;
		enum tpc_node_tag tag;
		bool scalar;
	} known[] = {
		{ "!", TPC_TAG_STR, true },
		{ YAML_STR_TAG, TPC_TAG_STR, true },
		{ YAML_INT_TAG, TPC_TAG_INT, true },
		{ YAML_FLOAT_TAG, TPC_TAG_FLOAT, true },
		{ YAML_BOOL_TAG, TPC_TAG_BOOL, true },
		{ YAML_NULL_TAG, TPC_TAG_NULL, true },
		{ YAML_SEQ_TAG, TPC_TAG_NONE, false },
		{ YAML_MAP_TAG, TPC_TAG_NONE, false },
	};
	struct tpc_diag *diag;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].scalar == scalar && !strcmp(tag, known[i].uri))
			return known[i].tag;
	}
	if (!scalar && !strcmp(tag, "!"))
		return TPC_TAG_NONE;
	diag = tpc_error(&r->c->diags, at, TPC_E_YAML, "unknown tag '%s'", shown(r, tag));
	tpc_diag_hint(&r->c->diags, diag, "a policy needs no tags");
	return TPC_TAG_NONE;
}

/* Counts a node against the limits; NULL after an error that ends the stream. */
static struct tpc_node *new_node(struct reader *r, enum tpc_node_kind kind, struct tpc_span at)
{
	struct tpc_node *n;

	if (r->nnodes++ >= TPC_YAML_MAX_NODES || tpc_arena_exhausted(r->c->arena)) {
		at.len = 0;
		tpc_error(&r->c->diags, at, TPC_E_TOO_BIG, "the file has more than %u values",
			  TPC_YAML_MAX_NODES);
		return NULL;
	}
	n = tpc_new(r->c->arena, struct tpc_node);
	n->kind = kind;
	n->at = at;
	n->weight = 1;
	n->height = 1;
	return n;
}

/* Remembers @node under @name. 0: no anchor, or too many; else its number + 1. */
static bool add_anchor(struct reader *r, const yaml_char_t *name, struct tpc_node *node, bool open,
		       uint32_t *ret)
{
	struct anchor *a;

	*ret = 0;
	if (!name)
		return true;
	if (r->anchors.len == TPC_YAML_MAX_ANCHORS) {
		tpc_error(&r->c->diags, node->at, TPC_E_ALIAS, "the document has more than %u anchors",
			  TPC_YAML_MAX_ANCHORS);
		return stop(r);
	}
	a = tpc_vec_push(r->c->arena, &r->anchors);
	*a = (struct anchor){ .name = tpc_strdup(r->c->arena, (const char *)name),
			      .node = node,
			      .open = open };
	*ret = r->anchors.len;
	return true;
}

static struct tpc_node *check_key(struct reader *r, struct tpc_node *n)
{
	struct tpc_diag *diag;

	if (n->kind == TPC_NODE_SCALAR && n->len == 0 && !n->quoted) {
		diag = tpc_error(&r->c->diags, n->at, TPC_E_YAML, "a key is missing here");
	} else if (n->kind == TPC_NODE_LIST || n->kind == TPC_NODE_MAP) {
		diag = tpc_error(&r->c->diags, n->at, TPC_E_YAML, "a %s cannot be a key",
				 n->kind == TPC_NODE_LIST ? "list" : "mapping");
		tpc_diag_hint(&r->c->diags, diag, "%s", yaml_key_hint(r->c, n->at));
	} else {
		return n;
	}
	n = tpc_new(r->c->arena, struct tpc_node);
	n->at = diag->at;
	return n;
}

/* Adds a child's size to what holds it. */
static bool count_child(struct reader *r, struct tpc_node *parent, const struct tpc_node *child)
{
	parent->weight += child->weight;
	if (parent->height <= child->height)
		parent->height = child->height + 1;
	if (parent->weight + r->done_weight <= TPC_YAML_MAX_NODES)
		return true;
	tpc_error(&r->c->diags, child->at, TPC_E_ALIAS,
		  "with its aliases expanded the file has more than %u values", TPC_YAML_MAX_NODES);
	return stop(r);
}

/* Puts a finished node, or an alias's target, where it belongs. */
static bool attach(struct reader *r, struct tpc_node *n)
{
	struct frame *f;

	if (!r->depth) {
		r->doc.root = n;
		return true;
	}
	f = &r->stack[r->depth - 1];
	if (!count_child(r, f->node, n))
		return false;
	if (f->node->kind == TPC_NODE_LIST) {
		*tpc_vec_push(r->c->arena, &f->node->items) = n;
	} else if (!f->key) {
		f->key = check_key(r, n);
	} else {
		if (f->key->kind == TPC_NODE_SCALAR)
			*tpc_vec_push(r->c->arena, &f->node->entries) = (struct tpc_entry){ f->key, n };
		f->key = NULL;
	}
	return true;
}

static bool on_scalar(struct reader *r, const yaml_event_t *ev)
{
	struct tpc_span at = span_between(r, &ev->start_mark, &ev->end_mark);
	struct tpc_node *n;
	uint32_t anchor;

	n = new_node(r, TPC_NODE_SCALAR, trim(r, at));
	if (!n)
		return stop(r);
	n->quoted = ev->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	n->len = (uint32_t)ev->data.scalar.length;
	n->s = tpc_strndup(r->c->arena, (const char *)ev->data.scalar.value, ev->data.scalar.length);
	if (ev->data.scalar.tag)
		n->tag = read_tag(r, (const char *)ev->data.scalar.tag, n->at, true);
	return add_anchor(r, ev->data.scalar.anchor, n, false, &anchor) && attach(r, n);
}

static bool too_deep(struct reader *r, struct tpc_span at)
{
	at.len = 1;
	tpc_error(&r->c->diags, at, TPC_E_DEPTH, "more than %d levels of nesting", TPC_YAML_MAX_DEPTH);
	return stop(r);
}

static bool on_start(struct reader *r, const yaml_event_t *ev, enum tpc_node_kind kind)
{
	bool list = kind == TPC_NODE_LIST;
	const yaml_char_t *tag = list ? ev->data.sequence_start.tag : ev->data.mapping_start.tag;
	const yaml_char_t *name = list ? ev->data.sequence_start.anchor : ev->data.mapping_start.anchor;
	struct tpc_span at = span_between(r, &ev->start_mark, &ev->end_mark);
	struct frame *f;

	if (r->depth == TPC_YAML_MAX_DEPTH)
		return too_deep(r, at);
	f = &r->stack[r->depth];
	*f = (struct frame){ .node = new_node(r, kind, at) };
	if (!f->node)
		return stop(r);
	if (tag)
		read_tag(r, (const char *)tag, at, false);
	if (!add_anchor(r, name, f->node, true, &f->anchor))
		return false;
	r->depth++;
	return true;
}

/* Where a collection ends: at its bracket, or with its last child. */
static void end_span(struct reader *r, struct tpc_node *n, const yaml_event_t *ev)
{
	struct tpc_span end = span_between(r, &ev->start_mark, &ev->end_mark), last = n->at;

	if (!end.len) {
		if (n->kind == TPC_NODE_LIST && n->items.len)
			last = n->items.items[n->items.len - 1]->at;
		else if (n->kind == TPC_NODE_MAP && n->entries.len)
			last = n->entries.items[n->entries.len - 1].value->at;
		end = last;
	}
	/* An alias's target lies before: keep what the start gave. */
	if (end.off + end.len > n->at.off + n->at.len)
		n->at.len = end.off + end.len - n->at.off;
}

static bool on_end(struct reader *r, const yaml_event_t *ev)
{
	struct frame f = r->stack[--r->depth];

	end_span(r, f.node, ev);
	if (f.node->kind == TPC_NODE_MAP)
		yaml_finish_map(r->c, f.node);
	if (f.anchor)
		r->anchors.items[f.anchor - 1].open = false;
	return attach(r, f.node);
}

static struct anchor *find_anchor(struct reader *r, const char *name)
{
	for (uint32_t i = r->anchors.len; i-- > 0;) {
		if (!strcmp(r->anchors.items[i].name, name))
			return &r->anchors.items[i];
	}
	return NULL;
}

static bool on_alias(struct reader *r, const yaml_event_t *ev)
{
	const char *name = (const char *)ev->data.alias.anchor;
	struct tpc_span at = span_between(r, &ev->start_mark, &ev->end_mark);
	struct anchor *a = find_anchor(r, name);
	struct tpc_node *bad;

	if (a && !a->open) {
		if (r->depth + a->node->height > TPC_YAML_MAX_DEPTH)
			return too_deep(r, at);
		return attach(r, a->node);
	}
	if (a)
		tpc_error(&r->c->diags, at, TPC_E_ALIAS, "'*%s' stands inside what it stands for",
			  shown(r, name));
	else
		tpc_error(&r->c->diags, at, TPC_E_ALIAS, "there is no anchor '&%s' before this",
			  shown(r, name));
	bad = new_node(r, TPC_NODE_BAD, at);
	return bad ? attach(r, bad) : stop(r);
}

/* A document without content is an empty plain scalar. */
static bool is_empty(const struct tpc_node *n)
{
	return n->kind == TPC_NODE_SCALAR && !n->quoted && !n->len;
}

static void on_document_start(struct reader *r, const yaml_event_t *ev)
{
	uint32_t off = yaml_cursor_byte(&r->cur, ev->start_mark.index);

	if (r->docs->len) {
		struct tpc_document *before = &r->docs->items[r->docs->len - 1];

		before->at.len = off - before->at.off;
	} else {
		off = 0; /* a file of one document is that document, comments and all */
	}
	r->doc = (struct tpc_document){ .at = { .file = r->file, .off = off, .len = r->cur.len - off } };
	r->anchors.len = 0;
}

static void on_document_end(struct reader *r)
{
	if (r->doc.root) {
		r->done_weight += r->doc.root->weight;
		if (is_empty(r->doc.root))
			r->doc.root = NULL;
	}
	*(struct tpc_document *)tpc_vec_push(r->c->arena, r->docs) = r->doc;
}

/* false: stop reading. */
static bool on_event(struct reader *r, const yaml_event_t *ev)
{
	switch (ev->type) {
	case YAML_DOCUMENT_START_EVENT:
		on_document_start(r, ev);
		return true;
	case YAML_DOCUMENT_END_EVENT:
		on_document_end(r);
		return true;
	case YAML_SCALAR_EVENT:
		return on_scalar(r, ev);
	case YAML_SEQUENCE_START_EVENT:
		return on_start(r, ev, TPC_NODE_LIST);
	case YAML_MAPPING_START_EVENT:
		return on_start(r, ev, TPC_NODE_MAP);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return on_end(r, ev);
	case YAML_ALIAS_EVENT:
		return on_alias(r, ev);
	case YAML_STREAM_END_EVENT:
		return false;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
		break;
	}
	return true;
}

static void report_parser(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	struct yaml_fault f = { .problem = p->problem, .context = p->context };

	r->docs->broken = true;
	if (p->error == YAML_MEMORY_ERROR) {
		tpc_error(&r->c->diags, (struct tpc_span){ .file = r->file }, TPC_E_INTERNAL,
			  "no memory to read the file");
		return;
	}
	f.at = (struct tpc_span){ .file = r->file,
				  .off = yaml_cursor_byte(&r->cur, p->problem_mark.index),
				  .len = 1 };
	if (p->context)
		f.context_at = (struct tpc_span){ .file = r->file,
						  .off = yaml_cursor_byte(&r->cur, p->context_mark.index),
						  .len = 1 };
	yaml_report_fault(r->c, &f);
}

static void read_events(struct reader *r)
{
	yaml_event_t ev;
	bool more = true;

	while (more) {
		if (!yaml_parser_parse(&r->parser, &ev)) {
			report_parser(r);
			return;
		}
		more = on_event(r, &ev);
		yaml_event_delete(&ev);
	}
}

void tpc_yaml_read(struct tpc_ctx *c, uint32_t file, struct tpc_documents *ret)
{
	struct reader r = { .c = c, .file = file, .docs = ret };

	*ret = (struct tpc_documents){ 0 };
	if (!yaml_input_check(c, file, &r.cur)) {
		ret->broken = true;
		return;
	}
	if (!yaml_parser_initialize(&r.parser)) {
		ret->broken = true;
		tpc_error(&c->diags, (struct tpc_span){ .file = file }, TPC_E_INTERNAL,
			  "no memory to read the file");
		return;
	}
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)r.cur.text + r.cur.start,
				     r.cur.len - r.cur.start);
	read_events(&r);
	yaml_parser_delete(&r.parser);
}
