// SPDX-License-Identifier: Apache-2.0
/*
 * What the files of the lowering share. A hook of any kind is first brought into one form, struct lower_hook;
 * its call may stand for several functions (struct lower_call), each of which gets a chain of its own; then
 * arguments, selectors and actions are lowered into that chain.
 *
 * What the front end could not read is not set: what hangs on it is passed over without a word.
 */
#ifndef TPC_IR_LOWER_IMPL_H
#define TPC_IR_LOWER_IMPL_H

#include "ir/lower.h"
#include "ir/lower_index.h"
#include "ir/text.h"
#include "kernel/names.h"

#define LOWER_ARGS_MAX 6 /* registers that carry arguments, of functions and of system calls */
#define LOWER_FIELDS_MAX                                                                                     \
	64 /* fields of a tracepoint's format, common ones counted: what an object describes */
#define LOWER_LIST_MAX 256 /* entries of args: each can be shown in several ways */
#define LOWER_NAME_MAX 127 /* KSYM_NAME_LEN of kernels before 6.1, without the NUL */
#define LOWER_SHOWN_MAX 64 /* bytes of user text in a diagnostic */

/* Text of a policy with its place. */
struct lower_word {
	const char *s;
	uint32_t len;
	struct tpc_span at;
};

/* One function, event or place that a hook stands for. */
struct lower_call {
	const char *target; /* as ir_program.target */
	bool syscall;
	enum kernel_abi abi;
	enum ir_many many;
	const struct ir_user_place *user;
	struct tpc_span at;
};
struct lower_calls {
	TPC_VEC(struct lower_call) list;
	bool bad; /* something of the name is wrong, and was reported */
};

struct lower_hook {
	enum ir_hook_kind kind;
	struct tpc_text name;  /* as written: call, event, hook, path or name */
	const char *subsystem; /* tracepoint */
	uint32_t entry;	       /* position in the policy's list */
	struct tpc_text message;
	const struct tpc_arg *args, *data;
	uint32_t nargs, ndata;
	const struct tpc_arg *return_arg; /* or NULL */
	bool returns;
	struct tpc_word return_action;
	const struct tpc_selector *selectors;
	uint32_t nselectors;
	const struct tpc_text *tags;
	uint32_t ntags;
	bool may_miss;
	const char *btf_path; /* uprobe, usdt: file with its types, "" or NULL */
	struct tpc_span at;
};

struct lower {
	struct tpc_ctx *c;
	struct ir_lower_opts o;
	struct ir_unit *u;
	struct lower_index programs, names; /* hook point -> program; policy name -> policy */
	struct lower_index lists, macros;   /* of the policy, by name */
	bool *macro_used;
	const struct tpc_policy *policy;
	uint32_t policy_nr;
	const struct lower_hook *hook; /* NULL between hooks */
	const struct lower_call *call; /* the one being lowered: of several, only the first is told about */
	struct kernel_func func;       /* its prototype */
	bool has_func;
	struct kernel_format format; /* of a tracepoint */
	bool has_format;
	struct ir_program *p; /* where the hook's chain goes; a stray one when its name is wrong */
	struct ir_chain *chain;
	int32_t *arg_values, *data_values; /* value number of each; -1: reported as wrong */
	int32_t return_value;		   /* or -1 */
	uint32_t policy_diags; /* diagnostics before this policy: nothing is said of one place twice */
	bool full;	       /* a limit was reported for this hook */
	bool out_of_memory;    /* this too */
	bool said_no_btf;      /* this too, once a run */
};

