// SPDX-License-Identifier: Apache-2.0
/* YAML nodes to typed structs, as the schema's tables say. */
#ifndef TPC_FRONTEND_DECODE_H
#define TPC_FRONTEND_DECODE_H

#include "frontend/schema.h"
#include "frontend/yaml.h"

/*
 * Fills @out, zeroed memory of the object's struct, from @node. Every fault becomes a diagnostic; what is
 * wrong is left as if it were absent.
 */
void decode_document(struct tpc_ctx *c, const struct schema_object *object, const struct tpc_node *node,
		     void *out);

/* The field of @object with this name, spelled exactly or but for case; NULL. */
const struct schema_field *decode_find_field(const struct schema_object *object, const struct tpc_node *key);

/* "a list", "the number 12", "the text 'abc'": what a node is, for messages. */
const char *decode_describe(struct tpc_arena *a, const struct tpc_node *node);

/* Its text as messages may show it: escaped and not too long. */
const char *decode_shown(struct tpc_arena *a, const struct tpc_node *scalar);

#endif
