// SPDX-License-Identifier: Apache-2.0
#include "ir/lsm.h"

#include <stddef.h>
#include <string.h>

#include "base/suggest.h"

static const struct lsm_hook hooks[] = {
#define LSM_HOOK(name, nargs, has_result) { #name, nargs, has_result },
#include "ir/lsm_hooks.h"
#undef LSM_HOOK
};

const struct lsm_hook *lsm_hook_find(const char *name, const char **ret_near)
{
	struct tpc_suggest s = TPC_SUGGEST(name, (uint32_t)strlen(name));

	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++)
		if (!strcmp(hooks[i].name, name))
			return &hooks[i];
	for (size_t i = 0; ret_near && i < sizeof(hooks) / sizeof(hooks[0]); i++)
		tpc_suggest_try(&s, hooks[i].name);
	if (ret_near)
		*ret_near = s.best;
	return NULL;
}
