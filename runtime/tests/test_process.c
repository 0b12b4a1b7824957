// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

#define SEC 1000000000ULL

static const struct tpc_task_id shell = { .pid = 100, .tid = 100, .start = 10 * SEC };
static const struct tpc_task_id child = { .pid = 200, .tid = 200, .start = 20 * SEC };
static struct manifest *m;
static struct process_cache *c;
static struct record r;

static void setup(void)
{
	m = support_parse();
	c = process_cache_new(NULL);
	ck_assert_ptr_nonnull(c);
}

static void teardown(void)
{
	process_cache_free(c);
	manifest_free(m);
}

static const struct process *apply(void)
{
	const struct process *p;
	struct event ev;

	record_decode(&r, m, &ev);
	p = process_cache_event(c, &ev);
	ck_assert_ptr_nonnull(p);
	return p;
}

static const struct process *exec(uint64_t time, struct tpc_task_id id, struct tpc_task_id parent,
				  const char *name)
{
	char args[] = "a\0b c\0";

	record_exec(&r, time, id, parent, 0, name, strlen(name) + 1, "tmp", 4, args, sizeof(args) - 1);
	return apply();
}

static const struct process *hook_of(uint64_t time, struct tpc_task_id id)
{
	record_hook(&r, time, id, 1, 0, TPC_DID_POST, 3);
	record_arg(&r, TPC_ARG_BYTES, 0, "x", 1);
	record_arg(&r, TPC_ARG_BYTES, 0, "y", 1);
	record_num(&r, TPC_ARG_U64, 0);
	return apply();
}

START_TEST(clone_then_exec)
{
	const struct process *p = exec(11 * SEC, shell, (struct tpc_task_id){ 0 }, "sh");

	ck_assert_str_eq(p->binary, "/sh");
	ck_assert_str_eq(p->cwd, "/tmp");
	ck_assert_str_eq(p->args, "\"b c\"");
	ck_assert_uint_eq(p->ktime, 11 * SEC);
	record_clone(&r, 20 * SEC, child, shell);
	p = apply();
	ck_assert_str_eq(p->binary, "/sh");
	ck_assert_uint_eq(p->ktime, 20 * SEC);
	ck_assert_uint_eq(p->flags, PROCESS_EXEC | PROCESS_CLONE | PROCESS_FORKED);
	ck_assert_uint_eq(p->parent->pid, 100);
	p = exec(21 * SEC, child, shell, "cat");
	ck_assert_uint_eq(p->flags, PROCESS_EXEC | PROCESS_CLONE);
	ck_assert_str_eq(p->parent->binary, "/sh");
	ck_assert_uint_eq(p->parent_ktime, 11 * SEC);
	ck_assert_ptr_eq(hook_of(22 * SEC, child), p);
}
END_TEST

START_TEST(second_exec_has_its_former_self_as_parent)
{
	const struct process *p;

	exec(11 * SEC, shell, (struct tpc_task_id){ 0 }, "sh");
	record_clone(&r, 20 * SEC, child, shell);
	apply();
	exec(21 * SEC, child, shell, "env");
	p = exec(22 * SEC, child, shell, "cat");
	ck_assert_uint_eq(p->flags, PROCESS_EXEC);
	ck_assert_uint_eq(p->parent->pid, 200);
	ck_assert_str_eq(p->parent->binary, "/env");
	ck_assert_uint_eq(p->parent->parent_pid, 100);
	/* The chain is cut there: a process that execs for ever costs no memory. */
	ck_assert_ptr_null(p->parent->parent);
}
END_TEST

START_TEST(exit_keeps_it_for_a_while)
{
	exec(11 * SEC, shell, (struct tpc_task_id){ 0 }, "sh");
	record_exit(&r, 30 * SEC, shell, 0);
	ck_assert_str_eq(apply()->binary, "/sh");
	ck_assert_str_eq(hook_of(31 * SEC, shell)->binary, "/sh");
	ck_assert_uint_eq(process_cache_size(c), 1);
	record_exit(&r, 32 * SEC, shell, 0); /* twice: not queued again */
	apply();
	exec(60 * SEC, child, (struct tpc_task_id){ 0 }, "cat");
	ck_assert_uint_eq(process_cache_size(c), 1);
	ck_assert(hook_of(61 * SEC, shell)->flags & PROCESS_UNKNOWN);
}
END_TEST

