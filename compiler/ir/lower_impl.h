// SPDX-License-Identifier: Apache-2.0
/*
 * What the files of the lowering share. A hook of any kind is first brought into one form, struct lower_hook;
 * then its arguments, selectors and actions are lowered into a chain of one program.
 */
#ifndef TPC_IR_LOWER_IMPL_H
#define TPC_IR_LOWER_IMPL_H

#include "ir/lower.h"
#include "ir/lower_index.h"
#include "ir/text.h"

#define LOWER_ARGS_MAX 6 /* registers that carry arguments, of functions and of system calls */
#define LOWER_FIELDS_MAX                                                                                     \
	64 /* fields of a tracepoint's format, common ones counted: what an object describes */
#define LOWER_LIST_MAX 256 /* entries of args: each can be shown in several ways */
#define LOWER_NAME_MAX 127 /* KSYM_NAME_LEN of kernels before 6.1, without the NUL */
#define LOWER_SHOWN_MAX 64 /* bytes of user text in a diagnostic */

struct lower_hook {
	enum ir_hook_kind kind;
	struct tpc_text name;  /* as written: call, event or hook */
	const char *target;    /* NULL: the name is wrong, and was reported */
	const char *subsystem; /* tracepoint */
	bool syscall;
	uint32_t entry; /* position in the policy's list */
	struct tpc_text message;
	const struct tpc_arg *args;
	uint32_t nargs;
	const struct tpc_selector *selectors;
	uint32_t nselectors;
	const struct tpc_text *tags;
	uint32_t ntags;
	struct tpc_span at;
};

struct lower {
	struct tpc_ctx *c;
	struct ir_unit *u;
	struct lower_index programs, names; /* hook point -> program; policy name -> policy */
	const struct tpc_policy *policy;
	uint32_t policy_nr;
	const struct lower_hook *hook; /* NULL between hooks */
	struct ir_program *p;	       /* where the hook's chain goes; a stray one when its name is wrong */
	struct ir_chain *chain;
	int32_t *arg_values; /* value number of each of the hook's args; -1: reported as wrong */
	bool full;	     /* a limit was reported for this hook */
	bool out_of_memory;  /* this too */
};

/* lower.c: diagnostics with the note "in this kprobe 'fd_install'". */
struct tpc_diag *lower_error(struct lower *l, struct tpc_span at, enum tpc_diag_code code, const char *fmt,
			     ...) __attribute__((format(printf, 4, 5)));
struct tpc_diag *lower_warning(struct lower *l, struct tpc_span at, enum tpc_diag_code code, const char *fmt,
			       ...) __attribute__((format(printf, 4, 5)));
/*
 * What the language knows and this compiler does not. In a policy that is already bad the front end has said
 * so; this keeps whatever it lets through from being dropped without a word.
 */
void lower_not_yet(struct lower *l, struct tpc_span at, const char *what);
/* true once memory ran out, which is reported the first time. */
bool lower_exhausted(struct lower *l, struct tpc_span at);

/* lower_options.c: spec.options into the policy. */
void lower_options(struct lower *l, struct ir_policy *policy);

/* lower_hooks.c: the hook's name, checked and normalised; NULL and reported when it is wrong. */
const char *lower_call(struct lower *l, const struct tpc_kprobe *k);
const char *lower_lsm_name(struct lower *l, const struct tpc_lsmhook *h);
/* Both names of a tracepoint. */
bool lower_tracepoint_names(struct lower *l, const struct tpc_tracepoint *t);
bool lower_may_override(const struct lower_hook *h);

/* lower_args.c: the hook's args into values and into what the event shows; fills arg_values. */
void lower_args(struct lower *l);
/* Number of a value equal to @v in the program, added when there is none; -1, reported: too many. */
int32_t lower_value(struct lower *l, const struct ir_value *v);

/* lower_selectors.c, lower_actions.c */
void lower_selectors(struct lower *l);
void lower_actions(struct lower *l, const struct tpc_selector *s, struct ir_rule *r);

/* lower_values.c: operand values. Each reports what is wrong, then answers false. @ret starts as zeroes. */
struct lower_word {
	const char *s;
	uint32_t len;
	struct tpc_span at;
};
bool lower_number(struct lower *l, const struct ir_value *v, struct lower_word w, uint64_t *ret);
bool lower_range(struct lower *l, const struct ir_value *v, struct lower_word w, struct ir_range *ret);
bool lower_text(struct lower *l, enum ir_pred_kind kind, struct lower_word w, struct ir_text *ret);
/* Bounds of an integer value's type, as bits. */
uint64_t lower_number_min(const struct ir_value *v);
uint64_t lower_number_max(const struct ir_value *v);
/* User text for a message, cut where it is long. */
const char *lower_show(struct lower *l, const char *s, uint32_t len);

#endif
