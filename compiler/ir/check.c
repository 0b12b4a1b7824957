// SPDX-License-Identifier: Apache-2.0
/*
 * The invariants of ir.h, checked between passes. A pass that breaks one is found by name, before the back
 * end can turn the damage into a wrong program. Nothing here trusts an index it has not looked at.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ir/check.h"

bool check_broken(struct check *k, const char *fmt, ...)
{
	struct tpc_buf b = TPC_BUF(k->c->arena);
	va_list ap;

	if (k->broken)
		return false;
	if (k->program >= 0)
		tpc_buf_printf(&b, "program %" PRId64 ": ", k->program);
	if (k->chain >= 0)
		tpc_buf_printf(&b, "chain %" PRId64 ": ", k->chain);
	if (k->rule >= 0)
		tpc_buf_printf(&b, "rule %" PRId64 ": ", k->rule);
	va_start(ap, fmt);
	tpc_buf_puts(&b, tpc_vsprintf(k->c->arena, fmt, ap));
	va_end(ap);
	k->broken = tpc_buf_text(&b);
	return false;
}

static bool check_policies(struct check *k)
{
	if (!CHECK_VEC(&k->u->policies))
		return check_broken(k, "the policies have no items");
	for (uint32_t i = 0; i < k->u->policies.len; i++) {
		const struct ir_policy *p = &k->u->policies.items[i];

		if (!p->name || !p->name[0])
			return check_broken(k, "policy %" PRIu32 " has no name", i);
		if (!p->kind)
			return check_broken(k, "policy %" PRIu32 " has no kind", i);
		if (p->scope > k->u->workloads.len)
			return check_broken(k, "policy %" PRIu32 " is for workload %" PRIu32 " of %" PRIu32,
					    i, p->scope - 1, k->u->workloads.len);
		if (p->file && strchr(p->file, '/'))
			return check_broken(k, "policy %" PRIu32 " names a path, not a base name", i);
		if (p->digest && strncmp(p->digest, "sha256:", 7))
			return check_broken(k, "policy %" PRIu32 " has a digest of no known kind", i);
	}
	return true;
}

static bool check_labels(struct check *k, const struct ir_labels *l)
{
	const struct ir_label_req *r;

	if (!CHECK_VEC(&l->reqs))
		return check_broken(k, "labels have no items");
	tpc_vec_foreach (r, &l->reqs) {
		if (!r->key || r->op >= IR_LABEL_MAX || !CHECK_VEC(&r->values))
			return check_broken(k, "a label asks for nothing");
		for (uint32_t i = 0; i < r->values.len; i++)
			if (!r->values.items[i])
				return check_broken(k, "a label's value %" PRIu32 " is no text", i);
	}
	return true;
}

static bool check_scopes(struct check *k)
{
	const struct ir_workload *w;
	const struct ir_enforced *e;
	const struct ir_policy *p;

	if (!CHECK_VEC(&k->u->workloads) || !CHECK_VEC(&k->u->enforced))
		return check_broken(k, "the workloads or enforcers have no items");
	tpc_vec_foreach (w, &k->u->workloads)
		if (!check_labels(k, &w->pod) || !check_labels(k, &w->container))
			return false;
	tpc_vec_foreach (p, &k->u->policies)
		if (p->nodes && !check_labels(k, p->nodes))
			return false;
	tpc_vec_foreach (e, &k->u->enforced)
		if (e->policy >= k->u->policies.len || !e->target || e->abi >= KERNEL_ABI_MAX)
			return check_broken(k, "an enforcer acts on nothing");
	return true;
}

static bool check_exec_tests(struct check *k)
{
	if (!CHECK_VEC(&k->u->exec_tests))
		return check_broken(k, "the exec tests have no items");
	if (k->u->exec_tests.len && !(k->have & IR_HAS_HOISTED))
		return check_broken(k, "there are exec tests before hoisting");
	for (uint32_t i = 0; i < k->u->exec_tests.len; i++) {
		const struct ir_exec_test *e = &k->u->exec_tests.items[i];

		if (e->kind != IR_PRED_EQUAL && e->kind != IR_PRED_PREFIX && e->kind != IR_PRED_POSTFIX)
			return check_broken(k, "exec test %" PRIu32 " does not ask about text", i);
		if (!CHECK_VEC(&e->texts))
			return check_broken(k, "exec test %" PRIu32 " has no texts' items", i);
		if (!check_texts(k, e->kind, e->texts.items, e->texts.len))
			return false;
	}
	return true;
}

static bool may_override(const struct ir_program *p)
{
	if (p->kind == IR_LSM || p->kind == IR_UPROBE)
		return true;
	return (p->kind == IR_KPROBE || p->kind == IR_FENTRY) &&
	       (p->syscall || !strncmp(p->target, "security_", 9));
}

static bool check_action(struct check *k, const struct ir_action *a)
{
	switch (a->kind) {
	case IR_POST:
	case IR_NOPOST:
	case IR_SIGKILL:
	case IR_CLEANUP_ENFORCER:
	case IR_NOTIFY_ENFORCER:
	case IR_SET:
		return true;
	case IR_GET_URL:
	case IR_DNS_LOOKUP:
		return a->text || check_broken(k, "action %d without a text", a->kind);
	case IR_TRACK_SOCK:
	case IR_UNTRACK_SOCK:
		return (a->index >= 0 && (uint32_t)a->index < k->p->values.len &&
			k->p->values.items[a->index].type == IR_SOCKET) ||
		       check_broken(k, "socket of value %" PRId32, a->index);
	case IR_SIGNAL:
		if (a->arg < 1 || a->arg > 64)
			return check_broken(k, "signal %" PRId32 " does not exist", a->arg);
		return true;
	case IR_OVERRIDE:
		if (k->p->kind != IR_UPROBE && (!a->arg || a->arg > 4095 || a->arg < -4095))
			return check_broken(k, "override with %" PRId32, a->arg);
		if (!may_override(k->p))
			return check_broken(k, "override on a hook whose result cannot be replaced");
		return true;
	default:
		return check_broken(k, "action of unknown kind %d", a->kind);
	}
}

static bool check_rule(struct check *k, const struct ir_chain *ch, const struct ir_rule *r)
{
	const struct ir_action *a;
	const struct ir_term *t;
	bool nopost = false;

	if (!CHECK_VEC(&r->terms) || !CHECK_VEC(&r->actions) || !CHECK_VEC(&r->return_terms) ||
	    !CHECK_VEC(&r->return_actions))
		return check_broken(k, "a list has no items");
	if (r->return_terms.len && !ch->has_return)
		return check_broken(k, "return terms where nothing is read at the return");
	tpc_vec_foreach (t, &r->return_terms)
		if (t->pred >= k->p->preds.len)
			return check_broken(k, "return term on predicate %d of %" PRIu32, t->pred,
					    k->p->preds.len);
	tpc_vec_foreach (a, &r->return_actions)
		if (!check_action(k, a))
			return false;
	tpc_vec_foreach (t, &r->terms) {
		if (t->pred >= k->p->preds.len)
			return check_broken(k, "term on predicate %d of %" PRIu32, t->pred, k->p->preds.len);
		if (check_asks_return(k, t->pred))
			return check_broken(k, "the entry asks for what the function returns");
	}
	tpc_vec_foreach (a, &r->actions) {
		if (!check_action(k, a))
			return false;
		nopost |= a->kind == IR_NOPOST;
	}
	if (r->post == nopost)
		return check_broken(k, "the event is %s although the actions say otherwise",
				    r->post ? "sent" : "not sent");
	if (r->selector >= ch->nselectors)
		return check_broken(k, "selector %" PRIu32 " of %" PRIu32, r->selector, ch->nselectors);
	return true;
}

/* Rules keep the order of the selectors they come from: the first match decides. */
static bool check_rules(struct check *k, const struct ir_chain *ch)
{
	bool ok = true;

	for (uint32_t i = 0; ok && i < ch->rules.len; i++) {
		k->rule = i;
		ok = check_rule(k, ch, &ch->rules.items[i]);
		if (ok && i && ch->rules.items[i].selector <= ch->rules.items[i - 1].selector)
			ok = check_broken(k, "out of the selectors' order");
	}
	k->rule = -1;
	return ok;
}

