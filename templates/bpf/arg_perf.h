/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Arguments of type perf_event: what is measured, and of a kprobe the function. */
#ifndef TPC_BPF_ARG_PERF_H
#define TPC_BPF_ARG_PERF_H

#include <tpc/bpf/arg_string.h>

static __always_inline void tpc_put_perf_event(struct tpc_scratch *s, struct perf_event *p)
{
	struct tpc_arg_perf_event *a;
	__u64 off, name;

	if (!p)
		tpc_put_none(s);
	if (!p || !tpc_room(s, off, TPC_PERF_EVENT_ROOM))
		return;
	*(struct tpc_arg *)(s->data + off) =
		(struct tpc_arg){ .type = TPC_ARG_PERF_EVENT, .len = sizeof(*a) };
	a = (void *)(s->data + off + sizeof(struct tpc_arg));
	a->type = tpc_read(false, p, attr.type);
	a->pad = 0;
	a->config = tpc_read(false, p, attr.config);
	a->probe_offset = tpc_read(false, p, attr.probe_offset);
	name = tpc_read(false, p, attr.kprobe_func);
	a->kprobe_func[0] = '\0';
	if (name)
		tpc_read_string(a->kprobe_func, sizeof(a->kprobe_func), name);
	s->len = off + TPC_PERF_EVENT_ROOM;
}

#endif
