// SPDX-License-Identifier: Apache-2.0
#include "kernel_sample.h"

#include <check.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int known(int id)
{
	ck_assert_int_ge(id, 0);
	return id;
}

struct basic {
	int i32, u32, i64, u64, chr, u8, u16, size_t_, voidp, charp, const_charp;
};

static void add_basic(struct btf *b, struct basic *t)
{
	t->i32 = known(btf__add_int(b, "int", 4, BTF_INT_SIGNED));
	t->u32 = known(btf__add_int(b, "unsigned int", 4, 0));
	t->i64 = known(btf__add_int(b, "long int", 8, BTF_INT_SIGNED));
	t->u64 = known(btf__add_int(b, "long unsigned int", 8, 0));
	t->chr = known(btf__add_int(b, "char", 1, BTF_INT_SIGNED));
	t->u8 = known(btf__add_int(b, "unsigned char", 1, 0));
	t->u16 = known(btf__add_int(b, "short unsigned int", 2, 0));
	t->size_t_ = known(btf__add_typedef(b, "size_t", t->u64));
	t->voidp = known(btf__add_ptr(b, 0));
	t->charp = known(btf__add_ptr(b, t->chr));
	t->const_charp = known(btf__add_ptr(b, known(btf__add_const(b, t->chr))));
}

static void add_field(struct btf *b, const char *name, int type, uint32_t offset)
{
	known(btf__add_field(b, name, type, offset * 8, 0));
}

static void add_bits(struct btf *b, const char *name, int type, uint32_t bit, uint32_t nbits)
{
	known(btf__add_field(b, name, type, bit, nbits));
}

struct objects {
	int filep, pathp, sockp, tcp_sockp, taskp, credp, oddp, filepp, skbp;
};

static int add_file(struct btf *b, const struct basic *t)
{
	int name = known(btf__add_array(b, t->i32, t->u8, 8));
	int dentry = known(btf__add_struct(b, "dentry", 16)), dentryp, path;

	add_field(b, "d_flags", t->u32, 0);
	add_field(b, "d_iname", name, 8);
	dentryp = known(btf__add_ptr(b, dentry));
	path = known(btf__add_struct(b, "path", 16));
	add_field(b, "mnt", t->voidp, 0);
	add_field(b, "dentry", dentryp, 8);
	return path;
}

static void add_objects(struct btf *b, const struct basic *t, struct objects *o)
{
	int path = add_file(b, t), file, sock, tcp, cred, cap, anon, inner, task, odd, comm, fds, grid, row,
	    flex, gone;

	o->pathp = known(btf__add_ptr(b, path));
	inner = known(btf__add_union(b, NULL, 8));
	add_field(b, "f_lock", t->u32, 0);
	add_field(b, "f_llist", t->voidp, 0);
	anon = known(btf__add_struct(b, NULL, 16));
	add_field(b, "f_mode", t->u32, 0);
	add_field(b, NULL, inner, 8);
	file = known(btf__add_struct(b, "file", 48));
	add_field(b, NULL, anon, 0);
	add_field(b, "f_path", path, 16);
	o->filep = known(btf__add_ptr(b, file));
	o->filepp = known(btf__add_ptr(b, o->filep));
	sock = known(btf__add_struct(b, "sock", 32));
	add_field(b, "sk_family", t->u16, 16);
	tcp = known(btf__add_struct(b, "tcp_sock", 64));
	add_field(b, "sk", sock, 0);
	o->sockp = known(btf__add_ptr(b, sock));
	o->tcp_sockp = known(btf__add_ptr(b, tcp));
	cap = known(btf__add_struct(b, NULL, 8));
	add_field(b, "val", t->u64, 0);
	cap = known(btf__add_typedef(b, "kernel_cap_t", cap));
	cred = known(btf__add_struct(b, "cred", 16));
	add_field(b, "uid", t->u32, 0);
	add_field(b, "cap_effective", cap, 8);
	o->credp = known(btf__add_ptr(b, known(btf__add_const(b, cred))));
	comm = known(btf__add_array(b, t->i32, t->chr, 16));
	fds = known(btf__add_array(b, t->i32, o->filep, 4));
	row = known(btf__add_array(b, t->i32, t->u16, 3));
	grid = known(btf__add_array(b, t->i32, row, 2));
	flex = known(btf__add_array(b, t->i32, t->u32, 0));
	gone = known(btf__add_ptr(b, known(btf__add_fwd(b, "secret", BTF_FWD_STRUCT))));
	odd = known(btf__add_struct(b, "odd", 64));
	add_bits(b, "low", t->u32, 3, 5);
	add_bits(b, "high", t->u32, 35, 2);
	add_field(b, "fpp", o->filepp, 8);
	add_field(b, "grid", grid, 16);
	add_field(b, "gone", gone, 32);
	add_field(b, "rest", flex, 64);
	o->oddp = known(btf__add_ptr(b, odd));
	task = known(btf__add_struct(b, "task_struct", 128));
	add_field(b, "comm", comm, 0);
	add_field(b, "cred", o->credp, 16);
	add_field(b, "files", fds, 24);
	o->taskp = known(btf__add_ptr(b, task));
	o->skbp = known(btf__add_ptr(b, known(btf__add_struct(b, "sk_buff", 8))));
}

