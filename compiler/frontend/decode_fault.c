// SPDX-License-Identifier: Apache-2.0
/* What the decoder says. */
#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"
#include "frontend/decode_impl.h"
#include "frontend/mistakes.h"
#include "frontend/scalar.h"
#include "base/suggest.h"

#define SHOWN_MAX 60 /* bytes of user text in a message */

const char *decode_shown(struct tpc_arena *a, const struct tpc_node *n)
{
	uint32_t len = n->len;

	if (len <= SHOWN_MAX)
		return tpc_utf8_shown(a, n->s, len);
	for (len = SHOWN_MAX; len && ((unsigned char)n->s[len] & 0xc0) == 0x80; len--)
		;
	return tpc_sprintf(a, "%s…", tpc_utf8_shown(a, n->s, len));
}

const char *decode_describe(struct tpc_arena *a, const struct tpc_node *n)
{
	if (n->kind == TPC_NODE_LIST)
		return "a list";
	if (n->kind == TPC_NODE_MAP)
		return "a mapping";
	switch (tpc_scalar_resolve(n).kind) {
	case TPC_SCALAR_NULL:
		return "nothing";
	case TPC_SCALAR_BOOL:
		return tpc_sprintf(a, "the boolean %s", decode_shown(a, n));
	case TPC_SCALAR_INT:
	case TPC_SCALAR_FLOAT:
		return tpc_sprintf(a, "the number %s", decode_shown(a, n));
	case TPC_SCALAR_TEXT:
		break;
	}
	return tpc_sprintf(a, "the text '%s'", decode_shown(a, n));
}

/* The value of @name among a mapping's entries, when it is a scalar. */
static const struct tpc_node *scalar_of(const struct tpc_node *map, const char *name)
{
	const struct tpc_entry *e;

	tpc_vec_foreach (e, &map->entries) {
		if (tpc_same_but_case(e->key->s, e->key->len, name, (uint32_t)strlen(name)) &&
		    e->value->kind == TPC_NODE_SCALAR)
			return e->value;
	}
	return NULL;
}

/* "in this kprobe 'fd_install'", for what lies deeper in a hook than its first level. */
static void note_owner(struct decoder *d, struct tpc_diag *diag)
{
	for (uint32_t i = d->depth; i-- > 0;) {
		const struct decode_owner *o = &d->owners[i];
		const struct tpc_node *name;
		struct tpc_span at;

		if (!o->object->key)
			continue;
		name = scalar_of(o->node, o->object->key);
		at = o->node->at;
		at.len = 1;
		if (at.off == diag->at.off)
			return;
		if (name)
			tpc_diag_note(&d->c->diags, diag, at, "in this %s '%s'", o->object->noun,
				      decode_shown(d->c->arena, name));
		else
			tpc_diag_note(&d->c->diags, diag, at, "in this %s", o->object->noun);
		return;
	}
}

/* A diagnostic past the limit is only counted: no work for it. */
static bool shown_no_more(const struct decoder *d)
{
	return d->c->diags.nerrors > TPC_DIAG_MAX;
}

/* What is known of this mistake. */
static void tell_mistake(struct decoder *d, struct tpc_diag *diag, const struct mistake *m)
{
	if (m->hint)
		tpc_diag_hint(&d->c->diags, diag, "%s", m->hint);
	if (m->note)
		tpc_diag_note(&d->c->diags, diag, TPC_NOWHERE, "%s", m->note);
	if (m->whole)
		d->owners[d->depth - 1].told = UINT64_MAX;
}

static const struct schema_object *owner_object(const struct decoder *d)
{
	return d->owners[d->depth - 1].object;
}

void fault_wrong_type(struct decoder *d, const struct schema_field *f, bool item, const struct tpc_node *n)
{
	struct tpc_arena *a = d->c->arena;
	struct tpc_diags *ds = &d->c->diags;
	enum schema_type wants = !item ? f->type : f->type == SCHEMA_LIST ? f->item : SCHEMA_TEXT;
	struct mistake mistake;
	struct tpc_diag *diag;

	if (shown_no_more(d)) {
		tpc_error(ds, n->at, TPC_E_WRONG_TYPE, "wrong type");
		return;
	}
	diag = tpc_error(ds, n->at, TPC_E_WRONG_TYPE, "%s'%s' must be %s, not %s", item ? "an item of " : "",
			 f->name, schema_wants(a, f, item), decode_describe(a, n));
	if (mistake_in_type(a, f, item, n, &mistake))
		tell_mistake(d, diag, &mistake);
	else if (n->kind == TPC_NODE_SCALAR && wants == SCHEMA_TEXT && !tpc_node_is_null(n))
		tpc_diag_hint(ds, diag, "put it in quotes: '%s'", decode_shown(a, n));
	else if (n->kind == TPC_NODE_SCALAR && n->quoted && (wants == SCHEMA_INT || wants == SCHEMA_BOOL))
		tpc_diag_hint(ds, diag, "write it without quotes");
	else if (wants == SCHEMA_LIST && n->kind == TPC_NODE_SCALAR)
		tpc_diag_hint(ds, diag, "write it as a list: [%s]", decode_shown(a, n));
	else if (wants == SCHEMA_LIST && n->kind == TPC_NODE_MAP)
		tpc_diag_hint(ds, diag, "put '- ' before it");
	note_owner(d, diag);
}

