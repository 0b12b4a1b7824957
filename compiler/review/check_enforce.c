// SPDX-License-Identifier: Apache-2.0
/* What enforcement does and what it does not (TPR401 to TPR412). */
#include <stdlib.h>

#include "review/about.h"

static bool is_exec(const struct rv_hook *h)
{
	return strstr(h->target, "bprm_") || strstr(h->target, "sys_execve") ||
	       strstr(h->target, "sched_process_exec");
}

static bool is_security_call(const struct rv_hook *h)
{
	return !strncmp(h->target, "security_", 9);
}

static bool can_override(const struct rv_hook *h)
{
	if (h->fentry)
		return false;
	if (h->row)
		return h->row->override.v != KNOW_OVERRIDE_NO && h->row->override.v != KNOW_OVERRIDE_NONE;
	return h->kind == KNOW_LSM || h->kind == KNOW_SYSCALL || is_security_call(h);
}

/* ---- TPR401: everything that comes to a busy hook ---- */
static void unfiltered(struct rv *r, const struct rv_rule *u)
{
	const struct know_hook *row = u->hook->row;

	if (!rv_enforces(u->hook->policy, u->acts) || about_has_filters(u) || u->nr ||
	    u->hook->kind == KNOW_UPROBE)
		return;
	if (row && row->rate.v != KNOW_OFTEN && row->rate.v != KNOW_HOT)
		return;
	rv_mend(r,
		rv_say(r, u->at, "the rule has no filter, so it hits every call of %s that comes to it",
		       rv_hook_words(r->arena, u->hook)),
		"filter on what must not happen, or put selectors with NoPost for what may before it");
}

/* ---- TPR402: the signal comes when it is done ---- */

/* What it does stays when the process is gone; a file that was opened or a user that was changed to goes with it. */
static bool outlives(const struct rv_hook *h)
{
	static const char *const words[] = { "write",
					     "unlink",
					     "rename",
					     "truncate",
					     "link",
					     "mkdir",
					     "rmdir",
					     "mknod",
					     "chmod",
					     "chown",
					     "setxattr",
					     "removexattr",
					     "setattr",
					     "mount",
					     "connect",
					     "send",
					     "kill",
					     "module",
					     "kernel_read_file",
					     "kernel_load_data",
					     "bpf",
					     "settime",
					     "reboot",
					     "kexec",
					     "inode_create",
					     "sys_creat",
					     "swapon",
					     "key_" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(h->target, words[i]))
			return true;
	return false;
}

static void too_late(struct rv *r, const struct rv_rule *u)
{
	bool override = can_override(u->hook);
	struct rv_finding *x;

	/* Of a probe in a program the signal comes before the function goes on. */
	if (!(u->acts & RV_ACT_KILL) || u->acts & RV_ACT_OVERRIDE || is_exec(u->hook) ||
	    u->hook->kind == KNOW_UPROBE || u->hook->kind == KNOW_TRACEPOINT || !outlives(u->hook) ||
	    !about_action(u, TPC_ACTION_SIGKILL))
		return;
	x = rv_say(r, about_action(u, TPC_ACTION_SIGKILL)->at,
		   "the process is killed when %s returns, and what it asked for is done by then",
		   rv_hook_words(r->arena, u->hook));
	if (override)
		rv_mend(r, x,
			"add 'action: Override' with 'argError: -1' before it, or say that it only detects");
	else
		rv_mend(r, x,
			"hook the LSM hook on the way, which can be overridden, or say that it only detects");
	if (!override || r->ret->brief->appetite.v == BRIEF_ALERT ||
	    r->ret->brief->appetite.v == BRIEF_OBSERVE)
		x->severity = RV_MEDIUM;
	about_weigh_event(x, u->hook->policy, u->acts);
}

/* ---- TPR403: enforcement that Tetragon does not see ---- */
static void return_only(struct rv *r, const struct rv_policy *p)
{
	struct rv_hook *const *h;
	struct rv_rule *const *u;
	const struct tpc_action *a, *first = NULL;
	unsigned acts = 0;

	tpc_vec_foreach (h, &p->hooks)
		tpc_vec_foreach (u, &(*h)->rules) {
			if (!(*u)->whole)
				continue;
			tpc_vec_foreach (a, &(*u)->whole->match_actions)
				acts |= rv_act_of(a);
			tpc_vec_foreach (a, &(*u)->whole->match_return_actions)
				if (!first && rv_act_of(a) & RV_ACTS_ENFORCE)
					first = a;
		}
	if (!first || acts & RV_ACTS_ENFORCE)
		return;
	rv_mend(r,
		rv_say(r, first->at,
		       "Tetragon looks for enforcement in matchActions alone: this policy is taken as monitor-only, and '%s' is not done",
		       first->action.s),
		"enforce in matchActions, or post only");
}

