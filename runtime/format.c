// SPDX-License-Identifier: Apache-2.0
#include "format.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A number after @word in the line [s, end), at most @max. */
static bool number_after(const char *s, const char *end, const char *word, uint32_t max, uint32_t *ret)
{
	const char *at = memmem(s, (size_t)(end - s), word, strlen(word));
	uint64_t v = 0;

	if (!at)
		return false;
	at += strlen(word);
	if (at == end || !isdigit((unsigned char)*at))
		return false;
	for (; at < end && isdigit((unsigned char)*at); at++) {
		v = v * 10 + (uint64_t)(*at - '0');
		if (v > max)
			return false;
	}
	*ret = (uint32_t)v;
	return true;
}

/* "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;" */
static int parse_field(const char *s, const char *end, struct format *f, struct rt_error *e)
{
	struct format_field *field = &f->fields[f->nfields];
	const char *semi = memchr(s, ';', (size_t)(end - s));
	uint32_t is_signed = 0;

	if (f->nfields == FORMAT_FIELDS_MAX)
		return rt_fail(e, RT_ENVIRONMENT, -EINVAL, "format file: more than %d fields",
			       FORMAT_FIELDS_MAX);
	if (!semi || semi == s || !number_after(semi, end, "offset:", UINT16_MAX, &field->off) ||
	    !number_after(semi, end, "size:", UINT16_MAX, &field->size))
		return rt_fail(e, RT_ENVIRONMENT, -EINVAL, "format file: field %zu: no offset and size",
			       f->nfields);
	number_after(semi, end, "signed:", 1, &is_signed);
	field->is_signed = is_signed;
	field->decl = rt_strdup(&f->pool, s, strnlen(s, (size_t)(semi - s)));
	if (!field->decl)
		return rt_fail(e, RT_ENVIRONMENT, -ENOMEM, "out of memory");
	f->nfields++;
	return 0;
}

int format_parse(const char *text, size_t len, struct format *ret, struct rt_error *e)
{
	const char *s = text, *end = text + len, *eol;
	int err;

	*ret = (struct format){ 0 };
	for (; s < end; s = eol + (eol < end)) {
		eol = memchr(s, '\n', (size_t)(end - s));
		if (!eol)
			eol = end;
		while (s < eol && (*s == '\t' || *s == ' '))
			s++;
		if (eol - s > 6 && memcmp(s, "field:", 6) == 0) {
			err = parse_field(s + 6, eol, ret, e);
			if (err)
				return err;
		} else if (eol - s > 3 && memcmp(s, "ID:", 3) == 0) {
			/* Tracing's ids are 16-bit: include/linux/trace_events.h, struct trace_entry. */
			if (!number_after(s, eol, "ID: ", UINT16_MAX, &ret->id))
				return rt_fail(e, RT_ENVIRONMENT, -EINVAL, "format file: no event id");
		} else if (eol - s > 9 && memcmp(s, "print fmt", 9) == 0) {
			break;
		}
	}
	if (!ret->nfields || !ret->id)
		return rt_fail(e, RT_ENVIRONMENT, -EINVAL, "format file: no fields or no event id");
	return 0;
}

int format_open_tracefs(void)
{
	static const char *const places[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing", NULL };

	return rt_open_pseudo_fs("tracefs", places, "events");
}

int format_read(int tracefs, const char *subsystem, const char *event, struct format *ret, struct rt_error *e)
{
	struct rt_buf b = { 0 };
	char path[320];
	int err;

	*ret = (struct format){ 0 };
	snprintf(path, sizeof(path), "events/%s/%s/format", subsystem, event);
	err = rt_read_at(tracefs, path, FORMAT_BYTES_MAX, &b);
	if (err == -ENOENT)
		rt_fail(e, RT_ENVIRONMENT, err, "this kernel has no tracepoint %s/%s", subsystem, event);
	else if (err)
		rt_fail(e, RT_ENVIRONMENT, err, "cannot read tracefs %s: %s", path, strerror(-err));
	else
		err = format_parse(b.s, b.len, ret, e);
	rt_buf_free(&b);
	return err;
}

void format_done(struct format *f)
{
	rt_pool_free(&f->pool);
}

static bool is_text_type(const char *type)
{
	return strcmp(type, "string") == 0 || strcmp(type, "char_buf") == 0;
}

static bool describe_text(const struct format_field *f, struct tpc_field_desc *d)
{
	if (strstr(f->decl, "__rel_loc"))
		return false;
	if (strstr(f->decl, "__data_loc")) {
		d->kind = TPC_FIELD_DATA_LOC;
		return f->size == 4;
	}
	d->kind = strchr(f->decl, '[') ? TPC_FIELD_ARRAY : TPC_FIELD_POINTER;
	return d->kind == TPC_FIELD_ARRAY ? f->size > 0 : strchr(f->decl, '*') && f->size == 8;
}

int format_describe(const struct format *f, uint32_t index, const char *type, struct tpc_field_desc *ret,
		    struct rt_error *e)
{
	const struct format_field *field;
	struct tpc_field_desc d = { 0 };
	bool fits;

	if (index >= f->nfields)
		return rt_fail(e, RT_ENVIRONMENT, -EINVAL, "there is no field %u: the event has %zu", index,
			       f->nfields);
	field = &f->fields[index];
	d.off = (uint16_t)field->off;
	d.size = (uint16_t)field->size;
	d.is_signed = field->is_signed;
	if (is_text_type(type)) {
		fits = describe_text(field, &d);
	} else {
		d.kind = TPC_FIELD_INT;
		fits = field->size == 1 || field->size == 2 || field->size == 4 || field->size == 8;
	}
	if (!fits)
		return rt_fail(e, RT_ENVIRONMENT, -EINVAL, "field %u is '%s' of %u bytes, which is no %s",
			       index, field->decl, field->size, type);
	*ret = d;
	return 0;
}
