// SPDX-License-Identifier: Apache-2.0
/* Whom a policy is for: who can slip out of it, and whom it hits by mistake (TPR5xx). */
#include "review/about.h"

/* Tetragon takes a pod's namespace for a label of this name, which no pod can have: pkg/labels. */
#define NAMESPACE_KEY "k8s:io.kubernetes.pod.namespace"

static bool leaves_out(const struct tpc_label_requirement *q)
{
	return q->op.v == TPC_LABEL_OPERATOR_NOT_IN || q->op.v == TPC_LABEL_OPERATOR_DOES_NOT_EXIST;
}

/* ---- TPR501: labels are written by whoever may create or edit the pod ---- */

/* The first label that a tenant may take off; NULL: there is none. */
static const struct tpc_text *mutable_key(const struct tpc_label_selector *s, bool left_out)
{
	const struct tpc_label_requirement *q;
	const struct tpc_pair *p;

	if (!left_out)
		tpc_vec_foreach (p, &s->match_labels)
			if (!rv_is(&p->key, NAMESPACE_KEY))
				return &p->key;
	tpc_vec_foreach (q, &s->match_expressions)
		if (leaves_out(q) == left_out && !rv_is(&q->key, NAMESPACE_KEY))
			return &q->key;
	return NULL;
}

static void say_mutable(struct rv *r, const struct tpc_label_selector *s, const char *what)
{
	const struct tpc_text *key = mutable_key(s, false);

	if (key)
		rv_mend(r,
			rv_say(r, s->at,
			       "a pod can be relabelled out of this %s, which enforces, while it runs: '%s' is a label that may be edited",
			       what, key->s),
			"make it a TracingPolicyNamespaced, or select the key " NAMESPACE_KEY);
}

static void mutable_label(struct rv *r, const struct rv_policy *p)
{
	if (p->p->spec.pod_selector && rv_enforces(p, p->acts))
		say_mutable(r, p->p->spec.pod_selector, "policy");
}

static void say_exempt_label(struct rv *r, const struct tpc_label_selector *s)
{
	const struct tpc_text *key = mutable_key(s, true);

	if (key)
		rv_mend(r,
			rv_say(r, key->at,
			       "whoever may label a pod with '%s' takes it out of this policy, which enforces",
			       key->s),
			"leave pods out by their namespace: key " NAMESPACE_KEY ", NotIn");
}

/* TPR503 */
static void exempt_label(struct rv *r, const struct rv_policy *p)
{
	if (p->p->spec.pod_selector && rv_enforces(p, p->acts))
		say_exempt_label(r, p->p->spec.pod_selector);
}

/* TPR504: the same of one rule. */
static void mutable_workload(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_workloads *w = u->whole ? u->whole->match_workloads : NULL;

	if (!w || !w->pod_selector || !rv_enforces(u->hook->policy, u->acts))
		return;
	say_mutable(r, w->pod_selector, "rule");
	say_exempt_label(r, w->pod_selector);
}

/* ---- TPR502: nothing says whom an enforcing policy is for ---- */

/* Enforces on whoever comes, be it the node's own. */
static bool hits_anyone(const struct rv_rule *u)
{
	const struct tpc_selector *s = u->whole;

	if (!(u->acts & RV_ACTS_ENFORCE) || u->hook->kind == KNOW_UPROBE)
		return false; /* a probe is in one program */
	return !s || (!s->match_namespaces.len && !s->match_workloads && !about_names_programs(u));
}

static bool every_hook_enforces(const struct rv_policy *p)
{
	struct rv_hook *const *h;
	struct rv_rule *const *u;

	tpc_vec_foreach (h, &p->hooks) {
		unsigned acts = 0;

		tpc_vec_foreach (u, &(*h)->rules)
			acts |= (*u)->acts;
		if (!(acts & RV_ACTS_ENFORCE))
			return false;
	}
	return true;
}

static bool any_rule_hits_anyone(const struct rv_policy *p)
{
	struct rv_hook *const *h;
	struct rv_rule *const *u;

	tpc_vec_foreach (h, &p->hooks)
		tpc_vec_foreach (u, &(*h)->rules)
			if (hits_anyone(*u))
				return true;
	return false;
}

static void no_scope(struct rv *r, const struct rv_policy *p)
{
	const struct tpc_spec *s = &p->p->spec;
	struct rv_finding *x;

	if (!p->scope.host || !p->scope.pods || !rv_enforces(p, p->acts) || !any_rule_hits_anyone(p))
		return;
	x = rv_say(r, p->p->metadata.name.at,
		   "the policy enforces on every process of every node%s, those of the node itself too",
		   p->scope.nodes ? " that it is for" : "");
	if (s->host_selector) {
		rv_mend(r, x, "remove the hostSelector, and keep the node out of an enforcing policy");
		if (every_hook_enforces(p))
			edit_drop_key(r, x, s->host_selector->at);
		return;
	}
	rv_mend(r, x, "add 'podSelector: {}' to spec, or make it a TracingPolicyNamespaced");
	if (every_hook_enforces(p))
		edit_append_key(r, x, s->at, "podSelector: {}");
}

