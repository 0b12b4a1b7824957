// SPDX-License-Identifier: Apache-2.0
/* The report for people: what to do next, the table of rules, findings, whom rules hit, threats that nobody looks for. */
#include "base/buf.h"
#include "review/report_doc.h"
#include "review/review_impl.h"

void page_para(struct page *g, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	g->d.ops->para(&g->d, tpc_vsprintf(g->a, fmt, ap));
	va_end(ap);
}

void page_item(struct page *g, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	g->d.ops->item(&g->d, tpc_vsprintf(g->a, fmt, ap));
	va_end(ap);
}

/* Rows of the knowledge are sentences over several lines, some with a period. */
const char *page_sentence(struct page *g, const char *s)
{
	const char *t = doc_text(g->a, s);
	size_t n = strlen(t);

	while (n && (t[n - 1] == '.' || t[n - 1] == ' '))
		n--;
	return tpc_strndup(g->a, t, n);
}

static const char *place(struct page *g, struct tpc_span at)
{
	struct tpc_place pl;

	if (!tpc_source_place(&g->r->c->sources, at, &pl))
		return "no place";
	return tpc_sprintf(g->a, DOC_CODE "%s:%u" DOC_CODE, doc_text(g->a, pl.file), pl.line);
}

static const char *name_of(struct page *g, const struct rv_policy *p)
{
	return doc_code(g->a, *p->p->metadata.name.s ? p->p->metadata.name.s : "(without a name)");
}

static const char *plural(uint32_t n)
{
	return n == 1 ? "" : "s";
}

/* ---- what to do next ---- */

static uint32_t count(const struct review *r, bool (*is)(const struct rv_finding *f))
{
	struct rv_finding *const *f;
	uint32_t n = 0;

	tpc_vec_foreach (f, &r->findings)
		n += !(*f)->accepted && is(*f);
	return n;
}

static bool for_a_person(const struct rv_finding *f)
{
	return f->severity >= RV_MEDIUM;
}

static bool is_high(const struct rv_finding *f)
{
	return f->severity == RV_HIGH;
}

static void next_steps(struct page *g)
{
	const struct report *p = g->p;
	const struct review *left = p->fixed ? p->fixed : g->r;
	uint32_t open = count(left, for_a_person), high = count(left, is_high);

	g->d.ops->list(&g->d, 1);
	if (p->nmends)
		page_item(
			g,
			"Take the corrected polic%s%s: %u finding%s mended there, and nothing enforces more than before.",
			g->r->policies.len == 1 ? "y" : "ies",
			p->in_folder ? " in " DOC_CODE "corrected/" DOC_CODE : "", p->nmends,
			p->nmends == 1 ? " is" : "s are");
	if (left->count[RV_ERROR])
		page_item(g, "Mend %u error%s by hand: with %s nothing should be applied.",
			  left->count[RV_ERROR], plural(left->count[RV_ERROR]),
			  left->count[RV_ERROR] == 1 ? "it" : "them");
	if (open > left->count[RV_ERROR])
		page_item(
			g,
			"Decide about %u finding%s that no tool can decide (%u high): mend, or take responsibility by " DOC_CODE
			"# tpc:ignore CODE reason" DOC_CODE " or the brief's " DOC_CODE "accept" DOC_CODE ".",
			open - left->count[RV_ERROR], plural(open - left->count[RV_ERROR]), high);
	if (g->r->uncovered.len)
		page_item(g, "Add policies for %u threat%s of the brief that no rule sees.",
			  g->r->uncovered.len, plural(g->r->uncovered.len));
	if (p->rollout && p->rollout->stages.len)
		page_item(g,
			  "Roll out by the checklist below, beginning with stage " DOC_CODE "%s" DOC_CODE ".",
			  p->rollout->stages.items[0].dir);
	else
		page_item(g, "Then review again: there is nothing yet that could be rolled out.");
	g->d.ops->list_end(&g->d);
}

