// SPDX-License-Identifier: Apache-2.0
/* The report for programs, as docs/review.schema.json says: keys in a fixed order, lists in that of the policies. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "review/doc.h"
#include "review/json.h"
#include "review/report.h"
#include "review/review_impl.h"

/* In one line; bytes that are no UTF-8, and control characters, as people see them. */
static json_t *text(const struct review *r, const char *s)
{
	return s ? json_string(doc_text(r->c->arena, s)) : json_null();
}

static void set(json_t *o, const char *key, json_t *value)
{
	json_object_set_new(o, key, value);
}

static json_t *place_json(const struct review *r, struct tpc_span at)
{
	struct tpc_place place;
	json_t *o;

	if (!tpc_source_place(&r->c->sources, at, &place))
		return json_null();
	o = json_object();
	set(o, "file", text(r, place.file));
	set(o, "line", json_integer(place.line));
	set(o, "column", json_integer(place.col));
	return o;
}

/* ---- findings ---- */

static json_t *finding_json(const struct review *r, const struct rv_finding *f)
{
	json_t *o = json_object();

	set(o, "code", json_string(f->code));
	set(o, "slug", json_string(f->slug));
	set(o, "severity", json_string(rv_severities[f->severity]));
	set(o, "place", place_json(r, f->at));
	set(o, "text", text(r, f->text));
	set(o, "why", text(r, report_why(r, f)));
	set(o, "mend", text(r, f->mend));
	set(o, "mended", json_boolean(f->edits.len && !f->accepted));
	set(o, "policy", text(r, f->policy ? f->policy->p->metadata.name.s : NULL));
	set(o, "accepted", text(r, f->accepted));
	return o;
}

static json_t *findings_json(const struct review *r)
{
	json_t *list = json_array();
	struct rv_finding *const *f;

	tpc_vec_foreach (f, &r->findings)
		json_array_append_new(list, finding_json(r, *f));
	return list;
}

static json_t *counts_json(const struct review *r)
{
	json_t *o = json_object();

	for (int s = RV_SEVERITY_MAX; s-- > 0;)
		set(o, rv_severities[s], json_integer(r->count[s]));
	return o;
}

/* ---- rules ---- */

static json_t *acts_json(unsigned acts)
{
	static const char *const names[] = { "Post", "Override", "Sigkill", "Signal", "other" };
	json_t *list = json_array();

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (acts & 1U << i)
			json_array_append_new(list, json_string(names[i]));
	return list;
}

