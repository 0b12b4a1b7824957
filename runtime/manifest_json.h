/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading JSON with strict types. A reader remembers the first fault, so a caller asks for many members and
 * looks
 * once. Everything that it gives lives in the manifest's pool.
 */
#ifndef TPC_RT_MANIFEST_JSON_H
#define TPC_RT_MANIFEST_JSON_H

#include <jansson.h>

#include "manifest.h"

struct reader {
	struct manifest *m;
	struct rt_error *e;
	int err;	 /* 0, or -errno of the first fault */
	char where[128]; /* "hooks[3].args[1]" */
};

/* Notes a fault at member @key of the current place; always gives false. */
bool reader_bad(struct reader *r, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Goes down into item @i of @key (below 0: into the object @key) and comes up again. */
struct reader_place {
	char was[128];
};
void reader_enter(struct reader *r, const char *key, long i, struct reader_place *p);
void reader_leave(struct reader *r, const struct reader_place *p);

/* Each needs member @key unless "opt": then an absent member gives @def, false or NULL. */
const char *read_text(struct reader *r, const json_t *obj, const char *key);
const char *read_text_opt(struct reader *r, const json_t *obj, const char *key);
int64_t read_int(struct reader *r, const json_t *obj, const char *key, int64_t min, int64_t max);
int64_t read_int_opt(struct reader *r, const json_t *obj, const char *key, int64_t min, int64_t max,
		     int64_t def);
bool read_bool_opt(struct reader *r, const json_t *obj, const char *key);
const json_t *read_object(struct reader *r, const json_t *obj, const char *key);
/* One of @names (ends with NULL): its position. */
unsigned read_word(struct reader *r, const json_t *obj, const char *key, const char *const names[]);

/*
 * The list @key: calls @item for each object in it with a slot of @size bytes in the array @ret, and counts
 * into
 * @n. @min items at least; with @min 0 the list may be absent.
 */
typedef void read_item(struct reader *r, const json_t *obj, void *slot);
void *read_list(struct reader *r, const json_t *obj, const char *key, size_t min, size_t size,
		read_item *item, size_t *n);
/* A list of strings; may be absent. */
const char **read_texts(struct reader *r, const json_t *obj, const char *key, size_t *n);

/* manifest_hooks.c, manifest_programs.c */
void read_hook(struct reader *r, const json_t *obj, void *slot);
void read_program(struct reader *r, const json_t *obj, void *slot);
void read_tracker(struct reader *r, const json_t *obj, void *slot);
void read_field(struct reader *r, const json_t *obj, void *slot);

#endif
