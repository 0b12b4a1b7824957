// SPDX-License-Identifier: Apache-2.0
/* Reading a compiled object back: ELF through libelf, BTF through libbpf, the manifest through jansson. Input is hostile. */
#ifndef TPC_TOOLCHAIN_OBJECT_H
#define TPC_TOOLCHAIN_OBJECT_H

#include <jansson.h>

#include "base/ctx.h"

/* Larger ones are refused unread. */
#define OBJECT_SIZE_MAX (64U << 20)

struct object_program {
	const char *name, *section;
	uint32_t insns; /* of the program itself, subprograms in .text apart */
};
struct object_map {
	const char *name, *type;
	uint32_t key_size, value_size, max_entries;
};

struct object {
	json_t *manifest;			 /* owned; released by object_done() */
	TPC_VEC(struct object_program) programs; /* in section order */
	TPC_VEC(struct object_map) maps;
	uint32_t text_insns; /* shared subprograms */
	const char *digest;  /* "sha256:…" of the whole file */
	const char *license;
};

/*
 * Reads @data (@len bytes, named @name in diagnostics). 0, or -EINVAL with TPC_E_OBJECT or TPC_E_MANIFEST diagnostics. Every
 * structure is bounded and checked: manifest against docs/manifest.md, its programs against the ELF symbols.
 */
int object_read(struct tpc_ctx *c, const char *name, const void *data, size_t len, struct object *ret);
void object_done(struct object *o);

#endif
