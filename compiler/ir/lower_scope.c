// SPDX-License-Identifier: Apache-2.0
/*
 * What a policy or a selector is for: pods, containers, the host, nodes. Without any selector everything;
 * a pod or container selector alone: pods, and no host unless hostSelector is there too. Facts:
 * cilium/tetragon, pkg/policyfilter and pkg/selectors/kernel.go (ParseMatchWorkloads).
 */
#include <string.h>

#include "ir/lower_impl.h"

static const enum ir_label_op label_ops[TPC_LABEL_OPERATOR_MAX] = {
	[TPC_LABEL_OPERATOR_IN] = IR_LABEL_IN,
	[TPC_LABEL_OPERATOR_NOT_IN] = IR_LABEL_NOT_IN,
	[TPC_LABEL_OPERATOR_EXISTS] = IR_LABEL_EXISTS,
	[TPC_LABEL_OPERATOR_DOES_NOT_EXIST] = IR_LABEL_ABSENT,
};

static void add_pairs(struct lower *l, const struct tpc_label_selector *s, struct ir_labels *ret)
{
	const struct tpc_pair *p;

	tpc_vec_foreach (p, &s->match_labels) {
		struct ir_label_req *r = tpc_vec_push(l->c->arena, &ret->reqs);

		*r = (struct ir_label_req){ .key = p->key.s, .op = IR_LABEL_IN, .at = p->key.at };
		*tpc_vec_push(l->c->arena, &r->values) = p->value.s;
	}
}

static void add_expressions(struct lower *l, const struct tpc_label_selector *s, struct ir_labels *ret)
{
	const struct tpc_label_requirement *q;
	const struct tpc_text *t;

	tpc_vec_foreach (q, &s->match_expressions) {
		bool wants = q->op.v == TPC_LABEL_OPERATOR_IN || q->op.v == TPC_LABEL_OPERATOR_NOT_IN;
		struct ir_label_req *r;

		if (!q->op.v)
			continue;
		if (wants && !q->values.len)
			lower_no_values(l, q->op.at, q->op.s, q->values.bad, q->values.at);
		if (!wants && q->values.len)
			lower_error(l, q->values.at, TPC_E_VALUE, "'%s' takes no values", q->op.s);
		r = tpc_vec_push(l->c->arena, &ret->reqs);
		*r = (struct ir_label_req){ .key = q->key.s, .op = label_ops[q->op.v], .at = q->at };
		tpc_vec_foreach (t, &q->values)
			*tpc_vec_push(l->c->arena, &r->values) = t->s;
	}
}

static void lower_labels(struct lower *l, const struct tpc_label_selector *s, struct ir_labels *ret)
{
	if (!s)
		return;
	add_pairs(l, s, ret);
	add_expressions(l, s, ret);
}

/* Of a container only its name and the repository of its image are known. */
static void check_container_keys(struct lower *l, const struct ir_labels *labels)
{
	const struct ir_label_req *r;

	tpc_vec_foreach (r, &labels->reqs)
		if (strcmp(r->key, "name") && strcmp(r->key, "repo"))
			lower_hint(
				l,
				lower_warning(l, r->at, TPC_W_NO_EFFECT,
					      "containers have no label '%s', so this compares with nothing",
					      lower_show(l, r->key, (uint32_t)strlen(r->key))),
				"name or repo");
}

uint32_t lower_workload(struct lower *l, const char *ns, const struct tpc_label_selector *pod,
			const struct tpc_label_selector *container, const struct tpc_label_selector *host,
			struct tpc_span at)
{
	struct ir_workload *w;

	if (!ns && ((!pod && !container && !host) ||
		    (tpc_selects_all(pod) && tpc_selects_all(container) && tpc_selects_all(host))))
		return 0;
	w = tpc_vec_push(l->c->arena, &l->u->workloads);
	*w = (struct ir_workload){ .host = host != NULL, .pods = ns || pod || container, .ns = ns, .at = at };
	lower_labels(l, pod, &w->pod);
	lower_labels(l, container, &w->container);
	check_container_keys(l, &w->container);
	return l->u->workloads.len;
}

void lower_scope(struct lower *l, struct ir_policy *policy)
{
	const struct tpc_spec *s = &l->policy->spec;
	const struct tpc_label_selector *first = s->pod_selector       ? s->pod_selector :
						 s->container_selector ? s->container_selector :
									 s->host_selector;
	const char *ns = l->policy->kind == TPC_TRACING_POLICY_NAMESPACED ? policy->ns : NULL;

	/* Of a namespaced policy without a namespace kubectl fills in the current one. */
	if (l->policy->kind == TPC_TRACING_POLICY_NAMESPACED && !ns)
		ns = "default";
	policy->scope = lower_workload(l, ns, s->pod_selector, s->container_selector, s->host_selector,
				       first ? first->at : policy->at);
	if (!s->node_selector || tpc_selects_all(s->node_selector))
		return;
	policy->nodes = tpc_new(l->c->arena, struct ir_labels);
	lower_labels(l, s->node_selector, policy->nodes);
}
