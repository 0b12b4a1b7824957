// SPDX-License-Identifier: Apache-2.0
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FDS_FIRST 3  /* after standard error */
#define FDS_AWAY 100 /* above all that a child is given */

bool child_is_program(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode) && !access(path, X_OK);
}

const char *child_find(struct tpc_arena *a, const char *name)
{
	const char *dirs = getenv("PATH");

	while (dirs && *dirs) {
		const char *end = strchrnul(dirs, ':');
		const char *path = tpc_sprintf(a, "%.*s/%s", (int)(end - dirs), dirs, name);

		if (*dirs == '/' && child_is_program(path))
			return path;
		dirs = *end ? end + 1 : end;
	}
	return NULL;
}

/*
 * The child sees only what it needs to start: variables such as CPATH or CCC_OVERRIDE_OPTIONS would change
 * what clang makes of the same input.
 */
static char **child_env(struct tpc_arena *a)
{
	static const char *const kept[] = { "PATH", "LD_LIBRARY_PATH" };
	char **env = tpc_new_array(a, char *, 4);
	unsigned n = 0;

	for (unsigned i = 0; i < 2; i++) {
		const char *v = getenv(kept[i]);

		if (v)
			env[n++] = tpc_sprintf(a, "%s=%s", kept[i], v);
	}
	env[n] = tpc_strdup(a, "LC_ALL=C");
	return env;
}

/* ---- between fork() and execve(): nothing here may allocate ---- */

/* First out of each other's way, then to where they are wanted. */
static bool place_fds(const struct child_how *how, int in, int out, int err)
{
	int from[FDS_FIRST + CHILD_FDS_MAX] = { in, out, err };
	uint32_t n = FDS_FIRST + how->nfds;

	for (uint32_t i = 0; i < how->nfds; i++)
		from[FDS_FIRST + i] = how->fds[i];
	for (uint32_t i = 0; i < n; i++)
		if ((from[i] = fcntl(from[i], F_DUPFD_CLOEXEC, FDS_AWAY)) < 0)
			return false;
	for (uint32_t i = 0; i < n; i++)
		if (dup2(from[i], (int)i) < 0)
			return false;
	/* Ours are all closed by execve(); what a caller left open is not the child's business either. */
	close_range(n, ~0U, CLOSE_RANGE_CLOEXEC);
	return true;
}

static bool limit(int what, uint64_t most)
{
	const struct rlimit l = { most, most };

	return !most || !setrlimit(what, &l);
}

/* What the caller ignores or blocks is not the child's business. */
static void reset_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

struct start {
	const struct child_how *how;
	char **env;
	pid_t parent;
	int out[2], err[2], said[2]; /* said: errno, when it comes to no execve() */
};

static _Noreturn void become(const struct start *s)
{
	int in = open("/dev/null", O_RDONLY | O_CLOEXEC), said = fcntl(s->said[1], F_DUPFD_CLOEXEC, FDS_AWAY),
	    err;

	reset_signals();
	if (in >= 0 && said >= 0 && !prctl(PR_SET_PDEATHSIG, SIGKILL) && getppid() == s->parent &&
	    place_fds(s->how, in, s->out[1], s->err[1]) && limit(RLIMIT_AS, s->how->memory) &&
	    limit(RLIMIT_CPU, s->how->cpu) && (!s->how->cwd || !chdir(s->how->cwd)))
		execve(s->how->argv[0], (char *const *)s->how->argv, s->env);
	err = errno;
	/* If even that cannot be said, the end of the pipe with status 127 says enough. */
	if (write(said, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

/* ---- the parent ---- */

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* 0 once it is the program, -errno of what went wrong before. */
static int hear(const struct start *s, pid_t pid)
{
	int err = 0;
	ssize_t n;

	do
		n = read(s->said[0], &err, sizeof(err));
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return 0;
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return n == sizeof(err) && err ? -err : -EIO;
}

static int fork_it(struct start *s, pid_t *ret)
{
	pid_t pid;

	if (pipe2(s->out, O_CLOEXEC) || pipe2(s->err, O_CLOEXEC) || pipe2(s->said, O_CLOEXEC))
		return -errno;
	s->parent = getpid();
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0)
		become(s);
	close_fd(&s->out[1]);
	close_fd(&s->err[1]);
	close_fd(&s->said[1]);
	*ret = pid;
	return hear(s, pid);
}

int child_start(struct tpc_arena *a, const struct child_how *how, struct child *ret)
{
	struct start s = {
		.how = how, .env = child_env(a), .out = { -1, -1 }, .err = { -1, -1 }, .said = { -1, -1 }
	};
	int r = how->nfds > CHILD_FDS_MAX ? -EINVAL : fork_it(&s, &ret->pid);

	close_fd(&s.said[0]);
	close_fd(&s.said[1]);
	close_fd(&s.out[1]);
	close_fd(&s.err[1]);
	if (r) {
		close_fd(&s.out[0]);
		close_fd(&s.err[0]);
	}
	ret->out = s.out[0];
	ret->err = s.err[0];
	return r;
}

int child_wait(const struct child *c, int *status)
{
	while (waitpid(c->pid, status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}
