// SPDX-License-Identifier: Apache-2.0
/*
 * CelExpr into the predicates that everything else is asked by. The expression is a conjunction of parts, each a
 * term of its own; a part that compares one argument with constants is a set of ranges like that of Equal or GT,
 * and only what is left (arithmetic, several arguments) stays an expression. So the optimizer sees through it.
 *
 * No term is negated: where an argument cannot be read the filter does not hold, whatever it says about it
 * (bpf/process/types/basic.h, selector_arg_offset). A negation goes into the question itself.
 */
#include <inttypes.h>
#include <string.h>

#include "ir/lower_impl.h"

struct cel_args {
	struct cel_var vars[IR_EXPR_VARS_MAX];
	int32_t values[IR_EXPR_VARS_MAX];
	uint32_t n;
	bool at_return; /* what is asked is asked when the function returns */
};

/* cilium/tetragon, pkg/celbpf/types.go: integers of 32 and 64 bits, and no others. */
static bool cel_type_of(const struct ir_value *v, enum cel_type *ret)
{
	static const char *const narrow[] = { "int", "sint32", "int32", "uint32" };

	if (v->type != IR_INT || v->size < 4 || lower_is_untyped(v) ||
	    lower_type_of(lower_type_word(v->type_name))->pointer)
		return false;
	if (v->size == 8) {
		*ret = v->is_signed ? CEL_INT : CEL_UINT;
		return true;
	}
	for (size_t i = 0; i < sizeof(narrow) / sizeof(narrow[0]); i++)
		if (!strcmp(v->type_name, narrow[i])) {
			*ret = v->is_signed ? CEL_INT32 : CEL_UINT32;
			return true;
		}
	return false;
}

static const char *why_unusable(struct lower *l, const struct ir_value *v)
{
	if (!v)
		return "its entry is wrong";
	if (lower_is_untyped(v))
		return "its type is not known, add its 'type:' in 'args'";
	return tpc_sprintf(l->c->arena, "its type is '%s', and CEL compares integers of 32 and 64 bits",
			   v->type_name);
}

static void name_args(struct lower *l, const int32_t *values, uint32_t n, struct cel_args *ret)
{
	for (uint32_t i = 0; i < n && i < IR_EXPR_VARS_MAX; i++) {
		struct cel_var *var = &ret->vars[i];
		const struct ir_value *v = values[i] < 0 ? NULL : &l->p->values.items[values[i]];

		*var = (struct cel_var){ .name = tpc_sprintf(l->c->arena, "arg%" PRIu32, i),
					 .type = CEL_INT };
		var->usable = v && cel_type_of(v, &var->type);
		if (!var->usable)
			var->why = why_unusable(l, v);
		ret->values[i] = values[i];
		ret->n = i + 1;
	}
}

static struct tpc_span part_of(struct lower *l, const struct tpc_value *v, uint32_t at, uint32_t len)
{
	const struct tpc_source *src = tpc_source_get(&l->c->sources, v->at.file);
	uint32_t quote = v->at.len == v->len + 2;
	struct tpc_span part = v->at;

	/* Escaped or folded text has no place of its own for each part. */
	if (!src || v->at.off + v->at.len > src->len || (v->at.len != v->len && !quote) ||
	    memcmp(src->text + v->at.off + quote, v->s, v->len) || at + len > v->len)
		return v->at;
	part.off += quote + at;
	part.len = len;
	return part;
}

/* ---- comparisons of one argument with constants ---- */

static bool is_compare(enum cel_op op)
{
	return op >= CEL_EQ && op <= CEL_GE;
}

static enum cel_op mirrored(enum cel_op op)
{
	switch (op) {
	case CEL_LT:
		return CEL_GT;
	case CEL_LE:
		return CEL_GE;
	case CEL_GT:
		return CEL_LT;
	case CEL_GE:
		return CEL_LE;
	default:
		return op;
	}
}

