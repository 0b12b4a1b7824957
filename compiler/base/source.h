// SPDX-License-Identifier: Apache-2.0
/* Input texts and places in them. A place is a span of bytes; line and column are computed only to be shown. */
#ifndef TPC_BASE_SOURCE_H
#define TPC_BASE_SOURCE_H

#include "base/arena.h"
#include "base/vec.h"

struct tpc_span {
	uint32_t file;	   /* index into tpc_sources + 1; 0: nowhere */
	uint32_t off, len; /* bytes */
};

#define TPC_NOWHERE ((struct tpc_span){ 0 })

struct tpc_source {
	const char *name; /* as the user gave it, shown in diagnostics */
	const char *text; /* NUL-terminated copy */
	uint32_t len;
	uint32_t *line_off; /* offset of each line's first byte; built on first use */
	uint32_t nlines;
};

struct tpc_sources {
	struct tpc_arena *arena;
	TPC_VEC(struct tpc_source) files;
};

/* Copies @text (at most UINT32_MAX - 1 bytes) and gives the file number for spans. */
uint32_t tpc_source_add(struct tpc_sources *s, const char *name, const char *text, size_t len);
/* NULL for file 0 or an unknown one. Valid until the next tpc_source_add(). */
struct tpc_source *tpc_source_get(struct tpc_sources *s, uint32_t file);

struct tpc_place {
	const char *file;
	uint32_t line, col;	    /* 1-based; col counts characters (UTF-8 code points), a tab is one */
	const char *line_text;	    /* not terminated */
	uint32_t line_len, col_off; /* bytes */
};
/* false when @at is nowhere. */
bool tpc_source_place(struct tpc_sources *s, struct tpc_span at, struct tpc_place *ret);
/* 1-based line of @at, 0 when nowhere. */
uint32_t tpc_source_line(struct tpc_sources *s, struct tpc_span at);

#endif
