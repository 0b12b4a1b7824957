// SPDX-License-Identifier: Apache-2.0
/*
 * Sets of texts. Sorted by bytes, all texts that begin with a text follow it directly; for postfixes the
 * same holds in the order of the reversed texts. So one look at the neighbour finds what is implied.
 */
#include <stdlib.h>
#include <string.h>

#include "ir/text.h"
#include "passes/internal.h"

/* Ties are broken by the place in the policy: which of two equal texts stays must not depend on qsort(). */
static int by_place(const struct ir_text *a, const struct ir_text *b)
{
	if (a->at.file != b->at.file)
		return a->at.file < b->at.file ? -1 : 1;
	return (a->at.off > b->at.off) - (a->at.off < b->at.off);
}

static int compare(const void *pa, const void *pb)
{
	int r = ir_text_compare(pa, pb);

	return r ? r : by_place(pa, pb);
}

static int compare_reversed(const void *pa, const void *pb)
{
	int r = ir_text_compare_reversed(pa, pb);

	return r ? r : by_place(pa, pb);
}

static bool implies(enum ir_pred_kind kind, const struct ir_text *a, const struct ir_text *b)
{
	if (a->len > b->len || (kind == IR_PRED_EQUAL && a->len != b->len))
		return false;
	if (!a->len)
		return true;
	return !memcmp(a->s, kind == IR_PRED_POSTFIX ? b->s + (b->len - a->len) : b->s, a->len);
}

uint32_t texts_canon(enum ir_pred_kind kind, struct ir_text *t, uint32_t n)
{
	uint32_t len = 0;

	if (!n)
		return 0;
	qsort(t, n, sizeof(*t), kind == IR_PRED_POSTFIX ? compare_reversed : compare);
	for (uint32_t i = 0; i < n; i++)
		if (!len || !implies(kind, &t[len - 1], &t[i]))
			t[len++] = t[i];
	if (kind == IR_PRED_POSTFIX)
		qsort(t, len, sizeof(*t), compare);
	return len;
}

static bool find(const struct ir_text *set, uint32_t n, const char *s, uint32_t len)
{
	const struct ir_text want = { .s = s, .len = len };
	uint32_t lo = 0, hi = n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int r = ir_text_compare(&set[mid], &want);

		if (!r)
			return true;
		if (r < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

static bool contains(const struct ir_text *t, const struct ir_text *part)
{
	return !part->len || memmem(t->s, t->len, part->s, part->len);
}

static char lower(char ch)
{
	return ch >= 'A' && ch <= 'Z' ? (char)(ch - 'A' + 'a') : ch;
}

static bool contains_any_case(const struct ir_text *t, const struct ir_text *part)
{
	for (uint32_t from = 0; from + part->len <= t->len; from++) {
		uint32_t i = 0;

		while (i < part->len && lower(t->s[from + i]) == lower(part->s[i]))
			i++;
		if (i == part->len)
			return true;
	}
	return false;
}

bool texts_match(enum ir_pred_kind kind, const struct ir_text *set, uint32_t n, const struct ir_text *t)
{
	switch (kind) {
	case IR_PRED_EQUAL:
		return find(set, n, t->s, t->len);
	case IR_PRED_PREFIX:
		for (uint32_t len = 0; len <= t->len; len++)
			if (find(set, n, t->s, len))
				return true;
		return false;
	case IR_PRED_POSTFIX:
		for (uint32_t len = 0; len <= t->len; len++)
			if (find(set, n, t->s + (t->len - len), len))
				return true;
		return false;
	case IR_PRED_SUBSTRING:
		for (uint32_t i = 0; i < n; i++)
			if (contains(t, &set[i]))
				return true;
		return false;
	case IR_PRED_SUBSTRING_CASE:
		for (uint32_t i = 0; i < n; i++)
			if (contains_any_case(t, &set[i]))
				return true;
		return false;
	default:
		return false;
	}
}
