/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Arguments of type sock and socket. What is neither IPv4 nor IPv6 has no addresses; its ports are 0, because the kernel
 * leaves them so: nothing else lies there (include/net/sock.h, struct sock_common).
 */
#ifndef TPC_BPF_ARG_SOCK_H
#define TPC_BPF_ARG_SOCK_H

#include <tpc/bpf/inet.h>

/* A socket that is looked at. */
struct tpc_sock {
	struct sock *sk;
	__u64 family; /* 0 where no test asks for it */
};

/* What a socket of user space stands for; NULL where it is closed, or was never opened. */
static __always_inline struct sock *tpc_socket_sk(const bool direct, struct socket *s)
{
	struct sock *sk = NULL;

	return tpc_member(direct, s, sk, &sk) ? sk : NULL;
}

static __always_inline void tpc_sock_open(struct tpc_sock *s, const bool direct, struct sock *sk,
					  const bool family)
{
	s->sk = sk;
	s->family = 0;
	if (family)
		tpc_member(direct, sk, __sk_common.skc_family, &s->family);
}

static __always_inline bool tpc_sock_family(const struct tpc_sock *s, const bool direct, __u64 *ret)
{
	*ret = s->family;
	return tpc_leads(direct, (__u64)s->sk);
}

static __always_inline bool tpc_sock_state(const struct tpc_sock *s, const bool direct, __u64 *ret)
{
	return tpc_member(direct, s->sk, __sk_common.skc_state, ret);
}

static __always_inline bool tpc_sock_protocol(const struct tpc_sock *s, const bool direct, __u64 *ret)
{
	return tpc_member(direct, s->sk, sk_protocol, ret);
}

static __always_inline bool tpc_sock_sport(const struct tpc_sock *s, const bool direct, __u64 *ret)
{
	return tpc_member(direct, s->sk, __sk_common.skc_num, ret);
}

static __always_inline bool tpc_sock_dport(const struct tpc_sock *s, const bool direct, __u64 *ret)
{
	__u16 port;
	bool there = tpc_member(direct, s->sk, __sk_common.skc_dport, &port);

	*ret = __builtin_bswap16(port);
	return there;
}

static __always_inline void tpc_sock_ip6(struct tpc_addr *a, const bool direct, const struct in6_addr *from)
{
	const __u64 *typed = (const __u64 *)from;
	__u64 words[2];

	if (direct)
		tpc_addr_ip6(a, typed[0], typed[1]);
	else if (!bpf_probe_read_kernel(words, sizeof(words), from))
		tpc_addr_ip6(a, words[0], words[1]);
}

/* @ip4, @ip6: where it lies, by the socket's family. */
#define tpc_sock_addr(s, direct, ip4, ip6, ret)                                                              \
	({                                                                                                   \
		struct sock *__sk = (s)->sk;                                                                 \
		__u32 __net;                                                                                 \
		tpc_addr_none(ret);                                                                          \
		if ((s)->family == TPC_AF_INET && tpc_member(direct, __sk, ip4, &__net))                     \
			tpc_addr_ip4(ret, __net);                                                            \
		else if ((s)->family == TPC_AF_INET6)                                                        \
			tpc_sock_ip6(ret, direct, __builtin_preserve_access_index(&__sk->ip6));              \
	})

static __always_inline void tpc_sock_saddr(const struct tpc_sock *s, const bool direct, struct tpc_addr *ret)
{
	tpc_sock_addr(s, direct, __sk_common.skc_rcv_saddr, __sk_common.skc_v6_rcv_saddr, ret);
}

static __always_inline void tpc_sock_daddr(const struct tpc_sock *s, const bool direct, struct tpc_addr *ret)
{
	tpc_sock_addr(s, direct, __sk_common.skc_daddr, __sk_common.skc_v6_daddr, ret);
}

/* Copies an address, @len bytes of it, at @member of the socket. */
#define tpc_put_sock_addr(dst, len, sk, member)                                                              \
	bpf_probe_read_kernel(dst, len, __builtin_preserve_access_index(&(sk)->member))

static __noinline void tpc_put_sock(struct tpc_scratch *s, struct sock *sk)
{
	struct tpc_arg_sock *a;
	__u16 family;
	__u64 off;

	if (!tpc_member(false, sk, __sk_common.skc_family, &family)) {
		tpc_put_none(s);
		return;
	}
	if (!tpc_room(s, off, TPC_SOCK_ROOM))
		return;
	a = (void *)(s->data + off + sizeof(struct tpc_arg));
	*a = (struct tpc_arg_sock){ .cookie = (__u64)sk, .family = family };
	a->mark = tpc_read(false, sk, sk_mark);
	a->priority = tpc_read(false, sk, sk_priority);
	a->type = tpc_read(false, sk, sk_type);
	a->protocol = tpc_read(false, sk, sk_protocol);
	a->state = tpc_read(false, sk, __sk_common.skc_state);
	a->sport = tpc_read(false, sk, __sk_common.skc_num);
	a->dport = __builtin_bswap16(tpc_read(false, sk, __sk_common.skc_dport));
	if (family == TPC_AF_INET) {
		tpc_put_sock_addr(a->saddr, 4, sk, __sk_common.skc_rcv_saddr);
		tpc_put_sock_addr(a->daddr, 4, sk, __sk_common.skc_daddr);
	} else if (family == TPC_AF_INET6) {
		tpc_put_sock_addr(a->saddr, 16, sk, __sk_common.skc_v6_rcv_saddr);
		tpc_put_sock_addr(a->daddr, 16, sk, __sk_common.skc_v6_daddr);
	}
	*(struct tpc_arg *)(s->data + off) = (struct tpc_arg){ .type = TPC_ARG_SOCK, .len = sizeof(*a) };
	s->len = off + sizeof(struct tpc_arg) + sizeof(*a);
}

#endif
