// SPDX-License-Identifier: Apache-2.0
/* What the commands that ask the rows of templates/knowledge/ share. */
#ifndef TPC_CLI_KNOW_H
#define TPC_CLI_KNOW_H

#include "cli/cli.h"
#include "review/knowledge.h"

#define CLI_KNOW_ARENA_MAX ((size_t)64 << 20)

/* For a command's table. */
#define CLI_OPT_KNOWLEDGE_ROW(id)                                                                            \
	{ id,	"knowledge",                                                                                 \
	  0,	"FILE",                                                                                      \
	  NULL, "more rows, of hooks, threats or agents, beside those that tpc has; may be repeated" }

/* The rows, and those of @npaths files; faults are printed as @diagnostics says. CLI_DONE, or CLI_INPUT and said. */
enum cli_status cli_know_read(struct tpc_ctx *c, const char *const *paths, uint32_t npaths, int diagnostics,
			      struct knowledge *ret);
/* The row of a name from the command line. CLI_DONE, or CLI_USAGE and said. */
enum cli_status cli_know_threat(const struct knowledge *k, const struct cli_command *cmd, const char *id,
				const struct know_threat **ret);
enum cli_status cli_know_agent(const struct knowledge *k, const struct cli_command *cmd, const char *name,
			       const struct know_agent **ret);

#endif
