/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a hook does when a selector has matched: counters, modes, enforcement, the head of the event. */
#ifndef TPC_BPF_HOOK_H
#define TPC_BPF_HOOK_H

#include <tpc/bpf/event.h>

static __always_inline struct tpc_stat *tpc_stat_of(__u32 hook)
{
	return bpf_map_lookup_elem(&tpc_stats, &hook);
}

/* Per-CPU, but a program can be preempted by another on its CPU: atomic, so that no count is lost. */
static __always_inline void tpc_count(__u64 *counter)
{
	__sync_fetch_and_add(counter, 1);
}

#define TPC_DID_ENFORCE (TPC_DID_SIGKILL | TPC_DID_SIGNAL | TPC_DID_OVERRIDE)

/* A selector matched, and @did (enum tpc_action_bit) is what followed. */
static __always_inline void tpc_count_match(__u32 hook, __u32 did)
{
	struct tpc_stat *st = tpc_stat_of(hook);

	if (!st)
		return;
	tpc_count(&st->matched);
	if (did & TPC_DID_MONITOR)
		tpc_count(&st->monitored);
	else if (did & TPC_DID_ENFORCE)
		tpc_count(&st->enforced);
}

static __always_inline void tpc_count_event(__u32 hook, bool sent)
{
	struct tpc_stat *st = tpc_stat_of(hook);

	if (st)
		tpc_count(sent ? &st->posted : &st->lost);
}

/* Begins the event of a selector that matched. NULL: no slot is free, and the event is counted as lost. */
static __always_inline struct tpc_scratch *tpc_hook_event_begin(__u32 hook, __u32 selector, __u32 did,
								__u32 nargs)
{
	struct tpc_scratch *s = tpc_scratch_claim();
	struct tpc_hook_event *e;

	if (!s) {
		tpc_count_event(hook, false);
		return NULL;
	}
	e = (void *)s->data;
	tpc_record_begin(s, TPC_EVENT_HOOK, sizeof(*e));
	tpc_task_id_of(&e->task, bpf_get_current_task_btf());
	e->hook = hook;
	e->selector = selector;
	e->actions = did;
	e->nargs = nargs;
	return s;
}

static __always_inline void tpc_hook_event_end(struct tpc_scratch *s, __u32 hook)
{
	bool sent = tpc_record_send(s);

	tpc_scratch_release(s);
	tpc_count_event(hook, sent);
}

#endif
