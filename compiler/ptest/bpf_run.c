// SPDX-License-Identifier: Apache-2.0
/* One case on each variant of its program: prepared, run, its counters and events taken, compared. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <inttypes.h>
#include <string.h>

#include "ptest/bpf.h"

struct running {
	struct ptest_bpf *b;
	const struct pt_judged *j;
	struct ptest_outcome *o;
	struct tpc_buf ran; /* names of the variants that have run */
};

static const char *failed(struct ptest_bpf *b, const char *what, int err)
{
	return tpc_sprintf(b->c->arena, "%s: %s", what, strerror(-err));
}

/* ---- counters ---- */
static int clear_stats(struct ptest_bpf *b, const struct bpf_variant *v)
{
	struct tpc_stat *all = tpc_new_array(b->c->arena, struct tpc_stat, b->ncpus);
	int r = 0;

	for (uint32_t hook = 0; !r && hook < b->u->nhooks; hook++)
		r = bpf_map_update_elem(v->stats, &hook, all, BPF_ANY);
	return r;
}

static int read_stats(struct ptest_bpf *b, const struct bpf_variant *v, struct tpc_stat *ret)
{
	struct tpc_stat *all = tpc_new_array(b->c->arena, struct tpc_stat, b->ncpus);

	for (uint32_t hook = 0; hook < b->u->nhooks; hook++) {
		int r = bpf_map_lookup_elem(v->stats, &hook, all);

		if (r)
			return r;
		for (uint32_t i = 0; i < b->ncpus; i++) {
			ret[hook].matched += all[i].matched;
			ret[hook].posted += all[i].posted;
			ret[hook].enforced += all[i].enforced;
			ret[hook].monitored += all[i].monitored;
			ret[hook].lost += all[i].lost;
		}
	}
	return 0;
}

/* ---- a run ---- */
static void forget(struct bpf_variant *v)
{
	memset(v->now->signals, 0, sizeof(v->now->signals));
	v->now->noverrides = 0;
	v->now->override_value = 0;
	v->events.len = 0;
}

static int run_program(const struct bpf_variant *v, struct bpf_call *call, uint32_t *ret_result)
{
	LIBBPF_OPTS(bpf_test_run_opts, exec);
	LIBBPF_OPTS(bpf_test_run_opts, run, .ctx_in = call->context, .ctx_size_in = call->len);
	int r = v->exec >= 0 ? bpf_prog_test_run_opts(v->exec, &exec) : 0;

	if (!r)
		r = bpf_prog_test_run_opts(v->program, &run);
	*ret_result = run.retval;
	return r;
}

static const char *run_call(struct running *k, struct bpf_variant *v, struct bpf_call *call,
			    const char **ret_differs)
{
	struct tpc_stat *stats = tpc_new_array(k->b->c->arena, struct tpc_stat, k->b->u->nhooks);
	uint32_t result;
	int r;

	forget(v);
	r = clear_stats(k->b, v);
	if (!r)
		r = run_program(v, call, &result);
	if (r)
		return failed(k->b, "the kernel does not run it", r);
	r = ring_buffer__consume(v->ring);
	if (r >= 0)
		r = read_stats(k->b, v, stats);
	if (r)
		return failed(k->b, "its maps cannot be read", r);
	*ret_differs = bpf_compare(k->b, k->j, v, stats, result);
	return NULL;
}

/* NULL: it ran; *@ret_differs is the difference then, if there is one. Else why it did not. */
static const char *run_variant(struct running *k, struct bpf_variant *v, const char **ret_differs)
{
	const char *why = bpf_ready(k->b, v);
	struct bpf_call call;

	*ret_differs = NULL;
	if (!why)
		why = bpf_make_call(k->b, &k->j->scene, v, &call);
	return why ? why : run_call(k, v, &call, ret_differs);
}

static void run_variants(struct running *k, struct bpf_program_variants *all)
{
	struct tpc_arena *a = k->b->c->arena;
	struct bpf_variant *v;
	const char *why, *differs;

	tpc_vec_foreach (v, &all->list) {
		why = run_variant(k, v, &differs);
		if (why && !k->o->bpf_why)
			k->o->bpf_why = tpc_sprintf(a, "%s: %s", v->name, why);
		if (!why)
			tpc_buf_printf(&k->ran, "%s%s", k->ran.len ? ", " : "", v->name);
		if (differs) {
			k->o->bpf = PTEST_BPF_DIFFERS;
			k->o->bpf_why = differs;
			return;
		}
	}
	k->o->bpf = k->ran.len ? PTEST_BPF_RAN : PTEST_BPF_NOT_RUN;
}

void pt_bpf_case(struct ptest_bpf *b, const struct pt_judged *j, struct ptest_outcome *o)
{
	struct running k = { .b = b, .j = j, .o = o, .ran = TPC_BUF(b->c->arena) };
	struct bpf_program_variants *all = NULL;

	o->bpf = PTEST_BPF_NOT_RUN;
	if (!b->none)
		all = &b->programs[j->p - j->scene.u->programs.items];
	o->bpf_why = all ? all->why : b->none;
	if (!o->bpf_why)
		run_variants(&k, all);
	if (k.ran.len)
		o->bpf_ran = tpc_buf_text(&k.ran);
}
