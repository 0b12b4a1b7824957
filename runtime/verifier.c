// SPDX-License-Identifier: Apache-2.0
#include "verifier.h"

#include <bpf/btf.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libbpf_log.h"

#define TAIL_LINES 15

static const char *line_end(const char *s)
{
	const char *e = strchr(s, '\n');

	return e ? e : s + strlen(s);
}

/* "; text @ FILE:LINE", or "... @ FILE:LINE:COL": Linux 6.10 and later write it. */
static bool place_of_line(const char *s, const char *end, char *file, size_t size, uint32_t *line)
{
	const char *at = NULL, *colon;

	for (const char *p = s; p + 3 <= end; p++)
		if (memcmp(p, " @ ", 3) == 0)
			at = p + 3;
	if (s == end || *s != ';' || !at)
		return false;
	colon = memchr(at, ':', (size_t)(end - at));
	if (!colon || colon + 1 == end || !isdigit((unsigned char)colon[1]))
		return false;
	snprintf(file, size, "%.*s", (int)(colon - at), at);
	*line = (uint32_t)strtoul(colon + 1, NULL, 10);
	return true;
}

bool verifier_last_place(const char *log, char *file, size_t size, uint32_t *line)
{
	bool found = false;

	for (const char *s = log, *end; *s; s = end + (*end != '\0')) {
		end = line_end(s);
		found |= place_of_line(s, end, file, size, line);
	}
	return found;
}

long verifier_last_insn(const char *log)
{
	long last = -1, n;
	char *end;

	for (const char *s = log; *s; s = line_end(s), s += *s != '\0') {
		if (!isdigit((unsigned char)*s))
			continue;
		n = strtol(s, &end, 10);
		if (strncmp(end, ": (", 3) == 0)
			last = n;
	}
	return last;
}

static bool is_summary(const char *s, const char *end)
{
	return s == end || strncmp(s, "processed ", 10) == 0 || strncmp(s, "verification time", 17) == 0 ||
	       strncmp(s, "stack depth", 11) == 0;
}

const char *verifier_tail(const char *log, unsigned n)
{
	const char *ring[64];
	unsigned seen = 0;

	if (n > RT_ARRAY_LEN(ring))
		n = RT_ARRAY_LEN(ring);
	for (const char *s = log, *end; *s; s = end + (*end != '\0')) {
		end = line_end(s);
		if (!is_summary(s, end))
			ring[seen++ % n] = s;
	}
	return seen == 0 ? log : seen <= n ? ring[0] : ring[seen % n];
}

size_t verifier_body(const char *tail)
{
	const char *s = tail, *end;

	for (; *s; s = end + (*end != '\0')) {
		end = line_end(s);
		if (is_summary(s, end))
			break;
	}
	while (s > tail && s[-1] == '\n')
		s--;
	return (size_t)(s - tail);
}

/* The line info part of .BTF.ext: its layout is in Documentation/bpf/btf.rst. */
static const uint8_t *line_info(const struct object *o, size_t *len, uint32_t *rec_size)
{
	struct {
		uint16_t magic;
		uint8_t version, flags;
		uint32_t hdr_len, func_off, func_len, line_off, line_len;
	} h;
	const char *raw;
	struct rt_error e;
	size_t size;

	if (object_find_section(o->bytes.s, o->bytes.len, ".BTF.ext", &raw, &size, &e) || size < sizeof(h))
		return NULL;
	memcpy(&h, raw, sizeof(h));
	if (h.hdr_len > size || h.line_off > size - h.hdr_len || h.line_len > size - h.hdr_len - h.line_off ||
	    h.line_len < sizeof(*rec_size))
		return NULL;
	raw += h.hdr_len + h.line_off;
	memcpy(rec_size, raw, sizeof(*rec_size));
	*len = h.line_len - sizeof(*rec_size);
	return (const uint8_t *)raw + sizeof(*rec_size);
}

