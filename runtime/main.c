// SPDX-License-Identifier: Apache-2.0
/* The command line of tpc-loader. */
#include <getopt.h>
#include <string.h>
#include <tpc/abi.h>

#include "libbpf_log.h"
#include "manifest.h"
#include "run.h"
#include "source.h"

#ifndef TPC_VERSION
#define TPC_VERSION "unknown"
#endif

static const char help[] =
	"Usage: tpc-loader run OBJ... [options]\n"
	"       tpc-loader --help | --version\n"
	"\n"
	"OBJ is an object of `tpc compile`, or an OCI image archive of `tpc bundle`.\n"
	"Loads objects into the kernel, attaches them, all or none, and prints their events\n"
	"until SIGINT or SIGTERM. Then everything is gone from the kernel again.\n"
	"\n"
	"Options of run:\n"
	"  --mode monitor|enforce  instead of each policy's own mode\n"
	"  --output json|compact   one Tetragon event as JSON a line (default), or a short text\n"
	"  --verify KEY            load only what this public key signed: OBJ.sig beside an object, or an image's own\n"
	"                          signature\n"
	"  --no-attach             load only, to hear the kernel's verifier; a result line an object\n"
	"  --variant KIND          only this way to attach: kprobe, fentry, fmod_ret, lsm, tracepoint;\n"
	"                          'all' with --no-attach: each that this kernel can do, one after another\n"
	"  --unsealed              also objects without a digest, or with another: those not made by 'tpc compile'\n"
	"  --node-name NAME        node_name of events (default: the host's name)\n"
	"  --ready-file PATH       created when everything is attached\n"
	"  -v, --verbose           say which variants were chosen and why others were not\n"
	"  -h, --help              this text\n"
	"\n"
	"Exit status: 0 done, 1 an object is wrong, 2 the command line is wrong, 3 the environment is wrong:\n"
	"the kernel refuses, no permission.\n";

static enum rt_exit usage(const char *what, const char *arg)
{
	fprintf(stderr, "tpc-loader: %s%s%s\ntpc-loader: try 'tpc-loader --help'\n", what, arg ? ": " : "",
		arg ? arg : "");
	return RT_USAGE;
}

/* Sets @ret to the position of @arg among @words (ends with NULL). */
static bool word(const char *arg, const char *const words[], int *ret)
{
	for (int i = 0; words[i]; i++)
		if (strcmp(arg, words[i]) == 0) {
			*ret = i;
			return true;
		}
	return false;
}

static bool set_variant(struct run_opts *o, const char *arg)
{
	for (int k = 0; k < ATTACH_TP_BTF; k++)
		if (strcmp(arg, attach_kind_name((enum attach_kind)k)) == 0)
			o->variant = arg;
	o->all_variants = strcmp(arg, "all") == 0;
	return o->variant || o->all_variants;
}

enum option_id {
	OPT_MODE = 256,
	OPT_OUTPUT,
	OPT_NO_ATTACH,
	OPT_UNSEALED,
	OPT_VARIANT,
	OPT_NODE,
	OPT_READY,
	OPT_VERIFY,
};

static enum rt_exit set_option(struct run_opts *o, int id, const char *arg)
{
	static const char *const modes[] = {
		[TPC_MODE_ENFORCE] = "enforce", [TPC_MODE_MONITOR] = "monitor", NULL
	};
	static const char *const outputs[] = { "json", "compact", NULL };
	int n;

	switch (id) {
	case OPT_MODE:
		if (!word(arg, modes, &o->mode))
			return usage("--mode is 'monitor' or 'enforce'", NULL);
		break;
	case OPT_OUTPUT:
		if (!word(arg, outputs, &n))
			return usage("--output is 'json' or 'compact'", NULL);
		o->compact = n == 1;
		break;
	case OPT_NO_ATTACH:
		o->no_attach = true;
		break;
	case OPT_UNSEALED:
		o->trust.unsealed = true;
		break;
	case OPT_VARIANT:
		if (!set_variant(o, arg))
			return usage("no such --variant", arg);
		break;
	case OPT_NODE:
		o->node = arg;
		break;
	case OPT_READY:
		o->ready = arg;
		break;
	case OPT_VERIFY:
		o->verify = arg;
		break;
	case 'v':
		o->verbose = true;
		break;
	default: /* getopt has said it */
		return RT_USAGE;
	}
	return RT_OK;
}

static enum rt_exit cmd_run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "mode", required_argument, NULL, OPT_MODE },
		{ "output", required_argument, NULL, OPT_OUTPUT },
		{ "no-attach", no_argument, NULL, OPT_NO_ATTACH },
		{ "unsealed", no_argument, NULL, OPT_UNSEALED },
		{ "variant", required_argument, NULL, OPT_VARIANT },
		{ "node-name", required_argument, NULL, OPT_NODE },
		{ "ready-file", required_argument, NULL, OPT_READY },
		{ "verify", required_argument, NULL, OPT_VERIFY },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct run_opts o = { .mode = -1 };
	struct sign_key key;
	struct rt_error e;
	enum rt_exit status;
	int id;

	while ((id = getopt_long(argc, argv, "vh", options, NULL)) >= 0) {
		if (id == 'h') {
			fputs(help, stdout);
			return RT_OK;
		}
		status = set_option(&o, id, optarg);
		if (status)
			return status;
	}
	o.objects = argv + optind;
	o.nobjects = (size_t)(argc - optind);
	if (!o.nobjects)
		return usage("run: no object is named", NULL);
	if (o.all_variants && !o.no_attach)
		return usage("--variant all goes with --no-attach only", NULL);
	if (o.verify) {
		if (source_read_key(o.verify, &key, &e)) {
			fprintf(stderr, "tpc-loader: %s: %s\n", o.verify, e.text);
			return e.status;
		}
		o.trust.key = &key;
	}
	libbpf_log_start(o.verbose);
	return o.no_attach ? run_load_only(&o) : run_attached(&o);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return usage("no command", NULL);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		fputs(help, stdout);
		return RT_OK;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("tpc-loader %s, ABI %d.%d\n", TPC_VERSION, TPC_ABI_MAJOR, TPC_ABI_MINOR);
		return RT_OK;
	}
	if (strcmp(argv[1], "run") == 0)
		return (int)cmd_run(argc - 1, argv + 1);
	return usage("unknown command", argv[1]);
}
