// SPDX-License-Identifier: Apache-2.0
/* One walk over the nodes, led by the schema's tables. Recursion ends with the schema, not with the input. */
#include <string.h>

#include "base/suggest.h"
#include "base/text.h"
#include "frontend/decode_impl.h"
#include "frontend/scalar.h"

/* Every TPC_LIST has this shape; memcpy between the two keeps the compiler's aliasing rules. */
struct any_list {
	void *items;
	uint32_t len, cap;
	bool bad;
	struct tpc_span at;
};

_Static_assert(sizeof(struct any_list) == sizeof(TPC_LIST(char)), "a TPC_LIST has this shape");

static void decode_object(struct decoder *d, const struct schema_object *o, const struct tpc_node *n,
			  void *out);

/* ---- what is absent ---- */
static void fill_absent(const struct schema_field *f, enum schema_type type, struct tpc_span at, void *out)
{
	switch (type) {
	case SCHEMA_TEXT:
		*(struct tpc_text *)out = (struct tpc_text){ .s = "", .at = at };
		break;
	case SCHEMA_VALUE:
		*(struct tpc_value *)out = (struct tpc_value){ .s = "", .at = at };
		break;
	case SCHEMA_INT:
		*(struct tpc_int *)out = (struct tpc_int){ .v = f->fallback, .at = at };
		break;
	case SCHEMA_BOOL:
		*(struct tpc_bool *)out = (struct tpc_bool){ .v = f->fallback != 0, .at = at };
		break;
	case SCHEMA_WORD:
		*(struct tpc_word *)out = (struct tpc_word){
			.v = (uint16_t)f->fallback,
			.s = f->fallback ? f->words->items[f->fallback - 1].name : "",
			.at = at,
		};
		break;
	case SCHEMA_OBJECT: /* filled when its own fields are */
	case SCHEMA_OBJECT_POINTER:
	case SCHEMA_LIST:
	case SCHEMA_TEXT_MAP:
	case SCHEMA_OBJECT_MAP:
	case SCHEMA_ANY:
		break;
	}
}

/* What was written and cannot be read is not absent: its default would lead to a second, misleading fault. */
static void mark_bad(enum schema_type type, const struct tpc_node *n, void *out)
{
	switch (type) {
	case SCHEMA_INT:
		((struct tpc_int *)out)->bad = true;
		break;
	case SCHEMA_BOOL:
		((struct tpc_bool *)out)->bad = true;
		break;
	case SCHEMA_WORD:
		*(struct tpc_word *)out = (struct tpc_word){ .s = "", .at = n->at };
		break;
	case SCHEMA_LIST:
		((struct any_list *)out)->bad = true;
		break;
	default:
		break;
	}
}

/* Every scalar of an object, and of objects inside it, is set as if it were absent. */
static void fill_object(const struct schema_object *o, struct tpc_span at, char *out)
{
	*(struct tpc_span *)(out + o->at) = at;
	for (uint32_t i = 0; i < o->nfields; i++) {
		const struct schema_field *f = &o->fields[i];

		if (f->type == SCHEMA_OBJECT)
			fill_object(f->object, TPC_NOWHERE, out + f->offset);
		else if (f->type != SCHEMA_ANY)
			fill_absent(f, f->type, at, out + f->offset);
	}
}

/* ---- scalars; each false after a fault ---- */
static bool is_scalar(struct decoder *d, const struct schema_field *f, bool item, const struct tpc_node *n)
{
	if (n->kind == TPC_NODE_SCALAR)
		return true;
	fault_wrong_type(d, f, item, n);
	return false;
}

static bool decode_text(struct decoder *d, const struct schema_field *f, bool item, const struct tpc_node *n,
			struct tpc_text *out)
{
	if (tpc_scalar_resolve(n).kind != TPC_SCALAR_TEXT) {
		fault_wrong_type(d, f, item, n);
		return false;
	}
	if (memchr(n->s, 0, n->len)) {
		fault_nul(d, f, n);
		return false;
	}
	if (!item && f->max && n->len > f->max) {
		fault_length(d, f, n, n->len);
		return false;
	}
	*out = (struct tpc_text){ .s = n->s, .len = n->len, .set = true, .at = n->at };
	return true;
}

/* Tetragon drops NUL bytes at the end of a value: "/etc/passwd\0" is written in many policies. */
static bool decode_value(struct decoder *d, const struct schema_field *f, bool item, const struct tpc_node *n,
			 struct tpc_value *out)
{
	uint32_t len = n->len;

	if (tpc_node_is_null(n)) {
		fault_wrong_type(d, f, item, n);
		return false;
	}
	while (len && !n->s[len - 1])
		len--;
	if (memchr(n->s, 0, len)) {
		fault_nul(d, f, n);
		return false;
	}
	*out = (struct tpc_value){
		.s = n->s, .len = len, .quoted = n->quoted || n->tag == TPC_TAG_STR, .set = true, .at = n->at
	};
	return true;
}

static bool decode_int(struct decoder *d, const struct schema_field *f, bool item, const struct tpc_node *n,
		       struct tpc_int *out)
{
	struct tpc_scalar s = tpc_scalar_resolve(n);

