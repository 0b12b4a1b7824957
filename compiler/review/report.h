// SPDX-License-Identifier: Apache-2.0
/* What a review gives out: one set of facts, in four formats, each stable: the same facts give the same bytes. */
#ifndef TPC_REVIEW_REPORT_H
#define TPC_REVIEW_REPORT_H

#include "base/buf.h"
#include "review/missing.h"
#include "review/review.h"
#include "review/rollout.h"
#include "review/routing.h"

struct report {
	const struct review *given; /* of the policies as they came */
	/* What the next three are made of: the review of the corrected texts; they may be NULL when that could not be. */
	const struct review *fixed;
	const struct rollout *rollout;
	const struct routing *routing;
	struct missing missing; /* policies for what no rule of @given sees */
	uint32_t nmends;	/* findings of @given that the corrected texts mend */
	bool in_folder;		/* corrected/, missing/, stages/ and routing/ are written beside it */
};

void report_markdown(const struct report *p, struct tpc_buf *out);
void report_html(const struct report *p, struct tpc_buf *out); /* one page, self-contained */
/* As docs/review.schema.json says. 0 or -ENOMEM. */
int report_json(const struct report *p, struct tpc_buf *out);
/* SARIF 2.1.0. 0 or -ENOMEM. */
int report_sarif(const struct report *p, struct tpc_buf *out);

/* ---- report.c: facts that several formats have ---- */
/* "every process of every node": whom a policy may hit. */
const char *report_scope(struct tpc_arena *a, const struct rv_policy *p);
/* Why a finding matters: the check's row, or the page of the compiler's code; NULL: neither has it. */
const char *report_why(const struct review *r, const struct rv_finding *f);
/* Shell that puts @p, as it is named, into monitor mode in every agent; NULL: its name is none of Kubernetes. */
const char *report_back(struct tpc_arena *a, const struct rv_policy *p);

#endif
