// SPDX-License-Identifier: Apache-2.0
/* Blast radius from recorded events: whom each rule would have hit, and how often. */
#include <stdlib.h>

#include "ptest/ptest.h"
#include "review/review_impl.h"

static struct rv_rule *rule_at(const struct review *r, struct tpc_span at)
{
	struct rv_policy *const *p;
	struct rv_hook *const *h;
	struct rv_rule *const *u;

	tpc_vec_foreach (p, &r->policies)
		tpc_vec_foreach (h, &(*p)->hooks)
			tpc_vec_foreach (u, &(*h)->rules)
				if ((*u)->at.file == at.file && (*u)->at.off == at.off &&
				    (*u)->at.len == at.len)
					return *u;
	return NULL;
}

static int by_name(const void *a, const void *b)
{
	const struct rv_hit *x = a, *y = b;
	int r = strcmp(x->workload, y->workload);

	return r ? r : strcmp(x->binary, y->binary);
}

static int by_count(const void *a, const void *b)
{
	const struct rv_hit *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return by_name(a, b);
}

/* Each workload and program once, the most frequent first. */
static void sum_up(struct rv_rule *u)
{
	struct rv_hit *h = u->hits.items;
	uint32_t n = 0;

	if (!u->hits.len)
		return;
	qsort(h, u->hits.len, sizeof(*h), by_name);
	for (uint32_t i = 0; i < u->hits.len; i++)
		if (n && !by_name(&h[n - 1], &h[i]))
			h[n - 1].n += h[i].n;
		else
			h[n++] = h[i];
	u->hits.len = n;
	qsort(h, n, sizeof(*h), by_count);
}

static void take(struct review *r, const struct ptest_replayed *e)
{
	struct rv_rule *u = e->fate == PTEST_MATCH && e->rule ? rule_at(r, e->rule->at) : NULL;

	if (!u)
		return;
	u->nhits++;
	*tpc_vec_push(r->c->arena, &u->hits) = (struct rv_hit){ .workload = e->workload ? e->workload : "",
								.binary = e->binary ? e->binary : "",
								.n = 1 };
}

bool review_events(struct review *r, const char *name, const char *text, size_t len)
{
	struct ptest_units units = { .lowered = r->lowered, .optimised = tpc_unit(r->t) };
	struct ptest_replay replay = { 0 };
	struct rv_policy *const *p;
	struct rv_hook *const *h;
	struct rv_rule *const *u;

	if (!r->lowered || !units.optimised)
		return false;
	ptest_replay(r->c, &units, name, text, len, &replay);
	for (uint32_t i = 0; i < replay.events.len; i++)
		take(r, &replay.events.items[i]);
	tpc_vec_foreach (p, &r->policies)
		tpc_vec_foreach (h, &(*p)->hooks)
			tpc_vec_foreach (u, &(*h)->rules)
				sum_up(*u);
	r->events = (struct rv_events){ .name = name,
					.n = replay.nlines,
					.unknown = replay.counts[PTEST_UNKNOWN],
					.bad = replay.counts[PTEST_BAD] };
	return !tpc_arena_exhausted(r->c->arena);
}
