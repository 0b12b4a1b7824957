/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A path as text in a slot: put together from its leaf, so that it ends at TPC_PATH_MAX and begins at slot->len. */
#ifndef TPC_BPF_PATH_TEXT_H
#define TPC_BPF_PATH_TEXT_H

#include <tpc/bpf/event.h>
#include <tpc/bpf/path.h>

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
