// SPDX-License-Identifier: Apache-2.0
/* A case or an event through both units: every hook on its point is decided, and all must agree. */
#include "ptest/ptest_impl.h"

static const struct pt_decision *decide_all(const struct pt_scene *s, bool at_return, struct pt_verdict *v)
{
	uint32_t n = s->p->chains.len;
	struct pt_decision *all = tpc_new_array(s->c->arena, struct pt_decision, n);

	for (uint32_t i = 0; i < n; i++) {
		pt_decide(s, &s->p->chains.items[i], at_return, &all[i]);
		if (at_return)
			v[i].at_return = all[i];
		else
			v[i].entry = all[i];
	}
	return all;
}

/* Passes keep values, each at its number, so one set of arguments serves both. */
bool pt_judge_facts(struct tpc_ctx *c, const struct ptest_units *u, uint32_t program,
		    const struct pt_facts *facts, const struct pt_arg *args, struct tpc_span at,
		    struct pt_judged *ret)
{
	const struct ir_program *p = &u->lowered->programs.items[program];
	struct pt_scene opt;

	ret->p = p;
	if (program >= u->optimised->programs.len ||
	    u->optimised->programs.items[program].values.len != p->values.len) {
		tpc_error(&c->diags, at, TPC_E_INTERNAL, "internal error: passes changed the values of '%s'",
			  p->target);
		return false;
	}
	pt_scene_init(&ret->scene, c, u->lowered, p, facts, args);
	pt_scene_init(&opt, c, u->optimised, &u->optimised->programs.items[program], facts, args);
	ret->verdicts = tpc_new_array(c->arena, struct pt_verdict, p->chains.len);
	return pt_agree(&ret->scene, &opt, false, decide_all(&ret->scene, false, ret->verdicts), at) &&
	       pt_agree(&ret->scene, &opt, true, decide_all(&ret->scene, true, ret->verdicts), at);
}

static bool expects_return(const struct pt_case *k)
{
	for (uint32_t i = 0; i < k->expects.len; i++)
		if (k->expects.items[i]->at_return)
			return true;
	return k->moment.v == PT_MOMENT_RETURN;
}

static bool is_sure(struct tpc_ctx *c, const struct pt_case *k, const struct pt_decision *d)
{
	if (d->outcome != PT_UNSURE)
		return true;
	pt_error(c, k->name.at, TPC_E_CASE_UNSAID, "the case '%s' does not say %s",
		 pt_shown(c->arena, k->name.s, k->name.len), d->missing);
	return false;
}

bool pt_judge(struct tpc_ctx *c, const struct ptest_units *u, const struct pt_case *k, struct pt_judged *ret)
{
	int64_t program = pt_find_hook(c, u->lowered, &k->hook);
	const struct ir_program *p = program < 0 ? NULL : &u->lowered->programs.items[program];
	struct pt_facts *facts = tpc_new(c->arena, struct pt_facts);
	struct pt_arg *args;
	bool ok = true;

	*ret = (struct pt_judged){ 0 };
	if (!pt_case_facts(c, k, facts) || !p)
		return false;
	args = tpc_new_array(c->arena, struct pt_arg, p->values.len);
	if (!pt_case_args(c, k, p, args) ||
	    !pt_judge_facts(c, u, (uint32_t)program, facts, args, k->name.at, ret))
		return false;
	for (uint32_t i = 0; i < p->chains.len; i++) {
		if (k->moment.v != PT_MOMENT_RETURN)
			ok &= is_sure(c, k, &ret->verdicts[i].entry);
		if (expects_return(k))
			ok &= is_sure(c, k, &ret->verdicts[i].at_return);
	}
	return pt_assign_expects(c, u->lowered, k, ret) && ok;
}
