// SPDX-License-Identifier: Apache-2.0
/* Prototypes, types and words from BTF; BTF that is wrong. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel_sample.h"
#include "suite.h"

static struct tpc_arena *a;
static struct kernel *k;
static char *folder;

static void setup(void)
{
	a = tpc_arena_new(8 << 20);
	ck_assert_ptr_nonnull(a);
	k = sample_kernel(&folder);
}

static void teardown(void)
{
	kernel_close(k);
	sample_folder_remove(folder);
	tpc_arena_free(a);
}

static struct kernel_func func(const char *name)
{
	struct kernel_func f;

	ck_assert_msg(kernel_find_func(k, name, &f), "%s", name);
	ck_assert_str_eq(f.name, name);
	return f;
}

START_TEST(functions_have_their_prototypes)
{
	struct kernel_func f = func("vfs_write");

	ck_assert_uint_eq(f.nparams, 3);
	ck_assert_str_eq(f.params[1].name, "buf");
	ck_assert_str_eq(kernel_type_name(k, a, f.params[0].type), "struct file *");
	ck_assert_str_eq(kernel_type_name(k, a, f.params[1].type), "const char *");
	ck_assert_str_eq(kernel_type_name(k, a, f.params[2].type), "size_t");
	ck_assert_str_eq(kernel_type_name(k, a, f.result), "long int");
	f = func("many_params");
	ck_assert_uint_eq(f.nparams, KERNEL_PARAMS_MAX);
	ck_assert_uint_eq(f.result, 0);
	ck_assert_str_eq(kernel_type_name(k, a, f.result), "void");
	/* The dots at the end are no parameter. */
	ck_assert_uint_eq(func("_printk").nparams, 1);
	ck_assert(!kernel_find_func(k, "vfs_writ", &f));
	ck_assert(!kernel_find_func(k, "", &f));
	/* A type is no function. */
	ck_assert(!kernel_find_func(k, "file", &f));
}
END_TEST

START_TEST(hooks_go_by_their_own_names)
{
	struct kernel_func f;

	ck_assert(kernel_find_lsm_hook(k, "file_open", &f));
	ck_assert_str_eq(f.name, "file_open");
	ck_assert_uint_eq(f.nparams, 1);
	ck_assert(!kernel_find_lsm_hook(k, "file_close", &f));
	ck_assert(!kernel_find_lsm_hook(k, "", &f));
	ck_assert(kernel_find_raw_tracepoint(k, "sched_process_exec", &f));
	ck_assert_str_eq(f.name, "sched_process_exec");
	ck_assert_uint_eq(f.nparams, 2);
	ck_assert_str_eq(f.params[0].name, "p");
	ck_assert(!kernel_find_raw_tracepoint(k, "sched_process", &f));
	ck_assert(kernel_has_syscall(k, "openat"));
	ck_assert(kernel_has_syscall(k, "getpid"));
	ck_assert(!kernel_has_syscall(k, "open"));
}
END_TEST

START_TEST(near_names_are_near)
{
	ck_assert_str_eq(kernel_near_func(k, "security_file_opne"), "security_file_open");
	ck_assert_str_eq(kernel_near_raw_tracepoint(k, "sched_wakup"), "sched_wakeup");
	ck_assert_ptr_null(kernel_near_func(k, "something_else"));
	/* Among many thousands, every short name has another that is three letters away. */
	ck_assert_ptr_null(kernel_near_func(k, "vfs_wrXYZ"));
	/* Nobody reads the hundredth. */
	for (int i = 0; i < 16; i++)
		kernel_near_func(k, "vfs_wirte");
	ck_assert_ptr_null(kernel_near_func(k, "vfs_wirte"));
}
END_TEST

START_TEST(types_are_found_by_name)
{
	ck_assert_str_eq(kernel_type_name(k, a, kernel_find_type(k, "file", NULL)), "struct file");
	ck_assert_str_eq(kernel_type_name(k, a, kernel_find_type(k, "pid_type", NULL)), "enum pid_type");
	ck_assert_str_eq(kernel_type_name(k, a, kernel_find_type(k, "int", "")), "int");
	ck_assert_uint_eq(kernel_find_type(k, "size_t", NULL), 0);
	ck_assert_uint_eq(kernel_find_type(k, "", NULL), 0);
	ck_assert_str_eq(kernel_type_name(k, a, 1000000), "void");
}
END_TEST

