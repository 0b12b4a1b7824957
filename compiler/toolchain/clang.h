// SPDX-License-Identifier: Apache-2.0
/* clang as a program makes the object; libclang in this process explains what is wrong with generated C. */
#ifndef TPC_TOOLCHAIN_CLANG_H
#define TPC_TOOLCHAIN_CLANG_H

#include "base/ctx.h"

/* A header that generated C includes; a list of them ends with a NULL name. */
struct clang_header {
	const char *name; /* "tpc/bpf/path.h": as #included */
	const char *text;
	size_t len;
};

struct clang_opts {
	const char *
		clang; /* program; NULL: the first of clang-19 … clang-16, clang on PATH that is 16 or newer */
	const char *arch;		    /* "x86_64" */
	const char *tmpdir;		    /* NULL: /tmp; a private folder is made in it and removed */
	const struct clang_header *headers; /* NULL: none */
};

struct clang_object {
	char *data; /* in the arena */
	size_t len;
	uint64_t clang_ns; /* wall time of the clang process, start to exit */
};

/*
 * Compiles generated C into a BPF object with BTF and line info, without DWARF, byte-identical for equal
 * input and equal clang. 0; -EINVAL: clang rejected it, and diagnostics at YAML lines stand in c->diags
 * (found through #line by libclang; clang's own words where libclang is missing or content); other -errno:
 * the machine failed, with a TPC_E_CLANG or TPC_E_ENVIRONMENT diagnostic. PATH is the one thing that is
 * read from the environment, and only when o->clang has no slash.
 */
int clang_compile(struct tpc_ctx *c, const char *text, size_t len, const struct clang_opts *o,
		  struct clang_object *ret);

/*
 * Parses generated C with libclang in process, all warnings on. Each warning and error is added to c->diags
 * as TPC_E_GENERATED_C at the source that #line names. Gives their number, or -errno (-ENOENT: no libclang).
 */
int clang_lint(struct tpc_ctx *c, const char *text, size_t len, const struct clang_opts *o);

#endif
