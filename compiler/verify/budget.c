// SPDX-License-Identifier: Apache-2.0
/* What was asked for as the most that an object may take. */
#include "verify/verify_impl.h"

static void check_program(struct verify *v, uint32_t func, uint64_t insns)
{
	const struct func *f = &v->funcs.items[func];

	if (v->o->max_insns && insns > v->o->max_insns)
		finding(v, TPC_E_OBJECT_BUDGET,
			"program '%s' has %llu instructions on its longest way, more than %llu", f->name,
			(unsigned long long)insns, (unsigned long long)v->o->max_insns);
	if (v->o->max_stack && f->depth > v->o->max_stack)
		finding(v, TPC_E_OBJECT_BUDGET,
			"program '%s' needs %u bytes of stack with what it calls, more than %llu", f->name,
			f->depth, (unsigned long long)v->o->max_stack);
}

static void check_maps_memory(struct verify *v)
{
	uint32_t cpus = v->o->cpus ? v->o->cpus : 1;
	uint64_t memory = maps_memory(v, cpus);

	if (v->o->max_memory && memory > v->o->max_memory)
		finding(v, TPC_E_OBJECT_BUDGET, "its maps take %llu bytes on %u CPUs, more than %llu",
			(unsigned long long)memory, cpus, (unsigned long long)v->o->max_memory);
}

void check_budget(struct verify *v)
{
	uint64_t *insns = tpc_new_array(v->c->arena, uint64_t, v->funcs.len + 1);
	uint64_t programs = 0, most = 0;

	check_begin(v, "budget", NULL);
	if (longest_ways(v, insns))
		out_of_memory(v);
	for (uint32_t i = 0; i < v->funcs.len; i++) {
		if (!v->funcs.items[i].is_program)
			continue;
		programs++;
		most = insns[i] > most ? insns[i] : most;
		check_program(v, i, insns[i]);
	}
	if (v->o->max_programs && programs > v->o->max_programs)
		finding(v, TPC_E_OBJECT_BUDGET, "it has %llu programs, more than %llu",
			(unsigned long long)programs, (unsigned long long)v->o->max_programs);
	check_maps_memory(v);
	check_end(v, "%llu instructions on the longest way, %llu KiB of maps and %llu KiB a CPU",
		  (unsigned long long)most, (unsigned long long)maps_memory(v, 0) >> 10,
		  (unsigned long long)(maps_memory(v, 1) - maps_memory(v, 0) + 1023) >> 10);
}
