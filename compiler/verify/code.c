// SPDX-License-Identifier: Apache-2.0
/*
 * Instructions: each is one that the kernel knows, jumps stay within their function, and what is called is a
 * function of the object. The verifier of a kernel asks far more; this is what can be said without one.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "verify/verify_impl.h"

struct bpf_insn insn_at(const struct section *s, uint32_t i)
{
	struct bpf_insn insn;

	memcpy(&insn, s->data + (size_t)i * INSN_SIZE, sizeof(insn));
	return insn;
}

static int compare_funcs(const void *a, const void *b)
{
	const struct func *x = a, *y = b;

	if (x->section != y->section)
		return x->section < y->section ? -1 : 1;
	return x->first < y->first ? -1 : x->first > y->first;
}

static bool prepare_section(struct verify *v, struct section *s)
{
	if (s->size % INSN_SIZE || s->size / INSN_SIZE > INSNS_MAX - v->insns)
		return finding(v, TPC_E_OBJECT_CODE,
			       "section '%s' is no code, or the object has more than %u instructions",
			       s->name, INSNS_MAX);
	s->ninsns = (uint32_t)(s->size / INSN_SIZE);
	v->insns += s->ninsns;
	s->marks = tpc_new_array(v->c->arena, uint8_t, s->ninsns);
	s->owner = tpc_new_array(v->c->arena, uint32_t, s->ninsns);
	s->calls = tpc_new_array(v->c->arena, uint32_t, s->ninsns);
	for (uint32_t i = 0; i < s->ninsns; i++) {
		if (insn_at(s, i).code != (BPF_LD | BPF_IMM | BPF_DW))
			continue;
		if (++i >= s->ninsns)
			return finding(v, TPC_E_OBJECT_CODE, "section '%s' ends within an instruction",
				       s->name);
		s->marks[i] |= MARK_SECOND;
	}
	return true;
}

/* Functions cover their section without a gap: what no symbol names could not be told of. */
static bool place_funcs(struct verify *v)
{
	for (uint32_t i = 0; i < v->funcs.len; i++) {
		struct func *f = &v->funcs.items[i];
		struct section *s = &v->sections.items[f->section];
		bool is_first = i == 0 || v->funcs.items[i - 1].section != f->section;
		bool is_last = i + 1 == v->funcs.len || v->funcs.items[i + 1].section != f->section;
		uint32_t expected = is_first ? 0 : v->funcs.items[i - 1].first + v->funcs.items[i - 1].n;

		f->is_program = strcmp(s->name, ".text") != 0;
		if (f->first != expected || (is_last && f->first + f->n != s->ninsns) ||
		    s->marks[f->first] & MARK_SECOND)
			return finding(v, TPC_E_OBJECT_CODE, "functions do not fill section '%s': '%s'",
				       s->name, f->name);
		if (f->is_program && !(is_first && is_last))
			return finding(v, TPC_E_OBJECT_CODE, "section '%s' holds more than one program",
				       s->name);
		for (uint32_t j = 0; j < f->n; j++)
			s->owner[f->first + j] = i + 1;
	}
	return true;
}

static bool find_funcs(struct verify *v)
{
	const struct symbol *sym;
	uint32_t covered = 0, ncode = 0;

	for (uint32_t i = 1; i < v->sections.len; i++)
		if (is_code(&v->sections.items[i]) && !prepare_section(v, &v->sections.items[i]))
			return false;
	tpc_vec_foreach (sym, &v->symbols) {
		if (sym->type != STT_FUNC)
			continue;
		if (v->funcs.len >= FUNCS_MAX)
			return finding(v, TPC_E_OBJECT_CODE, "it has more than %u functions", FUNCS_MAX);
		*tpc_vec_push(v->c->arena, &v->funcs) =
			(struct func){ .name = sym->name,
				       .section = sym->section,
				       .first = (uint32_t)(sym->value / INSN_SIZE),
				       .n = (uint32_t)(sym->size / INSN_SIZE) };
	}
	if (v->funcs.len)
		qsort(v->funcs.items, v->funcs.len, sizeof(*v->funcs.items), compare_funcs);
	for (uint32_t i = 0; i < v->funcs.len; i++)
		covered += i == 0 || v->funcs.items[i].section != v->funcs.items[i - 1].section;
	for (uint32_t i = 1; i < v->sections.len; i++)
		ncode += is_code(&v->sections.items[i]);
	if (covered != ncode)
		return finding(v, TPC_E_OBJECT_CODE, "a section of code has no function");
	return place_funcs(v);
}

