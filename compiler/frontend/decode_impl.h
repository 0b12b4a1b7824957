// SPDX-License-Identifier: Apache-2.0
/* What the decoder's files share: decode.c walks, decode_fault.c speaks. */
#ifndef TPC_FRONTEND_DECODE_IMPL_H
#define TPC_FRONTEND_DECODE_IMPL_H

#include "frontend/decode.h"

/* Objects in objects: spec, hook, selector, filter and what is in it. */
#define DECODE_MAX_DEPTH 12

struct decode_owner {
	const struct schema_object *object;
	const struct tpc_node *node;
	uint64_t told; /* a bit a field whose lack some error explains already */
};

struct decoder {
	struct tpc_ctx *c;
	struct decode_owner owners[DECODE_MAX_DEPTH]; /* from the document down to where we are */
	uint32_t depth;
};

/* Each adds an error about @f (its name, what it may hold) and the note that says in which hook it is. */
void fault_wrong_type(struct decoder *d, const struct schema_field *f, bool item,
		      const struct tpc_node *node);
void fault_unknown_field(struct decoder *d, const struct tpc_node *key);
void fault_unknown_word(struct decoder *d, const struct schema_field *f, const struct tpc_node *node);
void fault_missing(struct decoder *d, const struct schema_field *f);
void fault_empty(struct decoder *d, const struct schema_field *f, const struct tpc_node *key);
void fault_number(struct decoder *d, const struct schema_field *f, const struct tpc_node *node);
void fault_length(struct decoder *d, const struct schema_field *f, const struct tpc_node *node, uint32_t len);
void fault_nul(struct decoder *d, const struct schema_field *f, const struct tpc_node *node);
void fault_twice(struct decoder *d, const struct schema_field *f, const struct tpc_node *key,
		 const struct tpc_node *first);
void fault_spelling(struct decoder *d, const struct schema_field *f, const struct tpc_node *key);

#endif
