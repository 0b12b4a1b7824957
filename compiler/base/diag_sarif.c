// SPDX-License-Identifier: Apache-2.0
/*
 * Diagnostics as one SARIF 2.1.0 log (OASIS Standard, 27 March 2020; the numbers below are its sections),
 * which code hosting services read. Columns count UTF-16 code units from 1, an end column names the first
 * place behind the region (3.30.5 to 3.30.8). Files are relative URI references when they were named by a
 * relative path, so that a service finds them in its checkout.
 */
#include <string.h>

#include "base/diag_pages.h"
#include "base/sarif.h"
#include "base/utf8.h"

struct sarif {
	struct tpc_diags *d;
	json_t *rules, *results;
	int rule_of[TPC_CODE_MAX]; /* index in rules, -1: not there yet */
};

static json_t *text(struct sarif *s, const char *t)
{
	return json_string(tpc_utf8_shown(s->d->arena, t, strlen(t)));
}

/* A message (3.11) or multiformat string (3.12). */
static json_t *message(struct sarif *s, const char *t)
{
	json_t *o = json_object();

	json_object_set_new(o, "text", text(s, t));
	return o;
}

/* A location (3.28), with a message when @msg is not NULL. */
static json_t *location(struct sarif *s, struct tpc_span at, const char *msg)
{
	const struct tpc_source *src = tpc_source_get(s->d->sources, at.file);
	json_t *o = json_object(), *physical, *artifact, *where;

	if (src) {
		physical = json_object();
		artifact = json_object();
		json_object_set_new(artifact, "uri", json_string(sarif_uri(s->d->arena, src->name)));
		json_object_set_new(physical, "artifactLocation", artifact);
		where = sarif_region(s->d->sources, at);
		if (where)
			json_object_set_new(physical, "region", where);
		json_object_set_new(o, "physicalLocation", physical);
	}
	if (msg)
		json_object_set_new(o, "message", message(s, msg));
	return o;
}

/* A reportingDescriptor (3.49) of the code; its index among the rules. */
static int rule_index(struct sarif *s, enum tpc_diag_code code)
{
	const struct tpc_diag_page *page = tpc_diag_page(code);
	json_t *o, *help;

	if (s->rule_of[code] >= 0)
		return s->rule_of[code];
	o = json_object();
	json_object_set_new(o, "id", json_string(tpc_diag_code_id(code)));
	json_object_set_new(o, "name", json_string(tpc_diag_code_slug(code)));
	if (page) {
		json_object_set_new(o, "shortDescription", message(s, page->summary));
		help = json_object();
		json_object_set_new(help, "text", json_string(page->mend));
		json_object_set_new(help, "markdown", json_string(page->text));
		json_object_set_new(o, "help", help);
	}
	s->rule_of[code] = (int)json_array_size(s->rules);
	json_array_append_new(s->rules, o);
	return s->rule_of[code];
}

/* The hint belongs to the message: SARIF's fixes want exact replacements, which a hint is not. */
static json_t *result_message(struct sarif *s, const struct tpc_diag *diag)
{
	if (!diag->hint)
		return message(s, diag->msg);
	return message(s, tpc_sprintf(s->d->arena, "%s (%s)", diag->msg, diag->hint));
}

/* A result (3.27). */
static void add_result(struct sarif *s, const struct tpc_diag *diag)
{
	json_t *o = json_object(), *places = json_array(), *related = json_array();
	const struct tpc_diag_note *note;

	json_object_set_new(o, "ruleId", json_string(tpc_diag_code_id(diag->code)));
	json_object_set_new(o, "ruleIndex", json_integer(rule_index(s, diag->code)));
	json_object_set_new(o, "level", json_string(diag->sev == TPC_ERROR ? "error" : "warning"));
	json_object_set_new(o, "message", result_message(s, diag));
	if (diag->at.file)
		json_array_append_new(places, location(s, diag->at, NULL));
	json_object_set_new(o, "locations", places);
	tpc_vec_foreach (note, &diag->notes)
		json_array_append_new(related, location(s, note->at, note->msg));
	if (json_array_size(related))
		json_object_set_new(o, "relatedLocations", related);
	else
		json_decref(related);
	json_array_append_new(s->results, o);
}

/* Did a tool or the machine fail, so that results say little about the policies? Those are the codes 5xx. */
static bool run_failed(const struct tpc_diags *d)
{
	for (uint32_t i = 0; i < d->list.len; i++)
		if (d->list.items[i]->sev == TPC_ERROR &&
		    tpc_diag_code_id(d->list.items[i]->code)[strlen("TPC")] == '5')
			return true;
	return false;
}

/* An invocation (3.20): whether the run came to its end, and how many results were left out. */
static json_t *invocation(struct sarif *s)
{
	json_t *o = json_object(), *notes, *n;

	json_object_set_new(o, "executionSuccessful", json_boolean(!run_failed(s->d)));
	if (s->d->dropped) {
		notes = json_array();
		n = json_object();
		json_object_set_new(n, "level", json_string("note"));
		json_object_set_new(n, "message",
				    message(s, tpc_sprintf(s->d->arena, "%u more not shown", s->d->dropped)));
		json_array_append_new(notes, n);
		json_object_set_new(o, "toolExecutionNotifications", notes);
	}
	return o;
}

/* The run (3.14). */
static json_t *run(struct sarif *s)
{
	json_t *o = json_object(), *tool = json_object(), *driver = json_object(), *list = json_array();

	json_object_set_new(driver, "name", json_string("tpc"));
	json_object_set_new(driver, "version", json_string(TPC_VERSION));
	json_object_set_new(driver, "semanticVersion", json_string(TPC_VERSION));
	json_object_set_new(driver, "rules", s->rules);
	json_object_set_new(tool, "driver", driver);
	json_object_set_new(o, "tool", tool);
	json_array_append_new(list, invocation(s));
	json_object_set_new(o, "invocations", list);
	json_object_set_new(o, "columnKind", json_string("utf16CodeUnits"));
	json_object_set_new(o, "results", s->results);
	return o;
}

void tpc_diags_print_sarif(struct tpc_diags *d, FILE *out)
{
	struct sarif s = { .d = d, .rules = json_array(), .results = json_array() };
	json_t *log = json_object(), *runs = json_array();

	memset(s.rule_of, -1, sizeof(s.rule_of));
	for (uint32_t i = 0; i < d->list.len; i++)
		add_result(&s, d->list.items[i]);
	json_object_set_new(log, "$schema", json_string(SARIF_SCHEMA_URI));
	json_object_set_new(log, "version", json_string("2.1.0"));
	json_array_append_new(runs, run(&s));
	json_object_set_new(log, "runs", runs);
	json_dumpf(log, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(log);
}
