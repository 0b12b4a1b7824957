// SPDX-License-Identifier: Apache-2.0
#include "ptest/ptest_impl.h"

static void run_bpf(const struct ptest_units *u, const struct pt_case *k, const struct pt_judged *j,
		    struct ptest_outcome *o)
{
	if (k->moment.v == PT_MOMENT_RETURN) {
		o->bpf = PTEST_BPF_NOT_RUN;
		o->bpf_why = "it is about the function's return";
		return;
	}
	pt_bpf_case(u->bpf, j, o);
	if (o->bpf != PTEST_BPF_DIFFERS)
		return;
	o->status = PTEST_DIFFERS;
	if (!o->why)
		o->why = o->bpf_why;
}

static void run_case(struct pt_cover *cover, const struct ptest_units *u, const struct pt_case *k,
		     struct ptest_result *r)
{
	struct ptest_outcome *o = tpc_vec_push(cover->c->arena, &r->outcomes);
	struct pt_judged j;

	*o = (struct ptest_outcome){ .name = k->name.s, .hook = k->hook.s, .at = k->name.at };
	if (!pt_judge(cover->c, u, k, &j)) {
		o->status = PTEST_UNDECIDED;
	} else {
		o->why = pt_compare(cover->c, u->lowered, k, &j);
		o->status = o->why ? PTEST_DIFFERS : PTEST_GOOD;
		if (u->bpf)
			run_bpf(u, k, &j, o);
		pt_cover_case(cover, k, &j);
	}
	r->counts[o->status]++;
	r->bpf_counts[o->bpf]++;
}

void ptest_run(struct tpc_ctx *c, const struct ptest_units *u, uint32_t file, struct ptest_result *ret)
{
	struct pt_cases cases = { 0 };
	struct pt_cover cover;
	const struct ptest_point *p;

	*ret = (struct ptest_result){ 0 };
	pt_read(c, file, false, &cases);
	pt_cover_init(&cover, c, u->lowered, ret);
	for (uint32_t i = 0; i < cases.list.len; i++) {
		if (tpc_arena_exhausted(c->arena)) {
			tpc_error(&c->diags, cases.list.items[i]->at, TPC_E_TOO_BIG,
				  "the cases need more memory than is allowed");
			break;
		}
		run_case(&cover, u, cases.list.items[i], ret);
	}
	if (!cover.budget)
		tpc_error(&c->diags, (struct tpc_span){ .file = file }, TPC_E_LIMIT,
			  "there are too many cases for policies of this size: split the file");
	tpc_vec_foreach (p, &ret->points)
		ret->ncovered += p->hits > 0;
}

uint32_t ptest_coverage(const struct ptest_result *r)
{
	return r->points.len ? (uint32_t)(r->ncovered * UINT64_C(100) / r->points.len) : 100;
}

void ptest_warn_unreached(struct tpc_ctx *c, const struct ptest_result *r)
{
	const struct ptest_point *p;

	tpc_vec_foreach (p, &r->points)
		if (p->kind == PTEST_SELECTOR && !p->hits)
			tpc_warning(&c->diags, p->at, TPC_W_NOT_REACHED,
				    "no case reaches selector %u of '%s'", p->selector + 1, p->hook);
}
