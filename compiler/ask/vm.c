// SPDX-License-Identifier: Apache-2.0
/*
 * A guest of QEMU's software emulation: no KVM, no root, no network, no disk. The kernel in it may be anybody's, so
 * QEMU has no device but two serial lines and is kept in its own sandbox; both lines are bounded and have a time.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ask/ask_impl.h"
#include "base/child.h"

#define QEMU "qemu-system-x86_64"
#define OBJECTS_MAX ((size_t)256 << 20) /* bytes of all objects of one guest */
#define MEMORY_MB 768			/* of a guest, and then: */
#define COPIES 4			/* the archive, its files, what libbpf makes of one, some room */
#define CONSOLE_KEPT 4096		/* bytes */
#define SAID_MAX 4096			/* of QEMU's own words */

/* The descriptors that QEMU is given, in the order of child_how.fds. */
#define FD_KERNEL "/dev/fd/3"
#define FD_INITRAMFS "/dev/fd/4"
#define FD_ANSWERS "5"

/*
 * An oops ends the guest as a panic does, and a panic is a reset, which -no-reboot turns into QEMU's end. The clock and
 * the random numbers of an emulated machine are not waited for.
 */
#define COMMAND_LINE                                                                                         \
	"console=ttyS0 loglevel=5 panic=-1 oops=panic random.trust_cpu=on tsc=reliable rdinit=/init"

enum { CONSOLE, ANSWERS, SAID, LINES };

struct guest {
	struct tpc_arena *arena;
	const struct ask_vm *vm;
	struct ask_guest *to;
	struct answers answers;
	const char *qemu;
	struct child child;
	int lines[LINES];
	char console[2 * CONSOLE_KEPT], said[SAID_MAX];
	size_t console_len, said_len;
};

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000U + (uint64_t)t.tv_nsec / 1000000U;
}

/* ---- what QEMU writes ---- */

/* The last bytes of the console are those that tell. */
static void keep_console(struct guest *g, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i] == '\r' || data[i] == '\0')
			continue;
		if (g->console_len == sizeof(g->console)) {
			memcpy(g->console, g->console + CONSOLE_KEPT, CONSOLE_KEPT);
			g->console_len = CONSOLE_KEPT;
		}
		g->console[g->console_len++] = data[i];
	}
}

static void keep_said(struct guest *g, const char *data, size_t len)
{
	size_t room = sizeof(g->said) - g->said_len;

	len = len < room ? len : room;
	memcpy(g->said + g->said_len, data, len);
	g->said_len += len;
}

/* False: all that was asked is answered, or what comes is no answer. */
static bool hear(struct guest *g, int line)
{
	char data[16384];
	ssize_t n = read(g->lines[line], data, sizeof(data));

	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0) {
		close(g->lines[line]);
		g->lines[line] = -1;
	} else if (line == CONSOLE) {
		keep_console(g, data, (size_t)n);
	} else if (line == SAID) {
		keep_said(g, data, (size_t)n);
	} else {
		return answers_take(&g->answers, data, (size_t)n);
	}
	return true;
}

enum heard { HEARD, SILENT, CLOSED };

/* Until it has answered, its lines are closed, or its time is over. */
static enum heard listen_to(struct guest *g)
{
	uint64_t deadline = now_ms() + 1000ULL * g->vm->seconds, now;

	while ((now = now_ms()) < deadline) {
		struct pollfd p[LINES];
		uint64_t left = deadline - now;
		int open_lines = 0;

		for (int i = 0; i < LINES; i++) {
			p[i] = (struct pollfd){ g->lines[i], POLLIN, 0 };
			open_lines += g->lines[i] >= 0;
		}
		if (!open_lines)
			return CLOSED;
		if (poll(p, LINES, left < 60000 ? (int)left : 60000) <= 0)
			continue;
		for (int i = 0; i < LINES; i++)
			if (p[i].fd >= 0 && p[i].revents && !hear(g, i))
				return HEARD;
	}
	return SILENT;
}

/* ---- why there are no answers ---- */

static const char *last_line(struct tpc_arena *a, const char *s, size_t len)
{
	const char *from;

	while (len && s[len - 1] == '\n')
		len--;
	from = memrchr(s, '\n', len);
	from = from ? from + 1 : s;
	return tpc_strndup(a, from, len - (size_t)(from - s));
}

static const char *why(struct guest *g, enum heard heard, int status)
{
	const char *said = last_line(g->arena, g->said, g->said_len);

	if (heard == SILENT)
		return tpc_sprintf(g->arena, "the guest had not answered after %u s%s, see --vm-timeout",
				   g->vm->seconds, g->console_len ? "" : " and its console said nothing");
	if (WIFSIGNALED(status))
		return tpc_sprintf(g->arena, "'%s' was killed by signal %d", g->qemu, WTERMSIG(status));
	if (WEXITSTATUS(status))
		return tpc_sprintf(g->arena, "'%s' ended with status %d%s%s", g->qemu, WEXITSTATUS(status),
				   *said ? ": " : "", said);
	return memmem(g->console, g->console_len, "Kernel panic", 12) ?
		       "its kernel panicked" :
		       "the guest ended before it had answered";
}

