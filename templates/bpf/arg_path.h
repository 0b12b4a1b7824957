/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Paths in records: the components, leaf first, each with its terminator; user space turns them round. */
#ifndef TPC_BPF_ARG_PATH_H
#define TPC_BPF_ARG_PATH_H

#include <tpc/bpf/event.h>
#include <tpc/bpf/path.h>

enum tpc_put_result { TPC_PUT_ON, TPC_PUT_END, TPC_PUT_TRUNCATED };

/* One step up; the name that was passed goes to the record's end, but none begins behind @end. */
static __always_inline int tpc_put_component(struct tpc_climb *c, struct tpc_scratch *s, __u32 end)
{
	struct tpc_name n;
	struct dentry *d;
	__u32 off;
	long len;

	if (!tpc_climb_step(c, false, &d))
		return c->state == TPC_WALK_ON ? TPC_PUT_ON : TPC_PUT_END;
	off = s->len;
	if (off > end || off > TPC_RECORD_MAX - (TPC_NAME_MAX + 1) || !tpc_name_of(&n, d))
		return TPC_PUT_TRUNCATED;
	len = bpf_probe_read_kernel_str(s->data + off, TPC_NAME_MAX + 1, n.s);
	if (len > 0)
		s->len = off + len;
	return TPC_PUT_ON;
}

struct tpc_path_out {
	struct tpc_climb c;
	struct tpc_scratch *s;
	__u64 end;
	__u64 result; /* enum tpc_put_result */
};

static long tpc_put_step(__u32 i __unused, struct tpc_path_out *o)
{
	int r = tpc_put_component(&o->c, o->s, o->end);

	o->result = tpc_unknown(r);
	return r != TPC_PUT_ON;
}

/* Without bpf_loop: as tpc_walk_unrolled(). */
__noinline int tpc_put_unrolled(struct tpc_climb *c, struct tpc_scratch *s, __u32 end)
{
	int r = TPC_PUT_ON;

	if (!c || !s || tpc_has_helper(BPF_FUNC_loop))
		return TPC_PUT_END;
	for (__u32 i = 0; i < TPC_PATH_STEPS_UNROLLED && r == TPC_PUT_ON; i++)
		r = tpc_put_component(c, s, end);
	return r;
}

/* In place of a mount: the path inside the file system alone. The generated code says where it needs that. */
#define TPC_INSIDE ((struct vfsmount *)-1)
#ifdef TPC_DENTRIES
#define tpc_is_inside(mnt) ((mnt) == TPC_INSIDE)
#else
#define tpc_is_inside(mnt) false
#endif

/* Appends the components from (mnt, dentry) upward; their kind is only a number here. TPC_ARG_ flags. */
static __noinline __u32 tpc_put_components(struct tpc_scratch *s, struct vfsmount *mnt, struct dentry *dentry)
{
	struct tpc_path_out o;
	__u32 begin = s->len;

	if (tpc_is_inside(mnt))
		tpc_climb_begin_inside(&o.c, false, dentry);
	else
		tpc_climb_begin(&o.c, false, mnt, dentry);
	o.s = s;
	o.end = begin + TPC_PATH_MAX - 1;
	o.result = tpc_unknown(TPC_PUT_ON);
	if (o.c.state != TPC_WALK_ON)
		return TPC_ARG_NO_PATH;
	if (tpc_has_helper(BPF_FUNC_loop))
		bpf_loop(TPC_PATH_STEPS, tpc_put_step, &o, 0);
	else
		o.result = tpc_put_unrolled(&o.c, s, o.end);
	if (o.c.state == TPC_WALK_NOWHERE) {
		s->len = begin;
		return TPC_ARG_NO_PATH;
	}
	return o.result == TPC_PUT_END ? 0 : TPC_ARG_TRUNCATED;
}

static __noinline void tpc_put_path(struct tpc_scratch *s, struct vfsmount *mnt, struct dentry *dentry,
				    __u32 f_flags, __s32 fd)
{
	__u64 off, begin;
	__u32 flags;
	struct tpc_arg_path *p;
	struct inode *inode;

	if (!tpc_room(s, off, TPC_PATH_ROOM))
		return;
	begin = off + sizeof(struct tpc_arg) + sizeof(*p);
	s->len = begin;
	p = (void *)(s->data + off + sizeof(struct tpc_arg));
	p->mode = 0;
	if (dentry) {
		inode = tpc_read(false, dentry, d_inode);
		if (inode)
			p->mode = tpc_read(false, inode, i_mode);
	}
	p->flags = f_flags;
	p->fd = fd;
	flags = tpc_put_components(s, mnt, dentry);
	p->names_len = s->len - begin;
	*(struct tpc_arg *)(s->data + off) = (struct tpc_arg){
		.type = TPC_ARG_PATH,
		.flags = flags,
		.len = s->len - begin + sizeof(*p),
	};
	s->len = (s->len + 7) & ~7u;
}

static __always_inline void tpc_put_path_arg(struct tpc_scratch *s, struct path *p)
{
	if (p)
		tpc_put_path(s, tpc_read(false, p, mnt), tpc_read(false, p, dentry), 0, -1);
	else
		tpc_put_path(s, NULL, NULL, 0, -1);
}

static __always_inline void tpc_put_dentry_arg(struct tpc_scratch *s, struct dentry *d)
{
	tpc_put_path(s, TPC_INSIDE, d, 0, -1);
}

static __always_inline void tpc_put_file_arg(struct tpc_scratch *s, struct file *f, __s32 fd)
{
	if (f)
		tpc_put_path(s, tpc_read(false, f, f_path.mnt), tpc_read(false, f, f_path.dentry),
			     tpc_read(false, f, f_flags), fd);
	else
		tpc_put_path(s, NULL, NULL, 0, fd);
}

static __always_inline void tpc_put_fd_arg(struct tpc_scratch *s, __s32 fd)
{
	tpc_put_file_arg(s, tpc_fd_file(fd), fd);
}

#endif
