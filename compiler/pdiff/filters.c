// SPDX-License-Identifier: Apache-2.0
/*
 * What two selectors ask, filter by filter. Terms that both have are no difference; the others are gathered by the
 * value they ask about. One filter against one of its kind is told by its values, anything else as a whole.
 */
#include <stdlib.h>
#include <string.h>

#include "ir/text.h"
#include "pdiff/impl.h"

#define PAIRS_MAX (1u << 20) /* pairs of values that are compared one by one */

struct filters {
	const struct differ *d;
	struct pdiff_hook *h;
	const struct chain_info *ch;
	const struct rule_info *o, *n;
	bool at_return;
};

struct terms {
	TPC_VEC(struct ir_term) list;
};

static struct pdiff_change *add(const struct filters *f, uint16_t value, const char *kind,
				enum pdiff_effect effect)
{
	struct pdiff_change *c = add_change(f->d, f->h, kind, effect);

	c->old_selector = f->o->r->selector + 1;
	c->new_selector = f->n->r->selector + 1;
	c->at_return = f->at_return;
	c->subject = words_value(f->d->arena, f->ch->p, value);
	return c;
}

/* ---- sets of values ---- */

/* The elements of @a that @b has not, as a predicate; false: too many to be told apart. */
static bool texts_minus(const struct ir_pred *a, const struct ir_pred *b, struct tpc_arena *arena,
			struct ir_pred *ret)
{
	bool parts = a->kind == IR_PRED_SUBSTRING || a->kind == IR_PRED_SUBSTRING_CASE;
	const struct ir_text *t;

	if (parts && (uint64_t)a->texts.len * b->texts.len > PAIRS_MAX)
		return false;
	tpc_vec_foreach (t, &a->texts)
		if (!texts_match(a->kind, b->texts.items, b->texts.len, t))
			*tpc_vec_push(arena, &ret->texts) = *t;
	return true;
}

static bool nets_minus(const struct ir_pred *a, const struct ir_pred *b, struct tpc_arena *arena,
		       struct ir_pred *ret)
{
	if ((uint64_t)a->nets.len * b->nets.len > PAIRS_MAX)
		return false;
	for (uint32_t i = 0; i < a->nets.len; i++) {
		uint32_t j = 0;

		while (j < b->nets.len && !ir_net_inside(&b->nets.items[j], &a->nets.items[i]))
			j++;
		if (j == b->nets.len)
			*tpc_vec_push(arena, &ret->nets) = a->nets.items[i];
	}
	return true;
}

/* What is in @a and not in @b is what is in neither the rest of @a nor @b. */
static void ranges_minus(const struct ir_pred *a, const struct ir_pred *b, const struct ir_value *v,
			 struct tpc_arena *arena, struct ir_pred *ret)
{
	struct ranges not_a = ranges_complement(arena, v, RANGES_OF(a)), both;
	struct ranges minus;

	both.len = not_a.len + b->ranges.len;
	both.items = tpc_new_array(arena, struct ir_range, both.len);
	if (not_a.len)
		memcpy(both.items, not_a.items, not_a.len * sizeof(*both.items));
	if (b->ranges.len)
		memcpy(both.items + not_a.len, b->ranges.items, b->ranges.len * sizeof(*both.items));
	minus = ranges_complement(arena, v, ranges_canon(arena, v, both));
	ret->ranges.items = minus.items;
	ret->ranges.len = ret->ranges.cap = minus.len;
}

/* False: the kind is no set, or the sets are too large. */
static bool pred_minus(const struct filters *f, const struct ir_pred *a, const struct ir_pred *b,
		       struct ir_pred *ret)
{
	const struct ir_value *v = &f->ch->p->values.items[a->value];

	*ret = (struct ir_pred){ .kind = a->kind, .value = a->value };
	switch (a->kind) {
	case IR_PRED_NAMESPACE:
		ret->host = a->host && !b->host;
		/* fallthrough */
	case IR_PRED_RANGES:
		ranges_minus(a, b, v, f->d->arena, ret);
		return true;
	case IR_PRED_MASK:
		ret->mask = a->mask & ~b->mask;
		return true;
	case IR_PRED_NETS:
		return nets_minus(a, b, f->d->arena, ret);
	case IR_PRED_WORKLOAD:
	case IR_PRED_EXPR:
		return false;
	default:
		return texts_minus(a, b, f->d->arena, ret);
	}
}

static void tell_values(const struct filters *f, const struct ir_pred *set, bool negated, bool gained)
{
	struct words w = words_of_pred(f->d, f->ch->p, set);
	/* A value more in a negated filter is an event less. */
	bool wider = gained != negated;
	struct pdiff_change *c;
	const char *verb;

	if (!w.list.len)
		return;
	c = add(f, set->value, "filter-values", wider ? PDIFF_WIDER : PDIFF_NARROWER);
	verb = set->kind == IR_PRED_PREFIX	   ? "what begins with " :
	       set->kind == IR_PRED_POSTFIX	   ? "what ends with " :
	       set->kind == IR_PRED_SUBSTRING	   ? "what contains " :
	       set->kind == IR_PRED_SUBSTRING_CASE ? "what contains in any case " :
	       set->kind == IR_PRED_NETS	   ? "addresses in " :
						     "";
	c->text = tpc_sprintf(f->d->arena, "%s %s%s%s", gained ? "also" : "no longer",
			      negated ? "excludes " : "matches ", verb,
			      words_list(f->d->arena, w.list.items, w.list.len));
	for (uint32_t i = 0; i < w.list.len; i++)
		*(gained ? tpc_vec_push(f->d->arena, &c->added) : tpc_vec_push(f->d->arena, &c->removed)) =
			w.list.items[i];
}

