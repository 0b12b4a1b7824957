/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Paths as the current process's root sees them, walked from the leaf upward. No string is built: a test
 * asks for names of components near the leaf or near the root, an event writes the names out leaf first.
 *
 * Before it is included the generated code defines
 *   TPC_PATH_TOP     how many components next to the root tests look at (a power of two)
 *   TPC_PATH_BOTTOM  how many components next to the leaf tests look at (at least 1)
 *
 * Semantics follow fs/d_path.c prepend_path(): stop at the process's root, go on at the mount point when the
 * root of a mount is reached, end at the root of the mount tree for what lies outside the process's root.
 */
#ifndef TPC_BPF_PATH_H
#define TPC_BPF_PATH_H

#include <tpc/bpf/kernel.h>

#define TPC_PATH_STEPS 2048	    /* a component takes at least two bytes of PATH_MAX */
#define TPC_PATH_STEPS_UNROLLED 128 /* where the kernel has no bpf_loop */

/*
 * A value whose number the verifier must not know: tpc_zero is always 0, and a load from a map is anything.
 * - Before Linux 6.7 it judged a bpf_loop callback as if it ran exactly once (mended by ab5cfac139ab) and took
 *   what the first step leaves for final: counters that a callback advances start unknown.
 * - Before Linux 6.8 it did not see that a constant on the stack mattered when it was read through another
 *   register than r10 (mended by 41f6f64e6999), and took different states for the same one: what one function
 *   stores in a struct and another decides on is stored unknown.
 * Both would make it drop code that can be reached, without a word. After 6.8 this only keeps loops from
 * being followed number by number.
 */
volatile __u64 tpc_zero SEC(".data.tpc");
#define tpc_unknown(x) ((x) + tpc_zero)

enum tpc_walk_state {
	TPC_WALK_ON = 0,  /* more components above */
	TPC_WALK_ROOT,	  /* the root is reached: depth is final */
	TPC_WALK_NOWHERE, /* not in a tree: pipe, socket, memfd; or nothing there at all */
};

/* A way upward. */
struct tpc_climb {
	struct dentry *dentry;	    /* next one to look at */
	struct dentry *mount_root;  /* where its mount ends */
	struct vfsmount *mnt;	    /* its mount */
	struct dentry *root_dentry; /* the process's root */
	struct vfsmount *root_mnt;
	__u64 direct; /* dentry, mount_root and mnt are typed pointers: see tpc_read(); a word of its own, because
		       * the verifier loses a constant that is stored together with something else */
	__u64 state; /* enum tpc_walk_state */
};

/*
 * The components that tests look at, as addresses of dentries. Only numbers: so the tests can be global
 * functions, which the verifier judges once each, and not once for every way that leads to them.
 */
struct tpc_names {
	__u64 depth; /* components seen */
	__u64 bottom[TPC_PATH_BOTTOM];
	__u64 top[TPC_PATH_TOP]; /* ring: component number d (leaf is 0) is at d % TPC_PATH_TOP */
};

struct tpc_walk {
	struct tpc_climb c;
	__u64 goal; /* stop when names.depth has reached this */
	struct tpc_names names;
};

struct tpc_name {
	__u32 hash, len;
	const char *s; /* kernel memory */
};

/* The verifier does not know the state, so it sees a climb go on from here: by helper reads, from NULL. */
static __always_inline void tpc_climb_nowhere(struct tpc_climb *c)
{
	*c = (struct tpc_climb){ 0 };
	c->state = tpc_unknown(TPC_WALK_NOWHERE);
}

/* Begins at the file tree's place (mnt, dentry). With NULL pointers it is nowhere. */
static __always_inline void tpc_climb_begin(struct tpc_climb *c, bool direct, struct vfsmount *mnt,
					    struct dentry *dentry)
{
	struct fs_struct *fs = bpf_get_current_task_btf()->fs;

	if (!dentry || !mnt || !fs) {
		tpc_climb_nowhere(c);
		return;
	}
	c->state = tpc_unknown(TPC_WALK_ON);
	c->direct = direct;
	c->dentry = dentry;
	c->mnt = mnt;
	c->mount_root = tpc_read(direct, mnt, mnt_root);
	c->root_dentry = fs->root.dentry;
	c->root_mnt = fs->root.mnt;
}

/*
 * Begins inside a file system alone, whatever is mounted where: its root ends the way. What has another top, such as
 * a pipe, is nowhere.
 */
static __always_inline void tpc_climb_begin_inside(struct tpc_climb *c, bool direct, struct dentry *dentry)
{
	struct super_block *sb = dentry ? tpc_read(direct, dentry, d_sb) : NULL;

	if (!sb) {
		tpc_climb_nowhere(c);
		return;
	}
	c->state = tpc_unknown(TPC_WALK_ON);
	c->direct = direct;
	c->dentry = dentry;
	c->mnt = c->root_mnt = NULL;
	c->mount_root = NULL;
	c->root_dentry = tpc_read(direct, sb, s_root);
}

