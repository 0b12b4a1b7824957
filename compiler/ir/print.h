// SPDX-License-Identifier: Apache-2.0
/* What the files of the printer share. */
#ifndef TPC_IR_PRINT_H
#define TPC_IR_PRINT_H

#include "ir/ir.h"

#define PRINT_COUNT(a) (sizeof(a) / sizeof((a)[0]))
/* The IR may be broken: a number without a name is printed too. */
#define PRINT_WORD(table, i) ((unsigned)(i) < PRINT_COUNT(table) ? (table)[i] : "?")

/* print.c */
void ir_print_escaped(struct tpc_buf *out, const char *s, size_t len);
void ir_print_quoted(struct tpc_buf *out, const char *s, size_t len);
void ir_print_text(struct tpc_buf *out, const char *s); /* quoted; NULL: ? */
void ir_print_name(struct tpc_buf *out, const char *s); /* NULL: ? */
/* " @12\n", or only the end of the line where there is no place. */
void ir_print_place(struct tpc_ctx *c, struct tpc_span at, struct tpc_buf *out);

/* print_pred.c */
void ir_print_value(struct tpc_ctx *c, const struct ir_value *v, uint32_t nr, struct tpc_buf *out);
void ir_print_pred(struct tpc_ctx *c, const struct ir_program *p, uint32_t nr, struct tpc_buf *out);
const char *ir_pred_kind_name(enum ir_pred_kind k);

/* print_rule.c */
void ir_print_rule(struct tpc_ctx *c, const struct ir_rule *r, uint32_t nr, struct tpc_buf *out);

#endif
