// SPDX-License-Identifier: Apache-2.0
/* Whom of the platform's own a rule hits in normal work, and how sure that is. */
#include "review/review_impl.h"

#define BEFORE_MAX 64 /* selectors that are looked at for who passes; Tetragon takes 5 of a hook */

/* ---- where an agent runs ---- */

static bool in_namespace(const struct know_agent *a, const char *ns)
{
	const struct tpc_text *t;

	tpc_vec_foreach (t, &a->namespaces)
		if (rv_is(t, ns))
			return true;
	return false;
}

/* Programs on the node itself; an agent without usual namespaces has no other. */
static bool on_host(const struct know_agent *a, const struct know_binary *b)
{
	return b->on.v == KNOW_ON_HOST || !a->namespaces.len;
}

static bool in_scope(const struct rv_policy *p, const struct know_agent *a, const struct know_binary *b)
{
	if (on_host(a, b))
		return p->scope.host;
	return p->scope.namespaced ? in_namespace(a, p->p->metadata.ns.s) : p->scope.pods;
}

/* ---- what a rule lets through ---- */

static bool path_matches(const struct know_binary *b, const struct tpc_text *v, enum tpc_binary_operator op)
{
	bool postfix = op == TPC_BINARY_OPERATOR_POSTFIX || op == TPC_BINARY_OPERATOR_NOT_POSTFIX;
	bool prefix = op == TPC_BINARY_OPERATOR_PREFIX || op == TPC_BINARY_OPERATOR_NOT_PREFIX;
	uint32_t n = b->path.len;

	if (prefix)
		return n >= v->len && !memcmp(b->path.s, v->s, v->len);
	if (postfix)
		return n >= v->len && !memcmp(b->path.s + n - v->len, v->s, v->len);
	/* A row that knows only how its paths begin may be any of them. */
	if (b->match.v == KNOW_MATCH_PREFIX)
		return v->len >= n && !memcmp(b->path.s, v->s, n);
	if (b->match.v == KNOW_MATCH_POSTFIX)
		return v->len >= n && !memcmp(v->s + v->len - n, b->path.s, n);
	return n == v->len && !memcmp(b->path.s, v->s, n);
}

static bool is_negated(enum tpc_binary_operator op)
{
	return op == TPC_BINARY_OPERATOR_NOT_IN || op == TPC_BINARY_OPERATOR_NOT_PREFIX ||
	       op == TPC_BINARY_OPERATOR_NOT_POSTFIX;
}

static bool binary_passes(const struct tpc_selector *s, const struct know_binary *b)
{
	const struct tpc_binary_filter *f;
	const struct tpc_text *v;

	tpc_vec_foreach (f, &s->match_binaries) {
		enum tpc_binary_operator op = (enum tpc_binary_operator)f->op.v;
		bool any = false;

		tpc_vec_foreach (v, &f->values)
			any |= path_matches(b, v, op);
		if (any == is_negated(op))
			return false;
	}
	return true;
}

static bool is_host_ns(const struct tpc_namespace_filter *f)
{
	return f->values.len == 1 && !strcmp(f->values.items[0].s, "host_ns");
}

/* Host namespaces tell the node's programs from those in pods, but for pods that share them: those are not known here. */
static bool namespace_passes(const struct tpc_selector *s, bool host)
{
	const struct tpc_namespace_filter *f;

	tpc_vec_foreach (f, &s->match_namespaces)
		if (is_host_ns(f) && host != (f->op.v == TPC_SET_OPERATOR_IN) &&
		    (f->ns.v == TPC_NAMESPACE_MNT || f->ns.v == TPC_NAMESPACE_PID))
			return false;
	return true;
}

static bool passes(const struct tpc_selector *s, const struct know_agent *a, const struct know_binary *b)
{
	return !s || (binary_passes(s, b) && namespace_passes(s, on_host(a, b)));
}

/* A selector before this one lets the program pass in silence, whatever it does there. */
static bool let_through(const struct rv_rule *u, const struct know_agent *a, const struct know_binary *b)
{
	for (uint32_t i = 0; i < u->nr && i < BEFORE_MAX; i++) {
		const struct rv_rule *before = u->hook->rules.items[i];
		const struct tpc_selector *s = before->whole;

		if (before->no_post && !(before->acts & RV_ACTS_ENFORCE) && s && s->match_binaries.len &&
		    !s->match_args.len && !s->match_data.len && !s->match_pids.len &&
		    !s->match_capabilities.len && passes(s, a, b))
			return true;
	}
	return false;
}

/* ---- who is there ---- */

/* Kubelet and container runtime are on every node; all else is for the brief to say. */
static bool is_there(const struct rv *r, const struct know_agent *a)
{
	const struct tpc_text *t;

	if (!strcmp(a->category.s, "kubelet") || !strcmp(a->category.s, "runtime"))
		return true;
	tpc_vec_foreach (t, &r->ret->brief->agents)
		if (rv_is(&a->name, t->s))
			return true;
	return false;
}

static bool hits(const struct rv_rule *u, const struct know_agent *a)
{
	const struct rv_covered *t;
	const struct know_binary *b;
	bool does = false;

	tpc_vec_foreach (t, &u->threats)
		does |= know_agent_triggers(a, t->threat->id.s);
	if (does)
		tpc_vec_foreach (b, &a->binaries)
			if (in_scope(u->hook->policy, a, b) && passes(u->whole, a, b) &&
			    !let_through(u, a, b))
				return true;
	return false;
}

static void judge(struct rv *r, struct rv_rule *u)
{
	const struct knowledge *k = r->ret->known;
	const struct rv_covered *t;

	if (u->no_post && !(u->acts & RV_ACTS_ENFORCE))
		return;
	for (uint32_t i = 0; i < k->agents.len; i++) {
		if (!hits(u, k->agents.items[i]))
			continue;
		if (is_there(r, k->agents.items[i]))
			*tpc_vec_push(r->arena, &u->agents) = k->agents.items[i];
		else
			u->nabsent++;
	}
	tpc_vec_foreach (t, &u->threats)
		if (t->threat->fp_risk.v > u->fp_risk)
			u->fp_risk = (enum know_level)t->threat->fp_risk.v;
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
