// SPDX-License-Identifier: Apache-2.0
/* Files of knowledge to rows in order: the schema's tables decode them, duplicates and wrong order are told. */
#include <stdlib.h>
#include <string.h>

#include "frontend/decode.h"
#include "frontend/yaml.h"
#include "review/knowledge_impl.h"

struct reading {
	struct tpc_ctx *c;
	struct knowledge *k;
	uint32_t own; /* first file of tpc's own rows: the caller's have lower numbers, and count as later */
};

struct tpc_diag *know_fault(struct tpc_ctx *c, struct tpc_span at, const char *fmt, ...)
{
	const char *msg;
	va_list ap;

	va_start(ap, fmt);
	msg = tpc_vsprintf(c->arena, fmt, ap);
	va_end(ap);
	return tpc_error(&c->diags, at, TPC_E_KNOWLEDGE, "%s", msg);
}

enum know_kind know_split_id(const char *id, const char **ret_name)
{
	const char *colon = strchr(id, ':');

	for (uint32_t i = 0; colon && colon[1] && i < know_words_kind.len; i++) {
		const char *kind = know_words_kind.items[i].name;

		if (strlen(kind) != (size_t)(colon - id) || memcmp(kind, id, (size_t)(colon - id)))
			continue;
		*ret_name = colon + 1;
		return (enum know_kind)(i + 1);
	}
	*ret_name = NULL;
	return KNOW_KIND_NONE;
}

/* A maintainer adds a row where the alphabet says, so that two who do it at once seldom collide. */
static void check_order(struct tpc_ctx *c, const struct tpc_text *before, const struct tpc_text *id)
{
	if (before && before->set && id->set && strcmp(before->s, id->s) > 0)
		know_fault(c, id->at, "'%s' must come before '%s': rows are sorted", id->s, before->s);
}

static void take_hooks(struct reading *r, struct know_document *d)
{
	const struct tpc_text *before = NULL;
	struct know_hook *h;

	tpc_vec_foreach (h, &d->hooks) {
		if (!h->id.set)
			continue;
		check_order(r->c, before, &h->id);
		before = &h->id;
		know_check_hook(r->c, h);
		*tpc_vec_push(r->c->arena, &r->k->hooks) = h;
	}
}

static void take_threats(struct reading *r, struct know_document *d)
{
	const struct tpc_text *before = NULL;
	struct know_threat *t;

	tpc_vec_foreach (t, &d->threats) {
		if (!t->id.set)
			continue;
		check_order(r->c, before, &t->id);
		before = &t->id;
		know_check_threat(r->c, t);
		*tpc_vec_push(r->c->arena, &r->k->threats) = t;
	}
}

static void take_agents(struct reading *r, struct know_document *d)
{
	const struct tpc_text *before = NULL;
	struct know_agent *a;

	tpc_vec_foreach (a, &d->agents) {
		if (!a->name.set)
			continue;
		check_order(r->c, before, &a->name);
		before = &a->name;
		know_check_agent(r->c, a);
		*tpc_vec_push(r->c->arena, &r->k->agents) = a;
	}
}

static void take_checks(struct reading *r, struct know_document *d)
{
	const struct tpc_text *before = NULL;
	struct know_check *k;

	tpc_vec_foreach (k, &d->checks) {
		if (!k->code.set)
			continue;
		check_order(r->c, before, &k->code);
		before = &k->code;
		know_check_check(r->c, k);
		*tpc_vec_push(r->c->arena, &r->k->checks) = k;
	}
}

static void read_file(struct reading *r, uint32_t file)
{
	struct tpc_documents docs;

	tpc_yaml_read(r->c, file, &docs);
	for (uint32_t i = 0; i < docs.len; i++) {
		struct know_document *d = tpc_new(r->c->arena, struct know_document);
		const struct tpc_node *root = docs.items[i].root;

		if (!root || root->kind == TPC_NODE_BAD)
			continue;
		if (root->kind != TPC_NODE_MAP) {
			tpc_error(&r->c->diags, root->at, TPC_E_WRONG_TYPE,
				  "a file of knowledge is a mapping, not %s",
				  decode_describe(r->c->arena, root));
			continue;
		}
		decode_document(r->c, &know_schema_document, root, d);
		take_hooks(r, d);
		take_threats(r, d);
		take_agents(r, d);
		take_checks(r, d);
	}
}