uint32_t func_beginning(const struct verify *v, uint32_t section, uint32_t insn)
{
	const struct section *s = &v->sections.items[section];
	uint32_t n = s->owner && insn < s->ninsns ? s->owner[insn] : 0;

	return n && v->funcs.items[n - 1].first == insn ? n : 0;
}

/* ---- one instruction ---- */

static bool is_alu(const struct bpf_insn *i)
{
	bool wide = BPF_CLASS(i->code) == BPF_ALU64;

	switch (BPF_OP(i->code)) {
	case BPF_NEG:
		return BPF_SRC(i->code) == BPF_K && !i->src_reg && !i->imm && !i->off;
	case BPF_END:
		return (!wide || BPF_SRC(i->code) == BPF_K) && !i->src_reg && !i->off &&
		       (i->imm == 16 || i->imm == 32 || i->imm == 64);
	case BPF_LSH:
	case BPF_RSH:
	case BPF_ARSH:
		if (BPF_SRC(i->code) == BPF_K && (i->imm < 0 || i->imm >= (wide ? 64 : 32)))
			return false;
		break;
	case BPF_DIV:
	case BPF_MOD:
		if (BPF_SRC(i->code) == BPF_K && !i->imm)
			return false;
		break;
	default:
		if (BPF_OP(i->code) > BPF_ARSH)
			return false;
		break;
	}
	return BPF_SRC(i->code) == BPF_K ? !i->src_reg : !i->imm;
}

static bool is_jump(const struct bpf_insn *i)
{
	bool wide = BPF_CLASS(i->code) == BPF_JMP;

	switch (BPF_OP(i->code)) {
	case BPF_JA:
		return wide && BPF_SRC(i->code) == BPF_K && !i->dst_reg && !i->src_reg && !i->imm;
	case BPF_CALL:
		return wide && BPF_SRC(i->code) == BPF_K && !i->dst_reg && !i->off;
	case BPF_EXIT:
		return wide && BPF_SRC(i->code) == BPF_K && !i->dst_reg && !i->src_reg && !i->imm && !i->off;
	default:
		return BPF_OP(i->code) <= BPF_JSLE && (BPF_SRC(i->code) == BPF_K ? !i->src_reg : !i->imm);
	}
}

static bool is_atomic(const struct bpf_insn *i)
{
	int op = i->imm & ~BPF_FETCH;

	if (BPF_SIZE(i->code) != BPF_W && BPF_SIZE(i->code) != BPF_DW)
		return false;
	return op == BPF_ADD || op == BPF_OR || op == BPF_AND || op == BPF_XOR || i->imm == BPF_XCHG ||
	       i->imm == BPF_CMPXCHG;
}

