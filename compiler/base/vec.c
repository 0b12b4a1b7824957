// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* Large items start with room for one: most lists of a policy have one or two. */
#define FIRST_BYTES 256

void *tpc_vec_grow_(struct tpc_arena *a, void *items, uint32_t len, uint32_t *cap, size_t size)
{
	uint32_t ncap;
	void *p;

	if (len < *cap)
		return items;
	if (*cap > UINT32_MAX / 2)
		abort();
	ncap = *cap ? *cap * 2 : size * 4 <= FIRST_BYTES ? 4 : 1;
	p = tpc_arena_alloc_array(a, ncap, size, _Alignof(max_align_t));
	if (len)
		memcpy(p, items, len * size);
	*cap = ncap;
	return p;
}
