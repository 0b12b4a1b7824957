/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Search inside a text in a scratch slot: bodies of the functions that the generated code has for each test. */
#ifndef TPC_BPF_FIND_H
#define TPC_BPF_FIND_H

#include <tpc/bpf/event.h>
#include <tpc/bpf/path.h>

#define TPC_FIND_STEP                                                                                        \
	64 /* places that one call tries; all of them times as many calls is what a text may have */

/* At each place a text of the policy, which may be as long, can be compared with what lies there. */
_Static_assert(TPC_RECORD_MAX >= 2 * TPC_STRING_MAX + TPC_NAME_MAX, "a slot is too small for a search");
_Static_assert(TPC_FIND_STEP *TPC_FIND_STEP >= TPC_STRING_MAX, "a text has more places than are tried");

/* ASCII letters in lower case, all eight bytes at once: bit 7 of a sum tells that a byte is at least that letter. */
static __always_inline __u64 tpc_lower(__u64 x)
{
	__u64 low = x & 0x7f7f7f7f7f7f7f7fULL;
	__u64 from_a = low + 0x3f3f3f3f3f3f3f3fULL;   /* 0x80 - 'A' */
	__u64 behind_z = low + 0x2525252525252525ULL; /* 0x80 - 'Z' - 1 */

	return x | ((from_a & ~behind_z & ~x & 0x8080808080808080ULL) >> 2);
}

/* 1: @at(text, bytes left) holds at one of the places from @from on, before @end. */
#define TPC_FIND_STEPS(t, from, end, at)                                                                     \
	if (!t)                                                                                              \
		return 0;                                                                                    \
	for (__u64 i = 0; i < TPC_FIND_STEP; i++) {                                                          \
		__u64 place = from + i;                                                                      \
                                                                                                             \
		hide_bounds(place);                                                                          \
		if (place >= end || place > TPC_STRING_MAX)                                                  \
			return 0;                                                                            \
		if (at(t->data + place, end - place))                                                        \
			return 1;                                                                            \
	}                                                                                                    \
	return 0;

#define TPC_FIND(t, from, end, step)                                                                         \
	if (!t)                                                                                              \
		return 0;                                                                                    \
	for (__u32 i = 0; i < TPC_FIND_STEP; i++) {                                                          \
		__u32 place = from + i * TPC_FIND_STEP;                                                      \
                                                                                                             \
		if (place >= end)                                                                            \
			return 0;                                                                            \
		if (step(t, place, end))                                                                     \
			return 1;                                                                            \
	}                                                                                                    \
	return 0;

/* ---- a path as text: put together from its leaf, so that it ends at TPC_PATH_MAX and begins at slot->len ---- */

/* Out of line: what clang makes of it inside the loop below, Linux 6.1 takes for a loop that it cannot follow. */
static __noinline int tpc_text_component(struct tpc_climb *c, struct tpc_scratch *s)
{
	struct tpc_name n;
	struct dentry *d;
	__u64 at = s->len;
	__u32 len;

	if (!tpc_climb_step(c, false, &d))
		return c->state != TPC_WALK_ON;
	if (!tpc_name_of(&n, d))
		return 1;
	len = n.len;
	hide_bounds(len);
	if (len > TPC_NAME_MAX)
		return 1;
	at -= len + 1;
	hide_bounds(at);
	if (at >= TPC_PATH_MAX) /* there is no more room, nor would it be a path that anybody can name */
		return 1;
	s->data[at] = '/';
	if (bpf_probe_read_kernel(s->data + at + 1, len, n.s))
		return 1;
	s->len = at;
	return 0;
}

struct tpc_text_out {
	struct tpc_climb c;
	struct tpc_scratch *s;
};

static long tpc_text_step(__u32 i __unused, struct tpc_text_out *o)
{
	return tpc_text_component(&o->c, o->s);
}

/* Without bpf_loop: as tpc_walk_unrolled(). */
__noinline int tpc_text_unrolled(struct tpc_climb *c, struct tpc_scratch *s)
{
	if (!c || !s || tpc_has_helper(BPF_FUNC_loop))
		return 0;
	for (__u32 i = 0; i < TPC_PATH_STEPS_UNROLLED; i++)
		if (tpc_text_component(c, s))
			break;
	return 0;
}

/*
 * The whole path of a walk that has only begun, in a slot that the caller releases. NULL: it is nowhere, or no slot is
 * free. @inside: the path inside its file system.
 */
static __noinline struct tpc_scratch *tpc_walk_text(const struct tpc_walk *w, const bool inside)
{
	struct tpc_text_out o;

	if (w->c.state == TPC_WALK_NOWHERE)
		return NULL;
	if (inside)
		tpc_climb_begin_inside(&o.c, false, w->c.dentry);
	else
		tpc_climb_begin(&o.c, false, w->c.mnt, w->c.dentry);
	o.s = tpc_scratch_claim();
	if (!o.s)
		return NULL;
	o.s->len = TPC_PATH_MAX;
	if (tpc_has_helper(BPF_FUNC_loop))
		bpf_loop(TPC_PATH_STEPS, tpc_text_step, &o, 0);
	else
		tpc_text_unrolled(&o.c, o.s);
	if (o.c.state == TPC_WALK_NOWHERE) {
		tpc_scratch_release(o.s);
		return NULL;
	}
	if (o.s->len == TPC_PATH_MAX) { /* the root */
		o.s->data[TPC_PATH_MAX - 1] = '/';
		o.s->len--;
	}
	return o.s;
}

/* @find as TPC_FIND makes them. */
#define TPC_FIND_IN_PATH(w, inside, find)                                                                    \
	struct tpc_scratch *t = tpc_walk_text(w, inside);                                                    \
	bool found;                                                                                          \
                                                                                                             \
	if (!t)                                                                                              \
		return false;                                                                                \
	found = find(t, t->len, TPC_PATH_MAX);                                                               \
	tpc_scratch_release(t);                                                                              \
	return found;

#endif
