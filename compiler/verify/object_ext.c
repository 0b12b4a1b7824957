// SPDX-License-Identifier: Apache-2.0
/*
 * .BTF.ext: the type of each function, the source line of each instruction, the CO-RE relocations. Its layout is in
 * the kernel's Documentation/bpf/btf.rst.
 */
#include <stdlib.h>
#include <string.h>

#include "verify/verify_impl.h"

#define RECORDS_MAX (4U << 20)

struct ext_header {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t hdr_len, func_off, func_len, line_off, line_len, core_off, core_len;
};
struct func_record {
	uint32_t off, type;
};
struct line_record {
	uint32_t off, file, text, line_col;
};
struct core_record {
	uint32_t off, type, access, kind;
};

struct walk {
	struct verify *v;
	const char *what;
	uint32_t section, count, last; /* of the section under way: instruction of the last record, +1 */
	bool (*record)(struct walk *w, const unsigned char *rec, uint32_t insn);
};

static bool bad(struct walk *w, const char *why)
{
	return finding(w->v, TPC_E_OBJECT_BTF, ".BTF.ext: %s: %s", w->what, why);
}

static bool walk_record(struct walk *w, const unsigned char *rec)
{
	const struct section *s = &w->v->sections.items[w->section];
	uint32_t off;

	memcpy(&off, rec, sizeof(off));
	if (off % INSN_SIZE || off >= s->size || (w->last && off / INSN_SIZE + 1 < w->last))
		return finding(w->v, TPC_E_OBJECT_BTF, ".BTF.ext: %s: section '%s': no place in order: %u",
			       w->what, s->name, off);
	if (++w->count > RECORDS_MAX)
		return bad(w, "too many records");
	w->last = off / INSN_SIZE + 1;
	return w->record(w, rec, off / INSN_SIZE);
}

/* One part: the size of a record, then for each section its name, the number of records and they. */
static bool walk_part(struct walk *w, const unsigned char *p, uint32_t len, uint32_t min_size)
{
	const unsigned char *end = p + len;
	uint32_t size, head[2];
	uint8_t *seen = tpc_new_array(w->v->c->arena, uint8_t, w->v->sections.len);

	if (len < sizeof(size))
		return bad(w, "it is too short");
	memcpy(&size, p, sizeof(size));
	p += sizeof(size);
	if (size != min_size)
		return bad(w, "its records have another size");
	while (p < end) {
		if ((size_t)(end - p) < sizeof(head))
			return bad(w, "it ends within a section");
		memcpy(head, p, sizeof(head));
		p += sizeof(head);
		w->section = find_section(w->v, name_at(w->v->btf, head[0]));
		w->last = 0;
		if (!w->section || !is_code(&w->v->sections.items[w->section]) || seen[w->section]++)
			return bad(w, "it names a section that holds no code, or one twice");
		if (!head[1] || head[1] > (size_t)(end - p) / size)
			return bad(w, "it ends within a section");
		for (uint32_t i = 0; i < head[1]; i++, p += size)
			if (!walk_record(w, p))
				return false;
	}
	return true;
}

static bool take_func(struct walk *w, const unsigned char *rec, uint32_t insn)
{
	const struct btf_type *t;
	struct func_record f;
	const char *name;
	uint32_t n = func_beginning(w->v, w->section, insn);

	memcpy(&f, rec, sizeof(f));
	t = type_at(w->v->btf, f.type);
	name = t && btf_is_func(t) ? name_at(w->v->btf, t->name_off) : NULL;
	if (!n || !name || strcmp(w->v->funcs.items[n - 1].name, name))
		return finding(w->v, TPC_E_OBJECT_BTF,
			       ".BTF.ext: there is no function '%s' at instruction %u of section '%s'",
			       name ? name : "", insn, w->v->sections.items[w->section].name);
	return true;
}

