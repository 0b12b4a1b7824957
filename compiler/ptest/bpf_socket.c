// SPDX-License-Identifier: Apache-2.0
/*
 * Sockets, packets and socket addresses as the kernel has them, of what a case says of them. What it does not say and no
 * decision needs is that of an IPv4 socket, or zeros. A case may say what no kernel has, such as addresses of two families.
 */
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

#include "ptest/bpf.h"

#define HEADER_AT 16 /* where the packet begins behind skb->head: anywhere */
#define HEADER_MAX 64

struct net {
	uint16_t family, protocol, sport, dport;
	uint8_t state, saddr[16], daddr[16];
};

static bool is_type(const struct ir_value *v, const char *name)
{
	return !strcmp(v->type_name, name);
}

/* What is said of facet @f of value @value, NULL: nothing. */
static const struct pt_datum *said(const struct pt_scene *s, uint32_t value, enum ir_facet f)
{
	for (uint32_t i = 0; i < s->p->values.len; i++) {
		const struct ir_value *v = &s->p->values.items[i];

		if (v->source == IR_FROM_VALUE && v->base == value && v->facet == f && s->values[i].known)
			return &s->values[i];
	}
	return NULL;
}

static bool is_inet(uint16_t family)
{
	return family == AF_INET || family == AF_INET6;
}

/* Of what has such addresses, where nothing says it. */
static uint16_t family_of(const struct pt_datum *saddr, const struct pt_datum *daddr)
{
	const struct pt_datum *one = saddr && !saddr->in.absent ? saddr : daddr ? daddr : saddr;

	if (!one)
		return AF_INET;
	return one->in.absent ? AF_UNIX : one->in.len == 16 ? AF_INET6 : AF_INET;
}

static bool read_number(const struct pt_scene *s, uint32_t value, enum ir_facet f, uint64_t *ret)
{
	const struct pt_datum *d = said(s, value, f);

	if (d)
		*ret = d->in.num;
	return !d || !d->in.absent;
}

/* An address is there when the family has one, and is one of it. */
static bool read_address(const struct pt_scene *s, uint32_t value, enum ir_facet f, uint16_t family,
			 uint8_t ret[16])
{
	const struct pt_datum *d = said(s, value, f);

	if (!d)
		return true;
	if (d->in.absent || !is_inet(family))
		return d->in.absent && !is_inet(family);
	if (d->in.len != (family == AF_INET ? 4 : 16))
		return false;
	memcpy(ret, d->in.bytes, d->in.len);
	return true;
}

/* False: a kernel has no such thing. */
static bool read_net(const struct pt_scene *s, uint32_t value, struct net *ret)
{
	const struct pt_datum *saddr = said(s, value, IR_FACET_SADDR),
			      *daddr = said(s, value, IR_FACET_DADDR);
	uint64_t family = family_of(saddr, daddr), sport = 0, dport = 0, protocol = 0, state = 0;
	bool ok = read_number(s, value, IR_FACET_FAMILY, &family) &&
		  read_number(s, value, IR_FACET_SPORT, &sport) &&
		  read_number(s, value, IR_FACET_DPORT, &dport) &&
		  read_number(s, value, IR_FACET_PROTOCOL, &protocol) &&
		  read_number(s, value, IR_FACET_STATE, &state);

	*ret = (struct net){ .family = (uint16_t)family,
			     .protocol = (uint16_t)protocol,
			     .sport = (uint16_t)sport,
			     .dport = (uint16_t)dport,
			     .state = (uint8_t)state };
	return ok && read_address(s, value, IR_FACET_SADDR, ret->family, ret->saddr) &&
	       read_address(s, value, IR_FACET_DADDR, ret->family, ret->daddr) &&
	       (is_inet(ret->family) || (!sport && !dport));
}

/* ---- sockets ---- */
static void put16(struct bpf_memory *m, uint64_t object, uint32_t off, uint16_t value)
{
	memory_set(m, object, off, &value, sizeof(value));
}

static uint32_t largest(const uint32_t *offs, uint32_t n)
{
	uint32_t max = 0;

	for (uint32_t i = 0; i < n; i++)
		max = offs[i] > max ? offs[i] : max;
	return max;
}

static uint64_t make_sock(struct bpf_memory *m, const struct net *n)
{
	const struct tpc_case_where *w = &m->now->where;
	uint64_t sk = memory_claim(m, largest(w->sock, TPC_CASE_SOCK_MEMBERS) + 16);

	put16(m, sk, w->sock[TPC_CASE_SOCK_FAMILY], n->family);
	put16(m, sk, w->sock[TPC_CASE_SOCK_PROTOCOL], n->protocol);
	put16(m, sk, w->sock[TPC_CASE_SOCK_NUM], n->sport);
	put16(m, sk, w->sock[TPC_CASE_SOCK_DPORT], htons(n->dport));
	memory_set(m, sk, w->sock[TPC_CASE_SOCK_STATE], &n->state, sizeof(n->state));
	if (n->family == AF_INET) {
		memory_set(m, sk, w->sock[TPC_CASE_SOCK_RCV_SADDR], n->saddr, 4);
		memory_set(m, sk, w->sock[TPC_CASE_SOCK_DADDR], n->daddr, 4);
	} else if (n->family == AF_INET6) {
		memory_set(m, sk, w->sock[TPC_CASE_SOCK_V6_RCV_SADDR], n->saddr, 16);
		memory_set(m, sk, w->sock[TPC_CASE_SOCK_V6_DADDR], n->daddr, 16);
	}
	return sk;
}

