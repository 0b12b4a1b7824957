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
#include "cel/cel.h"
#include "kernel/kernel.h"
#include "kernel/syscalls.h"

/* When the answer to a predicate can first be known. Ordered: later is larger. */
enum ir_binding { IR_AT_COMPILE, IR_AT_LOAD, IR_AT_EXEC, IR_AT_EVENT };

enum ir_type {		    /* of values; the policy's word for it is kept in ir_value.type_name */
	       IR_NOP,	    /* nothing is read */
	       IR_INT,	    /* an integer of ir_value.size bytes, signed or not */
	       IR_STRING,   /* NUL-terminated text behind a pointer, user or kernel space */
	       IR_BYTES,    /* char_buf: as long as another argument says */
	       IR_PATH,	    /* a place in the file tree, see enum ir_path_from */
	       IR_SOCKET,   /* a socket, packet or socket address: what is asked are its facets */
	       IR_ADDR,	    /* an IPv4 or IPv6 address: 4 or 16 bytes */
	       IR_SHOWN,    /* a kernel object that events show and of which nothing can be asked */
	       IR_WORKLOAD, /* the pod, container or host that the process belongs to */
	       IR_TYPE_MAX
};

enum ir_source {
	IR_FROM_ARG,	/* argument number ir_value.index of the hooked function (0-based) */
	IR_FROM_FIELD,	/* field number ir_value.index of a tracepoint's format, common_ fields counted */
	IR_FROM_PID,	/* thread group id of the current task, initial pid namespace */
	IR_FROM_BINARY, /* path of the current process's executable, as of exec */
	IR_FROM_PARENT_BINARY, /* the same of its parent */
	IR_FROM_NS_PID,	       /* the same in the pid namespace of the process; 0 in the initial one */
	IR_FROM_NAMESPACE,     /* inode number of the current task's namespace of kind ir_value.index */
	IR_FROM_NS_CHANGES,    /* bits, by kind: namespaces that are others than the process's first ones */
	IR_FROM_CAPS,	       /* bits: the current capabilities of set ir_value.index, enum ir_cap_set */
	IR_FROM_CAP_CHANGES,   /* bits: those of the set that differ from the process's first ones */
	IR_FROM_WORKLOAD,
	IR_FROM_RETURN, /* what the hooked function returns */
	IR_FROM_TASK,	/* the current task_struct, by ir_value.resolve */
	IR_FROM_REG,	/* the register ir_value.reg at the hook */
	IR_FROM_VALUE,	/* facet ir_value.facet of value ir_value.base */
	IR_SOURCE_MAX
};

/*
 * A process begins when it is forked, and again when it first executes a program; what an event has told of a change
 * is its beginning from then on (Tetragon: bpf_fork.c, bpf_execve_event.h, generic_output()).
 */
/* Numbers of namespaces (kernel/names.h) and of these sets are those of Tetragon's messages. */
enum ir_cap_set { IR_CAPS_PERMITTED, IR_CAPS_EFFECTIVE, IR_CAPS_INHERITABLE, IR_CAPS_MAX };

enum ir_facet { /* what of a value is looked at; absent where the value is, an address also where it has none */
		IR_FACET_NONE,
		IR_FACET_SADDR, /* IR_ADDR */
		IR_FACET_DADDR,
		IR_FACET_SPORT, /* IR_INT u16; 0 of what is neither IPv4 nor IPv6 */
		IR_FACET_DPORT,
		IR_FACET_FAMILY,    /* u16 */
		IR_FACET_PROTOCOL,  /* u16 */
		IR_FACET_STATE,	    /* u8: of any socket, with the names of TCP */
		IR_FACET_FILE_TYPE, /* u32 of an IR_PATH: the S_IFMT bits of its mode */
		IR_FACET_GAINED,    /* u64 of two capability sets: bits of base that base2 has not */
		IR_FACET_MAX
};

enum ir_path_from { /* what the pointer or number of an IR_PATH points to */
		    IR_PATH_NONE,
		    IR_PATH_FILE,   /* struct file * */
		    IR_PATH_PATH,   /* struct path * */
		    IR_PATH_BINPRM, /* struct linux_binprm *, its file */
		    IR_PATH_FD,	    /* a descriptor number of the current process */
		    IR_PATH_DENTRY, /* struct dentry *: the path inside its file system */
		    IR_PATH_KIOCB,  /* struct kiocb *, its file */
		    IR_PATH_FROM_MAX
};

/* A way through kernel types from an argument, the task or a named type, see kernel_resolve(). */
struct ir_resolve {
	const char *text;   /* "mm.exe_file.f_path" */
	const char *from;   /* btfType: the struct that it starts in, NULL: the argument's own type */
	const char *module; /* btfTypeModule, or NULL */
	TPC_VEC(struct kernel_step) steps; /* none where the target's BTF decides: uprobes with btfPath */
	const char *end; /* "struct path": what it leads to, or NULL where that is not known */
	struct tpc_span at;
};

