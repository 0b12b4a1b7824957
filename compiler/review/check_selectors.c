// SPDX-License-Identifier: Apache-2.0
/*
 * The logic of selectors (TPR321 to TPR333). What follows from what is asked of the theory of the passes; that a selector
 * never matches, or is shadowed as a whole, the compiler says itself (TPC310).
 */
#include "review/about.h"

/* ---- TPR321: exemptions that come too late ---- */

/* The text of @at with its lines behind the first moved left by the column that it begins at. */
static const char *moved_text(struct rv *r, struct tpc_span at)
{
	const struct tpc_source *s = tpc_source_get(&r->c->sources, at.file);
	struct tpc_buf b = TPC_BUF(r->arena);
	uint32_t col = 0, end = at.off + at.len, skip = 0;

	while (col < at.off && s->text[at.off - col - 1] != '\n')
		col++;
	for (uint32_t i = at.off; i < end; i++) {
		if (skip && s->text[i] == ' ') {
			skip--;
			continue;
		}
		skip = s->text[i] == '\n' ? col : 0;
		tpc_buf_putc(&b, s->text[i]);
	}
	return tpc_buf_text(&b);
}

static void move_before(struct rv *r, struct rv_finding *f, const struct rv_rule *u,
			const struct rv_rule *first)
{
	const char *text = moved_text(r, u->selector->at);

	if (edit_drop_item(r, f, u->selector->at) && !edit_add_item(r, f, first->selector->at, true, text))
		f->edits.len = 0;
}

static void exemption_too_late(struct rv *r, const struct rv_hook *h)
{
	const struct rv_rule *u, *first;
	struct rv_finding *x;
	struct logic l;

	if (h->rules.len < 2 || !logic_of(r, h, &l))
		return;
	for (uint32_t i = 1; i < h->rules.len && l.rel->budget; i++) {
		const struct ir_rule *a, *b;

		u = h->rules.items[i];
		a = logic_rule(&l, u);
		if (!a || !u->no_post || u->acts & RV_ACTS_ENFORCE || !about_has_filters(u))
			continue;
		for (uint32_t j = 0; j < i && l.rel->budget; j++) {
			first = h->rules.items[j];
			b = logic_rule(&l, first);
			l.rel->budget--;
			if (!b || !(first->acts & RV_ACTS_ENFORCE) || logic_excludes(&l, a, b) ||
			    logic_implies(&l, a, b))
				continue;
			r->rule = u;
			x = rv_say(
				r, u->at,
				"the selector of line %u enforces first on what both match, and this exemption is not asked",
				tpc_source_line(&r->c->sources, first->at));
			rv_mend(r, x, "move it before that selector");
			move_before(r, x, u, first);
			break;
		}
	}
	r->rule = NULL;
}

/* ---- TPR322: a selector without actions beside others ---- */
static void default_action(struct rv *r, const struct rv_rule *u)
{
	const struct rv_hook *h = u->hook;
	unsigned acts = 0;
	struct rv_rule *const *o;
	struct rv_finding *x;

	if (!u->selector || u->whole->match_actions.len || u->whole->match_return_actions.len ||
	    h->rules.len > 64)
		return;
	tpc_vec_foreach (o, &h->rules)
		acts |= (*o)->acts;
	if (!(acts & RV_ACTS_ENFORCE) || !about_has_filters(u))
		return;
	x = rv_say(r, u->at,
		   "a selector without actions posts, and enforces nothing as others of this hook do");
	rv_mend(r, x, "write 'matchActions: [{action: Post}]' when that is meant");
	edit_append_key(r, x, u->selector->at, "matchActions:\n- action: Post");
}

/* ---- TPR323: nothing but what must not be ---- */

static bool is_positive(const struct ir_program *p, const struct ir_term *t)
{
	return !t->negated && p->preds.items[t->pred].kind != IR_PRED_PRESENT;
}

/* A path or text of the event; that numbers and networks are listed as allowed is a way to write them. */
static bool is_text(const struct ir_program *p, const struct ir_pred *pred)
{
	enum ir_source from = p->values.items[pred->value].source;

	return pred->texts.len && from != IR_FROM_BINARY && from != IR_FROM_PARENT_BINARY;
}

