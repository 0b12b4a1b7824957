/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Arguments of type skb: the packet's own IP header. A packet that is none of IP is not there for any test. Where its
 * transport header begins is taken from the IP header: what the kernel knows of it is set late (skb->transport_header).
 */
#ifndef TPC_BPF_ARG_SKB_H
#define TPC_BPF_ARG_SKB_H

#include <tpc/bpf/inet.h>

struct tpc_skb {
	__u64 at;     /* where the IP header lies */
	__u64 family; /* 0: no packet of IP */
	/* Enough for both versions: behind the data of a packet there is always more (struct skb_shared_info). */
	__u8 header[40] __attribute__((aligned(8)));
};

static __always_inline void tpc_skb_open(struct tpc_skb *s, const bool direct, struct sk_buff *skb)
{
	unsigned char *head;
	__u64 off;
	__u8 version;

	s->family = 0;
	if (!tpc_member(direct, skb, head, &head) || !tpc_member(direct, skb, network_header, &off))
		return;
	s->at = (__u64)head + off;
	if (bpf_probe_read_kernel(s->header, sizeof(s->header), (void *)s->at))
		return;
	version = s->header[0] >> 4;
	s->family = version == 4 ? TPC_AF_INET : version == 6 ? TPC_AF_INET6 : 0;
}

static __always_inline bool tpc_skb_family(const struct tpc_skb *s, const bool direct __unused, __u64 *ret)
{
	*ret = s->family;
	return s->family;
}

static __always_inline void tpc_skb_addr(const struct tpc_skb *s, __u32 ip4, __u32 ip6, struct tpc_addr *ret)
{
	tpc_addr_none(ret);
	if (s->family == TPC_AF_INET)
		tpc_addr_ip4(ret, tpc_u32(s->header, ip4));
	else if (s->family == TPC_AF_INET6)
		tpc_addr_ip6(ret, tpc_u64(s->header, ip6), tpc_u64(s->header, ip6 + 8));
}

/* RFC 791, RFC 8200 */
static __always_inline void tpc_skb_saddr(const struct tpc_skb *s, const bool direct __unused,
					  struct tpc_addr *ret)
{
	tpc_skb_addr(s, 12, 8, ret);
}

static __always_inline void tpc_skb_daddr(const struct tpc_skb *s, const bool direct __unused,
					  struct tpc_addr *ret)
{
	tpc_skb_addr(s, 16, 24, ret);
}

/* What lies behind the IP header. */
struct tpc_transport {
	__u64 protocol;
	__u64 off; /* from the IP header; 0: not in this packet, as of a later fragment */
};

#define TPC_IP6_HEADERS 6 /* of extensions, as many as Tetragon passes over */

/* A header's length by its protocol; 0: it is no extension. RFC 8200, RFC 4302. */
static __always_inline __u32 tpc_ip6_extension(__u32 protocol, __u32 units)
{
	switch (protocol) {
	case 0:	 /* hop by hop */
	case 43: /* routing */
	case 60: /* destination options */
		return 8 * units + 8;
	case 44: /* fragment */
		return 8;
	case 51: /* authentication */
		return 4 * units + 8;
	default:
		return 0;
	}
}

/* Passes over extensions. What has more of them than that is of protocol 0. */
static __noinline void tpc_skb_transport6(struct tpc_transport *t, __u64 at, __u32 next)
{
	__u8 header[4]; /* the next one's protocol, its own length; a fragment's offset in the upper 13 bits */
	__u32 len, off = 40;

	t->protocol = t->off = 0;
	for (__u32 i = 0; i <= TPC_IP6_HEADERS; i++) {
		if (!tpc_ip6_extension(next, 0)) {
			t->protocol = next;
			t->off = off;
			return;
		}
		if (bpf_probe_read_kernel(header, sizeof(header), (void *)(at + off)))
			return;
		len = tpc_ip6_extension(next, header[1]);
		if (next == 44 && (header[2] || header[3] & 0xf8)) {
			t->protocol = header[0];
			return;
		}
		next = header[0];
		off += len;
	}
}

