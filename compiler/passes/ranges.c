// SPDX-License-Identifier: Apache-2.0
/*
 * Set algebra on closed ranges. Signed values are ordered by flipping their sign bit, so that one unsigned
 * comparison serves both: key() of the least value of either kind is 0.
 */
#include <stdlib.h>

#include "passes/internal.h"

static uint64_t key(const struct ir_value *v, uint64_t num)
{
	return v->is_signed ? num ^ (UINT64_C(1) << 63) : num;
}

struct ir_range ranges_domain(const struct ir_value *v)
{
	unsigned bits = v->size >= 8 ? 64 : v->size * 8u;

	if (v->is_signed)
		return (struct ir_range){ ~UINT64_C(0) << (bits - 1), ~UINT64_C(0) >> (65 - bits) };
	return (struct ir_range){ 0, ~UINT64_C(0) >> (64 - bits) };
}

static int compare_unsigned(const void *pa, const void *pb)
{
	const struct ir_range *a = pa, *b = pb;

	if (a->lo != b->lo)
		return a->lo < b->lo ? -1 : 1;
	return (a->hi > b->hi) - (a->hi < b->hi);
}

static int compare_signed(const void *pa, const void *pb)
{
	const struct ir_range *a = pa, *b = pb;
	int64_t alo = (int64_t)a->lo, blo = (int64_t)b->lo, ahi = (int64_t)a->hi, bhi = (int64_t)b->hi;

	if (alo != blo)
		return alo < blo ? -1 : 1;
	return (ahi > bhi) - (ahi < bhi);
}

/* False when nothing of @r lies in the domain. */
static bool clamp(const struct ir_value *v, struct ir_range *r)
{
	struct ir_range d = ranges_domain(v);

	if (key(v, r->lo) < key(v, d.lo))
		r->lo = d.lo;
	if (key(v, r->hi) > key(v, d.hi))
		r->hi = d.hi;
	return key(v, r->lo) <= key(v, r->hi);
}

struct ranges ranges_canon(struct tpc_arena *a, const struct ir_value *v, struct ranges r)
{
	struct ranges ret = { tpc_new_array(a, struct ir_range, r.len), 0 };
	uint32_t n = 0;

	for (uint32_t i = 0; i < r.len; i++) {
		ret.items[n] = r.items[i];
		n += clamp(v, &ret.items[n]);
	}
	if (n)
		qsort(ret.items, n, sizeof(*ret.items), v->is_signed ? compare_signed : compare_unsigned);
	for (uint32_t i = 0; i < n; i++) {
		struct ir_range *last = ret.len ? &ret.items[ret.len - 1] : NULL;

		/* The first test keeps hi + 1 from wrapping: what is above hi cannot be the least value. */
		if (last &&
		    (key(v, ret.items[i].lo) <= key(v, last->hi) || ret.items[i].lo == last->hi + 1)) {
			if (key(v, ret.items[i].hi) > key(v, last->hi))
				last->hi = ret.items[i].hi;
		} else {
			ret.items[ret.len++] = ret.items[i];
		}
	}
	return ret;
}

struct ranges ranges_complement(struct tpc_arena *a, const struct ir_value *v, struct ranges r)
{
	struct ranges ret = { tpc_new_array(a, struct ir_range, (size_t)r.len + 1), 0 };
	struct ir_range d = ranges_domain(v);
	uint64_t from = d.lo;

	for (uint32_t i = 0; i < r.len; i++) {
		if (key(v, from) < key(v, r.items[i].lo))
			ret.items[ret.len++] = (struct ir_range){ from, r.items[i].lo - 1 };
		if (r.items[i].hi == d.hi)
			return ret;
		from = r.items[i].hi + 1;
	}
	ret.items[ret.len++] = (struct ir_range){ from, d.hi };
	return ret;
}

/* Canonical ranges are not adjacent, so each of @x lies inside one of @y. */
bool ranges_subset(const struct ir_value *v, struct ranges x, struct ranges y)
{
	uint32_t j = 0;

	for (uint32_t i = 0; i < x.len; i++) {
		while (j < y.len && key(v, y.items[j].hi) < key(v, x.items[i].lo))
			j++;
		if (j == y.len || key(v, x.items[i].lo) < key(v, y.items[j].lo) ||
		    key(v, x.items[i].hi) > key(v, y.items[j].hi))
			return false;
	}
	return true;
}

bool ranges_disjoint(const struct ir_value *v, struct ranges x, struct ranges y)
{
	for (uint32_t i = 0, j = 0; i < x.len && j < y.len;) {
		if (key(v, x.items[i].hi) < key(v, y.items[j].lo))
			i++;
		else if (key(v, y.items[j].hi) < key(v, x.items[i].lo))
			j++;
		else
			return false;
	}
	return true;
}

bool ranges_full(const struct ir_value *v, struct ranges r)
{
	struct ir_range d = ranges_domain(v);

	return r.len == 1 && r.items[0].lo == d.lo && r.items[0].hi == d.hi;
}
