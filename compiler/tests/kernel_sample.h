// SPDX-License-Identifier: Apache-2.0
/* A small kernel's BTF, made by libbpf, and files to open it from. */
#ifndef TPC_TESTS_KERNEL_SAMPLE_H
#define TPC_TESTS_KERNEL_SAMPLE_H

#include <bpf/btf.h>
#include <stddef.h>

#include "kernel/kernel.h"

/*
 * Basic types as the kernel has them; structs file, path, dentry, sock, tcp_sock, task_struct, cred, odd; functions;
 * LSM hook file_open; tracepoints sched_process_exec (with its record), sched_wakeup (without). Freed by the caller.
 */
struct btf *sample_btf(void);
/* struct only_in_module and function module_func, on top of @base. */
struct btf *sample_module_btf(struct btf *base);

/* A new folder under /tmp; sample_folder_remove() removes it and all that is in it. */
char *sample_folder(void);
void sample_folder_remove(char *folder);
/* Writes @data to @folder/@name, making the folders on the way; gives the path, for free(). */
char *sample_write(const char *folder, const char *name, const void *data, size_t len);
char *sample_write_btf(const char *folder, const char *name, const struct btf *btf);
/* A folder with vmlinux and module "wifi" in it, opened. */
struct kernel *sample_kernel(char **ret_folder);

#endif
