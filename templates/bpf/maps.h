/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The maps every object has. Before it is included the generated code defines TPC_HOOKS (hook entries in the
 * object) and TPC_RECORD_MAX (the largest record it can write, slack included).
 */
#ifndef TPC_BPF_MAPS_H
#define TPC_BPF_MAPS_H

#include <tpc/bpf/helpers.h>
#include <tpc/bpf/room.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} tpc_events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TPC_HOOKS);
	__type(key, __u32);
	__type(value, struct tpc_stat);
} tpc_stats SEC(".maps");

/*
 * Room to build a record in. Programs can be preempted, and one program can interrupt another, so a CPU has
 * several slots and a slot is claimed for the time of use.
 */
struct tpc_scratch {
	__u32 busy;
	__u32 len; /* bytes of data in use; kept here because the verifier takes what it loads from a map for unknown */
	char data[TPC_RECORD_MAX];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TPC_SCRATCH_SLOTS);
	__type(key, __u32);
	__type(value, struct tpc_scratch);
} tpc_scratch SEC(".maps");

static __always_inline struct tpc_scratch *tpc_scratch_try(__u32 slot)
{
	struct tpc_scratch *s = bpf_map_lookup_elem(&tpc_scratch, &slot);

	return s && __sync_val_compare_and_swap(&s->busy, 0, 1) == 0 ? s : NULL;
}

/*
 * NULL when all slots are in use, which takes TPC_SCRATCH_SLOTS programs nested on one CPU. No loop: the
 * verifier before Linux 6.3 loses a counter that lives on the stack.
 */
static __noinline struct tpc_scratch *tpc_scratch_claim(void)
{
	struct tpc_scratch *s = tpc_scratch_try(0);

	if (!s)
		s = tpc_scratch_try(1);
	if (!s)
		s = tpc_scratch_try(2);
	if (!s)
		s = tpc_scratch_try(3);
	return s;
}

_Static_assert(TPC_SCRATCH_SLOTS == 4, "tpc_scratch_claim tries them one by one");

static __always_inline void tpc_scratch_release(struct tpc_scratch *s)
{
	__sync_lock_test_and_set(&s->busy, 0);
}

#endif
