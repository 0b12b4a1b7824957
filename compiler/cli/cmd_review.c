// SPDX-License-Identifier: Apache-2.0
/* tpc review: what policies are for, what they miss, hit and cost, and how to roll them out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/folder.h"
#include "review/correct.h"
#include "review/report.h"

#define FILE_MAX ((size_t)1 << 20)
#define EVENTS_MAX ((size_t)256 << 20)
#define ARENA_MAX ((size_t)64 << 20)

enum { OPT_FORMAT = CLI_OPT_OWN, OPT_BRIEF, OPT_APPETITE, OPT_AGENTS, OPT_EVENTS, OPT_KNOWLEDGE, OPT_OUTPUT };
enum { AS_MD, AS_JSON, AS_SARIF, AS_HTML };

static const char *const formats[] = { "md", "json", "sarif", "html", NULL };
static const char *const appetites[] = { "observe", "alert", "block", NULL };

static const struct cli_opt opts[] = {
	{ OPT_BRIEF, "brief", 0, "FILE", NULL,
	  "what the policies are for: workloads, threats, agents, SIEM (YAML)" },
	{ OPT_APPETITE, "appetite", 0, "HOW", appetites,
	  "how far to enforce: observe, alert or block; over the brief's" },
	{ OPT_AGENTS, "agents", 0, "LIST", NULL, "agents of the platform, by comma, beside the brief's" },
	{ OPT_EVENTS, "events", 0, "FILE", NULL,
	  "recorded events, JSON lines: whom each rule would have hit" },
	{ OPT_FORMAT, "format", 0, "FORMAT", formats, "md (default), json, sarif, or html: one page" },
	{ OPT_OUTPUT, "output", 'o', "DIR", NULL,
	  "all formats, the corrected policies, the stages of a rollout and its routing, as a folder" },
	{ OPT_KNOWLEDGE, "knowledge", 0, "FILE", NULL,
	  "more rows, of hooks, threats or agents, beside those that tpc has; may be repeated" },
	CLI_OPT_TARGET_ROWS,
	CLI_OPT_DIAGNOSTICS_ROW,
	{ 0 },
};

struct review_cmd {
	const char **paths, **knowledge;
	uint32_t npaths, nknowledge;
	const char *brief_path, *agents, *events, *dir;
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
		case OPT_OUTPUT:
			k->dir = args->value;
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

/* ---- what is given out ---- */

struct work {
	const struct review_cmd *k;
	struct tpc *given, *fixed;
	struct tpc_arena *a; /* of @given */
	struct correct_file *files;
	uint32_t nfiles;
	struct report report;
};

/* Reviews what the corrected texts are: stages and routing are made of that. */
static int review_fixed(struct work *w)
{
	const struct review_cmd *k = w->k;
	int r = tpc_open(&w->fixed, &k->tpc);

	if (r)
		return r;
	for (uint32_t i = 0; i < w->nfiles; i++)
		tpc_add_yaml(w->fixed, w->files[i].name, w->files[i].corrected, w->files[i].corrected_len);
	if (!tpc_context(w->fixed)->diags.nerrors) {
		r = tpc_build(w->fixed);
		if (r && r != -EINVAL)
			return r;
	}
	w->report.fixed = review_run(w->fixed, &k->known, &k->brief);
	if (!w->report.fixed)
		return -ENOMEM;
	w->report.rollout = rollout_plan(w->report.fixed);
	w->report.routing = routing_plan(w->report.fixed);
	return w->report.rollout && w->report.routing ? 0 : -ENOMEM;
}

static int correct(struct work *w)
{
	const struct tpc_sources *s = &tpc_context(w->given)->sources;
	int r;

	w->files = tpc_new_array(w->a, struct correct_file, w->nfiles + 1);
	for (uint32_t i = 0; i < w->nfiles; i++) {
		w->files[i].name = s->files.items[i].name;
		w->files[i].text = s->files.items[i].text;
		w->files[i].len = s->files.items[i].len;
	}
	r = review_correct(w->a, &w->k->tpc, &w->k->known, &w->k->brief, w->files, w->nfiles);
	for (uint32_t i = 0; i < w->nfiles && !r; i++)
		w->report.nmends += w->files[i].nmends;
	return r ? r : review_fixed(w);
}

static int put(const struct work *w, int format, struct tpc_buf *out)
{
	switch (format) {
	case AS_JSON:
		return report_json(&w->report, out);
	case AS_SARIF:
		return report_sarif(&w->report, out);
	case AS_HTML:
		report_html(&w->report, out);
		return 0;
	default:
		report_markdown(&w->report, out);
		return 0;
	}
}

/* ---- as a folder ---- */

struct made {
	TPC_VEC(struct folder_file) list;
};