static enum cel_op inverted(enum cel_op op)
{
	switch (op) {
	case CEL_EQ:
		return CEL_NE;
	case CEL_NE:
		return CEL_EQ;
	case CEL_LT:
		return CEL_GE;
	case CEL_LE:
		return CEL_GT;
	case CEL_GT:
		return CEL_LE;
	default:
		return CEL_LT;
	}
}

/* The numbers that pass, of a value of the type: none, one or two ranges, appended. */
static void add_ranges(struct lower *l, const struct ir_value *v, enum cel_op op, uint64_t num,
		       struct ir_pred *pred)
{
	uint64_t min = lower_number_min(v), max = lower_number_max(v);
	struct ir_range below = { min, num - 1 }, above = { num + 1, max };

	if ((op == CEL_EQ || op == CEL_LE || op == CEL_GE))
		*tpc_vec_push(l->c->arena, &pred->ranges) = (struct ir_range){ num, num };
	if ((op == CEL_LT || op == CEL_LE || op == CEL_NE) && num != min)
		*tpc_vec_push(l->c->arena, &pred->ranges) = below;
	if ((op == CEL_GT || op == CEL_GE || op == CEL_NE) && num != max)
		*tpc_vec_push(l->c->arena, &pred->ranges) = above;
}

/* @n, or its negation, as a set of numbers of one variable; false: it is more than that. */
static bool as_ranges(struct lower *l, const struct cel_args *args, const struct cel_node *n, bool negated,
		      int32_t *var, struct ir_pred *pred)
{
	const struct cel_node *a = n->a, *b = n->b;
	enum cel_op op = n->op;

	if (op == CEL_NOT)
		return as_ranges(l, args, a, !negated, var, pred);
	if (op == (negated ? CEL_AND : CEL_OR))
		return as_ranges(l, args, a, negated, var, pred) && as_ranges(l, args, b, negated, var, pred);
	if (!is_compare(op))
		return false;
	if (a->op == CEL_CONST && b->op == CEL_VAR) {
		const struct cel_node *t = a;

		a = b;
		b = t;
		op = mirrored(op);
	}
	if (a->op != CEL_VAR || b->op != CEL_CONST || a->type == CEL_BOOL || (*var >= 0 && *var != a->var))
		return false;
	*var = a->var;
	add_ranges(l, &l->p->values.items[args->values[a->var]], negated ? inverted(op) : op, b->value, pred);
	return true;
}

static void add_range_term(struct lower *l, struct ir_rule *r, const struct cel_args *args, int32_t var,
			   struct ir_pred *pred, struct tpc_span at)
{
	struct lower_filter f = { .pred = *pred, .at_return = args->at_return };

	f.pred.kind = IR_PRED_RANGES;
	f.pred.binding = IR_AT_EVENT;
	lower_add_filter(l, r, args->values[var], &f, at);
}

/* ---- what stays an expression ---- */

struct renumber {
	struct tpc_arena *arena;
	const struct cel_args *args;
	struct ir_expr *e;
};

/* A copy whose variables count the values it uses. Values are few: a list is searched. */
static const struct cel_node *renumbered(struct renumber *rn, const struct cel_node *n)
{
	struct cel_node *copy;
	uint16_t value;
	uint32_t i = 0;

	if (!n)
		return NULL;
	copy = tpc_new(rn->arena, struct cel_node);
	*copy = *n;
	copy->a = renumbered(rn, n->a);
	copy->b = renumbered(rn, n->b);
	if (n->op != CEL_VAR)
		return copy;
	value = (uint16_t)rn->args->values[n->var];
	while (i < rn->e->vars.len && rn->e->vars.items[i] != value)
		i++;
	if (i == rn->e->vars.len)
		*tpc_vec_push(rn->arena, &rn->e->vars) = value;
	copy->var = (uint16_t)i;
	return copy;
}

