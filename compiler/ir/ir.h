// SPDX-License-Identifier: Apache-2.0
/*
 * The intermediate representation: what a set of policies means, apart from YAML and apart from C.
 *
 * A unit has programs, one per hook point. A program has values it can fetch, predicates over them, and
 * chains: one chain is one hook entry of one policy. A chain's rules (selectors) are tried in order, the
 * first whose terms all hold decides the actions. Chains are independent of each other: each may fire.
 *
 * The decision graph (nodes) is built from the chains by the pass "decide" and is what the back end emits.
 * Before that pass nnodes is 0. Everything lives in the compilation's arena.
 */
#ifndef TPC_IR_IR_H
#define TPC_IR_IR_H

#include "base/buf.h"
#include "base/ctx.h"

/* When the answer to a predicate can first be known. Ordered: later is larger. */
enum ir_binding { IR_AT_COMPILE, IR_AT_LOAD, IR_AT_EXEC, IR_AT_EVENT };

enum ir_type {		  /* of values; the policy's word for it is kept in ir_value.type_name */
	       IR_NOP,	  /* nothing is read */
	       IR_INT,	  /* an integer of ir_value.size bytes, signed or not */
	       IR_STRING, /* NUL-terminated text behind a pointer, user or kernel space */
	       IR_BYTES,  /* char_buf: as long as another argument says */
	       IR_PATH,	  /* a place in the file tree, see enum ir_path_from */
	       IR_TYPE_MAX
};

enum ir_source {
	IR_FROM_ARG,	/* argument number ir_value.index of the hooked function (0-based) */
	IR_FROM_FIELD,	/* field number ir_value.index of a tracepoint's format, common_ fields counted */
	IR_FROM_PID,	/* thread group id of the current task, initial pid namespace */
	IR_FROM_BINARY, /* path of the current process's executable, as of exec */
	IR_SOURCE_MAX
};

enum ir_path_from { /* what the pointer or number of an IR_PATH points to */
		    IR_PATH_NONE,
		    IR_PATH_FILE,   /* struct file * */
		    IR_PATH_PATH,   /* struct path * */
		    IR_PATH_BINPRM, /* struct linux_binprm *, its file */
		    IR_PATH_FD,	    /* a descriptor number of the current process */
		    IR_PATH_FROM_MAX
};

struct ir_value {
	enum ir_type type;
	enum ir_source source;
	uint8_t index;
	uint8_t size; /* IR_INT: 1, 2, 4 or 8 */
	bool is_signed;
	enum ir_path_from path_from;
	int16_t size_value;    /* IR_BYTES: value number of the length, -1: none */
	uint32_t max;	       /* IR_STRING, IR_BYTES: most bytes that are read */
	const char *type_name; /* "size_t" */
	struct tpc_span at;
};

/* A closed range. Signed values compare as int64_t, unsigned as uint64_t; both are kept as bits. */
struct ir_range {
	uint64_t lo, hi;
};

struct ir_text {
	const char *s; /* may hold any byte but NUL; terminated */
	uint32_t len;
	struct tpc_span at;
};

enum ir_pred_kind {
	IR_PRED_RANGES,	 /* an integer lies in one of the ranges */
	IR_PRED_MASK,	 /* an integer has one of the bits of mask */
	IR_PRED_EQUAL,	 /* text or path equals one of the texts */
	IR_PRED_PREFIX,	 /* starts with one of them */
	IR_PRED_POSTFIX, /* ends with one of them */
	IR_PRED_MAX
};

/*
 * A predicate is always the positive question; terms negate it. A path that does not exist (pipe, memfd,
 * unreadable) answers false to each, so its negation holds.
 */
struct ir_pred {
	enum ir_pred_kind kind;
	uint16_t value; /* index into the program's values */
	enum ir_binding binding;
	TPC_VEC(struct ir_range) ranges; /* after "fold": sorted, disjoint, not adjacent */
	uint64_t mask;
	TPC_VEC(struct ir_text) texts; /* after "dedupe": sorted by bytes, none implied by another */
	int32_t task_bit; /* IR_AT_EXEC, after "hoist": number of the exec test that answers it, else -1 */
	uint32_t cost;	  /* after "order": guess of instructions */
	struct tpc_span at;
};

struct ir_term {
	uint16_t pred; /* index into the program's preds */
	bool negated;
	struct tpc_span at;
};

enum ir_action_kind { IR_POST, IR_NOPOST, IR_SIGKILL, IR_SIGNAL, IR_OVERRIDE, IR_ACTION_MAX };

struct ir_action {
	enum ir_action_kind kind;
	int32_t arg; /* IR_SIGNAL: signal number; IR_OVERRIDE: the result, e.g. -1 for EPERM */
	struct tpc_span at;
};

struct ir_rule {
	TPC_VEC(struct ir_term) terms;	   /* all must hold; none: always */
	TPC_VEC(struct ir_action) actions; /* as written, in order */
	bool post;			   /* an event is sent */
	uint32_t selector;		   /* its position in the policy's selectors */
	struct tpc_span at;
};

