// SPDX-License-Identifier: Apache-2.0
/* Formats of tracepoints: from files as tracefs has them, from tables, from BTF. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel_sample.h"
#include "suite.h"

#define COMMON                                                                                               \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"                               \
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"                               \
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"                       \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
#define HEAD "name: x\nID: 312\nformat:\n" COMMON
#define TAIL "\nprint fmt: \"field:%s\", REC->x\n\tfield:int no;\toffset:8;\tsize:4;\tsigned:1;\n"

static struct tpc_arena *a;
static char *folder;

static void setup(void)
{
	a = tpc_arena_new(8 << 20);
	ck_assert_ptr_nonnull(a);
	folder = sample_folder();
}

static void teardown(void)
{
	sample_folder_remove(folder);
	tpc_arena_free(a);
}

static struct kernel *open_with(const char *btf, const char *tracefs)
{
	struct kernel_opts o = { .btf = btf, .tracefs = tracefs };
	struct kernel *k;

	ck_assert_int_eq(kernel_open(&k, &o), 0);
	return k;
}

static void write_format(const char *event, const char *text)
{
	free(sample_write(folder, tpc_sprintf(a, "events/%s/format", event), text, strlen(text)));
}

static enum kernel_answer find(struct kernel *k, const char *subsystem, const char *event,
			       struct kernel_format *ret)
{
	return kernel_find_tracepoint(k, a, subsystem, event, ret);
}

static void expect_field(const struct kernel_format *f, uint32_t i, const char *want)
{
	const struct kernel_field *x = &f->fields.items[i];

	ck_assert_uint_lt(i, f->fields.len);
	ck_assert_str_eq(tpc_sprintf(a, "%s|%s %u+%u%s %s", x->type, x->name, x->offset, x->size,
				     x->is_signed ? "s" : "", x->word ? x->word : "-"),
			 want);
}

START_TEST(format_files_are_read)
{
	struct kernel *k = open_with(NULL, folder);
	struct kernel_format f;

	write_format("sched/sched_process_exec",
		     HEAD "\tfield:__data_loc char[] filename;\toffset:8;\tsize:4;\tsigned:0;\n"
			  "\tfield:pid_t pid;\toffset:12;\tsize:4;\tsigned:1;\n"
			  "\tfield:char comm[16];\toffset:16;\tsize:16;\tsigned:0;\n"
			  "\tfield:const char * text;\toffset:32;\tsize:8;\tsigned:0;\n"
			  "\tfield:struct page * page;\toffset:40;\tsize:8;\tsigned:0;\n"
			  "\tfield:size_t n;\toffset:48;\tsize:8;\tsigned:0;\n"
			  "\tfield:__rel_loc char[] rel;\toffset:56;\tsize:4;\tsigned:0;\n"
			  "\tfield:u8 grid[2][4];\toffset:60;\tsize:8;\tsigned:0;\n"
			  "\tfield:struct in6_addr addr;\toffset:68;\tsize:16;\tsigned:0;\n" TAIL);
	ck_assert_int_eq(find(k, "sched", "sched_process_exec", &f), KERNEL_YES);
	ck_assert(f.from_tracefs);
	ck_assert_uint_eq(f.fields.len, 13);
	expect_field(&f, 0, "unsigned short|common_type 0+2 uint16");
	expect_field(&f, 3, "int|common_pid 4+4s int32");
	expect_field(&f, 4, "__data_loc char[]|filename 8+4 data_loc");
	expect_field(&f, 5, "pid_t|pid 12+4s int32");
	expect_field(&f, 6, "char [16]|comm 16+16 const_buf");
	expect_field(&f, 7, "const char *|text 32+8 string");
	expect_field(&f, 8, "struct page *|page 40+8 -");
	expect_field(&f, 9, "size_t|n 48+8 size_t");
	expect_field(&f, 10, "__rel_loc char[]|rel 56+4 -");
	expect_field(&f, 11, "u8 [2][4]|grid 60+8 const_buf");
	expect_field(&f, 12, "struct in6_addr|addr 68+16 -");
	ck_assert_int_eq(find(k, "sched", "sched_switch", &f), KERNEL_NO);
	ck_assert_int_eq(find(k, "sched", "sched_process_exec/format", &f), KERNEL_NO);
	kernel_close(k);
}
END_TEST

START_TEST(names_lead_to_nothing_else)
{
	static const char *const bad[] = { "..",	".",   "",     "../sched",
					   "a/b",	"a b", "a\nb", "../events/sched",
					   "../sched/x" };
	struct kernel *k = open_with(NULL, folder);
	struct kernel_format f;

	write_format("sched/x", HEAD);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_eq(find(k, bad[i], "x", &f), KERNEL_NO);
		ck_assert_int_eq(find(k, "sched", bad[i], &f), KERNEL_NO);
		ck_assert_ptr_null(kernel_near_tracepoint(k, a, bad[i], "x"));
	}
	kernel_close(k);
}
END_TEST

/* What exists but makes no sense is not taken for a format. */
START_TEST(broken_formats_are_not_believed)
{
	static const char *const texts[] = {
		"",
		"\n\n",
		"name: x\nID: 1\nformat:\n",
		"\tfield:int a;\toffset:8;\n",
		"\tfield:int a;\tsize:8;\n",
		"\tfield:int a\n",
		"\tfield:int a;\toffset:;\tsize:4;\n",
		"\tfield:int a;\toffset:99999999999;\tsize:4;\n",
		"\tfield:int a;\toffset:8;\tsize:70000;\n",
		"\tfield:int a;\toffset:-8;\tsize:4;\n",
	};
	struct kernel *k = open_with(NULL, folder);
	struct kernel_format f;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		write_format("sched/x", texts[i]);
		ck_assert_msg(find(k, "sched", "x", &f) == KERNEL_EXISTS, "%zu", i);
		ck_assert_uint_eq(f.fields.len, 0);
	}
	kernel_close(k);
}
END_TEST

