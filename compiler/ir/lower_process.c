// SPDX-License-Identifier: Apache-2.0
/*
 * Filters on the process that reaches the hook: ids, programs, namespaces, capabilities, workload. Meanings:
 * cilium/tetragon, bpf/process/pfilter.h, but for the faults that design/semantics.md lists (all entries count).
 */
#include <inttypes.h>
#include <string.h>

#include "base/suggest.h"
#include "ir/lower_impl.h"

#define ALL_NAMESPACES 0x3ff /* bits of the kinds that there are */

/* ---- matchPIDs ---- */

/* With both flags a process of the initial namespace passes neither In nor NotIn: pfilter.h, filter_pidsets(). */
static void add_in_namespace(struct lower *l, struct ir_rule *r, const struct tpc_pid_filter *p,
			     struct ir_value pid)
{
	struct lower_filter f = { .pred = { .kind = IR_PRED_RANGES, .binding = IR_AT_EVENT } };

	if (!p->is_namespace_pid.v || !p->follow_forks.v)
		return;
	pid.descent = false;
	*tpc_vec_push(l->c->arena, &f.pred.ranges) = (struct ir_range){ 1, UINT32_MAX };
	lower_add_filter(l, r, lower_value(l, &pid), &f, p->is_namespace_pid.at);
}

static void lower_pids(struct lower *l, struct ir_rule *r, const struct tpc_pid_filter *p)
{
	struct ir_value pid = { .type = IR_INT,
				.source = p->is_namespace_pid.v ? IR_FROM_NS_PID : IR_FROM_PID,
				.size = 4,
				.descent = p->follow_forks.v,
				.size_value = -1,
				.type_name = "pid",
				.at = p->at };
	struct lower_filter f = { .pred = { .kind = IR_PRED_RANGES, .binding = IR_AT_EVENT } };
	const struct tpc_int *v;

	if (!p->op.v)
		return;
	if (!p->values.len) {
		lower_no_values(l, p->at, p->op.s, p->values.bad, p->values.at);
		return;
	}
	f.negated = p->op.v == TPC_SET_OPERATOR_NOT_IN;
	tpc_vec_foreach (v, &p->values) {
		uint64_t bits = (uint64_t)v->v;

		if (!v->set)
			return;
		if (v->v < 0 || v->v > INT32_MAX) {
			lower_error(l, v->at, TPC_E_VALUE, "%" PRId64 " is not a process id", v->v);
			return;
		}
		*tpc_vec_push(l->c->arena, &f.pred.ranges) = (struct ir_range){ bits, bits };
	}
	add_in_namespace(l, r, p, pid);
	lower_add_filter(l, r, lower_value(l, &pid), &f, p->at);
}

/* ---- matchBinaries, matchParentBinaries ---- */
static bool binary_operator(const struct tpc_word *op, struct lower_filter *f)
{
	switch ((enum tpc_binary_operator)op->v) {
	case TPC_BINARY_OPERATOR_NOT_IN:
		f->negated = true;
		/* fallthrough */
	case TPC_BINARY_OPERATOR_IN:
		f->pred.kind = IR_PRED_EQUAL;
		return true;
	case TPC_BINARY_OPERATOR_NOT_PREFIX:
		f->negated = true;
		/* fallthrough */
	case TPC_BINARY_OPERATOR_PREFIX:
		f->pred.kind = IR_PRED_PREFIX;
		return true;
	case TPC_BINARY_OPERATOR_NOT_POSTFIX:
		f->negated = true;
		/* fallthrough */
	case TPC_BINARY_OPERATOR_POSTFIX:
		f->pred.kind = IR_PRED_POSTFIX;
		return true;
	default:
		return false;
	}
}

static void lower_binaries(struct lower *l, struct ir_rule *r, const struct tpc_binary_filter *b,
			   enum ir_source source)
{
	struct ir_value binary = { .type = IR_PATH,
				   .source = source,
				   .descent = b->follow_children.v,
				   .size_value = -1,
				   .type_name = "binary",
				   .at = b->at };
	struct lower_filter f = { .pred = { .binding = IR_AT_EXEC } };
	const struct tpc_text *v;
	bool ok = true;

	if (!binary_operator(&b->op, &f))
		return;
	if (!b->values.len) {
		lower_no_values(l, b->at, b->op.s, b->values.bad, b->values.at);
		return;
	}
	tpc_vec_foreach (v, &b->values) {
		struct ir_text t = { 0 };

		struct lower_word w = { v->s, v->len, v->at };

		ok &= v->set && lower_text(l, f.pred.kind, w, &t);
		if (!ok)
			continue;
		lower_check_path(l, f.pred.kind, w);
		*tpc_vec_push(l->c->arena, &f.pred.texts) = t;
	}
	if (ok)
		lower_add_filter(l, r, lower_value(l, &binary), &f, b->at);
}

