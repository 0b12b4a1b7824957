// SPDX-License-Identifier: Apache-2.0
/* CO-RE relocations, the object's side: what one asks for. The object is hostile. */
#include <string.h>

#include "verify/core_impl.h"

size_t core_plain_len(const char *name)
{
	const char *p = strstr(name, "___");

	return p && p > name && p[3] ? (size_t)(p - name) : strlen(name);
}

bool core_same_name(const char *a, const char *b)
{
	size_t n = core_plain_len(a);

	return n == core_plain_len(b) && !memcmp(a, b, n);
}

bool core_same_kind(const struct btf_type *a, const struct btf_type *b)
{
	return btf_kind(a) == btf_kind(b) || (btf_is_any_enum(a) && btf_is_any_enum(b));
}

const struct btf_type *core_bare(const struct btf *btf, uint32_t id)
{
	return type_at(btf, skip_modifiers(btf, id));
}

static bool parse_steps(const char *s, uint32_t *ret, uint32_t *n)
{
	for (*n = 0; *n < CORE_STEPS_MAX; (*n)++) {
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

const char *core_enumerator(const struct btf *btf, const struct btf_type *t, uint32_t i)
{
	return name_at(btf, btf_is_enum(t) ? btf_enum(t)[i].name_off : btf_enum64(t)[i].name_off);
}

uint64_t core_enum_value(const struct btf_type *t, uint32_t i)
{
	const struct btf_enum64 *e;

	if (btf_is_enum(t))
		return btf_kflag(t) ? (uint64_t)(int64_t)btf_enum(t)[i].val : (uint32_t)btf_enum(t)[i].val;
	e = &btf_enum64(t)[i];
	return (uint64_t)e->val_hi32 << 32 | e->val_lo32;
}

static bool walk_local(const struct btf *btf, const uint32_t *raw, uint32_t n, struct core_local *ret)
{
	uint32_t id = ret->type;

	ret->steps[ret->nsteps++] = (struct core_step){ .index = raw[0] };
	for (uint32_t i = 1; i < n; i++) {
		const struct btf_type *t = core_bare(btf, id);
		const struct btf_member *m;

		if (t && btf_is_composite(t) && raw[i] < btf_vlen(t)) {
			m = &btf_members(t)[raw[i]];
			/* Anonymous ones on the way are looked through on the kernel's side. */
			if (*name_at(btf, m->name_off))
				ret->steps[ret->nsteps++] = (struct core_step){ raw[i],
										name_at(btf, m->name_off),
										skip_modifiers(btf, id) };
			id = m->type;
		} else if (t && btf_is_array(t) && (raw[i] < btf_array(t)->nelems || !btf_array(t)->nelems)) {
			ret->steps[ret->nsteps++] = (struct core_step){ .index = raw[i] };
			id = btf_array(t)->type;
		} else {
			return false;
		}
	}
	ret->end = id;
	return true;
}

bool core_read_local(const struct btf *btf, const struct core_relo *c, struct core_local *ret)
{
	const struct btf_type *t;
	uint32_t raw[CORE_STEPS_MAX], n;

	*ret = (struct core_local){ .relo = c->kind, .type = skip_modifiers(btf, c->type) };
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
		ret->enumerator = core_enumerator(btf, t, raw[0]);
		return true;
	default:
		return false;
	}
}

bool core_is_known(const struct verify *v, const struct core_relo *c)
{
	struct core_local l;

	return core_read_local(v->btf, c, &l);
}

bool core_asks_enum(const struct verify *v, const struct core_relo *c, const char *name, uint64_t *ret)
{
	const struct btf_type *t = core_bare(v->btf, c->type);
	uint32_t raw[CORE_STEPS_MAX], n;

	if (c->kind != BPF_CORE_ENUMVAL_EXISTS || !t || !btf_is_any_enum(t) ||
	    strcmp(name_at(v->btf, t->name_off), name) || !parse_steps(c->access, raw, &n) || n != 1 ||
	    raw[0] >= btf_vlen(t))
		return false;
	*ret = core_enum_value(t, raw[0]);
	return true;
}
