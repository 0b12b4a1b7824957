// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "kernel/names.h"

#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include <linux/capability.h>

#include "base/suggest.h"

struct name {
	const char *name;
	uint32_t value;
};

#define CAP(id) { #id, id }

static const struct name caps[] = {
	CAP(CAP_CHOWN),
	CAP(CAP_DAC_OVERRIDE),
	CAP(CAP_DAC_READ_SEARCH),
	CAP(CAP_FOWNER),
	CAP(CAP_FSETID),
	CAP(CAP_KILL),
	CAP(CAP_SETGID),
	CAP(CAP_SETUID),
	CAP(CAP_SETPCAP),
	CAP(CAP_LINUX_IMMUTABLE),
	CAP(CAP_NET_BIND_SERVICE),
	CAP(CAP_NET_BROADCAST),
	CAP(CAP_NET_ADMIN),
	CAP(CAP_NET_RAW),
	CAP(CAP_IPC_LOCK),
	CAP(CAP_IPC_OWNER),
	CAP(CAP_SYS_MODULE),
	CAP(CAP_SYS_RAWIO),
	CAP(CAP_SYS_CHROOT),
	CAP(CAP_SYS_PTRACE),
	CAP(CAP_SYS_PACCT),
	CAP(CAP_SYS_ADMIN),
	CAP(CAP_SYS_BOOT),
	CAP(CAP_SYS_NICE),
	CAP(CAP_SYS_RESOURCE),
	CAP(CAP_SYS_TIME),
	CAP(CAP_SYS_TTY_CONFIG),
	CAP(CAP_MKNOD),
	CAP(CAP_LEASE),
	CAP(CAP_AUDIT_WRITE),
	CAP(CAP_AUDIT_CONTROL),
	CAP(CAP_SETFCAP),
	CAP(CAP_MAC_OVERRIDE),
	CAP(CAP_MAC_ADMIN),
	CAP(CAP_SYSLOG),
	CAP(CAP_WAKE_ALARM),
	CAP(CAP_BLOCK_SUSPEND),
	CAP(CAP_AUDIT_READ),
	CAP(CAP_PERFMON),
	CAP(CAP_BPF),
	CAP(CAP_CHECKPOINT_RESTORE),
};

/* Numbers of the kernel's include/linux/socket.h: headers of older C libraries lack the last ones. */
static const struct name families[] = {
	{ "AF_UNSPEC", 0 },	 { "AF_UNIX", 1 },	{ "AF_INET", 2 },      { "AF_AX25", 3 },
	{ "AF_IPX", 4 },	 { "AF_APPLETALK", 5 }, { "AF_NETROM", 6 },    { "AF_BRIDGE", 7 },
	{ "AF_ATMPVC", 8 },	 { "AF_X25", 9 },	{ "AF_INET6", 10 },    { "AF_ROSE", 11 },
	{ "AF_DECnet", 12 },	 { "AF_NETBEUI", 13 },	{ "AF_SECURITY", 14 }, { "AF_KEY", 15 },
	{ "AF_NETLINK", 16 },	 { "AF_PACKET", 17 },	{ "AF_ASH", 18 },      { "AF_ECONET", 19 },
	{ "AF_ATMSVC", 20 },	 { "AF_RDS", 21 },	{ "AF_SNA", 22 },      { "AF_IRDA", 23 },
	{ "AF_PPPOX", 24 },	 { "AF_WANPIPE", 25 },	{ "AF_LLC", 26 },      { "AF_IB", 27 },
	{ "AF_MPLS", 28 },	 { "AF_CAN", 29 },	{ "AF_TIPC", 30 },     { "AF_BLUETOOTH", 31 },
	{ "AF_IUCV", 32 },	 { "AF_RXRPC", 33 },	{ "AF_ISDN", 34 },     { "AF_PHONET", 35 },
	{ "AF_IEEE802154", 36 }, { "AF_CAIF", 37 },	{ "AF_ALG", 38 },      { "AF_NFC", 39 },
	{ "AF_VSOCK", 40 },	 { "AF_KCM", 41 },	{ "AF_QIPCRTR", 42 },  { "AF_SMC", 43 },
	{ "AF_XDP", 44 },	 { "AF_MCTP", 45 },	{ "AF_LOCAL", 1 },     { "AF_ROUTE", 16 },
};