static void add_expr_term(struct lower *l, struct ir_rule *r, const struct cel_args *args,
			  const struct cel_node *n, bool negated, const struct tpc_value *v)
{
	struct ir_expr *e = tpc_new(l->c->arena, struct ir_expr);
	struct renumber rn = { .arena = l->c->arena, .args = args, .e = e };
	struct lower_filter f = { .pred = { .kind = IR_PRED_EXPR, .binding = IR_AT_EVENT, .expr = e },
				  .at_return = args->at_return };
	struct cel_node not = { .op = CEL_NOT, .type = CEL_BOOL, .depth = n->depth + 1, .a = n };

	e->tree = renumbered(&rn, negated ? &not : n);
	e->text = cel_print(l->c->arena, e->tree);
	lower_add_filter(l, r, e->vars.items[0], &f, part_of(l, v, n->at, n->len));
}

static bool has_variable(const struct cel_node *n)
{
	return n && (n->op == CEL_VAR || has_variable(n->a) || has_variable(n->b));
}

/* A part without variables always holds, or never. */
static void add_constant(struct lower *l, struct ir_rule *r, const struct cel_args *args,
			 const struct cel_node *n, bool negated, const struct tpc_value *v)
{
	struct tpc_span at = part_of(l, v, n->at, n->len);
	struct ir_value pid = { .type = IR_INT,
				.source = IR_FROM_PID,
				.size = 4,
				.size_value = -1,
				.type_name = "pid",
				.at = at };
	struct lower_filter f = { .pred = { .kind = IR_PRED_RANGES, .binding = IR_AT_EVENT },
				  .at_return = args->at_return };

	if ((cel_eval(n, NULL) != 0) != negated) {
		lower_warning(l, at, TPC_W_NO_EFFECT, "this part of the expression always holds");
		return;
	}
	lower_add_filter(l, r, lower_value(l, &pid), &f, at); /* in no range: never */
}

/* Depth is bounded by CEL_DEPTH_MAX. */
static void add_part(struct lower *l, struct ir_rule *r, const struct cel_args *args,
		     const struct cel_node *n, bool negated, const struct tpc_value *v)
{
	struct ir_pred pred = { 0 };
	int32_t var = -1;

	if (n->op == CEL_NOT) {
		add_part(l, r, args, n->a, !negated, v);
	} else if (n->op == (negated ? CEL_OR : CEL_AND)) {
		add_part(l, r, args, n->a, negated, v);
		add_part(l, r, args, n->b, negated, v);
	} else if (!has_variable(n)) {
		add_constant(l, r, args, n, negated, v);
	} else if (as_ranges(l, args, n, negated, &var, &pred)) {
		add_range_term(l, r, args, var, &pred, part_of(l, v, n->at, n->len));
	} else {
		add_expr_term(l, r, args, n, negated, v);
	}
}

void lower_cel(struct lower *l, struct ir_rule *r, const struct tpc_arg_filter *f, const int32_t *values,
	       uint32_t n, bool at_return)
{
	const struct cel_node *tree;
	struct cel_fault fault = { 0 };
	struct cel_args args = { .at_return = at_return };
	const struct tpc_value *v;

	if (!f->values.len) {
		lower_no_values(l, f->op.at, f->op.s, f->values.bad, f->values.at);
		return;
	}
	v = &f->values.items[0];
	if (f->values.len > 1) {
		lower_hint(l,
			   lower_error(l, f->values.items[1].at, TPC_E_EXPR,
				       "'CelExpr' has one expression, not %u", f->values.len),
			   "join them with '||' or '&&'");
		return;
	}
	if (!v->set)
		return;
	name_args(l, values, n, &args);
	tree = cel_parse(l->c->arena, v->s, v->len, args.vars, args.n, &fault);
	if (tree) {
		add_part(l, r, &args, tree, false, v);
		return;
	}
	if (fault.hint)
		lower_hint(l,
			   lower_error(l, part_of(l, v, fault.at, fault.len), TPC_E_EXPR, "%s", fault.what),
			   "%s", fault.hint);
	else
		lower_error(l, part_of(l, v, fault.at, fault.len), TPC_E_EXPR, "%s", fault.what);
}
