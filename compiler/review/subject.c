// SPDX-License-Identifier: Apache-2.0
/* Policies of all kinds of hooks in the one form that the checks look at. */
#include "review/review_impl.h"

#define ARGS_MAX 64 /* among which an index is looked for; Tetragon takes 5 */

bool rv_is(const struct tpc_text *t, const char *s)
{
	return t->set && !strcmp(t->s, s);
}

/* ---- rules ---- */

unsigned rv_act_of(const struct tpc_action *a)
{
	switch ((enum tpc_action_kind)a->action.v) {
	case TPC_ACTION_POST:
		return RV_ACT_POST;
	case TPC_ACTION_OVERRIDE:
		return RV_ACT_OVERRIDE;
	case TPC_ACTION_SIGKILL:
		return RV_ACT_KILL;
	case TPC_ACTION_SIGNAL:
		return RV_ACT_SIGNAL;
	case TPC_ACTION_NOTIFY_ENFORCER:
		return (a->arg_error.v ? RV_ACT_OVERRIDE : 0) | (a->arg_sig.v ? RV_ACT_SIGNAL : 0);
	case TPC_ACTION_NO_POST:
		return 0;
	default:
		return RV_ACT_OTHER;
	}
}

#define TAKE(list)                                                                                           \
	do {                                                                                                 \
		if (!to->list.len)                                                                           \
			to->list = m->list;                                                                  \
	} while (0)

/* A kind of filter comes from one place; lowering says so where it does not. */
static void take_macro(struct tpc_selector *to, const struct tpc_selector *m)
{
	TAKE(match_pids);
	TAKE(match_args);
	TAKE(match_data);
	TAKE(match_actions);
	TAKE(match_return_args);
	TAKE(match_return_actions);
	TAKE(match_binaries);
	TAKE(match_parent_binaries);
	TAKE(match_namespaces);
	TAKE(match_namespace_changes);
	TAKE(match_capabilities);
	TAKE(match_capability_changes);
	if (!to->match_workloads)
		to->match_workloads = m->match_workloads;
}

/* @s with what its macros add; hostile policies name many of many: past the budget they are left out. */
static const struct tpc_selector *with_macros(struct rv *r, const struct tpc_policy *p,
					      const struct tpc_selector *s)
{
	struct tpc_selector *whole;
	const struct tpc_text *name;
	const struct tpc_macro *m;

	if (!s->macros.len)
		return s;
	whole = tpc_new(r->arena, struct tpc_selector);
	*whole = *s;
	tpc_vec_foreach (name, &s->macros)
		tpc_vec_foreach (m, &p->spec.selectors_macros)
			if (r->macro_budget && r->macro_budget-- && rv_is(&m->name, name->s))
				take_macro(whole, &m->selector);
	return whole;
}

static void add_rule(struct rv *r, struct rv_hook *h, const struct tpc_selector *s, uint32_t nr)
{
	struct rv_rule *u = tpc_new(r->arena, struct rv_rule);
	const struct tpc_action *a;

	*u = (struct rv_rule){ .hook = h,
			       .selector = s,
			       .whole = s,
			       .nr = nr,
			       .acts = RV_ACT_POST,
			       .at = s ? s->at : h->name.at };
	*tpc_vec_push(r->arena, &h->rules) = u;
	if (!s)
		return;
	u->whole = with_macros(r, h->policy->p, s);
	tpc_vec_foreach (a, &u->whole->match_actions) {
		u->acts |= rv_act_of(a);
		u->no_post |= a->action.v == TPC_ACTION_NO_POST;
	}
	tpc_vec_foreach (a, &u->whole->match_return_actions)
		u->acts |= rv_act_of(a);
	if (u->no_post)
		u->acts &= ~(unsigned)RV_ACT_POST;
}

static void add_rules(struct rv *r, struct rv_hook *h)
{
	if (!h->nselectors)
		add_rule(r, h, NULL, 0);
	for (uint32_t i = 0; i < h->nselectors; i++)
		add_rule(r, h, &h->selectors[i], i);
}

/* ---- hooks ---- */

