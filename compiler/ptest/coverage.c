// SPDX-License-Identifier: Apache-2.0
/*
 * What cases have shown of a policy. A selector is covered when it has decided. A filter's value is covered when it
 * held while all else of the selector did, and the filter itself when none of its values did: so in each of these
 * cases the decision hung on that value, and a slip in it would have been seen.
 *
 * That a value is there is part of a negated filter, and no filter of its own. Functions that one hook lists share
 * what is covered.
 */
#include <string.h>

#include "ptest/ptest_impl.h"

#define QUESTIONS_MAX 5000000 /* to the evaluator, of one run */
#define NONE UINT32_MAX

/* ---- the points ---- */
static struct ptest_point *add(struct pt_cover *k, enum ptest_point_kind kind, const struct ir_program *p,
			       const struct ir_chain *ch, uint32_t selector, struct tpc_span at)
{
	struct ptest_point *pt = tpc_vec_push(k->c->arena, &k->r->points);

	*pt = (struct ptest_point){
		.kind = kind, .policy = ch->policy, .selector = selector, .hook = p->target, .at = at
	};
	return pt;
}

static void add_terms(struct pt_cover *k, const struct ir_program *p, const struct ir_chain *ch,
		      const struct ir_rule *r, const struct ir_term *terms, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct ir_pred *pred = &p->preds.items[terms[i].pred];
		struct ir_pred one;

		if (pred->kind == IR_PRED_PRESENT)
			continue;
		for (uint32_t v = 0; pt_one_value(pred, v, &one); v++)
			add(k, PTEST_VALUE, p, ch, r->selector, terms[i].at)->what =
				pt_describe_pred(k->c->arena, p, &one, false);
		add(k, PTEST_MISS, p, ch, r->selector, terms[i].at)->what =
			pt_describe_pred(k->c->arena, p, pred, true);
	}
}

static void add_chain(struct pt_cover *k, const struct ir_program *p, const struct ir_chain *ch)
{
	const struct ir_rule *r;

	tpc_vec_foreach (r, &ch->rules) {
		add(k, PTEST_SELECTOR, p, ch, r->selector, r->at)->what = r->label;
		add_terms(k, p, ch, r, r->terms.items, r->terms.len);
		add_terms(k, p, ch, r, r->return_terms.items, r->return_terms.len);
	}
}

/* The chain that was made of the same hook of the policy, when it asks the same. */
struct twin {
	const struct ir_program *p;
	const struct ir_chain *ch;
};

static bool same_terms(const struct twin *a, const struct ir_program *p, const struct ir_term *x,
		       const struct ir_term *y, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct ir_pred *mine = &a->p->preds.items[x[i].pred], *its = &p->preds.items[y[i].pred];

		if (mine->kind != its->kind || mine->ranges.len != its->ranges.len ||
		    mine->texts.len != its->texts.len || mine->nets.len != its->nets.len ||
		    mine->mask != its->mask || mine->host != its->host)
			return false;
	}
	return true;
}

static bool same_shape(const struct twin *a, const struct ir_program *p, const struct ir_chain *ch)
{
	if (a->ch->rules.len != ch->rules.len)
		return false;
	for (uint32_t i = 0; i < ch->rules.len; i++) {
		const struct ir_rule *r = &a->ch->rules.items[i], *q = &ch->rules.items[i];

		if (r->terms.len != q->terms.len || r->return_terms.len != q->return_terms.len ||
		    !same_terms(a, p, r->terms.items, q->terms.items, r->terms.len) ||
		    !same_terms(a, p, r->return_terms.items, q->return_terms.items, r->return_terms.len))
			return false;
	}
	return true;
}

/* A hook's functions were lowered one after the other: the last chain of its kind, policy and entry. */
static void add_program(struct pt_cover *k, const struct ir_program *p, struct twin *last)
{
	const struct ir_chain *ch;

	tpc_vec_foreach (ch, &p->chains) {
		bool twin = last->ch && last->p->kind == p->kind && last->ch->policy == ch->policy &&
			    last->ch->entry == ch->entry && same_shape(last, p, ch);

		if (twin) {
			k->first[ch->hook] = k->first[last->ch->hook];
		} else {
			k->first[ch->hook] = k->r->points.len;
			add_chain(k, p, ch);
		}
		*last = (struct twin){ p, ch };
	}
}

/* Of each policy with a scope two, behind all else. */
static void add_scopes(struct pt_cover *k)
{
	const struct ir_program *p;
	const struct ir_chain *ch;

	k->scopes = tpc_new_array(k->c->arena, uint32_t, k->u->policies.len);
	for (uint32_t i = 0; i < k->u->policies.len; i++)
		k->scopes[i] = NONE;
	tpc_vec_foreach (p, &k->u->programs)
		tpc_vec_foreach (ch, &p->chains) {
			const struct ir_policy *policy = &k->u->policies.items[ch->policy];

			if (!policy->scope || k->scopes[ch->policy] != NONE)
				continue;
			k->scopes[ch->policy] = k->r->points.len;
			add(k, PTEST_SCOPE_INSIDE, p, ch, 0, policy->at)->what =
				"a workload that the policy is for";
			add(k, PTEST_SCOPE_OUTSIDE, p, ch, 0, policy->at)->what =
				"a workload that the policy is not for";
		}
}

