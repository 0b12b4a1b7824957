// SPDX-License-Identifier: Apache-2.0
/* The checker's half about values and predicates: kinds that fit, canonical forms where they are promised. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ir/check.h"
#include "ir/text.h"

static bool check_source(struct check *k, const struct ir_value *v, uint32_t nr)
{
	switch (v->source) {
	case IR_FROM_ARG:
		if (k->p->kind == IR_TRACEPOINT || v->index > 5)
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
		if (v->type != IR_PATH)
			return check_broken(k, "value %" PRIu32 " is an executable and no path", nr);
		return true;
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

	if (has_place != (v->source != IR_FROM_BINARY))
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
	if ((pred->binding == IR_AT_EXEC) != (v->source == IR_FROM_BINARY))
		return check_broken(k, "predicate %" PRIu32 ": what is known at exec is the executable", nr);
	if (pred->binding != IR_AT_EXEC || !hoisted) {
		if (pred->task_bit != -1)
			return check_broken(k, "predicate %" PRIu32 " has a task bit and should not", nr);
		return true;
	}
	if (pred->task_bit < 0 || (uint32_t)pred->task_bit >= k->u->exec_tests.len)
		return check_broken(k, "predicate %" PRIu32 " has no exec test", nr);
	e = &k->u->exec_tests.items[pred->task_bit];
	if (e->kind != pred->kind ||
	    !ir_texts_equal(e->texts.items, e->texts.len, pred->texts.items, pred->texts.len))
		return check_broken(k, "predicate %" PRIu32 " asks something else than its exec test", nr);
	return true;
}

static bool check_content(struct check *k, const struct ir_pred *pred, const struct ir_value *v, uint32_t nr)
{
	bool number = pred->kind == IR_PRED_RANGES || pred->kind == IR_PRED_MASK;

	if (pred->kind >= IR_PRED_MAX)
		return check_broken(k, "predicate %" PRIu32 " of unknown kind %d", nr, pred->kind);
	if (v->type == IR_NOP || number != (v->type == IR_INT))
		return check_broken(k, "predicate %" PRIu32 " does not fit the type of value %d", nr,
				    pred->value);
	if (!CHECK_VEC(&pred->ranges) || !CHECK_VEC(&pred->texts))
		return check_broken(k, "predicate %" PRIu32 ": a list has no items", nr);
	if (pred->kind != IR_PRED_RANGES && pred->ranges.len)
		return check_broken(k, "predicate %" PRIu32 " has ranges and does not ask for them", nr);
	if (number && pred->texts.len)
		return check_broken(k, "predicate %" PRIu32 " has texts and does not ask for them", nr);
	if (number)
		return check_ranges(k, pred, v->is_signed, nr);
	return check_texts(k, pred->kind, pred->texts.items, pred->texts.len);
}

static int compare_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_content(const struct ir_pred *a, const struct ir_pred *b)
{
	int r = compare_u64(a->mask, b->mask);

	if (!r)
		r = compare_u64(a->ranges.len, b->ranges.len);
	if (!r)
		r = compare_u64(a->texts.len, b->texts.len);
	for (uint32_t i = 0; !r && i < a->ranges.len; i++) {
		r = compare_u64(a->ranges.items[i].lo, b->ranges.items[i].lo);
		if (!r)
			r = compare_u64(a->ranges.items[i].hi, b->ranges.items[i].hi);
	}
	for (uint32_t i = 0; !r && i < a->texts.len; i++)
		r = ir_text_compare(&a->texts.items[i], &b->texts.items[i]);
	return r;
}

int check_compare_preds(const struct ir_pred *a, const struct ir_pred *b)
{
	int r = compare_u64(a->kind, b->kind);

	if (!r)
		r = compare_u64(a->value, b->value);
	return r ? r : compare_content(a, b);
}

static int compare_pred_pointers(const void *pa, const void *pb)
{
	return check_compare_preds(*(const struct ir_pred *const *)pa, *(const struct ir_pred *const *)pb);
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
		if (!check_compare_preds(order[i - 1], order[i]))
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
