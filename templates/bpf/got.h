/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Integer arguments that may be absent: what a test has read of them is what the event shows. */
#ifndef TPC_BPF_GOT_H
#define TPC_BPF_GOT_H

#include <tpc/bpf/event.h>

/* What a test has read of an integer, if one has; @there: it could be read. */
struct tpc_got {
	__u64 value;
	__u32 read, there;
};

/* The record says that there is none where it could not be read. */
static __always_inline void tpc_put_got(struct tpc_scratch *s, __u16 type, const struct tpc_got *got)
{
	if (got->there)
		tpc_put_int(s, type, got->value);
	else
		tpc_put_none(s);
}

#endif