START_TEST(strange_fields_do_no_harm)
{
	static const char *const fields[] = { "",   " ",   "]",	    "[", "x",	   "[4]",
					      "a]", "a[4", "a[][]", "*", "char *", "\xff" };
	struct kernel *k = open_with(NULL, folder);
	struct kernel_format f;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		write_format("sched/x",
			     tpc_sprintf(a, "\tfield:%s;\toffset:0;\tsize:4;\tsigned:1;\n", fields[i]));
		ck_assert_int_eq(find(k, "sched", "x", &f), KERNEL_YES);
		ck_assert_uint_eq(f.fields.len, 1);
	}
	kernel_close(k);
}
END_TEST

START_TEST(large_files_and_others_are_refused)
{
	struct kernel *k = open_with(NULL, folder);
	const char *line = "\tfield:int a;\toffset:8;\tsize:4;\tsigned:1;\n";
	size_t len = (size_t)1 << 20;
	char *big = malloc(len);
	struct kernel_format f;

	memset(big, '\n', len);
	free(sample_write(folder, "events/sched/big/format", big, len));
	ck_assert_int_eq(find(k, "sched", "big", &f), KERNEL_EXISTS);
	for (size_t i = 0; i + strlen(line) < 64 << 10; i += strlen(line))
		memcpy(big + i, line, strlen(line));
	free(sample_write(folder, "events/sched/many/format", big, 64 << 10));
	ck_assert_int_eq(find(k, "sched", "many", &f), KERNEL_EXISTS);
	/* A pipe that nobody writes to. */
	free(sample_write(folder, "events/sched/pipe/x", "", 0));
	ck_assert_int_eq(mkfifo(tpc_sprintf(a, "%s/events/sched/pipe/format", folder), 0600), 0);
	ck_assert_int_eq(find(k, "sched", "pipe", &f), KERNEL_UNKNOWN);
	kernel_close(k);
	free(big);
}
END_TEST

START_TEST(near_events_are_found_in_tracefs)
{
	struct kernel *k = open_with(NULL, folder);

	write_format("sched/sched_process_exec", HEAD);
	write_format("sched/sched_switch", HEAD);
	write_format("skb/kfree_skb", HEAD);
	ck_assert_str_eq(kernel_near_tracepoint(k, a, "sched", "sched_swich"), "sched/sched_switch");
	ck_assert_str_eq(kernel_near_tracepoint(k, a, "shed", "sched_switch"), "sched/sched_switch");
	ck_assert_ptr_null(kernel_near_tracepoint(k, a, "shed", "no_such_event"));
	ck_assert_ptr_null(kernel_near_tracepoint(k, a, "sched", "kfree_skb"));
	kernel_close(k);
}
END_TEST

