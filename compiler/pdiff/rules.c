// SPDX-License-Identifier: Apache-2.0
/*
 * The selectors of one hook: which one of NEW is which one of OLD, what differs in each pair, and whose difference
 * it is that more is enforced.
 */
#include <string.h>

#include "pdiff/impl.h"

#define PAIRS_MAX (1u << 18) /* of selectors whose likeness is weighed */

/* ---- pairs ---- */

static void pair(struct rule_info *o, struct rule_info *n)
{
	o->partner = n;
	n->partner = o;
}

static uint32_t next_free(const struct chain_info *ch, uint32_t from)
{
	while (from < ch->nrules && ch->rules[from].partner)
		from++;
	return from;
}

static bool is_equal(const struct rule_info *o, const struct rule_info *n, bool outcome)
{
	return !strcmp(o->match, n->match) && (!outcome || !strcmp(o->outcome, n->outcome));
}

/* In order; of a few selectors also across. */
static void pair_equal(struct chain_info *o, struct chain_info *n, bool outcome)
{
	uint32_t budget = PAIRS_MAX;

	for (uint32_t j = next_free(n, 0); j < n->nrules; j = next_free(n, j + 1))
		for (uint32_t i = next_free(o, 0); i < o->nrules && budget; i = next_free(o, i + 1)) {
			budget--;
			if (!is_equal(&o->rules[i], &n->rules[j], outcome))
				continue;
			pair(&o->rules[i], &n->rules[j]);
			break;
		}
}

static bool asks(const struct chain_info *ch, const struct ir_rule *r, uint16_t value)
{
	for (uint32_t i = 0; i < r->terms.len; i++)
		if (ch->p->preds.items[r->terms.items[i].pred].value == value)
			return true;
	return false;
}

static bool has_term(const struct ir_rule *r, const struct ir_term *t)
{
	for (uint32_t i = 0; i < r->terms.len; i++)
		if (r->terms.items[i].pred == t->pred && r->terms.items[i].negated == t->negated)
			return true;
	return false;
}

/* A filter in common counts more than a value that both ask about. */
static uint32_t likeness(const struct chain_info *ch, const struct rule_info *o, const struct rule_info *n)
{
	const struct ir_rule *ro = &o->when[AT_RETURN], *rn = &n->when[AT_RETURN];
	uint32_t score = !strcmp(o->outcome, n->outcome);
	const struct ir_term *t;

	if ((uint64_t)ro->terms.len * rn->terms.len > PAIRS_MAX / 64)
		return score;
	tpc_vec_foreach (t, &rn->terms)
		score += has_term(ro, t) ? 4 : asks(ch, ro, ch->p->preds.items[t->pred].value) ? 2 : 0;
	return score + (o->r->label && n->r->label && !strcmp(o->r->label, n->r->label) ? 4 : 0);
}

static uint32_t count_free(const struct chain_info *ch)
{
	uint32_t n = 0;

	for (uint32_t i = next_free(ch, 0); i < ch->nrules; i = next_free(ch, i + 1))
		n++;
	return n;
}

/* The two that are most like each other, until none is like another; of equally like ones the first. */
static void pair_alike(struct chain_info *o, struct chain_info *n)
{
	bool left = count_free(o) && count_free(n);

	while (left) {
		struct rule_info *best_o = NULL, *best_n = NULL;
		uint32_t best = 1;

		for (uint32_t j = next_free(n, 0); j < n->nrules; j = next_free(n, j + 1))
			for (uint32_t i = next_free(o, 0); i < o->nrules; i = next_free(o, i + 1)) {
				uint32_t score = likeness(n, &o->rules[i], &n->rules[j]);

				if (score <= best)
					continue;
				best = score;
				best_o = &o->rules[i];
				best_n = &n->rules[j];
			}
		left = best_o != NULL;
		if (left)
			pair(best_o, best_n);
	}
}

/* Where there is one on each side left it is the same selector, whatever it has become. */
static void pair_rest(struct chain_info *o, struct chain_info *n, bool one_by_one)
{
	uint32_t i = next_free(o, 0), j = next_free(n, 0);

	if (!one_by_one && (count_free(o) != 1 || count_free(n) != 1))
		return;
	while (i < o->nrules && j < n->nrules) {
		pair(&o->rules[i], &n->rules[j]);
		i = next_free(o, i + 1);
		j = next_free(n, j + 1);
	}
}

static void pair_rules(struct chain_info *o, struct chain_info *n)
{
	uint64_t no, nn;

	pair_equal(o, n, true);
	pair_equal(o, n, false);
	no = count_free(o);
	nn = count_free(n);
	if (no * nn * (no < nn ? no : nn) <= PAIRS_MAX / 16)
		pair_alike(o, n);
	pair_rest(o, n, no * nn * (no < nn ? no : nn) > PAIRS_MAX / 16);
}

