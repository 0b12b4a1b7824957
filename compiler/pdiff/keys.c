// SPDX-License-Identifier: Apache-2.0
/*
 * What is equal has equal text. Predicates are known by their numbers in the joined unit, terms in any order;
 * texts of policies go in with their lengths, so that no text can look like two.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "pdiff/impl.h"

static void put(struct tpc_buf *b, const char *s)
{
	if (s)
		tpc_buf_printf(b, " %zu:%s", strlen(s), s);
	else
		tpc_buf_puts(b, " -");
}

static int compare_terms(const void *pa, const void *pb)
{
	const struct ir_term *a = pa, *b = pb;

	return a->pred != b->pred ? (a->pred < b->pred ? -1 : 1) : (int)a->negated - (int)b->negated;
}

static void put_terms(struct tpc_arena *a, struct tpc_buf *b, const struct ir_term *t, uint32_t n)
{
	struct ir_term *sorted = tpc_new_array(a, struct ir_term, n);

	if (n) {
		memcpy(sorted, t, n * sizeof(*t));
		qsort(sorted, n, sizeof(*sorted), compare_terms);
	}
	for (uint32_t i = 0; i < n; i++)
		tpc_buf_printf(b, "%s%d ", sorted[i].negated ? "!" : "", sorted[i].pred);
	tpc_buf_putc(b, '|');
}

const char *keys_action(struct tpc_arena *a, const struct ir_action *act)
{
	struct tpc_buf b = TPC_BUF(a);

	tpc_buf_printf(&b, "%d %" PRId32 " %" PRId32 " %" PRId32 " %" PRIu32 " %d %d%d%d %d %" PRId64,
		       act->kind, act->arg, act->signal, act->index, act->rate_ms,
		       act->rate_ms ? (int)act->rate_scope : 0, act->kernel_stack, act->user_stack,
		       act->ima_hash, act->redirect, act->new_place);
	put(&b, act->text);
	put(&b, act->new_symbol);
	for (uint32_t i = 0; i < act->regs.len; i++)
		put(&b, act->regs.items[i]);
	return tpc_buf_text(&b);
}

static int compare_strings(const void *pa, const void *pb)
{
	return strcmp(*(const char *const *)pa, *(const char *const *)pb);
}

static void put_sorted(struct tpc_buf *b, const char **list, uint32_t n)
{
	if (n)
		qsort(list, n, sizeof(*list), compare_strings);
	for (uint32_t i = 0; i < n; i++)
		put(b, list[i]);
	tpc_buf_putc(b, '|');
}

/* Whether an event is sent is said apart: an explicit Post without options says no more. */
static bool says_nothing(const struct ir_action *act)
{
	return act->kind == IR_NOPOST || (act->kind == IR_POST && !act->rate_ms && !act->kernel_stack &&
					  !act->user_stack && !act->ima_hash);
}

static void put_actions(struct tpc_arena *a, struct tpc_buf *b, const struct ir_rule *r, int when)
{
	const struct ir_action *act;
	uint32_t n = 0;
	const char **list = tpc_new_array(a, const char *, r->actions.len);

	tpc_vec_foreach (act, &r->actions)
		if (when == AT_RETURN || !says_nothing(act))
			list[n++] = keys_action(a, act);
	put_sorted(b, list, n);
}

void keys_rule(struct tpc_arena *a, struct rule_info *r)
{
	struct tpc_buf match = TPC_BUF(a), outcome = TPC_BUF(a);

	put_terms(a, &match, r->r->terms.items, r->r->terms.len);
	put_terms(a, &match, r->r->return_terms.items, r->r->return_terms.len);
	tpc_buf_printf(&outcome, "%d", r->r->post);
	put(&outcome, r->r->label);
	for (int when = 0; when < MOMENTS; when++)
		put_actions(a, &outcome, &r->when[when], when);
	r->match = tpc_buf_text(&match);
	r->outcome = tpc_buf_text(&outcome);
}

void keys_chain(struct tpc_arena *a, struct chain_info *info)
{
	const struct ir_chain *ch = info->ch;
	const char **tags = tpc_new_array(a, const char *, ch->tags.len);
	struct tpc_buf b = TPC_BUF(a);
	const struct ir_arg *arg;

	tpc_buf_printf(&b, "%d %d %d %d", ch->has_return, ch->has_return ? ch->return_value : 0,
		       ch->on_return, ch->may_miss);
	put(&b, ch->message);
	for (uint32_t i = 0; i < ch->tags.len; i++)
		tags[i] = ch->tags.items[i];
	put_sorted(&b, tags, ch->tags.len);
	tpc_vec_foreach (arg, &ch->args) {
		tpc_buf_printf(&b, " %d %d", arg->value, arg->data);
		put(&b, arg->label);
	}
	for (uint32_t i = 0; i < info->nrules; i++) {
		put(&b, info->rules[i].match);
		put(&b, info->rules[i].outcome);
	}
	info->key = tpc_buf_text(&b);
}

