// SPDX-License-Identifier: Apache-2.0
/*
 * tpc-trigger COMMAND ARGUMENTS...: makes one system call, or a few, in a way that the cases can rely on.
 * Static, so that nothing but the wanted call opens a file. Exits with 0, or with errno of the call
 * that failed. Commands that take COMMAND... run it in the same process, without an exec.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(int argc, char **argv);

static int failed(int ret)
{
	return ret < 0 ? errno : 0;
}

static int open_flags(const char *text)
{
	static const struct {
		const char *name;
		int flags;
	} names[] = {
		{ "r", O_RDONLY },
		{ "w", O_WRONLY },
		{ "rw", O_RDWR },
		{ "a", O_WRONLY | O_APPEND },
		{ "creat", O_WRONLY | O_CREAT | O_TRUNC },
		{ "path", O_PATH },
		{ "dir", O_RDONLY | O_DIRECTORY },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(names[i].name, text)) {
			return names[i].flags;
		}
	}
	return (int)strtol(text, NULL, 0);
}

/* open PATH [FLAGS]: openat(2) with that very string. */
static int cmd_open(int argc, char **argv)
{
	int fd = openat(AT_FDCWD, argv[1], argc > 2 ? open_flags(argv[2]) : O_RDONLY, 0644);

	return failed(fd);
}

/* write PATH TEXT: opens for writing without truncation, writes at the start. */
static int cmd_write(int argc, char **argv)
{
	int fd = open(argv[1], O_WRONLY);

	(void)argc;
	if (fd < 0) {
		return errno;
	}
	return failed((int)write(fd, argv[2], strlen(argv[2])));
}

/* read PATH: prints the file's first 4096 bytes. */
static int cmd_read(int argc, char **argv)
{
	char buf[4096];
	ssize_t n;
	int fd = open(argv[1], O_RDONLY);

	(void)argc;
	if (fd < 0) {
		return errno;
	}
	n = read(fd, buf, sizeof(buf));
	return n < 0 ? errno : failed((int)write(1, buf, (size_t)n));
}

/* syscall NR [INTEGER|@STRING...]: any system call; @ gives the address of the rest. */
static int cmd_syscall(int argc, char **argv)
{
	long arg[7] = { 0 };

	for (int i = 1; i < argc && i <= 7; i++) {
		arg[i - 1] = argv[i][0] == '@' ? (long)(argv[i] + 1) : (long)strtoull(argv[i], NULL, 0);
		if (argv[i][0] == '-') {
			arg[i - 1] = strtol(argv[i], NULL, 0);
		}
	}
	return failed(syscall(arg[0], arg[1], arg[2], arg[3], arg[4], arg[5], arg[6]) == -1 ? -1 : 0);
}

/* exec PROGRAM [ARG...]: replaces this process. */
static int cmd_exec(int argc, char **argv)
{
	(void)argc;
	execv(argv[1], argv + 1);
	return errno;
}

/* fork COMMAND...: a child that does not exec runs COMMAND; ends as the child ended. */
static int cmd_fork(int argc, char **argv)
{
	int status;
	pid_t pid = fork();

	if (pid < 0) {
		return errno;
	}
	if (pid == 0) {
		_exit(run(argc - 1, argv + 1));
	}
	if (waitpid(pid, &status, 0) < 0) {
		return errno;
	}
	if (WIFSIGNALED(status)) {
		kill(getpid(), WTERMSIG(status));
	}
	return WEXITSTATUS(status);
}

struct threaded {
	int argc, ret;
	char **argv;
};

static void *thread_main(void *p)
{
	struct threaded *t = p;

	t->ret = run(t->argc, t->argv);
	return NULL;
}

/* thread COMMAND...: in a second thread, while the first waits. */
static int cmd_thread(int argc, char **argv)
{
	struct threaded t = { argc - 1, 0, argv + 1 };
	pthread_t id;
	int err = pthread_create(&id, NULL, thread_main, &t);

	if (err) {
		return err;
	}
	pthread_join(id, NULL);
	return t.ret;
}

/* fill PATH COUNT: writes COUNT times 'x' with one call. */
static int cmd_fill(int argc, char **argv)
{
	size_t n = strtoul(argv[2], NULL, 0);
	char *buf = malloc(n);
	int fd = open(argv[1], O_WRONLY);

	(void)argc;
	if (fd < 0 || !buf) {
		return errno;
	}
	memset(buf, 'x', n);
	return failed((int)write(fd, buf, n));
}

/* when FILE COMMAND...: waits until FILE is there, without opening it, then runs COMMAND. */
static int cmd_when(int argc, char **argv)
{
	while (access(argv[1], F_OK)) {
		usleep(20000);
	}
	return run(argc - 2, argv + 2);
}

/* chroot FOLDER COMMAND... */
static int cmd_chroot(int argc, char **argv)
{
	if (chroot(argv[1]) || chdir("/")) {
		return errno;
	}
	return run(argc - 2, argv + 2);
}

static volatile sig_atomic_t caught;

static void on_signal(int sig)
{
	caught = sig;
}

/* catch SIGNAL COMMAND...: exits with 100 + SIGNAL when it came during COMMAND. */
static int cmd_catch(int argc, char **argv)
{
	int ret;

	signal((int)strtol(argv[1], NULL, 0), on_signal);
	ret = run(argc - 2, argv + 2);
	return caught ? 100 + caught : ret;
}

