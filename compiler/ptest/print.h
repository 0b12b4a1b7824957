// SPDX-License-Identifier: Apache-2.0
/* What the printers share. */
#ifndef TPC_PTEST_PRINT_H
#define TPC_PTEST_PRINT_H

#include "ptest/ptest_impl.h"

/* Points that belong together: a selector with its filters, or the two of a scope. */
struct print_group {
	uint32_t first, n, hit;
	bool scope;
};
/* From a zeroed one on; false: there is none left. */
bool print_next_group(const struct ptest_result *r, struct print_group *g);
const char *print_policy(const struct ptest_units *u, const struct ptest_point *p);
/* "BPF: p0_kprobe", "not run on BPF: …" of a case that was asked for. */
const char *print_bpf(struct tpc_arena *a, const struct ptest_outcome *o);
/* Control characters escaped. */
const char *print_shown(struct tpc_arena *a, const char *s);

void print_junit(struct tpc_ctx *c, const struct ptest_result *r, struct tpc_buf *out);
void print_json(struct tpc_ctx *c, const struct ptest_units *u, const struct ptest_result *r, bool coverage,
		struct tpc_buf *out);
/* Text within JSON quotes. */
void print_json_text(struct tpc_buf *out, const char *s);

#endif