static bool check_chain(struct check *k, const struct ir_chain *ch, uint8_t *hooks)
{
	const struct ir_arg *arg;

	if (!CHECK_VEC(&ch->rules) || !CHECK_VEC(&ch->args) || !CHECK_VEC(&ch->tags) ||
	    !CHECK_VEC(&ch->selector_at))
		return check_broken(k, "a list has no items");
	if (ch->policy >= k->u->policies.len)
		return check_broken(k, "policy %" PRIu32 " of %" PRIu32, ch->policy, k->u->policies.len);
	if (ch->hook >= k->u->nhooks)
		return check_broken(k, "hook %" PRIu32 " of %" PRIu32, ch->hook, k->u->nhooks);
	if (hooks[ch->hook]++)
		return check_broken(k, "hook %" PRIu32 " is taken twice", ch->hook);
	if (!ch->nselectors)
		return check_broken(k, "no selectors: there is at least the implied one");
	if (ch->selector_at.len > ch->nselectors)
		return check_broken(k, "more places of selectors than selectors");
	if (ch->rules.len > UINT16_MAX)
		return check_broken(k, "more rules than a node can name");
	if (ch->has_return && ch->return_value >= k->p->values.len)
		return check_broken(k, "the return shows value %d of %" PRIu32, ch->return_value,
				    k->p->values.len);
	tpc_vec_foreach (arg, &ch->args)
		if (arg->value >= k->p->values.len)
			return check_broken(k, "argument shows value %d of %" PRIu32, arg->value,
					    k->p->values.len);
	for (uint32_t i = 0; i < ch->tags.len; i++)
		if (!ch->tags.items[i])
			return check_broken(k, "tag %" PRIu32 " is no text", i);
	return check_rules(k, ch);
}