static void only_negative(struct rv *r, const struct rv_rule *u)
{
	const struct ir_rule *rule;
	const struct ir_term *t;
	bool args = false;
	struct logic l;

	if (!rv_enforces(u->hook->policy, u->acts) || !logic_of(r, u->hook, &l))
		return;
	rule = logic_rule(&l, u);
	if (!rule || !rule->terms.len)
		return;
	tpc_vec_foreach (t, &rule->terms) {
		if (is_positive(l.p, t))
			return;
		args |= is_text(l.p, &l.p->preds.items[t->pred]);
	}
	if (!args || !u->whole->match_args.len)
		return;
	rv_mend(r, rv_say(r, u->at, "all filters say what must not be, so whatever is new or unknown is hit"),
		"add a filter on what is meant: an address family, a type of file, the programs");
}

/* ---- TPR331, TPR333: addresses that are not named ---- */

struct nets {
	bool v4, v6, loopback;
};

static bool holds_loopback(const struct ir_net *n)
{
	return n->len == 4 && (n->addr[0] == 127 || !n->prefix);
}

static struct nets nets_of(const struct ir_pred *p)
{
	struct nets ret = { 0 };
	const struct ir_net *n;

	tpc_vec_foreach (n, &p->nets) {
		ret.v4 |= n->len == 4;
		ret.v6 |= n->len == 16;
		ret.loopback |= holds_loopback(n);
	}
	return ret;
}

/* A filter on the family holds, so that the other one is not meant. */
static bool asks_family(const struct ir_program *p, const struct ir_rule *rule)
{
	const struct ir_term *t;

	tpc_vec_foreach (t, &rule->terms)
		if (p->values.items[p->preds.items[t->pred].value].facet == IR_FACET_FAMILY)
			return true;
	return false;
}

static void other_family(struct rv *r, const struct rv_rule *u)
{
	const struct ir_rule *rule;
	const struct ir_term *t;
	struct logic l;

	if (!u->whole || !u->whole->match_args.len || !logic_of(r, u->hook, &l))
		return;
	rule = logic_rule(&l, u);
	if (!rule || asks_family(l.p, rule))
		return;
	tpc_vec_foreach (t, &rule->terms) {
		const struct ir_pred *pred = &l.p->preds.items[t->pred];
		struct nets nets;
		struct rv_finding *x;

		if (pred->kind != IR_PRED_NETS || !t->negated)
			continue;
		nets = nets_of(pred);
		if (nets.v4 == nets.v6)
			continue;
		x = rv_say(r, t->at, "every IPv%d address passes, for none lies in these networks",
			   nets.v4 ? 6 : 4);
		rv_mend(r, x, "add the IPv%d networks that are allowed, or a filter Family with the value %s",
			nets.v4 ? 6 : 4, nets.v4 ? "AF_INET" : "AF_INET6");
		about_weigh_event(x, u->hook->policy, u->acts);
	}
}

static void no_loopback(struct rv *r, const struct rv_rule *u)
{
	const struct ir_rule *rule;
	const struct ir_term *t;
	struct logic l;

	if (!u->whole || !rv_enforces(u->hook->policy, u->acts) || !logic_of(r, u->hook, &l))
		return;
	rule = logic_rule(&l, u);
	if (!rule)
		return;
	tpc_vec_foreach (t, &rule->terms) {
		const struct ir_pred *pred = &l.p->preds.items[t->pred];
		struct nets nets;

		if (pred->kind != IR_PRED_NETS || !t->negated)
			continue;
		nets = nets_of(pred);
		if (nets.v4 && !nets.loopback)
			rv_mend(r,
				rv_say(r, t->at,
				       "127.0.0.0/8 is not among what is allowed: probes and side-cars of the pod are cut off"),
				"allow loopback, the cluster's DNS and API server, and the node's network for probes");
	}
}

/* ---- TPR324, TPR325: changes of namespaces and capabilities ---- */
static void say_other_change(struct rv *r, struct tpc_span at, const char *what)
{
	rv_mend(r, rv_say(r, at, "NotIn holds when some other %s has changed, not when these have not", what),
		"name with In those whose change matters; for no change drop the filter");
}

