// SPDX-License-Identifier: Apache-2.0
/* The optimizer's order on one screen, and the checks between its passes. */
#include "passes/internal.h"

#define CANONICAL (IR_HAS_FOLDED | IR_HAS_UNIQUE)

const struct pass passes[] = {
	{ "canon", pass_canon, 0, IR_HAS_FOLDED, true },
	{ "dedupe", pass_dedupe, IR_HAS_FOLDED, IR_HAS_UNIQUE, true },
	{ "unreachable", pass_unreachable, CANONICAL, CANONICAL, true },
	{ "fold", pass_fold, CANONICAL, CANONICAL, false },
	{ "subsume", pass_subsume, CANONICAL, CANONICAL, false },
	{ "sweep", pass_sweep, 0, 0, true },
	{ "hoist", pass_hoist, IR_HAS_UNIQUE, IR_HAS_HOISTED, true },
	{ "cost", pass_cost, 0, IR_HAS_ORDERED, true },
	{ "order", pass_order, IR_HAS_ORDERED, IR_HAS_ORDERED, false },
	{ "decide", pass_decide, 0, IR_HAS_GRAPH, true },
	{ "thread", pass_thread, CANONICAL | IR_HAS_GRAPH, IR_HAS_GRAPH, false },
	{ "merge", pass_merge, IR_HAS_GRAPH, IR_HAS_GRAPH, false },
	{ NULL, NULL, 0, 0, false },
};

void passes_share(struct tpc_ctx *c, struct ir_unit *u)
{
	pass_canon(c, u);
	pass_dedupe(c, u);
}

static bool internal_error(struct tpc_ctx *c, const char *when, const char *pass, const char *what)
{
	tpc_error(&c->diags, TPC_NOWHERE, TPC_E_INTERNAL, "internal error %s pass '%s': %s", when, pass,
		  what);
	return false;
}

static bool run_one(struct tpc_ctx *c, struct ir_unit *u, const struct pass *pass, unsigned *have)
{
	const char *broken;

	if (pass->needs & ~*have)
		return internal_error(c, "before", pass->name, "what it requires is not ensured");
	pass->run(c, u);
	*have |= pass->ensures;
	broken = ir_check(c, u, *have);
	if (broken)
		return internal_error(c, "after", pass->name, broken);
	if (!tpc_arena_exhausted(c->arena))
		return true;
	tpc_error(&c->diags, TPC_NOWHERE, TPC_E_LIMIT,
		  "the policies need more memory than the compiler may use");
	return false;
}

bool passes_run(struct tpc_ctx *c, struct ir_unit *u, int opt,
		void (*after)(void *user, const char *pass, const struct ir_unit *u), void *user)
{
	const char *broken = ir_check(c, u, 0);
	unsigned have = 0;

	if (broken)
		return internal_error(c, "before", passes[0].name, broken);
	for (const struct pass *pass = passes; pass->name; pass++) {
		if (!opt && !pass->always)
			continue;
		if (!run_one(c, u, pass, &have))
			return false;
		if (after)
			after(user, pass->name, u);
	}
	return true;
}