static bool check_chains(struct check *k, uint8_t *hooks)
{
	bool ok = true;

	if (!k->p->chains.len)
		return check_broken(k, "no chains");
	if (k->p->chains.len > UINT16_MAX)
		return check_broken(k, "more chains than a node can name");
	for (uint32_t i = 0; ok && i < k->p->chains.len; i++) {
		k->chain = i;
		ok = check_chain(k, &k->p->chains.items[i], hooks);
	}
	k->chain = -1;
	return ok;
}

static bool check_hook_point(struct check *k)
{
	const struct ir_program *p = k->p;

	if (p->kind >= IR_HOOK_MAX)
		return check_broken(k, "hook of unknown kind %d", p->kind);
	if (!p->target || !p->target[0])
		return check_broken(k, "hooks nothing");
	if ((p->kind == IR_TRACEPOINT || p->kind == IR_RAW_TRACEPOINT) != (p->subsystem && p->subsystem[0]))
		return check_broken(k, "a subsystem belongs to a tracepoint, and only there");
	if (p->syscall && p->kind != IR_KPROBE && p->kind != IR_FENTRY)
		return check_broken(k, "only a function hooks a syscall");
	if ((p->kind == IR_UPROBE || p->kind == IR_USDT) != (p->user && p->user->path))
		return check_broken(k, "a program file belongs to a probe of one, and only there");
	if (p->abi >= KERNEL_ABI_MAX || (p->abi && !p->syscall))
		return check_broken(k, "an ABI belongs to a system call");
	if (!CHECK_VEC(&p->values) || !CHECK_VEC(&p->preds) || !CHECK_VEC(&p->chains) ||
	    !CHECK_VEC(&p->nodes))
		return check_broken(k, "a list has no items");
	return true;
}

static bool check_program(struct check *k, uint8_t *hooks)
{
	return check_hook_point(k) && check_values(k) && check_preds(k) && check_chains(k, hooks) &&
	       check_graph(k);
}

