// SPDX-License-Identifier: Apache-2.0
/* Results: a file is replaced as a whole or stays what it was. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

static int write_fd(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Pipes, terminals, /dev/null: there is nothing to replace. */
static bool is_special(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode);
}

static int write_special(const struct cli_output *o)
{
	int fd = strcmp(o->path, "-") ? open(o->path, O_WRONLY | O_CLOEXEC) : dup(STDOUT_FILENO), r;

	if (fd < 0)
		return -errno;
	r = write_fd(fd, o->data, o->len);
	close(fd);
	return r == -EPIPE ? 0 : r;
}

/* A new file beside @path, its name unlike any other. */
static int open_beside(const char *path, char **ret)
{
	const char *slash = strrchr(path, '/');
	int dir = slash ? (int)(slash - path) + 1 : 0, fd = -1;

	for (unsigned i = 0; i < 100 && fd < 0; i++) {
		if (asprintf(ret, "%.*s.%s.%d-%u.tmp", dir, path, path + dir, (int)getpid(), i) < 0)
			return -ENOMEM;
		/* Not mkstemp(): the result gets the mode that the user's umask says. */
		fd = open(*ret, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
		if (fd >= 0)
			break;
		free(*ret);
		*ret = NULL;
		if (errno != EEXIST)
			return -errno;
	}
	return fd < 0 ? -EEXIST : fd;
}

/* Behind a symbolic link it is the target that is replaced. */
static int write_beside(struct cli_output *o)
{
	struct stat st;
	int fd, r;

	o->target = realpath(o->path, NULL);
	if (!o->target)
		o->target = strdup(o->path);
	if (!o->target)
		return -ENOMEM;
	fd = open_beside(o->target, &o->tmp);
	if (fd < 0)
		return fd;
	r = write_fd(fd, o->data, o->len);
	if (!r && o->keep_mode && (stat(o->target, &st) || fchmod(fd, st.st_mode & 07777)))
		r = -errno;
	if (close(fd) && !r)
		r = -errno;
	return r;
}

static int put_in_place(struct cli_output *o)
{
	if (!o->tmp)
		return 0;
	if (rename(o->tmp, o->target))
		return -errno;
	free(o->tmp);
	o->tmp = NULL;
	return 0;
}

static void forget(struct cli_output *outs, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (outs[i].tmp)
			unlink(outs[i].tmp);
		free(outs[i].tmp);
		free(outs[i].target);
		outs[i].tmp = outs[i].target = NULL;
	}
}

enum cli_status cli_write_all(struct cli_output *outs, uint32_t n)
{
	const char *at = NULL;
	int r = 0;

	for (uint32_t i = 0; i < n && !r; i++) {
		at = outs[i].path;
		outs[i].tmp = outs[i].target = NULL;
		if (!strcmp(at, "-") || is_special(at))
			r = write_special(&outs[i]);
		else
			r = write_beside(&outs[i]);
	}
	for (uint32_t i = 0; i < n && !r; i++) {
		at = outs[i].path;
		r = put_in_place(&outs[i]);
	}
	forget(outs, n);
	return r ? cli_env_error(r, "cannot write '%s'", at) : CLI_DONE;
}
