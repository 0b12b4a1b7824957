// SPDX-License-Identifier: Apache-2.0
/*
 * What is known of threats, of the hooks that see them and of the platform's own agents that set them off:
 * the rows of templates/knowledge/, see docs/knowledge.md. Rows are never changed once they are read, and live
 * in the arena of the context they were read into.
 */
#ifndef TPC_REVIEW_KNOWLEDGE_H
#define TPC_REVIEW_KNOWLEDGE_H

#include "frontend/policy.h"

/* What a hook's id begins with: "lsm:file_open". Number in know_schema_kinds. */
enum know_kind {
	KNOW_KIND_NONE,
	KNOW_LSM,
	KNOW_KPROBE,	 /* a kernel function; one named security_* is the `function` of an LSM row */
	KNOW_SYSCALL,	 /* "syscall:sys_openat" */
	KNOW_TRACEPOINT, /* "tracepoint:sched/sched_process_exec" */
	KNOW_UPROBE,
	KNOW_BASE, /* events that the agent sends without any policy: "base:process_exec" */
	KNOW_KIND_MAX,
};

enum know_rate { KNOW_RATE_NONE, KNOW_RARE, KNOW_SOME, KNOW_OFTEN, KNOW_HOT };
/* What lets an Override replace the hook's result. */
enum know_override {
	KNOW_OVERRIDE_NONE,
	KNOW_OVERRIDE_NO,
	KNOW_OVERRIDE_LSM,
	KNOW_OVERRIDE_INJECTION, /* ALLOW_ERROR_INJECTION; every system call has it on x86-64 */
	KNOW_OVERRIDE_FMOD_RET,
};
enum know_context { KNOW_CONTEXT_NONE, KNOW_CONTEXT_TASK, KNOW_CONTEXT_ANY };
enum know_scope { KNOW_SCOPE_NONE, KNOW_SCOPE_PODS, KNOW_SCOPE_NAMESPACE, KNOW_SCOPE_ANY };
enum know_level { KNOW_LEVEL_NONE, KNOW_LOW, KNOW_MEDIUM, KNOW_HIGH, KNOW_CRITICAL };
enum know_appetite { KNOW_OBSERVE, KNOW_ALERT, KNOW_BLOCK, KNOW_APPETITE_MAX };
enum know_act { KNOW_ACT_NONE, KNOW_ACT_NOTHING, KNOW_ACT_POST, KNOW_ACT_OVERRIDE, KNOW_ACT_SIGKILL };
enum know_match { KNOW_MATCH_NONE, KNOW_MATCH_EQUAL, KNOW_MATCH_PREFIX, KNOW_MATCH_POSTFIX };
enum know_place { KNOW_PLACE_NONE, KNOW_IN_CONTAINER, KNOW_ON_HOST };

/* Which field of a row says what was checked where: "hooks" → "linux:include/…@commit". */
struct know_sources {
	TPC_LIST(struct tpc_pair);
};

struct know_hook;

/* Another way to the same behaviour: a row of the table, or what is none, in words. */
struct know_link {
	struct tpc_text hook, other; /* one of them */
	struct tpc_text why;
	struct tpc_bool partly;	     /* of a sibling: only at times, or to a part of the behaviour */
	struct tpc_bool writes;	     /* of a sibling: it changes, and matters not to who watches reads */
	const struct know_hook *row; /* of `hook` */
	bool function;		     /* `hook` names the row's `function` */
	struct tpc_span at;
};

/* ---- hooks ---- */
struct know_hook_arg {
	struct tpc_int index;
	struct tpc_word type; /* enum tpc_arg_type: how a policy reads it */
	struct tpc_text name, about;
	struct tpc_bool bits; /* a word of flags: others may be set beside those that one looks for */
	struct tpc_span at;
};

/* An argument that lies in user memory: another thread may change it after the check. */
struct know_toctou {
	struct tpc_int index;
	struct tpc_text why;
	struct tpc_span at;
};

struct know_change {
	struct tpc_text since; /* kernel */
	struct tpc_text about;
	TPC_LIST(struct tpc_int) moves; /* arguments that are others, or mean something else, before it */
	struct tpc_span at;
};

