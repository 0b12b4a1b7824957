// SPDX-License-Identifier: Apache-2.0
/*
 * The reviewer: what policies are for, what they miss, hit and cost, and how to roll them out. It stands above the
 * compiler (tpc.h), whose diagnostics are among its findings. Deterministic and offline: the same policies, brief and
 * knowledge give the same review, and each finding names the check and the place that it comes from.
 */
#ifndef TPC_REVIEW_REVIEW_H
#define TPC_REVIEW_REVIEW_H

#include "review/brief.h"
#include "review/knowledge.h"
#include "tpc.h"

enum rv_severity { RV_NOTE, RV_MEDIUM, RV_HIGH, RV_ERROR, RV_SEVERITY_MAX };
extern const char *const rv_severities[RV_SEVERITY_MAX]; /* "note", … */

/* One change of a source's text: @at is replaced by @text; of length 0 it is inserted there. */
struct rv_edit {
	struct tpc_span at;
	const char *text;
};

struct rv_finding {
	const char *code; /* "TPR104" of a check, "TPC701" of a diagnostic */
	const char *slug; /* "relative-prefix" */
	enum rv_severity severity;
	struct tpc_span at;
	const char *text; /* one sentence about this place, no period, user text in '…' */
	const char *mend; /* what to do about it here, in the imperative; NULL: the page of the check says it */
	/* All or none are to be made; none: only a person can decide. They never make a policy enforce more. */
	TPC_VEC(struct rv_edit) edits;
	const struct rv_policy *policy; /* these three: what it is about, or NULL */
	const struct rv_hook *hook;
	const struct rv_rule *rule;
	const char *accepted; /* the reason of a `# tpc:ignore CODE reason`, NULL: it stands */
	uint32_t seq;	      /* order of arrival */
};

enum rv_act { RV_ACT_POST = 1, RV_ACT_OVERRIDE = 2, RV_ACT_KILL = 4, RV_ACT_SIGNAL = 8, RV_ACT_OTHER = 16 };
#define RV_ACTS_ENFORCE (RV_ACT_OVERRIDE | RV_ACT_KILL | RV_ACT_SIGNAL)

/* How far a rule sees a threat. */
enum rv_coverage { RV_COVERS_NOT, RV_COVERS_PART, RV_COVERS_ALL };

struct rv_covered {
	const struct know_threat *threat;
	enum rv_coverage how;
	const struct know_link *
		instead; /* the threat's row names the hook as an alternative, and why it is worse; or NULL */
};

/* Of recorded events that a rule would have taken: who made them. */
struct rv_hit {
	const char *workload; /* "" where the event has none: a process of the node */
	const char *binary;   /* as events show it: the name that was called */
	uint32_t n;
};

/* One selector of a hook, or a hook without any: a row of the table. */
struct rv_rule {
	const struct rv_hook *hook;
	const struct tpc_selector *selector; /* as written; NULL: the hook has none, everything matches */
	const struct tpc_selector *whole;    /* with what its macros add */
	uint32_t nr;			     /* position in the hook's selectors */
	unsigned acts;			     /* enum rv_act: what it does when it matches */
	bool no_post;			     /* lets its events pass in silence */
	TPC_VEC(struct rv_covered) threats;  /* by id, each once */
	/* Agents that do what it is for in normal work and are not let through: those that are there, by name. */
	TPC_VEC(const struct know_agent *) agents;
	uint32_t nabsent; /* as many more, should they be on the nodes: neither the brief nor every node has them */
	TPC_VEC(struct rv_hit) hits; /* the most frequent first; see review_events() */
	uint32_t nhits;		     /* events in all */
	enum know_level fp_risk;     /* 0: not known */
	struct tpc_span at;
};

