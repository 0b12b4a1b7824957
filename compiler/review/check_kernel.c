// SPDX-License-Identifier: Apache-2.0
/* Is a hook there, and the same, on every kernel of the brief (TPR12x)? */
#include "review/filters.h"

#define LSM_SINCE                                                                                            \
	50007u /* BPF LSM: what an LSM row's `since` is at least, also where its function is older */

/* TPR121, TPR122: kernels that do not have it. */
static bool is_too_old(struct rv *r, const struct rv_hook *h)
{
	uint32_t oldest, newest, since = h->row ? rv_version(h->row->since.s) : 0;

	rv_kernels(r, &oldest, &newest);
	return oldest && since > oldest && !(h->by_function && since <= LSM_SINCE);
}

static bool may_be_missing(const struct rv_hook *h)
{
	return h->kprobe && h->kprobe->ignore && h->kprobe->ignore->call_not_found.v;
}

static void not_there(struct rv *r, const struct rv_hook *h)
{
	if (!is_too_old(r, h) || may_be_missing(h))
		return;
	rv_mend(r,
		rv_say(r, h->name.at,
		       "%s is there from Linux %s on, and the fleet has older kernels: there the policy does not load",
		       rv_hook_words(r->arena, h), h->row->since.s),
		"a policy of its own for kernels that have it, chosen by nodeSelector");
}

static void passed_over(struct rv *r, const struct rv_hook *h)
{
	if (!is_too_old(r, h) || !may_be_missing(h))
		return;
	rv_mend(r,
		rv_say(r, h->name.at,
		       "%s is there from Linux %s on: older kernels of the fleet pass over it in silence",
		       rv_hook_words(r->arena, h), h->row->since.s),
		"hook what sees the same there too");
}

/* TPR123, TPR124: arguments that are others on older kernels. */
static const struct know_change *moved(const struct rv_hook *h, const struct tpc_arg *a)
{
	const struct know_change *c;
	const struct tpc_int *i;

	tpc_vec_foreach (c, &h->row->changes)
		tpc_vec_foreach (i, &c->moves)
			if (i->v == a->index.v)
				return c;
	return NULL;
}

static void each_moved(struct rv *r, const struct rv_rule *u, bool known)
{
	const struct tpc_arg_filter *f;
	uint32_t oldest, newest;

	rv_kernels(r, &oldest, &newest);
	if (!u->whole || !u->hook->row || (oldest != 0) != known)
		return;
	tpc_vec_foreach (f, &u->whole->match_args) {
		const struct tpc_arg *a = rv_filter_arg(u->hook, f, NULL);
		const struct know_change *c = a ? moved(u->hook, a) : NULL;
		struct rv_finding *x;

		if (!c || (known && rv_version(c->since.s) <= oldest))
			continue;
		x = rv_say(r, f->at, "before Linux %s argument %d is another: %s", c->since.s,
			   (int)a->index.v, c->about.s);
		if (known)
			rv_mend(r, x, "a policy for each side of %s, chosen by nodeSelector", c->since.s);
		else
			rv_mend(r, x, "name the fleet's kernels in the brief");
	}
}

static void argument_differs(struct rv *r, const struct rv_rule *u)
{
	each_moved(r, u, true);
}

static void argument_may_differ(struct rv *r, const struct rv_rule *u)
{
	each_moved(r, u, false);
}

/* TPR125: numbers of system calls. */
static void bare_numbers(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_arg_filter *f;

	if (!u->whole || strcmp(u->hook->target, "raw_syscalls/sys_enter") != 0)
		return;
	tpc_vec_foreach (f, &u->whole->match_args) {
		const struct tpc_arg *a = rv_filter_arg(u->hook, f, NULL);

		if (a && a->index.v == 4 && a->type.v != TPC_ARG_TYPE_SYSCALL64)
			rv_mend(r, rv_say(r, f->at, "numbers of system calls differ between architectures"),
				"type syscall64 and a list of names");
	}
}

/* TPR126: operators that call a function of the kernel (pkg/bpf/detect_linux.go); without it they hold for nothing. */
static const struct {
	enum tpc_arg_operator op;
	const char *since, *function;
} kfuncs[] = {
	{ TPC_ARG_OPERATOR_SUB_STRING, "6.17", "bpf_strnstr" },
	{ TPC_ARG_OPERATOR_SUB_STRING_IGN_CASE, "6.19", "bpf_strncasestr" },
};

static void dead_operator(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_arg_filter *f;
	uint32_t oldest, newest;

	rv_kernels(r, &oldest, &newest);
	if (!u->whole || !oldest)
		return;
	tpc_vec_foreach (f, &u->whole->match_args)
		for (size_t i = 0; i < sizeof(kfuncs) / sizeof(kfuncs[0]); i++)
			if (f->op.v == kfuncs[i].op && oldest < rv_version(kfuncs[i].since))
				rv_mend(r,
					rv_say(r, f->op.at,
					       "'%s' needs %s of Linux %s: older kernels of the fleet never match",
					       f->op.s, kfuncs[i].function, kfuncs[i].since),
					"use Prefix or Postfix");
}

const struct rv_check rv_checks_kernel[] = {
	{ .code = "TPR121", .of_hook = not_there },
	{ .code = "TPR122", .of_hook = passed_over },
	{ .code = "TPR123", .of_rule = argument_differs },
	{ .code = "TPR124", .of_rule = argument_may_differ },
	{ .code = "TPR125", .of_rule = bare_numbers },
	{ .code = "TPR126", .of_rule = dead_operator },
	{ 0 },
};