struct know_hook {
	struct tpc_text id;
	enum know_kind kind;
	const char *name; /* of `id`, behind the colon */
	struct tpc_text about;
	struct tpc_text function; /* of an LSM hook: the kernel function that a kprobe takes instead */
	TPC_LIST(struct tpc_int) function_args; /* position there of each LSM argument, -1: it has none */
	TPC_LIST(struct know_hook_arg) args;
	struct tpc_word rate; /* enum know_rate */
	struct tpc_text rate_why;
	struct tpc_bool sleepable;
	struct tpc_word override; /* enum know_override */
	struct tpc_word context;  /* enum know_context: is the current task the one that causes it? */
	struct tpc_text since;	  /* the first kernel where a policy can use it */
	TPC_LIST(struct know_change) changes;
	TPC_LIST(struct tpc_text) needs;   /* kernel configuration */
	TPC_LIST(struct tpc_pair) missing; /* kernel whose BTF lacks it → why */
	TPC_LIST(struct know_toctou) toctou;
	TPC_LIST(struct know_link) siblings; /* reach the same behaviour and not this hook */
	struct know_link *better;	     /* or NULL */
	TPC_LIST(struct tpc_text) blind;     /* what it does not see or show */
	struct know_sources source;
	struct tpc_span at;
};

/* ---- threats ---- */
struct know_threat;

/* How a policy sees the threat: a hook with arguments and selectors as a policy has them, without actions. */
struct know_use {
	struct tpc_text hook;
	struct tpc_text why;
	TPC_LIST(struct tpc_arg) args;
	TPC_LIST(struct tpc_arg) data;
	TPC_LIST(struct tpc_selector) selectors;
	const struct know_hook *row;
	const struct know_threat *threat;
	struct tpc_span at;
};

struct know_action {
	struct tpc_word action; /* enum know_act */
	struct tpc_value rate_limit;
	struct tpc_int error; /* of an Override */
	struct tpc_text why;
	struct tpc_span at;
};

struct know_actions {
	struct know_action by[KNOW_APPETITE_MAX];
	struct tpc_span at;
};

struct know_threat {
	struct tpc_text id;
	struct tpc_text title;
	struct tpc_word group;
	struct tpc_text about;
	TPC_LIST(struct tpc_text) mitre;
	TPC_LIST(struct know_use) hooks;	 /* all that a policy needs */
	TPC_LIST(struct know_link) alternatives; /* why they are worse */
	struct tpc_text min_kernel;
	struct tpc_word scope;		/* enum know_scope: where it is meant to watch */
	TPC_LIST(struct tpc_text) edit; /* which values a site must replace by its own */
	struct know_actions actions;
	struct tpc_text impact;	  /* what an enforcing rule breaks, and for whom */
	struct tpc_text rollback; /* what is left to do once the policy is in monitor mode or gone */
	TPC_LIST(struct tpc_text) legitimate; /* who does it in normal work, beside the agents' rows */
	TPC_LIST(struct tpc_text) fidelity;   /* conditions under which it is hardly ever legitimate */
	struct tpc_word fp_risk;	      /* enum know_level, of the rule as it stands here */
	struct tpc_word severity;	      /* enum know_level, for a SIEM */
	TPC_LIST(struct tpc_text) related;    /* other threats */
	struct know_sources source;
	struct tpc_span at;
};

/* ---- agents ---- */
struct know_binary {
	struct tpc_text path;
	struct tpc_word match; /* enum know_match */
	struct tpc_word on;    /* enum know_place: whose file tree the path is of */
	struct tpc_text note;
	struct tpc_span at;
};

struct know_agent {
	struct tpc_text name;
	struct tpc_word category;
	struct tpc_text about;
	TPC_LIST(struct know_binary) binaries;
	TPC_LIST(struct tpc_text) images;     /* '*' stands for any text */
	TPC_LIST(struct tpc_text) namespaces; /* usual ones; none: it runs on the host or anywhere */
	TPC_LIST(struct tpc_text) labels;     /* "key=value", one or another */
	TPC_LIST(struct tpc_text) triggers;   /* ids of threats */
	struct tpc_text exempt;		      /* the narrowest way to let it through */
	TPC_LIST(struct tpc_text) containers; /* names of its containers in pods of others: a sidecar's */
	struct tpc_bool by_hand;	      /* its programs are everybody's: no selector tells it apart */
	struct know_sources source;
	struct tpc_span at;
};

