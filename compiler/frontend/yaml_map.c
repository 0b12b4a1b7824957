// SPDX-License-Identifier: Apache-2.0
/* A mapping's entries once all are read: no key twice, merge keys resolved. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "frontend/yaml_impl.h"

/* Up to here each key is compared with each; above, keys are sorted first. */
#define FEW 8

struct ordered {
	const struct tpc_node *key;
	uint32_t index; /* position in the mapping */
	bool twice;
};

static bool same_key(const struct tpc_node *a, const struct tpc_node *b)
{
	return a->len == b->len && !memcmp(a->s, b->s, a->len);
}

static int by_key(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;
	int diff;

	if (x->key->len != y->key->len)
		return x->key->len < y->key->len ? -1 : 1;
	diff = memcmp(x->key->s, y->key->s, x->key->len);
	if (diff)
		return diff;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* For each entry the one before it with an equal key, or itself. */
static void find_first(struct tpc_ctx *c, const struct tpc_node *map, uint32_t *first)
{
	uint32_t n = map->entries.len;
	struct ordered *order;

	if (n <= FEW) {
		for (uint32_t i = 0; i < n; i++) {
			first[i] = 0;
			while (!same_key(map->entries.items[first[i]].key, map->entries.items[i].key))
				first[i]++;
		}
		return;
	}
	order = tpc_new_array(c->arena, struct ordered, n);
	for (uint32_t i = 0; i < n; i++)
		order[i] = (struct ordered){ .key = map->entries.items[i].key, .index = i };
	qsort(order, n, sizeof(*order), by_key);
	for (uint32_t i = 0; i < n; i++) {
		bool again = i && same_key(order[i - 1].key, order[i].key);

		first[order[i].index] = again ? first[order[i - 1].index] : order[i].index;
	}
}

static bool is_merge_key(const struct tpc_node *key)
{
	return !key->quoted && key->tag == TPC_TAG_NONE && key->len == 2 && !memcmp(key->s, "<<", 2);
}

/* What a merge key brings in comes behind the mapping's own entries, so that these win. */
static void append_merged(struct tpc_ctx *c, struct tpc_node *map, const struct tpc_node *from, bool *again)
{
	const struct tpc_entry *e;

	if (from->kind == TPC_NODE_MAP) {
		tpc_vec_foreach (e, &from->entries)
			*tpc_vec_push(c->arena, &map->entries) = *e;
	} else if (from->kind == TPC_NODE_LIST && !*again) {
		*again = true; /* a list of mappings, but not of lists */
		for (uint32_t i = 0; i < from->items.len; i++)
			append_merged(c, map, from->items.items[i], again);
	} else if (from->kind != TPC_NODE_BAD) {
		tpc_error(&c->diags, from->at, TPC_E_WRONG_TYPE,
			  "'<<' needs a mapping or a list of mappings");
	}
}

static const char *shown_key(struct tpc_ctx *c, const struct tpc_node *key)
{
	return tpc_utf8_shown(c->arena, key->s, key->len < 64 ? key->len : 64);
}

/* Is what starts at @at the text of an item of a list: "- call: …"? */
static bool is_item(struct tpc_ctx *c, struct tpc_span at)
{
	const struct tpc_source *src = tpc_source_get(&c->sources, at.file);
	uint32_t off = src && at.off <= src->len ? at.off : 0;

	while (off && src->text[off - 1] == ' ')
		off--;
	return off && off < at.off && src->text[off - 1] == '-';
}

static bool begins_document(const struct tpc_node *key)
{
	return tpc_text_is(key->s, key->len, "apiVersion");
}

/* A key twice is a dash that is missing when it is the one that an item begins with, or a list in two parts. */
static void report_duplicate(struct tpc_ctx *c, const struct tpc_node *map, const struct tpc_entry *e,
			     const struct tpc_entry *first)
{
	struct tpc_diag *diag;

	diag = tpc_error(&c->diags, e->key->at, TPC_E_DUPLICATE_KEY, "the key '%s' is here twice",
			 shown_key(c, e->key));
	if (e->value->kind == TPC_NODE_LIST && first->value->kind == TPC_NODE_LIST)
		tpc_diag_hint(&c->diags, diag, "write it once, with the items of both below it");
	else if (first == map->entries.items && is_item(c, first->key->at))
		tpc_diag_hint(&c->diags, diag, "another item begins with '- %s:'", shown_key(c, e->key));
	else if (begins_document(e->key))
		tpc_diag_hint(&c->diags, diag, "put '---' before another document");
	else
		tpc_diag_hint(&c->diags, diag, "remove one of them");
	tpc_diag_note(&c->diags, diag, first->key->at, "the first is here");
}

/* Takes entries with the key of an earlier one out; before @own each is a fault. */
static void drop_duplicates(struct tpc_ctx *c, struct tpc_node *map, uint32_t own)
{
	struct tpc_entry *e = map->entries.items;
	uint32_t n = map->entries.len, kept = 0, *first;

	if (n < 2)
		return;
	first = tpc_new_array(c->arena, uint32_t, n);
	find_first(c, map, first);
	for (uint32_t i = 0; i < n && i < own; i++) {
		if (first[i] == i)
			continue;
		report_duplicate(c, map, &e[i], &e[first[i]]);
		if (begins_document(e[i].key))
			break; /* what follows is twice for the same reason */
	}
	for (uint32_t i = 0; i < n; i++) {
		if (first[i] == i)
			e[kept++] = e[i];
	}
	map->entries.len = kept;
}

void yaml_finish_map(struct tpc_ctx *c, struct tpc_node *map)
{
	uint32_t own;

	drop_duplicates(c, map, map->entries.len);
	own = map->entries.len;
	for (uint32_t i = 0; i < own; i++) {
		const struct tpc_entry merge = map->entries.items[i];
		bool in_list = false;

		if (!is_merge_key(merge.key))
			continue;
		memmove(&map->entries.items[i], &map->entries.items[i + 1],
			(map->entries.len - i - 1) * sizeof(merge));
		map->entries.len--;
		append_merged(c, map, merge.value, &in_list);
		drop_duplicates(c, map, own - 1);
		return; /* its key was there once */
	}
}
