// SPDX-License-Identifier: Apache-2.0
/* Order of predicates: the same question is the same content, whatever its place in the source. */
#include <string.h>

#include "ir/text.h"

static int compare_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

int ir_net_compare(const struct ir_net *a, const struct ir_net *b)
{
	int r = compare_u64(a->len, b->len);

	if (!r)
		r = memcmp(a->addr, b->addr, sizeof(a->addr));
	return r ? r : compare_u64(a->prefix, b->prefix);
}

bool ir_net_inside(const struct ir_net *wide, const struct ir_net *narrow)
{
	uint32_t whole = wide->prefix / 8, rest = wide->prefix % 8;

	if (wide->len != narrow->len || wide->prefix > narrow->prefix)
		return false;
	if (whole && memcmp(wide->addr, narrow->addr, whole))
		return false;
	return !rest || !((wide->addr[whole] ^ narrow->addr[whole]) >> (8 - rest));
}

static int compare_exprs(const struct ir_expr *a, const struct ir_expr *b)
{
	int r = compare_u64(a != NULL, b != NULL);

	if (r || !a)
		return r;
	r = strcmp(a->text, b->text);
	if (!r)
		r = compare_u64(a->vars.len, b->vars.len);
	for (uint32_t i = 0; !r && i < a->vars.len; i++)
		r = compare_u64(a->vars.items[i], b->vars.items[i]);
	return r;
}

static int compare_lengths(const struct ir_pred *a, const struct ir_pred *b)
{
	int r = compare_u64(a->ranges.len, b->ranges.len);

	if (!r)
		r = compare_u64(a->texts.len, b->texts.len);
	return r ? r : compare_u64(a->nets.len, b->nets.len);
}

int ir_pred_compare_content(const struct ir_pred *a, const struct ir_pred *b)
{
	int r = compare_u64(a->kind, b->kind);

	if (!r)
		r = compare_u64(a->mask, b->mask);
	if (!r)
		r = compare_u64(a->host, b->host);
	if (!r)
		r = compare_u64(a->workload, b->workload);
	if (!r)
		r = compare_lengths(a, b);
	for (uint32_t i = 0; !r && i < a->ranges.len; i++) {
		r = compare_u64(a->ranges.items[i].lo, b->ranges.items[i].lo);
		if (!r)
			r = compare_u64(a->ranges.items[i].hi, b->ranges.items[i].hi);
	}
	for (uint32_t i = 0; !r && i < a->texts.len; i++)
		r = ir_text_compare(&a->texts.items[i], &b->texts.items[i]);
	for (uint32_t i = 0; !r && i < a->nets.len; i++)
		r = ir_net_compare(&a->nets.items[i], &b->nets.items[i]);
	return r ? r : compare_exprs(a->expr, b->expr);
}

int ir_pred_compare(const struct ir_pred *a, const struct ir_pred *b)
{
	int r = ir_pred_compare_content(a, b);

	return r ? r : compare_u64(a->value, b->value);
}
