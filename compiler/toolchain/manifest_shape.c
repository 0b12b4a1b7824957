// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/buf.h"
#include "toolchain/manifest_shape.h"

#define SHOWN_MAX 64 /* bytes of a hostile text that a message repeats */

static const char *const type_names[] = {
	[SHAPE_STRING] = "a string", [SHAPE_INT] = "an integer",   [SHAPE_BOOL] = "true or false",
	[SHAPE_ARRAY] = "a list",    [SHAPE_OBJECT] = "an object",
};

bool manifest_bad(struct object_reader *r, const char *where, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tpc_error(&r->c->diags, TPC_NOWHERE, TPC_E_MANIFEST, "%s: manifest%s%s: %s", r->name,
		  *where ? " " : "", where, tpc_vsprintf(r->c->arena, fmt, ap));
	va_end(ap);
	return false;
}

static bool has_type(const json_t *j, enum shape_type t)
{
	switch (t) {
	case SHAPE_STRING:
		return json_is_string(j);
	case SHAPE_INT:
		return json_is_integer(j);
	case SHAPE_BOOL:
		return json_is_boolean(j);
	case SHAPE_ARRAY:
		return json_is_array(j);
	case SHAPE_OBJECT:
		return json_is_object(j);
	}
	return false;
}

static bool check_word(struct object_reader *r, const char *where, const char *s, const char *const *words)
{
	struct tpc_buf all = TPC_BUF(r->c->arena);

	for (const char *const *w = words; *w; w++) {
		if (!strcmp(*w, s))
			return true;
		tpc_buf_printf(&all, "%s%s", w == words ? "" : ", ", *w);
	}
	return manifest_bad(r, where, "'%.*s' is none of %s", SHOWN_MAX, s, tpc_buf_text(&all));
}

static bool check_string(struct object_reader *r, const char *where, const json_t *j, int64_t max)
{
	size_t len = json_string_length(j);

	if (len > (size_t)max)
		return manifest_bad(r, where, "%zu bytes, more than %lld", len, (long long)max);
	/* C strings from here on: one that ends early would be read as something else. */
	if (strlen(json_string_value(j)) != len)
		return manifest_bad(r, where, "holds a NUL");
	return true;
}

static bool check_value(struct object_reader *r, const char *where, const json_t *j,
			const struct shape_key *k)
{
	if (!has_type(j, k->type))
		return manifest_bad(r, where, "must be %s", type_names[k->type]);
	if (k->type == SHAPE_STRING)
		return check_string(r, where, j, k->hi) &&
		       (!k->words || check_word(r, where, json_string_value(j), k->words));
	if (k->type == SHAPE_INT && (json_integer_value(j) < k->lo || json_integer_value(j) > k->hi))
		return manifest_bad(r, where, "%lld is not in %lld to %lld", (long long)json_integer_value(j),
				    (long long)k->lo, (long long)k->hi);
	if (k->type == SHAPE_ARRAY &&
	    (json_array_size(j) < (size_t)k->lo || json_array_size(j) > (size_t)k->hi))
		return manifest_bad(r, where, "has %zu items, not %lld to %lld", json_array_size(j),
				    (long long)k->lo, (long long)k->hi);
	return true;
}

static bool is_known(const char *key, const struct shape_key *keys)
{
	for (; keys->name; keys++)
		if (!strcmp(keys->name, key))
			return true;
	return false;
}

bool shape_check(struct object_reader *r, const char *where, json_t *j, const struct shape_key *keys,
		 bool lenient)
{
	const char *key;
	json_t *v;

	if (!json_is_object(j))
		return manifest_bad(r, where, "must be an object");
	for (const struct shape_key *k = keys; k->name; k++) {
		const char *at = tpc_sprintf(r->c->arena, "%s%s%s", where, *where ? "." : "", k->name);

		v = json_object_get(j, k->name);
		if (!v && !k->optional)
			return manifest_bad(r, at, "is missing");
		if (v && !check_value(r, at, v, k))
			return false;
	}
	json_object_foreach (j, key, v)
		if (!lenient && !is_known(key, keys))
			return manifest_bad(r, where, "unknown key '%.*s'", SHOWN_MAX, key);
	return true;
}

bool shape_strings(struct object_reader *r, const char *where, json_t *list, size_t max)
{
	size_t i;
	json_t *v;

	json_array_foreach (list, i, v) {
		const char *at = tpc_sprintf(r->c->arena, "%s[%zu]", where, i);

		if (!json_is_string(v))
			return manifest_bad(r, at, "must be a string");
		if (!check_string(r, at, v, (int64_t)max))
			return false;
	}
	return true;
}

const char *shape_str(const json_t *j, const char *key)
{
	return json_string_value(json_object_get(j, key));
}

int64_t shape_int(const json_t *j, const char *key)
{
	return json_integer_value(json_object_get(j, key));
}
