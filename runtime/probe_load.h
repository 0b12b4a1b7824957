/* SPDX-License-Identifier: Apache-2.0 */
/* Tiny programs, loaded to see whether the kernel takes their kind, and let go at once. */
#ifndef TPC_RT_PROBE_LOAD_H
#define TPC_RT_PROBE_LOAD_H

#include <linux/bpf.h>
#include <stdint.h>

/* 0: it was loaded. Else -errno. @btf_id: what it would attach to, 0: nothing. */
int probe_load(enum bpf_prog_type type, enum bpf_attach_type attach, uint32_t btf_id);
/* The same for a kprobe that calls bpf_override_return(). */
int probe_load_override(void);

#endif
