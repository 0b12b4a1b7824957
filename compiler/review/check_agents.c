// SPDX-License-Identifier: Apache-2.0
/* The platform's own programs, which rules hit in their normal work (TPR8xx). Whom a rule hits is found in agents.c. */
#include "review/about.h"

#define NAMED_MAX 6	/* agents that a finding names */
#define SELECTORS_MAX 5 /* Tetragon takes so many a hook */

static const char *names_of(struct rv *r, const struct rv_rule *u)
{
	const char *s = "";
	uint32_t i;

	for (i = 0; i < u->agents.len && i < NAMED_MAX; i++)
		s = tpc_sprintf(r->arena, "%s%s%s", s,
				!i		       ? "" :
				i + 1 == u->agents.len ? " and " :
							 ", ",
				u->agents.items[i]->name.s);
	return i < u->agents.len ? tpc_sprintf(r->arena, "%s and %u more", s, u->agents.len - i) : s;
}

/* ---- mends ---- */

/* Their programs on the node as items of a list, NULL: there are none. */
static const char *host_programs(struct rv *r, const struct rv_rule *u)
{
	const struct know_agent *const *a;
	const struct know_binary *b;
	const char *s = "";

	tpc_vec_foreach (a, &u->agents)
		tpc_vec_foreach (b, &(*a)->binaries) {
			if (b->on.v != KNOW_ON_HOST || (b->match.v && b->match.v != KNOW_MATCH_EQUAL) ||
			    !about_program_passes(u, b->path.s) || about_let_through(u, b->path.s))
				continue;
			s = tpc_sprintf(r->arena, "%s\n  - %s", s, b->path.s);
		}
	return *s ? s : NULL;
}

static void let_through(struct rv *r, struct rv_finding *x, const struct rv_rule *u)
{
	const char *programs = u->selector && u->hook->nselectors < SELECTORS_MAX ? host_programs(r, u) :
										    NULL;

	if (programs)
		edit_add_item(
			r, x, u->selector->at, true,
			tpc_sprintf(
				r->arena,
				"matchBinaries:\n- operator: In\n  values:%s\n"
				"matchNamespaces:\n- namespace: Pid\n  operator: In\n  values:\n  - host_ns\n"
				"matchActions:\n- action: NoPost",
				programs));
}

/* TPR801 */
static void hits_agents(struct rv *r, const struct rv_rule *u)
{
	struct rv_finding *x;

	if (!u->agents.len)
		return;
	x = rv_say(r, u->at, "%s in normal work by %s", u->acts & RV_ACTS_ENFORCE ? "hit" : "set off",
		   names_of(r, u));
	rv_mend(r, x, "let %s through by a selector with NoPost before: %s", u->agents.items[0]->name.s,
		u->agents.items[0]->exempt.s);
	about_weigh_event(x, u->hook->policy, u->acts);
	let_through(r, x, u);
}

/* TPR802: what others do in normal work, as far as the rows of threats know. */
static void often_legitimate(struct rv *r, const struct rv_rule *u)
{
	const struct know_threat *worst = NULL;
	const struct rv_covered *t;

	if (!rv_enforces(u->hook->policy, u->acts) || about_names_programs(u))
		return;
	tpc_vec_foreach (t, &u->threats)
		if (t->threat->fp_risk.v >= KNOW_HIGH && t->threat->legitimate.len &&
		    (!worst || t->threat->fp_risk.v > worst->fp_risk.v))
			worst = t->threat;
	/* A rule that is about several is about none of them for certain. */
	if (!worst || u->threats.len > 2)
		return;
	rv_mend(r,
		rv_say(r, u->at, "%s is often done in normal work: %s", worst->id.s,
		       worst->legitimate.items[0].s),
		"keep it to namespaces where that does not happen, or post only");
}

const struct rv_check rv_checks_agents[] = {
	{ .code = "TPR801", .of_rule = hits_agents },
	{ .code = "TPR802", .of_rule = often_legitimate },
	{ 0 },
};
