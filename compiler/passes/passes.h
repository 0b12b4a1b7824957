// SPDX-License-Identifier: Apache-2.0
/* The optimizer: IR to IR, a pass a file, in the order of pipeline.c. */
#ifndef TPC_PASSES_PASSES_H
#define TPC_PASSES_PASSES_H

#include "ir/ir.h"

struct pass {
	const char *name;
	void (*run)(struct tpc_ctx *c, struct ir_unit *u);
	unsigned needs, ensures; /* IR_HAS_ bits */
	bool always;		 /* also at -O0 */
};

/* Ends with a pass whose name is NULL. */
extern const struct pass passes[];

/*
 * Runs the pipeline: all passes, or at @opt 0 only those marked always. The IR is checked before the first
 * and after each. @after (may be NULL) is called after each pass, for dumps and golden tests.
 * false: an invariant broke; an internal error naming the pass stands in c->diags.
 */
bool passes_run(struct tpc_ctx *c, struct ir_unit *u, int opt,
		void (*after)(void *user, const char *pass, const struct ir_unit *u), void *user);

#endif
