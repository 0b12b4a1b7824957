// SPDX-License-Identifier: Apache-2.0
/*
 * What bench/event makes the guest do: opens and closes PATH, BATCHES times CALLS, and prints the time of the fastest
 * batch in nanoseconds: under qemu -icount shift=0 an instruction is one. A batch is much shorter than the timer's
 * period: the fastest is one that no interrupt and no refill of the kernel's caches fell into, and it is the
 * same to within an instruction or two a call whatever came before.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static unsigned long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (unsigned long long)t.tv_sec * 1000000000U + (unsigned long long)t.tv_nsec;
}

/* 0, or -1 when the file cannot be opened. */
static int open_and_close(const char *path, unsigned long calls)
{
	for (unsigned long i = 0; i < calls; i++) {
		int fd = open(path, O_RDONLY);

		if (fd < 0)
			return -1;
		close(fd);
	}
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long long best = ~0ULL;
	unsigned long batches, calls;

	if (argc != 4) {
		fprintf(stderr, "Usage: %s PATH BATCHES CALLS\n", argv[0]);
		return 2;
	}
	batches = strtoul(argv[2], NULL, 10);
	calls = strtoul(argv[3], NULL, 10);
	for (unsigned long i = 0; i < batches; i++) {
		unsigned long long start = now_ns(), ns;

		if (open_and_close(argv[1], calls)) {
			perror(argv[1]);
			return 1;
		}
		ns = now_ns() - start;
		if (ns < best)
			best = ns;
	}
	printf("%llu\n", best);
	return 0;
}
