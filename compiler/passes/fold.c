// SPDX-License-Identifier: Apache-2.0
/*
 * fold: all that a rule asks about one integer by ranges becomes one question, or none.
 *
 * "above 5", "below 10" and "not 7" are one lookup in {6, 8-9}. What an absent value answers is kept: a
 * positive term fails it, negated ones alone let it pass. A rule that cannot hold keeps one term over the
 * empty list, for "unreachable" to report.
 *
 * requires IR_HAS_FOLDED, IR_HAS_UNIQUE
 * ensures  the same; in a rule at most one RANGES term a value wherever that needs no more ranges than before
 * cost     n log n in the ranges of a rule; adds at most a predicate for each term it replaces
 */
#include "passes/internal.h"

struct fold {
	struct tpc_ctx *c;
	struct ir_program *p;
	struct table preds;
	uint32_t *seen; /* by value: the last rule that folded it */
	uint32_t rule;	/* counted through the program, from 1 */
};

/* The one term that says the same; its predicate is not in the program yet. */
struct folded {
	bool always; /* no term is needed */
	bool negated;
	struct ranges set;
};

static struct folded fold_value(struct tpc_ctx *c, const struct ir_value *v, const struct allowed *al)
{
	struct ranges rest = ranges_complement(c->arena, v, al->set);
	bool known = value_always_present(v);

	if (!rest.len && (known || !al->present))
		return (struct folded){ .always = true };
	/* Negated, an absent value holds: right when no term was positive, or when there is none. */
	if (!al->present || (known && al->set.len && rest.len < al->set.len))
		return (struct folded){ .negated = true, .set = rest };
	return (struct folded){ .set = al->set };
}

static bool is_simpler(const struct allowed *al, const struct folded *f)
{
	if (f->always)
		return true;
	return al->nterms > 1 ? f->set.len <= al->nranges : f->set.len < al->nranges;
}

/* A predicate like @pred over @set: one that is there already, or a new one. */
static uint16_t pred_over(struct fold *f, struct ir_pred pred, struct ranges set)
{
	uint32_t nr = f->p->preds.len, same;

	pred.ranges.items = set.items;
	pred.ranges.len = pred.ranges.cap = set.len;
	*tpc_vec_push(f->c->arena, &f->p->preds) = pred;
	same = table_find_or_add(&f->preds, hash_u64(pred_hash(&pred), pred.value), nr, pred_same, f->p);
	if (same == TABLE_NONE)
		return (uint16_t)nr;
	f->p->preds.len--;
	return (uint16_t)same;
}

/* The new term takes the place of the first old one. */
static void replace(struct fold *f, struct ir_rule *r, uint16_t value, const struct folded *with)
{
	bool placed = with->always;
	uint32_t len = 0;

	for (uint32_t i = 0; i < r->terms.len; i++) {
		struct ir_term t = r->terms.items[i];
		const struct ir_pred *pred = &f->p->preds.items[t.pred];

		if (pred->value == value && pred_asks_ranges(f->p, pred)) {
			if (placed)
				continue;
			t.pred = pred_over(f, *pred, with->set);
			t.negated = with->negated;
			placed = true;
		}
		r->terms.items[len++] = t;
	}
	r->terms.len = len;
}

static void fold_rule(struct fold *f, struct ir_rule *r)
{
	f->rule++;
	for (uint32_t i = 0; i < r->terms.len; i++) {
		const struct ir_pred *pred = &f->p->preds.items[r->terms.items[i].pred];
		uint16_t value = pred->value;
		struct allowed al;
		struct folded with;

		if (!pred_asks_ranges(f->p, pred) || f->seen[value] == f->rule)
			continue;
		f->seen[value] = f->rule;
		al = rule_allowed(f->c->arena, f->p, r, value);
		with = fold_value(f->c, &f->p->values.items[value], &al);
		if (!is_simpler(&al, &with) || (!with.always && f->p->preds.len >= UINT16_MAX))
			continue;
		replace(f, r, value, &with);
		i -= with.always; /* what stood behind the dropped first term is looked at next */
	}
}

/* Each rule adds at most as many predicates as it has terms. */
static void start(struct fold *f)
{
	uint64_t most = f->p->preds.len;
	const struct ir_chain *ch;
	const struct ir_rule *r;

	tpc_vec_foreach (ch, &f->p->chains)
		tpc_vec_foreach (r, &ch->rules)
			most += r->terms.len;
	f->seen = tpc_new_array(f->c->arena, uint32_t, f->p->values.len);
	table_init(&f->preds, f->c->arena, most < UINT16_MAX ? (uint32_t)most : UINT16_MAX);
	for (uint32_t i = 0; i < f->p->preds.len; i++) {
		const struct ir_pred *pred = &f->p->preds.items[i];

		table_find_or_add(&f->preds, hash_u64(pred_hash(pred), pred->value), i, pred_same, f->p);
	}
}

void pass_fold(struct tpc_ctx *c, struct ir_unit *u)
{
	struct ir_program *p;
	struct ir_chain *ch;
	struct ir_rule *r;

	tpc_vec_foreach (p, &u->programs) {
		struct fold f = { .c = c, .p = p };

		start(&f);
		tpc_vec_foreach (ch, &p->chains)
			tpc_vec_foreach (r, &ch->rules)
				fold_rule(&f, r);
	}
}
