// SPDX-License-Identifier: Apache-2.0
/*
 * What the files of ptest share that know how cases are written. A case becomes facts about the process and values of
 * the hook's arguments (scene.h).
 */
#ifndef TPC_PTEST_PTEST_IMPL_H
#define TPC_PTEST_PTEST_IMPL_H

#include "frontend/decode.h"
#include "kernel/names.h"
#include "ptest/ptest.h"
#include "ptest/scene.h"

#define PT_SHOWN_MAX 60 /* bytes of user text in a message */

/* ---- cases as they are written: case_schema.c ---- */
struct pt_namespaces {
	struct tpc_value kind[IR_NAMESPACES_MAX]; /* an inode number or host */
	struct tpc_span at;
};

struct pt_capabilities { /* a list that is not there is not said */
	TPC_LIST(struct tpc_text) effective;
	TPC_LIST(struct tpc_text) permitted;
	TPC_LIST(struct tpc_text) inheritable;
	struct tpc_span at;
};

struct pt_ancestor {
	struct tpc_text binary;
	struct tpc_int pid, nspid;
	struct tpc_span at;
};

struct pt_at_exec { /* what was otherwise at exec */
	struct pt_namespaces *namespaces;
	struct pt_capabilities *capabilities;
	struct tpc_span at;
};

struct pt_process {
	struct tpc_text binary;
	struct tpc_int pid, nspid;
	TPC_LIST(struct pt_ancestor) ancestors;
	struct pt_namespaces *namespaces;
	struct pt_capabilities *capabilities;
	struct pt_at_exec *at_exec;
	struct tpc_span at;
};

struct pt_container {
	struct tpc_text name, repo;
	struct tpc_span at;
};

struct pt_pod {
	struct tpc_text ns;
	TPC_LIST(struct tpc_pair) labels;
	struct pt_container *container;
	struct tpc_span at;
};

struct pt_socket {
	struct tpc_value family, protocol, state, saddr, sport, daddr, dport;
	struct tpc_span at;
};

struct pt_file {
	struct tpc_text path, type;
	struct tpc_span at;
};

struct pt_expect {
	bool none; /* nothing happens; nothing below is set then */
	struct tpc_text policy;
	struct tpc_int entry; /* of several hooks of the policy on this point: position from 1 */
	struct tpc_value selector;
	TPC_LIST(struct tpc_text) actions;
	struct tpc_bool post;
	struct tpc_text message;
	struct tpc_int error, signal;
	struct pt_expect *at_return; /* or NULL */
	const struct tpc_node *node;
	struct tpc_span at;
};

enum pt_moment { PT_MOMENT_NONE, PT_MOMENT_ENTRY, PT_MOMENT_RETURN };

struct pt_case {
	struct tpc_text name, hook;
	struct tpc_word moment; /* enum pt_moment */
	struct pt_process *process;
	/* The fields of several shapes; each may be NULL. */
	const struct tpc_node *workload, *args, *data, *ret, *expect;
	const struct tpc_node *own; /* the mapping as it was written, without defaults */
	const struct tpc_node *defaults;
	TPC_VEC(struct pt_expect *) expects;
	struct tpc_span at;
};

struct pt_cases {
	TPC_VEC(struct pt_case *) list;
};

extern const struct schema_object pt_schema_file, pt_schema_case, pt_schema_defaults, pt_schema_pod,
	pt_schema_socket, pt_schema_file_value, pt_schema_expect;

/* ---- case_read.c ---- */
/* @may_lack: a case without expect is no fault. */
void pt_read(struct tpc_ctx *c, uint32_t file, bool may_lack, struct pt_cases *ret);
/* The value of @key in a mapping, NULL: it has none, or is no mapping. */
const struct tpc_node *pt_entry(const struct tpc_node *map, const char *key);
bool pt_inside(struct tpc_span inner, struct tpc_span outer);
/* An error, unless the same was said of this place. Never NULL. */
struct tpc_diag *pt_error(struct tpc_ctx *c, struct tpc_span at, enum tpc_diag_code code, const char *fmt,
			  ...) __attribute__((format(printf, 4, 5)));
