// SPDX-License-Identifier: Apache-2.0
/* What replayed events would have met: a line each, and sums by program and workload. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ptest/print.h"

/* ---- what a rule does to the process ---- */
static bool kills(const struct ir_action *a)
{
	return a->kind == IR_SIGKILL || ((a->kind == IR_SIGNAL) && a->arg == 9) ||
	       (a->kind == IR_NOTIFY_ENFORCER && a->signal == 9);
}

static bool overrides(const struct ir_action *a)
{
	return a->kind == IR_OVERRIDE || (a->kind == IR_NOTIFY_ENFORCER && a->arg);
}

static bool any_action(const struct ptest_replayed *v, bool (*does)(const struct ir_action *a))
{
	const struct ir_action *a;

	if (v->fate != PTEST_MATCH)
		return false;
	if (v->at_return) {
		tpc_vec_foreach (a, &v->rule->return_actions)
			if (does(a))
				return true;
		return false;
	}
	tpc_vec_foreach (a, &v->rule->actions)
		if (does(a))
			return true;
	return false;
}

static const char *effect(const struct ptest_replayed *v)
{
	if (any_action(v, kills))
		return v->monitor ? "kill, if the policy enforced" : "kill";
	if (any_action(v, overrides))
		return v->monitor ? "override, if the policy enforced" : "override";
	return pt_posts(v->rule, v->at_return) ? "event" : "no event";
}

/* ---- text ---- */
static const char *or_unknown(struct tpc_arena *a, const char *s)
{
	return s && *s ? print_shown(a, s) : "?";
}

static void print_event(struct tpc_ctx *c, const struct ptest_replayed *v, struct tpc_buf *out)
{
	tpc_buf_printf(out, "%" PRIu32 ": ", v->line);
	if (v->fate == PTEST_NO_HOOK) {
		tpc_buf_printf(out, "%s: no hook\n", or_unknown(c->arena, v->hook));
		return;
	}
	tpc_buf_printf(out, "%s %s: %s%s: ", or_unknown(c->arena, v->hook), or_unknown(c->arena, v->binary),
		       v->policy ? v->policy : "?", v->at_return ? " at the return" : "");
	if (v->fate == PTEST_MATCH)
		tpc_buf_printf(out, "selector %" PRIu32 " %s: %s\n", v->selector,
			       pt_actions_text(c->arena, v->rule, v->at_return), effect(v));
	else if (v->fate == PTEST_UNKNOWN)
		tpc_buf_printf(out, "unknown: the event does not say %s\n",
			       print_shown(c->arena, v->missing));
	else
		tpc_buf_puts(out, "no match\n");
}

/* ---- sums ---- */
struct sum {
	const char *name;
	uint32_t matched, killed, overridden, unknown;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct sum *)a)->name, ((const struct sum *)b)->name);
}

static struct sum sum_of(const struct ptest_replayed *v, const char *name)
{
	return (struct sum){
		.name = name && *name ? name : "?",
		.matched = v->fate == PTEST_MATCH,
		.killed = any_action(v, kills) && !v->monitor,
		.overridden = any_action(v, overrides) && !v->monitor,
		.unknown = v->fate == PTEST_UNKNOWN,
	};
}

/* One a name, sorted; how many. */
static uint32_t sums_by(struct tpc_ctx *c, const struct ptest_replay *r, bool workload, struct sum **ret)
{
	struct sum *all = tpc_new_array(c->arena, struct sum, r->events.len);
	uint32_t n = 0, kept = 0;

	for (uint32_t i = 0; i < r->events.len; i++) {
		const struct ptest_replayed *v = &r->events.items[i];

		if (v->fate != PTEST_NO_HOOK)
			all[n++] = sum_of(v, workload ? v->workload : v->binary);
	}
	if (n)
		qsort(all, n, sizeof(*all), by_name);
	for (uint32_t i = 0; i < n; i++) {
		if (!kept || strcmp(all[kept - 1].name, all[i].name)) {
			all[kept++] = all[i];
			continue;
		}
		all[kept - 1].matched += all[i].matched;
		all[kept - 1].killed += all[i].killed;
		all[kept - 1].overridden += all[i].overridden;
		all[kept - 1].unknown += all[i].unknown;
	}
	*ret = all;
	return kept;
}

