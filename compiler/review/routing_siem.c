// SPDX-License-Identifier: Apache-2.0
/*
 * Rules for the SIEM of the brief: one a policy, of the severity of its worst threat. They look at what the shippers' filters add
 * (tpc_policy, tpc_hook, tpc_severity), and at events of any stage, so that a policy may move on without them.
 */
#include "base/digest.h"
#include "review/routing_impl.h"

struct siem {
	/* All policies in one file, or one of them in each. */
	void (*all)(struct rt *rt);
	void (*one)(struct rt *rt, const struct rt_policy *p, struct tpc_buf *b);
	const char *dir, *ext, *about;
};

static const char *title(struct rt *rt, const struct rt_policy *p)
{
	return tpc_sprintf(rt->a, "Tetragon: %s", p->names[0]);
}

static const char *description(struct rt *rt, const struct rt_policy *p)
{
	return *p->threats ? tpc_sprintf(rt->a, "TracingPolicy %s saw one of: %s", p->names[0], p->threats) :
			     tpc_sprintf(rt->a, "TracingPolicy %s", p->names[0]);
}

/* A stable UUID of the rule, as version 8 has it: the same policy has the same in each run. */
static const char *uuid(struct rt *rt, const struct rt_policy *p)
{
	const char *what = tpc_sprintf(rt->a, "tpc review %s", p->names[0]);
	const char *s = tpc_digest(rt->a, what, strlen(what));

	s += strlen("sha256:");
	return tpc_sprintf(rt->a, "%.8s-%.4s-8%.3s-8%.3s-%.12s", s, s + 8, s + 12, s + 15, s + 18);
}

/* ---- Splunk ---- */

static void splunk(struct rt *rt)
{
	/* alert.severity: 2 info, 3 warn, 4 error, 5 severe, 6 fatal */
	static const int severities[] = { 2, 2, 3, 4, 5 };
	struct tpc_buf b = TPC_BUF(rt->a);
	const struct rt_policy *p;

	tpc_buf_puts(&b, "# savedsearches.conf of an app of yours. Put your index in place of *.\n");
	tpc_vec_foreach (p, &rt->policies)
		tpc_buf_printf(
			&b,
			"\n[%s]\n"
			"description = %s\n"
			"search = index=* tpc_policy IN (%s) | spath | eval event=coalesce('process_lsm.process.exec_id',"
			"'process_kprobe.process.exec_id','process_tracepoint.process.exec_id','process_uprobe.process.exec_id',"
			"'process_usdt.process.exec_id') | stats count min(_time) as first max(_time) as last values(tpc_hook) as hooks "
			"values(tpc_severity) as severities by tpc_policy node_name event\n"
			"enableSched = 1\n"
			"cron_schedule = */5 * * * *\n"
			"dispatch.earliest_time = -6m@m\n"
			"dispatch.latest_time = -1m@m\n"
			"counttype = number of events\n"
			"relation = greater than\n"
			"quantity = 0\n"
			"alert.track = 1\n"
			"alert.digest_mode = 0\n"
			"alert.severity = %d\n"
			"alert.suppress = 1\n"
			"alert.suppress.fields = tpc_policy,node_name,event\n"
			"alert.suppress.period = 10m\n",
			title(rt, p), description(rt, p), rt_names(rt, p, "\"", ", "),
			severities[p->severity]);
	rt_add_file(rt, "splunk/savedsearches.conf", "Splunk: a saved search a policy, which alerts", &b);
}

/* ---- Elastic ---- */

static void elastic(struct rt *rt)
{
	static const int scores[] = { 21, 21, 47, 73, 99 };
	struct tpc_buf b = TPC_BUF(rt->a);
	const struct rt_policy *p;

	/* Names are Kubernetes names: nothing in them is special in JSON or in KQL. */
	tpc_vec_foreach (p, &rt->policies) {
		tpc_buf_printf(
			&b,
			"{\"rule_id\":\"%s\",\"name\":\"%s\",\"description\":\"%s\",\"type\":\"query\",\"language\":\"kuery\","
			"\"query\":\"tpc_policy : (%s)\",\"index\":[\"logs-*\",\"tetragon-*\"],\"severity\":\"%s\",\"risk_score\":%d,"
			"\"interval\":\"5m\",\"from\":\"now-6m\",\"enabled\":false,\"max_signals\":100,"
			"\"severity_mapping\":[",
			uuid(rt, p), title(rt, p), description(rt, p), rt_names(rt, p, "\\\"", " or "),
			rt_levels[p->severity], scores[p->severity]);
		for (int l = KNOW_LOW; l <= KNOW_CRITICAL; l++)
			tpc_buf_printf(
				&b,
				"%s{\"field\":\"tpc_severity\",\"operator\":\"equals\",\"value\":\"%s\",\"severity\":\"%s\"}",
				l == KNOW_LOW ? "" : ",", rt_levels[l], rt_levels[l]);
		tpc_buf_puts(&b, "],\"tags\":[\"Tetragon\"");
		for (uint32_t i = 0; i < p->mitre.len; i++)
			tpc_buf_printf(&b, ",\"%s\"", p->mitre.items[i]);
		tpc_buf_puts(&b, "]}\n");
	}
	rt_add_file(rt, "elastic/rules.ndjson", "Elastic: detection rules to import, disabled", &b);
}

/* ---- Microsoft Sentinel ---- */

