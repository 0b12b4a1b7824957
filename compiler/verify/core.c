// SPDX-License-Identifier: Apache-2.0
/*
 * CO-RE relocations against a kernel's types, as libbpf resolves them (tools/lib/bpf/relo_core.c is where its rules
 * are): types match by name and kind, members by name through anonymous structs and unions, and all types of the name
 * must give the same answer. Both BTFs are hostile.
 */
#include <stdlib.h>
#include <string.h>

#include "verify/verify_impl.h"

#define STEPS_MAX 64
#define NESTING_MAX 32
#define WORK_MAX (1U << 20) /* members that one relocation may look at */
#define CANDIDATES_MAX 64   /* types of one name */

struct access {
	uint32_t index;
	const char *name; /* of a member, NULL: an index of an array */
	uint32_t owner;	  /* local type that has the member */
};

/* A relocation as the object has it. */
struct local {
	const char *root; /* name of the type that the way begins at */
	uint32_t type, kind, relo;
	struct access steps[STEPS_MAX];
	uint32_t nsteps;
	uint32_t end; /* local type at the end */
	const char *enumerator;
};

struct target {
	uint64_t bits; /* from the start of the root */
	uint32_t type;
};

struct match {
	const struct btf *local, *kernel;
	uint32_t work;
};

/* "file___old" is "file". */
static size_t plain_len(const char *name)
{
	const char *p = strstr(name, "___");

	return p && p > name && p[3] ? (size_t)(p - name) : strlen(name);
}

static bool same_name(const char *a, const char *b)
{
	size_t n = plain_len(a);

	return n == plain_len(b) && !memcmp(a, b, n);
}

static bool same_kind(const struct btf_type *a, const struct btf_type *b)
{
	return btf_kind(a) == btf_kind(b) || (btf_is_any_enum(a) && btf_is_any_enum(b));
}

static uint64_t member_bits(const struct btf_type *t, uint32_t i)
{
	uint32_t off = btf_members(t)[i].offset;

	return btf_kflag(t) ? BTF_MEMBER_BIT_OFFSET(off) : off;
}

static const struct btf_type *bare(const struct btf *btf, uint32_t id)
{
	return type_at(btf, skip_modifiers(btf, id));
}

/* ---- the object's side ---- */

static bool parse_steps(const char *s, uint32_t *ret, uint32_t *n)
{
	for (*n = 0; *n < STEPS_MAX; (*n)++) {
		unsigned long long x = 0;

		if (*s < '0' || *s > '9')
			return false;
		for (; *s >= '0' && *s <= '9'; s++)
			if ((x = 10 * x + (unsigned)(*s - '0')) > UINT32_MAX)
				return false;
		ret[*n] = (uint32_t)x;
		if (!*s)
			return ++*n;
		if (*s++ != ':')
			return false;
	}
	return false;
}

static const char *enumerator(const struct btf *btf, const struct btf_type *t, uint32_t i)
{
	return name_at(btf, btf_is_enum(t) ? btf_enum(t)[i].name_off : btf_enum64(t)[i].name_off);
}

static uint64_t enum_value(const struct btf_type *t, uint32_t i)
{
	const struct btf_enum64 *e;

	if (btf_is_enum(t))
		return btf_kflag(t) ? (uint64_t)(int64_t)btf_enum(t)[i].val : (uint32_t)btf_enum(t)[i].val;
	e = &btf_enum64(t)[i];
	return (uint64_t)e->val_hi32 << 32 | e->val_lo32;
}

static bool walk_local(const struct btf *btf, const uint32_t *raw, uint32_t n, struct local *ret)
{
	uint32_t id = ret->type;

	ret->steps[ret->nsteps++] = (struct access){ .index = raw[0] };
	for (uint32_t i = 1; i < n; i++) {
		const struct btf_type *t = bare(btf, id);
		const struct btf_member *m;

		if (t && btf_is_composite(t) && raw[i] < btf_vlen(t)) {
			m = &btf_members(t)[raw[i]];
			/* Anonymous ones on the way are looked through on the kernel's side. */
			if (*name_at(btf, m->name_off))
				ret->steps[ret->nsteps++] = (struct access){ raw[i],
									     name_at(btf, m->name_off),
									     skip_modifiers(btf, id) };
			id = m->type;
		} else if (t && btf_is_array(t) && (raw[i] < btf_array(t)->nelems || !btf_array(t)->nelems)) {
			ret->steps[ret->nsteps++] = (struct access){ .index = raw[i] };
			id = btf_array(t)->type;
		} else {
			return false;
		}
	}
	ret->end = id;
	return true;
}

