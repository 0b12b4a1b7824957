// SPDX-License-Identifier: Apache-2.0
/* The checker's half about values and predicates: kinds that fit, canonical forms where they are promised. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ir/check.h"
#include "ir/text.h"

/* A facet is of a value that stands before it, so that there is no ring. */
static bool check_facet(struct check *k, const struct ir_value *v, uint32_t nr)
{
	bool address = v->facet == IR_FACET_SADDR || v->facet == IR_FACET_DADDR;

	if (v->facet == IR_FACET_NONE || v->facet >= IR_FACET_MAX)
		return check_broken(k, "value %" PRIu32 " is no facet", nr);
	if (v->base >= nr || (v->facet == IR_FACET_GAINED && v->base2 >= nr))
		return check_broken(k, "value %" PRIu32 " is a facet of what does not stand before it", nr);
	if (v->type != (address ? IR_ADDR : IR_INT))
		return check_broken(k, "value %" PRIu32 " has another type than its facet", nr);
	return true;
}

/* Numbers of kinds index the host's namespaces and the task's sets. */
static bool check_kind(struct check *k, const struct ir_value *v, uint32_t nr)
{
	bool caps = v->source == IR_FROM_CAPS || v->source == IR_FROM_CAP_CHANGES;

	if (v->type != IR_INT)
		return check_broken(k, "value %" PRIu32 " is of the process and no integer", nr);
	if ((caps && v->index >= IR_CAPS_MAX) ||
	    (v->source == IR_FROM_NAMESPACE && v->index >= IR_NAMESPACES_MAX))
		return check_broken(k, "value %" PRIu32 " is of unknown kind %d", nr, v->index);
	return true;
}

static bool has_ancestors(enum ir_source s)
{
	return s == IR_FROM_PID || s == IR_FROM_NS_PID || s == IR_FROM_BINARY || s == IR_FROM_PARENT_BINARY;
}

static bool check_source(struct check *k, const struct ir_value *v, uint32_t nr)
{
	if (v->in_memory && (v->type != IR_INT || v->source != IR_FROM_ARG))
		return check_broken(k, "value %" PRIu32 " is in memory and no integer argument", nr);
	if (v->descent && !has_ancestors(v->source))
		return check_broken(k, "value %" PRIu32 " is nothing that ancestors have", nr);
	switch (v->source) {
	case IR_FROM_ARG:
		if (k->p->kind == IR_TRACEPOINT || v->index >= IR_ARGS_MAX)
			return check_broken(k, "value %" PRIu32 " is no argument of this hook", nr);
		return true;
	case IR_FROM_FIELD:
		if (k->p->kind != IR_TRACEPOINT)
			return check_broken(k, "value %" PRIu32 " is a field, but this is no tracepoint", nr);
		return true;
	case IR_FROM_PID:
		if (v->type != IR_INT)
			return check_broken(k, "value %" PRIu32 " is a process number and no integer", nr);
		return true;
	case IR_FROM_BINARY:
	case IR_FROM_PARENT_BINARY:
		if (v->type != IR_PATH)
			return check_broken(k, "value %" PRIu32 " is an executable and no path", nr);
		return true;
	case IR_FROM_NS_PID:
	case IR_FROM_NAMESPACE:
	case IR_FROM_NS_CHANGES:
	case IR_FROM_CAPS:
	case IR_FROM_CAP_CHANGES:
		return check_kind(k, v, nr);
	case IR_FROM_WORKLOAD:
		return v->type == IR_WORKLOAD ||
		       check_broken(k, "value %" PRIu32 " is a workload and says otherwise", nr);
	case IR_FROM_RETURN:
		return true;
	case IR_FROM_TASK:
		return v->resolve || check_broken(k, "value %" PRIu32 " is nothing of the task", nr);
	case IR_FROM_REG:
		return v->reg || check_broken(k, "value %" PRIu32 " is in no register", nr);
	case IR_FROM_VALUE:
		return check_facet(k, v, nr);
	default:
		return check_broken(k, "value %" PRIu32 " comes from nowhere", nr);
	}
}