/* Where instruction @insn of @section comes from; all of our programs have a section for themselves. */
static bool place_of_insn(const struct object *o, const char *section, long insn, char *file, size_t size,
			  uint32_t *line)
{
	const struct btf *btf = bpf_object__btf(o->bpf);
	struct {
		uint32_t insn_off, file_name_off, line_off, line_col;
	} rec;
	uint32_t rec_size = 0, sec[2];
	const uint8_t *p, *end;
	bool found = false;
	const char *name;
	size_t len = 0;

	p = btf ? line_info(o, &len, &rec_size) : NULL;
	if (!p || rec_size < sizeof(rec))
		return false;
	for (end = p + len; end - p >= (ptrdiff_t)sizeof(sec);) {
		memcpy(sec, p, sizeof(sec));
		p += sizeof(sec);
		name = btf__name_by_offset(btf, sec[0]);
		for (uint32_t i = 0; i < sec[1] && end - p >= (ptrdiff_t)rec_size; i++, p += rec_size) {
			memcpy(&rec, p, sizeof(rec));
			if (!name || strcmp(name, section) != 0 || rec.insn_off / 8 > (uint64_t)insn)
				continue;
			snprintf(file, size, "%s", btf__name_by_offset(btf, rec.file_name_off) ?: "?");
			*line = rec.line_col >> 10;
			found = true;
		}
	}
	return found;
}

/* libbpf says: prog 'NAME': BPF program load failed: ... */
static struct bpf_program *failed_program(const struct object *o)
{
	const char *s = strstr(libbpf_log_text(), "BPF program load failed");
	struct bpf_program *p;
	char want[300];

	if (!s)
		return NULL;
	bpf_object__for_each_program (p, o->bpf) {
		snprintf(want, sizeof(want), "prog '%s': BPF program load failed", bpf_program__name(p));
		if (strstr(libbpf_log_text(), want))
			return p;
	}
	return NULL;
}

static const struct manifest_program *program_of(const struct object *o, const char *name)
{
	for (size_t i = 0; i < o->m->nprograms; i++)
		for (size_t j = 0; j < o->m->programs[i].nvariants; j++)
			if (strcmp(o->m->programs[i].variants[j].program, name) == 0)
				return &o->m->programs[i];
	return NULL;
}

static void add_place(struct object *o, struct bpf_program *p, struct rt_error *e)
{
	long insn = verifier_last_insn(o->log);
	char file[256];
	uint32_t line;

	if (verifier_last_place(o->log, file, sizeof(file), &line) ||
	    (insn >= 0 && place_of_insn(o, bpf_program__section_name(p), insn, file, sizeof(file), &line)))
		rt_more(e, "\n  at %s:%u", file, line);
}

int verifier_explain(struct object *o, int err, struct rt_error *e)
{
	struct bpf_program *p = failed_program(o);
	const struct manifest_program *mp = p ? program_of(o, bpf_program__name(p)) : NULL;
	const char *tail;
	char place[600];

	if (!p) {
		rt_fail(e, RT_ENVIRONMENT, err, "cannot be loaded: %s", strerror(-err));
		if (err == -EPERM && geteuid() != 0)
			rt_more(e, ": this needs root, or CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN");
		rt_more(e, "\n%s", libbpf_log_text());
		return err;
	}
	if (mp)
		rt_fail(e, RT_ENVIRONMENT, err, "%s: ", object_place(mp, place, sizeof(place)));
	else
		rt_fail(e, RT_ENVIRONMENT, err, "%s", "");
	rt_more(e, "the kernel refuses program '%s': %s", bpf_program__name(p), strerror(-err));
	if (!o->log[0]) {
		rt_more(e, "\n%s", libbpf_log_text());
		return err;
	}
	add_place(o, p, e);
	tail = verifier_tail(o->log, TAIL_LINES);
	rt_more(e, "\n  the verifier's last lines:\n%.*s", (int)verifier_body(tail), tail);
	return err;
}
