// SPDX-License-Identifier: Apache-2.0
/* tpc schema: what a policy may hold, for editors and for people. */
#include <errno.h>

#include "cli/cli.h"
#include "frontend/schema_print.h"
#include "ptest/ptest.h"

#define ARENA_CEILING ((size_t)16 << 20)

enum { OPT_FORMAT = CLI_OPT_OWN, OPT_CASES };

static const char *const formats[] = { "json", "md", NULL };
enum { FORMAT_JSON, FORMAT_MD };

static const struct cli_opt opts[] = {
	{ OPT_FORMAT, "format", 0, "FORMAT", formats,
	  "json (default): a JSON Schema, draft-07; or md: a reference page" },
	{ OPT_CASES, "cases", 0, NULL, NULL, "of the files of cases that 'tpc test' reads, not of policies" },
	{ 0 },
};

static enum cli_status print(int format, bool cases)
{
	struct tpc_arena *a = tpc_arena_new(ARENA_CEILING);

	if (!a)
		return cli_env_error(-ENOMEM, "cannot begin");
	if (cases)
		ptest_print_schema(a, stdout);
	else if (format == FORMAT_MD)
		schema_print_md(a, stdout);
	else
		schema_print_json(a, stdout);
	tpc_arena_free(a);
	return CLI_DONE;
}

static enum cli_status run(struct cli_args *args)
{
	int format = FORMAT_JSON, id;
	bool cases = false;

	while ((id = cli_next(args)) != CLI_OPT_END) {
		if (id == CLI_OPT_WORD)
			return cli_usage(args->cmd, "'%s' is too much: nothing is read", args->value);
		if (id == OPT_CASES)
			cases = true;
		else if (id == OPT_FORMAT)
			format = args->word;
		else
			return cli_opt_status(id);
	}
	if (cases && format == FORMAT_MD)
		return cli_usage(args->cmd, "the page of cases is docs/policy-tests.md: --cases writes json");
	return print(format, cases);
}

const struct cli_command cmd_schema = {
	.name = "schema",
	.synopsis = "[OPTION...]",
	.about = "Write a JSON Schema of policies or cases for editors, or a reference page",
	.more = "With yaml-language-server, which many editors use, write the schema to a file once\n"
		"('tpc schema >tracingpolicy.json') and begin a policy with this line:\n"
		"  # yaml-language-server: $schema=tracingpolicy.json\n"
		"The same goes for files of cases and 'tpc schema --cases >cases.json'.",
	.opts = opts,
	.run = run,
};
