// SPDX-License-Identifier: Apache-2.0
/*
 * Small changes of a policy's text, found by the places of its values, so that comments and layout stay. Each function adds
 * to a finding's edits; false: the place is of a kind that cannot be changed so (an alias, a merged key, a flow
 * collection over several lines), and nothing was added. New text is laid out as its neighbours are.
 */
#ifndef TPC_REVIEW_EDIT_H
#define TPC_REVIEW_EDIT_H

#include "frontend/yaml.h"
#include "review/review.h"

struct edit_tree {
	uint32_t file;
	struct tpc_documents docs;
};
struct edit_trees {
	TPC_VEC(struct edit_tree) list;
};

struct rv;

/* Writes @text in place of the scalar at @scalar. */
bool edit_scalar(struct rv *r, struct rv_finding *f, struct tpc_span scalar, const char *text);
/* Adds the key @text, "syscall: false", behind the entry whose value is at @value; several lines are indented alike. */
bool edit_add_key(struct rv *r, struct rv_finding *f, struct tpc_span value, const char *text);
/* Adds the key @text at the end of the mapping at @map. */
bool edit_append_key(struct rv *r, struct rv_finding *f, struct tpc_span map, const char *text);
/* Removes the entry whose value is at @value, with its key and the lines that it alone has. */
bool edit_drop_key(struct rv *r, struct rv_finding *f, struct tpc_span value);
/* Adds the item @text, without its dash, before or behind the one at @item. */
bool edit_add_item(struct rv *r, struct rv_finding *f, struct tpc_span item, bool before, const char *text);
/* Removes the item at @item of a list; with it the list's key when it was the only one. */
bool edit_drop_item(struct rv *r, struct rv_finding *f, struct tpc_span item);

/* @text of source @file with @edits, which neither overlap nor touch the same empty place; sorted by place. */
const char *edit_apply(struct tpc_ctx *c, uint32_t file, const struct rv_edit *edits, uint32_t n);
/* The same of the text at @at, which all edits lie in. */
const char *edit_apply_in(struct tpc_ctx *c, struct tpc_span at, const struct rv_edit *edits, uint32_t n);

#endif
