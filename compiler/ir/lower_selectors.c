// SPDX-License-Identifier: Apache-2.0
/*
 * Selectors to rules: each filter becomes one positive predicate over one value and a term on it, negated for
 * the Not operators. Values of a filter are ORed in the predicate, so under a negation they are ANDed.
 *
 * A filter about something that is not there does not hold, a negated one neither: what cannot be read, an address of
 * a socket that has none, the path of a pipe (cilium/tetragon, bpf/process/types/basic.h: is_arg_ok(),
 * filter_file_buf(), filter_addr_map()).
 */
#include "ir/lower_impl.h"

/*
 * Of what the hook hands over: integers in registers and records are always there. The process has all that is asked
 * about it; an executable without a place is one whose path is like no other, so that NotIn holds of it.
 */
static bool may_be_absent(const struct ir_value *v)
{
	switch (v->source) {
	case IR_FROM_ARG:
	case IR_FROM_FIELD:
	case IR_FROM_RETURN:
	case IR_FROM_REG:
		return v->type != IR_INT || v->resolve || v->in_memory;
	case IR_FROM_TASK:
	case IR_FROM_VALUE:
		return true;
	default:
		return false;
	}
}

static void add_term(struct lower *l, struct ir_rule *r, int32_t value, struct lower_filter *f,
		     struct tpc_span at)
{
	struct ir_term *t;

	if (l->p->preds.len == UINT16_MAX) {
		if (!l->full)
			lower_error(l, at, TPC_E_LIMIT, "more than %d filters on one hook point", UINT16_MAX);
		l->full = true;
		return;
	}
	f->pred.value = (uint16_t)value;
	f->pred.task_bit = -1;
	f->pred.at = at;
	t = f->at_return ? tpc_vec_push(l->c->arena, &r->return_terms) : tpc_vec_push(l->c->arena, &r->terms);
	*t = (struct ir_term){ .pred = (uint16_t)l->p->preds.len, .negated = f->negated, .at = at };
	*tpc_vec_push(l->c->arena, &l->p->preds) = f->pred;
}

void lower_add_filter(struct lower *l, struct ir_rule *r, int32_t value, struct lower_filter *f,
		      struct tpc_span at)
{
	struct lower_filter present = { .pred = { .kind = IR_PRED_PRESENT, .binding = IR_AT_EVENT },
					.at_return = f->at_return };

	if (value < 0)
		return;
	add_term(l, r, value, f, at);
	if (f->negated && may_be_absent(&l->p->values.items[value]))
		add_term(l, r, value, &present, at);
}

void lower_no_values(struct lower *l, struct tpc_span at, const char *op, bool bad, struct tpc_span values)
{
	struct tpc_diag *d;

	if (bad)
		return; /* the front end has said why */
	d = lower_error(l, values.file ? values : at, TPC_E_NO_VALUES, "'%s' has no values to compare with",
			op);
	if (values.file)
		lower_hint(l, d, "write them, or remove the filter: without it everything matches");
	else
		lower_hint(l, d, "add 'values: […]'");
}

/* Filters on what is not there are a mistake, not an empty condition. */
static void check_return_filters(struct lower *l, const struct tpc_selector *s)
{
	struct tpc_span at = s->match_return_args.len ? s->match_return_args.at : s->match_return_actions.at;
	struct tpc_diag *d;

	if ((!s->match_return_args.len && !s->match_return_actions.len) || l->hook->returns)
		return;
	d = lower_error(l, at, TPC_E_RETURN, "'%s' asks for a return value, and this hook has none",
			s->match_return_args.len ? "matchReturnArgs" : "matchReturnActions");
	if (l->hook->kind == IR_KPROBE || l->hook->kind == IR_FENTRY || l->hook->kind == IR_UPROBE)
		lower_hint(l, d, "add 'return: true' and a 'returnArg'");
	else if (l->hook->kind == IR_LSM)
		lower_hint(l, d, "remove it: an LSM hook is asked beforehand, and its answer is the result");
}

static void lower_selector(struct lower *l, const struct tpc_selector *s, struct ir_rule *r)
{
	if (s->label.len)
		r->label = s->label.s;
	check_return_filters(l, s);
	lower_process_filters(l, s, r);
	lower_arg_filters(l, s, r);
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
		const struct tpc_selector *s = lower_macros(l, &h->selectors[i]);
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
