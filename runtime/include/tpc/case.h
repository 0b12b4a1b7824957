/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause OR Apache-2.0 */
/*
 * What `tpc test --bpf` and the programs that it runs share: one record in a map that both can write. It is no part of
 * any object that is shipped, so it has no version: the compiler that reads it has made the program.
 */
#ifndef TPC_CASE_H
#define TPC_CASE_H

#include <tpc/abi.h>

#define TPC_CASE_MAP ".data.case"
#define TPC_CASE_BEGIN "tpc_case_begin" /* fills in address and where; run once */
#define TPC_CASE_EXEC "tpc_case_exec"	/* the process executes exe; where a policy asks for binaries */

#define TPC_CASE_FILES 64	    /* descriptors of the process */
#define TPC_CASE_SIGNALS 65	    /* signal numbers, from 0 */
#define TPC_CASE_MEMORY (256 << 10) /* a path of 4 KiB takes half of it at most */

/* Members of struct sock, most of them of its sock_common. */
enum tpc_case_sock {
	TPC_CASE_SOCK_FAMILY,
	TPC_CASE_SOCK_STATE,
	TPC_CASE_SOCK_PROTOCOL,
	TPC_CASE_SOCK_NUM,
	TPC_CASE_SOCK_DPORT,
	TPC_CASE_SOCK_RCV_SADDR,
	TPC_CASE_SOCK_DADDR,
	TPC_CASE_SOCK_V6_RCV_SADDR,
	TPC_CASE_SOCK_V6_DADDR,
	TPC_CASE_SOCK_MEMBERS
};

/* Offsets of members in the running kernel, as the code under test knows them. */
struct tpc_case_where {
	__u32 file_path, file_flags;
	__u32 path_mnt, path_dentry;
	__u32 dentry_parent, dentry_name, dentry_inode;
	__u32 inode_mode;
	__u32 vfsmount_root, mount_mnt, mount_parent, mount_mountpoint;
	__u32 binprm_file;
	__u32 regs[6]; /* of a system call */
	__u32 sock[TPC_CASE_SOCK_MEMBERS];
	__u32 socket_sk, skb_head, skb_network;
};

struct tpc_case {
	/* In: the process. */
	__u64 pid_tgid;
	__u64 exe;		       /* struct file */
	__u64 files[TPC_CASE_FILES];   /* struct file by descriptor */
	__u64 caps[3], cap_changes[3]; /* enum tpc_cap_set */
	__u32 namespaces[TPC_NS_KINDS], host_ns[TPC_NS_KINDS];
	__u32 ns_pid;
	__u32 ns_changes;
	/* Out: what would have been done to it. */
	__u32 signals[TPC_CASE_SIGNALS];
	__u32 noverrides;
	__u64 override_value; /* the last one */
	/* Out, once: where memory is in the kernel, and how its structures are laid out. */
	__u64 address;
	struct tpc_case_where where;
	__u32 pad;
	__u64 memory[TPC_CASE_MEMORY / 8]; /* structures and texts that arguments point to */
};

#endif
