// SPDX-License-Identifier: Apache-2.0
/* Opening, and loading BTF when it is first needed. */
#include "kernel/kernel_impl.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <bpf/libbpf.h>

#define ARENA_CEILING ((size_t)1 << 20)
#define MODULES_MAX 64
/* Large enough for vmlinux with its debug information. */
#define FILE_BYTES_MAX ((off_t)2 << 30)

static int keep_quiet(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	(void)level;
	(void)fmt;
	(void)ap;
	return 0;
}

static void silence(void)
{
	libbpf_set_print(keep_quiet);
}

/*
 * libbpf prints to standard error through one function a process, and there is no other way to keep it quiet
 * about BTF that is not sound. It is set once and never put back: nobody in this library wants its text.
 */
static void silence_libbpf(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, silence);
}

static const char *keep_text(struct kernel *k, const char *s)
{
	return s ? tpc_strdup(k->arena, s) : NULL;
}

/* Paths and the list of modules: far below the ceiling. */
static bool too_long(const char *s)
{
	return s && strlen(s) >= PATH_MAX;
}

int kernel_open(struct kernel **ret, const struct kernel_opts *o)
{
	struct kernel *k = calloc(1, sizeof(*k));

	if (!k)
		return -ENOMEM;
	k->arena = tpc_arena_new(ARENA_CEILING);
	if (!k->arena) {
		free(k);
		return -ENOMEM;
	}
	if (too_long(o->btf))
		k->why = "its path is too long";
	else
		k->opts.btf = keep_text(k, o->btf);
	k->opts.modules = too_long(o->modules) ? NULL : keep_text(k, o->modules);
	k->opts.tracefs = too_long(o->tracefs) ? NULL : keep_text(k, o->tracefs);
	*ret = k;
	return 0;
}

void kernel_close(struct kernel *k)
{
	if (!k)
		return;
	/* Modules are freed before the vmlinux that they lean on. */
	for (uint32_t i = k->btfs.len; i-- > 0;) {
		free(k->btfs.items[i]->index.slots);
		btf__free(k->btfs.items[i]->btf);
	}
	tpc_arena_free(k->arena);
	free(k);
}

bool is_plain_word(const char *s)
{
	if (!*s || *s == '.' || strlen(s) > 128)
		return false;
	for (; *s; s++) {
		if (!isalnum((unsigned char)*s) && !strchr("_-.", *s))
			return false;
	}
	return true;
}

static int check_file(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	/* A pipe or a device would keep us waiting. */
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	return st.st_size > FILE_BYTES_MAX ? -EFBIG : 0;
}

static int parse(const char *path, struct btf *base, struct btf **ret)
{
	int err = check_file(path);

	if (err)
		return err;
	silence_libbpf();
	errno = 0;
	*ret = base ? btf__parse_split(path, base) : btf__parse(path, NULL);
	if (!*ret)
		return errno ? -errno : -EINVAL;
	return 0;
}

/* On failure @b has no BTF, and stays so. */
static int load(struct kernel *k, struct kernel_btf *b, const char *path, struct btf *base)
{
	uint32_t count;
	int err = parse(path, base, &b->btf);

	if (err) {
		b->btf = NULL;
		return err;
	}
	b->local = base ? btf__type_cnt(base) : 1;
	count = btf__type_cnt(b->btf);
	b->first = k->next_id;
	b->n = count > b->local ? count - b->local : 0;
	err = b->n < UINT32_MAX - k->next_id ? btf_index_build(b) : -EFBIG;
	if (err) {
		btf__free(b->btf);
		b->btf = NULL;
		b->n = 0;
		return err;
	}
	k->next_id += b->n;
	return 0;
}

static const char *explain(struct kernel *k, const char *path, int err)
{
	switch (err) {
	case -ENOMEM:
		return "out of memory";
	case -EFBIG:
		return tpc_sprintf(k->arena, "'%s' is too large", path);
	case -ENOENT:
	case -EACCES:
	case -EISDIR:
	case -ENOTDIR:
	case -ELOOP:
		return tpc_sprintf(k->arena, "cannot read '%s': %s", path, strerror(-err));
	default:
		return tpc_sprintf(k->arena, "'%s' holds no sound BTF", path);
	}
}

struct kernel_btf *kernel_vmlinux(struct kernel *k)
{
	struct kernel_btf *b;
	int err;

	if (!k->tried && k->opts.btf) {
		b = tpc_new(k->arena, struct kernel_btf);
		k->next_id = 1;
		err = load(k, b, k->opts.btf, NULL);
		if (err)
			k->why = explain(k, k->opts.btf, err);
		else
			*tpc_vec_push(k->arena, &k->btfs) = b;
	}
	k->tried = true;
	return k->btfs.len ? k->btfs.items[0] : NULL;
}

bool kernel_has_btf(struct kernel *k, const char **ret_why)
{
	bool there = kernel_vmlinux(k);

	if (ret_why)
		*ret_why = there ? NULL : k->why;
	return there;
}

const struct btf *kernel_types(struct kernel *k)
{
	struct kernel_btf *b = kernel_vmlinux(k);

	return b ? b->btf : NULL;
}

struct kernel_btf *kernel_module(struct kernel *k, const char *module)
{
	struct kernel_btf *vmlinux = kernel_vmlinux(k), *b;
	const char *path;

	if (!vmlinux || !k->opts.modules || !is_plain_word(module))
		return NULL;
	for (uint32_t i = 1; i < k->btfs.len; i++) {
		b = k->btfs.items[i];
		if (!strcmp(b->module, module))
			return b->btf ? b : NULL;
	}
	if (k->btfs.len > MODULES_MAX)
		return NULL;
	b = tpc_new(k->arena, struct kernel_btf);
	b->module = tpc_strdup(k->arena, module);
	*tpc_vec_push(k->arena, &k->btfs) = b;
	path = tpc_sprintf(k->arena, "%s/%s", k->opts.modules, module);
	return load(k, b, path, vmlinux->btf) ? NULL : b;
}
