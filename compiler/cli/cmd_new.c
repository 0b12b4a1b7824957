// SPDX-License-Identifier: Apache-2.0
/* tpc new: a policy for each threat, to be edited, tested and compiled. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/know.h"
#include "frontend/k8s_name.h"
#include "review/template.h"

enum {
	OPT_THREAT = CLI_OPT_OWN,
	OPT_APPETITE,
	OPT_AGENTS,
	OPT_NAMESPACE,
	OPT_NAME,
	OPT_ENFORCE,
	OPT_KNOWLEDGE,
	OPT_OUTPUT,
};

static const char *const appetites[] = { "observe", "alert", "block", NULL }; /* as enum know_appetite */

static const struct cli_opt opts[] = {
	{ OPT_THREAT, "threat", 't', "ID,...", NULL, "what to see or prevent; may be repeated" },
	{ OPT_APPETITE, "appetite", 0, "HOW", appetites, "how far to go: observe, alert (default) or block" },
	{ OPT_ENFORCE, "enforce", 0, NULL, NULL,
	  "block from the start, without a first stage in monitor mode" },
	{ OPT_AGENTS, "agents", 0, "NAME,...", NULL,
	  "agents of your platform, to be let through where they set a threat off" },
	{ OPT_NAMESPACE, "namespace", 0, "NS", NULL, "watch the pods of this namespace alone" },
	{ OPT_NAME, "name", 0, "NAME", NULL, "of the policy (default: the threat's id)" },
	{ OPT_OUTPUT, "output", 'o', "FILE", NULL,
	  "where to write; a folder gets a file a threat (default: standard output)" },
	CLI_OPT_KNOWLEDGE_ROW(OPT_KNOWLEDGE),
	CLI_OPT_DIAGNOSTICS_ROW,
	{ 0 },
};

struct names {
	TPC_VEC(const char *);
};

struct new
{
	struct tpc_ctx *c;
	const struct cli_command *cmd;
	struct names threats, agents, paths;
	struct know_policy policy;
	const struct know_agent **rows; /* of `agents` */
	const char *out;
	int diagnostics;
	bool go_on; /* help was not asked for */
	struct knowledge known;
};

/* ---- options ---- */
static void add_name(struct new *k, struct names *to, const char *name, size_t len)
{
	const char *s = tpc_sprintf(k->c->arena, "%.*s", (int)len, name);

	for (uint32_t i = 0; i < to->len; i++)
		if (!strcmp(to->items[i], s))
			return;
	if (len)
		*tpc_vec_push(k->c->arena, to) = s;
}

static void add_names(struct new *k, struct names *to, const char *list)
{
	while (*list) {
		size_t len = strcspn(list, ",");

		add_name(k, to, list, len);
		list += len + (list[len] == ',');
	}
}

static void take(struct new *k, struct cli_args *args, int id)
{
	switch (id) {
	case CLI_OPT_WORD: /* --threat a b */
	case OPT_THREAT:
		add_names(k, &k->threats, args->value);
		break;
	case OPT_APPETITE:
		k->policy.appetite = (enum know_appetite)args->word;
		break;
	case OPT_ENFORCE:
		k->policy.enforce = true;
		break;
	case OPT_AGENTS:
		add_names(k, &k->agents, args->value);
		break;
	case OPT_NAMESPACE:
		k->policy.ns = args->value;
		break;
	case OPT_NAME:
		k->policy.name = args->value;
		break;
	case OPT_OUTPUT:
		k->out = args->value;
		break;
	case OPT_KNOWLEDGE:
		*tpc_vec_push(k->c->arena, &k->paths) = args->value;
		break;
	default:
		k->diagnostics = args->word;
	}
}

static enum cli_status check(const struct new *k)
{
	const char *name = k->policy.name, *ns = k->policy.ns;

	if (!k->threats.len)
		return cli_usage(k->cmd, "a threat is missing; 'tpc threats' lists all");
	if (name && k->threats.len > 1)
		return cli_usage(k->cmd, "--name is for one threat, and these are %u", k->threats.len);
	if (name && !k8s_is_subdomain(name, (uint32_t)strlen(name)))
		return cli_usage(
			k->cmd, "'%s' is no name of a policy: lower case letters, digits, '-' and '.'", name);
	if (ns && !k8s_is_dns_label(ns, (uint32_t)strlen(ns)))
		return cli_usage(k->cmd, "'%s' is no name of a namespace: lower case letters, digits and '-'",
				 ns);
	if (k->policy.enforce && k->policy.appetite != KNOW_BLOCK)
		return cli_usage(k->cmd, "--enforce needs --appetite block");
	return CLI_DONE;
}

static enum cli_status parse(struct new *k, struct cli_args *args)
{
	int id;

	while ((id = cli_next(args)) != CLI_OPT_END) {
		if (id != CLI_OPT_WORD && id < CLI_OPT_DIAGNOSTICS)
			return cli_opt_status(id);
		take(k, args, id);
	}
	k->go_on = true;
	return check(k);
}

