// SPDX-License-Identifier: Apache-2.0
/*
 * Child programs: found in PATH, started without a shell and with a fixed environment, never left behind. PATH and
 * LD_LIBRARY_PATH are all that is read from the environment here.
 */
#ifndef TPC_BASE_CHILD_H
#define TPC_BASE_CHILD_H

#include <sys/types.h>

#include "base/arena.h"

#define CHILD_FDS_MAX 8

struct child_how {
	const char *const *argv; /* NULL-terminated; argv[0] is a path */
	const char *cwd;	 /* NULL: here */
	const int *fds;		 /* the child has them as 3, 4, …; nothing else is open in it */
	uint32_t nfds;		 /* at most CHILD_FDS_MAX */
	uint64_t memory;	 /* bytes of address space, 0: no limit of its own */
	uint64_t cpu;		 /* seconds of processor time, 0: the same */
};

struct child {
	pid_t pid;
	int out, err; /* what it writes to standard output and error comes from here; closed by the caller */
};

/*
 * Starts it; its standard input is empty. It is killed when the thread that started it ends. 0 or -errno, which is
 * execve()'s when there is no such program.
 */
int child_start(struct tpc_arena *a, const struct child_how *how, struct child *ret);
/* Waits for its end; the status as waitpid() gives it. 0 or -errno. */
int child_wait(const struct child *c, int *status);

/* Whether @path is a file that may be executed. */
bool child_is_program(const char *path);
/* @name in the folders of PATH, in @a; relative folders are passed over: they depend on where one stands. */
const char *child_find(struct tpc_arena *a, const char *name);

#endif