/* What the relocation asks for; false: the object contradicts itself, or asks for what no template does. */
static bool read_local(const struct btf *btf, const struct core_relo *c, struct local *ret)
{
	const struct btf_type *t;
	uint32_t raw[STEPS_MAX], n;

	*ret = (struct local){ .relo = c->kind, .type = skip_modifiers(btf, c->type) };
	t = type_at(btf, ret->type);
	if (!t || !*name_at(btf, t->name_off) || !parse_steps(c->access, raw, &n))
		return false;
	ret->root = name_at(btf, t->name_off);
	ret->kind = btf_kind(t);
	switch (c->kind) {
	case BPF_CORE_FIELD_BYTE_OFFSET:
	case BPF_CORE_FIELD_BYTE_SIZE:
	case BPF_CORE_FIELD_EXISTS:
		return btf_is_composite(t) && walk_local(btf, raw, n, ret);
	case BPF_CORE_ENUMVAL_EXISTS:
	case BPF_CORE_ENUMVAL_VALUE:
		if (!btf_is_any_enum(t) || n != 1 || raw[0] >= btf_vlen(t))
			return false;
		ret->enumerator = enumerator(btf, t, raw[0]);
		return true;
	default:
		return false;
	}
}

/* ---- the kernel's side ---- */

static bool fields_fit(const struct match *m, uint32_t local, uint32_t kernel)
{
	for (int i = 0; i < NESTING_MAX; i++) {
		const struct btf_type *a = bare(m->local, local), *b = bare(m->kernel, kernel);
		const char *x, *y;

		if (!a || !b)
			return !a && !b;
		if (btf_is_composite(a) && btf_is_composite(b))
			return true;
		if (!same_kind(a, b))
			return false;
		switch (btf_kind(a)) {
		case BTF_KIND_PTR:
		case BTF_KIND_FLOAT:
			return true;
		case BTF_KIND_INT:
			return !btf_int_offset(a) && !btf_int_offset(b);
		case BTF_KIND_FWD:
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
			x = name_at(m->local, a->name_off);
			y = name_at(m->kernel, b->name_off);
			return !*x || !*y || same_name(x, y);
		case BTF_KIND_ARRAY:
			local = btf_array(a)->type;
			kernel = btf_array(b)->type;
			break;
		default:
			return false;
		}
	}
	return false;
}

/* 1: found; 0: there is none; -1: it is of another type, or there is no end to the search. */
static int find_member(struct match *m, uint32_t kernel, const char *name, uint32_t local_type, int nesting,
		       struct target *ret)
{
	const struct btf_type *t = bare(m->kernel, kernel);

	if (!t || !btf_is_composite(t))
		return 0;
	if (nesting > NESTING_MAX)
		return -1;
	for (uint32_t i = 0; i < btf_vlen(t); i++) {
		const struct btf_member *k = &btf_members(t)[i];
		const char *has = name_at(m->kernel, k->name_off);
		uint64_t bits = member_bits(t, i);
		int found;

		if (++m->work > WORK_MAX)
			return -1;
		if (!*has) {
			struct target inner = { ret->bits + bits, 0 };

			found = find_member(m, k->type, name, local_type, nesting + 1, &inner);
			if (found) {
				*ret = inner;
				return found;
			}
		} else if (!strcmp(has, name)) {
			*ret = (struct target){ ret->bits + bits, k->type };
			return fields_fit(m, local_type, k->type) ? 1 : -1;
		}
	}
	return 0;
}

static uint32_t member_type(const struct btf *btf, const struct access *a)
{
	const struct btf_type *t = type_at(btf, a->owner);

	return t && btf_is_composite(t) && a->index < btf_vlen(t) ? btf_members(t)[a->index].type : 0;
}

/* Follows the steps in kernel type @id. On failure *@why says at what. */
static bool follow(struct verify *v, struct match *m, const struct local *l, uint32_t id, struct target *ret,
		   const char **why)
{
	uint32_t size;

	*ret = (struct target){ 0, id };
	for (uint32_t i = 0; i < l->nsteps; i++) {
		const struct access *a = &l->steps[i];
		const struct btf_type *t;
		int found;

		if (a->name) {
			const struct btf_type *owner = bare(m->kernel, ret->type);
			const char *called = owner ? name_at(m->kernel, owner->name_off) : "";

			found = find_member(m, ret->type, a->name, member_type(m->local, a), 0, ret);
			if (found > 0)
				continue;
			called = *called ? called : l->root;
			*why = found ? tpc_sprintf(v->c->arena,
						   "member '%s' of '%s' is of another type there", a->name,
						   called) :
				       tpc_sprintf(v->c->arena, "%s '%s' has no member '%s'",
						   owner && btf_is_union(owner) ? "union" : "struct", called,
						   a->name);
			return false;
		}
		t = bare(m->kernel, ret->type);
		if (i && t && btf_is_array(t) && (a->index < btf_array(t)->nelems || !btf_array(t)->nelems))
			ret->type = btf_array(t)->type;
		else if (i)
			t = NULL;
		if (!t || !type_size(m->kernel, ret->type, &size)) {
			*why = tpc_sprintf(v->c->arena, "'%s' has no element %u there", l->root, a->index);
			return false;
		}
		ret->bits += 8ULL * size * a->index;
	}
	return true;
}

