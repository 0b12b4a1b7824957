// SPDX-License-Identifier: Apache-2.0
/* matchArgs, matchData and matchReturnArgs: which value a filter asks about, and by which predicate. */
#include <inttypes.h>

#include "ir/lower_filters.h"

/* ---- which argument ---- */

/* "there is 0, 1 and 3" as a hint. */
static void hint_indices(struct asked *q, struct tpc_diag *d, bool positions)
{
	const char *list = q->of == OF_DATA ? "data" : "args";
	struct tpc_buf b = TPC_BUF(q->l->c->arena);

	if (!q->nargs) {
		lower_hint(q->l, d, "add it to '%s', of which there are none", list);
		return;
	}
	for (uint32_t i = 0; i < q->nargs && i < LOWER_FIELDS_MAX; i++)
		tpc_buf_printf(&b, "%s%" PRId64, i ? ", " : "", positions ? (int64_t)i : q->args[i].index.v);
	if (positions)
		lower_hint(q->l, d, "positions in '%s' are %s", list, tpc_buf_text(&b));
	else
		lower_hint(q->l, d, "'args' lists %s", tpc_buf_text(&b));
}

static int64_t position_of(struct asked *q, const struct tpc_int *at)
{
	struct tpc_diag *d;

	if (at->v >= 0 && at->v < q->nargs)
		return at->v;
	d = lower_error(q->l, at->at, TPC_E_ARG_INDEX, "position %" PRId64 " is not in '%s'", at->v,
			q->of == OF_DATA ? "data" : "args");
	hint_indices(q, d, true);
	return -1;
}

static int64_t position_from_args(struct asked *q)
{
	uint32_t most = q->op->about == ABOUT_GAINED ? 2 : 1;

	if (q->f->args.len > most) {
		lower_error(q->l, q->f->args.items[most].at, TPC_E_ARG_INDEX, "operator '%s' looks at %s",
			    q->f->op.s, most == 1 ? "one argument" : "two arguments");
		return -1;
	}
	return position_of(q, &q->f->args.items[0]);
}

/*
 * A tracepoint's index that no argument has is a position in args: Tetragon rewrites indices to positions
 * and looks at the result, and published policies rely on it.
 */
static int64_t position_from_index(struct asked *q)
{
	const struct tpc_int *index = &q->f->index;
	struct tpc_diag *d;

	for (uint32_t i = 0; i < q->nargs && i < LOWER_LIST_MAX; i++)
		if (q->args[i].index.v == index->v)
			return i;
	if (q->l->hook->kind == IR_TRACEPOINT && index->v >= 0 && index->v < q->nargs) {
		d = lower_warning(q->l, index->at, TPC_W_ARG_POSITION,
				  "no argument has index %" PRId64 ", so it is taken as a position in 'args'",
				  index->v);
		lower_hint(q->l, d, "index: %" PRId64, q->args[index->v].index.v);
		return index->v;
	}
	d = lower_error(q->l, index->set ? index->at : q->f->op.at, TPC_E_ARG_INDEX,
			"no argument has index %" PRId64, index->v);
	hint_indices(q, d, false);
	return -1;
}

/* There is one return value, whatever the index says. */
static int64_t position_of_return(struct asked *q)
{
	if (q->f->index.set && q->args && q->f->index.v != q->args[0].index.v)
		lower_hint(q->l,
			   lower_warning(q->l, q->f->index.at, TPC_W_ARG_POSITION,
					 "there is one return value, and 'returnArg' has index %" PRId64,
					 q->args[0].index.v),
			   "index: %" PRId64, q->args[0].index.v);
	return 0;
}

static int64_t position(struct asked *q)
{
	if (q->f->args.len)
		return position_from_args(q);
	if (q->of == OF_RETURN)
		return position_of_return(q);
	return q->of == OF_DATA ? position_of(q, &q->f->index) : position_from_index(q);
}

/* ---- by which predicate ---- */

static enum ir_pred_kind pred_kind(struct asked *q, const struct ir_value *v)
{
	if (q->op->about == ABOUT_ADDRESS)
		return IR_PRED_NETS;
	if (q->f->op.v == TPC_ARG_OPERATOR_MASK || q->op->about == ABOUT_GAINED)
		return IR_PRED_MASK;
	return q->op->facet == IR_FACET_NONE && v->type != IR_INT ? q->op->text : IR_PRED_RANGES;
}

/* The value that is asked: the argument, or a facet of it. */
static int32_t asked_value(struct asked *q, int32_t base, int32_t base2)
{
	static const struct {
		uint8_t size;
		const char *name;
	} facets[IR_FACET_MAX] = {
		[IR_FACET_SADDR] = { 0, "address" },	   [IR_FACET_DADDR] = { 0, "address" },
		[IR_FACET_SPORT] = { 2, "port" },	   [IR_FACET_DPORT] = { 2, "port" },
		[IR_FACET_FAMILY] = { 2, "family" },	   [IR_FACET_PROTOCOL] = { 2, "protocol" },
		[IR_FACET_STATE] = { 1, "state" },	   [IR_FACET_FILE_TYPE] = { 4, "file type" },
		[IR_FACET_GAINED] = { 8, "capabilities" },
	};
	enum ir_facet f = q->op->facet;
	struct ir_value v = { .type = facets[f].size ? IR_INT : IR_ADDR,
			      .source = IR_FROM_VALUE,
			      .facet = f,
			      .size = facets[f].size,
			      .size_value = -1,
			      .base = (uint16_t)base,
			      .base2 = (uint16_t)base2,
			      .type_name = facets[f].name,
			      .at = q->f->at };

	return f == IR_FACET_NONE ? base : lower_value(q->l, &v);
}

