// SPDX-License-Identifier: Apache-2.0
/*
 * Is every event that NEW enforces enforced by OLD? Asked selector by selector: of the events that come to a
 * selector of NEW, none may fall in OLD to a selector that does less, nor through all of them. What cannot be
 * shown, or not within the budget, is answered no.
 */
#include <string.h>

#include "pdiff/impl.h"

#define SIGKILL_NR 9

static bool spend(struct relate *rel, uint64_t steps)
{
	if (rel->budget < steps) {
		rel->budget = 0;
		return false;
	}
	rel->budget -= steps;
	return true;
}

/* ---- what is done to the process ---- */

bool action_enforces(const struct ir_action *a)
{
	switch (a->kind) {
	case IR_SIGKILL:
	case IR_SIGNAL:
	case IR_OVERRIDE:
	case IR_SET:
		return true;
	case IR_NOTIFY_ENFORCER:
		return a->arg || a->signal;
	default:
		return false;
	}
}

static int32_t signal_of(const struct ir_action *a)
{
	return a->kind == IR_SIGKILL ? SIGKILL_NR : a->kind == IR_SIGNAL ? a->arg : 0;
}

static bool same_regs(const struct ir_action *a, const struct ir_action *b)
{
	if (a->regs.len != b->regs.len)
		return false;
	for (uint32_t i = 0; i < a->regs.len; i++)
		if (strcmp(a->regs.items[i], b->regs.items[i]))
			return false;
	return true;
}

static bool same_redirect(const struct ir_action *a, const struct ir_action *b)
{
	return a->redirect == b->redirect && a->new_place == b->new_place && same_regs(a, b) &&
	       (a->redirect != IR_REDIRECT_SYMBOL || !strcmp(a->new_symbol, b->new_symbol));
}

/* Nothing is worse than being killed; another result of an overridden call is no more than another result. */
static bool is_within(const struct ir_action *a, const struct ir_action *b)
{
	if (signal_of(a))
		return signal_of(b) == SIGKILL_NR || signal_of(a) == signal_of(b);
	if (a->kind != b->kind)
		return false;
	if (a->kind == IR_OVERRIDE)
		return same_redirect(a, b);
	if (a->kind == IR_SET)
		return a->index == b->index && a->arg == b->arg;
	return (!a->signal || b->signal == SIGKILL_NR || a->signal == b->signal) && (!a->arg || b->arg);
}

bool action_within(struct relate *rel, const struct ir_action *a, const struct ir_rule *r)
{
	const struct ir_action *b;

	if (!action_enforces(a))
		return true;
	tpc_vec_foreach (b, &r->actions)
		if (!spend(rel, 1))
			return false;
		else if (action_enforces(b) && is_within(a, b))
			return true;
	return false;
}

static bool enforces_within(struct relate *rel, const struct ir_rule *a, const struct ir_rule *b)
{
	const struct ir_action *act;

	tpc_vec_foreach (act, &a->actions)
		if (!action_within(rel, act, b))
			return false;
	return true;
}

static bool cleans_up(const struct ir_rule *r)
{
	const struct ir_action *a;

	tpc_vec_foreach (a, &r->actions)
		if (a->kind == IR_CLEANUP_ENFORCER)
			return true;
	return false;
}

static bool cleanup_within(struct relate *rel, const struct ir_rule *a, const struct ir_rule *b)
{
	(void)a;
	return spend(rel, b->actions.len) && cleans_up(b);
}

static bool enforces_when(const struct ir_rule *r)
{
	const struct ir_action *a;

	tpc_vec_foreach (a, &r->actions)
		if (action_enforces(a))
			return true;
	return false;
}

bool rule_enforces(const struct rule_info *r)
{
	return enforces_when(&r->when[AT_ENTRY]) || enforces_when(&r->when[AT_RETURN]);
}

bool chain_enforces(const struct chain_info *ch)
{
	for (uint32_t i = 0; i < ch->nrules; i++)
		if (rule_enforces(&ch->rules[i]))
			return true;
	return false;
}

