// SPDX-License-Identifier: Apache-2.0
/* tpc test: policies against cases, and against recorded events. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "ptest/ptest.h"
#include "toolchain/clang.h"

#define CASES_READ_MAX (1U << 20)   /* one byte beyond is enough for the reader to see that it is more */
#define EVENTS_READ_MAX (64U << 20) /* a record of a day, not of a year */

enum { OPT_FORMAT = CLI_OPT_OWN, OPT_COVERAGE, OPT_MIN_COVERAGE, OPT_UPDATE, OPT_REPLAY, OPT_BPF, OPT_CLANG };

static const char *const formats[] = { "text", "tap", "junit", "json", NULL }; /* enum ptest_format */

static const struct cli_opt opts[] = {
	{ OPT_FORMAT, "format", 0, "FORMAT", formats, "text (default), tap, junit or json" },
	{ OPT_COVERAGE, "coverage", 0, NULL, NULL,
	  "show which selectors and values of filters the cases have decided" },
	{ OPT_MIN_COVERAGE, "min-coverage", 0, "PERCENT", NULL, "exit status 1 when less is covered" },
	{ OPT_UPDATE, "update", 0, NULL, NULL, "make the expectations in CASES what the policies do" },
	{ OPT_BPF, "bpf", 0, NULL, NULL,
	  "run the cases on the compiled code too, in this machine's kernel; needs clang and root" },
	{ OPT_CLANG, "clang", 0, "PROGRAM", NULL,
	  "the clang to run for --bpf (default: clang-19, or another on PATH)" },
	{ OPT_REPLAY, "replay", 0, "EVENTS", NULL,
	  "instead of CASES: recorded events, one JSON object a line; - reads standard input" },
	CLI_OPT_TARGET_ROWS,
	CLI_OPT_DIAGNOSTICS_ROW,
	{ 0 },
};

struct test {
	const char **paths; /* the last is CASES unless there are events */
	uint32_t npaths;
	const char *events;
	bool coverage, update, bpf;
	int format, diagnostics, min_coverage; /* -1: not asked */
	struct tpc_opts tpc;
	struct ptest_units units;
};

static enum cli_status print(struct tpc_buf *b)
{
	struct cli_output o = { .path = "-", .data = tpc_buf_text(b), .len = b->len };

	return cli_write_all(&o, 1);
}

/* The file as a source; 0 or -errno. What cannot be read is the input's fault. */
static int read_source(struct tpc_ctx *c, const char *path, size_t max, char **ret, size_t *ret_len)
{
	int r = cli_read_file(strcmp(path, "-") ? path : "/dev/stdin", max, ret, ret_len);

	if (!r && *ret_len <= max)
		return 0;
	if (r == -ENOMEM)
		return r;
	if (r)
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_IO, "cannot read '%s': %s", path, strerror(-r));
	else
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_TOO_BIG, "'%s' is larger than %zu MiB", path,
			  max >> 20);
	if (!r)
		free(*ret);
	return -EINVAL;
}

/* ---- cases ---- */
static void check_coverage(const struct test *k, struct tpc_ctx *c, const struct ptest_result *r)
{
	if (k->min_coverage >= 0 && ptest_coverage(r) < (uint32_t)k->min_coverage)
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_COVERAGE,
			  "the cases cover %u %%, less than the %d %% that are asked for", ptest_coverage(r),
			  k->min_coverage);
}

static void print_summary(const struct ptest_result *r, bool bpf)
{
	fprintf(stderr, "tpc test: %u case%s: ", r->outcomes.len, r->outcomes.len == 1 ? "" : "s");
	fprintf(stderr, "%u as expected", r->counts[PTEST_GOOD]);
	if (r->counts[PTEST_DIFFERS])
		fprintf(stderr, ", %u not", r->counts[PTEST_DIFFERS]);
	if (r->counts[PTEST_UNDECIDED])
		fprintf(stderr, ", %u not judged", r->counts[PTEST_UNDECIDED]);
	fprintf(stderr, ", coverage %u %%", ptest_coverage(r));
	if (bpf)
		fprintf(stderr, "; on BPF: %u run, %u not",
			r->bpf_counts[PTEST_BPF_RAN] + r->bpf_counts[PTEST_BPF_DIFFERS],
			r->bpf_counts[PTEST_BPF_NOT_RUN]);
	if (r->bpf_counts[PTEST_BPF_DIFFERS])
		fprintf(stderr, ", %u other than the evaluator", r->bpf_counts[PTEST_BPF_DIFFERS]);
	fputc('\n', stderr);
}

