// SPDX-License-Identifier: Apache-2.0
/* Programs by their path: what a filter on programs lets slip and whom it spares (TPR301 to TPR313). */
#include "review/about.h"

#define PATHS_MAX 64 /* values of a filter that are looked up among the agents' */

/* ---- TPR301: what has no path passes every filter, the negated ones too ---- */

static bool stops_nameless(const struct rv_rule *u)
{
	const struct rv_covered *t;

	if (u->acts & RV_ACTS_ENFORCE && rv_filters_args(u))
		tpc_vec_foreach (t, &u->threats)
			if (!strcmp(t->threat->id.s, "memfd-exec"))
				return true;
	return false;
}

/* Some rule of these policies keeps such programs from being run at all. */
static bool nameless_stopped(struct rv *r)
{
	struct rv_policy *const *p;
	struct rv_hook *const *h;
	struct rv_rule *const *u;

	if (r->nameless_known)
		return r->nameless_stopped;
	r->nameless_known = true;
	tpc_vec_foreach (p, &r->ret->policies)
		tpc_vec_foreach (h, &(*p)->hooks)
			tpc_vec_foreach (u, &(*h)->rules)
				r->nameless_stopped |= stops_nameless(*u);
	return r->nameless_stopped;
}

static void nameless(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_binary_filter *f;
	struct rv_finding *x;

	if (!u->whole || u->no_post || about_names_programs(u))
		return;
	tpc_vec_foreach (f, &u->whole->match_binaries) {
		if (!about_negates(f) || (u->acts & RV_ACTS_ENFORCE && nameless_stopped(r)))
			continue;
		x = rv_say(
			r, f->at,
			"a program without a path, as a memfd has none, is not hit: '%s' does not hold for it",
			f->op.s);
		rv_mend(r, x,
			"let the programs through by a selector before, matchBinaries In and action NoPost, and drop this filter");
		about_weigh(x, u->hook->policy, u->acts);
		return;
	}
}

/* ---- TPR302: names that are links ---- */

/* Where usual images have a link, and what it leads to there. */
static const struct {
	const char *name, *leads_to;
} links[] = {
	{ "sh", "/usr/bin/dash, /usr/bin/bash or /bin/busybox" },
	{ "awk", "/usr/bin/mawk, /usr/bin/gawk or /bin/busybox" },
	{ "java", "the java of its JDK below /usr/lib/jvm" },
	{ "nc", "/usr/bin/nc.openbsd, /usr/bin/ncat or /bin/busybox" },
	{ "netcat", "/usr/bin/nc.openbsd, /usr/bin/ncat or /bin/busybox" },
	{ "python", "/usr/bin/python3.11 or another version" },
	{ "python3", "/usr/bin/python3.11 or another version" },
	{ "modprobe", "/usr/bin/kmod" },
	{ "insmod", "/usr/bin/kmod" },
	{ "rmmod", "/usr/bin/kmod" },
	{ "depmod", "/usr/bin/kmod" },
	{ "lsmod", "/usr/bin/kmod" },
	{ "iptables", "/usr/sbin/xtables-nft-multi or xtables-legacy-multi" },
	{ "ip6tables", "/usr/sbin/xtables-nft-multi or xtables-legacy-multi" },
	{ "reboot", "/usr/bin/systemctl" },
	{ "shutdown", "/usr/bin/systemctl" },
	{ "halt", "/usr/bin/systemctl" },
	{ "poweroff", "/usr/bin/systemctl" },
};

static bool filter_has(const struct tpc_binary_filter *f, const char *s, uint32_t len)
{
	const struct tpc_text *v;

	for (uint32_t i = 0; i < f->values.len && i < PATHS_MAX; i++) {
		v = &f->values.items[i];
		if (v->len == len && !memcmp(v->s, s, len))
			return true;
	}
	return false;
}

static bool has_base(const struct tpc_binary_filter *f, const char *const *bases)
{
	for (uint32_t i = 0; i < f->values.len && i < PATHS_MAX; i++)
		if (about_in_words(about_base(f->values.items[i].s), bases))
			return true;
	return false;
}

