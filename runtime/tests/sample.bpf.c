// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * An object as the compiler makes them, by hand: what the loader's tests load. One tracepoint whose fields
 * the
 * loader fills in, and with -DSAMPLE_KPROBE a function with three variants. With -DSAMPLE_BAD the verifier
 * refuses it.
 * -DMANIFEST="..." replaces the manifest.
 */
#include <tpc/abi.h>

#ifndef STATS
#define STATS 1
#endif
#ifndef EVENTS
#define EVENTS (1 << 20)
#endif

#define SEC(name) __attribute__((section(name), used))
#define __uint(name, val) int(*name)[val]
#define __type(name, val) typeof(val) *name

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static __u64 (*const bpf_get_current_pid_tgid)(void) = (void *)14;
static long (*const bpf_probe_read_user_str)(void *dst, __u32 size, const void *ptr) = (void *)114;
static __u64 (*const bpf_ktime_get_boot_ns)(void) = (void *)125;
static long (*const bpf_ringbuf_output)(void *ringbuf, void *data, __u64 size, __u64 flags) = (void *)130;
static struct task_struct *(*const bpf_get_current_task_btf)(void) = (void *)158;

struct task_struct {
	struct task_struct *group_leader;
	__u64 start_boottime;
} __attribute__((preserve_access_index));

struct {
	__uint(type, 27);
	__uint(max_entries, EVENTS);
} tpc_events SEC(".maps");

struct {
	__uint(type, 6);
	__uint(max_entries, STATS);
	__type(key, __u32);
	__type(value, struct tpc_stat);
} tpc_stats SEC(".maps");

volatile __u32 tpc_policy_mode[1] SEC(".data.tpc") = { 0 };
const volatile struct tpc_field_desc tpc_fields[2] SEC(".rodata.tpc") = { 0 };
const volatile __u32 tpc_report_exec SEC(".rodata.tpc") = 0;

const char tpc_digest[TPC_DIGEST_SIZE] SEC(TPC_DIGEST_SECTION) = "";
char _license[] SEC("license") = "Dual BSD/GPL";

struct record {
	struct tpc_hook_event e;
	struct tpc_arg text;
	char name[64];
	struct tpc_arg flags;
	__s64 value;
};

static __attribute__((always_inline)) int event(__u32 hook, const void *name, __s64 value)
{
	struct task_struct *t = bpf_get_current_task_btf();
	__u64 id = bpf_get_current_pid_tgid();
	struct tpc_stat *st = bpf_map_lookup_elem(&tpc_stats, &hook);
	struct record r = { 0 };

	r.e.h.size = sizeof(r);
	r.e.h.kind = TPC_EVENT_HOOK;
	r.e.h.time = bpf_ktime_get_boot_ns();
	r.e.task.pid = id >> 32;
	r.e.task.tid = (__u32)id;
	r.e.task.start = t->group_leader->start_boottime;
	r.e.hook = hook;
	r.e.actions = TPC_DID_POST | TPC_DID_SIGKILL | (tpc_policy_mode[0] ? TPC_DID_MONITOR : 0);
	r.e.nargs = 2;
	r.text.type = TPC_ARG_BYTES;
	r.text.len = sizeof(r.name);
	if (bpf_probe_read_user_str(r.name, sizeof(r.name), name) < 0)
		r.text.flags = TPC_ARG_FAULT;
	r.flags.type = TPC_ARG_S64;
	r.flags.len = sizeof(r.value);
	r.value = value;
	if (st) {
		st->matched++;
		if (bpf_ringbuf_output(&tpc_events, &r, sizeof(r), 0))
			st->lost++;
		else
			st->posted++;
	}
	return 0;
}

#ifndef SAMPLE_KPROBE
SEC("tp/syscalls/sys_enter_mkdirat")
int p0_tracepoint(char *ctx)
{
	__u16 off = tpc_fields[0].off;
	__u64 name = 0;

	if (tpc_fields[0].kind != TPC_FIELD_POINTER || off > 64)
		return 0;
	name = *(__u64 *)(ctx + 24);
#ifdef SAMPLE_BAD
	name = *(__u64 *)(ctx + 16384);
#endif
	return event(0, (void *)name, tpc_fields[1].size);
}
#else
SEC("fmod_ret/security_file_open")
int p0_fmod_ret(__u64 *ctx)
{
	return event(0, (void *)ctx[0], 0);
}

SEC("fentry/fd_install")
int p0_fentry(__u64 *ctx)
{
	return event(0, (void *)ctx[0], 0);
}

SEC("kprobe/fd_install")
int p0_kprobe(char *ctx)
{
	return event(0, ctx, 0);
}
#endif

const char tpc_manifest[] SEC(TPC_MANIFEST_SECTION) = MANIFEST;