/* A load or store takes over the member's size: only numbers without a sign, or pointers, may have another there. */
static bool sizes_fit(const struct match *m, const struct local *l, const struct target *t, bool is_memory)
{
	const struct btf_type *a = bare(m->local, l->end), *b = bare(m->kernel, t->type);
	uint32_t x, y;

	if (!is_memory || !a || !b)
		return true;
	if (!type_size(m->local, l->end, &x) || !type_size(m->kernel, t->type, &y) || x == y)
		return true;
	return (btf_is_ptr(a) && btf_is_ptr(b)) ||
	       (btf_is_int(a) && btf_is_int(b) && !(btf_int_encoding(a) & BTF_INT_SIGNED) &&
		!(btf_int_encoding(b) & BTF_INT_SIGNED) && y <= 8);
}

static struct core_answer value(uint64_t n)
{
	return (struct core_answer){ { KNOWN_VALUE, n }, NULL };
}

static struct core_answer poison(const char *why)
{
	return (struct core_answer){ { KNOWN_POISON, 0 }, why };
}

static struct core_answer answer_field(struct verify *v, struct match *m, const struct local *l, uint32_t id,
				       bool is_memory)
{
	const char *why = "";
	struct target t;
	bool found = follow(v, m, l, id, &t, &why);
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
	if (!sizes_fit(m, l, &t, is_memory))
		return poison(tpc_sprintf(v->c->arena, "member '%s' of '%s' has another size there",
					  l->steps[l->nsteps - 1].name ? l->steps[l->nsteps - 1].name : "",
					  l->root));
	return value(t.bits / 8);
}

static struct core_answer answer_enum(struct verify *v, const struct match *m, const struct local *l,
				      uint32_t id)
{
	const struct btf_type *t = type_at(m->kernel, id);

	for (uint32_t i = 0; i < btf_vlen(t); i++)
		if (same_name(enumerator(m->kernel, t, i), l->enumerator))
			return value(l->relo == BPF_CORE_ENUMVAL_EXISTS ? 1 : enum_value(t, i));
	if (l->relo == BPF_CORE_ENUMVAL_EXISTS)
		return value(0);
	return poison(tpc_sprintf(v->c->arena, "enum '%s' has no '%s'", l->root, l->enumerator));
}

/* ---- candidates: the kernel's types by the names that the object asks for ---- */

struct root {
	const char *name; /* plain_len() of it counts */
	uint32_t kind;
	uint32_t ids[CANDIDATES_MAX], n;
};

struct roots {
	struct root *items;
	uint32_t n;
};

static int compare_plain(const char *a, const char *b)
{
	size_t x = plain_len(a), y = plain_len(b);
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
	struct match m = { .local = v->btf, .kernel = kernel };
	struct core_answer all = { { KNOWN_NOT, 0 }, NULL }, one;
	const struct root *root;
	struct local l;

	if (!read_local(v->btf, c, &l))
		return poison(tpc_sprintf(v->c->arena, "no such CO-RE relocation: kind %u, '%s' of type %u",
					  c->kind, c->access, c->type));
	root = find_root(roots, l.root);
	if (root && root->n == CANDIDATES_MAX)
		return poison(tpc_sprintf(v->c->arena, "too many types are called '%s' there", l.root));
	for (uint32_t i = 0; root && i < root->n; i++) {
		const struct btf_type *t = btf__type_by_id(kernel, root->ids[i]);

		if (!same_kind(t, type_at(v->btf, l.type)))
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

bool core_is_known(const struct verify *v, const struct core_relo *c)
{
	struct local l;

	return read_local(v->btf, c, &l);
}

bool core_asks_enum(const struct verify *v, const struct core_relo *c, const char *name, uint64_t *ret)
{
	const struct btf_type *t = bare(v->btf, c->type);
	uint32_t raw[STEPS_MAX], n;

	if (c->kind != BPF_CORE_ENUMVAL_EXISTS || !t || !btf_is_any_enum(t) ||
	    strcmp(name_at(v->btf, t->name_off), name) || !parse_steps(c->access, raw, &n) || n != 1 ||
	    raw[0] >= btf_vlen(t))
		return false;
	*ret = enum_value(t, raw[0]);
	return true;
}
