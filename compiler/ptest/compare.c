// SPDX-License-Identifier: Apache-2.0
/* What was decided against what was expected, and the first difference in words. */
#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "ptest/ptest_impl.h"

/* ---- what a rule does ---- */
static const struct ir_action *actions_of(const struct ir_rule *r, bool at_return, uint32_t *ret_n)
{
	*ret_n = at_return ? r->return_actions.len : r->actions.len;
	return at_return ? r->return_actions.items : r->actions.items;
}

/* NoPost of either moment keeps the event back. */
bool pt_posts(const struct ir_rule *r, bool at_return)
{
	if (!r->post)
		return false;
	for (uint32_t i = 0; at_return && i < r->return_actions.len; i++)
		if (r->return_actions.items[i].kind == IR_NOPOST)
			return false;
	return true;
}

/* Without actions an event is posted. */
static enum ir_action_kind kind_at(const struct ir_rule *r, bool at_return, uint32_t i)
{
	uint32_t n;
	const struct ir_action *a = actions_of(r, at_return, &n);

	return i < n ? a[i].kind : pt_posts(r, at_return) ? IR_POST : IR_NOPOST;
}

static uint32_t count(const struct ir_rule *r, bool at_return)
{
	uint32_t n;

	actions_of(r, at_return, &n);
	return n ? n : 1;
}

const char *pt_actions_text(struct tpc_arena *a, const struct ir_rule *r, bool at_return)
{
	struct tpc_buf b = TPC_BUF(a);

	for (uint32_t i = 0; i < count(r, at_return); i++)
		tpc_buf_printf(&b, "%s%s", i ? ", " : "[", ir_action_name(kind_at(r, at_return, i)));
	tpc_buf_putc(&b, ']');
	return tpc_buf_text(&b);
}

bool pt_same_actions(const struct pt_expect *e, const struct ir_rule *r, bool at_return)
{
	uint32_t want[IR_ACTION_MAX] = { 0 }, got[IR_ACTION_MAX] = { 0 };

	for (uint32_t i = 0; i < e->actions.len; i++)
		for (int k = 0; k < IR_ACTION_MAX; k++)
			want[k] += !strcmp(e->actions.items[i].s, ir_action_name((enum ir_action_kind)k));
	for (uint32_t i = 0; i < count(r, at_return); i++)
		got[kind_at(r, at_return, i)]++;
	return !memcmp(want, got, sizeof(want));
}

bool pt_action_number(const struct ir_rule *r, bool at_return, bool signal, int32_t *ret)
{
	uint32_t n;
	const struct ir_action *a = actions_of(r, at_return, &n);

	for (uint32_t i = 0; i < n; i++) {
		if (a[i].kind == IR_NOTIFY_ENFORCER) {
			*ret = signal ? a[i].signal : a[i].arg;
			return *ret != 0;
		}
		if (a[i].kind != (signal ? IR_SIGNAL : IR_OVERRIDE))
			continue;
		*ret = a[i].arg;
		return true;
	}
	return false;
}

bool pt_is_selector(const struct ir_rule *r, const struct tpc_value *v)
{
	uint64_t nr;

	if (!v->quoted && tpc_parse_uint(v->s, v->len, 10, 32, &nr) == TPC_NUMBER_OK)
		return nr == (uint64_t)r->selector + 1;
	return r->label && !strcmp(r->label, v->s);
}

/* ---- differences ---- */
struct comparing {
	struct tpc_ctx *c;
	const struct ir_unit *u;
	const struct ir_chain *ch;
	const struct ir_rule *r; /* what decides */
	const struct pt_expect *e;
	bool at_return;
};

static const char *where(const struct comparing *k)
{
	return tpc_sprintf(k->c->arena, "%sselector %" PRIu32 " at %s", k->at_return ? "at the return " : "",
			   k->r->selector + 1, pt_place(k->c, k->r->at));
}

