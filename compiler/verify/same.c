// SPDX-License-Identifier: Apache-2.0
/* The proof that a policy gives these bytes: they are compared with what this compiler makes of it. */
#include <string.h>

#include "verify/verify_impl.h"

#include <tpc/abi.h>

/* @func of instruction @insn, or "". */
static const char *func_name(const struct verify *v, const struct section *s, uint32_t insn)
{
	return s->owner && insn < s->ninsns && s->owner[insn] ? v->funcs.items[s->owner[insn] - 1].name : "";
}

static const char *compiler_of(const struct verify *v, const struct section *s)
{
	json_t *j = json_loadb((const char *)s->data, s->size - 1, JSON_REJECT_DUPLICATES, NULL);
	const json_t *c = json_object_get(j, "compiler");
	const char *version = json_string_value(json_object_get(c, "version"));
	const char *templates = json_string_value(json_object_get(c, "templates"));
	const char *ret = tpc_sprintf(v->c->arena, "tpc %s, templates %s, -O%d", version ? version : "?",
				      templates ? templates : "?",
				      (int)json_integer_value(json_object_get(c, "opt")));

	json_decref(j);
	return ret;
}

static void tell_bytes(struct verify *v, uint32_t number, const struct section *a, const struct section *b)
{
	uint64_t n = a->size < b->size ? a->size : b->size, at = 0;

	while (at < n && a->data[at] == b->data[at])
		at++;
	if (is_code(a))
		finding_at(v, number, (uint32_t)(at / INSN_SIZE), TPC_E_OBJECT_NOT_REPRODUCED,
			   "section '%s' differs first at instruction %llu of function '%s'", a->name,
			   (unsigned long long)at / INSN_SIZE, func_name(v, a, (uint32_t)(at / INSN_SIZE)));
	else
		finding(v, TPC_E_OBJECT_NOT_REPRODUCED, "section '%s' differs first at byte %llu", a->name,
			(unsigned long long)at);
}

static bool is_equal(const struct section *a, const struct section *b)
{
	return a->size == b->size && !memcmp(a->data, b->data, a->size);
}

/* The manifest tells best what kind of difference it is: another policy, or another compiler. */
static bool tell_manifest(struct verify *v, const struct verify *w)
{
	const struct section *a = &v->sections.items[find_section(v, TPC_MANIFEST_SECTION)];
	const struct section *b = &w->sections.items[find_section(w, TPC_MANIFEST_SECTION)];
	const char *ca, *cb;

	if (is_equal(a, b))
		return false;
	ca = compiler_of(v, a);
	cb = compiler_of(v, b);
	if (strcmp(ca, cb))
		finding(v, TPC_E_OBJECT_NOT_REPRODUCED,
			"it was made by another compiler, or with other options: '%s', and this is '%s'", ca,
			cb);
	else
		tell_bytes(v, find_section(v, TPC_MANIFEST_SECTION), a, b);
	return true;
}

static void tell_sections(struct verify *v, const struct verify *w)
{
	for (uint32_t i = 1; i < v->sections.len; i++) {
		const struct section *a = &v->sections.items[i], *b;
		uint32_t other = find_section(w, a->name);

		/* The digest differs whenever anything does. */
		if (!strcmp(a->name, TPC_DIGEST_SECTION))
			continue;
		b = &w->sections.items[other];
		if (!other) {
			finding(v, TPC_E_OBJECT_NOT_REPRODUCED, "the policies give no section '%s'", a->name);
			return;
		}
		if (!is_equal(a, b)) {
			tell_bytes(v, i, a, b);
			return;
		}
	}
	finding(v, TPC_E_OBJECT_NOT_REPRODUCED,
		"the policies give other sections, or the same in another order");
}

void check_same(struct verify *v)
{
	struct verify_report unused = { 0 };
	struct verify w = { .c = v->c, .o = v->o, .r = &unused, .len = v->o->expected_len };
	const unsigned char *bytes = v->o->expected;

	check_begin(v, "policy", NULL);
	if (v->len == w.len && !memcmp(v->data, bytes, w.len)) {
		check_end(v, "the policies give these %zu bytes", v->len);
		return;
	}
	w.data = memcpy(tpc_arena_alloc(v->c->arena, w.len, 16), bytes, w.len);
	if (!check_structure(&w))
		finding(v, TPC_E_OBJECT_NOT_REPRODUCED, "the policies give another object");
	else if (!tell_manifest(v, &w))
		tell_sections(v, &w);
	check_end(v, " ");
}