static uint64_t make_socket(struct bpf_memory *m, uint64_t sk)
{
	uint64_t socket = memory_claim(m, m->now->where.socket_sk + 8);

	memory_set(m, socket, m->now->where.socket_sk, &sk, sizeof(sk));
	return socket;
}

/* ---- packets ---- */
/* Numbers of headers that only extend that of IPv6. */
static bool is_extension(uint16_t protocol)
{
	return !protocol || protocol == 43 || protocol == 44 || protocol == 51 || protocol == 60;
}

static bool has_ports(uint16_t protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;
}

/* Where the IP header ends; 0: there is no such packet. */
static uint32_t write_ip(const struct net *n, uint8_t *ret)
{
	if (n->family == AF_INET) {
		ret[0] = 0x46; /* of 24 bytes: with an option */
		ret[9] = (uint8_t)n->protocol;
		memcpy(ret + 12, n->saddr, 4);
		memcpy(ret + 16, n->daddr, 4);
		return 24;
	}
	if (n->family != AF_INET6 || is_extension(n->protocol))
		return 0;
	ret[0] = 0x60;
	ret[6] = (uint8_t)n->protocol;
	memcpy(ret + 8, n->saddr, 16);
	memcpy(ret + 24, n->daddr, 16);
	return 40;
}

/* Ports are those of a protocol that has some, TCP where none is said. */
static uint64_t make_skb(struct bpf_memory *m, struct net *n, bool protocol_said)
{
	const struct tpc_case_where *w = &m->now->where;
	uint8_t bytes[HEADER_AT + HEADER_MAX] = { 0 }, *header = bytes + HEADER_AT;
	uint16_t ports[] = { htons(n->sport), htons(n->dport) };
	uint64_t skb, head;
	uint32_t end;

	if (!protocol_said)
		n->protocol = IPPROTO_TCP;
	end = n->protocol > UINT8_MAX ? 0 : write_ip(n, header);
	if (!end || ((n->sport || n->dport) && !has_ports(n->protocol)))
		return 0;
	memcpy(header + end, has_ports(n->protocol) ? (const void *)ports : "?!?!", sizeof(ports));
	head = memory_bytes(m, bytes, sizeof(bytes));
	skb = memory_claim(m, (w->skb_head > w->skb_network ? w->skb_head : w->skb_network) + 8);
	memory_set(m, skb, w->skb_head, &head, sizeof(head));
	put16(m, skb, w->skb_network, HEADER_AT);
	return skb;
}

uint64_t socket_object(struct bpf_memory *m, const struct pt_scene *s, uint32_t value)
{
	const struct ir_value *v = &s->p->values.items[value];
	const struct pt_datum *state = said(s, value, IR_FACET_STATE);
	struct net n;

	/* A packet has no state, and each case that says one is about another. */
	if (is_type(v, "skb") && state && !state->in.absent)
		return 0;
	if (!read_net(s, value, &n))
		return 0;
	if (is_type(v, "skb"))
		return make_skb(m, &n, said(s, value, IR_FACET_PROTOCOL) != NULL);
	return is_type(v, "socket") ? make_socket(m, make_sock(m, &n)) : make_sock(m, &n);
}

/* ---- addresses ---- */
uint32_t socket_address(const struct pt_scene *s, uint32_t value, char ret[128])
{
	struct sockaddr_in6 *ip6 = (struct sockaddr_in6 *)ret;
	struct sockaddr_in *ip4 = (struct sockaddr_in *)ret;
	struct net n;

	memset(ret, 0, 128);
	if (!read_net(s, value, &n))
		return 0;
	ip4->sin_family = n.family;
	if (!is_inet(n.family))
		return 128;
	ip4->sin_port = htons(n.sport);
	if (n.family == AF_INET)
		memcpy(&ip4->sin_addr, n.saddr, 4);
	else
		memcpy(&ip6->sin6_addr, n.saddr, 16);
	return n.family == AF_INET ? sizeof(*ip4) : sizeof(*ip6);
}

/* An empty path, and one that begins with a NUL, is an abstract name. Where it ends is told, or a NUL says it. */
uint32_t socket_path(const struct ir_input_value *in, bool told, char ret[128])
{
	struct sockaddr_un *un = (struct sockaddr_un *)ret;

	memset(ret, told ? '?' : 0, 128);
	un->sun_family = AF_UNIX;
	if (!in->len || in->len > sizeof(un->sun_path) || !in->bytes[0])
		return 0;
	memcpy(un->sun_path, in->bytes, in->len);
	return 128;
}
