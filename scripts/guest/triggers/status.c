// SPDX-License-Identifier: Apache-2.0
/*
 * tpc-status [-t SECONDS] [-p PIDFILE] -o BASE -- COMMAND...
 *
 * Runs a command with its output in BASE.out and BASE.err and says in BASE.status how it ended: "exit N",
 * "signal N" or "timeout". A shell's $? cannot tell exit 137 from signal 9; here the difference is the test.
 * BASE.status appears in one go, when everything is over.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;
static volatile sig_atomic_t timed_out;

static void on_alarm(int sig)
{
	(void)sig;
	timed_out = 1;
	kill(-child, SIGKILL);
	kill(child, SIGKILL);
}

static void redirect(const char *base, const char *suffix, int to)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s.%s", base, suffix);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || dup2(fd, to) < 0) {
		_exit(126);
	}
	close(fd);
}

static void write_file(const char *path, const char *text)
{
	char tmp[512];
	FILE *f;

	snprintf(tmp, sizeof(tmp), "%s.tmp", path);
	f = fopen(tmp, "w");
	if (!f || fputs(text, f) < 0 || fclose(f) || rename(tmp, path)) {
		fprintf(stderr, "tpc-status: %s: %s\n", path, strerror(errno));
		exit(3);
	}
}

static void start(const char *base, char **argv)
{
	child = fork();
	if (child < 0) {
		perror("tpc-status: fork");
		exit(3);
	}
	if (child == 0) {
		setpgid(0, 0);
		redirect(base, "out", 1);
		redirect(base, "err", 2);
		execvp(argv[0], argv);
		fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
}

static void report(const char *base, int status)
{
	char path[512], text[64];

	if (timed_out) {
		snprintf(text, sizeof(text), "timeout\n");
	} else if (WIFSIGNALED(status)) {
		snprintf(text, sizeof(text), "signal %d\n", WTERMSIG(status));
	} else {
		snprintf(text, sizeof(text), "exit %d\n", WEXITSTATUS(status));
	}
	snprintf(path, sizeof(path), "%s.status", base);
	write_file(path, text);
}

int main(int argc, char **argv)
{
	const char *base = NULL, *pidfile = NULL;
	unsigned int limit = 30;
	int opt, status;

	while ((opt = getopt(argc, argv, "+t:o:p:")) != -1) {
		switch (opt) {
		case 't':
			limit = (unsigned int)atoi(optarg);
			break;
		case 'o':
			base = optarg;
			break;
		case 'p':
			pidfile = optarg;
			break;
		default:
			return 2;
		}
	}
	if (!base || optind >= argc) {
		fprintf(stderr, "usage: tpc-status [-t SECONDS] [-p PIDFILE] -o BASE -- COMMAND...\n");
		return 2;
	}
	signal(SIGALRM, on_alarm);
	start(base, argv + optind);
	if (pidfile) {
		char text[32];

		snprintf(text, sizeof(text), "%d\n", child);
		write_file(pidfile, text);
	}
	alarm(limit);
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR) {
			perror("tpc-status: waitpid");
			return 3;
		}
	}
	report(base, status);
	return 0;
}
