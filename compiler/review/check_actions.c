// SPDX-License-Identifier: Apache-2.0
/* Actions with side effects, and what is cut away from events (TPR61x). */
#include "frontend/rules.h"
#include "review/about.h"

static void say_action(struct rv *r, const struct rv_rule *u, enum tpc_action_kind kind, const char *why)
{
	const struct tpc_action *a = about_action(u, kind);
	struct rv_finding *x;

	if (!a)
		return;
	x = rv_say(r, a->at, "%s", why);
	rv_mend(r, x, "remove it, and act on the event where it arrives");
	if (u->selector && u->selector->match_actions.items == u->whole->match_actions.items)
		edit_drop_item(r, x, a->at);
}

static void get_url(struct rv *r, const struct rv_rule *u)
{
	say_action(
		r, u, TPC_ACTION_GET_URL,
		"the agent asks this URL from the host's network as often as anybody causes the event, and waits for the answer");
}

static void dns_lookup(struct rv *r, const struct rv_rule *u)
{
	say_action(r, u, TPC_ACTION_DNS_LOOKUP,
		   "the agent asks a resolver outside of the cluster as often as anybody causes the event");
}

/* ---- TPR612: stacks of a busy hook ---- */
static void stack_traces(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_action *a = about_action(u, TPC_ACTION_POST);
	const struct know_hook *row = u->hook->row;
	const struct tpc_bool *b;

	if (!a || a->rate_limit.len)
		return;
	b = a->kernel_stack_trace.v ? &a->kernel_stack_trace : &a->user_stack_trace;
	if (!b->v || (row && row->rate.v != KNOW_OFTEN && row->rate.v != KNOW_HOT) || about_names_programs(u))
		return;
	rv_mend(r,
		rv_say(r, b->at,
		       "a stack is walked and kept for each event of %s, and the maps for them are small",
		       rv_hook_words(r->arena, u->hook)),
		"add a rateLimit, or name the programs that it is about");
}

/* ---- TPR613 ---- */
static void ima_hash(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_action *a = about_action(u, TPC_ACTION_POST);
	const char *k = a && a->ima_hash.v ? about_older_kernel(r, 5, 11) : NULL;

	if (k)
		rv_mend(r,
			rv_say(r, a->ima_hash.at,
			       "hashes of IMA can be read from Linux 5.11 on, and there is %s", k),
			"remove it, or keep the policy off these nodes");
}

/* ---- TPR614, TPR615: limits of events ---- */
static void limit_and_kill(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_action *a = about_action(u, TPC_ACTION_POST);

	if (!a || !a->rate_limit.len || !(u->acts & RV_ACTS_ENFORCE))
		return;
	rv_mend(r,
		rv_say(r, a->rate_limit.at,
		       "the limit holds events back and not enforcement: what is done in between leaves no event"),
		"count enforcement by the metrics of the policy");
}

#define LONG_MS (60 * 60 * 1000)

static void limit_hides(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_action *a = about_action(u, TPC_ACTION_POST);
	bool global = a && a->rate_limit_scope.v == TPC_RATE_SCOPE_GLOBAL;
	uint64_t ms = 0;

	if (!a || !a->rate_limit.len || !rules_rate_limit(&a->rate_limit, &ms))
		return;
	if (ms < LONG_MS && !global)
		return;
	rv_mend(r,
		rv_say(r, a->rate_limit.at,
		       global ?
			       "the limit is one for the whole node: a noisy pod hides what others do" :
			       "for so long the same is not told again, and an alert that was missed stays so"),
		"limit by process and to minutes");
}

const struct rv_check rv_checks_actions[] = {
	{ .code = "TPR610", .of_rule = get_url },
	{ .code = "TPR611", .of_rule = dns_lookup },
	{ .code = "TPR612", .of_rule = stack_traces },
	{ .code = "TPR613", .of_rule = ima_hash },
	{ .code = "TPR614", .of_rule = limit_and_kill },
	{ .code = "TPR615", .of_rule = limit_hides },
	{ 0 },
};
