// SPDX-License-Identifier: Apache-2.0
/* What the guest is to ask, as tpc writes it and the guest reads it. */
#include <stdlib.h>
#include <string.h>

#include "ask/ask_impl.h"

static void put(struct tpc_buf *out, const char *s)
{
	tpc_buf_add(out, s, strlen(s) + 1);
}

static void put_number(struct tpc_buf *out, uint32_t n)
{
	tpc_buf_printf(out, "%u", n);
	tpc_buf_putc(out, '\0');
}

static void put_program(struct tpc_buf *out, const struct ask_program *p)
{
	const struct kernel_read *r;

	put(out, PLAN_PROGRAM);
	put(out, p->name);
	put(out, p->of_lsm ? "lsm" : "function");
	put(out, p->target);
	tpc_vec_foreach (r, &p->reads) {
		put(out, PLAN_READ);
		put_number(out, r->index);
		put(out, r->of ? r->of : "");
	}
}

void plan_write(const struct ask_object *const *objects, uint32_t n, struct tpc_buf *out)
{
	const struct ask_field *f;
	const struct ask_program *p;

	for (uint32_t i = 0; i < n; i++) {
		put(out, PLAN_OBJECT);
		if (objects[i]->report_off >= 0) {
			put(out, PLAN_REPORT);
			put_number(out, (uint32_t)objects[i]->report_off);
		}
		tpc_vec_foreach (f, &objects[i]->fields) {
			put(out, PLAN_FIELD);
			put_number(out, f->off);
			put_number(out, f->index);
			put(out, f->subsystem);
			put(out, f->event);
		}
		tpc_vec_foreach (p, &objects[i]->programs)
			put_program(out, p);
	}
}

struct reader {
	const char *at, *end;
	bool good;
};

static const char *take(struct reader *r)
{
	const char *s = r->at;

	r->good = r->good && r->at < r->end;
	if (!r->good)
		return "";
	r->at += strlen(s) + 1;
	return s;
}

static uint32_t take_number(struct reader *r)
{
	return (uint32_t)strtoul(take(r), NULL, 10);
}

static void take_field(struct reader *r, struct tpc_arena *a, struct ask_object *o)
{
	struct ask_field *f = tpc_vec_push(a, &o->fields);

	f->off = take_number(r);
	f->index = take_number(r);
	f->subsystem = take(r);
	f->event = take(r);
}

static void take_program(struct reader *r, struct tpc_arena *a, struct ask_object *o)
{
	struct ask_program *p = tpc_vec_push(a, &o->programs);

	p->name = take(r);
	p->of_lsm = !strcmp(take(r), "lsm");
	p->target = take(r);
}

static void take_read(struct reader *r, struct tpc_arena *a, struct ask_program *p)
{
	struct kernel_read *read = tpc_vec_push(a, &p->reads);

	read->index = take_number(r);
	read->of = take(r);
	if (!*read->of)
		read->of = NULL;
}

struct ask_object *plan_read(struct tpc_arena *a, const char *text, size_t len, uint32_t *ret_n)
{
	struct reader r = { text, text + len, true };
	TPC_VEC(struct ask_object) list = { 0 };

	while (r.good && r.at < r.end) {
		const char *what = take(&r);
		struct ask_object *o = list.len ? &list.items[list.len - 1] : NULL;

		if (!strcmp(what, PLAN_OBJECT))
			*tpc_vec_push(a, &list) = (struct ask_object){ .report_off = -1 };
		else if (o && !strcmp(what, PLAN_REPORT))
			o->report_off = take_number(&r);
		else if (o && !strcmp(what, PLAN_FIELD))
			take_field(&r, a, o);
		else if (o && !strcmp(what, PLAN_PROGRAM))
			take_program(&r, a, o);
		else if (o && o->programs.len && !strcmp(what, PLAN_READ))
			take_read(&r, a, &o->programs.items[o->programs.len - 1]);
		else
			r.good = false;
	}
	*ret_n = list.len;
	return r.good ? list.items : NULL;
}
