// SPDX-License-Identifier: Apache-2.0
/*
 * Policies under test: cases in YAML say what a process does and what the policy must make of it; recorded events
 * say what processes did. Both are judged by the reference evaluator, over the rules as they were lowered and over
 * what the optimizer made of them, which must agree. Nothing is guessed: what a decision needs and nobody says is
 * a diagnostic of a case, and "unknown" of an event.
 *
 * Everything lives in the compilation's arena.
 */
#ifndef TPC_PTEST_PTEST_H
#define TPC_PTEST_PTEST_H

#include <stdio.h>

#include "ir/ir.h"

struct ptest_bpf;

/* The same policies twice: as ir_lower() gave them, and after the passes. */
struct ptest_units {
	const struct ir_unit *lowered, *optimised;
	struct ptest_bpf *bpf; /* cases run there too; NULL: they do not */
};

enum ptest_status {
	PTEST_GOOD,	 /* all is as expected */
	PTEST_DIFFERS,	 /* something is not; ptest_outcome.why says what */
	PTEST_UNDECIDED, /* the case is wrong, or does not say enough; diagnostics say what */
};

enum ptest_bpf_status {
	PTEST_BPF_UNASKED,
	PTEST_BPF_RAN,	   /* it did as the evaluator says */
	PTEST_BPF_NOT_RUN, /* bpf_why says why */
	PTEST_BPF_DIFFERS, /* and so does the case */
};

struct ptest_outcome {
	const char *name, *hook;
	enum ptest_status status;
	const char *why; /* the first difference; NULL unless it differs */
	enum ptest_bpf_status bpf;
	const char *bpf_ran; /* names of the BPF programs that ran it, or NULL */
	const char *bpf_why; /* the difference, or why it, or one of its programs, did not run; or NULL */
	struct tpc_span at;  /* the case */
};

/* One thing that cases should have shown. */
enum ptest_point_kind {
	PTEST_SELECTOR,	    /* the selector decided */
	PTEST_VALUE,	    /* one value of a filter held, and the rest of the selector with it */
	PTEST_MISS,	    /* none of a filter's values held, and the rest of the selector did */
	PTEST_SCOPE_INSIDE, /* the workload is one that the policy is for */
	PTEST_SCOPE_OUTSIDE,
};

struct ptest_point {
	enum ptest_point_kind kind;
	uint32_t policy, selector; /* position in the unit; in the hook */
	const char *hook;
	const char *what; /* "argument 0 (int) is 5"; of selectors their label or NULL */
	struct tpc_span at;
	uint32_t hits;
};

struct ptest_result {
	TPC_VEC(struct ptest_outcome) outcomes;
	TPC_VEC(struct ptest_point) points;
	uint32_t counts[PTEST_UNDECIDED + 1], bpf_counts[PTEST_BPF_DIFFERS + 1];
	uint32_t ncovered; /* points with hits */
};

/* Runs the cases of source @file. What is wrong with them becomes diagnostics. */
void ptest_run(struct tpc_ctx *c, const struct ptest_units *u, uint32_t file, struct ptest_result *ret);
/* In percent, rounded down; 100 where there is nothing to cover. */
uint32_t ptest_coverage(const struct ptest_result *r);
/* A warning for each selector that no case reached. */
void ptest_warn_unreached(struct tpc_ctx *c, const struct ptest_result *r);

struct ptest_code { /* of tpc_emit_cases() and tpc_emit_manifest() */
	const void *object;
	size_t len;
	const char *manifest;
};

/*
 * Code made of the optimised unit @u in the running kernel, loaded program by program as cases need them. 0, or -errno
 * after a diagnostic: -EPERM where this process may not. All of them must outlive it.
 */
int ptest_bpf_open(struct tpc_ctx *c, const struct ir_unit *u, const struct ptest_code *code,
		   struct ptest_bpf **ret);
/* One that runs nothing, for there is no such code: each case says @why. */
struct ptest_bpf *ptest_bpf_none(struct tpc_ctx *c, const char *why);
void ptest_bpf_close(struct ptest_bpf *b);

/* Texts; @coverage adds what was covered. */
enum ptest_format { PTEST_TEXT, PTEST_TAP, PTEST_JUNIT, PTEST_JSON };
void ptest_print(struct tpc_ctx *c, const struct ptest_units *u, const struct ptest_result *r,
		 enum ptest_format format, bool coverage, struct tpc_buf *out);

/*
 * The text of source @file with each expectation that is not met made what the policy does, all else as it was, into
 * @out. Gives how many were changed; *@ret_left: how many could not be, each of which a diagnostic names.
 */
uint32_t ptest_update(struct tpc_ctx *c, const struct ptest_units *u, uint32_t file, struct tpc_buf *out,
		      uint32_t *ret_left);

/* A JSON Schema of files of cases, draft-07. */
void ptest_print_schema(struct tpc_arena *a, FILE *out);

/* ---- recorded events ---- */
enum ptest_fate {
	PTEST_NO_HOOK, /* none of the policies' hooks sees it */
	PTEST_NO_MATCH,
	PTEST_MATCH,
	PTEST_UNKNOWN, /* the event does not carry what the decision needs */
	PTEST_BAD,     /* no event that can be read; a diagnostic says why */
};

struct ptest_replayed { /* what one hook of one policy makes of an event */
	uint32_t line;
	enum ptest_fate fate;
	const char *hook, *policy, *binary, *workload; /* each may be NULL */
	uint32_t selector;			       /* from 1; MATCH */
	const struct ir_rule *rule;		       /* MATCH */
	bool at_return;				       /* the decision of the function's return */
	bool monitor;				       /* its enforcement is elided */
	const char *missing;			       /* UNKNOWN: what the event does not carry */
};

struct ptest_replay {
	TPC_VEC(struct ptest_replayed) events;
	uint32_t nlines, counts[PTEST_BAD + 1];
};

/* Judges each line of @text. What is no event becomes a diagnostic, at most a few of them. */
void ptest_replay(struct tpc_ctx *c, const struct ptest_units *u, const char *name, const char *text,
		  size_t len, struct ptest_replay *ret);
void ptest_print_replay(struct tpc_ctx *c, const struct ptest_replay *r, enum ptest_format format,
			struct tpc_buf *out);

#endif
