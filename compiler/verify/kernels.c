// SPDX-License-Identifier: Apache-2.0
/* The object against the types of one kernel: each CO-RE relocation that can be reached, each helper. */
#include <stdlib.h>
#include <string.h>

#include "verify/verify_impl.h"

/* The highest number of enum bpf_func_id; 0: it is not there. */
static uint64_t last_helper(const struct btf *kernel)
{
	uint64_t last = 0;

	for (uint32_t id = 1; id < btf__type_cnt(kernel); id++) {
		const struct btf_type *t = btf__type_by_id(kernel, id);

		if (!btf_is_enum(t) || strcmp(name_at(kernel, t->name_off), "bpf_func_id"))
			continue;
		/* Its last enumerator is one past the helpers: __BPF_FUNC_MAX_ID. */
		for (uint32_t i = 0; i < btf_vlen(t); i++)
			if (btf_enum(t)[i].val > 0 && (uint32_t)btf_enum(t)[i].val > last &&
			    strncmp(name_at(kernel, btf_enum(t)[i].name_off), "__", 2))
				last = (uint32_t)btf_enum(t)[i].val;
	}
	return last;
}

static void visit(struct verify *v, const struct func *f, uint32_t insn, int32_t id, void *arg)
{
	uint64_t last = *(uint64_t *)arg;
	const char *name = helper_name(v, id);

	if (last && (id <= 0 || (uint64_t)id > last))
		finding_at(v, f->section, insn, TPC_E_OBJECT_KERNEL,
			   "'%s' calls helper %d%s%s, which that kernel does not have", f->name, id,
			   name ? " bpf_" : "", name ? name : "");
}

/* Poison that nothing leads to does no harm: the code asks before. */
static void check_func(struct verify *v, uint32_t func, const struct core_answer *answers,
		       const uint8_t *reached)
{
	const struct func *f = &v->funcs.items[func];
	const struct section *s = &v->sections.items[f->section];
	const char *last = NULL;

	for (uint32_t i = 0; i < f->n; i++) {
		const struct core_answer *a;

		if (!reached[i] || !(s->marks[f->first + i] & MARK_CORE))
			continue;
		a = &answers[relo_of(v, f->section, f->first + i) - 1];
		if (a->known.what != KNOWN_POISON || (last && !strcmp(last, a->why)))
			continue;
		last = a->why;
		finding_at(v, f->section, f->first + i, TPC_E_OBJECT_CORE, "'%s': %s", f->name, a->why);
	}
}

static bool check_funcs(struct verify *v, const struct core_answer *answers, const struct known *known)
{
	uint32_t most = 1;
	const struct func *f;
	uint8_t *reached;
	int err = 0;

	tpc_vec_foreach (f, &v->funcs)
		most = f->n > most ? f->n : most;
	reached = malloc(most);
	for (uint32_t k = 0; reached && k < v->funcs.len && !err; k++) {
		err = flow_reach(v, k, known, reached);
		if (!err)
			check_func(v, k, answers, reached);
	}
	free(reached);
	return reached && !err;
}

void check_core(struct verify *v, const struct verify_btf *b)
{
	struct core_answer *answers = tpc_new_array(v->c->arena, struct core_answer, v->relos.len + 1);
	struct known *known = tpc_new_array(v->c->arena, struct known, v->relos.len + 1);
	const struct btf *kernel = kernel_types(b->kernel);
	const char *why = NULL;
	uint64_t last;

	check_begin(v, "co-re", b->path);
	if (!kernel) {
		kernel_has_btf(b->kernel, &why);
		finding(v, TPC_E_IO, "cannot read the kernel's types: %s", why ? why : "there are none");
		check_end(v, " ");
		return;
	}
	core_resolve(v, kernel, answers);
	for (uint32_t i = 0; i < v->relos.len; i++)
		known[i] = answers[i].known;
	last = last_helper(kernel);
	if (!check_funcs(v, answers, known) || each_helper(v, known, visit, &last))
		out_of_memory(v);
	check_end(v, "%u relocations", v->relos.len);
}
