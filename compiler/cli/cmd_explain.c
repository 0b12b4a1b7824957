// SPDX-License-Identifier: Apache-2.0
/* tpc explain: the page of a diagnostic's code. */
#include "base/diag_pages.h"
#include "base/buf.h"
#include "cli/cli.h"
#include "review/knowledge.h"

#define ARENA_MAX ((size_t)64 << 20)

static const struct cli_opt opts[] = { { 0 } };

struct explain {
	struct tpc_ctx c;
	struct knowledge known; /* the checks of 'tpc review' are rows of it */
};

static void list_codes(const struct explain *x)
{
	const struct know_check *const *k;

	for (unsigned i = 0; i < TPC_CODE_MAX; i++) {
		const struct tpc_diag_page *page = tpc_diag_page((enum tpc_diag_code)i);

		printf("%s %-22s %s\n", tpc_diag_code_id((enum tpc_diag_code)i),
		       tpc_diag_code_slug((enum tpc_diag_code)i), page ? page->summary : "");
	}
	tpc_vec_foreach (k, &x->known.checks)
		printf("%s %-22s %s\n", (*k)->code.s, (*k)->slug.s, (*k)->title.s);
}

static enum cli_status unknown_code(struct explain *x, const struct cli_command *cmd, const char *name)
{
	const char **names =
		tpc_new_array(x->c.arena, const char *, 2 * (TPC_CODE_MAX + x->known.checks.len) + 1);
	const struct know_check *const *k;
	const char *near;
	uint32_t n = 0;

	for (unsigned i = 0; i < TPC_CODE_MAX; i++) {
		names[n++] = tpc_diag_code_slug((enum tpc_diag_code)i);
		names[n++] = tpc_diag_code_id((enum tpc_diag_code)i);
	}
	tpc_vec_foreach (k, &x->known.checks) {
		names[n++] = (*k)->slug.s;
		names[n++] = (*k)->code.s;
	}
	near = cli_nearest(name, names);
	if (near)
		return cli_usage(cmd, "there is no code '%s', did you mean '%s'?", name, near);
	return cli_usage(cmd, "there is no code '%s'; 'tpc explain' lists all", name);
}

static void print_check(struct explain *x, const struct know_check *k)
{
	struct tpc_buf out = TPC_BUF(x->c.arena);

	know_check_page(k, &out);
	fwrite(tpc_buf_text(&out), 1, out.len, stdout);
}

/* A blank line and a title stand between two pages, as each page begins with its title. */
static enum cli_status explain(struct explain *x, const struct cli_command *cmd, const char *name, bool first)
{
	enum tpc_diag_code code = tpc_diag_code_find(name);
	const struct know_check *check = know_check_find(&x->known, name);
	const struct tpc_diag_page *page;

	if (code == TPC_CODE_MAX && !check)
		return unknown_code(x, cmd, name);
	if (!first)
		printf("\n");
	if (code == TPC_CODE_MAX) {
		print_check(x, check);
		return CLI_DONE;
	}
	page = tpc_diag_page(code);
	if (page)
		fputs(page->text, stdout);
	else
		printf("# %s %s\n", tpc_diag_code_id(code), tpc_diag_code_slug(code));
	return CLI_DONE;
}

static enum cli_status work(struct explain *x, struct cli_args *args)
{
	enum cli_status st = CLI_DONE;
	bool first = true;
	int id;

	knowledge_read(&x->c, NULL, 0, &x->known);
	while ((id = cli_next(args)) != CLI_OPT_END) {
		if (id != CLI_OPT_WORD)
			return cli_opt_status(id);
		st = explain(x, args->cmd, args->value, first);
		if (st != CLI_DONE)
			return st;
		first = false;
	}
	if (first)
		list_codes(x);
	return st;
}

static enum cli_status run(struct cli_args *args)
{
	struct explain x = { 0 };
	enum cli_status st;
	int r = tpc_ctx_init(&x.c, ARENA_MAX);

	if (r)
		return cli_env_error(r, "cannot begin");
	st = work(&x, args);
	tpc_ctx_done(&x.c);
	return st;
}

const struct cli_command cmd_explain = {
	.name = "explain",
	.synopsis = "[CODE...]",
	.about = "Explain a diagnostic or a check: what it means, why, an example, the mend",
	.more = "CODE is a code or name of a diagnostic, as TPC203 or unknown-field, or of a check of 'tpc review', as TPR101.\n"
		"Without one all are listed.",
	.opts = opts,
	.run = run,
};
