// SPDX-License-Identifier: Apache-2.0
/* The schema's tables as a JSON Schema. Keys are written in the order in which they are set here. */
#include <jansson.h>
#include <string.h>

#include "frontend/schema_print.h"

struct writer {
	struct tpc_arena *a;
	struct schema_list all;
};

static void set(json_t *o, const char *key, json_t *value)
{
	json_object_set_new(o, key, value);
}

static json_t *of_type(const char *type)
{
	return json_pack("{s:s}", "type", type);
}

/* A name as a key of definitions and in a reference: without spaces. */
static const char *key_of(const struct writer *w, const struct schema_object *o)
{
	char *key = tpc_strdup(w->a, schema_name(&w->all, o));

	for (char *p = key; *p; p++)
		if (*p == ' ')
			*p = '-';
	return key;
}

static json_t *reference(const struct writer *w, const struct schema_object *o)
{
	return json_pack("{s:o}", "$ref", json_string(tpc_sprintf(w->a, "#/definitions/%s", key_of(w, o))));
}

/* enumDescriptions is no word of the standard; editors show it beside each value that they offer. */
static json_t *word(const struct schema_words *words)
{
	json_t *o = of_type("string"), *values = json_array(), *meanings = json_array();

	for (uint32_t i = 0; i < words->len; i++) {
		const struct schema_word *item = &words->items[i];

		json_array_append_new(values, json_string(item->name));
		json_array_append_new(meanings, json_string(item->doc));
	}
	set(o, "enum", values);
	set(o, "enumDescriptions", meanings);
	return o;
}

static json_t *text(const struct schema_field *f, bool item)
{
	json_t *o = of_type("string"), *values;

	if (!item && f->max) /* bytes, of which a text has at least as many as characters */
		set(o, "maxLength", json_integer(f->max));
	if (f->texts) {
		values = json_array();
		for (const char *const *t = f->texts; *t; t++)
			json_array_append_new(values, json_string(*t));
		set(o, "enum", values);
	}
	return o;
}

static json_t *integer(const struct schema_field *f)
{
	json_t *o = of_type("integer");

	set(o, "minimum", json_integer(f->min));
	set(o, "maximum", json_integer(f->max));
	return o;
}

static json_t *value(const struct writer *w, const struct schema_field *f, enum schema_type type, bool item);

static json_t *list(const struct writer *w, const struct schema_field *f)
{
	json_t *o = of_type("array");

	if (f->item != SCHEMA_INT && f->max)
		set(o, "maxItems", json_integer(f->max));
	set(o, "items", value(w, f, f->item, true));
	return o;
}

static json_t *map_of(json_t *values)
{
	json_t *o = of_type("object");

	set(o, "additionalProperties", values);
	return o;
}

/* One value of @type: a field's, or with @item one in its list. */
static json_t *value(const struct writer *w, const struct schema_field *f, enum schema_type type, bool item)
{
	switch (type) {
	case SCHEMA_TEXT:
		return text(f, item);
	case SCHEMA_INT:
		return integer(f);
	case SCHEMA_BOOL:
		return of_type("boolean");
	case SCHEMA_VALUE:
		return json_pack("{s:[s,s,s]}", "type", "string", "number", "boolean");
	case SCHEMA_WORD:
		return word(f->words);
	case SCHEMA_OBJECT:
	case SCHEMA_OBJECT_POINTER:
		/* What stands beside a $ref is ignored in draft-07. */
		return item ? reference(w, f->object) :
			      json_pack("{s:[o]}", "allOf", reference(w, f->object));
	case SCHEMA_LIST:
		return list(w, f);
	case SCHEMA_TEXT_MAP:
		return map_of(of_type("string"));
	case SCHEMA_OBJECT_MAP:
		return map_of(reference(w, f->object));
	case SCHEMA_ANY:
		break;
	}
	return json_object();
}

static void set_default(json_t *o, const struct schema_field *f)
{
	if (f->required)
		return;
	if (f->type == SCHEMA_BOOL)
		set(o, "default", json_boolean(f->fallback != 0));
	else if (f->type == SCHEMA_INT && f->fallback)
		set(o, "default", json_integer(f->fallback));
	else if (f->type == SCHEMA_WORD && f->fallback)
		set(o, "default", json_string(f->words->items[f->fallback - 1].name));
}

static json_t *object(const struct writer *w, const struct schema_object *object)
{
	json_t *o = json_object(), *fields = json_object(), *required = json_array();

	set(o, "description", json_string(object->doc));
	set(o, "type", json_string("object"));
	for (uint32_t i = 0; i < object->nfields; i++) {
		const struct schema_field *f = &object->fields[i];
		json_t *field = value(w, f, f->type, false);

		set(field, "description", json_string(f->doc));
		set_default(field, f);
		set(fields, f->name, field);
		if (f->required)
			json_array_append_new(required, json_string(f->name));
	}
	if (json_array_size(required))
		set(o, "required", required);
	else
		json_decref(required);
	set(o, "additionalProperties", json_false());
	set(o, "properties", fields);
	return o;
}

static json_t *definitions(const struct writer *w, const struct schema_object *but)
{
	json_t *o = json_object();
	const struct schema_entry *e;

	tpc_vec_foreach (e, &w->all.entries)
		if (e->object != but)
			set(o, key_of(w, e->object), object(w, e->object));
	return o;
}

json_t *schema_definitions(struct tpc_arena *a, const struct schema_list *list)
{
	const struct writer w = { .a = a, .all = *list };

	return definitions(&w, NULL);
}

/* What one kind may hold and the other may not: check_kind() of frontend.c. */
static json_t *kinds(void)
{
	return json_pack("[{s:{s:{s:{s:s}}}, s:{s:{s:{s:{s:b}}}}, s:{s:{s:{s:{s:{s:i}}}}}}]", "if",
			 "properties", "kind", "const", schema_kinds[TPC_TRACING_POLICY_NAMESPACED], "then",
			 "properties", "spec", "properties", "hostSelector", 0, "else", "properties",
			 "metadata", "properties", "namespace", "maxLength", 0);
}

void schema_print_json(struct tpc_arena *a, FILE *out)
{
	struct writer w = { .a = a };
	json_t *root = json_object(), *top;

	schema_list(a, &w.all);
	set(root, "$schema", json_string(SCHEMA_DRAFT));
	set(root, "title", json_string("Tetragon tracing policy"));
	top = object(&w, &schema_policy);
	json_object_update(root, top);
	json_decref(top);
	set(root, "allOf", kinds());
	set(root, "definitions", definitions(&w, &schema_policy));
	json_dumpf(root, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(root);
}
