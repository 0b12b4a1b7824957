// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

uint64_t cli_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

bool cli_color(FILE *to)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && !(term && !strcmp(term, "dumb")) && isatty(fileno(to));
}

enum cli_status cli_report(struct tpc_ctx *c, FILE *to, int format, enum cli_status st)
{
	tpc_diags_sort(&c->diags);
	if (format == CLI_JSON)
		tpc_diags_print_json(&c->diags, to);
	else if (format == CLI_SARIF)
		tpc_diags_print_sarif(&c->diags, to);
	else
		tpc_diags_print_text(&c->diags, to, cli_color(to));
	return st == CLI_DONE && c->diags.nerrors ? CLI_INPUT : st;
}

enum cli_status cli_status_of(int err)
{
	return !err ? CLI_DONE : err == -EINVAL ? CLI_INPUT : CLI_ENV;
}

enum cli_status cli_env_error(int err, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "tpc: ");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, ": %s\n", strerror(-err));
	return CLI_ENV;
}

void cli_put_text(FILE *to, const char *s)
{
	for (; *s; s++) {
		unsigned char ch = (unsigned char)*s, next = (unsigned char)s[1];

		if (ch < 0x20 || ch == 0x7f) {
			fprintf(to, "\\x%02x", ch);
		} else if (ch == 0xc2 && next >= 0x80 &&
			   next < 0xa0) { /* C1: 0x9b begins an escape sequence */
			fprintf(to, "\\x%02x", next);
			s++;
		} else {
			fputc(ch, to);
		}
	}
}

enum cli_status cli_flush(enum cli_status st)
{
	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return st;
	if (errno == EPIPE)
		return st;
	return cli_env_error(errno ? -errno : -EIO, "cannot write to standard output");
}
