// SPDX-License-Identifier: Apache-2.0
/* What the files on matchArgs, matchData and matchReturnArgs share: an operator, and a filter on its way into a rule. */
#ifndef TPC_IR_LOWER_FILTERS_H
#define TPC_IR_LOWER_FILTERS_H

#include "ir/lower_impl.h"

enum about { /* what an operator asks about */
	     ABOUT_NUMBER,
	     ABOUT_EQUALITY, /* of a number or of text */
	     ABOUT_TEXT,
	     ABOUT_ADDRESS,
	     ABOUT_PORT,
	     ABOUT_PRIVATE_PORT,
	     ABOUT_NAME, /* of a facet: family, protocol, state */
	     ABOUT_FILE_TYPE,
	     ABOUT_GAINED,
	     ABOUT_EXPR,
};

struct arg_operator {
	enum about about;
	enum ir_pred_kind text; /* ABOUT_TEXT, ABOUT_EQUALITY */
	enum ir_facet facet;
	bool negated;
	enum kernel_names names;
};

/* One filter on its way into a rule. */
struct asked {
	struct lower *l;
	struct ir_rule *r;
	const struct tpc_arg_filter *f;
	const struct arg_operator *op;
	const struct tpc_arg *args; /* the list that positions count in */
	const int32_t *values;
	uint32_t nargs;
	enum { OF_ARGS, OF_DATA, OF_RETURN } of;
};

/* ---- lower_filter_ops.c: which operator applies to which type ---- */
/* Of enum tpc_arg_operator @word. */
const struct arg_operator *filter_operator(uint16_t word);
bool filter_applies(const struct arg_operator *op, const struct ir_value *v);
/* Reports that q->op does not apply to @v. */
void filter_say_type(struct asked *q, const struct ir_value *v);
/* Warns when no value of @v can ever be one that @pred asks for. */
void filter_warn_never(struct asked *q, const struct ir_value *v, const struct ir_pred *pred);

/* ---- lower_filter_values.c: one operand into the predicate of @out; false: reported ---- */
bool filter_add_value(struct asked *q, const struct ir_value *v, struct lower_filter *out,
		      struct lower_word w);

#endif
