// SPDX-License-Identifier: Apache-2.0
/*
 * Offline validation of objects. An object is hostile input: each check bounds what it reads, and says what is
 * wrong as a finding. Nothing is loaded here but with verify_opts.load.
 */
#ifndef TPC_VERIFY_VERIFY_H
#define TPC_VERIFY_VERIFY_H

#include "ask/ask.h"
#include "base/ctx.h"
#include "kernel/kernel.h"

enum verify_result { VERIFY_OK, VERIFY_FAILED, VERIFY_SKIPPED };

struct verify_finding {
	enum tpc_diag_code code;
	const char *msg;
	const char *file; /* of the policy, as the object's line info has it; NULL: it is about no line */
	uint32_t line;
};

struct verify_check {
	const char *name;  /* "relocations": a word */
	const char *about; /* the BTF file or the kernel it was made against, or NULL */
	enum verify_result result;
	const char *detail; /* what was seen, or why it was skipped */
	TPC_VEC(struct verify_finding) findings;
	uint32_t more; /* findings past VERIFY_FINDINGS_MAX are only counted */
};
#define VERIFY_FINDINGS_MAX 32

struct verify_report {
	const char *object, *digest; /* "sha256:…" of the whole file */
	TPC_VEC(struct verify_check) checks;
	bool environment; /* something could not be asked: exit status 3 */
	/* verify/'s own, for verify_guest(): in the arena of the object's context. NULL: the object is not sound. */
	struct verify *sound;
};

struct verify_btf {
	const char *path;
	struct kernel *kernel; /* opened with that file and nothing else */
};

struct verify_opts {
	const struct verify_btf *btfs;
	uint32_t nbtfs;
	uint32_t min_kernel; /* IR_KERNEL(6, 1); 0: not asked */
	/* Budgets; 0: not asked. Memory in bytes, without what is kept per task. */
	uint64_t max_insns, max_stack, max_memory, max_programs;
	uint32_t cpus; /* that memory is counted for; 0: one */
	/* What the policies compile to, NULL: not asked. */
	const void *expected;
	size_t expected_len;
	bool load; /* ask the running kernel */
	bool vm;   /* verify_guest() will be called */
};

/*
 * Makes every check that @o asks for. What is wrong is in @ret, which lives in c->arena; c->diags is left as it
 * was. Kernels in @o->btfs are read when they are first needed.
 */
void verify_object(struct tpc_ctx *c, const char *name, const void *data, size_t len,
		   const struct verify_opts *o, struct verify_report *ret);
/*
 * Asks another kernel about the objects of @reports that are sound, in one boot, and adds a check to each. Their contexts
 * are still there, and so are the reports where verify_object() filled them. *@ret_console: the end of what the guest's
 * console said, any bytes, in @a; "" when all was answered.
 */
void verify_guest(struct tpc_arena *a, const struct ask_vm *vm, struct verify_report *const *reports,
		  uint32_t n, const char **ret_console);
/* How many checks failed. */
uint32_t verify_failed(const struct verify_report *r);

/*
 * Adds a check to @r whose findings a caller makes: what another program said. Valid until the next is added.
 */
struct verify_check *verify_check_add(struct tpc_ctx *c, struct verify_report *r, const char *name,
				      const char *about);
void verify_finding_add(struct tpc_ctx *c, struct verify_check *k, struct verify_finding f);

#endif
