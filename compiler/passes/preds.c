// SPDX-License-Identifier: Apache-2.0
/* Predicates of one program as a set: sameness, and renumbering when some go. */
#include "ir/text.h"
#include "passes/internal.h"

static bool ranges_equal(struct ranges a, struct ranges b)
{
	if (a.len != b.len)
		return false;
	for (uint32_t i = 0; i < a.len; i++)
		if (a.items[i].lo != b.items[i].lo || a.items[i].hi != b.items[i].hi)
			return false;
	return true;
}

bool pred_equal(const struct ir_pred *a, const struct ir_pred *b)
{
	return a->kind == b->kind && a->value == b->value && a->mask == b->mask &&
	       ranges_equal(RANGES_OF(a), RANGES_OF(b)) &&
	       ir_texts_equal(a->texts.items, a->texts.len, b->texts.items, b->texts.len);
}

uint64_t pred_hash(const struct ir_pred *p)
{
	uint64_t h = hash_u64(hash_u64(HASH_START, p->kind), p->mask);
	const struct ir_range *r;
	const struct ir_text *t;

	tpc_vec_foreach (r, &p->ranges)
		h = hash_u64(hash_u64(h, r->lo), r->hi);
	tpc_vec_foreach (t, &p->texts)
		h = hash_bytes(hash_u64(h, t->len), t->s, t->len);
	return h;
}

void preds_compact(struct tpc_ctx *c, struct ir_program *p, const bool *keep, const uint16_t *same)
{
	uint16_t *to = tpc_new_array(c->arena, uint16_t, p->preds.len);
	struct ir_chain *ch;
	struct ir_rule *r;
	struct ir_term *t;
	uint32_t len = 0;

	for (uint32_t i = 0; i < p->preds.len; i++) {
		if (!keep[i])
			continue;
		to[i] = (uint16_t)len;
		p->preds.items[len++] = p->preds.items[i];
	}
	p->preds.len = len;
	tpc_vec_foreach (ch, &p->chains)
		tpc_vec_foreach (r, &ch->rules)
			tpc_vec_foreach (t, &r->terms)
				t->pred = to[same ? same[t->pred] : t->pred];
}

void rules_drop_repeated(struct tpc_ctx *c, struct ir_program *p)
{
	/* The number of the rule that last had the term, so that nothing is cleared between rules. */
	uint32_t *seen = tpc_new_array(c->arena, uint32_t, (size_t)p->preds.len * 2), stamp = 0;
	struct ir_chain *ch;
	struct ir_rule *r;
	struct ir_term *t;

	tpc_vec_foreach (ch, &p->chains)
		tpc_vec_foreach (r, &ch->rules) {
			uint32_t len = 0;

			stamp++;
			tpc_vec_foreach (t, &r->terms) {
				uint32_t *last = &seen[t->pred * 2u + t->negated];

				if (*last != stamp)
					r->terms.items[len++] = *t;
				*last = stamp;
			}
			r->terms.len = len;
		}
}
