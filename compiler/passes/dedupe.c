// SPDX-License-Identifier: Apache-2.0
/*
 * dedupe (always): what is the same is there once.
 *
 * requires IR_HAS_FOLDED (so that equal sets of integers look equal)
 * ensures  IR_HAS_UNIQUE: texts sorted by bytes, none implied by another of its list (Prefix "/etc" says
 *          all that "/etc/x" does); no two predicates of a program ask the same; no rule has a term twice.
 *          Values keep their numbers: events show them.
 * cost     n log n in the texts, linear in the predicates (hash table)
 */
#include <stdlib.h>
#include <string.h>

#include "ir/text.h"
#include "passes/internal.h"

static void share_preds(struct tpc_ctx *c, struct ir_program *p)
{
	uint16_t *same = tpc_new_array(c->arena, uint16_t, p->preds.len);
	bool *keep = tpc_new_array(c->arena, bool, p->preds.len);
	struct table t;

	table_init(&t, c->arena, p->preds.len);
	for (uint32_t i = 0; i < p->preds.len; i++) {
		const struct ir_pred *pred = &p->preds.items[i];
		uint32_t first =
			table_find_or_add(&t, hash_u64(pred_hash(pred), pred->value), i, pred_same, p);

		keep[i] = first == TABLE_NONE;
		same[i] = (uint16_t)(keep[i] ? i : first);
	}
	preds_compact(c, p, keep, same);
}

/* On a copy: predicates may share their list. */
static void canon_texts(struct tpc_ctx *c, struct ir_pred *p)
{
	struct ir_text *t = tpc_new_array(c->arena, struct ir_text, p->texts.len);

	if (!p->texts.len)
		return;
	memcpy(t, p->texts.items, p->texts.len * sizeof(*t));
	p->texts.cap = p->texts.len;
	p->texts.len = texts_canon(p->kind, t, p->texts.len);
	p->texts.items = t;
}

static int compare_nets(const void *pa, const void *pb)
{
	return ir_net_compare(pa, pb);
}

/* Sorted, what lies in a network follows it directly: it begins with the same address or a larger one. */
static void canon_nets(struct tpc_ctx *c, struct ir_pred *p)
{
	struct ir_net *n = tpc_new_array(c->arena, struct ir_net, p->nets.len);
	uint32_t len = 0;

	if (!p->nets.len)
		return;
	memcpy(n, p->nets.items, p->nets.len * sizeof(*n));
	qsort(n, p->nets.len, sizeof(*n), compare_nets);
	for (uint32_t i = 0; i < p->nets.len; i++)
		if (!len || !ir_net_inside(&n[len - 1], &n[i]))
			n[len++] = n[i];
	p->nets.items = n;
	p->nets.cap = p->nets.len;
	p->nets.len = len;
}

void pass_dedupe(struct tpc_ctx *c, struct ir_unit *u)
{
	struct ir_program *p;
	struct ir_pred *pred;

	tpc_vec_foreach (p, &u->programs) {
		tpc_vec_foreach (pred, &p->preds) {
			canon_texts(c, pred);
			canon_nets(c, pred);
		}
		share_preds(c, p);
		rules_drop_repeated(c, p);
	}
}
