/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The same policy as policy.yaml, written by hand: what tpc's code is measured against. Nothing of tpc's is used, no
 * generality is paid for: one word of task storage set at exec, one walk to the root that remembers only the
 * topmost component, one comparison. It is right in the same cases: other mounts, chroots, pipes.
 * What it leaves out is what costs nothing on the path measured: the event is only a count here, and
 * processes from before the load are not known.
 */
typedef unsigned char __u8;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef _Bool bool;

#define SEC(name) __attribute__((section(name), used))
#define __uint(name, val) int(*name)[val]
#define __type(name, val) typeof(val) *name

static void *(*bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*bpf_probe_read_kernel)(void *dst, __u32 size, const void *p) = (void *)113;
static void *(*bpf_task_storage_get)(void *map, void *task, void *value, __u64 flags) = (void *)156;
static void *(*bpf_get_current_task_btf)(void) = (void *)158;
static long (*bpf_loop)(__u32 n, void *fn, void *ctx, __u64 flags) = (void *)181;

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct qstr {
	__u32 hash, len;
	const char *name;
};
struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
};
struct vfsmount {
	struct dentry *mnt_root;
};
struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};
struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};
struct file {
	struct path f_path;
};
struct fs_struct {
	struct path root;
};
struct task_struct {
	struct fs_struct *fs;
};
struct linux_binprm {
	const char *filename;
};
#pragma clang attribute pop

struct {
	__uint(type, 29 /* BPF_MAP_TYPE_TASK_STORAGE */);
	__uint(map_flags, 1 /* BPF_F_NO_PREALLOC */);
	__type(key, int);
	__type(value, __u64);
} wanted SEC(".maps");

struct {
	__uint(type, 6 /* BPF_MAP_TYPE_PERCPU_ARRAY */);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} matches SEC(".maps");

volatile __u64 zero SEC(".data.hand");
char _license[] SEC("license") = "Dual BSD/GPL";

struct way {
	struct dentry *d, *mnt_root, *root_d;
	struct vfsmount *mnt, *root_mnt;
	struct dentry *top;
	__u64 depth, found;
};

static __attribute__((always_inline)) inline long step(struct way *w, bool typed)
{
	struct dentry *d = w->d, *parent, *next;

	if (d == w->root_d && w->mnt == w->root_mnt) {
		w->found = 1 + zero;
		return 1;
	}
	if (d == w->mnt_root) {
		struct mount *m = (void *)w->mnt - __builtin_preserve_field_info(((struct mount *)0)->mnt, 0),
			     *up;

		if (typed)
			return 1;
		bpf_probe_read_kernel(&up, 8, __builtin_preserve_access_index(&m->mnt_parent));
		if (up == m) {
			w->found = 1 + zero;
			return 1;
		}
		bpf_probe_read_kernel(&next, 8, __builtin_preserve_access_index(&m->mnt_mountpoint));
		w->d = next;
		w->mnt = (void *)up + __builtin_preserve_field_info(((struct mount *)0)->mnt, 0);
		bpf_probe_read_kernel(&w->mnt_root, 8, __builtin_preserve_access_index(&up->mnt.mnt_root));
		return 0;
	}
	if (typed) {
		parent = d->d_parent;
	} else {
		bpf_probe_read_kernel(&parent, 8, __builtin_preserve_access_index(&d->d_parent));
	}
	if (parent == d)
		return 1;
	w->top = d;
	w->depth = w->depth + 1 + zero;
	w->d = parent;
	return 0;
}

static long step_typed(__u32 i __attribute__((unused)), struct way *w)
{
	return step(w, 1);
}

static long step_read(__u32 i __attribute__((unused)), struct way *w)
{
	return step(w, 0);
}

static __attribute__((always_inline)) inline int below_etc(struct file *f, bool typed)
{
	struct fs_struct *fs = ((struct task_struct *)bpf_get_current_task_btf())->fs;
	struct {
		__u32 hash, len;
		const char *name;
	} name;
	struct vfsmount *mnt;
	struct dentry *top;
	__u32 text = 0;
	struct way w;

	if (!f || !fs)
		return 0;
	if (typed) {
		w.d = f->f_path.dentry;
		w.mnt = f->f_path.mnt;
		w.mnt_root = w.mnt->mnt_root;
	} else {
		struct {
			struct vfsmount *mnt;
			struct dentry *dentry;
		} p;

		bpf_probe_read_kernel(&p, 16, __builtin_preserve_access_index(&f->f_path));
		mnt = p.mnt;
		bpf_probe_read_kernel(&w.mnt_root, 8, __builtin_preserve_access_index(&mnt->mnt_root));
		w.mnt = p.mnt;
		w.d = p.dentry;
	}
	w.root_d = fs->root.dentry;
	w.root_mnt = fs->root.mnt;
	w.top = 0;
	w.depth = zero;
	w.found = zero;
	if (typed)
		bpf_loop(2048, step_typed, &w, 0);
	if (!typed || (!w.found && w.d == w.mnt_root))
		bpf_loop(2048, step_read, &w, 0);
	if (!w.found || w.depth < 2)
		return 0;
	top = w.top;
	if (bpf_probe_read_kernel(&name, 16, __builtin_preserve_access_index(&top->d_name)) ||
	    name.len != 3 || bpf_probe_read_kernel(&text, 3, name.name))
		return 0;
	return text == ('e' | 't' << 8 | 'c' << 16);
}

static __attribute__((always_inline)) inline void check(struct file *f, bool typed)
{
	__u64 *want = bpf_task_storage_get(&wanted, bpf_get_current_task_btf(), 0, 0), *n;
	__u32 key = 0;

	if (!want || !*want || !below_etc(f, typed))
		return;
	n = bpf_map_lookup_elem(&matches, &key);
	if (n)
		++*n;
}

SEC("fentry/fd_install") int hand_fentry(__u64 *ctx)
{
	check((struct file *)ctx[1], 1);
	return 0;
}

struct regs {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di;
};

SEC("kprobe/fd_install") int hand_kprobe(struct regs *ctx)
{
	check((struct file *)ctx->si, 0);
	return 0;
}

SEC("tp_btf/sched_process_exec") int hand_exec(__u64 *ctx)
{
	struct linux_binprm *bprm = (void *)ctx[2];
	char name[24] = { 0 };
	__u64 *want;

	want = bpf_task_storage_get(&wanted, (void *)ctx[0], 0, 1);
	if (!want)
		return 0;
	bpf_probe_read_kernel(name, sizeof(name) - 1, bprm->filename);
	*want = !__builtin_memcmp(name, "/bin/bench-match", 17);
	return 0;
}
