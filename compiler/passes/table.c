// SPDX-License-Identifier: Apache-2.0
/* Open addressing, never more than half full. Results depend on the order of adding, not of the slots. */
#include "passes/internal.h"

void table_init(struct table *t, struct tpc_arena *a, uint32_t n)
{
	uint64_t slots = 16;

	while (slots < (uint64_t)n * 2)
		slots *= 2;
	t->slots = tpc_new_array(a, uint32_t, slots);
	t->mask = (uint32_t)(slots - 1);
}

uint32_t table_find_or_add(struct table *t, uint64_t hash, uint32_t nr,
			   bool (*equal)(const void *user, uint32_t a, uint32_t b), const void *user)
{
	uint32_t i = (uint32_t)(hash ^ (hash >> 32)) & t->mask;

	for (; t->slots[i]; i = (i + 1) & t->mask)
		if (equal(user, t->slots[i] - 1, nr))
			return t->slots[i] - 1;
	t->slots[i] = nr + 1;
	return TABLE_NONE;
}

/* FNV-1a. */
uint64_t hash_bytes(uint64_t h, const void *data, size_t len)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	return h;
}

/* By value, not by the machine's byte order. */
uint64_t hash_u64(uint64_t h, uint64_t x)
{
	for (int i = 0; i < 8; i++)
		h = (h ^ ((x >> (8 * i)) & 0xff)) * UINT64_C(0x100000001b3);
	return h;
}
