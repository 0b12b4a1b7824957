/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel types that generated code looks into, cut down to the members it reads. Offsets are the running
 * kernel's: every access through these types is a CO-RE relocation.
 */
#ifndef TPC_BPF_KERNEL_H
#define TPC_BPF_KERNEL_H

#include <tpc/bpf/helpers.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct qstr {
	union {
		struct {
			__u32 hash;
			__u32 len;
		};
		__u64 hash_len;
	};
	const unsigned char *name;
};

struct inode {
	unsigned short i_mode;
};

struct super_block {
	struct dentry *s_root;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
	struct super_block *d_sb;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct path f_path;
	unsigned int f_flags;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct fs_struct {
	struct path root, pwd;
};

struct mm_struct {
	struct file *exe_file;
	unsigned long arg_start, arg_end;
};

struct linux_binprm {
	struct file *file;
};

struct kiocb {
	struct file *ki_filp;
};

typedef struct {
	__u32 val;
} kuid_t;

typedef struct {
	__u32 val;
} kgid_t;

/* What namespaces of all kinds have; its number is that of /proc/PID/ns/KIND. */
struct ns_common {
	unsigned int inum;
};

struct uts_namespace {
	struct ns_common ns;
};

struct ipc_namespace {
	struct ns_common ns;
};

struct mnt_namespace {
	struct ns_common ns;
};

struct pid_namespace {
	struct ns_common ns;
};

struct net {
	struct ns_common ns;
};

struct time_namespace {
	struct ns_common ns;
};

struct cgroup_namespace {
	struct ns_common ns;
};

struct user_namespace {
	int level;
	kuid_t owner;
	kgid_t group;
	struct ns_common ns;
};

struct nsproxy {
	struct uts_namespace *uts_ns;
	struct ipc_namespace *ipc_ns;
	struct mnt_namespace *mnt_ns;
	struct pid_namespace *pid_ns_for_children;
	struct net *net_ns;
	struct time_namespace *time_ns, *time_ns_for_children;
	struct cgroup_namespace *cgroup_ns;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1]; /* level + 1 of them, the outermost namespace first */
};

struct cred {
	kuid_t uid, suid, euid, fsuid;
	kgid_t gid, sgid, egid, fsgid;
	unsigned int securebits;
	struct user_namespace *user_ns;
};

/* Sets of capabilities: one number since Linux 6.3, two halves before. */
struct cred___u64 {
	struct {
		__u64 val;
	} cap_inheritable, cap_permitted, cap_effective;
};

struct cred___u32 {
	struct {
		__u32 cap[2];
	} cap_inheritable, cap_permitted, cap_effective;
};

struct perf_event_attr {
	__u32 type;
	__u64 config;
	__u64 kprobe_func, probe_offset;
};

struct perf_event {
	struct perf_event_attr attr;
};

struct in6_addr {
	__u8 in6_u[16]; /* a union there */
};

struct sock_common {
	__u32 skc_daddr, skc_rcv_saddr;
	__u16 skc_dport; /* in network order */
	__u16 skc_num;	 /* the own port, in the machine's */
	unsigned short skc_family;
	unsigned char skc_state;
	struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
};

struct sock {
	struct sock_common __sk_common;
	__u16 sk_type, sk_protocol;
	__u32 sk_priority, sk_mark;
};

struct socket {
	struct sock *sk;
};

struct sk_buff {
	unsigned int len;
	__u32 priority, hash, mark;
	__u16 network_header; /* offset in head */
	unsigned char *head;
};

struct sockaddr {
	unsigned short sa_family;
};

struct signal_struct {
	struct {
		int counter;
	} live;
};

struct task_struct {
	int pid, tgid;
	int exit_code;
	__u64 start_boottime;
	struct task_struct *group_leader;
	struct task_struct *real_parent;
	struct mm_struct *mm;
	struct fs_struct *fs;
	struct files_struct *files;
	const struct cred *cred;
	kuid_t loginuid;
	struct signal_struct *signal;
	struct nsproxy *nsproxy;
	struct pid *thread_pid;
};

#if defined(__TARGET_ARCH_x86)
/* Registers of a system call, as struct pt_regs holds them at the entry of __x64_sys_*. */
struct pt_regs {
	unsigned long di, si, dx, r10, r8, r9;
};
#define TPC_SYSCALL_ARG0 di
#define TPC_SYSCALL_ARG1 si
#define TPC_SYSCALL_ARG2 dx
#define TPC_SYSCALL_ARG3 r10
#define TPC_SYSCALL_ARG4 r8
#define TPC_SYSCALL_ARG5 r9
#else
#error "no such architecture yet"
#endif

#pragma clang attribute pop

#if defined(__TARGET_ARCH_x86)
/* Context of a kprobe program: a fixed layout (arch/x86/include/asm/ptrace.h), arguments in SysV order. */
struct tpc_kprobe_ctx {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di;
};
#define TPC_KPROBE_ARG0 di
#define TPC_KPROBE_ARG1 si
#define TPC_KPROBE_ARG2 dx
#define TPC_KPROBE_ARG3 cx
#define TPC_KPROBE_ARG4 r8
#define TPC_KPROBE_ARG5 r9
#endif

/* Whether the running kernel has a helper: known when the program is loaded, so the other branch is never verified. */
#define tpc_has_helper(id) __builtin_preserve_enum_value(*(typeof(enum bpf_func_id) *)id, 0)

/*
 * Reads a member. @direct: p is a pointer that the verifier knows the type of (LSM, fentry, the current task),
 * a plain load that cannot fault; else p is only a number, and a helper reads it. @direct is a constant for
 * each program when it is verified.
 */
#define tpc_read(direct, p, member)                                                                          \
	({                                                                                                   \
		typeof(p) __p = (p); /* apart, so that only this last step is relocated */                   \
		typeof(__p->member) __v;                                                                     \
		if (direct)                                                                                  \
			__v = __p->member;                                                                   \
		else if (bpf_probe_read_kernel(&__v, sizeof(__v),                                            \
					       __builtin_preserve_access_index(&__p->member)))               \
			__v = (typeof(__v))0;                                                                \
		__v;                                                                                         \
	})

#define tpc_field_offset(type, member) __builtin_preserve_field_info(((type *)0)->member, 0)

#endif
