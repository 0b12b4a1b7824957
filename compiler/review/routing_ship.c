// SPDX-License-Identifier: Apache-2.0
/* Filters of Tetragon's export, and of Fluent Bit and Vector, which add tpc_policy, tpc_hook, tpc_severity and tpc_alert. */
#include "review/routing_impl.h"

/*
 * The chart's default drops all events of the host, of cilium and of kube-system: those of policies too. Only the base events are
 * many there.
 */
void rt_put_helm(struct rt *rt)
{
	struct tpc_buf b = TPC_BUF(rt->a);

	tpc_buf_puts(
		&b,
		"# Values of Tetragon's Helm chart: what its JSON export holds. helm upgrade tetragon cilium/tetragon -n kube-system\n"
		"# --reuse-values -f tetragon-values.yaml\n"
		"tetragon:\n"
		"  # The default lacks USDT probes, and the notes that events were throttled.\n"
		"  exportAllowList: |-\n"
		"    {\"event_set\":[\"PROCESS_EXEC\",\"PROCESS_EXIT\",\"PROCESS_KPROBE\",\"PROCESS_UPROBE\","
		"\"PROCESS_TRACEPOINT\",\"PROCESS_LSM\",\"PROCESS_USDT\",\"PROCESS_THROTTLE\"]}\n"
		"  # The default drops every event of the host (\"\"), cilium and kube-system, those of policies too.\n"
		"  # Here that is so for processes that begin and end only.\n"
		"  exportDenyList: |-\n"
		"    {\"health_check\":true,\"event_set\":[\"PROCESS_EXEC\",\"PROCESS_EXIT\"]}\n"
		"    {\"namespace\":[\"\",\"cilium\",\"kube-system\"],\"event_set\":[\"PROCESS_EXEC\",\"PROCESS_EXIT\"]}\n"
		"  # Who a process is, and in which namespaces: off by default.\n"
		"  enableProcessCred: true\n"
		"  enableProcessNs: true\n");
	rt_add_file(rt, "tetragon-values.yaml", "Tetragon's export filters, as values of its Helm chart", &b);
}

/* ---- the table of severities ---- */

/* The worst of @p's routes that are of function @f, for several hooks may be on one function. */
static enum know_level worst(const struct rt *rt, const struct rv_policy *p, const char *f)
{
	const struct rt_route *x;
	enum know_level l = KNOW_LEVEL_NONE;

	tpc_vec_foreach (x, &rt->ret->routes)
		if (x->hook->policy == p && !x->silent && x->function && !strcmp(x->function, f) &&
		    x->severity > l)
			l = x->severity;
	return l;
}

static bool is_first(const struct rt *rt, const struct rt_route *x)
{
	const struct rt_route *y;

	for (y = rt->ret->routes.items; y < x; y++)
		if (y->hook->policy == x->hook->policy && !y->silent && y->function &&
		    !strcmp(y->function, x->function))
			return false;
	return true;
}

/* Each function with its severity, behind what is there: @before and @between stand around the function. */
static void put_functions(struct rt *rt, const struct rt_policy *p, const char *before, const char *between,
			  struct tpc_buf *b)
{
	const struct rt_route *x;

	tpc_vec_foreach (x, &rt->ret->routes)
		if (x->hook->policy == p->policy && !x->silent && x->function && is_first(rt, x))
			tpc_buf_printf(b, ", %s\"%s\"%s\"%s\"", before, x->function, between,
				       rt_levels[worst(rt, p->policy, x->function)]);
}

/* ---- Fluent Bit ---- */

