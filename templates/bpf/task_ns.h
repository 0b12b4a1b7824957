/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Namespaces that the current task is in, by the numbers of /proc/PID/ns, and its process's number in its own pid
 * namespace. Kinds are in Tetragon's order (enum ns_* of its bpf/lib/process.h). A task that is about to end has left
 * most of them: 0.
 */
#ifndef TPC_BPF_TASK_NS_H
#define TPC_BPF_TASK_NS_H

#include <tpc/bpf/kernel.h>

enum tpc_ns_kind {
	TPC_NS_UTS,
	TPC_NS_IPC,
	TPC_NS_MNT,
	TPC_NS_PID,
	TPC_NS_PID_FOR_CHILDREN,
	TPC_NS_NET,
	TPC_NS_TIME,
	TPC_NS_TIME_FOR_CHILDREN,
	TPC_NS_CGROUP,
	TPC_NS_USER,
};
_Static_assert(TPC_NS_USER + 1 == TPC_NS_KINDS, "a kind without a name");

/* The number of @t in the innermost namespace that it has one in; @t is typed. */
static __always_inline bool tpc_upid_of(struct upid *ret, struct task_struct *t)
{
	struct pid *pid = tpc_read(false, t, thread_pid);
	__u64 at;

	if (!pid)
		return false;
	at = (__u64)pid + tpc_field_offset(struct pid, numbers) +
	     tpc_read(false, pid, level) * (__u64)sizeof(*ret);
	return !bpf_probe_read_kernel(ret, sizeof(*ret), (void *)at);
}

static __always_inline __u32 tpc_pid_ns_of(struct task_struct *t)
{
	struct upid id;

	return tpc_upid_of(&id, t) && id.ns ? tpc_read(false, id.ns, ns.inum) : 0;
}

/* Kernels without time namespaces have no such members. */
#define tpc_has_time_ns() __builtin_preserve_field_info(((struct nsproxy *)0)->time_ns, 2)

/*
 * @kind is a constant, so that only what it asks is relocated. The user namespace is that of the credentials, which
 * unshare(2) and setns(2) change at once; Tetragon before Linux 7.1 shows that of the last exec (mm->user_ns).
 */
static __always_inline __u32 tpc_ns_of(struct task_struct *t, const enum tpc_ns_kind kind)
{
	switch (kind) {
	case TPC_NS_UTS:
		return t->nsproxy->uts_ns->ns.inum;
	case TPC_NS_IPC:
		return t->nsproxy->ipc_ns->ns.inum;
	case TPC_NS_MNT:
		return t->nsproxy->mnt_ns->ns.inum;
	case TPC_NS_PID:
		return tpc_pid_ns_of(t);
	case TPC_NS_PID_FOR_CHILDREN:
		return t->nsproxy->pid_ns_for_children->ns.inum;
	case TPC_NS_NET:
		return t->nsproxy->net_ns->ns.inum;
	case TPC_NS_TIME:
		return tpc_has_time_ns() ? t->nsproxy->time_ns->ns.inum : 0;
	case TPC_NS_TIME_FOR_CHILDREN:
		return tpc_has_time_ns() ? t->nsproxy->time_ns_for_children->ns.inum : 0;
	case TPC_NS_CGROUP:
		return t->nsproxy->cgroup_ns->ns.inum;
	case TPC_NS_USER:
		return t->cred->user_ns->ns.inum;
	}
	return 0;
}

static __always_inline __u32 tpc_task_ns(const enum tpc_ns_kind kind)
{
	return tpc_ns_of(bpf_get_current_task_btf(), kind);
}

/* As getpid(2) answers it; 0 in the initial namespace, as in Tetragon. */
static __always_inline __u32 tpc_task_ns_pid(void)
{
	struct task_struct *leader = bpf_get_current_task_btf()->group_leader;
	struct pid *pid = tpc_read(false, leader, thread_pid);
	struct upid id;

	return pid && tpc_read(false, pid, level) && tpc_upid_of(&id, leader) ? id.nr : 0;
}

/* Those of the host's first process: 0 of a kind that its kernel has not. The generated code says that it asks. */
#ifdef TPC_HOST_NS
const volatile __u32 tpc_host_ns[TPC_NS_KINDS] SEC(".rodata.tpc");

static __always_inline __u32 tpc_host_ns_of(const enum tpc_ns_kind kind)
{
	return tpc_host_ns[kind];
}
#endif

#endif
