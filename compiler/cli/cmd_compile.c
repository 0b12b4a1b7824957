// SPDX-License-Identifier: Apache-2.0
/* tpc compile: policies to one object. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "toolchain/clang.h"

enum {
	OPT_OUTPUT = CLI_OPT_OWN,
	OPT_EMIT,
	OPT_LEVEL,
	OPT_MODE,
	OPT_CLANG,
	OPT_TIME,
};

enum emit { EMIT_OBJ, EMIT_C, EMIT_IR, EMIT_MANIFEST, EMIT_MAX };

static const char *const emit_names[] = { "obj", "c", "ir", "manifest", NULL };
static const char *const emit_extensions[] = { ".bpf.o", ".bpf.c", ".ir", ".manifest.json" };
static const char *const levels[] = { "0", "2", NULL };
static const char *const modes[] = { "monitor", "enforce", NULL };

static const struct cli_opt opts[] = {
	{ OPT_OUTPUT, "output", 'o', "OUT", NULL,
	  "where to write, - is standard output (default: NAME.bpf.o)" },
	{ OPT_EMIT, "emit", 0, "LIST", NULL, "what to write, of obj,c,ir,manifest (default: obj)" },
	{ OPT_LEVEL, NULL, 'O', "LEVEL", levels, "0: without the optimizer, 2: with it (default)" },
	{ OPT_MODE, "mode", 0, "MODE", modes, "monitor or enforce, whatever the policies say" },
	{ OPT_CLANG, "clang", 0, "PROGRAM", NULL,
	  "the clang to run (default: clang-19, or another on PATH)" },
	CLI_OPT_TARGET_ROWS,
	CLI_OPT_DIAGNOSTICS_ROW,
	{ OPT_TIME, "time", 0, NULL, NULL, "microseconds of each stage, as JSON on standard error" },
	{ 0 },
};

struct times {
	uint64_t frontend, btf, passes, backend, clang;
};

struct compile {
	struct cli_args *args;
	struct tpc_opts tpc;
	const char **paths;
	uint32_t npaths;
	const char *out;
	bool emit[EMIT_MAX];
	int diagnostics;
	bool time;
	struct times ns;
};

/* "obj,c" */
static enum cli_status parse_emit(struct compile *k, const char *list)
{
	memset(k->emit, 0, sizeof(k->emit));
	for (;;) {
		size_t len = strcspn(list, ",");
		int i = 0;

		while (emit_names[i] && (strlen(emit_names[i]) != len || strncmp(emit_names[i], list, len)))
			i++;
		if (!emit_names[i])
			return cli_usage(k->args->cmd, "--emit knows obj, c, ir and manifest, not '%.*s'",
					 (int)len, list);
		k->emit[i] = true;
		if (!list[len])
			return CLI_DONE;
		list += len + 1;
	}
}

/* CLI_DONE and *@go_on false: help was asked for. */
static enum cli_status parse(struct compile *k, bool *go_on)
{
	struct cli_args *a = k->args;
	int id;

	*go_on = false;
	while ((id = cli_next(a)) != CLI_OPT_END) {
		switch (id) {
		case CLI_OPT_WORD:
			k->paths[k->npaths++] = a->value;
			break;
		case CLI_OPT_DIAGNOSTICS:
			k->diagnostics = a->word;
			break;
		case OPT_OUTPUT:
			k->out = a->value;
			break;
		case OPT_EMIT:
			if (parse_emit(k, a->value))
				return CLI_USAGE;
			break;
		case OPT_LEVEL:
			k->tpc.opt = a->word ? 2 : 0;
			break;
		case OPT_MODE:
			k->tpc.mode = a->word ? TPC_MODE_OPT_ENFORCE : TPC_MODE_OPT_MONITOR;
			break;
		case CLI_OPT_BTF:
		case CLI_OPT_MIN_KERNEL:
		case CLI_OPT_COMPAT:
			if (cli_target_opt(a, id, &k->tpc))
				return CLI_USAGE;
			break;
		case OPT_CLANG:
			k->tpc.clang = a->value;
			break;
		case OPT_TIME:
			k->time = true;
			break;
		default:
			return cli_opt_status(id);
		}
	}
	if (!k->npaths)
		return cli_usage(a->cmd, "no policy is named");
	*go_on = true;
	return CLI_DONE;
}

static uint32_t emit_count(const struct compile *k)
{
	uint32_t n = 0;

	for (int i = 0; i < EMIT_MAX; i++)
		n += k->emit[i];
	return n;
}

/* What of OUT stays when its extension is replaced. */
static size_t stem_len(const char *out)
{
	static const char *const known[] = {
		".bpf.o", ".bpf.c", ".manifest.json", ".ir", ".json", ".o", ".c"
	};
	size_t len = strlen(out);

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t n = strlen(known[i]);

		if (len > n && !strcmp(out + len - n, known[i]) && out[len - n - 1] != '/')
			return len - n;
	}
	return len;
}

static const char *path_for(struct compile *k, struct tpc *t, enum emit e)
{
	struct tpc_arena *a = tpc_context(t)->arena;

	if (!k->out)
		return tpc_sprintf(a, "%s%s", tpc_policy_name(t, 0), emit_extensions[e]);
	if (emit_count(k) == 1)
		return k->out;
	return tpc_sprintf(a, "%.*s%s", (int)stem_len(k->out), k->out, emit_extensions[e]);
}

static int emit_object(struct compile *k, struct tpc *t, struct cli_output *ret)
{
	struct clang_object obj = { 0 };
	int r = tpc_emit_object(t, &obj);

	ret->data = obj.data;
	ret->len = obj.len;
	k->ns.clang = obj.clang_ns;
	return r;
}

