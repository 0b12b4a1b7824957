// SPDX-License-Identifier: Apache-2.0
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

const struct cli_command *const cli_commands[] = { &cmd_compile, &cmd_check,  &cmd_fmt,	    &cmd_test,
						   &cmd_diff,	 &cmd_verify, &cmd_inspect, &cmd_bundle,
						   &cmd_keygen,	 &cmd_sign,   &cmd_explain, &cmd_review,
						   &cmd_threats, &cmd_new,    &cmd_schema,  NULL };

static void print_help(void)
{
	printf("Usage: tpc COMMAND [ARGUMENT...]\n"
	       "\n"
	       "Compiles Tetragon tracing policies to specialised BPF objects. Needs no privileges.\n"
	       "\n"
	       "Commands:\n");
	for (const struct cli_command *const *c = cli_commands; *c; c++)
		printf("  %-10s %s\n", (*c)->name, (*c)->about);
	printf("\n"
	       "  --help     this text; 'tpc COMMAND --help' says more on a command\n"
	       "  --version  the version of tpc\n"
	       "\n"
	       "Exit status: 0 done, 1 the input is wrong, 2 the command line is wrong, 3 the environment is wrong.\n");
}

static enum cli_status unknown_command(const char *name)
{
	const char *names[sizeof(cli_commands) / sizeof(cli_commands[0])] = { NULL };
	const char *near;

	for (int i = 0; cli_commands[i]; i++)
		names[i] = cli_commands[i]->name;
	near = cli_nearest(name, names);
	if (near)
		return cli_usage(NULL, "unknown command '%s', did you mean '%s'?", name, near);
	return cli_usage(NULL, "unknown command '%s'", name);
}

static enum cli_status run(int argc, char **argv, uint64_t start_ns)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	if (!name)
		return cli_usage(NULL, "a command is missing");
	if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help")) {
		print_help();
		return CLI_DONE;
	}
	if (!strcmp(name, "--version")) {
		printf("tpc %s\n", TPC_VERSION);
		return CLI_DONE;
	}
	if (*name == '-')
		return cli_usage(NULL, "unknown option '%s' before a command", name);
	for (const struct cli_command *const *c = cli_commands; *c; c++) {
		struct cli_args args = {
			.cmd = *c, .argc = argc, .argv = argv, .next = 2, .start_ns = start_ns
		};

		if (!strcmp((*c)->name, name))
			return (*c)->run(&args);
	}
	return unknown_command(name);
}

/* A closed standard stream would give its number to the first file that is opened. */
static void hold_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

int main(int argc, char **argv)
{
	uint64_t start_ns = cli_now_ns();

	hold_standard_streams();
	/* A reader that goes away is an error of write(), not the end of this program. */
	signal(SIGPIPE, SIG_IGN);
	libbpf_set_print(NULL);
	return cli_flush(run(argc, argv, start_ns));
}
