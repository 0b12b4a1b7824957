// SPDX-License-Identifier: Apache-2.0
/* tpc diff: what changes for an operator between two sets of policies. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "pdiff/pdiff.h"

enum { OPT_FORMAT = CLI_OPT_OWN, OPT_FAIL_ON, OPT_OUTPUT };
enum { FAIL_ON_WIDENING, FAIL_ON_ANY, FAIL_ON_NOTHING };

static const char *const fail_on[] = { "widening", "any", "nothing", NULL };

static const struct cli_opt opts[] = {
	{ OPT_FORMAT, "format", 0, "FORMAT", cli_text_json, "text (default), or json: one object" },
	{ OPT_FAIL_ON, "fail-on", 0, "WHAT", fail_on,
	  "exit status 1 on widening: more is or may be enforced; on any difference; or on nothing (default)" },
	{ OPT_OUTPUT, "output", 'o', "OUT", NULL, "where the result goes, - (default): standard output" },
	CLI_OPT_TARGET_ROWS,
	/* No SARIF: each side's diagnostics are written by themselves, and a log is one for all. */
	{ CLI_OPT_DIAGNOSTICS, "diagnostics", 0, "FORMAT", cli_text_json,
	  "how diagnostics are written to standard error: text (default) or json" },
	{ 0 },
};

struct diff {
	const char *paths[2]; /* OLD and NEW */
	uint32_t npaths;
	const char *output;
	int format, fail_on, diagnostics;
	struct tpc_opts tpc;
	struct tpc *sides[2];
};

/* Warnings are what 'tpc check' is for: without an error nothing is said. */
static enum cli_status build(const struct diff *k, struct tpc *t, const char *path)
{
	int r = cli_add_policies(t, &path, 1);

	if (!r)
		r = tpc_build(t);
	if (!r && !tpc_context(t)->diags.nerrors)
		return CLI_DONE;
	return cli_report(tpc_context(t), stderr, k->diagnostics, cli_status_of(r));
}

static enum cli_status write_result(const struct diff *k, const struct pdiff *d)
{
	struct tpc_buf out = TPC_BUF(tpc_context(k->sides[1])->arena);
	struct cli_output o = { .path = k->output };

	if (k->format == CLI_JSON && pdiff_json(d, &out))
		return cli_env_error(-ENOMEM, "cannot write the result");
	if (k->format == CLI_TEXT)
		pdiff_text(d, &out);
	o.data = tpc_buf_text(&out);
	o.len = out.len;
	return cli_write_all(&o, 1);
}

static bool fails(const struct diff *k, const struct pdiff *d)
{
	if (k->fail_on == FAIL_ON_WIDENING)
		return pdiff_widens(d->enforcement);
	return k->fail_on == FAIL_ON_ANY && d->policies.len;
}

static enum cli_status compare(const struct diff *k)
{
	enum cli_status st = CLI_DONE, one;
	struct pdiff *d;
	int r;

	for (int i = 0; i < 2; i++) {
		one = build(k, k->sides[i], k->paths[i]);
		if (one > st)
			st = one;
	}
	if (st != CLI_DONE)
		return st;
	r = tpc_diff(k->sides[0], k->sides[1], &d);
	if (r)
		return cli_report(tpc_context(k->sides[1]), stderr, k->diagnostics, cli_status_of(r));
	st = write_result(k, d);
	return st == CLI_DONE && fails(k, d) ? CLI_INPUT : st;
}

static enum cli_status judge(const struct diff *k, const struct cli_command *cmd)
{
	if (k->npaths < 2)
		return cli_usage(cmd, "OLD and NEW are needed");
	if (!strcmp(k->paths[0], "-") && !strcmp(k->paths[1], "-"))
		return cli_usage(cmd, "standard input is one text: OLD and NEW cannot both be -");
	return CLI_DONE;
}

static enum cli_status parse(struct diff *k, struct cli_args *args, bool *go_on)
{
	enum cli_status st;
	int id;

	*go_on = false;
	while ((id = cli_next(args)) != CLI_OPT_END) {
		switch (id) {
		case CLI_OPT_WORD:
			if (k->npaths == 2)
				return cli_usage(args->cmd,
						 "OLD and NEW are all that can be compared, not '%s' too",
						 args->value);
			k->paths[k->npaths++] = args->value;
			break;
		case CLI_OPT_DIAGNOSTICS:
			k->diagnostics = args->word;
			break;
		case OPT_FORMAT:
			k->format = args->word;
			break;
		case OPT_FAIL_ON:
			k->fail_on = args->word;
			break;
		case OPT_OUTPUT:
			k->output = args->value;
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
	st = judge(k, args->cmd);
	*go_on = st == CLI_DONE;
	return st;
}

static enum cli_status run(struct cli_args *args)
{
	struct diff k = { .output = "-", .fail_on = FAIL_ON_NOTHING, .tpc = { .opt = 2 } };
	enum cli_status st;
	bool go_on;
	int r;

	cli_target_defaults(&k.tpc);
	st = parse(&k, args, &go_on);
	if (!go_on)
		return st;
	r = tpc_open(&k.sides[0], &k.tpc);
	if (!r)
		r = tpc_open(&k.sides[1], &k.tpc);
	st = r ? cli_env_error(r, "cannot begin") : compare(&k);
	tpc_close(k.sides[0]);
	tpc_close(k.sides[1]);
	return st;
}

const struct cli_command cmd_diff = {
	.name = "diff",
	.synopsis = "OLD NEW [OPTION...]",
	.about = "Say what changes between two sets of policies",
	.more = "OLD and NEW are a YAML file, a folder or - for standard input. What they mean is compared, not their text.\n"
		"'WIDER: enforcement' marks what lets more events be killed, overridden or signalled than before, 'MAY BE\n"
		"WIDER' where the contrary could not be shown. Exit status 1 when a policy is wrong or --fail-on is met.",
	.opts = opts,
	.run = run,
};
