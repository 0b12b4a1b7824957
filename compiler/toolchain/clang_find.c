// SPDX-License-Identifier: Apache-2.0
/* Which clang to run. A name that carries its version is believed, plain "clang" is asked. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/child.h"
#include "toolchain/internal.h"

/* The first is what the project is tested with. */
static const char *const candidates[] = { "clang-19", "clang-20", "clang-21", "clang-18",
					  "clang-17", "clang-16", "clang" };

#define N_CANDIDATES (sizeof(candidates) / sizeof(candidates[0]))

/* The number after the last '-' of "clang-19", 0 without one. */
static unsigned version_in_name(const char *path)
{
	const char *dash = strrchr(path_base(path), '-');
	char *end;
	unsigned long v;

	if (!dash || !isdigit((unsigned char)dash[1]))
		return 0;
	v = strtoul(dash + 1, &end, 10);
	return *end || v > 1000 ? 0 : (unsigned)v;
}

/* Asks the program. 0: it cannot be run or does not say "clang version N". */
static unsigned version_asked(struct tpc_arena *a, const char *path)
{
	const char *const argv[] = { path, "--version", NULL };
	struct process_result r;
	const char *at;
	unsigned v;

	if (process_run(a, NULL, argv, &r) || !WIFEXITED(r.status) || WEXITSTATUS(r.status))
		return 0;
	at = strstr(r.out, "clang version ");
	return at && sscanf(at, "clang version %4u", &v) == 1 ? v : 0;
}

static unsigned version_of(struct tpc_arena *a, const char *path)
{
	unsigned v = version_in_name(path);

	return v ? v : version_asked(a, path);
}

static void not_found(struct tpc_ctx *c, const char *what)
{
	struct tpc_diag *d = tpc_error(&c->diags, TPC_NOWHERE, TPC_E_CLANG, "%s", what);

	tpc_diag_hint(&c->diags, d, "install clang %d or newer, for example 'apt-get install clang-19'",
		      CLANG_MIN_VERSION);
}

static const char *find_wanted(struct tpc_ctx *c, const char *wanted)
{
	const char *path = strchr(wanted, '/') ? wanted : child_find(c->arena, wanted);
	unsigned v;

	if (!path || !child_is_program(path)) {
		not_found(c, tpc_sprintf(c->arena, "there is no program '%s'", wanted));
		return NULL;
	}
	v = version_of(c->arena, path);
	if (v < CLANG_MIN_VERSION) {
		not_found(c, v ? tpc_sprintf(c->arena, "'%s' is clang %u, too old", wanted, v) :
				 tpc_sprintf(c->arena, "'%s' does not answer as clang does", wanted));
		return NULL;
	}
	return path;
}

const char *clang_find(struct tpc_ctx *c, const char *wanted)
{
	unsigned seen = 0;

	if (wanted)
		return find_wanted(c, wanted);
	for (size_t i = 0; i < N_CANDIDATES; i++) {
		const char *path = child_find(c->arena, candidates[i]);
		unsigned v = path ? version_of(c->arena, path) : 0;

		if (v >= CLANG_MIN_VERSION)
			return path;
		if (v)
			seen = v;
	}
	not_found(c, seen ? tpc_sprintf(c->arena, "only clang %u is on PATH, too old", seen) :
			    "clang is not on PATH");
	return NULL;
}
