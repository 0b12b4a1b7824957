// SPDX-License-Identifier: Apache-2.0
/* Source of the labels and their words: bpfman's docs/developer-guide/shipping-bytecode.md, and its types.rs. */
#include <stdlib.h>
#include <string.h>

#include "cli/bundle.h"

/* "fentry" of "fentry/fd_install": libbpf allows a '?' before it. */
static const char *program_word(struct tpc_arena *a, const char *section)
{
	section += *section == '?';
	if (!strncmp(section, "tp/", 3))
		return "tracepoint";
	return tpc_strndup(a, section, strcspn(section, "/"));
}

static const char *map_word(struct tpc_arena *a, const char *type)
{
	return strncmp(type, "percpu_", 7) ? type : tpc_sprintf(a, "per_cpu_%s", type + 7);
}

const char *bundle_program_label(struct tpc_arena *a, const struct object *o)
{
	struct image_pair *pairs = tpc_new_array(a, struct image_pair, o->programs.len);

	for (uint32_t i = 0; i < o->programs.len; i++)
		pairs[i] = (struct image_pair){ o->programs.items[i].name,
						program_word(a, o->programs.items[i].section) };
	return image_label(a, pairs, o->programs.len);
}

const char *bundle_map_label(struct tpc_arena *a, const struct object *o)
{
	struct image_pair *pairs = tpc_new_array(a, struct image_pair, o->maps.len);

	for (uint32_t i = 0; i < o->maps.len; i++)
		pairs[i] = (struct image_pair){ o->maps.items[i].name, map_word(a, o->maps.items[i].type) };
	return image_label(a, pairs, o->maps.len);
}

const char *bundle_manifest_label(struct tpc_arena *a, const struct object *o)
{
	char *text = json_dumps(o->manifest, JSON_COMPACT | JSON_PRESERVE_ORDER);
	const char *ret = text ? tpc_strdup(a, text) : NULL;

	free(text);
	return ret;
}

const char *bundle_object_arch(const struct object *o)
{
	const char *arch = json_string_value(json_object_get(o->manifest, "arch"));

	return arch ? bundle_arch(arch) : NULL;
}