void pt_hint(struct tpc_ctx *c, struct tpc_diag *d, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
const char *pt_shown(struct tpc_arena *a, const char *s, uint32_t len);

/* ---- case_process.c: false after a diagnostic ---- */
bool pt_case_facts(struct tpc_ctx *c, const struct pt_case *k, struct pt_facts *ret);

/* ---- case_value.c, case_socket.c: a YAML value as an argument of the kind of @v; false after a diagnostic ---- */
bool pt_yaml_arg(struct tpc_ctx *c, const struct ir_value *v, const struct tpc_node *n, struct pt_arg *ret);
bool pt_yaml_socket(struct tpc_ctx *c, const struct tpc_node *n, struct pt_arg *ret);
bool pt_yaml_file(struct tpc_ctx *c, const struct tpc_node *n, struct pt_arg *ret);
/* A name of @set or a number up to @max. */
bool pt_name_or_number(struct tpc_ctx *c, enum kernel_names set, const struct tpc_value *w, uint64_t max,
		       struct pt_datum *ret);
/* "CAP_SYS_ADMIN": adds its bit. */
bool pt_add_cap(struct tpc_ctx *c, const char *s, uint32_t len, struct tpc_span at, uint64_t *mask);
/* Is it a set of capabilities? */
bool pt_is_caps(const struct ir_value *v);
/* As the bits that the evaluator wants; false: it does not fit the type. */
bool pt_number_bits(const struct ir_value *v, const char *s, uint32_t len, uint64_t *ret);
/* Network order bytes in the arena; false: no address. */
bool pt_parse_address(struct tpc_arena *a, const char *s, uint32_t len, struct ir_input_value *ret);

/* ---- hook.c ---- */
/* "sys_openat", "i386/sys_dup", "raw_syscalls/sys_enter", "/bin/x:main": how cases call a program's hook. */
const char *pt_hook_name(struct tpc_arena *a, const struct ir_program *p);
/* The name of a function without the prefix of this machine's ABI, another ABI's as "i386/". */
const char *pt_normal_hook(struct tpc_arena *a, const char *name);
/* @name: a normal one. */
bool pt_hook_is(struct tpc_arena *a, const struct ir_program *p, const char *name);
/* Its number in the unit; -1 after a diagnostic. */
int64_t pt_find_hook(struct tpc_ctx *c, const struct ir_unit *u, const struct tpc_text *name);

/* ---- case_args.c: the case's args, data and return onto the program's values ---- */
bool pt_case_args(struct tpc_ctx *c, const struct pt_case *k, const struct ir_program *p,
		  struct pt_arg *args);

/* ---- judge.c ---- */
/* Decides every chain of the program; false after a diagnostic, also where something is not said. */
bool pt_judge(struct tpc_ctx *c, const struct ptest_units *u, const struct pt_case *k, struct pt_judged *ret);
/* The same of facts and arguments, without a word; *@ret has what is unsure. False: an internal error. */
bool pt_judge_facts(struct tpc_ctx *c, const struct ptest_units *u, uint32_t program,
		    const struct pt_facts *facts, const struct pt_arg *args, struct tpc_span at,
		    struct pt_judged *ret);

/* ---- expect.c ---- */
bool pt_read_expects(struct tpc_ctx *c, struct pt_case *k);
/* Gives each verdict its expectation; false after a diagnostic. */
bool pt_assign_expects(struct tpc_ctx *c, const struct ir_unit *u, const struct pt_case *k,
		       struct pt_judged *j);

/* ---- compare.c ---- */
/* The first difference, NULL: none. */
const char *pt_compare(struct tpc_ctx *c, const struct ir_unit *u, const struct pt_case *k,
		       const struct pt_judged *j);
bool pt_posts(const struct ir_rule *r, bool at_return);
/* "[Post, Sigkill]" */
const char *pt_actions_text(struct tpc_arena *a, const struct ir_rule *r, bool at_return);
bool pt_same_actions(const struct pt_expect *e, const struct ir_rule *r, bool at_return);
/* Is it the selector that the text means, by its number from 1 or its label? */
bool pt_is_selector(const struct ir_rule *r, const struct tpc_value *v);

/* ---- coverage.c, points.c ---- */
struct pt_cover {
	struct tpc_ctx *c;
	const struct ir_unit *u;
	struct ptest_result *r;
	uint32_t *first;  /* by number of the chain (ir_chain.hook): its first point */
	uint32_t *scopes; /* by policy: the first of its two points, UINT32_MAX: it is for everything */
	uint64_t budget;  /* questions that may still be asked */
};
void pt_cover_init(struct pt_cover *k, struct tpc_ctx *c, const struct ir_unit *u, struct ptest_result *r);
void pt_cover_case(struct pt_cover *k, const struct pt_case *pc, const struct pt_judged *j);
/* The values of a predicate one by one: the @i-th alone in *@ret; false: there is no such. */
bool pt_one_value(const struct ir_pred *pred, uint32_t i, struct ir_pred *ret);
const char *pt_describe_pred(struct tpc_arena *a, const struct ir_program *p, const struct ir_pred *one,
			     bool negated);

#endif
