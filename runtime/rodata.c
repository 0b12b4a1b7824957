// SPDX-License-Identifier: Apache-2.0
#include "rodata.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "format.h"
#include "hostns.h"

static int check_expected(const struct manifest_field *f, const struct format *format, struct rt_error *e)
{
	const struct format_field *field;

	if (f->index >= format->nfields)
		return rt_fail(e, RT_ENVIRONMENT, -EINVAL, "there is no field %u: the event has %zu",
			       f->index, format->nfields);
	field = &format->fields[f->index];
	if (field->off != f->expect_off || field->size != f->expect_size)
		return rt_fail(
			e, RT_ENVIRONMENT, -EINVAL,
			"field %u '%s' is %u bytes at %u here, and the object was compiled for %u at %u",
			f->index, field->decl, field->size, field->off, f->expect_size, f->expect_off);
	return 0;
}

static int fill_field(const struct manifest_field *f, const struct format *format,
		      struct tpc_field_desc *slots, struct rt_error *e)
{
	struct tpc_field_desc d;
	int err = 0;

	if (f->has_expect)
		err = check_expected(f, format, e);
	if (err || f->slot < 0)
		return err;
	err = format_describe(format, f->index, f->type, &d, e);
	if (!err)
		memcpy(&slots[f->slot], &d, sizeof(d));
	return err;
}

static int read_and_fill(int tracefs, const struct manifest_field *f, struct tpc_field_desc *slots,
			 struct rt_error *e)
{
	struct format format;
	struct rt_error why;
	int err = format_read(tracefs, f->subsystem, f->event, &format, &why);

	if (!err)
		err = fill_field(f, &format, slots, &why);
	format_done(&format);
	return err ? rt_fail(e, why.status, err, "%s:%u: policy '%s': tracepoint %s/%s: %s",
			     f->hook->policy->file, f->hook->line, f->hook->policy->name, f->subsystem,
			     f->event, why.text) :
		     0;
}

static int fill_fields(struct object *o, const struct rodata_how *how, struct rt_error *e)
{
	struct tpc_field_desc *slots;
	int tracefs, err = 0;
	size_t size;

	if (!o->m->nfields)
		return 0;
	slots = object_variable(o, ".rodata.tpc", TPC_VAR_FIELDS, &size);
	tracefs = format_open_tracefs();
	if (tracefs < 0 && !how->lenient)
		return rt_fail(e, RT_ENVIRONMENT, tracefs, "tracefs cannot be opened: %s",
			       strerror(-tracefs));
	for (size_t i = 0; tracefs >= 0 && i < o->m->nfields && !err; i++) {
		err = read_and_fill(tracefs, &o->m->fields[i], slots, e);
		if (err && how->lenient) {
			rt_buf_fmt(how->notes, "%s\n", e->text);
			err = 0;
		}
	}
	if (tracefs >= 0)
		close(tracefs);
	return err;
}

static int fill_host_ns(struct object *o, const struct rodata_how *how, struct rt_error *e)
{
	size_t size = 0;
	uint32_t *numbers = object_variable(o, ".rodata.tpc", TPC_VAR_HOST_NS, &size);
	int err;

	if (!numbers || size != TPC_NS_KINDS * sizeof(*numbers))
		return 0; /* nobody asks for them */
	err = hostns_read(numbers, e);
	if (err && how->lenient) {
		rt_buf_fmt(how->notes, "%s\n", e->text);
		return 0;
	}
	return err;
}

int rodata_fill(struct object *o, const struct rodata_how *how, struct rt_error *e)
{
	uint32_t *modes, *report;
	size_t size = 0;
	int err;

	modes = object_variable(o, ".data.tpc", TPC_VAR_MODE, &size);
	if (!modes || size < sizeof(*modes) * o->m->npolicies)
		return rt_fail(e, RT_INPUT, -EINVAL, "the object has no %s", TPC_VAR_MODE);
	for (size_t i = 0; i < o->m->npolicies; i++) {
		if (how->mode >= 0)
			modes[i] = (uint32_t)how->mode;
		else
			modes[i] = o->m->policies[i].monitor ? TPC_MODE_MONITOR : TPC_MODE_ENFORCE;
	}
	report = object_variable(o, ".rodata.tpc", TPC_VAR_REPORT_EXEC, &size);
	if (report && size == sizeof(*report))
		*report = how->report_exec;
	err = fill_host_ns(o, how, e);
	return err ? err : fill_fields(o, how, e);
}
