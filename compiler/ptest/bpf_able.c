// SPDX-License-Identifier: Apache-2.0
/*
 * Programs that a test run can call as a hook would. The back end may learn to compile more than this: what is not
 * listed here is told, for a value that nobody sets would be compared all the same.
 */
#include "ptest/bpf.h"

/* Of what is in memory bpf_memory.c must have made the structures. */
static bool can_make_path(const struct ir_value *v)
{
	return v->path_from == IR_PATH_FILE || v->path_from == IR_PATH_PATH ||
	       v->path_from == IR_PATH_BINPRM || v->path_from == IR_PATH_FD;
}

/* What of a socket, packet or address is asked. */
static bool is_net(enum ir_facet f)
{
	return f != IR_FACET_NONE && f != IR_FACET_FILE_TYPE && f != IR_FACET_GAINED;
}

/* A case says of a Unix address its path alone. */
static bool can_make_facet(const struct ir_program *p, const struct ir_value *v)
{
	const struct ir_value *base = &p->values.items[v->base];

	return v->source == IR_FROM_VALUE && base->type == IR_SOCKET && !base->resolve &&
	       (base->source == IR_FROM_ARG || base->source == IR_FROM_FIELD);
}

static bool can_make(const struct ir_program *p, const struct ir_value *v)
{
	if (is_net(v->facet))
		return can_make_facet(p, v);
	if (v->resolve || v->descent || v->at_return)
		return false;
	switch (v->source) {
	case IR_FROM_ARG:
	case IR_FROM_FIELD:
		return v->type == IR_INT || v->type == IR_STRING || v->type == IR_BYTES ||
		       (v->type == IR_PATH && can_make_path(v));
	case IR_FROM_VALUE:
		return (v->facet == IR_FACET_FILE_TYPE || v->facet == IR_FACET_GAINED) &&
		       can_make(p, &p->values.items[v->base]);
	case IR_FROM_PID:
	case IR_FROM_BINARY:
	case IR_FROM_NS_PID:
	case IR_FROM_NAMESPACE:
	case IR_FROM_NS_CHANGES:
	case IR_FROM_CAPS:
	case IR_FROM_CAP_CHANGES:
		return true;
	default:
		return false;
	}
}

static const char *bad_value(struct tpc_arena *a, const struct ir_program *p)
{
	const struct ir_pred *q;

	tpc_vec_foreach (q, &p->preds) {
		if (q->kind == IR_PRED_EXPR || q->kind == IR_PRED_WORKLOAD)
			return "a test run cannot make what its expressions or workloads ask yet";
		if (!can_make(p, &p->values.items[q->value]))
			return tpc_sprintf(a, "a test run cannot make %s yet",
					   pt_describe_value(a, p, q->value));
	}
	return NULL;
}

static const char *bad_rule(struct tpc_arena *a, const struct ir_rule *r)
{
	const struct ir_action *act;

	if (r->return_terms.len || r->return_actions.len)
		return "a test run ends before the function returns";
	tpc_vec_foreach (act, &r->actions) {
		if (act->kind > IR_OVERRIDE)
			return tpc_sprintf(a, "a test run cannot see action '%s' yet",
					   ir_action_name(act->kind));
		if (act->rate_ms)
			return "a test run does not wait for 'rateLimit'";
	}
	return NULL;
}

const char *bpf_unable(const struct ptest_bpf *b, const struct ir_program *p)
{
	const char *why = bad_value(b->c->arena, p);
	const struct ir_chain *ch;

	tpc_vec_foreach (ch, &p->chains) {
		if (!why && b->u->policies.items[ch->policy].scope)
			why = "a test run has no workloads yet";
		if (!why && ch->has_return)
			why = "a test run ends before the function returns";
		for (uint32_t i = 0; !why && i < ch->rules.len; i++)
			why = bad_rule(b->c->arena, &ch->rules.items[i]);
	}
	return why;
}
