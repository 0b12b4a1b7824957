// SPDX-License-Identifier: Apache-2.0
/*
 * knowledge_kernel BTF VERSION: is each hook of the table in that kernel, with the arguments that the table has? A
 * line for each that is not, and exit status 1; a row's `missing` names those that need not be. Run by
 * knowledge_test.py, which finds kernels.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/kernel.h"
#include "review/knowledge.h"

static struct kernel *kernel;
static struct tpc_ctx ctx;
static const char *version;
static int faults;

#define FAULT(h, ...)                                                                                        \
	do {                                                                                                 \
		printf("%s: ", (h)->id.s);                                                                   \
		printf(__VA_ARGS__);                                                                         \
		printf("\n");                                                                                \
		faults++;                                                                                    \
	} while (0)

static bool may_be_missing(const struct know_hook *h)
{
	const struct tpc_pair *p;

	tpc_vec_foreach (p, &h->missing)
		if (!strcmp(p->key.s, version))
			return true;
	return false;
}

/* Where arguments moved between kernels, `changes` says so in words: their types are not compared. */
static void check_args(const struct know_hook *h, const struct kernel_func *f)
{
	const struct know_hook_arg *a;

	tpc_vec_foreach (a, &h->args) {
		if (h->changes.len || !strcmp(a->type.s, "nop"))
			continue;
		if (a->index.v >= f->nparams)
			FAULT(h, "has no argument %d", (int)a->index.v);
		else if (strcmp(a->name.s, f->params[a->index.v].name))
			FAULT(h, "argument %d is '%s', not '%s'", (int)a->index.v, f->params[a->index.v].name,
			      a->name.s);
	}
}

static bool check_lsm(const struct know_hook *h)
{
	struct kernel_func f;

	if (!kernel_find_lsm_hook(kernel, h->name, &f))
		return false;
	check_args(h, &f);
	if (h->function.set && !kernel_find_func(kernel, h->function.s, &f))
		FAULT(h, "there is no function '%s'", h->function.s);
	return true;
}

static bool check_kprobe(const struct know_hook *h)
{
	struct kernel_func f;

	if (!kernel_find_func(kernel, h->name, &f))
		return false;
	check_args(h, &f);
	return true;
}

static bool check_tracepoint(const struct know_hook *h)
{
	const char *slash = strchr(h->name, '/');
	struct kernel_func f;

	return slash && kernel_find_raw_tracepoint(kernel, slash + 1, &f);
}

static bool is_there(const struct know_hook *h)
{
	switch (h->kind) {
	case KNOW_LSM:
		return check_lsm(h);
	case KNOW_KPROBE:
		return check_kprobe(h);
	case KNOW_SYSCALL: /* the call is umount2, the kernel's function sys_umount */
		return kernel_has_syscall(kernel, !strcmp(h->name, "sys_umount2") ? "umount" : h->name + 4);
	case KNOW_TRACEPOINT:
		return check_tracepoint(h);
	default: /* not of the kernel */
		return true;
	}
}

int main(int argc, char **argv)
{
	struct kernel_opts o = { .btf = argc > 1 ? argv[1] : NULL };
	struct knowledge known;
	const char *why = NULL;

	if (argc != 3 || tpc_ctx_init(&ctx, (size_t)64 << 20) || kernel_open(&kernel, &o))
		return 2;
	version = argv[2];
	if (!kernel_has_btf(kernel, &why)) {
		printf("%s: %s\n", argv[1], why ? why : "no BTF");
		return 2;
	}
	knowledge_read(&ctx, NULL, 0, &known);
	for (uint32_t i = 0; i < known.hooks.len; i++) {
		const struct know_hook *h = known.hooks.items[i];
		bool there = is_there(h);

		if (!there && !may_be_missing(h))
			FAULT(h, "is not in Linux %s", version);
		if (there && may_be_missing(h))
			FAULT(h, "is in Linux %s, though 'missing' says that it is not", version);
	}
	printf("%u hooks looked up\n", known.hooks.len);
	kernel_close(kernel);
	tpc_ctx_done(&ctx);
	return faults ? 1 : 0;
}
