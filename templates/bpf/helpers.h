/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What BPF C needs before it can say anything: annotations, the helpers in use and the few map constants.
 * Helper numbers and prototypes: include/uapi/linux/bpf.h. Only helpers that Linux 5.15 has, but bpf_loop
 * (5.17), which is asked for through CO-RE before it is called.
 */
#ifndef TPC_BPF_HELPERS_H
#define TPC_BPF_HELPERS_H

#include <tpc/abi.h>

typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)

#define SEC(name) __attribute__((section(name), used))
#define __always_inline inline __attribute__((always_inline))
#define __noinline __attribute__((noinline))
#define __unused __attribute__((unused))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* Map definitions in BTF: a number is the size of an array type. */
#define __uint(name, val) int(*name)[val]
#define __type(name, val) typeof(val) *name

/* Keeps clang from using what it knows about x, so that a bound check below is really made. */
#define hide_bounds(x) asm volatile("" : "+r"(x))

enum {
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_RINGBUF = 27,
	BPF_MAP_TYPE_TASK_STORAGE = 29,
	BPF_F_NO_PREALLOC = 1,
	BPF_LOCAL_STORAGE_GET_F_CREATE = 1,
};

/* Values are kernel BTF's: a relocation finds out whether the running kernel has this helper. */
enum bpf_func_id { BPF_FUNC_loop = 181 };

/* Bytes compared as one number, wherever they lie. */
#define tpc_load(type, p, off) (*(const type __attribute__((may_alias)) *)((const char *)(p) + (off)))
#define tpc_u64(p, off) tpc_load(__u64, p, off)
#define tpc_u32(p, off) tpc_load(__u32, p, off)
#define tpc_u16(p, off) tpc_load(__u16, p, off)
#define tpc_u8(p, off) tpc_load(__u8, p, off)

struct task_struct;

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static __u64 (*const bpf_get_current_pid_tgid)(void) = (void *)14;
static long (*const bpf_override_return)(void *regs, __u64 rc) = (void *)58;
static long (*const bpf_send_signal)(__u32 sig) = (void *)109;
static long (*const bpf_probe_read_user)(void *dst, __u32 size, const void *unsafe_ptr) = (void *)112;
static long (*const bpf_probe_read_kernel)(void *dst, __u32 size, const void *unsafe_ptr) = (void *)113;
static long (*const bpf_probe_read_user_str)(void *dst, __u32 size, const void *unsafe_ptr) = (void *)114;
static long (*const bpf_probe_read_kernel_str)(void *dst, __u32 size, const void *unsafe_ptr) = (void *)115;
static __u64 (*const bpf_ktime_get_boot_ns)(void) = (void *)125;
static long (*const bpf_ringbuf_output)(void *ringbuf, void *data, __u64 size, __u64 flags) = (void *)130;
static void *(*const bpf_task_storage_get)(void *map, struct task_struct *task, void *value,
					   __u64 flags) = (void *)156;
static struct task_struct *(*const bpf_get_current_task_btf)(void) = (void *)158;
static long (*const bpf_loop)(__u32 nr_loops, void *callback_fn, void *callback_ctx,
			      __u64 flags) = (void *)181;

#endif
