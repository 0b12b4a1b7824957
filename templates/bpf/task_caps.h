/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sets of capabilities, a bit each. Those of the current task are of its subjective credentials (task->cred), by which
 * the kernel judges what it does.
 */
#ifndef TPC_BPF_TASK_CAPS_H
#define TPC_BPF_TASK_CAPS_H

#include <tpc/bpf/kernel.h>

/* In the order of Tetragon's messages. */
enum tpc_cap_set { TPC_CAPS_PERMITTED, TPC_CAPS_EFFECTIVE, TPC_CAPS_INHERITABLE };

/* Of credentials @c, as tpc_read() reads them. */
#define tpc_caps_member(direct, c, set)                                                                      \
	({                                                                                                   \
		__u64 __caps;                                                                                \
		if (__builtin_preserve_field_info(((struct cred___u64 *)0)->set.val, 2))                     \
			__caps = tpc_read(direct, (struct cred___u64 *)(c), set.val);                        \
		else                                                                                         \
			__caps = tpc_read(direct, (struct cred___u32 *)(c), set.cap[0]) |                    \
				 (__u64)tpc_read(direct, (struct cred___u32 *)(c), set.cap[1]) << 32;        \
		__caps;                                                                                      \
	})

/* @set is a constant. */
static __always_inline __u64 tpc_caps_of(struct task_struct *t, const enum tpc_cap_set set)
{
	const struct cred *c = t->cred;

	switch (set) {
	case TPC_CAPS_PERMITTED:
		return tpc_caps_member(true, c, cap_permitted);
	case TPC_CAPS_EFFECTIVE:
		return tpc_caps_member(true, c, cap_effective);
	case TPC_CAPS_INHERITABLE:
		return tpc_caps_member(true, c, cap_inheritable);
	}
	return 0;
}

static __always_inline __u64 tpc_task_caps(const enum tpc_cap_set set)
{
	return tpc_caps_of(bpf_get_current_task_btf(), set);
}

#endif
