// SPDX-License-Identifier: Apache-2.0
/*
 * The part of CEL (Common Expression Language) that policies may use in `operator: CelExpr`: parsed, typed,
 * evaluated. Facts: cilium/tetragon pkg/celbpf (August 2026): == != < <= > >= && || ! + -, and(a,b) or(a,b)
 * xor(a,b) not(a) on integers, int32() uint32() casts, literals of bool, int and uint; variables are handed in.
 * Operands of one operator must have the same type; there is no implicit conversion.
 */
#ifndef TPC_CEL_CEL_H
#define TPC_CEL_CEL_H

#include "base/arena.h"

/* CEL's int and uint are 64 bits wide; kernel arguments of 32 bits have types of their own. */
enum cel_type { CEL_BOOL, CEL_INT, CEL_UINT, CEL_INT32, CEL_UINT32, CEL_TYPE_MAX };

enum cel_op {
	CEL_CONST, /* value */
	CEL_VAR,   /* number var */
	CEL_EQ,
	CEL_NE,
	CEL_LT,
	CEL_LE,
	CEL_GT,
	CEL_GE, /* a, b of one integer type (EQ, NE: or bool) */
	CEL_ADD,
	CEL_SUB, /* a, b */
	CEL_BAND,
	CEL_BOR,
	CEL_BXOR,
	CEL_BNOT, /* and(), or(), xor(), not() */
	CEL_CAST, /* a, to the node's type */
	CEL_AND,
	CEL_OR,
	CEL_NOT, /* of bools */
	CEL_OP_MAX
};

struct cel_node {
	enum cel_op op;
	enum cel_type type;
	uint64_t value; /* CONST: extended to 64 bits as its type says */
	uint16_t var;	/* VAR */
	uint32_t depth; /* of the tree below, 1 for a leaf: at most CEL_DEPTH_MAX */
	const struct cel_node *a, *b;
	uint32_t at, len; /* its part of the text, bytes */
};

struct cel_var {
	const char *name; /* "arg0" */
	enum cel_type type;
	bool usable;	 /* false: known, but `why` it cannot be used */
	const char *why; /* "its type is 'file', and CEL compares integers" */
};

struct cel_fault {
	uint32_t at, len; /* the part of the text that is wrong */
	const char *what; /* one sentence, no period, in the arena */
	const char *hint; /* or NULL */
};

#define CEL_DEPTH_MAX 64
#define CEL_TEXT_MAX 4096

/* The typed tree of a bool expression, in @a; NULL: *@fault says why. Never recurses deeper than CEL_DEPTH_MAX. */
const struct cel_node *cel_parse(struct tpc_arena *a, const char *text, uint32_t len,
				 const struct cel_var *vars, uint32_t nvars, struct cel_fault *fault);
/* The value of a node; @vars[i] is variable i, extended to 64 bits as its type says. Arithmetic wraps in the type. */
uint64_t cel_eval(const struct cel_node *n, const uint64_t *vars);
const char *cel_type_name(enum cel_type t); /* "bool", "int", … */
/* Canonical text, fully parenthesised, for the IR's printer: "(arg0 == 1) && (arg1 > 2u)" with vars as v0, v1. */
const char *cel_print(struct tpc_arena *a, const struct cel_node *n);

#endif