/* CapabilitiesGained: [old, new], as Tetragon reads them (types/basic.h), whatever its message says. */
static void lower_gained(struct asked *q, int32_t old)
{
	struct lower_filter out = {
		.pred = { .kind = IR_PRED_MASK, .binding = IR_AT_EVENT, .mask = ~UINT64_C(0) }
	};
	int64_t second;
	struct tpc_diag *d;

	if (q->f->args.len != 2) {
		d = lower_error(q->l, q->f->op.at, TPC_E_ARG_INDEX,
				"'CapabilitiesGained' compares two sets, and there is one");
		lower_hint(q->l, d, "args: the position of the old set in 'args', then of the new one");
		return;
	}
	second = position_of(q, &q->f->args.items[1]);
	if (second < 0 || q->values[second] < 0)
		return;
	if (!filter_applies(q->op, &q->l->p->values.items[q->values[second]])) {
		filter_say_type(q, &q->l->p->values.items[q->values[second]]);
		return;
	}
	out.at_return = q->of == OF_RETURN;
	lower_add_filter(q->l, q->r, asked_value(q, q->values[second], old), &out, q->f->at);
}

static void warn_about_values(struct asked *q, const struct ir_value *v)
{
	if (q->op->about == ABOUT_PRIVATE_PORT && q->f->values.len)
		lower_warning(q->l, q->f->values.at, TPC_W_NO_EFFECT, "'%s' takes no values", q->f->op.s);
	if (v->at_return && q->of == OF_ARGS)
		lower_warning(q->l, q->f->op.at, TPC_W_NO_EFFECT,
			      "the argument is read when the function returns, and filters are asked before");
}

static void lower_values(struct asked *q, int32_t base)
{
	const struct ir_value v = q->l->p->values.items[base];
	struct lower_filter out = { .pred = { .kind = pred_kind(q, &v), .binding = IR_AT_EVENT },
				    .negated = q->op->negated,
				    .at_return = q->of == OF_RETURN };
	const struct tpc_value *w;
	bool ok = true;

	warn_about_values(q, &v);
	if (q->op->about == ABOUT_PRIVATE_PORT) {
		*tpc_vec_push(q->l->c->arena, &out.pred.ranges) = (struct ir_range){ 0, 1023 };
		lower_add_filter(q->l, q->r, asked_value(q, base, 0), &out, q->f->at);
		return;
	}
	if (!q->f->values.len) {
		lower_no_values(q->l, q->f->op.at, q->f->op.s, q->f->values.bad, q->f->values.at);
		return;
	}
	tpc_vec_foreach (w, &q->f->values)
		ok &= w->set && filter_add_value(q, &v, &out, (struct lower_word){ w->s, w->len, w->at });
	if (!ok)
		return;
	filter_warn_never(q, &v, &out.pred);
	lower_add_filter(q->l, q->r, asked_value(q, base, 0), &out, q->f->at);
}

static void lower_filter_on(struct asked *q)
{
	int64_t at;
	int32_t base;

	/* What the front end could not read it has told; an index that is missing so is not 0. */
	if (!q->f->op.v || (q->l->policy->bad && !q->f->args.len && !q->f->index.set))
		return;
	q->op = filter_operator(q->f->op.v);
	if (q->op->about == ABOUT_EXPR) {
		lower_cel(q->l, q->r, q->f, q->values, q->nargs, q->of == OF_RETURN);
		return;
	}
	at = position(q);
	base = at < 0 || at >= q->nargs ? -1 : q->values[at];
	if (base < 0)
		return;
	if (!filter_applies(q->op, &q->l->p->values.items[base]))
		filter_say_type(q, &q->l->p->values.items[base]);
	else if (q->op->about == ABOUT_GAINED)
		lower_gained(q, base);
	else
		lower_values(q, base);
}

void lower_arg_filters(struct lower *l, const struct tpc_selector *s, struct ir_rule *r)
{
	const struct lower_hook *h = l->hook;
	struct asked args = { .l = l, .r = r, .args = h->args, .values = l->arg_values, .nargs = h->nargs };
	struct asked data = {
		.l = l, .r = r, .args = h->data, .values = l->data_values, .nargs = h->ndata, .of = OF_DATA
	};
	struct asked ret = {
		.l = l, .r = r, .args = h->return_arg, .values = &l->return_value, .nargs = 1, .of = OF_RETURN
	};

	tpc_vec_foreach (args.f, &s->match_args)
		lower_filter_on(&args);
	tpc_vec_foreach (data.f, &s->match_data)
		lower_filter_on(&data);
	if (h->returns)
		tpc_vec_foreach (ret.f, &s->match_return_args)
			lower_filter_on(&ret);
}
