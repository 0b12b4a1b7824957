// SPDX-License-Identifier: Apache-2.0
/* tpc verify: is an object what it says, and will that kernel take it? */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "cli/verify_run.h"
#include "toolchain/clang.h"

#define ARENA_CEILING ((size_t)1 << 30)
#define CPUS_MAX 65536
#define VM_SECONDS 300
#define VM_SECONDS_MAX 86400

enum {
	OPT_FORMAT = CLI_OPT_OWN,
	OPT_MAX_INSNS,
	OPT_MAX_STACK,
	OPT_MAX_MEMORY,
	OPT_MAX_PROGRAMS,
	OPT_CPUS,
	OPT_POLICY,
	OPT_LEVEL,
	OPT_MODE,
	OPT_CLANG,
	OPT_LOAD,
	OPT_VM,
	OPT_VM_TIMEOUT,
	OPT_QEMU,
};

/* In the order of VERIFY_TEXT and the others. */
static const char *const formats[] = { "text", "json", "sarif", "junit", NULL };
static const char *const levels[] = { "0", "2", NULL };
static const char *const modes[] = { "monitor", "enforce", NULL };

static const struct cli_opt opts[] = {
	{ OPT_FORMAT, "format", 0, "FORMAT", formats,
	  "text (default), json: one object a line, sarif: a log, or junit" },
	{ CLI_OPT_BTF, "btf", 0, "FILE|DIR", NULL,
	  "types of a kernel, or a folder of such; may be given several times" },
	{ CLI_OPT_MIN_KERNEL, "min-kernel", 0, "X.Y", NULL,
	  "the oldest kernel to run on: has it all helpers?" },
	{ OPT_MAX_INSNS, "max-insns", 0, "N", NULL,
	  "instructions on the longest way through a program, with what it calls, all of a loop once" },
	{ OPT_MAX_STACK, "max-stack", 0, "BYTES", NULL, "stack of a program with all that it calls" },
	{ OPT_MAX_MEMORY, "max-memory", 0, "BYTES", NULL, "memory of all maps; KiB, MiB and GiB may follow" },
	{ OPT_MAX_PROGRAMS, "max-programs", 0, "N", NULL, "programs in an object" },
	{ OPT_CPUS, "cpus", 0, "N", NULL, "that --max-memory counts per-CPU maps for (default: 1)" },
	{ OPT_POLICY, "policy", 0, "POLICY", NULL,
	  "prove that this YAML gives these bytes; may be given several times" },
	{ OPT_LEVEL, NULL, 'O', "LEVEL", levels, "as it was compiled: 0 or 2 (default)" },
	{ OPT_MODE, "mode", 0, "MODE", modes, "as it was compiled" },
	{ OPT_CLANG, "clang", 0, "PROGRAM", NULL, "the clang for --policy" },
	{ OPT_LOAD, "load", 0, NULL, NULL,
	  "ask this machine's kernel to verify each program; attaches nothing" },
	{ OPT_VM, "vm", 0, "VMLINUZ", NULL,
	  "the same of this kernel, booted in an emulated guest; may be given several times" },
	{ OPT_VM_TIMEOUT, "vm-timeout", 0, "SECONDS", NULL, "for a guest as a whole (default: 300)" },
	{ OPT_QEMU, "qemu", 0, "PROGRAM", NULL, "the QEMU for --vm (default: qemu-system-x86_64)" },
	CLI_OPT_DIAGNOSTICS_ROW,
	{ 0 },
};

struct verifying {
	struct cli_args *args;
	struct verify_run run;
	struct tpc_opts tpc;
	const char **paths, **policies, **btfs, **vms;
	uint32_t npolicies, nbtfs;
	TPC_VEC(struct verify_btf) kernels;
	struct tpc_ctx ctx; /* of the whole run */
	int diagnostics;
};

/* "100", "512KiB", "16MiB" */
static enum cli_status parse_number(struct verifying *k, const char *name, bool bytes, uint64_t max,
				    uint64_t *ret)
{
	static const char *const units[] = { "", "KiB", "MiB", "GiB" };
	const char *s = k->args->value;
	unsigned long long n;
	unsigned shift = 0;
	char *end;

	errno = 0;
	n = strtoull(s, &end, 10);
	while (bytes && shift < 4 && strcmp(end, units[shift]))
		shift++;
	if (*s < '0' || *s > '9' || errno || !n || (bytes ? shift == 4 : *end != '\0') ||
	    n > max >> (bytes ? 10 * shift : 0))
		return cli_usage(k->args->cmd, "--%s is a number%s above 0, not '%s'", name,
				 bytes ? " of bytes, such as 64MiB," : "", s);
	*ret = (uint64_t)n << (bytes ? 10 * shift : 0);
	return CLI_DONE;
}

