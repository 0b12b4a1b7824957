// SPDX-License-Identifier: Apache-2.0
/*
 * Maps and data sections: those that the templates (templates/bpf/maps.h, task.h, room.h, field.h) make for
 * such a manifest, and no others. A map is read here to its last member: pinning and flags are members too.
 */
#include <elf.h>
#include <string.h>

#include "verify/verify_impl.h"

#include <tpc/abi.h>

#define EVENTS_BYTES (8U << 20)
/* room.h */
#define INT_ROOM (sizeof(struct tpc_arg) + 8)
#define STRING_ROOM (sizeof(struct tpc_arg) + TPC_STRING_MAX + 8)
#define NAMES_ROOM (TPC_PATH_MAX + TPC_NAME_MAX + 1)
#define PATH_ROOM (sizeof(struct tpc_arg) + sizeof(struct tpc_arg_path) + NAMES_ROOM + 8)
#define EXEC_ROOM (sizeof(struct tpc_exec_event) + 2 * NAMES_ROOM + TPC_STRING_MAX + 8)
#define SCRATCH_HEAD 8 /* busy and len of struct tpc_scratch */

struct map {
	uint32_t type, key, value, entries, flags;
};

static size_t count(const struct verify *v, const char *key)
{
	return json_array_size(json_object_get(v->manifest, key));
}

static bool asks_host(const json_t *filter)
{
	const json_t *value;
	size_t i;

	if (strcmp(json_string_value(json_object_get(filter, "value")), "namespace") != 0)
		return false;
	json_array_foreach (json_object_get(filter, "values"), i, value)
		if (!strcmp(json_string_value(value), "host_ns"))
			return true;
	return false;
}

static bool asks_changes(const json_t *filter)
{
	const char *value = json_string_value(json_object_get(filter, "value"));

	return !strcmp(value, "namespace changes") || !strcmp(value, "capability changes");
}

/* Does one of the manifest's filters answer? */
static bool any_filter(const struct verify *v, bool (*is)(const json_t *filter))
{
	const json_t *hook, *selector, *filter;
	size_t i, k, n;

	json_array_foreach (json_object_get(v->manifest, "hooks"), i, hook)
		json_array_foreach (json_object_get(hook, "selectors"), k, selector)
			json_array_foreach (json_object_get(selector, "filters"), n, filter)
				if (is(filter))
					return true;
	return false;
}

/* The N of int (*)[N]. */
static bool member_number(const struct btf *btf, uint32_t type, uint32_t *ret)
{
	const struct btf_type *t = type_at(btf, skip_modifiers(btf, type));

	t = t && btf_is_ptr(t) ? type_at(btf, skip_modifiers(btf, t->type)) : NULL;
	if (!t || !btf_is_array(t))
		return false;
	*ret = btf_array(t)->nelems;
	return true;
}

/* The size of T of T *. */
static bool member_size(const struct btf *btf, uint32_t type, uint32_t *ret)
{
	const struct btf_type *t = type_at(btf, skip_modifiers(btf, type));

	return t && btf_is_ptr(t) && type_size(btf, t->type, ret);
}

static bool read_member(const struct btf *btf, const struct btf_member *m, struct map *ret)
{
	const char *name = name_at(btf, m->name_off);

	if (!strcmp(name, "type"))
		return member_number(btf, m->type, &ret->type);
	if (!strcmp(name, "max_entries"))
		return member_number(btf, m->type, &ret->entries);
	if (!strcmp(name, "map_flags"))
		return member_number(btf, m->type, &ret->flags);
	if (!strcmp(name, "key"))
		return member_size(btf, m->type, &ret->key);
	if (!strcmp(name, "value"))
		return member_size(btf, m->type, &ret->value);
	return false;
}

static bool read_map(struct verify *v, const struct btf_type *var, struct map *ret)
{
	const struct btf_type *def = type_at(v->btf, skip_modifiers(v->btf, var->type));
	const char *name = name_at(v->btf, var->name_off);

	*ret = (struct map){ 0 };
	if (!def || !btf_is_struct(def))
		return finding(v, TPC_E_OBJECT_MAPS, "'%s' in section '.maps' is no map", name);
	for (uint32_t i = 0; i < btf_vlen(def); i++)
		if (!read_member(v->btf, &btf_members(def)[i], ret))
			return finding(v, TPC_E_OBJECT_MAPS,
				       "map '%s' has a member '%s' that no template writes", name,
				       name_at(v->btf, btf_members(def)[i].name_off));
	return true;
}

