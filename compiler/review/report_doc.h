// SPDX-License-Identifier: Apache-2.0
/* What the files share that write the report for people, as Markdown or HTML. */
#ifndef TPC_REVIEW_REPORT_DOC_H
#define TPC_REVIEW_REPORT_DOC_H

#include "review/doc.h"
#include "review/report.h"

struct page {
	struct doc d;
	const struct report *p;
	const struct review *r; /* p->given */
	struct tpc_arena *a;
	TPC_VEC(const char *) explained; /* codes whose why was said */
};

__attribute__((format(printf, 2, 3))) void page_para(struct page *g, const char *fmt, ...);
__attribute__((format(printf, 2, 3))) void page_item(struct page *g, const char *fmt, ...);

/* Text of unknown origin in one line, without a period. */
const char *page_sentence(struct page *g, const char *s);

void page_rollout(struct page *g); /* report_rollout.c */
void page_routing(struct page *g); /* the same */

#endif
