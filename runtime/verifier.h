/* SPDX-License-Identifier: Apache-2.0 */
/* A refusal by the kernel's verifier, told in terms of the policy. */
#ifndef TPC_RT_VERIFIER_H
#define TPC_RT_VERIFIER_H

#include "object.h"

/* The largest log buffer that every kernel since 5.2 takes: kernel/bpf/verifier.c, UINT_MAX >> 8. */
#define VERIFIER_LOG_BYTES ((1U << 24) - 1)

/* Fills the message for a failed bpf_object__load(); gives @err back. */
int verifier_explain(struct object *o, int err, struct rt_error *e);

/* The place in a log: the last "; text @ FILE:LINE". false: none. The file is cut to @size. */
bool verifier_last_place(const char *log, char *file, size_t size, uint32_t *line);
/* The number of the last instruction in a log, -1: none. */
long verifier_last_insn(const char *log);
/* The beginning of the last @n lines, summary lines ("processed 12 insns ...") not counted. */
const char *verifier_tail(const char *log, unsigned n);
/* How many bytes of such a tail come before the summary, without the last newline. */
size_t verifier_body(const char *tail);

#endif