static int cmd_truncate(int argc, char **argv)
{
	(void)argc;
	return failed(truncate(argv[1], strtol(argv[2], NULL, 0)));
}

static int cmd_unlink(int argc, char **argv)
{
	(void)argc;
	return failed(unlink(argv[1]));
}

static int cmd_mkdir(int argc, char **argv)
{
	(void)argc;
	return failed(mkdir(argv[1], 0755));
}

static int cmd_rename(int argc, char **argv)
{
	(void)argc;
	return failed(rename(argv[1], argv[2]));
}

static int cmd_chdir(int argc, char **argv)
{
	if (chdir(argv[1])) {
		return errno;
	}
	return argc > 2 ? run(argc - 2, argv + 2) : 0;
}

/* times N COMMAND...: N times, for counts; stops at the first failure. */
static int cmd_times(int argc, char **argv)
{
	int ret = 0;

	for (long n = strtol(argv[1], NULL, 0); n > 0 && !ret; n--) {
		ret = run(argc - 2, argv + 2);
	}
	return ret;
}

static int namespace_flag(const char *text)
{
	static const struct {
		const char *name;
		int flag;
	} names[] = {
		{ "mnt", CLONE_NEWNS },	   { "uts", CLONE_NEWUTS }, { "ipc", CLONE_NEWIPC },
		{ "pid", CLONE_NEWPID },   { "net", CLONE_NEWNET }, { "cgroup", 0x02000000 },
		{ "user", CLONE_NEWUSER }, { "time", 0x00000080 },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(names[i].name, text)) {
			return names[i].flag;
		}
	}
	return 0;
}

/* unshare KIND COMMAND...: in a new namespace of that kind; of pid and time the children are. */
static int cmd_unshare(int argc, char **argv)
{
	if (unshare(namespace_flag(argv[1]))) {
		return errno;
	}
	return run(argc - 2, argv + 2);
}

static int set_caps(unsigned long long effective, unsigned long long permitted,
		    unsigned long long inheritable)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	for (int i = 0; i < 2; i++) {
		data[i].effective = (__u32)(effective >> 32 * i);
		data[i].permitted = (__u32)(permitted >> 32 * i);
		data[i].inheritable = (__u32)(inheritable >> 32 * i);
	}
	return failed((int)syscall(SYS_capset, &head, data));
}

/* capset EFFECTIVE PERMITTED INHERITABLE [COMMAND...]: masks of capabilities. */
static int cmd_capset(int argc, char **argv)
{
	int ret =
		set_caps(strtoull(argv[1], NULL, 0), strtoull(argv[2], NULL, 0), strtoull(argv[3], NULL, 0));

	return ret || argc == 4 ? ret : run(argc - 4, argv + 4);
}

/* setuid NUMBER COMMAND...: all three user ids. */
static int cmd_setuid(int argc, char **argv)
{
	if (setresuid((uid_t)atoi(argv[1]), (uid_t)atoi(argv[1]), (uid_t)atoi(argv[1]))) {
		return errno;
	}
	return run(argc - 2, argv + 2);
}

/* perf TYPE CONFIG: perf_event_open(2) of this process. */
static int cmd_perf(int argc, char **argv)
{
	struct perf_event_attr attr = { .size = sizeof(attr) };

	(void)argc;
	attr.type = (__u32)strtoul(argv[1], NULL, 0);
	attr.config = strtoull(argv[2], NULL, 0);
	return failed((int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0));
}

/* then COMMAND1... -- COMMAND2...: one after the other, whatever becomes of the first. */
static int cmd_then(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--")) {
			run(i - 1, argv + 1);
			return run(argc - i - 1, argv + i + 1);
		}
	}
	return 125;
}

static const struct {
	const char *name;
	int min_args;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "open", 1, cmd_open },	 { "write", 2, cmd_write },   { "read", 1, cmd_read },
	{ "syscall", 1, cmd_syscall },	 { "exec", 1, cmd_exec },     { "fork", 1, cmd_fork },
	{ "when", 2, cmd_when },	 { "chroot", 2, cmd_chroot }, { "catch", 2, cmd_catch },
	{ "truncate", 2, cmd_truncate }, { "unlink", 1, cmd_unlink }, { "mkdir", 1, cmd_mkdir },
	{ "rename", 2, cmd_rename },	 { "chdir", 1, cmd_chdir },   { "times", 2, cmd_times },
	{ "thread", 1, cmd_thread },	 { "fill", 2, cmd_fill },     { "unshare", 2, cmd_unshare },
	{ "capset", 3, cmd_capset },	 { "setuid", 2, cmd_setuid }, { "perf", 2, cmd_perf },
	{ "then", 3, cmd_then },
};

static int run(int argc, char **argv)
{
	for (size_t i = 0; argc > 0 && i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (!strcmp(commands[i].name, argv[0]) && argc > commands[i].min_args) {
			return commands[i].run(argc, argv);
		}
	}
	fprintf(stderr, "tpc-trigger: unknown command or too few arguments: %s\n", argc ? argv[0] : "");
	return 125;
}

int main(int argc, char **argv)
{
	return run(argc - 1, argv + 1);
}