/* The key belongs to an object further out: most often the indentation is wrong. */
static const struct schema_object *belongs_further_out(const struct decoder *d, const struct tpc_node *key)
{
	for (uint32_t i = d->depth - 1; i-- > 0;) {
		if (decode_find_field(d->owners[i].object, key))
			return d->owners[i].object;
	}
	return NULL;
}

/* The field of @o whose object, or whose list's items, have such a field. */
static const struct schema_field *belongs_further_in(const struct schema_object *o,
						     const struct tpc_node *key)
{
	for (uint32_t i = 0; i < o->nfields; i++) {
		const struct schema_object *inner = o->fields[i].object;

		if (inner && o->fields[i].type != SCHEMA_OBJECT_MAP && decode_find_field(inner, key))
			return &o->fields[i];
	}
	return NULL;
}

/* The key stands for field @name, so that is not missing. */
static void hint_nearest(struct decoder *d, struct tpc_diag *diag, const char *name)
{
	struct decode_owner *o = &d->owners[d->depth - 1];

	tpc_diag_hint(&d->c->diags, diag, "did you mean '%s'?", name);
	for (uint32_t i = 0; i < o->object->nfields; i++) {
		if (o->object->fields[i].name == name)
			o->told |= (uint64_t)1 << i;
	}
}

static void hint_field(struct decoder *d, struct tpc_diag *diag, const struct tpc_node *key)
{
	struct tpc_suggest s = TPC_SUGGEST(key->s, key->len);
	const struct schema_object *o = owner_object(d), *outer = belongs_further_out(d, key);
	const struct schema_field *inner = belongs_further_in(o, key);
	struct mistake mistake;

	for (uint32_t i = 0; i < o->nfields; i++)
		tpc_suggest_try(&s, o->fields[i].name);
	if (outer) {
		tpc_diag_hint(&d->c->diags, diag, "it belongs to the %s: is it indented too far?",
			      outer->noun);
		/* With nothing else in it, the object is not one at all. */
		if (d->owners[d->depth - 1].node->entries.len == 1)
			d->owners[d->depth - 1].told = UINT64_MAX;
	} else if (inner)
		tpc_diag_hint(&d->c->diags, diag, "it belongs %s '%s'",
			      inner->type == SCHEMA_LIST ? "to an item of" : "below", inner->name);
	else if (s.best)
		hint_nearest(d, diag, s.best);
	else if (mistake_in_field(o->noun, NULL, &mistake))
		tell_mistake(d, diag, &mistake);
}

void fault_unknown_field(struct decoder *d, const struct tpc_node *key)
{
	const struct schema_object *o = owner_object(d);
	struct mistake mistake;
	bool known = mistake_in_field(o->noun, key, &mistake);
	struct tpc_diag *diag;

	if (shown_no_more(d)) {
		tpc_error(&d->c->diags, key->at, TPC_E_UNKNOWN_FIELD, "unknown field");
		return;
	}
	if (known && mistake.whole && mistake.note && d->owners[d->depth - 1].told == UINT64_MAX)
		return; /* told with what it belongs to */
	diag = tpc_error(&d->c->diags, key->at, TPC_E_UNKNOWN_FIELD, "unknown field '%s' in %s",
			 decode_shown(d->c->arena, key), o->noun);
	if (known)
		tell_mistake(d, diag, &mistake);
	else
		hint_field(d, diag, key);
	note_owner(d, diag);
}

/* All words when they are few. */
static void hint_words(struct decoder *d, struct tpc_diag *diag, const struct schema_words *w)
{
	struct tpc_buf all = TPC_BUF(d->c->arena);

	if (w->len > 12) {
		tpc_diag_hint(&d->c->diags, diag, "'tpc schema --format md' lists all there are");
		return;
	}
	for (uint32_t i = 0; i < w->len; i++)
		tpc_buf_printf(&all, "%s%s", i ? ", " : "", w->items[i].name);
	tpc_diag_hint(&d->c->diags, diag, "one of %s", tpc_buf_text(&all));
}

