// SPDX-License-Identifier: Apache-2.0
/*
 * What the files of this folder share. Hooks of all kinds are brought into one form, and selectors into the one
 * that they have once their macros are filled in; then each file knows the rules of one area. The files of
 * cilium/tetragon that have a rule are named where it is; kernel.go, selectors.go: pkg/selectors; the others:
 * pkg/sensors/tracing.
 */
#ifndef TPC_COMPAT_IMPL_H
#define TPC_COMPAT_IMPL_H

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/number.h"
#include "compat/compat.h"

enum compat_kind {
	COMPAT_KPROBE,
	COMPAT_FENTRY,
	COMPAT_TRACEPOINT,
	COMPAT_LSM,
	COMPAT_UPROBE,
	COMPAT_USDT,
};

struct compat_hook {
	enum compat_kind kind;
	struct tpc_text name; /* call, event, hook, path or probe */
	struct tpc_text message;
	const struct tpc_text *tags;
	uint32_t ntags;
	const struct tpc_arg *args, *data;
	uint32_t nargs, ndata;
	const struct tpc_arg *return_arg; /* or NULL */
	bool ret;
	bool raw;     /* tracepoint */
	bool syscall; /* kprobe, fentry: as the list of its calls says where it has one */
	const struct tpc_selector *selectors;
	uint32_t nselectors;
	uint32_t ncalls;		 /* functions that it is attached to, as far as they are known */
	const char *plain_call;		 /* one that is neither a system call nor security_*, or NULL */
	const char *security_call;	 /* one that is security_*, or NULL */
	const struct tpc_kprobe *kprobe; /* of the six only the one of its kind */
	const struct tpc_tracepoint *tracepoint;
	const struct tpc_uprobe *uprobe;
	const struct tpc_usdt *usdt;
	struct tpc_span at;
};

/* A selector with what its macros add. */
struct compat_selector {
	struct tpc_selector s;
	const struct tpc_selector *own;
};

/* Inner maps that one program's filters need; Tetragon has room for 8 of each kind. */
enum compat_map {
	COMPAT_MAP_VALUES,
	COMPAT_MAP_ADDR4,
	COMPAT_MAP_ADDR6,
	COMPAT_MAP_PREFIX,
	COMPAT_MAP_POSTFIX,
	COMPAT_MAP_STRING, /* the first of the classes of length */
	COMPAT_MAP_MAX = COMPAT_MAP_STRING + 11,
};

struct compat_maps {
	uint64_t n[COMPAT_MAP_MAX];
};

struct compat {
	struct tpc_ctx *c;
	enum tpc_severity sev;
	const struct tpc_policy *policy;
	const struct compat_hook *hook; /* NULL between hooks */
	bool kprobe_multi, uprobe_multi;
	bool override_return; /* option override-method: override-return */
	uint64_t cel;	      /* CelExpr filters so far, of the hook or of the policy */
	uint64_t follow;      /* sets of programs whose children are followed */
	uint32_t substrings;  /* of the hook */
	struct compat_maps maps, shared;
	uint64_t work; /* values looked at in this policy */
	bool exhausted;
};

/* ---- compat.c ---- */
/*
 * One diagnostic, with the note "in this kprobe 'fd_install'" inside a hook. TPC_T_SILENT is a warning always. What
 * was said before about the same place, or is refused there by tpc itself, is not said again; the answer is
 * never NULL.
 */
struct tpc_diag *compat_say(struct compat *x, struct tpc_span at, enum tpc_diag_code code, const char *fmt,
			    ...) __attribute__((format(printf, 4, 5)));
