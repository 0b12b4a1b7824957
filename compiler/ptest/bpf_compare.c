// SPDX-License-Identifier: Apache-2.0
/*
 * What the evaluator decided against what a program did: of each hook its counters and its event, and of the process
 * the signals and the result. The selector is known of what is posted; of the others only their effect is.
 */
#include <inttypes.h>
#include <string.h>

#include "ptest/bpf.h"

struct effect { /* on one hook */
	uint32_t matched, posted, lost, enforced, monitored;
	uint32_t selector, actions; /* of the event, if there is one */
};

struct comparing {
	struct ptest_bpf *b;
	const struct pt_judged *j;
	const struct bpf_variant *v;
	const struct tpc_stat *stats;
	uint32_t result;
};

/* ---- what should be ---- */
static bool is_monitored(const struct comparing *k, const struct ir_chain *ch)
{
	return k->b->u->policies.items[ch->policy].monitor;
}

static const struct ir_rule *fired(const struct comparing *k, uint32_t chain)
{
	const struct pt_decision *d = &k->j->verdicts[chain].entry;

	return d->outcome == PT_FIRES ? &k->j->p->chains.items[chain].rules.items[d->rule] : NULL;
}

static uint32_t bits_of(const struct ir_rule *r)
{
	uint32_t bits = r->post ? TPC_DID_POST : 0;

	for (uint32_t i = 0; i < r->actions.len; i++)
		switch (r->actions.items[i].kind) {
		case IR_SIGKILL:
			bits |= TPC_DID_SIGKILL;
			break;
		case IR_SIGNAL:
			bits |= TPC_DID_SIGNAL;
			break;
		case IR_OVERRIDE:
			bits |= TPC_DID_OVERRIDE;
			break;
		default:
			break;
		}
	return bits;
}

static struct effect wanted(const struct comparing *k, uint32_t chain)
{
	const struct ir_rule *r = fired(k, chain);
	struct effect e = { 0 };
	bool enforces, monitored;

	if (!r)
		return e;
	e.actions = bits_of(r);
	enforces = e.actions & ~(uint32_t)TPC_DID_POST;
	monitored = enforces && is_monitored(k, &k->j->p->chains.items[chain]);
	e.matched = 1;
	e.posted = r->post;
	e.enforced = enforces && !monitored;
	e.monitored = monitored;
	e.selector = r->selector;
	e.actions |= monitored ? TPC_DID_MONITOR : 0;
	return e;
}

/* ---- what is ---- */
static struct effect seen(const struct comparing *k, uint32_t hook)
{
	const struct tpc_stat *s = &k->stats[hook];
	struct effect e = { (uint32_t)s->matched,
			    (uint32_t)s->posted,
			    (uint32_t)s->lost,
			    (uint32_t)s->enforced,
			    (uint32_t)s->monitored,
			    0,
			    0 };

	for (uint32_t i = 0; i < k->v->events.len; i++)
		if (k->v->events.items[i].hook == hook) {
			e.selector = k->v->events.items[i].selector;
			e.actions = k->v->events.items[i].actions;
		}
	return e;
}

/* An event that is not posted tells nothing of itself. */
static bool same(struct effect a, struct effect b)
{
	if (!a.posted && !b.posted)
		a.selector = b.selector = a.actions = b.actions = 0;
	return !memcmp(&a, &b, sizeof(a));
}

static const char *actions_text(struct tpc_arena *a, uint32_t bits)
{
	static const char *const names[] = { "Post", "Sigkill", "Signal", "Override" };
	struct tpc_buf b = TPC_BUF(a);

	tpc_buf_putc(&b, '[');
	for (uint32_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bits & 1U << i)
			tpc_buf_printf(&b, "%s%s", b.len > 1 ? ", " : "", names[i]);
	tpc_buf_puts(&b, bits & TPC_DID_MONITOR ? "] in monitor mode" : "]");
	return tpc_buf_text(&b);
}

static const char *effect_text(struct tpc_arena *a, const struct effect *e)
{
	const char *mode = e->enforced ? " and enforces" : e->monitored ? " and would enforce" : "";

	if (!e->matched)
		return e->posted ? "an event without a match" : "no match";
	if (e->lost)
		return "an event that is lost";
	if (e->matched > 1 || e->posted > 1)
		return tpc_sprintf(a, "%" PRIu32 " matches and %" PRIu32 " events", e->matched, e->posted);
	if (!e->posted)
		return tpc_sprintf(a, "a match that posts nothing%s", mode);
	return tpc_sprintf(a, "selector %" PRIu32 " with %s%s", e->selector + 1, actions_text(a, e->actions),
			   mode);
}

/* ---- differences ---- */
static const char *differ(const struct comparing *k, const char *of, const char *want, const char *got)
{
	return tpc_sprintf(k->b->c->arena, "BPF program %s and the evaluator differ%s: evaluator: %s; %s: %s",
			   k->v->name, of, want, k->v->name, got);
}

