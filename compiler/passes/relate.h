// SPDX-License-Identifier: Apache-2.0
/* The theory that the passes and the comparison of policies lean on: sets of values, and what follows from what. */
#ifndef TPC_PASSES_RELATE_H
#define TPC_PASSES_RELATE_H

#include "ir/ir.h"

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

/* ---- texts.c: sorted sets of texts under a kind (equal, prefix, postfix, substring) ---- */
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
	const struct ir_unit *u; /* for workloads; NULL: nothing is known of them */
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
	bool present;		  /* an absent value fails one of the rule's terms, or cannot be */
	struct ranges set;	  /* what a value that is there may be */
};
struct allowed rule_allowed(struct tpc_arena *a, const struct ir_program *p, const struct ir_rule *r,
			    uint16_t value);

/* ---- implied.c: what follows from all terms of a rule ---- */
struct int_fact {
	uint16_t value;
	struct allowed al;
};

struct known_rule {
	const struct ir_rule *r;
	struct int_fact *ints; /* what its terms say together about each integer */
	uint32_t nints;
};
struct known_rule rule_know(struct relate *rel, const struct ir_rule *r);
/* Wherever the rule's terms (not those of its return) hold, @t holds. */
bool rule_implies(struct relate *rel, const struct known_rule *k, const struct ir_term *t);

/* ---- workloads.c ---- */
/* What meets all of @a meets all of @b. */
bool labels_imply(const struct ir_labels *a, const struct ir_labels *b);
/* Each workload of @a is one of @b; NULL: everything. */
bool workload_subset(const struct ir_workload *a, const struct ir_workload *b);
/* Requirements, each with its values. */
uint64_t workload_size(const struct ir_workload *w);

/* The passes canon and dedupe: what asks the same has one number, in its canonical form. */
void passes_share(struct tpc_ctx *c, struct ir_unit *u);

#endif
