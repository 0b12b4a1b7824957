// SPDX-License-Identifier: Apache-2.0
/* Each kind of hook brought into the one form that the rest of the lowering knows. */
#include "ir/lower_impl.h"

static void lower_kprobe(struct lower *l, enum ir_hook_kind kind, const struct tpc_kprobe *k, uint32_t entry)
{
	struct lower_hook h = {
		.kind = kind,
		.name = k->call,
		.entry = entry,
		.message = k->message,
		.args = k->args.items,
		.nargs = k->args.len,
		.data = k->data.items,
		.ndata = k->data.len,
		.return_arg = k->return_arg,
		.returns = k->ret.v,
		.return_action = k->return_arg_action,
		.selectors = k->selectors.items,
		.nselectors = k->selectors.len,
		.tags = k->tags.items,
		.ntags = k->tags.len,
		.may_miss = k->ignore && k->ignore->call_not_found.v,
		.at = k->at,
	};
	struct lower_calls calls = { 0 };

	lower_kprobe_calls(l, kind, k, &calls);
	lower_hook(l, &h, &calls);
}

static void lower_tracepoint(struct lower *l, const struct tpc_tracepoint *t, uint32_t entry)
{
	struct lower_hook h = {
		.kind = t->raw.v ? IR_RAW_TRACEPOINT : IR_TRACEPOINT,
		.name = t->event,
		.subsystem = t->subsystem.s,
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
	struct lower_calls calls = { 0 };

	if (lower_tracepoint_names(l, t))
		*tpc_vec_push(l->c->arena, &calls.list) =
			(struct lower_call){ .target = t->event.s, .at = t->event.at };
	lower_hook(l, &h, &calls);
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
	struct lower_calls calls = { 0 };
	const char *name = lower_lsm_name(l, m);

	if (name)
		*tpc_vec_push(l->c->arena, &calls.list) =
			(struct lower_call){ .target = name, .at = m->hook.at };
	lower_hook(l, &h, &calls);
}

static void lower_uprobe(struct lower *l, const struct tpc_uprobe *u, uint32_t entry)
{
	struct lower_hook h = {
		.kind = IR_UPROBE,
		.name = u->path,
		.entry = entry,
		.message = u->message,
		.args = u->args.items,
		.nargs = u->args.len,
		.data = u->data.items,
		.ndata = u->data.len,
		.return_arg = u->return_arg,
		.returns = u->ret.v,
		.selectors = u->selectors.items,
		.nselectors = u->selectors.len,
		.tags = u->tags.items,
		.ntags = u->tags.len,
		.may_miss = u->ignore && u->ignore->digest_verification_failure.v,
		.btf_path = u->btf_path.s,
		.at = u->at,
	};
	struct lower_calls calls = { 0 };

	lower_uprobe_calls(l, u, &calls);
	lower_hook(l, &h, &calls);
}

static void lower_usdt(struct lower *l, const struct tpc_usdt *u, uint32_t entry)
{
	struct lower_hook h = {
		.kind = IR_USDT,
		.name = u->name,
		.entry = entry,
		.message = u->message,
		.args = u->args.items,
		.nargs = u->args.len,
		.selectors = u->selectors.items,
		.nselectors = u->selectors.len,
		.tags = u->tags.items,
		.ntags = u->tags.len,
		.btf_path = u->btf_path.s,
		.at = u->at,
	};
	struct lower_calls calls = { 0 };

	lower_usdt_calls(l, u, &calls);
	lower_hook(l, &h, &calls);
}

/* `loader: true` is a hook of its own, without arguments and selectors. */
static void lower_loader(struct lower *l, const struct tpc_bool *loader)
{
	struct lower_hook h = { .kind = IR_LOADER, .name = { .s = "", .at = loader->at }, .at = loader->at };
	struct lower_calls calls = { 0 };

	*tpc_vec_push(l->c->arena, &calls.list) = (struct lower_call){ .target = "loader", .at = loader->at };
	lower_needs(l, loader->at, IR_KERNEL(5, 19), "'loader', which reads build ids of mapped files,");
	lower_hook(l, &h, &calls);
}

void lower_hooks(struct lower *l)
{
	const struct tpc_spec *s = &l->policy->spec;

	for (uint32_t i = 0; i < s->kprobes.len; i++)
		lower_kprobe(l, IR_KPROBE, &s->kprobes.items[i], i);
	for (uint32_t i = 0; i < s->tracepoints.len; i++)
		lower_tracepoint(l, &s->tracepoints.items[i], i);
	for (uint32_t i = 0; i < s->lsmhooks.len; i++)
		lower_lsmhook(l, &s->lsmhooks.items[i], i);
	for (uint32_t i = 0; i < s->fentries.len; i++)
		lower_kprobe(l, IR_FENTRY, &s->fentries.items[i], i);
	for (uint32_t i = 0; i < s->uprobes.len; i++)
		lower_uprobe(l, &s->uprobes.items[i], i);
	for (uint32_t i = 0; i < s->usdts.len; i++)
		lower_usdt(l, &s->usdts.items[i], i);
	if (s->loader.v)
		lower_loader(l, &s->loader);
}