static const char *compare_hook(const struct comparing *k, uint32_t chain)
{
	const struct ir_chain *ch = &k->j->p->chains.items[chain];
	struct effect want = wanted(k, chain), got = seen(k, ch->hook);
	struct tpc_arena *a = k->b->c->arena;

	if (same(want, got))
		return NULL;
	return differ(k,
		      tpc_sprintf(a, " on policy '%s', hook %" PRIu32,
				  k->b->u->policies.items[ch->policy].name, ch->entry + 1),
		      effect_text(a, &want), effect_text(a, &got));
}

/* Events carry the number of their hook; what it is called and tagged is in the manifest. */
static const char *compare_message(const struct comparing *k, uint32_t chain)
{
	const struct ir_chain *ch = &k->j->p->chains.items[chain];
	const json_t *hook = json_array_get(json_object_get(k->b->manifest, "hooks"), ch->hook);
	const char *message = json_string_value(json_object_get(hook, "message"));
	const json_t *tags = json_object_get(hook, "tags");

	if (strcmp(message ? message : "", ch->message ? ch->message : ""))
		return differ(k, " on the message", ch->message ? ch->message : "none",
			      message ? message : "none");
	for (uint32_t i = 0; i < ch->tags.len; i++) {
		const char *tag = json_string_value(json_array_get(tags, i));

		if (!tag || strcmp(tag, ch->tags.items[i]))
			return differ(k, " on the tags", ch->tags.items[i], tag ? tag : "none");
	}
	if (json_array_size(tags) > ch->tags.len)
		return differ(k, " on the tags", "no more",
			      json_string_value(json_array_get(tags, ch->tags.len)));
	return NULL;
}

static const char *signals_text(struct tpc_arena *a, const uint32_t *counts)
{
	struct tpc_buf b = TPC_BUF(a);

	for (uint32_t s = 0; s < TPC_CASE_SIGNALS; s++)
		for (uint32_t i = 0; i < counts[s] && i < 4; i++)
			tpc_buf_printf(&b, "%s%" PRIu32, b.len ? ", " : "signal ", s);
	return b.len ? tpc_buf_text(&b) : "no signal";
}

static const char *compare_signals(const struct comparing *k)
{
	uint32_t want[TPC_CASE_SIGNALS] = { 0 };

	for (uint32_t i = 0; i < k->j->p->chains.len; i++) {
		const struct ir_rule *r = fired(k, i);

		for (uint32_t n = 0; r && !is_monitored(k, &k->j->p->chains.items[i]) && n < r->actions.len;
		     n++) {
			const struct ir_action *a = &r->actions.items[n];

			if (a->kind == IR_SIGKILL)
				want[9]++;
			if (a->kind == IR_SIGNAL && a->arg >= 0 && a->arg < TPC_CASE_SIGNALS)
				want[a->arg]++;
		}
	}
	if (!memcmp(want, k->v->now->signals, sizeof(want)))
		return NULL;
	return differ(k, "", signals_text(k->b->c->arena, want),
		      signals_text(k->b->c->arena, k->v->now->signals));
}

/* The first hook that overrides decides; false: none does. */
static bool wanted_result(const struct comparing *k, int32_t *ret)
{
	for (uint32_t i = 0; i < k->j->p->chains.len; i++) {
		const struct ir_rule *r = fired(k, i);

		if (r && !is_monitored(k, &k->j->p->chains.items[i]) &&
		    pt_action_number(r, false, false, ret))
			return true;
	}
	*ret = 0;
	return false;
}

static const char *result_text(struct tpc_arena *a, bool is, int32_t value)
{
	return is ? tpc_sprintf(a, "result %" PRId32, value) : "the function's own result";
}

static const char *compare_result(const struct comparing *k)
{
	struct tpc_arena *a = k->b->c->arena;
	const struct tpc_case *now = k->v->now;
	int32_t want, got = k->v->result ? (int32_t)k->result : (int32_t)now->override_value;
	bool is_wanted = wanted_result(k, &want), is = k->v->result ? got != 0 : now->noverrides != 0;

	if ((k->v->result || is == is_wanted) && got == want)
		return NULL;
	return differ(k, "", result_text(a, is_wanted, want), result_text(a, is, got));
}

const char *bpf_compare(struct ptest_bpf *b, const struct pt_judged *j, const struct bpf_variant *v,
			const struct tpc_stat *stats, uint32_t result)
{
	struct comparing k = { b, j, v, stats, result };
	const char *why = NULL;

	for (uint32_t i = 0; !why && i < j->p->chains.len; i++)
		why = compare_hook(&k, i);
	for (uint32_t i = 0; !why && i < j->p->chains.len; i++)
		if (fired(&k, i))
			why = compare_message(&k, i);
	if (!why)
		why = compare_signals(&k);
	return why ? why : compare_result(&k);
}