/* The root of a mount: go on where it is mounted. From here on nothing is typed: struct mount is not reachable so. */
static __always_inline void tpc_climb_cross(struct tpc_climb *c)
{
	struct mount *m = (void *)c->mnt - tpc_field_offset(struct mount, mnt);
	struct mount *parent = tpc_read(false, m, mnt_parent);

	if (!parent || parent == m) {
		c->state = tpc_unknown(TPC_WALK_ROOT);
		return;
	}
	c->dentry = tpc_read(false, m, mnt_mountpoint);
	c->mnt = (void *)parent + tpc_field_offset(struct mount, mnt);
	c->mount_root = tpc_read(false, c->mnt, mnt_root);
}

/*
 * One step: true, and @ret is the component that was passed; false: none was, either the climb has ended
 * (c->state) or it has left a mount (@direct: it stands at a mount's root and cannot leave it).
 */
static __always_inline bool tpc_climb_step(struct tpc_climb *c, bool direct, struct dentry **ret)
{
	struct dentry *d = c->dentry, *parent;

	if (d == c->root_dentry && c->mnt == c->root_mnt) {
		c->state = tpc_unknown(TPC_WALK_ROOT);
		return false;
	}
	if (d == c->mount_root) {
		if (!direct)
			tpc_climb_cross(c);
		return false;
	}
	parent = tpc_read(direct, d, d_parent);
	if (!parent || parent == d) { /* the top of something that is mounted nowhere */
		c->state = tpc_unknown(TPC_WALK_NOWHERE);
		return false;
	}
	c->dentry = parent;
	*ret = d;
	return true;
}

static __always_inline void tpc_walk_nowhere(struct tpc_walk *w)
{
	w->names = (struct tpc_names){ 0 };
	tpc_climb_nowhere(&w->c);
}

static __always_inline void tpc_walk_begin(struct tpc_walk *w, bool direct, struct vfsmount *mnt,
					   struct dentry *dentry)
{
	w->names = (struct tpc_names){ .depth = tpc_unknown(0) };
	tpc_climb_begin(&w->c, direct, mnt, dentry);
}

/*
 * Remembers a component. Next to the root is what was seen last: one or two are kept in order, more in a ring,
 * which costs less than to move them.
 */
static __always_inline void tpc_walk_push(struct tpc_walk *w, struct dentry *d)
{
	__u64 n = w->names.depth;

	if (n < TPC_PATH_BOTTOM)
		w->names.bottom[n] = (__u64)d;
#if TPC_PATH_TOP > 2
	w->names.top[n & (TPC_PATH_TOP - 1)] = (__u64)d;
#else
#if TPC_PATH_TOP == 2
	w->names.top[1] = w->names.top[0];
#endif
	w->names.top[0] = (__u64)d;
#endif
	w->names.depth = tpc_unknown(n + 1);
}

/* Steps of bpf_loop; 1: stop. Inside one mount by plain loads where the pointers are typed, and by helper reads. */
static long tpc_walk_step_direct(__u32 i __unused, struct tpc_walk *w)
{
	struct dentry *d;

	if (!tpc_climb_step(&w->c, true, &d))
		return 1;
	tpc_walk_push(w, d);
	return w->names.depth >= w->goal;
}

static long tpc_walk_step(__u32 i __unused, struct tpc_walk *w)
{
	struct dentry *d;

	if (!tpc_climb_step(&w->c, false, &d))
		return w->c.state != TPC_WALK_ON;
	tpc_walk_push(w, d);
	return w->names.depth >= w->goal;
}

/* The same to the root, without a goal to look at. */
static long tpc_walk_up_direct(__u32 i __unused, struct tpc_walk *w)
{
	struct dentry *d;

	if (!tpc_climb_step(&w->c, true, &d))
		return 1;
	tpc_walk_push(w, d);
	return 0;
}

static long tpc_walk_up(__u32 i __unused, struct tpc_walk *w)
{
	struct dentry *d;

	if (!tpc_climb_step(&w->c, false, &d))
		return w->c.state != TPC_WALK_ON;
	tpc_walk_push(w, d);
	return 0;
}

/*
 * For kernels without bpf_loop, before 5.17. The verifier follows every step of a plain loop, and everything behind
 * each of its ends: in a global function, whose memory it knows nothing of, that is the end of the function.
 * What is deeper than TPC_PATH_STEPS_UNROLLED is nowhere.
 */
__noinline int tpc_walk_unrolled(struct tpc_walk *w)
{
	if (!w || tpc_has_helper(BPF_FUNC_loop))
		return 0;
	for (__u32 i = 0; i < TPC_PATH_STEPS_UNROLLED; i++)
		if (tpc_walk_step(i, w))
			break;
	return 0;
}

/* Goes on until @goal components are seen or the walk has ended. */
static __noinline void tpc_walk_to(struct tpc_walk *w, __u64 goal)
{
	w->goal = goal;
	if (!tpc_has_helper(BPF_FUNC_loop)) {
		w->c.direct = false;
		tpc_walk_unrolled(w);
	} else {
		if (w->c.direct) {
			bpf_loop(TPC_PATH_STEPS, tpc_walk_step_direct, w, 0);
			if (w->c.state != TPC_WALK_ON || w->names.depth >= goal)
				return;
			w->c.direct = false;
		}
		bpf_loop(TPC_PATH_STEPS, tpc_walk_step, w, 0);
	}
	if (w->c.state == TPC_WALK_ON && w->names.depth < goal)
		w->c.state = tpc_unknown(TPC_WALK_NOWHERE);
}

