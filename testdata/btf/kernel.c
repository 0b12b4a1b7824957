// SPDX-License-Identifier: Apache-2.0
/*
 * A kernel in small, for tests that must not depend on the machine's: clang makes BTF of it. Only names and types
 * matter; they are like those of Linux 6.
 */
typedef unsigned short umode_t;
typedef unsigned int fmode_t;
typedef int pid_t;

typedef struct {
	unsigned int val;
} kuid_t;

struct qstr {
	unsigned int len;
	const unsigned char *name;
};

struct super_block {
	unsigned long s_magic;
	char s_id[32];
};

struct inode {
	umode_t i_mode;
	kuid_t i_uid;
	unsigned long i_ino;
	struct super_block *i_sb;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
};

struct path {
	void *mnt;
	struct dentry *dentry;
};

struct file {
	fmode_t f_mode;
	struct inode *f_inode;
	struct path f_path;
	union {
		unsigned int f_flags;
		unsigned long f_raw;
	};
};

struct linux_binprm {
	struct file *file;
	const char *filename;
	int argc;
};

struct cred {
	kuid_t uid, euid;
};

struct task_struct {
	pid_t pid, tgid;
	const struct cred *cred;
	struct task_struct *real_parent;
	char comm[16];
	unsigned int flags:4, in_execve:1;
};

struct sock {
	int sk_state;
};

#define USE(x) (x) ? 1 : 0

int security_file_open(struct file *file)
{
	return USE(file);
}

int security_file_permission(struct file *file, int mask)
{
	return file ? mask : 0;
}

int security_bprm_check(struct linux_binprm *bprm)
{
	return USE(bprm);
}

int tcp_connect(struct sock *sk)
{
	return USE(sk);
}

void wake_up_new_task(struct task_struct *p)
{
	p->tgid = p->pid;
}

int bpf_lsm_file_open(struct file *file)
{
	return USE(file);
}

typedef void (*btf_trace_sched_process_exec)(void *data, struct task_struct *p, pid_t old_pid,
					     struct linux_binprm *bprm);
btf_trace_sched_process_exec keep_exec;

/* clang describes only what is used by itself, not what pointers lead to. */
struct inode keep_inode;
struct super_block keep_super_block;
struct dentry keep_dentry;
struct cred keep_cred;
struct sock keep_sock;
