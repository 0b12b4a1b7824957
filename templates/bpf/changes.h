/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Namespaces and capabilities that a process began with, to tell what has changed: kept in the storage of its leader,
 * taken when it is forked and again at its first exec, as in Tetragon (bpf_fork.c and bpf_execve_event.h there). What an
 * event has told of is taken for the beginning from then on. A process from before the load begins when it is first
 * asked about.
 */
#ifndef TPC_BPF_CHANGES_H
#define TPC_BPF_CHANGES_H

#include <tpc/bpf/task_caps.h>
#include <tpc/bpf/task_ns.h>

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct tpc_task_was);
} tpc_was SEC(".maps");

static __always_inline void tpc_was_namespaces(struct tpc_task_was *w, struct task_struct *t)
{
	w->namespaces[TPC_NS_UTS] = tpc_ns_of(t, TPC_NS_UTS);
	w->namespaces[TPC_NS_IPC] = tpc_ns_of(t, TPC_NS_IPC);
	w->namespaces[TPC_NS_MNT] = tpc_ns_of(t, TPC_NS_MNT);
	w->namespaces[TPC_NS_PID] = tpc_ns_of(t, TPC_NS_PID);
	w->namespaces[TPC_NS_PID_FOR_CHILDREN] = tpc_ns_of(t, TPC_NS_PID_FOR_CHILDREN);
	w->namespaces[TPC_NS_NET] = tpc_ns_of(t, TPC_NS_NET);
	w->namespaces[TPC_NS_TIME] = tpc_ns_of(t, TPC_NS_TIME);
	w->namespaces[TPC_NS_TIME_FOR_CHILDREN] = tpc_ns_of(t, TPC_NS_TIME_FOR_CHILDREN);
	w->namespaces[TPC_NS_CGROUP] = tpc_ns_of(t, TPC_NS_CGROUP);
	w->namespaces[TPC_NS_USER] = tpc_ns_of(t, TPC_NS_USER);
}

static __always_inline void tpc_was_caps(struct tpc_task_was *w, struct task_struct *t)
{
	w->caps[TPC_CAPS_PERMITTED] = tpc_caps_of(t, TPC_CAPS_PERMITTED);
	w->caps[TPC_CAPS_EFFECTIVE] = tpc_caps_of(t, TPC_CAPS_EFFECTIVE);
	w->caps[TPC_CAPS_INHERITABLE] = tpc_caps_of(t, TPC_CAPS_INHERITABLE);
}

/* Takes what @t, typed, has now for the beginning of the process of @leader. */
static __noinline void tpc_was_begin(struct task_struct *leader, struct task_struct *t, __u32 forked)
{
	struct tpc_task_was now = { .forked = forked }, *w;

	tpc_was_namespaces(&now, t);
	tpc_was_caps(&now, t);
	w = bpf_task_storage_get(&tpc_was, leader, &now, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (w)
		*w = now;
}

static __always_inline struct tpc_task_was *tpc_was_of(struct task_struct *t)
{
	return bpf_task_storage_get(&tpc_was, t->group_leader, NULL, 0);
}

/* Of the current task; NULL: it begins now, and nothing has changed. */
static __always_inline struct tpc_task_was *tpc_was_or_begin(void)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct tpc_task_was *w = tpc_was_of(t);

	if (!w)
		tpc_was_begin(t->group_leader, t, 0);
	return w;
}

/*
 * 1: they differ, and there was one at the beginning. Without a branch, of which ten kinds would make a thousand ways
 * for the verifier to follow.
 */
static __always_inline __u32 tpc_ns_differs(__u64 was, __u64 now)
{
	__u64 x = was ^ now;

	hide_bounds(x);
	hide_bounds(was);
	return ((0 - x) & (0 - was)) >> 63;
}

#define tpc_ns_changed(w, now, kind) (tpc_ns_differs((w)->namespaces[kind], (now).namespaces[kind]) << (kind))

/* A bit each, by kind. */
static __noinline __u32 tpc_ns_changes(void)
{
	struct tpc_task_was *w = tpc_was_or_begin(), now = { 0 };

	if (!w)
		return 0;
	tpc_was_namespaces(&now, bpf_get_current_task_btf());
	return tpc_ns_changed(w, now, TPC_NS_UTS) | tpc_ns_changed(w, now, TPC_NS_IPC) |
	       tpc_ns_changed(w, now, TPC_NS_MNT) | tpc_ns_changed(w, now, TPC_NS_PID) |
	       tpc_ns_changed(w, now, TPC_NS_PID_FOR_CHILDREN) | tpc_ns_changed(w, now, TPC_NS_NET) |
	       tpc_ns_changed(w, now, TPC_NS_TIME) | tpc_ns_changed(w, now, TPC_NS_TIME_FOR_CHILDREN) |
	       tpc_ns_changed(w, now, TPC_NS_CGROUP) | tpc_ns_changed(w, now, TPC_NS_USER);
}

/* Bits of a set, a constant, that are others. */
static __always_inline __u64 tpc_cap_changes(const enum tpc_cap_set set)
{
	struct tpc_task_was *w = tpc_was_or_begin();

	return w ? w->caps[set] ^ tpc_caps_of(bpf_get_current_task_btf(), set) : 0;
}

/* An event has told of them. */
static __noinline void tpc_changes_told(bool namespaces, bool caps)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct tpc_task_was *w = tpc_was_of(t);

	if (w && namespaces)
		tpc_was_namespaces(w, t);
	if (w && caps)
		tpc_was_caps(w, t);
}

/* ---- from the tracker: new processes, not new threads, and what they execute ---- */

static __always_inline void tpc_was_forked(struct task_struct *child)
{
	tpc_was_begin(child, child, 1);
}

static __always_inline void tpc_was_executed(struct task_struct *t)
{
	struct tpc_task_was *w = tpc_was_of(t);

	if (!w || w->forked)
		tpc_was_begin(t, t, 0);
}

#endif