static bool check_size_value(struct check *k, const struct ir_value *v, uint32_t nr)
{
	if (v->size_value == -1)
		return true;
	if (v->size_value < 0 || (uint32_t)v->size_value >= k->p->values.len ||
	    k->p->values.items[v->size_value].type != IR_INT)
		return check_broken(k, "value %" PRIu32 " has value %d as its size, which is no integer", nr,
				    v->size_value);
	return true;
}

static bool check_path(struct check *k, const struct ir_value *v, uint32_t nr)
{
	bool has_place = v->path_from > IR_PATH_NONE && v->path_from < IR_PATH_FROM_MAX;

	bool binary = v->source == IR_FROM_BINARY || v->source == IR_FROM_PARENT_BINARY;

	if (has_place == binary)
		return check_broken(k, "value %" PRIu32 " does not say where its path is", nr);
	return true;
}

static bool check_value(struct check *k, const struct ir_value *v, uint32_t nr)
{
	if (!check_source(k, v, nr))
		return false;
	if (v->type != IR_PATH && v->path_from != IR_PATH_NONE)
		return check_broken(k, "value %" PRIu32 " is no path but has a place of one", nr);
	switch (v->type) {
	case IR_NOP:
		return true;
	case IR_INT:
		if (v->size != 1 && v->size != 2 && v->size != 4 && v->size != 8)
			return check_broken(k, "value %" PRIu32 " is an integer of %d bytes", nr, v->size);
		return true;
	case IR_BYTES:
		if (!check_size_value(k, v, nr))
			return false;
		/* fallthrough */
	case IR_STRING:
		if (!v->max)
			return check_broken(k, "value %" PRIu32 " reads at most nothing", nr);
		return true;
	case IR_PATH:
		return check_path(k, v, nr);
	case IR_SOCKET:
	case IR_ADDR:
	case IR_SHOWN:
	case IR_WORKLOAD:
		return true;
	default:
		return check_broken(k, "value %" PRIu32 " has unknown type %d", nr, v->type);
	}
}

bool check_values(struct check *k)
{
	if (k->p->values.len > INT16_MAX)
		return check_broken(k, "more values than can be numbered");
	for (uint32_t i = 0; i < k->p->values.len; i++)
		if (!check_value(k, &k->p->values.items[i], i))
			return false;
	return true;
}

static bool is_less(uint64_t a, uint64_t b, bool is_signed)
{
	return is_signed ? (int64_t)a < (int64_t)b : a < b;
}

static bool check_ranges(struct check *k, const struct ir_pred *pred, bool is_signed, uint32_t nr)
{
	const struct ir_range *r = pred->ranges.items;

	for (uint32_t i = 0; i < pred->ranges.len; i++) {
		if (is_less(r[i].hi, r[i].lo, is_signed))
			return check_broken(k, "predicate %" PRIu32 ": range %" PRIu32 " is upside down", nr,
					    i);
		if (!i || !(k->have & IR_HAS_FOLDED))
			continue;
		if (!is_less(r[i - 1].hi, r[i].lo, is_signed) || r[i - 1].hi + 1 == r[i].lo)
			return check_broken(k, "predicate %" PRIu32 ": ranges are not folded", nr);
	}
	return true;
}

/* Implied: equal, or for prefixes and postfixes also an extension of another. */
static bool implies(enum ir_pred_kind kind, const struct ir_text *shorter, const struct ir_text *longer)
{
	if (shorter->len > longer->len || (kind == IR_PRED_EQUAL && shorter->len != longer->len))
		return false;
	if (kind == IR_PRED_POSTFIX)
		return !memcmp(shorter->s, longer->s + (longer->len - shorter->len), shorter->len);
	return !memcmp(shorter->s, longer->s, shorter->len);
}

static int compare_reversed(const void *pa, const void *pb)
{
	return ir_text_compare_reversed(*(const struct ir_text *const *)pa,
					*(const struct ir_text *const *)pb);
}

/*
 * In sorted order all texts that begin with another one follow it directly, so looking at neighbours is
 * enough; for postfixes the order must be that of the reversed texts.
 */
