/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Arguments of type sockaddr and sockaddr_un: addresses that a call is handed, in kernel or user memory. Their layout is
 * user space's, the same everywhere. What lies behind one that is too short for its family is read with it, as Tetragon does;
 * but a path ends where its address does, if the hook says where that is: a NUL need not be there.
 */
#ifndef TPC_BPF_ARG_SOCKADDR_H
#define TPC_BPF_ARG_SOCKADDR_H

#include <tpc/bpf/inet.h>

struct tpc_sockaddr {
	__u8 addr[16] __attribute__((aligned(8)));
	__u16 family, port; /* port 0 of what is neither IPv4 nor IPv6 */
	__u16 there;
	__u16 whole; /* address and port have been read too */
};

/* @direct: only of an argument that is never in user memory. */
static __always_inline bool tpc_sockaddr_family_of(const bool direct, __u64 p, __u16 *ret)
{
	*ret = 0;
	if (!tpc_leads(direct, p))
		return false;
	if (!direct)
		return !tpc_copy(ret, sizeof(*ret), p, p);
	*ret = ((struct sockaddr *)p)->sa_family;
	return true;
}

/* Address and port, as they lie in sockaddr_in and sockaddr_in6 (include/uapi/linux/in.h, in6.h). */
static __always_inline void tpc_sockaddr_inet(struct tpc_sockaddr *a, __u64 p)
{
	__u8 raw[32] __attribute__((aligned(8))) = { 0 };

	if (a->family == TPC_AF_INET) {
		a->there = !tpc_copy(raw + 2, 6, p, p + 2);
		__builtin_memcpy(a->addr, raw + 4, 4);
	} else if (a->family == TPC_AF_INET6) {
		a->there = !tpc_copy(raw + 2, 22, p, p + 2);
		__builtin_memcpy(a->addr, raw + 8, 16);
	}
	a->port = __builtin_bswap16(tpc_u16(raw, 2));
}

static __always_inline void tpc_sockaddr_open(struct tpc_sockaddr *a, const bool direct, __u64 p,
					      const bool whole)
{
	*a = (struct tpc_sockaddr){ .whole = whole };
	a->there = tpc_sockaddr_family_of(direct, p, &a->family);
	if (whole && a->there)
		tpc_sockaddr_inet(a, p);
}

static __always_inline bool tpc_sockaddr_family(const struct tpc_sockaddr *a, const bool direct __unused,
						__u64 *ret)
{
	*ret = a->family;
	return a->there;
}

static __always_inline bool tpc_sockaddr_sport(const struct tpc_sockaddr *a, const bool direct __unused,
					       __u64 *ret)
{
	*ret = a->port;
	return a->there;
}

static __always_inline void tpc_sockaddr_saddr(const struct tpc_sockaddr *a, const bool direct __unused,
					       struct tpc_addr *ret)
{
	tpc_addr_none(ret);
	if (a->there && a->family == TPC_AF_INET)
		tpc_addr_ip4(ret, tpc_u32(a->addr, 0));
	else if (a->there && a->family == TPC_AF_INET6)
		tpc_addr_ip6(ret, tpc_u64(a->addr, 0), tpc_u64(a->addr, 8));
}

/* @seen: what a test has read, whole or not, so that an event shows what was judged. */
static __always_inline void tpc_put_sockaddr(struct tpc_scratch *s, __u64 p, struct tpc_sockaddr *seen)
{
	struct tpc_arg_sockaddr *a;
	__u64 off;

	if (!seen->whole)
		tpc_sockaddr_open(seen, false, p, true);
	if (!seen->there) {
		tpc_put_none(s);
		return;
	}
	if (!tpc_room(s, off, TPC_SOCKADDR_ROOM))
		return;
	a = (void *)(s->data + off + sizeof(struct tpc_arg));
	*a = (struct tpc_arg_sockaddr){ .family = seen->family, .port = seen->port };
	__builtin_memcpy(a->addr, seen->addr, sizeof(a->addr));
	*(struct tpc_arg *)(s->data + off) = (struct tpc_arg){ .type = TPC_ARG_SOCKADDR, .len = sizeof(*a) };
	s->len = off + sizeof(struct tpc_arg) + sizeof(*a);
}

