// SPDX-License-Identifier: Apache-2.0
/*
 * Selectors to rules: each filter becomes one positive predicate over one value and a term on it, negated for
 * the Not operators. Values of a filter are ORed in the predicate, so under a negation they are ANDed.
 * Scalars that the front end could not read are not set: what hangs on them is passed over without a word.
 */
#include <inttypes.h>

#include "ir/lower_impl.h"

/* A predicate to be added, with its term. */
struct filter {
	struct ir_pred pred;
	bool negated;
};

static void add_filter(struct lower *l, struct ir_rule *r, int32_t value, struct filter *f,
		       struct tpc_span at)
{
	if (value < 0)
		return;
	if (l->p->preds.len == UINT16_MAX) {
		if (!l->full)
			lower_error(l, at, TPC_E_LIMIT, "more than %d filters on one hook point", UINT16_MAX);
		l->full = true;
		return;
	}
	f->pred.value = (uint16_t)value;
	f->pred.task_bit = -1;
	f->pred.at = at;
	*tpc_vec_push(l->c->arena, &r->terms) =
		(struct ir_term){ .pred = (uint16_t)l->p->preds.len, .negated = f->negated, .at = at };
	*tpc_vec_push(l->c->arena, &l->p->preds) = f->pred;
}

static void say_no_values(struct lower *l, struct tpc_span at, const char *op)
{
	lower_error(l, at, TPC_E_NO_VALUES, "'%s' has no values to compare with", op);
}

/* ---- matchPIDs ---- */

static void lower_pids(struct lower *l, struct ir_rule *r, const struct tpc_pid_filter *p)
{
	struct ir_value pid = { .type = IR_INT,
				.source = IR_FROM_PID,
				.size = 4,
				.size_value = -1,
				.type_name = "pid",
				.at = p->at };
	struct filter f = { .pred = { .kind = IR_PRED_RANGES, .binding = IR_AT_EVENT } };
	const struct tpc_int *v;

	if (p->is_namespace_pid.v)
		lower_not_yet(l, p->is_namespace_pid.at, "'isNamespacePID'");
	if (p->follow_forks.v)
		lower_not_yet(l, p->follow_forks.at, "'followForks'");
	if (!p->op.v)
		return;
	if (!p->values.len) {
		say_no_values(l, p->at, p->op.s);
		return;
	}
	f.negated = p->op.v == TPC_SET_OPERATOR_NOT_IN;
	tpc_vec_foreach (v, &p->values) {
		uint64_t bits = (uint64_t)v->v;

		if (!v->set)
			return;
		if (v->v < 0 || v->v > INT32_MAX) {
			lower_error(l, v->at, TPC_E_VALUE, "%" PRId64 " is not a process id", v->v);
			return;
		}
		*tpc_vec_push(l->c->arena, &f.pred.ranges) = (struct ir_range){ bits, bits };
	}
	add_filter(l, r, lower_value(l, &pid), &f, p->at);
}

/* ---- matchBinaries ---- */

static bool binary_operator(const struct tpc_word *op, struct filter *f)
{
	switch ((enum tpc_binary_operator)op->v) {
	case TPC_BINARY_OPERATOR_NOT_IN:
		f->negated = true;
		/* fallthrough */
	case TPC_BINARY_OPERATOR_IN:
		f->pred.kind = IR_PRED_EQUAL;
		return true;
	case TPC_BINARY_OPERATOR_NOT_PREFIX:
		f->negated = true;
		/* fallthrough */
	case TPC_BINARY_OPERATOR_PREFIX:
		f->pred.kind = IR_PRED_PREFIX;
		return true;
	case TPC_BINARY_OPERATOR_NOT_POSTFIX:
		f->negated = true;
		/* fallthrough */
	case TPC_BINARY_OPERATOR_POSTFIX:
		f->pred.kind = IR_PRED_POSTFIX;
		return true;
	default:
		return false;
	}
}

static bool add_text(struct lower *l, struct filter *f, struct lower_word w)
{
	struct ir_text t = { 0 };

	if (!lower_text(l, f->pred.kind, w, &t))
		return false;
	*tpc_vec_push(l->c->arena, &f->pred.texts) = t;
	return true;
}