static bool texts_canonical(struct check *k, enum ir_pred_kind kind, const struct ir_text *t, uint32_t n)
{
	const struct ir_text **order = tpc_new_array(k->c->arena, const struct ir_text *, n);

	for (uint32_t i = 0; i < n; i++) {
		if (i && ir_text_compare(&t[i - 1], &t[i]) >= 0)
			return false;
		order[i] = &t[i];
	}
	if (kind == IR_PRED_POSTFIX && n)
		qsort(order, n, sizeof(*order), compare_reversed);
	for (uint32_t i = 1; i < n; i++)
		if (implies(kind, order[i - 1], order[i]))
			return false;
	return true;
}

bool check_texts(struct check *k, enum ir_pred_kind kind, const struct ir_text *t, uint32_t n)
{
	if (!n)
		return check_broken(k, "a text predicate has no texts");
	for (uint32_t i = 0; i < n; i++) {
		if (!t[i].s)
			return check_broken(k, "text %" PRIu32 " of a predicate is missing", i);
		if (t[i].len > IR_TEXT_MAX)
			return check_broken(k, "text %" PRIu32 " of a predicate is too long", i);
		if (memchr(t[i].s, 0, t[i].len) || t[i].s[t[i].len])
			return check_broken(k, "text %" PRIu32 " of a predicate does not end where it says",
					    i);
	}
	if ((k->have & IR_HAS_UNIQUE) && !texts_canonical(k, kind, t, n))
		return check_broken(k, "the texts of a predicate are not sorted or say something twice");
	return true;
}

static bool check_binding(struct check *k, const struct ir_pred *pred, const struct ir_value *v, uint32_t nr)
{
	bool hoisted = k->have & IR_HAS_HOISTED;
	const struct ir_exec_test *e;

	if (pred->binding > IR_AT_EVENT)
		return check_broken(k, "predicate %" PRIu32 " has unknown binding %d", nr, pred->binding);
	if ((pred->binding == IR_AT_EXEC) !=
	    (v->source == IR_FROM_BINARY || v->source == IR_FROM_PARENT_BINARY))
		return check_broken(k, "predicate %" PRIu32 ": what is known at exec is the executable", nr);
	if (pred->binding != IR_AT_EXEC || !hoisted) {
		if (pred->task_bit != -1)
			return check_broken(k, "predicate %" PRIu32 " has a task bit and should not", nr);
		return true;
	}
	if (pred->task_bit < 0 || (uint32_t)pred->task_bit >= k->u->exec_tests.len)
		return check_broken(k, "predicate %" PRIu32 " has no exec test", nr);
	e = &k->u->exec_tests.items[pred->task_bit];
	if (e->kind != pred->kind || e->source != v->source || e->descent != v->descent ||
	    !ir_texts_equal(e->texts.items, e->texts.len, pred->texts.items, pred->texts.len))
		return check_broken(k, "predicate %" PRIu32 " asks something else than its exec test", nr);
	return true;
}

static bool is_text(enum ir_type t)
{
	return t == IR_STRING || t == IR_BYTES || t == IR_PATH;
}

/* As "dedupe" leaves them: what lies inside another one would follow it directly. */
static bool nets_canonical(const struct ir_pred *pred)
{
	const struct ir_net *n = pred->nets.items;

	for (uint32_t i = 1; i < pred->nets.len; i++)
		if (ir_net_compare(&n[i - 1], &n[i]) >= 0 || ir_net_inside(&n[i - 1], &n[i]))
			return false;
	return true;
}

static bool check_nets(struct check *k, const struct ir_pred *pred, uint32_t nr)
{
	const struct ir_net *n;

	if (!pred->nets.len)
		return check_broken(k, "predicate %" PRIu32 " names no network", nr);
	tpc_vec_foreach (n, &pred->nets) {
		if ((n->len != 4 && n->len != 16) || n->prefix > n->len * 8)
			return check_broken(k, "predicate %" PRIu32 " has a network of %d bits", nr,
					    n->prefix);
		for (uint32_t bit = n->prefix; bit < sizeof(n->addr) * 8; bit++)
			if (n->addr[bit / 8] & (0x80 >> bit % 8))
				return check_broken(k, "predicate %" PRIu32 " has bits behind a prefix", nr);
	}
	if ((k->have & IR_HAS_UNIQUE) && !nets_canonical(pred))
		return check_broken(
			k, "the networks of predicate %" PRIu32 " are not sorted or lie inside another", nr);
	return true;
}

