// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>

#include "cli/inspect.h"

static json_t *programs(const struct object *o)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < o->programs.len; i++) {
		const struct object_program *p = &o->programs.items[i];

		json_array_append_new(list, json_pack("{s:s, s:s, s:I}", "name", p->name, "section",
						      p->section, "insns", (json_int_t)p->insns));
	}
	return list;
}

static json_t *maps(const struct object *o)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < o->maps.len; i++) {
		const struct object_map *m = &o->maps.items[i];
		struct inspect_memory mem = inspect_map_memory(m);

		json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:s}", "name", m->name,
						      "type", m->type, "key_size", (json_int_t)m->key_size,
						      "value_size", (json_int_t)m->value_size, "max_entries",
						      (json_int_t)m->max_entries, "bytes",
						      (json_int_t)mem.bytes, "per",
						      mem.per_cpu  ? "cpu" :
						      mem.per_task ? "task" :
								     "object"));
	}
	return list;
}

void inspect_json(const struct inspected *in, FILE *to)
{
	const struct object *o = &in->object;
	json_t *j = json_object();

	/* A path that is not UTF-8 has no place in JSON: it is left out. */
	json_object_set_new(j, "object", json_string(in->path));
	if (in->image)
		json_object_set_new(j, "image", inspect_image_json(in->image));
	json_object_set_new(j, "size", json_integer((json_int_t)in->size));
	json_object_set_new(j, "digest", json_string(o->digest));
	json_object_set_new(j, "license", json_string(o->license));
	json_object_set_new(j, "programs", programs(o));
	json_object_set_new(j, "text_insns", json_integer(o->text_insns));
	json_object_set_new(j, "maps", maps(o));
	json_object_set(j, "manifest", o->manifest);
	json_dumpf(j, to, JSON_COMPACT | JSON_PRESERVE_ORDER);
	fputc('\n', to);
	json_decref(j);
}