/* Another program of the filter is where the link leads to. */
static bool has_target(const struct tpc_binary_filter *f, const char *name)
{
	static const char *const shells[] = { "dash", "bash", "busybox", NULL };
	static const char *const kmod[] = { "kmod", "busybox", NULL };
	static const char *const others[] = { "busybox",
					      "mawk",
					      "gawk",
					      "nc.openbsd",
					      "ncat",
					      "systemctl",
					      "xtables-nft-multi",
					      "xtables-legacy-multi",
					      NULL };

	if (!strcmp(name, "sh"))
		return has_base(f, shells);
	if (strstr(name, "mod"))
		return has_base(f, kmod);
	if (!strncmp(name, "python", 6) || !strcmp(name, "java"))
		return f->values.len > 1; /* versions are what a site knows */
	return has_base(f, others);
}

static const char *link_target(const char *base)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (!strcmp(base, links[i].name))
			return links[i].leads_to;
	return NULL;
}

/* The same below /usr, where distributions have merged both. */
static const char *merged(struct rv *r, const char *path)
{
	static const char *const old[] = { "/bin/", "/sbin/", "/lib/", "/lib64/" };

	for (size_t i = 0; i < sizeof(old) / sizeof(old[0]); i++)
		if (!strncmp(path, old[i], strlen(old[i])))
			return tpc_sprintf(r->arena, "/usr%s", path);
	if (!strncmp(path, "/var/run/", 9))
		return tpc_sprintf(r->arena, "/run/%s", path + 9);
	return NULL;
}

/* Where nothing is merged; elsewhere these are not. */
static bool is_of_alpine(const char *path)
{
	return !strcmp(path, "/bin/busybox") || !strcmp(path, "/sbin/apk");
}

static void say_link(struct rv *r, const struct rv_rule *u, const struct tpc_binary_filter *f,
		     const struct tpc_text *v)
{
	bool prefix = f->op.v == TPC_BINARY_OPERATOR_PREFIX || f->op.v == TPC_BINARY_OPERATOR_NOT_PREFIX;
	const char *usr = merged(r, v->s), *target = prefix ? NULL : link_target(about_base(v->s));
	struct rv_finding *x;

	if (target && has_target(f, about_base(v->s)))
		return;
	if (target) {
		x = rv_say(r, v->at, "'%s' is a link in most images, and leads to %s", v->s, target);
		rv_mend(r, x, "name what it leads to in the images that the policy is for, beside it");
	} else if (usr && !is_of_alpine(v->s) && !filter_has(f, usr, (uint32_t)strlen(usr))) {
		x = rv_say(r, v->at, "'%s' is a link on most distributions, where the path is '%s'", v->s,
			   usr);
		rv_mend(r, x, "add '%s'", usr);
		if (about_negates(f))
			edit_add_item(r, x, v->at, false, usr);
	} else {
		return;
	}
	about_weigh_event(x, u->hook->policy, u->acts);
}

static void linked_program(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_binary_filter *f;

	if (!u->whole)
		return;
	tpc_vec_foreach (f, &u->whole->match_binaries) {
		if (f->op.v == TPC_BINARY_OPERATOR_POSTFIX || f->op.v == TPC_BINARY_OPERATOR_NOT_POSTFIX)
			continue;
		for (uint32_t i = 0; i < f->values.len && i < PATHS_MAX; i++)
			say_link(r, u, f, &f->values.items[i]);
	}
}

/* ---- exemptions: TPR303, 304, 310, 313 ---- */

static const char *const interpreters[] = { "sh",      "ash",	  "bash",    "dash", "zsh",	"ksh",
					    "python",  "python3", "perl",    "ruby", "node",	"java",
					    "php",     "lua",	  "busybox", "env",  "nsenter", "unshare",
					    "kubectl", "xargs",	  "find",    "awk",  "gawk",	"mawk",
					    "tclsh",   "expect",  "socat",   NULL };

static bool is_whole_path(const struct tpc_binary_filter *f)
{
	return f->op.v == TPC_BINARY_OPERATOR_IN || f->op.v == TPC_BINARY_OPERATOR_NOT_IN;
}