static void other_change(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_namespace_change_filter *n;
	const struct tpc_capability_filter *q;

	if (!u->whole)
		return;
	tpc_vec_foreach (n, &u->whole->match_namespace_changes)
		if (n->op.v == TPC_SET_OPERATOR_NOT_IN)
			say_other_change(r, n->op.at, "namespace");
	tpc_vec_foreach (q, &u->whole->match_capability_changes)
		if (q->op.v == TPC_SET_OPERATOR_NOT_IN)
			say_other_change(r, q->op.at, "capability");
}

static void once_only(struct rv *r, const struct rv_rule *u)
{
	struct tpc_span at;

	if (!u->whole || !(u->acts & RV_ACTS_ENFORCE) || u->acts & RV_ACT_KILL ||
	    !(u->whole->match_namespace_changes.len || u->whole->match_capability_changes.len))
		return;
	at = u->whole->match_namespace_changes.len ? u->whole->match_namespace_changes.items[0].at :
						     u->whole->match_capability_changes.items[0].at;
	rv_mend(r,
		rv_say(r, at,
		       "after the first match the new state counts as unchanged, so that the next call is not hit"),
		"enforce where the change is made, or on the state itself: matchNamespaces, matchCapabilities");
}

/* ---- TPR326: namespaces that pods share with the node ---- */
static bool is_seldom_own(uint16_t ns)
{
	return ns == TPC_NAMESPACE_USER || ns == TPC_NAMESPACE_TIME || ns == TPC_NAMESPACE_TIME_FOR_CHILDREN;
}

static void shared_namespace(struct rv *r, const struct rv_rule *u)
{
	static const struct {
		enum tpc_namespace ns;
		const char *who;
	} shared[] = {
		{ TPC_NAMESPACE_NET, "pods with hostNetwork are in it too" },
		{ TPC_NAMESPACE_UTS, "pods with hostNetwork are in it too" },
		{ TPC_NAMESPACE_IPC, "pods with hostIPC are in it too" },
		{ TPC_NAMESPACE_USER, "nearly all pods are in it too" },
		{ TPC_NAMESPACE_TIME, "all pods are in it too" },
		{ TPC_NAMESPACE_TIME_FOR_CHILDREN, "all pods are in it too" },
		{ TPC_NAMESPACE_CGROUP, "privileged pods, and all with cgroup v1, are in it too" },
	};
	const struct tpc_namespace_filter *f;
	const struct tpc_value *v;

	if (!u->whole || (u->whole->match_namespaces.len > 1))
		return;
	tpc_vec_foreach (f, &u->whole->match_namespaces) {
		bool host = false;

		tpc_vec_foreach (v, &f->values)
			host |= !strcmp(v->s, "host_ns");
		for (size_t i = 0; host && i < sizeof(shared) / sizeof(shared[0]); i++) {
			struct rv_finding *x;

			if (f->ns.v != shared[i].ns)
				continue;
			if (f->op.v == TPC_SET_OPERATOR_NOT_IN && is_seldom_own(f->ns.v))
				continue; /* it says that something has one of its own */
			x = rv_say(r, f->ns.at, "the host's %s namespace does not tell node from pod: %s",
				   f->ns.s, shared[i].who);
			rv_mend(r, x,
				"compare the Mnt or Pid namespace, or scope the policy by podSelector or hostSelector");
			about_weigh(x, u->hook->policy, u->no_post ? RV_ACTS_ENFORCE : u->acts);
		}
	}
}

/* ---- TPR328: two selectors that could be one ---- */

static bool same_action(const struct ir_action *a, const struct ir_action *b)
{
	return a->kind == b->kind && a->arg == b->arg && a->signal == b->signal && a->index == b->index &&
	       a->rate_ms == b->rate_ms && a->rate_scope == b->rate_scope &&
	       a->kernel_stack == b->kernel_stack && a->user_stack == b->user_stack &&
	       a->ima_hash == b->ima_hash && a->kind != IR_GET_URL && a->kind != IR_DNS_LOOKUP &&
	       !a->regs.len && !b->regs.len && a->redirect == b->redirect && !a->redirect;
}

