/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fields of tracepoints whose place is only known on the machine: the loader reads the event's format file
 * and fills tpc_fields before the program is verified, so each access is a constant to the verifier.
 * The generated code defines TPC_FIELDS, how many there are, if there are any.
 */
#ifndef TPC_BPF_FIELD_H
#define TPC_BPF_FIELD_H

#include <tpc/bpf/helpers.h>

/* A field whose place is the same everywhere, of a context that is only a number here. */
static __always_inline __u64 tpc_field_at(__u64 ctx, __u32 off, __u32 size)
{
	__s32 small = 0;
	__u64 v = 0;

	if (size == 8)
		return bpf_probe_read_kernel(&v, 8, (void *)(ctx + off)) ? 0 : v;
	bpf_probe_read_kernel(&small, 4, (void *)(ctx + off));
	return (__s64)small;
}

#ifdef TPC_FIELDS
const volatile struct tpc_field_desc tpc_fields[TPC_FIELDS] SEC(".rodata.tpc");

/* An integer field, zero-extended or sign-extended as the tracepoint declares it. */
static __always_inline __u64 tpc_field_int(__u64 ctx, __u32 slot)
{
	__u32 size = tpc_fields[slot].size, off = tpc_fields[slot].off, unused;
	__u64 v = 0;

	hide_bounds(size);
	if (size == 0 || size > sizeof(v))
		return 0;
	if (bpf_probe_read_kernel(&v, size, (void *)(ctx + off)))
		return 0;
	unused = 64 - 8 * size;
	return tpc_fields[slot].is_signed ? (__u64)((__s64)(v << unused) >> unused) : v;
}

/* Address of a text field: the record is kernel memory, so it can be read like any kernel string. */
static __always_inline __u64 tpc_field_text(__u64 ctx, __u32 slot)
{
	__u32 off = tpc_fields[slot].off, loc = 0;
	__u64 p = 0;

	switch (tpc_fields[slot].kind) {
	case TPC_FIELD_POINTER:
		bpf_probe_read_kernel(&p, sizeof(p), (void *)(ctx + off));
		return p;
	case TPC_FIELD_DATA_LOC:
		bpf_probe_read_kernel(&loc, sizeof(loc), (void *)(ctx + off));
		return ctx + (loc & 0xffff);
	default:
		return ctx + off;
	}
}

#endif /* TPC_FIELDS */

#endif
