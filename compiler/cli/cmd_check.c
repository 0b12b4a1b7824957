// SPDX-License-Identifier: Apache-2.0
/* tpc check: everything but making an object. */
#include <errno.h>
#include <stdlib.h>

#include "cli/cli.h"

enum { OPT_FORMAT = CLI_OPT_OWN };

static const struct cli_opt opts[] = {
	{ OPT_FORMAT, "format", 0, "FORMAT", cli_text_json_sarif,
	  "text (default); on standard output json: one object a diagnostic, or sarif: a log" },
	CLI_OPT_TARGET_ROWS,
	CLI_OPT_DIAGNOSTICS_ROW,
	{ 0 },
};

struct check {
	const char **paths;
	uint32_t npaths;
	int format, diagnostics;
	struct tpc_opts tpc;
};

static const char *plural(uint32_t n)
{
	return n == 1 ? "" : "s";
}

static void print_summary(struct tpc *t)
{
	struct tpc_ctx *c = tpc_context(t);
	uint32_t policies = tpc_policy_count(t);
	/* What could not be opened is no source, and is among the errors. */
	uint32_t files = c->sources.files.len;

	fprintf(stderr, "tpc check: ");
	if (policies != files)
		fprintf(stderr, "%u polic%s in ", policies, policies == 1 ? "y" : "ies");
	fprintf(stderr, "%u file%s: ", files, plural(files));
	if (c->diags.nerrors)
		fprintf(stderr, "%u error%s", c->diags.nerrors, plural(c->diags.nerrors));
	else
		fprintf(stderr, "good");
	if (c->diags.nwarnings)
		fprintf(stderr, ", %u warning%s", c->diags.nwarnings, plural(c->diags.nwarnings));
	fprintf(stderr, "\n");
}

static enum cli_status check(const struct check *k, struct tpc *t)
{
	int r = cli_add_policies(t, k->paths, k->npaths);
	enum cli_status st;

	if (!r)
		r = tpc_build(t);
	if (!r)
		r = tpc_warn_not_yet(t);
	if (k->format != CLI_TEXT)
		st = cli_report(tpc_context(t), stdout, k->format, cli_status_of(r));
	else
		st = cli_report(tpc_context(t), stderr, k->diagnostics, cli_status_of(r));
	/* A log is one JSON text: a line behind it would spoil it. */
	if (k->format != CLI_TEXT || k->diagnostics != CLI_SARIF)
		print_summary(t);
	return st;
}

static enum cli_status parse(struct check *k, struct cli_args *args, bool *go_on)
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

static enum cli_status run(struct cli_args *args)
{
	struct check k = { .tpc = { .opt = 2 } };
	struct tpc *t = NULL;
	enum cli_status st;
	bool go_on;
	int r;

	k.paths = calloc((size_t)args->argc, sizeof(*k.paths));
	if (!k.paths)
		return cli_env_error(-ENOMEM, "cannot begin");
	cli_target_defaults(&k.tpc);
	st = parse(&k, args, &go_on);
	if (go_on) {
		r = tpc_open(&t, &k.tpc);
		st = r ? cli_env_error(r, "cannot begin") : check(&k, t);
		tpc_close(t);
	}
	free(k.paths);
	return st;
}

const struct cli_command cmd_check = {
	.name = "check",
	.synopsis = "POLICY... [OPTION...]",
	.about = "Check policies without writing anything",
	.more = "POLICY is a YAML file, a folder or - for standard input, as for 'tpc compile'. All problems are told\n"
		"in one run. Exit status 1 when there was an error; warnings alone give 0.",
	.opts = opts,
	.run = run,
};