	if (s.kind != TPC_SCALAR_INT) {
		fault_wrong_type(d, f, item, n);
		return false;
	}
	if (s.overflow || s.i < f->min || s.i > f->max) {
		fault_number(d, f, n);
		return false;
	}
	*out = (struct tpc_int){ .v = s.i, .set = true, .at = n->at };
	return true;
}

static bool decode_bool(struct decoder *d, const struct schema_field *f, bool item, const struct tpc_node *n,
			struct tpc_bool *out)
{
	struct tpc_scalar s = tpc_scalar_resolve(n);

	if (s.kind != TPC_SCALAR_BOOL) {
		fault_wrong_type(d, f, item, n);
		return false;
	}
	*out = (struct tpc_bool){ .v = s.b, .set = true, .at = n->at };
	return true;
}

static const struct schema_word *find_word(const struct schema_words *w, const struct tpc_node *n)
{
	for (uint32_t i = 0; i < w->len; i++) {
		if (tpc_text_is(n->s, n->len, w->items[i].name))
			return &w->items[i];
	}
	return NULL;
}

static bool decode_word(struct decoder *d, const struct schema_field *f, bool item, const struct tpc_node *n,
			struct tpc_word *out)
{
	const struct schema_word *w;

	if (tpc_scalar_resolve(n).kind != TPC_SCALAR_TEXT) {
		fault_wrong_type(d, f, item, n);
		return false;
	}
	/* An empty word is what agents write for an absent one, where that is allowed. */
	if (!n->len && !f->required && !f->fallback)
		return true;
	w = find_word(f->words, n);
	if (!w) {
		fault_unknown_word(d, f, n);
		return false;
	}
	*out = (struct tpc_word){
		.v = (uint16_t)(w - f->words->items + 1), .set = true, .s = w->name, .at = n->at
	};
	return true;
}

/* ---- lists and maps ---- */
static void decode_item(struct decoder *d, const struct schema_field *f, enum schema_type type, bool item,
			const struct tpc_node *n, void *out);

static void *start_list(struct decoder *d, const struct schema_field *f, const struct tpc_node *n,
			uint32_t len, void *out)
{
	struct any_list list = { .len = len, .cap = len, .at = n->at };

	if (len)
		list.items =
			tpc_arena_alloc_array(d->c->arena, len, schema_item_size(f), _Alignof(max_align_t));
	memcpy(out, &list, sizeof(list));
	return list.items;
}

static void decode_list(struct decoder *d, const struct schema_field *f, const struct tpc_node *n, void *out)
{
	uint16_t size = schema_item_size(f);
	char *items;

	if (n->kind != TPC_NODE_LIST) {
		fault_wrong_type(d, f, false, n);
		mark_bad(SCHEMA_LIST, n, out);
		return;
	}
	if (f->item != SCHEMA_INT && f->max && n->items.len > f->max)
		fault_length(d, f, n, n->items.len);
	items = start_list(d, f, n, n->items.len, out);
	for (uint32_t i = 0; i < n->items.len; i++) {
		const struct tpc_node *item = n->items.items[i];

		fill_absent(f, f->item, item->at, items + (size_t)i * size);
		decode_item(d, f, f->item, true, item, items + (size_t)i * size);
	}
}

static void set_key(struct decoder *d, const struct schema_field *f, const struct tpc_node *key,
		    struct tpc_text *out)
{
	*out = (struct tpc_text){ .s = key->s, .len = key->len, .set = true, .at = key->at };
	if (!memchr(key->s, 0, key->len))
		return;
	fault_nul(d, f, key);
	out->len = (uint32_t)strlen(key->s);
}

static void decode_text_map(struct decoder *d, const struct schema_field *f, const struct tpc_node *n,
			    void *out)
{
	struct tpc_pair *pairs;

	if (n->kind != TPC_NODE_MAP) {
		fault_wrong_type(d, f, false, n);
		return;
	}
	pairs = start_list(d, f, n, n->entries.len, out);
	for (uint32_t i = 0; i < n->entries.len; i++) {
		const struct tpc_entry *e = &n->entries.items[i];

		set_key(d, f, e->key, &pairs[i].key);
		pairs[i].value = (struct tpc_text){ .s = "", .at = e->value->at };
		if (e->value->kind != TPC_NODE_BAD && is_scalar(d, f, true, e->value))
			decode_text(d, f, true, e->value, &pairs[i].value);
	}
}

static void decode_object_map(struct decoder *d, const struct schema_field *f, const struct tpc_node *n,
			      void *out)
{
	struct tpc_macro *macros;

	if (n->kind != TPC_NODE_MAP) {
		fault_wrong_type(d, f, false, n);
		return;
	}
	macros = start_list(d, f, n, n->entries.len, out);
	for (uint32_t i = 0; i < n->entries.len; i++) {
		const struct tpc_entry *e = &n->entries.items[i];

		set_key(d, f, e->key, &macros[i].name);
		decode_item(d, f, SCHEMA_OBJECT, true, e->value, &macros[i].selector);
	}
}

