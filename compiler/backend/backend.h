// SPDX-License-Identifier: Apache-2.0
/* IR to BPF C and to the manifest. */
#ifndef TPC_BACKEND_BACKEND_H
#define TPC_BACKEND_BACKEND_H

#include "ir/ir.h"

struct backend_opts {
	int opt;	  /* -O level, written into the manifest only */
	const char *arch; /* "x86_64" */
	bool cases; /* for `tpc test --bpf`: the leaves are a test's, and all programs of type SYSCALL */
};

/* The manifest of @u, which has a graph: JSON, one line a program, hook or policy, no trailing newline. */
void backend_manifest(struct tpc_ctx *c, const struct ir_unit *u, const struct backend_opts *o,
		      struct tpc_buf *out);

/*
 * What generated code cannot do of @u, as diagnostics of severity @sev: TPC_ERROR before anything is emitted,
 * TPC_WARNING for who only asks.
 */
void backend_check(struct tpc_ctx *c, const struct ir_unit *u, enum tpc_severity sev);

/*
 * The BPF C of @u, manifest included. It includes only <tpc/abi.h> and the <tpc/bpf/> headers, which
 * backend_headers() gives.
 */
void backend_c(struct tpc_ctx *c, const struct ir_unit *u, const struct backend_opts *o, struct tpc_buf *out);

/* Where a field of a tracepoint lies. */
struct field_place {
	bool known; /* the same on every kernel: off and size are built in */
	unsigned off, size;
	unsigned slot; /* else: row of tpc_fields */
};
/* Slots are numbered in order of programs and values, so every caller counts the same. */
struct field_place backend_field(const struct ir_unit *u, const struct ir_program *p, unsigned value);

/* Number of the argument that says how long the Unix address @v is; -1: nothing says it. */
int backend_address_length(const struct ir_program *p, const struct ir_value *v);

/* The building blocks of templates/, abi.h and case.h, embedded at build time. Ends with a NULL name. */
struct backend_header {
	const char *name; /* "tpc/bpf/path.h": as #included */
	const char *text;
	size_t len;
};
extern const struct backend_header backend_headers[];

#endif
