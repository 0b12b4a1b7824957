// SPDX-License-Identifier: Apache-2.0
/* Recorded events, a line each, against the policies: memory of one line is given back before the next. */
#include <errno.h>
#include <string.h>

#include "ptest/replay.h"

#define LINE_MAX_LEN (4U << 20)
#define LINE_CEILING ((size_t)64 << 20)
#define FAULTS_SHOWN 10

struct replaying {
	struct tpc_ctx *c;   /* results */
	struct tpc_ctx line; /* of the line at hand */
	const struct ptest_units *u;
	const char *name;
	struct ptest_replay *ret;
};

static void say_bad(struct replaying *k, const char *why)
{
	if (k->ret->counts[PTEST_BAD] <= FAULTS_SHOWN)
		tpc_error(&k->c->diags, TPC_NOWHERE, TPC_E_EVENT, "line %u of '%s' is no event: %s",
			  k->ret->nlines, k->name, why);
}

static void add(struct replaying *k, const struct ptest_replayed *v)
{
	struct ptest_replayed *to = tpc_vec_push(k->c->arena, &k->ret->events);

	*to = *v;
	to->line = k->ret->nlines;
	k->ret->counts[v->fate]++;
}

/* One chain alone: what others on the point would do is no matter here. */
static struct ir_program alone(const struct ir_program *p, const struct ir_chain *ch)
{
	struct ir_program one = *p;

	one.nodes.items = NULL;
	one.nodes.len = 0;
	one.chains.items = (struct ir_chain *)ch;
	one.chains.len = 1;
	return one;
}

static void judge(struct replaying *k, struct ptest_replayed *v, const struct pt_scene *s,
		  const struct pt_scene *opt, bool at_return)
{
	struct pt_decision d;

	v->at_return = at_return;
	pt_decide(s, &s->p->chains.items[0], at_return, &d);
	if (!pt_agree(s, opt, at_return, &d, TPC_NOWHERE))
		tpc_error(&k->c->diags, TPC_NOWHERE, TPC_E_INTERNAL,
			  "internal error: the passes change what '%s' decides about line %u", s->p->target,
			  k->ret->nlines);
	v->fate = d.outcome == PT_FIRES	 ? PTEST_MATCH :
		  d.outcome == PT_UNSURE ? PTEST_UNKNOWN :
					   PTEST_NO_MATCH;
	v->rule = d.outcome == PT_FIRES ? &s->p->chains.items[0].rules.items[d.rule] : NULL;
	v->selector = v->rule ? v->rule->selector + 1 : 0;
	v->missing = d.missing ? tpc_strdup(k->c->arena, d.missing) : NULL;
	add(k, v);
}

static bool has_return_rules(const struct ir_chain *ch)
{
	const struct ir_rule *r;

	tpc_vec_foreach (r, &ch->rules)
		if (r->return_terms.len || r->return_actions.len)
			return true;
	return false;
}

static void judge_chain(struct replaying *k, const struct replay_event *e, uint32_t program, uint32_t chain,
			struct ptest_replayed *v)
{
	const struct ir_program *p = &k->u->lowered->programs.items[program],
				*q = &k->u->optimised->programs.items[program];
	const struct ir_chain *ch = &p->chains.items[chain];
	struct ir_program one = alone(p, ch), opt = alone(q, &q->chains.items[chain]);
	struct pt_arg *args = tpc_new_array(k->line.arena, struct pt_arg, p->values.len);
	struct pt_scene s, o;

	v->policy = k->u->lowered->policies.items[ch->policy].name;
	v->monitor = k->u->lowered->policies.items[ch->policy].monitor;
	replay_args(k->line.arena, e, p, ch, args);
	pt_scene_init(&s, &k->line, k->u->lowered, &one, &e->facts, args);
	pt_scene_init(&o, &k->line, k->u->optimised, &opt, &e->facts, args);
	judge(k, v, &s, &o, false);
	if (has_return_rules(ch))
		judge(k, v, &s, &o, true);
}

