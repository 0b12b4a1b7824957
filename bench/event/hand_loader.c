// SPDX-License-Identifier: Apache-2.0
/* Loads the programs of OBJECT that are named, and no other, attaches them, creates READY and waits for a signal. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

static int choose(struct bpf_object *o, char **names, int n)
{
	struct bpf_program *p;

	bpf_object__for_each_program (p, o)
		bpf_program__set_autoload(p, false);
	for (int i = 0; i < n; i++) {
		p = bpf_object__find_program_by_name(o, names[i]);
		if (!p) {
			fprintf(stderr, "no program %s\n", names[i]);
			return -1;
		}
		bpf_program__set_autoload(p, true);
	}
	return 0;
}

static int attach(struct bpf_object *o, char **names, int n)
{
	for (int i = 0; i < n; i++) {
		if (!bpf_program__attach(bpf_object__find_program_by_name(o, names[i]))) {
			fprintf(stderr, "cannot attach %s\n", names[i]);
			return -1;
		}
	}
	return 0;
}

/* How often the policy has matched on all CPUs: 0 for a program that does not count. */
static void print_matches(struct bpf_object *o)
{
	int cpus = libbpf_num_possible_cpus(), fd = bpf_object__find_map_fd_by_name(o, "matches");
	unsigned long long values[1024], sum = 0;
	unsigned key = 0;

	if (fd < 0 || cpus < 1 || cpus > 1024 || bpf_map_lookup_elem(fd, &key, values))
		return;
	for (int i = 0; i < cpus; i++)
		sum += values[i];
	fprintf(stderr, "matches %llu\n", sum);
}

int main(int argc, char **argv)
{
	struct bpf_object *o;
	sigset_t ends;
	int fd, sig;

	if (argc < 4) {
		fprintf(stderr, "Usage: %s OBJECT READY PROGRAM...\n", argv[0]);
		return 2;
	}
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	o = bpf_object__open(argv[1]);
	if (!o || choose(o, argv + 3, argc - 3) || bpf_object__load(o) || attach(o, argv + 3, argc - 3))
		return 1;
	fd = open(argv[2], O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0 || close(fd)) {
		perror(argv[2]);
		return 1;
	}
	sigwait(&ends, &sig);
	print_matches(o);
	return 0;
}
