// SPDX-License-Identifier: Apache-2.0
/*
 * CO-RE relocations against a kernel's types, as libbpf resolves them (tools/lib/bpf/relo_core.c is where its rules
 * are): types match by name and kind, members by name through anonymous structs and unions, and all types of the name
 * must give the same answer. Both BTFs are hostile.
 */
#include <stdlib.h>
#include <string.h>

#include "verify/core_impl.h"

#define CANDIDATES_MAX 64 /* types of one name */

static struct core_answer value(uint64_t n)
{
	return (struct core_answer){ { KNOWN_VALUE, n }, NULL };
}

static struct core_answer poison(const char *why)
{
	return (struct core_answer){ { KNOWN_POISON, 0 }, why };
}

static struct core_answer answer_field(struct verify *v, struct core_match *m, const struct core_local *l,
				       uint32_t id, bool is_memory)
{
	const char *why = "";
	struct core_target t;
	bool found = core_follow(v, m, l, id, &t, &why);
	uint32_t size;

	if (l->relo == BPF_CORE_FIELD_EXISTS)
		return value(found);
	if (!found)
		return poison(why);
	if (l->relo == BPF_CORE_FIELD_BYTE_SIZE)
		return type_size(m->kernel, t.type, &size) ? value(size) :
							     poison("the member has no size there");
	if (t.bits % 8)
		return poison(tpc_sprintf(v->c->arena, "a member of '%s' is a bitfield there", l->root));
	if (is_memory && t.bits / 8 > INT16_MAX)
		return poison(tpc_sprintf(v->c->arena, "a member of '%s' lies too far in there", l->root));
	if (!core_sizes_fit(m, l, &t, is_memory))
		return poison(tpc_sprintf(v->c->arena, "member '%s' of '%s' has another size there",
					  l->steps[l->nsteps - 1].name ? l->steps[l->nsteps - 1].name : "",
					  l->root));
	return value(t.bits / 8);
}

static struct core_answer answer_enum(struct verify *v, const struct core_match *m,
				      const struct core_local *l, uint32_t id)
{
	const struct btf_type *t = type_at(m->kernel, id);

	for (uint32_t i = 0; i < btf_vlen(t); i++)
		if (core_same_name(core_enumerator(m->kernel, t, i), l->enumerator))
			return value(l->relo == BPF_CORE_ENUMVAL_EXISTS ? 1 : core_enum_value(t, i));
	if (l->relo == BPF_CORE_ENUMVAL_EXISTS)
		return value(0);
	return poison(tpc_sprintf(v->c->arena, "enum '%s' has no '%s'", l->root, l->enumerator));
}

/* ---- candidates: the kernel's types by the names that the object asks for ---- */

struct root {
	const char *name; /* core_plain_len() of it counts */
	uint32_t kind;
	uint32_t ids[CANDIDATES_MAX], n;
};

struct roots {
	struct root *items;
	uint32_t n;
};

static int compare_plain(const char *a, const char *b)
{
	size_t x = core_plain_len(a), y = core_plain_len(b);
	int c = memcmp(a, b, x < y ? x : y);

	return c ? c : x < y ? -1 : x > y;
}

static int compare_roots(const void *a, const void *b)
{
	return compare_plain(((const struct root *)a)->name, ((const struct root *)b)->name);
}

static struct root *find_root(struct roots *r, const char *name)
{
	uint32_t lo = 0, hi = r->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int c = compare_plain(r->items[mid].name, name);

