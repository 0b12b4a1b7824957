// SPDX-License-Identifier: Apache-2.0
/*
 * What the IR means, written to be obviously right rather than fast: tests hold the passes and the compiled
 * BPF against it. An absent value answers false to each predicate, so a negated term over it holds.
 */
#include <string.h>

#include "ir/ir.h"

static bool is_less(uint64_t a, uint64_t b, bool is_signed)
{
	return is_signed ? (int64_t)a < (int64_t)b : a < b;
}

static bool in_ranges(const struct ir_pred *pred, bool is_signed, uint64_t num)
{
	const struct ir_range *r;

	tpc_vec_foreach (r, &pred->ranges)
		if (!is_less(num, r->lo, is_signed) && !is_less(r->hi, num, is_signed))
			return true;
	return false;
}

static bool same_bytes(const char *a, const char *b, size_t len)
{
	return !len || !memcmp(a, b, len);
}

static bool matches_text(enum ir_pred_kind kind, const struct ir_text *t, const char *s, uint32_t len)
{
	if (len < t->len)
		return false;
	switch (kind) {
	case IR_PRED_EQUAL:
		return len == t->len && same_bytes(s, t->s, len);
	case IR_PRED_PREFIX:
		return same_bytes(s, t->s, t->len);
	case IR_PRED_POSTFIX:
		return !t->len || same_bytes(s + (len - t->len), t->s, t->len);
	default:
		return false;
	}
}

bool ir_eval_pred(const struct ir_pred *pred, const struct ir_value *v, const struct ir_input_value *in)
{
	const struct ir_text *t;

	if (in->absent)
		return false;
	if (pred->kind == IR_PRED_RANGES)
		return in_ranges(pred, v->is_signed, in->num);
	if (pred->kind == IR_PRED_MASK)
		return in->num & pred->mask;
	tpc_vec_foreach (t, &pred->texts)
		if (matches_text(pred->kind, t, in->bytes, in->len))
			return true;
	return false;
}

static bool eval_pred(const struct ir_program *p, uint16_t nr, const struct ir_input *in)
{
	const struct ir_pred *pred = &p->preds.items[nr];
	const struct ir_value *v = &p->values.items[pred->value];
	bool binary = v->source == IR_FROM_BINARY;

	return ir_eval_pred(pred, v, binary ? &in->binary : &in->values[pred->value]);
}

static bool rule_holds(const struct ir_program *p, const struct ir_rule *r, const struct ir_input *in)
{
	const struct ir_term *t;

	tpc_vec_foreach (t, &r->terms)
		if (eval_pred(p, t->pred, in) == t->negated)
			return false;
	return true;
}

static void fire(const struct ir_chain *ch, uint32_t rule, struct ir_verdict *ret)
{
	*ret = (struct ir_verdict){ .fired = true, .rule = rule, .selector = ch->rules.items[rule].selector };
}

static void eval_chain(const struct ir_program *p, const struct ir_chain *ch, const struct ir_input *in,
		       struct ir_verdict *ret)
{
	for (uint32_t i = 0; i < ch->rules.len; i++) {
		if (rule_holds(p, &ch->rules.items[i], in)) {
			fire(ch, i, ret);
			return;
		}
	}
}

/* Successors have larger numbers, so the walk ends. */
static void eval_graph(const struct ir_program *p, const struct ir_input *in, struct ir_verdict *ret)
{
	const struct ir_node *n = &p->nodes.items[0];

	while (n->kind != IR_NODE_DONE) {
		uint32_t next = n->yes;

		if (n->kind == IR_NODE_FIRE)
			fire(&p->chains.items[n->chain], n->rule, &ret[n->chain]);
		else if (!eval_pred(p, n->pred, in))
			next = n->no;
		n = &p->nodes.items[next];
	}
}

void ir_eval(const struct ir_unit *u, const struct ir_program *p, const struct ir_input *in,
	     struct ir_verdict *ret)
{
	(void)u;
	for (uint32_t i = 0; i < p->chains.len; i++)
		ret[i] = (struct ir_verdict){ 0 };
	if (p->nodes.len) {
		eval_graph(p, in, ret);
		return;
	}
	for (uint32_t i = 0; i < p->chains.len; i++)
		eval_chain(p, &p->chains.items[i], in, &ret[i]);
}