struct ir_arg { /* what an event shows */
	uint16_t value;
	const char *label; /* or NULL */
};

struct ir_chain {
	uint32_t policy; /* index into the unit's policies */
	uint32_t hook;	 /* number of this chain in the unit: index of the manifest's hooks */
	uint32_t entry;	 /* position in the policy's list of that hook kind */
	TPC_VEC(struct ir_rule) rules;
	TPC_VEC(struct ir_arg) args;
	const char *message; /* or NULL */
	TPC_VEC(const char *) tags;
	uint32_t nselectors; /* as written, before passes drop any; at least 1 */
	TPC_VEC(struct tpc_span) selector_at;
	struct tpc_span at;
};

enum ir_hook_kind { IR_KPROBE, IR_TRACEPOINT, IR_LSM, IR_HOOK_MAX };

enum ir_node_kind { IR_NODE_TEST, IR_NODE_FIRE, IR_NODE_DONE };

/* A node of the decision graph. Nodes only point to larger numbers: no cycles. Node 0 is the entry. */
struct ir_node {
	enum ir_node_kind kind;
	uint16_t pred;	      /* TEST */
	uint32_t yes, no;     /* TEST: next node; FIRE: yes is what follows the actions */
	uint16_t chain, rule; /* FIRE: indexes into the program */
	struct tpc_span at;
};

struct ir_program {
	enum ir_hook_kind kind;
	const char *target;    /* kprobe: function without ABI prefix; LSM: hook; tracepoint: event */
	const char *subsystem; /* tracepoint */
	bool syscall;	       /* kprobe on a syscall's entry: arguments sit in its pt_regs */
	TPC_VEC(struct ir_value) values;
	TPC_VEC(struct ir_pred) preds;
	TPC_VEC(struct ir_chain) chains;
	TPC_VEC(struct ir_node) nodes;
	struct tpc_span at; /* first chain's call, event or hook */
};

struct ir_policy {
	const char *name;
	const char *kind;   /* "TracingPolicy" */
	bool monitor;	    /* starts in monitor mode */
	const char *file;   /* the source's base name: no paths in objects */
	const char *digest; /* "sha256:…" of the document's bytes */
	struct tpc_span at; /* of metadata.name */
};

/* A test decided at exec, for all programs: predicate over the executable's path. */
struct ir_exec_test {
	enum ir_pred_kind kind;
	TPC_VEC(struct ir_text) texts;
	struct tpc_span at;
};

struct ir_unit {
	TPC_VEC(struct ir_policy) policies;
	TPC_VEC(struct ir_program) programs;
	TPC_VEC(struct ir_exec_test) exec_tests; /* after "hoist" */
	uint32_t nhooks;			 /* chains in all programs */
};

/* ---- print.c: stable text, no addresses, no paths ---- */
void ir_print(struct tpc_ctx *c, const struct ir_unit *u, struct tpc_buf *out);
void ir_print_program(struct tpc_ctx *c, const struct ir_unit *u, const struct ir_program *p,
		      struct tpc_buf *out);
const char *ir_hook_kind_name(enum ir_hook_kind k); /* "kprobe" */
const char *ir_action_name(enum ir_action_kind k);  /* "Sigkill" */

/* ---- check.c: the invariants stated above, between passes ---- */
enum {
	IR_HAS_FOLDED = 1 << 0,	 /* ranges canonical */
	IR_HAS_UNIQUE = 1 << 1,	 /* no two equal predicates in a program, texts canonical */
	IR_HAS_HOISTED = 1 << 2, /* every IR_AT_EXEC predicate has its task_bit */
	IR_HAS_ORDERED = 1 << 3, /* costs are set */
	IR_HAS_GRAPH = 1 << 4,	 /* nodes are built */
};
/* NULL when @u is sound, else what is broken (in the arena), naming program, chain and rule. */
const char *ir_check(struct tpc_ctx *c, const struct ir_unit *u, unsigned have);

/* ---- eval.c: the reference meaning, the oracle of the tests ---- */
struct ir_input_value {
	bool absent;	   /* could not be fetched, or a path without a place; never an IR_INT from
			    * IR_FROM_ARG or IR_FROM_PID: these are in registers, and passes rely on it */
	uint64_t num;	   /* IR_INT, already extended to 64 bits as its signedness says */
	const char *bytes; /* IR_STRING, IR_BYTES, IR_PATH: as the process sees it */
	uint32_t len;
};
struct ir_input {
	const struct ir_input_value *values; /* one per ir_value of the program */
	struct ir_input_value binary;	     /* the current executable; used by IR_FROM_BINARY values */
};
struct ir_verdict {
	bool fired;
	uint32_t rule;	   /* index into the chain's rules */
	uint32_t selector; /* position in the policy: stays the same through passes */
};
/* One verdict a chain into @ret (p->chains.len of them). From the graph when there is one, else from rules. */
void ir_eval(const struct ir_unit *u, const struct ir_program *p, const struct ir_input *in,
	     struct ir_verdict *ret);
bool ir_eval_pred(const struct ir_pred *pred, const struct ir_value *v, const struct ir_input_value *in);

#endif
