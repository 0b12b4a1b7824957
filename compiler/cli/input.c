// SPDX-License-Identifier: Apache-2.0
/* Policies from files, folders and standard input. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

/* The front end refuses more: one byte beyond is enough for it to see that. */
#define POLICY_READ_MAX (1U << 20)

static int read_fd(int fd, size_t max, char **ret, size_t *ret_len)
{
	size_t cap = 16U << 10, len = 0;
	char *data = malloc(cap), *bigger;

	while (data) {
		ssize_t n = read(fd, data + len, (cap < max + 1 ? cap : max + 1) - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			int err = -errno;

			free(data);
			return err;
		}
		len += (size_t)n;
		if (n == 0 || len > max) {
			*ret = data;
			*ret_len = len;
			return 0;
		}
		if (len < cap)
			continue;
		cap *= 4;
		bigger = realloc(data, cap);
		if (!bigger)
			free(data);
		data = bigger;
	}
	return -ENOMEM;
}

int cli_read_file(const char *path, size_t max, char **ret, size_t *ret_len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), r;

	if (fd < 0)
		return -errno;
	r = read_fd(fd, max, ret, ret_len);
	close(fd);
	return r;
}

struct input {
	struct tpc_ctx *c;
	int (*add)(void *arg, const char *name, const char *data, size_t len);
	void *arg;
};

/* Takes @data. A failure to read is the policy's fault, as far as the exit status goes. */
static int add_text(const struct input *in, const char *name, int err, char *data, size_t len)
{
	int r;

	if (err == -ENOMEM)
		return err;
	if (err) {
		tpc_error(&in->c->diags, TPC_NOWHERE, TPC_E_IO, "cannot read '%s': %s", name, strerror(-err));
		return 0;
	}
	r = in->add(in->arg, name, data, len);
	free(data);
	return r == -EINVAL ? 0 : r;
}

static int add_file(const struct input *in, const char *path)
{
	size_t len = 0;
	char *data = NULL;
	int r;

	if (!strcmp(path, "-")) {
		r = read_fd(STDIN_FILENO, POLICY_READ_MAX, &data, &len);
		return add_text(in, "<stdin>", r, data, len);
	}
	r = cli_read_file(path, POLICY_READ_MAX, &data, &len);
	return add_text(in, path, r, data, len);
}

static int is_yaml(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return d->d_name[0] != '.' && dot && (!strcmp(dot, ".yaml") || !strcmp(dot, ".yml"));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int add_folder(const struct input *in, const char *path)
{
	struct tpc_ctx *c = in->c;
	size_t plen = strlen(path);
	struct dirent **list;
	int n = scandir(path, &list, is_yaml, by_name), r = 0;

	if (n < 0)
		return add_text(in, path, -errno, NULL, 0);
	if (!n)
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_EMPTY, "folder '%s' has no *.yaml or *.yml file",
			  path);
	for (int i = 0; i < n; i++) {
		if (!r)
			r = add_file(in,
				     tpc_sprintf(c->arena, "%s%s%s", path,
						 plen && path[plen - 1] == '/' ? "" : "/", list[i]->d_name));
		free(list[i]);
	}
	free(list);
	return r;
}

int cli_each_policy(struct tpc_ctx *c, const char *const *paths, uint32_t n,
		    int (*add)(void *arg, const char *name, const char *data, size_t len), void *arg)
{
	const struct input in = { .c = c, .add = add, .arg = arg };
	int r = 0;

	for (uint32_t i = 0; i < n && !r; i++) {
		struct stat st;

		if (strcmp(paths[i], "-") && !stat(paths[i], &st) && S_ISDIR(st.st_mode))
			r = add_folder(&in, paths[i]);
		else
			r = add_file(&in, paths[i]);
	}
	return r;
}

static int add_yaml(void *arg, const char *name, const char *data, size_t len)
{
	return tpc_add_yaml(arg, name, data, len);
}

int cli_add_policies(struct tpc *t, const char *const *paths, uint32_t n)
{
	return cli_each_policy(tpc_context(t), paths, n, add_yaml, t);
}