#define IR_NAMESPACES_MAX 16 /* room for kinds of namespaces: there are ten */
#define IR_ARGS_MAX 16	     /* arguments of a hooked function that can be read */

struct ir_value {
	enum ir_type type;
	enum ir_source source;
	uint8_t index;
	uint8_t size; /* IR_INT: 1, 2, 4 or 8 */
	bool is_signed;
	bool in_memory; /* IR_INT of IR_FROM_ARG: not in a register, may be absent */
	bool descent;	/* IR_FROM_PID, IR_FROM_NS_PID, binaries: of the process or any of its ancestors */
	bool at_return; /* returnCopy: read when the function returns */
	bool large;	/* maxData: as much as the ring buffer takes */
	enum ir_path_from path_from;
	enum ir_facet facet;
	int16_t size_value;		  /* IR_BYTES: value number of the length, -1: none */
	uint16_t base, base2;		  /* IR_FROM_VALUE */
	uint32_t max;			  /* IR_STRING, IR_BYTES: most bytes that are read */
	const char *type_name;		  /* "size_t" */
	const char *reg;		  /* IR_FROM_REG: "rdi" */
	const struct ir_resolve *resolve; /* or NULL: the argument itself */
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
	IR_PRED_RANGES,		/* an integer lies in one of the ranges */
	IR_PRED_MASK,		/* an integer has one of the bits of mask */
	IR_PRED_EQUAL,		/* text or path equals one of the texts */
	IR_PRED_PREFIX,		/* starts with one of them */
	IR_PRED_POSTFIX,	/* ends with one of them */
	IR_PRED_SUBSTRING,	/* text or path contains one of them */
	IR_PRED_SUBSTRING_CASE, /* the same, whatever the case of ASCII letters */
	IR_PRED_NETS,		/* an address lies in one of the networks */
	IR_PRED_NAMESPACE,	/* a namespace's number lies in one of the ranges, or is the host's */
	IR_PRED_WORKLOAD,	/* the workload is one of ir_unit.workloads[workload] */
	IR_PRED_EXPR,		/* a CEL expression over integers holds */
	IR_PRED_PRESENT,	/* the value is there to be asked */
	IR_PRED_MAX
};

struct ir_net { /* bytes past the prefix are 0 */
	uint8_t addr[16];
	uint8_t len;	/* of the address: 4 or 16 */
	uint8_t prefix; /* bits */
};

#define IR_EXPR_VARS_MAX 32

struct ir_expr {
	const struct cel_node *tree; /* its variable i is value vars[i] of the program */
	const char *text;	     /* canonical: equal text and vars ask the same */
	TPC_VEC(uint16_t) vars;
};

/*
 * A predicate is always the positive question; terms negate it. An absent value answers false to each, so that a
 * negated term over it holds. A filter that must not hold then has a PRESENT term beside the negated one: see
 * lower_add_filter().
 */
struct ir_pred {
	enum ir_pred_kind kind;
	uint16_t value; /* index into the program's values */
	enum ir_binding binding;
	TPC_VEC(struct ir_range) ranges; /* after "fold": sorted, disjoint, not adjacent */
	uint64_t mask;
	TPC_VEC(struct ir_text) texts; /* after "dedupe": sorted by bytes, none implied by another */
	TPC_VEC(struct ir_net) nets;   /* after "dedupe": sorted, none inside another */
	bool host;		       /* NAMESPACE: the host's namespace too, which the loader knows */
	uint32_t workload;	       /* WORKLOAD */
	const struct ir_expr *expr;    /* EXPR; value is its first variable */
	int32_t task_bit; /* IR_AT_EXEC, after "hoist": number of the exec test that answers it, else -1 */
	uint32_t cost;	  /* after "order": guess of instructions */
	struct tpc_span at;
};

struct ir_term {
	uint16_t pred; /* index into the program's preds */
	bool negated;
	struct tpc_span at;
};

enum ir_action_kind {
	IR_POST,
	IR_NOPOST,
	IR_SIGKILL,
	IR_SIGNAL,
	IR_OVERRIDE,
	IR_GET_URL,
	IR_DNS_LOOKUP,
	IR_TRACK_SOCK,
	IR_UNTRACK_SOCK,
	IR_NOTIFY_ENFORCER,
	IR_CLEANUP_ENFORCER,
	IR_SET,
	IR_ACTION_MAX
};

enum ir_rate_scope { IR_RATE_THREAD, IR_RATE_PROCESS, IR_RATE_GLOBAL, IR_RATE_MAX };