		if (!c)
			return &r->items[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static void gather_roots(struct verify *v, struct roots *r)
{
	uint32_t unique = 0, types = btf__type_cnt(v->btf);
	uint8_t *seen = tpc_new_array(v->c->arena, uint8_t, types);
	const struct core_relo *c;

	tpc_vec_foreach (c, &v->relos) {
		uint32_t id = skip_modifiers(v->btf, c->type);

		unique += id && !seen[id]++;
	}
	r->items = tpc_new_array(v->c->arena, struct root, unique + 1);
	for (uint32_t id = 1; id < types; id++)
		if (seen[id])
			r->items[r->n++].name = name_at(v->btf, btf__type_by_id(v->btf, id)->name_off);
	qsort(r->items, r->n, sizeof(*r->items), compare_roots);
	/* The same name twice, as a struct of two flavours: one is enough. */
	unique = 0;
	for (uint32_t i = 0; i < r->n; i++)
		if (!i || compare_roots(&r->items[i], &r->items[unique - 1]))
			r->items[unique++] = r->items[i];
	r->n = unique;
}

static void gather_candidates(const struct btf *kernel, struct roots *r)
{
	for (uint32_t id = 1; id < btf__type_cnt(kernel); id++) {
		const struct btf_type *t = btf__type_by_id(kernel, id);
		struct root *root;

		if (!btf_is_composite(t) && !btf_is_any_enum(t))
			continue;
		root = find_root(r, name_at(kernel, t->name_off));
		if (root && root->n < CANDIDATES_MAX)
			root->ids[root->n++] = id;
	}
}

static bool is_memory(const struct verify *v, const struct core_relo *c)
{
	struct bpf_insn i = insn_at(&v->sections.items[c->section], c->insn);
	uint8_t class = BPF_CLASS(i.code);

	return class == BPF_LDX || class == BPF_ST || class == BPF_STX;
}

static bool asks_existence(const struct core_relo *c)
{
	return c->kind == BPF_CORE_FIELD_EXISTS || c->kind == BPF_CORE_ENUMVAL_EXISTS;
}

static bool is_lacking(const struct core_relo *c, const struct core_answer *a)
{
	return a->known.what == KNOWN_POISON || (asks_existence(c) && !a->known.value);
}

static struct core_answer answer(struct verify *v, const struct btf *kernel, struct roots *roots,
				 const struct core_relo *c)
{
	struct core_match m = { .local = v->btf, .kernel = kernel };
	struct core_answer all = { { KNOWN_NOT, 0 }, NULL }, one;
	const struct root *root;
	struct core_local l;

	if (!core_read_local(v->btf, c, &l))
		return poison(tpc_sprintf(v->c->arena, "no such CO-RE relocation: kind %u, '%s' of type %u",
					  c->kind, c->access, c->type));
	root = find_root(roots, l.root);
	if (root && root->n == CANDIDATES_MAX)
		return poison(tpc_sprintf(v->c->arena, "too many types are called '%s' there", l.root));
	for (uint32_t i = 0; root && i < root->n; i++) {
		const struct btf_type *t = btf__type_by_id(kernel, root->ids[i]);

		if (!core_same_kind(t, type_at(v->btf, l.type)))
			continue;
		one = l.enumerator ? answer_enum(v, &m, &l, root->ids[i]) :
				     answer_field(v, &m, &l, root->ids[i], is_memory(v, c));
		/* Types that lack it do not count where another of the name has it. */
		if (is_lacking(c, &one))
			all = all.known.what == KNOWN_NOT ? one : all;
		else if (all.known.what == KNOWN_NOT || is_lacking(c, &all))
			all = one;
		else if (one.known.value != all.known.value)
			return poison(tpc_sprintf(v->c->arena, "two types '%s' there say different things",
						  l.root));
	}
	if (all.known.what != KNOWN_NOT)
		return all;
	if (asks_existence(c))
		return value(0);
	return poison(
		tpc_sprintf(v->c->arena, "there is no %s '%s'", l.enumerator ? "enum" : "struct", l.root));
}

void core_resolve(struct verify *v, const struct btf *kernel, struct core_answer *ret)
{
	struct roots roots = { 0 };

	gather_roots(v, &roots);
	gather_candidates(kernel, &roots);
	for (uint32_t i = 0; i < v->relos.len; i++)
		ret[i] = answer(v, kernel, &roots, &v->relos.items[i]);
}