static bool same(struct tpc_span a, struct tpc_span b)
{
	return a.file == b.file && a.off == b.off && a.len == b.len;
}

static void find_chain(struct rv *r, struct rv_hook *h)
{
	const struct ir_unit *u = r->ret->lowered;
	const struct ir_program *p;
	const struct ir_chain *ch;

	if (!u)
		return;
	tpc_vec_foreach (p, &u->programs)
		tpc_vec_foreach (ch, &p->chains)
			if (!h->chain && same(ch->at, h->name.at)) {
				h->program = p;
				h->chain = ch;
			}
}

static void add_hook(struct rv *r, struct rv_policy *p, const struct rv_hook *of)
{
	struct rv_hook *h = tpc_new(r->arena, struct rv_hook);
	struct rv_rule **u;

	*h = *of;
	h->policy = p;
	h->row = know_hook_find(r->ret->known, h->kind, h->target, &h->by_function);
	if (!p->p->bad)
		find_chain(r, h);
	add_rules(r, h);
	tpc_vec_foreach (u, &h->rules)
		h->acts |= (*u)->acts;
	p->acts |= h->acts;
	*tpc_vec_push(r->arena, &p->hooks) = h;
}

#define COMMON(from)                                                                                         \
	.message = (from)->message, .tags = (from)->tags.items, .ntags = (from)->tags.len,                   \
	.args = (from)->args.items, .nargs = (from)->args.len, .selectors = (from)->selectors.items,         \
	.nselectors = (from)->selectors.len, .at = (from)->at

/* "sys_openat", "__x64_sys_openat" and "i386/sys_openat" are the same call. */
static const char *call_target(struct rv *r, const struct tpc_kprobe *k)
{
	const char *s = k->call.s, *sys = k->syscall.v ? strstr(s, "sys_") : NULL;

	return sys ? tpc_strndup(r->arena, sys, strlen(sys)) : s;
}

static void add_kprobes(struct rv *r, struct rv_policy *p, const struct tpc_kprobe *k, uint32_t n,
			bool fentry)
{
	for (uint32_t i = 0; i < n; i++)
		add_hook(r, p,
			 &(struct rv_hook){ .kind = k[i].syscall.v ? KNOW_SYSCALL : KNOW_KPROBE,
					    .fentry = fentry,
					    .name = k[i].call,
					    .target = call_target(r, &k[i]),
					    .data = k[i].data.items,
					    .ndata = k[i].data.len,
					    .kprobe = &k[i],
					    COMMON(&k[i]) });
}

static void add_hooks(struct rv *r, struct rv_policy *p)
{
	const struct tpc_spec *s = &p->p->spec;
	const struct tpc_tracepoint *t;
	const struct tpc_lsmhook *m;
	const struct tpc_uprobe *u;
	const struct tpc_usdt *d;

	add_kprobes(r, p, s->kprobes.items, s->kprobes.len, false);
	tpc_vec_foreach (t, &s->tracepoints)
		add_hook(r, p,
			 &(struct rv_hook){
				 .kind = KNOW_TRACEPOINT,
				 .name = t->event,
				 .target = tpc_sprintf(r->arena, "%s/%s", t->subsystem.s, t->event.s),
				 .tracepoint = t,
				 COMMON(t) });
	tpc_vec_foreach (u, &s->uprobes)
		add_hook(r, p,
			 &(struct rv_hook){ .kind = KNOW_UPROBE,
					    .name = u->path,
					    .target = u->path.s,
					    .data = u->data.items,
					    .ndata = u->data.len,
					    .uprobe = u,
					    COMMON(u) });
	tpc_vec_foreach (m, &s->lsmhooks)
		add_hook(r, p,
			 &(struct rv_hook){ .kind = KNOW_LSM,
					    .name = m->hook,
					    .target = m->hook.s,
					    .lsm = m,
					    COMMON(m) });
	tpc_vec_foreach (d, &s->usdts)
		add_hook(r, p,
			 &(struct rv_hook){ .kind = KNOW_UPROBE,
					    .name = d->path,
					    .target = d->path.s,
					    .usdt = d,
					    COMMON(d) });
	add_kprobes(r, p, s->fentries.items, s->fentries.len, true);
}

