// SPDX-License-Identifier: Apache-2.0
/*
 * Typed policies to IR. Each policy's hooks become chains, in the order of the language's reference; chains
 * on one hook point share its program, whichever policy they come from. Programs stand in order of first use.
 */
#include <string.h>

#include "ir/lower_impl.h"

const char *lower_hook_word(enum ir_hook_kind kind)
{
	switch (kind) {
	case IR_LSM:
		return "lsmhook";
	case IR_RAW_TRACEPOINT:
		return "tracepoint";
	case IR_USDT:
		return "usdt probe";
	default:
		return ir_hook_kind_name(kind);
	}
}

static void note_hook(struct lower *l, struct tpc_diag *d)
{
	const struct lower_hook *h = l->hook;

	if (h && h->name.len)
		tpc_diag_note(&l->c->diags, d, h->name.at, "in this %s '%s'", lower_hook_word(h->kind),
			      lower_show(l, h->name.s, h->name.len));
	else if (h)
		tpc_diag_note(&l->c->diags, d, h->at, "in this %s", lower_hook_word(h->kind));
}

static bool was_said(const struct lower *l, struct tpc_span at, enum tpc_diag_code code, const char *msg)
{
	for (uint32_t i = l->policy_diags; i < l->c->diags.list.len; i++) {
		const struct tpc_diag *d = l->c->diags.list.items[i];

		if (d->code == code && d->at.off == at.off && d->at.file == at.file && !strcmp(d->msg, msg))
			return true;
	}
	return false;
}

struct tpc_diag *lower_say(struct lower *l, enum tpc_severity sev, struct tpc_span at,
			   enum tpc_diag_code code, const char *fmt, ...)
{
	struct tpc_diag *d;
	const char *msg;
	va_list ap;

	va_start(ap, fmt);
	msg = tpc_vsprintf(l->c->arena, fmt, ap);
	va_end(ap);
	if (was_said(l, at, code, msg))
		return tpc_new(l->c->arena, struct tpc_diag); /* to be given hints that nobody reads */
	d = tpc_report(&l->c->diags, sev, at, code, "%s", msg);
	note_hook(l, d);
	return d;
}

void lower_hint(struct lower *l, struct tpc_diag *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tpc_diag_hint(&l->c->diags, d, "%s", tpc_vsprintf(l->c->arena, fmt, ap));
	va_end(ap);
}

