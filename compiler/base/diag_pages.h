// SPDX-License-Identifier: Apache-2.0
/* What there is to say about each code: docs/codes/TPCnnn.md, embedded by scripts/embed_pages.py. */
#ifndef TPC_BASE_DIAG_PAGES_H
#define TPC_BASE_DIAG_PAGES_H

#include "base/diag.h"

struct tpc_diag_page {
	const char *id;	     /* "TPC203" */
	const char *summary; /* one sentence */
	const char *mend;    /* Markdown: what to do about it */
	const char *text;    /* the whole page, Markdown */
};

/* Sorted by id; the last one has none. */
extern const struct tpc_diag_page tpc_diag_pages[];

/* NULL when the code has no page, which a test does not allow. */
const struct tpc_diag_page *tpc_diag_page(enum tpc_diag_code code);
/* The code that a person calls "TPC203", "tpc203", "203" or "unknown-field"; TPC_CODE_MAX: none. */
enum tpc_diag_code tpc_diag_code_find(const char *name);

#endif
