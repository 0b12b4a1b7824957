// SPDX-License-Identifier: Apache-2.0
/* What the decoder says. */
#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"
#include "frontend/decode_impl.h"
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

static const struct schema_object *owner_object(const struct decoder *d)
{
	return d->owners[d->depth - 1].object;
}

void fault_wrong_type(struct decoder *d, const struct schema_field *f, bool item, const struct tpc_node *n)
{
	struct tpc_arena *a = d->c->arena;
	struct tpc_diags *ds = &d->c->diags;
	enum schema_type wants = !item ? f->type : f->type == SCHEMA_LIST ? f->item : SCHEMA_TEXT;
	struct tpc_diag *diag;

	if (shown_no_more(d)) {
		tpc_error(ds, n->at, TPC_E_WRONG_TYPE, "wrong type");
		return;
	}
	diag = tpc_error(ds, n->at, TPC_E_WRONG_TYPE, "%s'%s' must be %s, not %s", item ? "an item of " : "",
			 f->name, schema_wants(a, f, item), decode_describe(a, n));
	if (n->kind == TPC_NODE_SCALAR && wants == SCHEMA_TEXT && !tpc_node_is_null(n))
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

void fault_unknown_field(struct decoder *d, const struct tpc_node *key)
{
	struct tpc_suggest s = TPC_SUGGEST(key->s, key->len);
	const struct schema_object *o = owner_object(d), *outer;
	struct tpc_diag *diag;

	if (shown_no_more(d)) {
		tpc_error(&d->c->diags, key->at, TPC_E_UNKNOWN_FIELD, "unknown field");
		return;
	}
	diag = tpc_error(&d->c->diags, key->at, TPC_E_UNKNOWN_FIELD, "unknown field '%s' in %s",
			 decode_shown(d->c->arena, key), o->noun);
	outer = belongs_further_out(d, key);
	for (uint32_t i = 0; i < o->nfields; i++)
		tpc_suggest_try(&s, o->fields[i].name);
	if (outer)
		tpc_diag_hint(&d->c->diags, diag, "it belongs to the %s: is it indented too far?",
			      outer->noun);
	else if (s.best)
		tpc_diag_hint(&d->c->diags, diag, "did you mean '%s'?", s.best);
	note_owner(d, diag);
}

/* Words of one list that are often written where another list belongs, and what is meant. */
static const char *find_synonym(const struct schema_words *w, const struct tpc_node *n)
{
	static const struct {
		const char *wrong, *right;
	} synonyms[] = {
		{ "In", "Equal" },
		{ "NotIn", "NotEqual" },
		{ "Equal", "In" },
		{ "NotEqual", "NotIn" },
		{ "Contains", "SubString" },
		{ "Suffix", "Postfix" },
		{ "NotSuffix", "NotPostfix" },
		{ "Block", "Override" },
		{ "Deny", "Override" },
		{ "Kill", "Sigkill" },
	};

	for (size_t i = 0; i < sizeof(synonyms) / sizeof(synonyms[0]); i++) {
		const char *wrong = synonyms[i].wrong;

		if (!tpc_same_but_case(n->s, n->len, wrong, (uint32_t)strlen(wrong)))
			continue;
		for (uint32_t k = 0; k < w->len; k++) {
			if (!strcmp(w->items[k].name, synonyms[i].right))
				return synonyms[i].right;
		}
	}
	return NULL;
}

/* All words when they are few. */
static void hint_words(struct decoder *d, struct tpc_diag *diag, const struct schema_words *w)
{
	struct tpc_buf all = TPC_BUF(d->c->arena);

	if (w->len > 12)
		return;
	for (uint32_t i = 0; i < w->len; i++)
		tpc_buf_printf(&all, "%s%s", i ? ", " : "", w->items[i].name);
	tpc_diag_hint(&d->c->diags, diag, "one of %s", tpc_buf_text(&all));
}

void fault_unknown_word(struct decoder *d, const struct schema_field *f, const struct tpc_node *n)
{
	struct tpc_suggest s = TPC_SUGGEST(n->s, n->len);
	const char *synonym = NULL;
	struct tpc_diag *diag;

	if (shown_no_more(d)) {
		tpc_error(&d->c->diags, n->at, TPC_E_ENUM, "unknown value");
		return;
	}
	diag = tpc_error(&d->c->diags, n->at, TPC_E_ENUM, "unknown %s '%s'", f->words->noun,
			 decode_shown(d->c->arena, n));
	for (uint32_t i = 0; i < f->words->len; i++)
		tpc_suggest_try(&s, f->words->items[i].name);
	if (s.distance || !s.best)
		synonym = find_synonym(f->words, n);
	if (synonym || s.best)
		tpc_diag_hint(&d->c->diags, diag, "did you mean '%s'?", synonym ? synonym : s.best);
	else
		hint_words(d, diag, f->words);
	note_owner(d, diag);
}

void fault_missing(struct decoder *d, const struct schema_field *f)
{
	const struct decode_owner *o = &d->owners[d->depth - 1];
	struct tpc_span at = o->node->at;
	struct tpc_diag *diag;

	/* The object's first key stands for it. */
	if (o->node->entries.len && o->node->entries.items[0].key->at.off >= at.off)
		at = o->node->entries.items[0].key->at;
	diag = tpc_error(&d->c->diags, at, TPC_E_MISSING_FIELD, "%s without '%s'", o->object->noun, f->name);
	tpc_diag_hint(&d->c->diags, diag, "add '%s:', %s", f->name, schema_wants(d->c->arena, f, false));
	note_owner(d, diag);
}

void fault_empty(struct decoder *d, const struct schema_field *f, const struct tpc_node *key)
{
	struct tpc_diag *diag;

	diag = tpc_error(&d->c->diags, key->at, TPC_E_MISSING_FIELD, "'%s' has no value", f->name);
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
