// SPDX-License-Identifier: Apache-2.0
/* One pass over the types of a BTF, and a hash table of the names that are asked for. */
#include "kernel/kernel_impl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * Slots in a row that are looked at. At most half of the table is in use: names of a kernel stay far below,
 * and names that were chosen to collide cost no more than this.
 */
#define PROBES_MAX 512
/* A suggestion differs from what was written by no more letters than this, and than a sixth of them. */
#define NEAR_MAX 3
#define NEAR_PART 6

static uint32_t hash_of(enum btf_class class, const char *s)
{
	uint32_t h = 2166136261u ^ (uint32_t)class;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h ^ h >> 15;
}

static const char *name_of(const struct btf *btf, const struct btf_type *t)
{
	const char *s = btf__name_by_offset(btf, t->name_off);

	return s ? s : "";
}

static enum btf_class class_of_kind(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_FUNC:
		return BTF_FUNC;
	case BTF_KIND_TYPEDEF:
		return BTF_TRACE;
	case BTF_KIND_STRUCT:
		return BTF_STRUCT;
	case BTF_KIND_UNION:
		return BTF_UNION;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return BTF_ENUM;
	case BTF_KIND_INT:
		return BTF_INT;
	default:
		return BTF_NO_CLASS;
	}
}

enum btf_class btf_class_of(const struct btf *btf, const struct btf_type *t)
{
	enum btf_class class = class_of_kind(t);
	const char *name;

	if (class == BTF_NO_CLASS || !t->name_off)
		return BTF_NO_CLASS;
	name = name_of(btf, t);
	if (!*name)
		return BTF_NO_CLASS;
	/* Of typedefs only the prototypes of tracepoints are asked for by name. */
	if (class == BTF_TRACE && strncmp(name, BTF_TRACE_PREFIX, strlen(BTF_TRACE_PREFIX)))
		return BTF_NO_CLASS;
	return class;
}

static bool is_it(const struct kernel_btf *b, uint32_t id, enum btf_class class, const char *name)
{
	const struct btf_type *t = btf__type_by_id(b->btf, id);

	return t && class_of_kind(t) == class && !strcmp(name_of(b->btf, t), name);
}

/* The first of equal names stays. */
static int insert(struct kernel_btf *b, uint32_t id, enum btf_class class, const char *name)
{
	uint32_t hash = hash_of(class, name);

	for (uint32_t i = 0; i < PROBES_MAX; i++) {
		struct btf_slot *s = &b->index.slots[(hash + i) & b->index.mask];

		if (!s->id) {
			*s = (struct btf_slot){ hash, id };
			return 0;
		}
		if (s->hash == hash && is_it(b, s->id, class, name))
			return 0;
	}
	return -EINVAL;
}

/* At least twice as many slots as names; 0: too many. */
static uint32_t slots_for(const struct kernel_btf *b)
{
	uint32_t n = 0, slots = 1024;

	for (uint32_t i = 0; i < b->n; i++) {
		const struct btf_type *t = btf__type_by_id(b->btf, b->local + i);

		n += t && t->name_off && class_of_kind(t) != BTF_NO_CLASS;
	}
	if (n > UINT32_MAX / 8)
		return 0;
	while (slots < 2 * n)
		slots *= 2;
	return slots;
}

int btf_index_build(struct kernel_btf *b)
{
	uint32_t slots = slots_for(b);
	int err = 0;

	if (!slots)
		return -EFBIG;
	b->index.slots = calloc(slots, sizeof(*b->index.slots));
	if (!b->index.slots)
		return -ENOMEM;
	b->index.mask = slots - 1;
	for (uint32_t i = 0; i < b->n && !err; i++) {
		const struct btf_type *t = btf__type_by_id(b->btf, b->local + i);
		enum btf_class class = t ? btf_class_of(b->btf, t) : BTF_NO_CLASS;

		if (class != BTF_NO_CLASS)
			err = insert(b, b->local + i, class, name_of(b->btf, t));
	}
	if (err) {
		free(b->index.slots);
		b->index = (struct btf_index){ 0 };
	}
	return err;
}

uint32_t btf_index_find(const struct kernel_btf *b, enum btf_class class, const char *name)
{
	uint32_t hash = hash_of(class, name);

	if (!b->index.slots)
		return 0;
	for (uint32_t i = 0; i < PROBES_MAX; i++) {
		const struct btf_slot *s = &b->index.slots[(hash + i) & b->index.mask];

		if (!s->id)
			return 0;
		if (s->hash == hash && is_it(b, s->id, class, name))
			return s->id;
	}
	return 0;
}

/* Which letters a text has, in any case. */
static uint64_t letters_of(const char *s)
{
	uint64_t set = 0;

	for (; *s; s++)
		set |= UINT64_C(1) << ((unsigned char)(*s | 0x20) & 63);
	return set;
}

const char *btf_index_near(const struct kernel_btf *b, enum btf_class class, const char *wrong)
{
	size_t len = strlen(wrong), skip = class == BTF_TRACE ? strlen(BTF_TRACE_PREFIX) : 0;
	struct tpc_suggest near = TPC_SUGGEST(wrong, (uint32_t)len);
	uint64_t letters = letters_of(wrong);
	size_t limit = len / NEAR_PART;

	limit = limit < 1 ? 1 : limit > NEAR_MAX ? NEAR_MAX : limit;
	near.most = (unsigned)limit;
	for (uint32_t i = 0; i < b->n; i++) {
		const struct btf_type *t = btf__type_by_id(b->btf, b->local + i);
		const char *name;
		size_t nlen;

		if (!t || class_of_kind(t) != class || btf_class_of(b->btf, t) != class)
			continue;
		name = name_of(b->btf, t) + skip;
		nlen = strlen(name);
		/* Cheap before dear: each change adds and takes away one letter at most. */
		if (nlen + limit < len || len + limit < nlen ||
		    __builtin_popcountll(letters ^ letters_of(name)) > 2 * (int)limit)
			continue;
		tpc_suggest_try(&near, name);
	}
	return near.best;
}
