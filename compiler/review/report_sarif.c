// SPDX-License-Identifier: Apache-2.0
/* Findings as one SARIF 2.1.0 log, with fixes where a tool can make them; the numbers are its sections. */
#include <string.h>

#include "base/sarif.h"
#include "review/doc.h"
#include "review/json.h"
#include "review/report.h"
#include "review/review_impl.h"

struct sarif {
	const struct review *r;
	json_t *rules, *results;
};

static void set(json_t *o, const char *key, json_t *value)
{
	json_object_set_new(o, key, value);
}

/* A message (3.11) or multiformat string (3.12). */
static json_t *message(struct sarif *s, const char *t)
{
	json_t *o = json_object();

	set(o, "text", json_string(doc_text(s->r->c->arena, t)));
	return o;
}

/* ---- rules (3.49) ---- */

static const char *help_of(struct sarif *s, const struct rv_finding *f)
{
	const struct know_check *k = know_check_find(s->r->known, f->code);

	return k ? k->mend.s : tpc_sprintf(s->r->c->arena, "tpc explain %s", f->code);
}

static const char *title_of(struct sarif *s, const struct rv_finding *f)
{
	const struct know_check *k = know_check_find(s->r->known, f->code);
	const char *why = report_why(s->r, f);

	return k ? k->title.s : why ? why : f->slug;
}

static size_t rule_index(struct sarif *s, const struct rv_finding *f)
{
	size_t n = json_array_size(s->rules);
	json_t *o;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(json_string_value(json_object_get(json_array_get(s->rules, i), "id")), f->code))
			return i;
	o = json_object();
	set(o, "id", json_string(f->code));
	set(o, "name", json_string(f->slug));
	set(o, "shortDescription", message(s, title_of(s, f)));
	if (report_why(s->r, f))
		set(o, "fullDescription", message(s, report_why(s->r, f)));
	set(o, "help", message(s, help_of(s, f)));
	json_array_append_new(s->rules, o);
	return n;
}

/* ---- places ---- */

static json_t *artifact(struct sarif *s, uint32_t file)
{
	const struct tpc_source *src = tpc_source_get(&s->r->c->sources, file);
	json_t *o = json_object();

	set(o, "uri", json_string(sarif_uri(s->r->c->arena, src->name)));
	return o;
}

static json_t *locations(struct sarif *s, struct tpc_span at)
{
	json_t *list = json_array(), *o, *physical, *where;

	if (!tpc_source_get(&s->r->c->sources, at.file))
		return list;
	physical = json_object();
	set(physical, "artifactLocation", artifact(s, at.file));
	where = sarif_region(&s->r->c->sources, at);
	if (where)
		set(physical, "region", where);
	o = json_object();
	set(o, "physicalLocation", physical);
	json_array_append_new(list, o);
	return list;
}

/* ---- fixes (3.55): the edits of a finding, all of one file ---- */

static json_t *replacement(struct sarif *s, const struct rv_edit *e)
{
	json_t *o = json_object(), *content = json_object();

	set(o, "deletedRegion", sarif_region(&s->r->c->sources, e->at));
	set(content, "text", json_string(e->text));
	set(o, "insertedContent", content);
	return o;
}

static json_t *fixes(struct sarif *s, const struct rv_finding *f)
{
	json_t *list = json_array(), *fix = json_object(), *changes = json_array(), *change = json_object(),
	       *replacements = json_array();
	const struct rv_edit *e;

	tpc_vec_foreach (e, &f->edits)
		json_array_append_new(replacements, replacement(s, e));
	set(change, "artifactLocation", artifact(s, f->edits.items[0].at.file));
	set(change, "replacements", replacements);
	json_array_append_new(changes, change);
	if (f->mend)
		set(fix, "description", message(s, f->mend));
	set(fix, "artifactChanges", changes);
	json_array_append_new(list, fix);
	return list;
}

static bool one_file(const struct rv_finding *f)
{
	const struct rv_edit *e;

	tpc_vec_foreach (e, &f->edits)
		if (e->at.file != f->edits.items[0].at.file)
			return false;
	return f->edits.len;
}

/* ---- results (3.27) ---- */

/* Accepted on its own line, or by the brief. */
static bool in_source(struct sarif *s, const struct rv_finding *f)
{
	struct tpc_place pl;

	return tpc_source_place(&s->r->c->sources, f->at, &pl) &&
	       memmem(pl.line_text, pl.line_len, "# tpc:ignore ", strlen("# tpc:ignore "));
}

/* An empty list says that it stands: 3.27.23 wants all results to have one, or none. */
static json_t *suppressions(struct sarif *s, const struct rv_finding *f)
{
	json_t *list = json_array(), *o;

	if (!f->accepted)
		return list;
	o = message(s, f->accepted);
	json_object_set(o, "justification", json_object_get(o, "text"));
	json_object_del(o, "text");
	set(o, "kind", json_string(in_source(s, f) ? "inSource" : "external"));
	json_array_append_new(list, o);
	return list;
}

static void add_result(struct sarif *s, const struct rv_finding *f)
{
	static const char *const levels[RV_SEVERITY_MAX] = { "note", "warning", "warning", "error" };
	/* What GitHub sorts alerts by. */
	static const char *const ranks[RV_SEVERITY_MAX] = { "1.0", "5.0", "7.5", "9.5" };
	json_t *o = json_object(), *properties = json_object();
	const char *text = f->text;

	if (f->mend)
		text = tpc_sprintf(s->r->c->arena, "%s (%s)", text, f->mend);
	set(o, "ruleId", json_string(f->code));
	set(o, "ruleIndex", json_integer((json_int_t)rule_index(s, f)));
	set(o, "level", json_string(levels[f->severity]));
	set(o, "message", message(s, text));
	set(o, "locations", locations(s, f->at));
	if (one_file(f))
		set(o, "fixes", fixes(s, f));
	set(o, "suppressions", suppressions(s, f));
	set(properties, "severity", json_string(rv_severities[f->severity]));
	set(properties, "security-severity", json_string(ranks[f->severity]));
	set(o, "properties", properties);
	json_array_append_new(s->results, o);
}

/* The run (3.14). */
static json_t *run(struct sarif *s)
{
	json_t *o = json_object(), *tool = json_object(), *driver = json_object(), *list = json_array(),
	       *invocation = json_object();

	set(driver, "name", json_string("tpc review"));
	set(driver, "version", json_string(TPC_VERSION));
	set(driver, "semanticVersion", json_string(TPC_VERSION));
	set(driver, "rules", s->rules);
	set(tool, "driver", driver);
	set(o, "tool", tool);
	set(invocation, "executionSuccessful", json_true());
	json_array_append_new(list, invocation);
	set(o, "invocations", list);
	set(o, "columnKind", json_string("utf16CodeUnits"));
	set(o, "results", s->results);
	return o;
}

int report_sarif(const struct report *p, struct tpc_buf *out)
{
	struct sarif s = { .r = p->given, .rules = json_array(), .results = json_array() };
	json_t *log = json_object(), *runs = json_array();
	struct rv_finding *const *f;

	tpc_vec_foreach (f, &p->given->findings)
		add_result(&s, *f);
	set(log, "$schema", json_string(SARIF_SCHEMA_URI));
	set(log, "version", json_string("2.1.0"));
	json_array_append_new(runs, run(&s));
	set(log, "runs", runs);
	return json_out(log, out);
}