static void lower_binaries(struct lower *l, struct ir_rule *r, const struct tpc_binary_filter *b)
{
	struct ir_value binary = { .type = IR_PATH,
				   .source = IR_FROM_BINARY,
				   .size_value = -1,
				   .type_name = "binary",
				   .at = b->at };
	struct filter f = { .pred = { .binding = IR_AT_EXEC } };
	const struct tpc_text *v;
	bool ok = true;

	if (b->follow_children.v)
		lower_not_yet(l, b->follow_children.at, "'followChildren'");
	if (!binary_operator(&b->op, &f))
		return;
	if (!b->values.len) {
		say_no_values(l, b->at, b->op.s);
		return;
	}
	tpc_vec_foreach (v, &b->values)
		ok &= v->set && add_text(l, &f, (struct lower_word){ v->s, v->len, v->at });
	if (ok)
		add_filter(l, r, lower_value(l, &binary), &f, b->at);
}

/* ---- matchArgs ---- */

/* "there is 0, 1 and 3" as a hint. */
static void hint_indices(struct lower *l, struct tpc_diag *d, bool positions)
{
	struct tpc_buf b = TPC_BUF(l->c->arena);
	const struct lower_hook *h = l->hook;

	if (!h->nargs) {
		tpc_diag_hint(&l->c->diags, d, "add it to 'args', of which there are none");
		return;
	}
	for (uint32_t i = 0; i < h->nargs && i < LOWER_FIELDS_MAX; i++)
		tpc_buf_printf(&b, "%s%" PRId64, i ? ", " : "", positions ? (int64_t)i : h->args[i].index.v);
	tpc_diag_hint(&l->c->diags, d, "%s %s", positions ? "positions in 'args' are" : "'args' lists",
		      tpc_buf_text(&b));
}

static int64_t position_from_args(struct lower *l, const struct tpc_arg_filter *f)
{
	const struct tpc_int *at = &f->args.items[0];
	struct tpc_diag *d;

	if (f->args.len > 1) {
		lower_error(l, f->args.items[1].at, TPC_E_ARG_INDEX, "operator '%s' looks at one argument",
			    f->op.s);
		return -1;
	}
	if (at->v >= 0 && at->v < l->hook->nargs)
		return at->v;
	d = lower_error(l, at->at, TPC_E_ARG_INDEX, "position %" PRId64 " is not in 'args'", at->v);
	hint_indices(l, d, true);
	return -1;
}

/*
 * A tracepoint's index that no argument has is a position in args: Tetragon rewrites indices to positions
 * and looks at the result, and published policies rely on it.
 */
static int64_t position_from_index(struct lower *l, const struct tpc_arg_filter *f)
{
	const struct lower_hook *h = l->hook;
	struct tpc_diag *d;

	for (uint32_t i = 0; i < h->nargs && i < LOWER_LIST_MAX; i++)
		if (h->args[i].index.v == f->index.v)
			return i;
	if (h->kind == IR_TRACEPOINT && f->index.v >= 0 && f->index.v < h->nargs) {
		d = lower_warning(l, f->index.at, TPC_W_ARG_POSITION,
				  "no argument has index %" PRId64 ", so it is taken as a position in 'args'",
				  f->index.v);
		tpc_diag_hint(&l->c->diags, d, "index: %" PRId64, h->args[f->index.v].index.v);
		return f->index.v;
	}
	d = lower_error(l, f->index.at, TPC_E_ARG_INDEX, "no argument has index %" PRId64, f->index.v);
	hint_indices(l, d, false);
	return -1;
}

static bool number_operator(const struct tpc_word *op, struct filter *f)
{
	f->pred.kind = IR_PRED_RANGES;
	switch ((enum tpc_arg_operator)op->v) {
	case TPC_ARG_OPERATOR_NOT_EQUAL:
	case TPC_ARG_OPERATOR_NOT_IN_RANGE:
		f->negated = true;
		return true;
	case TPC_ARG_OPERATOR_EQUAL:
	case TPC_ARG_OPERATOR_IN_RANGE:
	case TPC_ARG_OPERATOR_GT:
	case TPC_ARG_OPERATOR_GREATER_THAN:
	case TPC_ARG_OPERATOR_LT:
	case TPC_ARG_OPERATOR_LESS_THAN:
		return true;
	case TPC_ARG_OPERATOR_MASK:
		f->pred.kind = IR_PRED_MASK;
		return true;
	default:
		return false;
	}
}

