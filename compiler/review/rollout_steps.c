// SPDX-License-Identifier: Apache-2.0
/* What to type in each stage, what to look for, when to stop and how to go back. All names in commands are Kubernetes names. */
#include "base/buf.h"
#include "base/utf8.h"
#include "review/rollout_impl.h"

struct making {
	struct tpc_arena *a;
	const struct review *r;
	const struct ro_stage *s;
	const struct rollout *plan;
	bool enforces; /* any of the stage's policies has enforcing actions, in whatever mode */
};

__attribute__((format(printf, 3, 4))) static void tell(struct making *m, struct ro_steps *to, const char *fmt,
						       ...)
{
	va_list ap;

	va_start(ap, fmt);
	*tpc_vec_push(m->a, &to->list) = (struct ro_step){ .text = tpc_vsprintf(m->a, fmt, ap) };
	va_end(ap);
}

static void command(struct ro_steps *to, const char *lines)
{
	to->list.items[to->list.len - 1].command = lines;
}

/* ---- pieces of commands ---- */

/* Each agent answers for its own node: commands go to all of them. Without a terminal, so that loops go on. */
#define ON_AGENTS                                                                                            \
	"on_agents() {\n"                                                                                    \
	"  for pod in $(kubectl -n kube-system get pods -l app.kubernetes.io/name=tetragon -o name); do\n"   \
	"    echo \"# ${pod##*/}\"\n"                                                                        \
	"    kubectl -n kube-system exec \"$pod\" -c tetragon -- \"$@\"\n"                                   \
	"  done\n"                                                                                           \
	"}"
#define LIST "on_agents tetra tracingpolicy list"
#define WHO                                                                                                           \
	"-r '(.process_kprobe // .process_lsm // .process_tracepoint // .process_uprobe // .process_usdt // empty)\n" \
	"  | [.policy_name, .process.pod.namespace // \"(host)\", .process.pod.workload // \"-\", .process.binary]\n" \
	"  | @tsv'"

#define PODS "for pod in $(kubectl -n kube-system get pods -l app.kubernetes.io/name=tetragon -o name); do\n"
#define IN_POD "  kubectl -n kube-system exec \"$pod\" -c tetragon -- "

static const char *kind_words(const struct rv_policy *p)
{
	return p->scope.namespaced ? "tracingpolicynamespaced" : "tracingpolicy";
}

/* " -n payments", or nothing for what has no namespace. */
static const char *in_namespace(const struct making *m, const struct rv_policy *p)
{
	const struct tpc_text *ns = &p->p->metadata.ns;

	if (!p->scope.namespaced)
		return "";
	return tpc_sprintf(m->a, " -n %s", ns->set ? ns->s : "default");
}

static const char *names(const struct making *m, const char *between)
{
	struct tpc_buf b = TPC_BUF(m->a);
	const struct ro_file *f;

	tpc_vec_foreach (f, &m->s->files)
		tpc_buf_printf(&b, "%s%s", b.len ? between : "", f->name);
	return tpc_buf_text(&b);
}

/* Each agent has a mode of its own: a command in one pod reaches one node. */
static const char *set_mode(const struct making *m, const char *mode)
{
	struct tpc_buf b = TPC_BUF(m->a);
	const struct ro_file *f;

	tpc_buf_puts(&b, PODS);
	tpc_vec_foreach (f, &m->s->files)
		if (f->policy->acts & RV_ACTS_ENFORCE)
			tpc_buf_printf(&b, IN_POD "tetra tracingpolicy set-mode --domain k8s%s %s %s\n",
				       in_namespace(m, f->policy), f->name, mode);
	tpc_buf_puts(&b, "done");
	return tpc_buf_text(&b);
}

static const char *delete_names(const struct making *m, enum ro_kind kind)
{
	struct tpc_buf b = TPC_BUF(m->a);
	const struct ro_file *f;

	tpc_vec_foreach (f, &m->s->files)
		tpc_buf_printf(&b, "%skubectl%s delete %s %s", b.len ? "\n" : "", in_namespace(m, f->policy),
			       kind_words(f->policy), ro_name(m->a, f->policy, kind));
	return tpc_buf_text(&b);
}

