// SPDX-License-Identifier: Apache-2.0
/*
 * decide (always): the decision graph, as the rules stand. Chains follow one another; a rule is a line of
 * tests to its FIRE, each failure leads to the next rule, the last rule's and each FIRE to the next chain.
 *
 * requires nothing
 * ensures  IR_HAS_GRAPH: node 0 is the entry, edges lead to larger numbers, every node can be reached
 * cost     linear in the terms
 */
#include "passes/internal.h"

/* Rules behind one without terms are never asked. */
static uint32_t count_rules(const struct ir_chain *ch)
{
	for (uint32_t i = 0; i < ch->rules.len; i++)
		if (!ch->rules.items[i].terms.len)
			return i + 1;
	return ch->rules.len;
}

static uint32_t chain_size(const struct ir_chain *ch)
{
	uint32_t nrules = count_rules(ch), n = nrules;

	for (uint32_t i = 0; i < nrules; i++)
		n += ch->rules.items[i].terms.len;
	return n;
}

static void decide_rule(struct tpc_ctx *c, struct ir_program *p, uint32_t chain, uint32_t rule, uint32_t end)
{
	const struct ir_rule *r = &p->chains.items[chain].rules.items[rule];
	uint32_t next_rule = p->nodes.len + r->terms.len + 1;
	const struct ir_term *t;
	struct ir_node *n;

	tpc_vec_foreach (t, &r->terms) {
		uint32_t next = p->nodes.len + 1;

		n = tpc_vec_push(c->arena, &p->nodes);
		*n = (struct ir_node){ .kind = IR_NODE_TEST, .pred = t->pred, .at = t->at };
		n->yes = t->negated ? next_rule : next;
		n->no = t->negated ? next : next_rule;
	}
	n = tpc_vec_push(c->arena, &p->nodes);
	*n = (struct ir_node){ .kind = IR_NODE_FIRE, .yes = end, .at = r->at };
	n->chain = (uint16_t)chain;
	n->rule = (uint16_t)rule;
}

static void decide_program(struct tpc_ctx *c, struct ir_program *p)
{
	for (uint32_t i = 0; i < p->chains.len; i++) {
		uint32_t end = p->nodes.len + chain_size(&p->chains.items[i]);
		uint32_t nrules = count_rules(&p->chains.items[i]);

		for (uint32_t rule = 0; rule < nrules; rule++)
			decide_rule(c, p, i, rule, end);
	}
	*tpc_vec_push(c->arena, &p->nodes) = (struct ir_node){ .kind = IR_NODE_DONE, .at = p->at };
}

void pass_decide(struct tpc_ctx *c, struct ir_unit *u)
{
	struct ir_program *p;

	tpc_vec_foreach (p, &u->programs)
		decide_program(c, p);
}
