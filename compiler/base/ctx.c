// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>

#include "base/ctx.h"

int tpc_ctx_init(struct tpc_ctx *c, size_t arena_ceiling)
{
	memset(c, 0, sizeof(*c));
	c->arena = tpc_arena_new(arena_ceiling);
	if (!c->arena)
		return -ENOMEM;
	c->sources.arena = c->arena;
	c->diags.arena = c->arena;
	c->diags.sources = &c->sources;
	return 0;
}

void tpc_ctx_done(struct tpc_ctx *c)
{
	tpc_arena_free(c->arena);
	memset(c, 0, sizeof(*c));
}
