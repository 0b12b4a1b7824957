// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/suggest.h"

#define LONGEST 48 /* longer names get no suggestion */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool tpc_same_but_case(const char *a, uint32_t alen, const char *b, uint32_t blen)
{
	if (alen != blen)
		return false;
	for (uint32_t i = 0; i < alen; i++) {
		if (lower(a[i]) != lower(b[i]))
			return false;
	}
	return true;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Optimal string alignment: insertions, deletions, replacements and swaps of neighbours; case is free. Some number
 * above @most where there are more: from one row to the next the least grows by one at most, so what a swap takes
 * from the row before a row above @most is above it too.
 */
static unsigned distance(const char *a, uint32_t alen, const char *b, uint32_t blen, unsigned most)
{
	unsigned rows[3][LONGEST + 1];
	unsigned *before = rows[0], *last = rows[1], *row = rows[2], *spare;
	unsigned here;

	if (alen > blen + most || blen > alen + most)
		return most + 1;

	for (uint32_t j = 0; j <= blen; j++)
		last[j] = j;
	for (uint32_t i = 1; i <= alen; i++) {
		row[0] = i;
		here = i;
		for (uint32_t j = 1; j <= blen; j++) {
			unsigned differs = lower(a[i - 1]) != lower(b[j - 1]);

			row[j] = least(last[j - 1] + differs, least(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
			    lower(a[i - 2]) == lower(b[j - 1]))
				row[j] = least(row[j], before[j - 2] + 1);
			here = least(here, row[j]);
		}
		if (here > most)
			return most + 1;
		spare = before;
		before = last;
		last = row;
		row = spare;
	}
	return last[blen];
}

/* "actions" for "matchActions": a good guess when nothing is nearer. */
static bool is_end_of(const struct tpc_suggest *s, const char *name, uint32_t len)
{
	return s->len >= 4 && s->len < len &&
	       tpc_same_but_case(name + len - s->len, s->len, s->wrong, s->len);
}

void tpc_suggest_try(struct tpc_suggest *s, const char *name)
{
	uint32_t len = (uint32_t)strlen(name);
	unsigned d, limit;

	if (!s->len || s->len > LONGEST || !len || len > LONGEST)
		return;
	/* A third of the longer name may differ, and something must be left. */
	limit = (s->len > len ? s->len : len) / 3;
	limit = limit ? limit : 1;
	if (s->most)
		limit = least(limit, s->most);
	d = distance(s->wrong, s->len, name, len, limit);
	if (d > limit && is_end_of(s, name, len))
		d = limit;
	if (d > limit || d >= least(s->len, len) + (d == 0) || (s->best && d >= s->distance))
		return;
	s->best = name;
	s->distance = d;
}
