/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Arguments that point to a set of capabilities, kernel_cap_t: 64 bits in the kernel's memory, the lowest first. */
#ifndef TPC_BPF_ARG_CAPS_H
#define TPC_BPF_ARG_CAPS_H

#include <tpc/bpf/got.h>

/* false: it could not be read. */
static __always_inline bool tpc_caps_at(__u64 p, __u64 *ret)
{
	return !bpf_probe_read_kernel(ret, sizeof(*ret), (void *)p);
}

#endif
