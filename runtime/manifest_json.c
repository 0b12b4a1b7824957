// SPDX-License-Identifier: Apache-2.0
#include "manifest_json.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

bool reader_bad(struct reader *r, const char *key, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	if (r->err)
		return false;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	r->err = rt_fail(r->e, RT_INPUT, -EINVAL, "manifest: %s%s%s: %s", r->where,
			 r->where[0] && key[0] ? "." : "", key, what);
	return false;
}

static const json_t *member(struct reader *r, const json_t *obj, const char *key, bool opt)
{
	const json_t *v = json_object_get(obj, key);

	if (!v && !opt)
		reader_bad(r, key, "is missing");
	return v;
}

static const char *text_of(struct reader *r, const json_t *v, const char *key)
{
	const char *s;

	if (!json_is_string(v)) {
		reader_bad(r, key, "expected a string");
		return NULL;
	}
	s = rt_strdup(&r->m->pool, json_string_value(v), json_string_length(v));
	if (!s && !r->err)
		r->err = rt_fail(r->e, RT_ENVIRONMENT, -ENOMEM, "out of memory");
	return s;
}

const char *read_text(struct reader *r, const json_t *obj, const char *key)
{
	const json_t *v = member(r, obj, key, false);
	const char *s = v ? text_of(r, v, key) : NULL;

	if (s && !s[0])
		reader_bad(r, key, "is empty");
	return s;
}

const char *read_text_opt(struct reader *r, const json_t *obj, const char *key)
{
	const json_t *v = member(r, obj, key, true);

	return v ? text_of(r, v, key) : NULL;
}

static int64_t int_of(struct reader *r, const json_t *v, const char *key, int64_t min, int64_t max)
{
	int64_t n;

	if (!json_is_integer(v)) {
		reader_bad(r, key, "expected an integer");
		return min;
	}
	n = json_integer_value(v);
	if (n < min || n > max) {
		reader_bad(r, key, "%lld is not in %lld..%lld", (long long)n, (long long)min, (long long)max);
		return min;
	}
	return n;
}

int64_t read_int(struct reader *r, const json_t *obj, const char *key, int64_t min, int64_t max)
{
	const json_t *v = member(r, obj, key, false);

	return v ? int_of(r, v, key, min, max) : min;
}

int64_t read_int_opt(struct reader *r, const json_t *obj, const char *key, int64_t min, int64_t max,
		     int64_t def)
{
	const json_t *v = member(r, obj, key, true);

	return v ? int_of(r, v, key, min, max) : def;
}

bool read_bool_opt(struct reader *r, const json_t *obj, const char *key)
{
	const json_t *v = member(r, obj, key, true);

	if (v && !json_is_boolean(v))
		return reader_bad(r, key, "expected true or false");
	return v && json_is_true(v);
}

const json_t *read_object(struct reader *r, const json_t *obj, const char *key)
{
	const json_t *v = member(r, obj, key, false);

	if (v && !json_is_object(v)) {
		reader_bad(r, key, "expected an object");
		return NULL;
	}
	return v;
}

unsigned read_word(struct reader *r, const json_t *obj, const char *key, const char *const names[])
{
	const char *s = read_text(r, obj, key);

	for (unsigned i = 0; s && names[i]; i++)
		if (strcmp(s, names[i]) == 0)
			return i;
	if (s)
		reader_bad(r, key, "unknown word '%.40s'", s);
	return 0;
}

/* The list itself, NULL when there is nothing to walk through. */
static const json_t *list_of(struct reader *r, const json_t *obj, const char *key, size_t min)
{
	const json_t *v = member(r, obj, key, min == 0);

	if (!v)
		return NULL;
	if (!json_is_array(v))
		reader_bad(r, key, "expected a list");
	else if (json_array_size(v) < min)
		reader_bad(r, key, "needs at least %zu", min);
	else if (json_array_size(v) > MANIFEST_ITEMS_MAX)
		reader_bad(r, key, "has more than %d items", MANIFEST_ITEMS_MAX);
	else
		return v;
	return NULL;
}

/* An array in the pool, or NULL and the fault noted. */
static void *array_of(struct reader *r, size_t count, size_t size)
{
	void *p = rt_alloc(&r->m->pool, count, size);

	if (!p && !r->err)
		r->err = rt_fail(r->e, RT_ENVIRONMENT, -ENOMEM, "out of memory");
	return p;
}

void reader_enter(struct reader *r, const char *key, long i, struct reader_place *p)
{
	const char *dot = r->where[0] ? "." : "";

	memcpy(p->was, r->where, sizeof(p->was));
	if (i < 0)
		snprintf(r->where, sizeof(r->where), "%.80s%s%.20s", p->was, dot, key);
	else
		snprintf(r->where, sizeof(r->where), "%.80s%s%.20s[%u]", p->was, dot, key, (unsigned)i);
}

void reader_leave(struct reader *r, const struct reader_place *p)
{
	memcpy(r->where, p->was, sizeof(p->was));
}

void *read_list(struct reader *r, const json_t *obj, const char *key, size_t min, size_t size,
		read_item *item, size_t *n)
{
	const json_t *list = list_of(r, obj, key, min), *v;
	struct reader_place place;
	char *items;

	*n = 0;
	if (!list || r->err)
		return NULL;
	items = array_of(r, json_array_size(list), size);
	for (size_t i = 0; items && i < json_array_size(list) && !r->err; i++) {
		reader_enter(r, key, (long)i, &place);
		v = json_array_get(list, i);
		if (json_is_object(v))
			item(r, v, items + i * size);
		else
			reader_bad(r, "", "expected an object");
		reader_leave(r, &place);
		*n = i + 1;
	}
	return items;
}

const char **read_texts(struct reader *r, const json_t *obj, const char *key, size_t *n)
{
	const json_t *list = list_of(r, obj, key, 0);
	const char **texts;

	*n = 0;
	if (!list || r->err)
		return NULL;
	texts = array_of(r, json_array_size(list), sizeof(*texts));
	for (size_t i = 0; texts && i < json_array_size(list) && !r->err; i++) {
		texts[i] = text_of(r, json_array_get(list, i), key);
		*n = i + 1;
	}
	return texts;
}
