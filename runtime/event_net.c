// SPDX-License-Identifier: Apache-2.0
/*
 * Sockets, packets and socket addresses in events. Members and names are those of cilium/tetragon,
 * api/v1/tetragon/tetragon.proto and pkg/reader/network; what is neither IPv4 nor IPv6 has no address here, where Tetragon
 * writes "invalid IP".
 */
#include <arpa/inet.h>
#include <sys/socket.h>

#include "event_net.h"
#include "text.h"

struct name {
	uint32_t number;
	const char *name;
};

/* include/linux/socket.h, by number */
static const char *const families[] = {
	"UNSPEC",  "UNIX",    "INET",	 "AX25",   "IPX",	 "APPLETALK", "NETROM",	  "BRIDGE",
	"ATMPVC",  "X25",     "INET6",	 "ROSE",   "DECnet",	 "NETBEUI",   "SECURITY", "KEY",
	"NETLINK", "PACKET",  "ASH",	 "ECONET", "ATMSVC",	 "RDS",	      "SNA",	  "IRDA",
	"PPPOX",   "WANPIPE", "LLC",	 "IB",	   "MPLS",	 "CAN",	      "TIPC",	  "BLUETOOTH",
	"IUCV",	   "RXRPC",   "ISDN",	 "PHONET", "IEEE802154", "CAIF",      "ALG",	  "NFC",
	"VSOCK",   "KCM",     "QIPCRTR", "SMC",	   "XDP",	 "MCTP",
};

/* include/uapi/linux/in.h */
static const struct name protocols[] = {
	{ 0, "IP" },	 { 1, "ICMP" },	   { 2, "IGMP" },      { 4, "IPIP" },	{ 6, "TCP" },
	{ 8, "EGP" },	 { 12, "PUP" },	   { 17, "UDP" },      { 22, "IDP" },	{ 29, "TP" },
	{ 33, "DCCP" },	 { 41, "IPV6" },   { 46, "RSVP" },     { 47, "GRE" },	{ 50, "ESP" },
	{ 51, "AH" },	 { 92, "MTP" },	   { 94, "BEETPH" },   { 98, "ENCAP" }, { 103, "PIM" },
	{ 108, "COMP" }, { 132, "SCTP" },  { 136, "UDPLITE" }, { 137, "MPLS" }, { 143, "ETHERNET" },
	{ 255, "RAW" },	 { 262, "MPTCP" },
};

/* include/linux/net.h */
static const struct name types[] = {
	{ 1, "STREAM" },    { 2, "DGRAM" }, { 3, "RAW" },     { 4, "RDM" },
	{ 5, "SEQPACKET" }, { 6, "DCCP" },  { 10, "PACKET" },
};

/* include/net/tcp_states.h */
static const struct name states[] = {
	{ 1, "ESTABLISHED" }, { 2, "SYN_SENT" },  { 3, "SYN_RECV" }, { 4, "FIN_WAIT1" },
	{ 5, "FIN_WAIT2" },   { 6, "TIME_WAIT" }, { 7, "CLOSE" },    { 8, "CLOSE_WAIT" },
	{ 9, "LAST_ACK" },    { 10, "LISTEN" },	  { 11, "CLOSING" }, { 12, "NEW_SYN_RECV" },
};

static const char *find(const struct name *names, size_t n, uint32_t number)
{
	for (size_t i = 0; i < n; i++)
		if (names[i].number == number)
			return names[i].name;
	return NULL;
}

#define FIND(names, number) find(names, RT_ARRAY_LEN(names), number)

static const char *family_name(uint32_t family)
{
	return family < RT_ARRAY_LEN(families) ? families[family] : NULL;
}

/* ---- JSON ---- */

/* "AF_INET"; a number without a name as its digits. */
static void set_name(json_t *o, const char *key, const char *prefix, const char *name, uint32_t number)
{
	char text[32];

	if (name)
		snprintf(text, sizeof(text), "%s%s", prefix, name);
	else
		snprintf(text, sizeof(text), "%u", number);
	json_object_set_new(o, key, json_string(text));
}

static void set_family(json_t *o, uint32_t family)
{
	set_name(o, "family", "AF_", family_name(family), family);
}

static void set_number(json_t *o, const char *key, uint32_t number)
{
	if (number)
		json_object_set_new(o, key, json_integer(number));
}

/* NULL: the family has none. */
static const char *address_text(const uint8_t *addr, uint32_t family, char text[INET6_ADDRSTRLEN])
{
	if (family != AF_INET && family != AF_INET6)
		return NULL;
	return inet_ntop((int)family, addr, text, INET6_ADDRSTRLEN);
}

static void set_address(json_t *o, const char *key, const uint8_t *addr, uint32_t family)
{
	char text[INET6_ADDRSTRLEN];
	const char *s = address_text(addr, family, text);

	if (s)
		json_object_set_new(o, key, json_string(s));
}

static json_t *sock_json(const struct tpc_arg_sock *s)
{
	json_t *o = json_object();
	char cookie[24];

	snprintf(cookie, sizeof(cookie), "%llu", (unsigned long long)s->cookie);
	set_family(o, s->family);
	set_name(o, "type", "SOCK_", FIND(types, s->type), s->type);
	set_name(o, "protocol", "IPPROTO_", FIND(protocols, s->protocol), s->protocol);
	set_number(o, "mark", s->mark);
	set_number(o, "priority", s->priority);
	set_address(o, "saddr", s->saddr, s->family);
	set_address(o, "daddr", s->daddr, s->family);
	set_number(o, "sport", s->sport);
	set_number(o, "dport", s->dport);
	json_object_set_new(o, "cookie", json_string(cookie));
	set_name(o, "state", "TCP_", FIND(states, s->state), s->state);
	return o;
}

