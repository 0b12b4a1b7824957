// SPDX-License-Identifier: Apache-2.0
/* "Did you mean": the nearest of a set of names. */
#ifndef TPC_BASE_SUGGEST_H
#define TPC_BASE_SUGGEST_H

#include <stdbool.h>
#include <stdint.h>

/* Usage: TPC_SUGGEST(wrong), tpc_suggest_try() with each right name, then read best. */
struct tpc_suggest {
	const char *wrong;
	uint32_t len;
	unsigned most;	  /* letters that may differ; 0: a third of the longer name */
	const char *best; /* NULL: nothing near enough */
	unsigned distance;
};

#define TPC_SUGGEST(text, length) ((struct tpc_suggest){ .wrong = (text), .len = (length) })

void tpc_suggest_try(struct tpc_suggest *s, const char *name);

/* Equal but for the case of ASCII letters. */
bool tpc_same_but_case(const char *a, uint32_t alen, const char *b, uint32_t blen);

#endif