/* ---- matchNamespaces, matchNamespaceChanges ---- */
static bool namespace_value(struct lower *l, const struct tpc_value *v, struct ir_pred *pred)
{
	struct ir_value inum = { .type = IR_INT, .size = 4, .type_name = "uint32" };
	struct lower_word w = { v->s, v->len, v->at };
	struct tpc_suggest s = TPC_SUGGEST(v->s, v->len);
	struct tpc_diag *d;
	uint64_t num;

	if (w.len == 7 && !memcmp(w.s, "host_ns", 7)) {
		pred->host = true;
		return true;
	}
	if (w.len && w.s[0] >= '0' && w.s[0] <= '9') {
		if (!lower_number(l, &inum, w, &num))
			return false;
		*tpc_vec_push(l->c->arena, &pred->ranges) = (struct ir_range){ num, num };
		return true;
	}
	if (l->policy->bad)
		return false; /* the front end has said so */
	tpc_suggest_try(&s, "host_ns");
	d = lower_error(l, w.at, TPC_E_VALUE, "'%s' is no namespace: the value is an inode number or host_ns",
			lower_show(l, w.s, w.len));
	if (s.best || (w.len >= 4 && !memcmp(w.s, "host", 4)))
		lower_hint(l, d, "did you mean 'host_ns'?");
	else
		lower_hint(
			l, d,
			"for a Kubernetes namespace: kind TracingPolicyNamespaced, or a podSelector on its pods");
	return false;
}

static void lower_namespaces(struct lower *l, struct ir_rule *r, const struct tpc_namespace_filter *n)
{
	struct ir_value ns = { .type = IR_INT,
			       .source = IR_FROM_NAMESPACE,
			       .size = 4,
			       .size_value = -1,
			       .type_name = "namespace",
			       .at = n->at };
	struct lower_filter f = { .pred = { .kind = IR_PRED_NAMESPACE, .binding = IR_AT_EVENT } };
	const struct tpc_value *v;
	bool ok = true;
	uint32_t kind;

	if (!n->op.v || !n->ns.v)
		return;
	if (!n->values.len) {
		lower_no_values(l, n->op.at, n->op.s, n->values.bad, n->values.at);
		return;
	}
	if (!kernel_name_value(KERNEL_NAMESPACES, n->ns.s, (uint32_t)strlen(n->ns.s), &kind, NULL))
		return;
	ns.index = (uint8_t)kind;
	f.negated = n->op.v == TPC_SET_OPERATOR_NOT_IN;
	tpc_vec_foreach (v, &n->values)
		ok &= v->set && namespace_value(l, v, &f.pred);
	if (ok)
		lower_add_filter(l, r, lower_value(l, &ns), &f, n->at);
}

/* In: one of these has changed; NotIn: one that is not among these has. So both are masks, and none is negated. */
static void lower_namespace_changes(struct lower *l, struct ir_rule *r,
				    const struct tpc_namespace_change_filter *n)
{
	struct ir_value changes = { .type = IR_INT,
				    .source = IR_FROM_NS_CHANGES,
				    .size = 2,
				    .size_value = -1,
				    .type_name = "namespace changes",
				    .at = n->at };
	struct lower_filter f = { .pred = { .kind = IR_PRED_MASK, .binding = IR_AT_EVENT } };
	const struct tpc_text *v;
	bool ok = true;

	if (!n->op.v)
		return;
	if (!n->values.len) {
		lower_no_values(l, n->op.at, n->op.s, n->values.bad, n->values.at);
		return;
	}
	tpc_vec_foreach (v, &n->values) {
		uint32_t kind = 0;

		ok &= v->set && lower_name(l, KERNEL_NAMESPACES, (struct lower_word){ v->s, v->len, v->at },
					   false, &kind);
		f.pred.mask |= UINT64_C(1) << kind;
	}
	if (n->op.v == TPC_SET_OPERATOR_NOT_IN)
		f.pred.mask = ALL_NAMESPACES & ~f.pred.mask;
	if (ok)
		lower_add_filter(l, r, lower_value(l, &changes), &f, n->at);
}

/* ---- matchCapabilities, matchCapabilityChanges ---- */
static enum ir_cap_set cap_set(const struct tpc_word *type)
{
	return type->v == TPC_CAP_SET_PERMITTED	  ? IR_CAPS_PERMITTED :
	       type->v == TPC_CAP_SET_INHERITABLE ? IR_CAPS_INHERITABLE :
						    IR_CAPS_EFFECTIVE;
}

static bool caps_mask(struct lower *l, const struct tpc_capability_filter *q, uint64_t *ret)
{
	const struct tpc_value *v;
	bool ok = true;

	*ret = 0;
	if (!q->values.len) {
		lower_no_values(l, q->op.at, q->op.s, q->values.bad, q->values.at);
		return false;
	}
	tpc_vec_foreach (v, &q->values) {
		uint64_t bits = 0;

		ok &= v->set && lower_caps(l, (struct lower_word){ v->s, v->len, v->at }, false, &bits);
		*ret |= bits;
	}
	return ok;
}