/* ---- policies ---- */

static bool has_conditions(const struct tpc_label_selector *s)
{
	return s && (s->match_labels.len || s->match_expressions.len);
}

/* Tetragon: without a pod, container or host selector a policy is for everything (pkg/policyfilter). */
static struct rv_scope scope_of(const struct tpc_policy *p)
{
	const struct tpc_spec *s = &p->spec;
	bool pods = s->pod_selector || s->container_selector;
	bool namespaced = p->kind == TPC_TRACING_POLICY_NAMESPACED;

	return (struct rv_scope){
		.pods = namespaced || pods || !s->host_selector,
		.host = !namespaced && (s->host_selector || !pods),
		.namespaced = namespaced,
		.labels = has_conditions(s->pod_selector) || has_conditions(s->container_selector),
		.nodes = has_conditions(s->node_selector),
	};
}

static bool is_monitor(const struct tpc_policy *p)
{
	const struct tpc_option *o;
	bool monitor = false;

	tpc_vec_foreach (o, &p->spec.options)
		if (rv_is(&o->name, "policy-mode"))
			monitor = !strcmp(o->value.s, "monitor");
	return monitor;
}

static const struct ir_policy *find_ir(struct rv *r, const struct tpc_policy *p)
{
	const struct ir_unit *u = r->ret->lowered;
	const struct ir_policy *ir;

	if (u)
		tpc_vec_foreach (ir, &u->policies)
			if (same(ir->at, p->metadata.name.at))
				return ir;
	return NULL;
}

void rv_subjects(struct rv *r)
{
	const struct tpc_policy_list *all = tpc_policies(r->ret->t);
	struct tpc_policy *const *p;

	tpc_vec_foreach (p, all) {
		struct rv_policy *x = tpc_new(r->arena, struct rv_policy);

		*x = (struct rv_policy){ .p = *p, .scope = scope_of(*p), .monitor = is_monitor(*p) };
		x->ir = (*p)->bad ? NULL : find_ir(r, *p);
		add_hooks(r, x);
		*tpc_vec_push(r->arena, &r->ret->policies) = x;
	}
}

/* ---- questions about them ---- */

const struct tpc_arg *rv_filter_arg(const struct rv_hook *h, const struct tpc_arg_filter *f,
				    uint32_t *ret_pos)
{
	int64_t pos = f->args.len ? f->args.items[0].v : -1;

	for (uint32_t i = 0; pos < 0 && i < h->nargs && i < ARGS_MAX; i++)
		if (h->args[i].index.v == f->index.v)
			pos = i;
	if (pos < 0 || pos >= (int64_t)h->nargs)
		return NULL;
	if (ret_pos)
		*ret_pos = (uint32_t)pos;
	return &h->args[pos];
}

bool rv_filters_args(const struct rv_rule *u)
{
	return u->whole && (u->whole->match_args.len || u->whole->match_data.len);
}

const char *rv_hook_words(struct tpc_arena *a, const struct rv_hook *h)
{
	static const char *const kinds[KNOW_KIND_MAX] = {
		[KNOW_LSM] = "LSM hook",	  [KNOW_KPROBE] = "kprobe", [KNOW_SYSCALL] = "system call",
		[KNOW_TRACEPOINT] = "tracepoint", [KNOW_UPROBE] = "uprobe",
	};

	return tpc_sprintf(a, "%s %s",
			   h->fentry ? "fentry" :
			   h->usdt   ? "USDT probe" :
				       kinds[h->kind],
			   h->target);
}

const char *rv_act_words(struct tpc_arena *a, unsigned acts)
{
	static const char *const names[] = { "Post", "Override", "Sigkill", "Signal", "other" };
	const char *s = "";

	for (unsigned i = 0; i < 5; i++)
		if (acts & 1U << i)
			s = tpc_sprintf(a, "%s%s%s", s, *s ? ", " : "", names[i]);
	return *s ? s : "nothing";
}
