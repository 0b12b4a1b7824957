// SPDX-License-Identifier: Apache-2.0
/* Text to number, for looking names up. It is never walked, so its order cannot reach an output. */
#ifndef TPC_IR_LOWER_INDEX_H
#define TPC_IR_LOWER_INDEX_H

#include "base/arena.h"

struct lower_index {
	struct lower_index_slot {
		const char *key; /* NULL: free */
		uint64_t hash;
		uint32_t number;
	} *slots;
	uint32_t nslots, used; /* nslots is a power of two or 0 */
};

/* The number of @key; when it is new, @number is kept for it and given back. @key is not copied. */
uint32_t lower_index_add(struct tpc_arena *a, struct lower_index *x, const char *key, uint32_t number);
#define LOWER_INDEX_NONE UINT32_MAX
/* The number of the @len bytes at @key, LOWER_INDEX_NONE when they are not in it. */
uint32_t lower_index_find(const struct lower_index *x, const char *key, uint32_t len);

#endif
