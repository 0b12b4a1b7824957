// SPDX-License-Identifier: Apache-2.0
/* A review from beginning to end. */
#include <stdlib.h>

#include "review/review_impl.h"

#define MACRO_BUDGET (UINT64_C(1) << 22) /* names compared */

static int by_place(const void *a, const void *b)
{
	const struct rv_finding *x = *(const struct rv_finding *const *)a,
				*y = *(const struct rv_finding *const *)b;

	if (x->at.file != y->at.file)
		return x->at.file < y->at.file ? -1 : 1;
	if (x->at.off != y->at.off)
		return x->at.off < y->at.off ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static bool is_seen(const struct rv *r, const struct know_threat *t)
{
	struct rv_policy *const *p;
	struct rv_hook *const *h;
	struct rv_rule *const *u;
	const struct rv_covered *c;

	tpc_vec_foreach (p, &r->ret->policies)
		tpc_vec_foreach (h, &(*p)->hooks)
			tpc_vec_foreach (u, &(*h)->rules)
				tpc_vec_foreach (c, &(*u)->threats)
					if (c->threat == t && (*u)->acts)
						return true;
	return false;
}

static void find_uncovered(struct rv *r)
{
	const struct knowledge *k = r->ret->known;

	for (uint32_t i = 0; i < k->threats.len; i++)
		if (brief_asks_for(r->ret->brief, k->threats.items[i]) && !is_seen(r, k->threats.items[i]))
			*tpc_vec_push(r->arena, &r->ret->uncovered) = k->threats.items[i];
}

struct review *review_run(struct tpc *t, const struct knowledge *known, const struct brief *brief)
{
	struct tpc_ctx *c = tpc_context(t);
	struct review *ret = tpc_new(c->arena, struct review);
	struct rv r = { .c = c, .arena = c->arena, .ret = ret, .macro_budget = MACRO_BUDGET };

	*ret = (struct review){ .t = t, .c = c, .known = known, .brief = brief };
	ret->lowered = c->diags.nerrors ? NULL : tpc_lowered(t);
	rv_subjects(&r);
	rv_take_diagnostics(&r);
	rv_cover(&r);
	find_uncovered(&r);
	rv_agents(&r);
	rv_run_checks(&r);
	rv_accept(&r);
	if (ret->findings.len)
		qsort(ret->findings.items, ret->findings.len, sizeof(*ret->findings.items), by_place);
	return tpc_arena_exhausted(c->arena) ? NULL : ret;
}
