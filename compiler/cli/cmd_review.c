// SPDX-License-Identifier: Apache-2.0
/* tpc review: what policies are for, what they miss, hit and cost, and how to roll them out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "review/review.h"

#define FILE_MAX ((size_t)1 << 20)
#define EVENTS_MAX ((size_t)256 << 20)
#define ARENA_MAX ((size_t)64 << 20)

enum { OPT_FORMAT = CLI_OPT_OWN, OPT_BRIEF, OPT_APPETITE, OPT_AGENTS, OPT_EVENTS, OPT_KNOWLEDGE };
enum { AS_MD, AS_JSON };

static const char *const formats[] = { "md", "json", NULL };
static const char *const appetites[] = { "observe", "alert", "block", NULL };

static const struct cli_opt opts[] = {
	{ OPT_BRIEF, "brief", 0, "FILE", NULL,
	  "what the policies are for: workloads, threats, agents, SIEM (YAML)" },
	{ OPT_APPETITE, "appetite", 0, "HOW", appetites,
	  "how far to enforce: observe, alert or block; over the brief's" },
	{ OPT_AGENTS, "agents", 0, "LIST", NULL, "agents of the platform, by comma, beside the brief's" },
	{ OPT_EVENTS, "events", 0, "FILE", NULL,
	  "recorded events, JSON lines: whom each rule would have hit" },
	{ OPT_FORMAT, "format", 0, "FORMAT", formats, "md (default), or json: one object" },
	{ OPT_KNOWLEDGE, "knowledge", 0, "FILE", NULL,
	  "more rows, of hooks, threats or agents, beside those that tpc has; may be repeated" },
	CLI_OPT_TARGET_ROWS,
	CLI_OPT_DIAGNOSTICS_ROW,
	{ 0 },
};

struct review_cmd {
	const char **paths, **knowledge;
	uint32_t npaths, nknowledge;
	const char *brief_path, *agents, *events;
	int format, appetite, diagnostics;
	struct tpc_opts tpc;
	struct tpc_ctx c; /* of knowledge and brief: what is wrong with them is no finding */
	struct knowledge known;
	struct brief brief;
};

static enum cli_status parse(struct review_cmd *k, struct cli_args *args, bool *go_on)
{
	int id;

	*go_on = false;
	while ((id = cli_next(args)) != CLI_OPT_END) {
		switch (id) {
		case CLI_OPT_WORD:
			k->paths[k->npaths++] = args->value;
			break;
		case CLI_OPT_DIAGNOSTICS:
			k->diagnostics = args->word;
			break;
		case OPT_FORMAT:
			k->format = args->word;
			break;
		case OPT_BRIEF:
			k->brief_path = args->value;
			break;
		case OPT_APPETITE:
			k->appetite = args->word + 1;
			break;
		case OPT_AGENTS:
			k->agents = args->value;
			break;
		case OPT_EVENTS:
			k->events = args->value;
			break;
		case OPT_KNOWLEDGE:
			k->knowledge[k->nknowledge++] = args->value;
			break;
		case CLI_OPT_BTF:
		case CLI_OPT_MIN_KERNEL:
		case CLI_OPT_COMPAT:
			if (cli_target_opt(args, id, &k->tpc))
				return CLI_USAGE;
			break;
		default:
			return cli_opt_status(id);
		}
	}
	if (!k->npaths)
		return cli_usage(args->cmd, "no policy is named");
	*go_on = true;
	return CLI_DONE;
}

static bool add_file(struct review_cmd *k, const char *path, uint32_t *ret)
{
	char *text;
	size_t len;
	int r = cli_read_file(path, FILE_MAX, &text, &len);

	if (r) {
		tpc_error(&k->c.diags, TPC_NOWHERE, TPC_E_IO, "cannot read '%s': %s", path, strerror(-r));
		return false;
	}
	*ret = tpc_source_add(&k->c.sources, path, text, len);
	free(text);
	return true;
}

/* "a,b" as if the brief had said so. */
static void add_agents(struct review_cmd *k)
{
	const char *s = k->agents ? k->agents : "";

	while (*s) {
		size_t n = strcspn(s, ",");

		if (n)
			*tpc_vec_push(k->c.arena, &k->brief.agents) = (struct tpc_text){
				.s = tpc_strndup(k->c.arena, s, n), .len = (uint32_t)n, .set = true
			};
		s += n + (s[n] == ',');
	}
}

