// SPDX-License-Identifier: Apache-2.0
/*
 * Typed policies to IR. Each policy's hooks become chains in the order kprobes, tracepoints, lsmhooks; chains
 * on one hook point share its program, whichever policy they come from. Programs stand in order of first use.
 */
#include <string.h>

#include "ir/lower_impl.h"

static const char *hook_word(enum ir_hook_kind kind)
{
	return kind == IR_LSM ? "lsmhook" : ir_hook_kind_name(kind);
}

static void note_hook(struct lower *l, struct tpc_diag *d)
{
	const struct lower_hook *h = l->hook;

	if (h && h->name.len)
		tpc_diag_note(&l->c->diags, d, h->name.at, "in this %s '%s'", hook_word(h->kind),
			      lower_show(l, h->name.s, h->name.len));
	else if (h)
		tpc_diag_note(&l->c->diags, d, h->at, "in this %s", hook_word(h->kind));
}

struct tpc_diag *lower_error(struct lower *l, struct tpc_span at, enum tpc_diag_code code, const char *fmt,
			     ...)
{
	struct tpc_diag *d;
	va_list ap;

	va_start(ap, fmt);
	d = tpc_error(&l->c->diags, at, code, "%s", tpc_vsprintf(l->c->arena, fmt, ap));
	va_end(ap);
	note_hook(l, d);
	return d;
}

struct tpc_diag *lower_warning(struct lower *l, struct tpc_span at, enum tpc_diag_code code, const char *fmt,
			       ...)
{
	struct tpc_diag *d;
	va_list ap;

	va_start(ap, fmt);
	d = tpc_warning(&l->c->diags, at, code, "%s", tpc_vsprintf(l->c->arena, fmt, ap));
	va_end(ap);
	note_hook(l, d);
	return d;
}

void lower_not_yet(struct lower *l, struct tpc_span at, const char *what)
{
	if (!l->policy->bad)
		lower_error(l, at, TPC_E_NOT_YET, "%s: not yet", what);
}