static void print_sums(struct tpc_ctx *c, const struct ptest_replay *r, bool workload, struct tpc_buf *out)
{
	struct sum *all;
	uint32_t n = sums_by(c, r, workload, &all);

	if (!n)
		return;
	tpc_buf_printf(out, "\n%8s %8s %8s %8s  %s\n", "matched", "killed", "override", "unknown",
		       workload ? "workload" : "program");
	for (uint32_t i = 0; i < n; i++)
		tpc_buf_printf(out, "%8" PRIu32 " %8" PRIu32 " %8" PRIu32 " %8" PRIu32 "  %s\n",
			       all[i].matched, all[i].killed, all[i].overridden, all[i].unknown,
			       print_shown(c->arena, all[i].name));
}

static void print_text(struct tpc_ctx *c, const struct ptest_replay *r, struct tpc_buf *out)
{
	const struct ptest_replayed *v;

	tpc_vec_foreach (v, &r->events)
		print_event(c, v, out);
	tpc_buf_printf(out,
		       "\n%" PRIu32 " lines: %" PRIu32 " matches, %" PRIu32 " not, %" PRIu32
		       " unknown, %" PRIu32 " without a hook, %" PRIu32 " no events\n",
		       r->nlines, r->counts[PTEST_MATCH], r->counts[PTEST_NO_MATCH], r->counts[PTEST_UNKNOWN],
		       r->counts[PTEST_NO_HOOK], r->counts[PTEST_BAD]);
	print_sums(c, r, false, out);
	print_sums(c, r, true, out);
}

/* ---- JSON: an object a verdict, and one with the sums ---- */
static void put_member(struct tpc_buf *out, const char *key, const char *value)
{
	if (!value)
		return;
	tpc_buf_printf(out, ",\"%s\":", key);
	print_json_text(out, value);
}

static void put_event(struct tpc_ctx *c, const struct ptest_replayed *v, struct tpc_buf *out)
{
	static const char *const fates[] = { "no-hook", "no-match", "match", "unknown", "bad" };

	tpc_buf_printf(out, "{\"line\":%" PRIu32 ",\"verdict\":\"%s\"", v->line, fates[v->fate]);
	put_member(out, "hook", v->hook);
	put_member(out, "binary", v->binary);
	put_member(out, "workload", v->workload);
	if (v->fate != PTEST_NO_HOOK) {
		put_member(out, "policy", v->policy);
		put_member(out, "at", v->at_return ? "return" : "entry");
	}
	if (v->fate == PTEST_UNKNOWN)
		put_member(out, "missing", v->missing);
	if (v->fate == PTEST_MATCH) {
		tpc_buf_printf(out, ",\"selector\":%" PRIu32, v->selector);
		put_member(out, "actions", pt_actions_text(c->arena, v->rule, v->at_return));
		put_member(out, "effect", effect(v));
	}
	tpc_buf_puts(out, "}\n");
}

static void put_sums(struct tpc_ctx *c, const struct ptest_replay *r, bool workload, struct tpc_buf *out)
{
	struct sum *all;
	uint32_t n = sums_by(c, r, workload, &all);

	tpc_buf_printf(out, ",\"by_%s\":[", workload ? "workload" : "binary");
	for (uint32_t i = 0; i < n; i++) {
		tpc_buf_printf(out,
			       "%s{\"matched\":%" PRIu32 ",\"killed\":%" PRIu32 ",\"overridden\":%" PRIu32
			       ",\"unknown\":%" PRIu32,
			       i ? "," : "", all[i].matched, all[i].killed, all[i].overridden,
			       all[i].unknown);
		put_member(out, "name", all[i].name);
		tpc_buf_putc(out, '}');
	}
	tpc_buf_putc(out, ']');
}

static void print_lines(struct tpc_ctx *c, const struct ptest_replay *r, struct tpc_buf *out)
{
	const struct ptest_replayed *v;

	tpc_vec_foreach (v, &r->events)
		put_event(c, v, out);
	tpc_buf_printf(out,
		       "{\"summary\":{\"lines\":%" PRIu32 ",\"matched\":%" PRIu32 ",\"unmatched\":%" PRIu32
		       ",\"unknown\":%" PRIu32 ",\"no_hook\":%" PRIu32 ",\"bad\":%" PRIu32,
		       r->nlines, r->counts[PTEST_MATCH], r->counts[PTEST_NO_MATCH], r->counts[PTEST_UNKNOWN],
		       r->counts[PTEST_NO_HOOK], r->counts[PTEST_BAD]);
	put_sums(c, r, false, out);
	put_sums(c, r, true, out);
	tpc_buf_puts(out, "}}\n");
}

void ptest_print_replay(struct tpc_ctx *c, const struct ptest_replay *r, enum ptest_format format,
			struct tpc_buf *out)
{
	if (format == PTEST_JSON)
		print_lines(c, r, out);
	else
		print_text(c, r, out);
}
