// SPDX-License-Identifier: Apache-2.0
/* The private folder that clang works in. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "toolchain/internal.h"

int workdir_make(struct workdir *w, const char *parent)
{
	int n = snprintf(w->path, sizeof(w->path), "%s/tpc-XXXXXX", parent);

	w->fd = -1;
	if (n < 0 || (size_t)n >= sizeof(w->path))
		return -ENAMETOOLONG;
	if (!mkdtemp(w->path))
		return -errno;
	w->fd = open(w->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (w->fd < 0) {
		int err = -errno;

		rmdir(w->path);
		return err;
	}
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	remove(path); /* what stays behind is seen by nobody but the temp folder's cleaner */
	return 0;
}

void workdir_remove(struct workdir *w)
{
	if (w->fd < 0)
		return;
	close(w->fd);
	w->fd = -1;
	nftw(w->path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Makes the folders of "a/b/c". */
static int make_folders(int dirfd, const char *name)
{
	char part[PATH_MAX];

	for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
		size_t len = (size_t)(slash - name);

		if (len >= sizeof(part))
			return -ENAMETOOLONG;
		memcpy(part, name, len);
		part[len] = '\0';
		if (mkdirat(dirfd, part, 0700) && errno != EEXIST)
			return -errno;
	}
	return 0;
}

static int write_all(int fd, const char *data, size_t len)
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

int workdir_write(struct workdir *w, const char *name, const char *data, size_t len)
{
	int fd, r;

	if (!*name || *name == '/' || strstr(name, ".."))
		return -EINVAL;
	r = make_folders(w->fd, name);
	if (r)
		return r;
	fd = openat(w->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	r = write_all(fd, data, len);
	if (close(fd) && !r)
		r = -errno;
	return r;
}

static int read_all(int fd, char *data, size_t len)
{
	size_t have = 0;

	while (have < len) {
		ssize_t n = read(fd, data + have, len - have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return -EIO; /* it shrank */
		have += (size_t)n;
	}
	return 0;
}

int workdir_read(struct workdir *w, const char *name, struct tpc_arena *a, size_t max, char **ret,
		 size_t *ret_len)
{
	int fd = openat(w->fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), r;
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st)) {
		r = -errno;
	} else if (!S_ISREG(st.st_mode) || (size_t)st.st_size > max) {
		r = -EFBIG;
	} else {
		*ret_len = (size_t)st.st_size;
		*ret = tpc_arena_alloc(a, *ret_len + 1, 16);
		r = read_all(fd, *ret, *ret_len);
	}
	close(fd);
	return r;
}
