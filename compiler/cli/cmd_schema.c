// SPDX-License-Identifier: Apache-2.0
/* tpc schema: what a policy may hold, for editors and for people. */
#include <errno.h>

#include "cli/cli.h"
#include "frontend/schema_print.h"

#define ARENA_CEILING ((size_t)16 << 20)

enum { OPT_FORMAT = CLI_OPT_OWN };

static const char *const formats[] = { "json", "md", NULL };
enum { FORMAT_JSON, FORMAT_MD };

static const struct cli_opt opts[] = {
	{ OPT_FORMAT, "format", 0, "FORMAT", formats,
	  "json (default): a JSON Schema, draft-07; or md: a reference page" },
	{ 0 },
};

static enum cli_status print(int format)
{
	struct tpc_arena *a = tpc_arena_new(ARENA_CEILING);

	if (!a)
		return cli_env_error(-ENOMEM, "cannot begin");
	if (format == FORMAT_MD)
		schema_print_md(a, stdout);
	else
		schema_print_json(a, stdout);
	tpc_arena_free(a);
	return CLI_DONE;
}

static enum cli_status run(struct cli_args *args)
{
	int format = FORMAT_JSON, id;

	while ((id = cli_next(args)) != CLI_OPT_END) {
		if (id == CLI_OPT_WORD)
			return cli_usage(args->cmd, "'%s' is too much: nothing is read", args->value);
		if (id != OPT_FORMAT)
			return cli_opt_status(id);
		format = args->word;
	}
	return print(format);
}

const struct cli_command cmd_schema = {
	.name = "schema",
	.synopsis = "[OPTION...]",
	.about = "Write a JSON Schema of policies for editors, or a reference page",
	.more = "With yaml-language-server, which many editors use, write the schema to a file once\n"
		"('tpc schema >tracingpolicy.json') and begin a policy with this line:\n"
		"  # yaml-language-server: $schema=tracingpolicy.json",
	.opts = opts,
	.run = run,
};
