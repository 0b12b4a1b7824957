// SPDX-License-Identifier: Apache-2.0
/*
 * libclang reads generated C from memory. It is opened only when it is asked for: linking it costs every run
 * some 20 ms of loading LLVM. Its C interface is stable, so any version from 16 on will do.
 */
#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include <clang-c/Index.h>

#include "toolchain/internal.h"

/* A folder that does not exist: libclang is handed every file that lies in it. */
#define LINT_DIR "/.tpc-lint"

#define LIBCLANG(X)                                                                                          \
	X(clang_createIndex)                                                                                 \
	X(clang_disposeIndex)                                                                                \
	X(clang_parseTranslationUnit2)                                                                       \
	X(clang_disposeTranslationUnit)                                                                      \
	X(clang_getNumDiagnostics)                                                                           \
	X(clang_getDiagnostic)                                                                               \
	X(clang_disposeDiagnostic)                                                                           \
	X(clang_getDiagnosticSeverity)                                                                       \
	X(clang_getDiagnosticSpelling)                                                                       \
	X(clang_getDiagnosticLocation)                                                                       \
	X(clang_getPresumedLocation)                                                                         \
	X(clang_getCString)                                                                                  \
	X(clang_disposeString)

struct libclang {
	void *dl;
#define X(name) __typeof__(&name) name;
	LIBCLANG(X)
#undef X
};

static int libclang_open(struct libclang *l)
{
	static const char *const names[] = {
		"libclang-19.so.19", "libclang-19.so.1",  "libclang-19.so",
		"libclang-20.so.20", "libclang-21.so.21", "libclang-18.so.18",
		"libclang-17.so.17", "libclang-16.so.16", "/usr/lib/llvm-19/lib/libclang.so.1",
		"libclang.so",	     "libclang.so.1",
	};

	l->dl = NULL;
	/* NODELETE: LLVM has thread-local data and exit handlers that do not survive being unloaded. */
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !l->dl; i++)
		l->dl = dlopen(names[i], RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
	if (!l->dl)
		return -ENOENT;
#define X(name)                                                                                              \
	l->name = (__typeof__(l->name))dlsym(l->dl, #name);                                                  \
	if (!l->name)                                                                                        \
		goto missing;
	LIBCLANG(X)
#undef X
	return 0;
missing:
	dlclose(l->dl);
	l->dl = NULL;
	return -ENOENT;
}

static struct CXUnsavedFile *unsaved_files(struct tpc_arena *a, const char *text, size_t len,
					   const struct clang_header *headers, unsigned *ret_n)
{
	struct CXUnsavedFile *files;
	unsigned n = 1;

	for (const struct clang_header *h = headers; h && h->name; h++)
		n++;
	files = tpc_new_array(a, struct CXUnsavedFile, n);
	files[0] = (struct CXUnsavedFile){ LINT_DIR "/" CLANG_INPUT, text, len };
	for (unsigned i = 1; i < n; i++) {
		const struct clang_header *h = &headers[i - 1];

		files[i] = (struct CXUnsavedFile){ tpc_sprintf(a, LINT_DIR "/%s", h->name), h->text, h->len };
	}
	*ret_n = n;
	return files;
}

/* Adds diagnostic number @i. false for what is below a warning. */
static bool report(struct tpc_ctx *c, const struct libclang *l, CXTranslationUnit tu, unsigned i)
{
	CXDiagnostic d = l->clang_getDiagnostic(tu, i);
	enum CXDiagnosticSeverity sev = l->clang_getDiagnosticSeverity(d);
	CXString file, msg;
	unsigned line, col;

	if (sev < CXDiagnostic_Warning) {
		l->clang_disposeDiagnostic(d);
		return false;
	}
	msg = l->clang_getDiagnosticSpelling(d);
	l->clang_getPresumedLocation(l->clang_getDiagnosticLocation(d), &file, &line, &col);
	clang_report(c, l->clang_getCString(file) ? l->clang_getCString(file) : CLANG_INPUT, line,
		     sev >= CXDiagnostic_Error, tpc_strdup(c->arena, l->clang_getCString(msg)));
	l->clang_disposeString(file);
	l->clang_disposeString(msg);
	l->clang_disposeDiagnostic(d);
	return true;
}

static int lint(struct tpc_ctx *c, const struct libclang *l, const char *text, size_t len,
		const struct clang_opts *o)
{
	static const char *const own[] = { ("-I" LINT_DIR), "-Wall", "-Wextra", "-Wshadow",
					   "-Wstrict-prototypes" };
	const unsigned nown = sizeof(own) / sizeof(own[0]);
	CXTranslationUnit tu = NULL;
	unsigned nfiles;
	uint32_t n;
	int found = 0;
	const char **common = clang_common_args(c->arena, o->arch, &n);
	const char **args = tpc_new_array(c->arena, const char *, n + nown);
	struct CXUnsavedFile *files = unsaved_files(c->arena, text, len, o->headers, &nfiles);
	CXIndex idx = l->clang_createIndex(0, 0);

	memcpy(args, common, n * sizeof(*args));
	memcpy(args + n, own, sizeof(own));
	if (l->clang_parseTranslationUnit2(idx, files[0].Filename, args, (int)(n + nown), files, nfiles, 0,
					   &tu)) {
		l->clang_disposeIndex(idx);
		return -EIO;
	}
	for (unsigned i = 0; i < l->clang_getNumDiagnostics(tu); i++)
		found += report(c, l, tu, i);
	l->clang_disposeTranslationUnit(tu);
	l->clang_disposeIndex(idx);
	return found;
}

int clang_lint(struct tpc_ctx *c, const char *text, size_t len, const struct clang_opts *o)
{
	struct libclang l;
	uint32_t n;
	int r;

	if (!clang_common_args(c->arena, o->arch, &n))
		return -EINVAL;
	r = libclang_open(&l);
	if (r)
		return r;
	r = lint(c, &l, text, len, o);
	dlclose(l.dl);
	return r;
}