static void summary(struct page *g)
{
	const struct review *r = g->r;

	page_para(g, "%u polic%s. Findings: %u error, %u high, %u medium, %u note.", r->policies.len,
		  r->policies.len == 1 ? "y" : "ies", r->count[RV_ERROR], r->count[RV_HIGH],
		  r->count[RV_MEDIUM], r->count[RV_NOTE]);
	page_para(g, DOC_BOLD "%s" DOC_BOLD,
		  r->count[RV_ERROR] ? "Not to be applied as it is." :
		  r->count[RV_HIGH]  ? "Works, but not as it should: see what is of severity high." :
				       "Nothing stands in the way of the first stage.");
	g->d.ops->heading(&g->d, 2, "What to do next", "next");
	next_steps(g);
}

/* ---- the table ---- */

static const char *threats_words(struct page *g, const struct rv_rule *u)
{
	const struct rv_covered *t;
	const char *s = "";

	tpc_vec_foreach (t, &u->threats)
		s = tpc_sprintf(g->a, "%s%s%s%s", s, *s ? ", " : "", doc_text(g->a, t->threat->id.s),
				t->how == RV_COVERS_PART ? " (part)" : "");
	return *s ? s : "none that is known";
}

static const char *agents_words(struct page *g, const struct rv_rule *u)
{
	const char *s = "";
	uint32_t n = u->agents.len;

	for (uint32_t i = 0; i < n && i < 4; i++)
		s = tpc_sprintf(g->a, "%s%s%s", s, i ? ", " : "", doc_text(g->a, u->agents.items[i]->name.s));
	if (n > 4)
		s = tpc_sprintf(g->a, "%s and %u more", s, n - 4);
	if (u->nabsent)
		s = tpc_sprintf(g->a, "%s%s%u other agents, if they are there", s, n ? "; " : "", u->nabsent);
	return s;
}

static const char *risk_words(struct page *g, const struct rv_rule *u)
{
	static const char *const levels[] = { "not known", "low", "medium", "high", "critical" };
	const char *agents = agents_words(g, u);

	return tpc_sprintf(g->a, "%s%s%s", levels[u->fp_risk], *agents ? ": " : "", agents);
}

static const char *action_words(struct page *g, const struct rv_rule *u)
{
	if (u->no_post && !(u->acts & ~(unsigned)RV_ACT_POST))
		return "lets through";
	return tpc_sprintf(g->a, "%s%s", rv_act_words(g->a, u->acts),
			   u->hook->policy->monitor && (u->acts & RV_ACTS_ENFORCE) ?
				   " (monitor mode: events only)" :
				   "");
}

static void put_rule(struct page *g, const struct rv_rule *u)
{
	const struct rv_hook *h = u->hook;
	const char *which = h->nselectors > 1 ? tpc_sprintf(g->a, ", selector %u", u->nr + 1) : "";
	const char *cells[] = {
		tpc_sprintf(g->a, "%s: %s%s (%s)", name_of(g, h->policy),
			    doc_text(g->a, rv_hook_words(g->a, h)), which, place(g, u->at)),
		threats_words(g, u),
		action_words(g, u),
		risk_words(g, u),
	};

	g->d.ops->row(&g->d, cells, 4);
}

static void rules(struct page *g)
{
	static const char *const heads[] = { "Hook", "Threat", "Action", "FP risk" };
	struct rv_policy *const *p;
	struct rv_hook *const *h;
	struct rv_rule *const *u;

	g->d.ops->heading(&g->d, 2, "Rules", "rules");
	g->d.ops->table(&g->d, heads, 4);
	tpc_vec_foreach (p, &g->r->policies)
		tpc_vec_foreach (h, &(*p)->hooks)
			tpc_vec_foreach (u, &(*h)->rules)
				put_rule(g, *u);
	g->d.ops->table_end(&g->d);
}

/* ---- findings ---- */

/* Why is said once a code: at the first of its findings. */
static bool is_first(struct page *g, const char *code)
{
	for (uint32_t i = 0; i < g->explained.len; i++)
		if (!strcmp(g->explained.items[i], code))
			return false;
	*tpc_vec_push(g->a, &g->explained) = code;
	return true;
}

