// SPDX-License-Identifier: Apache-2.0
/* Which events there are, and how bad each is. */
#include "base/text.h"
#include "review/routing_impl.h"

const char *const rt_levels[] = { "low", "low", "medium", "high", "critical" };

/* What lets a person decide without a second look, of an event of a rule. */
const struct rt_field rt_fields[] = {
	{ "time, node_name, cluster_name", "when and where" },
	{ "policy_name, message, tags", "which rule, and what it means" },
	{ "function_name, args, return", "what was done to what" },
	{ "action", "what the rule asked for; in monitor mode too, so it is no proof" },
	{ "process.exec_id, process.parent_exec_id", "keys to join on: process.pid is reused" },
	{ "process.binary, process.arguments, process.cwd", "who did it, as it was invoked" },
	{ "process.uid, process.auid, process.flags, process.in_init_tree",
	  "on whose behalf, and whether the container's own entrypoint started it" },
	{ "process.start_time", "how long it has been running" },
	{ "process.pod.namespace, process.pod.name, process.pod.workload, process.pod.workload_kind",
	  "whose it is; absent for the host" },
	{ "process.pod.container.id, process.pod.container.name, process.pod.container.image.id, process.pod.container.start_time",
	  "which image, and how long it has been up" },
	{ "parent.exec_id, parent.binary, parent.arguments", "what started it" },
	{ "process.process_credentials, process.ns", "with tetragon.enableProcessCred and enableProcessNs" },
	{ NULL, NULL },
};

bool rt_is_plain(const char *s)
{
	if (!*s)
		return false;
	for (; *s; s++)
		if (!tpc_is_alnum(*s) && !strchr("._-/", *s))
			return false;
	return true;
}

void rt_add_file(struct rt *rt, const char *path, const char *about, const struct tpc_buf *text)
{
	*tpc_vec_push(rt->a, &rt->ret->files) =
		(struct rt_file){ .path = path, .text = tpc_buf_text(text), .about = about };
}

const char *rt_names(struct rt *rt, const struct rt_policy *p, const char *quote, const char *between)
{
	const char *s = "";

	for (uint32_t i = 0; i < 3 && p->names[i]; i++)
		s = tpc_sprintf(rt->a, "%s%s%s%s%s", s, i ? between : "", quote, p->names[i], quote);
	return s;
}

/* ---- routes ---- */

/* Field of the event, as its JSON has it. */
static const char *event_of(const struct rv_hook *h)
{
	if (h->lsm)
		return "process_lsm";
	if (h->tracepoint)
		return "process_tracepoint";
	if (h->usdt)
		return "process_usdt";
	return h->uprobe ? "process_uprobe" : "process_kprobe";
}

/* Calls have a prefix of the architecture in events, which the shippers' filters cut off. */
static const char *function_of(const struct rv_hook *h)
{
	if (!(h->lsm || h->tracepoint || h->kprobe) || !rt_is_plain(h->target) ||
	    !strncmp(h->target, "list:", 5))
		return NULL;
	return h->target;
}

static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *s = list; (s = strstr(s, word)); s += n)
		if ((s == list || s[-1] == ' ') && (!s[n] || s[n] == ','))
			return true;
	return false;
}

static void add_word(struct tpc_arena *a, const char **list, const char *word)
{
	if (!has_word(*list, word))
		*list = tpc_sprintf(a, "%s%s%s", *list, **list ? ", " : "", word);
}

static bool sees_one_wholly(const struct rv_rule *u)
{
	const struct rv_covered *t;

	tpc_vec_foreach (t, &u->threats)
		if (t->how == RV_COVERS_ALL)
			return true;
	return false;
}

/* Of a rule that sees a threat wholly, those that it sees in part say little. */
static void worsen(struct rt_route *route, const struct rv_rule *u, const struct rv_covered *t)
{
	if (t->how != RV_COVERS_ALL && sees_one_wholly(u))
		return;
	if (t->threat->severity.v > route->severity)
		route->severity = (enum know_level)t->threat->severity.v;
}

static void add_route(struct rt *rt, struct rt_policy *p, const struct rv_hook *h)
{
	struct rt_route route = {
		.hook = h, .event = event_of(h), .function = function_of(h), .why = "", .silent = true
	};
	struct rv_rule *const *u;
	const struct rv_covered *t;
	const struct tpc_text *m;

	tpc_vec_foreach (u, &h->rules) {
		if ((*u)->no_post)
			continue;
		route.silent = false;
		tpc_vec_foreach (t, &(*u)->threats) {
			worsen(&route, *u, t);
			add_word(rt->a, &route.why, t->threat->id.s);
			tpc_vec_foreach (m, &t->threat->mitre) {
				bool have = false;

				for (uint32_t i = 0; i < p->mitre.len; i++)
					have |= !strcmp(p->mitre.items[i], m->s);
				if (!have && rt_is_plain(m->s))
					*tpc_vec_push(rt->a, &p->mitre) = m->s;
			}
		}
	}
	/* What prevents something is worth a look even when nobody knows the threat. */
	if (!route.severity)
		route.severity = h->policy->acts & RV_ACTS_ENFORCE ? KNOW_MEDIUM : KNOW_LOW;
	*tpc_vec_push(rt->a, &rt->ret->routes) = route;
}

static void add_policy(struct rt *rt, const struct rv_policy *p)
{
	struct rt_policy x = { .policy = p, .threats = "" };
	uint32_t before = rt->ret->routes.len;
	struct rv_hook *const *h;

	x.names[0] = p->p->metadata.name.s;
	if (p->acts & RV_ACTS_ENFORCE) {
		x.names[1] = ro_name(rt->a, p, RO_CANARY);
		x.names[2] = ro_name(rt->a, p, RO_ENFORCE);
	}
	tpc_vec_foreach (h, &p->hooks)
		add_route(rt, &x, *h);
	for (uint32_t i = before; i < rt->ret->routes.len; i++) {
		const struct rt_route *route = &rt->ret->routes.items[i];

		if (route->silent)
			continue;
		if (route->severity > x.severity)
			x.severity = route->severity;
		if (*route->why && !strstr(x.threats, route->why))
			x.threats =
				tpc_sprintf(rt->a, "%s%s%s", x.threats, *x.threats ? ", " : "", route->why);
	}
	if (x.severity)
		*tpc_vec_push(rt->a, &rt->policies) = x;
}

const struct routing *routing_plan(const struct review *r)
{
	struct rt rt = { .r = r, .a = r->c->arena, .ret = tpc_new(r->c->arena, struct routing) };
	struct rv_policy *const *p;

	tpc_vec_foreach (p, &r->policies)
		if (!(*p)->p->bad && ro_is_name(&(*p)->p->metadata.name))
			add_policy(&rt, *p);
	if (rt.policies.len) {
		rt_put_helm(&rt);
		rt_put_fluent_bit(&rt);
		rt_put_vector(&rt);
		rt_put_siem(&rt);
	}
	return tpc_arena_exhausted(rt.a) ? NULL : rt.ret;
}
