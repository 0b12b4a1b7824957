// SPDX-License-Identifier: Apache-2.0
/* What is known about LSM hooks without a kernel at hand. */
#ifndef TPC_IR_LSM_H
#define TPC_IR_LSM_H

#include <stdbool.h>
#include <stdint.h>

struct lsm_hook {
	const char *name;
	uint8_t nargs;
	bool has_result; /* returns a verdict, which can be replaced */
};

/* NULL: not in Linux 6.1 nor in 6.18; *@ret_near (may be NULL) is then a hook of nearly that name, or NULL. */
const struct lsm_hook *lsm_hook_find(const char *name, const char **ret_near);

#endif
