/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Arguments of type string and char_buf: text behind a pointer, in user or kernel memory. */
#ifndef TPC_BPF_ARG_STRING_H
#define TPC_BPF_ARG_STRING_H

#include <tpc/bpf/event.h>

/* On x86-64 and arm64 kernel addresses have the top bit set and user addresses do not. */
#define tpc_is_user(p) ((__s64)(p) >= 0)

#define TPC_FAULT (-1) /* could not be read */

/* Bytes in @dst without the terminator, at most @size - 1; negative: could not be read. */
static __always_inline __s32 tpc_read_string(char *dst, __u32 size, __u64 p)
{
	__s32 n = tpc_is_user(p) ? bpf_probe_read_user_str(dst, size, (void *)p) :
				   bpf_probe_read_kernel_str(dst, size, (void *)p);

	return n > 0 ? n - 1 : TPC_FAULT;
}

/* Bytes in @dst: all @n of them, or the first @size, a constant. */
#define tpc_read_bytes(dst, size, p, n)                                                                      \
	({                                                                                                   \
		__u64 __n = (n), __from = (p);                                                               \
		hide_bounds(__n);                                                                            \
		if (__n > (size))                                                                            \
			__n = (size);                                                                        \
		(tpc_is_user(__from) ? bpf_probe_read_user(dst, __n, (void *)__from) :                       \
				       bpf_probe_read_kernel(dst, __n, (void *)__from)) ?                    \
			TPC_FAULT :                                                                          \
			(__s32)__n;                                                                          \
	})

/* Lets the cursor pass over @n bytes of payload and its padding, and fills in what was not known before. */
static __always_inline void tpc_put_bytes_done(struct tpc_scratch *s, __u32 off, __s32 n, __u16 flags)
{
	struct tpc_arg *a = (void *)(s->data + off);

	if (n < 0) {
		n = 0;
		flags = TPC_ARG_FAULT;
	}
	*a = (struct tpc_arg){ .type = TPC_ARG_BYTES, .flags = flags, .len = n };
	s->len = off + sizeof(*a) + ((n + 7) & ~7u);
}

/* What a test has decided on: @len bytes, read into @data, a buffer of @size; @data is 0 where none has. */
struct tpc_seen {
	__u64 data; /* a kernel address, only a number to the verifier */
	__s32 len;
	__u32 size;
};

/*
 * Puts what was judged, @max bytes at most, over what is read now, @n bytes at @dst: user space may have written there meanwhile, and an
 * event shows what the decision was made on.
 * What did not fill its buffer (@terminator bytes are not counted) was all there was.
 */
static __always_inline __s32 tpc_put_seen(char *dst, __s32 n, const struct tpc_seen *seen, __u32 terminator,
					  const __u32 max)
{
	__u32 m = seen->len;

	hide_bounds(m);
	if (!seen->data || m > seen->size || m > max)
		return n;
	bpf_probe_read_kernel(dst, m, (void *)seen->data);
	return m + terminator < seen->size || n < (__s32)m ? (__s32)m : n;
}

/* Text that ends within @max - 1 bytes, or there. */
static __always_inline void tpc_put_text(struct tpc_scratch *s, __u64 p, __u32 max,
					 const struct tpc_seen *seen)
{
	__u64 off;
	char *dst;
	__s32 n;

	if (!tpc_room(s, off, TPC_STRING_ROOM))
		return;
	dst = s->data + off + sizeof(struct tpc_arg);
	n = tpc_read_string(dst, max, p);
	n = tpc_put_seen(dst, n, seen, 1, TPC_STRING_MAX);
	tpc_put_bytes_done(s, off, n, n == TPC_STRING_MAX - 1 ? TPC_ARG_TRUNCATED : 0);
}

static __always_inline void tpc_put_string(struct tpc_scratch *s, __u64 p, const struct tpc_seen *seen)
{
	tpc_put_text(s, p, TPC_STRING_MAX, seen);
}

static __always_inline void tpc_put_bytes(struct tpc_scratch *s, __u64 p, __u64 len,
					  const struct tpc_seen *seen)
{
	__u64 off;
	char *dst;
	__s32 n;

	if (!tpc_room(s, off, TPC_STRING_ROOM))
		return;
	dst = s->data + off + sizeof(struct tpc_arg);
	n = tpc_read_bytes(dst, TPC_STRING_MAX, p, len);
	n = tpc_put_seen(dst, n, seen, 0, TPC_STRING_MAX);
	tpc_put_bytes_done(s, off, n, len > TPC_STRING_MAX ? TPC_ARG_TRUNCATED : 0);
}

#endif
