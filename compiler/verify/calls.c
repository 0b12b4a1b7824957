// SPDX-License-Identifier: Apache-2.0
/* Who calls whom, and how deep the stack gets. */
#include <string.h>

#include "verify/verify_impl.h"

static void find_callees(struct verify *v, uint32_t func, uint32_t *last_caller)
{
	struct func *f = &v->funcs.items[func];
	const struct section *s = &v->sections.items[f->section];

	for (uint32_t i = f->first; i < f->first + f->n; i++) {
		uint32_t to = s->calls[i];

		if (!to || last_caller[to - 1] == func + 1)
			continue;
		last_caller[to - 1] = func + 1;
		*tpc_vec_push(v->c->arena, &f->callees) = to - 1;
	}
}

/* The kernel rounds a frame up to 32 bytes (kernel/bpf/verifier.c, check_max_stack_depth). */
static uint32_t frame(const struct func *f)
{
	return ((f->stack ? f->stack : 1) + 31) / 32 * 32;
}

/* One frame more each round: what still grows after the last has a chain too long, or without an end. */
static void find_depths(struct verify *v)
{
	struct func *f;

	tpc_vec_foreach (f, &v->funcs)
		f->depth = frame(f);
	for (int round = 1; round <= FRAMES_MAX; round++)
		tpc_vec_foreach (f, &v->funcs) {
			uint32_t deepest = 0;

			for (uint32_t i = 0; i < f->callees.len; i++) {
				uint32_t d = v->funcs.items[f->callees.items[i]].depth;

				deepest = d > deepest ? d : deepest;
			}
			f->depth = deepest == UINT32_MAX ? UINT32_MAX : frame(f) + deepest;
		}
}

/* Frames from @func down, by the same rounds. */
static bool find_too_deep(struct verify *v)
{
	uint32_t *frames = tpc_new_array(v->c->arena, uint32_t, v->funcs.len);
	bool any = false;

	for (int round = 0; round <= FRAMES_MAX; round++)
		for (uint32_t j = 0; j < v->funcs.len; j++) {
			const struct func *f = &v->funcs.items[j];
			uint32_t most = 0;

			for (uint32_t i = 0; i < f->callees.len; i++) {
				uint32_t n = frames[f->callees.items[i]];

				most = n > most ? n : most;
			}
			frames[j] = most > FRAMES_MAX ? most : most + 1;
		}
	for (uint32_t j = 0; j < v->funcs.len; j++)
		if (frames[j] > FRAMES_MAX) {
			v->funcs.items[j].depth = UINT32_MAX;
			any = true;
		}
	return any;
}

bool check_calls(struct verify *v)
{
	uint32_t *last_caller = tpc_new_array(v->c->arena, uint32_t, v->funcs.len), deepest = 0;
	const struct func *f;

	check_begin(v, "calls", NULL);
	for (uint32_t i = 0; i < v->funcs.len; i++)
		find_callees(v, i, last_caller);
	find_depths(v);
	find_too_deep(v);
	tpc_vec_foreach (f, &v->funcs) {
		if (!f->is_program)
			continue;
		if (f->depth == UINT32_MAX)
			finding(v, TPC_E_OBJECT_CODE,
				"program '%s' nests more than %d calls, or without an end", f->name,
				FRAMES_MAX);
		else if (f->depth > STACK_MAX)
			finding(v, TPC_E_OBJECT_CODE,
				"program '%s' needs %u bytes of stack with what it calls, more than %u",
				f->name, f->depth, STACK_MAX);
		if (f->depth != UINT32_MAX && f->depth > deepest)
			deepest = f->depth;
	}
	return check_end(v, "%u bytes of stack at most", deepest);
}
