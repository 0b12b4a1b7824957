// SPDX-License-Identifier: Apache-2.0
/* All checks, and running them over all policies, hooks and rules. */
#include "review/review_impl.h"

static const struct rv_check *const families[] = {
	rv_checks_hook,	     rv_checks_kernel,	rv_checks_cost,	  rv_checks_values, rv_checks_binaries,
	rv_checks_selectors, rv_checks_enforce, rv_checks_scope,  rv_checks_mode,   rv_checks_actions,
	rv_checks_metadata,  rv_checks_agents,	rv_checks_schema,
};
#define FAMILIES (sizeof(families) / sizeof(families[0]))

const struct rv_check *rv_check_at(uint32_t i)
{
	for (size_t f = 0; f < FAMILIES; f++)
		for (const struct rv_check *k = families[f]; k->code; k++)
			if (!i--)
				return k;
	return NULL;
}

static bool begin(struct rv *r, const struct rv_check *k)
{
	r->check = know_check_find(r->ret->known, k->code);
	return r->check != NULL; /* the tests see to it that each has a row */
}

static void ask_hook(struct rv *r, const struct rv_check *k, const struct rv_hook *h)
{
	struct rv_rule *const *u;

	r->hook = h;
	if (k->of_hook)
		k->of_hook(r, h);
	tpc_vec_foreach (u, &h->rules) {
		r->rule = *u;
		if (k->of_rule)
			k->of_rule(r, *u);
	}
	r->rule = NULL;
	r->hook = NULL;
}

static void ask(struct rv *r, const struct rv_check *k, const struct rv_policy *p)
{
	struct rv_hook *const *h;

	r->policy = p;
	if (k->of_policy)
		k->of_policy(r, p);
	if (k->of_hook || k->of_rule)
		tpc_vec_foreach (h, &p->hooks)
			ask_hook(r, k, *h);
	r->policy = NULL;
}

void rv_run_checks(struct rv *r)
{
	struct rv_policy *const *p;

	for (size_t i = 0; i < FAMILIES; i++)
		for (const struct rv_check *k = families[i]; k->code; k++)
			if (begin(r, k))
				tpc_vec_foreach (p, &r->ret->policies)
					if (!(*p)->p->bad)
						ask(r, k, *p);
}
