// SPDX-License-Identifier: Apache-2.0
/*
 * Cases on compiled code. The programs are those of `tpc compile`, made with backend_opts.cases and run by the kernel
 * on request (BPF_PROG_RUN of type SYSCALL). A case becomes what the hook would find: a context with registers or a
 * tracepoint's record, and in a map structures of the kernel's own layout that its pointers lead to. What cannot be
 * made is said, case by case.
 */
#ifndef TPC_PTEST_BPF_H
#define TPC_PTEST_BPF_H

#include <jansson.h>

#include "ptest/scene.h"

#include <tpc/case.h>

struct bpf_object;
struct ring_buffer;

/* How a variant is handed its arguments. */
enum bpf_context {
	BPF_REGISTERS, /* kprobe: struct pt_regs */
	BPF_ARGUMENTS, /* fentry, fmod_ret, LSM: an array of them */
	BPF_RECORD,    /* tracepoint */
};

struct bpf_event { /* what was posted */
	uint32_t hook, selector, actions;
};

struct bpf_variant {
	const char *name; /* "p0_kprobe" */
	enum bpf_context context;
	bool result;	 /* what it returns replaces the function's result */
	const char *why; /* it cannot be run, NULL: it can or was not asked for yet */
	struct bpf_object *object;
	int program, exec, stats; /* descriptors of the object's */
	struct tpc_case *now;	  /* shared with the program */
	struct ring_buffer *ring;
	TPC_VEC(struct bpf_event) events;
};

struct bpf_program_variants {
	const char *why; /* none of them can be run */
	TPC_VEC(struct bpf_variant) list;
};

struct ptest_bpf {
	struct tpc_ctx *c;
	const struct ir_unit *u; /* that the object was made of */
	const char *none;	 /* nothing can be run: why */
	struct ptest_code code;
	json_t *manifest;		       /* the code's */
	struct bpf_program_variants *programs; /* one a program of the unit */
	char *log;			       /* of the verifier */
	uint32_t ncpus;
};

/* ---- bpf_load.c ---- */
/* Loads it when it is first needed. NULL, or why it cannot be. */
const char *bpf_ready(struct ptest_bpf *b, struct bpf_variant *v);

/* ---- bpf_able.c ---- */
/* Why @p, of the unit that was compiled, cannot be run; NULL: it can. */
const char *bpf_unable(const struct ptest_bpf *b, const struct ir_program *p);

/* ---- bpf_memory.c: what pointers lead to ---- */
struct bpf_memory {
	struct tpc_case *now;
	uint32_t used;
	bool full; /* something had no room; the addresses are worth nothing */
};
/* Kernel addresses. memory_claim(): of zeros, for memory_set(). */
uint64_t memory_claim(struct bpf_memory *m, uint32_t len);
void memory_set(struct bpf_memory *m, uint64_t object, uint32_t off, const void *bytes, uint32_t len);
uint64_t memory_bytes(struct bpf_memory *m, const void *bytes, uint32_t len);
/* A struct file of type S_IF… at a path that memory_can_be() lets through. */
uint64_t memory_file(struct bpf_memory *m, const char *path, uint32_t len, uint32_t type);
/* One that is nowhere in the tree, as a pipe. */
uint64_t memory_nowhere(struct bpf_memory *m, uint32_t type);
uint64_t memory_path_of(const struct bpf_memory *m, uint64_t file);
uint64_t memory_binprm(struct bpf_memory *m, uint64_t file);
/* Of a system call. */
uint64_t memory_registers(struct bpf_memory *m, const uint64_t args[6]);
/* Is it a path that a kernel can have? */
bool memory_can_be(const char *path, uint32_t len);

/* ---- bpf_socket.c ---- */
/* The socket or packet that argument @value points to; 0: a kernel has none of which all that is said is true. */
uint64_t socket_object(struct bpf_memory *m, const struct pt_scene *s, uint32_t value);
/* The bytes of an address, and how many; 0: there is no such address. */
uint32_t socket_address(const struct pt_scene *s, uint32_t value, char ret[128]);
/* The same of a Unix socket's path. */
uint32_t socket_path(const struct ir_input_value *in, bool told, char ret[128]);

/* ---- bpf_args.c: the case as what the hook is called with ---- */
#define BPF_CONTEXT_MAX 4096

struct bpf_call {
	struct bpf_memory memory;
	uint64_t context[BPF_CONTEXT_MAX / 8];
	uint32_t len; /* bytes of it */
};
/* NULL, or why there can be no such call. */
const char *bpf_make_call(struct ptest_bpf *b, const struct pt_scene *s, const struct bpf_variant *v,
			  struct bpf_call *ret);
/* Where the fields of tracepoints lie whose place a kernel would tell, for tpc_fields. */
#define BPF_FIELDS_AT 256
#define BPF_FIELD_ROOM 8
#define BPF_FIELDS_MAX ((BPF_CONTEXT_MAX - BPF_FIELDS_AT) / BPF_FIELD_ROOM)

/* ---- bpf_compare.c ---- */
/* The first difference between verdicts and what @v did, in words; NULL: none. */
const char *bpf_compare(struct ptest_bpf *b, const struct pt_judged *j, const struct bpf_variant *v,
			const struct tpc_stat *stats, uint32_t result);

#endif
