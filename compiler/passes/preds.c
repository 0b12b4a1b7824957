// SPDX-License-Identifier: Apache-2.0
/* Predicates of one program as a set: sameness, and renumbering when some go. */
#include <string.h>

#include "ir/text.h"
#include "passes/internal.h"

bool pred_equal(const struct ir_pred *a, const struct ir_pred *b)
{
	return !ir_pred_compare(a, b);
}

bool pred_same(const void *program, uint32_t a, uint32_t b)
{
	const struct ir_program *p = program;

	return pred_equal(&p->preds.items[a], &p->preds.items[b]);
}

uint64_t pred_hash(const struct ir_pred *p)
{
	uint64_t h = hash_u64(hash_u64(HASH_START, p->kind), p->mask);
	const struct ir_range *r;
	const struct ir_text *t;
	const struct ir_net *n;

	h = hash_u64(h, (uint64_t)p->workload << 1 | p->host);
	if (p->expr)
		h = hash_bytes(h, p->expr->text, strlen(p->expr->text));
	tpc_vec_foreach (n, &p->nets)
		h = hash_bytes(hash_u64(h, n->prefix), n->addr, n->len);

	tpc_vec_foreach (r, &p->ranges)
		h = hash_u64(hash_u64(h, r->lo), r->hi);
	tpc_vec_foreach (t, &p->texts)
		h = hash_bytes(hash_u64(h, t->len), t->s, t->len);
	return h;
}

static void renumber(struct ir_term *t, uint32_t n, const uint16_t *to, const uint16_t *same)
{
	for (uint32_t i = 0; i < n; i++)
		t[i].pred = to[same ? same[t[i].pred] : t[i].pred];
}

void preds_compact(struct tpc_ctx *c, struct ir_program *p, const bool *keep, const uint16_t *same)
{
	uint16_t *to = tpc_new_array(c->arena, uint16_t, p->preds.len);
	struct ir_chain *ch;
	struct ir_rule *r;
	uint32_t len = 0;

	for (uint32_t i = 0; i < p->preds.len; i++) {
		if (!keep[i])
			continue;
		to[i] = (uint16_t)len;
		p->preds.items[len++] = p->preds.items[i];
	}
	p->preds.len = len;
	tpc_vec_foreach (ch, &p->chains)
		tpc_vec_foreach (r, &ch->rules) {
			renumber(r->terms.items, r->terms.len, to, same);
			renumber(r->return_terms.items, r->return_terms.len, to, same);
		}
}

/* @seen: by term, the number of the list that last had it, so that nothing is cleared between lists. */
static uint32_t drop_repeated(struct ir_term *t, uint32_t n, uint32_t *seen, uint32_t stamp)
{
	uint32_t len = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t *last = &seen[t[i].pred * 2u + t[i].negated];

		if (*last != stamp)
			t[len++] = t[i];
		*last = stamp;
	}
	return len;
}

void rules_drop_repeated(struct tpc_ctx *c, struct ir_program *p)
{
	uint32_t *seen = tpc_new_array(c->arena, uint32_t, (size_t)p->preds.len * 2), stamp = 0;
	struct ir_chain *ch;
	struct ir_rule *r;

	tpc_vec_foreach (ch, &p->chains)
		tpc_vec_foreach (r, &ch->rules) {
			r->terms.len = drop_repeated(r->terms.items, r->terms.len, seen, ++stamp);
			r->return_terms.len =
				drop_repeated(r->return_terms.items, r->return_terms.len, seen, ++stamp);
		}
}
