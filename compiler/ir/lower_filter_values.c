// SPDX-License-Identifier: Apache-2.0
/* The values of filters on arguments: what each adds to the predicate of its filter. */
#include <inttypes.h>
#include <string.h>

#include "ir/lower_filters.h"

/* The range that one value of an ordering operator stands for; none when nothing is above or below it. */
static bool ordering_range(const struct ir_value *v, bool greater, uint64_t num, struct ir_range *ret)
{
	uint64_t min = lower_number_min(v), max = lower_number_max(v);

	if (num == (greater ? max : min))
		return false;
	*ret = greater ? (struct ir_range){ num + 1, max } : (struct ir_range){ min, num - 1 };
	return true;
}

static bool is_range(uint16_t op)
{
	return op == TPC_ARG_OPERATOR_IN_RANGE || op == TPC_ARG_OPERATOR_NOT_IN_RANGE;
}

static bool is_map(uint16_t op)
{
	return op == TPC_ARG_OPERATOR_IN_MAP || op == TPC_ARG_OPERATOR_NOT_IN_MAP;
}

static bool has_octal(const char *s, uint32_t len)
{
	uint32_t sign = len && (s[0] == '-' || s[0] == '+');

	return len > sign + 1 && s[sign] == '0' && s[sign + 1] >= '0' && s[sign + 1] <= '9';
}

/*
 * Tables are filled from decimal numbers there (writeMatchRangesInMap), all else reads a leading 0 as octal. Neither
 * is taken without a word.
 */
static bool check_base(struct asked *q, struct lower_word w)
{
	const char *colon = w.len ? memchr(w.s, ':', w.len) : NULL;
	uint32_t len = colon ? (uint32_t)(colon - w.s) : w.len;

	if (!has_octal(w.s, len) && !(colon && has_octal(colon + 1, w.len - len - 1)))
		return true;
	lower_hint(q->l,
		   lower_error(q->l, w.at, TPC_E_VALUE,
			       "'%s' is octal, and Tetragon reads the numbers of '%s' as decimal",
			       lower_show(q->l, w.s, w.len), q->f->op.s),
		   "write it without the leading 0");
	return false;
}

static bool reads_text(const struct asked *q, uint32_t i)
{
	const struct ir_value *v = q->values[i] < 0 ? NULL : &q->l->p->values.items[q->values[i]];

	return v && (v->type == IR_STRING || v->type == IR_BYTES || v->type == IR_PATH);
}

/*
 * Text where a number is asked for is not a number written badly: the filter looks at another argument than was meant,
 * or that is read as another type.
 */
static bool check_no_text(struct asked *q, const struct ir_value *v, struct lower_word w)
{
	struct tpc_diag *d;
	uint32_t i = 0;

	if (!w.len || w.s[0] != '/' || q->of != OF_ARGS)
		return true;
	d = lower_error(q->l, w.at, TPC_E_VALUE, "'%s' is not a number, which type '%s' asks for",
			lower_show(q->l, w.s, w.len), v->type_name);
	while (i < q->nargs && i < LOWER_LIST_MAX && !reads_text(q, i))
		i++;
	if (i < q->nargs && i < LOWER_LIST_MAX)
		lower_hint(q->l, d, "did you mean argument %" PRId64 ", a '%s'?", q->args[i].index.v,
			   q->l->p->values.items[q->values[i]].type_name);
	else
		lower_hint(q->l, d, "is it another 'index', or another 'type' in 'args'?");
	return false;
}

/* A number, or for sets of capabilities and single ones their names. */
static bool read_number(struct asked *q, const struct ir_value *v, struct lower_word w, uint64_t *ret)
{
	const struct lower_type *t = lower_type_of(lower_type_word(v->type_name));
	uint32_t cap;

	if (t->caps)
		return lower_caps(q->l, w, true, ret);
	if (!t->cap)
		return check_no_text(q, v, w) && lower_number(q->l, v, w, ret);
	if (!lower_name(q->l, KERNEL_CAPS, w, true, &cap))
		return false;
	*ret = cap;
	return true;
}

