// SPDX-License-Identifier: Apache-2.0
/*
 * The object's own types. libbpf has seen that each type lies within the section; what types say of each other it
 * has not checked. Also the few questions that BTF of any origin is asked.
 */
#include <elf.h>
#include <string.h>

#include "verify/verify_impl.h"

#define CHAIN_MAX 32
#define BTF_BYTES_MAX (16U << 20)

const struct btf_type *type_at(const struct btf *btf, uint32_t id)
{
	return id && id < btf__type_cnt(btf) ? btf__type_by_id(btf, id) : NULL;
}

const char *name_at(const struct btf *btf, uint32_t off)
{
	const char *s = btf__name_by_offset(btf, off);

	return s ? s : "";
}

uint32_t skip_modifiers(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = type_at(btf, id);

	for (int i = 0; i < CHAIN_MAX && t; i++) {
		if (!btf_is_mod(t) && !btf_is_typedef(t) && btf_kind(t) != BTF_KIND_TYPE_TAG)
			return id;
		id = t->type;
		t = type_at(btf, id);
	}
	return 0;
}

bool type_size(const struct btf *btf, uint32_t id, uint32_t *ret)
{
	uint64_t n = 1;

	for (int i = 0; i < CHAIN_MAX; i++) {
		const struct btf_type *t = type_at(btf, skip_modifiers(btf, id));

		if (!t)
			return false;
		if (btf_is_array(t)) {
			n *= btf_array(t)->nelems;
			id = btf_array(t)->type;
		} else if (btf_is_ptr(t)) {
			n *= 8;
			*ret = (uint32_t)n;
			return n <= UINT32_MAX;
		} else if (btf_is_int(t) || btf_is_any_enum(t) || btf_is_composite(t) || btf_is_float(t)) {
			n *= t->size;
			*ret = (uint32_t)n;
			return n <= UINT32_MAX;
		} else {
			return false;
		}
		if (n > UINT32_MAX)
			return false;
	}
	return false;
}

static bool is_type(const struct btf *btf, uint32_t id)
{
	return !id || type_at(btf, id);
}

static bool is_name(const struct btf *btf, uint32_t off)
{
	return btf__str_by_offset(btf, off) != NULL;
}

static bool members_are_sound(const struct btf *btf, const struct btf_type *t)
{
	const struct btf_member *m = btf_members(t);

	for (uint32_t i = 0; i < btf_vlen(t); i++) {
		uint64_t bits = btf_kflag(t) ? BTF_MEMBER_BIT_OFFSET(m[i].offset) : m[i].offset;

		if (!is_name(btf, m[i].name_off) || !type_at(btf, m[i].type) || bits > 8ULL * t->size)
			return false;
	}
	return true;
}

static bool params_are_sound(const struct btf *btf, const struct btf_type *t)
{
	const struct btf_param *p = btf_params(t);

	for (uint32_t i = 0; i < btf_vlen(t); i++)
		if (!is_name(btf, p[i].name_off) || !is_type(btf, p[i].type))
			return false;
	return is_type(btf, t->type);
}

static bool enumerators_are_sound(const struct btf *btf, const struct btf_type *t)
{
	for (uint32_t i = 0; i < btf_vlen(t); i++)
		if (!is_name(btf, btf_is_enum(t) ? btf_enum(t)[i].name_off : btf_enum64(t)[i].name_off))
			return false;
	return true;
}

static bool variables_are_sound(const struct btf *btf, const struct btf_type *t)
{
	const struct btf_var_secinfo *s = btf_var_secinfos(t);

	for (uint32_t i = 0; i < btf_vlen(t); i++) {
		const struct btf_type *var = type_at(btf, s[i].type);

		if (!var || !btf_is_var(var) || (uint64_t)s[i].offset + s[i].size > t->size)
			return false;
	}
	return true;
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
		return variables_are_sound(btf, t);
	case BTF_KIND_ARRAY:
		return type_at(btf, btf_array(t)->type) && type_at(btf, btf_array(t)->index_type);
	case BTF_KIND_FUNC:
		proto = type_at(btf, t->type);
		return proto && btf_is_func_proto(proto);
	default: /* one reference; 0 is void */
		return is_type(btf, t->type);
	}
}

