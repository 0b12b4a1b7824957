/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause OR Apache-2.0 */
/*
 * The one header that generated BPF, the compiler and tpc-loader share: what travels between kernel and
 * user space. Fixed-width types, explicit padding, no bitfields, no pointers, no enums in structs.
 *
 * MAJOR changes when an old loader would misread a new object, MINOR when something was only added.
 * A loader refuses another MAJOR before it loads anything.
 */
#ifndef TPC_ABI_H
#define TPC_ABI_H

#ifdef __bpf__
typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef int __s32;
typedef unsigned long long __u64;
typedef long long __s64;
#else
#include <linux/types.h>
#endif

#define TPC_ABI_MAJOR 1
#define TPC_ABI_MINOR 0

/* ELF section with the manifest: JSON text, NUL-terminated. */
#define TPC_MANIFEST_SECTION ".tpc.manifest"
/*
 * ELF section with "sha256:" and 64 hexadecimal digits, NUL-terminated: the digest of the whole file, taken with
 * this section's bytes as zeros.
 */
#define TPC_DIGEST_SECTION ".tpc.digest"
#define TPC_DIGEST_SIZE 72

/* Names of the maps and variables that the loader looks for. */
#define TPC_MAP_EVENTS "tpc_events"	      /* ring buffer: records below */
#define TPC_MAP_STATS "tpc_stats"	      /* per-CPU array of struct tpc_stat, one a manifest hook */
#define TPC_MAP_TASKS "tpc_tasks"	      /* task storage of struct tpc_task_state */
#define TPC_MAP_SCRATCH "tpc_scratch"	      /* per-CPU array of TPC_SCRATCH_SLOTS buffers */
#define TPC_MAP_WAS "tpc_was"		      /* task storage of struct tpc_task_was, of group leaders */
#define TPC_VAR_MODE "tpc_policy_mode"	      /* .data.tpc: __u32[], one a manifest policy, enum tpc_mode */
#define TPC_VAR_FIELDS "tpc_fields"	      /* .rodata.tpc: struct tpc_field_desc[], tracepoint fields */
#define TPC_VAR_REPORT_EXEC "tpc_report_exec" /* .rodata.tpc: __u32, 1: trackers send EXEC, CLONE and EXIT */
#define TPC_VAR_HOST_NS "tpc_host_ns" /* .rodata.tpc: __u32[TPC_NS_KINDS], numbers of the host's namespaces */

/*
 * Kinds of namespaces, in the order of Tetragon's messages: uts, ipc, mnt, pid, pid_for_children, net, time,
 * time_for_children, cgroup, user.
 */
#define TPC_NS_KINDS 10

enum tpc_mode { TPC_MODE_ENFORCE = 0, TPC_MODE_MONITOR = 1 };

enum tpc_event_kind {
	TPC_EVENT_HOOK = 1,  /* struct tpc_hook_event */
	TPC_EVENT_EXEC = 2,  /* struct tpc_exec_event */
	TPC_EVENT_CLONE = 3, /* struct tpc_clone_event: a new process, not a new thread */
	TPC_EVENT_EXIT = 4,  /* struct tpc_exit_event: the last thread of a process left */
};

struct tpc_event_hdr {
	__u32 size; /* of the whole record, this header included; a multiple of 8 */
	__u16 kind; /* enum tpc_event_kind */
	__u16 pad;
	__u64 time; /* CLOCK_BOOTTIME, ns */
};

/* Who did it. (pid, start) names a process uniquely on a running system. */
struct tpc_task_id {
	__u32 pid;   /* thread group id, initial pid namespace */
	__u32 tid;   /* thread id, initial pid namespace */
	__u64 start; /* start_boottime of the group leader, ns */
};

/* What an event says was done, a bit each. */
enum tpc_action_bit {
	TPC_DID_POST = 1 << 0,
	TPC_DID_SIGKILL = 1 << 1,
	TPC_DID_SIGNAL = 1 << 2,
	TPC_DID_OVERRIDE = 1 << 3,
	TPC_DID_MONITOR = 1 << 8, /* the enforcing ones among the above were elided: monitor mode */
};

