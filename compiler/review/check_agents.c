// SPDX-License-Identifier: Apache-2.0
/* The platform's own programs, which rules hit in their normal work (TPR8xx). Whom a rule hits is found in agents.c. */
#include "review/about.h"

#define NAMED_MAX 6	/* agents that a finding names */
#define SELECTORS_MAX 5 /* Tetragon takes so many a hook */

/* On every node there is. */
static bool is_everywhere(const struct know_agent *a)
{
	static const char *const names[] = { "kubelet",	      "kubelet-probes", "kubelet-helpers",
					     "kube-proxy",    "containerd",	"containerd-shim",
					     "runc",	      "systemd",	"systemd-journald",
					     "systemd-udevd", "tetragon",	NULL };

	return about_in_words(a->name.s, names);
}

static bool is_in_brief(const struct rv *r, const struct know_agent *a)
{
	const struct tpc_text *t;

	tpc_vec_foreach (t, &r->ret->brief->agents)
		if (!strcmp(t->s, a->name.s))
			return true;
	return false;
}

/* None of its programs comes to the rule: its own filters or a selector before spare them. */
static bool is_spared(const struct rv_rule *u, const struct know_agent *a)
{
	const struct know_binary *b;

	tpc_vec_foreach (b, &a->binaries)
		if (about_program_passes(u, b->path.s) && !about_let_through(u, b->path.s))
			return false;
	return a->binaries.len;
}

struct hit {
	TPC_VEC(const struct know_agent *) list;
};

static struct hit hit_by(struct rv *r, const struct rv_rule *u)
{
	const struct know_agent *const *a;
	struct hit hit = { 0 };

	tpc_vec_foreach (a, &u->agents)
		if ((is_everywhere(*a) || is_in_brief(r, *a)) && !is_spared(u, *a))
			*tpc_vec_push(r->arena, &hit.list) = *a;
	return hit;
}

static const char *names_of(struct rv *r, const struct hit *hit)
{
	const char *s = "";
	uint32_t i;

	for (i = 0; i < hit->list.len && i < NAMED_MAX; i++)
		s = tpc_sprintf(r->arena, "%s%s%s", s,
				!i		       ? "" :
				i + 1 == hit->list.len ? " and " :
							 ", ",
				hit->list.items[i]->name.s);
	return i < hit->list.len ? tpc_sprintf(r->arena, "%s and %u more", s, hit->list.len - i) : s;
}

/* ---- mends ---- */

/* Their programs as items of a list, when a selector on the host's can hold them all. */
static const char *host_programs(struct rv *r, const struct rv_rule *u, const struct hit *hit)
{
	const struct know_agent *const *a;
	const struct know_binary *b;
	const char *s = "";

	tpc_vec_foreach (a, &hit->list)
		tpc_vec_foreach (b, &(*a)->binaries) {
			if (!about_program_passes(u, b->path.s))
				continue;
			if (b->on.v != KNOW_ON_HOST || (b->match.v && b->match.v != KNOW_MATCH_EQUAL))
				return NULL;
			s = tpc_sprintf(r->arena, "%s\n  - %s", s, b->path.s);
		}
	return *s ? s : NULL;
}

static void let_through(struct rv *r, struct rv_finding *x, const struct rv_rule *u, const struct hit *hit)
{
	const char *programs = u->selector && u->hook->nselectors < SELECTORS_MAX ? host_programs(r, u, hit) :
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
	struct hit hit = hit_by(r, u);
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