START_TEST(a_number_given_again)
{
	struct tpc_task_id again = { .pid = 100, .tid = 100, .start = 50 * SEC };

	exec(11 * SEC, shell, (struct tpc_task_id){ 0 }, "sh");
	exec(51 * SEC, again, (struct tpc_task_id){ 0 }, "new");
	ck_assert_str_eq(hook_of(52 * SEC, again)->binary, "/new");
	ck_assert_str_eq(hook_of(52 * SEC, shell)->binary, "/sh");
	record_clone(&r, 53 * SEC, child, again);
	ck_assert_str_eq(apply()->parent->binary, "/new");
	hook_of(62 * SEC, again); /* the exit of the first was missed; it goes away all the same */
	ck_assert_uint_eq(process_cache_size(c), 2);
}
END_TEST

START_TEST(parent_outlives_its_entry)
{
	const struct process *p;

	exec(11 * SEC, shell, (struct tpc_task_id){ 0 }, "sh");
	record_clone(&r, 20 * SEC, child, shell);
	apply();
	record_exit(&r, 21 * SEC, shell, 0);
	apply();
	p = hook_of(90 * SEC, child);
	ck_assert_uint_eq(process_cache_size(c), 1);
	ck_assert_str_eq(p->parent->binary, "/sh");
}
END_TEST

START_TEST(many)
{
	struct tpc_task_id id = { .start = SEC };

	for (uint32_t i = 0; i < 20000; i++) {
		id.pid = id.tid = i % 3000 + 1;
		id.start = (i + 1) * SEC / 100;
		exec(id.start, id, shell, "p");
		if (i % 2) {
			record_exit(&r, id.start + 1, id, 0);
			apply();
		}
	}
	/* All but the last 3000 numbers are gone, and those that ended within ten seconds are not. */
	ck_assert_uint_le(process_cache_size(c), 3000 + 1001 + 1);
}
END_TEST

/* ---- /proc ---- */

static void put_file(int dir, const char *name, const char *text, size_t len)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, len), (ssize_t)len);
	close(fd);
}

static void put_proc(const char *root, const char *pid, const char *stat, const char *cmdline, size_t len)
{
	char path[300];
	int dir;

	snprintf(path, sizeof(path), "%s/%s", root, pid);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	dir = open(path, O_RDONLY | O_DIRECTORY);
	put_file(dir, "stat", stat, strlen(stat));
	put_file(dir, "status", "Name:\tx\nUid:\t1000\t0\t0\t0\n", 24);
	put_file(dir, "loginuid", "4294967295", 10);
	put_file(dir, "cmdline", cmdline, len);
	if (len) {
		ck_assert_int_eq(symlinkat("/usr/bin/prog", dir, "exe"), 0);
		ck_assert_int_eq(symlinkat("/", dir, "cwd"), 0);
		ck_assert_int_eq(symlinkat("/", dir, "root"), 0);
	}
	close(dir);
}

