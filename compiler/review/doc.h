// SPDX-License-Identifier: Apache-2.0
/*
 * A document of headings, paragraphs, lists, tables and code, written as Markdown (GitHub's) or as one HTML page. What is
 * passed in is plain text, all of which is escaped, but for two kinds of marks that cannot be in it by accident:
 * text of unknown origin goes through doc_text() or doc_code(), which leave no control characters.
 */
#ifndef TPC_REVIEW_DOC_H
#define TPC_REVIEW_DOC_H

#include "base/buf.h"

#define DOC_BOLD "\001" /* before and behind */
#define DOC_CODE "\002"

struct doc;

struct doc_ops {
	void (*begin)(struct doc *d, const char *title);
	void (*heading)(struct doc *d, unsigned level, const char *text, const char *id); /* level 2, 3 */
	void (*para)(struct doc *d, const char *text); /* within an item: one more paragraph of it */
	/* Items are numbered from @first; 0: they have no numbers. */
	void (*list)(struct doc *d, uint32_t first);
	void (*item)(struct doc *d, const char *text);
	void (*list_end)(struct doc *d);
	void (*table)(struct doc *d, const char *const *heads, uint32_t n);
	void (*row)(struct doc *d, const char *const *cells, uint32_t n);
	void (*table_end)(struct doc *d);
	void (*block)(struct doc *d, const char *text); /* code, also within an item */
	void (*end)(struct doc *d);
};

struct doc {
	const struct doc_ops *ops;
	struct tpc_buf *out;
	struct tpc_arena *arena;
	/* The writers' own. */
	uint32_t nr;	 /* of the next item, 0: without numbers */
	uint32_t indent; /* columns of what belongs to the item */
	bool in_item;
};

extern const struct doc_ops doc_markdown, doc_html;

/* Text of unknown origin, in one line, without control characters. */
const char *doc_text(struct tpc_arena *a, const char *s);
/* The same, marked as code. */
const char *doc_code(struct tpc_arena *a, const char *s);

#endif
