// SPDX-License-Identifier: Apache-2.0
/* Results as lines for people, and as TAP. */
#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"
#include "ptest/print.h"

const char *pt_place(struct tpc_ctx *c, struct tpc_span at)
{
	struct tpc_place pl;

	if (!tpc_source_place(&c->sources, at, &pl))
		return "?";
	return tpc_sprintf(c->arena, "%s:%" PRIu32, tpc_utf8_shown(c->arena, pl.file, strlen(pl.file)),
			   pl.line);
}

const char *print_shown(struct tpc_arena *a, const char *s)
{
	return tpc_utf8_shown(a, s, strlen(s));
}

const char *print_policy(const struct ptest_units *u, const struct ptest_point *p)
{
	return p->policy < u->lowered->policies.len ? u->lowered->policies.items[p->policy].name : "?";
}

const char *print_bpf(struct tpc_arena *a, const struct ptest_outcome *o)
{
	const char *why = o->bpf_why && o->bpf_why != o->why ? print_shown(a, o->bpf_why) : NULL;

	if (o->bpf == PTEST_BPF_DIFFERS)
		return why ? why : tpc_sprintf(a, "BPF: %s", o->bpf_ran);
	if (o->bpf == PTEST_BPF_NOT_RUN)
		return tpc_sprintf(a, "not run on BPF: %s", why);
	return tpc_sprintf(a, "BPF: %s%s%s", o->bpf_ran, why ? ", not run: " : "", why ? why : "");
}

static const char *status_word(enum ptest_status s)
{
	return s == PTEST_GOOD ? "ok  " : s == PTEST_DIFFERS ? "FAIL" : "????";
}

static void print_cases(struct tpc_ctx *c, const struct ptest_result *r, struct tpc_buf *out)
{
	const struct ptest_outcome *o;

	tpc_vec_foreach (o, &r->outcomes) {
		tpc_buf_printf(out, "%s %s", status_word(o->status), print_shown(c->arena, o->name));
		if (o->status == PTEST_UNDECIDED)
			tpc_buf_printf(out, ": not judged (%s)", pt_place(c, o->at));
		else if (o->why)
			tpc_buf_printf(out, ": %s (%s)", o->why, pt_place(c, o->at));
		if (o->bpf != PTEST_BPF_UNASKED)
			tpc_buf_printf(out, " [%s]", print_bpf(c->arena, o));
		tpc_buf_putc(out, '\n');
	}
}

bool print_next_group(const struct ptest_result *r, struct print_group *g)
{
	uint32_t i = g->first + g->n;
	const struct ptest_point *first;

	*g = (struct print_group){ .first = i };
	if (i >= r->points.len)
		return false;
	first = &r->points.items[i];
	g->scope = first->kind == PTEST_SCOPE_INSIDE;
	do
		g->hit += r->points.items[i++].hits > 0;
	while (i < r->points.len && r->points.items[i].kind != PTEST_SELECTOR &&
	       (g->scope ? r->points.items[i].kind == PTEST_SCOPE_OUTSIDE :
			   r->points.items[i].kind != PTEST_SCOPE_INSIDE));
	g->n = i - g->first;
	return true;
}

static void print_group(struct tpc_ctx *c, const struct ptest_units *u, const struct ptest_result *r,
			const struct print_group *g, const char *before, struct tpc_buf *out)
{
	const struct ptest_point *p = &r->points.items[g->first];

	tpc_buf_printf(out, "%s%4" PRIu32 "/%-4" PRIu32 "%s ", before, g->hit, g->n, print_policy(u, p));
	if (g->scope)
		tpc_buf_puts(out, "scope");
	else
		tpc_buf_printf(out, "%s selector %" PRIu32, print_shown(c->arena, p->hook), p->selector + 1);
	if (!g->scope && p->what)
		tpc_buf_printf(out, " '%s'", print_shown(c->arena, p->what));
	tpc_buf_printf(out, " (%s)\n", pt_place(c, p->at));
	for (uint32_t i = g->first; i < g->first + g->n; i++) {
		p = &r->points.items[i];
		if (p->hits)
			continue;
		tpc_buf_printf(out, "%s         never %s%s%s\n", before,
			       p->kind == PTEST_SELECTOR ? "reached" :
			       g->scope			 ? "asked of " :
							   "decided by ",
			       p->kind == PTEST_SELECTOR ? "" : p->what,
			       p->kind == PTEST_SELECTOR || g->scope ?
				       "" :
				       tpc_sprintf(c->arena, " (%s)", pt_place(c, p->at)));
	}
}

static void print_coverage(struct tpc_ctx *c, const struct ptest_units *u, const struct ptest_result *r,
			   const char *before, struct tpc_buf *out)
{
	struct print_group g = { 0 };

	tpc_buf_printf(out, "%scoverage %" PRIu32 " %%: %" PRIu32 " of %" PRIu32 "\n", before,
		       ptest_coverage(r), r->ncovered, r->points.len);
	while (print_next_group(r, &g))
		print_group(c, u, r, &g, before, out);
}

/* TAP: '#' in a name would begin a directive. */
static const char *tap_name(struct tpc_arena *a, const char *s)
{
	struct tpc_buf b = TPC_BUF(a);

	for (s = print_shown(a, s); *s; s++)
		tpc_buf_printf(&b, *s == '#' || *s == '\\' ? "\\%c" : "%c", *s);
	return tpc_buf_text(&b);
}

static void print_tap(struct tpc_ctx *c, const struct ptest_result *r, struct tpc_buf *out)
{
	tpc_buf_printf(out, "TAP version 13\n1..%" PRIu32 "\n", r->outcomes.len);
	for (uint32_t i = 0; i < r->outcomes.len; i++) {
		const struct ptest_outcome *o = &r->outcomes.items[i];

		tpc_buf_printf(out, "%sok %" PRIu32 " - %s\n", o->status == PTEST_GOOD ? "" : "not ", i + 1,
			       tap_name(c->arena, o->name));
		if (o->status != PTEST_GOOD)
			tpc_buf_printf(out, "# %s: %s\n", pt_place(c, o->at),
				       o->why ? o->why : "the case was not judged");
		if (o->bpf != PTEST_BPF_UNASKED)
			tpc_buf_printf(out, "# %s\n", print_bpf(c->arena, o));
	}
}

void ptest_print(struct tpc_ctx *c, const struct ptest_units *u, const struct ptest_result *r,
		 enum ptest_format format, bool coverage, struct tpc_buf *out)
{
	switch (format) {
	case PTEST_TEXT:
		print_cases(c, r, out);
		if (coverage)
			print_coverage(c, u, r, "", out);
		break;
	case PTEST_TAP:
		print_tap(c, r, out);
		if (coverage)
			print_coverage(c, u, r, "# ", out);
		break;
	case PTEST_JUNIT:
		print_junit(c, r, out);
		break;
	case PTEST_JSON:
		print_json(c, u, r, coverage, out);
		break;
	}
}
