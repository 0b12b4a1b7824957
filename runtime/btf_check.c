// SPDX-License-Identifier: Apache-2.0
#include "btf_check.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>

#define CHAIN_MAX 32 /* as libbpf's own limit where it has one */

static bool is_type(const struct btf *btf, uint32_t id)
{
	return id < btf__type_cnt(btf);
}

static bool is_name(const struct btf *btf, uint32_t off)
{
	return btf__str_by_offset(btf, off) != NULL;
}

static bool members_are_sound(const struct btf *btf, const struct btf_type *t)
{
	const struct btf_member *m = btf_members(t);

	for (uint16_t i = 0; i < btf_vlen(t); i++)
		if (!is_name(btf, m[i].name_off) || !is_type(btf, m[i].type) || !m[i].type)
			return false;
	return true;
}

static bool enumerators_are_sound(const struct btf *btf, const struct btf_type *t)
{
	for (uint16_t i = 0; i < btf_vlen(t); i++)
		if (!is_name(btf, btf_is_enum(t) ? btf_enum(t)[i].name_off : btf_enum64(t)[i].name_off))
			return false;
	return true;
}

static bool params_are_sound(const struct btf *btf, const struct btf_type *t)
{
	const struct btf_param *p = btf_params(t);

	for (uint16_t i = 0; i < btf_vlen(t); i++)
		if (!is_name(btf, p[i].name_off) || !is_type(btf, p[i].type))
			return false;
	return is_type(btf, t->type);
}

static bool section_is_sound(const struct btf *btf, const struct btf_type *t)
{
	const struct btf_var_secinfo *v = btf_var_secinfos(t);
	const struct btf_type *var;

	for (uint16_t i = 0; i < btf_vlen(t); i++) {
		var = is_type(btf, v[i].type) ? btf__type_by_id(btf, v[i].type) : NULL;
		if (!var || !(btf_is_var(var) || btf_is_func(var)))
			return false;
	}
	return true;
}

static bool array_is_sound(const struct btf *btf, const struct btf_type *t)
{
	const struct btf_array *a = btf_array(t);

	return a->type && is_type(btf, a->type) && is_type(btf, a->index_type);
}

/* Modifiers, typedefs, arrays, variables: a value cannot lie behind a chain that never ends. */
static bool chain_ends(const struct btf *btf, const struct btf_type *t)
{
	for (int i = 0; i < CHAIN_MAX && t; i++) {
		if (btf_is_array(t))
			t = btf__type_by_id(btf, btf_array(t)->type);
		else if (btf_is_mod(t) || btf_is_typedef(t) || btf_is_var(t) || btf_is_type_tag(t))
			t = btf__type_by_id(btf, t->type);
		else
			return true;
	}
	return false;
}

static bool type_is_sound(const struct btf *btf, const struct btf_type *t)
{
	const struct btf_type *proto;

	if (!is_name(btf, t->name_off))
		return false;
	switch (btf_kind(t)) {
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
	case BTF_KIND_FWD:
		return true;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return members_are_sound(btf, t);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return enumerators_are_sound(btf, t);
	case BTF_KIND_FUNC_PROTO:
		return params_are_sound(btf, t);
	case BTF_KIND_DATASEC:
		return section_is_sound(btf, t);
	case BTF_KIND_ARRAY:
		return array_is_sound(btf, t);
	case BTF_KIND_FUNC:
		proto = is_type(btf, t->type) ? btf__type_by_id(btf, t->type) : NULL;
		return proto && btf_is_func_proto(proto);
	default: /* one reference; 0 is void */
		return is_type(btf, t->type);
	}
}

int btf_check(const void *raw, size_t len, struct rt_error *e)
{
	struct btf *btf = len <= UINT32_MAX ? btf__new(raw, (uint32_t)len) : NULL;
	const struct btf_type *t;
	int err = 0;

	if (!btf)
		return rt_fail(e, RT_INPUT, -EINVAL, "broken BTF");
	for (uint32_t id = 1; id < btf__type_cnt(btf) && !err; id++)
		if (!type_is_sound(btf, btf__type_by_id(btf, id)))
			err = rt_fail(e, RT_INPUT, -EINVAL, "broken BTF: type %u", id);
	for (uint32_t id = 1; id < btf__type_cnt(btf) && !err; id++) {
		t = btf__type_by_id(btf, id);
		if ((btf_is_mod(t) || btf_is_typedef(t) || btf_is_var(t) || btf_is_array(t)) &&
		    !chain_ends(btf, t))
			err = rt_fail(e, RT_INPUT, -EINVAL, "broken BTF: type %u leads nowhere", id);
	}
	btf__free(btf);
	return err;
}
