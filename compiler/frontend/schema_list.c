// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "frontend/schema_print.h"

const char *schema_name(const struct schema_list *all, const struct schema_object *o)
{
	const struct schema_entry *e;

	tpc_vec_foreach (e, &all->entries)
		if (e->object == o)
			return e->name;
	return NULL;
}

static bool is_taken(const struct schema_list *all, const char *name)
{
	const struct schema_entry *e;

	tpc_vec_foreach (e, &all->entries)
		if (!strcmp(e->name, name))
			return true;
	return false;
}

/* Two objects may share a noun: the second is called after the one that holds it. */
static void add(struct tpc_arena *a, struct schema_list *all, const struct schema_object *o,
		const char *owner)
{
	const char *name = o->noun;

	if (schema_name(all, o))
		return;
	if (is_taken(all, name))
		name = tpc_sprintf(a, "%s %s", owner, name);
	*tpc_vec_push(a, &all->entries) = (struct schema_entry){ .object = o, .name = name };
}

void schema_list_of(struct tpc_arena *a, const struct schema_object *const *roots, struct schema_list *ret)
{
	*ret = (struct schema_list){ 0 };
	for (; *roots; roots++)
		add(a, ret, *roots, "");
	for (uint32_t i = 0; i < ret->entries.len; i++) {
		const struct schema_entry owner = ret->entries.items[i]; /* items move as they grow */

		for (uint32_t k = 0; k < owner.object->nfields; k++)
			if (owner.object->fields[k].object)
				add(a, ret, owner.object->fields[k].object, owner.name);
	}
}

void schema_list(struct tpc_arena *a, struct schema_list *ret)
{
	schema_list_of(a, (const struct schema_object *const[]){ &schema_policy, NULL }, ret);
}
