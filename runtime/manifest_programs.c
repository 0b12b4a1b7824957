// SPDX-License-Identifier: Apache-2.0
/* Programs of the manifest with their variants, the trackers, and the tracepoint fields. */
#include <errno.h>
#include <string.h>

#include "manifest_json.h"

static const char *const attach_names[] = { "kprobe",	  "fentry", "fmod_ret", "lsm",
					    "tracepoint", "tp_btf", NULL };

const char *attach_kind_name(enum attach_kind k)
{
	return k < ATTACH_KINDS ? attach_names[k] : "?";
}

static void read_param(struct reader *r, const json_t *obj, void *slot)
{
	struct manifest_param *p = slot;

	p->index = (uint32_t)read_int(r, obj, "index", 0, 255);
	p->type = read_text_opt(r, obj, "struct");
	if (!p->type && !read_bool_opt(r, obj, "scalar"))
		reader_bad(r, "struct", "is missing");
}

/* Function, hook or "subsystem/event": words of the kernel, nothing that could lead elsewhere in a file tree. */
static bool target_is_sound(const char *s, bool tracepoint)
{
	size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$-");

	if (n == 0 || n > 127 || s[0] == '.')
		return false;
	if (!tracepoint)
		return s[n] == '\0';
	return s[n] == '/' && target_is_sound(s + n + 1, false);
}

static void read_variant_common(struct reader *r, const json_t *obj, struct manifest_variant *v)
{
	v->program = read_text(r, obj, "program");
	v->attach = (enum attach_kind)read_word(r, obj, "attach", attach_names);
	v->target = read_text(r, obj, "target");
	if (!r->err && !target_is_sound(v->target, v->attach == ATTACH_TRACEPOINT))
		reader_bad(r, "target", "'%.60s' names nothing in a kernel", v->target);
}

static void read_variant(struct reader *r, const json_t *obj, void *slot)
{
	struct manifest_variant *v = slot;

	read_variant_common(r, obj, v);
	if (!r->err && v->attach == ATTACH_TP_BTF)
		reader_bad(r, "attach", "'tp_btf' is for trackers");
	v->params = read_list(r, obj, "params", 0, sizeof(*v->params), read_param, &v->nparams);
	v->overrides = read_bool_opt(r, obj, "overrides");
}

void read_tracker(struct reader *r, const json_t *obj, void *slot)
{
	struct manifest_variant *v = slot;

	read_variant_common(r, obj, v);
	if (!r->err && v->attach != ATTACH_TP_BTF)
		reader_bad(r, "attach", "expected 'tp_btf'");
}

static void read_program_hooks(struct reader *r, const json_t *obj, struct manifest_program *p)
{
	const json_t *list = json_object_get(obj, "hooks"), *v;
	size_t n = json_array_size(list);

	if (!json_is_array(list) || n == 0 || n > MANIFEST_ITEMS_MAX) {
		reader_bad(r, "hooks", "expected a list of hook numbers");
		return;
	}
	p->hooks = rt_alloc(&r->m->pool, n, sizeof(struct manifest_hook *));
	if (!p->hooks) {
		r->err = rt_fail(r->e, RT_ENVIRONMENT, -ENOMEM, "out of memory");
		return;
	}
	for (p->nhooks = 0; p->nhooks < n; p->nhooks++) {
		v = json_array_get(list, p->nhooks);
		if (!json_is_integer(v) || json_integer_value(v) < 0 ||
		    (size_t)json_integer_value(v) >= r->m->nhooks) {
			reader_bad(r, "hooks", "item %zu is not the number of a hook", p->nhooks);
			return;
		}
		p->hooks[p->nhooks] = &r->m->hooks[json_integer_value(v)];
		if (p->hooks[p->nhooks]->kind != p->kind)
			reader_bad(r, "hooks", "hook %lld is of another kind than the program",
				   (long long)json_integer_value(v));
	}
}

static const char *title_of(struct reader *r, const struct manifest_program *p)
{
	const struct manifest_hook *h = p->hooks[0];
	char s[512];
	int n;

	n = snprintf(s, sizeof(s), "%s %.200s%s%.200s", hook_kind_name(h->kind),
		     h->subsystem ? h->subsystem : "", h->subsystem ? "/" : "", h->function);
	return n < 0 ? NULL : rt_strdup(&r->m->pool, s, strlen(s));
}

void read_program(struct reader *r, const json_t *obj, void *slot)
{
	static const char *const kinds[] = { "kprobe", "tracepoint", "lsm", NULL };
	struct manifest_program *p = slot;

	p->kind = (enum hook_kind)read_word(r, obj, "kind", kinds);
	p->line = (uint32_t)read_int(r, obj, "line", 1, INT32_MAX);
	if (r->err)
		return;
	read_program_hooks(r, obj, p);
	if (r->err)
		return;
	p->title = title_of(r, p);
	if (!p->title)
		r->err = rt_fail(r->e, RT_ENVIRONMENT, -ENOMEM, "out of memory");
	p->variants = read_list(r, obj, "variants", 1, sizeof(*p->variants), read_variant, &p->nvariants);
}

void read_field(struct reader *r, const json_t *obj, void *slot)
{
	int64_t hook = read_int(r, obj, "hook", 0, (int64_t)r->m->nhooks - 1);
	struct manifest_field *f = slot;
	struct reader_place place;
	const json_t *expect;

	if (r->err)
		return;
	f->hook = &r->m->hooks[hook];
	f->slot = (int32_t)read_int(r, obj, "slot", -1, MANIFEST_ITEMS_MAX);
	f->subsystem = read_text(r, obj, "subsystem");
	f->event = read_text(r, obj, "event");
	f->type = read_text(r, obj, "type");
	f->index = (uint32_t)read_int(r, obj, "index", 0, 1023);
	if (!r->err && (!target_is_sound(f->subsystem, false) || !target_is_sound(f->event, false)))
		reader_bad(r, "event", "'%.60s/%.60s' names nothing in a kernel", f->subsystem, f->event);
	f->has_expect = json_object_get(obj, "expect");
	if (f->has_expect) {
		expect = read_object(r, obj, "expect");
		reader_enter(r, "expect", -1, &place);
		f->expect_off = (uint32_t)read_int(r, expect, "off", 0, UINT16_MAX);
		f->expect_size = (uint32_t)read_int(r, expect, "size", 1, UINT16_MAX);
		reader_leave(r, &place);
	}
	if (!r->err && f->slot < 0 && !f->has_expect)
		reader_bad(r, "slot", "a field without a slot must have 'expect'");
}
