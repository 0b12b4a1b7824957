// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of tpc inspect. */
#ifndef TPC_CLI_INSPECT_H
#define TPC_CLI_INSPECT_H

#include "cli/bundle.h"
#include "toolchain/object.h"

struct inspected {
	const char *path;
	size_t size;
	struct object object;
	const struct bundle_image *image; /* that the object is in, or NULL */
};

/* Bytes a map takes in the kernel, its own bookkeeping apart. */
struct inspect_memory {
	uint64_t bytes;
	bool per_cpu;  /* times the number of CPUs */
	bool per_task; /* times the number of tasks that have an entry */
};
struct inspect_memory inspect_map_memory(const struct object_map *map);
/* Instructions of program @name of the object, 0 when it has none of that name. */
uint32_t inspect_insns(const struct object *o, const char *name);

/* ---- inspect_bundle.c: what an archive adds ---- */
/* Says where an image's own words are not the object's. False: an error was among it. */
bool inspect_check_image(struct tpc_ctx *c, const struct inspected *in);
void inspect_image_text(const struct inspected *in, FILE *to);
json_t *inspect_image_json(const struct bundle_image *image);

/* What the object would do, for people. */
void inspect_text(const struct inspected *in, FILE *to);
/* The same for programs: one JSON object, one line. */
void inspect_json(const struct inspected *in, FILE *to);

#endif