#define TPC_WALK_ALL (TPC_PATH_STEPS + 1)

/* Goes on until the walk has ended. */
static __always_inline void tpc_walk_to_root(struct tpc_walk *w)
{
	if (!tpc_has_helper(BPF_FUNC_loop)) {
		tpc_walk_to(w, TPC_WALK_ALL);
		return;
	}
	if (w->c.direct) {
		bpf_loop(TPC_PATH_STEPS, tpc_walk_up_direct, w, 0);
		if (w->c.state != TPC_WALK_ON)
			return;
		w->c.direct = false;
	}
	bpf_loop(TPC_PATH_STEPS, tpc_walk_up, w, 0);
	if (w->c.state == TPC_WALK_ON)
		w->c.state = tpc_unknown(TPC_WALK_NOWHERE);
}

/* At least the lowest @n components are there, as far as there are so many. false: it is nowhere. */
static __always_inline bool tpc_walk_some(struct tpc_walk *w, __u64 n)
{
	if (w->c.state == TPC_WALK_ON && w->names.depth < n)
		tpc_walk_to(w, n);
	return w->c.state != TPC_WALK_NOWHERE;
}

/* The whole path is there, up to the root. */
static __always_inline bool tpc_walk_whole(struct tpc_walk *w)
{
	if (w->c.state == TPC_WALK_ON)
		tpc_walk_to_root(w);
	return w->c.state == TPC_WALK_ROOT;
}

static __always_inline bool tpc_name_of(struct tpc_name *n, const struct dentry *d)
{
	return !bpf_probe_read_kernel(n, sizeof(*n), __builtin_preserve_access_index(&d->d_name));
}

/* Component number @i from the leaf (0: the leaf itself, below TPC_PATH_BOTTOM). false: there is none. */
static __always_inline bool tpc_name_bottom(struct tpc_name *n, const struct tpc_names *names, __u32 i)
{
	return names->depth > i && tpc_name_of(n, (struct dentry *)names->bottom[i]);
}

/* Component number @i from the root (1: the one below /, at most TPC_PATH_TOP) of a whole path. */
static __always_inline bool tpc_name_top(struct tpc_name *n, const struct tpc_names *names, __u32 i)
{
	if (names->depth < i)
		return false;
#if TPC_PATH_TOP > 2
	return tpc_name_of(n, (struct dentry *)names->top[(names->depth - i) & (TPC_PATH_TOP - 1)]);
#else
	return tpc_name_of(n, (struct dentry *)names->top[i - 1]);
#endif
}

/* @len bytes at @s, a constant. */
#define tpc_name_bytes(b, s, len) (!bpf_probe_read_kernel(b, len, s))

/* Where arguments point. @direct as in tpc_read(). */
static __always_inline void tpc_walk_path(struct tpc_walk *w, bool direct, struct path *p)
{
	void *at[2]; /* struct path as it lies in memory: one helper call costs more than a step of the walk */

	if (!p)
		tpc_walk_nowhere(w);
	else if (direct)
		tpc_walk_begin(w, true, p->mnt, p->dentry);
	else if (bpf_probe_read_kernel(at, sizeof(at), p))
		tpc_walk_nowhere(w);
	else
		tpc_walk_begin(w, false,
			       *(struct vfsmount **)((void *)at + tpc_field_offset(struct path, mnt)),
			       *(struct dentry **)((void *)at + tpc_field_offset(struct path, dentry)));
}

static __always_inline void tpc_walk_file(struct tpc_walk *w, bool direct, struct file *f)
{
	if (f)
		tpc_walk_path(w, direct, &f->f_path);
	else
		tpc_walk_nowhere(w);
}

static __always_inline void tpc_walk_dentry(struct tpc_walk *w, bool direct, struct dentry *d)
{
	w->names = (struct tpc_names){ .depth = tpc_unknown(0) };
	tpc_climb_begin_inside(&w->c, direct, d);
}

static __always_inline struct file *tpc_binprm_file(bool direct, struct linux_binprm *b)
{
	return b ? tpc_read(direct, b, file) : NULL;
}

static __always_inline struct file *tpc_kiocb_file(bool direct, struct kiocb *k)
{
	return k ? tpc_read(direct, k, ki_filp) : NULL;
}

/* The current process's open file @fd, NULL: none. Only a number to the verifier. */
static __always_inline struct file *tpc_fd_file(__s32 fd)
{
	struct files_struct *files = bpf_get_current_task_btf()->files;
	struct fdtable *fdt;
	struct file *f;

	if (!files)
		return NULL;
	fdt = files->fdt;
	if (!fdt || fd < 0 || (__u32)fd >= fdt->max_fds)
		return NULL;
	if (bpf_probe_read_kernel(&f, sizeof(f), fdt->fd + fd))
		return NULL;
	return f;
}

#endif