static const struct name protocols[] = {
	{ "IPPROTO_IP", 0 },	    { "IPPROTO_ICMP", 1 },    { "IPPROTO_IGMP", 2 },
	{ "IPPROTO_IPIP", 4 },	    { "IPPROTO_TCP", 6 },     { "IPPROTO_EGP", 8 },
	{ "IPPROTO_PUP", 12 },	    { "IPPROTO_UDP", 17 },    { "IPPROTO_IDP", 22 },
	{ "IPPROTO_TP", 29 },	    { "IPPROTO_DCCP", 33 },   { "IPPROTO_IPV6", 41 },
	{ "IPPROTO_RSVP", 46 },	    { "IPPROTO_GRE", 47 },    { "IPPROTO_ESP", 50 },
	{ "IPPROTO_AH", 51 },	    { "IPPROTO_ICMPV6", 58 }, { "IPPROTO_MTP", 92 },
	{ "IPPROTO_BEETPH", 94 },   { "IPPROTO_ENCAP", 98 },  { "IPPROTO_PIM", 103 },
	{ "IPPROTO_COMP", 108 },    { "IPPROTO_L2TP", 115 },  { "IPPROTO_SCTP", 132 },
	{ "IPPROTO_UDPLITE", 136 }, { "IPPROTO_MPLS", 137 },  { "IPPROTO_ETHERNET", 143 },
	{ "IPPROTO_RAW", 255 },	    { "IPPROTO_SMC", 256 },   { "IPPROTO_MPTCP", 262 },
};

static const struct name tcp_states[] = {
	{ "TCP_ESTABLISHED", 1 }, { "TCP_SYN_SENT", 2 },  { "TCP_SYN_RECV", 3 }, { "TCP_FIN_WAIT1", 4 },
	{ "TCP_FIN_WAIT2", 5 },	  { "TCP_TIME_WAIT", 6 }, { "TCP_CLOSE", 7 },	 { "TCP_CLOSE_WAIT", 8 },
	{ "TCP_LAST_ACK", 9 },	  { "TCP_LISTEN", 10 },	  { "TCP_CLOSING", 11 }, { "TCP_NEW_SYN_RECV", 12 },
};

static const struct name file_types[] = {
	{ "sock", S_IFSOCK }, { "socket", S_IFSOCK }, { "lnk", S_IFLNK },  { "link", S_IFLNK },
	{ "reg", S_IFREG },   { "regular", S_IFREG }, { "blk", S_IFBLK },  { "block", S_IFBLK },
	{ "dir", S_IFDIR },   { "chr", S_IFCHR },     { "char", S_IFCHR }, { "fifo", S_IFIFO },
	{ "pipe", S_IFIFO },
};

/* Numbers: namespaceType… in cilium/tetragon pkg/selectors/kernel.go. */
static const struct name namespaces[] = {
	{ "Uts", 0 },
	{ "Ipc", 1 },
	{ "Mnt", 2 },
	{ "Pid", 3 },
	{ "PidForChildren", 4 },
	{ "Net", 5 },
	{ "Time", 6 },
	{ "TimeForChildren", 7 },
	{ "Cgroup", 8 },
	{ "User", 9 },
};

static const struct set {
	const char *noun;
	const struct name *names;
	uint32_t n;
	bool loose; /* any case, blanks around it */
} sets[KERNEL_NAMES_MAX] = {
#define SET(noun, list, loose) { noun, list, sizeof(list) / sizeof((list)[0]), loose }
	[KERNEL_CAPS] = SET("capability", caps, true),
	[KERNEL_FAMILIES] = SET("address family", families, false),
	[KERNEL_PROTOCOLS] = SET("protocol", protocols, false),
	[KERNEL_TCP_STATES] = SET("TCP state", tcp_states, false),
	[KERNEL_FILE_TYPES] = SET("file type", file_types, false),
	[KERNEL_NAMESPACES] = SET("namespace", namespaces, false),
#undef SET
};

static bool is_name(const struct set *set, const char *name, const char *s, uint32_t len)
{
	uint32_t nlen = (uint32_t)strlen(name);

	if (set->loose)
		return tpc_same_but_case(name, nlen, s, len);
	return tpc_text_is(s, len, name);
}

bool kernel_name_value(enum kernel_names set, const char *s, uint32_t len, uint32_t *ret,
		       const char **ret_near)
{
	const struct set *in = &sets[set];
	struct tpc_suggest near;

	if (in->loose)
		tpc_trim(&s, &len);
	for (uint32_t i = 0; i < in->n; i++) {
		if (is_name(in, in->names[i].name, s, len)) {
			*ret = in->names[i].value;
			return true;
		}
	}
	if (!ret_near)
		return false;
	near = TPC_SUGGEST(s, len);
	for (uint32_t i = 0; i < in->n; i++)
		tpc_suggest_try(&near, in->names[i].name);
	*ret_near = near.best;
	return false;
}

const char *kernel_value_name(enum kernel_names set, uint32_t value)
{
	const struct set *in = &sets[set];

	for (uint32_t i = 0; i < in->n; i++) {
		if (in->names[i].value == value)
			return in->names[i].name;
	}
	return NULL;
}

const char *kernel_names_noun(enum kernel_names set)
{
	return sets[set].noun;
}