static void judge_maybe(struct replaying *k, const struct ir_program *p, struct ptest_replayed *v)
{
	v->fate = PTEST_UNKNOWN;
	v->missing = tpc_sprintf(k->c->arena, "whether '%s' is such a function", p->target);
	add(k, v);
}

static const char *kept(struct replaying *k, const char *s)
{
	return s ? tpc_strdup(k->c->arena, s) : NULL;
}

static bool judge_event(struct replaying *k, const struct replay_event *e)
{
	struct ptest_replayed v = { .hook = kept(k, e->hook), .binary = kept(k, e->binary) };
	bool any = false;

	v.workload = kept(k, e->workload);
	for (uint32_t i = 0; e->key && i < k->u->lowered->programs.len; i++) {
		const struct ir_program *p = &k->u->lowered->programs.items[i];
		enum pt_truth is = replay_is_hook(k->line.arena, e, p);

		any |= is != PT_NO;
		if (is == PT_MAYBE)
			judge_maybe(k, p, &v);
		for (uint32_t ch = 0; is == PT_YES && ch < p->chains.len; ch++) {
			if (tpc_arena_exhausted(k->line.arena) || tpc_arena_exhausted(k->c->arena))
				return false;
			judge_chain(k, e, i, ch, &v);
		}
	}
	if (!any)
		add(k, &v);
	return true;
}

static void replay_line(struct replaying *k, const char *text, size_t len)
{
	struct replay_event e;
	json_error_t err;
	json_t *root;

	if (len > LINE_MAX_LEN) {
		k->ret->counts[PTEST_BAD]++;
		say_bad(k, "it is too long");
		return;
	}
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &err);
	if (!root || !replay_read(k->line.arena, root, &e)) {
		k->ret->counts[PTEST_BAD]++;
		say_bad(k, root ? "it has neither a hook nor a process" :
				  pt_shown(k->c->arena, err.text, (uint32_t)strlen(err.text)));
	} else if (!judge_event(k, &e)) {
		k->ret->counts[PTEST_BAD]++;
		say_bad(k, "the policies and it need more memory than is allowed");
	}
	json_decref(root);
}

static bool is_blank(const char *s, size_t len)
{
	while (len && (s[len - 1] == ' ' || s[len - 1] == '\t' || s[len - 1] == '\r'))
		len--;
	return !len;
}

static void replay_lines(struct replaying *k, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end && !tpc_arena_exhausted(k->c->arena)) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));
		size_t n = (size_t)((nl ? nl : end) - text);

		k->ret->nlines++;
		k->line.diags = (struct tpc_diags){ .arena = k->line.arena, .sources = &k->line.sources };
		if (!is_blank(text, n))
			replay_line(k, text, n);
		tpc_arena_reset(k->line.arena);
		text += n + (nl != NULL);
	}
	if (tpc_arena_exhausted(k->c->arena))
		tpc_error(&k->c->diags, TPC_NOWHERE, TPC_E_TOO_BIG,
			  "'%s' needs more memory than is allowed: split it", k->name);
}

void ptest_replay(struct tpc_ctx *c, const struct ptest_units *u, const char *name, const char *text,
		  size_t len, struct ptest_replay *ret)
{
	struct replaying k = { .c = c, .u = u, .name = name, .ret = ret };

	*ret = (struct ptest_replay){ 0 };
	k.line.arena = tpc_arena_new(LINE_CEILING);
	if (!k.line.arena) {
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_ENVIRONMENT, "no memory to read '%s'", name);
		return;
	}
	k.line.sources.arena = k.line.arena;
	replay_lines(&k, text, len);
	tpc_arena_free(k.line.arena);
	if (ret->counts[PTEST_BAD] > FAULTS_SHOWN)
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_EVENT, "%u lines of '%s' are no events",
			  ret->counts[PTEST_BAD], name);
}
