// SPDX-License-Identifier: Apache-2.0
/*
 * ELF relocations: each fills in an instruction that waits for one, with a map, a variable of tpc's data sections or a
 * function. What has none may only call helpers and functions of its own section, and load numbers.
 */
#include <elf.h>
#include <string.h>

#include "verify/verify_impl.h"

#ifndef R_BPF_64_64
#define R_BPF_64_64 1
#define R_BPF_64_32 10
#endif

#define LOAD64 (BPF_LD | BPF_IMM | BPF_DW)
#define CALL (BPF_JMP | BPF_CALL)

struct relocation {
	struct section *code;
	uint32_t section, insn;
	const struct symbol *symbol;
	struct bpf_insn i;
};

static bool bad(struct verify *v, const struct relocation *r, const char *why)
{
	return finding_at(v, r->section, r->insn, TPC_E_OBJECT_RELOCATION,
			  "section '%s', instruction %u: %s (symbol '%s')", r->code->name, r->insn, why,
			  r->symbol->type == STT_SECTION ? v->sections.items[r->symbol->section].name :
							   r->symbol->name);
}

/* The function that @off bytes into .text begin, called or its address taken. */
static bool set_callee(struct verify *v, const struct relocation *r, int64_t off)
{
	uint32_t n = off >= 0 && off % INSN_SIZE == 0 && off / INSN_SIZE <= UINT32_MAX ?
			     func_beginning(v, r->symbol->section, (uint32_t)(off / INSN_SIZE)) :
			     0;

	if (!n || v->funcs.items[n - 1].is_program)
		return bad(v, r, "it leads to no function");
	r->code->calls[r->insn] = n;
	return true;
}

static bool take_load(struct verify *v, const struct relocation *r)
{
	const struct section *to = &v->sections.items[r->symbol->section];
	struct bpf_insn high = insn_at(r->code, r->insn + 1);

	if (r->i.code != LOAD64 || r->i.src_reg)
		return bad(v, r, "it does not load an address");
	if (high.imm)
		return bad(v, r, "the address is beyond its section");
	if (!strcmp(to->name, ".text"))
		return set_callee(v, r, (int64_t)r->symbol->value + r->i.imm);
	if (!strcmp(to->name, ".maps"))
		return (r->symbol->type == STT_OBJECT && !r->i.imm) || bad(v, r, "it is no map");
	if (strcmp(to->name, ".rodata.tpc") && strcmp(to->name, ".data.tpc"))
		return bad(v, r, "it is neither a map, a variable nor a function");
	if (r->i.imm < 0 || r->symbol->value + (uint32_t)r->i.imm >= to->size)
		return bad(v, r, "the address is beyond its section");
	return true;
}

static bool take_call(struct verify *v, const struct relocation *r)
{
	int64_t off = (int64_t)r->symbol->value;

	if (r->i.code != CALL || r->i.src_reg != BPF_PSEUDO_CALL)
		return bad(v, r, "it does not call a function");
	if (strcmp(v->sections.items[r->symbol->section].name, ".text"))
		return bad(v, r, "it leads to no function");
	/* Of a section's symbol the instruction itself says which; of a function's it says -1. */
	return set_callee(v, r, off + ((int64_t)r->i.imm + 1) * INSN_SIZE);
}

static bool take(struct verify *v, struct relocation *r, const Elf64_Rel *rel)
{
	uint64_t sym = ELF64_R_SYM(rel->r_info);

	if (!sym || sym >= v->symbols.len || rel->r_offset % INSN_SIZE || rel->r_offset >= r->code->size)
		return finding(v, TPC_E_OBJECT_RELOCATION,
			       "section '%s' has a relocation at %llu of symbol %llu: there is none",
			       r->code->name, (unsigned long long)rel->r_offset, (unsigned long long)sym);
	r->insn = (uint32_t)(rel->r_offset / INSN_SIZE);
	r->symbol = &v->symbols.items[sym];
	r->i = insn_at(r->code, r->insn);
	if (r->code->marks[r->insn] & (MARK_SECOND | MARK_RELOC | MARK_CORE))
		return bad(v, r, "no instruction begins here, or another relocation fills it in");
	if (!r->symbol->section || r->symbol->section >= v->sections.len)
		return bad(v, r, "the symbol is in no section");
	r->code->marks[r->insn] |= MARK_RELOC;
	switch (ELF64_R_TYPE(rel->r_info)) {
	case R_BPF_64_64:
		return take_load(v, r);
	case R_BPF_64_32:
		return take_call(v, r);
	default:
		return bad(v, r, "no such type of relocation");
	}
}

