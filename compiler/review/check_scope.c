// SPDX-License-Identifier: Apache-2.0
/* Whom a policy is for: who can slip out of it, and whom it hits by mistake (TPR5xx). */
#include "review/review_impl.h"

/* TPR501: labels are written by whoever may create or edit the pod. */
static void mutable_label(struct rv *r, const struct rv_policy *p)
{
	const struct tpc_label_selector *s = p->p->spec.pod_selector;

	if (!s || !p->scope.labels || !rv_enforces(p, p->acts))
		return;
	rv_mend(r,
		rv_say(r, s->at, "a pod can be relabelled out of this policy, which enforces, while it runs"),
		"make it a TracingPolicyNamespaced, or select the key k8s:io.kubernetes.pod.namespace");
}

/* TPR502: nothing says whom an enforcing policy is for. */
static void no_scope(struct rv *r, const struct rv_policy *p)
{
	if (!p->scope.host || !p->scope.pods || !rv_enforces(p, p->acts))
		return;
	rv_mend(r,
		rv_say(r, p->p->metadata.name.at,
		       "the policy enforces on every process of every node, those of the node itself too"),
		"add 'podSelector: {}' to spec, or make it a TracingPolicyNamespaced");
}

const struct rv_check rv_checks_scope[] = {
	{ .code = "TPR501", .of_policy = mutable_label },
	{ .code = "TPR502", .of_policy = no_scope },
	{ 0 },
};
