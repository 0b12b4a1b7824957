// SPDX-License-Identifier: Apache-2.0
/* The differences for programs: the object that docs/diff.md describes. */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/utf8.h"
#include "pdiff/impl.h"

static const char *effect_name(enum pdiff_effect e)
{
	static const char *const names[] = { "same", "narrower", "different", "may-be-wider", "wider" };

	return names[e];
}

static json_t *text(const char *s)
{
	return s ? json_string(s) : json_null();
}

static json_t *texts(const char *const *items, uint32_t n)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(items[i]));
	return list;
}

static json_t *number(uint32_t n)
{
	return n ? json_integer(n) : json_null();
}

static void set_enforcement(json_t *o, enum pdiff_effect e)
{
	json_object_set_new(o, "enforcement", json_string(effect_name(e)));
	json_object_set_new(o, "widens_enforcement", json_boolean(pdiff_widens(e)));
}

static json_t *change(const struct pdiff_change *c)
{
	json_t *o = json_object();

	json_object_set_new(o, "kind", json_string(c->kind));
	json_object_set_new(o, "old_selector", number(c->old_selector));
	json_object_set_new(o, "new_selector", number(c->new_selector));
	json_object_set_new(o, "at_return", json_boolean(c->at_return));
	json_object_set_new(o, "subject", text(c->subject));
	json_object_set_new(o, "text", json_string(c->text));
	json_object_set_new(o, "added", texts(c->added.items, c->added.len));
	json_object_set_new(o, "removed", texts(c->removed.items, c->removed.len));
	json_object_set_new(o, "effect", json_string(effect_name(c->effect)));
	set_enforcement(o, c->enforcement);
	return o;
}

static json_t *changes(const struct pdiff_change *items, uint32_t n)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(list, change(&items[i]));
	return list;
}

static const char *status_name(enum pdiff_status s)
{
	static const char *const names[] = { "changed", "added", "removed", "renamed" };

	return names[s];
}

static json_t *hook(const struct pdiff_hook *h)
{
	json_t *o = json_object();

	json_object_set_new(o, "kind", json_string(h->kind));
	json_object_set_new(o, "name", json_string(h->target));
	json_object_set_new(o, "status", json_string(status_name(h->status)));
	json_object_set_new(o, "old_line", number(h->old_line));
	json_object_set_new(o, "new_line", number(h->new_line));
	set_enforcement(o, h->enforcement);
	json_object_set_new(o, "changes", changes(h->changes.items, h->changes.len));
	return o;
}

/* Names of files may hold any byte, JSON may not. */
static json_t *file_name(const char *s, struct tpc_arena *a)
{
	struct tpc_buf b = TPC_BUF(a);
	uint32_t ch;

	for (size_t i = 0, len = strlen(s); i < len;) {
		unsigned n = tpc_utf8_decode(s + i, len - i, &ch);

		if (n)
			tpc_buf_add(&b, s + i, n);
		else
			tpc_buf_printf(&b, "\\x%02x", (unsigned char)s[i]);
		i += n ? n : 1;
	}
	return json_string(tpc_buf_text(&b));
}

static json_t *place(const struct pdiff_place *p, struct tpc_arena *a)
{
	json_t *o;

	if (!p->file)
		return json_null();
	o = json_object();
	json_object_set_new(o, "file", file_name(p->file, a));
	json_object_set_new(o, "line", number(p->line));
	return o;
}

static json_t *policy(const struct pdiff_policy *p, struct tpc_arena *a)
{
	json_t *o = json_object(), *hooks = json_array();
	const struct pdiff_hook *h;

	json_object_set_new(o, "name", json_string(p->name));
	json_object_set_new(o, "namespace", text(p->ns));
	json_object_set_new(o, "status", json_string(status_name(p->status)));
	json_object_set_new(o, "old_name", text(p->old_name));
	json_object_set_new(o, "old", place(&p->old, a));
	json_object_set_new(o, "new", place(&p->new, a));
	set_enforcement(o, p->enforcement);
	json_object_set_new(o, "changes", changes(p->changes.items, p->changes.len));
	tpc_vec_foreach (h, &p->hooks)
		json_array_append_new(hooks, hook(h));
	json_object_set_new(o, "hooks", hooks);
	return o;
}

static int put(const char *data, size_t len, void *out)
{
	tpc_buf_add(out, data, len);
	return 0;
}

int pdiff_json(const struct pdiff *d, struct tpc_buf *out)
{
	json_t *o = json_object(), *list = json_array();
	const struct pdiff_policy *p;
	int r;

	json_object_set_new(o, "differs", json_boolean(d->policies.len));
	set_enforcement(o, d->enforcement);
	tpc_vec_foreach (p, &d->policies)
		json_array_append_new(list, policy(p, out->arena));
	json_object_set_new(o, "policies", list);
	r = json_dump_callback(o, put, out, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	tpc_buf_putc(out, '\n');
	json_decref(o);
	return r ? -ENOMEM : 0;
}