void rt_put_fluent_bit(struct rt *rt)
{
	struct tpc_buf b = TPC_BUF(rt->a);
	const struct rt_policy *p;

	tpc_buf_puts(
		&b,
		"# Fluent Bit 2.0 or later, its configuration in YAML: fluent-bit --dry-run -c fluent-bit.yaml\n"
		"# The output stands for yours. Tetragon up to 1.7 writes below /var/run/cilium/tetragon.\n"
		"parsers:\n"
		"  - name: tetragon\n"
		"    format: json\n"
		"    time_key: time\n"
		"    time_format: \"%Y-%m-%dT%H:%M:%S.%L%z\"\n"
		"    time_keep: true\n"
		"pipeline:\n"
		"  inputs:\n"
		"    - name: tail\n"
		"      path: /var/log/tetragon/tetragon.log\n"
		"      tag: tetragon\n"
		"      parser: tetragon\n"
		"      mem_buf_limit: 32MB\n"
		"  filters:\n"
		"    - name: lua\n"
		"      match: tetragon\n"
		"      call: route\n"
		"      code: |\n"
		"        local severity = {\n");
	tpc_vec_foreach (p, &rt->policies)
		for (uint32_t i = 0; i < 3 && p->names[i]; i++) {
			tpc_buf_printf(&b, "          [\"%s\"] = { [\"\"] = \"%s\"", p->names[i],
				       rt_levels[p->severity]);
			put_functions(rt, p, "[", "] = ", &b);
			tpc_buf_puts(&b, " },\n");
		}
	tpc_buf_puts(
		&b,
		"        }\n"
		"        function route(tag, timestamp, record)\n"
		"          for _, kind in ipairs({ \"process_lsm\", \"process_kprobe\", \"process_tracepoint\", \"process_uprobe\","
		" \"process_usdt\" }) do\n"
		"            local event = record[kind]\n"
		"            local rules = event and severity[event.policy_name]\n"
		"            if rules then\n"
		"              local hook = event.function_name or \"\"\n"
		"              if event.subsys then hook = event.subsys .. \"/\" .. (event.event or \"\") end\n"
		"              hook = hook:gsub(\"^__[%w]+_sys_\", \"sys_\")\n"
		"              record.tpc_policy = event.policy_name\n"
		"              record.tpc_hook = hook\n"
		"              record.tpc_severity = rules[hook] or rules[\"\"]\n"
		"              record.tpc_alert = true\n"
		"              return 2, timestamp, record\n"
		"            end\n"
		"          end\n"
		"          return 0, timestamp, record\n"
		"        end\n"
		"  outputs:\n"
		"    - name: stdout\n"
		"      match: tetragon\n"
		"      format: json_lines\n");
	rt_add_file(rt, "fluent-bit.yaml", "Fluent Bit: reads the export, adds policy, hook and severity",
		    &b);
}

/* ---- Vector ---- */

void rt_put_vector(struct rt *rt)
{
	struct tpc_buf b = TPC_BUF(rt->a);
	const struct rt_policy *p;
	uint32_t n = 0;

	tpc_buf_puts(
		&b, "# Vector: vector validate --no-environment vector.yaml\n"
		    "# The sink stands for yours. Tetragon up to 1.7 writes below /var/run/cilium/tetragon.\n"
		    "sources:\n"
		    "  tetragon:\n"
		    "    type: file\n"
		    "    include: [/var/log/tetragon/tetragon.log]\n"
		    "transforms:\n"
		    "  tetragon_route:\n"
		    "    type: remap\n"
		    "    inputs: [tetragon]\n"
		    "    source: |\n"
		    "      . = object!(parse_json!(string!(.message)))\n"
		    "      severity = {\n");
	tpc_vec_foreach (p, &rt->policies)
		for (uint32_t i = 0; i < 3 && p->names[i]; i++) {
			tpc_buf_printf(&b, "%s        \"%s\": { \"\": \"%s\"", n++ ? ",\n" : "", p->names[i],
				       rt_levels[p->severity]);
			put_functions(rt, p, "", ": ", &b);
			tpc_buf_puts(&b, " }");
		}
	tpc_buf_puts(
		&b,
		"\n      }\n"
		"      event = object(.process_lsm) ?? object(.process_kprobe) ?? object(.process_tracepoint) ??\n"
		"        object(.process_uprobe) ?? object(.process_usdt) ?? {}\n"
		"      policy = string(event.policy_name) ?? \"\"\n"
		"      rules = object(get!(severity, [policy])) ?? {}\n"
		"      if length(rules) > 0 {\n"
		"        hook = string(event.function_name) ?? \"\"\n"
		"        if exists(event.subsys) {\n"
		"          hook = (string(event.subsys) ?? \"\") + \"/\" + (string(event.event) ?? \"\")\n"
		"        }\n"
		"        hook = replace(hook, r'^__[a-z0-9]+_sys_', \"sys_\")\n"
		"        .tpc_policy = policy\n"
		"        .tpc_hook = hook\n"
		"        .tpc_severity = get!(rules, [hook]) || get!(rules, [\"\"])\n"
		"        .tpc_alert = true\n"
		"      }\n"
		"sinks:\n"
		"  tetragon_out:\n"
		"    type: console\n"
		"    inputs: [tetragon_route]\n"
		"    encoding: {codec: json}\n");
	rt_add_file(rt, "vector.yaml", "Vector: the same", &b);
}
