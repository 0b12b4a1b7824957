// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "toolchain/internal.h"
#include "toolchain/seal.h"

#define CLANG_OUTPUT "tpc.raw.o"
#define STRIPPED "tpc.bpf.o"
#define OBJECT_MAX (64U << 20)

static int environment_error(struct tpc_ctx *c, int err, const char *doing)
{
	tpc_error(&c->diags, TPC_NOWHERE, TPC_E_ENVIRONMENT, "cannot %s: %s", doing, strerror(-err));
	return err;
}

/* Whether a YAML source may lie beside the generated C under its base name. */
static bool can_lie_beside(struct tpc_ctx *c, const char *base, const struct clang_opts *o)
{
	if (!*base || *base == '.' || !strncmp(base, "tpc.", 4) || strlen(base) > 200)
		return false;
	for (const struct clang_header *h = o->headers; h && h->name; h++)
		if (!strncmp(h->name, base, strlen(base)))
			return false;
	return clang_source_span(c, base, 1).file != 0; /* nowhere when two sources share the name */
}

/* clang copies the lines that #line names into the BTF line info: so verifier logs quote the policy. */
static int write_sources(struct tpc_ctx *c, struct workdir *w, const struct clang_opts *o)
{
	for (uint32_t i = 0; i < c->sources.files.len; i++) {
		const struct tpc_source *s = &c->sources.files.items[i];
		const char *base = path_base(s->name);
		int r;

		if (!can_lie_beside(c, base, o))
			continue;
		r = workdir_write(w, base, s->text, s->len);
		if (r)
			return r;
	}
	return 0;
}

static int write_inputs(struct tpc_ctx *c, struct workdir *w, const char *text, size_t len,
			const struct clang_opts *o)
{
	struct tpc_buf input = TPC_BUF(c->arena);
	int r;

	tpc_buf_add(&input, text, len);
	tpc_buf_puts(&input, seal_room);
	r = workdir_write(w, CLANG_INPUT, input.data, input.len);
	for (const struct clang_header *h = o->headers; !r && h && h->name; h++)
		r = workdir_write(w, h->name, h->text, h->len);
	return r ? r : write_sources(c, w, o);
}

static const char *const *command(struct tpc_ctx *c, const char *clang, const char *arch)
{
	static const char *const own[] = {
		"-I.",
		"--no-default-config",
		"-w",
		"-fno-color-diagnostics",
		"-fno-caret-diagnostics",
		"-fno-crash-diagnostics",
		"-c",
		CLANG_INPUT,
		"-o",
		CLANG_OUTPUT,
	};
	const size_t nown = sizeof(own) / sizeof(own[0]);
	uint32_t n;
	const char **common = clang_common_args(c->arena, arch, &n);
	const char **argv = tpc_new_array(c->arena, const char *, 1 + n + nown + 1);

	argv[0] = clang;
	memcpy(argv + 1, common, n * sizeof(*argv));
	memcpy(argv + 1 + n, own, sizeof(own));
	return argv;
}

static const char *first_line(struct tpc_arena *a, const char *s)
{
	return tpc_strndup(a, s, strcspn(s, "\n"));
}

/* Ended by a signal or, having caught one, by its crash handler (LLVM's codes lie above 69, shells' above 128). */
static bool gave_up(const struct process_result *p)
{
	return WIFSIGNALED(p->status) || WEXITSTATUS(p->status) >= 70 ||
	       strstr(p->err, "LLVM ERROR: out of memory");
}

/* clang has refused: libclang knows the places best, clang's own words say what only its back end finds. */
static int rejected(struct tpc_ctx *c, const char *text, size_t len, const struct clang_opts *o,
		    const struct process_result *p)
{
	uint32_t before = c->diags.nerrors;

	if (gave_up(p)) {
		struct tpc_diag *d = tpc_error(&c->diags, TPC_NOWHERE, TPC_E_CLANG,
					       "clang did not get through the generated C");

		tpc_diag_hint(&c->diags, d,
			      "it may use %u GiB and %u s: compile fewer policies into one object",
			      (unsigned)(PROCESS_MEMORY_MAX >> 30), PROCESS_CPU_MAX);
		return -EIO;
	}
	clang_lint(c, text, len, o);
	if (c->diags.nerrors == before && !clang_report_stderr(c, p->err))
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_CLANG, "clang ended with status %d: %s",
			  WEXITSTATUS(p->status), first_line(c->arena, p->err));
	return -EINVAL;
}

static int compile_in(struct tpc_ctx *c, struct workdir *w, const char *clang, const char *text, size_t len,
		      const struct clang_opts *o, struct clang_object *ret)
{
	struct process_result p;
	int r = write_inputs(c, w, text, len, o);

	if (r)
		return environment_error(c, r, "write to the temporary folder");
	r = process_run(c->arena, w->path, command(c, clang, o->arch), &p);
	ret->clang_ns = p.wall_ns;
	if (r)
		return environment_error(c, r, tpc_sprintf(c->arena, "run '%s'", clang));
	if (!WIFEXITED(p.status) || WEXITSTATUS(p.status))
		return rejected(c, text, len, o, &p);
	r = object_strip(w, CLANG_OUTPUT, STRIPPED);
	if (!r)
		r = workdir_read(w, STRIPPED, c->arena, OBJECT_MAX, &ret->data, &ret->len);
	if (!r)
		r = object_seal(c->arena, ret->data, ret->len);
	return r ? environment_error(c, r, "finish the object that clang made") : 0;
}

/* While the folder is there the signals that a user ends a program with wait: else it would stay behind. */
static void hold_signals(sigset_t *before)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGHUP);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ends, before);
}

int clang_compile(struct tpc_ctx *c, const char *text, size_t len, const struct clang_opts *o,
		  struct clang_object *ret)
{
	const char *parent = o->tmpdir ? o->tmpdir : "/tmp";
	struct workdir w = WORKDIR_NONE;
	const char *clang;
	sigset_t before;
	uint32_t n;
	int r;

	memset(ret, 0, sizeof(*ret));
	if (!clang_common_args(c->arena, o->arch, &n)) {
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_NOT_YET, "no code for the architecture '%s' yet",
			  o->arch);
		return -EINVAL;
	}
	clang = clang_find(c, o->clang);
	if (!clang)
		return -ENOENT;
	hold_signals(&before);
	r = workdir_make(&w, parent);
	if (r)
		environment_error(c, r, tpc_sprintf(c->arena, "make a temporary folder in '%s'", parent));
	else
		r = compile_in(c, &w, clang, text, len, o, ret);
	workdir_remove(&w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return r;
}