static bool text_operator(const struct tpc_word *op, struct filter *f)
{
	switch ((enum tpc_arg_operator)op->v) {
	case TPC_ARG_OPERATOR_NOT_EQUAL:
		f->negated = true;
		/* fallthrough */
	case TPC_ARG_OPERATOR_EQUAL:
		f->pred.kind = IR_PRED_EQUAL;
		return true;
	case TPC_ARG_OPERATOR_NOT_PREFIX:
		f->negated = true;
		/* fallthrough */
	case TPC_ARG_OPERATOR_PREFIX:
		f->pred.kind = IR_PRED_PREFIX;
		return true;
	case TPC_ARG_OPERATOR_NOT_POSTFIX:
		f->negated = true;
		/* fallthrough */
	case TPC_ARG_OPERATOR_POSTFIX:
		f->pred.kind = IR_PRED_POSTFIX;
		return true;
	default:
		return false;
	}
}

/* The range that one value of an ordering operator stands for; none when nothing is above or below it. */
static bool ordering_range(const struct ir_value *v, bool greater, uint64_t num, struct ir_range *ret)
{
	uint64_t min = lower_number_min(v), max = lower_number_max(v);

	if (num == (greater ? max : min))
		return false;
	*ret = greater ? (struct ir_range){ num + 1, max } : (struct ir_range){ min, num - 1 };
	return true;
}

static bool add_number(struct lower *l, const struct ir_value *v, uint16_t op, struct filter *f,
		       struct lower_word w)
{
	bool greater = op == TPC_ARG_OPERATOR_GT || op == TPC_ARG_OPERATOR_GREATER_THAN;
	bool less = op == TPC_ARG_OPERATOR_LT || op == TPC_ARG_OPERATOR_LESS_THAN;
	struct ir_range range;
	uint64_t num;

	if (op == TPC_ARG_OPERATOR_IN_RANGE || op == TPC_ARG_OPERATOR_NOT_IN_RANGE) {
		if (!lower_range(l, v, w, &range))
			return false;
		*tpc_vec_push(l->c->arena, &f->pred.ranges) = range;
		return true;
	}
	if (!lower_number(l, v, w, &num))
		return false;
	range = (struct ir_range){ num, num };
	if (op == TPC_ARG_OPERATOR_MASK) /* only the bits of the type: its sign is extended over the others */
		f->pred.mask |= v->size == 8 ? num : num & ((UINT64_C(1) << (v->size * 8)) - 1);
	else if ((!greater && !less) || ordering_range(v, greater, num, &range))
		*tpc_vec_push(l->c->arena, &f->pred.ranges) = range;
	return true;
}

static void say_operator_type(struct lower *l, const struct tpc_arg_filter *f, const struct ir_value *v)
{
	struct tpc_diag *d;

	if (v->type == IR_NOP) {
		lower_error(l, f->op.at, TPC_E_OPERATOR_TYPE,
			    "this argument of type '%s' is not read, so nothing can be compared",
			    v->type_name);
		return;
	}
	d = lower_error(l, f->op.at, TPC_E_OPERATOR_TYPE, "operator '%s' does not apply to type '%s'",
			f->op.s, v->type_name);
	tpc_diag_hint(&l->c->diags, d, "%s",
		      v->type == IR_INT ? "Equal, NotEqual, GT, LT, Mask, InRange or NotInRange" :
					  "Equal, NotEqual, Prefix, NotPrefix, Postfix or NotPostfix");
}

/* Operators that no kind of value knows today: what they mean is known, and the front end says "not yet". */
static bool is_later_operator(const struct tpc_word *op)
{
	struct filter f = { .negated = false };

	return !number_operator(op, &f) && !text_operator(op, &f);
}