/* ---- TPR404: nobody sees what was enforced ---- */
static void in_silence(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_action *a = about_action(u, TPC_ACTION_NO_POST);
	struct rv_finding *x;

	if (!a || !(u->acts & RV_ACTS_ENFORCE))
		return;
	x = rv_say(r, a->at,
		   "what this rule enforces leaves no event, so nobody can tell why the process failed");
	rv_mend(r, x, "write 'action: Post' with a rateLimit instead");
	about_weigh_event(x, u->hook->policy, u->acts);
}

/* ---- TPR405: what the runtime does inside the pod ---- */
static void runtime_init(struct rv *r, const struct rv_rule *u)
{
	const struct rv_hook *h = u->hook;

	if (!rv_enforces(h->policy, u->acts) || !h->policy->scope.pods || about_names_programs(u) ||
	    u->nr > 64)
		return;
	if (!about_is_work_of(r, h, "runc", NULL) && !about_is_work_of(r, h, "crun", NULL))
		return;
	/* What it does to processes it does from outside. */
	if (about_is_work_of(r, h, "runc", "process") || about_is_work_of(r, h, "crun", "process"))
		return;
	rv_mend(r,
		rv_say(r, u->at,
		       "the container runtime does this in the pod's own cgroup before the program starts: pods may not start"),
		"let it through, test starting, restarting, exec and probes in monitor mode first, or only post");
}

/* ---- TPR406: by kernels that the brief names ---- */
static void kernel_signal(struct rv *r, const struct rv_rule *u)
{
	const char *k = u->acts & (RV_ACT_KILL | RV_ACT_SIGNAL) ? about_older_kernel(r, 5, 3) : NULL;

	if (k)
		rv_mend(r,
			rv_say(r, u->at, "programs can send signals from Linux 5.3 on, and there is %s", k),
			"override the result, or keep the policy off these nodes");
}

/* ---- TPR407: the workload itself is hit ---- */

static bool is_of(const struct rv_policy *p, const struct brief_workload *w)
{
	return p->scope.pods && (!p->scope.namespaced || !w->ns.set || !strcmp(w->ns.s, p->p->metadata.ns.s));
}

static bool hits_workload(const struct rv_rule *u, const struct brief_workload *w)
{
	const struct tpc_text *b;

	if (!w->binaries.len)
		return !about_names_programs(u);
	tpc_vec_foreach (b, &w->binaries)
		if (about_program_passes(u, b->s) && !about_let_through(u, b->s))
			return true;
	return false;
}

static void hits_latency(struct rv *r, const struct rv_rule *u)
{
	const struct brief_workload *w;

	if (!rv_enforces(u->hook->policy, u->acts) || !(u->acts & (RV_ACT_KILL | RV_ACT_SIGNAL)))
		return;
	tpc_vec_foreach (w, &r->ret->brief->workloads) {
		if (!w->latency_sensitive.v || !is_of(u->hook->policy, w) || !hits_workload(u, w))
			continue;
		rv_mend(r,
			rv_say(r, u->at,
			       "'%s' is latency-sensitive, and its main process may be killed by this: the pod restarts, and whoever can cause it can do so again",
			       w->name.s),
			"override the result without a signal, or leave its programs out by matchBinaries NotIn");
	}
}

/* ---- TPR408: the way back is blocked ---- */
static void blocks_agent(struct rv *r, const struct rv_rule *u)
{
	static const char agent[] = "/usr/bin/tetragon";
	const struct rv_hook *h = u->hook;
	struct rv_finding *x;

	if (!rv_enforces(h->policy, u->acts) || !about_is_work_of(r, h, "tetragon", "kernel"))
		return;
	/* The agent runs as a pod, in a namespace of its own. */
	if ((h->policy->scope.namespaced || h->policy->scope.labels) && !h->policy->scope.host)
		return;
	if (!about_program_passes(u, agent) || about_let_through(u, agent))
		return;
	x = rv_say(r, u->at,
		   "this hits Tetragon itself, which then can neither start again nor take the policy back");
	rv_mend(r, x, "let %s through, and keep the policy to the pods of applications", agent);
}

/* ---- TPR409: exemptions of one policy do not hold in another ---- */

