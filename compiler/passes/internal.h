// SPDX-License-Identifier: Apache-2.0
/* What the files of compiler/passes share: the passes themselves and the small theory they lean on. */
#ifndef TPC_PASSES_INTERNAL_H
#define TPC_PASSES_INTERNAL_H

#include "passes/passes.h"

/* The passes, each in the file of its name; the contract stands there. */
void pass_canon(struct tpc_ctx *c, struct ir_unit *u);
void pass_fold(struct tpc_ctx *c, struct ir_unit *u);
void pass_dedupe(struct tpc_ctx *c, struct ir_unit *u);
void pass_subsume(struct tpc_ctx *c, struct ir_unit *u);
void pass_unreachable(struct tpc_ctx *c, struct ir_unit *u);
void pass_sweep(struct tpc_ctx *c, struct ir_unit *u);
void pass_hoist(struct tpc_ctx *c, struct ir_unit *u);
void pass_cost(struct tpc_ctx *c, struct ir_unit *u);
void pass_order(struct tpc_ctx *c, struct ir_unit *u);
void pass_decide(struct tpc_ctx *c, struct ir_unit *u);
void pass_thread(struct tpc_ctx *c, struct ir_unit *u);
void pass_merge(struct tpc_ctx *c, struct ir_unit *u);

/*
 * ---- ranges.c: sets of integers as sorted, disjoint, non-adjacent closed ranges ----
 * All operands of one call belong to the same value, whose signedness gives the order and whose size the
 * domain.
 */
struct ranges {
	struct ir_range *items;
	uint32_t len;
};
#define RANGES_OF(pred) ((struct ranges){ (pred)->ranges.items, (pred)->ranges.len })

/* The canonical form of any @r: clamped to the domain, what lies outside or is upside down dropped. */
struct ranges ranges_canon(struct tpc_arena *a, const struct ir_value *v, struct ranges r);
/* The rest take and give the canonical form. */
struct ir_range ranges_domain(const struct ir_value *v);
struct ranges ranges_complement(struct tpc_arena *a, const struct ir_value *v, struct ranges r);
bool ranges_subset(const struct ir_value *v, struct ranges x, struct ranges y);
bool ranges_disjoint(const struct ir_value *v, struct ranges x, struct ranges y);
bool ranges_full(const struct ir_value *v, struct ranges r);

/* ---- texts.c: sorted sets of texts under a kind (equal, prefix, postfix) ---- */
/* Sorts @t by bytes, drops what equals or is implied by another text; gives the new length. */
uint32_t texts_canon(enum ir_pred_kind kind, struct ir_text *t, uint32_t n);
/* Does the predicate (@kind, @set), canonical, answer true to the bytes of @t? */
bool texts_match(enum ir_pred_kind kind, const struct ir_text *set, uint32_t n, const struct ir_text *t);

/*
 * ---- relate.c: what the answer to one predicate says about another ----
 * Requires canonical ranges and texts. Each question is answered false when it is not known to hold, and
 * always once @budget (steps, about a comparison each) is used up: hostile input costs precision, not time.
 */
struct relate {
	struct tpc_arena *arena;
	const struct ir_program *p;
	uint64_t budget;
};
#define RELATE_BUDGET (UINT64_C(1) << 22)

/* Whatever makes @a true makes @b true. */
bool pred_subset(struct relate *r, uint16_t a, uint16_t b);
/* Nothing makes both true. */
bool pred_disjoint(struct relate *r, uint16_t a, uint16_t b);
/* Wherever term @a holds, @b holds. */
bool term_implies(struct relate *r, const struct ir_term *a, const struct ir_term *b);
/* Wherever term @a holds, @b does not. */
bool term_excludes(struct relate *r, const struct ir_term *a, const struct ir_term *b);
/* The kernel always has this value: integers in registers and the process number. See ir_input_value.absent. */
bool value_always_present(const struct ir_value *v);

/* Does @pred ask one integer by ranges? Of a process and its ancestors each may answer another question. */
bool pred_asks_ranges(const struct ir_program *p, const struct ir_pred *pred);

/* What the RANGES terms of a rule say together about one integer. */
struct allowed {
	uint32_t nterms, nranges; /* RANGES terms over the value, and their ranges */
	bool present;		  /* an absent value fails one of the terms, or cannot be */
	struct ranges set;	  /* what a value that is there may be */
};
struct allowed rule_allowed(struct tpc_arena *a, const struct ir_program *p, const struct ir_rule *r,
			    uint16_t value);

/* ---- preds.c: predicates of a program as a set ---- */
/* Same question: kind, value and operands. */
bool pred_equal(const struct ir_pred *a, const struct ir_pred *b);
/* For tables of predicates by number; @program is a struct ir_program. */
bool pred_same(const void *program, uint32_t a, uint32_t b);
/* Of kind and operands, without the value: what two exec tests share. */
uint64_t pred_hash(const struct ir_pred *p);
/*
 * Keeps the predicates with keep[i], in order, and makes terms point at the new numbers. @same (may be
 * NULL) says which kept predicate stands for each one. There is no graph yet.
 */
void preds_compact(struct tpc_ctx *c, struct ir_program *p, const bool *keep, const uint16_t *same);
/* Drops terms that repeat an earlier one of their rule. */
void rules_drop_repeated(struct tpc_ctx *c, struct ir_program *p);

/* ---- table.c: hash table of numbers; what they number is the caller's ---- */
struct table {
	uint32_t *slots; /* number + 1, 0: free */
	uint32_t mask;
};
#define TABLE_NONE UINT32_MAX
#define HASH_START UINT64_C(0xcbf29ce484222325)

/* For at most @n entries. */
void table_init(struct table *t, struct tpc_arena *a, uint32_t n);
/* The first number added under @hash that @equal accepts; else adds @nr and gives TABLE_NONE. */
uint32_t table_find_or_add(struct table *t, uint64_t hash, uint32_t nr,
			   bool (*equal)(const void *user, uint32_t a, uint32_t b), const void *user);
uint64_t hash_bytes(uint64_t h, const void *data, size_t len);
uint64_t hash_u64(uint64_t h, uint64_t x);

#endif
