// SPDX-License-Identifier: Apache-2.0
/*
 * The one description of what a TracingPolicy may hold: every field, its type, limits and default, and where
 * it goes in the typed policy. decode.c interprets it; reference pages
 * and the JSON Schema are written from it. Source: the CRD, see policy.h.
 */
#ifndef TPC_FRONTEND_SCHEMA_H
#define TPC_FRONTEND_SCHEMA_H

#include "frontend/policy.h"

enum schema_type {			  /* lands in */
		   SCHEMA_TEXT,		  /* struct tpc_text: a string, nothing else */
		   SCHEMA_INT,		  /* struct tpc_int */
		   SCHEMA_BOOL,		  /* struct tpc_bool */
		   SCHEMA_VALUE,	  /* struct tpc_value: any scalar but null */
		   SCHEMA_WORD,		  /* struct tpc_word: one word of `words` */
		   SCHEMA_OBJECT,	  /* the object's struct itself */
		   SCHEMA_OBJECT_POINTER, /* a pointer to the object's struct, NULL when absent */
		   SCHEMA_LIST,		  /* TPC_LIST of `item` */
		   SCHEMA_TEXT_MAP,	  /* TPC_LIST(struct tpc_pair): any key, text values */
		   SCHEMA_OBJECT_MAP,	  /* TPC_LIST(struct tpc_macro): any key, values are `object` */
		   SCHEMA_ANY,		  /* nowhere: accepted and not looked at */
};

struct schema_word {
	const char *name; /* spelling, exact */
	const char *doc;
};

/* Word number i + 1 of the list's enum is items[i]. */
struct schema_words {
	const char *noun; /* "operator" */
	const struct schema_word *items;
	uint32_t len;
};

struct schema_object;

struct schema_field {
	const char *name;
	uint8_t name_len;
	enum schema_type type;
	enum schema_type item; /* of a SCHEMA_LIST */
	uint16_t offset;       /* in the owner's struct */
	bool required;
	bool not_null; /* a key without a value is a fault, though the field may be absent */
	/* Integers, and those in a list: least and most. Text: most bytes; other lists: most items; 0: no limit. */
	int64_t min, max;
	int64_t fallback; /* value when absent: of integers, booleans (0, 1) and words (their enum) */
	const struct schema_object *object;
	const struct schema_words *words;
	const char *const *texts; /* of a SCHEMA_TEXT that frontend.c checks: what it may be, NULL-terminated */
	const char *doc;	  /* one sentence, for reference pages */
};

struct schema_object {
	const char *noun; /* "kprobe" */
	const char *key;  /* the field that tells one from another in messages, or NULL: "call" */
	uint16_t size;	  /* of the struct */
	uint16_t at;	  /* offset of its span */
	const struct schema_field *fields;
	uint32_t nfields;
	const char *doc;
};

/* A whole document. Everything else is reached from it. */
extern const struct schema_object schema_policy;
/* By enum tpc_policy_kind, NULL-terminated. */
extern const char *const schema_kinds[];

#define SCHEMA_API_VERSION "cilium.io/v1alpha1"

#define SCHEMA_MAX_FIELDS 64 /* of one object */

/* Bytes that one value of @type takes in a list; objects: see the object. */
uint16_t schema_item_size(const struct schema_field *list);
/* "a list of mappings", "an integer", "In or NotIn": what a field, or with @item one value in it, wants. */
const char *schema_wants(struct tpc_arena *a, const struct schema_field *f, bool item);

#endif
