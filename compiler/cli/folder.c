// SPDX-License-Identifier: Apache-2.0
#include "cli/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

#define LIST_NAME ".tpc-review"
#define LIST_HEAD "written by tpc review: only what is listed here is replaced\n"
#define LIST_MAX ((size_t)1 << 24)
#define DEPTH_MAX 8

struct folder {
	struct tpc_arena *a;
	const char *dir, *tmp;
	const struct folder_file *files;
	uint32_t n;
	const char *list; /* of what is there: "\nPATH\n…"; NULL: nothing is there */
};

static const char *path_of(const struct folder *f, const char *root, const char *name)
{
	return tpc_sprintf(f->a, "%s/%s", root, name);
}

/* ---- what is there ---- */

static bool is_listed(const struct folder *f, const char *name)
{
	return !strcmp(name, LIST_NAME) || strstr(f->list, tpc_sprintf(f->a, "\n%s\n", name));
}

/* The first thing in folder @name (relative, "" the root) that is not of the list; NULL: all is. */
static const char *foreign(const struct folder *f, const char *name, unsigned depth)
{
	const char *dir = *name ? path_of(f, f->dir, name) : f->dir, *found = NULL;
	DIR *d = opendir(dir);
	struct dirent *e;

	if (!d || depth > DEPTH_MAX) {
		if (d)
			closedir(d);
		return dir;
	}
	while (!found && (e = readdir(d))) {
		const char *in = *name ? path_of(f, name, e->d_name) : tpc_strdup(f->a, e->d_name);
		struct stat st;

		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (lstat(path_of(f, f->dir, in), &st))
			found = in;
		else if (S_ISDIR(st.st_mode))
			found = foreign(f, in, depth + 1);
		else if (!S_ISREG(st.st_mode) || !is_listed(f, in))
			found = in;
	}
	closedir(d);
	return found;
}

static int read_list(struct folder *f)
{
	char *text;
	size_t len;
	int r = cli_read_file(path_of(f, f->dir, LIST_NAME), LIST_MAX, &text, &len);

	f->list = "\n";
	if (r == -ENOENT)
		return 0; /* then it has to be empty */
	if (r)
		return r;
	if (len >= strlen(LIST_HEAD) && !memcmp(text, LIST_HEAD, strlen(LIST_HEAD)))
		f->list = tpc_sprintf(f->a, "\n%s", text + strlen(LIST_HEAD));
	free(text);
	return 0;
}

static enum cli_status look(struct folder *f)
{
	const char *found;
	struct stat st;
	int r;

	if (lstat(f->dir, &st)) {
		return errno == ENOENT ? CLI_DONE : cli_env_error(-errno, "cannot write '%s'", f->dir);
	}
	if (!S_ISDIR(st.st_mode))
		return cli_env_error(-ENOTDIR, "cannot write '%s'", f->dir);
	r = read_list(f);
	if (r)
		return cli_env_error(r, "cannot read '%s/" LIST_NAME "'", f->dir);
	found = foreign(f, "", 0);
	if (!found)
		return CLI_DONE;
	return cli_env_error(-EEXIST,
			     "'%s' is left as it is, for it holds '%s', which tpc review did not write",
			     f->dir, found);
}

/* ---- writing ---- */

/* Makes the folders above the last part of @path, which lie below f->tmp. */
static int make_parents(const struct folder *f, const char *path)
{
	char *s = tpc_strdup(f->a, path);

	for (char *c = s + strlen(f->tmp) + 1; (c = strchr(c, '/')); c++) {
		*c = '\0';
		if (mkdir(s, 0777) && errno != EEXIST)
			return -errno;
		*c = '/';
	}
	return 0;
}

static int write_file(const struct folder *f, const struct folder_file *file)
{
	const char *path = path_of(f, f->tmp, file->path), *data = file->data;
	size_t len = file->len;
	int fd, r = make_parents(f, path);

	if (r)
		return r;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	while (len && !r) {
		ssize_t n = write(fd, data, len);

		if (n < 0)
			r = errno == EINTR ? 0 : -errno;
		else {
			data += n;
			len -= (size_t)n;
		}
	}
	if (close(fd) && !r)
		r = -errno;
	return r;
}

static int write_list(const struct folder *f)
{
	struct tpc_buf b = TPC_BUF(f->a);

	tpc_buf_puts(&b, LIST_HEAD);
	for (uint32_t i = 0; i < f->n; i++)
		tpc_buf_printf(&b, "%s\n", f->files[i].path);
	return write_file(f, &(struct folder_file){ LIST_NAME, tpc_buf_text(&b), b.len });
}

/* ---- removing: files of a list, then the folders that held them, when they are empty by then ---- */

static void remove_file(const struct folder *f, const char *root, const char *name)
{
	char *path = tpc_strdup(f->a, path_of(f, root, name)), *slash;

	unlink(path);
	while ((slash = strrchr(path, '/')) && slash > path + strlen(root)) {
		*slash = '\0';
		if (rmdir(path))
			break;
	}
}

static void remove_new(const struct folder *f, const char *root)
{
	for (uint32_t i = 0; i < f->n; i++)
		remove_file(f, root, f->files[i].path);
	remove_file(f, root, LIST_NAME);
	rmdir(root);
}

static void remove_old(const struct folder *f, const char *root)
{
	const char *s = f->list + 1;

	while (*s) {
		size_t n = strcspn(s, "\n");

		if (n && !memmem(s, n, "..", 2) && *s != '/')
			remove_file(f, root, tpc_strndup(f->a, s, n));
		s += n + (s[n] == '\n');
	}
	remove_file(f, root, LIST_NAME);
	rmdir(root);
}

/* ---- putting it in place ---- */

static int exchange(const struct folder *f)
{
	const char *aside = tpc_sprintf(f->a, "%s.old", f->tmp);

	if (!renameat2(AT_FDCWD, f->tmp, AT_FDCWD, f->dir, RENAME_EXCHANGE)) {
		remove_old(f, f->tmp);
		return 0;
	}
	/* A file system that cannot: there is a moment without either. */
	if (rename(f->dir, aside))
		return -errno;
	if (rename(f->tmp, f->dir)) {
		int r = -errno;

		rename(aside, f->dir);
		return r;
	}
	remove_old(f, aside);
	return 0;
}

static int put_in_place(const struct folder *f)
{
	if (f->list)
		return exchange(f);
	return rename(f->tmp, f->dir) ? -errno : 0;
}

static int make_new(struct folder *f)
{
	int r = 0;

	if (mkdir(f->tmp, 0777))
		return -errno;
	for (uint32_t i = 0; i < f->n && !r; i++)
		r = write_file(f, &f->files[i]);
	if (!r)
		r = write_list(f);
	if (!r)
		r = put_in_place(f);
	if (r)
		remove_new(f, f->tmp);
	return r;
}

enum cli_status folder_write(struct tpc_arena *a, const char *dir, const struct folder_file *files,
			     uint32_t n)
{
	struct folder f = { .a = a, .files = files, .n = n };
	size_t len = strlen(dir);
	enum cli_status st;
	int r;

	while (len > 1 && dir[len - 1] == '/')
		len--;
	f.dir = tpc_strndup(a, dir, len);
	f.tmp = tpc_sprintf(a, "%s.%d.tmp", f.dir, (int)getpid());
	st = look(&f);
	if (st != CLI_DONE)
		return st;
	r = make_new(&f);
	return r ? cli_env_error(r, "cannot write '%s'", f.dir) : CLI_DONE;
}
