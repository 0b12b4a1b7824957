// SPDX-License-Identifier: Apache-2.0
/*
 * A TracingPolicy as typed C data: what the front end hands to lowering. It mirrors the CRD
 * (cilium/tetragon, pkg/k8s/apis/cilium.io/v1alpha1, August 2026), all of it; what the back end
 * cannot build yet is said in backend/supported.c.
 *
 * Every scalar knows where it was written. `set` says that the policy wrote it; when it is false the value is
 * the CRD's default (false, 0, "" where it has none) and `at` is the span of the object that lacks it.
 * Everything lives in the compilation's arena.
 */
#ifndef TPC_FRONTEND_POLICY_H
#define TPC_FRONTEND_POLICY_H

#include "base/ctx.h"
#include "frontend/words.h"

/* ---- scalars ---- */
struct tpc_text {
	const char *s; /* never NULL, terminated; without NUL bytes inside */
	uint32_t len;
	bool set;
	struct tpc_span at;
};

struct tpc_int {
	int64_t v;
	bool set;
	bool bad; /* written, but no such number: reported, and not to be taken for absent */
	struct tpc_span at;
};

struct tpc_bool {
	bool v;
	bool set;
	bool bad; /* written, but neither true nor false: reported */
	struct tpc_span at;
};

/* A scalar that may be text or number in YAML: the text as written, unquoted and unescaped. */
struct tpc_value {
	const char *s; /* never NULL, terminated */
	uint32_t len;
	bool quoted; /* '…', "…", | or >: certainly meant as text */
	bool set;
	struct tpc_span at;
};

/* One word of a closed list (words.h). */
struct tpc_word {
	uint16_t v; /* the list's enum; 0: absent and without a default, or not understood */
	bool set;
	const char *s; /* as the CRD spells it; "" when v is 0 */
	struct tpc_span at;
};

/* A TPC_VEC that knows where it was written; at.file is 0 when it is absent. */
#define TPC_LIST(T)                                                                                          \
	struct {                                                                                             \
		T *items;                                                                                    \
		uint32_t len, cap;                                                                           \
		bool bad; /* missing and required, or no such list: reported */                              \
		struct tpc_span at;                                                                          \
	}

/* ---- closed lists: TPC_ARG_TYPE_INT, TPC_ACTION_SIGKILL, … 0 is "none" in each ---- */
#define TPC_ENUM_(list, id) TPC_##list##_##id
#define WORD(id, spelling, meaning) TPC_ENUM_(ARG_TYPE, id),
enum tpc_arg_type { TPC_ARG_TYPE_NONE, TPC_WORDS_ARG_TYPE(WORD) TPC_ARG_TYPE_MAX };
#undef WORD
#define WORD(id, spelling, meaning) TPC_ENUM_(ARG_OPERATOR, id),
enum tpc_arg_operator { TPC_ARG_OPERATOR_NONE, TPC_WORDS_ARG_OPERATOR(WORD) TPC_ARG_OPERATOR_MAX };
#undef WORD
#define WORD(id, spelling, meaning) TPC_ENUM_(SET_OPERATOR, id),
enum tpc_set_operator { TPC_SET_OPERATOR_NONE, TPC_WORDS_SET_OPERATOR(WORD) TPC_SET_OPERATOR_MAX };
#undef WORD
#define WORD(id, spelling, meaning) TPC_ENUM_(BINARY_OPERATOR, id),
enum tpc_binary_operator {
	TPC_BINARY_OPERATOR_NONE,
	TPC_WORDS_BINARY_OPERATOR(WORD) TPC_BINARY_OPERATOR_MAX
};
#undef WORD
#define WORD(id, spelling, meaning) TPC_ENUM_(LABEL_OPERATOR, id),
enum tpc_label_operator { TPC_LABEL_OPERATOR_NONE, TPC_WORDS_LABEL_OPERATOR(WORD) TPC_LABEL_OPERATOR_MAX };
#undef WORD
#define WORD(id, spelling, meaning) TPC_ENUM_(ACTION, id),
enum tpc_action_kind { TPC_ACTION_NONE, TPC_WORDS_ACTION(WORD) TPC_ACTION_MAX };
#undef WORD
#define WORD(id, spelling, meaning) TPC_ENUM_(NAMESPACE, id),
enum tpc_namespace { TPC_NAMESPACE_NONE, TPC_WORDS_NAMESPACE(WORD) TPC_NAMESPACE_MAX };
#undef WORD
#define WORD(id, spelling, meaning) TPC_ENUM_(CAP_SET, id),
enum tpc_cap_set { TPC_CAP_SET_NONE, TPC_WORDS_CAP_SET(WORD) TPC_CAP_SET_MAX };
#undef WORD
#define WORD(id, spelling, meaning) TPC_ENUM_(LIST_TYPE, id),
enum tpc_list_type { TPC_LIST_TYPE_NONE, TPC_WORDS_LIST_TYPE(WORD) TPC_LIST_TYPE_MAX };
#undef WORD
#define WORD(id, spelling, meaning) TPC_ENUM_(RETURN_ACTION, id),
enum tpc_return_action { TPC_RETURN_ACTION_NONE, TPC_WORDS_RETURN_ACTION(WORD) TPC_RETURN_ACTION_MAX };
#undef WORD
#define WORD(id, spelling, meaning) TPC_ENUM_(RATE_SCOPE, id),
enum tpc_rate_scope { TPC_RATE_SCOPE_NONE, TPC_WORDS_RATE_SCOPE(WORD) TPC_RATE_SCOPE_MAX };
#undef WORD