/* ---- bringing it up ---- */

static bool any_by_node(const struct ro_stage *s)
{
	const struct ro_file *f;

	tpc_vec_foreach (f, &s->files)
		if (f->by_node)
			return true;
	return false;
}

static void tell_by_hand(struct making *m, struct ro_steps *to)
{
	const struct ro_file *f;

	tpc_vec_foreach (f, &m->s->files)
		if (!f->yaml)
			tell(m, to, "Write %s by hand from the corrected policy: %s", f->path, f->by_hand);
}

static void apply_canary(struct making *m, struct ro_steps *to)
{
	const struct ro_file *f;

	tpc_vec_foreach (f, &m->s->files)
		tell(m, to, "%s is for %s", f->name, f->canary);
	if (!any_by_node(m->s))
		return;
	tell(m, to,
	     "Choose a node that can be spared, and label it; agents up to 1.7 know no nodeSelector and would load the policy "
	     "everywhere, which --validate=strict below refuses: there, leave this stage's file out, apply the next stage's "
	     "with policy-mode: monitor, and set the mode in one agent's pod only");
	command(to, "kubectl label node NODE " RO_NODE_LABEL "=true");
}

static void tell_apply(struct making *m, struct ro_steps *to)
{
	const struct ro_stage *s = m->s;

	if (s->kind == RO_OBSERVE) {
		tell(m, to, "Once in a shell, for the commands below: each agent answers for its own node");
		command(to, ON_AGENTS);
		tell(m, to, "See what the nodes can do: LSM BPF, override, large programs");
		command(to, "on_agents tetra probe");
		tell(m, to,
		     "See that no policy of these names is there: it would be replaced, and stop enforcing. If one is, give these "
		     "another name");
		command(to, "kubectl get tracingpolicies,tracingpoliciesnamespaced -A");
	}
	tell_by_hand(m, to);
	if (s->kind == RO_CANARY)
		apply_canary(m, to);
	if (s->kind == RO_ALERT)
		tell(m, to,
		     "Bring up the filters and rules of routing/ first, so that the first event arrives");
	if (s->kind >= RO_CANARY)
		tell(m, to,
		     "Rehearse the way back below before anything is prevented; the policy has a new name, for an edit deletes the "
		     "old one first, and when the new one does not load nothing is left");
	tell(m, to, "Apply; the API server's yes says nothing about the nodes");
	command(to, tpc_sprintf(m->a, "kubectl apply --validate=strict -f stages/%s/", s->dir));
	tell(m, to, "On each node: STATE is enabled, MODE is %s; no load_error, no partially_enabled",
	     s->kind >= RO_CANARY ? "enforce" :
	     m->enforces	  ? "monitor, or monitor_only where a policy enforces nothing" :
				    "monitor_only");
	command(to, LIST);
	if (s->kind != RO_ENFORCE)
		return;
	tell(m, to, "When it is enabled on every node, delete what watched and enforced before it");
	command(to, tpc_sprintf(m->a, "%s\n%s", delete_names(m, RO_CANARY), delete_names(m, RO_ALERT)));
}

/* ---- watching ---- */