struct tpc_hook_event {
	struct tpc_event_hdr h;
	struct tpc_task_id task;
	__u32 hook;	/* index into the manifest's hooks */
	__u32 selector; /* index into that hook's selectors */
	__u32 actions;	/* enum tpc_action_bit */
	__u32 nargs;
	/* nargs times struct tpc_arg and its payload, in the order of the manifest hook's args */
};

enum tpc_arg_type {
	TPC_ARG_NONE = 0,  /* no payload: a nop, or a value that does not exist on this event */
	TPC_ARG_S64 = 1,   /* __s64: signed integers of every width, sign-extended */
	TPC_ARG_U64 = 2,   /* __u64 */
	TPC_ARG_BYTES = 3, /* string or buffer, no terminator */
	TPC_ARG_PATH = 4,  /* struct tpc_arg_path, then the name's components */
	/* 16 to 23: the network */
	TPC_ARG_SOCK = 16,	  /* struct tpc_arg_sock */
	TPC_ARG_SKB = 17,	  /* struct tpc_arg_skb */
	TPC_ARG_SOCKADDR = 18,	  /* struct tpc_arg_sockaddr */
	TPC_ARG_SOCKADDR_UN = 19, /* struct tpc_arg_sockaddr_un, then the path */
	/* 24 to 31: objects that are shown */
	TPC_ARG_CRED = 24,	 /* struct tpc_arg_cred */
	TPC_ARG_USER_NS = 25,	 /* struct tpc_arg_user_ns */
	TPC_ARG_PERF_EVENT = 26, /* struct tpc_arg_perf_event */
};

enum tpc_arg_flag {
	TPC_ARG_TRUNCATED = 1 << 0, /* there was more than there was room for */
	TPC_ARG_FAULT = 1 << 1,	    /* the memory could not be read */
	TPC_ARG_NO_PATH = 1 << 2,   /* pipes, sockets, memfd: the file has no place in a tree */
};

struct tpc_arg {
	__u16 type;  /* enum tpc_arg_type */
	__u16 flags; /* enum tpc_arg_flag */
	__u32 len;   /* bytes of payload; the next struct tpc_arg is at the next multiple of 8 */
};

/*
 * A path, as it is found in the kernel: from the leaf upward to the root of the process. After this struct
 * come the components, leaf first, each followed by a NUL: /etc/passwd is "passwd\0etc\0", / is nothing.
 */
struct tpc_arg_path {
	__u32 mode;  /* inode's i_mode */
	__u32 flags; /* file's f_flags; 0 where there is no open file */
	__s32 fd;    /* the descriptor's number for arguments of type fd, else -1 */
	__u32 names_len;
};

struct tpc_arg_user_ns {
	__s32 level;	/* 0: the initial one */
	__u32 uid, gid; /* owner and group, initial user namespace */
	__u32 inum;
};

/* Numbers of users and groups are those of the initial user namespace; sets of capabilities have a bit each. */
struct tpc_arg_cred {
	__u32 uid, gid, euid, egid, suid, sgid, fsuid, fsgid;
	__u32 securebits;
	__u32 pad;
	__u64 permitted, effective, inheritable;
	struct tpc_arg_user_ns user_ns;
};

#define TPC_SYMBOL_MAX 128

struct tpc_arg_perf_event {
	__u32 type; /* PERF_TYPE_ */
	__u32 pad;
	__u64 config;
	__u64 probe_offset;
	char kprobe_func[TPC_SYMBOL_MAX]; /* NUL-terminated; empty: none */
};

/*
 * The network. Addresses stand as in a packet: IPv4 in the first 4 bytes, IPv6 in all 16; zeros where the family, a
 * number of AF_, is another. Ports are numbers.
 */
struct tpc_arg_sock {
	__u8 saddr[16], daddr[16];
	__u64 cookie; /* the same for the same socket: its address in the kernel */
	__u32 mark, priority;
	__u16 family, type, protocol;
	__u16 sport, dport;
	__u8 state; /* TCP_ESTABLISHED is 1 */
	__u8 pad[5];
};

