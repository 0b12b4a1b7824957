// SPDX-License-Identifier: Apache-2.0
/* What the files of this folder share: tokens, the parser's state, the rules of types, what is said of faults. */
#ifndef TPC_CEL_CEL_IMPL_H
#define TPC_CEL_CEL_IMPL_H

#include "cel/cel.h"

enum cel_tok {
	CEL_TOK_END,
	CEL_TOK_INT,
	CEL_TOK_UINT,
	CEL_TOK_TRUE,
	CEL_TOK_FALSE,
	CEL_TOK_NAME,
	CEL_TOK_LEFT,
	CEL_TOK_RIGHT,
	CEL_TOK_COMMA,
	CEL_TOK_NOT,
	CEL_TOK_MINUS,
	CEL_TOK_PLUS,
	CEL_TOK_EQ,
	CEL_TOK_NE,
	CEL_TOK_LT,
	CEL_TOK_LE,
	CEL_TOK_GT,
	CEL_TOK_GE,
	CEL_TOK_AND,
	CEL_TOK_OR,
	/* From here on what no expression may hold, told apart for the sake of what is said about it. */
	CEL_TOK_BITS,	 /* & | ^, for which there are functions */
	CEL_TOK_FOREIGN, /* an operator of CEL or of C that is not supported */
	CEL_TOK_NULL,
	CEL_TOK_FLOAT,
	CEL_TOK_STRING,
	CEL_TOK_NUMBER, /* not one: digits with letters on them */
	CEL_TOK_STRAY,	/* a character that CEL does not know */
};

struct cel_token {
	enum cel_tok kind;
	uint32_t at, len;
	uint64_t value;	  /* INT, UINT */
	bool overflow;	  /* INT, UINT: more than 64 bits */
	const char *hint; /* BITS: the function; FOREIGN: what to write instead, or NULL */
};

struct cel_parser {
	struct tpc_arena *a;
	const char *text;
	uint32_t len;
	const struct cel_var *vars;
	uint32_t nvars;
	struct cel_token tok, last; /* to be read next; read before it */
	uint32_t nesting;	    /* of parentheses */
	struct cel_fault *fault;
};

/* The token at @at or after it. */
struct cel_token cel_lex(const struct cel_parser *p, uint32_t at);

/*
 * A typed node of the text from @at to the end of the last token; NULL, with the fault told, when the operands'
 * types do not allow it or the tree becomes too deep. The operands are not NULL.
 */
const struct cel_node *cel_make_const(struct cel_parser *p, enum cel_type t, uint64_t value, uint32_t at);
const struct cel_node *cel_make_var(struct cel_parser *p, uint32_t var, uint32_t at);
const struct cel_node *cel_make_not(struct cel_parser *p, const struct cel_node *n, uint32_t at);
const struct cel_node *cel_make_cast(struct cel_parser *p, enum cel_type t, const struct cel_node *n,
				     uint32_t at);
/* @name: as it is written, "==" or "and()". @at, @end: the text of both operands. Those of && and || are bools. */
const struct cel_node *cel_make_binary(struct cel_parser *p, enum cel_op op, const char *name,
				       const struct cel_node *a, const struct cel_node *b, uint32_t at,
				       uint32_t end);
const struct cel_node *cel_make_bnot(struct cel_parser *p, const struct cel_node *n, uint32_t at);
/* Whether @n is a bool; a fault when not. @name: who wants one. */
bool cel_wants_bool(struct cel_parser *p, const char *name, const struct cel_node *n);

/* @v as the 64 bits that a value of type @t has. */
uint64_t cel_extend(enum cel_type t, uint64_t v);
/* "int32(1)", "1u", "true". */
const char *cel_literal(struct tpc_arena *a, enum cel_type t, uint64_t v);

/* Tells the fault; gives NULL for the caller to return. @hint may be NULL. */
void *cel_fault(struct cel_parser *p, uint32_t at, uint32_t len, const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* A part of the text as a message shows it; of a long one the beginning. */
const char *cel_shown(struct cel_parser *p, uint32_t at, uint32_t len);
/* A node's text as an operand: in parentheses where it needs them. */
const char *cel_operand(struct cel_parser *p, const struct cel_node *n);
void *cel_fault_end(struct cel_parser *p);	/* the text ends where an operand is expected */
void *cel_fault_operand(struct cel_parser *p);	/* the next token is not an operand */
void *cel_fault_operator(struct cel_parser *p); /* the next token cannot follow an operand */
void *cel_fault_bits(struct cel_parser *p, const struct cel_node *left); /* it is & | ^ */
void *cel_fault_name(struct cel_parser *p, const struct cel_token *name);
void *cel_fault_function(struct cel_parser *p, const struct cel_token *name);
void *cel_fault_types(struct cel_parser *p, enum cel_op op, const char *name, const struct cel_node *a,
		      const struct cel_node *b, uint32_t at, uint32_t end);
void *cel_fault_cast(struct cel_parser *p, enum cel_type t, const struct cel_node *n);
void *cel_fault_not(struct cel_parser *p, const struct cel_node *n);

#endif