bool chain_cleans_up(const struct chain_info *ch)
{
	for (uint32_t i = 0; i < ch->nrules; i++)
		if (cleans_up(&ch->rules[i].when[AT_ENTRY]) || cleans_up(&ch->rules[i].when[AT_RETURN]))
			return true;
	return false;
}

/* ---- which events ---- */

bool rules_exclude(struct relate *rel, const struct rule_info *a, const struct rule_info *b, int when)
{
	const struct ir_rule *ra = &a->when[when], *rb = &b->when[when];

	for (uint32_t i = 0; i < ra->terms.len; i++)
		for (uint32_t j = 0; j < rb->terms.len; j++) {
			if (!spend(rel, 1))
				return false;
			if (term_excludes(rel, &ra->terms.items[i], &rb->terms.items[j]))
				return true;
		}
	return false;
}

bool terms_follow(struct relate *rel, const struct known_rule *k, const struct ir_term *terms, uint32_t n)
{
	if (!spend(rel, 1))
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (!rule_implies(rel, k, &terms[i]))
			return false;
	return true;
}

static bool rule_subset(struct relate *rel, const struct rule_info *a, const struct rule_info *b, int when)
{
	return terms_follow(rel, &a->known[when], b->when[when].terms.items, b->when[when].terms.len);
}

/* Whatever meets @r is taken by a rule of @ch before number @before. */
static bool is_taken_before(const struct chain_info *ch, uint32_t before, const struct rule_info *r, int when)
{
	for (uint32_t i = 0; i < before && ch->rel->budget; i++)
		if (rule_subset(ch->rel, r, &ch->rules[i], when))
			return true;
	return false;
}

/* Each event that comes to @r of @n comes in @o to a rule that @within accepts. */
static bool covered(const struct chain_info *n, const struct rule_info *r, const struct chain_info *o,
		    int when,
		    bool (*within)(struct relate *rel, const struct ir_rule *a, const struct ir_rule *b))
{
	for (uint32_t i = 0; i < o->nrules && spend(n->rel, 1); i++) {
		const struct rule_info *to = &o->rules[i];

		if (rules_exclude(n->rel, to, r, when))
			continue;
		if (within(n->rel, &r->when[when], &to->when[when])) {
			if (rule_subset(n->rel, r, to, when))
				return true;
		} else if (!is_taken_before(n, r->nr, to, when)) {
			return false;
		}
	}
	return false;
}

bool cover_rule(const struct chain_info *n, const struct rule_info *r, const struct chain_info *o)
{
	for (int when = 0; when < MOMENTS; when++)
		if (enforces_when(&r->when[when]) && !covered(n, r, o, when, enforces_within))
			return false;
	return true;
}

bool cover_cleanup(const struct chain_info *n, const struct chain_info *o)
{
	for (uint32_t i = 0; i < o->nrules; i++)
		for (int when = 0; when < MOMENTS; when++)
			if (cleans_up(&o->rules[i].when[when]) &&
			    !covered(o, &o->rules[i], n, when, cleanup_within))
				return false;
	return true;
}

/* Steps that it may take to compare what two policies are for. */
static uint64_t scope_steps(const struct differ *d, const struct ir_policy *a, const struct ir_policy *b)
{
	const struct ir_workload *w = d->u->workloads.items;

	return 1 + (a->scope ? workload_size(&w[a->scope - 1]) : 1) *
			   (b->scope ? workload_size(&w[b->scope - 1]) : 1);
}

bool cover_elsewhere(const struct differ *d, const struct chain_info *ch, const struct rule_info *r)
{
	const struct ir_policy *mine = &d->u->policies.items[ch->ch->policy];

	for (uint32_t i = 0; i < ch->p->chains.len; i++) {
		const struct chain_info *o = &d->chains[ch->program][i];
		const struct ir_policy *other = &d->u->policies.items[o->ch->policy];

		if (!spend(ch->rel, scope_steps(d, mine, other)))
			return false;
		if (o->is_new == ch->is_new || other->monitor || !scope_subset(d, mine, other))
			continue;
		if (cover_rule(ch, r, o))
			return true;
	}
	return false;
}
