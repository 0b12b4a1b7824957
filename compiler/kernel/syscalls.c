// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "kernel/syscalls.h"

#include <string.h>

#include "base/suggest.h"

#define SYSCALL(nr, name, nargs) { #name, nr, nargs },
static const struct kernel_syscall x64[] = {
#include "kernel/syscalls_x64.h"
};
static const struct kernel_syscall i386[] = {
#include "kernel/syscalls_i386.h"
};
static const struct kernel_syscall arm64[] = {
#include "kernel/syscalls_arm64.h"
};
static const struct kernel_syscall arm32[] = {
#include "kernel/syscalls_arm32.h"
};
#undef SYSCALL

static const struct abi {
	const char *name, *prefix;
	const struct kernel_syscall *calls;
	uint32_t n;
} abis[KERNEL_ABI_MAX] = {
#define ABI(list, prefix) { #list, prefix, list, sizeof(list) / sizeof((list)[0]) }
	[KERNEL_X64] = ABI(x64, "__x64_"),
	[KERNEL_I386] = ABI(i386, "__ia32_"),
	[KERNEL_ARM64] = ABI(arm64, "__arm64_"),
	[KERNEL_ARM32] = ABI(arm32, "__arm64_"),
#undef ABI
};

/* Sorted by name. */
static const struct proto {
	const char *name, *params;
} protos[] = {
#define SYSCALL_PROTO(name, params) { #name, params },
#include "kernel/syscall_protos.h"
#undef SYSCALL_PROTO
};

static bool is_name(const char *name, const char *s, uint32_t len)
{
	return tpc_text_is(s, len, name);
}

enum kernel_abi kernel_abi_find(const char *s, uint32_t len)
{
	for (uint32_t i = 0; i < KERNEL_ABI_MAX; i++) {
		if (tpc_text_is(s, len, abis[i].name))
			return (enum kernel_abi)i;
	}
	return KERNEL_ABI_MAX;
}

const char *kernel_abi_name(enum kernel_abi abi)
{
	return abis[abi].name;
}

const char *kernel_abi_prefix(enum kernel_abi abi)
{
	return abis[abi].prefix;
}

const struct kernel_syscall *kernel_syscall_find(enum kernel_abi abi, const char *name, uint32_t len,
						 const char **ret_near)
{
	const struct abi *in = &abis[abi];
	struct tpc_suggest near;

	/* A NUL inside the text would end the comparison early. */
	if (len && !memchr(name, '\0', len)) {
		for (uint32_t i = 0; i < in->n; i++) {
			if (is_name(in->calls[i].name, name, len))
				return &in->calls[i];
		}
	}
	if (!ret_near)
		return NULL;
	near = TPC_SUGGEST(name, len);
	for (uint32_t i = 0; i < in->n; i++)
		tpc_suggest_try(&near, in->calls[i].name);
	*ret_near = near.best;
	return NULL;
}

const struct kernel_syscall *kernel_syscalls(enum kernel_abi abi, uint32_t *ret_len)
{
	*ret_len = abis[abi].n;
	return abis[abi].calls;
}

const char *kernel_syscall_params(const char *name, uint32_t len)
{
	uint32_t lo = 0, hi = sizeof(protos) / sizeof(protos[0]);

	if (memchr(name, '\0', len))
		return NULL;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int d = strncmp(protos[mid].name, name, len);

		if (!d && !protos[mid].name[len])
			return protos[mid].params;
		if (d < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

const char *kernel_near_syscall_proto(const char *name, uint32_t len)
{
	struct tpc_suggest near = TPC_SUGGEST(name, len);

	for (uint32_t i = 0; i < sizeof(protos) / sizeof(protos[0]); i++)
		tpc_suggest_try(&near, protos[i].name);
	return near.best;
}
