// SPDX-License-Identifier: Apache-2.0
/* What the subcommands share: exit statuses, options, reading policies, writing results. */
#ifndef TPC_CLI_CLI_H
#define TPC_CLI_CLI_H

#include <stdio.h>

#include "tpc.h"

enum cli_status {
	CLI_DONE = 0,
	CLI_INPUT = 1, /* the input is wrong, or a check found errors */
	CLI_USAGE = 2, /* the command line is wrong */
	CLI_ENV = 3,   /* the environment is wrong */
};

/* ---- opts.c ---- */
struct cli_opt {
	int id;			  /* 0: end of the table */
	const char *name;	  /* "output", or NULL when there is only a letter */
	char letter;		  /* 'o', or 0 */
	const char *value;	  /* how help calls its value, NULL: it takes none */
	const char *const *words; /* values that are allowed, NULL-terminated; NULL: any */
	const char *help;
};

struct cli_args;

struct cli_command {
	const char *name;
	const char *synopsis; /* "POLICY... [-o OUT]" */
	const char *about;    /* one line */
	const char *more;     /* paragraphs below the options, or NULL */
	const struct cli_opt *opts;
	enum cli_status (*run)(struct cli_args *args);
};

extern const struct cli_command *const cli_commands[], cmd_fmt, cmd_bundle, cmd_keygen,
	cmd_sign; /* NULL-terminated */

struct cli_args {
	const struct cli_command *cmd;
	int argc;
	char **argv;
	int next;	   /* index of the argument to look at */
	bool only_words;   /* after "--" */
	const char *value; /* of the option or the word that cli_next() gave */
	int word;	   /* index into the option's words */
	uint64_t start_ns; /* when the program began */
};

/* Ids below 1 that cli_next() gives. */
enum { CLI_OPT_END = 0, CLI_OPT_WORD = -1, CLI_OPT_BAD = -2, CLI_OPT_HELP = -3 };
/* Ids that all commands give the same meaning; a command's own begin at CLI_OPT_OWN. */
enum { CLI_OPT_DIAGNOSTICS = 1, CLI_OPT_BTF, CLI_OPT_MIN_KERNEL, CLI_OPT_COMPAT, CLI_OPT_OWN };

/* The next option or word. CLI_OPT_BAD: one line has said what is wrong. CLI_OPT_HELP: help was printed. */
int cli_next(struct cli_args *args);
/* For the default: of a command's switch over options: what to return. */
enum cli_status cli_opt_status(int id);
/* One line on standard error, with what to type to learn more. Gives CLI_USAGE. */
enum cli_status cli_usage(const struct cli_command *cmd, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The name among @names (NULL-terminated) that @word was probably meant to be, or NULL. */
const char *cli_nearest(const char *word, const char *const *names);

/* For a command's table. */
#define CLI_OPT_DIAGNOSTICS_ROW                                                                              \
	{ CLI_OPT_DIAGNOSTICS,                                                                               \
	  "diagnostics",                                                                                     \
	  0,                                                                                                 \
	  "FORMAT",                                                                                          \
	  cli_text_json_sarif,                                                                               \
	  "how diagnostics are written to standard error: text (default), json or sarif" }
extern const char *const cli_text_json[], *const cli_text_json_sarif[];
enum { CLI_TEXT, CLI_JSON, CLI_SARIF };

/* ---- target.c: what policies are checked for: a kernel, and Tetragon ---- */
#define CLI_OPT_TARGET_ROWS                                                                                  \
	{ CLI_OPT_BTF, "btf", 0,                                                                             \
	  "FILE",      NULL,  "types of the kernel, or none (default: this machine's, which only warn)" },   \
		{ CLI_OPT_MIN_KERNEL,                                                                        \
		  "min-kernel",                                                                              \
		  0,                                                                                         \
		  "X.Y",                                                                                     \
		  NULL,                                                                                      \
		  "the oldest kernel to run on (default: 5.15)" },                                           \
		{ CLI_OPT_COMPAT,                                                                            \
		  "compat",                                                                                  \
		  0,                                                                                         \
		  "WITH",                                                                                    \
		  cli_compat,                                                                                \
		  "tetragon: what Tetragon itself refuses is an error, not a warning" }
extern const char *const cli_compat[];
/* Sets what is the case without options. */
void cli_target_defaults(struct tpc_opts *o);
/* An option of the rows above. CLI_DONE, or CLI_USAGE and said. */
enum cli_status cli_target_opt(struct cli_args *args, int id, struct tpc_opts *o);

/* ---- report.c ---- */
uint64_t cli_now_ns(void);
bool cli_color(FILE *to);
/* Prints and counts what was collected; an error among it turns @st from CLI_DONE to CLI_INPUT. */
enum cli_status cli_report(struct tpc_ctx *c, FILE *to, int format, enum cli_status st);
/* 0: done; -EINVAL: the input; else the machine. */
enum cli_status cli_status_of(int err);
/* "tpc: cannot …: No such file" on standard error. Gives CLI_ENV. */
enum cli_status cli_env_error(int err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Text of unknown origin, control characters escaped. */
void cli_put_text(FILE *to, const char *s);
/* Flushes standard output. A reader that has gone away has read enough. */
enum cli_status cli_flush(enum cli_status st);

/* ---- input.c ---- */
/* Adds the policies of files, folders and "-". What cannot be read becomes a diagnostic. 0 or -errno. */
int cli_add_policies(struct tpc *t, const char *const *paths, uint32_t n);
/*
 * Calls @add with the text of each; -EINVAL from it is a diagnostic that it added, any other error ends the
 * run. What cannot be read becomes a diagnostic. 0 or -errno.
 */
int cli_each_policy(struct tpc_ctx *c, const char *const *paths, uint32_t n,
		    int (*add)(void *arg, const char *name, const char *data, size_t len), void *arg);
/*
 * Reads a file of at most @max bytes, one more than that if it is longer. *@ret is malloc()ed.
 * 0 or -errno.
 */
int cli_read_file(const char *path, size_t max, char **ret, size_t *ret_len);

/* ---- output.c ---- */
struct cli_output {
	const char *path; /* "-": standard output */
	const char *data;
	size_t len;
	bool keep_mode;	    /* the file is there: its permissions stay */
	char *tmp, *target; /* output.c's own; NULL before */
};
/* Writes all of them or none: each to a temporary in its folder, then all are renamed. CLI_DONE or CLI_ENV. */
enum cli_status cli_write_all(struct cli_output *outs, uint32_t n);

/* ---- the commands ---- */
extern const struct cli_command cmd_compile, cmd_check, cmd_diff, cmd_inspect, cmd_explain, cmd_new,
	cmd_review, cmd_schema, cmd_test, cmd_threats, cmd_verify;

#endif