void lower_needs(struct lower *l, struct tpc_span at, uint32_t kernel, const char *what)
{
	if (!l->o.min_kernel || l->o.min_kernel >= kernel)
		return;
	lower_hint(l,
		   lower_say(l, l->o.min_kernel_named ? TPC_ERROR : TPC_WARNING, at, TPC_E_KERNEL_TOO_OLD,
			     "%s needs Linux %u.%u", what, kernel >> 16, kernel & 0xffff),
		   "this is for %u.%u and newer: --min-kernel %u.%u", l->o.min_kernel >> 16,
		   l->o.min_kernel & 0xffff, kernel >> 16, kernel & 0xffff);
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

/* With its length: paths and symbols may hold whatever stands between the parts. */
static void put_part(struct tpc_buf *b, const char *s)
{
	tpc_buf_printf(b, " %zu:%s", s ? strlen(s) : 0, s ? s : "");
}

/* Equal for calls that hook the same point. Digests are part of it: they decide which files are hooked. */
static const char *hook_point_key(struct lower *l, const struct lower_hook *h, const struct lower_call *call)
{
	const struct ir_user_place *w = call->user;
	struct tpc_buf b = TPC_BUF(l->c->arena);

	tpc_buf_printf(&b, "%d %d %d %d", h->kind, call->syscall, call->abi, call->many);
	put_part(&b, h->subsystem);
	put_part(&b, call->target);
	if (!w)
		return tpc_buf_text(&b);
	put_part(&b, w->path);
	put_part(&b, w->btf_path);
	put_part(&b, w->provider);
	put_part(&b, w->symbol);
	tpc_buf_printf(&b, " %d %d %llu %llu", w->symbol != NULL, w->by_addr, (unsigned long long)w->place,
		       (unsigned long long)w->ref_ctr);
	for (uint32_t i = 0; i < w->digests.len; i++)
		put_part(&b, w->digests.items[i]);
	return tpc_buf_text(&b);
}

/* The program of the hook point, made when this is the first chain on it. */
static struct ir_program *find_program(struct lower *l, const struct lower_hook *h,
				       const struct lower_call *call)
{
	const char *key = hook_point_key(l, h, call);
	uint32_t nr = lower_index_add(l->c->arena, &l->programs, key, l->u->programs.len);
	struct ir_program *p;

	if (nr < l->u->programs.len)
		return &l->u->programs.items[nr];
	p = tpc_vec_push(l->c->arena, &l->u->programs);
	*p = (struct ir_program){
		.kind = h->kind,
		.target = call->target,
		.subsystem = h->subsystem,
		.syscall = call->syscall,
		.abi = call->abi,
		.many = call->many,
		.user = call->user,
		.at = h->name.at,
	};
	return p;
}

static void start_chain(struct lower *l, const struct lower_hook *h)
{
	struct ir_chain *ch = l->chain;

	*ch = (struct ir_chain){
		.policy = l->policy_nr, .entry = h->entry, .may_miss = h->may_miss, .at = h->name.at
	};
	if (h->message.len)
		ch->message = h->message.s;
	for (uint32_t i = 0; i < h->ntags; i++)
		*tpc_vec_push(l->c->arena, &ch->tags) = h->tags[i].s;
	if (h->return_action.v == TPC_RETURN_ACTION_TRACK_SOCK)
		ch->on_return = IR_TRACK_SOCK;
	else if (h->return_action.v == TPC_RETURN_ACTION_UNTRACK_SOCK)
		ch->on_return = IR_UNTRACK_SOCK;
}

/*
 * A hook whose name is wrong is lowered into a program that is thrown away: its other faults should be told
 * too, and after an error nothing of the unit is emitted.
 */
static void lower_one_call(struct lower *l, const struct lower_hook *h, const struct lower_call *call)
{
	static const struct lower_call nowhere = { .target = "?" };
	struct ir_program stray = { .kind = h->kind, .target = "?", .subsystem = "?" };
	struct ir_chain stray_chain = { 0 };

	l->call = call ? call : &nowhere;
	l->p = call ? find_program(l, h, call) : &stray;
	if (l->p->chains.len == UINT16_MAX) {
		lower_error(l, h->at, TPC_E_LIMIT, "more than %d hooks on one point", UINT16_MAX);
		return;
	}
	l->chain = call ? tpc_vec_push(l->c->arena, &l->p->chains) : &stray_chain;
	start_chain(l, h);
	if (call)
		l->chain->hook = l->u->nhooks++;
	lower_prototype(l);
	lower_args(l);
	lower_selectors(l);
}

void lower_hook(struct lower *l, const struct lower_hook *h, const struct lower_calls *calls)
{
	l->hook = h;
	if (!calls->list.len)
		lower_one_call(l, h, NULL);
	for (uint32_t i = 0; i < calls->list.len && !lower_exhausted(l, h->at); i++)
		lower_one_call(l, h, &calls->list.items[i]);
	l->hook = NULL;
	l->call = NULL;
}

static bool hooks_something(const struct tpc_spec *s)
{
	return s->kprobes.len || s->tracepoints.len || s->lsmhooks.len || s->uprobes.len || s->usdts.len ||
	       s->fentries.len || s->loader.v;
}

static void check_has_hooks(struct lower *l, const struct tpc_spec *s)
{
	struct tpc_diag *d;

	if (hooks_something(s) || s->enforcers.len || l->policy->bad)
		return;
	d = tpc_warning(&l->c->diags, s->at, TPC_W_NO_EFFECT, "policy '%s' hooks nothing",
			lower_show(l, l->policy->metadata.name.s, l->policy->metadata.name.len));
	tpc_diag_hint(&l->c->diags, d, "kprobes, tracepoints, lsmhooks, …");
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
		.ns = policy->metadata.ns.len ? policy->metadata.ns.s : NULL,
		.file = source && source->name ? base_name(source->name) : "?",
		.digest = policy->digest,
		.at = name->at,
	};
	lower_options(l, p);
	lower_scope(l, p);
	if (!name->len)
		return;
	/* Policies of different namespaces may have the same name. */
	first = lower_index_add(l->c->arena, &l->names,
				tpc_sprintf(l->c->arena, "%s/%s", p->ns ? p->ns : "", name->s), l->policy_nr);
	if (first == l->policy_nr)
		return;
	d = tpc_error(&l->c->diags, name->at, TPC_E_DUPLICATE_POLICY, "a second policy with the name '%s'",
		      lower_show(l, name->s, name->len));
	tpc_diag_note(&l->c->diags, d, l->u->policies.items[first].at, "the first one");
}

static void lower_policy(struct lower *l, const struct tpc_policy *policy)
{
	l->policy = policy;
	l->policy_diags = l->c->diags.list.len;
	l->policy_nr = l->u->policies.len;
	lower_head(l, policy);
	check_has_hooks(l, &policy->spec);
	lower_check_lists(l);
	lower_check_macros(l);
	lower_enforcers(l);
	lower_hooks(l);
	lower_unused_macros(l);
	lower_check_tracking(l);
}

struct ir_unit *ir_lower(struct tpc_ctx *c, const struct tpc_policy_list *policies,
			 const struct ir_lower_opts *o)
{
	struct lower l = { .c = c, .u = tpc_new(c->arena, struct ir_unit) };

	if (o)
		l.o = *o;
	for (uint32_t i = 0; i < policies->len; i++)
		if (!lower_exhausted(&l, policies->items[i]->at))
			lower_policy(&l, policies->items[i]);
	return l.u;
}