static enum cli_status load(struct review_cmd *k)
{
	uint32_t *files = tpc_new_array(k->c.arena, uint32_t, k->nknowledge + 1), n = 0, brief;

	for (uint32_t i = 0; i < k->nknowledge; i++)
		n += add_file(k, k->knowledge[i], &files[n]);
	knowledge_read(&k->c, files, n, &k->known);
	if (k->brief_path && add_file(k, k->brief_path, &brief))
		brief_read(&k->c, brief, &k->brief);
	if (k->appetite)
		k->brief.appetite.v = (uint16_t)k->appetite;
	add_agents(k);
	brief_check(&k->c, &k->brief, &k->known);
	return cli_report(&k->c, stderr, k->diagnostics, CLI_DONE);
}

/* What is no event is told beside the report, which the others are in. */
static enum cli_status add_events(const struct review_cmd *k, struct review *r)
{
	struct tpc_ctx *c = r->c;
	char *text;
	size_t len;
	int err;

	if (!k->events)
		return CLI_DONE;
	err = cli_read_file(k->events, EVENTS_MAX, &text, &len);
	if (err)
		return cli_env_error(err, "cannot read the events");
	c->diags = (struct tpc_diags){ .arena = c->arena, .sources = &c->sources };
	review_events(r, k->events, text, len);
	free(text);
	cli_report(c, stderr, k->diagnostics, CLI_DONE);
	return CLI_DONE;
}

/* What is wrong with a policy is in the report; only what could not be read at all is told beside it. */
static enum cli_status review(const struct review_cmd *k, struct tpc *t)
{
	struct tpc_buf out = TPC_BUF(tpc_context(t)->arena);
	enum cli_status st;
	struct review *r;
	int err = cli_add_policies(t, k->paths, k->npaths);

	if (!tpc_policy_count(t))
		return cli_report(tpc_context(t), stderr, k->diagnostics, cli_status_of(err ? err : -EINVAL));
	if (!err)
		err = tpc_build(t);
	if (err && err != -EINVAL)
		return cli_report(tpc_context(t), stderr, k->diagnostics, cli_status_of(err));
	r = review_run(t, &k->known, &k->brief);
	st = r ? add_events(k, r) : CLI_DONE;
	if (st != CLI_DONE)
		return st;
	if (!r || (k->format == AS_JSON && review_json(r, &out)))
		return cli_env_error(-ENOMEM, "cannot review");
	if (k->format == AS_MD)
		review_markdown(r, &out);
	fwrite(tpc_buf_text(&out), 1, out.len, stdout);
	return r->count[RV_ERROR] ? CLI_INPUT : CLI_DONE;
}

static enum cli_status work(struct review_cmd *k, struct cli_args *args)
{
	struct tpc *t = NULL;
	enum cli_status st;
	bool go_on;
	int r;

	k->paths = tpc_new_array(k->c.arena, const char *, (size_t)args->argc);
	k->knowledge = tpc_new_array(k->c.arena, const char *, (size_t)args->argc);
	cli_target_defaults(&k->tpc);
	st = parse(k, args, &go_on);
	if (!go_on)
		return st;
	st = load(k);
	if (st != CLI_DONE)
		return st;
	r = tpc_open(&t, &k->tpc);
	st = r ? cli_env_error(r, "cannot begin") : review(k, t);
	tpc_close(t);
	return st;
}

static enum cli_status run(struct cli_args *args)
{
	struct review_cmd k = { .tpc = { .opt = 2 } };
	enum cli_status st;
	int r = tpc_ctx_init(&k.c, ARENA_MAX);

	if (r)
		return cli_env_error(r, "cannot begin");
	st = work(&k, args);
	tpc_ctx_done(&k.c);
	return st;
}

const struct cli_command cmd_review = {
	.name = "review",
	.synopsis = "POLICY... [OPTION...]",
	.about = "Review policies: threats, false positives, scope, enforcement, rollout",
	.more = "POLICY is a YAML file, a folder or - for standard input. The report goes to standard output. Exit status 1 when\n"
		"a finding of severity error stands; '# tpc:ignore CODE reason' on its line, or 'accept' in the brief, takes\n"
		"responsibility for one.",
	.opts = opts,
	.run = run,
};