static void sentinel(struct rt *rt, const struct rt_policy *p, struct tpc_buf *b)
{
	static const char *const severities[] = { "Low", "Low", "Medium", "High", "High" };

	tpc_buf_printf(
		b,
		"# The table has the columns that the log shipper's sink gives it: here those of the Log Analytics data collector.\n"
		"id: %s\n"
		"name: \"%s\"\n"
		"description: \"%s\"\n"
		"kind: Scheduled\n"
		"version: 1.0.0\n"
		"severity: %s\n"
		"requiredDataConnectors: []\n"
		"queryFrequency: 5m\n"
		"queryPeriod: 5m\n"
		"triggerOperator: gt\n"
		"triggerThreshold: 0\n"
		"tactics: []\n"
		"relevantTechniques: [",
		uuid(rt, p), title(rt, p), description(rt, p), severities[p->severity]);
	for (uint32_t i = 0; i < p->mitre.len; i++)
		tpc_buf_printf(b, "%s%s", i ? ", " : "", p->mitre.items[i]);
	tpc_buf_printf(b,
		       "]\n"
		       "query: |\n"
		       "  Tetragon_CL\n"
		       "  | where tpc_policy_s in (%s)\n"
		       "  | summarize count(), First = min(TimeGenerated), Last = max(TimeGenerated)\n"
		       "      by tpc_policy_s, tpc_hook_s, tpc_severity_s, node_name_s\n"
		       "entityMappings:\n"
		       "- entityType: Host\n"
		       "  fieldMappings:\n"
		       "  - {identifier: HostName, columnName: node_name_s}\n",
		       rt_names(rt, p, "\"", ", "));
}

/* ---- Chronicle ---- */

/* Names of rules are identifiers. */
static const char *identifier(struct rt *rt, const char *name)
{
	char *s = tpc_sprintf(rt->a, "tetragon_%s", name);

	for (char *c = s; *c; c++)
		if (*c == '-' || *c == '.')
			*c = '_';
	return s;
}

static void chronicle(struct rt *rt, const struct rt_policy *p, struct tpc_buf *b)
{
	static const char *const severities[] = { "Low", "Low", "Medium", "High", "Critical" };

	tpc_buf_printf(
		b,
		"// The parser of the log type puts tpc_policy into security_result.rule_name, and node_name into principal.hostname.\n"
		"rule %s {\n"
		"  meta:\n"
		"    description = \"%s\"\n"
		"    severity = \"%s\"\n"
		"    tpc_rule = \"%s\"\n"
		"  events:\n"
		"    $e.metadata.product_name = \"Tetragon\"\n"
		"    (",
		identifier(rt, p->names[0]), description(rt, p), severities[p->severity], uuid(rt, p));
	for (uint32_t i = 0; i < 3 && p->names[i]; i++)
		tpc_buf_printf(b, "%s$e.security_result.rule_name = \"%s\"", i ? " or " : "", p->names[i]);
	tpc_buf_puts(b, ")\n"
			"    $e.principal.hostname = $host\n"
			"  match:\n"
			"    $host over 5m\n"
			"  condition:\n"
			"    #e > 0\n"
			"}\n");
}

/* ---- Sigma ---- */

static void sigma(struct rt *rt, const struct rt_policy *p, struct tpc_buf *b)
{
	tpc_buf_printf(b,
		       "title: \"%s\"\n"
		       "id: %s\n"
		       "status: experimental\n"
		       "description: \"%s\"\n"
		       "logsource: {product: linux, service: tetragon}\n"
		       "detection:\n"
		       "  selection:\n"
		       "    tpc_policy: [%s]\n"
		       "  condition: selection\n"
		       "fields: [node_name, tpc_policy, tpc_hook, tpc_severity]\n"
		       "level: %s\n",
		       title(rt, p), uuid(rt, p), description(rt, p), rt_names(rt, p, "\"", ", "),
		       rt_levels[p->severity]);
	if (!p->mitre.len)
		return;
	tpc_buf_puts(b, "tags: [");
	for (uint32_t i = 0; i < p->mitre.len; i++) {
		const char *s = p->mitre.items[i];

		tpc_buf_printf(b, "%sattack.%c%s", i ? ", " : "", *s == 'T' ? 't' : *s, s + 1);
	}
	tpc_buf_puts(b, "]\n");
}

/* By enum brief_siem. */
static const struct siem siems[] = {
	[BRIEF_SPLUNK] = { .all = splunk },
	[BRIEF_ELASTIC] = { .all = elastic },
	[BRIEF_SENTINEL] = { .one = sentinel,
			     .dir = "sentinel",
			     .ext = "yaml",
			     .about = "Microsoft Sentinel: an analytics rule" },
	[BRIEF_CHRONICLE] = { .one = chronicle,
			      .dir = "chronicle",
			      .ext = "yaral",
			      .about = "Google SecOps (Chronicle): a rule in YARA-L 2.0" },
	[BRIEF_GENERIC] = { .one = sigma,
			    .dir = "sigma",
			    .ext = "yml",
			    .about = "Sigma: a rule, to be converted" },
};

void rt_put_siem(struct rt *rt)
{
	const uint16_t v = rt->r->brief->siem.v;
	const struct siem *s = &siems[v ? v : BRIEF_GENERIC];
	const struct rt_policy *p;

	if (s->all) {
		s->all(rt);
		return;
	}
	tpc_vec_foreach (p, &rt->policies) {
		struct tpc_buf b = TPC_BUF(rt->a);
		const char *file = ro_file_name(rt->r, p->policy);

		s->one(rt, p, &b);
		rt_add_file(rt,
			    tpc_sprintf(rt->a, "%s/%.*s%s", s->dir, (int)(strlen(file) - strlen("yaml")),
					file, s->ext),
			    s->about, &b);
	}
}