START_TEST(system_calls_are_known_without_tracefs)
{
	struct kernel *k = open_with(NULL, "/nowhere");
	struct kernel_format f;

	ck_assert_int_eq(find(k, "syscalls", "sys_enter_openat", &f), KERNEL_YES);
	ck_assert(!f.from_tracefs);
	ck_assert_uint_eq(f.fields.len, 9);
	expect_field(&f, 4, "int|__syscall_nr 8+4s int32");
	expect_field(&f, 5, "int|dfd 16+8 uint64");
	expect_field(&f, 6, "const char *|filename 24+8 string");
	expect_field(&f, 8, "umode_t|mode 40+8 uint64");
	ck_assert_int_eq(find(k, "syscalls", "sys_exit_openat", &f), KERNEL_YES);
	ck_assert_uint_eq(f.fields.len, 6);
	expect_field(&f, 5, "long|ret 16+8s int64");
	ck_assert_int_eq(find(k, "syscalls", "sys_enter_getpid", &f), KERNEL_YES);
	ck_assert_uint_eq(f.fields.len, 5);
	ck_assert_int_eq(find(k, "syscalls", "sys_enter_opanat", &f), KERNEL_UNKNOWN);
	ck_assert_int_eq(find(k, "syscalls", "openat", &f), KERNEL_NO);
	ck_assert_int_eq(find(k, "sched", "sched_switch", &f), KERNEL_UNKNOWN);
	ck_assert_str_eq(kernel_near_tracepoint(k, a, "syscalls", "sys_enter_opanat"),
			 "syscalls/sys_enter_openat");
	ck_assert_ptr_null(kernel_near_tracepoint(k, a, "syscalls", "something"));
	kernel_close(k);
}
END_TEST

START_TEST(btf_knows_what_tracefs_does_not_tell)
{
	struct btf *b = sample_btf();
	char *path = sample_write_btf(folder, "vmlinux", b);
	struct kernel *k = open_with(path, NULL);
	struct kernel_format f;

	ck_assert_int_eq(find(k, "sched", "sched_process_exec", &f), KERNEL_YES);
	ck_assert_uint_eq(f.fields.len, 6);
	expect_field(&f, 4, "__data_loc|filename 8+4 data_loc");
	expect_field(&f, 5, "int|pid 12+4s int32");
	ck_assert_int_eq(find(k, "sched", "sched_wakeup", &f), KERNEL_EXISTS);
	ck_assert_uint_eq(f.fields.len, 0);
	ck_assert_int_eq(find(k, "sched", "sched_nothing", &f), KERNEL_UNKNOWN);
	ck_assert_str_eq(kernel_near_tracepoint(k, a, "sched", "sched_wakup"), "sched/sched_wakeup");
	/* With BTF it is known which system calls there are. */
	ck_assert_int_eq(find(k, "syscalls", "sys_enter_openat", &f), KERNEL_YES);
	ck_assert_int_eq(find(k, "syscalls", "sys_enter_getpid", &f), KERNEL_YES);
	ck_assert_int_eq(find(k, "syscalls", "sys_enter_open", &f), KERNEL_NO);
	ck_assert_int_eq(find(k, "syscalls", "sys_enter_unheard_of", &f), KERNEL_EXISTS);
	kernel_close(k);
	btf__free(b);
	free(path);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("tracefs");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, format_files_are_read);
	tcase_add_test(t, names_lead_to_nothing_else);
	tcase_add_test(t, broken_formats_are_not_believed);
	tcase_add_test(t, strange_fields_do_no_harm);
	tcase_add_test(t, large_files_and_others_are_refused);
	tcase_add_test(t, near_events_are_found_in_tracefs);
	tcase_add_test(t, system_calls_are_known_without_tracefs);
	tcase_add_test(t, btf_knows_what_tracefs_does_not_tell);
	return run_suite("kernel_tracefs", t);
}
