// SPDX-License-Identifier: Apache-2.0
/* Tables of system calls, by ABI: what policies call sys_openat, __x64_sys_openat or i386/sys_dup. */
#ifndef TPC_KERNEL_SYSCALLS_H
#define TPC_KERNEL_SYSCALLS_H

#include <stdbool.h>
#include <stdint.h>

enum kernel_abi { KERNEL_X64, KERNEL_I386, KERNEL_ARM64, KERNEL_ARM32, KERNEL_ABI_MAX };

struct kernel_syscall {
	const char *name; /* "openat" */
	uint32_t nr;	  /* arm32 has some past 16 bits */
	int8_t nargs;	  /* -1: not known */
};

/* "x64", "i386", "arm64", "arm32" as Tetragon writes them before '/'; KERNEL_ABI_MAX: none of them. */
enum kernel_abi kernel_abi_find(const char *s, uint32_t len);
const char *kernel_abi_name(enum kernel_abi abi);
/* The prefix of entry functions: "__x64_", "__ia32_", "__arm64_", "__arm64_" (arm32 has its own tables). */
const char *kernel_abi_prefix(enum kernel_abi abi);

/* NULL when there is none of that name (without sys_). *@ret_near (may be NULL): the nearest name, or NULL. */
const struct kernel_syscall *kernel_syscall_find(enum kernel_abi abi, const char *name, uint32_t len,
						 const char **ret_near);
/* All of an ABI in order of number; *@ret_len of them. */
const struct kernel_syscall *kernel_syscalls(enum kernel_abi abi, uint32_t *ret_len);

/*
 * "int dfd, const char *filename, int flags, umode_t mode" of openat, "" of a call without parameters, NULL
 * where they are not known. @name is that of the kernel's function, as in __x64_sys_newfstat and
 * sys_enter_newfstat, where the call's own name may be another (fstat).
 */
const char *kernel_syscall_params(const char *name, uint32_t len);
const char *kernel_near_syscall_proto(const char *name, uint32_t len);

#endif