static json_t *skb_json(const struct tpc_arg_skb *s)
{
	json_t *o = json_object();

	set_number(o, "hash", s->hash);
	set_number(o, "len", s->len);
	set_number(o, "priority", s->priority);
	set_number(o, "mark", s->mark);
	if (!s->family)
		return o;
	set_address(o, "saddr", s->saddr, s->family);
	set_address(o, "daddr", s->daddr, s->family);
	set_number(o, "sport", s->sport);
	set_number(o, "dport", s->dport);
	set_number(o, "proto", s->protocol);
	set_name(o, "protocol", "IPPROTO_", FIND(protocols, s->protocol), s->protocol);
	set_family(o, s->family);
	return o;
}

static json_t *address_json(const struct tpc_arg_sockaddr *s)
{
	json_t *o = json_object();

	set_family(o, s->family);
	set_address(o, "addr", s->addr, s->family);
	set_number(o, "port", s->port);
	return o;
}

/* "@name" of an abstract one, without the NULs that may be anywhere in it; nothing of another family. */
static void unix_path(struct rt_buf *out, const struct event_arg *a)
{
	if (a->local.is_abstract)
		rt_buf_str(out, "@");
	for (uint32_t i = 0; i < a->text.len; i++)
		if (a->text.s[i])
			rt_buf_add(out, a->text.s + i, 1);
}

static json_t *unix_json(const struct event_arg *a)
{
	struct rt_buf raw = { 0 }, b = { 0 };
	json_t *o = json_object();

	set_family(o, a->local.family);
	unix_path(&raw, a);
	if (raw.len && !raw.failed)
		text_utf8(&b, raw.s, raw.len);
	if (b.len && !b.failed)
		json_object_set_new(o, "path", json_stringn(b.s, b.len));
	rt_buf_free(&raw);
	rt_buf_free(&b);
	return o;
}

void event_net_json(json_t *o, const struct event_arg *a)
{
	switch (a->type) {
	case TPC_ARG_SOCK:
		json_object_set_new(o, "sock_arg", sock_json(&a->sock));
		break;
	case TPC_ARG_SKB:
		json_object_set_new(o, "skb_arg", skb_json(&a->skb));
		break;
	case TPC_ARG_SOCKADDR:
		json_object_set_new(o, "sockaddr_arg", address_json(&a->address));
		break;
	case TPC_ARG_SOCKADDR_UN:
		json_object_set_new(o, "sockaddrun_arg", unix_json(a));
		break;
	default:
		break;
	}
}

/* ---- for people ---- */

static void put_family(struct rt_buf *out, uint32_t family)
{
	if (family_name(family))
		rt_buf_fmt(out, "AF_%s", family_name(family));
	else
		rt_buf_fmt(out, "family %u", family);
}

/* "10.0.0.1:80", "[fd00::1]:80" */
static void put_end(struct rt_buf *out, const uint8_t *addr, uint32_t family, uint32_t port)
{
	char text[INET6_ADDRSTRLEN];
	const char *s = address_text(addr, family, text);

	if (s)
		rt_buf_fmt(out, family == AF_INET6 ? "[%s]:%u" : "%s:%u", s, port);
	else
		put_family(out, family);
}

static void put_ends(struct rt_buf *out, const uint8_t *saddr, const uint8_t *daddr, uint32_t family,
		     uint32_t sport, uint32_t dport)
{
	put_end(out, saddr, family, sport);
	if (family != AF_INET && family != AF_INET6)
		return;
	rt_buf_str(out, "->");
	put_end(out, daddr, family, dport);
}

static void put_protocol(struct rt_buf *out, uint32_t protocol)
{
	if (FIND(protocols, protocol))
		rt_buf_fmt(out, " %s", FIND(protocols, protocol));
	else
		rt_buf_fmt(out, " protocol %u", protocol);
}

static void put_unix(struct rt_buf *out, const struct event_arg *a)
{
	struct rt_buf raw = { 0 };

	unix_path(&raw, a);
	if (raw.len && !raw.failed)
		text_escape(out, raw.s, raw.len);
	else
		put_family(out, a->local.family);
	rt_buf_free(&raw);
}

void event_net_compact(struct rt_buf *out, const struct event_arg *a)
{
	const struct tpc_arg_sock *s = &a->sock;
	const struct tpc_arg_skb *p = &a->skb;

	switch (a->type) {
	case TPC_ARG_SOCK:
		put_ends(out, s->saddr, s->daddr, s->family, s->sport, s->dport);
		put_protocol(out, s->protocol);
		break;
	case TPC_ARG_SKB:
		if (!p->family) {
			rt_buf_str(out, "(no IP)");
			break;
		}
		put_ends(out, p->saddr, p->daddr, p->family, p->sport, p->dport);
		put_protocol(out, p->protocol);
		break;
	case TPC_ARG_SOCKADDR:
		put_end(out, a->address.addr, a->address.family, a->address.port);
		break;
	case TPC_ARG_SOCKADDR_UN:
		put_unix(out, a);
		break;
	default:
		break;
	}
}
