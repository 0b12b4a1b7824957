// SPDX-License-Identifier: Apache-2.0
/*
 * Implication between predicates over one value. The reference meaning (ir_eval_pred) is that an absent value
 * answers false to each predicate: "a implies b" and "a excludes b" speak about true answers only, so
 * they hold for absent values as well, and "not b implies not a" follows. Whatever is answered with true is PRESENT.
 */
#include <string.h>

#include "ir/text.h"
#include "passes/internal.h"

static bool spend(struct relate *r, uint64_t steps)
{
	if (r->budget < steps) {
		r->budget = 0;
		return false;
	}
	r->budget -= steps;
	return true;
}

bool value_always_present(const struct ir_value *v)
{
	return v->type == IR_INT && !v->descent &&
	       ((v->source == IR_FROM_ARG && !v->resolve && !v->in_memory) || v->source == IR_FROM_PID);
}

static bool is_text(const struct ir_pred *p)
{
	return p->kind == IR_PRED_EQUAL || p->kind == IR_PRED_PREFIX || p->kind == IR_PRED_POSTFIX ||
	       p->kind == IR_PRED_SUBSTRING || p->kind == IR_PRED_SUBSTRING_CASE;
}

static bool is_part(const struct ir_pred *p)
{
	return p->kind == IR_PRED_SUBSTRING || p->kind == IR_PRED_SUBSTRING_CASE;
}

static bool is_int(const struct ir_pred *p)
{
	return p->kind == IR_PRED_RANGES || p->kind == IR_PRED_MASK;
}

/* Comparisons that texts_match() over all of @a against @b may take. */
static uint64_t match_steps(const struct ir_pred *a, const struct ir_pred *b)
{
	uint64_t steps = a->texts.len, log = 1;
	const struct ir_text *t;

	if (b->kind == IR_PRED_SUBSTRING)
		log = b->texts.len;
	if (b->kind == IR_PRED_SUBSTRING_CASE) /* compared letter by letter at each place */
		tpc_vec_foreach (t, &b->texts)
			log += t->len;
	for (uint32_t n = b->texts.len; n && !is_part(b); n /= 2)
		log++;
	if (b->kind != IR_PRED_EQUAL)
		tpc_vec_foreach (t, &a->texts)
			steps += t->len;
	return steps * log;
}

static bool each_matches(struct relate *r, const struct ir_pred *a, const struct ir_pred *b)
{
	const struct ir_text *t;

	if (!spend(r, match_steps(a, b)))
		return false;
	tpc_vec_foreach (t, &a->texts)
		if (!texts_match(b->kind, b->texts.items, b->texts.len, t))
			return false;
	return true;
}

static bool none_matches(struct relate *r, const struct ir_pred *a, const struct ir_pred *b)
{
	const struct ir_text *t;

	if (!spend(r, match_steps(a, b)))
		return false;
	tpc_vec_foreach (t, &a->texts)
		if (texts_match(b->kind, b->texts.items, b->texts.len, t))
			return false;
	return true;
}

/* A prefix implies a prefix that it extends; only equality implies a predicate of another kind, and whatever
 * a text begins or ends with it contains, in any case too. */
static bool texts_subset(struct relate *r, const struct ir_pred *a, const struct ir_pred *b)
{
	bool comparable = b->kind == IR_PRED_SUBSTRING	    ? a->kind != IR_PRED_SUBSTRING_CASE :
			  b->kind == IR_PRED_SUBSTRING_CASE ? true :
							      a->kind == IR_PRED_EQUAL || a->kind == b->kind;

	return comparable && each_matches(r, a, b);
}

/* Two prefixes exclude each other when neither extends the other; a prefix and a postfix never do, nor do
 * two parts of one text. */
static bool texts_disjoint(struct relate *r, const struct ir_pred *a, const struct ir_pred *b)
{
	if (is_part(a) && is_part(b))
		return false;
	if (a->kind == b->kind)
		return none_matches(r, a, b) && none_matches(r, b, a);
	if (a->kind == IR_PRED_EQUAL)
		return none_matches(r, a, b);
	if (b->kind == IR_PRED_EQUAL)
		return none_matches(r, b, a);
	return false;
}

