/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* For `tpc test --bpf`: the programs that run before the hook's. They are run as SYSCALL programs, as all are then. */
#ifndef TPC_CASE_RUN_H
#define TPC_CASE_RUN_H

#include <tpc/case/leaves.h>

static __always_inline void tpc_case_sockets(struct tpc_case_where *w)
{
	w->sock[TPC_CASE_SOCK_FAMILY] = tpc_field_offset(struct sock, __sk_common.skc_family);
	w->sock[TPC_CASE_SOCK_STATE] = tpc_field_offset(struct sock, __sk_common.skc_state);
	w->sock[TPC_CASE_SOCK_PROTOCOL] = tpc_field_offset(struct sock, sk_protocol);
	w->sock[TPC_CASE_SOCK_NUM] = tpc_field_offset(struct sock, __sk_common.skc_num);
	w->sock[TPC_CASE_SOCK_DPORT] = tpc_field_offset(struct sock, __sk_common.skc_dport);
	w->sock[TPC_CASE_SOCK_RCV_SADDR] = tpc_field_offset(struct sock, __sk_common.skc_rcv_saddr);
	w->sock[TPC_CASE_SOCK_DADDR] = tpc_field_offset(struct sock, __sk_common.skc_daddr);
	w->sock[TPC_CASE_SOCK_V6_RCV_SADDR] = tpc_field_offset(struct sock, __sk_common.skc_v6_rcv_saddr);
	w->sock[TPC_CASE_SOCK_V6_DADDR] = tpc_field_offset(struct sock, __sk_common.skc_v6_daddr);
	w->socket_sk = tpc_field_offset(struct socket, sk);
	w->skb_head = tpc_field_offset(struct sk_buff, head);
	w->skb_network = tpc_field_offset(struct sk_buff, network_header);
}

SEC("syscall")
int tpc_case_begin(void *ctx __unused)
{
	struct tpc_case_where *w = &tpc_case.where;

	tpc_case.address = (__u64)&tpc_case;
	w->file_path = tpc_field_offset(struct file, f_path);
	w->file_flags = tpc_field_offset(struct file, f_flags);
	w->path_mnt = tpc_field_offset(struct path, mnt);
	w->path_dentry = tpc_field_offset(struct path, dentry);
	w->dentry_parent = tpc_field_offset(struct dentry, d_parent);
	w->dentry_name = tpc_field_offset(struct dentry, d_name);
	w->dentry_inode = tpc_field_offset(struct dentry, d_inode);
	w->inode_mode = tpc_field_offset(struct inode, i_mode);
	w->vfsmount_root = tpc_field_offset(struct vfsmount, mnt_root);
	w->mount_mnt = tpc_field_offset(struct mount, mnt);
	w->mount_parent = tpc_field_offset(struct mount, mnt_parent);
	w->mount_mountpoint = tpc_field_offset(struct mount, mnt_mountpoint);
	w->binprm_file = tpc_field_offset(struct linux_binprm, file);
	w->regs[0] = tpc_field_offset(struct pt_regs, TPC_SYSCALL_ARG0);
	w->regs[1] = tpc_field_offset(struct pt_regs, TPC_SYSCALL_ARG1);
	w->regs[2] = tpc_field_offset(struct pt_regs, TPC_SYSCALL_ARG2);
	w->regs[3] = tpc_field_offset(struct pt_regs, TPC_SYSCALL_ARG3);
	w->regs[4] = tpc_field_offset(struct pt_regs, TPC_SYSCALL_ARG4);
	w->regs[5] = tpc_field_offset(struct pt_regs, TPC_SYSCALL_ARG5);
	tpc_case_sockets(w);
	return 0;
}

#if TPC_TASK_WORDS
/* As tpc_on_exec(), of the case's executable. */
SEC("syscall")
int tpc_case_exec(void *ctx __unused)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct tpc_bits bits, *old;

	tpc_bits_of_file(&bits, tpc_case_typed(struct file, tpc_case.exe));
	old = bpf_task_storage_get(&tpc_tasks, t, &bits, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (old)
		*old = bits;
	return 0;
}
#endif

#endif