bool lower_exhausted(struct lower *l, struct tpc_span at)
{
	if (!tpc_arena_exhausted(l->c->arena))
		return false;
	if (!l->out_of_memory)
		lower_error(l, at, TPC_E_LIMIT, "the policies need more memory than is allowed");
	l->out_of_memory = true;
	return true;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The program of the hook point, made when this is the first chain on it. */
static struct ir_program *find_program(struct lower *l, const struct lower_hook *h)
{
	const char *key = tpc_sprintf(l->c->arena, "%d %d %s %s", h->kind, h->syscall,
				      h->subsystem ? h->subsystem : "", h->target);
	uint32_t nr = lower_index_add(l->c->arena, &l->programs, key, l->u->programs.len);
	struct ir_program *p;

	if (nr < l->u->programs.len)
		return &l->u->programs.items[nr];
	p = tpc_vec_push(l->c->arena, &l->u->programs);
	*p = (struct ir_program){
		.kind = h->kind,
		.target = h->target,
		.subsystem = h->subsystem,
		.syscall = h->syscall,
		.at = h->name.at,
	};
	return p;
}

static void lower_tags(struct lower *l, const struct lower_hook *h)
{
	for (uint32_t i = 0; i < h->ntags; i++)
		*tpc_vec_push(l->c->arena, &l->chain->tags) = h->tags[i].s;
}

/*
 * A hook whose name is wrong is lowered into a program that is thrown away: its other faults should be told
 * too, and after an error nothing of the unit is emitted.
 */
static void lower_hook(struct lower *l, const struct lower_hook *h)
{
	struct ir_program stray = { .kind = h->kind, .target = "?", .subsystem = "?", .syscall = h->syscall };
	struct ir_chain stray_chain = { 0 };

	if (lower_exhausted(l, h->at))
		return;
	l->hook = h;
	l->p = h->target ? find_program(l, h) : &stray;
	if (l->p->chains.len == UINT16_MAX) {
		lower_error(l, h->at, TPC_E_LIMIT, "more than %d hooks on one point", UINT16_MAX);
		l->hook = NULL;
		return;
	}
	l->chain = h->target ? tpc_vec_push(l->c->arena, &l->p->chains) : &stray_chain;
	*l->chain = (struct ir_chain){ .policy = l->policy_nr, .entry = h->entry, .at = h->name.at };
	if (h->target)
		l->chain->hook = l->u->nhooks++;
	if (h->message.len)
		l->chain->message = h->message.s;
	lower_tags(l, h);
	lower_args(l);
	lower_selectors(l);
	l->hook = NULL;
}

static void lower_kprobe(struct lower *l, const struct tpc_kprobe *k, uint32_t entry)
{
	struct lower_hook h = {
		.kind = IR_KPROBE,
		.name = k->call,
		.syscall = k->syscall.v,
		.entry = entry,
		.message = k->message,
		.args = k->args.items,
		.nargs = k->args.len,
		.selectors = k->selectors.items,
		.nselectors = k->selectors.len,
		.tags = k->tags.items,
		.ntags = k->tags.len,
		.at = k->at,
	};

	h.target = lower_call(l, k);
	if (k->ret.v || k->return_arg)
		lower_not_yet(l, k->return_arg ? k->return_arg->at : k->ret.at, "return values");
	if (k->return_arg_action.v)
		lower_not_yet(l, k->return_arg_action.at, "'returnArgAction'");
	if (k->data.len)
		lower_not_yet(l, k->data.at, "'data'");
	if (k->ignore && k->ignore->call_not_found.v)
		lower_not_yet(l, k->ignore->call_not_found.at, "'callNotFound'");
	lower_hook(l, &h);
}

static void lower_tracepoint(struct lower *l, const struct tpc_tracepoint *t, uint32_t entry)
{
	struct lower_hook h = {
		.kind = IR_TRACEPOINT,
		.name = t->event,
		.entry = entry,
		.message = t->message,
		.args = t->args.items,
		.nargs = t->args.len,
		.selectors = t->selectors.items,
		.nselectors = t->selectors.len,
		.tags = t->tags.items,
		.ntags = t->tags.len,
		.at = t->at,
	};

	if (lower_tracepoint_names(l, t)) {
		h.target = t->event.s;
		h.subsystem = t->subsystem.s;
	}
	if (t->raw.v)
		lower_not_yet(l, t->raw.at, "raw tracepoints");
	lower_hook(l, &h);
}

static void lower_lsmhook(struct lower *l, const struct tpc_lsmhook *m, uint32_t entry)
{
	struct lower_hook h = {
		.kind = IR_LSM,
		.name = m->hook,
		.entry = entry,
		.message = m->message,
		.args = m->args.items,
		.nargs = m->args.len,
		.selectors = m->selectors.items,
		.nselectors = m->selectors.len,
		.tags = m->tags.items,
		.ntags = m->tags.len,
		.at = m->at,
	};

	h.target = lower_lsm_name(l, m);
	lower_hook(l, &h);
}

/* Parts of a spec that change what the hooks mean. The front end refuses them; here they must not be lost. */
static void refuse_rest(struct lower *l, const struct tpc_spec *s)
{
	if (s->pod_selector || s->container_selector || s->host_selector || s->node_selector)
		lower_not_yet(l, s->at, "workload selectors");
	if (s->uprobes.len || s->usdts.len || s->fentries.len)
		lower_not_yet(l, s->at, "uprobes, usdts and fentries");
	if (s->loader.v)
		lower_not_yet(l, s->loader.at, "'loader'");
	if (s->enforcers.len)
		lower_not_yet(l, s->enforcers.at, "'enforcers'");
	if (l->policy->kind != TPC_TRACING_POLICY)
		lower_not_yet(l, l->policy->kind_name.at, "namespaced policies");
}

static void check_has_hooks(struct lower *l, const struct tpc_spec *s)
{
	struct tpc_diag *d;

	if (s->kprobes.len || s->tracepoints.len || s->lsmhooks.len || l->policy->bad)
		return;
	if (s->uprobes.len || s->usdts.len || s->fentries.len)
		return;
	d = tpc_error(&l->c->diags, s->at, TPC_E_MISSING_FIELD, "policy '%s' hooks nothing",
		      lower_show(l, l->policy->metadata.name.s, l->policy->metadata.name.len));
	tpc_diag_hint(&l->c->diags, d, "kprobes, tracepoints or lsmhooks");
}

static void lower_head(struct lower *l, const struct tpc_policy *policy)
{
	const struct tpc_text *name = &policy->metadata.name;
	const struct tpc_source *source = tpc_source_get(&l->c->sources, policy->at.file);
	struct ir_policy *p = tpc_vec_push(l->c->arena, &l->u->policies);
	struct tpc_diag *d;
	uint32_t first;

	*p = (struct ir_policy){
		.name = name->len ? name->s : "?",
		.kind = policy->kind_name.s,
		.file = source && source->name ? base_name(source->name) : "?",
		.digest = policy->digest,
		.at = name->at,
	};
	lower_options(l, p);
	if (!name->len)
		return;
	first = lower_index_add(l->c->arena, &l->names, name->s, l->policy_nr);
	if (first == l->policy_nr)
		return;
	d = tpc_error(&l->c->diags, name->at, TPC_E_DUPLICATE_POLICY, "a second policy with the name '%s'",
		      lower_show(l, name->s, name->len));
	tpc_diag_note(&l->c->diags, d, l->u->policies.items[first].at, "the first one");
}

static void lower_policy(struct lower *l, const struct tpc_policy *policy)
{
	const struct tpc_spec *s = &policy->spec;

	l->policy = policy;
	l->policy_nr = l->u->policies.len;
	lower_head(l, policy);
	refuse_rest(l, s);
	check_has_hooks(l, s);
	for (uint32_t i = 0; i < s->kprobes.len; i++)
		lower_kprobe(l, &s->kprobes.items[i], i);
	for (uint32_t i = 0; i < s->tracepoints.len; i++)
		lower_tracepoint(l, &s->tracepoints.items[i], i);
	for (uint32_t i = 0; i < s->lsmhooks.len; i++)
		lower_lsmhook(l, &s->lsmhooks.items[i], i);
}

struct ir_unit *ir_lower(struct tpc_ctx *c, const struct tpc_policy_list *policies)
{
	struct lower l = { .c = c, .u = tpc_new(c->arena, struct ir_unit) };

	for (uint32_t i = 0; i < policies->len; i++)
		if (!lower_exhausted(&l, policies->items[i]->at))
			lower_policy(&l, policies->items[i]);
	return l.u;
}
