// SPDX-License-Identifier: Apache-2.0
/* What the files of compiler/passes share: the passes themselves and the small theory they lean on. */
#ifndef TPC_PASSES_INTERNAL_H
#define TPC_PASSES_INTERNAL_H

#include "passes/passes.h"
#include "passes/relate.h"

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