static bool take_section(struct verify *v, const struct section *s, uint32_t *count)
{
	struct relocation r = { 0 };

	if (s->link != v->symtab || !s->info || s->info >= v->sections.len ||
	    !is_code(&v->sections.items[s->info]) || s->size % sizeof(Elf64_Rel) ||
	    strcmp(s->name + strlen(".rel"), v->sections.items[s->info].name))
		return finding(v, TPC_E_OBJECT_RELOCATION, "section '%s' holds no relocations of code",
			       s->name);
	r.section = s->info;
	r.code = &v->sections.items[s->info];
	for (uint64_t at = 0; at < s->size; at += sizeof(Elf64_Rel), ++*count) {
		Elf64_Rel rel;

		memcpy(&rel, s->data + at, sizeof(rel));
		if (!take(v, &r, &rel))
			return false;
	}
	return true;
}

/* What CO-RE fills in: a number that is moved, the offset of a load or store, or both halves of a 64-bit load. */
static bool mark_core(struct verify *v)
{
	const struct core_relo *c;

	tpc_vec_foreach (c, &v->relos) {
		struct section *s = &v->sections.items[c->section];
		struct bpf_insn i = insn_at(s, c->insn);
		uint8_t class = BPF_CLASS(i.code);
		bool fits = i.code == LOAD64 ? !i.src_reg :
			    class == BPF_ALU || class == BPF_ALU64 ?
					       BPF_SRC(i.code) == BPF_K :
					       (class == BPF_LDX || class == BPF_ST || class == BPF_STX) &&
						       BPF_MODE(i.code) == BPF_MEM;

		if (!core_is_known(v, c))
			return finding_at(
				v, c->section, c->insn, TPC_E_OBJECT_RELOCATION,
				"section '%s', instruction %u: no CO-RE relocation of tpc's: kind %u, '%s' of type %u",
				s->name, c->insn, c->kind, c->access, c->type);
		if (!fits || s->marks[c->insn] & MARK_SECOND)
			return finding_at(v, c->section, c->insn, TPC_E_OBJECT_RELOCATION,
					  "section '%s', instruction %u: nothing that CO-RE could fill in",
					  s->name, c->insn);
		s->marks[c->insn] |= MARK_CORE;
	}
	return true;
}

/* Calls and loads that no relocation fills in. */
static bool check_plain(struct verify *v, uint32_t section, uint32_t at)
{
	struct section *s = &v->sections.items[section];
	struct bpf_insn i = insn_at(s, at);
	int64_t to = (int64_t)at + 1 + i.imm;
	uint32_t n;

	if (i.code == LOAD64)
		return !i.src_reg ||
		       finding_at(v, section, at, TPC_E_OBJECT_RELOCATION,
				  "section '%s', instruction %u: loads an address without a relocation",
				  s->name, at);
	if (i.code != CALL || !i.src_reg)
		return true;
	n = i.src_reg == BPF_PSEUDO_CALL && to >= 0 && to < s->ninsns ?
		    func_beginning(v, section, (uint32_t)to) :
		    0;
	if (!n || v->funcs.items[n - 1].is_program)
		return finding_at(v, section, at, TPC_E_OBJECT_RELOCATION,
				  "section '%s', instruction %u: calls no function of the object", s->name,
				  at);
	s->calls[at] = n;
	return true;
}

static bool check_rest(struct verify *v)
{
	for (uint32_t i = 1; i < v->sections.len; i++) {
		const struct section *s = &v->sections.items[i];

		for (uint32_t at = 0; at < s->ninsns; at++)
			if (!(s->marks[at] & (MARK_RELOC | MARK_SECOND)) && !check_plain(v, i, at))
				return false;
	}
	return true;
}

bool check_relocations(struct verify *v)
{
	uint32_t n = 0;
	bool ok;

	check_begin(v, "relocations", NULL);
	ok = mark_core(v);
	for (uint32_t i = 1; ok && i < v->sections.len; i++)
		if (v->sections.items[i].type == SHT_REL)
			ok = take_section(v, &v->sections.items[i], &n);
	if (ok)
		check_rest(v);
	return check_end(v, "%u relocations", n);
}
