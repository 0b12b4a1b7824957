// SPDX-License-Identifier: Apache-2.0
#include "toolchain/load.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>

static bool is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(name, *names))
			return true;
	return false;
}

static size_t count(const char *const *names)
{
	size_t n = 0;

	while (names[n])
		n++;
	return n;
}

struct bpf_object *load_open(const void *data, size_t len, const char *const *programs, char *log)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "tpc_verify");
	struct bpf_object *o = bpf_object__open_mem(data, len, &opts);
	struct bpf_program *p;
	size_t found = 0;

	if (!o)
		return NULL;
	log[0] = '\0';
	bpf_object__for_each_program (p, o) {
		bool it = is_one_of(bpf_program__name(p), programs);

		bpf_program__set_autoload(p, it);
		if (it)
			bpf_program__set_log_buf(p, log, LOAD_LOG_BYTES);
		found += it;
	}
	if (found == count(programs))
		return o;
	bpf_object__close(o);
	errno = ENOENT;
	return NULL;
}

/*
 * What a kernel lacks, the loader passes over: a helper that it was built without, as bpf_override_return often is; a
 * function that it lets nobody change.
 */
static bool is_lacking(const char *log)
{
	static const char *const words[] = { "cannot use helper", "unknown func bpf_", " is not modifiable",
					     "points to disabled" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(log, words[i]))
			return true;
	return false;
}

enum load_result load_judge(int err, const char *log)
{
	if (!err)
		return LOAD_DONE;
	if (is_lacking(log))
		return LOAD_NOT_HERE;
	/* The verifier gives its reasons; a kernel that lacks something gives none. */
	if (strstr(log, "processed ") || strstr(log, ": ("))
		return LOAD_REFUSED;
	return LOAD_NOT_HERE;
}