enum ir_redirect { IR_REDIRECT_NONE, IR_REDIRECT_SYMBOL, IR_REDIRECT_ADDR, IR_REDIRECT_OFFSET };

struct ir_action {
	enum ir_action_kind kind;
	int32_t arg; /* IR_SIGNAL: signal number; IR_OVERRIDE, IR_NOTIFY_ENFORCER: the result, e.g. -1 for EPERM;
		      * IR_SET: the value */
	int32_t signal;	  /* IR_NOTIFY_ENFORCER: signal number, 0: none */
	int32_t index;	  /* IR_SET: argument of the probe; IR_TRACK_SOCK, IR_UNTRACK_SOCK: value number */
	const char *text; /* IR_GET_URL, IR_DNS_LOOKUP: where to */
	/* IR_POST */
	uint32_t rate_ms; /* an equal event is not sent again for so long; 0: always sent */
	enum ir_rate_scope rate_scope;
	bool kernel_stack, user_stack, ima_hash;
	/* IR_OVERRIDE of a uprobe */
	TPC_VEC(const char *) regs; /* "rax=1": assignments */
	enum ir_redirect redirect;  /* called instead */
	const char *new_symbol;
	int64_t new_place; /* address or file offset */
	struct tpc_span at;
};

struct ir_rule {
	TPC_VEC(struct ir_term) terms;	   /* all must hold; none: always */
	TPC_VEC(struct ir_action) actions; /* as written, in order */
	bool post;			   /* an event is sent */
	/* When the function returns: of the rules that held at its entry the first whose return terms hold decides. */
	TPC_VEC(struct ir_term) return_terms;
	TPC_VEC(struct ir_action) return_actions;
	const char *label; /* or NULL */
	uint32_t selector; /* its position in the policy's selectors */
	struct tpc_span at;
};

struct ir_arg { /* what an event shows */
	uint16_t value;
	bool data;	   /* one of the hook's data, not of its args */
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
	bool has_return;
	uint16_t return_value;	       /* has_return: the value that events show */
	enum ir_action_kind on_return; /* IR_TRACK_SOCK, IR_UNTRACK_SOCK of the returned socket, else IR_POST */
	bool may_miss;		       /* ignore: the hook may be missing on a kernel */
	uint32_t nselectors;	       /* as written, before passes drop any; at least 1 */
	TPC_VEC(struct tpc_span) selector_at;
	struct tpc_span at;
};

enum ir_hook_kind {
	IR_KPROBE,
	IR_TRACEPOINT,
	IR_LSM,
	IR_RAW_TRACEPOINT,
	IR_FENTRY,
	IR_UPROBE,
	IR_USDT,
	IR_LOADER, /* programs and libraries as they are mapped */
	IR_HOOK_MAX
};

enum ir_node_kind { IR_NODE_TEST, IR_NODE_FIRE, IR_NODE_DONE };

/* A node of the decision graph. Nodes only point to larger numbers: no cycles. Node 0 is the entry. */
struct ir_node {
	enum ir_node_kind kind;
	uint16_t pred;	      /* TEST */
	uint32_t yes, no;     /* TEST: next node; FIRE: yes is what follows the actions */
	uint16_t chain, rule; /* FIRE: indexes into the program */
	struct tpc_span at;
};

/* Which functions one program is attached to; all but IR_ONE are found out at load. */
enum ir_many { IR_ONE, IR_EVERY_SYSCALL, IR_EVERY_MATCH };

struct ir_user_place { /* of a uprobe or usdt probe */
	const char *path;
	const char *btf_path; /* or NULL */
	const char *symbol;   /* uprobe; NULL: by offset or address */
	bool by_addr;	      /* place is an address, else a file offset */
	uint64_t place;
	uint64_t ref_ctr; /* offset of the reference counter, 0: none */
	const char *provider;
	TPC_VEC(const char *) digests; /* "sha256:…": only a file with one of them; none: any */
};

struct ir_program {
	enum ir_hook_kind kind;
	/* kprobe, fentry: function without ABI prefix; IR_EVERY_MATCH: regular expression; LSM: hook; tracepoint:
	 * event; uprobe: symbol or place as text; usdt: probe; loader: "loader" */
	const char *target;
	const char *subsystem; /* tracepoint */
	bool syscall;	       /* kprobe on a syscall's entry: arguments sit in its pt_regs */
	enum kernel_abi abi;   /* of the syscall */
	enum ir_many many;
	const struct ir_user_place *user; /* uprobe, usdt */
	TPC_VEC(struct ir_value) values;
	TPC_VEC(struct ir_pred) preds;
	TPC_VEC(struct ir_chain) chains;
	TPC_VEC(struct ir_node) nodes; /* decides the entry; returns are decided from the rules */
	struct tpc_span at;	       /* first chain's call, event or hook */
};