/* ---- sockaddr_un ---- */

#define TPC_UNIX_PATH 2 /* where the path begins: include/uapi/linux/un.h */

static __always_inline bool tpc_unix_family(const bool direct, __u64 p, __u64 *ret)
{
	__u16 family;
	bool there = tpc_sockaddr_family_of(direct, p, &family);

	*ret = family;
	return there;
}

static __always_inline bool tpc_unix_is_abstract(__u64 p)
{
	char first = 1;

	tpc_copy(&first, 1, p, p + TPC_UNIX_PATH);
	return !first;
}

#define TPC_UNIX_SIZE (TPC_UNIX_PATH + TPC_UNIX_MAX) /* of an address whose length is not known */

/*
 * The path without its terminator into @dst, of @size bytes; the address has @len. Of an abstract name all bytes
 * behind its NUL, as Tetragon reads it. Negative: it is an address of another family, has no path, or could not be read.
 */
#define tpc_read_unix(dst, size, direct, p, len)                                                             \
	({                                                                                                   \
		__u64 __at = (p), __family;                                                                  \
		__s32 __len = TPC_FAULT;                                                                     \
		if ((len) > TPC_UNIX_PATH && tpc_unix_family(direct, __at, &__family) &&                     \
		    __family == TPC_AF_UNIX)                                                                 \
			__len = tpc_unix_is_abstract(__at) ? tpc_read_abstract(dst, size, __at) :            \
							     tpc_read_path(dst, size, __at, len);            \
		__len;                                                                                       \
	})

#define tpc_read_abstract(dst, size, p)                                                                      \
	tpc_read_bytes(dst, (size) > TPC_UNIX_MAX - 1 ? TPC_UNIX_MAX - 1 : (size), (p) + TPC_UNIX_PATH + 1,  \
		       TPC_UNIX_MAX - 1)

/* With room for a terminator, which the address itself need not have. */
#define tpc_read_path(dst, size, p, len)                                                                     \
	({                                                                                                   \
		__u64 __room = (__u64)(len) - TPC_UNIX_PATH + 1;                                             \
		hide_bounds(__room);                                                                         \
		if (__room > TPC_UNIX_MAX + 1)                                                               \
			__room = TPC_UNIX_MAX + 1;                                                           \
		if (__room > (size))                                                                         \
			__room = (size);                                                                     \
		tpc_read_string(dst, __room, (p) + TPC_UNIX_PATH);                                           \
	})

static __always_inline void tpc_put_unix(struct tpc_scratch *s, __u64 p, __s32 len,
					 const struct tpc_seen *seen)
{
	struct tpc_arg_sockaddr_un *a;
	__u64 off, family;
	__s32 n;

	if (!tpc_unix_family(false, p, &family)) {
		tpc_put_none(s);
		return;
	}
	if (!tpc_room(s, off, TPC_SOCKADDR_UN_ROOM))
		return;
	a = (void *)(s->data + off + sizeof(struct tpc_arg));
	*a = (struct tpc_arg_sockaddr_un){ .family = family };
	n = tpc_read_unix((char *)(a + 1), TPC_UNIX_MAX + 1, false, p, len);
	n = tpc_put_seen((char *)(a + 1), n, seen, 1, TPC_UNIX_MAX);
	if (n < 0) {
		n = 0;
	} else {
		a->family = TPC_AF_UNIX;
		a->is_abstract = tpc_unix_is_abstract(p);
	}
	a->path_len = n;
	*(struct tpc_arg *)(s->data + off) = (struct tpc_arg){
		.type = TPC_ARG_SOCKADDR_UN,
		.len = sizeof(*a) + n,
	};
	s->len = off + sizeof(struct tpc_arg) + sizeof(*a) + ((n + 7) & ~7u);
}

#endif