/* ---- changes ---- */

const char *rule_words(const struct differ *d, const struct chain_info *ch, const struct rule_info *r)
{
	const struct ir_rule *all = &r->when[AT_RETURN];
	struct tpc_buf b = TPC_BUF(d->arena);
	const struct ir_action *a;
	const struct ir_term *t;
	const char *sep = "";

	tpc_vec_foreach (t, &all->terms) {
		if (is_presence(ch->p, t))
			continue;
		tpc_buf_printf(&b, "%s%s %s", b.len ? " and " : "where ",
			       words_value(d->arena, ch->p, ch->p->preds.items[t->pred].value),
			       words_term(d, ch->p, t));
		if (b.len < 400)
			continue;
		tpc_buf_puts(&b, " and more");
		break;
	}
	tpc_buf_puts(&b, b.len ? ": " : "always: ");
	tpc_vec_foreach (a, &r->r->actions)
		if (a->kind != IR_NOPOST && a->kind != IR_POST) {
			tpc_buf_printf(&b, "%s%s", sep, words_action(d->arena, ch->p, a));
			sep = ", ";
		}
	tpc_vec_foreach (a, &r->r->return_actions) {
		tpc_buf_printf(&b, "%s%s at the return", sep, words_action(d->arena, ch->p, a));
		sep = ", ";
	}
	tpc_buf_printf(&b, "%s%s", sep, r->r->post ? "posts an event" : "posts no event");
	return tpc_buf_text(&b);
}

static struct pdiff_change *about(const struct differ *d, struct pdiff_hook *h, const char *kind,
				  enum pdiff_effect effect, const struct rule_info *o,
				  const struct rule_info *n)
{
	struct pdiff_change *c = add_change(d, h, kind, effect);

	c->old_selector = o ? o->r->selector + 1 : 0;
	c->new_selector = n ? n->r->selector + 1 : 0;
	return c;
}

static void diff_label(const struct differ *d, struct pdiff_hook *h, const struct rule_info *o,
		       const struct rule_info *n)
{
	const char *was = o->r->label, *now = n->r->label;
	struct pdiff_change *c;

	if (was == now || (was && now && !strcmp(was, now)))
		return;
	c = about(d, h, "label", PDIFF_DIFFERENT, o, n);
	was = was ? words_text(d->arena, was, strlen(was)) : NULL;
	now = now ? words_text(d->arena, now, strlen(now)) : NULL;
	c->text = tpc_sprintf(d->arena, "label %s; was %s", now ? now : "gone", was ? was : "none");
	change_texts(d, c, now, was);
}

/* The events of an earlier rule that posted nothing and did nothing go on to the later ones. */
static bool is_silent(const struct rule_info *r)
{
	return !r->r->post && !rule_enforces(r);
}

/* Does @ch, or another hook of its side, enforce all that @r of @of does? */
static bool is_covered(const struct differ *d, const struct chain_info *of, const struct rule_info *r,
		       const struct chain_info *ch)
{
	return !rule_enforces(r) || cover_rule(of, r, ch) || cover_elsewhere(d, of, r);
}

static void tell_removed(const struct differ *d, struct pdiff_hook *h, const struct chain_info *o,
			 const struct chain_info *n)
{
	for (uint32_t i = next_free(o, 0); i < o->nrules; i = next_free(o, i + 1)) {
		const struct rule_info *r = &o->rules[i];
		struct pdiff_change *c = about(d, h, "selector-removed",
					       is_silent(r) ? PDIFF_MAYBE_WIDER : PDIFF_NARROWER, r, NULL);

		c->text = tpc_sprintf(d->arena, "removed, which was: %s", rule_words(d, o, r));
		if (!is_covered(d, o, r, n))
			c->enforcement = PDIFF_NARROWER;
	}
}

static void tell_pair(const struct differ *d, struct pdiff_hook *h, const struct chain_info *ch,
		      const struct rule_info *o, const struct rule_info *n)
{
	for (int when = 0; when < MOMENTS; when++)
		diff_filters(d, h, ch, o, n, when);
	for (int when = 0; when < MOMENTS; when++)
		diff_actions(d, h, ch, o, n, when);
	diff_label(d, h, o, n);
}

/* ---- order ---- */

static bool order_matters(const struct chain_info *ch, const struct rule_info *a, const struct rule_info *b)
{
	if (!strcmp(a->outcome, b->outcome) && !a->r->return_terms.len && !b->r->return_terms.len)
		return false;
	return !rules_exclude(ch->rel, a, b, AT_ENTRY);
}