static int add_proto(struct btf *b, int result)
{
	return known(btf__add_func_proto(b, result));
}

static void add_func(struct btf *b, const char *name, int proto)
{
	known(btf__add_func(b, name, BTF_FUNC_STATIC, proto));
}

static void add_functions(struct btf *b, const struct basic *t, const struct objects *o)
{
	int proto = add_proto(b, t->i32), write, many, none;

	known(btf__add_func_param(b, "file", o->filep));
	add_func(b, "security_file_open", proto);
	add_func(b, "bpf_lsm_file_open", proto);
	write = add_proto(b, t->i64);
	known(btf__add_func_param(b, "file", o->filep));
	known(btf__add_func_param(b, "buf", t->const_charp));
	known(btf__add_func_param(b, "count", t->size_t_));
	add_func(b, "vfs_write", write);
	many = add_proto(b, 0);
	for (int i = 0; i < 20; i++)
		known(btf__add_func_param(b, "x", t->i32));
	add_func(b, "many_params", many);
	proto = add_proto(b, t->i32);
	known(btf__add_func_param(b, "fmt", t->const_charp));
	known(btf__add_func_param(b, NULL, 0));
	add_func(b, "_printk", proto);
	none = add_proto(b, t->i64);
	add_func(b, "__do_sys_getpid", none);
	add_func(b, "__x64_sys_openat", none);
	add_func(b, "__x64_sys_unheard_of", none);
}

static void add_tracepoints(struct btf *b, const struct basic *t, const struct objects *o)
{
	int proto = add_proto(b, 0), entry, data;

	known(btf__add_func_param(b, NULL, t->voidp));
	known(btf__add_func_param(b, "p", o->taskp));
	known(btf__add_func_param(b, "old_pid", t->i32));
	known(btf__add_typedef(b, "btf_trace_sched_process_exec", known(btf__add_ptr(b, proto))));
	known(btf__add_typedef(b, "btf_trace_sched_wakeup", known(btf__add_ptr(b, proto))));
	entry = known(btf__add_struct(b, "trace_entry", 8));
	data = known(btf__add_array(b, t->i32, t->chr, 0));
	known(btf__add_struct(b, "trace_event_raw_sched_process_exec", 16));
	add_field(b, "ent", entry, 0);
	add_field(b, "__data_loc_filename", t->u32, 8);
	add_field(b, "pid", t->i32, 12);
	add_field(b, "__data", data, 16);
}

struct btf *sample_btf(void)
{
	struct btf *b = btf__new_empty();
	struct objects o = { 0 };
	struct basic t;

	ck_assert_ptr_nonnull(b);
	add_basic(b, &t);
	add_objects(b, &t, &o);
	add_functions(b, &t, &o);
	add_tracepoints(b, &t, &o);
	known(btf__add_enum(b, "pid_type", 4));
	known(btf__add_enum_value(b, "PIDTYPE_PID", 0));
	return b;
}

struct btf *sample_module_btf(struct btf *base)
{
	struct btf *b = btf__new_empty_split(base);
	int proto, st, stp;

	ck_assert_ptr_nonnull(b);
	st = known(btf__add_struct(b, "only_in_module", 8));
	add_field(b, "file", known(btf__find_by_name_kind(base, "file", BTF_KIND_STRUCT)), 0);
	stp = known(btf__add_ptr(b, st));
	proto = add_proto(b, 0);
	known(btf__add_func_param(b, "m", stp));
	add_func(b, "module_func", proto);
	return b;
}

char *sample_folder(void)
{
	char *folder = strdup("/tmp/tpc-kernel-XXXXXX");

	ck_assert_ptr_nonnull(mkdtemp(folder));
	return folder;
}

static int remove_entry(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void sample_folder_remove(char *folder)
{
	nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	free(folder);
}

static void make_folders(char *path)
{
	for (char *p = path + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		ck_assert(mkdir(path, 0700) == 0 || errno == EEXIST);
		*p = '/';
	}
}

char *sample_write(const char *folder, const char *name, const void *data, size_t len)
{
	char *path;
	FILE *f;

	ck_assert_int_gt(asprintf(&path, "%s/%s", folder, name), 0);
	make_folders(path);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(data, 1, len, f), len);
	ck_assert_int_eq(fclose(f), 0);
	return path;
}

char *sample_write_btf(const char *folder, const char *name, const struct btf *btf)
{
	uint32_t len;
	const void *data = btf__raw_data(btf, &len);

	ck_assert_ptr_nonnull(data);
	return sample_write(folder, name, data, len);
}

struct kernel *sample_kernel(char **ret_folder)
{
	struct btf *b = sample_btf(), *m;
	struct kernel_opts o = { 0 };
	struct kernel *k;
	char *path;

	*ret_folder = sample_folder();
	path = sample_write_btf(*ret_folder, "vmlinux", b);
	m = sample_module_btf(b);
	free(sample_write_btf(*ret_folder, "wifi", m));
	o.btf = path;
	o.modules = *ret_folder;
	ck_assert_int_eq(kernel_open(&k, &o), 0);
	btf__free(m);
	btf__free(b);
	free(path);
	return k;
}