/* Equal for the same hook point, whatever unit it is of. */
const char *keys_program(struct tpc_arena *a, const struct ir_program *p)
{
	const struct ir_user_place *w = p->user;
	struct tpc_buf b = TPC_BUF(a);

	tpc_buf_printf(&b, "%d %d %d %d", p->kind, p->syscall, p->abi, p->many);
	put(&b, p->subsystem);
	put(&b, p->target);
	if (!w)
		return tpc_buf_text(&b);
	put(&b, w->path);
	put(&b, w->btf_path);
	put(&b, w->provider);
	put(&b, w->symbol);
	tpc_buf_printf(&b, " %d %" PRIu64 " %" PRIu64, w->by_addr, w->place, w->ref_ctr);
	for (uint32_t i = 0; i < w->digests.len; i++)
		put(&b, w->digests.items[i]);
	return tpc_buf_text(&b);
}

const char *keys_enforced(struct tpc_arena *a, const struct ir_enforced *e)
{
	return tpc_sprintf(a, "%d %d %d %s", e->syscall, e->abi, e->many, e->target);
}

static int compare_reqs(const void *pa, const void *pb)
{
	const struct ir_label_req *a = pa, *b = pb;
	int r = strcmp(a->key, b->key);

	if (!r)
		r = (int)a->op - (int)b->op;
	for (uint32_t i = 0; !r && i < a->values.len && i < b->values.len; i++)
		r = strcmp(a->values.items[i], b->values.items[i]);
	return r ? r : (a->values.len > b->values.len) - (a->values.len < b->values.len);
}

static void canon_values(struct tpc_arena *a, struct ir_label_req *r)
{
	const char **v = tpc_new_array(a, const char *, r->values.len);
	uint32_t len = 0;

	if (!r->values.len)
		return;
	memcpy(v, r->values.items, r->values.len * sizeof(*v));
	qsort(v, r->values.len, sizeof(*v), compare_strings);
	for (uint32_t i = 0; i < r->values.len; i++)
		if (!len || strcmp(v[len - 1], v[i]))
			v[len++] = v[i];
	r->values.items = v;
	r->values.len = r->values.cap = len;
}

struct ir_labels keys_canon_labels(struct tpc_arena *a, const struct ir_labels *l)
{
	struct ir_label_req *list = tpc_new_array(a, struct ir_label_req, l->reqs.len);
	struct ir_labels ret = { .reqs = { .items = list } };

	if (!l->reqs.len)
		return ret;
	memcpy(list, l->reqs.items, l->reqs.len * sizeof(*list));
	for (uint32_t i = 0; i < l->reqs.len; i++)
		canon_values(a, &list[i]);
	qsort(list, l->reqs.len, sizeof(*list), compare_reqs);
	for (uint32_t i = 0; i < l->reqs.len; i++)
		if (!i || compare_reqs(&list[ret.reqs.len - 1], &list[i]))
			list[ret.reqs.len++] = list[i];
	ret.reqs.cap = ret.reqs.len;
	return ret;
}

static void put_labels(struct tpc_buf *b, const struct ir_labels *l)
{
	const struct ir_label_req *r;

	tpc_vec_foreach (r, &l->reqs) {
		tpc_buf_printf(b, " %d", r->op);
		put(b, r->key);
		for (uint32_t i = 0; i < r->values.len; i++)
			put(b, r->values.items[i]);
		tpc_buf_putc(b, ';');
	}
	tpc_buf_putc(b, '|');
}

const char *keys_workload(struct tpc_arena *a, const struct ir_workload *w)
{
	struct tpc_buf b = TPC_BUF(a);

	tpc_buf_printf(&b, "%d %d", w->host, w->pods);
	put(&b, w->ns);
	put_labels(&b, &w->pod);
	put_labels(&b, &w->container);
	return tpc_buf_text(&b);
}

void keys_policy(const struct differ *d, struct policy_info *p)
{
	const char **chains = tpc_new_array(d->arena, const char *, p->chains.len);
	const char **enforced = tpc_new_array(d->arena, const char *, p->enforced.len);
	struct tpc_buf b = TPC_BUF(d->arena);

	tpc_buf_printf(&b, "%d %d %" PRIu32, p->p->monitor, p->p->override_method, p->p->scope);
	if (p->p->nodes)
		put_labels(&b, p->p->nodes);
	for (uint32_t i = 0; i < p->chains.len; i++)
		chains[i] = tpc_sprintf(d->arena, "%" PRIu32 " %s", p->chains.items[i]->program,
					p->chains.items[i]->key);
	for (uint32_t i = 0; i < p->enforced.len; i++)
		enforced[i] = keys_enforced(d->arena, p->enforced.items[i]);
	put_sorted(&b, chains, p->chains.len);
	put_sorted(&b, enforced, p->enforced.len);
	p->key = tpc_buf_text(&b);
}
