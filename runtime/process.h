/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is who. A process is what one pid is between two execs, as in Tetragon: an exec makes a new one. The
 * cache
 * begins with /proc and then follows EXEC, CLONE and EXIT records; what has exited stays for a while, because
 * events of other CPUs' buffers and children still name it.
 */
#ifndef TPC_RT_PROCESS_H
#define TPC_RT_PROCESS_H

#include "decode.h"

enum process_flag {
	PROCESS_EXEC = 1 << 0,	 /* seen at exec */
	PROCESS_PROCFS = 1 << 1, /* found in /proc */
	PROCESS_CLONE = 1 << 2,	 /* is new since a fork: itself, or by the first exec after it */
	PROCESS_TRUNC_ARGS = 1 << 3,
	PROCESS_ROOT_CWD = 1 << 4,
	PROCESS_UNKNOWN = 1 << 5, /* only its number is known */
	PROCESS_FORKED = 1 << 6,  /* no exec since the fork */
};

struct process {
	uint32_t refs;
	uint32_t pid;
	uint64_t start; /* group leader's start_boottime, ns; of /proc only as exact as a clock tick */
	uint64_t ktime; /* CLOCK_BOOTTIME, ns: when it became what it is; with the pid its identity */
	uint32_t uid, auid;
	uint32_t flags;		   /* enum process_flag */
	uint32_t parent_pid;	   /* 0: none known */
	uint64_t parent_ktime;	   /* of the parent's identity */
	struct process *parent;	   /* or NULL; holds a reference */
	char *binary, *cwd, *args; /* never NULL; args: as one line */
};

struct process_cache;

/* @proc: the /proc to read, NULL: none. NULL: no memory. */
struct process_cache *process_cache_new(const char *proc);
void process_cache_free(struct process_cache *c);

/* Reads all of /proc. @now: CLOCK_BOOTTIME. Without trackers every look-up reads /proc again: @live false. */
void process_cache_scan(struct process_cache *c, uint64_t now, bool live);

/*
 * Applies a record (kinds but HOOK) and gives the process it is about; for HOOK records the one that did
 * it. Never NULL
 * but without memory. Valid until the next call, or as long as a reference is held.
 */
struct process *process_cache_event(struct process_cache *c, const struct event *ev);

size_t process_cache_size(const struct process_cache *c);

/* ---- procfs.c ---- */
/* Reads process @pid of @proc into a new struct with one reference and without parent. NULL: it is gone. */
struct process *process_from_proc(const char *proc, uint32_t pid);
struct process *process_new(uint32_t pid, uint64_t start);
void process_put(struct process *p); /* NULL is allowed */
/* Writes argv, a NUL after each, as one line: all but the first, in quotes where one has blanks. */
char *process_args_line(const char *argv, size_t len);

#endif