static bool same_actions(const struct ir_rule *a, const struct ir_rule *b)
{
	if (a->actions.len != b->actions.len || a->post != b->post || a->return_terms.len ||
	    b->return_terms.len || a->return_actions.len || b->return_actions.len)
		return false;
	for (uint32_t i = 0; i < a->actions.len; i++)
		if (!same_action(&a->actions.items[i], &b->actions.items[i]))
			return false;
	return true;
}

static bool has_term(struct logic *l, const struct ir_rule *r, const struct ir_term *t)
{
	const struct ir_term *o;

	tpc_vec_foreach (o, &r->terms) {
		if (!l->rel->budget)
			return false;
		l->rel->budget--;
		if (o->pred == t->pred && o->negated == t->negated)
			return true;
	}
	return false;
}

/* The one term of @a that @b lacks; NULL: there is none, or several. */
static const struct ir_term *only_other(struct logic *l, const struct ir_rule *a, const struct ir_rule *b)
{
	const struct ir_term *t, *found = NULL;

	tpc_vec_foreach (t, &a->terms)
		if (!has_term(l, b, t)) {
			if (found)
				return NULL;
			found = t;
		}
	return found;
}

static bool can_merge(struct logic *l, const struct ir_rule *a, const struct ir_rule *b)
{
	const struct ir_term *x, *y;
	const struct ir_pred *p, *q;

	if (a->terms.len != b->terms.len || !same_actions(a, b))
		return false;
	x = only_other(l, a, b);
	y = x ? only_other(l, b, a) : NULL;
	if (!y || x->negated || y->negated)
		return false;
	p = &l->p->preds.items[x->pred];
	q = &l->p->preds.items[y->pred];
	return p->kind == q->kind && p->value == q->value &&
	       (p->kind == IR_PRED_EQUAL || p->kind == IR_PRED_PREFIX || p->kind == IR_PRED_POSTFIX ||
		p->kind == IR_PRED_RANGES || p->kind == IR_PRED_NETS);
}

static void could_be_one(struct rv *r, const struct rv_hook *h)
{
	struct logic l;

	if (h->rules.len < 2 || !logic_of(r, h, &l))
		return;
	for (uint32_t i = 1; i < h->rules.len && l.rel->budget; i++) {
		const struct ir_rule *a = logic_rule(&l, h->rules.items[i - 1]),
				     *b = logic_rule(&l, h->rules.items[i]);

		if (!a || !b || !can_merge(&l, a, b))
			continue;
		r->rule = h->rules.items[i];
		rv_mend(r,
			rv_say(r, h->rules.items[i]->at,
			       "this selector and the one before differ in the values of one filter alone"),
			"write the values of both into one filter");
	}
	r->rule = NULL;
}

/* ---- TPR329: the same in another policy or hook ---- */

static bool same_rule(struct logic *l, const struct ir_rule *a, const struct ir_rule *b)
{
	const struct ir_term *t;

	if (a->terms.len != b->terms.len || !same_actions(a, b))
		return false;
	tpc_vec_foreach (t, &a->terms)
		if (!has_term(l, b, t))
			return false;
	return l->rel->budget > 0;
}

static bool same_scope(const struct ir_policy *a, const struct ir_policy *b)
{
	return a->scope == b->scope && !a->nodes && !b->nodes;
}

static void say_same(struct rv *r, struct logic *l, const struct rv_hook *h, const struct ir_chain *other)
{
	const struct ir_policy *policies = r->ret->lowered->policies.items;
	const struct rv_hook *o;
	struct rv_rule *const *u;

	if (!same_scope(&policies[l->ch->policy], &policies[other->policy]))
		return;
	tpc_vec_foreach (u, &h->rules) {
		const struct ir_rule *a = logic_rule(l, *u), *b;

		tpc_vec_foreach (b, &other->rules) {
			if (!l->rel->budget)
				return;
			l->rel->budget--;
			if (!a || !same_rule(l, a, b))
				continue;
			o = logic_hook(r, other);
			r->rule = *u;
			rv_mend(r,
				rv_say(r, (*u)->at,
				       "policy '%s' has the same selector on the same hook, so that each event comes twice",
				       o ? o->policy->p->metadata.name.s : policies[other->policy].name),
				"drop one of them");
			return;
		}
	}
}

