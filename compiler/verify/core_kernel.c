// SPDX-License-Identifier: Apache-2.0
/* CO-RE relocations, the kernel's side: members by name through anonymous structs and unions. Its BTF is hostile. */
#include <string.h>

#include "verify/core_impl.h"

#define NESTING_MAX 32
#define WORK_MAX (1U << 20) /* members that one relocation may look at */

static uint64_t member_bits(const struct btf_type *t, uint32_t i)
{
	uint32_t off = btf_members(t)[i].offset;

	return btf_kflag(t) ? BTF_MEMBER_BIT_OFFSET(off) : off;
}

static bool fields_fit(const struct core_match *m, uint32_t local, uint32_t kernel)
{
	for (int i = 0; i < NESTING_MAX; i++) {
		const struct btf_type *a = core_bare(m->local, local), *b = core_bare(m->kernel, kernel);
		const char *x, *y;

		if (!a || !b)
			return !a && !b;
		if (btf_is_composite(a) && btf_is_composite(b))
			return true;
		if (!core_same_kind(a, b))
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
			return !*x || !*y || core_same_name(x, y);
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
static int find_member(struct core_match *m, uint32_t kernel, const char *name, uint32_t local_type,
		       int nesting, struct core_target *ret)
{
	const struct btf_type *t = core_bare(m->kernel, kernel);

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
			struct core_target inner = { ret->bits + bits, 0 };

			found = find_member(m, k->type, name, local_type, nesting + 1, &inner);
			if (found) {
				*ret = inner;
				return found;
			}
		} else if (!strcmp(has, name)) {
			*ret = (struct core_target){ ret->bits + bits, k->type };
			return fields_fit(m, local_type, k->type) ? 1 : -1;
		}
	}
	return 0;
}

static uint32_t member_type(const struct btf *btf, const struct core_step *a)
{
	const struct btf_type *t = type_at(btf, a->owner);

	return t && btf_is_composite(t) && a->index < btf_vlen(t) ? btf_members(t)[a->index].type : 0;
}

bool core_follow(struct verify *v, struct core_match *m, const struct core_local *l, uint32_t id,
		 struct core_target *ret, const char **why)
{
	uint32_t size;

	*ret = (struct core_target){ 0, id };
	for (uint32_t i = 0; i < l->nsteps; i++) {
		const struct core_step *a = &l->steps[i];
		const struct btf_type *t;
		int found;

		if (a->name) {
			const struct btf_type *owner = core_bare(m->kernel, ret->type);
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
		t = core_bare(m->kernel, ret->type);
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

bool core_sizes_fit(const struct core_match *m, const struct core_local *l, const struct core_target *t,
		    bool is_memory)
{
	const struct btf_type *a = core_bare(m->local, l->end), *b = core_bare(m->kernel, t->type);
	uint32_t x, y;

	if (!is_memory || !a || !b)
		return true;
	if (!type_size(m->local, l->end, &x) || !type_size(m->kernel, t->type, &y) || x == y)
		return true;
	return (btf_is_ptr(a) && btf_is_ptr(b)) ||
	       (btf_is_int(a) && btf_is_int(b) && !(btf_int_encoding(a) & BTF_INT_SIGNED) &&
		!(btf_int_encoding(b) & BTF_INT_SIGNED) && y <= 8);
}
