// SPDX-License-Identifier: Apache-2.0
/*
 * Decisions in three values: what is not known makes a predicate a maybe, and a decision unsure where it hangs on
 * one. The answers themselves come from the evaluator: a predicate is put to it as the one rule of a program.
 */
#include <string.h>

#include "ptest/ptest_impl.h"

/* ---- one predicate ---- */
static bool ask_evaluator(const struct pt_scene *s, const struct ir_pred *pred)
{
	struct ir_term term = { .pred = 0 };
	struct ir_rule rule = { .terms = { &term, 1, 1 } };
	struct ir_chain chain = { .policy = UINT32_MAX,
				  .rules = { &rule, 1, 1 } }; /* of no policy: no scope */
	struct ir_program p = *s->p;
	struct ir_pred one = *pred;
	struct ir_verdict v;

	p.nodes.items = NULL;
	p.nodes.len = 0;
	p.preds.items = &one;
	p.preds.len = 1;
	p.chains.items = &chain;
	p.chains.len = 1;
	ir_eval(s->u, &p, &s->in, &v);
	return v.fired;
}

static bool is_binary(const struct ir_value *v)
{
	return v->source == IR_FROM_BINARY || v->source == IR_FROM_PARENT_BINARY;
}

static const struct pt_datum *datum_of(const struct ir_value *v, const struct pt_relative *r)
{
	return v->source == IR_FROM_PID ? &r->pid : v->source == IR_FROM_NS_PID ? &r->nspid : &r->binary;
}

/* The process itself but where its parent is asked, then its ancestors: one that answers is enough. */
static enum pt_truth ask_process(const struct pt_scene *s, const struct ir_pred *pred,
				 const struct ir_value *v)
{
	bool parent = v->source == IR_FROM_PARENT_BINARY, unsure = false;
	uint32_t n = s->facts->ancestors.len, last = v->descent ? n : parent;

	for (uint32_t i = parent; i <= last && i <= n; i++) {
		const struct pt_datum *d =
			datum_of(v, i ? &s->facts->ancestors.items[i - 1] : &s->facts->self);

		if (d->known && ir_eval_pred(pred, v, &d->in))
			return PT_YES;
		unsure |= !d->known;
	}
	/* Those above the ones that are known. */
	unsure |= !s->facts->all_ancestors && (v->descent || last > n);
	return unsure ? PT_MAYBE : PT_NO;
}

/* Where one variable is known to be absent the expression is false, whatever the others are. */
static enum pt_truth ask_expr(const struct pt_scene *s, const struct ir_pred *pred)
{
	bool unsure = false;

	for (uint32_t i = 0; i < pred->expr->vars.len; i++) {
		const struct pt_datum *d = &s->values[pred->expr->vars.items[i]];

		if (d->known && d->in.absent)
			return PT_NO;
		unsure |= !d->known;
	}
	return unsure ? PT_MAYBE : ask_evaluator(s, pred) ? PT_YES : PT_NO;
}

static enum pt_truth ask_workload(const struct pt_scene *s, const struct ir_workload *w)
{
	const struct ir_label_req *r;

	if (!s->facts->workload_known)
		return PT_MAYBE;
	if (s->facts->no_repo)
		tpc_vec_foreach (r, &w->container.reqs)
			if (!strcmp(r->key, "repo"))
				return PT_MAYBE;
	return ir_eval_workload(w, &s->facts->workload) ? PT_YES : PT_NO;
}

enum pt_truth pt_ask(const struct pt_scene *s, const struct ir_pred *pred)
{
	const struct ir_value *v = &s->p->values.items[pred->value];

	if (pred->kind == IR_PRED_EXPR)
		return ask_expr(s, pred);
	if (pred->kind == IR_PRED_WORKLOAD)
		return ask_workload(s, &s->u->workloads.items[pred->workload]);
	if (v->descent || is_binary(v))
		return ask_process(s, pred, v);
	if (!s->values[pred->value].known)
		return PT_MAYBE;
	return ask_evaluator(s, pred) ? PT_YES : PT_NO;
}

/* ---- rules ---- */
static enum pt_truth negate(enum pt_truth t, bool negated)
{
	return !negated || t == PT_MAYBE ? t : t == PT_YES ? PT_NO : PT_YES;
}

