// SPDX-License-Identifier: Apache-2.0
/* Order and equality of IR texts (by bytes, a beginning before what extends it), networks and predicates. */
#ifndef TPC_IR_TEXT_H
#define TPC_IR_TEXT_H

#include "ir/ir.h"

/* Most bytes of one text: what an argument's string can hold (TPC_STRING_MAX of abi.h). */
#define IR_TEXT_MAX 4096

/* <0, 0, >0 as memcmp() does. */
int ir_text_compare(const struct ir_text *a, const struct ir_text *b);
/* The same, read from the last byte to the first. */
int ir_text_compare_reversed(const struct ir_text *a, const struct ir_text *b);
int ir_net_compare(const struct ir_net *a, const struct ir_net *b);
/* Is each address of @narrow one of @wide? */
bool ir_net_inside(const struct ir_net *wide, const struct ir_net *narrow);
/* Of kind and operands; 0: the same question, of perhaps different values. */
int ir_pred_compare_content(const struct ir_pred *a, const struct ir_pred *b);
/* And of the value. */
int ir_pred_compare(const struct ir_pred *a, const struct ir_pred *b);
bool ir_texts_equal(const struct ir_text *a, uint32_t na, const struct ir_text *b, uint32_t nb);

#endif