/* Values cannot lie behind a chain that never ends. */
static bool chain_ends(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = type_at(btf, id);

	for (int i = 0; i < CHAIN_MAX && t; i++) {
		if (btf_is_array(t))
			t = type_at(btf, btf_array(t)->type);
		else if (btf_is_mod(t) || btf_is_typedef(t) || btf_is_var(t) ||
			 btf_kind(t) == BTF_KIND_TYPE_TAG)
			t = type_at(btf, t->type);
		else
			return true;
	}
	return !t;
}

/* A variable of a data section has the symbol's place and size: both are believed, by libbpf and by the loader. */
static bool check_variable(struct verify *v, const char *section, const struct btf_var_secinfo *i)
{
	const char *name = name_at(v->btf, type_at(v->btf, i->type)->name_off);
	const struct symbol *s = find_symbol(v, name);
	uint32_t size = 0;

	if (!s || strcmp(v->sections.items[s->section].name, section) || s->value != i->offset ||
	    s->size != i->size || !type_size(v->btf, type_at(v->btf, i->type)->type, &size) ||
	    size != i->size)
		return finding(v, TPC_E_OBJECT_BTF,
			       "variable '%s' of section '%s' is not where its symbol is", name, section);
	return true;
}

static bool check_datasec(struct verify *v, const struct btf_type *t)
{
	const char *name = name_at(v->btf, t->name_off);
	uint32_t section = find_section(v, name), nsymbols = 0;
	const struct symbol *s;

	if (!section || is_code(&v->sections.items[section]) || t->size != v->sections.items[section].size)
		return finding(v, TPC_E_OBJECT_BTF, "its BTF tells of a section '%s' that is not there so",
			       name);
	for (uint32_t i = 0; i < btf_vlen(t); i++)
		if (!check_variable(v, name, &btf_var_secinfos(t)[i]))
			return false;
	tpc_vec_foreach (s, &v->symbols)
		nsymbols += s->section == section && s->type == STT_OBJECT;
	if (nsymbols != btf_vlen(t))
		return finding(v, TPC_E_OBJECT_BTF, "section '%s' has %u variables, and %u in its BTF", name,
			       nsymbols, btf_vlen(t));
	return true;
}

/* Each data section is told of once, and what is told of is there. */
static bool check_datasecs(struct verify *v)
{
	uint8_t *seen = tpc_new_array(v->c->arena, uint8_t, v->sections.len);

	for (uint32_t id = 1; id < btf__type_cnt(v->btf); id++) {
		const struct btf_type *t = btf__type_by_id(v->btf, id);
		uint32_t section;

		if (!btf_is_datasec(t))
			continue;
		section = find_section(v, name_at(v->btf, t->name_off));
		if (seen[section]++)
			return finding(v, TPC_E_OBJECT_BTF,
				       "its BTF tells of section '%s' twice, or of one that is not there",
				       name_at(v->btf, t->name_off));
		if (!check_datasec(v, t))
			return false;
	}
	for (uint32_t i = 1; i < v->sections.len; i++) {
		const struct section *s = &v->sections.items[i];

		if (s->flags & SHF_ALLOC && !is_code(s) && !seen[i])
			return finding(v, TPC_E_OBJECT_BTF, "its BTF does not tell of section '%s'", s->name);
	}
	return true;
}

static bool check_types(struct verify *v)
{
	const struct section *s = &v->sections.items[find_section(v, ".BTF")];

	v->btf = s->size <= BTF_BYTES_MAX ? btf__new(s->data, (uint32_t)s->size) : NULL;
	if (!v->btf)
		return finding(v, TPC_E_OBJECT_BTF, "its BTF is broken");
	for (uint32_t id = 1; id < btf__type_cnt(v->btf); id++)
		if (!type_is_sound(v->btf, btf__type_by_id(v->btf, id)) || !chain_ends(v->btf, id))
			return finding(v, TPC_E_OBJECT_BTF, "its BTF is broken: type %u", id);
	return check_datasecs(v);
}

bool check_btf(struct verify *v)
{
	check_begin(v, "btf", NULL);
	if (check_types(v))
		check_ext(v);
	return check_end(v, "%u types, %u lines, %u CO-RE relocations",
			 v->btf ? btf__type_cnt(v->btf) - 1 : 0, v->lines.len, v->relos.len);
}
