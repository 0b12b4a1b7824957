// SPDX-License-Identifier: Apache-2.0
/*
 * Two units as one, so that implication can be asked between them: hook points, values and workloads that are the
 * same become one, predicates are then shared by the passes canon and dedupe. Chains stay apart: a chain of NEW
 * is one whose policy comes after OLD's.
 */
#include <inttypes.h>
#include <string.h>

#include "ir/lower_index.h"
#include "pdiff/impl.h"

struct join {
	struct differ *d;
	struct lower_index programs, workloads;
	struct lower_index *values; /* of each program */
	/* of the side at hand */
	const struct ir_unit *from;
	uint32_t first_policy;
	uint32_t *workload_to;
};

static uint32_t join_workload(struct join *j, const struct ir_workload *w)
{
	struct ir_workload canon = *w;
	struct ir_unit *u = j->d->u;
	uint32_t nr;

	canon.pod = keys_canon_labels(j->d->arena, &w->pod);
	canon.container = keys_canon_labels(j->d->arena, &w->container);
	nr = lower_index_add(j->d->arena, &j->workloads, keys_workload(j->d->arena, &canon),
			     u->workloads.len);
	if (nr == u->workloads.len)
		*tpc_vec_push(j->d->arena, &u->workloads) = canon;
	return nr;
}

static bool is_everything(const struct ir_workload *w)
{
	return w->host && w->pods && !w->ns && !w->pod.reqs.len && !w->container.reqs.len;
}

static void join_policies(struct join *j)
{
	const struct ir_enforced *e;

	for (uint32_t i = 0; i < j->from->policies.len; i++) {
		struct ir_policy p = j->from->policies.items[i];

		if (p.scope && is_everything(&j->from->workloads.items[p.scope - 1]))
			p.scope = 0;
		if (p.scope)
			p.scope = j->workload_to[p.scope - 1] + 1;
		if (p.nodes) {
			struct ir_labels *canon = tpc_new(j->d->arena, struct ir_labels);

			*canon = keys_canon_labels(j->d->arena, p.nodes);
			p.nodes = canon;
		}
		*tpc_vec_push(j->d->arena, &j->d->u->policies) = p;
	}
	tpc_vec_foreach (e, &j->from->enforced) {
		struct ir_enforced *to = tpc_vec_push(j->d->arena, &j->d->u->enforced);

		*to = *e;
		to->policy += j->first_policy;
	}
}

static const char *value_key(struct tpc_arena *a, const struct ir_value *v)
{
	const struct ir_resolve *r = v->resolve;

	return tpc_sprintf(a, "%d %d %d %d %d %d %d %d %d %d %d %d %d %d %" PRIu32 "\n%s\n%s\n%s\n%s\n%s",
			   v->type, v->source, v->index, v->size, v->is_signed, v->in_memory, v->descent,
			   v->at_return, v->large, v->path_from, v->facet, v->size_value, v->base, v->base2,
			   v->max, v->type_name ? v->type_name : "", v->reg ? v->reg : "", r ? r->text : "",
			   r && r->from ? r->from : "", r && r->module ? r->module : "");
}

/* Values refer only to those before them. */
static uint16_t *join_values(struct join *j, const struct ir_program *from, uint32_t nr)
{
	uint16_t *to = tpc_new_array(j->d->arena, uint16_t, from->values.len);
	struct ir_program *p = &j->d->u->programs.items[nr];

	for (uint32_t i = 0; i < from->values.len; i++) {
		struct ir_value v = from->values.items[i];

		if (v.size_value >= 0)
			v.size_value = (int16_t)to[v.size_value];
		if (v.source == IR_FROM_VALUE) {
			v.base = to[v.base];
			v.base2 = v.facet == IR_FACET_GAINED ? to[v.base2] : 0;
		}
		to[i] = (uint16_t)lower_index_add(j->d->arena, &j->values[nr], value_key(j->d->arena, &v),
						  p->values.len);
		if (to[i] == p->values.len)
			*tpc_vec_push(j->d->arena, &p->values) = v;
	}
	return to;
}

static const struct ir_expr *join_expr(struct join *j, const struct ir_expr *e, const uint16_t *to)
{
	struct ir_expr *ret = tpc_new(j->d->arena, struct ir_expr);

	ret->tree = e->tree;
	ret->text = e->text;
	for (uint32_t i = 0; i < e->vars.len; i++)
		*tpc_vec_push(j->d->arena, &ret->vars) = to[e->vars.items[i]];
	return ret;
}

static void join_preds(struct join *j, const struct ir_program *from, struct ir_program *p,
		       const uint16_t *to)
{
	for (uint32_t i = 0; i < from->preds.len; i++) {
		struct ir_pred pred = from->preds.items[i];

		pred.value = to[pred.value];
		pred.task_bit = -1;
		pred.cost = 0;
		if (pred.kind == IR_PRED_WORKLOAD)
			pred.workload = j->workload_to[pred.workload];
		if (pred.expr)
			pred.expr = join_expr(j, pred.expr, to);
		*tpc_vec_push(j->d->arena, &p->preds) = pred;
	}
}