static void put_finding(struct page *g, const struct rv_finding *f)
{
	const char *why = report_why(g->r, f);

	page_item(g, DOC_BOLD "%s" DOC_BOLD " %s, %s: %s.", f->code, f->slug, place(g, f->at),
		  page_sentence(g, f->text));
	if (why && is_first(g, f->code))
		page_para(g, "Why: %s.", page_sentence(g, why));
	if (f->mend)
		page_para(g, "Mend: %s.%s", page_sentence(g, f->mend),
			  f->edits.len && !f->accepted ? " A tool can do that." : "");
	if (f->accepted)
		page_para(g, "Accepted: %s", doc_text(g->a, f->accepted));
}

static void findings_of(struct page *g, enum rv_severity s)
{
	static const char *const heads[RV_SEVERITY_MAX] = { "Notes", "Medium", "High", "Errors" };
	struct rv_finding *const *f;

	if (!g->r->count[s])
		return;
	g->d.ops->heading(&g->d, 3, heads[s], NULL);
	g->d.ops->list(&g->d, 0);
	tpc_vec_foreach (f, &g->r->findings)
		if (!(*f)->accepted && (*f)->severity == s)
			put_finding(g, *f);
	g->d.ops->list_end(&g->d);
}

static void findings(struct page *g)
{
	bool any = false;

	g->d.ops->heading(&g->d, 2, "Findings", "findings");
	for (int s = RV_SEVERITY_MAX; s-- > 0;) {
		any |= g->r->count[s] > 0;
		findings_of(g, (enum rv_severity)s);
	}
	if (!any)
		page_para(g, "None.");
	else
		page_para(g, "More about a code: " DOC_CODE "tpc explain CODE" DOC_CODE ".");
}

static void accepted(struct page *g)
{
	struct rv_finding *const *f;
	bool any = false;

	g->d.ops->heading(&g->d, 2, "Accepted", "accepted");
	tpc_vec_foreach (f, &g->r->findings)
		any |= (*f)->accepted != NULL;
	if (!any) {
		page_para(g, "Nothing: no finding was taken responsibility for.");
		return;
	}
	g->d.ops->list(&g->d, 0);
	tpc_vec_foreach (f, &g->r->findings)
		if ((*f)->accepted)
			put_finding(g, *f);
	g->d.ops->list_end(&g->d);
}

/* ---- whom enforcing rules hit ---- */

static void blast(struct page *g, const struct rv_rule *u)
{
	const struct rv_hook *h = u->hook;
	const struct rv_covered *t;
	const char *agents = agents_words(g, u);

	page_item(g, "%s, %s%s: %s", name_of(g, h->policy), doc_text(g->a, rv_hook_words(g->a, h)),
		  h->nselectors > 1 ? tpc_sprintf(g->a, ", selector %u", u->nr + 1) : "", action_words(g, u));
	page_para(g, "Hits: %s.%s%s%s", report_scope(g->a, h->policy),
		  *agents ? " Agents that do it in normal work: " : "", agents, *agents ? "." : "");
	tpc_vec_foreach (t, &u->threats)
		if (t->threat->impact.len)
			page_para(g, "Breaks (%s): %s.", doc_text(g->a, t->threat->id.s),
				  page_sentence(g, t->threat->impact.s));
}

static void way_back(struct page *g, const struct rv_policy *p)
{
	const char *back = report_back(g->a, p);

	page_item(
		g,
		"The way back of %s, in every agent (up to 1.7 without --domain k8s); then delete it, or set "
		"policy-mode: monitor in it:",
		name_of(g, p));
	if (back)
		g->d.ops->block(&g->d, back);
	else
		page_para(g, "Its name is none of Kubernetes: it cannot be applied.");
}

static void enforcement(struct page *g)
{
	struct rv_policy *const *p;
	struct rv_hook *const *h;
	struct rv_rule *const *u;
	bool any = false;

	g->d.ops->heading(&g->d, 2, "What is enforced, and the way back", "enforcement");
	tpc_vec_foreach (p, &g->r->policies) {
		if (!((*p)->acts & RV_ACTS_ENFORCE))
			continue;
		if (!any)
			g->d.ops->list(&g->d, 0);
		any = true;
		tpc_vec_foreach (h, &(*p)->hooks)
			tpc_vec_foreach (u, &(*h)->rules)
				if ((*u)->acts & RV_ACTS_ENFORCE)
					blast(g, *u);
		way_back(g, *p);
	}
	if (any)
		g->d.ops->list_end(&g->d);
	else
		page_para(g, "Nothing: the rules only watch.");
}