/* A rule of NEW that is asked before @n now and came after it in OLD; @last is the one that came last there. */
static const struct rule_info *overtaker(const struct chain_info *ch, const struct rule_info *n,
					 const struct rule_info *last)
{
	for (uint32_t k = 0; k < n->nr && ch->rel->budget; k++) {
		const struct rule_info *r = &ch->rules[k];

		ch->rel->budget--;
		if (r->partner && r->partner->nr > n->partner->nr && order_matters(ch, r, n))
			return r;
	}
	return ch->rel->budget ? NULL : last;
}

static void tell_order(const struct differ *d, struct pdiff_hook *h, const struct chain_info *ch,
		       const struct rule_info *n, const struct rule_info *last)
{
	const struct rule_info *before;
	struct pdiff_change *c;

	if (!last || last->partner->nr < n->partner->nr)
		return;
	before = overtaker(ch, n, last);
	if (!before)
		return;
	c = about(d, h, "selector-order", PDIFF_DIFFERENT, n->partner, n);
	c->text = tpc_sprintf(d->arena, "is asked after selector %u (was %u) now, no longer before it",
			      before->r->selector + 1, before->partner->r->selector + 1);
	if (rule_enforces(n) || rule_enforces(before))
		c->enforcement = PDIFF_DIFFERENT;
}

/* ---- enforcement ---- */

/* Which of the changes of a pair, from @from on, make it so that more is enforced. */
static bool blame(struct pdiff_hook *h, uint32_t from)
{
	bool found = false;

	for (uint32_t i = from; i < h->changes.len; i++) {
		struct pdiff_change *c = &h->changes.items[i];

		if (c->strengthens || c->effect == PDIFF_WIDER)
			c->enforcement = PDIFF_WIDER;
		else if (c->effect == PDIFF_MAYBE_WIDER)
			c->enforcement = PDIFF_MAYBE_WIDER;
		found |= pdiff_widens(c->enforcement);
	}
	for (uint32_t i = from; i < h->changes.len && !found; i++)
		if (!strcmp(h->changes.items[i].kind, "selector-order")) {
			h->changes.items[i].enforcement = PDIFF_MAYBE_WIDER;
			return true;
		}
	return found;
}

static void note_narrower(struct pdiff_hook *h, uint32_t from)
{
	for (uint32_t i = from; i < h->changes.len; i++)
		if (h->changes.items[i].effect == PDIFF_NARROWER)
			h->changes.items[i].enforcement = PDIFF_NARROWER;
}

static void tell_exposed(const struct differ *d, struct pdiff_hook *h, const struct rule_info *n)
{
	struct pdiff_change *c = about(d, h, "selector-exposed", PDIFF_MAYBE_WIDER, n->partner, n);

	c->text = "may take events now that other selectors took before";
	c->enforcement = PDIFF_MAYBE_WIDER;
}

static void tell_added(const struct differ *d, struct pdiff_hook *h, const struct chain_info *ch,
		       const struct rule_info *n)
{
	struct pdiff_change *c =
		about(d, h, "selector-added", is_silent(n) ? PDIFF_DIFFERENT : PDIFF_WIDER, NULL, n);

	c->text = tpc_sprintf(d->arena, "added, %s", rule_words(d, ch, n));
}

static void diff_rule(const struct differ *d, struct pdiff_hook *h, const struct chain_info *o,
		      const struct chain_info *ch, const struct rule_info *n, const struct rule_info *last,
		      bool enforces)
{
	uint32_t from = h->changes.len;

	if (n->partner)
		tell_pair(d, h, ch, n->partner, n);
	else
		tell_added(d, h, ch, n);
	if (n->partner)
		tell_order(d, h, ch, n, last);
	if (enforces && !is_covered(d, ch, n, o)) {
		if (!blame(h, from))
			tell_exposed(d, h, n);
	} else if (enforces && n->partner && !is_covered(d, o, n->partner, ch)) {
		note_narrower(h, from);
	}
}

static void tell_cleanup(const struct differ *d, struct pdiff_hook *h, const struct chain_info *o,
			 const struct chain_info *n)
{
	struct pdiff_change *c;

	if (!chain_cleans_up(o) || cover_cleanup(n, o))
		return;
	c = add_change(d, h, "enforcer-cleanup", PDIFF_DIFFERENT);
	c->text = "may no longer take back all that the enforcer was told";
	c->enforcement = PDIFF_MAYBE_WIDER;
}

void diff_rules(const struct differ *d, struct pdiff_hook *h, struct chain_info *o, struct chain_info *n,
		bool enforces)
{
	const struct rule_info *last = NULL;

	pair_rules(o, n);
	for (uint32_t j = 0; j < n->nrules; j++) {
		const struct rule_info *r = &n->rules[j];

		diff_rule(d, h, o, n, r, last, enforces);
		if (r->partner && (!last || r->partner->nr > last->partner->nr))
			last = r;
	}
	tell_removed(d, h, o, n);
	if (enforces)
		tell_cleanup(d, h, o, n);
}
