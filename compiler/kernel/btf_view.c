// SPDX-License-Identifier: Apache-2.0
/*
 * Types by the ids that are handed out. libbpf has seen that each type lies within the file; what types say
 * of each other it has not checked, so every id, name and size goes through here.
 */
#include "kernel/kernel_impl.h"

#include <stdint.h>

bool btf_view(struct kernel *k, uint32_t id, struct btf_view *ret)
{
	for (uint32_t i = 0; id && i < k->btfs.len; i++) {
		struct kernel_btf *b = k->btfs.items[i];

		if (!b->btf || id < b->first || id - b->first >= b->n)
			continue;
		ret->b = b;
		ret->t = btf__type_by_id(b->btf, b->local + (id - b->first));
		return ret->t;
	}
	return false;
}

uint32_t btf_global(const struct kernel_btf *b, uint32_t local)
{
	/* Ids below a module's own are those of vmlinux, which go out as they are. */
	if (local < b->local)
		return local;
	return local - b->local < b->n ? b->first + (local - b->local) : 0;
}

const char *btf_text(const struct kernel_btf *b, uint32_t off)
{
	const char *s = btf__name_by_offset(b->btf, off);

	return s ? s : "";
}

const char *btf_view_name(const struct btf_view *v)
{
	return btf_text(v->b, v->t->name_off);
}

static uint32_t skip(struct kernel *k, uint32_t id, bool typedefs)
{
	struct btf_view v;

	for (int i = 0; i < HOPS_MAX; i++) {
		if (!btf_view(k, id, &v))
			return 0;
		switch (btf_kind(v.t)) {
		case BTF_KIND_TYPEDEF:
			if (!typedefs)
				return id;
			break;
		case BTF_KIND_CONST:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_RESTRICT:
		case BTF_KIND_TYPE_TAG:
			break;
		default:
			return id;
		}
		id = btf_global(v.b, v.t->type);
	}
	return 0;
}

uint32_t btf_skip_qualifiers(struct kernel *k, uint32_t id)
{
	return skip(k, id, false);
}

uint32_t btf_skip_typedefs(struct kernel *k, uint32_t id)
{
	return skip(k, id, true);
}

bool btf_size(struct kernel *k, uint32_t id, uint32_t *ret)
{
	uint64_t n = 1;
	struct btf_view v;

	for (int i = 0; i < HOPS_MAX; i++) {
		if (!btf_view(k, btf_skip_typedefs(k, id), &v))
			return false;
		switch (btf_kind(v.t)) {
		case BTF_KIND_INT:
		case BTF_KIND_FLOAT:
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
			n *= v.t->size;
			break;
		case BTF_KIND_PTR:
			n *= 8; /* of every kernel that Tetragon runs on */
			break;
		case BTF_KIND_ARRAY:
			n *= btf_array(v.t)->nelems;
			id = btf_global(v.b, btf_array(v.t)->type);
			if (n > UINT32_MAX)
				return false;
			continue;
		default:
			return false;
		}
		*ret = (uint32_t)n;
		return n <= UINT32_MAX;
	}
	return false;
}

static enum kernel_shape_kind shape_kind(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_INT:
		return KERNEL_SHAPE_NUMBER;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return KERNEL_SHAPE_ENUM;
	case BTF_KIND_PTR:
		return KERNEL_SHAPE_POINTER;
	case BTF_KIND_STRUCT:
		return KERNEL_SHAPE_STRUCT;
	case BTF_KIND_UNION:
		return KERNEL_SHAPE_UNION;
	case BTF_KIND_ARRAY:
		return KERNEL_SHAPE_ARRAY;
	default:
		return KERNEL_SHAPE_OTHER;
	}
}

/* Alone, without its elements. False: it has no shape. */
static bool one_shape(struct kernel *k, uint32_t id, struct kernel_shape *ret, struct btf_view *v)
{
	*ret = (struct kernel_shape){ 0 };
	id = btf_skip_typedefs(k, id);
	if (!btf_view(k, id, v) || !btf_size(k, id, &ret->size))
		return false;
	ret->kind = shape_kind(v->t);
	if (btf_is_int(v->t))
		ret->is_signed = btf_int_encoding(v->t) & BTF_INT_SIGNED;
	else if (btf_is_any_enum(v->t))
		ret->is_signed = btf_kflag(v->t);
	else if (btf_is_array(v->t))
		ret->nelems = btf_array(v->t)->nelems;
	return true;
}

void btf_shape(struct kernel *k, uint32_t id, struct kernel_shape *ret, struct kernel_shape *element)
{
	struct btf_view v, inner;

	*element = (struct kernel_shape){ 0 };
	if (one_shape(k, id, ret, &v) && btf_is_array(v.t))
		one_shape(k, btf_global(v.b, btf_array(v.t)->type), element, &inner);
}

struct btf_place btf_member_place(struct kernel *k, const struct btf_view *v, uint32_t i)
{
	const struct btf_member *m = &btf_members(v->t)[i];
	struct btf_place p = { .bits = m->offset };
	struct btf_view type;

	if (btf_kflag(v->t)) {
		p.bits = BTF_MEMBER_BIT_OFFSET(m->offset);
		p.bit_size = BTF_MEMBER_BITFIELD_SIZE(m->offset);
		return p;
	}
	/* Old BTF has bitfields in their integer's type. */
	if (btf_view(k, btf_skip_typedefs(k, btf_global(v->b, m->type)), &type) && btf_is_int(type.t) &&
	    (btf_int_offset(type.t) || btf_int_bits(type.t) != 8 * (uint64_t)type.t->size)) {
		p.bits += btf_int_offset(type.t);
		p.bit_size = btf_int_bits(type.t);
	}
	return p;
}