/* Trees have a bounded depth (CEL_DEPTH_MAX); one that has not is as broken as one with a wrong variable. */
static bool tree_fits(const struct cel_node *n, uint32_t nvars, uint32_t depth)
{
	if (!n)
		return true;
	if (depth > CEL_DEPTH_MAX || n->op >= CEL_OP_MAX || (n->op == CEL_VAR && n->var >= nvars))
		return false;
	return tree_fits(n->a, nvars, depth + 1) && tree_fits(n->b, nvars, depth + 1);
}

/* Of a process and its ancestors there is not one number to calculate with. */
static bool is_variable(const struct ir_value *v)
{
	return v->type == IR_INT && !v->descent;
}

static bool check_expr(struct check *k, const struct ir_pred *pred, uint32_t nr)
{
	const struct ir_expr *e = pred->expr;

	if (!e || !e->tree || !e->text || !CHECK_VEC(&e->vars) || e->vars.len > IR_EXPR_VARS_MAX)
		return check_broken(k, "predicate %" PRIu32 " is no expression", nr);
	if (!e->vars.len || e->vars.items[0] != pred->value)
		return check_broken(k, "predicate %" PRIu32 " does not ask about its first variable", nr);
	for (uint32_t i = 0; i < e->vars.len; i++)
		if (e->vars.items[i] >= k->p->values.len ||
		    !is_variable(&k->p->values.items[e->vars.items[i]]))
			return check_broken(k, "predicate %" PRIu32 ": variable %" PRIu32 " is no integer",
					    nr, i);
	if (!tree_fits(e->tree, e->vars.len, 1))
		return check_broken(k, "predicate %" PRIu32 " has a variable that is none", nr);
	return true;
}

/* Does the kind of question fit the type of the value? */
static bool fits(const struct ir_pred *pred, const struct ir_value *v)
{
	switch (pred->kind) {
	case IR_PRED_RANGES:
	case IR_PRED_MASK:
	case IR_PRED_EXPR:
		return v->type == IR_INT;
	case IR_PRED_EQUAL:
	case IR_PRED_PREFIX:
	case IR_PRED_POSTFIX:
	case IR_PRED_SUBSTRING:
	case IR_PRED_SUBSTRING_CASE:
		return is_text(v->type);
	case IR_PRED_NETS:
		return v->type == IR_ADDR;
	case IR_PRED_NAMESPACE:
		return v->source == IR_FROM_NAMESPACE;
	case IR_PRED_WORKLOAD:
		return v->type == IR_WORKLOAD;
	case IR_PRED_PRESENT:
		return (v->type == IR_INT || v->type == IR_ADDR || is_text(v->type)) &&
		       !has_ancestors(v->source);
	default:
		return false;
	}
}

/* What a kind does not ask with is empty, so that equal questions look equal. */
static bool check_operands(struct check *k, const struct ir_pred *pred, uint32_t nr)
{
	bool ranges = pred->kind == IR_PRED_RANGES || pred->kind == IR_PRED_NAMESPACE;

	if (!CHECK_VEC(&pred->ranges) || !CHECK_VEC(&pred->texts) || !CHECK_VEC(&pred->nets))
		return check_broken(k, "predicate %" PRIu32 ": a list has no items", nr);
	if (!ranges && pred->ranges.len)
		return check_broken(k, "predicate %" PRIu32 " has ranges and does not ask for them", nr);
	if (pred->kind != IR_PRED_NETS && pred->nets.len)
		return check_broken(k, "predicate %" PRIu32 " has networks and does not ask for them", nr);
	if (pred->kind != IR_PRED_EXPR && pred->expr)
		return check_broken(k, "predicate %" PRIu32 " has an expression and does not ask for it", nr);
	if (pred->kind != IR_PRED_NAMESPACE && pred->host)
		return check_broken(k, "predicate %" PRIu32 " asks for the host's namespace", nr);
	if (pred->kind != IR_PRED_WORKLOAD && pred->workload)
		return check_broken(k, "predicate %" PRIu32 " has a workload and does not ask for it", nr);
	if (pred->kind != IR_PRED_MASK && pred->mask)
		return check_broken(k, "predicate %" PRIu32 " has a mask and does not ask for it", nr);
	return true;
}