void compat_hint(struct compat *x, struct tpc_diag *d, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* User text for a message, cut where it is long. */
const char *compat_show(struct compat *x, const char *s, uint32_t len);
/*
 * Accounts for @n steps of work: macros and lists are looked at once for each that uses them, which a hostile
 * policy makes into a product. False, reported, when a policy asks for too many.
 */
bool compat_spend(struct compat *x, uint64_t n);
const char *compat_noun(enum compat_kind kind);
bool compat_is(const struct tpc_text *t, const char *s);
bool compat_starts(const char *s, const char *prefix);

/* The text without blanks at both ends. */
struct tpc_text compat_trim(const char *s, uint32_t len);

/* ---- policy.c: metadata, options, workloads, what only the policy as a whole shows ---- */
void compat_options(struct compat *x); /* first: later rules depend on it */
void compat_policy(struct compat *x);
void compat_message_tags(struct compat *x, const struct compat_hook *h);

/* ---- lists.c ---- */
/* The list that "list:NAME" means; NULL, reported at @at, when there is none. */
const struct tpc_value_list *compat_find_list(struct compat *x, const char *name, struct tpc_span at);
/* A value of a list of system calls, as the function it stands for; false, reported: it is none. */
bool compat_syscall_symbol(struct compat *x, const struct tpc_value *v, const char **ret);
void compat_lists(struct compat *x);
void compat_enforcers(struct compat *x);

/* ---- hooks.c, uprobes.c ---- */
/* Finds out what the calls are: `syscall`, `ncalls`, `plain_call` and `security_call`. */
void compat_kprobe(struct compat *x, struct compat_hook *h);
/* The same function twice. */
void compat_kprobe_symbols(struct compat *x);
void compat_uprobe(struct compat *x, const struct compat_hook *h);
void compat_uprobe_paths(struct compat *x);

/* ---- args.c, regs.c ---- */
void compat_args(struct compat *x, const struct compat_hook *h);
void compat_resolve(struct compat *x, const struct tpc_arg *a);
bool compat_is_register(const char *s, uint32_t len);
/* An assignment of argRegs. */
void compat_assignment(struct compat *x, const struct tpc_text *t);

/* ---- selectors.c, actions.c ---- */
void compat_selectors(struct compat *x, const struct compat_hook *h);
void compat_actions(struct compat *x, const struct compat_selector *s);

/* ---- filters.c, values.c ---- */
/* How Tetragon's selectors see an argument's type. */
enum compat_class {
	COMPAT_UNKNOWN, /* only the kernel tells: nothing is said about it */
	COMPAT_S32,	/* int, size_t and what is narrower: values of 32 bits */
	COMPAT_U32,
	COMPAT_S64,
	COMPAT_U64,
	COMPAT_STRING,
	COMPAT_SOCK,
	COMPAT_SOCKADDR,
	COMPAT_SOCKADDR_UN,
	COMPAT_CAPS,
	COMPAT_OTHER, /* nothing of it is compared with values */
};
struct compat_subject {
	enum compat_class class;
	uint16_t type; /* enum tpc_arg_type */
	const char *type_name;
};
struct compat_subject compat_subject_of(const struct compat_hook *h, const struct tpc_arg *a);
void compat_filters(struct compat *x, const struct compat_selector *s);
void compat_values(struct compat *x, const struct tpc_arg_filter *f, const struct compat_subject *a);
/* silent.c: what its programs then do not compare. */
void compat_silent(struct compat *x, const struct tpc_arg_filter *f, const struct compat_subject *a);
/* A number that YAML does not have as text: the CRD wants text. */
void compat_is_text(struct compat *x, const struct tpc_value *v);

/* ---- maps.c: what one program's filters need together ---- */
void compat_maps_begin(struct compat *x);
void compat_maps_filter(struct compat *x, const struct tpc_arg_filter *f, const struct compat_subject *a);
void compat_maps_binary(struct compat *x, const struct tpc_binary_filter *b);
/* Adds what the hook needed to what the policy's programs share, and says what is too much. */
void compat_maps_end(struct compat *x, const struct compat_hook *h);
/* Adds a selector to the bytes of the encoding, which begins with 4 of them and has 4096 at most. */
void compat_encoding(struct compat *x, const struct compat_selector *s, uint64_t *bytes);

#endif
