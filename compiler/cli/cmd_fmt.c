// SPDX-License-Identifier: Apache-2.0
/* tpc fmt: the canonical layout, on standard output, in a file, or in place. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "fmt/fmt.h"

#define ARENA_CEILING ((size_t)512 << 20)

enum { OPT_CHECK = CLI_OPT_OWN, OPT_IN_PLACE, OPT_OUTPUT };

static const struct cli_opt opts[] = {
	{ OPT_CHECK, "check", 0, NULL, NULL,
	  "write nothing, name the files that would change; then exit status 1" },
	{ OPT_IN_PLACE, "in-place", 'i', NULL, NULL, "rewrite the files that change" },
	{ OPT_OUTPUT, "output", 'o', "OUT", NULL, "where the result goes, - (default): standard output" },
	CLI_OPT_DIAGNOSTICS_ROW,
	{ 0 },
};

struct fmt_run {
	const char **paths;
	uint32_t npaths;
	const char *output;
	bool check, in_place;
	int diagnostics;
	struct tpc_ctx *c;
	uint32_t nfiles;
	TPC_VEC(struct cli_output) results; /* with --check and -i: of those that change */
};

static int add(void *arg, const char *name, const char *data, size_t len)
{
	struct fmt_run *k = arg;
	struct tpc_buf out = TPC_BUF(k->c->arena);
	struct cli_output *o;
	uint32_t file;

	k->nfiles++;
	file = tpc_source_add(&k->c->sources, name, data, len);
	if (!tpc_fmt(k->c, file, &out))
		return -EINVAL;
	if ((k->check || k->in_place) && out.len == len && !memcmp(tpc_buf_text(&out), data, len))
		return 0;
	o = tpc_vec_push(k->c->arena, &k->results);
	o->path = k->in_place || k->check ? tpc_strdup(k->c->arena, name) : k->output;
	o->data = tpc_buf_text(&out);
	o->len = out.len;
	o->keep_mode = k->in_place;
	return 0;
}

static enum cli_status finish(struct fmt_run *k)
{
	if (k->check) {
		for (uint32_t i = 0; i < k->results.len; i++) {
			cli_put_text(stdout, k->results.items[i].path);
			putchar('\n');
		}
		return k->results.len ? CLI_INPUT : CLI_DONE;
	}
	return cli_write_all(k->results.items, k->results.len);
}

static enum cli_status format(struct fmt_run *k, const struct cli_command *cmd)
{
	int r = cli_each_policy(k->c, k->paths, k->npaths, add, k);
	enum cli_status st = cli_report(k->c, stderr, k->diagnostics, cli_status_of(r)), done;

	/* One after the other they would be one stream, and mean something else. */
	if (st == CLI_DONE && !k->check && !k->in_place && k->nfiles > 1)
		return cli_usage(cmd, "several files need -i or --check");
	if (st != CLI_DONE && !k->check)
		return st;
	done = finish(k);
	return st == CLI_DONE ? done : st;
}

static enum cli_status judge(const struct fmt_run *k, const struct cli_command *cmd)
{
	if (!k->npaths)
		return cli_usage(cmd, "no policy is named");
	if (k->check + k->in_place + !!k->output > 1)
		return cli_usage(cmd, "only one of --check, -i and -o is possible");
	for (uint32_t i = 0; k->in_place && i < k->npaths; i++) {
		if (!strcmp(k->paths[i], "-"))
			return cli_usage(cmd, "standard input cannot be rewritten in place");
	}
	return CLI_DONE;
}

static enum cli_status parse(struct fmt_run *k, struct cli_args *args, bool *go_on)
{
	enum cli_status st;
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
		case OPT_CHECK:
			k->check = true;
			break;
		case OPT_IN_PLACE:
			k->in_place = true;
			break;
		case OPT_OUTPUT:
			k->output = args->value;
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
	struct fmt_run k = { 0 };
	struct tpc_ctx ctx;
	enum cli_status st;
	bool go_on;
	int r;

	k.paths = calloc((size_t)args->argc, sizeof(*k.paths));
	if (!k.paths)
		return cli_env_error(-ENOMEM, "cannot begin");
	st = parse(&k, args, &go_on);
	if (!k.output)
		k.output = "-";
	if (go_on) {
		k.c = &ctx;
		r = tpc_ctx_init(&ctx, ARENA_CEILING);
		st = r ? cli_env_error(r, "cannot begin") : format(&k, args->cmd);
		if (!r)
			tpc_ctx_done(&ctx);
	}
	free(k.paths);
	return st;
}

const struct cli_command cmd_fmt = {
	.name = "fmt",
	.synopsis = "POLICY... [--check | -i | -o OUT]",
	.about = "Lay policies out in the canonical way",
	.more = "POLICY is a YAML file, a folder or - for standard input. Only white space changes: comments, blank lines,\n"
		"order and quotes stay. A file with a syntax error is not laid out, and then none is written. Exit status\n"
		"1 when there was an error, or when --check found a file that would change.",
	.opts = opts,
	.run = run,
};