static bool is_interpreter(struct rv *r, const char *path)
{
	const char *base = about_base(path);
	size_t len = strlen(base);

	while (len && ((base[len - 1] >= '0' && base[len - 1] <= '9') || base[len - 1] == '.'))
		len--; /* python3.11 */
	return about_in_words(base, interpreters) ||
	       about_in_words(tpc_strndup(r->arena, base, len), interpreters);
}

static void say_interpreter(struct rv *r, const struct rv_hook *h, const struct about_exempt *e)
{
	const struct tpc_text *v;
	struct rv_finding *x;

	if (!is_whole_path(e->filter))
		return;
	tpc_vec_foreach (v, &e->filter->values) {
		if (!is_interpreter(r, v->s))
			continue;
		r->rule = e->rule;
		x = rv_say(r, v->at, "'%s' is let through, and with it whatever it is told to run", v->s);
		rv_mend(r, x,
			"let the workload through by its namespace or container, or by matchParentBinaries");
		about_weigh(x, h->policy, e->acts);
		return; /* the others are of the same kind */
	}
}

static void interpreter(struct rv *r, const struct rv_hook *h)
{
	about_exempts(r, h, say_interpreter);
}

/* Is the program one of the node's own, which no pod should have? */
static bool is_of_host(const struct rv *r, const char *path)
{
	const struct knowledge *k = r->ret->known;
	const struct know_binary *b;

	for (uint32_t i = 0; i < k->agents.len; i++)
		tpc_vec_foreach (b, &k->agents.items[i]->binaries)
			if (b->on.v == KNOW_ON_HOST && !strcmp(b->path.s, path))
				return true;
	return false;
}

static void say_anywhere(struct rv *r, const struct rv_hook *h, const struct about_exempt *e)
{
	const struct rv_scope *scope = &h->policy->scope;
	const struct tpc_selector *s = e->rule->whole;
	const char *host = NULL;
	struct rv_finding *x;

	if (!scope->pods || s->match_namespaces.len || s->match_workloads || s->match_parent_binaries.len)
		return;
	for (uint32_t i = 0; i < e->filter->values.len && i < PATHS_MAX && !host; i++)
		if (is_of_host(r, e->filter->values.items[i].s))
			host = e->filter->values.items[i].s;
	/* In one namespace, or among chosen pods, programs of the workload itself are what is meant. */
	if (!host && (scope->namespaced || scope->labels))
		return;
	r->rule = e->rule;
	x = rv_say(r, e->filter->at, "any pod may bring a program at '%s', and is let through with it",
		   host			 ? host :
		   e->filter->values.len ? e->filter->values.items[0].s :
					   "such a path");
	rv_mend(r, x,
		host ? "let it through by a selector before, with matchNamespaces Pid In host_ns beside the program" :
		       "let it through by a selector before, with matchWorkloads on its namespace beside the program");
	about_weigh(x, h->policy, e->acts);
}

static void exempt_anywhere(struct rv *r, const struct rv_hook *h)
{
	about_exempts(r, h, say_anywhere);
}

static void say_broad(struct rv *r, const struct rv_hook *h, const struct about_exempt *e)
{
	static const char *const broad[] = { "/",     "/tmp/",	     "/var/",	  "/var/tmp/", "/opt/",
					     "/usr/", "/home/",	     "/dev/shm/", "/dev/",     "/root/",
					     "/run/", "/mnt/",	     "/proc/",	  "/srv/",     "/data/",
					     "/app/", "/usr/local/", NULL };
	const struct tpc_text *v;
	struct rv_finding *x;

	if (e->filter->op.v != TPC_BINARY_OPERATOR_PREFIX &&
	    e->filter->op.v != TPC_BINARY_OPERATOR_NOT_PREFIX)
		return;
	tpc_vec_foreach (v, &e->filter->values) {
		const char *s = v->len && v->s[v->len - 1] != '/' ? tpc_sprintf(r->arena, "%s/", v->s) : v->s;

		if (!about_in_words(s, broad))
			continue;
		r->rule = e->rule;
		x = rv_say(r, v->at, "a program that anyone puts below '%s' is let through", v->s);
		rv_mend(r, x, "name the programs, or a folder that only the image's author can write to");
		about_weigh(x, h->policy, e->acts);
	}
}

