/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The type of a file (operator FileType): of its inode, so that what has no place in a tree has one too. */
#ifndef TPC_BPF_FILE_TYPE_H
#define TPC_BPF_FILE_TYPE_H

#include <tpc/bpf/path.h>

#define TPC_S_IFMT 0170000

/* Where arguments lead to; NULL: nowhere. @direct as in tpc_read(). */
static __always_inline struct dentry *tpc_path_dentry(bool direct, struct path *p)
{
	return p ? tpc_read(direct, p, dentry) : NULL;
}

static __always_inline struct dentry *tpc_file_dentry(bool direct, struct file *f)
{
	return f ? tpc_read(direct, f, f_path.dentry) : NULL;
}

static __always_inline struct dentry *tpc_dentry(bool direct __unused, struct dentry *d)
{
	return d;
}

#define tpc_binprm_dentry(direct, b) tpc_file_dentry(direct, tpc_binprm_file(direct, b))
#define tpc_kiocb_dentry(direct, k) tpc_file_dentry(direct, tpc_kiocb_file(direct, k))
#define tpc_fd_dentry(direct, fd) tpc_file_dentry(direct, tpc_fd_file(fd))

/* false: there is no such file. */
static __always_inline bool tpc_file_type(bool direct, struct dentry *d, __u64 *ret)
{
	struct inode *inode = d ? tpc_read(direct, d, d_inode) : NULL;

	if (!inode)
		return false;
	*ret = tpc_read(direct, inode, i_mode) & TPC_S_IFMT;
	return true;
}

#endif
