/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manifest of an object, typed and checked: docs/manifest.md. What is in a struct manifest is sound in
 * itself:
 * every index is in range, every text is there, every number fits. object.h compares it with the object.
 */
#ifndef TPC_RT_MANIFEST_H
#define TPC_RT_MANIFEST_H

#include <tpc/abi.h>

#include "util.h"

enum {
	MANIFEST_BYTES_MAX = 16 << 20,
	MANIFEST_ITEMS_MAX = 65536, /* of any list */
	MANIFEST_ARGS_MAX = 64,	    /* arguments of a hook */
};

struct manifest_policy {
	const char *name, *kind, *file, *digest;
	uint32_t line;
	bool monitor;
};

enum hook_kind { HOOK_KPROBE, HOOK_TRACEPOINT, HOOK_LSM };

struct manifest_arg {
	uint32_t index;
	const char *type;  /* the policy's word */
	const char *label; /* or NULL */
	enum tpc_arg_type abi;
	bool data; /* shown apart from the arguments */
};

enum manifest_action_kind { ACTION_POST, ACTION_NOPOST, ACTION_SIGKILL, ACTION_SIGNAL, ACTION_OVERRIDE };

struct manifest_action {
	enum manifest_action_kind kind;
	int32_t arg; /* ACTION_SIGNAL: signal; ACTION_OVERRIDE: result */
};

struct manifest_selector {
	uint32_t line; /* 0: none */
	bool dropped;
	struct manifest_action *actions;
	size_t nactions;
};

struct manifest_hook {
	const struct manifest_policy *policy;
	enum hook_kind kind;
	const char *function;  /* kprobe's function, LSM's hook, tracepoint's event */
	const char *subsystem; /* tracepoint, else NULL */
	bool syscall;
	uint32_t line;
	const char *message; /* or NULL */
	const char **tags;
	size_t ntags;
	struct manifest_arg *args;
	size_t nargs;
	struct manifest_selector *selectors;
	size_t nselectors; /* at least 1 */
};

enum attach_kind {
	ATTACH_KPROBE,
	ATTACH_FENTRY,
	ATTACH_FMOD_RET,
	ATTACH_LSM,
	ATTACH_TRACEPOINT,
	ATTACH_TP_BTF, /* trackers only */
	ATTACH_KINDS
};

struct manifest_param {
	uint32_t index;
	const char *
		type; /* name of the struct that the parameter points to, NULL: it is an integer or any pointer */
};

struct manifest_variant {
	const char *program; /* the BPF program's name */
	enum attach_kind attach;
	const char *target;
	struct manifest_param *params;
	size_t nparams;
	bool overrides;
};

struct manifest_program {
	const struct manifest_hook **hooks;
	size_t nhooks; /* at least 1 */
	enum hook_kind kind;
	const char *title; /* "kprobe fd_install": for messages */
	uint32_t line;
	struct manifest_variant *variants;
	size_t nvariants; /* at least 1 */
};

struct manifest_field {
	int32_t slot; /* -1: only checked against the expected place */
	const char *subsystem, *event, *type;
	uint32_t index; /* among the fields of the format file, common_ ones counted */
	const struct manifest_hook *hook;
	bool has_expect;
	uint32_t expect_off, expect_size;
};

struct manifest {
	uint32_t abi_major, abi_minor;
	const char *compiler, *version, *arch;
	struct manifest_policy *policies;
	size_t npolicies;
	struct manifest_hook *hooks;
	size_t nhooks;
	struct manifest_program *programs;
	size_t nprograms;
	struct manifest_variant *trackers;
	size_t ntrackers;
	struct manifest_field *fields;
	size_t nfields;
	size_t nexec_tests;
	const char **needs;
	size_t nneeds;
	struct rt_pool pool; /* everything above */
};

/*
 * Reads @len bytes of JSON, a terminating NUL among them or not. 0 and a manifest for manifest_free() in
 * @ret,
 * or -errno and a message: -EINVAL it is unsound, -EPROTO another ABI, -ENOMEM.
 */
int manifest_parse(const char *text, size_t len, struct manifest **ret, struct rt_error *e);
void manifest_free(struct manifest *m); /* NULL is allowed */

const char *attach_kind_name(enum attach_kind k); /* "fmod_ret" */
const char *hook_kind_name(enum hook_kind k);	  /* "kprobe", "tracepoint", "lsm" */

#endif
