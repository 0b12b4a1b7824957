// SPDX-License-Identifier: Apache-2.0
/*
 * libtpc: the whole compiler as a library. It never prints, never exits, reads no environment and holds no
 * global state; equal input gives equal bytes. What is wrong with a policy is a diagnostic (collected, see
 * base/diag.h); what is wrong with the machine is a negative errno and a diagnostic too.
 */
#ifndef TPC_TPC_H
#define TPC_TPC_H

#include "base/buf.h"
#include "base/ctx.h"

struct tpc;
struct ir_unit;

enum tpc_mode_opt { TPC_MODE_AS_WRITTEN, TPC_MODE_OPT_MONITOR, TPC_MODE_OPT_ENFORCE };

struct tpc_opts {
	int opt; /* 0 or 2 */
	enum tpc_mode_opt mode;
	bool compat_tetragon; /* what Tetragon refuses is an error, else a warning */
	/* The kernel whose types and hooks are looked up; each may be NULL, see kernel/kernel.h. */
	const char *btf, *btf_modules, *tracefs;
	bool btf_named; /* the user chose it: what it lacks is an error; else it may be another machine's */
	uint32_t min_kernel;   /* IR_KERNEL(5, 15): what it cannot do is told; 0: not asked */
	bool min_kernel_named; /* the user asked for it: what it cannot do is an error, else a warning */
	const char *clang;     /* NULL: search */
	const char *tmpdir;    /* NULL: /tmp */
	size_t arena_ceiling;  /* 0: 512 MiB */
};

/* 0 or -errno. Closed with tpc_close(), which takes NULL. */
int tpc_open(struct tpc **ret, const struct tpc_opts *o);
void tpc_close(struct tpc *t);
struct tpc_ctx *tpc_context(struct tpc *t);

/* Adds every policy of one YAML text. 0, or -EINVAL when a diagnostic of severity error was added. */
int tpc_add_yaml(struct tpc *t, const char *name, const char *text, size_t len);
uint32_t tpc_policy_count(const struct tpc *t);
/* As it was opened. */
const struct tpc_opts *tpc_options(const struct tpc *t);
struct tpc_policy_list;
/* All that were read, those with faults too. */
const struct tpc_policy_list *tpc_policies(const struct tpc *t);
/* Name of policy @i. */
const char *tpc_policy_name(const struct tpc *t, uint32_t i);

/* Reads the kernel's types now, not at the first question: for who wants to know what that costs. */
void tpc_read_types(struct tpc *t);
/* Lowers and optimises what was added. 0, or -EINVAL. The stages below need it. */
int tpc_build(struct tpc *t);
/* Warns of what was built and cannot be compiled yet, which the outputs but IR refuse. 0, or -EINVAL. */
int tpc_warn_not_yet(struct tpc *t);
const struct ir_unit *tpc_unit(const struct tpc *t);
/* The policies lowered once more, without a word and without passes: the rules as they were written. */
const struct ir_unit *tpc_lowered(struct tpc *t);

struct pdiff;
/*
 * What differs between two that are built, see pdiff/pdiff.h; it lives as long as both. 0, or -EINVAL when a limit
 * was reached, which is told in @new.
 */
int tpc_diff(struct tpc *old, struct tpc *new, struct pdiff **ret);

/* Outputs; each 0, -EINVAL or -errno. */
int tpc_emit_ir(struct tpc *t, struct tpc_buf *out);
int tpc_emit_c(struct tpc *t, struct tpc_buf *out);
int tpc_emit_manifest(struct tpc *t, struct tpc_buf *out);
struct clang_object;
int tpc_emit_object(struct tpc *t, struct clang_object *ret);

/* The first thing in what was built that cannot be compiled yet, NULL: nothing. */
const char *tpc_not_yet(struct tpc *t);
/* The object that `tpc test --bpf` runs: the same code, but for its leaves (docs/policy-tests.md). */
int tpc_emit_cases(struct tpc *t, struct clang_object *ret);

/*
 * Has libclang read the generated C with all warnings on. Gives how many complaints it has, each of which is
 * a diagnostic then, or -errno (-ENOENT: there is no libclang). For tests: an object needs no lint.
 */
int tpc_lint(struct tpc *t);

#endif
