// SPDX-License-Identifier: Apache-2.0
/* Expectations: read from their nodes, and given to the chains that they are about. */
#include <string.h>

#include "base/suggest.h"
#include "frontend/scalar.h"
#include "ptest/ptest_impl.h"

static bool is_none(const struct tpc_node *n)
{
	return n->kind == TPC_NODE_SCALAR && n->len == 4 && !memcmp(n->s, "none", 4);
}

/* ---- reading ---- */
static bool check_action(struct tpc_ctx *c, const struct tpc_text *t)
{
	struct tpc_suggest s = TPC_SUGGEST(t->s, t->len);
	struct tpc_diag *d;

	for (int k = 0; k < IR_ACTION_MAX; k++) {
		const char *name = ir_action_name((enum ir_action_kind)k);

		if (!strcmp(name, t->s))
			return true;
		tpc_suggest_try(&s, name);
	}
	d = pt_error(c, t->at, TPC_E_ENUM, "unknown action '%s'", pt_shown(c->arena, t->s, t->len));
	if (s.best)
		pt_hint(c, d, "did you mean '%s'?", s.best);
	return false;
}

static struct pt_expect *read_one(struct tpc_ctx *c, const struct tpc_node *n, bool inner);

static bool read_return(struct tpc_ctx *c, const struct tpc_node *n, bool inner, struct pt_expect *e)
{
	const struct tpc_node *ret = pt_entry(n, "return");

	if (!ret || (ret->kind == TPC_NODE_SCALAR && tpc_node_is_null(ret)))
		return true;
	if (inner) {
		pt_error(c, ret->at, TPC_E_CASE,
			 "a function returns once: there is no 'return' in a 'return'");
		return false;
	}
	e->at_return = read_one(c, ret, true);
	return e->at_return != NULL;
}

/* NULL after a diagnostic. @inner: of the return, within an expectation. */
static struct pt_expect *read_one(struct tpc_ctx *c, const struct tpc_node *n, bool inner)
{
	struct pt_expect *e = tpc_new(c->arena, struct pt_expect);
	uint32_t errors = c->diags.nerrors;
	const struct tpc_text *t;
	bool ok = true;

	if (n->kind == TPC_NODE_BAD)
		return NULL;
	if (is_none(n)) {
		*e = (struct pt_expect){ .none = true, .node = n, .at = n->at };
		return e;
	}
	if (n->kind != TPC_NODE_MAP) {
		pt_hint(c,
			pt_error(c, n->at, TPC_E_WRONG_TYPE, "an expectation is none or a mapping, not %s",
				 decode_describe(c->arena, n)),
			"none, or {selector: 1, actions: [Post]}");
		return NULL;
	}
	decode_document(c, &pt_schema_expect, n, e);
	e->node = n;
	ok &= read_return(c, n, inner, e);
	tpc_vec_foreach (t, &e->actions)
		ok &= t->set && check_action(c, t);
	return ok && errors == c->diags.nerrors ? e : NULL;
}

bool pt_read_expects(struct tpc_ctx *c, struct pt_case *k)
{
	const struct tpc_node *n = k->expect;
	struct pt_expect *e;
	bool ok = true;

	if (!n || (n->kind == TPC_NODE_SCALAR && tpc_node_is_null(n))) {
		k->expect = NULL;
		return true;
	}
	if (n->kind != TPC_NODE_LIST) {
		e = read_one(c, n, false);
		if (e)
			*tpc_vec_push(c->arena, &k->expects) = e;
		return e != NULL;
	}
	for (uint32_t i = 0; i < n->items.len; i++) {
		e = read_one(c, n->items.items[i], false);
		ok &= e != NULL;
		if (e)
			*tpc_vec_push(c->arena, &k->expects) = e;
	}
	return ok;
}

/* ---- whose they are ---- */
static const char *policy_name(const struct ir_unit *u, const struct ir_chain *ch)
{
	return ch->policy < u->policies.len ? u->policies.items[ch->policy].name : "?";
}

static bool is_about(const struct ir_unit *u, const struct pt_expect *e, const struct ir_chain *ch)
{
	return (!e->policy.set || !strcmp(e->policy.s, policy_name(u, ch))) &&
	       (!e->entry.set || e->entry.v == (int64_t)ch->entry + 1);
}

static void say_policies(struct tpc_ctx *c, const struct ir_unit *u, const struct ir_program *p,
			 struct tpc_diag *d)
{
	struct tpc_buf all = TPC_BUF(c->arena);

	for (uint32_t i = 0; i < p->chains.len && i < 8; i++)
		tpc_buf_printf(&all, "%s{policy: %s, entry: %u}", i ? " or " : "",
			       policy_name(u, &p->chains.items[i]), p->chains.items[i].entry + 1);
	pt_hint(c, d, "%s", tpc_buf_text(&all));
}

static bool assign_one(struct tpc_ctx *c, const struct ir_unit *u, const struct pt_expect *e,
		       struct pt_judged *j)
{
	const struct ir_program *p = j->p;
	uint32_t n = 0, at = 0;

	for (uint32_t i = 0; i < p->chains.len; i++) {
		if (!is_about(u, e, &p->chains.items[i]))
			continue;
		n++;
		at = i;
	}
	if (n == 1 && !j->verdicts[at].expect) {
		j->verdicts[at].expect = e;
		return true;
	}
	if (!n)
		say_policies(c, u, p,
			     pt_error(c, e->at, TPC_E_CASE, "this is about no hook on '%s'", p->target));
	else if (n > 1)
		say_policies(c, u, p,
			     pt_error(c, e->at, TPC_E_CASE, "there are %u hooks on '%s': which is meant?", n,
				      p->target));
	else
		pt_error(c, e->at, TPC_E_CASE, "a second expectation for one hook");
	return false;
}

bool pt_assign_expects(struct tpc_ctx *c, const struct ir_unit *u, const struct pt_case *k,
		       struct pt_judged *j)
{
	bool ok = true;

	for (uint32_t i = 0; i < k->expects.len; i++)
		if (!k->expects.items[i]->none)
			ok &= assign_one(c, u, k->expects.items[i], j);
	return ok;
}
