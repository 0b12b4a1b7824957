// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <string.h>

#include "cli/know.h"

#define FILE_MAX ((size_t)1 << 20)

/* A file that cannot be read becomes a diagnostic, as that of a policy does. */
static int add_file(struct tpc_ctx *c, const char *path, uint32_t *ret)
{
	char *text;
	size_t len;
	int r = cli_read_file(path, FILE_MAX, &text, &len);

	if (r) {
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_IO, "cannot read '%s': %s", path, strerror(-r));
		return r;
	}
	*ret = tpc_source_add(&c->sources, path, text, len);
	free(text);
	return 0;
}

enum cli_status cli_know_read(struct tpc_ctx *c, const char *const *paths, uint32_t npaths, int diagnostics,
			      struct knowledge *ret)
{
	uint32_t *files = tpc_new_array(c->arena, uint32_t, npaths + 1), n = 0;

	for (uint32_t i = 0; i < npaths; i++)
		if (!add_file(c, paths[i], &files[n]))
			n++;
	knowledge_read(c, files, n, ret);
	return cli_report(c, stderr, diagnostics, CLI_DONE);
}

enum cli_status cli_know_threat(const struct knowledge *k, const struct cli_command *cmd, const char *id,
				const struct know_threat **ret)
{
	const char *near;

	*ret = know_threat_find(k, id, &near);
	if (*ret)
		return CLI_DONE;
	if (near)
		return cli_usage(cmd, "there is no threat '%s', did you mean '%s'?", id, near);
	return cli_usage(cmd, "there is no threat '%s'; 'tpc threats' lists all", id);
}

enum cli_status cli_know_agent(const struct knowledge *k, const struct cli_command *cmd, const char *name,
			       const struct know_agent **ret)
{
	const char *near;

	*ret = know_agent_find(k, name, &near);
	if (*ret)
		return CLI_DONE;
	if (near)
		return cli_usage(cmd, "there is no agent '%s', did you mean '%s'?", name, near);
	return cli_usage(cmd, "there is no agent '%s'; 'tpc threats ID' names those that set a threat off",
			 name);
}
