// SPDX-License-Identifier: Apache-2.0
/* Objects into the running kernel, through libbpf: a few programs at a time, attached to nothing. */
#ifndef TPC_TOOLCHAIN_LOAD_H
#define TPC_TOOLCHAIN_LOAD_H

#include "base/arena.h"

struct bpf_object;

/* Of the verifier's log. The largest that every kernel since 5.2 takes: UINT_MAX >> 8. */
#define LOAD_LOG_BYTES ((1U << 24) - 1)

enum load_result {
	LOAD_DONE,
	LOAD_REFUSED,  /* by the verifier, and the log says why */
	LOAD_NOT_HERE, /* the kernel cannot do it at all: no such program type, function or helper */
};

/*
 * The object in @data with nothing but @programs (NULL-terminated) to be loaded, @log (LOAD_LOG_BYTES) taking what the
 * verifier says of them. NULL: errno says why, ENOENT where one of them is not in it. Closed with
 * bpf_object__close().
 */
struct bpf_object *load_open(const void *data, size_t len, const char *const *programs, char *log);
/* What came of bpf_object__load(), which gave @err: 0 or -errno. */
enum load_result load_judge(int err, const char *log);

/* ---- verifier_log.c: what a kernel's verifier wrote ---- */
/* Its last words that are no instruction and no statistics, in @a. */
const char *log_reason(struct tpc_arena *a, const char *log);
/* The last line of a policy in it; false: the kernel is older than Linux 6.10, or there is none. */
bool log_place(struct tpc_arena *a, const char *log, const char **file, uint32_t *line);
/* The last instruction that it names. */
bool log_insn(const char *log, uint32_t *ret);

#endif
