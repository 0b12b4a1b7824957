// SPDX-License-Identifier: Apache-2.0
/* How tpc verify shows what it found. */
#ifndef TPC_CLI_VERIFY_OUT_H
#define TPC_CLI_VERIFY_OUT_H

#include "cli/cli.h"
#include "verify/verify.h"

/* A table: a line a check, what is wrong below it. */
void verify_print_text(const struct verify_report *r, FILE *to);
/* One JSON object on one line. */
void verify_print_json(const struct verify_report *r, FILE *to);
/* One <testsuite>; the caller prints <testsuites> around all. */
void verify_print_junit(const struct verify_report *r, FILE *to);
/* Adds each finding to @c as a diagnostic at the object's file, for one SARIF log of all. */
void verify_add_diags(struct tpc_ctx *c, const struct verify_report *r);

#endif
