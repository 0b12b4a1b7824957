// SPDX-License-Identifier: Apache-2.0
/*
 * What is asked of the current task: its namespaces and capabilities, and which of them have changed. Each is a number
 * that a function of templates/bpf/task_*.h gives, and none is absent.
 */
#include "backend/emit.h"

static const char *const kinds[] = { "TPC_NS_UTS",
				     "TPC_NS_IPC",
				     "TPC_NS_MNT",
				     "TPC_NS_PID",
				     "TPC_NS_PID_FOR_CHILDREN",
				     "TPC_NS_NET",
				     "TPC_NS_TIME",
				     "TPC_NS_TIME_FOR_CHILDREN",
				     "TPC_NS_CGROUP",
				     "TPC_NS_USER" };

static const char *const sets[IR_CAPS_MAX] = {
	[IR_CAPS_PERMITTED] = "TPC_CAPS_PERMITTED",
	[IR_CAPS_EFFECTIVE] = "TPC_CAPS_EFFECTIVE",
	[IR_CAPS_INHERITABLE] = "TPC_CAPS_INHERITABLE",
};

void emit_task_value(struct emit *e, const struct ir_value *v)
{
	switch (v->source) {
	case IR_FROM_NAMESPACE:
		emit_f(e, "tpc_task_ns(%s)", kinds[v->index]);
		break;
	case IR_FROM_NS_PID:
		emit_f(e, "tpc_task_ns_pid()");
		break;
	case IR_FROM_CAPS:
		emit_f(e, "tpc_task_caps(%s)", sets[v->index]);
		break;
	case IR_FROM_NS_CHANGES:
		emit_f(e, "tpc_ns_changes()");
		break;
	case IR_FROM_CAP_CHANGES:
		emit_f(e, "tpc_cap_changes(%s)", sets[v->index]);
		break;
	case IR_FROM_TASK:
		emit_f(e, "(__u64)bpf_get_current_task_btf()");
		break;
	default: /* supported.c lets nothing else through */
		break;
	}
}

void emit_host_test(struct emit *e, const struct ir_value *v, unsigned vi)
{
	emit_f(e, "v%u == tpc_host_ns_of(%s)", vi, kinds[v->index]);
}

/* Of the rules, not of the table: those are what the manifest shows. */
static bool any_term(const struct ir_unit *u, bool (*is)(const struct ir_pred *q, const struct ir_value *v))
{
	const struct ir_program *p;
	const struct ir_chain *ch;
	const struct ir_rule *r;
	const struct ir_term *t;

	tpc_vec_foreach (p, &u->programs)
		tpc_vec_foreach (ch, &p->chains)
			tpc_vec_foreach (r, &ch->rules)
				tpc_vec_foreach (t, &r->terms) {
					const struct ir_pred *q = &p->preds.items[t->pred];

					if (is(q, &p->values.items[q->value]))
						return true;
				}
	return false;
}

static bool is_host(const struct ir_pred *q, const struct ir_value *v __attribute__((unused)))
{
	return q->host;
}

static bool is_change(const struct ir_pred *q __attribute__((unused)), const struct ir_value *v)
{
	return v->source == IR_FROM_NS_CHANGES || v->source == IR_FROM_CAP_CHANGES;
}

static bool is_namespace(const struct ir_pred *q __attribute__((unused)), const struct ir_value *v)
{
	return v->source == IR_FROM_NAMESPACE || v->source == IR_FROM_NS_PID;
}

static bool is_caps(const struct ir_pred *q __attribute__((unused)), const struct ir_value *v)
{
	return v->source == IR_FROM_CAPS;
}

bool emit_asks_changes(const struct ir_unit *u)
{
	return any_term(u, is_change);
}

void emit_task_defines(struct emit *e)
{
	if (any_term(e->u, is_host))
		emit_f(e, "#define TPC_HOST_NS\n");
	if (any_term(e->u, is_change))
		emit_f(e, "#define TPC_CHANGES\n");
}

void emit_task_includes(struct emit *e)
{
	if (any_term(e->u, is_namespace))
		emit_f(e, "#include <tpc/bpf/task_ns.h>\n");
	if (any_term(e->u, is_caps))
		emit_f(e, "#include <tpc/bpf/task_caps.h>\n");
	if (any_term(e->u, is_change))
		emit_f(e, "#include <tpc/bpf/changes.h>\n");
}

/* An event tells of the change once: from then on the process is as it should be. */
void emit_task_told(struct emit *e, const struct ir_program *p, const struct ir_rule *r)
{
	const struct ir_term *t;
	bool ns = false, caps = false;

	tpc_vec_foreach (t, &r->terms) {
		enum ir_source from = p->values.items[p->preds.items[t->pred].value].source;

		ns |= from == IR_FROM_NS_CHANGES;
		caps |= from == IR_FROM_CAP_CHANGES;
	}
	if (r->post && (ns || caps))
		emit_f(e, "\t\ttpc_changes_told(%s, %s);\n", ns ? "true" : "false", caps ? "true" : "false");
}