/* Instructions of -mcpu=v3, which is what tpc asks clang for. */
static bool is_known(const struct bpf_insn *i)
{
	if (i->dst_reg > 10 || i->src_reg > 10)
		return false;
	switch (BPF_CLASS(i->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		return !i->off && i->dst_reg != 10 && is_alu(i);
	case BPF_JMP:
	case BPF_JMP32:
		return is_jump(i);
	case BPF_LD:
		return i->code == (BPF_LD | BPF_IMM | BPF_DW) && !i->off && i->dst_reg != 10;
	case BPF_LDX:
		return BPF_MODE(i->code) == BPF_MEM && !i->imm && i->dst_reg != 10;
	case BPF_ST:
		return BPF_MODE(i->code) == BPF_MEM && !i->src_reg;
	default: /* BPF_STX */
		return BPF_MODE(i->code) == BPF_MEM ? !i->imm :
						      BPF_MODE(i->code) == BPF_ATOMIC && is_atomic(i);
	}
}

static bool check_jump(struct verify *v, const struct func *f, uint32_t at, const struct bpf_insn *i)
{
	const struct section *s = &v->sections.items[f->section];
	int64_t to = (int64_t)at + 1 + i->off;

	if (to < f->first || to >= (int64_t)f->first + f->n || s->marks[to] & MARK_SECOND)
		return finding_at(v, f->section, at, TPC_E_OBJECT_CODE,
				  "function '%s': instruction %u jumps out of it", f->name, at - f->first);
	return true;
}

static bool is_branch(const struct bpf_insn *i)
{
	uint8_t class = BPF_CLASS(i->code);

	return (class == BPF_JMP || class == BPF_JMP32) && BPF_OP(i->code) != BPF_CALL &&
	       BPF_OP(i->code) != BPF_EXIT;
}

/* Bytes below the frame pointer that the instruction touches itself, or whose address it makes. */
static uint32_t frame_use(const struct section *s, const struct func *f, uint32_t at)
{
	struct bpf_insn i = insn_at(s, at), next;
	uint8_t class = BPF_CLASS(i.code);
	bool last = at + 1 >= f->first + f->n;

	if ((class == BPF_LDX && i.src_reg == 10) ||
	    ((class == BPF_ST || class == BPF_STX) && i.dst_reg == 10))
		return i.off < 0 ? (uint32_t)-i.off : UINT32_MAX;
	if (i.code != (BPF_ALU64 | BPF_MOV | BPF_X) || i.src_reg != 10 || last)
		return 0;
	next = insn_at(s, at + 1);
	if (next.code == (BPF_ALU64 | BPF_ADD | BPF_K) && next.dst_reg == i.dst_reg && next.imm < 0)
		return (uint32_t)-(int64_t)next.imm;
	return 0;
}

static bool check_insn(struct verify *v, struct func *f, uint32_t at)
{
	const struct section *s = &v->sections.items[f->section];
	struct bpf_insn i = insn_at(s, at);
	uint32_t use;

	if (!is_known(&i))
		return finding_at(v, f->section, at, TPC_E_OBJECT_CODE,
				  "function '%s': instruction %u is none (code 0x%02x)", f->name,
				  at - f->first, i.code);
	if (is_branch(&i) && !check_jump(v, f, at, &i))
		return false;
	use = frame_use(s, f, at);
	if (use > STACK_MAX)
		return finding_at(v, f->section, at, TPC_E_OBJECT_CODE,
				  "function '%s': instruction %u lies outside the stack of %u bytes", f->name,
				  at - f->first, STACK_MAX);
	if (use > f->stack)
		f->stack = use;
	return true;
}

static bool check_func(struct verify *v, struct func *f)
{
	const struct section *s = &v->sections.items[f->section];
	uint32_t end = f->first + f->n;
	struct bpf_insn last = insn_at(s, end - 1);

	for (uint32_t at = f->first; at < end; at++) {
		struct bpf_insn i = insn_at(s, at);

		if (s->marks[at] & MARK_SECOND) {
			if (i.code || i.dst_reg || i.src_reg || i.off)
				return finding(v, TPC_E_OBJECT_CODE,
					       "function '%s': instruction %u is broken", f->name,
					       at - f->first);
		} else if (!check_insn(v, f, at)) {
			return false;
		}
	}
	if (s->marks[end - 1] & MARK_SECOND ||
	    (last.code != (BPF_JMP | BPF_EXIT) && last.code != (BPF_JMP | BPF_JA)))
		return finding(v, TPC_E_OBJECT_CODE, "function '%s' does not end", f->name);
	return true;
}

bool check_code(struct verify *v)
{
	struct func *f;
	uint32_t programs = 0;

	check_begin(v, "code", NULL);
	if (find_funcs(v))
		tpc_vec_foreach (f, &v->funcs) {
			programs += f->is_program;
			if (!check_func(v, f))
				break;
		}
	return check_end(v, "%u programs, %u functions, %u instructions", programs, v->funcs.len - programs,
			 v->insns);
}
