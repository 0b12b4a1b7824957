// SPDX-License-Identifier: Apache-2.0
#include "review/missing.h"

#include <string.h>

#include "review/template.h"

struct agents {
	TPC_VEC(const struct know_agent *) list;
};

static void find_agents(const struct review *r, struct agents *ret)
{
	const struct tpc_text *t;

	tpc_vec_foreach (t, &r->brief->agents) {
		const struct know_agent *a = know_agent_find(r->known, t->s, NULL);

		if (a)
			*tpc_vec_push(r->c->arena, &ret->list) = a;
	}
}

/* The one that all workloads of the brief are in, NULL: there are none, or several. */
static const char *only_namespace(const struct brief *b)
{
	const struct brief_workload *w;
	const char *ns = NULL;

	tpc_vec_foreach (w, &b->workloads) {
		if (!w->ns.len || (ns && strcmp(ns, w->ns.s)))
			return NULL;
		ns = w->ns.s;
	}
	return ns;
}

void missing_policies(const struct review *r, struct missing *ret)
{
	struct tpc_arena *a = r->c->arena;
	struct agents agents = { 0 };

	*ret = (struct missing){ 0 };
	find_agents(r, &agents);
	for (uint32_t i = 0; i < r->uncovered.len; i++) {
		const struct know_threat *t = r->uncovered.items[i];
		uint16_t appetite = r->brief->appetite.v;
		struct know_policy p = {
			.threat = t,
			.appetite = appetite ? (enum know_appetite)(appetite - 1) : KNOW_ALERT,
			.ns = t->scope.v == KNOW_SCOPE_NAMESPACE ? only_namespace(r->brief) : NULL,
			.agents = agents.list.items,
			.nagents = agents.list.len,
		};
		struct tpc_buf text = TPC_BUF(a);
		struct missing_policy *m = tpc_vec_push(a, &ret->list);

		*m = (struct missing_policy){ .threat = t, .why = know_policy_none(&p) };
		if (m->why)
			continue;
		know_policy_yaml(r->known->c, &p, &text);
		m->path = tpc_sprintf(a, "missing/%s.yaml", t->id.s);
		m->yaml = tpc_buf_text(&text);
	}
}
