// SPDX-License-Identifier: Apache-2.0
/* The front end: from the bytes of a YAML stream to typed policies. */
#ifndef TPC_FRONTEND_FRONTEND_H
#define TPC_FRONTEND_FRONTEND_H

#include "frontend/policy.h"

/*
 * Reads every document of source @file (see tpc_source_add()) and appends its policies to @ret, in order. Each
 * fault becomes a diagnostic with a place; a policy with faults is appended too, with `bad` set. A document of
 * another kind is a fault and not appended. Empty documents are skipped; a stream of nothing else is a fault.
 */
void frontend_read(struct tpc_ctx *c, uint32_t file, struct tpc_policy_list *ret);

#endif
