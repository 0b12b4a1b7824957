// SPDX-License-Identifier: Apache-2.0
/* Predicates as C: functions for those that need one, and the expression that a node of the graph asks. */
#include "backend/emit.h"

#define MANY_RANGES 4 /* more become a switch of their own */

static void emit_constant(struct emit *e, const struct ir_value *v, uint64_t x)
{
	if (v->is_signed && x == (uint64_t)INT64_MIN)
		emit_f(e, "(-%lldLL - 1)", (long long)INT64_MAX);
	else if (v->is_signed)
		emit_f(e, "%lldLL", (long long)x);
	else
		emit_f(e, "%lluULL", (unsigned long long)x);
}

static void emit_range(struct emit *e, const struct ir_value *v, unsigned vi, const struct ir_range *r)
{
	bool from_min = v->is_signed ? (int64_t)r->lo == INT64_MIN : r->lo == 0;
	bool to_max = v->is_signed ? (int64_t)r->hi == INT64_MAX : r->hi == UINT64_MAX;

	if (r->lo == r->hi) {
		emit_f(e, "v%u == ", vi);
		emit_constant(e, v, r->lo);
		return;
	}
	if (from_min && to_max)
		emit_f(e, "1");
	if (!from_min) {
		emit_f(e, "v%u >= ", vi);
		emit_constant(e, v, r->lo);
	}
	if (!from_min && !to_max)
		emit_f(e, " && ");
	if (!to_max) {
		emit_f(e, "v%u <= ", vi);
		emit_constant(e, v, r->hi);
	}
}

static void emit_ranges_function(struct emit *e, const char *name, const struct ir_value *v,
				 const struct ir_pred *q)
{
	emit_f(e, "static __always_inline bool %s(%s x)\n{\n\tswitch (x) {\n", name,
	       v->is_signed ? "__s64" : "__u64");
	for (uint32_t i = 0; i < q->ranges.len; i++) {
		emit_f(e, "\tcase ");
		emit_constant(e, v, q->ranges.items[i].lo);
		if (q->ranges.items[i].lo != q->ranges.items[i].hi) {
			emit_f(e, " ... ");
			emit_constant(e, v, q->ranges.items[i].hi);
		}
		emit_f(e, ":\n");
	}
	emit_f(e, "\t\treturn true;\n\tdefault:\n\t\treturn false;\n\t}\n}\n\n");
}

static void emit_path_tests(struct emit *e, const char *name, const struct ir_pred *q)
{
	emit_path_test(e, name, q->kind, q->texts.items, q->texts.len);
	emit_path_filter(e, name, q->kind, q->texts.items, q->texts.len);
}

void emit_pred_functions(struct emit *e, const struct ir_program *p, unsigned pi)
{
	for (uint32_t i = 0; i < p->preds.len; i++) {
		const struct ir_pred *q = &p->preds.items[i];
		const struct ir_value *v = &p->values.items[q->value];
		const char *name = tpc_sprintf(e->c->arena, "p%u_test%u", pi, i);

		if (!emit_pred_local(q) || !emit_pred_used(p, i) || q->kind == IR_PRED_PRESENT)
			continue;
		emit_line(e, q->at);
		if ((q->kind == IR_PRED_RANGES || q->kind == IR_PRED_NAMESPACE) &&
		    q->ranges.len > MANY_RANGES)
			emit_ranges_function(e, name, v, q);
		else if (emit_is_substring(q->kind))
			emit_substring_test(e, name, q, v);
		else if (q->kind == IR_PRED_NETS)
			emit_nets_test(e, name, q);
		else if (v->type == IR_PATH)
			emit_path_tests(e, name, q);
		else if (v->type == IR_STRING || v->type == IR_BYTES)
			emit_text_test(e, name, q);
	}
}
static void emit_present(struct emit *e, const struct ir_value *v, unsigned vi)
{
	if (v->type == IR_PATH)
		emit_f(e, "tpc_walk_whole(&v%u)", vi);
	else if (v->type == IR_STRING || v->type == IR_BYTES)
		emit_f(e, "v%u_len >= 0", vi);
	else if (v->type == IR_ADDR)
		emit_f(e, "v%u.len", vi);
	else if (emit_may_lack(v))
		emit_f(e, "v%u_there", vi);
	else
		emit_f(e, "1");
}

