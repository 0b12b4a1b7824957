// SPDX-License-Identifier: Apache-2.0
/* Typed policies to IR: names resolved, values parsed, hooks of several policies on one point gathered. */
#ifndef TPC_IR_LOWER_H
#define TPC_IR_LOWER_H

#include "frontend/policy.h"
#include "ir/ir.h"

#define IR_KERNEL(major, minor) ((uint32_t)(major) << 16 | (minor))

struct ir_lower_opts {
	struct kernel *kernel; /* whose types and hooks are looked up, or NULL: nothing is known of a kernel */
	bool kernel_named; /* the user named it: what it lacks is an error; else only a warning, it may be another's */
	uint32_t min_kernel;   /* IR_KERNEL(5, 15): what it lacks is told; 0: not asked */
	bool min_kernel_named; /* the user asked for it: what it lacks is an error, else a warning */
};

/*
 * Lowers @policies (in order) into a unit; @o may be NULL. What is wrong becomes a diagnostic; after an error
 * the unit is still sound but must not be emitted. Never NULL.
 */
struct ir_unit *ir_lower(struct tpc_ctx *c, const struct tpc_policy_list *policies,
			 const struct ir_lower_opts *o);

#endif