static void add(struct work *w, struct made *m, const char *path, const char *text, size_t len)
{
	*tpc_vec_push(w->a, &m->list) = (struct folder_file){ path, text, len };
}

static int add_reports(struct work *w, struct made *m)
{
	for (int i = 0; formats[i]; i++) {
		struct tpc_buf out = TPC_BUF(w->a);
		int r = put(w, i, &out);

		if (r)
			return r;
		add(w, m, tpc_sprintf(w->a, "report.%s", formats[i]), tpc_buf_text(&out), out.len);
	}
	return 0;
}

/* A file of several policies stays one: it is named as its first. */
static void add_corrected(struct work *w, struct made *m)
{
	struct rv_policy *const *p;
	uint32_t last = 0;

	tpc_vec_foreach (p, &w->report.fixed->policies) {
		uint32_t file = (*p)->p->at.file;
		const struct correct_file *f = &w->files[file - 1];

		if (file != last)
			add(w, m, tpc_sprintf(w->a, "corrected/%s", ro_file_name(w->report.fixed, *p)),
			    f->corrected, f->corrected_len);
		last = file;
	}
}

static void add_missing(struct work *w, struct made *m)
{
	const struct missing_policy *p;

	tpc_vec_foreach (p, &w->report.missing.list)
		if (p->yaml)
			add(w, m, p->path, p->yaml, strlen(p->yaml));
}

static void add_stages(struct work *w, struct made *m)
{
	const struct ro_stage *s;
	const struct ro_file *f;
	const struct rt_file *x;

	tpc_vec_foreach (s, &w->report.rollout->stages)
		tpc_vec_foreach (f, &s->files)
			if (f->yaml)
				add(w, m, tpc_sprintf(w->a, "stages/%s", f->path), f->yaml, strlen(f->yaml));
	tpc_vec_foreach (x, &w->report.routing->files)
		add(w, m, tpc_sprintf(w->a, "routing/%s", x->path), x->text, strlen(x->text));
}

static enum cli_status give_out(struct work *w)
{
	struct tpc_buf out = TPC_BUF(w->a);
	struct made m = { 0 };

	w->report.in_folder = w->k->dir != NULL;
	if (!w->k->dir) {
		if (put(w, w->k->format, &out) || tpc_arena_exhausted(w->a))
			return cli_env_error(-ENOMEM, "cannot write the report");
		fwrite(tpc_buf_text(&out), 1, out.len, stdout);
		return CLI_DONE;
	}
	if (add_reports(w, &m))
		return cli_env_error(-ENOMEM, "cannot write the report");
	add_corrected(w, &m);
	add_missing(w, &m);
	add_stages(w, &m);
	if (tpc_arena_exhausted(w->a))
		return cli_env_error(-ENOMEM, "cannot write the report");
	return folder_write(w->a, w->k->dir, m.list.items, m.list.len);
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
static enum cli_status review(const struct review_cmd *k, struct work *w)
{
	struct tpc *t = w->given;
	enum cli_status st;
	struct review *r;
	int err = cli_add_policies(t, k->paths, k->npaths);

	if (!tpc_policy_count(t))
		return cli_report(tpc_context(t), stderr, k->diagnostics, cli_status_of(err ? err : -EINVAL));
	if (!err)
		err = tpc_build(t);
	if (err && err != -EINVAL)
		return cli_report(tpc_context(t), stderr, k->diagnostics, cli_status_of(err));
	w->nfiles = tpc_context(t)->sources.files.len;
	r = review_run(t, &k->known, &k->brief);
	st = r ? add_events(k, r) : CLI_DONE;
	if (st != CLI_DONE)
		return st;
	w->report.given = r;
	if (r)
		missing_policies(r, &w->report.missing);
	err = r ? correct(w) : -ENOMEM;
	if (err)
		return cli_env_error(err, "cannot review");
	st = give_out(w);
	return st == CLI_DONE && w->report.given->count[RV_ERROR] ? CLI_INPUT : st;
}

static enum cli_status work(struct review_cmd *k, struct cli_args *args)
{
	struct work w = { .k = k };
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
	r = tpc_open(&w.given, &k->tpc);
	if (r)
		return cli_env_error(r, "cannot begin");
	w.a = tpc_context(w.given)->arena;
	st = review(k, &w);
	tpc_close(w.fixed);
	tpc_close(w.given);
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
	.more = "POLICY is a YAML file, a folder or - for standard input. The report goes to standard output, or\n"
		"with -o to a folder, which is written whole or not at all. Exit status 1 when\n"
		"a finding of severity error stands; '# tpc:ignore CODE reason' on its line, or 'accept' in the brief, takes\n"
		"responsibility for one.",
	.opts = opts,
	.run = run,
};