static enum cli_status parse_budget(struct verifying *k, int id)
{
	enum cli_status st;
	uint64_t cpus = 1;

	switch (id) {
	case OPT_MAX_INSNS:
		return parse_number(k, "max-insns", false, UINT64_MAX, &k->run.o.max_insns);
	case OPT_MAX_STACK:
		return parse_number(k, "max-stack", true, UINT64_MAX, &k->run.o.max_stack);
	case OPT_MAX_MEMORY:
		return parse_number(k, "max-memory", true, UINT64_MAX, &k->run.o.max_memory);
	case OPT_MAX_PROGRAMS:
		return parse_number(k, "max-programs", false, UINT64_MAX, &k->run.o.max_programs);
	default:
		st = parse_number(k, "cpus", false, CPUS_MAX, &cpus);
		k->run.o.cpus = (uint32_t)cpus;
		return st;
	}
}

static enum cli_status parse_seconds(struct verifying *k)
{
	uint64_t n = VM_SECONDS;
	enum cli_status st = parse_number(k, "vm-timeout", false, VM_SECONDS_MAX, &n);

	k->run.vm.seconds = (uint32_t)n;
	return st;
}

/* CLI_DONE and *@go_on: the option was one of these. */
static enum cli_status parse_one(struct verifying *k, int id, bool *go_on)
{
	struct cli_args *a = k->args;

	*go_on = true;
	switch (id) {
	case CLI_OPT_WORD:
		k->paths[k->run.npaths++] = a->value;
		return CLI_DONE;
	case CLI_OPT_DIAGNOSTICS:
		k->diagnostics = a->word;
		return CLI_DONE;
	case CLI_OPT_BTF:
		k->btfs[k->nbtfs++] = a->value;
		return CLI_DONE;
	case CLI_OPT_MIN_KERNEL:
		if (cli_target_opt(a, id, &k->tpc))
			return CLI_USAGE;
		k->run.o.min_kernel = k->tpc.min_kernel;
		return CLI_DONE;
	case OPT_FORMAT:
		k->run.format = a->word;
		return CLI_DONE;
	case OPT_POLICY:
		k->policies[k->npolicies++] = a->value;
		return CLI_DONE;
	case OPT_LEVEL:
		k->tpc.opt = a->word ? 2 : 0;
		return CLI_DONE;
	case OPT_MODE:
		k->tpc.mode = a->word ? TPC_MODE_OPT_ENFORCE : TPC_MODE_OPT_MONITOR;
		return CLI_DONE;
	case OPT_CLANG:
		k->tpc.clang = a->value;
		return CLI_DONE;
	case OPT_LOAD:
		k->run.o.load = true;
		return CLI_DONE;
	case OPT_VM:
		k->vms[k->run.nvms++] = a->value;
		k->run.o.vm = true;
		return CLI_DONE;
	case OPT_VM_TIMEOUT:
		return parse_seconds(k);
	case OPT_QEMU:
		k->run.vm.qemu = a->value;
		return CLI_DONE;
	case OPT_MAX_INSNS:
	case OPT_MAX_STACK:
	case OPT_MAX_MEMORY:
	case OPT_MAX_PROGRAMS:
	case OPT_CPUS:
		return parse_budget(k, id);
	default:
		*go_on = false;
		return cli_opt_status(id);
	}
}

static enum cli_status parse(struct verifying *k, bool *go_on)
{
	enum cli_status st;
	int id;

	while ((id = cli_next(k->args)) != CLI_OPT_END) {
		st = parse_one(k, id, go_on);
		if (st || !*go_on) {
			*go_on = false;
			return st;
		}
	}
	*go_on = false;
	if (!k->run.npaths)
		return cli_usage(k->args->cmd, "no object is named");
	if (k->npolicies && k->run.npaths > 1)
		return cli_usage(k->args->cmd, "--policy goes with one object, not %u", k->run.npaths);
	*go_on = true;
	return CLI_DONE;
}

/* ---- kernels ---- */

static int add_kernel(struct verifying *k, const char *path)
{
	struct kernel_opts o = { .btf = path };
	struct verify_btf b = { .path = path };
	int r = kernel_open(&b.kernel, &o);

	if (!r)
		*tpc_vec_push(k->ctx.arena, &k->kernels) = b;
	return r;
}

