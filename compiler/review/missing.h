// SPDX-License-Identifier: Apache-2.0
/* Policies to add: one for each threat of the brief that no rule sees, as `tpc new` writes them. */
#ifndef TPC_REVIEW_MISSING_H
#define TPC_REVIEW_MISSING_H

#include "review/review.h"

struct missing_policy {
	const struct know_threat *threat;
	const char *path; /* "missing/shadow-read.yaml" */
	const char *yaml; /* NULL: there is none, and @why says why */
	const char *why;
};

struct missing {
	TPC_VEC(struct missing_policy) list; /* as review.uncovered */
};

/*
 * As far as the brief's appetite goes (alert where it has none), with exemptions of its agents; a threat that is looked for
 * in namespaces one names gets that of the brief's workloads, when they have one. Lives in @r's arena and the knowledge's.
 */
void missing_policies(const struct review *r, struct missing *ret);

#endif
