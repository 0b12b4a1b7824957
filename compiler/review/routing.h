// SPDX-License-Identifier: Apache-2.0
/*
 * What of the rules' events reaches a SIEM, how bad it is, and the configuration that makes it so: Tetragon's export filters,
 * a log shipper's filter that adds four fields, and rules for the SIEM of the brief that look at these. Facts about Tetragon:
 * api/v1/tetragon/{tetragon,events}.proto, pkg/filters, install/kubernetes/tetragon/values.yaml at 4fbfe2d74ecb.
 */
#ifndef TPC_REVIEW_ROUTING_H
#define TPC_REVIEW_ROUTING_H

#include "review/review.h"

/* Events of one hook: its rules cannot be told apart in them. */
struct rt_route {
	const struct rv_hook *hook;
	const char *event; /* "process_lsm" */
	const char
		*function; /* what its function_name (of tracepoints "SUBSYS/EVENT") is; NULL: not compared */
	enum know_level severity; /* the worst of the threats that its rules see */
	const char *why;	  /* threats, by comma */
	bool silent;		  /* no rule posts */
};

struct rt_file {
	const char *path; /* "splunk/savedsearches.conf" */
	const char *text;
	const char *about;
};

struct routing {
	TPC_VEC(struct rt_route) routes;
	TPC_VEC(struct rt_file) files;
};

/* Names of metadata.name in every stage, so that routing need not change with it. Lives in @r's arena; NULL: no memory. */
const struct routing *routing_plan(const struct review *r);

extern const char *const rt_levels[]; /* by enum know_level: "low" … "critical" */
/* Fields of an event that an alert should carry, and why, ends with NULL. */
struct rt_field {
	const char *name, *why;
};
extern const struct rt_field rt_fields[];

#endif
