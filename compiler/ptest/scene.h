// SPDX-License-Identifier: Apache-2.0
/*
 * What is known of one event: facts about the process and values of the hook's arguments, each known or not. decide.c
 * asks the evaluator about it, and bpf_run.c the kernel. Knows nothing of how a case is written.
 */
#ifndef TPC_PTEST_SCENE_H
#define TPC_PTEST_SCENE_H

#include "ptest/ptest.h"

struct pt_expect;

/* ---- what is known ---- */
struct pt_datum {
	bool known;
	struct ir_input_value in;
};

#define PT_NUMBER(n) ((struct pt_datum){ .known = true, .in = { .num = (n) } })
#define PT_TEXT(s, n) ((struct pt_datum){ .known = true, .in = { .bytes = (s), .len = (n) } })
#define PT_ABSENT ((struct pt_datum){ .known = true, .in = { .absent = true } })

/* An argument: itself, and what is looked at of it. */
struct pt_arg {
	struct pt_datum main, facets[IR_FACET_MAX];
};

struct pt_relative {
	struct pt_datum pid, nspid, binary;
};

struct pt_facts {
	struct pt_relative self;
	TPC_VEC(struct pt_relative) ancestors; /* the parent first */
	bool all_ancestors;		       /* there are no more */
	struct pt_datum namespaces[IR_NAMESPACES_MAX], ns_changes;
	bool host_ns[IR_NAMESPACES_MAX]; /* of those known: it is the host's */
	struct pt_datum caps[IR_CAPS_MAX], cap_changes[IR_CAPS_MAX];
	bool workload_known;
	bool no_repo; /* but for its container's repository */
	struct ir_input_workload workload;
};

/* One event at one program. */
struct pt_scene {
	struct tpc_ctx *c;
	const struct ir_unit *u;
	const struct ir_program *p;
	const struct pt_facts *facts;
	struct pt_datum *values; /* one an ir_value of the program */
	struct ir_input in;	 /* the same for the evaluator: what is not known is absent */
};

/* ---- scene.c ---- */
/* @args: one an ir_value of the program, looked at where the value is an argument. */
void pt_scene_init(struct pt_scene *s, struct tpc_ctx *c, const struct ir_unit *u, const struct ir_program *p,
		   const struct pt_facts *facts, const struct pt_arg *args);
/* Is it read at the hook: an argument, a field, a register, what a resolve leads to, the return value? */
bool pt_is_arg(const struct ir_value *v);
/* "argument 1 (file)", "'daddr' of argument 0 (sock)", "the process's binary" */
const char *pt_describe_value(struct tpc_arena *a, const struct ir_program *p, uint32_t value);

/* ---- decide.c ---- */
enum pt_truth { PT_NO, PT_YES, PT_MAYBE };
enum pt_outcome { PT_NOTHING, PT_FIRES, PT_UNSURE };

struct pt_decision {
	enum pt_outcome outcome;
	uint32_t rule;	     /* FIRES: index into the chain's rules */
	const char *missing; /* UNSURE: what would have to be known */
};

enum pt_truth pt_ask(const struct pt_scene *s, const struct ir_pred *pred);
enum pt_truth pt_in_scope(const struct pt_scene *s, const struct ir_chain *ch);
void pt_decide(const struct pt_scene *s, const struct ir_chain *ch, bool at_return, struct pt_decision *ret);
/*
 * Do the evaluator's verdicts over @s, and over the optimised program in @opt, fit the decisions on each chain? An
 * internal error otherwise.
 */
bool pt_agree(const struct pt_scene *s, const struct pt_scene *opt, bool at_return,
	      const struct pt_decision *decisions, struct tpc_span at);

/* ---- verdicts: judge.c ---- */
struct pt_verdict { /* of one chain */
	struct pt_decision entry, at_return;
	const struct pt_expect *expect; /* NULL: nothing is expected */
};

struct pt_judged {
	const struct ir_program *p;
	struct pt_verdict *verdicts; /* one a chain */
	struct pt_scene scene;
};

/* ---- compare.c ---- */
/* The result of an Override, or the number of a Signal; false: there is none. */
bool pt_action_number(const struct ir_rule *r, bool at_return, bool signal, int32_t *ret);

/* ---- bpf_run.c: runs a case that was judged, and fills in what @o says of BPF ---- */
void pt_bpf_case(struct ptest_bpf *b, const struct pt_judged *j, struct ptest_outcome *o);

/* ---- print.c ---- */
/* "policy.yaml:12" */
const char *pt_place(struct tpc_ctx *c, struct tpc_span at);

#endif