/* ---- label selectors ---- */
struct tpc_pair { /* one entry of a string map */
	struct tpc_text key, value;
};

struct tpc_label_requirement {
	struct tpc_text key;
	struct tpc_word op; /* enum tpc_label_operator */
	TPC_LIST(struct tpc_text) values;
	struct tpc_span at;
};

struct tpc_label_selector {
	TPC_LIST(struct tpc_pair) match_labels;
	TPC_LIST(struct tpc_label_requirement) match_expressions;
	struct tpc_span at;
};

/* ---- arguments: args[], data[], returnArg ---- */
struct tpc_arg {
	struct tpc_int index; /* 0-based position in the function, or field of the tracepoint */
	struct tpc_word type; /* enum tpc_arg_type */
	struct tpc_text resolve;
	struct tpc_int size_arg_index; /* 1-based; 0: none */
	struct tpc_bool return_copy;
	struct tpc_bool max_data;
	struct tpc_text label;
	struct tpc_text source;
	struct tpc_text btf_type;
	struct tpc_text btf_type_module;
	struct tpc_span at;
};

/* ---- filters of a selector ---- */
struct tpc_pid_filter {
	struct tpc_word op; /* enum tpc_set_operator */
	TPC_LIST(struct tpc_int) values;
	struct tpc_bool is_namespace_pid;
	struct tpc_bool follow_forks;
	struct tpc_span at;
};

struct tpc_arg_filter {	      /* matchArgs, matchData, matchReturnArgs */
	struct tpc_int index; /* 0-based argument position of the function; used when args is absent */
	TPC_LIST(struct tpc_int) args; /* positions in the hook's args list; win over index */
	struct tpc_word op;	       /* enum tpc_arg_operator */
	TPC_LIST(struct tpc_value) values;
	struct tpc_span at;
};

struct tpc_binary_filter {  /* matchBinaries, matchParentBinaries */
	struct tpc_word op; /* enum tpc_binary_operator */
	TPC_LIST(struct tpc_text) values;
	struct tpc_bool follow_children;
	struct tpc_span at;
};

struct tpc_namespace_filter {
	struct tpc_word ns;		   /* enum tpc_namespace */
	struct tpc_word op;		   /* enum tpc_set_operator */
	TPC_LIST(struct tpc_value) values; /* inode numbers or host_ns */
	struct tpc_span at;
};

struct tpc_namespace_change_filter {
	struct tpc_word op;		  /* enum tpc_set_operator */
	TPC_LIST(struct tpc_text) values; /* names of namespaces */
	struct tpc_span at;
};

struct tpc_capability_filter { /* matchCapabilities, matchCapabilityChanges */
	struct tpc_word type;  /* enum tpc_cap_set */
	struct tpc_word op;    /* enum tpc_set_operator */
	struct tpc_bool is_namespace_capability;
	TPC_LIST(struct tpc_value) values;
	struct tpc_span at;
};

