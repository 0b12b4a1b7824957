// SPDX-License-Identifier: Apache-2.0
/* The report for people: findings, the table of rules, what was accepted. */
#include <string.h>

#include "base/buf.h"
#include "ir/ir.h"
#include "review/review.h"

/* Text of users and of rows in a table's cell or a line: nothing of it is Markdown. */
static void put_text(struct tpc_buf *out, const char *s)
{
	for (; *s; s++) {
		if (*s == '\n') {
			tpc_buf_putc(out, ' ');
			continue;
		}
		if (strchr("\\`*[]<>|", *s))
			tpc_buf_putc(out, '\\');
		tpc_buf_putc(out, (unsigned char)*s < ' ' || *s == 0x7f ? '?' : *s);
	}
}

static void put_place(const struct review *r, struct tpc_span at, struct tpc_buf *out)
{
	struct tpc_place place;

	if (!tpc_source_place(&r->c->sources, at, &place))
		return;
	put_text(out, place.file);
	tpc_buf_printf(out, ":%u", place.line);
}

static void put_finding(const struct review *r, const struct rv_finding *f, uint32_t nr, struct tpc_buf *out)
{
	tpc_buf_printf(out, "%u. **%s** %s (%s), ", nr, rv_severities[f->severity], f->code, f->slug);
	put_place(r, f->at, out);
	tpc_buf_puts(out, ": ");
	put_text(out, f->text);
	tpc_buf_puts(out, ".\n");
	if (f->mend) {
		tpc_buf_puts(out, "   Mend: ");
		put_text(out, f->mend);
		tpc_buf_printf(out, ".%s\n", f->edits.len ? " Done in the corrected policy." : "");
	}
	if (f->accepted) {
		tpc_buf_puts(out, "   Accepted: ");
		put_text(out, f->accepted);
		tpc_buf_puts(out, "\n");
	}
}

static void put_findings(const struct review *r, bool accepted, struct tpc_buf *out)
{
	struct rv_finding *const *f;
	uint32_t nr = 0;

	for (int s = RV_SEVERITY_MAX; s-- > 0;)
		tpc_vec_foreach (f, &r->findings)
			if (!(*f)->accepted == !accepted && (*f)->severity == (enum rv_severity)s)
				put_finding(r, *f, ++nr, out);
	if (!nr)
		tpc_buf_puts(out, "None.\n");
}

/* ---- the table ---- */

static const char *threats_words(const struct review *r, const struct rv_rule *u)
{
	const struct rv_covered *t;
	const char *s = "";

	tpc_vec_foreach (t, &u->threats)
		s = tpc_sprintf(r->c->arena, "%s%s%s%s", s, *s ? ", " : "", t->threat->id.s,
				t->how == RV_COVERS_PART ? " (part)" : "");
	return *s ? s : "none that is known";
}

static const char *risk_words(const struct review *r, const struct rv_rule *u)
{
	static const char *const levels[] = { "not known", "low", "medium", "high", "critical" };
	const char *s = levels[u->fp_risk];
	uint32_t n = u->agents.len;

	for (uint32_t i = 0; i < n && i < 4; i++)
		s = tpc_sprintf(r->c->arena, "%s%s%s", s, i ? ", " : ": ", u->agents.items[i]->name.s);
	if (n > 4)
		s = tpc_sprintf(r->c->arena, "%s and %u more", s, n - 4);
	return u->nabsent ?
		       tpc_sprintf(r->c->arena, "%s; %u other agents, if they are there", s, u->nabsent) :
		       s;
}

static void put_row(const struct review *r, const struct rv_rule *u, struct tpc_buf *out)
{
	const struct rv_hook *h = u->hook;

	tpc_buf_puts(out, "| ");
	put_text(out, h->policy->p->metadata.name.s);
	tpc_buf_puts(out, ", ");
	put_text(out, rv_hook_words(r->c->arena, h));
	if (h->nselectors > 1)
		tpc_buf_printf(out, ", selector %u", u->nr + 1);
	tpc_buf_puts(out, " | ");
	put_text(out, threats_words(r, u));
	tpc_buf_printf(out, " | %s%s | ",
		       u->no_post && !u->acts ? "lets through" : rv_act_words(r->c->arena, u->acts),
		       h->policy->monitor && (u->acts & RV_ACTS_ENFORCE) ? " (monitor mode: events only)" :
									   "");
	put_text(out, risk_words(r, u));
	tpc_buf_puts(out, " |\n");
}

static void put_table(const struct review *r, struct tpc_buf *out)
{
	struct rv_policy *const *p;
	struct rv_hook *const *h;
	struct rv_rule *const *u;

	tpc_buf_puts(out, "| Hook | Threat | Action | FP risk |\n| --- | --- | --- | --- |\n");
	tpc_vec_foreach (p, &r->policies)
		tpc_vec_foreach (h, &(*p)->hooks)
			tpc_vec_foreach (u, &(*h)->rules)
				put_row(r, *u, out);
}

void review_markdown(const struct review *r, struct tpc_buf *out)
{
	tpc_buf_puts(out, "# Review\n\n");
	tpc_buf_printf(out, "%u policies; findings: %u error, %u high, %u medium, %u note.\n\n",
		       r->policies.len, r->count[RV_ERROR], r->count[RV_HIGH], r->count[RV_MEDIUM],
		       r->count[RV_NOTE]);
	tpc_buf_puts(out, "## Rules\n\n");
	put_table(r, out);
	tpc_buf_puts(out, "\n## Findings\n\n");
	put_findings(r, false, out);
	tpc_buf_puts(out, "\n## Accepted\n\n");
	put_findings(r, true, out);
}
