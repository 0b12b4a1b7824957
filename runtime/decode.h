/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of the ring buffer, taken apart. A record is as hostile as any input: nothing in an event points
 * outside
 * the record, and every number in it has been compared with the manifest.
 */
#ifndef TPC_RT_DECODE_H
#define TPC_RT_DECODE_H

#include "manifest.h"

struct event_text {
	const char *s; /* in the record, no terminator */
	uint32_t len;
};

struct event_arg {
	enum tpc_arg_type type;	   /* TPC_ARG_NONE: there is no value */
	uint16_t flags;		   /* enum tpc_arg_flag */
	uint64_t num;		   /* S64 (as its bits), U64 */
	struct event_text text;	   /* BYTES; PATH: components, leaf first; SOCKADDR_UN: its path */
	uint32_t mode, open_flags; /* PATH */
	int32_t fd;		   /* PATH: -1: none */
	union {			   /* the type of that name */
		struct tpc_arg_sock sock;
		struct tpc_arg_skb skb;
		struct tpc_arg_sockaddr address;
		struct tpc_arg_sockaddr_un local;
		struct tpc_arg_cred cred;
		struct tpc_arg_user_ns user_ns;
		struct tpc_arg_perf_event perf_event;
	};
};

struct event_hook {
	const struct manifest_hook *hook;
	uint32_t selector, actions;
	size_t nargs; /* = hook->nargs */
	struct event_arg args[MANIFEST_ARGS_MAX];
};

struct event_exec {
	struct tpc_task_id parent;
	uint32_t uid, auid, flags;
	struct event_text binary, cwd, args;
};

struct event {
	enum tpc_event_kind kind;
	uint64_t time;
	struct tpc_task_id task;
	union {
		struct event_hook hook;
		struct event_exec exec;
		struct tpc_task_id clone_parent;
		uint32_t exit_code;
	};
};

/* 0, or -EBADMSG and what is wrong with the record in @why. */
int event_decode(const void *record, size_t len, const struct manifest *m, struct event *ret,
		 const char **why);

/* Appends the path whose components (leaf first, a NUL after each) are @names: "/etc/passwd", "/" for none. */
void event_path_join(struct rt_buf *out, struct event_text names);

#endif