/* Does each number of a short list of single numbers answer @want to the mask? */
static bool numbers_answer(struct relate *r, const struct ir_pred *numbers, uint64_t mask, bool want)
{
	const struct ir_range *i;

	if (!spend(r, numbers->ranges.len))
		return false;
	tpc_vec_foreach (i, &numbers->ranges)
		if (i->lo != i->hi || !!(i->lo & mask) != want)
			return false;
	return true;
}

static bool ints_subset(struct relate *r, const struct ir_pred *a, const struct ir_pred *b)
{
	const struct ir_value *v = &r->p->values.items[a->value];

	if (a->kind == IR_PRED_MASK)
		return b->kind == IR_PRED_MASK && !(a->mask & ~b->mask);
	if (b->kind == IR_PRED_MASK)
		return numbers_answer(r, a, b->mask, true);
	return spend(r, (uint64_t)a->ranges.len + b->ranges.len) &&
	       ranges_subset(v, RANGES_OF(a), RANGES_OF(b));
}

static bool ints_disjoint(struct relate *r, const struct ir_pred *a, const struct ir_pred *b)
{
	const struct ir_value *v = &r->p->values.items[a->value];

	if (a->kind == IR_PRED_MASK && b->kind == IR_PRED_MASK)
		return !a->mask || !b->mask;
	if (a->kind == IR_PRED_MASK)
		return numbers_answer(r, b, a->mask, false);
	if (b->kind == IR_PRED_MASK)
		return numbers_answer(r, a, b->mask, false);
	return spend(r, (uint64_t)a->ranges.len + b->ranges.len) &&
	       ranges_disjoint(v, RANGES_OF(a), RANGES_OF(b));
}

/* Networks that do not lie in one of the others may still lie in several of them: that is not looked for. */
static bool nets_subset(struct relate *r, const struct ir_pred *a, const struct ir_pred *b)
{
	if (!spend(r, (uint64_t)a->nets.len * b->nets.len))
		return false;
	for (uint32_t i = 0; i < a->nets.len; i++) {
		uint32_t j = 0;

		while (j < b->nets.len && !ir_net_inside(&b->nets.items[j], &a->nets.items[i]))
			j++;
		if (j == b->nets.len)
			return false;
	}
	return true;
}

static bool nets_disjoint(struct relate *r, const struct ir_pred *a, const struct ir_pred *b)
{
	if (!spend(r, (uint64_t)a->nets.len * b->nets.len))
		return false;
	for (uint32_t i = 0; i < a->nets.len; i++)
		for (uint32_t j = 0; j < b->nets.len; j++)
			if (ir_net_inside(&b->nets.items[j], &a->nets.items[i]) ||
			    ir_net_inside(&a->nets.items[i], &b->nets.items[j]))
				return false;
	return true;
}

/* The host's number is known at load: it may be any. */
static bool namespaces_subset(struct relate *r, const struct ir_pred *a, const struct ir_pred *b)
{
	const struct ir_value *v = &r->p->values.items[a->value];

	return (b->host || !a->host) && spend(r, (uint64_t)a->ranges.len + b->ranges.len) &&
	       ranges_subset(v, RANGES_OF(a), RANGES_OF(b));
}

static bool workloads_subset(struct relate *r, const struct ir_pred *a, const struct ir_pred *b)
{
	const struct ir_workload *w = r->u ? r->u->workloads.items : NULL;

	return w && spend(r, workload_size(&w[a->workload]) * workload_size(&w[b->workload])) &&
	       workload_subset(&w[a->workload], &w[b->workload]);
}

