// SPDX-License-Identifier: Apache-2.0
/* The run of tpc verify, once its command line and its kernels' types are read. */
#ifndef TPC_CLI_VERIFY_RUN_H
#define TPC_CLI_VERIFY_RUN_H

#include "cli/cli.h"
#include "verify/verify.h"

enum { VERIFY_TEXT, VERIFY_JSON, VERIFY_SARIF, VERIFY_JUNIT };

struct verify_run {
	const char *const *paths; /* of objects */
	uint32_t npaths;
	struct verify_opts o;
	const char *const *vms; /* kernels to boot */
	uint32_t nvms;
	struct ask_vm vm; /* how; .kernel apart */
	int format;
	struct tpc_ctx *ctx; /* findings are collected here for SARIF */
};

/* Verifies each object, and prints a report each. Without guests one after another, so that memory is one object's. */
enum cli_status verify_run(const struct verify_run *r);

#endif