static void add_caps(struct lower *l, struct ir_rule *r, const struct tpc_capability_filter *q,
		     enum ir_source source, uint64_t mask, bool negated)
{
	struct ir_value caps = { .type = IR_INT,
				 .source = source,
				 .index = (uint8_t)cap_set(&q->type),
				 .size = 8,
				 .size_value = -1,
				 .type_name = "capabilities",
				 .at = q->at };
	struct lower_filter f = { .pred = { .kind = IR_PRED_MASK, .binding = IR_AT_EVENT, .mask = mask },
				  .negated = negated };

	lower_add_filter(l, r, lower_value(l, &caps), &f, q->at);
}

/* Only of processes in a user namespace of their own. */
static void add_other_user_namespace(struct lower *l, struct ir_rule *r,
				     const struct tpc_capability_filter *q)
{
	struct ir_value ns = { .type = IR_INT,
			       .source = IR_FROM_NAMESPACE,
			       .size = 4,
			       .size_value = -1,
			       .type_name = "namespace",
			       .at = q->is_namespace_capability.at };
	struct lower_filter f = { .pred = { .kind = IR_PRED_NAMESPACE, .binding = IR_AT_EVENT, .host = true },
				  .negated = true };
	uint32_t kind;

	if (!q->is_namespace_capability.v || !kernel_name_value(KERNEL_NAMESPACES, "User", 4, &kind, NULL))
		return;
	ns.index = (uint8_t)kind;
	lower_add_filter(l, r, lower_value(l, &ns), &f, q->is_namespace_capability.at);
}

static void lower_capabilities(struct lower *l, struct ir_rule *r, const struct tpc_capability_filter *q)
{
	uint64_t mask;

	if (!q->op.v || !q->type.v || !caps_mask(l, q, &mask))
		return;
	add_other_user_namespace(l, r, q);
	add_caps(l, r, q, IR_FROM_CAPS, mask, q->op.v == TPC_SET_OPERATOR_NOT_IN);
}

/* In: one of these bits differs from exec; NotIn: none of these does, and another one does. */
static void lower_capability_changes(struct lower *l, struct ir_rule *r,
				     const struct tpc_capability_filter *q)
{
	bool not_in = q->op.v == TPC_SET_OPERATOR_NOT_IN;
	uint64_t mask;

	if (!q->op.v || !q->type.v || !caps_mask(l, q, &mask))
		return;
	add_other_user_namespace(l, r, q);
	add_caps(l, r, q, IR_FROM_CAP_CHANGES, mask, not_in);
	if (not_in)
		add_caps(l, r, q, IR_FROM_CAP_CHANGES, ~mask, false);
}

/* ---- matchWorkloads ---- */
static void lower_workloads(struct lower *l, struct ir_rule *r, const struct tpc_workloads *w)
{
	struct ir_value value = { .type = IR_WORKLOAD,
				  .source = IR_FROM_WORKLOAD,
				  .size_value = -1,
				  .type_name = "workload",
				  .at = w->at };
	struct lower_filter f = { .pred = { .kind = IR_PRED_WORKLOAD, .binding = IR_AT_EVENT } };
	uint32_t nr =
		lower_workload(l, NULL, w->pod_selector, w->container_selector, w->host_selector, w->at);

	if (!nr)
		return; /* everything */
	f.pred.workload = nr - 1;
	lower_add_filter(l, r, lower_value(l, &value), &f, w->at);
}

void lower_process_filters(struct lower *l, const struct tpc_selector *s, struct ir_rule *r)
{
	for (uint32_t i = 0; i < s->match_pids.len; i++)
		lower_pids(l, r, &s->match_pids.items[i]);
	for (uint32_t i = 0; i < s->match_binaries.len; i++)
		lower_binaries(l, r, &s->match_binaries.items[i], IR_FROM_BINARY);
	for (uint32_t i = 0; i < s->match_parent_binaries.len; i++)
		lower_binaries(l, r, &s->match_parent_binaries.items[i], IR_FROM_PARENT_BINARY);
	for (uint32_t i = 0; i < s->match_namespaces.len; i++)
		lower_namespaces(l, r, &s->match_namespaces.items[i]);
	for (uint32_t i = 0; i < s->match_namespace_changes.len; i++)
		lower_namespace_changes(l, r, &s->match_namespace_changes.items[i]);
	for (uint32_t i = 0; i < s->match_capabilities.len; i++)
		lower_capabilities(l, r, &s->match_capabilities.items[i]);
	for (uint32_t i = 0; i < s->match_capability_changes.len; i++)
		lower_capability_changes(l, r, &s->match_capability_changes.items[i]);
	if (s->match_workloads)
		lower_workloads(l, r, s->match_workloads);
}