bool pred_subset(struct relate *r, uint16_t na, uint16_t nb)
{
	const struct ir_pred *a = &r->p->preds.items[na], *b = &r->p->preds.items[nb];

	if (na == nb)
		return true;
	if (a->value != b->value || !spend(r, 1))
		return false;
	if (b->kind == IR_PRED_PRESENT)
		return true;
	if (is_text(a) && is_text(b))
		return texts_subset(r, a, b);
	if (a->kind == b->kind && a->kind == IR_PRED_NETS)
		return nets_subset(r, a, b);
	if (a->kind == b->kind && a->kind == IR_PRED_NAMESPACE)
		return namespaces_subset(r, a, b);
	if (a->kind == b->kind && a->kind == IR_PRED_WORKLOAD)
		return workloads_subset(r, a, b);
	return is_int(a) && is_int(b) && ints_subset(r, a, b);
}

/* Of several processes one may answer yes to the one question and another to the other. */
static bool is_descent(const struct relate *r, const struct ir_pred *p)
{
	return r->p->values.items[p->value].descent;
}

bool pred_disjoint(struct relate *r, uint16_t na, uint16_t nb)
{
	const struct ir_pred *a = &r->p->preds.items[na], *b = &r->p->preds.items[nb];

	if (a->value != b->value || !spend(r, 1) || is_descent(r, a))
		return false;
	if (is_text(a) && is_text(b))
		return texts_disjoint(r, a, b);
	if (a->kind == b->kind && a->kind == IR_PRED_NETS)
		return nets_disjoint(r, a, b);
	return is_int(a) && is_int(b) && ints_disjoint(r, a, b);
}

bool term_implies(struct relate *r, const struct ir_term *a, const struct ir_term *b)
{
	if (a->negated)
		return b->negated && pred_subset(r, b->pred, a->pred);
	return b->negated ? pred_disjoint(r, a->pred, b->pred) : pred_subset(r, a->pred, b->pred);
}

bool term_excludes(struct relate *r, const struct ir_term *a, const struct ir_term *b)
{
	const struct ir_term not_b = { .pred = b->pred, .negated = !b->negated };

	return term_implies(r, a, &not_b);
}

bool pred_asks_ranges(const struct ir_program *p, const struct ir_pred *pred)
{
	return pred->kind == IR_PRED_RANGES && !p->values.items[pred->value].descent;
}

static bool asks_ranges(const struct ir_program *p, const struct ir_term *t, uint16_t value)
{
	const struct ir_pred *pred = &p->preds.items[t->pred];

	return pred->value == value && pred_asks_ranges(p, pred);
}

/* Does the term hold only where the value is present? */
static bool
	requires(const struct ir_program *p, const struct ir_term *t, uint16_t value)
{
	return p->preds.items[t->pred].value == value && !t->negated;
}

/* What each term forbids, gathered in one list: one sort for all, however many terms there are. */
struct allowed rule_allowed(struct tpc_arena *a, const struct ir_program *p, const struct ir_rule *r,
			    uint16_t value)
{
	const struct ir_value *v = &p->values.items[value];
	struct allowed ret = { .present = value_always_present(v) };
	struct ranges forbidden = { 0 };
	const struct ir_term *t;

	tpc_vec_foreach (t, &r->terms) {
		ret.present |= requires(p, t, value);
		if (!asks_ranges(p, t, value))
			continue;
		ret.nterms++;
		ret.nranges += p->preds.items[t->pred].ranges.len;
	}
	forbidden.items = tpc_new_array(a, struct ir_range, (size_t)ret.nranges + ret.nterms);
	tpc_vec_foreach (t, &r->terms) {
		struct ranges set;

		if (!asks_ranges(p, t, value))
			continue;
		set = RANGES_OF(&p->preds.items[t->pred]);
		if (!t->negated)
			set = ranges_complement(a, v, set);
		if (set.len)
			memcpy(&forbidden.items[forbidden.len], set.items, set.len * sizeof(*set.items));
		forbidden.len += set.len;
	}
	ret.set = ranges_complement(a, v, ranges_canon(a, v, forbidden));
	return ret;
}