static void same_elsewhere(struct rv *r, const struct rv_hook *h)
{
	struct logic l;

	if (!logic_of(r, h, &l))
		return;
	for (const struct ir_chain *o = l.p->chains.items; o < l.ch && l.rel->budget; o++)
		say_same(r, &l, h, o);
	r->rule = NULL;
}

/* ---- TPR330: a filter that says nothing beside another ---- */

static bool is_same_place(struct tpc_span a, struct tpc_span b)
{
	return a.file == b.file && a.off == b.off && a.len == b.len;
}

/* All that the filter at @at asks follows from other filters of the rule; *@ret_by is one of those. */
static bool follows(struct logic *l, const struct ir_rule *rule, struct tpc_span at, struct tpc_span *ret_by)
{
	const struct ir_term *t, *o;
	uint32_t n = 0;

	tpc_vec_foreach (t, &rule->terms) {
		bool found = false;

		if (!is_same_place(t->at, at))
			continue;
		n++;
		tpc_vec_foreach (o, &rule->terms) {
			if (!l->rel->budget)
				return false;
			l->rel->budget--;
			if (is_same_place(o->at, at) || !term_implies(l->rel, o, t))
				continue;
			if (l->p->preds.items[t->pred].kind != IR_PRED_PRESENT)
				*ret_by = o->at;
			found = true;
		}
		if (!found)
			return false;
	}
	return n > 0 && ret_by->file;
}

/* Filters of arguments can be dropped one by one. */
static void filter_repeats(struct rv *r, const struct rv_rule *u)
{
	const struct ir_rule *rule;
	const struct tpc_arg_filter *f;
	struct logic l;

	if (!u->selector || u->selector->match_args.len < 2 || !logic_of(r, u->hook, &l))
		return;
	rule = logic_rule(&l, u);
	if (!rule)
		return;
	tpc_vec_foreach (f, &u->selector->match_args) {
		struct tpc_span by = TPC_NOWHERE;
		struct rv_finding *x;

		if (!follows(&l, rule, f->at, &by))
			continue;
		x = rv_say(r, f->at, "the filter of line %u says this already",
			   tpc_source_line(&r->c->sources, by));
		rv_mend(r, x, "drop it");
		edit_drop_item(r, x, f->at);
		return; /* of two that say the same one must stay */
	}
}

/* ---- TPR332: matchWorkloads and the policy's own scope ---- */
static void workloads_repeat(struct rv *r, const struct rv_rule *u)
{
	const struct ir_policy *policy;
	const struct ir_rule *rule;
	const struct ir_term *t;
	struct logic l;

	if (!u->whole || !u->whole->match_workloads || !logic_of(r, u->hook, &l))
		return;
	rule = logic_rule(&l, u);
	policy = &r->ret->lowered->policies.items[l.ch->policy];
	if (!rule || !policy->scope)
		return;
	tpc_vec_foreach (t, &rule->terms) {
		const struct ir_pred *pred = &l.p->preds.items[t->pred];

		if (pred->kind != IR_PRED_WORKLOAD || t->negated)
			continue;
		if (workload_subset(&r->ret->lowered->workloads.items[policy->scope - 1],
				    &r->ret->lowered->workloads.items[pred->workload]))
			rv_mend(r, rv_say(r, t->at, "the policy's own scope is within this already"),
				"drop one of them");
	}
}

const struct rv_check rv_checks_selectors[] = {
	{ .code = "TPR321", .of_hook = exemption_too_late },
	{ .code = "TPR322", .of_rule = default_action },
	{ .code = "TPR323", .of_rule = only_negative },
	{ .code = "TPR324", .of_rule = other_change },
	{ .code = "TPR325", .of_rule = once_only },
	{ .code = "TPR326", .of_rule = shared_namespace },
	{ .code = "TPR328", .of_hook = could_be_one },
	{ .code = "TPR329", .of_hook = same_elsewhere },
	{ .code = "TPR330", .of_rule = filter_repeats },
	{ .code = "TPR331", .of_rule = other_family },
	{ .code = "TPR332", .of_rule = workloads_repeat },
	{ .code = "TPR333", .of_rule = no_loopback },
	{ 0 },
};
