// SPDX-License-Identifier: Apache-2.0
/* Running one child program and hearing what it says. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "toolchain/internal.h"

enum { OUT, ERR, NPIPES };

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
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

/* Reads both pipes until they end; what is beyond the limit is read and forgotten, so the child never blocks. */
static void drain(struct tpc_arena *a, int fds[NPIPES], struct process_result *ret)
{
	struct tpc_buf bufs[NPIPES] = { TPC_BUF(a), TPC_BUF(a) };
	struct pollfd p[NPIPES] = { { fds[OUT], POLLIN, 0 }, { fds[ERR], POLLIN, 0 } };
	char chunk[4096];

	while (p[OUT].fd >= 0 || p[ERR].fd >= 0) {
		if (poll(p, NPIPES, -1) < 0 && errno != EINTR)
			break;
		for (int i = 0; i < NPIPES; i++) {
			ssize_t n;

			if (p[i].fd < 0 || !p[i].revents)
				continue;
			n = read(p[i].fd, chunk, sizeof(chunk));
			if (n > 0 && bufs[i].len + (size_t)n <= PROCESS_ERR_MAX)
				tpc_buf_add(&bufs[i], chunk, (size_t)n);
			if (n == 0 || (n < 0 && errno != EINTR))
				p[i].fd = -1;
		}
	}
	ret->out = tpc_buf_text(&bufs[OUT]);
	ret->err = tpc_buf_text(&bufs[ERR]);
}

/*
 * What a policy asks for may be more than clang can optimise: then it is clang that ends, and not the machine.
 * Set just after the start, long before a child has come near either limit.
 */
static void limit(pid_t pid)
{
	const struct rlimit memory = { PROCESS_MEMORY_MAX, PROCESS_MEMORY_MAX };
	const struct rlimit cpu = { PROCESS_CPU_MAX, PROCESS_CPU_MAX };

	prlimit(pid, RLIMIT_AS, &memory, NULL);
	prlimit(pid, RLIMIT_CPU, &cpu, NULL);
}

static int spawn(struct tpc_arena *a, const char *cwd, const char *const *argv, const int wr[NPIPES],
		 pid_t *ret)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	sigset_t none, pipes;
	int err;

	err = posix_spawn_file_actions_init(&fa);
	if (err)
		return -err;
	err = posix_spawnattr_init(&attr);
	if (err) {
		posix_spawn_file_actions_destroy(&fa);
		return -err;
	}
	/* What the caller ignores or blocks is not the child's business. */
	sigemptyset(&none);
	sigemptyset(&pipes);
	sigaddset(&pipes, SIGPIPE);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &pipes);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

	err = posix_spawn_file_actions_addopen(&fa, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (!err)
		err = posix_spawn_file_actions_adddup2(&fa, wr[OUT], STDOUT_FILENO);
	if (!err)
		err = posix_spawn_file_actions_adddup2(&fa, wr[ERR], STDERR_FILENO);
	if (!err && cwd)
		err = posix_spawn_file_actions_addchdir_np(&fa, cwd);
	if (!err)
		err = posix_spawn(ret, argv[0], &fa, &attr, (char *const *)argv, child_env(a));
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&fa);
	return -err;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int process_run(struct tpc_arena *a, const char *cwd, const char *const *argv, struct process_result *ret)
{
	int out[2] = { -1, -1 }, err[2] = { -1, -1 }, r = 0;
	uint64_t start = now_ns();
	pid_t pid;

	memset(ret, 0, sizeof(*ret));
	ret->out = ret->err = "";
	if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC)) {
		r = -errno;
	} else {
		r = spawn(a, cwd, argv, (int[NPIPES]){ out[1], err[1] }, &pid);
		close_fd(&out[1]);
		close_fd(&err[1]);
		if (!r) {
			limit(pid);
			drain(a, (int[NPIPES]){ out[0], err[0] }, ret);
			while (waitpid(pid, &ret->status, 0) < 0 && !r)
				r = errno == EINTR ? 0 : -errno;
		}
	}
	close_fd(&out[0]);
	close_fd(&out[1]);
	close_fd(&err[0]);
	close_fd(&err[1]);
	ret->wall_ns = now_ns() - start;
	return r;
}