static void keep_end_of_console(struct guest *g)
{
	size_t from = g->console_len > CONSOLE_KEPT ? g->console_len - CONSOLE_KEPT : 0;
	const char *nl = from ? memchr(g->console + from, '\n', g->console_len - from) : NULL;

	if (nl)
		from = (size_t)(nl + 1 - g->console);
	g->to->console = tpc_strndup(g->arena, g->console + from, g->console_len - from);
}

/* ---- its life ---- */

static size_t bytes_of(const struct ask_object *const *objects, uint32_t n)
{
	size_t all = 0;

	for (uint32_t i = 0; i < n; i++)
		all += objects[i]->len;
	return all;
}

static int start(struct guest *g, int kernel, int initramfs, int answers, size_t bytes)
{
	const char *memory = tpc_sprintf(g->arena, "%zu", MEMORY_MB + COPIES * (bytes >> 20));
	const char *const argv[] = {
		g->qemu,       "-no-user-config",
		"-nodefaults", "-display",
		"none",	       "-no-reboot",
		"-sandbox",    "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
		"-accel",      "tcg",
		"-cpu",	       "max",
		"-smp",	       "1",
		"-m",	       memory,
		"-chardev",    "stdio,id=console,signal=off",
		"-serial",     "chardev:console",
		"-add-fd",     "fd=" FD_ANSWERS ",set=1",
		"-chardev",    "file,id=answers,append=on,path=/dev/fdset/1",
		"-serial",     "chardev:answers",
		"-kernel",     FD_KERNEL,
		"-initrd",     FD_INITRAMFS,
		"-append",     COMMAND_LINE,
		NULL,
	};
	const int fds[] = { kernel, initramfs, answers };
	/* It is stopped by the clock; this is for one that nobody stops any more. */
	const struct child_how how = {
		.argv = argv, .fds = fds, .nfds = 3, .cpu = 60 + 4ULL * g->vm->seconds
	};

	return child_start(g->arena, &how, &g->child);
}

/* What has closed its lines is about to end; what only calls itself QEMU may not be. */
static int end_child(struct guest *g, bool closed)
{
	static const struct timespec pause = { .tv_nsec = 10000000 };
	int status = 0;

	for (int i = 0; closed && i < 200; i++) {
		if (waitpid(g->child.pid, &status, WNOHANG) == g->child.pid)
			return status;
		nanosleep(&pause, NULL);
	}
	kill(g->child.pid, SIGKILL);
	child_wait(&g->child, &status);
	return status;
}

/* The guest has ended when this returns. */
static void talk(struct guest *g)
{
	enum heard heard = listen_to(g);
	int status = end_child(g, heard == CLOSED);

	if (g->answers.state < ANSWERS_DONE)
		g->to->fault = why(g, heard, status);
	keep_end_of_console(g);
	for (int i = 0; i < LINES; i++)
		if (g->lines[i] >= 0)
			close(g->lines[i]);
}

static const char *boot(struct guest *g, int kernel, int initramfs, size_t bytes)
{
	int answers[2], r;

	if (pipe2(answers, O_CLOEXEC))
		return tpc_sprintf(g->arena, "no pipe: %s", strerror(errno));
	r = start(g, kernel, initramfs, answers[1], bytes);
	close(answers[1]);
	if (r) {
		close(answers[0]);
		return tpc_sprintf(g->arena, "'%s' cannot be started: %s", g->qemu, strerror(-r));
	}
	g->lines[CONSOLE] = g->child.out;
	g->lines[SAID] = g->child.err;
	g->lines[ANSWERS] = answers[0];
	talk(g);
	return g->to->fault;
}

static const char *find_qemu(struct guest *g)
{
	const char *wanted = g->vm->qemu ? g->vm->qemu : QEMU;

	g->qemu = strchr(wanted, '/') ? wanted : child_find(g->arena, wanted);
	if (g->qemu && child_is_program(g->qemu))
		return NULL;
	return tpc_sprintf(
		g->arena,
		"there is no program '%s': install QEMU (Debian: qemu-system-x86) or name it with --qemu",
		wanted);
}

static const char *run(struct guest *g, const struct ask_object *const *objects, uint32_t n)
{
	size_t bytes = bytes_of(objects, n);
	const char *fault = find_qemu(g);
	int kernel, initramfs;

	if (fault)
		return fault;
	if (!guest_init_len)
		return "this tpc was built without the guest's program: there was no static libbpf, libelf or libc for x86-64";
	if (bytes > OBJECTS_MAX)
		return "these are too many objects for one guest";
	kernel = image_open(g->arena, g->vm->kernel, &fault);
	if (kernel < 0)
		return fault;
	initramfs = initramfs_make(g->arena, objects, n);
	if (initramfs >= 0) {
		fault = boot(g, kernel, initramfs, bytes);
		close(initramfs);
	} else {
		fault = tpc_sprintf(g->arena, "no initramfs: %s", strerror(-initramfs));
	}
	close(kernel);
	return fault;
}

void ask_guest(struct tpc_arena *a, const struct ask_vm *vm, const struct ask_object *const *objects,
	       uint32_t n, struct ask_guest *ret)
{
	struct guest *g = tpc_new(a, struct guest);

	*ret = (struct ask_guest){ .console = "" };
	*g = (struct guest){ .arena = a, .vm = vm, .to = ret, .lines = { -1, -1, -1 } };
	g->answers = (struct answers){ .arena = a, .to = ret };
	for (uint32_t i = 0; i < n; i++)
		g->answers.wanted += objects[i]->programs.len;
	ret->fault = run(g, objects, n);
}