/* ---- checks ---- */
/* What the reviewer asks of policies; the code that asks is in check_*.c. */
struct know_check {
	struct tpc_text code;	  /* "TPR104" */
	struct tpc_text slug;	  /* "relative-prefix" */
	struct tpc_word severity; /* enum rv_severity + 1 */
	struct tpc_text title, why, mend;
	struct tpc_text example; /* part of a policy, or absent */
	struct know_sources source;
	struct tpc_span at;
};

struct knowledge {
	struct tpc_ctx *c;			     /* whose sources hold the rows' text */
	TPC_VEC(const struct know_hook *) hooks;     /* each by id */
	TPC_VEC(const struct know_threat *) threats; /* by id */
	TPC_VEC(const struct know_agent *) agents;   /* by name */
	TPC_VEC(const struct know_check *) checks;   /* by code */
	TPC_VEC(const struct know_use *) uses;	     /* all threats' hooks, by hook, then threat */
};

/*
 * The rows that tpc comes with, and those of the sources @files beside them. Faults, of references too, are
 * diagnostics in @c; then what is sound is in @ret, references that lead nowhere are NULL.
 */
void knowledge_read(struct tpc_ctx *c, const uint32_t *files, uint32_t nfiles, struct knowledge *ret);

/* NULL: there is none; *@ret_near (may be NULL) is then a name that was probably meant, or NULL. */
const struct know_threat *know_threat_find(const struct knowledge *k, const char *id, const char **ret_near);
const struct know_agent *know_agent_find(const struct knowledge *k, const char *name, const char **ret_near);
/* By code or slug; NULL: there is none. */
const struct know_check *know_check_find(const struct knowledge *k, const char *name);
/*
 * By kind and name as a policy has them. A kprobe on the `function` of an LSM hook gives that hook's row, and
 * *@ret_function (may be NULL) says so. NULL: nothing is known of it.
 */
const struct know_hook *know_hook_find(const struct knowledge *k, enum know_kind kind, const char *name,
				       bool *ret_function);
/* "lsm:file_open" the same. */
const struct know_hook *know_hook_by_id(const struct knowledge *k, const char *id, bool *ret_function);
/* Where threats use @hook: *@ret_len of them, NULL when none does. */
const struct know_use *const *know_uses_of(const struct knowledge *k, const struct know_hook *hook,
					   uint32_t *ret_len);
/* Does @agent set off the threat in its normal work? */
bool know_agent_triggers(const struct know_agent *agent, const char *threat);
/* Is the 32-bit call of the same name another entry, which a policy must name apart ("i386/sys_…")? */
bool know_hook_has_abi32(const struct know_hook *hook);

/* By enum know_appetite. The words of the other enums are in their struct tpc_word. */
extern const char *const know_appetites[KNOW_APPETITE_MAX];

/* ---- pages ---- */
struct tpc_buf;
/* args, data and selectors of a use as they are written, for a policy's hook; each line begins with @indent. */
void know_use_yaml(struct tpc_ctx *c, const struct know_use *u, const char *indent, struct tpc_buf *out);
/* "# TPR104 relative-prefix" and its sections, as the pages of diagnostics have them. */
void know_check_page(const struct know_check *k, struct tpc_buf *out);
/* All threats, a line each, by group. */
void know_list_text(const struct knowledge *k, struct tpc_buf *out);
/* All that is known of one, for who is on call. */
void know_threat_text(struct tpc_ctx *c, const struct knowledge *k, const struct know_threat *t,
		      struct tpc_buf *out);
/* The same of @n threats as one JSON object, {"threats": […]}. 0 or -ENOMEM. */
int know_threats_json(struct tpc_ctx *c, const struct knowledge *k, const struct know_threat *const *threats,
		      uint32_t n, struct tpc_buf *out);

#endif