static bool take_line(struct walk *w, const unsigned char *rec, uint32_t insn)
{
	struct line_record l;
	const char *file;

	memcpy(&l, rec, sizeof(l));
	file = btf__str_by_offset(w->v->btf, l.file);
	if (!file || !btf__str_by_offset(w->v->btf, l.text))
		return bad(w, "a line has no file");
	*tpc_vec_push(w->v->c->arena, &w->v->lines) = (struct line_info){
		.section = w->section,
		.insn = insn,
		.line = l.line_col >> 10,
		.file = strncmp(file, "./", 2) ? file : file + 2,
	};
	return true;
}

static bool take_relo(struct walk *w, const unsigned char *rec, uint32_t insn)
{
	struct core_record c;
	const char *access;

	memcpy(&c, rec, sizeof(c));
	access = btf__str_by_offset(w->v->btf, c.access);
	if (!access || !type_at(w->v->btf, c.type))
		return bad(w, "a CO-RE relocation names no type or no member");
	*tpc_vec_push(w->v->c->arena, &w->v->relos) =
		(struct core_relo){ w->section, insn, c.type, c.kind, access };
	return true;
}

static int by_place(uint32_t asec, uint32_t ainsn, uint32_t bsec, uint32_t binsn)
{
	if (asec != bsec)
		return asec < bsec ? -1 : 1;
	return ainsn < binsn ? -1 : ainsn > binsn;
}

static int compare_lines(const void *a, const void *b)
{
	const struct line_info *x = a, *y = b;

	return by_place(x->section, x->insn, y->section, y->insn);
}

static int compare_relos(const void *a, const void *b)
{
	const struct core_relo *x = a, *y = b;

	return by_place(x->section, x->insn, y->section, y->insn);
}

static bool inside(uint32_t off, uint32_t len, uint64_t room)
{
	return off <= room && len <= room - off && off % 4 == 0 && len % 4 == 0;
}

/* An instruction that two relocations fill in would depend on their order. */
static bool sort_all(struct verify *v)
{
	if (v->lines.len)
		qsort(v->lines.items, v->lines.len, sizeof(*v->lines.items), compare_lines);
	if (v->relos.len)
		qsort(v->relos.items, v->relos.len, sizeof(*v->relos.items), compare_relos);
	for (uint32_t i = 1; i < v->relos.len; i++)
		if (!compare_relos(&v->relos.items[i - 1], &v->relos.items[i]))
			return finding(v, TPC_E_OBJECT_BTF,
				       ".BTF.ext: two CO-RE relocations of one instruction");
	return true;
}

bool check_ext(struct verify *v)
{
	const struct section *s = &v->sections.items[find_section(v, ".BTF.ext")];
	struct walk funcs = { v, "functions", 0, 0, 0, take_func },
		    lines = { v, "lines", 0, 0, 0, take_line }, core = { v, "CO-RE", 0, 0, 0, take_relo };
	const unsigned char *p;
	struct ext_header h;
	uint64_t room;

	if (s->size < sizeof(h))
		return finding(v, TPC_E_OBJECT_BTF, ".BTF.ext is too short");
	memcpy(&h, s->data, sizeof(h));
	if (h.magic != 0xeb9f || h.version != 1 || h.flags || h.hdr_len < sizeof(h) || h.hdr_len > s->size)
		return finding(v, TPC_E_OBJECT_BTF, ".BTF.ext has no header");
	p = s->data + h.hdr_len;
	room = s->size - h.hdr_len;
	if (!inside(h.func_off, h.func_len, room) || !inside(h.line_off, h.line_len, room) ||
	    !inside(h.core_off, h.core_len, room))
		return finding(v, TPC_E_OBJECT_BTF, ".BTF.ext: a part does not lie inside the section");
	if (!walk_part(&funcs, p + h.func_off, h.func_len, sizeof(struct func_record)) ||
	    !walk_part(&lines, p + h.line_off, h.line_len, sizeof(struct line_record)) ||
	    (h.core_len && !walk_part(&core, p + h.core_off, h.core_len, sizeof(struct core_record))))
		return false;
	if (funcs.count != v->funcs.len)
		return finding(v, TPC_E_OBJECT_BTF, ".BTF.ext tells of %u functions, and there are %u",
			       funcs.count, v->funcs.len);
	return sort_all(v);
}