static json_t *threats_json(const struct review *r, const struct rv_rule *u)
{
	json_t *list = json_array(), *o;
	const struct rv_covered *t;

	tpc_vec_foreach (t, &u->threats) {
		o = json_object();
		set(o, "threat", text(r, t->threat->id.s));
		set(o, "whole", json_boolean(t->how == RV_COVERS_ALL));
		set(o, "impact", text(r, t->threat->impact.set ? t->threat->impact.s : NULL));
		set(o, "rollback", text(r, t->threat->rollback.set ? t->threat->rollback.s : NULL));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *hits_json(const struct review *r, const struct rv_rule *u)
{
	json_t *list = json_array(), *o;
	const struct rv_hit *h;

	tpc_vec_foreach (h, &u->hits) {
		o = json_object();
		set(o, "workload", text(r, h->workload));
		set(o, "binary", text(r, h->binary));
		set(o, "events", json_integer(h->n));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *rule_json(const struct review *r, const struct rv_rule *u)
{
	static const char *const levels[] = { "unknown", "low", "medium", "high", "critical" };
	json_t *o = json_object(), *agents = json_array();

	for (uint32_t i = 0; i < u->agents.len; i++)
		json_array_append_new(agents, text(r, u->agents.items[i]->name.s));
	set(o, "policy", text(r, u->hook->policy->p->metadata.name.s));
	set(o, "hook", text(r, rv_hook_words(r->c->arena, u->hook)));
	set(o, "selector", json_integer(u->nr + 1));
	set(o, "place", place_json(r, u->at));
	set(o, "threats", threats_json(r, u));
	set(o, "actions", acts_json(u->acts));
	set(o, "enforces", json_boolean(rv_enforces(u->hook->policy, u->acts)));
	set(o, "fpRisk", json_string(levels[u->fp_risk]));
	set(o, "agents", agents);
	set(o, "otherAgents", json_integer(u->nabsent));
	set(o, "hits", hits_json(r, u));
	return o;
}

static json_t *rules_json(const struct review *r)
{
	json_t *list = json_array();
	struct rv_policy *const *p;
	struct rv_hook *const *h;
	struct rv_rule *const *u;

	tpc_vec_foreach (p, &r->policies)
		tpc_vec_foreach (h, &(*p)->hooks)
			tpc_vec_foreach (u, &(*h)->rules)
				json_array_append_new(list, rule_json(r, *u));
	return list;
}

static json_t *policies_json(const struct review *r)
{
	json_t *list = json_array(), *o;
	struct rv_policy *const *p;

	tpc_vec_foreach (p, &r->policies) {
		o = json_object();
		set(o, "name", text(r, (*p)->p->metadata.name.s));
		set(o, "namespace", text(r, (*p)->p->metadata.ns.set ? (*p)->p->metadata.ns.s : NULL));
		set(o, "namespaced", json_boolean((*p)->scope.namespaced));
		set(o, "place", place_json(r, (*p)->p->metadata.name.at));
		set(o, "scope", json_string(report_scope(r->c->arena, *p)));
		set(o, "monitor", json_boolean((*p)->monitor));
		set(o, "enforces", json_boolean(rv_enforces(*p, (*p)->acts)));
		set(o, "wayBack", text(r, NULL));
		if ((*p)->acts & RV_ACTS_ENFORCE && report_back(r->c->arena, *p))
			set(o, "wayBack", json_string(report_back(r->c->arena, *p)));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *uncovered_json(const struct review *r)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < r->uncovered.len; i++)
		json_array_append_new(list, text(r, r->uncovered.items[i]->id.s));
	return list;
}

static json_t *events_json(const struct review *r)
{
	json_t *o = json_object();

	if (!r->events.name) {
		json_decref(o);
		return json_null();
	}
	set(o, "file", text(r, r->events.name));
	set(o, "lines", json_integer(r->events.n));
	set(o, "unknown", json_integer(r->events.unknown));
	set(o, "bad", json_integer(r->events.bad));
	return o;
}

/* ---- rollout ---- */

static json_t *steps_json(const struct review *r, const struct ro_steps *steps)
{
	json_t *list = json_array(), *o;
	const struct ro_step *s;

	tpc_vec_foreach (s, &steps->list) {
		o = json_object();
		set(o, "text", text(r, s->text));
		set(o, "command", s->command ? json_string(s->command) : json_null());
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *files_json(const struct review *r, const struct ro_stage *s)
{
	json_t *list = json_array(), *o;
	const struct ro_file *f;

	tpc_vec_foreach (f, &s->files) {
		o = json_object();
		set(o, "policy", text(r, f->policy->p->metadata.name.s));
		set(o, "name", text(r, f->name));
		set(o, "path", json_string(tpc_sprintf(r->c->arena, "stages/%s", f->path)));
		set(o, "byHand", text(r, f->by_hand));
		set(o, "canary", text(r, f->canary));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *rollout_json(const struct review *r, const struct rollout *plan)
{
	json_t *list = json_array(), *o;
	const struct ro_stage *s;

	tpc_vec_foreach (s, &plan->stages) {
		o = json_object();
		set(o, "stage", json_string(s->dir));
		set(o, "about", json_string(s->about));
		set(o, "days", json_integer(s->days));
		set(o, "daysWhy", text(r, s->days_why));
		set(o, "files", files_json(r, s));
		set(o, "apply", steps_json(r, &s->apply));
		set(o, "watch", steps_json(r, &s->watch));
		set(o, "want", steps_json(r, &s->want));
		set(o, "avoid", steps_json(r, &s->avoid));
		set(o, "stop", steps_json(r, &s->stop));
		set(o, "back", steps_json(r, &s->back));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *left_json(const struct review *r, const struct rollout *plan)
{
	json_t *list = json_array(), *o;
	const struct ro_left *l;

	tpc_vec_foreach (l, &plan->left) {
		o = json_object();
		set(o, "policy", text(r, l->policy->p->metadata.name.s));
		set(o, "why", json_string(l->why));
		json_array_append_new(list, o);
	}
	return list;
}

/* ---- routing ---- */

static json_t *routing_json(const struct review *r, const struct routing *rt)
{
	json_t *o = json_object(), *routes = json_array(), *files = json_array(), *fields = json_array(), *x;
	const struct rt_route *route;
	const struct rt_file *f;
	const struct rt_field *field;

	tpc_vec_foreach (route, &rt->routes) {
		x = json_object();
		set(x, "policy", text(r, route->hook->policy->p->metadata.name.s));
		set(x, "event", json_string(route->event));
		set(x, "function", text(r, route->function));
		set(x, "severity", json_string(rt_levels[route->severity]));
		set(x, "posts", json_boolean(!route->silent));
		json_array_append_new(routes, x);
	}
	tpc_vec_foreach (f, &rt->files) {
		x = json_object();
		set(x, "path", json_string(tpc_sprintf(r->c->arena, "routing/%s", f->path)));
		set(x, "about", json_string(f->about));
		set(x, "text", json_string(f->text));
		json_array_append_new(files, x);
	}
	for (field = rt_fields; field->name; field++) {
		x = json_object();
		set(x, "fields", json_string(field->name));
		set(x, "why", json_string(field->why));
		json_array_append_new(fields, x);
	}
	set(o, "routes", routes);
	set(o, "fields", fields);
	set(o, "files", files);
	return o;
}

int report_json(const struct report *p, struct tpc_buf *out)
{
	json_t *o = json_object();

	set(o, "version", json_integer(1));
	set(o, "tpc", json_string(TPC_VERSION));
	set(o, "counts", counts_json(p->given));
	set(o, "mended", json_integer(p->nmends));
	set(o, "countsCorrected", p->fixed ? counts_json(p->fixed) : json_null());
	set(o, "policies", policies_json(p->given));
	set(o, "rules", rules_json(p->given));
	set(o, "findings", findings_json(p->given));
	set(o, "uncovered", uncovered_json(p->given));
	set(o, "events", events_json(p->given));
	set(o, "rollout", p->rollout ? rollout_json(p->fixed, p->rollout) : json_array());
	set(o, "notRolledOut", p->rollout ? left_json(p->fixed, p->rollout) : json_array());
	set(o, "routing", p->routing ? routing_json(p->fixed, p->routing) : json_null());
	return json_out(o, out);
}
