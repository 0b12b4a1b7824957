// SPDX-License-Identifier: Apache-2.0
/* Tables of system calls against each other, and against this machine's headers. */
#include <string.h>
#include <sys/syscall.h>

#include "kernel/syscalls.h"
#include "suite.h"

static const struct kernel_syscall *find(enum kernel_abi abi, const char *name)
{
	return kernel_syscall_find(abi, name, (uint32_t)strlen(name), NULL);
}

static void expect(enum kernel_abi abi, const char *name, uint32_t nr, int nargs)
{
	const struct kernel_syscall *s = find(abi, name);

	ck_assert_msg(s, "%s", name);
	ck_assert_str_eq(s->name, name);
	ck_assert_uint_eq(s->nr, nr);
	ck_assert_int_eq(s->nargs, nargs);
}

START_TEST(abis_go_by_tetragons_names)
{
	ck_assert_int_eq(kernel_abi_find("x64", 3), KERNEL_X64);
	ck_assert_int_eq(kernel_abi_find("i386/sys_dup", 4), KERNEL_I386);
	ck_assert_int_eq(kernel_abi_find("arm", 3), KERNEL_ABI_MAX);
	ck_assert_int_eq(kernel_abi_find("", 0), KERNEL_ABI_MAX);
	ck_assert_str_eq(kernel_abi_name(KERNEL_ARM32), "arm32");
	ck_assert_str_eq(kernel_abi_prefix(KERNEL_ARM32), "__arm64_");
	ck_assert_str_eq(kernel_abi_prefix(KERNEL_I386), "__ia32_");
}
END_TEST

START_TEST(calls_have_the_numbers_of_their_abi)
{
	expect(KERNEL_X64, "read", 0, 3);
	expect(KERNEL_X64, "openat", 257, 4);
	expect(KERNEL_X64, "preadv", 295, 5);
	expect(KERNEL_X64, "uprobe", 336, 0);
	expect(KERNEL_X64, "file_setattr", 469, 5);
	expect(KERNEL_I386, "dup", 41, 1);
	expect(KERNEL_I386, "clock_gettime64", 403, 2);
	expect(KERNEL_ARM64, "openat", 56, 4);
	expect(KERNEL_ARM64, "newfstatat", 79, 4);
	expect(KERNEL_ARM32, "openat", 322, 4);
	expect(KERNEL_ARM32, "mmap2", 192, 6);
	expect(KERNEL_ARM32, "set_tls", 983045, 1);
	ck_assert_ptr_null(find(KERNEL_ARM64, "open"));
	ck_assert_ptr_null(find(KERNEL_X64, "sys_openat"));
}
END_TEST

START_TEST(wrong_calls_get_the_nearest_name)
{
	const char *near = "unset";

	ck_assert_ptr_null(kernel_syscall_find(KERNEL_X64, "opanat", 6, &near));
	ck_assert_str_eq(near, "openat");
	ck_assert_ptr_null(kernel_syscall_find(KERNEL_X64, "no_such_call_anywhere", 21, &near));
	ck_assert_ptr_null(near);
	ck_assert_ptr_null(kernel_syscall_find(KERNEL_X64, "", 0, &near));
	ck_assert_ptr_null(kernel_syscall_find(KERNEL_X64, "read\0", 5, NULL));
	ck_assert_ptr_nonnull(kernel_syscall_find(KERNEL_X64, "readv", 4, NULL));
}
END_TEST

/* @_i: the ABI. */
START_TEST(tables_are_in_order_and_names_are_unique)
{
	uint32_t n;
	const struct kernel_syscall *s = kernel_syscalls((enum kernel_abi)_i, &n);

	ck_assert_uint_gt(n, 300);
	for (uint32_t i = 0; i < n; i++) {
		ck_assert(i == 0 || s[i - 1].nr < s[i].nr);
		ck_assert_int_ge(s[i].nargs, -1);
		ck_assert_int_le(s[i].nargs, 6);
		ck_assert_ptr_eq(find((enum kernel_abi)_i, s[i].name), &s[i]);
	}
}
END_TEST

/* From 424 on all ABIs count alike. */
START_TEST(late_calls_have_one_number)
{
	uint32_t n, nsame = 0;
	const struct kernel_syscall *s = kernel_syscalls(KERNEL_X64, &n);

	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t abi = 0; s[i].nr >= 424 && abi < KERNEL_ABI_MAX; abi++) {
			const struct kernel_syscall *other = find((enum kernel_abi)abi, s[i].name);

			/* memfd_secret is not for 32-bit Arm. */
			ck_assert(other || abi == KERNEL_ARM32);
			ck_assert(!other || (other->nr == s[i].nr && other->nargs == s[i].nargs));
			nsame++;
		}
	}
	ck_assert_uint_eq(nsame, 4 * 46);
}
END_TEST

#if defined(__x86_64__)
START_TEST(numbers_are_those_of_the_headers)
{
	static const struct {
		const char *name;
		uint32_t nr;
	} some[] = {
		{ "execve", SYS_execve }, { "ptrace", SYS_ptrace },	      { "bpf", SYS_bpf },
		{ "statx", SYS_statx },	  { "clone3", SYS_clone3 },	      { "openat2", SYS_openat2 },
		{ "mount", SYS_mount },	  { "init_module", SYS_init_module }, { "kill", SYS_kill },
	};

	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
		ck_assert_uint_eq(find(KERNEL_X64, some[i].name)->nr, some[i].nr);
}
END_TEST
#endif

static const char *params(const char *name)
{
	return kernel_syscall_params(name, (uint32_t)strlen(name));
}

static int count(const char *s)
{
	int n = *s != '\0';

	for (; *s; s++)
		n += *s == ',';
	return n;
}

/* Where a call and its function have one name, the prototype has as many parameters as the table says. */
START_TEST(prototypes_agree_with_the_table)
{
	uint32_t n, nboth = 0;
	const struct kernel_syscall *s = kernel_syscalls(KERNEL_X64, &n);

	for (uint32_t i = 0; i < n; i++) {
		const char *p = params(s[i].name);

		if (!p)
			continue;
		nboth++;
		ck_assert_msg(count(p) == s[i].nargs, "%s(%s)", s[i].name, p);
	}
	ck_assert_uint_gt(nboth, 330);
	ck_assert_str_eq(params("openat"), "int dfd, const char *filename, int flags, umode_t mode");
	ck_assert_str_eq(params("newfstat"), "unsigned int fd, struct stat *statbuf");
	ck_assert_str_eq(params("getpid"), "");
	ck_assert_ptr_null(params("openatt"));
	ck_assert_ptr_null(params("opena"));
	ck_assert_ptr_null(params(""));
	ck_assert_ptr_null(kernel_syscall_params("read\0", 5));
	ck_assert_str_eq(params("accept"), "int fd, struct sockaddr *upeer_sockaddr, int *upeer_addrlen");
	ck_assert_str_eq(params("writev"), "unsigned long fd, const struct iovec *vec, unsigned long vlen");
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("syscalls");

	tcase_add_test(t, abis_go_by_tetragons_names);
	tcase_add_test(t, calls_have_the_numbers_of_their_abi);
	tcase_add_test(t, wrong_calls_get_the_nearest_name);
	tcase_add_loop_test(t, tables_are_in_order_and_names_are_unique, 0, KERNEL_ABI_MAX);
	tcase_add_test(t, late_calls_have_one_number);
#if defined(__x86_64__)
	tcase_add_test(t, numbers_are_those_of_the_headers);
#endif
	tcase_add_test(t, prototypes_agree_with_the_table);
	return run_suite("kernel_syscalls", t);
}