static void hint_word(struct decoder *d, struct tpc_diag *diag, const struct schema_words *w,
		      const struct tpc_node *n)
{
	struct tpc_suggest s = TPC_SUGGEST(n->s, n->len);
	struct mistake mistake = { 0 };

	for (uint32_t i = 0; i < w->len; i++)
		tpc_suggest_try(&s, w->items[i].name);
	/* A word that is right but for its case is meant, whatever else it is taken for. */
	if (s.best && !s.distance)
		mistake.hint = tpc_sprintf(d->c->arena, "did you mean '%s'?", s.best);
	else if (!mistake_in_word(d->c->arena, w, n, &mistake) && s.best)
		mistake.hint = tpc_sprintf(d->c->arena, "did you mean '%s'?", s.best);
	else if (!mistake.hint && !mistake.note)
		mistake_in_word(d->c->arena, w, NULL, &mistake);
	tell_mistake(d, diag, &mistake);
	if (!mistake.hint)
		hint_words(d, diag, w);
}

void fault_unknown_word(struct decoder *d, const struct schema_field *f, const struct tpc_node *n)
{
	struct tpc_diag *diag;

	if (shown_no_more(d)) {
		tpc_error(&d->c->diags, n->at, TPC_E_ENUM, "unknown value");
		return;
	}
	diag = tpc_error(&d->c->diags, n->at, TPC_E_ENUM, "unknown %s '%s'", f->words->noun,
			 decode_shown(d->c->arena, n));
	hint_word(d, diag, f->words, n);
	note_owner(d, diag);
}

void fault_missing(struct decoder *d, const struct schema_field *f)
{
	const struct decode_owner *o = &d->owners[d->depth - 1];
	struct tpc_span at = o->node->at;
	struct mistake mistake;
	struct tpc_diag *diag;

	if (o->told >> (f - o->object->fields) & 1)
		return;
	/* The object's first key stands for it. */
	if (o->node->entries.len && o->node->entries.items[0].key->at.off >= at.off)
		at = o->node->entries.items[0].key->at;
	diag = tpc_error(&d->c->diags, at, TPC_E_MISSING_FIELD, "%s without '%s'", o->object->noun, f->name);
	if (mistake_in_lack(o->object->noun, f->name, &mistake))
		tell_mistake(d, diag, &mistake);
	else
		tpc_diag_hint(&d->c->diags, diag, "add '%s:', %s", f->name,
			      schema_wants(d->c->arena, f, false));
	note_owner(d, diag);
}

void fault_empty(struct decoder *d, const struct schema_field *f, const struct tpc_node *key)
{
	struct tpc_diag *diag;

	diag = tpc_error(&d->c->diags, key->at, TPC_E_MISSING_FIELD, "'%s' has no value", f->name);
	if (f->not_null)
		tpc_diag_hint(&d->c->diags, diag, "write '- …' below it, or remove it");
	else
		tpc_diag_hint(&d->c->diags, diag, "it must be %s", schema_wants(d->c->arena, f, false));
	note_owner(d, diag);
}

void fault_number(struct decoder *d, const struct schema_field *f, const struct tpc_node *n)
{
	struct tpc_diag *diag;

	diag = tpc_error(&d->c->diags, n->at, TPC_E_RANGE, "'%s' cannot be %s", f->name,
			 decode_shown(d->c->arena, n));
	tpc_diag_hint(&d->c->diags, diag, "from %" PRId64 " to %" PRId64, f->min, f->max);
	note_owner(d, diag);
}

void fault_length(struct decoder *d, const struct schema_field *f, const struct tpc_node *n, uint32_t len)
{
	struct tpc_diag *diag;

	diag = tpc_error(&d->c->diags, n->at, TPC_E_RANGE, "'%s' has %u %s, more than %" PRId64, f->name, len,
			 f->type == SCHEMA_LIST ? "items" : "bytes", f->max);
	note_owner(d, diag);
}

void fault_nul(struct decoder *d, const struct schema_field *f, const struct tpc_node *n)
{
	struct tpc_diag *diag;

	diag = tpc_error(&d->c->diags, n->at, TPC_E_ENCODING, "'%s' holds a NUL byte", f->name);
	tpc_diag_hint(&d->c->diags, diag, "names and paths end at a NUL byte");
	note_owner(d, diag);
}

void fault_twice(struct decoder *d, const struct schema_field *f, const struct tpc_node *key,
		 const struct tpc_node *first)
{
	struct tpc_diag *diag;

	diag = tpc_error(&d->c->diags, key->at, TPC_E_DUPLICATE_KEY, "the field '%s' is here twice", f->name);
	tpc_diag_note(&d->c->diags, diag, first->at, "the first is here, spelled differently");
	note_owner(d, diag);
}

void fault_spelling(struct decoder *d, const struct schema_field *f, const struct tpc_node *key)
{
	struct tpc_diag *diag;

	diag = tpc_warning(&d->c->diags, key->at, TPC_W_FIELD_SPELLING, "the field '%s' is spelled '%s'",
			   decode_shown(d->c->arena, key), f->name);
	tpc_diag_hint(&d->c->diags, diag, "write '%s'", f->name);
	note_owner(d, diag);
}
