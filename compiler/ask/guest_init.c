// SPDX-License-Identifier: Apache-2.0
/*
 * The first process of the guest, a static program: it mounts what libbpf reads, asks its kernel about each program of
 * the plan, and ends the machine. What went wrong stands on the console, which tpc shows when no answer came.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <termios.h>
#include <unistd.h>

#include "ask/ask_impl.h"

#define ARENA_CEILING ((size_t)128 << 20)

static _Noreturn void leave(void)
{
	/* -no-reboot makes it QEMU's end; the machine needs no ACPI for it. */
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

static _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "tpc's guest: %s: %s\n", what, strerror(errno));
	tcdrain(STDERR_FILENO);
	leave();
}

/* A kernel that has none of one answers as it can: only /proc and /sys are there in all. */
static void mount_all(void)
{
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL);
}

/* Without it no trampoline is made, and so no fentry. */
static void switch_jit_on(void)
{
	int fd = open("/proc/sys/net/core/bpf_jit_enable", O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, "1", 1) < 0)
		fprintf(stderr, "tpc's guest: bpf_jit_enable: %s\n", strerror(errno));
	if (fd >= 0)
		close(fd);
}

static FILE *open_line(void)
{
	int fd = open("/dev/ttyS1", O_WRONLY | O_NOCTTY | O_CLOEXEC);
	struct termios t;
	FILE *f;

	if (fd < 0 || tcgetattr(fd, &t))
		give_up("the second serial line");
	cfmakeraw(&t); /* not one byte is to be translated */
	if (tcsetattr(fd, TCSANOW, &t))
		give_up("the second serial line");
	f = fdopen(fd, "w");
	if (!f)
		give_up("the second serial line");
	return f;
}

static char *read_all(const char *path, size_t *ret_len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t have = 0;
	struct stat st;
	char *data;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st))
		give_up(path);
	data = malloc((size_t)st.st_size + 1);
	if (!data)
		give_up(path);
	while (have < (size_t)st.st_size) {
		n = read(fd, data + have, (size_t)st.st_size - have);
		if (n <= 0)
			give_up(path);
		have += (size_t)n;
	}
	close(fd);
	data[have] = '\0';
	*ret_len = have;
	return data;
}

static void ask_object(struct asker *k, FILE *line, struct ask_object *o, uint32_t number, uint32_t *asked)
{
	struct ask_answer answer;
	char path[40];
	char *data;

	snprintf(path, sizeof(path), "/objects/%u", number);
	data = read_all(path, &o->len);
	o->data = data;
	for (uint32_t i = 0; i < o->programs.len; i++) {
		ask_program(k, o, &o->programs.items[i], &answer);
		fprintf(line, "answer %u %d %zu\n%s\n", (*asked)++, answer.err, strlen(answer.log),
			answer.log);
		fflush(line);
	}
	free(data);
}

static void ask_all(FILE *line)
{
	struct tpc_arena *a = tpc_arena_new(ARENA_CEILING);
	struct ask_object *objects;
	uint32_t n = 0, asked = 0;
	struct asker *k;
	size_t len;
	char *plan = read_all("/plan", &len);

	if (!a || asker_new(&k))
		give_up("memory");
	objects = len ? plan_read(a, plan, len, &n) : NULL;
	if (len && !objects)
		give_up("the plan");
	for (uint32_t i = 0; i < n; i++)
		ask_object(k, line, &objects[i], i, &asked);
}

int main(void)
{
	struct utsname name;
	bool permitted;
	FILE *line;

	libbpf_set_print(NULL);
	mount_all();
	switch_jit_on();
	line = open_line();
	permitted = ask_permitted();
	uname(&name);
	fprintf(line, "tpc 1 %s %s\n", permitted ? "yes" : "no", name.release);
	if (permitted)
		ask_all(line);
	fprintf(line, "end\n");
	fflush(line);
	tcdrain(fileno(line));
	leave();
}
