// SPDX-License-Identifier: Apache-2.0
/* Growable vectors in an arena. TPC_VEC(T) is a struct type: { T *items; uint32_t len, cap; }. */
#ifndef TPC_BASE_VEC_H
#define TPC_BASE_VEC_H

#include "base/arena.h"

#define TPC_VEC(T)                                                                                           \
	struct {                                                                                             \
		T *items;                                                                                    \
		uint32_t len, cap;                                                                           \
	}

/* Appends a zeroed item and gives its address, valid until the next push. */
#define tpc_vec_push(a, v)                                                                                   \
	((v)->items = tpc_vec_grow_((a), (v)->items, (v)->len, &(v)->cap, sizeof(*(v)->items)),              \
	 &(v)->items[(v)->len++])

/* An empty vector may have no items: to that nothing can be added. */
#define tpc_vec_foreach(it, v) for ((it) = (v)->items; (it) && (it) < (v)->items + (v)->len; (it)++)

/* Room for one more than @len items; the old block stays in the arena. Not for direct use. */
void *tpc_vec_grow_(struct tpc_arena *a, void *items, uint32_t len, uint32_t *cap, size_t size);

#endif