/* One value of @type: a field's, or with @item one in its list. */
static void decode_item(struct decoder *d, const struct schema_field *f, enum schema_type type, bool item,
			const struct tpc_node *n, void *out)
{
	if (type == SCHEMA_OBJECT)
		fill_object(f->object, n->at, out);
	if (n->kind == TPC_NODE_BAD)
		return;
	switch (type) {
	case SCHEMA_TEXT:
		if (is_scalar(d, f, item, n))
			decode_text(d, f, item, n, out);
		break;
	case SCHEMA_VALUE:
		if (is_scalar(d, f, item, n))
			decode_value(d, f, item, n, out);
		break;
	case SCHEMA_INT:
		if (!is_scalar(d, f, item, n) || !decode_int(d, f, item, n, out))
			mark_bad(type, n, out);
		break;
	case SCHEMA_BOOL:
		if (!is_scalar(d, f, item, n) || !decode_bool(d, f, item, n, out))
			mark_bad(type, n, out);
		break;
	case SCHEMA_WORD:
		if (!is_scalar(d, f, item, n) || !decode_word(d, f, item, n, out))
			mark_bad(type, n, out);
		break;
	case SCHEMA_OBJECT:
		if (n->kind == TPC_NODE_MAP)
			decode_object(d, f->object, n, out);
		else
			fault_wrong_type(d, f, item, n);
		break;
	case SCHEMA_OBJECT_POINTER:
		if (n->kind == TPC_NODE_MAP) {
			void *p = tpc_arena_alloc(d->c->arena, f->object->size, _Alignof(max_align_t));

			memcpy(out, &p, sizeof(p));
			fill_object(f->object, n->at, p);
			decode_object(d, f->object, n, p);
		} else {
			fault_wrong_type(d, f, item, n);
		}
		break;
	case SCHEMA_LIST:
		decode_list(d, f, n, out);
		break;
	case SCHEMA_TEXT_MAP:
		decode_text_map(d, f, n, out);
		break;
	case SCHEMA_OBJECT_MAP:
		decode_object_map(d, f, n, out);
		break;
	case SCHEMA_ANY:
		break;
	}
}

/* ---- objects ---- */
const struct schema_field *decode_find_field(const struct schema_object *o, const struct tpc_node *key)
{
	for (uint32_t i = 0; i < o->nfields; i++) {
		if (o->fields[i].name_len == key->len && !memcmp(o->fields[i].name, key->s, key->len))
			return &o->fields[i];
	}
	for (uint32_t i = 0; i < o->nfields; i++) {
		if (tpc_same_but_case(o->fields[i].name, o->fields[i].name_len, key->s, key->len))
			return &o->fields[i];
	}
	return NULL;
}

static void check_absent(struct decoder *d, const struct schema_object *o, uint64_t seen, char *out)
{
	for (uint32_t i = 0; i < o->nfields; i++) {
		const struct schema_field *f = &o->fields[i];

		if (seen >> i & 1)
			continue;
		if (!f->required)
			continue;
		fault_missing(d, f);
		if (f->type == SCHEMA_LIST)
			mark_bad(f->type, NULL, out + f->offset);
	}
}

static void decode_entry(struct decoder *d, const struct schema_object *o, const struct tpc_entry *e,
			 const struct tpc_node **keys, uint64_t *seen, char *out)
{
	const struct schema_field *f = decode_find_field(o, e->key);
	uint32_t i;

	if (!f) {
		fault_unknown_field(d, e->key);
		return;
	}
	i = (uint32_t)(f - o->fields);
	if (*seen >> i & 1) {
		fault_twice(d, f, e->key, keys[i]);
		return;
	}
	if (f->name_len != e->key->len || memcmp(f->name, e->key->s, f->name_len))
		fault_spelling(d, f, e->key);
	if (f->type != SCHEMA_ANY && tpc_node_is_null(e->value)) {
		/* null is the same as absent; where that is no answer, say so here. */
		if (!f->required && !f->not_null)
			return;
		fault_empty(d, f, e->key);
		mark_bad(f->type, e->value, out + f->offset);
	} else {
		decode_item(d, f, f->type, false, e->value, out + f->offset);
	}
	keys[i] = e->key;
	*seen |= (uint64_t)1 << i;
}

static void decode_object(struct decoder *d, const struct schema_object *o, const struct tpc_node *n,
			  void *out)
{
	const struct tpc_node *keys[SCHEMA_MAX_FIELDS];
	const struct tpc_entry *e;
	uint64_t seen = 0;

	if (d->depth == DECODE_MAX_DEPTH) {
		tpc_error(&d->c->diags, n->at, TPC_E_INTERNAL, "the schema is deeper than its decoder");
		return;
	}
	d->owners[d->depth++] = (struct decode_owner){ .object = o, .node = n };
	tpc_vec_foreach (e, &n->entries)
		decode_entry(d, o, e, keys, &seen, out);
	check_absent(d, o, seen, out);
	d->depth--;
}

void decode_document(struct tpc_ctx *c, const struct schema_object *o, const struct tpc_node *n, void *out)
{
	struct decoder d = { .c = c };

	fill_object(o, n->at, out);
	decode_object(&d, o, n, out);
}