static struct ir_term *join_terms(struct tpc_arena *a, const struct ir_term *from, uint32_t n, uint32_t base)
{
	struct ir_term *list = tpc_new_array(a, struct ir_term, n);

	for (uint32_t i = 0; i < n; i++) {
		list[i] = from[i];
		list[i].pred = (uint16_t)(from[i].pred + base);
	}
	return list;
}

static struct ir_action *join_actions(struct tpc_arena *a, const struct ir_action *from, uint32_t n,
				      const uint16_t *to)
{
	struct ir_action *list = tpc_new_array(a, struct ir_action, n);

	for (uint32_t i = 0; i < n; i++) {
		list[i] = from[i];
		if (from[i].kind == IR_TRACK_SOCK || from[i].kind == IR_UNTRACK_SOCK)
			list[i].index = to[from[i].index];
	}
	return list;
}

static void join_rule(struct tpc_arena *a, struct ir_rule *r, const uint16_t *to, uint32_t base)
{
	r->terms.items = join_terms(a, r->terms.items, r->terms.len, base);
	r->return_terms.items = join_terms(a, r->return_terms.items, r->return_terms.len, base);
	r->actions.items = join_actions(a, r->actions.items, r->actions.len, to);
	r->return_actions.items = join_actions(a, r->return_actions.items, r->return_actions.len, to);
}

static void join_chain(struct join *j, const struct ir_chain *from, struct ir_program *p, const uint16_t *to,
		       uint32_t base)
{
	struct tpc_arena *a = j->d->arena;
	struct ir_chain *ch = tpc_vec_push(a, &p->chains);

	*ch = *from;
	ch->policy += j->first_policy;
	if (ch->has_return)
		ch->return_value = to[ch->return_value];
	ch->args.items = tpc_new_array(a, struct ir_arg, from->args.len);
	for (uint32_t i = 0; i < from->args.len; i++) {
		ch->args.items[i] = from->args.items[i];
		ch->args.items[i].value = to[from->args.items[i].value];
	}
	ch->rules.items = tpc_new_array(a, struct ir_rule, from->rules.len);
	for (uint32_t i = 0; i < from->rules.len; i++) {
		ch->rules.items[i] = from->rules.items[i];
		join_rule(a, &ch->rules.items[i], to, base);
	}
}

static uint32_t find_program(struct join *j, const struct ir_program *from)
{
	struct ir_unit *u = j->d->u;
	uint32_t nr =
		lower_index_add(j->d->arena, &j->programs, keys_program(j->d->arena, from), u->programs.len);

	if (nr == u->programs.len)
		*tpc_vec_push(j->d->arena, &u->programs) = (struct ir_program){
			.kind = from->kind,
			.target = from->target,
			.subsystem = from->subsystem,
			.syscall = from->syscall,
			.abi = from->abi,
			.many = from->many,
			.user = from->user,
			.at = from->at,
		};
	return nr;
}

static bool join_program(struct join *j, const struct ir_program *from)
{
	struct tpc_ctx *c = j->d->side[1].c;
	uint32_t nr = find_program(j, from), base;
	struct ir_program *p = &j->d->u->programs.items[nr];
	const uint16_t *to;

	base = p->preds.len;
	if (base + from->preds.len > UINT16_MAX || p->values.len + from->values.len > INT16_MAX) {
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_LIMIT,
			  "the policies have too many filters on one hook to be compared");
		return false;
	}
	to = join_values(j, from, nr);
	join_preds(j, from, p, to);
	for (uint32_t i = 0; i < from->chains.len; i++)
		join_chain(j, &from->chains.items[i], p, to, base);
	return true;
}

static bool join_side(struct join *j, const struct ir_unit *from)
{
	j->from = from;
	j->first_policy = j->d->u->policies.len;
	j->workload_to = tpc_new_array(j->d->arena, uint32_t, from->workloads.len);
	for (uint32_t i = 0; i < from->workloads.len; i++)
		j->workload_to[i] = join_workload(j, &from->workloads.items[i]);
	join_policies(j);
	for (uint32_t i = 0; i < from->programs.len; i++)
		if (!join_program(j, &from->programs.items[i]))
			return false;
	return true;
}

struct ir_unit *join_units(struct differ *d)
{
	const struct ir_unit *old = d->side[0].u, *new = d->side[1].u;
	struct join j = { .d = d };

	d->u = tpc_new(d->arena, struct ir_unit);
	d->nold = old->policies.len;
	j.values = tpc_new_array(d->arena, struct lower_index, (size_t)old->programs.len + new->programs.len);
	if (!join_side(&j, old) || !join_side(&j, new))
		return NULL;
	passes_share(d->side[1].c, d->u);
	return d->u;
}
