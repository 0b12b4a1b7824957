// SPDX-License-Identifier: Apache-2.0
/*
 * What can be reached once CO-RE relocations have decided: a missing field does no harm behind a branch that asks
 * for it first. Numbers that CO-RE fills in are followed through registers, as far as the verifier of a kernel would
 * at least; all else is unknown and leaves both ways open.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "verify/verify_impl.h"

#define REGS 11
#define NOT_SEEN UINT16_MAX

struct state {
	uint16_t known; /* a bit a register; NOT_SEEN: nothing led here yet */
	uint64_t r[REGS];
};

struct flow {
	const struct verify *v;
	const struct func *f;
	const struct section *s;
	const struct known *answers;
	uint8_t *reached;
	uint32_t *slot; /* of each instruction that is jumped to, +1 */
	struct state *states;
	uint32_t *todo, ntodo; /* slots; each at most once */
	uint8_t *queued;
	uint32_t *at; /* instruction of each slot */
};

uint32_t relo_of(const struct verify *v, uint32_t section, uint32_t insn)
{
	uint32_t lo = 0, hi = v->relos.len;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		const struct core_relo *c = &v->relos.items[mid];

		if (c->section == section && c->insn == insn)
			return mid + 1;
		if (c->section < section || (c->section == section && c->insn < insn))
			lo = mid + 1;
		else
			hi = mid;
	}
	return 0;
}

static bool is_jump(const struct bpf_insn *i)
{
	uint8_t class = BPF_CLASS(i->code);

	return (class == BPF_JMP || class == BPF_JMP32) && BPF_OP(i->code) != BPF_CALL &&
	       BPF_OP(i->code) != BPF_EXIT;
}

static void forget(struct state *st, uint32_t reg)
{
	st->known &= (uint16_t)~(1U << reg);
}

static void learn(struct state *st, uint32_t reg, uint64_t value)
{
	st->known |= (uint16_t)(1U << reg);
	st->r[reg] = value;
}

static bool knows(const struct state *st, uint32_t reg)
{
	return st->known & 1U << reg;
}

/* Where two ways meet only what both say stays. Gives whether something changed. */
static bool merge(struct state *into, const struct state *from)
{
	uint16_t before = into->known;

	if (before == NOT_SEEN) {
		*into = *from;
		return true;
	}
	for (uint32_t r = 0; r < REGS; r++)
		if (knows(into, r) && (!knows(from, r) || from->r[r] != into->r[r]))
			forget(into, r);
	return into->known != before;
}

static void lead_to(struct flow *w, uint32_t insn, const struct state *st)
{
	uint32_t slot = w->slot[insn] - 1;

	if (!merge(&w->states[slot], st) || w->queued[slot])
		return;
	w->queued[slot] = 1;
	w->todo[w->ntodo++] = slot;
}

static void do_alu(struct state *st, const struct bpf_insn *i, const struct known *core)
{
	bool wide = BPF_CLASS(i->code) == BPF_ALU64, reg = BPF_SRC(i->code) == BPF_X;
	uint64_t b = reg		       ? st->r[i->src_reg] :
		     core->what == KNOWN_VALUE ? core->value :
						 (uint64_t)(int64_t)i->imm;
	uint64_t a = st->r[i->dst_reg];
	bool known = !reg || knows(st, i->src_reg);

	if (BPF_OP(i->code) != BPF_MOV)
		known = known && knows(st, i->dst_reg);
	if (!wide) {
		a = (uint32_t)a;
		b = (uint32_t)b;
	}
	switch (BPF_OP(i->code)) {
	case BPF_MOV:
		a = b;
		break;
	case BPF_ADD:
		a += b;
		break;
	case BPF_SUB:
		a -= b;
		break;
	case BPF_AND:
		a &= b;
		break;
	case BPF_OR:
		a |= b;
		break;
	case BPF_XOR:
		a ^= b;
		break;
	case BPF_LSH:
		a <<= b & (wide ? 63 : 31);
		break;
	case BPF_RSH:
		a >>= b & (wide ? 63 : 31);
		break;
	default:
		known = false;
		break;
	}
	if (known)
		learn(st, i->dst_reg, wide ? a : (uint32_t)a);
	else
		forget(st, i->dst_reg);
}

/* -1: cannot be told; else whether the jump is taken. */
static int decide(const struct state *st, const struct bpf_insn *i)
{
	bool wide = BPF_CLASS(i->code) == BPF_JMP, reg = BPF_SRC(i->code) == BPF_X;
	uint64_t a = st->r[i->dst_reg], b = reg ? st->r[i->src_reg] : (uint64_t)(int64_t)i->imm;
	int64_t sa, sb;

	if (BPF_OP(i->code) == BPF_JA)
		return 1;
	if (!knows(st, i->dst_reg) || (reg && !knows(st, i->src_reg)))
		return -1;
	if (!wide) {
		a = (uint32_t)a;
		b = (uint32_t)b;
	}
	sa = wide ? (int64_t)a : (int32_t)a;
	sb = wide ? (int64_t)b : (int32_t)b;
	switch (BPF_OP(i->code)) {
	case BPF_JEQ:
		return a == b;
	case BPF_JNE:
		return a != b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	case BPF_JLT:
		return a < b;
	case BPF_JLE:
		return a <= b;
	case BPF_JSET:
		return (a & b) != 0;
	case BPF_JSGT:
		return sa > sb;
	case BPF_JSGE:
		return sa >= sb;
	case BPF_JSLT:
		return sa < sb;
	case BPF_JSLE:
		return sa <= sb;
	default:
		return -1;
	}
}