START_TEST(modules_are_loaded_when_they_are_named)
{
	struct kernel_path p;
	struct kernel_fault fault;
	struct kernel_func f;
	uint32_t type;

	ck_assert(!kernel_find_func(k, "module_func", &f));
	ck_assert_uint_eq(kernel_find_type(k, "only_in_module", NULL), 0);
	type = kernel_find_type(k, "only_in_module", "wifi");
	ck_assert_str_eq(kernel_type_name(k, a, type), "struct only_in_module");
	ck_assert_uint_eq(kernel_find_type(k, "only_in_module", "wifi"), type);
	/* From a module's type into those of vmlinux. */
	ck_assert(kernel_resolve(k, a, type, "file.f_path", 11, 10, &p, &fault));
	ck_assert_str_eq(kernel_type_name(k, a, p.type), "struct path");
	ck_assert_str_eq(kernel_type_name(k, a, func("module_func").params[0].type),
			 "struct only_in_module *");
	ck_assert_uint_eq(kernel_find_type(k, "file", "no_such_module"), 0);
	ck_assert_uint_eq(kernel_find_type(k, "file", "no_such_module"), 0);
}
END_TEST

START_TEST(modules_are_plain_words)
{
	static const char *const bad[] = { "../wifi",	"./wifi", ".",	    "..",
					   "a/../wifi", "/wifi",  "wifi\n", "wi fi" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_uint_eq(kernel_find_type(k, "only_in_module", bad[i]), 0);
}
END_TEST

/* Two modules count on from vmlinux alike; their types must not be mixed up. */
START_TEST(types_of_two_modules_are_told_apart)
{
	struct btf *base = sample_btf(), *m = btf__new_empty_split(base);
	uint32_t one, two;

	ck_assert_int_gt(btf__add_struct(m, "of_the_second", 8), 0);
	free(sample_write_btf(folder, "second", m));
	btf__free(m);
	btf__free(base);
	one = kernel_find_type(k, "only_in_module", "wifi");
	two = kernel_find_type(k, "of_the_second", "second");
	ck_assert_uint_ne(one, two);
	ck_assert_str_eq(kernel_type_name(k, a, one), "struct only_in_module");
	ck_assert_str_eq(kernel_type_name(k, a, two), "struct of_the_second");
}
END_TEST

/* ---- names of types: built one by one ---- */
static struct btf *extra;
static uint32_t base_of(const char *name)
{
	int id = btf__find_by_name(extra, name);

	ck_assert_int_gt(id, 0);
	return (uint32_t)id;
}

static struct kernel *reopen(struct btf *btf)
{
	struct kernel_opts o = { 0 };
	struct kernel *ret;
	char *path = sample_write_btf(folder, "extra", btf);

	o.btf = path;
	ck_assert_int_eq(kernel_open(&ret, &o), 0);
	ck_assert(kernel_has_btf(ret, NULL));
	free(path);
	return ret;
}

static void expect_name(struct kernel *from, int id, const char *want)
{
	ck_assert_str_eq(kernel_type_name(from, a, (uint32_t)id), want);
}

START_TEST(types_read_like_c)
{
	int i, p, cp, arr, parr, fn, fnp, v, anon;
	struct kernel *e;

	extra = sample_btf();
	i = (int)base_of("int");
	p = btf__add_ptr(extra, i);
	cp = btf__add_ptr(extra, btf__add_const(extra, p));
	arr = btf__add_array(extra, i, p, 4);
	parr = btf__add_ptr(extra, btf__add_array(extra, i, i, 4));
	fn = btf__add_func_proto(extra, i);
	ck_assert_int_eq(btf__add_func_param(extra, "x", i), 0);
	fnp = btf__add_ptr(extra, fn);
	v = btf__add_volatile(extra, i);
	anon = btf__add_ptr(extra, btf__add_struct(extra, NULL, 4));
	e = reopen(extra);
	expect_name(e, p, "int *");
	expect_name(e, cp, "int *const *");
	expect_name(e, arr, "int *[4]");
	expect_name(e, parr, "int (*)[4]");
	expect_name(e, fnp, "int (*)(...)");
	expect_name(e, v, "volatile int");
	expect_name(e, anon, "struct {...} *");
	kernel_close(e);
	btf__free(extra);
}
END_TEST

/* ---- words ---- */
static uint32_t member(const char *type, const char *path)
{
	struct kernel_path p;
	struct kernel_fault fault;

	ck_assert_msg(kernel_resolve(k, a, kernel_find_type(k, type, NULL), path, (uint32_t)strlen(path), 10,
				     &p, &fault),
		      "%s.%s", type, path);
	return p.type;
}

static void expect_word(uint32_t type, const char *want)
{
	const char *word = kernel_word_of(k, type);

	if (!want)
		ck_assert_msg(!word, "%s: %s", kernel_type_name(k, a, type), word);
	else
		ck_assert_msg(word && !strcmp(word, want), "%s: %s, not %s", kernel_type_name(k, a, type),
			      word, want);
	ck_assert_int_eq(kernel_word_fits(k, type, "auto"), want != NULL);
	if (want)
		ck_assert(kernel_word_fits(k, type, want));
}

START_TEST(kernel_types_have_their_word)
{
	struct kernel_func f = func("vfs_write");

	expect_word(f.params[0].type, "file");
	expect_word(f.params[1].type, "string");
	expect_word(f.params[2].type, "size_t");
	expect_word(f.result, "int64");
	expect_word(kernel_find_type(k, "int", NULL), "int");
	expect_word(kernel_find_type(k, "unsigned int", NULL), "uint32");
	expect_word(kernel_find_type(k, "long unsigned int", NULL), "uint64");
	expect_word(kernel_find_type(k, "pid_type", NULL), "uint32");
	expect_word(member("file", "f_path"), "path");
	expect_word(member("task_struct", "comm"), "string");
	expect_word(member("task_struct", "comm[1]"), "int8");
	expect_word(member("task_struct", "cred"), "cred");
	expect_word(member("cred", "cap_effective"), "kernel_cap_t");
	expect_word(member("sock", "sk_family"), "uint16");
	expect_word(kernel_find_type(k, "sk_buff", NULL), "skb");
	expect_word(member("odd", "fpp"), NULL);
	expect_word(member("odd", "grid"), NULL);
	expect_word(member("odd", "gone"), NULL);
	expect_word(0, NULL);
}
END_TEST

START_TEST(words_fit_or_do_not)
{
	uint32_t file = func("vfs_write").params[0].type, buf = func("vfs_write").params[1].type;
	uint32_t size = func("vfs_write").params[2].type, i32 = kernel_find_type(k, "int", NULL);
	uint32_t tcp = kernel_find_type(k, "tcp_sock", NULL), voidp = member("path", "mnt");

	ck_assert(kernel_word_fits(k, i32, "int32") && kernel_word_fits(k, i32, "uint32"));
	ck_assert(kernel_word_fits(k, i32, "fd") && kernel_word_fits(k, i32, "capability"));
	ck_assert(!kernel_word_fits(k, i32, "uint64") && !kernel_word_fits(k, i32, "string"));
	ck_assert(!kernel_word_fits(k, i32, "file") && !kernel_word_fits(k, i32, "kernel_cap_t"));
	ck_assert(kernel_word_fits(k, size, "uint64") && kernel_word_fits(k, size, "int"));
	ck_assert(!kernel_word_fits(k, size, "uint32"));
	ck_assert(kernel_word_fits(k, file, "uint64") && !kernel_word_fits(k, file, "int"));
	ck_assert(kernel_word_fits(k, file, "char_buf") && !kernel_word_fits(k, file, "string"));
	ck_assert(!kernel_word_fits(k, file, "path") && !kernel_word_fits(k, file, "sock"));
	ck_assert(kernel_word_fits(k, buf, "string") && kernel_word_fits(k, buf, "char_buf"));
	ck_assert(!kernel_word_fits(k, buf, "filename") && !kernel_word_fits(k, buf, "int8"));
	/* It starts with a struct sock. */
	ck_assert(kernel_word_fits(k, tcp, "sock") && !kernel_word_fits(k, tcp, "socket"));
	ck_assert(kernel_word_fits(k, voidp, "file") && kernel_word_fits(k, voidp, "string"));
	ck_assert(!kernel_word_fits(k, 0, "int") && !kernel_word_fits(k, 0, "file"));
	ck_assert(kernel_word_fits(k, file, "nop") && kernel_word_fits(k, i32, "data_loc"));
	ck_assert(!kernel_word_fits(k, member("odd", "fpp"), "file"));
}
END_TEST

/* ---- BTF that is not there, or not sound ---- */
static const char *why_not(const char *btf)
{
	struct kernel_opts o = { .btf = btf };
	static char text[256];
	struct kernel_func f;
	struct kernel *none;
	const char *why;

	ck_assert_int_eq(kernel_open(&none, &o), 0);
	ck_assert(!kernel_has_btf(none, &why));
	snprintf(text, sizeof(text), "%s", why ? why : "");
	ck_assert(!kernel_find_func(none, "vfs_write", &f));
	ck_assert(!kernel_find_lsm_hook(none, "file_open", &f));
	ck_assert(!kernel_find_raw_tracepoint(none, "sched_wakeup", &f));
	ck_assert_ptr_null(kernel_near_func(none, "vfs_wirte"));
	ck_assert_uint_eq(kernel_find_type(none, "file", "wifi"), 0);
	ck_assert_ptr_null(kernel_word_of(none, 1));
	ck_assert(kernel_word_fits(none, 1, "file"));
	ck_assert_str_eq(kernel_type_name(none, a, 1), "void");
	kernel_close(none);
	return text;
}

START_TEST(without_btf_nothing_is_known)
{
	char *path = sample_write(folder, "text", "not BTF at all, but long enough to be a header", 46);
	char *huge = malloc(10000);

	memset(huge, 'x', 9999);
	huge[9999] = '\0';
	ck_assert_str_eq(why_not(NULL), "");
	ck_assert_ptr_nonnull(strstr(why_not("/nowhere/vmlinux"), "No such file"));
	ck_assert_ptr_nonnull(strstr(why_not("/tmp"), "Is a directory"));
	ck_assert_ptr_nonnull(strstr(why_not("/dev/zero"), "no sound BTF"));
	ck_assert_ptr_nonnull(strstr(why_not(path), "no sound BTF"));
	ck_assert_ptr_nonnull(strstr(why_not(huge), "too long"));
	kernel_close(NULL);
	free(huge);
	free(path);
}
END_TEST

/* All that can be asked, of BTF that may say anything. */
static void ask_everything(struct kernel *of)
{
	static const char *const paths[] = { "f_path.dentry.d_flags", "fpp[1].f_mode", "grid[1][2]",
					     "nothing" };
	static const char *const names[] = { "vfs_write", "many_params", "_printk", "security_file_open" };
	static const char *const words[] = { "auto",   "int",	     "file",	    "sock",
					     "string", "char_iovec", "kernel_cap_t" };
	struct kernel_format format;
	struct kernel_fault fault;
	struct kernel_path path;
	struct kernel_func f;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (kernel_find_func(of, names[i], &f) && f.nparams)
			kernel_type_name(of, a, f.params[0].type);
	}
	kernel_find_raw_tracepoint(of, "sched_process_exec", &f);
	kernel_find_tracepoint(of, a, "sched", "sched_process_exec", &format);
	kernel_near_func(of, "vfs_wirte");
	for (uint32_t id = 0; id < 90; id++) {
		kernel_type_name(of, a, id);
		kernel_word_of(of, id);
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			kernel_word_fits(of, id, words[i]);
		for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
			kernel_resolve(of, a, id, paths[i], (uint32_t)strlen(paths[i]), 10, &path, &fault);
	}
	tpc_arena_reset(a);
}

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* @_i: which thousand. */
START_TEST(btf_with_wrong_bytes_does_no_harm)
{
	uint32_t state = 1 + (uint32_t)_i, len, nsound = 0;
	struct btf *b = sample_btf();
	const void *raw;
	char *mutant;

	raw = btf__raw_data(b, &len);
	mutant = malloc(len);
	for (int round = 0; round < 1000; round++) {
		struct kernel_opts o = { 0 };
		struct kernel *of;
		char *path;

		memcpy(mutant, raw, len);
		for (uint32_t i = 0; i <= next_random(&state) % 4; i++) {
			uint32_t at = next_random(&state) % len;

			/* Small numbers are more often those of types and kinds that there are. */
			mutant[at] = (char)(next_random(&state) % 3 ? next_random(&state) :
								      next_random(&state) % 64);
		}
		path = sample_write(folder, "mutant", mutant, len);
		o.btf = path;
		ck_assert_int_eq(kernel_open(&of, &o), 0);
		nsound += kernel_has_btf(of, NULL);
		ask_everything(of);
		kernel_close(of);
		free(path);
	}
	/* Most get past libbpf, or nothing was tried here. */
	ck_assert_uint_gt(nsound, 300);
	free(mutant);
	btf__free(b);
}
END_TEST

