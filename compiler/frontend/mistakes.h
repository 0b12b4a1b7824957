// SPDX-License-Identifier: Apache-2.0
/*
 * What people write where something else is meant: collected from published policies. Tables only; the decoder
 * asks them once it knows that something is wrong, so a row never changes what is accepted.
 */
#ifndef TPC_FRONTEND_MISTAKES_H
#define TPC_FRONTEND_MISTAKES_H

#include "frontend/schema.h"
#include "frontend/yaml.h"

struct mistake {
	const char *hint; /* what to write instead, NULL: nothing can be named */
	const char *note; /* a sentence more, or NULL */
	bool whole;	  /* it explains its whole object: what else the object lacks is not worth hearing */
};

/* A field that @owner (by its noun) does not have. @wrong NULL: any other that is like none it has. */
struct mistake_field {
	const char *owner, *wrong;
	struct mistake mistake;
};

/* A word that @words does not have; @right, when it is set, is one that it has. @wrong NULL as above. */
struct mistake_word {
	const struct schema_words *words;
	const char *wrong, *right, *note;
	bool whole;
};

/* Both end with a row of NULLs. */
extern const struct mistake_field mistake_fields[];
extern const struct mistake_word mistake_words[];

/* Each false when nothing is known; @ret's texts live in @a or for ever. @key, @word NULL: of any other. */
bool mistake_in_field(const char *owner, const struct tpc_node *key, struct mistake *ret);
bool mistake_in_word(struct tpc_arena *a, const struct schema_words *words, const struct tpc_node *word,
		     struct mistake *ret);
/* A required field that @owner lacks. */
bool mistake_in_lack(const char *owner, const char *field, struct mistake *ret);
/* @item: @node is an item of the list @f, else its value. */
bool mistake_in_type(struct tpc_arena *a, const struct schema_field *f, bool item,
		     const struct tpc_node *node, struct mistake *ret);

/* Said of a Kubernetes namespace where one of Linux belongs. */
extern const char mistake_kubernetes_namespace[];

#endif
