/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * For `tpc test --bpf`: the leaves of generated code, where it asks the kernel who the process is and acts on it, come
 * from the case and go into its record. Everything between is the code that is shipped. The building blocks that
 * use these names must be included behind this header.
 */
#ifndef TPC_CASE_LEAVES_H
#define TPC_CASE_LEAVES_H

#ifdef TPC_CHANGES
#include <tpc/bpf/changes.h>
#endif
#include <tpc/bpf/path.h>
#include <tpc/bpf/task_caps.h>
#include <tpc/bpf/task_ns.h>
#include <tpc/case.h>

struct tpc_case tpc_case SEC(TPC_CASE_MAP);

/* ---- who it is ---- */
static __always_inline __u64 tpc_case_pid_tgid(void)
{
	return tpc_case.pid_tgid;
}
#define bpf_get_current_pid_tgid tpc_case_pid_tgid

static __always_inline __u32 tpc_case_task_ns(enum tpc_ns_kind kind)
{
	return tpc_case.namespaces[kind];
}
#define tpc_task_ns tpc_case_task_ns

static __always_inline __u32 tpc_case_host_ns_of(enum tpc_ns_kind kind)
{
	return tpc_case.host_ns[kind];
}
#define tpc_host_ns_of tpc_case_host_ns_of

static __always_inline __u32 tpc_case_task_ns_pid(void)
{
	return tpc_case.ns_pid;
}
#define tpc_task_ns_pid tpc_case_task_ns_pid

static __always_inline __u64 tpc_case_task_caps(enum tpc_cap_set set)
{
	return tpc_case.caps[set];
}
#define tpc_task_caps tpc_case_task_caps

#ifdef TPC_CHANGES
static __always_inline __u32 tpc_case_ns_changes(void)
{
	return tpc_case.ns_changes;
}
#define tpc_ns_changes tpc_case_ns_changes

static __always_inline __u64 tpc_case_cap_changes(enum tpc_cap_set set)
{
	return tpc_case.cap_changes[set];
}
#define tpc_cap_changes tpc_case_cap_changes

#define tpc_changes_told(namespaces, caps) ((void)0) /* each case is of a process of its own */
#endif

static __always_inline struct file *tpc_case_fd_file(__s32 fd)
{
	__u32 i = fd;

	hide_bounds(i);
	return i < TPC_CASE_FILES ? (struct file *)tpc_case.files[i] : NULL;
}
#define tpc_fd_file tpc_case_fd_file

/* ---- what is done to it ---- */
static __always_inline long tpc_case_signal(__u32 sig)
{
	if (sig < TPC_CASE_SIGNALS)
		tpc_case.signals[sig]++;
	return 0;
}
#define bpf_send_signal tpc_case_signal

static __always_inline long tpc_case_override(void *regs __unused, __u64 result)
{
	tpc_case.noverrides++;
	tpc_case.override_value = result;
	return 0;
}
#define bpf_override_return tpc_case_override

/*
 * What the kernel hands to fentry and LSM programs is typed, and the code that is shipped reads it by plain loads. An
 * address in a context that user space has filled is only a number: this gives it its type (Linux 6.2).
 */
extern void *bpf_rdonly_cast(const void *p, __u32 btf_id) __attribute__((section(".ksyms"), weak));
#define tpc_case_typed(type, p)                                                                              \
	((type *)bpf_rdonly_cast((const void *)(p), __builtin_btf_type_id(*(type *)0, 1)))

#endif