START_TEST(proc_is_read)
{
	struct tpc_task_id old = { .pid = 41, .tid = 42, .start = 123456789 };
	struct tpc_task_id other = { .pid = 41, .tid = 41, .start = 999 * SEC };
	char root[] = "/tmp/tpc-proc-XXXXXX", cmd[300];
	struct process_cache *pc;
	const struct process *p;
	struct event ev;

	ck_assert_ptr_nonnull(mkdtemp(root));
	put_proc(root, "1", "1 (init) S 0 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 3 0", "init\0", 5);
	put_proc(root, "41", "41 (a b) c) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 12 0", "prog\0-x\0y z\0",
		 12);
	put_proc(root, "42", "garbage", "", 0);
	put_proc(root, "43", "43 (kthread) S 2 0 0 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 12 0", "", 0);
	pc = process_cache_new(root);
	process_cache_scan(pc, SEC, true);
	ck_assert_uint_eq(process_cache_size(pc), 3);
	record_exit(&r, 2 * SEC, old, 0);
	record_decode(&r, m, &ev);
	p = process_cache_event(pc, &ev);
	ck_assert_str_eq(p->binary, "/usr/bin/prog");
	ck_assert_str_eq(p->args, "-x \"y z\"");
	ck_assert_uint_eq(p->uid, 1000);
	ck_assert_uint_eq(p->auid, UINT32_MAX);
	ck_assert_uint_eq(p->ktime, 120000000);
	ck_assert_uint_eq(p->flags, PROCESS_PROCFS | PROCESS_ROOT_CWD);
	ck_assert_uint_eq(p->parent->pid, 1);
	/* The same number at another time is somebody else, about whom /proc says nothing. */
	record_exit(&r, 2 * SEC, other, 0);
	record_decode(&r, m, &ev);
	p = process_cache_event(pc, &ev);
	ck_assert_uint_eq(p->flags, PROCESS_UNKNOWN);
	process_cache_free(pc);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", root);
	ck_assert_int_eq(system(cmd), 0);
}
END_TEST

/* In a chroot: as the process sees itself. */
START_TEST(proc_in_chroot)
{
	static const struct {
		const char *exe, *cwd, *binary, *seen_cwd;
	} rows[] = {
		{ "/jail/bin/a", "/jail/tmp", "/bin/a", "/tmp" },
		{ "/jail/a", "/jail", "/a", "/" },
		{ "/jailer/a", "/", "/jailer/a", "/" }, /* opened before, from outside */
	};
	char root[] = "/tmp/tpc-proc-XXXXXX", cmd[300], path[300];
	struct process *p;
	int dir;

	ck_assert_ptr_nonnull(mkdtemp(root));
	put_proc(root, "7", "7 (a) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 12 0", "", 0);
	snprintf(path, sizeof(path), "%s/7", root);
	dir = open(path, O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(symlinkat("/jail", dir, "root"), 0);
	for (size_t i = 0; i < RT_ARRAY_LEN(rows); i++) {
		ck_assert_int_eq(symlinkat(rows[i].exe, dir, "exe"), 0);
		ck_assert_int_eq(symlinkat(rows[i].cwd, dir, "cwd"), 0);
		p = process_from_proc(root, 7);
		ck_assert_str_eq(p->binary, rows[i].binary);
		ck_assert_str_eq(p->cwd, rows[i].seen_cwd);
		process_put(p);
		unlinkat(dir, "exe", 0);
		unlinkat(dir, "cwd", 0);
	}
	close(dir);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", root);
	ck_assert_int_eq(system(cmd), 0);
}
END_TEST

START_TEST(args_line)
{
	static const struct {
		const char *argv;
		size_t len;
		const char *line;
	} rows[] = {
		{ "", 0, "" },
		{ "a", 1, "" },
		{ "a\0", 2, "" },
		{ "a\0b", 3, "b" },
		{ "a\0b\0", 4, "b" },
		{ "a\0b\0c d\0", 8, "b \"c d\"" },
		{ "a\0\0b\0", 5, "\"\" b" },
	};
	char *s;

	for (size_t i = 0; i < RT_ARRAY_LEN(rows); i++) {
		s = process_args_line(rows[i].argv, rows[i].len);
		ck_assert_str_eq(s, rows[i].line);
		free(s);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("rt_process");
	TCase *t = tcase_create("process");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, clone_then_exec);
	tcase_add_test(t, second_exec_has_its_former_self_as_parent);
	tcase_add_test(t, exit_keeps_it_for_a_while);
	tcase_add_test(t, a_number_given_again);
	tcase_add_test(t, parent_outlives_its_entry);
	tcase_add_test(t, many);
	tcase_add_test(t, proc_is_read);
	tcase_add_test(t, proc_in_chroot);
	tcase_add_test(t, args_line);
	suite_add_tcase(s, t);
	return support_run(s);
}