/* ---- what a policy is for ---- */
enum ir_label_op { IR_LABEL_IN, IR_LABEL_NOT_IN, IR_LABEL_EXISTS, IR_LABEL_ABSENT, IR_LABEL_MAX };

struct ir_label_req {
	const char *key;
	enum ir_label_op op;
	TPC_VEC(const char *) values;
	struct tpc_span at;
};

struct ir_labels { /* all must hold; none: everything */
	TPC_VEC(struct ir_label_req) reqs;
};

struct ir_workload {
	bool host;			 /* processes of the host */
	bool pods;			 /* containers of pods that both selectors take */
	const char *ns;			 /* Kubernetes namespace that pods must be in, NULL: any */
	struct ir_labels pod, container; /* labels of the pod; name and repo of the container */
	struct tpc_span at;
};

/* A function that enforcers act on, see IR_NOTIFY_ENFORCER. */
struct ir_enforced {
	uint32_t policy;
	const char *target; /* as in ir_program */
	bool syscall;
	enum kernel_abi abi;
	enum ir_many many;
	struct tpc_span at;
};

enum ir_override_method { IR_OVERRIDE_ANY, IR_OVERRIDE_RETURN, IR_OVERRIDE_FMOD_RET };

struct ir_policy {
	const char *name;
	const char *kind; /* "TracingPolicy" */
	const char *ns;	  /* metadata.namespace, or NULL */
	bool monitor;	  /* starts in monitor mode */
	enum ir_override_method override_method;
	uint32_t scope;		 /* the policy is for ir_unit.workloads[scope - 1]; 0: for everything */
	struct ir_labels *nodes; /* labels of nodes that load it, NULL: all */
	const char *file;	 /* the source's base name: no paths in objects */
	const char *digest;	 /* "sha256:…" of the document's bytes */
	struct tpc_span at;	 /* of metadata.name */
};

/* A test decided at exec, for all programs: predicate over the executable's path. */
struct ir_exec_test {
	enum ir_pred_kind kind;
	enum ir_source source; /* IR_FROM_BINARY or IR_FROM_PARENT_BINARY */
	bool descent;
	TPC_VEC(struct ir_text) texts;
	struct tpc_span at;
};

struct ir_unit {
	TPC_VEC(struct ir_policy) policies;
	TPC_VEC(struct ir_program) programs;
	TPC_VEC(struct ir_exec_test) exec_tests; /* after "hoist" */
	TPC_VEC(struct ir_workload) workloads;
	TPC_VEC(struct ir_enforced) enforced;
	uint32_t nhooks; /* chains in all programs */
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
	bool absent;  /* could not be fetched, a path without a place, a facet that the value has not; never
			    * an IR_INT from IR_FROM_ARG (itself, unresolved, not in_memory) or IR_FROM_PID: these
			    * are in registers, and passes rely on it */
	uint64_t num; /* IR_INT, already extended to 64 bits as its signedness says */
	const char *bytes; /* IR_STRING, IR_BYTES, IR_PATH: as the process sees it; IR_ADDR: network order */
	uint32_t len;
};
struct ir_input_label {
	const char *key, *value;
};
struct ir_input_workload {
	bool host;
	const char *ns; /* of the pod, or NULL */
	TPC_VEC(struct ir_input_label) pod, container;
};
struct ir_input_process {
	uint64_t pid, ns_pid;
	struct ir_input_value binary;
};
struct ir_input {
	const struct ir_input_value *values; /* one per ir_value of the program */
	struct ir_input_value binary;	     /* the current executable; used by IR_FROM_BINARY values */
	TPC_VEC(struct ir_input_process) ancestors; /* the parent first */
	uint32_t host_ns[IR_NAMESPACES_MAX];	    /* inode numbers of the host's namespaces, by kind */
	struct ir_input_workload workload;
};
struct ir_verdict {
	bool fired;
	uint32_t rule;	   /* index into the chain's rules */
	uint32_t selector; /* position in the policy: stays the same through passes */
};
/* One verdict a chain into @ret (p->chains.len of them). From the graph when there is one, else from rules. */
void ir_eval(const struct ir_unit *u, const struct ir_program *p, const struct ir_input *in,
	     struct ir_verdict *ret);
/* The same when the function returns: in->values of IR_FROM_RETURN are known now. Always from rules. */
void ir_eval_return(const struct ir_unit *u, const struct ir_program *p, const struct ir_input *in,
		    struct ir_verdict *ret);
/* A predicate over one value alone: not NAMESPACE, WORKLOAD and EXPR, and no descent. */
bool ir_eval_pred(const struct ir_pred *pred, const struct ir_value *v, const struct ir_input_value *in);
/* Is the workload one that @w is for? */
bool ir_eval_workload(const struct ir_workload *w, const struct ir_input_workload *in);

#endif
