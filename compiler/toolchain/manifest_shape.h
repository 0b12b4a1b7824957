// SPDX-License-Identifier: Apache-2.0
/* Checking a JSON object against a table of its keys. */
#ifndef TPC_TOOLCHAIN_MANIFEST_SHAPE_H
#define TPC_TOOLCHAIN_MANIFEST_SHAPE_H

#include "toolchain/object_internal.h"

enum shape_type { SHAPE_STRING, SHAPE_INT, SHAPE_BOOL, SHAPE_ARRAY, SHAPE_OBJECT };

struct shape_key {
	const char *name; /* NULL: end of the table */
	enum shape_type type;
	bool optional;
	int64_t lo, hi;		  /* INT: the range; STRING: most bytes in hi; ARRAY: how many items */
	const char *const *words; /* STRING: the only ones allowed, NULL-terminated */
};

#define SHAPE_STR(n, max) { .name = (n), .type = SHAPE_STRING, .hi = (max) }
#define SHAPE_STR_OPT(n, max) { .name = (n), .type = SHAPE_STRING, .hi = (max), .optional = true }
#define SHAPE_WORD(n, w) { .name = (n), .type = SHAPE_STRING, .hi = 64, .words = (w) }
#define SHAPE_WORD_OPT(n, w) { .name = (n), .type = SHAPE_STRING, .hi = 64, .words = (w), .optional = true }
#define SHAPE_NUM(n, l, h) { .name = (n), .type = SHAPE_INT, .lo = (l), .hi = (h) }
#define SHAPE_NUM_OPT(n, l, h) { .name = (n), .type = SHAPE_INT, .lo = (l), .hi = (h), .optional = true }
#define SHAPE_FLAG_OPT(n) { .name = (n), .type = SHAPE_BOOL, .optional = true }
#define SHAPE_LIST(n, l, h) { .name = (n), .type = SHAPE_ARRAY, .lo = (l), .hi = (h) }
#define SHAPE_LIST_OPT(n, l, h) { .name = (n), .type = SHAPE_ARRAY, .lo = (l), .hi = (h), .optional = true }
#define SHAPE_OBJ(n) { .name = (n), .type = SHAPE_OBJECT }
#define SHAPE_OBJ_OPT(n) { .name = (n), .type = SHAPE_OBJECT, .optional = true }

/*
 * Every key of @j is in @keys (unless @lenient), has its type and lies in its range; none that is required
 * is missing. Else false and a diagnostic that names the place: "hooks[2].args[0].abi: …".
 */
bool shape_check(struct object_reader *r, const char *where, json_t *j, const struct shape_key *keys,
		 bool lenient);
/* Every item of @list is a string of at most @max bytes. A NULL list is an empty one. */
bool shape_strings(struct object_reader *r, const char *where, json_t *list, size_t max);

/* Of a checked object: the text or number of a key, NULL or 0 where it is absent. */
const char *shape_str(const json_t *j, const char *key);
int64_t shape_int(const json_t *j, const char *key);

#endif
