// SPDX-License-Identifier: Apache-2.0
/*
 * Files of cases: each document is one case, or has a list of them and defaults for all that follow. Defaults are
 * merged as nodes, before anything is decoded, so that every field of a case can have one.
 */
#include <stdarg.h>
#include <string.h>

#include "base/suggest.h"
#include "base/utf8.h"
#include "frontend/scalar.h"
#include "ptest/ptest_impl.h"

#define DEFAULTS_MAX 1000 /* values: each case is compared with all of them */
#define MERGE_DEPTH 4	  /* case, process, atExec, capabilities */

/* ---- shared by all who read cases ---- */
const char *pt_shown(struct tpc_arena *a, const char *s, uint32_t len)
{
	uint32_t n = len;

	if (len <= PT_SHOWN_MAX)
		return tpc_utf8_shown(a, s, len);
	for (n = PT_SHOWN_MAX; n && ((unsigned char)s[n] & 0xc0) == 0x80; n--)
		;
	return tpc_sprintf(a, "%s…", tpc_utf8_shown(a, s, n));
}

static bool was_said(const struct tpc_ctx *c, struct tpc_span at, enum tpc_diag_code code, const char *msg)
{
	for (uint32_t i = 0; i < c->diags.list.len; i++) {
		const struct tpc_diag *d = c->diags.list.items[i];

		if (d->code == code && d->at.file == at.file && d->at.off == at.off && !strcmp(d->msg, msg))
			return true;
	}
	return false;
}

struct tpc_diag *pt_error(struct tpc_ctx *c, struct tpc_span at, enum tpc_diag_code code, const char *fmt,
			  ...)
{
	const char *msg;
	va_list ap;

	va_start(ap, fmt);
	msg = tpc_vsprintf(c->arena, fmt, ap);
	va_end(ap);
	if (was_said(c, at, code, msg)) /* of a default, by an earlier case */
		return tpc_new(c->arena, struct tpc_diag);
	return tpc_error(&c->diags, at, code, "%s", msg);
}

void pt_hint(struct tpc_ctx *c, struct tpc_diag *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tpc_diag_hint(&c->diags, d, "%s", tpc_vsprintf(c->arena, fmt, ap));
	va_end(ap);
}

bool pt_inside(struct tpc_span inner, struct tpc_span outer)
{
	return inner.file == outer.file && inner.off >= outer.off &&
	       inner.off + inner.len <= outer.off + outer.len;
}

const struct tpc_node *pt_entry(const struct tpc_node *map, const char *key)
{
	const struct tpc_entry *e;

	if (!map || map->kind != TPC_NODE_MAP)
		return NULL;
	tpc_vec_foreach (e, &map->entries)
		if (tpc_same_but_case(e->key->s, e->key->len, key, (uint32_t)strlen(key)))
			return e->value;
	return NULL;
}

/* ---- defaults ---- */
static bool has_key(const struct tpc_node *map, const struct tpc_node *key, const struct tpc_node **ret)
{
	const struct tpc_entry *e;

	tpc_vec_foreach (e, &map->entries) {
		if (!tpc_same_but_case(e->key->s, e->key->len, key->s, key->len))
			continue;
		*ret = e->value;
		return true;
	}
	return false;
}

