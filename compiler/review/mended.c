// SPDX-License-Identifier: Apache-2.0
/* The edits of a review that can be made together. */
#include "review/edit.h"

#define MENDS_AT_ONCE 512 /* each is held against all others; the rest is for the next round */

struct chosen {
	TPC_VEC(struct rv_edit) list;
};

/* Two that meet, or go into the same place, would each need to know of the other. */
static bool collide(const struct rv_edit *a, const struct rv_edit *b)
{
	uint32_t a_end = a->at.off + a->at.len, b_end = b->at.off + b->at.len;

	return a->at.off <= b_end && b->at.off <= a_end;
}

static bool fits(const struct chosen *chosen, const struct rv_finding *f, uint32_t file)
{
	const struct rv_edit *e, *have;

	tpc_vec_foreach (e, &f->edits) {
		if (e->at.file != file)
			return false;
		tpc_vec_foreach (have, &chosen->list)
			if (collide(e, have))
				return false;
	}
	return f->edits.len;
}

const char *review_mended(const struct review *r, uint32_t file, review_wanted *wanted, void *of,
			  uint32_t *ret_n)
{
	struct chosen chosen = { 0 };
	struct rv_finding *const *f;
	const struct rv_edit *e;

	*ret_n = 0;
	tpc_vec_foreach (f, &r->findings) {
		if ((*f)->accepted || (wanted && !wanted(*f, of)) || !fits(&chosen, *f, file))
			continue;
		tpc_vec_foreach (e, &(*f)->edits)
			*tpc_vec_push(r->c->arena, &chosen.list) = *e;
		++*ret_n;
		if (chosen.list.len > MENDS_AT_ONCE)
			break;
	}
	return edit_apply(r->c, file, chosen.list.items, chosen.list.len);
}