static int is_shown(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int add_kernels_of(struct verifying *k, const char *folder)
{
	struct dirent **list;
	int n = scandir(folder, &list, is_shown, by_name), r = n < 0 ? -errno : 0;
	struct stat st;

	for (int i = 0; i < n; i++) {
		const char *path = tpc_sprintf(k->ctx.arena, "%s/%s", folder, list[i]->d_name);

		if (!r && !stat(path, &st) && S_ISREG(st.st_mode))
			r = add_kernel(k, path);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	return r;
}

static enum cli_status open_kernels(struct verifying *k)
{
	for (uint32_t i = 0; i < k->nbtfs; i++) {
		uint32_t before = k->kernels.len;
		struct stat st;
		int r = !stat(k->btfs[i], &st) && S_ISDIR(st.st_mode) ? add_kernels_of(k, k->btfs[i]) :
									add_kernel(k, k->btfs[i]);

		if (r)
			return cli_env_error(r, "cannot read '%s'", k->btfs[i]);
		if (k->kernels.len == before)
			return cli_env_error(-ENOENT, "no file in '%s'", k->btfs[i]);
	}
	k->run.o.btfs = k->kernels.items;
	k->run.o.nbtfs = k->kernels.len;
	return CLI_DONE;
}

/* ---- the proof ---- */

/* What is wrong with the policies is told as 'tpc compile' tells it. */
static enum cli_status compile(struct verifying *k, struct tpc *t, struct clang_object *ret)
{
	int r = cli_add_policies(t, k->policies, k->npolicies);

	if (!r)
		r = tpc_build(t);
	if (!r)
		r = tpc_emit_object(t, ret);
	return cli_report(tpc_context(t), stderr, k->diagnostics, cli_status_of(r));
}

/* ---- the run ---- */

static enum cli_status verify(struct verifying *k)
{
	struct clang_object expected = { 0 };
	struct tpc *t = NULL;
	enum cli_status st = open_kernels(k);
	int r;

	if (st || !k->npolicies)
		return st ? st : verify_run(&k->run);
	r = tpc_open(&t, &k->tpc);
	st = r ? cli_env_error(r, "cannot begin") : compile(k, t, &expected);
	if (!st) {
		k->run.o.expected = expected.data;
		k->run.o.expected_len = expected.len;
		st = verify_run(&k->run);
	}
	tpc_close(t);
	return st;
}

static enum cli_status run(struct cli_args *args)
{
	struct verifying k = { .args = args,
			       .tpc = { .opt = 2 },
			       .run = { .vm = { .seconds = VM_SECONDS } } };
	size_t n = (size_t)args->argc;
	const char **words = calloc(4 * n, sizeof(*words));
	enum cli_status st;
	bool go_on = false;
	int r;

	if (!words)
		return cli_env_error(-ENOMEM, "cannot begin");
	k.paths = words;
	k.policies = words + n;
	k.btfs = words + 2 * n;
	k.vms = words + 3 * n;
	k.run.paths = k.paths;
	k.run.vms = k.vms;
	k.run.ctx = &k.ctx;
	cli_target_defaults(&k.tpc);
	k.tpc.tmpdir = getenv("TMPDIR");
	if (k.tpc.tmpdir && !*k.tpc.tmpdir)
		k.tpc.tmpdir = NULL;
	st = parse(&k, &go_on);
	if (go_on) {
		r = tpc_ctx_init(&k.ctx, ARENA_CEILING);
		st = r ? cli_env_error(r, "cannot begin") : verify(&k);
		for (uint32_t i = 0; i < k.kernels.len; i++)
			kernel_close(k.kernels.items[i].kernel);
		if (!r)
			tpc_ctx_done(&k.ctx);
	}
	free(words);
	return st;
}

const struct cli_command cmd_verify = {
	.name = "verify",
	.synopsis = "OBJECT... [OPTION...]",
	.about = "Check compiled objects before they are deployed",
	.more = "Checks without an option: digest, structure, manifest, types, code, relocations, maps, helpers. Nothing is\n"
		"loaded but with --load, which needs root, and in the guest of --vm, which does not. Objects and kernels are\n"
		"taken as hostile.\n"
		"Exit status: 0 all is well, 1 a check failed, 2 the command line is wrong, 3 a check could not be made.",
	.opts = opts,
	.run = run,
};