static enum cli_status find_agents(struct new *k)
{
	k->rows = tpc_new_array(k->c->arena, const struct know_agent *, k->agents.len + 1);
	for (uint32_t i = 0; i < k->agents.len; i++) {
		enum cli_status st = cli_know_agent(&k->known, k->cmd, k->agents.items[i], &k->rows[i]);

		if (st != CLI_DONE)
			return st;
	}
	k->policy.agents = k->rows;
	k->policy.nagents = k->agents.len;
	return CLI_DONE;
}

/* ---- results ---- */
/* The text of one threat's policy; NULL, and said: there is none. */
static const char *policy_text(struct new *k, const struct know_threat *t)
{
	struct know_policy p = k->policy;
	struct tpc_buf out = TPC_BUF(k->c->arena);
	const char *none;

	p.threat = t;
	none = know_policy_none(&p);
	if (none) {
		fprintf(stderr, "tpc new: no policy is made for '%s' at appetite '%s': ", t->id.s,
			know_appetites[p.appetite]);
		cli_put_text(stderr, none);
		fputc('\n', stderr);
		return NULL;
	}
	know_policy_yaml(k->c, &p, &out);
	return tpc_buf_text(&out);
}

static bool is_folder(const char *path)
{
	struct stat st;

	return path && !stat(path, &st) && S_ISDIR(st.st_mode);
}

static const char *file_in(struct new *k, const struct know_threat *t)
{
	size_t len = strlen(k->out);

	while (len > 1 && k->out[len - 1] == '/')
		len--;
	return tpc_sprintf(k->c->arena, "%.*s/%s.yaml", (int)len, k->out,
			   k->policy.name ? k->policy.name : t->id.s);
}

static enum cli_status write_one(struct new *k, const char *const *texts, uint32_t n)
{
	struct tpc_buf all = TPC_BUF(k->c->arena);
	struct cli_output out;

	for (uint32_t i = 0; i < n; i++)
		tpc_buf_printf(&all, "%s%s", i ? "---\n" : "", texts[i]);
	out = (struct cli_output){ .path = k->out ? k->out : "-",
				   .data = tpc_buf_text(&all),
				   .len = all.len };
	return cli_write_all(&out, 1);
}

static enum cli_status write_policies(struct new *k, const struct know_threat *const *threats)
{
	const char **texts = tpc_new_array(k->c->arena, const char *, k->threats.len);
	struct cli_output *outs = tpc_new_array(k->c->arena, struct cli_output, k->threats.len);
	bool folder = is_folder(k->out);
	uint32_t n = 0;

	for (uint32_t i = 0; i < k->threats.len; i++) {
		texts[n] = policy_text(k, threats[i]);
		if (!texts[n])
			continue;
		outs[n] = (struct cli_output){ .data = texts[n], .len = strlen(texts[n]) };
		if (folder)
			outs[n].path = file_in(k, threats[i]);
		n++;
	}
	if (!n)
		return CLI_INPUT;
	return folder ? cli_write_all(outs, n) : write_one(k, texts, n);
}

static enum cli_status work(struct new *k, struct cli_args *args)
{
	const struct know_threat **threats;
	enum cli_status st = parse(k, args);

	if (st != CLI_DONE || !k->go_on)
		return st;
	st = cli_know_read(k->c, k->paths.items, k->paths.len, k->diagnostics, &k->known);
	threats = tpc_new_array(k->c->arena, const struct know_threat *, k->threats.len);
	for (uint32_t i = 0; i < k->threats.len && st == CLI_DONE; i++)
		st = cli_know_threat(&k->known, k->cmd, k->threats.items[i], &threats[i]);
	if (st == CLI_DONE)
		st = find_agents(k);
	return st == CLI_DONE ? write_policies(k, threats) : st;
}

static enum cli_status run(struct cli_args *args)
{
	struct tpc_ctx c;
	struct new k = { .c = &c, .cmd = args->cmd, .policy = { .appetite = KNOW_ALERT } };
	enum cli_status st;
	int r = tpc_ctx_init(&c, CLI_KNOW_ARENA_MAX);

	if (r)
		return cli_env_error(r, "cannot start");
	st = work(&k, args);
	tpc_ctx_done(&c);
	return st;
}

const struct cli_command cmd_new = {
	.name = "new",
	.synopsis = "--threat ID... [OPTION...]",
	.about = "Write a policy from the threat library, to be edited, tested and compiled",
	.more = "Several threats become several policies, in one file with '---' between them or in a folder; Tetragon\n"
		"itself reads the first of a file alone, kubectl all. What enforces begins in monitor mode: its events show\n"
		"whom it would hit. Values to replace are marked 'edit:'. docs/templates.md goes on from there.",
	.opts = opts,
	.run = run,
};