struct tpc_workloads { /* NULL: absent; a selector {} takes everything of its kind */
	struct tpc_label_selector *pod_selector;
	struct tpc_label_selector *container_selector;
	struct tpc_label_selector *host_selector;
	struct tpc_span at;
};

struct tpc_action {		/* matchActions, matchReturnActions */
	struct tpc_word action; /* enum tpc_action_kind */
	struct tpc_text arg_url;
	struct tpc_text arg_fqdn;
	struct tpc_int arg_error;
	struct tpc_int arg_sig;
	struct tpc_int arg_sock;
	struct tpc_int arg_index;
	struct tpc_int arg_value;
	TPC_LIST(struct tpc_text) arg_regs;
	struct tpc_text arg_new_symbol;
	struct tpc_int arg_new_addr;
	struct tpc_int arg_new_offset;
	struct tpc_value rate_limit;
	struct tpc_word rate_limit_scope; /* enum tpc_rate_scope */
	struct tpc_bool kernel_stack_trace;
	struct tpc_bool user_stack_trace;
	struct tpc_bool ima_hash;
	struct tpc_span at;
};

struct tpc_selector {
	struct tpc_text label;
	TPC_LIST(struct tpc_pid_filter) match_pids;
	TPC_LIST(struct tpc_arg_filter) match_args;
	TPC_LIST(struct tpc_arg_filter) match_data;
	TPC_LIST(struct tpc_action) match_actions;
	TPC_LIST(struct tpc_arg_filter) match_return_args;
	TPC_LIST(struct tpc_action) match_return_actions;
	TPC_LIST(struct tpc_binary_filter) match_binaries;
	TPC_LIST(struct tpc_binary_filter) match_parent_binaries;
	TPC_LIST(struct tpc_namespace_filter) match_namespaces;
	TPC_LIST(struct tpc_namespace_change_filter) match_namespace_changes;
	TPC_LIST(struct tpc_capability_filter) match_capabilities;
	TPC_LIST(struct tpc_capability_filter) match_capability_changes;
	struct tpc_workloads *match_workloads; /* or NULL */
	TPC_LIST(struct tpc_text) macros;
	struct tpc_span at;
};

struct tpc_macro { /* one entry of selectorsMacros */
	struct tpc_text name;
	struct tpc_selector selector;
};

/* ---- hooks ---- */
struct tpc_kprobe_ignore {
	struct tpc_bool call_not_found;
	struct tpc_span at;
};

struct tpc_kprobe { /* kprobes, fentries */
	struct tpc_text call;
	struct tpc_bool ret;
	struct tpc_bool syscall; /* true unless written otherwise */
	struct tpc_text message;
	TPC_LIST(struct tpc_arg) args;
	TPC_LIST(struct tpc_arg) data;
	struct tpc_arg *return_arg;	   /* or NULL */
	struct tpc_word return_arg_action; /* enum tpc_return_action */
	TPC_LIST(struct tpc_selector) selectors;
	TPC_LIST(struct tpc_text) tags;
	struct tpc_kprobe_ignore *ignore; /* or NULL */
	struct tpc_span at;
};

struct tpc_tracepoint {
	struct tpc_text subsystem;
	struct tpc_text event;
	struct tpc_text message;
	TPC_LIST(struct tpc_arg) args;
	TPC_LIST(struct tpc_selector) selectors;
	TPC_LIST(struct tpc_text) tags;
	struct tpc_bool raw;
	struct tpc_span at;
};

struct tpc_uprobe_ignore {
	struct tpc_bool digest_verification_failure;
	struct tpc_span at;
};

struct tpc_uprobe {
	struct tpc_text path;
	struct tpc_text btf_path;
	TPC_LIST(struct tpc_text) symbols;
	TPC_LIST(struct tpc_int) offsets;
	TPC_LIST(struct tpc_int) addrs;
	TPC_LIST(struct tpc_int) ref_ctr_offsets;
	struct tpc_text message;
	TPC_LIST(struct tpc_selector) selectors;
	TPC_LIST(struct tpc_arg) args;
	TPC_LIST(struct tpc_arg) data;
	TPC_LIST(struct tpc_text) tags;
	struct tpc_bool ret;
	struct tpc_arg *return_arg; /* or NULL */
	TPC_LIST(struct tpc_text) binary_digests;
	struct tpc_uprobe_ignore *ignore; /* or NULL */
	struct tpc_span at;
};

