/* SPDX-License-Identifier: Apache-2.0 */
/* A manifest and records for the tests. */
#ifndef TPC_RT_TESTS_SUPPORT_H
#define TPC_RT_TESTS_SUPPORT_H

#include <check.h>
#include <stdlib.h>

#include "decode.h"
#include "process.h"

/*
 * Hook 0: kprobe fd_install (int fd, file, nop); 1: tracepoint (string, char_buf, syscall64); 2: lsm (path,
 * linux_binprm,
 * size_t, int64, uint32). */
extern const char support_manifest[];
struct manifest *support_parse(void);

/* Records, put together field by field as the kernel side does. */
struct record {
	uint8_t bytes[8192];
	size_t len;
};
void record_hook(struct record *r, uint64_t time, struct tpc_task_id task, uint32_t hook, uint32_t selector,
		 uint32_t actions, uint32_t nargs);
void record_arg(struct record *r, uint16_t type, uint16_t flags, const void *payload, size_t len);
void record_num(struct record *r, uint16_t type, uint64_t v);
void record_path(struct record *r, uint16_t flags, uint32_t mode, int32_t fd, const char *names, size_t len);
void record_exec(struct record *r, uint64_t time, struct tpc_task_id task, struct tpc_task_id parent,
		 uint32_t flags, const char *binary, size_t binary_len, const char *cwd, size_t cwd_len,
		 const char *args, size_t args_len);
void record_clone(struct record *r, uint64_t time, struct tpc_task_id task, struct tpc_task_id parent);
void record_exit(struct record *r, uint64_t time, struct tpc_task_id task, uint32_t code);

/* Fills in the size, decodes, and fails the test when that fails. */
void record_decode(struct record *r, const struct manifest *m, struct event *ev);
/* The size into the header, no more. */
void record_seal(struct record *r);

int support_run(Suite *s);

#endif
