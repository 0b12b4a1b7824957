// SPDX-License-Identifier: Apache-2.0
/* Shared by the commands that make, sign and show image archives. */
#ifndef TPC_CLI_BUNDLE_H
#define TPC_CLI_BUNDLE_H

#include "bundle/image.h"
#include "cli/cli.h"
#include "toolchain/object.h"

/* ---- bundle_labels.c ---- */
/* The labels of an object by the words of bytecode images: {"p0_lsm":"lsm"}. NULL: a name is not UTF-8. */
const char *bundle_program_label(struct tpc_arena *a, const struct object *o);
const char *bundle_map_label(struct tpc_arena *a, const struct object *o);
/* The manifest's text as the label has it. NULL: no memory. */
const char *bundle_manifest_label(struct tpc_arena *a, const struct object *o);
/* What OCI calls the object's architecture, NULL: none that is known. */
const char *bundle_object_arch(const struct object *o);

/* ---- cmd_sign.c ---- */
/* Reads a secret key. CLI_DONE; else diagnostics or one line say why not. */
enum cli_status bundle_read_key(struct tpc_ctx *c, const char *path, struct secret_key *ret);
/* Reads a file of at most @max bytes into malloc()ed memory. CLI_DONE; else diagnostics or one line say why not. */
enum cli_status bundle_read_file(struct tpc_ctx *c, const char *path, size_t max, char **ret,
				 size_t *ret_len);

#endif
