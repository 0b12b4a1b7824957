// SPDX-License-Identifier: Apache-2.0
/* Is a hook the right place to look, and are its arguments the right ones (TPR1xx)? */
#include "review/review_impl.h"

/* TPR101: a check on what another thread may change before the kernel uses it. */
static void user_memory(struct rv *r, const struct rv_rule *u)
{
	const struct know_hook *row = u->hook->row;
	const struct tpc_arg_filter *f;
	const struct know_toctou *t;

	if (!row || !u->whole || !rv_enforces(u->hook->policy, u->acts))
		return;
	tpc_vec_foreach (f, &u->whole->match_args) {
		const struct tpc_arg *a = rv_filter_arg(u->hook, f, NULL);

		tpc_vec_foreach (t, &row->toctou)
			if (a && a->index.v == t->index.v && !a->resolve.set) {
				struct rv_finding *x =
					rv_say(r, f->at, "argument %d of %s lies in user memory: %s",
					       (int)t->index.v, rv_hook_words(r->arena, u->hook), t->why.s);
				if (row->better)
					rv_mend(r, x, "decide at %s: %s",
						row->better->hook.set ? row->better->hook.s :
									row->better->other.s,
						row->better->why.s);
			}
	}
}

/* TPR102: other ways lead to the same behaviour and not through this hook. */
static void siblings(struct rv *r, const struct rv_hook *h)
{
	const struct know_link *l;
	struct rv_hook *const *other;

	if (!h->row)
		return;
	tpc_vec_foreach (l, &h->row->siblings) {
		bool there = false;
		struct rv_finding *x;

		tpc_vec_foreach (other, &h->policy->hooks)
			there |= l->row && (*other)->row == l->row;
		if (there || !l->hook.set)
			continue;
		x = rv_say(r, h->name.at, "%s leads to the same without %s: %s", l->hook.s,
			   rv_hook_words(r->arena, h), l->why.s);
		if (h->row->better)
			rv_mend(r, x, "hook %s instead, or %s too", h->row->better->hook.s, l->hook.s);
		else
			rv_mend(r, x, "hook %s too", l->hook.s);
	}
}

/* TPR103: every event of a hot hook is looked at beyond the kernel's own filters. */
static void hot_without_filter(struct rv *r, const struct rv_rule *u)
{
	const struct know_hook *row = u->hook->row;

	if (!row || row->rate.v != KNOW_HOT || !(u->acts & RV_ACT_POST))
		return;
	if (u->whole && (rv_filters_args(u) || u->whole->match_binaries.len || u->whole->match_pids.len ||
			 u->whole->match_namespaces.len || u->whole->match_capabilities.len))
		return;
	rv_mend(r,
		rv_say(r, u->at, "every call of %s is an event: %s", rv_hook_words(r->arena, u->hook),
		       row->rate_why.s),
		"filter on its arguments or on programs");
}

const struct rv_check rv_checks_hook[] = {
	{ .code = "TPR101", .of_rule = user_memory },
	{ .code = "TPR102", .of_hook = siblings },
	{ .code = "TPR103", .of_rule = hot_without_filter },
	{ 0 },
};
