// SPDX-License-Identifier: Apache-2.0
/*
 * Files and paths as the kernel has them, in the map that the programs share with us: only the members that generated
 * code reads, at the offsets of the running kernel. Half of a path lies below a mount of its own, so that the
 * way up crosses one; at the top is a mount that is its own parent, which ends a path as the process's root does.
 */
#include <string.h>

#include "ptest/bpf.h"

/* An object whose last member in use is a pointer at @last. */
#define ROOM_OF(last) ((last) + (uint32_t)sizeof(uint64_t))

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static char *bytes_of(const struct bpf_memory *m)
{
	return (char *)m->now->memory;
}

uint64_t memory_claim(struct bpf_memory *m, uint32_t len)
{
	uint32_t at = m->used, room = (len + 7) & ~7U;

	if (len > TPC_CASE_MEMORY || room > TPC_CASE_MEMORY - at) {
		m->full = true;
		return 0;
	}
	m->used += room;
	memset(bytes_of(m) + at, 0, room);
	return m->now->address + offsetof(struct tpc_case, memory) + at;
}

/* Our own view of what was claimed. */
static char *view(const struct bpf_memory *m, uint64_t address)
{
	return bytes_of(m) + (address - m->now->address - offsetof(struct tpc_case, memory));
}

void memory_set(struct bpf_memory *m, uint64_t object, uint32_t off, const void *bytes, uint32_t len)
{
	if (!m->full)
		memcpy(view(m, object) + off, bytes, len);
}

static void set(struct bpf_memory *m, uint64_t object, uint32_t off, uint64_t value)
{
	memory_set(m, object, off, &value, sizeof(value));
}

static void set32(struct bpf_memory *m, uint64_t object, uint32_t off, uint32_t value)
{
	memory_set(m, object, off, &value, sizeof(value));
}

uint64_t memory_bytes(struct bpf_memory *m, const void *bytes, uint32_t len)
{
	uint64_t at = memory_claim(m, len ? len : 1);

	if (!m->full && len)
		memcpy(view(m, at), bytes, len);
	return at;
}

/* ---- names in trees ---- */
static uint64_t new_inode(struct bpf_memory *m, uint32_t type)
{
	const uint16_t mode = (uint16_t)(type | 0644);
	uint64_t inode = memory_claim(m, ROOM_OF(m->now->where.inode_mode));

	if (!m->full)
		memcpy(view(m, inode) + m->now->where.inode_mode, &mode, sizeof(mode));
	return inode;
}

/* @parent 0: the top of a tree. Names lie alone, with their terminator. */
static uint64_t new_dentry(struct bpf_memory *m, uint64_t parent, const char *name, uint32_t len)
{
	const struct tpc_case_where *w = &m->now->where;
	uint64_t text = memory_claim(m, len + 1);
	uint64_t d = memory_claim(
		m, ROOM_OF(larger(w->dentry_inode, larger(w->dentry_parent, w->dentry_name + 8))));

	if (!m->full)
		memcpy(view(m, text), name, len);
	set(m, d, w->dentry_parent, parent ? parent : d);
	/* struct qstr: hash, length, pointer. */
	set32(m, d, w->dentry_name + 4, len);
	set(m, d, w->dentry_name + 8, text);
	return d;
}

/* A mount of the tree under @root at @at in @parent, 0: the mount of all. Gives its struct vfsmount. */
static uint64_t new_mount(struct bpf_memory *m, uint64_t root, uint64_t parent, uint64_t at)
{
	const struct tpc_case_where *w = &m->now->where;
	uint64_t mount = memory_claim(m, ROOM_OF(larger(w->mount_mnt + w->vfsmount_root,
							larger(w->mount_parent, w->mount_mountpoint))));

	set(m, mount, w->mount_parent, parent ? parent - w->mount_mnt : mount);
	set(m, mount, w->mount_mountpoint, at ? at : root);
	set(m, mount, w->mount_mnt + w->vfsmount_root, root);
	return mount + w->mount_mnt;
}

static uint64_t new_file(struct bpf_memory *m, uint64_t mnt, uint64_t dentry, uint32_t type)
{
	const struct tpc_case_where *w = &m->now->where;
	uint64_t f = memory_claim(
		m, ROOM_OF(larger(w->file_flags, w->file_path + larger(w->path_mnt, w->path_dentry))));

	set(m, dentry, w->dentry_inode, new_inode(m, type));
	set(m, f, w->file_path + w->path_mnt, mnt);
	set(m, f, w->file_path + w->path_dentry, dentry);
	return f;
}

/* ---- paths ---- */
/* The component that begins at *@s, behind which it then points; 0: there is none left. */
static uint32_t next_name(const char **s, const char *end, const char **ret)
{
	const char *slash;

	if (*s >= end)
		return 0;
	*ret = *s + 1;
	slash = memchr(*ret, '/', (size_t)(end - *ret));
	*s = slash ? slash : end;
	return (uint32_t)(*s - *ret);
}

bool memory_can_be(const char *path, uint32_t len)
{
	const char *s = path, *end = path + len, *name;
	uint32_t n;

	if (!len || *path != '/' || len >= TPC_PATH_MAX || memchr(path, 0, len))
		return false;
	if (len == 1)
		return true;
	while (s < end) {
		n = next_name(&s, end, &name);
		if (!n || n > TPC_NAME_MAX)
			return false;
	}
	return true;
}

static uint32_t count_names(const char *path, uint32_t len)
{
	uint32_t n = 0;

	for (uint32_t i = 0; len > 1 && i < len; i++)
		n += path[i] == '/';
	return n;
}

uint64_t memory_file(struct bpf_memory *m, const char *path, uint32_t len, uint32_t type)
{
	uint64_t dentry = new_dentry(m, 0, "/", 1), mnt = new_mount(m, dentry, 0, 0);
	uint32_t n = count_names(path, len), cross = n / 2;
	const char *s = path, *end = path + len, *name = path;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t name_len = next_name(&s, end, &name);

		dentry = new_dentry(m, dentry, name, name_len);
		if (i + 1 == cross) {
			uint64_t root = new_dentry(m, 0, "/", 1);

			mnt = new_mount(m, root, mnt, dentry);
			dentry = root;
		}
	}
	return new_file(m, mnt, dentry, type);
}

/* Its mount is one that nobody sees, and its name stands alone. */
uint64_t memory_nowhere(struct bpf_memory *m, uint32_t type)
{
	uint64_t root = new_dentry(m, 0, "/", 1);

	return new_file(m, new_mount(m, root, 0, 0), new_dentry(m, 0, "pipe", 4), type);
}

uint64_t memory_path_of(const struct bpf_memory *m, uint64_t file)
{
	return file + m->now->where.file_path;
}

uint64_t memory_binprm(struct bpf_memory *m, uint64_t file)
{
	uint64_t b = memory_claim(m, ROOM_OF(m->now->where.binprm_file));

	set(m, b, m->now->where.binprm_file, file);
	return b;
}

uint64_t memory_registers(struct bpf_memory *m, const uint64_t args[6])
{
	uint32_t last = 0;
	uint64_t regs;

	for (int i = 0; i < 6; i++)
		last = larger(last, m->now->where.regs[i]);
	regs = memory_claim(m, ROOM_OF(last));
	for (int i = 0; i < 6; i++)
		set(m, regs, m->now->where.regs[i], args[i]);
	return regs;
}