static bool enforced_elsewhere(struct rv *r, struct logic *l, const struct rv_rule *u,
			       const struct ir_rule *exempt, const struct ir_chain *other)
{
	const struct rv_hook *o = logic_hook(r, other);
	struct rv_rule *const *v;

	if (!o || o->policy == u->hook->policy || !rv_enforces(o->policy, o->policy->acts) ||
	    !logic_scopes_meet(u->hook->policy, o->policy))
		return false;
	tpc_vec_foreach (v, &o->rules) {
		const struct ir_rule *b;

		if (!l->rel->budget)
			return false;
		l->rel->budget--;
		b = (*v)->nr < other->rules.len ? &other->rules.items[(*v)->nr] : NULL;
		if (!b || !((*v)->acts & RV_ACTS_ENFORCE) || logic_excludes(l, exempt, b))
			continue;
		r->rule = u;
		rv_mend(r,
			rv_say(r, u->at,
			       "what is let through here is still hit by policy '%s' on the same hook: policies are asked apart",
			       o->policy->p->metadata.name.s),
			"write the exemption into each enforcing policy, or make them one");
		return true;
	}
	return false;
}

static void exempt_here_only(struct rv *r, const struct rv_hook *h)
{
	struct rv_rule *const *u;
	const struct ir_chain *o;
	struct logic l;

	if (!(h->policy->acts & RV_ACTS_ENFORCE) || !logic_of(r, h, &l) || l.p->chains.len < 2)
		return;
	tpc_vec_foreach (u, &h->rules) {
		const struct ir_rule *a =
			(*u)->no_post && !((*u)->acts & RV_ACTS_ENFORCE) ? logic_rule(&l, *u) : NULL;

		if (a)
			tpc_vec_foreach (o, &l.p->chains)
				if (o != l.ch && l.rel->budget && enforced_elsewhere(r, &l, *u, a, o))
					break;
	}
	r->rule = NULL;
}

/* ---- TPR410: which error, which signal ---- */
static void probing_call(struct rv *r, const struct rv_rule *u)
{
	static const char *const calls[] = { "sys_io_uring_setup", "sys_memfd_create",
					     "sys_clone3",	   "sys_openat2",
					     "sys_faccessat2",	   "sys_rseq",
					     "sys_statx",	   NULL };
	const struct tpc_action *a = about_action(u, TPC_ACTION_OVERRIDE);

	if (!a || a->arg_error.v != -1 || !about_in_words(u->hook->target, calls))
		return;
	rv_mend(r,
		rv_say(r, a->arg_error.at,
		       "libraries try %s and fall back when it is unknown; -1 (EPERM) many take for a failure",
		       u->hook->target),
		"write 'argError: -38' (ENOSYS)");
}

/* ---- TPR411 ---- */
static void weak_signal(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_action *a;

	if (!u->whole)
		return;
	tpc_vec_foreach (a, &u->whole->match_actions) {
		bool sends = a->action.v == TPC_ACTION_SIGNAL ||
			     (a->action.v == TPC_ACTION_NOTIFY_ENFORCER && a->arg_sig.v);

		if (!sends || a->arg_sig.v == 9)
			continue;
		rv_mend(r,
			rv_say(r, a->at,
			       a->arg_sig.v == 19 ?
				       "signal 19 stops the process for good, and the pod hangs" :
				       "signal %d can be caught or ignored by the process",
			       (int)a->arg_sig.v),
			"use Sigkill, or Override to refuse the operation");
	}
}

/* ---- TPR412: more than the brief asks for ---- */
static void beyond_appetite(struct rv *r, const struct rv_policy *p)
{
	const struct tpc_word *appetite = &r->ret->brief->appetite;
	struct rv_finding *x;

	if (!rv_enforces(p, p->acts) || !appetite->v || appetite->v == BRIEF_BLOCK)
		return;
	x = rv_say(r, p->p->metadata.name.at, "the policy enforces, and the brief wants no more than '%s'",
		   appetite->v == BRIEF_ALERT ? "alert" : "observe");
	rv_mend(r, x, "set the option policy-mode to monitor");
	about_set_monitor(r, x, p);
}

const struct rv_check rv_checks_enforce[] = {
	{ .code = "TPR401", .of_rule = unfiltered },
	{ .code = "TPR402", .of_rule = too_late },
	{ .code = "TPR403", .of_policy = return_only },
	{ .code = "TPR404", .of_rule = in_silence },
	{ .code = "TPR405", .of_rule = runtime_init },
	{ .code = "TPR406", .of_rule = kernel_signal },
	{ .code = "TPR407", .of_rule = hits_latency },
	{ .code = "TPR408", .of_rule = blocks_agent },
	{ .code = "TPR409", .of_hook = exempt_here_only },
	{ .code = "TPR410", .of_rule = probing_call },
	{ .code = "TPR411", .of_rule = weak_signal },
	{ .code = "TPR412", .of_policy = beyond_appetite },
	{ 0 },
};
