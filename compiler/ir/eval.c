// SPDX-License-Identifier: Apache-2.0
/*
 * What the IR means, written to be obviously right rather than fast: tests hold the passes and the compiled
 * BPF against it. An absent value answers false to each predicate, so a negated term over it holds, and
 * what must not hold without a value has a PRESENT term as well.
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

static char lower(char ch)
{
	return ch >= 'A' && ch <= 'Z' ? (char)(ch - 'A' + 'a') : ch;
}

static bool contains(const struct ir_text *t, const char *s, uint32_t len, bool any_case)
{
	for (uint32_t from = 0; from + t->len <= len; from++) {
		uint32_t i = 0;

		while (i < t->len &&
		       (any_case ? lower(s[from + i]) == lower(t->s[i]) : s[from + i] == t->s[i]))
			i++;
		if (i == t->len)
			return true;
	}
	return false;
}

/* An address of the other family lies in no network: ::ffff:10.0.0.1 is not in 10.0.0.0/8, as in Tetragon. */
static bool in_net(const struct ir_net *n, const struct ir_input_value *in)
{
	const unsigned char *addr = (const unsigned char *)in->bytes;
	uint32_t whole = n->prefix / 8, rest = n->prefix % 8;

	if (in->len != n->len)
		return false;
	if (whole && memcmp(addr, n->addr, whole))
		return false;
	return !rest || !((addr[whole] ^ n->addr[whole]) >> (8 - rest));
}

static bool in_nets(const struct ir_pred *pred, const struct ir_input_value *in)
{
	const struct ir_net *n;

	tpc_vec_foreach (n, &pred->nets)
		if (in_net(n, in))
			return true;
	return false;
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
	case IR_PRED_SUBSTRING:
	case IR_PRED_SUBSTRING_CASE:
		return contains(t, s, len, kind == IR_PRED_SUBSTRING_CASE);
	default:
		return false;
	}
}

bool ir_eval_pred(const struct ir_pred *pred, const struct ir_value *v, const struct ir_input_value *in)
{
	const struct ir_text *t;

	if (in->absent)
		return false;
	if (pred->kind == IR_PRED_PRESENT)
		return true;
	if (pred->kind == IR_PRED_RANGES)
		return in_ranges(pred, v->is_signed, in->num);
	if (pred->kind == IR_PRED_MASK)
		return in->num & pred->mask;
	if (pred->kind == IR_PRED_NETS)
		return in_nets(pred, in);
	tpc_vec_foreach (t, &pred->texts)
		if (matches_text(pred->kind, t, in->bytes, in->len))
			return true;
	return false;
}

static struct ir_input_value number(uint64_t num)
{
	return (struct ir_input_value){ .num = num };
}

/* What @v is of the process itself, then of its ancestors, the parent first; false: there are no more. */
static bool value_of(const struct ir_value *v, const struct ir_input *in, uint32_t generation,
		     struct ir_input_value *ret)
{
	uint32_t older = generation + (v->source == IR_FROM_PARENT_BINARY);
	const struct ir_input_process *p;

	if (!older && v->source == IR_FROM_BINARY) {
		*ret = in->binary;
		return true;
	}
	if (older > in->ancestors.len)
		return false;
	if (!older)
		return false;
	p = &in->ancestors.items[older - 1];
	*ret = v->source == IR_FROM_PID	   ? number(p->pid) :
	       v->source == IR_FROM_NS_PID ? number(p->ns_pid) :
					     p->binary;
	return true;
}

static bool is_binary(const struct ir_value *v)
{
	return v->source == IR_FROM_BINARY || v->source == IR_FROM_PARENT_BINARY;
}

/* About the process, and with descent about its ancestors: one that answers is enough. */
static bool eval_process(const struct ir_pred *pred, const struct ir_value *v, uint16_t nr,
			 const struct ir_input *in)
{
	struct ir_input_value one;
	uint32_t generation = 0;

	if (!is_binary(v)) {
		if (ir_eval_pred(pred, v, &in->values[nr]))
			return true;
		generation = 1;
	}
	do {
		if (!value_of(v, in, generation, &one))
			return false;
		if (ir_eval_pred(pred, v, &one))
			return true;
	} while (v->descent && ++generation);
	return false;
}

static bool eval_namespace(const struct ir_pred *pred, const struct ir_value *v,
			   const struct ir_input_value *in, const uint32_t *host)
{
	if (in->absent)
		return false;
	return in_ranges(pred, false, in->num) ||
	       (pred->host && v->index < IR_NAMESPACES_MAX && in->num == host[v->index]);
}

/* A variable that could not be read makes no comparison true. */
static bool eval_expr(const struct ir_expr *e, const struct ir_input *in)
{
	uint64_t vars[IR_EXPR_VARS_MAX] = { 0 };

	for (uint32_t i = 0; i < e->vars.len && i < IR_EXPR_VARS_MAX; i++) {
		const struct ir_input_value *v = &in->values[e->vars.items[i]];

		if (v->absent)
			return false;
		vars[i] = v->num;
	}
	return cel_eval(e->tree, vars);
}