/* *@ret_unsure: the first predicate that is a maybe, when the answer is. */
static enum pt_truth all_hold(const struct pt_scene *s, const struct ir_term *terms, uint32_t n,
			      const struct ir_pred **ret_unsure)
{
	enum pt_truth all = PT_YES;

	for (uint32_t i = 0; i < n; i++) {
		const struct ir_pred *pred = &s->p->preds.items[terms[i].pred];
		enum pt_truth t = negate(pt_ask(s, pred), terms[i].negated);

		if (t == PT_NO)
			return PT_NO;
		if (t == PT_MAYBE && all == PT_YES)
			*ret_unsure = pred;
		if (t == PT_MAYBE)
			all = PT_MAYBE;
	}
	return all;
}

static enum pt_truth rule_holds(const struct pt_scene *s, const struct ir_rule *r, bool at_return,
				const struct ir_pred **ret_unsure)
{
	enum pt_truth entry = all_hold(s, r->terms.items, r->terms.len, ret_unsure), later;
	const struct ir_pred *unsure = NULL;

	if (entry == PT_NO || !at_return)
		return entry;
	later = all_hold(s, r->return_terms.items, r->return_terms.len, &unsure);
	if (later == PT_YES)
		return entry;
	if (later == PT_MAYBE && entry == PT_YES)
		*ret_unsure = unsure;
	return later;
}

/* What of the predicate is not known. */
static const char *missing_of(const struct pt_scene *s, const struct ir_pred *pred)
{
	uint32_t value = pred->value;

	for (uint32_t i = 0; pred->kind == IR_PRED_EXPR && i < pred->expr->vars.len; i++)
		if (!s->values[pred->expr->vars.items[i]].known) {
			value = pred->expr->vars.items[i];
			break;
		}
	if (pred->kind == IR_PRED_WORKLOAD)
		return "the workload";
	return pt_describe_value(s->c->arena, s->p, value);
}

enum pt_truth pt_in_scope(const struct pt_scene *s, const struct ir_chain *ch)
{
	uint32_t scope = ch->policy < s->u->policies.len ? s->u->policies.items[ch->policy].scope : 0;

	return scope ? ask_workload(s, &s->u->workloads.items[scope - 1]) : PT_YES;
}

void pt_decide(const struct pt_scene *s, const struct ir_chain *ch, bool at_return, struct pt_decision *ret)
{
	enum pt_truth scope = pt_in_scope(s, ch);

	*ret = (struct pt_decision){ .outcome = PT_NOTHING };
	for (uint32_t i = 0; i < ch->rules.len && scope != PT_NO; i++) {
		const struct ir_pred *unsure = NULL;
		enum pt_truth t = rule_holds(s, &ch->rules.items[i], at_return, &unsure);

		if (t == PT_NO)
			continue;
		*ret = (struct pt_decision){ .outcome = PT_FIRES, .rule = i };
		if (t == PT_MAYBE || scope == PT_MAYBE) {
			ret->outcome = PT_UNSURE;
			ret->missing = t == PT_MAYBE ? missing_of(s, unsure) : "the workload";
		}
		return;
	}
}

/* ---- against the evaluator ---- */
static void evaluate(const struct pt_scene *s, bool at_return, struct ir_verdict *ret)
{
	if (at_return)
		ir_eval_return(s->u, s->p, &s->in, ret);
	else
		ir_eval(s->u, s->p, &s->in, ret);
}

/* Passes drop rules: it is the selector's position in the policy that stays. */
static bool fits(const struct pt_decision *d, const struct ir_chain *ch, const struct ir_verdict *v)
{
	if (d->outcome == PT_UNSURE)
		return true;
	if (d->outcome == PT_NOTHING)
		return !v->fired;
	return v->fired && v->selector == ch->rules.items[d->rule].selector;
}

bool pt_agree(const struct pt_scene *s, const struct pt_scene *opt, bool at_return,
	      const struct pt_decision *decisions, struct tpc_span at)
{
	uint32_t n = s->p->chains.len;
	struct ir_verdict *v = tpc_new_array(s->c->arena, struct ir_verdict, n);
	struct ir_verdict *w = tpc_new_array(s->c->arena, struct ir_verdict, n);

	if (opt->p->chains.len != n) {
		tpc_error(&s->c->diags, at, TPC_E_INTERNAL, "internal error: passes lost a hook");
		return false;
	}
	evaluate(s, at_return, v);
	evaluate(opt, at_return, w);
	for (uint32_t i = 0; i < n; i++) {
		const struct ir_chain *ch = &s->p->chains.items[i];

		if (fits(&decisions[i], ch, &v[i]) && fits(&decisions[i], ch, &w[i]))
			continue;
		tpc_error(&s->c->diags, at, TPC_E_INTERNAL,
			  "internal error: the rules of '%s' decide otherwise %s", s->p->target,
			  fits(&decisions[i], ch, &v[i]) ? "after the passes" : "than the evaluator");
		return false;
	}
	return true;
}
