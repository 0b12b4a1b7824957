// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "ir/lower_index.h"

/* FNV-1a. Names come from one person's policies: a slow lookup is the worst that a collision can do. */
static uint64_t hash_of(const char *s, size_t len)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * UINT64_C(0x100000001b3);
	return h;
}

static struct lower_index_slot *find(const struct lower_index *x, const char *key, size_t len, uint64_t hash)
{
	uint32_t mask = x->nslots - 1, i = (uint32_t)(hash >> 32) & mask;

	while (x->slots[i].key &&
	       (x->slots[i].hash != hash || strncmp(x->slots[i].key, key, len) || x->slots[i].key[len]))
		i = (i + 1) & mask;
	return &x->slots[i];
}

/* At most half full, so that find() always ends. */
static void grow(struct tpc_arena *a, struct lower_index *x)
{
	struct lower_index bigger = { .nslots = x->nslots ? x->nslots * 2 : 16, .used = x->used };

	bigger.slots = tpc_new_array(a, struct lower_index_slot, bigger.nslots);
	for (uint32_t i = 0; i < x->nslots; i++)
		if (x->slots[i].key)
			*find(&bigger, x->slots[i].key, strlen(x->slots[i].key), x->slots[i].hash) =
				x->slots[i];
	*x = bigger;
}

uint32_t lower_index_add(struct tpc_arena *a, struct lower_index *x, const char *key, uint32_t number)
{
	size_t len = strlen(key);
	uint64_t hash = hash_of(key, len);
	struct lower_index_slot *slot;

	if (x->used >= x->nslots / 2)
		grow(a, x);
	slot = find(x, key, len, hash);
	if (!slot->key) {
		*slot = (struct lower_index_slot){ .key = key, .hash = hash, .number = number };
		x->used++;
	}
	return slot->number;
}

uint32_t lower_index_find(const struct lower_index *x, const char *key, uint32_t len)
{
	struct lower_index_slot *slot = x->nslots ? find(x, key, len, hash_of(key, len)) : NULL;

	return slot && slot->key ? slot->number : LOWER_INDEX_NONE;
}
