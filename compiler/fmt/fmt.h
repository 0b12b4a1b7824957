// SPDX-License-Identifier: Apache-2.0
/*
 * The canonical layout of a policy. Only white space, line ends and a byte order mark change: two spaces a
 * level, a list at the column of its key, one space after ':' and '-' and before a trailing comment, at most
 * one blank line in a row. Order, quotes, comments, flow collections and what block scalars hold stay.
 */
#ifndef TPC_FMT_FMT_H
#define TPC_FMT_FMT_H

#include "base/buf.h"
#include "base/ctx.h"

/*
 * Appends the text of source @file, laid out, to @out. It need not be a policy, only YAML that the front end
 * reads. false after an error was reported; what is in @out is then not to be used.
 */
bool tpc_fmt(struct tpc_ctx *c, uint32_t file, struct tpc_buf *out);

#endif