static void tell_watch(struct making *m, struct ro_steps *to)
{
	const struct ro_file *f;
	struct tpc_buf b = TPC_BUF(m->a);

	tell(m, to, "Events of all nodes, a file each");
	command(to,
		tpc_sprintf(
			m->a,
			PODS
			"%stetra getevents -o json --policy-names %s >\"events-${pod##*/}.json\" &\ndone\nwait",
			IN_POD, names(m, ",")));
	tell(m, to, "Who did it, most frequent first: each group is exempted, mended or accepted by name");
	command(to, "cat events-*.json | jq " WHO " | sort | uniq -c | sort -rn");
	if (m->enforces) {
		tell(m, to,
		     "What was prevented, or would have been: NENFORCE and NMONITOR of the list, or these; the event's action says "
		     "SIGKILL or OVERRIDE in monitor mode too");
		command(to,
			tpc_sprintf(
				m->a,
				"tetragon_tracingpolicy_selector_actions_total{policy=~\"%s\",action=~\"%s\"}",
				names(m, "|"),
				m->s->kind < RO_CANARY ? "monitor_.*" : "signal|override|notify_enforcer"));
	}
	if (m->s->kind != RO_OBSERVE)
		return;
	tpc_vec_foreach (f, &m->s->files)
		tpc_buf_printf(
			&b, "%stpc compile stages/%s -o %s.bpf.o && tpc-loader run %s.bpf.o --mode monitor",
			b.len ? "\n" : "", f->path, f->name, f->name);
	tell(m, to,
	     "The same rules on one machine without Tetragon, as root (tpc-loader prints Tetragon's events)");
	command(to, tpc_buf_text(&b));
}

/* ---- what must be seen ---- */

/* One that a rule sees wholly: what to do in the test. */
static const struct know_threat *whole_threat(const struct rv_policy *p)
{
	struct rv_hook *const *h;
	struct rv_rule *const *u;
	const struct rv_covered *t;

	tpc_vec_foreach (h, &p->hooks)
		tpc_vec_foreach (u, &(*h)->rules)
			tpc_vec_foreach (t, &(*u)->threats)
				if (t->how == RV_COVERS_ALL && !(*u)->no_post)
					return t->threat;
	return NULL;
}

static void tell_want(struct making *m, struct ro_steps *to)
{
	const struct ro_file *f;

	tpc_vec_foreach (f, &m->s->files) {
		const struct know_threat *t = whole_threat(f->policy);

		tell(m, to,
		     "An event of %s, and its NPOST above 0, when what it looks for is done on purpose in its scope%s%s%s",
		     f->name, t ? " (" : "", t ? t->title.s : "", t ? ")" : "");
	}
	if (m->s->kind == RO_ALERT)
		tell(m, to,
		     "The same event in the SIEM, from a pod, and from the host where the scope has it");
	if (m->s->kind >= RO_CANARY && m->enforces)
		tell(m, to, "The test is prevented, and NENFORCE of %s above 0", names(m, ", "));
	tell(m, to,
	     "Quiet through a deployment, a restart, an exec probe, kubectl exec, scaling and the drain of a node");
}

static void tell_agents(struct making *m, struct ro_steps *to)
{
	const struct ro_file *f;
	struct rv_hook *const *h;
	struct rv_rule *const *u;
	const char *s = "";
	uint32_t n = 0;

	tpc_vec_foreach (f, &m->s->files)
		tpc_vec_foreach (h, &f->policy->hooks)
			tpc_vec_foreach (u, &(*h)->rules)
				for (uint32_t i = 0; i < (*u)->agents.len; i++) {
					const char *name = (*u)->agents.items[i]->name.s;

					if (n >= 8 || strstr(s, name))
						continue;
					s = tpc_sprintf(m->a, "%s%s%s", s, n++ ? ", " : "", name);
				}
	if (n)
		tell(m, to, "Agents of the platform among those that the rules hit, such as %s", s);
}

static void tell_avoid(struct making *m, struct ro_steps *to)
{
	tell(m, to, "A group of namespace, workload and binary that nobody has explained");
	tell_agents(m, to);
	if (m->enforces && m->s->kind < RO_CANARY)
		tell(m, to, "NENFORCE above 0 on any node: the policy enforces though it must not");
	tell(m, to, "Lost events: these stay where they are");
	command(to, "tetragon_observer_ringbuf_events_lost_total\ntetragon_bpf_missed_events_total\n"
		    "tetragon_missed_prog_probes_total\ntetragon_export_ratelimit_events_dropped_total");
}

/* ---- when to stop, how to go back ---- */

