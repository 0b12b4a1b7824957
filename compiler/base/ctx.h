// SPDX-License-Identifier: Apache-2.0
/* What every stage of one compilation is handed: its memory, its sources, its diagnostics. No globals anywhere. */
#ifndef TPC_BASE_CTX_H
#define TPC_BASE_CTX_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/source.h"

struct tpc_ctx {
	struct tpc_arena *arena;
	struct tpc_sources sources;
	struct tpc_diags diags;
};

/* 0, or -ENOMEM. Released with tpc_ctx_done(). */
int tpc_ctx_init(struct tpc_ctx *c, size_t arena_ceiling);
void tpc_ctx_done(struct tpc_ctx *c);

#endif