/* Whether it lies in one of the ranges. */
static void emit_ranges(struct emit *e, const struct ir_program *p, unsigned pi, unsigned qi)
{
	const struct ir_pred *q = &p->preds.items[qi];
	const struct ir_value *v = &p->values.items[q->value];

	if (q->ranges.len > MANY_RANGES)
		emit_f(e, "p%u_test%u(v%u)", pi, qi, q->value);
	else if (!q->ranges.len)
		emit_f(e, "0");
	for (uint32_t i = 0; i < q->ranges.len && q->ranges.len <= MANY_RANGES; i++) {
		emit_f(e, "%s%s", i ? " || " : "", q->ranges.len > 1 ? "(" : "");
		emit_range(e, v, q->value, &q->ranges.items[i]);
		emit_f(e, "%s", q->ranges.len > 1 ? ")" : "");
	}
}

/* An absent number answers no question with yes. */
static void emit_number_test(struct emit *e, const struct ir_program *p, unsigned pi, unsigned qi)
{
	const struct ir_pred *q = &p->preds.items[qi];
	bool absentable = emit_may_lack(&p->values.items[q->value]);

	if (absentable)
		emit_f(e, "v%u_there && (", q->value);
	if (q->kind == IR_PRED_RANGES)
		emit_ranges(e, p, pi, qi);
	else
		emit_f(e, "v%u & 0x%llxULL", q->value, (unsigned long long)q->mask);
	if (absentable)
		emit_f(e, ")");
}

static void emit_namespace_test(struct emit *e, const struct ir_program *p, unsigned pi, unsigned qi)
{
	const struct ir_pred *q = &p->preds.items[qi];

	if (q->host)
		emit_host_test(e, &p->values.items[q->value], q->value);
	if (q->host && !q->ranges.len)
		return;
	emit_f(e, q->host ? " || (" : "");
	emit_ranges(e, p, pi, qi);
	emit_f(e, q->host ? ")" : "");
}

/* The predicate as an expression over what has been fetched. */
void emit_pred(struct emit *e, const struct ir_program *p, unsigned pi, unsigned qi)
{
	const struct ir_pred *q = &p->preds.items[qi];
	const struct ir_value *v = &p->values.items[q->value];

	if (!emit_pred_local(q)) {
		emit_f(e, "bits%u & 0x%llxULL", q->task_bit / 64, 1ULL << (q->task_bit % 64));
		return;
	}
	switch (q->kind) {
	case IR_PRED_NAMESPACE:
		emit_namespace_test(e, p, pi, qi);
		break;
	case IR_PRED_RANGES:
	case IR_PRED_MASK:
		emit_number_test(e, p, pi, qi);
		break;
	case IR_PRED_EQUAL:
	case IR_PRED_PREFIX:
	case IR_PRED_POSTFIX:
		if (v->type == IR_PATH) {
			emit_path_condition(e, tpc_sprintf(e->c->arena, "p%u_test%u", pi, qi), q->kind,
					    q->texts.items, q->texts.len,
					    tpc_sprintf(e->c->arena, "v%u", q->value));
		} else {
			bool big;

			emit_text_room(p, q->value, &big);
			emit_f(e, "p%u_test%u(v%u%s, v%u_len)", pi, qi, q->value, big ? "->data" : "",
			       q->value);
		}
		break;
	case IR_PRED_SUBSTRING:
	case IR_PRED_SUBSTRING_CASE:
		emit_substring(e, tpc_sprintf(e->c->arena, "p%u_test%u", pi, qi), v, q->value);
		break;
	case IR_PRED_NETS:
		emit_f(e, "p%u_test%u(&v%u)", pi, qi, q->value);
		break;
	case IR_PRED_PRESENT:
		emit_present(e, v, q->value);
		break;
	default: /* supported.c lets nothing else through */
		break;
	}
}