static void tell_stop(struct making *m, struct ro_steps *to)
{
	const struct brief_workload *w;

	tell(m, to, "A node reports that a policy did not load");
	command(to, "tetragon_tracingpolicy_loaded{state=~\"error|load_error|partially_enabled\"} > 0");
	tell(m, to, "A node is not ready, or pods restart more than before");
	command(to, "kubectl get nodes\n"
		    "kubectl get pods -A --sort-by='.status.containerStatuses[0].restartCount' | tail");
	tpc_vec_foreach (w, &m->r->brief->workloads)
		if (w->latency_sensitive.v)
			tell(m, to,
			     "Requests to %s take longer at the 99th percentile than in the week before",
			     tpc_utf8_shown(m->a, w->name.s, w->name.len));
	if (m->s->kind < RO_CANARY)
		return;
	tell(m, to, "A process outside the test ends by signal 9, in the scope of the policy");
	command(to, PODS IN_POD "tetra getevents -o json -e PROCESS_EXIT |\n"
				"    jq -c 'select(.process_exit.signal == \"SIGKILL\")' &\ndone\nwait");
}

/* Threats have the same words often: @said are those that were told, each between newlines. */
static const char *tell_rollback(struct making *m, struct ro_steps *to, const struct rv_rule *u,
				 const char *said)
{
	const struct rv_covered *t;

	tpc_vec_foreach (t, &u->threats) {
		const char *text = t->threat->rollback.s, *mark = tpc_sprintf(m->a, "\n%s\n", text);

		if (!*text || strstr(said, mark))
			continue;
		said = tpc_sprintf(m->a, "%s%s", said, mark);
		tell(m, to, "What is left: %s", text);
	}
	return said;
}

static void tell_rollback_of(struct making *m, struct ro_steps *to)
{
	const struct ro_file *f;
	struct rv_hook *const *h;
	struct rv_rule *const *u;
	const char *said = "";

	tpc_vec_foreach (f, &m->s->files)
		tpc_vec_foreach (h, &f->policy->hooks)
			tpc_vec_foreach (u, &(*h)->rules)
				if ((*u)->acts & RV_ACTS_ENFORCE)
					said = tell_rollback(m, to, *u, said);
}

static void tell_back(struct making *m, struct ro_steps *to)
{
	if (m->s->kind == RO_OBSERVE) {
		tell(m, to, "Nothing was prevented; take it away");
		command(to, delete_names(m, RO_OBSERVE));
		return;
	}
	if (m->s->kind == RO_ALERT) {
		tell(m, to, "Nothing was prevented; put the stage before it back");
		command(to, tpc_sprintf(m->a, "kubectl apply --validate=strict -f stages/%s/",
					m->plan->stages.items[0].dir));
		return;
	}
	tell(m, to,
	     "At once, in every agent: events go on, nothing is prevented. It lasts until an agent restarts. Agents up to 1.7 "
	     "have no --domain: leave it out");
	command(to, set_mode(m, "monitor"));
	tell(m, to, "Watch as before: bring the alert stage up and see it enabled on every node");
	command(to, tpc_sprintf(m->a, "kubectl apply --validate=strict -f stages/%s/\n" LIST,
				m->plan->stages.items[RO_ALERT].dir));
	tell(m, to, "Last, take the enforcing policy away");
	command(to, delete_names(m, m->s->kind));
	tell_rollback_of(m, to);
}

void ro_make_steps(const struct review *r, const struct rollout *plan, struct ro_stage *s)
{
	struct making m = { .a = r->c->arena, .r = r, .s = s, .plan = plan };
	const struct ro_file *f;

	tpc_vec_foreach (f, &s->files)
		m.enforces |= (f->policy->acts & RV_ACTS_ENFORCE) != 0;
	tell_apply(&m, &s->apply);
	tell_watch(&m, &s->watch);
	tell_want(&m, &s->want);
	tell_avoid(&m, &s->avoid);
	tell_stop(&m, &s->stop);
	tell_back(&m, &s->back);
}
