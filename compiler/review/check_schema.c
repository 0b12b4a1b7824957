// SPDX-License-Identifier: Apache-2.0
/* Parts of a policy that each are well-formed and do not go together (TPR9xx); the rest of it the front end says. */
#include "review/filters.h"

#define ENTRIES_MAX 16 /* of a selector or hook that are looked into; Tetragon takes 5 */

/* TPR901: what is done before the value exists. */
static void before_return(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_action *a;

	if (!u->whole || !u->whole->match_return_args.len || !rv_enforces(u->hook->policy, u->acts))
		return;
	tpc_vec_foreach (a, &u->whole->match_actions)
		if (a->action.v == TPC_ACTION_SIGKILL || a->action.v == TPC_ACTION_OVERRIDE ||
		    a->action.v == TPC_ACTION_SIGNAL || a->action.v == TPC_ACTION_NOTIFY_ENFORCER) {
			rv_mend(r,
				rv_say(r, a->action.at,
				       "'%s' comes at the entry, before there is a value for 'matchReturnArgs' to compare",
				       a->action.s),
				"move the action to a selector of its own, or to matchReturnActions");
			return;
		}
}

/* TPR902: two entries of one argument, and filters that all look at the first. */
static uint32_t entries_of(const struct rv_hook *h, int64_t index)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < h->nargs && i < ENTRIES_MAX; i++)
		n += h->args[i].index.v == index;
	return n;
}

/* Ports, addresses and the like of one argument are asked for by a filter each. */
static bool has_many_sides(const struct tpc_arg *a)
{
	return a && (a->type.v == TPC_ARG_TYPE_SOCK || a->type.v == TPC_ARG_TYPE_SOCKADDR ||
		     a->type.v == TPC_ARG_TYPE_SOCKET || a->type.v == TPC_ARG_TYPE_SKB);
}

static bool is_again(const struct tpc_arg_filter *f, uint32_t i)
{
	for (uint32_t k = 0; k < i; k++)
		if (!f[k].args.len && f[k].index.v == f[i].index.v && f[k].op.v == f[i].op.v)
			return true;
	return false;
}

static void same_index(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_arg_filter *f;

	if (!u->whole)
		return;
	f = u->whole->match_args.items;
	for (uint32_t i = 1; i < u->whole->match_args.len && i < ENTRIES_MAX; i++) {
		uint32_t n = f[i].args.len ? 0 : entries_of(u->hook, f[i].index.v);

		if (n < 2 || !is_again(f, i) || has_many_sides(rv_filter_arg(u->hook, &f[i], NULL)))
			continue;
		rv_mend(r,
			rv_say(r, f[i].index.at,
			       "'index: %d' is the first of %u entries of 'args' in both filters",
			       (int)f[i].index.v, n),
			"name entries by their position, 'args: [N]'");
	}
}

/* TPR903: nobody is there to be notified. */
static bool is_enforced(const struct tpc_policy *p, const struct rv_hook *h)
{
	const struct tpc_enforcer *e;
	const struct tpc_text *c;

	tpc_vec_foreach (e, &p->spec.enforcers)
		tpc_vec_foreach (c, &e->calls)
			if (!strncmp(c->s, "list:", 5) || !strcmp(c->s, h->target) ||
			    !strcmp(c->s, h->name.s))
				return true;
	return false;
}

static void not_enforced(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_policy *p = u->hook->policy->p;
	const struct tpc_action *a;

	if (!u->whole || !p->spec.enforcers.len || u->hook->kind != KNOW_SYSCALL ||
	    !strncmp(u->hook->name.s, "list:", 5) || u->hook->policy->hooks.len > 64 ||
	    u->hook->rules.len > 64)
		return;
	tpc_vec_foreach (a, &u->whole->match_actions)
		if (a->action.v == TPC_ACTION_NOTIFY_ENFORCER && !is_enforced(p, u->hook))
			rv_mend(r,
				rv_say(r, a->action.at, "'enforcers' do not have '%s', so nothing is done",
				       u->hook->target),
				"add it to the calls of 'enforcers'");
}

/* TPR904: everything may be missing. */
static void all_optional(struct rv *r, const struct rv_policy *p)
{
	const struct tpc_kprobe *k;

	if (!p->p->spec.kprobes.len || p->hooks.len != p->p->spec.kprobes.len)
		return;
	tpc_vec_foreach (k, &p->p->spec.kprobes)
		if (!k->ignore || !k->ignore->call_not_found.v)
			return;
	rv_mend(r,
		rv_say(r, p->p->metadata.name.at,
		       "where the kernel has none of its functions the policy loads and watches nothing"),
		"leave 'callNotFound' off a hook that every kernel has");
}

/* TPR905 */
static void max_of_copy(struct rv *r, const struct rv_hook *h)
{
	for (uint32_t i = 0; i < h->nargs; i++) {
		const struct tpc_arg *a = &h->args[i];
		struct rv_finding *x;

		if (!a->max_data.v || !a->return_copy.v)
			continue;
		x = rv_say(r, a->max_data.at, "'maxData' is not read together with 'returnCopy'");
		rv_mend(r, x, "leave 'maxData' out");
		edit_drop_key(r, x, a->max_data.at);
	}
}

const struct rv_check rv_checks_schema[] = {
	{ .code = "TPR901", .of_rule = before_return }, { .code = "TPR902", .of_rule = same_index },
	{ .code = "TPR903", .of_rule = not_enforced },	{ .code = "TPR904", .of_policy = all_optional },
	{ .code = "TPR905", .of_hook = max_of_copy },	{ 0 },
};
