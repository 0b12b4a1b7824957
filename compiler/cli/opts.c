// SPDX-License-Identifier: Apache-2.0
/* Options and their help from one table a command. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

#define OPTS_MAX 32
#define WORD_MAX 40 /* longest word that is compared for likeness */

const char *const cli_text_json[] = { "text", "json", NULL };
const char *const cli_text_json_sarif[] = { "text", "json", "sarif", NULL };

enum cli_status cli_usage(const struct cli_command *cmd, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "tpc%s%s: ", cmd ? " " : "", cmd ? cmd->name : "");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, " (see 'tpc%s%s --help')\n", cmd ? " " : "", cmd ? cmd->name : "");
	return CLI_USAGE;
}

/* Levenshtein distance of words up to WORD_MAX long. */
static unsigned distance(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b);
	unsigned row[WORD_MAX + 1];

	if (na > WORD_MAX || nb > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= nb; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++) {
			unsigned best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[nb];
}

const char *cli_nearest(const char *word, const char *const *names)
{
	const char *best = NULL;
	unsigned least = 3; /* more than two slips are another word */

	for (; *names; names++) {
		unsigned d = distance(word, *names);

		if (d < least && d < strlen(*names)) {
			least = d;
			best = *names;
		}
	}
	return best;
}

static int unknown_option(struct cli_args *args, const char *name, int len)
{
	const char *names[OPTS_MAX + 2] = { NULL }, *near;
	char word[WORD_MAX + 1];
	unsigned n = 0;

	snprintf(word, sizeof(word), "%.*s", len, name);
	for (const struct cli_opt *o = args->cmd->opts; o->id && n < OPTS_MAX; o++)
		if (o->name)
			names[n++] = o->name;
	names[n] = "help";
	near = cli_nearest(word, names);
	if (near)
		cli_usage(args->cmd, "unknown option '--%s', did you mean '--%s'?", word, near);
	else
		cli_usage(args->cmd, "unknown option '--%s'", word);
	return CLI_OPT_BAD;
}

/* "-o, --output OUT" */
static int print_names(const struct cli_opt *o)
{
	int n = 0;

	if (o->letter)
		n += printf("-%c%s", o->letter, o->name ? ", " : "");
	else
		n += printf("    ");
	if (o->name)
		n += printf("--%s", o->name);
	if (o->value)
		n += printf("%s%s", o->name ? " " : "", o->value);
	return n;
}

static void print_help(const struct cli_command *cmd)
{
	printf("Usage: tpc %s %s\n\n%s\n\nOptions:\n", cmd->name, cmd->synopsis, cmd->about);
	for (const struct cli_opt *o = cmd->opts; o->id; o++) {
		int n;

		printf("  ");
		n = print_names(o);
		printf("%*s%s\n", n < 28 ? 28 - n : 1, "", o->help);
	}
	printf("  -h, --help                  this text\n");
	if (cmd->more)
		printf("\n%s\n", cmd->more);
}

/* Checks the value of @o against its words. */
static int take_value(struct cli_args *args, const struct cli_opt *o, const char *value)
{
	args->value = value;
	args->word = -1;
	for (int i = 0; o->words && o->words[i]; i++)
		if (value && !strcmp(o->words[i], value))
			args->word = i;
	if (o->words && args->word < 0) {
		fprintf(stderr, "tpc %s: '%s' is not a value of %s%s, which takes ", args->cmd->name, value,
			o->name ? "--" : "-", o->name ? o->name : (char[]){ o->letter, 0 });
		for (int i = 0; o->words[i]; i++)
			fprintf(stderr, "%s%s", i ? " or " : "", o->words[i]);
		fprintf(stderr, "\n");
		return CLI_OPT_BAD;
	}
	return o->id;
}

/* @attached: what follows in the same argument, or NULL. */
static int take_option(struct cli_args *args, const struct cli_opt *o, const char *shown,
		       const char *attached)
{
	if (!o->value) {
		if (!attached)
			return o->id;
		cli_usage(args->cmd, "'%s' takes no value", shown);
		return CLI_OPT_BAD;
	}
	if (!attached && args->next < args->argc)
		attached = args->argv[args->next++];
	if (!attached) {
		cli_usage(args->cmd, "'%s' needs a value, %s", shown, o->value);
		return CLI_OPT_BAD;
	}
	return take_value(args, o, attached);
}

static int long_option(struct cli_args *args, const char *arg)
{
	const char *name = arg + 2;
	size_t len = strcspn(name, "=");

	if (len == 4 && !strncmp(name, "help", 4)) {
		print_help(args->cmd);
		return CLI_OPT_HELP;
	}
	for (const struct cli_opt *o = args->cmd->opts; o->id; o++)
		if (o->name && strlen(o->name) == len && !strncmp(o->name, name, len))
			return take_option(args, o, arg, name[len] ? name + len + 1 : NULL);
	return unknown_option(args, name, (int)len);
}

static int short_option(struct cli_args *args, const char *arg)
{
	if (!strcmp(arg, "-h")) {
		print_help(args->cmd);
		return CLI_OPT_HELP;
	}
	for (const struct cli_opt *o = args->cmd->opts; o->id; o++)
		if (o->letter && o->letter == arg[1])
			return take_option(args, o, arg, arg[2] ? arg + 2 : NULL);
	cli_usage(args->cmd, "unknown option '%s'", arg);
	return CLI_OPT_BAD;
}

int cli_next(struct cli_args *args)
{
	const char *arg;

	if (args->next >= args->argc)
		return CLI_OPT_END;
	arg = args->argv[args->next++];
	if (args->only_words || arg[0] != '-' || !arg[1]) {
		args->value = arg;
		return CLI_OPT_WORD;
	}
	if (!strcmp(arg, "--")) {
		args->only_words = true;
		return cli_next(args);
	}
	return arg[1] == '-' ? long_option(args, arg) : short_option(args, arg);
}

enum cli_status cli_opt_status(int id)
{
	return id == CLI_OPT_HELP ? CLI_DONE : CLI_USAGE;
}