static int compare_names(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int compare_users(const struct ir_user_place *a, const struct ir_user_place *b)
{
	int r = strcmp(a->path, b->path);

	if (!r)
		r = compare_names(a->provider, b->provider);
	if (!r)
		r = compare_names(a->symbol, b->symbol);
	if (!r)
		r = (int)a->by_addr - (int)b->by_addr;
	if (!r)
		r = (a->place > b->place) - (a->place < b->place);
	if (!r)
		r = (a->ref_ctr > b->ref_ctr) - (a->ref_ctr < b->ref_ctr);
	if (!r)
		r = (a->digests.len > b->digests.len) - (a->digests.len < b->digests.len);
	for (uint32_t i = 0; !r && i < a->digests.len; i++)
		r = strcmp(a->digests.items[i], b->digests.items[i]);
	return r ? r : compare_names(a->btf_path, b->btf_path);
}

static int compare_hook_points(const struct ir_program *a, const struct ir_program *b)
{
	int r = (int)a->kind - (int)b->kind;

	if (!r)
		r = (int)a->syscall - (int)b->syscall;
	if (!r)
		r = (int)a->abi - (int)b->abi;
	if (!r)
		r = (int)a->many - (int)b->many;
	if (!r)
		r = strcmp(a->target, b->target);
	if (!r && a->subsystem)
		r = strcmp(a->subsystem, b->subsystem);
	return r || !a->user ? r : compare_users(a->user, b->user);
}

static int compare_program_pointers(const void *pa, const void *pb)
{
	return compare_hook_points(*(const struct ir_program *const *)pa,
				   *(const struct ir_program *const *)pb);
}

/* Policies on one hook share its program; two programs there would run one after the other. */
static bool check_one_program_a_hook(struct check *k)
{
	uint32_t n = k->u->programs.len;
	const struct ir_program **order = tpc_new_array(k->c->arena, const struct ir_program *, n);

	for (uint32_t i = 0; i < n; i++)
		order[i] = &k->u->programs.items[i];
	if (n)
		qsort(order, n, sizeof(*order), compare_program_pointers);
	for (uint32_t i = 1; i < n; i++)
		if (!compare_hook_points(order[i - 1], order[i]))
			return check_broken(k, "programs %td and %td hook the same",
					    order[i - 1] - k->u->programs.items,
					    order[i] - k->u->programs.items);
	return true;
}

static bool check_programs(struct check *k)
{
	uint8_t *hooks = tpc_new_array(k->c->arena, uint8_t, k->u->nhooks);
	uint64_t chains = 0;

	for (uint32_t i = 0; i < k->u->programs.len; i++) {
		k->program = i;
		k->p = &k->u->programs.items[i];
		if (!check_program(k, hooks))
			return false;
		chains += k->p->chains.len;
	}
	k->program = -1;
	if (chains != k->u->nhooks)
		return check_broken(k, "%" PRIu64 " chains for %" PRIu32 " hooks", chains, k->u->nhooks);
	return check_one_program_a_hook(k);
}

/* Before hook numbers index an array: no unit has more than it has chains. */
static bool check_hook_count(struct check *k)
{
	const struct ir_program *p;
	uint64_t chains = 0;

	if (!CHECK_VEC(&k->u->programs))
		return check_broken(k, "the programs have no items");
	tpc_vec_foreach (p, &k->u->programs)
		chains += p->chains.len;
	if (k->u->nhooks > chains)
		return check_broken(k, "%" PRIu64 " chains for %" PRIu32 " hooks", chains, k->u->nhooks);
	return true;
}

const char *ir_check(struct tpc_ctx *c, const struct ir_unit *u, unsigned have)
{
	struct check k = { .c = c, .u = u, .have = have, .program = -1, .chain = -1, .rule = -1 };

	if (check_policies(&k) && check_scopes(&k) && check_exec_tests(&k) && check_hook_count(&k))
		check_programs(&k);
	return k.broken;
}
