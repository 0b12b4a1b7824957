// SPDX-License-Identifier: Apache-2.0
/* Units built by hand or at random, and their rules as one line of text, for the tests of the passes. */
#ifndef TPC_TESTS_IR_BUILD_H
#define TPC_TESTS_IR_BUILD_H

#include "ir/ir.h"

/* A unit with one policy and one kprobe. */
struct ir_unit *build_unit(struct tpc_ctx *c);
struct ir_program *build_program(struct tpc_ctx *c, struct ir_unit *u, enum ir_hook_kind kind,
				 const char *target);

/* Values: their numbers. build_value() fills in what each has, and numbers arguments and fields. */
uint16_t build_value(struct tpc_ctx *c, struct ir_program *p, struct ir_value v);
/* @source is IR_FROM_ARG, IR_FROM_FIELD or IR_FROM_PID. */
uint16_t build_int(struct tpc_ctx *c, struct ir_program *p, enum ir_source source, uint8_t size,
		   bool is_signed);
uint16_t build_string(struct tpc_ctx *c, struct ir_program *p);
uint16_t build_path(struct tpc_ctx *c, struct ir_program *p);
uint16_t build_binary(struct tpc_ctx *c, struct ir_program *p);

/* An empty predicate, the last one of @p, to be filled. */
struct ir_pred *build_pred(struct tpc_ctx *c, struct ir_program *p, enum ir_pred_kind kind, uint16_t value);
/* Predicates: their numbers. Ranges as "1-3 7 -5~-2": "-" or "~" between the ends. */
uint16_t build_ranges(struct tpc_ctx *c, struct ir_program *p, uint16_t value, const char *ranges);
uint16_t build_mask(struct tpc_ctx *c, struct ir_program *p, uint16_t value, uint64_t mask);
/* Texts separated by blanks. */
uint16_t build_texts(struct tpc_ctx *c, struct ir_program *p, enum ir_pred_kind kind, uint16_t value,
		     const char *texts);

/* Networks separated by blanks, "10.0.0.0/8 fd00::/8". */
uint16_t build_nets(struct tpc_ctx *c, struct ir_program *p, uint16_t value, const char *nets);

/* A chain without rules; a rule is added with its terms as "0 !1 2", predicates' numbers. */
struct ir_chain *build_chain(struct tpc_ctx *c, struct ir_unit *u, struct ir_program *p);
struct ir_rule *build_rule(struct tpc_ctx *c, struct ir_chain *ch, const char *terms);

void build_return_term(struct tpc_ctx *c, struct ir_chain *ch, struct ir_rule *r, uint16_t pred,
		       bool negated);

/*
 * Rules: "v0{1-3,7} !v1="a" | v1^"/etc" | ; ": rules end in "|", chains in ";". v0 is value 0; {} ranges,
 * & mask, = equal, ^ prefix, $ postfix, ~ substring, ? the same in any case, @ networks.
 */
const char *show_rules(struct tpc_ctx *c, const struct ir_program *p);
/* Nodes: "0: v0{1} 1 2; 1: fire 0.0 2; 2: done". */
const char *show_graph(struct tpc_ctx *c, const struct ir_program *p);

/* ---- at random, the same for the same seed ---- */
uint32_t random_below(uint64_t *seed, uint32_t n);
/* @size 1: a few rules; larger: more of everything. */
struct ir_unit *random_unit(struct tpc_ctx *c, uint64_t seed, uint32_t size);
bool random_one_in(uint64_t *seed, uint32_t n);
uint64_t random_number(uint64_t *seed);
/* @min to @min + 3 letters. */
const char *random_text(struct tpc_ctx *c, uint64_t *seed, uint32_t min);
struct ir_input_value random_address(struct tpc_ctx *c, uint64_t *seed);
/* An input for @p near the constants that random_unit() uses. */
struct ir_input random_input(struct tpc_ctx *c, const struct ir_program *p, uint64_t *seed);

#endif