static bool eval_pred(const struct ir_unit *u, const struct ir_program *p, uint16_t nr,
		      const struct ir_input *in)
{
	const struct ir_pred *pred = &p->preds.items[nr];
	const struct ir_value *v = &p->values.items[pred->value];

	switch (pred->kind) {
	case IR_PRED_NAMESPACE:
		return eval_namespace(pred, v, &in->values[pred->value], in->host_ns);
	case IR_PRED_WORKLOAD:
		return ir_eval_workload(&u->workloads.items[pred->workload], &in->workload);
	case IR_PRED_EXPR:
		return eval_expr(pred->expr, in);
	default:
		break;
	}
	if (v->descent || is_binary(v))
		return eval_process(pred, v, pred->value, in);
	return ir_eval_pred(pred, v, &in->values[pred->value]);
}

static bool terms_hold(const struct ir_unit *u, const struct ir_program *p, const struct ir_term *terms,
		       uint32_t n, const struct ir_input *in)
{
	for (uint32_t i = 0; i < n; i++)
		if (eval_pred(u, p, terms[i].pred, in) == terms[i].negated)
			return false;
	return true;
}

/* ---- workloads ---- */
static const char *label_value(const struct ir_input_label *labels, uint32_t n, const char *key)
{
	for (uint32_t i = 0; i < n; i++)
		if (!strcmp(labels[i].key, key))
			return labels[i].value;
	return NULL;
}

static bool has_value(const struct ir_label_req *r, const char *value)
{
	for (uint32_t i = 0; i < r->values.len; i++)
		if (!strcmp(r->values.items[i], value))
			return true;
	return false;
}

/* Kubernetes' rules: NotIn holds where there is no such label. */
static bool labels_match(const struct ir_labels *l, const struct ir_input_label *labels, uint32_t n)
{
	const struct ir_label_req *r;

	tpc_vec_foreach (r, &l->reqs) {
		const char *value = label_value(labels, n, r->key);
		bool in = value && has_value(r, value);

		if (r->op == IR_LABEL_IN     ? !in :
		    r->op == IR_LABEL_NOT_IN ? in :
					       (value != NULL) != (r->op == IR_LABEL_EXISTS))
			return false;
	}
	return true;
}

bool ir_eval_workload(const struct ir_workload *w, const struct ir_input_workload *in)
{
	if (in->host)
		return w->host;
	return w->pods && (!w->ns || (in->ns && !strcmp(w->ns, in->ns))) &&
	       labels_match(&w->pod, in->pod.items, in->pod.len) &&
	       labels_match(&w->container, in->container.items, in->container.len);
}

/* A policy that is not for the workload does nothing, whatever its rules say. */
static bool in_scope(const struct ir_unit *u, const struct ir_chain *ch, const struct ir_input *in)
{
	uint32_t scope = ch->policy < u->policies.len ? u->policies.items[ch->policy].scope : 0;

	return !scope || ir_eval_workload(&u->workloads.items[scope - 1], &in->workload);
}

/* ---- verdicts ---- */
static void fire(const struct ir_chain *ch, uint32_t rule, struct ir_verdict *ret)
{
	*ret = (struct ir_verdict){ .fired = true, .rule = rule, .selector = ch->rules.items[rule].selector };
}

static void eval_chain(const struct ir_unit *u, const struct ir_program *p, const struct ir_chain *ch,
		       const struct ir_input *in, bool at_return, struct ir_verdict *ret)
{
	for (uint32_t i = 0; i < ch->rules.len; i++) {
		const struct ir_rule *r = &ch->rules.items[i];

		if (!terms_hold(u, p, r->terms.items, r->terms.len, in) ||
		    (at_return && !terms_hold(u, p, r->return_terms.items, r->return_terms.len, in)))
			continue;
		fire(ch, i, ret);
		return;
	}
}

/* Successors have larger numbers, so the walk ends. */
static void eval_graph(const struct ir_unit *u, const struct ir_program *p, const struct ir_input *in,
		       struct ir_verdict *ret)
{
	const struct ir_node *n = &p->nodes.items[0];

	while (n->kind != IR_NODE_DONE) {
		uint32_t next = n->yes;

		if (n->kind == IR_NODE_FIRE)
			fire(&p->chains.items[n->chain], n->rule, &ret[n->chain]);
		else if (!eval_pred(u, p, n->pred, in))
			next = n->no;
		n = &p->nodes.items[next];
	}
}

static void eval_all(const struct ir_unit *u, const struct ir_program *p, const struct ir_input *in,
		     bool at_return, struct ir_verdict *ret)
{
	for (uint32_t i = 0; i < p->chains.len; i++)
		ret[i] = (struct ir_verdict){ 0 };
	if (p->nodes.len && !at_return)
		eval_graph(u, p, in, ret);
	else
		for (uint32_t i = 0; i < p->chains.len; i++)
			eval_chain(u, p, &p->chains.items[i], in, at_return, &ret[i]);
	for (uint32_t i = 0; i < p->chains.len; i++)
		if (!in_scope(u, &p->chains.items[i], in))
			ret[i] = (struct ir_verdict){ 0 };
}

void ir_eval(const struct ir_unit *u, const struct ir_program *p, const struct ir_input *in,
	     struct ir_verdict *ret)
{
	eval_all(u, p, in, false, ret);
}

void ir_eval_return(const struct ir_unit *u, const struct ir_program *p, const struct ir_input *in,
		    struct ir_verdict *ret)
{
	eval_all(u, p, in, true, ret);
}
