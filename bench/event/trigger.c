// SPDX-License-Identifier: Apache-2.0
/*
 * What bench/event makes the guest do: opens and closes PATH, BATCHES times CALLS, and prints the median time of a
 * batch in nanoseconds: under qemu -icount shift=0 an instruction is one. A batch is much shorter than the timer's
 * period, so the median is one that no interrupt fell into.
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

static int compare(const void *a, const void *b)
{
	unsigned long long x = *(const unsigned long long *)a, y = *(const unsigned long long *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	unsigned long batches, calls;
	unsigned long long *ns;

	if (argc != 4) {
		fprintf(stderr, "Usage: %s PATH BATCHES CALLS\n", argv[0]);
		return 2;
	}
	batches = strtoul(argv[2], NULL, 10);
	calls = strtoul(argv[3], NULL, 10);
	ns = calloc(batches ? batches : 1, sizeof(*ns));
	if (!ns)
		return 1;
	for (unsigned long i = 0; i < batches; i++) {
		unsigned long long start = now_ns();

		if (open_and_close(argv[1], calls)) {
			perror(argv[1]);
			return 1;
		}
		ns[i] = now_ns() - start;
	}
	qsort(ns, batches, sizeof(*ns), compare);
	printf("%llu\n", ns[batches / 2]);
	free(ns);
	return 0;
}
