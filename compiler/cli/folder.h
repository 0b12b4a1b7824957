// SPDX-License-Identifier: Apache-2.0
/* A folder of results: it is written whole or not at all, and replaces only what an earlier run wrote. */
#ifndef TPC_CLI_FOLDER_H
#define TPC_CLI_FOLDER_H

#include "cli/cli.h"

struct folder_file {
	const char *path; /* within the folder, without ".." */
	const char *data;
	size_t len;
};

/*
 * Writes @files into a new folder beside @dir and puts it in @dir's place. One that is there must be empty, or hold nothing but
 * what its list ".tpc-review" says that this program wrote. CLI_DONE, or CLI_USAGE or CLI_ENV and said.
 */
enum cli_status folder_write(struct tpc_arena *a, const char *dir, const struct folder_file *files,
			     uint32_t n);

#endif