/* What an instruction leaves in the registers. */
static void step(struct flow *w, struct state *st, uint32_t at, const struct bpf_insn *i,
		 const struct known *core)
{
	/* A relocation without an answer: what stands in the instruction until then says nothing. */
	bool open = w->s->marks[at] & MARK_CORE && core->what == KNOWN_NOT;

	switch (BPF_CLASS(i->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		if (open)
			forget(st, i->dst_reg);
		else
			do_alu(st, i, core);
		break;
	case BPF_LD:
		if (core->what == KNOWN_VALUE)
			learn(st, i->dst_reg, core->value);
		else if (w->s->marks[at] & (MARK_RELOC | MARK_CORE))
			forget(st, i->dst_reg);
		else
			learn(st, i->dst_reg,
			      (uint32_t)i->imm | (uint64_t)(uint32_t)insn_at(w->s, at + 1).imm << 32);
		break;
	case BPF_LDX:
		forget(st, i->dst_reg);
		break;
	case BPF_STX:
		if (BPF_MODE(i->code) == BPF_ATOMIC) {
			forget(st, i->src_reg);
			forget(st, 0);
		}
		break;
	case BPF_JMP:
		if (BPF_OP(i->code) == BPF_CALL)
			for (uint32_t r = 0; r <= 5; r++)
				forget(st, r);
		break;
	default:
		break;
	}
}

/* From one instruction that is jumped to until the way ends, or goes on at another such. */
static void follow(struct flow *w, uint32_t at, struct state st)
{
	static const struct known none = { KNOWN_NOT, 0 };
	uint32_t end = w->f->first + w->f->n;

	for (bool first = true; at < end; first = false) {
		struct bpf_insn i = insn_at(w->s, at);
		const struct known *core = &none;
		int taken;

		if (!first && w->slot[at - w->f->first]) {
			lead_to(w, at - w->f->first, &st);
			return;
		}
		w->reached[at - w->f->first] = 1;
		if (w->s->marks[at] & MARK_CORE)
			core = &w->answers[relo_of(w->v, w->f->section, at) - 1];
		if (core->what == KNOWN_POISON || i.code == (BPF_JMP | BPF_EXIT))
			return;
		if (!is_jump(&i)) {
			step(w, &st, at, &i, core);
			at += i.code == (BPF_LD | BPF_IMM | BPF_DW) ? 2 : 1;
			continue;
		}
		taken = decide(&st, &i);
		if (taken)
			lead_to(w, (uint32_t)((int64_t)at + 1 + i.off - w->f->first), &st);
		if (taken == 1)
			return;
		at++;
	}
}

/* The entry, and each target of a jump. */
static uint32_t number_slots(struct flow *w)
{
	uint32_t n = 0;

	w->slot[0] = ++n;
	for (uint32_t k = 0; k < w->f->n; k++) {
		struct bpf_insn i = insn_at(w->s, w->f->first + k);
		uint32_t to;

		if (w->s->marks[w->f->first + k] & MARK_SECOND || !is_jump(&i))
			continue;
		to = (uint32_t)((int64_t)k + 1 + i.off);
		if (!w->slot[to])
			w->slot[to] = ++n;
	}
	return n;
}

static int run(struct flow *w)
{
	uint32_t n = number_slots(w);
	struct state start = { 0 };

	w->states = calloc(n, sizeof(*w->states));
	w->todo = calloc(n, sizeof(*w->todo));
	w->queued = calloc(n, 1);
	w->at = calloc(n, sizeof(*w->at));
	if (!w->states || !w->todo || !w->queued || !w->at)
		return -ENOMEM;
	for (uint32_t i = 0; i < n; i++)
		w->states[i].known = NOT_SEEN;
	for (uint32_t k = 0; k < w->f->n; k++)
		if (w->slot[k])
			w->at[w->slot[k] - 1] = w->f->first + k;
	lead_to(w, 0, &start);
	while (w->ntodo) {
		uint32_t slot = w->todo[--w->ntodo];

		w->queued[slot] = 0;
		follow(w, w->at[slot], w->states[slot]);
	}
	return 0;
}

int flow_reach(const struct verify *v, uint32_t func, const struct known *known, uint8_t *ret)
{
	struct flow w = { .v = v, .f = &v->funcs.items[func], .answers = known, .reached = ret };
	int err = -ENOMEM;

	w.s = &v->sections.items[w.f->section];
	memset(ret, 0, w.f->n);
	w.slot = calloc(w.f->n, sizeof(*w.slot));
	if (w.slot)
		err = run(&w);
	free(w.slot);
	free(w.states);
	free(w.todo);
	free(w.queued);
	free(w.at);
	return err;
}
