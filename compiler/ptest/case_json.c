// SPDX-License-Identifier: Apache-2.0
/*
 * Files of cases as a JSON Schema: the tables of case_schema.c, and here the shapes of what may have several. It looks
 * at documents by themselves, and a case may have its hook from defaults of another, so only the name is required.
 */
#include "frontend/schema_print.h"
#include "ptest/ptest_impl.h"

static json_t *ref(const char *name)
{
	return json_pack("{s:o}", "$ref", json_sprintf("#/definitions/%s", name));
}

static json_t *constant(const char *word)
{
	return json_pack("{s:s}", "const", word);
}

static json_t *of_type(const char *type)
{
	return json_pack("{s:s}", "type", type);
}

static json_t *list_of(json_t *items)
{
	return json_pack("{s:s, s:o}", "type", "array", "items", items);
}

/* What stands beside a $ref is ignored in draft-07. */
static json_t *beside(json_t *reference)
{
	return json_pack("{s:[o]}", "allOf", reference);
}

/* Numbers, names, texts, null for what cannot be read; sets; files; sockets. */
static json_t *argument(void)
{
	return json_pack("{s:[{s:[s,s,s,s]},o,o,o]}", "anyOf", "type", "string", "number", "boolean", "null",
			 list_of(json_pack("{s:[s,s]}", "type", "string", "number")), ref("file"),
			 ref("socket"));
}

static json_t *arguments(void)
{
	return json_pack("{s:[o,o,{s:s,s:o}]}", "anyOf", of_type("null"), list_of(ref("value")), "type",
			 "object", "additionalProperties", ref("value"));
}

static json_t *workload(void)
{
	return json_pack("{s:[o,o,o]}", "anyOf", of_type("null"), constant("host"), ref("workload"));
}

static json_t *expected(bool lists)
{
	json_t *o = json_pack("{s:[o,o]}", "anyOf", constant("none"), ref("expectation"));

	if (lists)
		json_array_append_new(json_object_get(o, "anyOf"), list_of(ref("expectation")));
	return o;
}

/* The description stays. */
static void give_shape(json_t *definitions, const char *object, const char *field, json_t *shape)
{
	json_t *fields = json_object_get(json_object_get(definitions, object), "properties");

	json_object_update_new(json_object_get(fields, field), shape);
}

static void give_shapes(json_t *definitions, const char *object)
{
	give_shape(definitions, object, "workload", workload());
	give_shape(definitions, object, "args", arguments());
	give_shape(definitions, object, "data", arguments());
	give_shape(definitions, object, "return", beside(ref("value")));
	give_shape(definitions, object, "expect", expected(true));
}

/* Null where a socket has none. */
static void give_null(json_t *definitions, const char *object)
{
	json_t *fields = json_object_get(json_object_get(definitions, object), "properties"), *field;
	const char *name;

	json_object_foreach (fields, name, field)
		json_array_append_new(json_object_get(field, "type"), json_string("null"));
}

/* Beside a case by itself, a document is a list of them. */
static json_t *document(json_t *definitions)
{
	give_shape(definitions, "document", "defaults", beside(ref("defaults")));
	give_shape(definitions, "document", "cases", list_of(ref("case")));
	return json_pack("[o,o]", ref("case"), ref("document"));
}

static json_t *all_definitions(struct tpc_arena *a)
{
	static const struct schema_object *const roots[] = { &pt_schema_file,	    &pt_schema_case,
							     &pt_schema_defaults,   &pt_schema_expect,
							     &pt_schema_pod,	    &pt_schema_socket,
							     &pt_schema_file_value, NULL };
	struct schema_list list;
	json_t *all;

	schema_list_of(a, roots, &list);
	all = schema_definitions(a, &list);
	json_object_set_new(all, "value", argument());
	json_object_set_new(json_object_get(all, "value"), "description",
			    json_string("A value of the argument's type; null: it cannot be read."));
	give_shapes(all, "case");
	give_shapes(all, "defaults");
	json_object_set_new(json_object_get(all, "case"), "required", json_pack("[s]", "name"));
	give_shape(all, "expectation", "return", expected(false));
	give_null(all, "socket");
	give_shape(all, "file", "path", json_pack("{s:[s,s]}", "type", "string", "null"));
	return all;
}

void ptest_print_schema(struct tpc_arena *a, FILE *out)
{
	json_t *root = json_object(), *all = all_definitions(a);

	json_object_set_new(root, "$schema", json_string(SCHEMA_DRAFT));
	json_object_set_new(root, "title", json_string("Cases of tpc test"));
	json_object_set_new(root, "anyOf", document(all));
	json_object_set_new(root, "definitions", all);
	json_dumpf(root, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(root);
}
