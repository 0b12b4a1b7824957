// SPDX-License-Identifier: Apache-2.0
/* Which threats a rule sees. */
#include "review/review_impl.h"

/*
 * TODO of the reviewer's own issue: by the row alone so far. What a rule's filters leave of a threat is to be proved by the
 * theory of passes/relate.h, on both as IR.
 */
static void cover_rule(struct rv *r, struct rv_rule *u)
{
	uint32_t n = 0;
	const struct know_use *const *uses = u->hook->row ? know_uses_of(r->ret->known, u->hook->row, &n) :
							    NULL;

	for (uint32_t i = 0; i < n; i++)
		*tpc_vec_push(r->arena, &u->threats) = (struct rv_covered){ uses[i], RV_COVERS_PART };
}

void rv_cover(struct rv *r)
{
	struct rv_policy *const *p;
	struct rv_hook *const *h;
	struct rv_rule *const *u;

	tpc_vec_foreach (p, &r->ret->policies)
		tpc_vec_foreach (h, &(*p)->hooks)
			tpc_vec_foreach (u, &(*h)->rules)
				cover_rule(r, *u);
}
