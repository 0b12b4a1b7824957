// SPDX-License-Identifier: Apache-2.0
/*
 * The longest way through a program, in instructions. All instructions of a loop count once, as often as it runs: how
 * often that is a kernel's verifier knows, not the code. Whatever is called counts at its call, a callback where its
 * address is taken.
 *
 * Loops are the strongly connected components of the function's instructions, found as R. Tarjan does (Depth-first
 * search and linear graph algorithms, 1972): each is complete before those that lead to it, so one visit is enough.
 */
#include <errno.h>
#include <stdlib.h>

#include "verify/verify_impl.h"

struct node {
	uint32_t order;	 /* of the first visit, from 1; 0: not visited */
	uint32_t lowest; /* order of the first visited one that it leads back to */
	uint8_t next;	 /* successor to look at */
	bool done;	 /* insns is final */
	uint64_t insns;	 /* from here to the end */
};

struct longest {
	const struct verify *v;
	const struct func *f;
	const struct section *s;
	const uint64_t *funcs; /* of those that are called */
	struct node *nodes;
	uint32_t *way, *open; /* the walk from the entry; visited and not done */
	uint32_t nway, nopen, visited;
};

/* Where it goes on from instruction @at of the function; gives how many. */
static int successors(const struct longest *w, uint32_t at, uint32_t ret[2])
{
	struct bpf_insn i = insn_at(w->s, w->f->first + at);
	uint8_t class = BPF_CLASS(i.code), op = BPF_OP(i.code);
	bool jump = (class == BPF_JMP || class == BPF_JMP32) && op != BPF_CALL && op != BPF_EXIT;
	int n = 0;

	if (i.code == (BPF_JMP | BPF_EXIT))
		return 0;
	if (!(jump && op == BPF_JA))
		ret[n++] = at + (i.code == (BPF_LD | BPF_IMM | BPF_DW) ? 2 : 1);
	if (jump)
		ret[n++] = (uint32_t)((int64_t)at + 1 + i.off);
	return n;
}

static uint64_t own_insns(const struct longest *w, uint32_t at)
{
	uint32_t callee = w->s->calls[w->f->first + at];

	return 1 + (callee ? w->funcs[callee - 1] : 0);
}

static void visit(struct longest *w, uint32_t at)
{
	w->nodes[at].order = w->nodes[at].lowest = ++w->visited;
	w->way[w->nway++] = at;
	w->open[w->nopen++] = at;
}

/* The loop of the open ones from number @first on, or the one instruction. */
static void finish(struct longest *w, uint32_t first)
{
	uint64_t own = 0, behind = 0;
	uint32_t to[2];

	for (uint32_t i = first; i < w->nopen; i++) {
		int n = successors(w, w->open[i], to);

		own += own_insns(w, w->open[i]);
		for (int k = 0; k < n; k++)
			if (w->nodes[to[k]].done && w->nodes[to[k]].insns > behind)
				behind = w->nodes[to[k]].insns;
	}
	for (uint32_t i = first; i < w->nopen; i++)
		w->nodes[w->open[i]].insns = own + behind;
	while (w->nopen > first)
		w->nodes[w->open[--w->nopen]].done = true;
}

static void leads_back(struct node *n, uint32_t order)
{
	if (order < n->lowest)
		n->lowest = order;
}

/* One step of the walk: to a successor that was not visited yet, or back. */
static void step(struct longest *w)
{
	uint32_t at = w->way[w->nway - 1], to[2], first;
	struct node *n = &w->nodes[at];

	while (n->next < successors(w, at, to)) {
		const struct node *next = &w->nodes[to[n->next++]];

		if (!next->order) {
			visit(w, (uint32_t)(next - w->nodes));
			return;
		}
		if (!next->done)
			leads_back(n, next->order);
	}
	w->nway--;
	if (n->lowest == n->order) {
		for (first = w->nopen - 1; w->open[first] != at; first--)
			;
		finish(w, first);
	}
	if (w->nway)
		leads_back(&w->nodes[w->way[w->nway - 1]], n->lowest);
}

static int of_func(const struct verify *v, uint32_t func, uint64_t *funcs)
{
	struct longest w = { .v = v, .f = &v->funcs.items[func], .funcs = funcs };
	int err = -ENOMEM;

	w.s = &v->sections.items[w.f->section];
	w.nodes = calloc(w.f->n, sizeof(*w.nodes));
	w.way = calloc(w.f->n, sizeof(*w.way));
	w.open = calloc(w.f->n, sizeof(*w.open));
	if (w.nodes && w.way && w.open) {
		visit(&w, 0);
		while (w.nway)
			step(&w);
		funcs[func] = w.nodes[0].insns;
		err = 0;
	}
	free(w.nodes);
	free(w.way);
	free(w.open);
	return err;
}

/* What is called comes first. check_calls() has seen that calls do not nest deeper than FRAMES_MAX. */
static int with_callees(const struct verify *v, uint32_t func, uint64_t *funcs)
{
	const struct func *f = &v->funcs.items[func];
	int err = 0;

	if (funcs[func])
		return 0;
	for (uint32_t i = 0; i < f->callees.len && !err; i++)
		err = with_callees(v, f->callees.items[i], funcs);
	return err ? err : of_func(v, func, funcs);
}

int longest_ways(const struct verify *v, uint64_t *ret)
{
	int err = 0;

	for (uint32_t i = 0; i < v->funcs.len && !err; i++)
		if (v->funcs.items[i].is_program)
			err = with_callees(v, i, ret);
	return err;
}