void pt_cover_init(struct pt_cover *k, struct tpc_ctx *c, const struct ir_unit *u, struct ptest_result *r)
{
	const struct ir_program *p;
	struct twin last = { 0 };

	*k = (struct pt_cover){ .c = c, .u = u, .r = r, .budget = QUESTIONS_MAX };
	k->first = tpc_new_array(c->arena, uint32_t, u->nhooks);
	tpc_vec_foreach (p, &u->programs)
		add_program(k, p, &last);
	add_scopes(k);
}

/* ---- one case ---- */
static enum pt_truth ask(struct pt_cover *k, const struct pt_scene *s, const struct ir_pred *pred)
{
	if (!k->budget)
		return PT_MAYBE;
	k->budget--;
	return pt_ask(s, pred);
}

static bool holds(enum pt_truth t, bool negated)
{
	return t == (negated ? PT_NO : PT_YES);
}

/* How many of the terms do not hold for sure; *@ret_which: the last of those. */
static uint32_t count_failing(struct pt_cover *k, const struct pt_scene *s, const struct ir_term *terms,
			      uint32_t n, uint32_t *ret_which)
{
	uint32_t failing = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (holds(ask(k, s, &s->p->preds.items[terms[i].pred]), terms[i].negated))
			continue;
		failing++;
		*ret_which = i;
	}
	return failing;
}

/* Everything else holds: the decision hangs on this term. Gives the number of its points. */
static uint32_t cover_term(struct pt_cover *k, const struct pt_scene *s, const struct ir_pred *pred,
			   bool decisive, struct ptest_point *points)
{
	struct ir_pred one;
	bool any = false;
	uint32_t n = 0;

	if (pred->kind == IR_PRED_PRESENT)
		return 0;
	for (; pt_one_value(pred, n, &one); n++) {
		if (!decisive || ask(k, s, &one) != PT_YES)
			continue;
		points[n].hits++;
		any = true;
	}
	if (decisive && !any && ask(k, s, pred) == PT_NO)
		points[n].hits++;
	return n + 1;
}

/* @failing of the terms, @which the last of them, do not hold; @rest_holds: all else of the selector does. */
static uint32_t cover_terms(struct pt_cover *k, const struct pt_scene *s, const struct ir_term *terms,
			    uint32_t n, uint32_t failing, uint32_t which, bool rest_holds,
			    struct ptest_point *points)
{
	uint32_t used = 0;

	for (uint32_t i = 0; i < n; i++)
		used += cover_term(k, s, &s->p->preds.items[terms[i].pred],
				   rest_holds && (!failing || (failing == 1 && which == i)), points + used);
	return used;
}

static uint32_t cover_rule(struct pt_cover *k, const struct pt_scene *s, const struct ir_rule *r,
			   bool at_return, struct ptest_point *points)
{
	uint32_t which = 0, later_which = 0, later = 0, n;
	uint32_t failing = count_failing(k, s, r->terms.items, r->terms.len, &which);

	if (at_return)
		later = count_failing(k, s, r->return_terms.items, r->return_terms.len, &later_which);
	n = cover_terms(k, s, r->terms.items, r->terms.len, failing, which, !later, points);
	return n + cover_terms(k, s, r->return_terms.items, r->return_terms.len, later, later_which,
			       at_return && !failing, points + n);
}

/* Of one moment. Rules behind the one that decides, or may decide, are not reached. */
static void cover_chain(struct pt_cover *k, const struct pt_scene *s, const struct ir_chain *ch,
			const struct pt_decision *d, bool at_return)
{
	struct ptest_point *pt = k->r->points.items + k->first[ch->hook];
	bool reached = d->outcome != PT_UNSURE;

	for (uint32_t i = 0; i < ch->rules.len && reached; i++) {
		const struct ir_rule *r = &ch->rules.items[i];
		bool decides = d->outcome == PT_FIRES && d->rule == i;

		/* One that asks about the return has not decided before. */
		pt->hits += decides && (at_return || !r->return_terms.len);
		pt += 1 + cover_rule(k, s, r, at_return, pt + 1);
		reached = !decides;
	}
}

static bool any_rule_holds(struct pt_cover *k, const struct pt_scene *s, const struct ir_chain *ch)
{
	const struct ir_rule *r;
	uint32_t unused;

	tpc_vec_foreach (r, &ch->rules)
		if (!count_failing(k, s, r->terms.items, r->terms.len, &unused))
			return true;
	return false;
}

/* What the policy is for shows where it would do something. */
static void cover_scope(struct pt_cover *k, const struct pt_scene *s, const struct ir_chain *ch)
{
	struct ptest_point *pt = k->r->points.items + k->scopes[ch->policy];

	if (pt_in_scope(s, ch) == PT_MAYBE || !any_rule_holds(k, s, ch))
		return;
	pt[pt_in_scope(s, ch) == PT_NO].hits++;
}

/* Covered is what the case has an expectation of. */
void pt_cover_case(struct pt_cover *k, const struct pt_case *pc, const struct pt_judged *j)
{
	bool late = pc->moment.v == PT_MOMENT_RETURN;

	for (uint32_t i = 0; i < j->p->chains.len && k->budget; i++) {
		const struct ir_chain *ch = &j->p->chains.items[i];
		const struct pt_verdict *v = &j->verdicts[i];

		if (k->scopes[ch->policy] != NONE)
			cover_scope(k, &j->scene, ch);
		if (pt_in_scope(&j->scene, ch) != PT_YES)
			continue;
		if (!late)
			cover_chain(k, &j->scene, ch, &v->entry, false);
		if (late || (v->expect && v->expect->at_return))
			cover_chain(k, &j->scene, ch, &v->at_return, true);
	}
}