/* ---- TPR505: names of containers ---- */
static void container_name(struct rv *r, const struct rv_policy *p)
{
	const struct tpc_label_selector *s = p->p->spec.container_selector;
	const struct tpc_label_requirement *q;

	if (!s || !rv_enforces(p, p->acts))
		return;
	tpc_vec_foreach (q, &s->match_expressions)
		if (leaves_out(q) && rv_is(&q->key, "name"))
			rv_mend(r,
				rv_say(r, q->at,
				       "whoever writes a pod calls its container so, and is left out of this policy"),
				"compare repo too, and let admission check the image");
}

/* ---- TPR506: nodes ---- */

/* The kubelet of a node may not write these: NodeRestriction. */
static bool is_restricted(const char *key)
{
	return strstr(key, "node-restriction.kubernetes.io/") ||
	       !strncmp(key, "node-role.kubernetes.io/", 24);
}

static const struct tpc_text *node_key(const struct tpc_label_selector *s)
{
	const struct tpc_label_requirement *q;
	const struct tpc_pair *p;

	tpc_vec_foreach (p, &s->match_labels)
		if (!is_restricted(p->key.s))
			return &p->key;
	tpc_vec_foreach (q, &s->match_expressions)
		if (!is_restricted(q->key.s))
			return &q->key;
	return NULL;
}

static void node_label(struct rv *r, const struct rv_policy *p)
{
	const struct tpc_label_selector *s = p->p->spec.node_selector;
	const struct tpc_text *key = s && rv_enforces(p, p->acts) ? node_key(s) : NULL;

	if (key)
		rv_mend(r,
			rv_say(r, s->at,
			       "a node can be relabelled out of this policy, which enforces: its kubelet may write '%s'",
			       key->s),
			"use a label below node-restriction.kubernetes.io/, or accept it for a stage of the rollout");
}

/* ---- TPR507: names that stand for no namespace ---- */
static void say_namespace_key(struct rv *r, const struct tpc_text *key)
{
	static const char *const keys[] = { "kubernetes.io/metadata.name",
					    "io.kubernetes.pod.namespace",
					    "io.cilium.k8s.policy.namespace",
					    "namespace",
					    "metadata.namespace",
					    NULL };
	bool is = about_in_words(key->s, keys) ||
		  (!strncmp(key->s, "k8s:", 4) && strcmp(key->s, NAMESPACE_KEY) != 0);

	if (is)
		rv_mend(r,
			rv_say(r, key->at, "pods have no label '%s', so this does not select by namespace",
			       key->s),
			"write the key '" NAMESPACE_KEY "'");
}

static void say_namespace_keys(struct rv *r, const struct tpc_label_selector *s)
{
	const struct tpc_label_requirement *q;
	const struct tpc_pair *p;

	if (!s)
		return;
	tpc_vec_foreach (p, &s->match_labels)
		say_namespace_key(r, &p->key);
	tpc_vec_foreach (q, &s->match_expressions)
		say_namespace_key(r, &q->key);
}

static void namespace_key(struct rv *r, const struct rv_policy *p)
{
	say_namespace_keys(r, p->p->spec.pod_selector);
}

/* ---- TPR509: labels are compared as they stand ---- */
static void label_patterns(struct rv *r, const struct tpc_label_selector *s)
{
	const struct tpc_label_requirement *q;
	const struct tpc_text *v;

	if (!s)
		return;
	tpc_vec_foreach (q, &s->match_expressions)
		tpc_vec_foreach (v, &q->values)
			if (strpbrk(v->s, "*^$?"))
				rv_mend(r,
					rv_say(r, v->at,
					       "no label has the value '%s': values are compared as they stand",
					       v->s),
					"write the values, or operator Exists for any");
}

static void label_pattern(struct rv *r, const struct rv_policy *p)
{
	label_patterns(r, p->p->spec.pod_selector);
	label_patterns(r, p->p->spec.node_selector);
}

/* ---- TPR508: whoever runs there is somebody else ---- */
static void other_context(struct rv *r, const struct rv_hook *h)
{
	if (!h->row || h->row->context.v != KNOW_CONTEXT_ANY ||
	    (h->policy->scope.host && h->policy->scope.pods))
		return;
	rv_mend(r,
		rv_say(r, h->name.at,
		       "%s may run in an interrupt, a kernel thread or another process: the current one, by which pods are told apart, may not be the cause",
		       rv_hook_words(r->arena, h)),
		"look at it in a policy of its own without a selector of pods or namespace");
}

const struct rv_check rv_checks_scope[] = {
	{ .code = "TPR501", .of_policy = mutable_label },  { .code = "TPR502", .of_policy = no_scope },
	{ .code = "TPR503", .of_policy = exempt_label },   { .code = "TPR504", .of_rule = mutable_workload },
	{ .code = "TPR505", .of_policy = container_name }, { .code = "TPR506", .of_policy = node_label },
	{ .code = "TPR507", .of_policy = namespace_key },  { .code = "TPR508", .of_hook = other_context },
	{ .code = "TPR509", .of_policy = label_pattern },  { 0 },
};
