// SPDX-License-Identifier: Apache-2.0
/* Child programs: what they are given, and that they do not outlive who started them. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "suite.h"

static struct tpc_arena *arena;

static void setup(void)
{
	arena = tpc_arena_new((size_t)1 << 20);
	ck_assert_ptr_nonnull(arena);
}

static void teardown(void)
{
	tpc_arena_free(arena);
}

/* What /bin/sh prints of @script, with @how's other members. */
static const char *said(struct child_how how, const char *script, int *status)
{
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };
	static char text[4096];
	struct child c;
	size_t len = 0;
	ssize_t n;

	how.argv = argv;
	ck_assert_int_eq(child_start(arena, &how, &c), 0);
	while ((n = read(c.out, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	close(c.out);
	close(c.err);
	ck_assert_int_eq(child_wait(&c, status), 0);
	return text;
}

START_TEST(has_what_it_is_given)
{
	int fds[2], given[2], status;

	setenv("CPATH", "/nowhere", 1);
	ck_assert_int_eq(pipe(fds), 0); /* inherited by whoever asks for less */
	ck_assert_int_eq(write(fds[1], "word\n", 5), 5);
	close(fds[1]);
	given[0] = open("/dev/null", O_RDONLY);
	given[1] = fds[0];
	ck_assert_str_eq(said((struct child_how){ .fds = given, .nfds = 2, .cwd = "/" },
			      "read x <&4; echo $x; pwd; echo ${CPATH-none}; cat; ls /proc/$$/fd; true",
			      &status),
			 "word\n/\nnone\n0\n1\n2\n3\n4\n");
	ck_assert_int_eq(status, 0);
	close(given[0]);
	close(given[1]);
}
END_TEST

START_TEST(ends_as_it_says)
{
	int status;

	said((struct child_how){ 0 }, "exit 7", &status);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	said((struct child_how){ .cpu = 1 }, "while :; do :; done", &status);
	ck_assert(WIFSIGNALED(status));
	ck_assert_str_eq(said((struct child_how){ .memory = 64 << 20 }, "ulimit -v", &status), "65536\n");
}
END_TEST

START_TEST(says_why_there_is_none)
{
	const char *const nothing[] = { "/nonexistent/program", NULL }, *const folder[] = { "/tmp", NULL },
			  *const sh[] = { "/bin/sh", NULL };
	struct child c;

	ck_assert_int_eq(child_start(arena, &(struct child_how){ .argv = nothing }, &c), -ENOENT);
	ck_assert_int_eq(child_start(arena, &(struct child_how){ .argv = folder }, &c), -EACCES);
	ck_assert_int_eq(child_start(arena, &(struct child_how){ .argv = sh, .cwd = "/nonexistent" }, &c),
			 -ENOENT);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
}
END_TEST

START_TEST(is_found_in_path)
{
	setenv("PATH", "relative::/nonexistent:/bin", 1);
	ck_assert_str_eq(child_find(arena, "sh"), "/bin/sh");
	ck_assert_ptr_null(child_find(arena, "no-such-program"));
	setenv("PATH", "", 1);
	ck_assert_ptr_null(child_find(arena, "sh"));
	unsetenv("PATH");
	ck_assert_ptr_null(child_find(arena, "sh"));
	ck_assert(!child_is_program("/bin"));
	ck_assert(!child_is_program("/etc/passwd"));
}
END_TEST

/* The grandchild becomes ours when its parent is killed, and is dead already. */
START_TEST(dies_with_who_started_it)
{
	const char *const argv[] = { "/bin/sh", "-c", "kill -9 $PPID; while :; do :; done", NULL };
	const struct child_how how = { .argv = argv };
	struct child c;
	int status, n = 0;
	pid_t pid;

	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	pid = fork();
	if (pid == 0) {
		child_start(arena, &how, &c);
		pause();
		_exit(0);
	}
	while (wait(&status) > 0) {
		ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		n++;
	}
	ck_assert_int_eq(n, 2);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("child");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, has_what_it_is_given);
	tcase_add_test(t, ends_as_it_says);
	tcase_add_test(t, says_why_there_is_none);
	tcase_add_test(t, is_found_in_path);
	tcase_add_test(t, dies_with_who_started_it);
	return run_suite("child", t);
}
