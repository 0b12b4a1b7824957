// SPDX-License-Identifier: Apache-2.0
/* What a person says about what the policies are for: review.md's brief, a YAML file. */
#ifndef TPC_REVIEW_BRIEF_H
#define TPC_REVIEW_BRIEF_H

#include "review/knowledge.h"

enum brief_siem {
	BRIEF_SIEM_NONE,
	BRIEF_SPLUNK,
	BRIEF_ELASTIC,
	BRIEF_SENTINEL,
	BRIEF_CHRONICLE,
	BRIEF_GENERIC
};
/* As enum know_appetite, + 1. */
enum brief_appetite { BRIEF_APPETITE_NONE, BRIEF_OBSERVE, BRIEF_ALERT, BRIEF_BLOCK };

struct brief_workload {
	struct tpc_text name;
	struct tpc_text ns;
	TPC_LIST(struct tpc_pair) labels;
	TPC_LIST(struct tpc_text) binaries;
	struct tpc_bool latency_sensitive;
	struct tpc_span at;
};

/* A finding that a person takes responsibility for, beside `# tpc:ignore` in the policies. */
struct brief_accept {
	struct tpc_text code;
	struct tpc_text policy; /* name; absent: of all */
	struct tpc_text reason;
	struct tpc_span at;
};

struct brief {
	TPC_LIST(struct brief_workload) workloads;
	TPC_LIST(struct tpc_text) threats; /* ids or groups of the threat library */
	struct tpc_word appetite;	   /* enum brief_appetite; 0: as the policies are */
	TPC_LIST(struct tpc_text) agents;  /* on these nodes, beside what every node has */
	struct tpc_word siem;		   /* enum brief_siem */
	TPC_LIST(struct tpc_text) kernels; /* "5.15" */
	TPC_LIST(struct brief_accept) accept;
	struct tpc_span at;
};

/* Reads source @file; faults are diagnostics in @c. @ret is whole, and empty where nothing was said. */
void brief_read(struct tpc_ctx *c, uint32_t file, struct brief *ret);
/* Threats, agents and checks that the brief names and that are not known become diagnostics in @c. */
void brief_check(struct tpc_ctx *c, const struct brief *b, const struct knowledge *k);
/* Does it name the threat, or the group that it is of? */
bool brief_asks_for(const struct brief *b, const struct know_threat *t);

#endif