/* ---- lower.c: diagnostics with the note "in this kprobe 'fd_install'" ---- */
struct tpc_diag *lower_say(struct lower *l, enum tpc_severity sev, struct tpc_span at,
			   enum tpc_diag_code code, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
#define lower_error(l, ...) lower_say(l, TPC_ERROR, __VA_ARGS__)
#define lower_warning(l, ...) lower_say(l, TPC_WARNING, __VA_ARGS__)
/* Of what is said about the kernel: an error when the user named it. */
#define lower_fact(l, ...) lower_say(l, (l)->o.kernel_named ? TPC_ERROR : TPC_WARNING, __VA_ARGS__)
void lower_hint(struct lower *l, struct tpc_diag *d, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Reports when the kernel asked for is older than major.minor. */
void lower_needs(struct lower *l, struct tpc_span at, uint32_t kernel, const char *what);
/* true once memory ran out, which is reported the first time. */
bool lower_exhausted(struct lower *l, struct tpc_span at);
/* User text for a message, cut where it is long. */
const char *lower_show(struct lower *l, const char *s, uint32_t len);
/* The hook kind's word in a policy: "kprobe", "lsmhook". */
const char *lower_hook_word(enum ir_hook_kind kind);

/* ---- lower_options.c, lower_scope.c: of the whole policy ---- */
void lower_options(struct lower *l, struct ir_policy *policy);
void lower_scope(struct lower *l, struct ir_policy *policy);
/* Number of @w in the unit's workloads plus 1; 0: everything. */
uint32_t lower_workload(struct lower *l, const char *ns, const struct tpc_label_selector *pod,
			const struct tpc_label_selector *container, const struct tpc_label_selector *host,
			struct tpc_span at);

/* ---- lower_track.c: TrackSock needs UntrackSock ---- */
void lower_check_tracking(struct lower *l);

/* ---- lower_hooks.c: each kind of hook in the one form ---- */
void lower_hooks(struct lower *l);
/* lower.c: chains of one hook. */
void lower_hook(struct lower *l, const struct lower_hook *h, const struct lower_calls *calls);

/* ---- lower_names.c: names of hook points, checked and normalised ---- */
void lower_kprobe_calls(struct lower *l, enum ir_hook_kind kind, const struct tpc_kprobe *k,
			struct lower_calls *ret);
const char *lower_lsm_name(struct lower *l, const struct tpc_lsmhook *h);
/* Both names of a tracepoint. */
bool lower_tracepoint_names(struct lower *l, const struct tpc_tracepoint *t);
bool lower_may_override(const struct lower *l);
/* A function's or system call's name ("sys_dup", "i386/sys_dup", "__x64_sys_dup"); false: reported. */
bool lower_syscall_name(struct lower *l, struct lower_word w, struct lower_call *ret);

/* ---- lower_lists.c ---- */
const struct tpc_value_list *lower_find_list(struct lower *l, const char *s, uint32_t len);
/* Gathers the names; faults of the lists themselves, whether they are used or not. */
void lower_check_lists(struct lower *l);
/* The calls of list @v ("list:NAME"), appended. */
void lower_list_calls(struct lower *l, struct lower_word v, struct lower_calls *ret);
/* The numbers of a list of system calls, as raw_syscalls has them: bit 31 marks a 32-bit ABI. */
bool lower_list_ranges(struct lower *l, struct lower_word v, struct ir_pred *pred);
void lower_enforcers(struct lower *l);

/* ---- lower_user.c: places in programs ---- */
void lower_uprobe_calls(struct lower *l, const struct tpc_uprobe *u, struct lower_calls *ret);
void lower_usdt_calls(struct lower *l, const struct tpc_usdt *u, struct lower_calls *ret);

/* ---- lower_prototype.c: what the kernel says of the hook and its arguments ---- */
void lower_prototype(struct lower *l);
/* The most that index may be, and what to call it. */
int64_t lower_index_max(const struct lower *l);
void lower_check_arg(struct lower *l, const struct tpc_arg *a);
/* The argument type of a kernel's for `auto`, enum tpc_arg_type; NONE: reported. */
uint16_t lower_auto_type(struct lower *l, const struct tpc_arg *a, bool is_return);

/* ---- lower_resolve.c: resolve, btfType, source; @v is completed. False: reported ---- */
bool lower_resolve(struct lower *l, const struct tpc_arg *a, bool data, struct ir_value *v);
/* The register of that name, NULL: none; then *@ret_near is the nearest, or NULL. */
const char *lower_register(const char *s, uint32_t len, const char **ret_near);

/* ---- lower_types.c ---- */
struct lower_type {
	bool known;
	enum ir_type type;
	uint8_t size;
	bool is_signed;
	bool pointer; /* a kernel object behind a pointer: no system call is handed one */
	bool caps;    /* values are masks of capabilities */
	bool cap;     /* values are capabilities */
	enum ir_path_from path_from;
};
/* Of enum tpc_arg_type @word. */
const struct lower_type *lower_type_of(uint16_t word);
/* Of the CRD's word, enum tpc_arg_type; NONE: none of them. */
uint16_t lower_type_word(const char *word);
const char *lower_type_name(uint16_t word);
/* Left to a tracepoint's format that is not known here: @v is read, and nothing can be asked of it. */
bool lower_is_untyped(const struct ir_value *v);

/* ---- lower_args.c: the hook's args into values and into what the event shows; fills arg_values ---- */
void lower_args(struct lower *l);
/* Number of a value equal to @v in the program, added when there is none; -1, reported: too many. */
int32_t lower_value(struct lower *l, const struct ir_value *v);

/* ---- lower_selectors.c, lower_macros.c, lower_process.c, lower_filters.c, lower_actions.c ---- */
void lower_selectors(struct lower *l);
/* @s with its macros' filters; @s itself when it has none. */
const struct tpc_selector *lower_macros(struct lower *l, const struct tpc_selector *s);
/* Gathers the names, and what is wrong with the macros themselves. */
void lower_check_macros(struct lower *l);
/* After the hooks: those that no selector has named. */
void lower_unused_macros(struct lower *l);
void lower_process_filters(struct lower *l, const struct tpc_selector *s, struct ir_rule *r);
void lower_arg_filters(struct lower *l, const struct tpc_selector *s, struct ir_rule *r);
void lower_actions(struct lower *l, const struct tpc_selector *s, struct ir_rule *r);
/* lower_action_fields.c: warns of fields that @a does not read. */
void lower_check_action_fields(struct lower *l, const struct tpc_action *a);
/* lower_override.c: action Override; false: reported. */
bool lower_override(struct lower *l, const struct tpc_action *a, struct ir_action *ret);

/* A predicate to be added, with its term. */
struct lower_filter {
	struct ir_pred pred;
	bool negated;
	bool at_return; /* among the rule's return terms */
};
void lower_add_filter(struct lower *l, struct ir_rule *r, int32_t value, struct lower_filter *f,
		      struct tpc_span at);
/* Filter @op at @at has an empty list at @values, or none; @bad as in TPC_LIST. */
void lower_no_values(struct lower *l, struct tpc_span at, const char *op, bool bad, struct tpc_span values);

/* ---- lower_values.c: operand values. Each reports what is wrong, then answers false. @ret starts as zeroes. ---- */
bool lower_number(struct lower *l, const struct ir_value *v, struct lower_word w, uint64_t *ret);
/* Is it a number that fits @v? Says nothing. */
bool lower_parse_number(const struct ir_value *v, const char *s, uint32_t len, uint64_t *ret);
bool lower_range(struct lower *l, const struct ir_value *v, struct lower_word w, struct ir_range *ret);
bool lower_text(struct lower *l, enum ir_pred_kind kind, struct lower_word w, struct ir_text *ret);
/* Warns of a path that ends with a line break: of a block of text, '|', that has one by itself. */
void lower_check_line_break(struct lower *l, struct lower_word w);
/* That, and of a value that no path can have, or begin with. */
void lower_check_path(struct lower *l, enum ir_pred_kind kind, struct lower_word w);
/* A name of @set, or a number where @numbers. */
bool lower_name(struct lower *l, enum kernel_names set, struct lower_word w, bool numbers, uint32_t *ret);
/* Capabilities as bits: names joined by ',', or where @numbers a mask. */
bool lower_caps(struct lower *l, struct lower_word w, bool numbers, uint64_t *ret);
bool lower_bool(struct lower *l, struct lower_word w, bool *ret);
/* Bounds of an integer value's type, as bits. */
uint64_t lower_number_min(const struct ir_value *v);
uint64_t lower_number_max(const struct ir_value *v);

/* ---- lower_net.c ---- */
bool lower_net(struct lower *l, struct lower_word w, struct ir_net *ret);
/* A port or a range of ports min:max, in either order as Tetragon takes them. */
bool lower_ports(struct lower *l, struct lower_word w, struct ir_range *ret);

/* ---- lower_cel.c: one CelExpr into terms of @r; its argN is @values[N], -1: reported as wrong ---- */
void lower_cel(struct lower *l, struct ir_rule *r, const struct tpc_arg_filter *f, const int32_t *values,
	       uint32_t n, bool at_return);

#endif