static int emit_text(struct tpc *t, enum emit e, struct cli_output *ret)
{
	struct tpc_buf b = TPC_BUF(tpc_context(t)->arena);
	int r = e == EMIT_C  ? tpc_emit_c(t, &b) :
		e == EMIT_IR ? tpc_emit_ir(t, &b) :
			       tpc_emit_manifest(t, &b);

	if (e == EMIT_MANIFEST)
		tpc_buf_putc(&b, '\n');
	ret->data = tpc_buf_text(&b);
	ret->len = b.len;
	return r;
}

/* The C text is made once and kept by the library: asking for it here only shows what it costs. */
static int time_backend(struct compile *k, struct tpc *t)
{
	struct tpc_buf b = TPC_BUF(tpc_context(t)->arena);
	uint64_t start = cli_now_ns();
	int r = k->emit[EMIT_OBJ] || k->emit[EMIT_C] ? tpc_emit_c(t, &b) : 0;

	k->ns.backend = cli_now_ns() - start;
	return r;
}

static int emit_all(struct compile *k, struct tpc *t, struct cli_output *outs, uint32_t *n)
{
	int r = time_backend(k, t);

	for (int e = 0; e < EMIT_MAX && !r; e++) {
		struct cli_output *o = &outs[*n];

		if (!k->emit[e])
			continue;
		o->path = path_for(k, t, (enum emit)e);
		r = e == EMIT_OBJ ? emit_object(k, t, o) : emit_text(t, (enum emit)e, o);
		(*n)++;
	}
	return r;
}

static void print_times(const struct compile *k)
{
	uint64_t total = cli_now_ns() - k->args->start_ns;
	uint64_t known = k->ns.frontend + k->ns.btf + k->ns.passes + k->ns.backend + k->ns.clang;

	fprintf(stderr,
		"{\"frontend_us\":%llu,\"btf_us\":%llu,\"passes_us\":%llu,\"backend_us\":%llu,\"clang_us\":%llu,"
		"\"rest_us\":%llu,\"total_us\":%llu}\n",
		(unsigned long long)k->ns.frontend / 1000, (unsigned long long)k->ns.btf / 1000,
		(unsigned long long)k->ns.passes / 1000, (unsigned long long)k->ns.backend / 1000,
		(unsigned long long)k->ns.clang / 1000, (unsigned long long)(total - known) / 1000,
		(unsigned long long)total / 1000);
}

/* Reads and builds. 0, -EINVAL when a diagnostic says why not, -errno. */
static int build(struct compile *k, struct tpc *t)
{
	uint64_t start = cli_now_ns(), read, known;
	int r = cli_add_policies(t, k->paths, k->npaths);

	read = cli_now_ns();
	k->ns.frontend = read - start;
	if (!r && k->time) /* the first hook would ask for them: it costs the same, but shows as what it is */
		tpc_read_types(t);
	known = cli_now_ns();
	k->ns.btf = known - read;
	if (!r)
		r = tpc_build(t);
	k->ns.passes = cli_now_ns() - known;
	return r;
}

static enum cli_status compile(struct compile *k, struct tpc *t)
{
	struct cli_output outs[EMIT_MAX] = { { 0 } };
	uint32_t n = 0;
	enum cli_status st;
	int r = build(k, t);

	if (!r && !k->out && tpc_policy_count(t) > 1)
		return cli_usage(k->args->cmd, "several policies go into one object: name it with -o OUT");
	if (!r)
		r = emit_all(k, t, outs, &n);
	st = cli_report(tpc_context(t), stderr, k->diagnostics, cli_status_of(r));
	if (st == CLI_DONE)
		st = cli_write_all(outs, n);
	if (k->time)
		print_times(k);
	return st;
}

static enum cli_status run(struct cli_args *args)
{
	struct compile k = { .args = args, .emit = { [EMIT_OBJ] = true } };
	enum cli_status st = CLI_DONE;
	struct tpc *t = NULL;
	bool go_on;
	int r;

	k.tpc.opt = 2;
	cli_target_defaults(&k.tpc);
	k.tpc.tmpdir = getenv("TMPDIR");
	if (k.tpc.tmpdir && !*k.tpc.tmpdir)
		k.tpc.tmpdir = NULL;
	k.paths = calloc((size_t)args->argc, sizeof(*k.paths));
	if (!k.paths)
		return cli_env_error(-ENOMEM, "cannot begin");
	st = parse(&k, &go_on);
	if (go_on && emit_count(&k) > 1 && k.out && !strcmp(k.out, "-")) {
		st = cli_usage(args->cmd, "'-o -' takes one thing to emit, not %u", emit_count(&k));
		go_on = false;
	}
	if (go_on) {
		r = tpc_open(&t, &k.tpc);
		st = r ? cli_env_error(r, "cannot begin") : compile(&k, t);
		tpc_close(t);
	}
	free(k.paths);
	return st;
}

const struct cli_command cmd_compile = {
	.name = "compile",
	.synopsis = "POLICY... [-o OUT] [OPTION...]",
	.about = "Compile policies to one BPF object",
	.more = "POLICY is a YAML file, which may hold several documents, a folder (its *.yaml and *.yml files in\n"
		"order of name) or - for standard input. With several things to emit OUT's extension is replaced\n"
		"by .bpf.o, .bpf.c, .ir and .manifest.json. OUT is written as a whole or not at all.\n"
		"--emit c, ir and manifest need no clang.",
	.opts = opts,
	.run = run,
};