static const char *compare_number(const struct comparing *k, const struct tpc_int *want, bool signal)
{
	const char *what = signal ? "signal" : "error";
	int32_t got = 0;

	if (!want->set)
		return NULL;
	if (!pt_action_number(k->r, k->at_return, signal, &got))
		return tpc_sprintf(k->c->arena, "expected %s %" PRId64 ", and there is none: %s", what,
				   want->v, where(k));
	if (got == want->v)
		return NULL;
	return tpc_sprintf(k->c->arena, "expected %s %" PRId64 ", not %" PRId32 ": %s", what, want->v, got,
			   where(k));
}

static const char *compare_message(const struct comparing *k)
{
	const char *got = k->ch->message ? k->ch->message : "";
	struct tpc_arena *a = k->c->arena;

	if (!k->e->message.set || !strcmp(k->e->message.s, got))
		return NULL;
	return tpc_sprintf(a, "expected message '%s', not '%s'",
			   pt_shown(a, k->e->message.s, k->e->message.len),
			   pt_shown(a, got, (uint32_t)strlen(got)));
}

static const char *wanted_actions(struct tpc_arena *a, const struct pt_expect *e)
{
	struct tpc_buf b = TPC_BUF(a);

	tpc_buf_putc(&b, '[');
	for (uint32_t i = 0; i < e->actions.len; i++)
		tpc_buf_printf(&b, "%s%s", i ? ", " : "", e->actions.items[i].s);
	tpc_buf_putc(&b, ']');
	return tpc_buf_text(&b);
}

static const char *compare_rule(const struct comparing *k)
{
	const struct pt_expect *e = k->e;
	struct tpc_arena *a = k->c->arena;
	const char *why;

	if (e->selector.set && !pt_is_selector(k->r, &e->selector))
		return tpc_sprintf(a, "expected selector %s, and it is %s",
				   pt_shown(a, e->selector.s, e->selector.len), where(k));
	if (e->actions.at.file && !pt_same_actions(e, k->r, k->at_return))
		return tpc_sprintf(a, "expected actions %s, not %s: %s", wanted_actions(a, e),
				   pt_actions_text(a, k->r, k->at_return), where(k));
	if (e->post.set && e->post.v != pt_posts(k->r, k->at_return))
		return tpc_sprintf(a, "expected %s event: %s", e->post.v ? "an" : "no", where(k));
	why = compare_number(k, &e->error, false);
	if (!why)
		why = compare_number(k, &e->signal, true);
	return why ? why : compare_message(k);
}

static const char *compare_decision(struct comparing *k, const struct pt_decision *d)
{
	const char *policy = k->u->policies.items[k->ch->policy].name;
	const char *when = k->at_return ? " at the return" : "";
	bool wanted = k->e && !k->e->none;

	if (d->outcome == PT_NOTHING && !wanted)
		return NULL;
	if (d->outcome == PT_NOTHING)
		return tpc_sprintf(k->c->arena, "expected a match%s, and no selector of '%s' matches", when,
				   policy);
	k->r = &k->ch->rules.items[d->rule];
	if (!wanted)
		return tpc_sprintf(k->c->arena, "expected nothing of '%s', and it matches: %s", policy,
				   where(k));
	return compare_rule(k);
}

static const char *compare_chain(struct tpc_ctx *c, const struct ir_unit *u, const struct pt_case *k,
				 const struct ir_chain *ch, const struct pt_verdict *v)
{
	bool late = k->moment.v == PT_MOMENT_RETURN;
	struct comparing cmp = { .c = c, .u = u, .ch = ch, .e = v->expect, .at_return = late };
	const char *why = compare_decision(&cmp, late ? &v->at_return : &v->entry);

	if (why || late || !v->expect || !v->expect->at_return)
		return why;
	cmp = (struct comparing){ .c = c, .u = u, .ch = ch, .e = v->expect->at_return, .at_return = true };
	return compare_decision(&cmp, &v->at_return);
}

const char *pt_compare(struct tpc_ctx *c, const struct ir_unit *u, const struct pt_case *k,
		       const struct pt_judged *j)
{
	for (uint32_t i = 0; i < j->p->chains.len; i++) {
		const char *why = compare_chain(c, u, k, &j->p->chains.items[i], &j->verdicts[i]);

		if (why)
			return why;
	}
	return NULL;
}
