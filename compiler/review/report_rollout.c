// SPDX-License-Identifier: Apache-2.0
/* The checklist of the rollout, numbered through all stages, and what goes to the SIEM, for people. */
#include "review/report_doc.h"
#include "review/review_impl.h"

/* ---- rollout ---- */

/* Gives the number of the next item. */
static uint32_t put_steps(struct page *g, uint32_t nr, const char *head, const struct ro_steps *steps)
{
	const struct ro_step *s;

	page_para(g, DOC_BOLD "%s" DOC_BOLD, head);
	g->d.ops->list(&g->d, nr);
	tpc_vec_foreach (s, &steps->list) {
		page_item(g, "%s%s", page_sentence(g, s->text), s->command ? ":" : ".");
		if (s->command)
			g->d.ops->block(&g->d, s->command);
	}
	g->d.ops->list_end(&g->d);
	return nr + steps->list.len;
}

static uint32_t put_stage(struct page *g, uint32_t nr, const struct ro_stage *s)
{
	const struct ro_file *f;

	g->d.ops->heading(&g->d, 3, tpc_sprintf(g->a, "Stage %s", s->dir), NULL);
	page_para(g, "%s At least %u days: %s.", s->about, s->days, s->days_why);
	g->d.ops->list(&g->d, 0);
	tpc_vec_foreach (f, &s->files)
		page_item(g, DOC_CODE "stages/%s" DOC_CODE "%s%s%s", f->path,
			  f->yaml ? "" : ", to be written by hand", f->canary ? ", for " : "",
			  f->canary ? f->canary : "");
	g->d.ops->list_end(&g->d);
	nr = put_steps(g, nr, "Bring it up", &s->apply);
	nr = put_steps(g, nr, "Watch", &s->watch);
	nr = put_steps(g, nr, "Go on only when this was seen", &s->want);
	nr = put_steps(g, nr, "and this was not", &s->avoid);
	nr = put_steps(g, nr, "Stop and go back when", &s->stop);
	return put_steps(g, nr, "The way back", &s->back);
}

void page_rollout(struct page *g)
{
	const struct rollout *plan = g->p->rollout;
	const struct ro_stage *s;
	const struct ro_left *l;
	uint32_t nr = 1;

	g->d.ops->heading(&g->d, 2, "Rollout checklist", "rollout");
	if (!plan || (!plan->stages.len && !plan->left.len)) {
		page_para(g, "There is no policy to roll out.");
		return;
	}
	if (plan->stages.len && !g->p->in_folder)
		page_para(g, "With " DOC_CODE "-o DIR" DOC_CODE " the YAML of each stage is in DIR/stages/.");
	if (plan->left.len) {
		g->d.ops->list(&g->d, 0);
		tpc_vec_foreach (l, &plan->left)
			page_item(g, "%s has no stages: %s.", doc_code(g->a, l->policy->p->metadata.name.s),
				  l->why);
		g->d.ops->list_end(&g->d);
	}
	tpc_vec_foreach (s, &plan->stages)
		nr = put_stage(g, nr, s);
}

/* ---- routing ---- */

static void put_routes(struct page *g, const struct routing *rt)
{
	static const char *const heads[] = { "Events of", "Severity", "Threats" };
	const struct rt_route *x;

	g->d.ops->table(&g->d, heads, 3);
	tpc_vec_foreach (x, &rt->routes) {
		const char *cells[] = {
			tpc_sprintf(g->a, "%s: %s (%s)", doc_code(g->a, x->hook->policy->p->metadata.name.s),
				    doc_text(g->a, rv_hook_words(g->a, x->hook)), doc_code(g->a, x->event)),
			x->silent ? "no events" : rt_levels[x->severity],
			*x->why ? doc_text(g->a, x->why) : "none that is known",
		};

		g->d.ops->row(&g->d, cells, 3);
	}
	g->d.ops->table_end(&g->d);
}

static void put_fields(struct page *g)
{
	static const char *const heads[] = { "Field", "Why" };
	const struct rt_field *f;

	page_para(g,
		  "What makes an alert that can be trusted and traced; the rest of an event may be dropped:");
	g->d.ops->table(&g->d, heads, 2);
	for (f = rt_fields; f->name; f++)
		g->d.ops->row(&g->d, (const char *const[]){ doc_code(g->a, f->name), f->why }, 2);
	g->d.ops->table_end(&g->d);
}

void page_routing(struct page *g)
{
	const struct routing *rt = g->p->routing;
	const struct rt_file *f;

	g->d.ops->heading(&g->d, 2, "Routing to the SIEM", "routing");
	if (!rt || !rt->routes.len) {
		page_para(g, "There are no events to route.");
		return;
	}
	put_routes(g, rt);
	page_para(
		g,
		"By the chart's defaults Tetragon's JSON export drops every event of the host, of cilium and of "
		"kube-system, while tetra shows them: bring up the export filters first.");
	if (!g->p->in_folder)
		page_para(g, "With " DOC_CODE "-o DIR" DOC_CODE " these are in DIR/routing/:");
	g->d.ops->list(&g->d, 0);
	tpc_vec_foreach (f, &rt->files)
		page_item(g, DOC_CODE "routing/%s" DOC_CODE ": %s", f->path, f->about);
	g->d.ops->list_end(&g->d);
	put_fields(g);
	page_para(
		g,
		"Alert on silence too: an agent that sends nothing, a node without the policy, a state of load_error.");
}