static void broad_exemption(struct rv *r, const struct rv_hook *h)
{
	about_exempts(r, h, say_broad);
}

/* Another path of the same program of an agent, that the filter does not have; NULL: none. */
static const char *other_place(const struct rv *r, const struct tpc_binary_filter *f, const char *path)
{
	const struct knowledge *k = r->ret->known;
	const struct know_binary *b;
	const char *other = NULL;

	for (uint32_t i = 0; i < k->agents.len; i++) {
		bool is = false;

		other = NULL;
		tpc_vec_foreach (b, &k->agents.items[i]->binaries) {
			is |= !strcmp(b->path.s, path) && b->on.v == KNOW_ON_HOST;
			if (b->on.v == KNOW_ON_HOST && b->match.v == KNOW_MATCH_EQUAL &&
			    strcmp(b->path.s, path) != 0 &&
			    !strcmp(about_base(b->path.s), about_base(path)) &&
			    !filter_has(f, b->path.s, b->path.len))
				other = other ? other : b->path.s;
		}
		if (is)
			return other;
	}
	return NULL;
}

static void say_distribution(struct rv *r, const struct rv_hook *h, const struct about_exempt *e)
{
	struct rv_finding *x;

	if (!is_whole_path(e->filter))
		return;
	for (uint32_t i = 0; i < e->filter->values.len && i < PATHS_MAX; i++) {
		const struct tpc_text *v = &e->filter->values.items[i];
		const char *other = other_place(r, e->filter, v->s);

		if (!other)
			continue;
		r->rule = e->rule;
		x = rv_say(r, v->at, "'%s' is '%s' on other distributions, and is hit there",
			   about_base(v->s), other);
		rv_mend(r, x, "add '%s' when there are such nodes", other);
		about_weigh(x, h->policy, e->acts);
	}
}

static void one_distribution(struct rv *r, const struct rv_hook *h)
{
	about_exempts(r, h, say_distribution);
}

/* ---- TPR305: the program of a script is its interpreter ---- */
static void script(struct rv *r, const struct rv_rule *u)
{
	static const char *const ends[] = { ".sh", ".py", ".pl", ".rb", ".js", ".php", ".lua", NULL };
	const struct tpc_binary_filter *f;
	const struct tpc_text *v;

	if (!u->whole)
		return;
	tpc_vec_foreach (f, &u->whole->match_binaries)
		tpc_vec_foreach (v, &f->values) {
			const char *dot = strrchr(about_base(v->s), '.');

			if (dot && about_in_words(dot, ends))
				rv_mend(r,
					rv_say(r, v->at,
					       "'%s' is a script, and the program that runs is its interpreter",
					       v->s),
					"filter on the path at an exec hook instead, or drop it");
		}
}

/* ---- TPR306: tools by their names ---- */
static bool is_tool(const struct tpc_text *v)
{
	static const char *const tools[] = { "nc",     "ncat",	"netcat", "socat",   "nmap",   "masscan",
					     "xmrig",  "curl",	"wget",	  "tcpdump", "telnet", "ftp",
					     "tftp",   "hydra", "gdb",	  "strace",  "chisel", "ngrok",
					     "sqlmap", "zmap",	NULL };

	return about_in_words(about_base(v->s), tools);
}

static void tool_by_name(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_binary_filter *f;
	const struct tpc_text *v;

	if (!u->whole || !rv_enforces(u->hook->policy, u->acts))
		return;
	tpc_vec_foreach (f, &u->whole->match_binaries) {
		uint32_t n = 0;

		tpc_vec_foreach (v, &f->values)
			n += is_tool(v);
		if (about_negates(f) || !n || n < f->values.len)
			continue;
		rv_mend(r,
			rv_say(r, f->at, "a tool that is copied under another name is not hit by this rule"),
			"enforce what must not happen, whoever does it, and keep the names as a signal");
	}
}

