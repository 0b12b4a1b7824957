/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Records for the ring buffer. They are put together in a scratch slot and sent whole; each put_ function
 * appends one argument at slot->len, and room for the largest of each is part of TPC_RECORD_MAX, so a check that
 * fails only says so to the verifier.
 */
#ifndef TPC_BPF_EVENT_H
#define TPC_BPF_EVENT_H

#include <tpc/bpf/kernel.h>
#include <tpc/bpf/maps.h>

/*
 * Room behind the cursor for @need bytes; the cursor then is @off, which the verifier knows the bound of. What is compared
 * must be the very register that is used, for bounds of one are not those of another: @off has 64 bits, as copies of 32
 * are forgotten (Linux 6.1), and is hidden, or the compiler compares the cursor of the argument before.
 */
#define tpc_room(s, off, need)                                                                               \
	({                                                                                                   \
		(off) = (s)->len;                                                                            \
		hide_bounds(off);                                                                            \
		(off) <= TPC_RECORD_MAX - (need);                                                            \
	})

static __always_inline void tpc_task_id_of(struct tpc_task_id *id, struct task_struct *t)
{
	id->pid = t->tgid;
	id->tid = t->pid;
	id->start = t->group_leader->start_boottime;
}

static __always_inline void tpc_record_begin(struct tpc_scratch *s, __u16 kind, __u32 size)
{
	struct tpc_event_hdr *h = (void *)s->data;

	h->kind = kind;
	h->pad = 0;
	h->time = bpf_ktime_get_boot_ns();
	s->len = size;
}

/* Sends what is in the slot. false: the ring is full. */
static __always_inline bool tpc_record_send(struct tpc_scratch *s)
{
	struct tpc_event_hdr *h = (void *)s->data;
	__u32 len = (s->len + 7) & ~7u;

	hide_bounds(len);
	if (len > TPC_RECORD_MAX)
		return false;
	h->size = len;
	return bpf_ringbuf_output(&tpc_events, s->data, len, 0) == 0;
}

static __always_inline void tpc_put_none(struct tpc_scratch *s)
{
	__u64 off;

	if (!tpc_room(s, off, sizeof(struct tpc_arg)))
		return;
	*(struct tpc_arg *)(s->data + off) = (struct tpc_arg){ .type = TPC_ARG_NONE };
	s->len = off + sizeof(struct tpc_arg);
}

static __always_inline void tpc_put_int(struct tpc_scratch *s, __u16 type, __u64 v)
{
	__u64 off;

	if (!tpc_room(s, off, sizeof(struct tpc_arg) + sizeof(v)))
		return;
	*(struct tpc_arg *)(s->data + off) = (struct tpc_arg){ .type = type, .len = sizeof(v) };
	*(__u64 *)(s->data + off + sizeof(struct tpc_arg)) = v;
	s->len = off + sizeof(struct tpc_arg) + sizeof(v);
}

#endif