/* ---- threats ---- */

static void uncovered(struct page *g)
{
	const struct missing_policy *m;

	g->d.ops->heading(&g->d, 2, "Threats of the brief that no rule sees", "uncovered");
	if (!g->r->uncovered.len) {
		page_para(g, g->r->brief->threats.len ? "None: each is seen by a rule, wholly or in part." :
							"The brief names no threats.");
		return;
	}
	g->d.ops->list(&g->d, 0);
	tpc_vec_foreach (m, &g->p->missing.list) {
		const char *where = m->why ? tpc_sprintf(g->a, "no policy: %s", doc_text(g->a, m->why)) :
				    g->p->in_folder ?
					     tpc_sprintf(g->a, DOC_CODE "%s" DOC_CODE, m->path) :
					     tpc_sprintf(g->a, DOC_CODE "tpc new --threat %s" DOC_CODE,
							 doc_text(g->a, m->threat->id.s));

		page_item(g, "%s: %s. Severity %s, risk of false positives %s. %s.",
			  doc_text(g->a, m->threat->id.s), page_sentence(g, m->threat->title.s),
			  m->threat->severity.s, m->threat->fp_risk.s, where);
	}
	g->d.ops->list_end(&g->d);
}

/* ---- recorded events ---- */

#define HITS_SHOWN 8 /* of a rule, the most frequent */

static void put_hits(struct page *g, const struct rv_rule *u)
{
	for (uint32_t i = 0; i < u->hits.len && i < HITS_SHOWN; i++) {
		const struct rv_hit *h = &u->hits.items[i];
		const char *cells[] = {
			tpc_sprintf(g->a, "%s: %s", name_of(g, u->hook->policy), place(g, u->at)),
			*h->workload ? doc_code(g->a, h->workload) : "(the node itself)",
			doc_code(g->a, h->binary),
			tpc_sprintf(g->a, "%u", h->n),
		};

		g->d.ops->row(&g->d, cells, 4);
	}
}

static void recorded(struct page *g)
{
	static const char *const heads[] = { "Rule", "Workload", "Binary", "Events" };
	const struct rv_events *e = &g->r->events;
	struct rv_policy *const *p;
	struct rv_hook *const *h;
	struct rv_rule *const *u;

	if (!e->name)
		return;
	g->d.ops->heading(&g->d, 2, "Whom recorded events would have hit", "events");
	page_para(
		g,
		"%s: %u lines; of %u nothing can be said, %u are no events. The most frequent of each rule:",
		doc_code(g->a, e->name), e->n, e->unknown, e->bad);
	g->d.ops->table(&g->d, heads, 4);
	tpc_vec_foreach (p, &g->r->policies)
		tpc_vec_foreach (h, &(*p)->hooks)
			tpc_vec_foreach (u, &(*h)->rules)
				put_hits(g, *u);
	g->d.ops->table_end(&g->d);
}

/* ---- the whole ---- */

static void put(const struct report *p, const struct doc_ops *ops, struct tpc_buf *out)
{
	struct page g = { .d = { .ops = ops, .out = out, .arena = p->given->c->arena },
			  .p = p,
			  .r = p->given,
			  .a = p->given->c->arena };

	ops->begin(&g.d, "Review of tracing policies");
	summary(&g);
	rules(&g);
	findings(&g);
	enforcement(&g);
	uncovered(&g);
	recorded(&g);
	page_rollout(&g);
	page_routing(&g);
	accepted(&g);
	ops->end(&g.d);
}

void report_markdown(const struct report *p, struct tpc_buf *out)
{
	put(p, &doc_markdown, out);
}

void report_html(const struct report *p, struct tpc_buf *out)
{
	put(p, &doc_html, out);
}
