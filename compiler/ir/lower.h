// SPDX-License-Identifier: Apache-2.0
/* Typed policies to IR: names resolved, values parsed, hooks of several policies on one point gathered. */
#ifndef TPC_IR_LOWER_H
#define TPC_IR_LOWER_H

#include "frontend/policy.h"
#include "ir/ir.h"

/*
 * Lowers @policies (in order) into a unit. What is wrong or not supported yet becomes a diagnostic; after an error the unit is
 * still sound but must not be emitted. Never NULL.
 */
struct ir_unit *ir_lower(struct tpc_ctx *c, const struct tpc_policy_list *policies);

#endif