/* What the fields of a mapping may be merged with: facts about one thing, and not shapes that exclude each other. */
static bool merges(const struct tpc_node *key, uint32_t depth)
{
	static const char *const names[] = {
		"process", "args", "data", "atExec", "namespaces", "capabilities"
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (tpc_same_but_case(key->s, key->len, names[i], (uint32_t)strlen(names[i])))
			return depth + 1 < MERGE_DEPTH;
	return false;
}

/* @own and what it lacks of @defaults; neither is changed. */
static struct tpc_node *merge(struct tpc_arena *a, const struct tpc_node *own,
			      const struct tpc_node *defaults, uint32_t depth)
{
	struct tpc_node *both = tpc_new(a, struct tpc_node);
	const struct tpc_entry *e;

	*both = *own;
	both->entries.items = NULL;
	both->entries.len = both->entries.cap = 0;
	tpc_vec_foreach (e, &own->entries) {
		struct tpc_entry mine = *e;
		const struct tpc_node *other;

		if (merges(e->key, depth) && mine.value->kind == TPC_NODE_MAP &&
		    has_key(defaults, e->key, &other) && other->kind == TPC_NODE_MAP)
			mine.value = merge(a, mine.value, other, depth + 1);
		*tpc_vec_push(a, &both->entries) = mine;
	}
	tpc_vec_foreach (e, &defaults->entries) {
		const struct tpc_node *mine;

		if (!has_key(own, e->key, &mine))
			*tpc_vec_push(a, &both->entries) = *e;
	}
	return both;
}

/* ---- documents ---- */
struct reading {
	struct tpc_ctx *c;
	const struct tpc_node *defaults; /* or NULL */
	bool bad_defaults;
	bool may_lack;
	struct pt_cases *ret;
};

static void take_shapes(struct pt_case *k, const struct tpc_node *n)
{
	k->workload = pt_entry(n, "workload");
	k->args = pt_entry(n, "args");
	k->data = pt_entry(n, "data");
	k->ret = pt_entry(n, "return");
	k->expect = pt_entry(n, "expect");
}

static void check_expect(struct reading *r, const struct pt_case *k)
{
	struct tpc_diag *d;

	if ((k->expect && !(k->expect->kind == TPC_NODE_SCALAR && tpc_node_is_null(k->expect))) ||
	    r->may_lack)
		return;
	d = tpc_error(&r->c->diags, k->name.at, TPC_E_MISSING_FIELD, "case without 'expect'");
	tpc_diag_hint(&r->c->diags, d, "add 'expect: none', or what must happen; --update writes it");
}

static void read_case(struct reading *r, const struct tpc_node *n)
{
	struct pt_case *k = tpc_new(r->c->arena, struct pt_case);
	uint32_t errors = r->c->diags.nerrors;
	const struct tpc_node *whole;

	if (n->kind == TPC_NODE_BAD || r->bad_defaults)
		return;
	if (n->kind != TPC_NODE_MAP) {
		tpc_error(&r->c->diags, n->at, TPC_E_WRONG_TYPE, "a case is a mapping, not %s",
			  decode_describe(r->c->arena, n));
		return;
	}
	whole = r->defaults ? merge(r->c->arena, n, r->defaults, 0) : n;
	decode_document(r->c, &pt_schema_case, whole, k);
	take_shapes(k, whole);
	k->own = n;
	k->defaults = r->defaults;
	if (k->name.set)
		check_expect(r, k);
	if (r->c->diags.nerrors != errors || !pt_read_expects(r->c, k))
		return;
	*tpc_vec_push(r->c->arena, &r->ret->list) = k;
}

static void read_defaults(struct reading *r, const struct tpc_node *n)
{
	struct pt_case k = { 0 };
	uint32_t errors = r->c->diags.nerrors;

	r->defaults = NULL;
	if (n->kind == TPC_NODE_SCALAR && tpc_node_is_null(n))
		return;
	if (n->kind == TPC_NODE_MAP && n->weight <= DEFAULTS_MAX) {
		decode_document(r->c, &pt_schema_defaults, n, &k);
		r->defaults = n;
	} else if (n->kind == TPC_NODE_MAP) {
		tpc_error(&r->c->diags, n->at, TPC_E_LIMIT, "'defaults' have more than %d values",
			  DEFAULTS_MAX);
	} else if (n->kind != TPC_NODE_BAD) {
		tpc_error(&r->c->diags, n->at, TPC_E_WRONG_TYPE, "'defaults' must be a mapping, not %s",
			  decode_describe(r->c->arena, n));
	}
	/* What is wrong with them would be told again of each case. */
	r->bad_defaults = errors != r->c->diags.nerrors || n->kind == TPC_NODE_BAD;
}

static void read_list(struct reading *r, const struct tpc_node *n)
{
	if (n->kind == TPC_NODE_LIST) {
		for (uint32_t i = 0; i < n->items.len && !tpc_arena_exhausted(r->c->arena); i++)
			read_case(r, n->items.items[i]);
		return;
	}
	if (n->kind == TPC_NODE_BAD)
		return;
	pt_hint(r->c,
		tpc_error(&r->c->diags, n->at, TPC_E_WRONG_TYPE, "'cases' must be a list of mappings, not %s",
			  decode_describe(r->c->arena, n)),
		"put '- ' before each case");
}

static void read_document(struct reading *r, const struct tpc_node *root)
{
	const struct tpc_node *cases = pt_entry(root, "cases"), *defaults = pt_entry(root, "defaults");
	struct pt_case unused = { 0 };

	if (!cases && !defaults) {
		read_case(r, root);
		return;
	}
	decode_document(r->c, &pt_schema_file, root, &unused);
	if (defaults)
		read_defaults(r, defaults);
	if (cases)
		read_list(r, cases);
}

void pt_read(struct tpc_ctx *c, uint32_t file, bool may_lack, struct pt_cases *ret)
{
	struct reading r = { .c = c, .may_lack = may_lack, .ret = ret };
	uint32_t errors = c->diags.nerrors;
	struct tpc_documents docs;

	tpc_yaml_read(c, file, &docs);
	for (uint32_t i = 0; i < docs.len; i++)
		if (docs.items[i].root)
			read_document(&r, docs.items[i].root);
	if (tpc_arena_exhausted(c->arena))
		tpc_error(&c->diags, (struct tpc_span){ .file = file }, TPC_E_TOO_BIG,
			  "the cases need more memory than is allowed");
	else if (!ret->list.len && errors == c->diags.nerrors)
		tpc_error(&c->diags, (struct tpc_span){ .file = file }, TPC_E_CASE,
			  "there is no case in this file");
}
