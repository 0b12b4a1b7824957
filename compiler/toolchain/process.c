// SPDX-License-Identifier: Apache-2.0
/* Running one child program and hearing what it says. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/child.h"
#include "toolchain/internal.h"

enum { OUT, ERR, NPIPES };

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
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

int process_run(struct tpc_arena *a, const char *cwd, const char *const *argv, struct process_result *ret)
{
	/* What a policy asks for may be more than clang can optimise: then it is clang that ends, not the machine. */
	const struct child_how how = {
		.argv = argv, .cwd = cwd, .memory = PROCESS_MEMORY_MAX, .cpu = PROCESS_CPU_MAX
	};
	uint64_t start = now_ns();
	struct child child;
	int r;

	memset(ret, 0, sizeof(*ret));
	ret->out = ret->err = "";
	r = child_start(a, &how, &child);
	if (!r) {
		drain(a, (int[NPIPES]){ child.out, child.err }, ret);
		close(child.out);
		close(child.err);
		r = child_wait(&child, &ret->status);
	}
	ret->wall_ns = now_ns() - start;
	return r;
}
