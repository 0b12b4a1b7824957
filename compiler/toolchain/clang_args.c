// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "toolchain/internal.h"

struct arch_row {
	const char *arch, *macro;
};

static const struct arch_row archs[] = {
	{ "x86_64", "-D__TARGET_ARCH_x86" },
};

static const char *const common[] = {
	"--target=bpf",
	"-mcpu=v3",
	"-std=gnu11",
	"-O2",
	"-g",
	"-nostdinc",
	"-fno-stack-protector",
	/* No path and no name of this machine: neither in BTF nor in messages. */
	"-fdebug-compilation-dir=.",
	"-fdebug-prefix-map=./=",
};

const char **clang_common_args(struct tpc_arena *a, const char *arch, uint32_t *ret_n)
{
	const uint32_t n = sizeof(common) / sizeof(common[0]);
	const char **args = tpc_new_array(a, const char *, n + 2);

	memcpy(args, common, sizeof(common));
	for (size_t i = 0; i < sizeof(archs) / sizeof(archs[0]); i++) {
		if (strcmp(archs[i].arch, arch))
			continue;
		args[n] = archs[i].macro;
		*ret_n = n + 1;
		return args;
	}
	return NULL;
}