/* ---- order, for lookups ---- */
static int by_hook(const void *a, const void *b)
{
	return strcmp((*(const struct know_hook *const *)a)->id.s,
		      (*(const struct know_hook *const *)b)->id.s);
}

static int by_threat(const void *a, const void *b)
{
	return strcmp((*(const struct know_threat *const *)a)->id.s,
		      (*(const struct know_threat *const *)b)->id.s);
}

static int by_agent(const void *a, const void *b)
{
	return strcmp((*(const struct know_agent *const *)a)->name.s,
		      (*(const struct know_agent *const *)b)->name.s);
}

static int by_check(const void *a, const void *b)
{
	return strcmp((*(const struct know_check *const *)a)->code.s,
		      (*(const struct know_check *const *)b)->code.s);
}

/* tpc's own rows come before those of the caller. */
static bool comes_later(const struct reading *r, struct tpc_span a, struct tpc_span b)
{
	bool a_own = a.file >= r->own, b_own = b.file >= r->own;

	if (a_own != b_own)
		return b_own;
	return a.file != b.file ? a.file > b.file : a.off > b.off;
}

static void told_twice(const struct reading *r, const char *what, const struct tpc_text *a,
		       const struct tpc_text *b)
{
	const struct tpc_text *later = comes_later(r, a->at, b->at) ? a : b;
	struct tpc_diag *d = know_fault(r->c, later->at, "%s '%s' is here twice", what, later->s);

	tpc_diag_note(&r->c->diags, d, later == a ? b->at : a->at, "the first is here");
}

#define SORT(list, compare)                                                                                  \
	do {                                                                                                 \
		if ((list)->len)                                                                             \
			qsort((list)->items, (list)->len, sizeof(*(list)->items), compare);                  \
	} while (0)

static void sort_rows(const struct reading *r)
{
	struct knowledge *k = r->k;

	SORT(&k->hooks, by_hook);
	SORT(&k->threats, by_threat);
	SORT(&k->agents, by_agent);
	SORT(&k->checks, by_check);
	for (uint32_t i = 1; i < k->hooks.len; i++)
		if (!by_hook(&k->hooks.items[i - 1], &k->hooks.items[i]))
			told_twice(r, "hook", &k->hooks.items[i - 1]->id, &k->hooks.items[i]->id);
	for (uint32_t i = 1; i < k->threats.len; i++)
		if (!by_threat(&k->threats.items[i - 1], &k->threats.items[i]))
			told_twice(r, "threat", &k->threats.items[i - 1]->id, &k->threats.items[i]->id);
	for (uint32_t i = 1; i < k->agents.len; i++)
		if (!by_agent(&k->agents.items[i - 1], &k->agents.items[i]))
			told_twice(r, "agent", &k->agents.items[i - 1]->name, &k->agents.items[i]->name);
	for (uint32_t i = 1; i < k->checks.len; i++)
		if (!by_check(&k->checks.items[i - 1], &k->checks.items[i]))
			told_twice(r, "check", &k->checks.items[i - 1]->code, &k->checks.items[i]->code);
}

void knowledge_read(struct tpc_ctx *c, const uint32_t *files, uint32_t nfiles, struct knowledge *ret)
{
	struct reading r = { .c = c, .k = ret };

	memset(ret, 0, sizeof(*ret));
	ret->c = c;
	r.own = c->sources.files.len + 1;
	for (const struct know_file *f = know_files; f->name; f++)
		read_file(&r, tpc_source_add(&c->sources, f->name, f->text, f->len));
	for (uint32_t i = 0; i < nfiles; i++)
		read_file(&r, files[i]);
	if (tpc_arena_exhausted(c->arena)) {
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_TOO_BIG,
			  "the knowledge needs more memory than is allowed");
		return;
	}
	sort_rows(&r);
	know_link_rows(c, ret);
}