struct tpc_arg_skb { /* family 0: no packet of IP */
	__u8 saddr[16], daddr[16];
	__u32 len, hash, mark, priority;
	__u16 family, protocol;
	__u16 sport, dport;
};

struct tpc_arg_sockaddr {
	__u8 addr[16];
	__u16 family, port;
	__u32 pad;
};

/* After this struct comes the path without its terminator, or the name of an abstract socket without the NUL before it. */
struct tpc_arg_sockaddr_un {
	__u16 family; /* another than AF_UNIX: there is no path */
	__u16 is_abstract;
	__u32 path_len;
};

struct tpc_exec_event {
	struct tpc_event_hdr h;
	struct tpc_task_id task;
	struct tpc_task_id parent;
	__u32 uid;	  /* initial user namespace */
	__u32 auid;	  /* login uid, 0xffffffff: not set */
	__u32 binary_len; /* path components of the executable, leaf first, as in struct tpc_arg_path */
	__u32 cwd_len;	  /* the same of the working folder */
	__u32 args_len;	  /* argv[0..] with a NUL after each */
	__u32 flags;	  /* enum tpc_exec_flag */
			  /* binary, cwd, args, one after another without padding; then padding to 8 */
};

enum tpc_exec_flag {
	TPC_EXEC_ARGS_TRUNCATED = 1 << 0,
	TPC_EXEC_BINARY_NO_PATH = 1 << 1, /* memfd: binary holds the dentry's own name */
	TPC_EXEC_ROOT_CWD = 1 << 2,
};

struct tpc_clone_event {
	struct tpc_event_hdr h;
	struct tpc_task_id task; /* the new process */
	struct tpc_task_id parent;
};

struct tpc_exit_event {
	struct tpc_event_hdr h;
	struct tpc_task_id task;
	__u32 code; /* as wait(2) gives it: signal in the low 7 bits, status << 8 */
	__u32 pad;
};

/* Counters of one manifest hook on one CPU. */
struct tpc_stat {
	__u64 matched;	 /* a selector matched */
	__u64 posted;	 /* an event went into the ring */
	__u64 enforced;	 /* a signal or an override was really done */
	__u64 monitored; /* the same, elided by monitor mode */
	__u64 lost;	 /* an event that should have been posted and had no room */
};

/* Where a field of a tracepoint is, read by the loader from the event's format file. */
enum tpc_field_kind {
	TPC_FIELD_ABSENT = 0,
	TPC_FIELD_INT = 1,     /* size bytes at off */
	TPC_FIELD_POINTER = 2, /* a pointer at off, to a string */
	TPC_FIELD_ARRAY = 3,   /* size bytes of text at off */
	TPC_FIELD_DATA_LOC =
		4, /* __u32 at off: offset of the text in the low half, its length in the high one */
};

struct tpc_field_desc {
	__u16 off;
	__u16 size;
	__u8 kind; /* enum tpc_field_kind */
	__u8 is_signed;
	__u16 pad;
};

#define TPC_SCRATCH_SLOTS 4
#define TPC_PATH_MAX 4096   /* bytes of components in a path */
#define TPC_NAME_MAX 255    /* bytes of one component */
#define TPC_STRING_MAX 4096 /* bytes of a string or buffer argument */
#define TPC_UNIX_MAX 108    /* bytes of the path of a Unix socket */
#define TPC_TASK_WORDS_MAX 64

/*
 * Value of tpc_tasks; the object has as many words as it needs. Bit i of the words answers exec-time test
 * i. Bit 63 of word 0 says that the words are filled in, so one load decides.
 */
struct tpc_task_state {
	__u64 bits[1];
};
#define TPC_TASK_KNOWN (1ULL << 63)

/* Value of tpc_was: what a process began with. */
struct tpc_task_was {
	__u32 namespaces[TPC_NS_KINDS];
	__u32 forked; /* 1: it has executed nothing yet */
	__u32 pad;
	__u64 caps[3]; /* permitted, effective, inheritable */
};

#endif
