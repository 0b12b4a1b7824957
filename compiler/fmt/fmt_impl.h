// SPDX-License-Identifier: Apache-2.0
/* What the files of the formatter share. */
#ifndef TPC_FMT_FMT_IMPL_H
#define TPC_FMT_FMT_IMPL_H

#include "base/vec.h"
#include "fmt/fmt.h"

enum fmt_kind {
	FMT_KEY, /* begins a key; has no bytes when the key is not explicit ('?') */
	FMT_VALUE,
	FMT_ENTRY,	/* '-' */
	FMT_LIST_START, /* of block collections: without bytes */
	FMT_MAP_START,
	FMT_BLOCK_END,
	FMT_FLOW_START,
	FMT_FLOW_END,
	FMT_ALIAS,
	FMT_WORD,  /* anchor, tag, ',': kept as it is */
	FMT_PLAIN, /* scalars */
	FMT_QUOTED,
	FMT_BLOCK,  /* | or > */
	FMT_MARKER, /* --- ... and directives: at column 0 */
	FMT_END,
};

struct fmt_token {
	enum fmt_kind kind;
	uint32_t off, end; /* bytes of the source */
};

struct fmt_tokens {
	struct fmt_token *items;
	uint32_t len, cap;
};

/*
 * All tokens of source @file, the last is FMT_END. The file must be one that tpc_yaml_read() took.
 * false: there is no memory, or libyaml thinks otherwise now.
 */
bool fmt_read_tokens(struct tpc_ctx *c, uint32_t file, struct fmt_tokens *ret);

/* Whether two texts are the same YAML (events, styles, anchors, tags, values) and the same bytes but white space. */
bool fmt_same(const char *a, size_t alen, const char *b, size_t blen);

#define FMT_MAX_BLOCKS 128 /* open block collections; the front end takes no more than 64 levels */

/* An open block collection: its column in the source and in the result. */
struct fmt_block {
	bool list;
	bool bare; /* a list at its key's column: no token starts or ends it */
	uint32_t old_col, new_col;
};

struct fmt {
	const char *text;
	uint32_t len;
	struct tpc_buf *out;
	size_t line_start; /* of the last line of @out */
	struct fmt_block blocks[FMT_MAX_BLOCKS];
	uint32_t depth;
	uint32_t flow;	    /* open flow collections */
	int32_t line_shift; /* columns that the present block line moved to the right */
	uint32_t item_col; /* source column of the outermost flow collection or scalar that may go on below */
	int32_t item_shift; /* and how far it moved */
	bool too_deep;
};

/* Columns count bytes: what stands before a structural token is ASCII, or does not matter. */
uint32_t fmt_column(const struct fmt *f, uint32_t off);
uint32_t fmt_new_column(const struct fmt *f);
void fmt_newline(struct fmt *f);
void fmt_spaces(struct fmt *f, uint32_t n);
/* Where a line goes that continues the present value and stood at @col; at least at @least. */
uint32_t fmt_continued(const struct fmt *f, uint32_t col, uint32_t least);
/* The column of the innermost open block collection in the result, 0 when there is none. */
uint32_t fmt_base(const struct fmt *f);

/* A line of the source: its text without line end; how many spaces and tabs it starts with. */
struct fmt_line {
	uint32_t off, end; /* without the line end */
	uint32_t next;	   /* behind the line end */
	uint32_t text;	   /* first byte that is neither space nor tab, or end */
};
struct fmt_line fmt_line_at(const struct fmt *f, uint32_t off, uint32_t limit);

/* scalar_lines.c: plain and quoted scalars; block scalars. The latter gives the byte where the source goes on. */
void fmt_put_flow_scalar(struct fmt *f, const struct fmt_token *t);
uint32_t fmt_put_block_scalar(struct fmt *f, const struct fmt_token *t);

#endif
