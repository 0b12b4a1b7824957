// SPDX-License-Identifier: Apache-2.0
/* The platform's own programs, which rules hit in their normal work (TPR8xx). Whom a rule hits is found in agents.c. */
#include "review/about.h"

#define NAMED_MAX 6	/* agents that a finding names */
#define SELECTORS_MAX 5 /* Tetragon takes so many a hook */

struct hit {
	TPC_VEC(const struct know_agent *) list;
};

static bool is_in_brief(const struct rv *r, const struct know_agent *a)
{
	const struct tpc_text *t;

	tpc_vec_foreach (t, &r->ret->brief->agents)
		if (!strcmp(t->s, a->name.s))
			return true;
	return false;
}

/* Of the many runtimes a node has one or two: those of the brief, else the usual ones. */
static struct hit certain(struct rv *r, const struct rv_rule *u)
{
	static const char *const usual[] = { "containerd", "containerd-shim", "runc",
					     "cri-o",	   "conmon",	      "crun",
					     NULL };
	const struct know_agent *const *a;
	struct hit hit = { 0 };

	tpc_vec_foreach (a, &u->agents)
		if (strcmp((*a)->category.s, "runtime") != 0 || is_in_brief(r, *a) ||
		    about_in_words((*a)->name.s, usual))
			*tpc_vec_push(r->arena, &hit.list) = *a;
	return hit;
}

static const char *names_of(struct rv *r, const struct hit *hit)
{
	uint32_t n = hit->list.len;
	const char *s = "";

	for (uint32_t i = 0; i < n && i < NAMED_MAX; i++)
		s = tpc_sprintf(r->arena, "%s%s%s", s,
				!i	   ? "" :
				i + 1 == n ? " and " :
					     ", ",
				hit->list.items[i]->name.s);
	return n > NAMED_MAX ? tpc_sprintf(r->arena, "%s and %u more", s, n - NAMED_MAX) : s;
}

/* ---- mends ---- */

/* Who does much else too, when somebody else starts it. */
static bool is_general(const struct know_agent *a)
{
	return !strcmp(a->name.s, "kubelet-helpers") || !strcmp(a->name.s, "kubelet-probes");
}

/* Their programs on the node as items of a list, NULL: there are none. */
static const char *host_programs(struct rv *r, const struct rv_rule *u, const struct hit *hit)
{
	const struct know_agent *const *a;
	const struct know_binary *b;
	const char *s = "";

	tpc_vec_foreach (a, &hit->list)
		tpc_vec_foreach (b, &(*a)->binaries) {
			if (is_general(*a) || b->on.v != KNOW_ON_HOST || b->match.v > KNOW_MATCH_EQUAL ||
			    !about_program_passes(u, b->path.s) || about_let_through(u, b->path.s))
				continue;
			s = tpc_sprintf(r->arena, "%s\n  - %s", s, b->path.s);
		}
	return *s ? s : NULL;
}

/* An enforcing policy for everything is to be kept to pods first, see TPR502. */
static void let_through(struct rv *r, struct rv_finding *x, const struct rv_rule *u, const struct hit *hit)
{
	const struct rv_policy *p = u->hook->policy;
	const char *programs;

	if (!u->selector || u->hook->nselectors >= SELECTORS_MAX ||
	    (p->scope.pods && p->scope.host && rv_enforces(p, p->acts)))
		return;
	programs = host_programs(r, u, hit);
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
	struct hit hit = certain(r, u);
	struct rv_finding *x;

	if (!hit.list.len)
		return;
	x = rv_say(r, u->at, "%s in normal work by %s", u->acts & RV_ACTS_ENFORCE ? "hit" : "set off",
		   names_of(r, &hit));
	rv_mend(r, x, "let %s through by a selector with NoPost before: %s", hit.list.items[0]->name.s,
		hit.list.items[0]->exempt.s);
	about_weigh_event(x, u->hook->policy, u->acts);
	let_through(r, x, u, &hit);
}

/* TPR802: what others do in normal work, as far as the rows of threats know. */
static void often_legitimate(struct rv *r, const struct rv_rule *u)
{
	const struct know_threat *worst = NULL;
	const struct rv_covered *t;

	if (!rv_enforces(u->hook->policy, u->acts) || about_names_programs(u))
		return;
	tpc_vec_foreach (t, &u->threats)
		if (t->how == RV_COVERS_ALL && t->threat->fp_risk.v >= KNOW_HIGH &&
		    t->threat->legitimate.len && (!worst || t->threat->fp_risk.v > worst->fp_risk.v))
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
