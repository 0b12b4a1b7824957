/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Processes: exec, fork and exit. Keeps the bits of task.h, and tells the loader who is who. The programs are BTF raw
 * tracepoints, for their typed arguments (include/trace/events/sched.h).
 */
#ifndef TPC_BPF_TRACKER_H
#define TPC_BPF_TRACKER_H

#include <tpc/bpf/arg_path.h>
#include <tpc/bpf/arg_string.h>
#if TPC_TASK_WORDS
#include <tpc/bpf/task.h>
#endif
#ifdef TPC_CHANGES
#include <tpc/bpf/changes.h>
#endif

/* 1: send EXEC, CLONE and EXIT records. Of several objects in one loader only the first does. */
const volatile __u32 tpc_report_exec SEC(".rodata.tpc");

/* An executable that is nowhere in the tree still has a name: memfd:NAME. */
static __always_inline void tpc_put_dentry_name(struct tpc_scratch *s, struct dentry *d)
{
	struct tpc_name n;
	__u64 off;
	long len;

	if (!d || !tpc_name_of(&n, d) || !tpc_room(s, off, TPC_NAME_MAX + 1))
		return;
	len = bpf_probe_read_kernel_str(s->data + off, TPC_NAME_MAX + 1, n.s);
	if (len > 0)
		s->len = off + len;
}

static __always_inline void tpc_put_argv(struct tpc_scratch *s, struct tpc_exec_event *e,
					 struct mm_struct *mm)
{
	__u64 start, len;
	__u64 off;
	__s32 n;

	if (!mm || !tpc_room(s, off, TPC_STRING_MAX))
		return;
	start = mm->arg_start;
	len = mm->arg_end - start;
	n = tpc_read_bytes(s->data + off, TPC_STRING_MAX, start, len);
	if (n < 0)
		return;
	if (len > TPC_STRING_MAX)
		e->flags |= TPC_EXEC_ARGS_TRUNCATED;
	e->args_len = n;
	s->len = off + n;
}

static __noinline void tpc_report_exec_of(struct task_struct *t, struct file *exe)
{
	struct tpc_scratch *s = tpc_scratch_claim();
	struct fs_struct *fs = t->fs;
	struct tpc_exec_event *e;
	__u32 begin;

	if (!s)
		return;
	e = (void *)s->data;
	tpc_record_begin(s, TPC_EVENT_EXEC, sizeof(*e));
	tpc_task_id_of(&e->task, t);
	tpc_task_id_of(&e->parent, t->real_parent);
	e->uid = t->cred->uid.val;
	e->auid = ~0u;
	if (__builtin_preserve_field_info(t->loginuid, 2)) /* CONFIG_AUDIT */
		e->auid = t->loginuid.val;
	e->flags = 0;
	e->args_len = 0;
	begin = s->len;
	if (exe && tpc_put_components(s, exe->f_path.mnt, exe->f_path.dentry) & TPC_ARG_NO_PATH) {
		e->flags |= TPC_EXEC_BINARY_NO_PATH;
		tpc_put_dentry_name(s, exe->f_path.dentry);
	}
	e->binary_len = s->len - begin;
	begin = s->len;
	if (fs)
		tpc_put_components(s, fs->pwd.mnt, fs->pwd.dentry);
	e->cwd_len = s->len - begin;
	if (fs && e->cwd_len == 0)
		e->flags |= TPC_EXEC_ROOT_CWD;
	tpc_put_argv(s, e, t->mm);
	tpc_record_send(s);
	tpc_scratch_release(s);
}

/* TP_PROTO(struct task_struct *p, pid_t old_pid, struct linux_binprm *bprm), after the new program is in place */
SEC("tp_btf/sched_process_exec")
int tpc_on_exec(__u64 *ctx)
{
	struct task_struct *t = (void *)ctx[0];
	struct linux_binprm *bprm = (void *)ctx[2];
	struct file *exe = bprm->file;

#if TPC_TASK_WORDS
	struct tpc_bits bits, *old;

	tpc_bits_of_file(&bits, exe);
	old = bpf_task_storage_get(&tpc_tasks, t, &bits, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (old)
		*old = bits;
#endif
#ifdef TPC_CHANGES
	tpc_was_executed(t);
#endif
	if (tpc_report_exec)
		tpc_report_exec_of(t, exe);
	return 0;
}

static __always_inline void tpc_report_clone(struct task_struct *parent, struct task_struct *child)
{
	struct tpc_clone_event e = { .h = { .size = sizeof(e), .kind = TPC_EVENT_CLONE } };

	e.h.time = bpf_ktime_get_boot_ns();
	tpc_task_id_of(&e.task, child);
	tpc_task_id_of(&e.parent, parent);
	bpf_ringbuf_output(&tpc_events, &e, sizeof(e), 0);
}

/* TP_PROTO(struct task_struct *parent, struct task_struct *child), before the child runs; the parent is current */
SEC("tp_btf/sched_process_fork")
int tpc_on_fork(__u64 *ctx)
{
	struct task_struct *parent = (void *)ctx[0], *child = (void *)ctx[1];

#if TPC_TASK_WORDS
	struct tpc_bits *bits = bpf_task_storage_get(&tpc_tasks, parent, NULL, 0), first = { 0 };

	if (bits) {
		first = *bits;
	} else {
		tpc_bits_first(&first);
	}
	bpf_task_storage_get(&tpc_tasks, child, &first, BPF_LOCAL_STORAGE_GET_F_CREATE);
#endif
#ifdef TPC_CHANGES
	if (child->pid == child->tgid)
		tpc_was_forked(child);
#endif
	if (tpc_report_exec && child->pid == child->tgid)
		tpc_report_clone(parent, child);
	return 0;
}

/* TP_PROTO(struct task_struct *p); signal->live is already without the task that leaves */
SEC("tp_btf/sched_process_exit")
int tpc_on_exit(__u64 *ctx)
{
	struct task_struct *t = (void *)ctx[0];
	struct tpc_exit_event e = { .h = { .size = sizeof(e), .kind = TPC_EVENT_EXIT } };

	if (!tpc_report_exec || t->signal->live.counter > 0)
		return 0;
	e.h.time = bpf_ktime_get_boot_ns();
	tpc_task_id_of(&e.task, t);
	e.code = t->exit_code;
	bpf_ringbuf_output(&tpc_events, &e, sizeof(e), 0);
	return 0;
}

#endif
