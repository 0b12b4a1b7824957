// SPDX-License-Identifier: Apache-2.0
/*
 * clang cannot emit BTF without DWARF. libbpf's static linker, given one file, copies what a loader needs
 * (programs, maps, data, BTF and its line info, relocations, symbols) and leaves the rest behind.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "toolchain/internal.h"

int object_strip(struct workdir *w, const char *in, const char *out)
{
	char path[sizeof(w->path) + 64];
	struct bpf_linker *l;
	int r;

	/* libbpf would print that it is missing, and a library does not print. */
	if (faccessat(w->fd, in, R_OK, 0))
		return -errno;
	snprintf(path, sizeof(path), "%s/%s", w->path, out);
	l = bpf_linker__new(path, NULL);
	if (!l)
		return errno ? -errno : -EINVAL;
	snprintf(path, sizeof(path), "%s/%s", w->path, in);
	r = bpf_linker__add_file(l, path, NULL);
	if (!r)
		r = bpf_linker__finalize(l);
	bpf_linker__free(l);
	return r;
}