/* The arguments whose room is not that of an integer. */
static uint64_t arg_room(const char *abi)
{
	static const struct {
		const char *abi;
		uint64_t room;
	} rows[] = {
		{ "bytes", STRING_ROOM },
		{ "path", PATH_ROOM },
		{ "sock", sizeof(struct tpc_arg) + sizeof(struct tpc_arg_sock) },
		{ "skb", sizeof(struct tpc_arg) + sizeof(struct tpc_arg_skb) },
		{ "sockaddr", sizeof(struct tpc_arg) + sizeof(struct tpc_arg_sockaddr) },
		{ "sockaddr_un",
		  sizeof(struct tpc_arg) + sizeof(struct tpc_arg_sockaddr_un) + TPC_UNIX_MAX + 8 },
		{ "cred", sizeof(struct tpc_arg) + sizeof(struct tpc_arg_cred) },
		{ "user_ns", sizeof(struct tpc_arg) + sizeof(struct tpc_arg_user_ns) },
		{ "perf_event", sizeof(struct tpc_arg) + sizeof(struct tpc_arg_perf_event) },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(rows[i].abi, abi))
			return rows[i].room;
	return INT_ROOM;
}

/* emit_event_room() in the back end: the head of an event, and room for each argument. */
static uint64_t event_room(const json_t *hook)
{
	uint64_t n = sizeof(struct tpc_hook_event);
	const json_t *arg;
	size_t i;

	json_array_foreach (json_object_get(hook, "args"), i, arg) {
		const char *abi = json_string_value(json_object_get(arg, "abi"));

		if (abi)
			n += arg_room(abi);
	}
	return n;
}

static uint32_t scratch_size(const struct verify *v)
{
	uint64_t most = EXEC_ROOM, n;
	const json_t *hook;
	size_t i;

	json_array_foreach (json_object_get(v->manifest, "hooks"), i, hook) {
		n = event_room(hook);
		most = n > most ? n : most;
	}
	return (uint32_t)(SCRATCH_HEAD + (most + 7) / 8 * 8);
}

/* What map @name must be; false: no template makes it for such a manifest. */
static bool expected_map(const struct verify *v, const char *name, struct map *ret)
{
	if (!strcmp(name, TPC_MAP_EVENTS))
		*ret = (struct map){ .type = BPF_MAP_TYPE_RINGBUF, .entries = EVENTS_BYTES };
	else if (!strcmp(name, TPC_MAP_STATS))
		*ret = (struct map){ BPF_MAP_TYPE_PERCPU_ARRAY, 4, sizeof(struct tpc_stat),
				     (uint32_t)count(v, "hooks"), 0 };
	else if (!strcmp(name, TPC_MAP_SCRATCH))
		*ret = (struct map){ BPF_MAP_TYPE_PERCPU_ARRAY, 4, scratch_size(v), TPC_SCRATCH_SLOTS, 0 };
	else if (!strcmp(name, TPC_MAP_TASKS) && count(v, "exec_tests"))
		*ret = (struct map){ BPF_MAP_TYPE_TASK_STORAGE, 4,
				     8 * (uint32_t)((count(v, "exec_tests") + 63) / 64), 0,
				     BPF_F_NO_PREALLOC };
	else if (!strcmp(name, TPC_MAP_WAS) && any_filter(v, asks_changes))
		*ret = (struct map){ BPF_MAP_TYPE_TASK_STORAGE, 4, sizeof(struct tpc_task_was), 0,
				     BPF_F_NO_PREALLOC };
	else
		return false;
	return true;
}

static void tell_difference(struct verify *v, const char *name, const struct map *is, const struct map *want)
{
	const struct {
		const char *what;
		uint32_t is, want;
	} rows[] = { { "type", is->type, want->type },
		     { "size of a key", is->key, want->key },
		     { "size of a value", is->value, want->value },
		     { "number of entries", is->entries, want->entries },
		     { "flags", is->flags, want->flags } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].is != rows[i].want)
			finding(v, TPC_E_OBJECT_MAPS, "map '%s': its %s is %u, not %u", name, rows[i].what,
				rows[i].is, rows[i].want);
}

/* For each a type is looked for among all. */
#define MAPS_MAX 64

static void check_map(struct verify *v, const struct symbol *s)
{
	struct map is, want;

	for (uint32_t id = 1; id < btf__type_cnt(v->btf); id++) {
		const struct btf_type *t = btf__type_by_id(v->btf, id);

		if (!btf_is_var(t) || strcmp(name_at(v->btf, t->name_off), s->name))
			continue;
		if (!expected_map(v, s->name, &want))
			finding(v, TPC_E_OBJECT_MAPS, "map '%s' is none that such a manifest needs", s->name);
		else if (read_map(v, t, &is))
			tell_difference(v, s->name, &is, &want);
		return;
	}
}

bool check_maps(struct verify *v)
{
	static const char *const needed[] = { TPC_MAP_EVENTS, TPC_MAP_STATS, TPC_MAP_SCRATCH };
	uint32_t maps = find_section(v, ".maps"), n = 0;
	const struct symbol *s;

	check_begin(v, "maps", NULL);
	tpc_vec_foreach (s, &v->symbols)
		if (s->section == maps && s->type == STT_OBJECT) {
			if (n++ < MAPS_MAX)
				check_map(v, s);
		}
	if (n > MAPS_MAX)
		finding(v, TPC_E_OBJECT_MAPS, "it has %u maps", n);
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!find_symbol(v, needed[i]))
			finding(v, TPC_E_OBJECT_MAPS, "there is no map '%s'", needed[i]);
	if (count(v, "exec_tests") && !find_symbol(v, TPC_MAP_TASKS))
		finding(v, TPC_E_OBJECT_MAPS, "there is no map '%s'", TPC_MAP_TASKS);
	if (any_filter(v, asks_changes) && !find_symbol(v, TPC_MAP_WAS))
		finding(v, TPC_E_OBJECT_MAPS, "there is no map '%s'", TPC_MAP_WAS);
	return check_end(v, "%u maps as the templates make them", n);
}

