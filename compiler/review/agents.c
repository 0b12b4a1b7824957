// SPDX-License-Identifier: Apache-2.0
/* Whom of the platform's own a rule hits in normal work, and how sure that is. */
#include "review/review_impl.h"

/* Runs where the policy looks: agents without namespaces are the node's. */
static bool in_scope(const struct rv_policy *p, const struct know_agent *a)
{
	const struct tpc_text *ns;

	if (p->scope.namespaced) {
		tpc_vec_foreach (ns, &a->namespaces)
			if (rv_is(ns, p->p->metadata.ns.s))
				return true;
		return false;
	}
	return a->namespaces.len ? p->scope.pods || p->scope.host : p->scope.host;
}

static bool text_in(const struct know_binary *b, const struct tpc_binary_filter *f)
{
	const struct tpc_text *v;

	tpc_vec_foreach (v, &f->values) {
		bool prefix = f->op.v == TPC_BINARY_OPERATOR_PREFIX ||
			      f->op.v == TPC_BINARY_OPERATOR_NOT_PREFIX;

		if (prefix ? !strncmp(b->path.s, v->s, v->len) : !strcmp(b->path.s, v->s))
			return true;
	}
	return false;
}

static bool binary_passes(const struct rv_rule *u, const struct know_binary *b)
{
	const struct tpc_binary_filter *f;

	if (u->whole)
		tpc_vec_foreach (f, &u->whole->match_binaries) {
			bool negated = f->op.v == TPC_BINARY_OPERATOR_NOT_IN ||
				       f->op.v == TPC_BINARY_OPERATOR_NOT_PREFIX ||
				       f->op.v == TPC_BINARY_OPERATOR_NOT_POSTFIX;

			if (text_in(b, f) == negated)
				return false;
		}
	return true;
}

static bool hits(const struct rv_rule *u, const struct know_agent *a)
{
	const struct rv_covered *t;
	const struct know_binary *b;
	bool does = false;

	tpc_vec_foreach (t, &u->threats)
		does |= know_agent_triggers(a, t->use->threat->id.s);
	if (!does || !in_scope(u->hook->policy, a))
		return false;
	tpc_vec_foreach (b, &a->binaries)
		if (binary_passes(u, b))
			return true;
	return false;
}

static void judge(struct rv *r, struct rv_rule *u)
{
	const struct knowledge *k = r->ret->known;
	const struct rv_covered *t;

	if (u->no_post && !(u->acts & RV_ACTS_ENFORCE))
		return;
	for (uint32_t i = 0; i < k->agents.len; i++)
		if (hits(u, k->agents.items[i]))
			*tpc_vec_push(r->arena, &u->agents) = k->agents.items[i];
	tpc_vec_foreach (t, &u->threats)
		if (t->use->threat->fp_risk.v > u->fp_risk)
			u->fp_risk = (enum know_level)t->use->threat->fp_risk.v;
}

void rv_agents(struct rv *r)
{
	struct rv_policy *const *p;
	struct rv_hook *const *h;
	struct rv_rule *const *u;

	tpc_vec_foreach (p, &r->ret->policies)
		tpc_vec_foreach (h, &(*p)->hooks)
			tpc_vec_foreach (u, &(*h)->rules)
				judge(r, *u);
}