struct tpc_usdt {
	struct tpc_text path;
	struct tpc_text btf_path;
	struct tpc_text provider;
	struct tpc_text name;
	TPC_LIST(struct tpc_text) tags;
	struct tpc_text message;
	TPC_LIST(struct tpc_arg) args;
	TPC_LIST(struct tpc_selector) selectors;
	struct tpc_span at;
};

struct tpc_lsmhook {
	struct tpc_text hook;
	struct tpc_text message;
	TPC_LIST(struct tpc_arg) args;
	TPC_LIST(struct tpc_selector) selectors;
	TPC_LIST(struct tpc_text) tags;
	struct tpc_span at;
};

/* ---- the rest of spec ---- */
struct tpc_value_list { /* lists[] */
	struct tpc_text name;
	TPC_LIST(struct tpc_value) values;
	struct tpc_word type; /* enum tpc_list_type; 0: plain */
	struct tpc_text pattern;
	struct tpc_bool validated;
	struct tpc_span at;
};

struct tpc_option {
	struct tpc_text name;
	struct tpc_value value;
	struct tpc_span at;
};

struct tpc_enforcer {
	TPC_LIST(struct tpc_text) calls;
	struct tpc_span at;
};

struct tpc_spec {
	TPC_LIST(struct tpc_kprobe) kprobes;
	TPC_LIST(struct tpc_tracepoint) tracepoints;
	struct tpc_bool loader;
	TPC_LIST(struct tpc_uprobe) uprobes;
	TPC_LIST(struct tpc_lsmhook) lsmhooks;
	TPC_LIST(struct tpc_usdt) usdts;
	TPC_LIST(struct tpc_kprobe) fentries;
	struct tpc_label_selector *pod_selector; /* NULL: absent; {}: all */
	struct tpc_label_selector *container_selector;
	struct tpc_label_selector *host_selector;
	struct tpc_label_selector *node_selector;
	TPC_LIST(struct tpc_value_list) lists;
	TPC_LIST(struct tpc_enforcer) enforcers;
	TPC_LIST(struct tpc_option) options;
	TPC_LIST(struct tpc_macro) selectors_macros;
	struct tpc_span at;
};

/* Written by tpc itself, from a pattern or from the system calls there are. */
static inline bool tpc_list_is_generated(const struct tpc_value_list *list)
{
	return list->type.v == TPC_LIST_TYPE_GENERATED_SYSCALLS ||
	       list->type.v == TPC_LIST_TYPE_GENERATED_FTRACE;
}

/* There, and without a condition. */
static inline bool tpc_selects_all(const struct tpc_label_selector *s)
{
	return s && !s->match_labels.len && !s->match_expressions.len;
}

struct tpc_metadata {
	struct tpc_text name;
	struct tpc_text generate_name;
	struct tpc_text ns; /* metadata.namespace */
	TPC_LIST(struct tpc_pair) labels;
	TPC_LIST(struct tpc_pair) annotations;
	struct tpc_span at;
};

enum tpc_policy_kind { TPC_TRACING_POLICY, TPC_TRACING_POLICY_NAMESPACED };

struct tpc_policy {
	enum tpc_policy_kind kind;
	struct tpc_text api_version;
	struct tpc_text kind_name; /* "TracingPolicy" */
	struct tpc_metadata metadata;
	struct tpc_spec spec;
	const char *digest; /* "sha256:…" of the document's bytes, the span `at` */
	struct tpc_span
		at; /* from the document's '---', or the file's start, to the next document or the end */
	bool bad;   /* an error was reported inside it: what is here may be incomplete */
};

/* Made to be used as a TPC_VEC itself: tpc_vec_push(), tpc_vec_foreach(). */
struct tpc_policy_list {
	struct tpc_policy **items;
	uint32_t len, cap;
};

#endif