START_TEST(chains_without_an_end_are_left)
{
	struct kernel_func f;
	struct btf *b = btf__new_empty();
	int n = (int)btf__type_cnt(b), proto;
	struct kernel *e;

	/* Each the next one's: a typedef, a const, a pointer and an array in a ring. */
	ck_assert_int_eq(btf__add_typedef(b, "ring", n + 1), n);
	btf__add_const(b, n);
	btf__add_ptr(b, n + 2);
	btf__add_array(b, n + 3, n + 3, 2);
	btf__add_struct(b, "nest", 8);
	ck_assert_int_eq(btf__add_field(b, NULL, n + 4, 0, 0), 0);
	ck_assert_int_eq(btf__add_field(b, NULL, n + 4, 0, 0), 0);
	ck_assert_int_eq(btf__add_field(b, "self", n + 4, 0, 0), 0);
	proto = btf__add_func_proto(b, n + 3);
	btf__add_func(b, "vfs_write", BTF_FUNC_STATIC, proto);
	e = reopen(b);
	ck_assert(kernel_find_func(e, "vfs_write", &f));
	ask_everything(e);
	ask_everything(e);
	kernel_close(e);
	btf__free(b);
}
END_TEST

/* ---- the kernel that runs the test ---- */
START_TEST(the_running_kernel_is_read)
{
	struct kernel_opts o = { .btf = "/sys/kernel/btf/vmlinux", .modules = "/sys/kernel/btf" };
	struct kernel_func f;
	struct kernel *e;
	const char *why;

	if (access(o.btf, R_OK) != 0)
		return;
	ck_assert_int_eq(kernel_open(&e, &o), 0);
	ck_assert_msg(kernel_has_btf(e, &why), "%s", why);
	ck_assert(kernel_find_func(e, "security_file_open", &f));
	ck_assert_uint_eq(f.nparams, 1);
	ck_assert_str_eq(kernel_type_name(e, a, f.params[0].type), "struct file *");
	ck_assert_str_eq(kernel_word_of(e, f.params[0].type), "file");
	ck_assert(kernel_find_raw_tracepoint(e, "sched_process_exec", &f));
	ck_assert(kernel_has_syscall(e, "openat"));
	ck_assert_uint_ne(kernel_find_type(e, "task_struct", NULL), 0);
	kernel_close(e);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("btf");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, functions_have_their_prototypes);
	tcase_add_test(t, hooks_go_by_their_own_names);
	tcase_add_test(t, near_names_are_near);
	tcase_add_test(t, types_are_found_by_name);
	tcase_add_test(t, modules_are_loaded_when_they_are_named);
	tcase_add_test(t, modules_are_plain_words);
	tcase_add_test(t, types_of_two_modules_are_told_apart);
	tcase_add_test(t, types_read_like_c);
	tcase_add_test(t, kernel_types_have_their_word);
	tcase_add_test(t, words_fit_or_do_not);
	tcase_add_test(t, without_btf_nothing_is_known);
	tcase_add_loop_test(t, btf_with_wrong_bytes_does_no_harm, 0, 5);
	tcase_add_test(t, chains_without_an_end_are_left);
	tcase_add_test(t, the_running_kernel_is_read);
	return run_suite("kernel_btf", t);
}
