// SPDX-License-Identifier: Apache-2.0
/*
 * Map definitions: BTF of section ".maps". Each variable there is a struct whose members say things by their
 * types: a pointer to an array of N is the number N, a pointer to T stands for type T.
 */
#include <string.h>

#include <bpf/btf.h>
#include <linux/bpf.h>

#include "toolchain/object_internal.h"

#define BTF_SIZE_MAX (16U << 20)
#define MAPS_MAX 1024U
#define MODIFIERS_MAX 16

struct map_type {
	uint32_t number;
	const char *name;
};

static const struct map_type map_types[] = {
	{ BPF_MAP_TYPE_HASH, "hash" },
	{ BPF_MAP_TYPE_ARRAY, "array" },
	{ BPF_MAP_TYPE_PERCPU_HASH, "percpu_hash" },
	{ BPF_MAP_TYPE_PERCPU_ARRAY, "percpu_array" },
	{ BPF_MAP_TYPE_LRU_HASH, "lru_hash" },
	{ BPF_MAP_TYPE_LPM_TRIE, "lpm_trie" },
	{ BPF_MAP_TYPE_ARRAY_OF_MAPS, "array_of_maps" },
	{ BPF_MAP_TYPE_HASH_OF_MAPS, "hash_of_maps" },
	{ BPF_MAP_TYPE_PROG_ARRAY, "prog_array" },
	{ BPF_MAP_TYPE_RINGBUF, "ringbuf" },
	{ BPF_MAP_TYPE_TASK_STORAGE, "task_storage" },
};

static const char *map_type_name(struct tpc_arena *a, uint32_t number)
{
	for (size_t i = 0; i < sizeof(map_types) / sizeof(map_types[0]); i++)
		if (map_types[i].number == number)
			return map_types[i].name;
	return tpc_sprintf(a, "type_%u", number);
}

static const struct btf_type *type_of(const struct btf *btf, uint32_t id)
{
	return id && id < btf__type_cnt(btf) ? btf__type_by_id(btf, id) : NULL;
}

/* @id without typedefs and qualifiers, NULL when it leads nowhere or in a circle. */
static const struct btf_type *bare_type(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = type_of(btf, id);

	for (int i = 0; t && (btf_is_mod(t) || btf_is_typedef(t)); i++)
		t = i < MODIFIERS_MAX ? type_of(btf, t->type) : NULL;
	return t;
}

/* The N of int (*)[N]. */
static bool member_number(const struct btf *btf, const struct btf_member *m, uint32_t *ret)
{
	const struct btf_type *t = bare_type(btf, m->type);

	t = t && btf_is_ptr(t) ? bare_type(btf, t->type) : NULL;
	if (!t || !btf_is_array(t))
		return false;
	*ret = btf_array(t)->nelems;
	return true;
}

/* The size of T of T *. */
static bool member_size(const struct btf *btf, const struct btf_member *m, uint32_t *ret)
{
	const struct btf_type *t = bare_type(btf, m->type);
	int64_t size;

	if (!t || !btf_is_ptr(t) || !type_of(btf, t->type))
		return false;
	size = btf__resolve_size(btf, t->type);
	*ret = (uint32_t)size;
	return size >= 0 && size <= UINT32_MAX;
}

static bool read_member(struct object_reader *r, const struct btf *btf, const struct btf_member *m,
			struct object_map *map, uint32_t *type)
{
	const char *name = btf__name_by_offset(btf, m->name_off);
	bool ok = true;

	if (!name)
		return object_bad(r, "map '%s' has a member without a name", map->name);
	if (!strcmp(name, "type"))
		ok = member_number(btf, m, type);
	else if (!strcmp(name, "max_entries"))
		ok = member_number(btf, m, &map->max_entries);
	else if (!strcmp(name, "key_size"))
		ok = member_number(btf, m, &map->key_size);
	else if (!strcmp(name, "value_size"))
		ok = member_number(btf, m, &map->value_size);
	else if (!strcmp(name, "key"))
		ok = member_size(btf, m, &map->key_size);
	else if (!strcmp(name, "value"))
		ok = member_size(btf, m, &map->value_size);
	return ok || object_bad(r, "map '%s': member '%s' is not a map attribute", map->name, name);
}

static bool read_map(struct object_reader *r, const struct btf *btf, uint32_t id)
{
	const struct btf_type *var = type_of(btf, id), *def;
	struct object_map map = { 0 };
	uint32_t type = 0;

	if (!var || !btf_is_var(var))
		return object_bad(r, "section '.maps' holds something that is no variable");
	map.name = btf__name_by_offset(btf, var->name_off);
	def = bare_type(btf, var->type);
	if (!map.name || !*map.name || !def || !btf_is_struct(def))
		return object_bad(r, "section '.maps' holds something that is no map definition");
	map.name = tpc_strdup(r->c->arena, map.name);
	for (uint32_t i = 0; i < btf_vlen(def); i++)
		if (!read_member(r, btf, &btf_members(def)[i], &map, &type))
			return false;
	map.type = map_type_name(r->c->arena, type);
	*tpc_vec_push(r->c->arena, &r->o->maps) = map;
	return true;
}

static bool read_datasec(struct object_reader *r, const struct btf *btf, const struct btf_type *sec)
{
	const struct btf_var_secinfo *vars = btf_var_secinfos(sec);

	if (btf_vlen(sec) > MAPS_MAX - r->o->maps.len)
		return object_bad(r, "it has more than %u maps", MAPS_MAX);
	for (uint32_t i = 0; i < btf_vlen(sec); i++)
		if (!read_map(r, btf, vars[i].type))
			return false;
	return true;
}

bool object_read_maps(struct object_reader *r, const void *data, size_t len)
{
	struct btf *btf;
	bool ok = true;

	if (len > BTF_SIZE_MAX)
		return object_bad(r, "its BTF is larger than %u bytes", BTF_SIZE_MAX);
	btf = btf__new(data, (uint32_t)len);
	if (!btf)
		return object_bad(r, "its BTF is broken");
	for (uint32_t id = 1; ok && id < btf__type_cnt(btf); id++) {
		const struct btf_type *t = btf__type_by_id(btf, id);
		const char *name = t ? btf__name_by_offset(btf, t->name_off) : NULL;

		if (name && btf_is_datasec(t) && !strcmp(name, ".maps"))
			ok = read_datasec(r, btf, t);
	}
	btf__free(btf);
	return ok;
}
