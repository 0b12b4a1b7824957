// SPDX-License-Identifier: Apache-2.0
/* The same for programs. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/buf.h"
#include "ir/ir.h"
#include "review/review.h"

static json_t *place_json(const struct review *r, struct tpc_span at)
{
	struct tpc_place place;

	if (!tpc_source_place(&r->c->sources, at, &place))
		return json_null();
	return json_pack("{s:s, s:i, s:i}", "file", place.file, "line", (int)place.line, "column",
			 (int)place.col);
}

static json_t *finding_json(const struct review *r, const struct rv_finding *f)
{
	json_t *o = json_pack("{s:s, s:s, s:s, s:o, s:s}", "code", f->code, "slug", f->slug, "severity",
			      rv_severities[f->severity], "place", place_json(r, f->at), "text", f->text);

	if (f->mend)
		json_object_set_new(o, "mend", json_string(f->mend));
	json_object_set_new(o, "mended", json_boolean(f->edits.len));
	if (f->policy)
		json_object_set_new(o, "policy", json_string(f->policy->p->metadata.name.s));
	if (f->accepted)
		json_object_set_new(o, "accepted", json_string(f->accepted));
	return o;
}

static json_t *hits_json(const struct rv_rule *u)
{
	json_t *list = json_array();
	const struct rv_hit *h;

	tpc_vec_foreach (h, &u->hits)
		json_array_append_new(list, json_pack("{s:s, s:s, s:i}", "workload", h->workload, "binary",
						      h->binary, "events", (int)h->n));
	return list;
}

static json_t *rule_json(const struct review *r, const struct rv_rule *u)
{
	json_t *threats = json_array(), *agents = json_array(), *o;
	const struct rv_covered *t;

	tpc_vec_foreach (t, &u->threats)
		json_array_append_new(threats, json_pack("{s:s, s:b}", "threat", t->threat->id.s, "whole",
							 t->how == RV_COVERS_ALL));
	for (uint32_t i = 0; i < u->agents.len; i++)
		json_array_append_new(agents, json_string(u->agents.items[i]->name.s));
	o = json_pack("{s:s, s:s, s:i, s:o, s:o, s:s, s:o}", "policy", u->hook->policy->p->metadata.name.s,
		      "hook", rv_hook_words(r->c->arena, u->hook), "selector", (int)u->nr + 1, "place",
		      place_json(r, u->at), "threats", threats, "action", rv_act_words(r->c->arena, u->acts),
		      "agents", agents);
	if (r->events.name)
		json_object_set_new(o, "hits", hits_json(u));
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

int review_json(const struct review *r, struct tpc_buf *out)
{
	json_t *findings = json_array(), *uncovered = json_array(), *o;
	struct rv_finding *const *f;
	char *text;

	tpc_vec_foreach (f, &r->findings)
		json_array_append_new(findings, finding_json(r, *f));
	for (uint32_t i = 0; i < r->uncovered.len; i++)
		json_array_append_new(uncovered, json_string(r->uncovered.items[i]->id.s));
	o = json_pack("{s:o, s:o, s:o}", "rules", rules_json(r), "findings", findings, "uncovered",
		      uncovered);
	text = json_dumps(o, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	json_decref(o);
	if (!text)
		return -ENOMEM;
	tpc_buf_puts(out, text);
	tpc_buf_putc(out, '\n');
	free(text);
	return 0;
}