uint64_t maps_memory(const struct verify *v, uint32_t cpus)
{
	uint64_t stat = sizeof(struct tpc_stat);

	/* Per-CPU values are padded to 8 bytes (kernel/bpf/arraymap.c). */
	return EVENTS_BYTES +
	       cpus * (stat * count(v, "hooks") + (uint64_t)TPC_SCRATCH_SLOTS * scratch_size(v));
}

/* ---- data sections ---- */

static bool is_zero(const struct section *s, const struct symbol *y)
{
	for (uint64_t i = 0; i < y->size; i++)
		if (s->data[y->value + i])
			return false;
	return true;
}

static size_t field_slots(const struct verify *v)
{
	const json_t *f;
	size_t i, n = 0;

	json_array_foreach (json_object_get(v->manifest, "fields"), i, f)
		n += json_integer_value(json_object_get(f, "slot")) >= 0;
	return n;
}

static void check_modes(struct verify *v, const struct section *s, const struct symbol *y)
{
	const json_t *p;
	size_t i;

	json_array_foreach (json_object_get(v->manifest, "policies"), i, p) {
		const char *mode = json_string_value(json_object_get(p, "mode"));
		uint32_t is, want = mode && !strcmp(mode, "monitor") ? TPC_MODE_MONITOR : TPC_MODE_ENFORCE;

		memcpy(&is, s->data + y->value + 4 * i, sizeof(is));
		if (is != want)
			finding(v, TPC_E_OBJECT_MAPS, "policy %zu is '%s' in the manifest, and %u in %s", i,
				mode ? mode : "", is, TPC_VAR_MODE);
	}
}

static void check_variable(struct verify *v, const struct section *s, const struct symbol *y)
{
	bool data = !strcmp(s->name, ".data.tpc");
	uint64_t want;

	if (data && !strcmp(y->name, TPC_VAR_MODE))
		want = 4 * count(v, "policies");
	else if (data && !strcmp(y->name, "tpc_zero"))
		want = 8;
	else if (!data && !strcmp(y->name, TPC_VAR_REPORT_EXEC))
		want = 4;
	else if (!data && !strcmp(y->name, TPC_VAR_FIELDS))
		want = field_slots(v) * sizeof(struct tpc_field_desc);
	else if (!data && !strcmp(y->name, TPC_VAR_HOST_NS))
		want = any_filter(v, asks_host) ? TPC_NS_KINDS * sizeof(uint32_t) : 0;
	else
		want = 0;
	if (!want)
		finding(v, TPC_E_OBJECT_MAPS,
			"variable '%s' of section '%s' is none that such a manifest needs", y->name, s->name);
	else if (y->size != want)
		finding(v, TPC_E_OBJECT_MAPS, "variable '%s' has %llu bytes, not %llu", y->name,
			(unsigned long long)y->size, (unsigned long long)want);
	else if (data && !strcmp(y->name, TPC_VAR_MODE))
		check_modes(v, s, y);
	else if (!is_zero(s, y))
		finding(v, TPC_E_OBJECT_MAPS, "variable '%s' is not zero before the loader fills it",
			y->name);
}

bool check_data(struct verify *v)
{
	uint32_t data = find_section(v, ".data.tpc"), rodata = find_section(v, ".rodata.tpc");
	const struct symbol *y;
	uint32_t n = 0;

	check_begin(v, "data", NULL);
	tpc_vec_foreach (y, &v->symbols)
		if (y->type == STT_OBJECT && (y->section == data || y->section == rodata)) {
			n++;
			check_variable(v, &v->sections.items[y->section], y);
		}
	if (!find_symbol(v, TPC_VAR_MODE))
		finding(v, TPC_E_OBJECT_MAPS, "there is no variable '%s'", TPC_VAR_MODE);
	if (!find_symbol(v, TPC_VAR_REPORT_EXEC) && count(v, "trackers"))
		finding(v, TPC_E_OBJECT_MAPS, "there is no variable '%s'", TPC_VAR_REPORT_EXEC);
	if (field_slots(v) && !find_symbol(v, TPC_VAR_FIELDS))
		finding(v, TPC_E_OBJECT_MAPS, "there is no variable '%s'", TPC_VAR_FIELDS);
	if (any_filter(v, asks_host) && !find_symbol(v, TPC_VAR_HOST_NS))
		finding(v, TPC_E_OBJECT_MAPS, "there is no variable '%s'", TPC_VAR_HOST_NS);
	return check_end(v, "%u variables as the templates make them", n);
}
