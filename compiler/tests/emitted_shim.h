// SPDX-License-Identifier: Apache-2.0
/*
 * Stands in for templates/bpf/ where generated tests of paths and texts run as an ordinary program: a dentry is its
 * name, and a walk gives away no more components than were asked for.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef int __s32;
typedef unsigned long long __u64;

#define __noinline
#define __unused __attribute__((unused))
#define hide_bounds(x) ((void)(x))
#define TPC_STRING_MAX 4096
#define DEPTH_MAX 64

/* Byte by byte: what is compared need not be aligned for the machine that runs this. */
static __u64 load(const void *p, int off, unsigned n)
{
	__u64 v = 0;

	memcpy(&v, (const char *)p + off, n);
	return v;
}
#define tpc_u64(p, off) load(p, off, 8)
#define tpc_u32(p, off) load(p, off, 4)
#define tpc_u16(p, off) load(p, off, 2)
#define tpc_u8(p, off) load(p, off, 1)

/* ---- searches: a slot, and templates/bpf/find.h ---- */
#define __always_inline inline
#define TPC_NAME_MAX 255
#define TPC_RECORD_MAX 16384
struct tpc_scratch {
	char data[TPC_RECORD_MAX];
};

static struct tpc_scratch *__unused slot_of(const char *s)
{
	static struct tpc_scratch slot;

	strcpy(slot.data, s); /* what the slot held before lies behind it */
	return &slot;
}

struct tpc_name {
	__u32 hash, len;
	const char *s;
};

struct tpc_names {
	__u64 depth; /* as far as was walked */
	const char *from_leaf[DEPTH_MAX];
};

struct tpc_walk {
	__u64 whole_depth;
	bool nowhere;
	struct tpc_names names;
};

static bool name_of(struct tpc_name *n, const char *s)
{
	n->len = strlen(s);
	n->s = s;
	return true;
}

static bool __unused tpc_name_bottom(struct tpc_name *n, struct tpc_names *names, __u32 i)
{
	if (i >= TPC_PATH_BOTTOM)
		abort();
	return names->depth > i && name_of(n, names->from_leaf[i]);
}

static bool __unused tpc_name_top(struct tpc_name *n, struct tpc_names *names, __u32 i)
{
	if (i > TPC_PATH_TOP)
		abort();
	return names->depth >= i && name_of(n, names->from_leaf[names->depth - i]);
}

static bool __unused tpc_walk_some(struct tpc_walk *w, __u64 n)
{
	__u64 to = n < w->whole_depth ? n : w->whole_depth;

	if (w->names.depth < to)
		w->names.depth = to;
	return true; /* that it is nowhere may only turn out at the top */
}

static bool __unused tpc_walk_whole(struct tpc_walk *w)
{
	w->names.depth = w->whole_depth;
	return !w->nowhere;
}

/* An unaligned or short buffer would show under a sanitizer: exactly the bytes asked for are copied. */
#define tpc_name_bytes(b, from, len) (memcpy(b, from, len), true)

static struct tpc_walk walk_of(char *path, bool nowhere)
{
	struct tpc_walk w = { .nowhere = nowhere };
	char *slash;

	while ((slash = strrchr(path, '/'))) {
		if (slash[1])
			w.names.from_leaf[w.whole_depth++] = slash + 1;
		*slash = '\0';
	}
	return w;
}
