// SPDX-License-Identifier: Apache-2.0
/* tpc explain: the page of a diagnostic's code. */
#include "base/diag_pages.h"
#include "cli/cli.h"

static const struct cli_opt opts[] = { { 0 } };

static void list_codes(void)
{
	for (unsigned i = 0; i < TPC_CODE_MAX; i++) {
		const struct tpc_diag_page *page = tpc_diag_page((enum tpc_diag_code)i);

		printf("%s %-22s %s\n", tpc_diag_code_id((enum tpc_diag_code)i),
		       tpc_diag_code_slug((enum tpc_diag_code)i), page ? page->summary : "");
	}
}

static enum cli_status unknown_code(const struct cli_command *cmd, const char *name)
{
	const char *names[2 * TPC_CODE_MAX + 1] = { NULL };
	const char *near;

	for (unsigned i = 0; i < TPC_CODE_MAX; i++) {
		names[i] = tpc_diag_code_slug((enum tpc_diag_code)i);
		names[TPC_CODE_MAX + i] = tpc_diag_code_id((enum tpc_diag_code)i);
	}
	near = cli_nearest(name, names);
	if (near)
		return cli_usage(cmd, "there is no code '%s', did you mean '%s'?", name, near);
	return cli_usage(cmd, "there is no code '%s'; 'tpc explain' lists all", name);
}

/* A blank line and a title stand between two pages, as each page begins with its title. */
static enum cli_status explain(const struct cli_command *cmd, const char *name, bool first)
{
	enum tpc_diag_code code = tpc_diag_code_find(name);
	const struct tpc_diag_page *page;

	if (code == TPC_CODE_MAX)
		return unknown_code(cmd, name);
	page = tpc_diag_page(code);
	if (!first)
		printf("\n");
	if (page)
		fputs(page->text, stdout);
	else
		printf("# %s %s\n", tpc_diag_code_id(code), tpc_diag_code_slug(code));
	return CLI_DONE;
}

static enum cli_status run(struct cli_args *args)
{
	enum cli_status st = CLI_DONE;
	bool first = true;
	int id;

	while ((id = cli_next(args)) != CLI_OPT_END) {
		if (id != CLI_OPT_WORD)
			return cli_opt_status(id);
		st = explain(args->cmd, args->value, first);
		if (st != CLI_DONE)
			return st;
		first = false;
	}
	if (first)
		list_codes();
	return st;
}

const struct cli_command cmd_explain = {
	.name = "explain",
	.synopsis = "[CODE...]",
	.about = "Explain a diagnostic: what it means, why, an example, the mend",
	.more = "CODE is a diagnostic's code or name, as TPC203 or unknown-field. Without one all codes are listed.",
	.opts = opts,
	.run = run,
};