/* ---- TPR307: children of what starts everything ---- */
static void follows_everything(struct rv *r, const struct rv_rule *u)
{
	static const char *const roots[] = { "systemd",
					     "init",
					     "containerd",
					     "containerd-shim",
					     "containerd-shim-runc-v2",
					     "dockerd",
					     "crio",
					     "conmon",
					     "sshd",
					     "tini",
					     "dumb-init",
					     "supervisord",
					     NULL };
	const struct tpc_binary_filter *f;
	const struct tpc_text *v;

	if (!u->whole)
		return;
	tpc_vec_foreach (f, &u->whole->match_binaries) {
		if (!f->follow_children.v)
			continue;
		tpc_vec_foreach (v, &f->values)
			if (about_in_words(about_base(v->s), roots))
				rv_mend(r,
					rv_say(r, v->at,
					       "nearly everything on the node or in the pod descends from '%s'",
					       about_base(v->s)),
					"follow the children of a program that starts only what is meant");
	}
}

/* ---- TPR308, TPR309: processes by number ---- */
static void fixed_pid(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_pid_filter *f;
	const struct tpc_int *v;

	if (!u->whole)
		return;
	tpc_vec_foreach (f, &u->whole->match_pids)
		tpc_vec_foreach (v, &f->values) {
			if (v->v <= 1)
				continue;
			rv_mend(r,
				rv_say(r, v->at,
				       "process %d is another one on the next node, and after the next restart",
				       (int)v->v),
				"name the program by matchBinaries");
			break;
		}
}

static void follow_forks(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_pid_filter *f;

	if (!u->whole)
		return;
	tpc_vec_foreach (f, &u->whole->match_pids) {
		struct rv_finding *x;

		if (!f->follow_forks.v)
			continue;
		x = rv_say(r, f->follow_forks.at,
			   "Tetragon looks at ten ancestors: what descends from further away %s%s",
			   f->op.v == TPC_SET_OPERATOR_NOT_IN ? "is taken" : "slips out",
			   f->is_namespace_pid.v ? ", and processes of the node never match" : "");
		rv_mend(r, x,
			"name the pods by their namespace, or the program by matchBinaries with followChildren");
		about_weigh(x, u->hook->policy, u->acts);
	}
}

/* ---- TPR312 ---- */
static void no_slash(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_binary_filter *f;
	const struct tpc_text *v;

	if (!u->whole)
		return;
	tpc_vec_foreach (f, &u->whole->match_binaries) {
		bool negated = f->op.v == TPC_BINARY_OPERATOR_NOT_POSTFIX;

		if (!negated && f->op.v != TPC_BINARY_OPERATOR_POSTFIX)
			continue;
		tpc_vec_foreach (v, &f->values) {
			struct rv_finding *x;

			if (!v->len || memchr(v->s, '/', v->len))
				continue;
			x = rv_say(r, v->at, "every program whose name ends with '%s' is meant too", v->s);
			rv_mend(r, x, "write '/%s'", v->s);
			if (!negated)
				edit_scalar(r, x, v->at, tpc_sprintf(r->arena, "\"/%s\"", v->s));
		}
	}
}

const struct rv_check rv_checks_binaries[] = {
	{ .code = "TPR301", .of_rule = nameless },
	{ .code = "TPR302", .of_rule = linked_program },
	{ .code = "TPR303", .of_hook = interpreter },
	{ .code = "TPR304", .of_hook = exempt_anywhere },
	{ .code = "TPR305", .of_rule = script },
	{ .code = "TPR306", .of_rule = tool_by_name },
	{ .code = "TPR307", .of_rule = follows_everything },
	{ .code = "TPR308", .of_rule = fixed_pid },
	{ .code = "TPR309", .of_rule = follow_forks },
	{ .code = "TPR310", .of_hook = broad_exemption },
	{ .code = "TPR312", .of_rule = no_slash },
	{ .code = "TPR313", .of_hook = one_distribution },
	{ 0 },
};