/* 0 or -errno. Policies that cannot be compiled are no failure: each case says so. */
static int open_bpf(struct test *k, struct tpc *t)
{
	const char *not_yet = tpc_not_yet(t);
	struct tpc_buf manifest = TPC_BUF(tpc_context(t)->arena);
	struct clang_object object;
	struct ptest_code code;
	int r;

	if (not_yet) {
		k->units.bpf = ptest_bpf_none(tpc_context(t), not_yet);
		return 0;
	}
	r = tpc_emit_cases(t, &object);
	if (!r)
		r = tpc_emit_manifest(t, &manifest);
	if (r)
		return r;
	code = (struct ptest_code){ object.data, object.len, tpc_buf_text(&manifest) };
	return ptest_bpf_open(tpc_context(t), tpc_unit(t), &code, &k->units.bpf);
}

static enum cli_status run_cases(struct test *k, struct tpc *t, uint32_t file)
{
	struct tpc_ctx *c = tpc_context(t);
	struct tpc_buf out = TPC_BUF(c->arena);
	struct ptest_result r;
	enum cli_status st, printed;
	int err = k->bpf ? open_bpf(k, t) : 0;

	if (err)
		return cli_report(c, stderr, k->diagnostics, cli_status_of(err));
	ptest_run(c, &k->units, file, &r);
	ptest_bpf_close(k->units.bpf);
	if (!c->diags.nerrors) /* a case that is wrong would have reached something */
		ptest_warn_unreached(c, &r);
	check_coverage(k, c, &r);
	ptest_print(c, &k->units, &r, (enum ptest_format)k->format, k->coverage, &out);
	printed = print(&out);
	st = cli_report(c, stderr, k->diagnostics, r.counts[PTEST_DIFFERS] ? CLI_INPUT : CLI_DONE);
	if (k->diagnostics != CLI_SARIF)
		print_summary(&r, k->bpf);
	return printed ? printed : st;
}

static enum cli_status update_cases(struct test *k, struct tpc *t, uint32_t file, const char *path)
{
	struct tpc_ctx *c = tpc_context(t);
	struct tpc_buf out = TPC_BUF(c->arena);
	struct cli_output o = { .path = path, .keep_mode = true };
	uint32_t left = 0, n = ptest_update(c, &k->units, file, &out, &left);
	enum cli_status st;

	o.data = tpc_buf_text(&out);
	o.len = out.len;
	st = n ? cli_write_all(&o, 1) : CLI_DONE;
	st = cli_report(c, stderr, k->diagnostics, st);
	if (k->diagnostics != CLI_SARIF)
		fprintf(stderr, "tpc test: %u expectation%s updated%s\n", n, n == 1 ? "" : "s",
			left ? ", some could not be" : "");
	return st == CLI_DONE && left ? CLI_INPUT : st;
}

static enum cli_status test_cases(struct test *k, struct tpc *t)
{
	const char *path = k->paths[k->npaths - 1];
	struct tpc_ctx *c = tpc_context(t);
	size_t len = 0;
	char *text = NULL;
	uint32_t file;
	int r = read_source(c, path, CASES_READ_MAX, &text, &len);

	if (r)
		return cli_report(c, stderr, k->diagnostics, cli_status_of(r));
	file = tpc_source_add(&c->sources, strcmp(path, "-") ? path : "<stdin>", text, len);
	free(text);
	return k->update ? update_cases(k, t, file, path) : run_cases(k, t, file);
}

/* ---- events ---- */
static enum cli_status replay(struct test *k, struct tpc *t)
{
	struct tpc_ctx *c = tpc_context(t);
	struct tpc_buf out = TPC_BUF(c->arena);
	struct ptest_replay rep;
	enum cli_status printed;
	size_t len = 0;
	char *text = NULL;
	int r = read_source(c, k->events, EVENTS_READ_MAX, &text, &len);

	if (r)
		return cli_report(c, stderr, k->diagnostics, cli_status_of(r));
	ptest_replay(c, &k->units, strcmp(k->events, "-") ? k->events : "<stdin>", text, len, &rep);
	free(text);
	ptest_print_replay(c, &rep, (enum ptest_format)k->format, &out);
	printed = print(&out);
	return cli_report(c, stderr, k->diagnostics, printed);
}

/* ---- the command ---- */
static enum cli_status test(struct test *k, struct tpc *t)
{
	int r = cli_add_policies(t, k->paths, k->npaths - !k->events);

	if (!r)
		r = tpc_build(t);
	if (r || tpc_context(t)->diags.nerrors)
		return cli_report(tpc_context(t), stderr, k->diagnostics, cli_status_of(r));
	k->units = (struct ptest_units){ tpc_lowered(t), tpc_unit(t), NULL };
	return k->events ? replay(k, t) : test_cases(k, t);
}

