// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of the object reader; nobody else includes it. */
#ifndef TPC_TOOLCHAIN_OBJECT_INTERNAL_H
#define TPC_TOOLCHAIN_OBJECT_INTERNAL_H

#include "toolchain/object.h"

/* Where a complaint about an object is added. An object has no lines: its name leads the message. */
struct object_reader {
	struct tpc_ctx *c;
	const char *name;
	struct object *o;
};

/* Both add a diagnostic and give false, so that a check can end in "return object_bad(…)". */
bool object_bad(struct object_reader *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool manifest_bad(struct object_reader *r, const char *where, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* ---- object_maps.c: r->o->maps from the BTF of section .maps ---- */
bool object_read_maps(struct object_reader *r, const void *btf, size_t len);

/* ---- manifest.c: r->o->manifest from the bytes of section .tpc.manifest ---- */
bool manifest_read(struct object_reader *r, const char *text, size_t len);

#endif