static bool check_content(struct check *k, const struct ir_pred *pred, const struct ir_value *v, uint32_t nr)
{
	if (pred->kind >= IR_PRED_MAX)
		return check_broken(k, "predicate %" PRIu32 " of unknown kind %d", nr, pred->kind);
	if (!fits(pred, v))
		return check_broken(k, "predicate %" PRIu32 " does not fit the type of value %d", nr,
				    pred->value);
	if (!check_operands(k, pred, nr))
		return false;
	if (is_text(v->type) && pred->kind != IR_PRED_PRESENT)
		return check_texts(k, pred->kind, pred->texts.items, pred->texts.len);
	if (pred->texts.len)
		return check_broken(k, "predicate %" PRIu32 " has texts and does not ask for them", nr);
	switch (pred->kind) {
	case IR_PRED_NETS:
		return check_nets(k, pred, nr);
	case IR_PRED_EXPR:
		return check_expr(k, pred, nr);
	case IR_PRED_NAMESPACE:
		if (!pred->host && !pred->ranges.len)
			return check_broken(k, "predicate %" PRIu32 " asks for no namespace", nr);
		return check_ranges(k, pred, false, nr);
	case IR_PRED_WORKLOAD:
		return pred->workload < k->u->workloads.len ||
		       check_broken(k, "predicate %" PRIu32 " asks for workload %" PRIu32 " of %" PRIu32, nr,
				    pred->workload, k->u->workloads.len);
	default:
		return check_ranges(k, pred, v->is_signed, nr);
	}
}

static bool is_of_return(const struct ir_program *p, uint32_t value)
{
	const struct ir_value *v = &p->values.items[value];

	while (v->source == IR_FROM_VALUE)
		v = &p->values.items[v->base]; /* stands before it */
	return v->source == IR_FROM_RETURN;
}

bool check_asks_return(const struct check *k, uint16_t nr)
{
	const struct ir_pred *pred = &k->p->preds.items[nr];

	for (uint32_t i = 0; pred->expr && i < pred->expr->vars.len; i++)
		if (is_of_return(k->p, pred->expr->vars.items[i]))
			return true;
	return is_of_return(k->p, pred->value);
}

static int compare_pred_pointers(const void *pa, const void *pb)
{
	return ir_pred_compare(*(const struct ir_pred *const *)pa, *(const struct ir_pred *const *)pb);
}

static bool check_unique(struct check *k)
{
	uint32_t n = k->p->preds.len;
	const struct ir_pred **order = tpc_new_array(k->c->arena, const struct ir_pred *, n);

	for (uint32_t i = 0; i < n; i++)
		order[i] = &k->p->preds.items[i];
	if (n)
		qsort(order, n, sizeof(*order), compare_pred_pointers);
	for (uint32_t i = 1; i < n; i++)
		if (!ir_pred_compare(order[i - 1], order[i]))
			return check_broken(k, "predicates %td and %td ask the same",
					    order[i - 1] - k->p->preds.items, order[i] - k->p->preds.items);
	return true;
}

bool check_preds(struct check *k)
{
	if (k->p->preds.len > UINT16_MAX)
		return check_broken(k, "more predicates than a term can name");
	for (uint32_t i = 0; i < k->p->preds.len; i++) {
		const struct ir_pred *pred = &k->p->preds.items[i];

		if (pred->value >= k->p->values.len)
			return check_broken(k, "predicate %" PRIu32 " asks about value %d of %" PRIu32, i,
					    pred->value, k->p->values.len);
		if (!check_content(k, pred, &k->p->values.items[pred->value], i))
			return false;
		if (!check_binding(k, pred, &k->p->values.items[pred->value], i))
			return false;
		if ((k->have & IR_HAS_ORDERED) && !pred->cost)
			return check_broken(k, "predicate %" PRIu32 " has no cost", i);
	}
	return !(k->have & IR_HAS_UNIQUE) || check_unique(k);
}
