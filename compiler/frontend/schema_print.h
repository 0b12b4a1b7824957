// SPDX-License-Identifier: Apache-2.0
/* The schema's tables for others to read: editors and people. */
#ifndef TPC_FRONTEND_SCHEMA_PRINT_H
#define TPC_FRONTEND_SCHEMA_PRINT_H

#include <jansson.h>
#include <stdio.h>

#include "frontend/schema.h"

struct schema_entry {
	const struct schema_object *object;
	const char *name; /* unlike any other's: "kprobe", "uprobe ignore" */
};

struct schema_list {
	TPC_VEC(struct schema_entry) entries;
};

/* Every object that a policy can hold: schema_policy, then in the order in which fields lead to them. */
void schema_list(struct tpc_arena *a, struct schema_list *ret);
/* The same from other objects on; @roots ends with NULL. */
void schema_list_of(struct tpc_arena *a, const struct schema_object *const *roots, struct schema_list *ret);
/* The name that it has in @all. */
const char *schema_name(const struct schema_list *all, const struct schema_object *o);

/*
 * A JSON Schema, draft-07, for that is what editors' YAML servers read. It refuses what decode.c refuses, and
 * three things that decode.c takes: null for an absent field, "" for an absent word, fields in other case.
 */
void schema_print_json(struct tpc_arena *a, FILE *out);
#define SCHEMA_DRAFT "http://json-schema.org/draft-07/schema#"
/* All of @list as the "definitions" of such a schema; what may be anything in the tables is {} there. Owned by the caller. */
json_t *schema_definitions(struct tpc_arena *a, const struct schema_list *list);
/* A reference page in Markdown: a section an object, a row a field. */
void schema_print_md(struct tpc_arena *a, FILE *out);

#endif
