/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What sockets, packets and socket addresses have in common: members that may be absent, and addresses as numbers. */
#ifndef TPC_BPF_INET_H
#define TPC_BPF_INET_H

#include <tpc/bpf/resolve.h>

/* include/linux/socket.h, include/uapi/linux/in.h */
#define TPC_AF_UNIX 1
#define TPC_AF_INET 2
#define TPC_AF_INET6 10
#define TPC_IPPROTO_TCP 6
#define TPC_IPPROTO_UDP 17

/* The number at @member of the kernel object @p goes to @ret; false: there is no object, or it could not be read. */
#define tpc_member(direct, p, member, ret)                                                                   \
	({                                                                                                   \
		typeof(p) __p = (p);                                                                         \
		typeof(__p->member) __v = 0;                                                                 \
		bool __ok = tpc_leads(direct, (__u64)__p);                                                   \
		if (__ok && (direct))                                                                        \
			__v = __p->member;                                                                   \
		else if (__ok)                                                                               \
			__ok = !bpf_probe_read_kernel((void *)&__v, sizeof(__v),                             \
						      __builtin_preserve_access_index(&__p->member));        \
		*(ret) = __v;                                                                                \
		__ok;                                                                                        \
	})

/* An address as a number, so that a network is a range of them: IPv4 in lo, IPv6 in hi and lo. */
struct tpc_addr {
	__u64 hi, lo;
	__u32 len; /* 4 or 16 bytes; 0: there is none */
};

/* @net: as it stands in a packet. */
static __always_inline void tpc_addr_ip4(struct tpc_addr *a, __u32 net)
{
	a->hi = 0;
	a->lo = __builtin_bswap32(net);
	a->len = 4;
}

static __always_inline void tpc_addr_ip6(struct tpc_addr *a, __u64 first, __u64 second)
{
	a->hi = __builtin_bswap64(first);
	a->lo = __builtin_bswap64(second);
	a->len = 16;
}

static __always_inline void tpc_addr_none(struct tpc_addr *a)
{
	a->hi = a->lo = 0;
	a->len = 0;
}

#endif
