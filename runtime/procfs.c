// SPDX-License-Identifier: Apache-2.0
/* What /proc says of a process. Source of the formats: proc(5). */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process.h"

#define PROC_FILE_MAX 65536
#define ARGS_MAX 4096

struct process *process_new(uint32_t pid, uint64_t start)
{
	struct process *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	*p = (struct process){ .refs = 1, .pid = pid, .start = start, .ktime = start, .auid = UINT32_MAX };
	p->binary = strdup("");
	p->cwd = strdup("");
	p->args = strdup("");
	if (p->binary && p->cwd && p->args)
		return p;
	process_put(p);
	return NULL;
}

void process_put(struct process *p)
{
	struct process *parent;

	for (; p && --p->refs == 0; p = parent) {
		parent = p->parent;
		free(p->binary);
		free(p->cwd);
		free(p->args);
		free(p);
	}
}

char *process_args_line(const char *argv, size_t len)
{
	const char *end = argv + len, *s = memchr(argv, '\0', len);
	struct rt_buf b = { 0 };
	size_t n;

	rt_buf_str(&b, "");
	for (s = s ? s + 1 : end; s < end; s += n + 1) {
		n = strnlen(s, (size_t)(end - s));
		if (b.len)
			rt_buf_str(&b, " ");
		if (memchr(s, ' ', n) || n == 0) {
			rt_buf_str(&b, "\"");
			rt_buf_add(&b, s, n);
			rt_buf_str(&b, "\"");
		} else {
			rt_buf_add(&b, s, n);
		}
	}
	if (b.failed) {
		rt_buf_free(&b);
		return NULL;
	}
	return b.s;
}

/* "PID (comm) S ppid ... starttime": the name may hold blanks and parentheses, so it ends at the last one. */
static bool read_stat(int dir, struct process *p, struct rt_buf *b)
{
	unsigned long long ticks = 0, hz = (unsigned long long)sysconf(_SC_CLK_TCK);
	char *open, *close_, *f, *save = NULL;
	unsigned n = 3;

	rt_buf_clear(b);
	if (rt_read_at(dir, "stat", PROC_FILE_MAX, b))
		return false;
	open = strchr(b->s, '(');
	close_ = strrchr(b->s, ')');
	if (!open || !close_ || close_ < open)
		return false;
	*close_ = '\0';
	free(p->binary);
	p->binary = strdup(open + 1);
	for (f = strtok_r(close_ + 1, " \n", &save); f; f = strtok_r(NULL, " \n", &save), n++) {
		if (n == 4)
			p->parent_pid = (uint32_t)strtoul(f, NULL, 10);
		if (n == 22)
			ticks = strtoull(f, NULL, 10);
	}
	if (hz == 0 || n <= 22 || !p->binary)
		return false;
	p->start = ticks * (1000000000ULL / hz);
	p->ktime = p->start;
	return true;
}

static void read_ids(int dir, struct process *p, struct rt_buf *b)
{
	char *s;

	rt_buf_clear(b);
	if (!rt_read_at(dir, "status", PROC_FILE_MAX, b)) {
		s = strstr(b->s, "\nUid:");
		if (s)
			p->uid = (uint32_t)strtoul(s + 5, NULL, 10);
	}
	rt_buf_clear(b);
	if (!rt_read_at(dir, "loginuid", PROC_FILE_MAX, b) && isdigit((unsigned char)b->s[0]))
		p->auid = (uint32_t)strtoul(b->s, NULL, 10);
}

/* Where a symbolic link points to, replacing *ret; kernel threads have none. */
static void read_link(int dir, const char *name, char **ret)
{
	char target[4096];
	ssize_t n = readlinkat(dir, name, target, sizeof(target));
	char *s;

	if (n <= 0)
		return;
	s = strndup(target, (size_t)n);
	if (!s)
		return;
	free(*ret);
	*ret = s;
}

/* Links are seen from our root; a process in a chroot is told of as it sees itself. */
static void strip_root(char *path, const char *root)
{
	size_t n = strlen(root);

	if (n > 1 && strncmp(path, root, n) == 0 && (path[n] == '/' || path[n] == '\0'))
		memmove(path, path[n] ? path + n : "/", strlen(path + n) + (path[n] ? 1 : 2));
}

static void read_places(int dir, struct process *p)
{
	char *root = strdup("");

	read_link(dir, "exe", &p->binary);
	read_link(dir, "cwd", &p->cwd);
	if (!root)
		return;
	read_link(dir, "root", &root);
	strip_root(p->binary, root);
	strip_root(p->cwd, root);
	if (strcmp(p->cwd, "/") == 0)
		p->flags |= PROCESS_ROOT_CWD;
	free(root);
}

static void read_args(int dir, struct process *p, struct rt_buf *b)
{
	char *s;

	rt_buf_clear(b);
	if (rt_read_at(dir, "cmdline", 4 << 20, b) || !b->len)
		return;
	if (b->len > ARGS_MAX) {
		b->len = ARGS_MAX;
		p->flags |= PROCESS_TRUNC_ARGS;
	}
	s = process_args_line(b->s, b->len);
	if (!s)
		return;
	free(p->args);
	p->args = s;
}

struct process *process_from_proc(const char *proc, uint32_t pid)
{
	struct process *p = process_new(pid, 0);
	struct rt_buf b = { 0 };
	char path[512];
	int dir;

	if (!p)
		return NULL;
	snprintf(path, sizeof(path), "%s/%u", proc, pid);
	dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		goto gone;
	p->flags = PROCESS_PROCFS;
	if (!read_stat(dir, p, &b)) {
		close(dir);
		goto gone;
	}
	read_ids(dir, p, &b);
	read_places(dir, p);
	read_args(dir, p, &b);
	close(dir);
	rt_buf_free(&b);
	return p;
gone:
	rt_buf_free(&b);
	process_put(p);
	return NULL;
}