static bool diff_values(const struct filters *f, const struct ir_term *o, const struct ir_term *n)
{
	const struct ir_pred *po = &f->ch->p->preds.items[o->pred], *pn = &f->ch->p->preds.items[n->pred];
	struct ir_pred gained, lost;

	if (po->kind != pn->kind || o->negated != n->negated || !pred_minus(f, pn, po, &gained) ||
	    !pred_minus(f, po, pn, &lost))
		return false;
	tell_values(f, &gained, o->negated, true);
	tell_values(f, &lost, o->negated, false);
	return true;
}

/* ---- whole filters ---- */

static const char *phrase(const struct filters *f, const struct terms *t)
{
	struct tpc_buf b = TPC_BUF(f->d->arena);
	const struct ir_term *term;

	tpc_vec_foreach (term, &t->list)
		if (!is_presence(f->ch->p, term))
			tpc_buf_printf(&b, "%s%s", b.len ? " and " : "", words_term(f->d, f->ch->p, term));
	return tpc_buf_text(&b);
}

static bool follows(const struct filters *f, const struct terms *from, const struct terms *what)
{
	struct ir_rule r = { .terms = { .items = from->list.items, .len = from->list.len } };
	struct known_rule k = rule_know(f->ch->rel, &r);

	return terms_follow(f->ch->rel, &k, what->list.items, what->list.len);
}

/* On one value. */
static void diff_group(const struct filters *f, uint16_t value, const struct terms *o, const struct terms *n)
{
	struct pdiff_change *c;
	enum pdiff_effect effect;

	if (o->list.len == 1 && n->list.len == 1 && diff_values(f, &o->list.items[0], &n->list.items[0]))
		return;
	if (follows(f, n, o))
		effect = follows(f, o, n) ? PDIFF_SAME : PDIFF_NARROWER;
	else
		effect = follows(f, o, n) ? PDIFF_WIDER : PDIFF_MAYBE_WIDER;
	if (effect == PDIFF_SAME)
		return;
	c = add(f, value,
		!n->list.len ? "filter-removed" :
		!o->list.len ? "filter-added" :
			       "filter-changed",
		effect);
	if (!n->list.len)
		c->text = tpc_sprintf(f->d->arena, "filter dropped: %s", phrase(f, o));
	else if (!o->list.len)
		c->text = tpc_sprintf(f->d->arena, "now only what %s", phrase(f, n));
	else
		c->text = tpc_sprintf(f->d->arena, "%s; was: %s", phrase(f, n), phrase(f, o));
	change_texts(f->d, c, n->list.len ? phrase(f, n) : NULL, o->list.len ? phrase(f, o) : NULL);
}

/* ---- gathering ---- */

struct tagged {
	struct ir_term t;
	uint16_t value;
	bool is_new;
};

static int compare_tagged(const void *pa, const void *pb)
{
	const struct tagged *a = pa, *b = pb;

	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	if (a->t.pred != b->t.pred)
		return a->t.pred < b->t.pred ? -1 : 1;
	if (a->t.negated != b->t.negated)
		return (int)a->t.negated - (int)b->t.negated;
	return (int)a->is_new - (int)b->is_new;
}

static bool is_same(const struct tagged *a, const struct tagged *b)
{
	return a->t.pred == b->t.pred && a->t.negated == b->t.negated && a->is_new != b->is_new;
}

static uint32_t gather(const struct filters *f, struct tagged *to, const struct rule_info *r, bool is_new)
{
	const struct ir_term *t = f->at_return ? r->r->return_terms.items : r->r->terms.items;
	uint32_t n = f->at_return ? r->r->return_terms.len : r->r->terms.len;

	for (uint32_t i = 0; i < n; i++)
		to[i] = (struct tagged){ t[i], f->ch->p->preds.items[t[i].pred].value, is_new };
	return n;
}

/* Sorted, what both have stands side by side. */
static uint32_t drop_common(struct tagged *list, uint32_t n)
{
	uint32_t len = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (i + 1 < n && is_same(&list[i], &list[i + 1]))
			i++;
		else
			list[len++] = list[i];
	}
	return len;
}

void diff_filters(const struct differ *d, struct pdiff_hook *h, const struct chain_info *ch,
		  const struct rule_info *o, const struct rule_info *n, int when)
{
	struct filters f = { .d = d, .h = h, .ch = ch, .o = o, .n = n, .at_return = when == AT_RETURN };
	uint32_t most = when == AT_RETURN ? o->r->return_terms.len + n->r->return_terms.len :
					    o->r->terms.len + n->r->terms.len;
	struct tagged *list = tpc_new_array(d->arena, struct tagged, most);
	uint32_t len = gather(&f, list, o, false);

	len += gather(&f, list + len, n, true);
	if (!len)
		return;
	qsort(list, len, sizeof(*list), compare_tagged);
	len = drop_common(list, len);
	for (uint32_t i = 0; i < len;) {
		struct terms old = { .list = { 0 } }, new = { .list = { 0 } };
		uint16_t value = list[i].value;

		for (; i < len && list[i].value == value; i++)
			*(list[i].is_new ? tpc_vec_push(d->arena, &new.list) :
					   tpc_vec_push(d->arena, &old.list)) = list[i].t;
		diff_group(&f, value, &old, &new);
	}
}
