// SPDX-License-Identifier: Apache-2.0
/* What the schema's tables cannot say: rules between fields, on a typed policy. */
#ifndef TPC_FRONTEND_RULES_H
#define TPC_FRONTEND_RULES_H

#include "frontend/policy.h"

/* Errors, of policies with other faults too; absent fields are passed over. */
void rules_check(struct tpc_ctx *c, const struct tpc_policy *p);
/* Warnings: what is accepted and yet hardly meant. Only for policies without a fault. */
void suspect_check(struct tpc_ctx *c, const struct tpc_policy *p);

/* N, Ns, Nm or Nh, where N has 32 bits, in milliseconds; false: @v is none of these, which rules_check() tells. */
bool rules_rate_limit(const struct tpc_value *v, uint64_t *ret_ms);

#endif