/* Numbers of another ABI have bit 31 set: narrower values would lose it, and with it the entry, without a word. */
static bool add_list(struct asked *q, const struct ir_value *v, struct lower_filter *out, struct lower_word w)
{
	if (v->size == 8)
		return lower_list_ranges(q->l, w, &out->pred);
	lower_hint(q->l,
		   lower_error(q->l, w.at, TPC_E_OPERATOR_TYPE,
			       "a list of system calls is compared with type 'syscall64', not with '%s'",
			       v->type_name),
		   "type: syscall64");
	return false;
}

static bool add_number(struct asked *q, const struct ir_value *v, struct lower_filter *out,
		       struct lower_word w)
{
	uint16_t op = q->f->op.v;
	bool greater = op == TPC_ARG_OPERATOR_GT || op == TPC_ARG_OPERATOR_GREATER_THAN;
	bool less = op == TPC_ARG_OPERATOR_LT || op == TPC_ARG_OPERATOR_LESS_THAN;
	struct ir_range range;
	uint64_t num;

	if (is_map(op) && w.len > 5 && !memcmp(w.s, "list:", 5))
		return add_list(q, v, out, w);
	if (is_map(op) && !check_base(q, w))
		return false;
	if (is_range(op) || (is_map(op) && w.len && memchr(w.s, ':', w.len))) {
		if (!lower_range(q->l, v, w, &range))
			return false;
		*tpc_vec_push(q->l->c->arena, &out->pred.ranges) = range;
		return true;
	}
	if (!read_number(q, v, w, &num))
		return false;
	range = (struct ir_range){ num, num };
	if (op == TPC_ARG_OPERATOR_MASK) /* only the bits of the type: its sign is extended over the others */
		out->pred.mask |= v->size == 8 ? num : num & ((UINT64_C(1) << (v->size * 8)) - 1);
	else if ((!greater && !less) || ordering_range(v, greater, num, &range))
		*tpc_vec_push(q->l->c->arena, &out->pred.ranges) = range;
	return true;
}

static bool add_text(struct asked *q, const struct ir_value *v, struct lower_filter *out, struct lower_word w)
{
	struct ir_text t = { .s = "", .at = w.at };

	/* A string may be empty, and a path may not. */
	if ((w.len || out->pred.kind != IR_PRED_EQUAL || v->type == IR_PATH) &&
	    !lower_text(q->l, out->pred.kind, w, &t))
		return false;
	if (v->type == IR_PATH)
		lower_check_path(q->l, out->pred.kind, w);
	*tpc_vec_push(q->l->c->arena, &out->pred.texts) = t;
	return true;
}

/* A name; of families, protocols and states also a number or a range of them. */
static bool name_range(struct asked *q, struct lower_word w, struct ir_range *ret)
{
	bool numbers = q->op->about == ABOUT_NAME;
	const char *colon = numbers && w.len ? memchr(w.s, ':', w.len) : NULL;
	struct lower_word lo = w, hi = w;
	uint32_t from = 0, to = 0;

	if (numbers && !check_base(q, w))
		return false;
	if (colon) {
		lo.len = (uint32_t)(colon - w.s);
		hi.s = colon + 1;
		hi.len = w.len - lo.len - 1;
	}
	if (!lower_name(q->l, q->op->names, lo, numbers, &from))
		return false;
	to = from;
	if (colon && !lower_name(q->l, q->op->names, hi, numbers, &to))
		return false;
	*ret = from <= to ? (struct ir_range){ from, to } : (struct ir_range){ to, from };
	return true;
}

bool filter_add_value(struct asked *q, const struct ir_value *v, struct lower_filter *out,
		      struct lower_word w)
{
	struct ir_range range = { 0, 0 };
	struct ir_net net = { .len = 0 };

	switch (q->op->about) {
	case ABOUT_ADDRESS:
		if (!lower_net(q->l, w, &net))
			return false;
		*tpc_vec_push(q->l->c->arena, &out->pred.nets) = net;
		return true;
	case ABOUT_PORT:
		if (!lower_ports(q->l, w, &range))
			return false;
		break;
	case ABOUT_NAME:
	case ABOUT_FILE_TYPE:
		if (!name_range(q, w, &range))
			return false;
		break;
	default:
		return v->type == IR_INT ? add_number(q, v, out, w) : add_text(q, v, out, w);
	}
	*tpc_vec_push(q->l->c->arena, &out->pred.ranges) = range;
	return true;
}
