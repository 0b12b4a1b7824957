// SPDX-License-Identifier: Apache-2.0
/* What the files of the checker share. Each function answers false once something is broken. */
#ifndef TPC_IR_CHECK_H
#define TPC_IR_CHECK_H

#include "ir/ir.h"

struct check {
	struct tpc_ctx *c;
	const struct ir_unit *u;
	unsigned have;
	const struct ir_program *p;   /* the one being looked at, or NULL */
	int64_t program, chain, rule; /* where we are; -1: not inside one */
	const char *broken;
};

/* Keeps the first fault, with the place in front. Always false. */
bool check_broken(struct check *k, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A vector that says it has items has them. */
#define CHECK_VEC(v) (!(v)->len || ((v)->items && (v)->len <= (v)->cap))

bool check_values(struct check *k);
bool check_preds(struct check *k);
/* Is it about what the function returns? Of a sound predicate. */
bool check_asks_return(const struct check *k, uint16_t pred);
bool check_texts(struct check *k, enum ir_pred_kind kind, const struct ir_text *t, uint32_t n);
bool check_graph(struct check *k);

#endif