static __always_inline void tpc_skb_transport(const struct tpc_skb *s, struct tpc_transport *t)
{
	if (s->family == TPC_AF_INET6) {
		tpc_skb_transport6(t, s->at, s->header[6]);
		return;
	}
	t->protocol = s->header[9];
	t->off = __builtin_bswap16(tpc_u16(s->header, 6)) & 0x1fff ? 0 : 4 * (s->header[0] & 15);
}

static __always_inline bool tpc_skb_protocol(const struct tpc_skb *s, const bool direct __unused, __u64 *ret)
{
	struct tpc_transport t;

	*ret = 0;
	if (!s->family)
		return false;
	tpc_skb_transport(s, &t);
	*ret = t.protocol;
	return true;
}

/* Of TCP and UDP; 0 of all else. */
static __always_inline __u16 tpc_transport_port(const struct tpc_transport *t, __u64 at, __u32 which)
{
	__u16 port = 0;

	if ((t->protocol == TPC_IPPROTO_TCP || t->protocol == TPC_IPPROTO_UDP) && t->off)
		bpf_probe_read_kernel(&port, sizeof(port), (void *)(at + t->off + 2 * which));
	return __builtin_bswap16(port);
}

static __always_inline bool tpc_skb_port(const struct tpc_skb *s, __u32 which, __u64 *ret)
{
	struct tpc_transport t;

	*ret = 0;
	if (!s->family)
		return false;
	tpc_skb_transport(s, &t);
	*ret = tpc_transport_port(&t, s->at, which);
	return true;
}

static __always_inline bool tpc_skb_sport(const struct tpc_skb *s, const bool direct __unused, __u64 *ret)
{
	return tpc_skb_port(s, 0, ret);
}

static __always_inline bool tpc_skb_dport(const struct tpc_skb *s, const bool direct __unused, __u64 *ret)
{
	return tpc_skb_port(s, 1, ret);
}

/* A packet has no state of a connection. */
static __always_inline bool tpc_skb_state(const struct tpc_skb *s __unused, const bool direct __unused,
					  __u64 *ret)
{
	*ret = 0;
	return false;
}

static __noinline void tpc_put_skb(struct tpc_scratch *s, struct sk_buff *skb)
{
	struct tpc_transport t;
	struct tpc_arg_skb *a;
	struct tpc_skb p;
	__u32 len;
	__u64 off;

	if (!tpc_member(false, skb, len, &len)) {
		tpc_put_none(s);
		return;
	}
	if (!tpc_room(s, off, TPC_SKB_ROOM))
		return;
	a = (void *)(s->data + off + sizeof(struct tpc_arg));
	*a = (struct tpc_arg_skb){ .len = len };
	a->hash = tpc_read(false, skb, hash);
	a->priority = tpc_read(false, skb, priority);
	a->mark = tpc_read(false, skb, mark);
	tpc_skb_open(&p, false, skb);
	a->family = p.family;
	if (p.family) {
		tpc_skb_transport(&p, &t);
		a->protocol = t.protocol;
		a->sport = tpc_transport_port(&t, p.at, 0);
		a->dport = tpc_transport_port(&t, p.at, 1);
	}
	if (p.family == TPC_AF_INET) {
		__builtin_memcpy(a->saddr, p.header + 12, 4);
		__builtin_memcpy(a->daddr, p.header + 16, 4);
	} else if (p.family == TPC_AF_INET6) {
		__builtin_memcpy(a->saddr, p.header + 8, 16);
		__builtin_memcpy(a->daddr, p.header + 24, 16);
	}
	*(struct tpc_arg *)(s->data + off) = (struct tpc_arg){ .type = TPC_ARG_SKB, .len = sizeof(*a) };
	s->len = off + sizeof(struct tpc_arg) + sizeof(*a);
}

#endif
