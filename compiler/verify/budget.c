// SPDX-License-Identifier: Apache-2.0
/* What was asked for as the most that an object may take. */
#include "verify/verify_impl.h"

struct use {
	uint64_t insns;
};

static void add_insns(const struct verify *v, uint32_t func, void *arg)
{
	struct use *u = arg;

	u->insns += v->funcs.items[func].n;
}

static void check_program(struct verify *v, uint32_t func, uint64_t insns)
{
	const struct func *f = &v->funcs.items[func];

	if (v->o->max_insns && insns > v->o->max_insns)
		finding(v, TPC_E_OBJECT_BUDGET,
			"program '%s' has %llu instructions with what it calls, more than %llu", f->name,
			(unsigned long long)insns, (unsigned long long)v->o->max_insns);
	if (v->o->max_stack && f->depth > v->o->max_stack)
		finding(v, TPC_E_OBJECT_BUDGET,
			"program '%s' needs %u bytes of stack with what it calls, more than %llu", f->name,
			f->depth, (unsigned long long)v->o->max_stack);
}

void check_budget(struct verify *v)
{
	uint8_t *seen = tpc_new_array(v->c->arena, uint8_t, v->funcs.len + 1);
	uint64_t programs = 0, most = 0, memory = maps_memory(v, v->o->cpus ? v->o->cpus : 1);

	check_begin(v, "budget", NULL);
	for (uint32_t i = 0; i < v->funcs.len; i++) {
		struct use u = { 0 };

		if (!v->funcs.items[i].is_program)
			continue;
		programs++;
		each_reached(v, i, seen, add_insns, &u);
		most = u.insns > most ? u.insns : most;
		check_program(v, i, u.insns);
	}
	if (v->o->max_programs && programs > v->o->max_programs)
		finding(v, TPC_E_OBJECT_BUDGET, "it has %llu programs, more than %llu",
			(unsigned long long)programs, (unsigned long long)v->o->max_programs);
	if (v->o->max_memory && memory > v->o->max_memory)
		finding(v, TPC_E_OBJECT_BUDGET, "its maps take %llu bytes on %u CPUs, more than %llu",
			(unsigned long long)memory, v->o->cpus ? v->o->cpus : 1,
			(unsigned long long)v->o->max_memory);
	check_end(v, "%llu instructions in the longest program, %llu KiB of maps and %llu KiB a CPU",
		  (unsigned long long)most, (unsigned long long)maps_memory(v, 0) >> 10,
		  (unsigned long long)(maps_memory(v, 1) - maps_memory(v, 0) + 1023) >> 10);
}
