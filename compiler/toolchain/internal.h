// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of the clang driver; nobody else includes it. */
#ifndef TPC_TOOLCHAIN_INTERNAL_H
#define TPC_TOOLCHAIN_INTERNAL_H

#include "toolchain/clang.h"

/* The generated C is given this name, relative to the folder clang runs in, so that no path gets into an object. */
#define CLANG_INPUT "tpc.bpf.c"
#define CLANG_MIN_VERSION 16

/* ---- clang_args.c ---- */
/*
 * What clang and libclang are both told: target, language, macros. NULL-terminated, in the arena.
 * NULL for an architecture that there is no code for yet.
 */
const char **clang_common_args(struct tpc_arena *a, const char *arch, uint32_t *ret_n);

/* ---- clang_find.c ---- */
/* The program to run, absolute or as given. NULL: none, and a TPC_E_CLANG diagnostic says what was tried. */
const char *clang_find(struct tpc_ctx *c, const char *wanted);

/* ---- process.c ---- */
struct process_result {
	int status;	  /* as waitpid() gives it */
	const char *err;  /* standard error, at most PROCESS_ERR_MAX bytes of it, in the arena */
	const char *out;  /* standard output, the same */
	uint64_t wall_ns; /* start to exit */
};
#define PROCESS_ERR_MAX (64U << 10)
#define PROCESS_MEMORY_MAX ((uint64_t)4 << 30) /* bytes of address space */
#define PROCESS_CPU_MAX 120		       /* seconds */
/* Runs argv[0] in folder @cwd (NULL: here) without a shell and with a fixed environment. 0 or -errno. */
int process_run(struct tpc_arena *a, const char *cwd, const char *const *argv, struct process_result *ret);

/* ---- workdir.c ---- */
/* A private folder, removed with everything that was put into it. */
struct workdir {
	char path[4096];
	int fd; /* -1: not there */
};
#define WORKDIR_NONE ((struct workdir){ .fd = -1 })
int workdir_make(struct workdir *w, const char *parent);
void workdir_remove(struct workdir *w);
/* Writes a file at a relative @name, folders on the way are made. -EINVAL for a name that leaves the folder. */
int workdir_write(struct workdir *w, const char *name, const char *data, size_t len);
/* Reads all of a file into the arena. -EFBIG beyond @max bytes. */
int workdir_read(struct workdir *w, const char *name, struct tpc_arena *a, size_t max, char **ret,
		 size_t *ret_len);

/* ---- strip.c ---- */
/* Writes file @out of @w: @in without DWARF, sections and symbols in the linker's canonical order. 0 or -errno. */
int object_strip(struct workdir *w, const char *in, const char *out);

/* ---- clang_diag.c ---- */
/* The last component of a path, also of one that ends in a slash ("" then). */
const char *path_base(const char *path);
/* Line @line (1-based) of the source whose base name is that of @file; nowhere if there is none, or several. */
struct tpc_span clang_source_span(struct tpc_ctx *c, const char *file, unsigned line);
/* One complaint about generated C. What is not in a source is said with its own file and line. */
void clang_report(struct tpc_ctx *c, const char *file, unsigned line, bool error, const char *msg);
/* Reads clang's standard error into diagnostics. Gives how many errors were found. */
unsigned clang_report_stderr(struct tpc_ctx *c, const char *err);

#endif
