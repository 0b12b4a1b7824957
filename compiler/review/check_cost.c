// SPDX-License-Identifier: Apache-2.0
/* What a hook costs on each node (TPR13x). */
#include "review/filters.h"

static bool is_hot(const struct rv_hook *h)
{
	return h->row && h->row->rate.v == KNOW_HOT;
}

/* TPR131 */
static void much_data(struct rv *r, const struct rv_hook *h)
{
	for (uint32_t i = 0; is_hot(h) && i < h->nargs; i++)
		if (h->args[i].max_data.v) {
			struct rv_finding *x =
				rv_say(r, h->args[i].max_data.at,
				       "'maxData' on %s: hundreds of kilobytes an event, and %s",
				       rv_hook_words(r->arena, h), h->row->rate_why.s);

			rv_mend(r, x, "leave 'maxData' out");
			edit_drop_key(r, x, h->args[i].max_data.at);
		}
}

/* TPR132 */
static void hot_return(struct rv *r, const struct rv_hook *h)
{
	if (is_hot(h) && h->kprobe && h->kprobe->ret.v)
		rv_say(r, h->kprobe->ret.at,
		       "a second probe and a table for the return of %s; returns are missed under load",
		       rv_hook_words(r->arena, h));
}

/* TPR134: pods, namespaces and capabilities are asked for before arguments are read, arguments and programs after. */
static void read_first(struct rv *r, const struct rv_rule *u)
{
	const struct rv_policy *p = u->hook->policy;

	if (!is_hot(u->hook) || !rv_filters_args(u) || !p->scope.pods || !p->scope.host)
		return;
	if (u->whole->match_namespaces.len || u->whole->match_capabilities.len || u->whole->match_pids.len)
		return;
	rv_mend(r,
		rv_say(r, u->at, "arguments of every call of %s are read before they can be compared",
		       rv_hook_words(r->arena, u->hook)),
		"a podSelector, or a filter on namespaces or capabilities, is asked before");
}

const struct rv_check rv_checks_cost[] = {
	{ .code = "TPR131", .of_hook = much_data },
	{ .code = "TPR132", .of_hook = hot_return },
	{ .code = "TPR134", .of_rule = read_first },
	{ 0 },
};