static enum cli_status parse_percent(struct test *k, struct cli_args *args)
{
	char rest;

	if (strlen(args->value) <= 3 && sscanf(args->value, "%3d%c", &k->min_coverage, &rest) == 1 &&
	    k->min_coverage >= 0 && k->min_coverage <= 100)
		return CLI_DONE;
	return cli_usage(args->cmd, "--min-coverage is a number from 0 to 100, not '%s'", args->value);
}

static enum cli_status judge(const struct test *k, const struct cli_command *cmd)
{
	if (k->npaths < (k->events ? 1 : 2))
		return cli_usage(cmd, k->npaths || k->events ? "no policy is named, or no cases" :
							       "no policy is named");
	if (k->events && (k->coverage || k->update || k->min_coverage >= 0))
		return cli_usage(cmd, "--replay has no cases: neither coverage nor --update");
	if (k->events && (k->format == PTEST_TAP || k->format == PTEST_JUNIT))
		return cli_usage(cmd, "--replay writes text or json");
	if (k->bpf && (k->events || k->update))
		return cli_usage(cmd, "--bpf runs cases: neither --replay nor --update");
	if (k->update && !strcmp(k->paths[k->npaths - 1], "-"))
		return cli_usage(cmd, "standard input cannot be updated");
	if (k->update && (k->coverage || k->min_coverage >= 0))
		return cli_usage(cmd, "--update runs no cases: coverage is for another run");
	return CLI_DONE;
}

static enum cli_status take(struct test *k, struct cli_args *args, int id)
{
	switch (id) {
	case CLI_OPT_WORD:
		k->paths[k->npaths++] = args->value;
		return CLI_DONE;
	case CLI_OPT_DIAGNOSTICS:
		k->diagnostics = args->word;
		return CLI_DONE;
	case OPT_FORMAT:
		k->format = args->word;
		return CLI_DONE;
	case OPT_COVERAGE:
		k->coverage = true;
		return CLI_DONE;
	case OPT_MIN_COVERAGE:
		return parse_percent(k, args);
	case OPT_UPDATE:
		k->update = true;
		return CLI_DONE;
	case OPT_BPF:
		k->bpf = true;
		return CLI_DONE;
	case OPT_CLANG:
		k->tpc.clang = args->value;
		return CLI_DONE;
	case OPT_REPLAY:
		k->events = args->value;
		return CLI_DONE;
	default:
		return cli_target_opt(args, id, &k->tpc);
	}
}

static enum cli_status parse(struct test *k, struct cli_args *args, bool *go_on)
{
	enum cli_status st;
	int id;

	*go_on = false;
	while ((id = cli_next(args)) != CLI_OPT_END) {
		if (id < CLI_OPT_WORD)
			return cli_opt_status(id);
		st = take(k, args, id);
		if (st)
			return st;
	}
	st = judge(k, args->cmd);
	*go_on = st == CLI_DONE;
	return st;
}

static enum cli_status run(struct cli_args *args)
{
	struct test k = { .min_coverage = -1, .tpc = { .opt = 2 } };
	struct tpc *t = NULL;
	enum cli_status st;
	bool go_on;
	int r;

	k.paths = calloc((size_t)args->argc, sizeof(*k.paths));
	if (!k.paths)
		return cli_env_error(-ENOMEM, "cannot begin");
	cli_target_defaults(&k.tpc);
	st = parse(&k, args, &go_on);
	if (go_on) {
		r = tpc_open(&t, &k.tpc);
		st = r ? cli_env_error(r, "cannot begin") : test(&k, t);
		tpc_close(t);
	}
	free(k.paths);
	return st;
}

const struct cli_command cmd_test = {
	.name = "test",
	.synopsis = "POLICY... CASES [OPTION...] | --replay EVENTS POLICY...",
	.about = "Test policies with cases in YAML, or with recorded events",
	.more = "CASES says what processes do and what the policies must make of it; docs/policy-tests.md describes it.\n"
		"EVENTS are lines as 'tetra getevents -o json' and tpc-loader print them. Runs on the reference evaluator,\n"
		"with the rules as written and as optimised, and needs no privileges. --bpf runs the programs of 'tpc compile'\n"
		"too, attached to nothing, and says of each case on which, or why on none. Exit status 1 when a case is not as\n"
		"expected, says too little to be judged, or BPF and evaluator differ; 3 when this kernel runs no programs.",
	.opts = opts,
	.run = run,
};