static void lower_arg_values(struct lower *l, struct ir_rule *r, const struct tpc_arg_filter *f,
			     int32_t value)
{
	const struct ir_value v = l->p->values.items[value];
	struct filter out = { .pred = { .binding = IR_AT_EVENT } };
	bool ok = v.type == IR_INT ? number_operator(&f->op, &out) :
				     v.type != IR_NOP && text_operator(&f->op, &out);
	const struct tpc_value *w;

	if (!ok) {
		say_operator_type(l, f, &v);
		return;
	}
	if (!f->values.len) {
		say_no_values(l, f->op.at, f->op.s);
		return;
	}
	tpc_vec_foreach (w, &f->values) {
		struct lower_word word = { w->s, w->len, w->at };

		if (!w->set)
			ok = false;
		else if (v.type == IR_INT)
			ok &= add_number(l, &v, f->op.v, &out, word);
		else
			ok &= add_text(l, &out, word);
	}
	if (ok)
		add_filter(l, r, value, &out, f->at);
}

static void lower_arg_filter(struct lower *l, struct ir_rule *r, const struct tpc_arg_filter *f)
{
	int64_t position;

	if (!f->op.v || (l->policy->bad && !f->args.len && !f->index.set))
		return;
	if (is_later_operator(&f->op)) {
		lower_not_yet(l, f->op.at, "this operator");
		return;
	}
	position = f->args.len ? position_from_args(l, f) : position_from_index(l, f);
	if (position >= 0 && l->arg_values[position] >= 0)
		lower_arg_values(l, r, f, l->arg_values[position]);
}

/* ---- selectors ---- */

static void refuse_rest(struct lower *l, const struct tpc_selector *s)
{
	if (s->match_data.len)
		lower_not_yet(l, s->match_data.at, "'matchData'");
	if (s->match_return_args.len || s->match_return_actions.len)
		lower_not_yet(l, s->at, "'matchReturnArgs' and 'matchReturnActions'");
	if (s->match_parent_binaries.len)
		lower_not_yet(l, s->match_parent_binaries.at, "'matchParentBinaries'");
	if (s->match_namespaces.len || s->match_namespace_changes.len)
		lower_not_yet(l, s->at, "'matchNamespaces' and 'matchNamespaceChanges'");
	if (s->match_capabilities.len || s->match_capability_changes.len)
		lower_not_yet(l, s->at, "'matchCapabilities' and 'matchCapabilityChanges'");
	if (s->match_workloads)
		lower_not_yet(l, s->match_workloads->at, "'matchWorkloads'");
	if (s->macros.len)
		lower_not_yet(l, s->macros.at, "'macros'");
}

static void lower_selector(struct lower *l, const struct tpc_selector *s, struct ir_rule *r)
{
	const struct tpc_arg_filter *f;
	const struct tpc_binary_filter *b;
	const struct tpc_pid_filter *p;

	refuse_rest(l, s);
	tpc_vec_foreach (p, &s->match_pids)
		lower_pids(l, r, p);
	tpc_vec_foreach (b, &s->match_binaries)
		lower_binaries(l, r, b);
	tpc_vec_foreach (f, &s->match_args)
		lower_arg_filter(l, r, f);
	lower_actions(l, s, r);
}

/* Without selectors the hook has one rule that always matches and posts. */
void lower_selectors(struct lower *l)
{
	const struct lower_hook *h = l->hook;
	struct ir_chain *ch = l->chain;

	l->full = false;
	ch->nselectors = h->nselectors ? h->nselectors : 1;
	if (!h->nselectors)
		*tpc_vec_push(l->c->arena, &ch->rules) = (struct ir_rule){ .post = true, .at = ch->at };
	for (uint32_t i = 0; i < h->nselectors; i++) {
		const struct tpc_selector *s = &h->selectors[i];
		struct ir_rule r = { .selector = i, .at = s->at };

		if (lower_exhausted(l, s->at))
			return;
		if (i == UINT16_MAX) {
			lower_error(l, s->at, TPC_E_LIMIT, "more than %d selectors", UINT16_MAX);
			return;
		}
		*tpc_vec_push(l->c->arena, &ch->selector_at) = s->at;
		lower_selector(l, s, &r);
		*tpc_vec_push(l->c->arena, &ch->rules) = r;
	}
}