/* A hook of any kind in one form. */
struct rv_hook {
	const struct rv_policy *policy;
	enum know_kind kind; /* a kprobe with `syscall: true` is KNOW_SYSCALL */
	bool fentry;
	struct tpc_text name;	     /* call, hook, event, symbol or list as written */
	const char *target;	     /* "sys_openat", "file_open", "sched/sched_process_exec" */
	const struct know_hook *row; /* NULL: nothing is known of it */
	bool by_function;	     /* a kprobe on the `function` of an LSM row */
	struct tpc_text message;
	const struct tpc_text *tags;
	uint32_t ntags;
	const struct tpc_arg *args, *data;
	uint32_t nargs, ndata;
	const struct tpc_selector *selectors;
	uint32_t nselectors;
	const struct tpc_kprobe *kprobe; /* of the five only the one of its kind; fentries too */
	const struct tpc_lsmhook *lsm;
	const struct tpc_tracepoint *tracepoint;
	const struct tpc_uprobe *uprobe;
	const struct tpc_usdt *usdt;
	const struct ir_program *program; /* NULL: the policy has errors */
	const struct ir_chain *chain;	  /* as lowered, without passes */
	TPC_VEC(struct rv_rule *) rules;
	unsigned acts;	    /* of all of them */
	struct tpc_span at; /* the whole object */
};

/* Whom a policy is for. */
struct rv_scope {
	bool pods, host; /* may reach processes in pods, and on the node itself */
	bool namespaced; /* only pods of its own namespace */
	bool labels;	 /* of pods or containers: conditions that a pod's author can write */
	bool nodes;	 /* only some nodes */
};

struct rv_policy {
	const struct tpc_policy *p;
	const struct ir_policy *ir; /* NULL: it has errors */
	struct rv_scope scope;
	bool monitor;  /* option policy-mode: monitor */
	unsigned acts; /* of all its rules */
	TPC_VEC(struct rv_hook *) hooks;
};

struct rv_events {
	const char *name; /* of the file; NULL: there was none */
	uint32_t n;	  /* lines */
	uint32_t unknown; /* of which nothing can be said: they do not carry what a rule asks */
	uint32_t bad;	  /* no events */
};

struct review {
	struct tpc *t; /* what was reviewed; its context owns all memory here */
	struct tpc_ctx *c;
	const struct knowledge *known;
	const struct brief *brief;
	const struct ir_unit *lowered; /* the rules as written; NULL: a policy has errors */
	struct rv_events events;
	TPC_VEC(const struct know_threat *)
	uncovered; /* asked for in the brief, and no rule sees anything of them */
	TPC_VEC(struct rv_policy *) policies;
	TPC_VEC(struct rv_finding *) findings; /* by file, place, arrival */
	uint32_t count[RV_SEVERITY_MAX];       /* of those that stand */
};

/*
 * Reviews what was added to @t and built by tpc_build(), whatever that said: faults that the compiler reported are findings.
 * @known and @brief must outlive the answer, which lives as long as @t. NULL: no memory.
 */
struct review *review_run(struct tpc *t, const struct knowledge *known, const struct brief *brief);

/*
 * What the rules would have made of recorded events, JSON lines of `tetra getevents -o json` or `tpc-loader`: fills
 * rv_rule.hits. Lines that are no events are diagnostics. false: the policies have errors, or no memory.
 */
bool review_events(struct review *r, const char *name, const char *text, size_t len);

/* "LSM hook file_open", "kprobe fd_install": of a hook, for people. */
const char *rv_hook_words(struct tpc_arena *a, const struct rv_hook *h);
/* "Post", "Override, Sigkill", "nothing": what a rule does. */
const char *rv_act_words(struct tpc_arena *a, unsigned acts);

/* ---- mends: correct.h makes all of them ---- */
typedef bool review_wanted(const struct rv_finding *f, void *of);
/*
 * Text of source @file with the edits of those findings that stand, that @wanted (NULL: all) takes and that do not
 * overlap, first come first served; *@ret_n of them.
 */
const char *review_mended(const struct review *r, uint32_t file, review_wanted *wanted, void *of,
			  uint32_t *ret_n);

#endif
