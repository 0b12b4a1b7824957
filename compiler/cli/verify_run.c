// SPDX-License-Identifier: Apache-2.0
#include "cli/verify_run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "cli/verify_out.h"
#include "toolchain/object.h"

#define ARENA_CEILING ((size_t)1 << 30)
#define CONSOLE_LINES 24

/* One object, from its first check until its report is printed. */
struct item {
	struct tpc_ctx c;
	struct verify_report r;
	int err; /* of reading it */
};

static void print(const struct verify_run *k, const struct verify_report *r, bool first)
{
	switch (k->format) {
	case VERIFY_TEXT:
		if (!first)
			putchar('\n');
		verify_print_text(r, stdout);
		break;
	case VERIFY_JSON:
		verify_print_json(r, stdout);
		break;
	case VERIFY_SARIF:
		verify_add_diags(k->ctx, r);
		break;
	default:
		verify_print_junit(r, stdout);
		break;
	}
}

/* A file that cannot be read is a failed check: the others are gone through all the same. */
static void report_unread(struct tpc_ctx *c, const char *path, int err, struct verify_report *r)
{
	struct verify_finding f = { .code = TPC_E_IO };

	*r = (struct verify_report){ .object = path, .digest = "" };
	f.msg = tpc_sprintf(c->arena, "cannot be read: %s", strerror(-err));
	verify_finding_add(c, verify_check_add(c, r, "structure", NULL), f);
}

/* False: there is no memory, and that was said. Ended with finish() otherwise. */
static bool begin(const struct verify_run *k, const char *path, struct item *it)
{
	char *data = NULL;
	size_t len = 0;
	int err = tpc_ctx_init(&it->c, ARENA_CEILING);

	if (err) {
		cli_env_error(err, "cannot begin");
		return false;
	}
	it->err = cli_read_file(path, OBJECT_SIZE_MAX, &data, &len);
	if (it->err)
		report_unread(&it->c, path, it->err, &it->r);
	else
		verify_object(&it->c, path, data, len, &k->o, &it->r);
	free(data);
	return true;
}

static enum cli_status finish(const struct verify_run *k, struct item *it, bool first)
{
	enum cli_status st = it->err == -ENOMEM || it->r.environment ? CLI_ENV :
			     verify_failed(&it->r)		     ? CLI_INPUT :
								       CLI_DONE;

	print(k, &it->r, first);
	tpc_ctx_done(&it->c);
	return st;
}

static enum cli_status one_by_one(const struct verify_run *k)
{
	enum cli_status st = CLI_DONE, one;

	for (uint32_t i = 0; i < k->npaths; i++) {
		struct item it = { 0 };

		one = begin(k, k->paths[i], &it) ? finish(k, &it, i == 0) : CLI_ENV;
		st = one > st ? one : st;
	}
	return st;
}

/* ---- guests ---- */

/* Where its last lines begin. */
static const char *last_lines(const char *s, int lines)
{
	const char *at = s + strlen(s);

	while (at > s && at[-1] == '\n')
		at--;
	for (; at > s; at--)
		if (at[-1] == '\n' && !--lines)
			break;
	return at;
}

/* Of a guest that did not answer: it may have said why. Its bytes are shown as what they are. */
static void show_console(struct tpc_arena *a, const char *kernel, const char *console)
{
	size_t len;

	if (!*console)
		return;
	fprintf(stderr, "tpc: the end of the console of '");
	cli_put_text(stderr, kernel);
	fprintf(stderr, "':\n");
	for (const char *s = last_lines(console, CONSOLE_LINES); *s; s += len + (s[len] == '\n')) {
		len = strcspn(s, "\n");
		fprintf(stderr, "  | ");
		cli_put_text(stderr, tpc_utf8_shown(a, s, len));
		fputc('\n', stderr);
	}
}

static enum cli_status ask_guest_of(const struct verify_run *k, const char *kernel,
				    struct verify_report *const *reports)
{
	struct tpc_arena *a = tpc_arena_new(ARENA_CEILING);
	struct ask_vm vm = k->vm;
	const char *console;

	if (!a)
		return cli_env_error(-ENOMEM, "cannot begin");
	vm.kernel = kernel;
	verify_guest(a, &vm, reports, k->npaths, &console);
	show_console(a, kernel, console);
	tpc_arena_free(a);
	return CLI_DONE;
}

/* All objects are asked about in one boot a kernel. */
static enum cli_status all_at_once(const struct verify_run *k)
{
	struct item *items = calloc(k->npaths, sizeof(*items));
	struct verify_report **reports = calloc(k->npaths, sizeof(*reports));
	enum cli_status st = items && reports ? CLI_DONE : cli_env_error(-ENOMEM, "cannot begin"), one;
	uint32_t n = 0;

	for (; !st && n < k->npaths; n++) {
		reports[n] = &items[n].r;
		if (!begin(k, k->paths[n], &items[n])) {
			st = CLI_ENV;
			break;
		}
	}
	for (uint32_t i = 0; !st && i < k->nvms; i++)
		st = ask_guest_of(k, k->vms[i], reports);
	for (uint32_t i = 0; i < n; i++) {
		one = finish(k, &items[i], i == 0);
		st = one > st ? one : st;
	}
	free(reports);
	free(items);
	return st;
}

enum cli_status verify_run(const struct verify_run *k)
{
	enum cli_status st;

	if (k->format == VERIFY_JUNIT)
		printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"tpc verify\">\n");
	st = k->nvms ? all_at_once(k) : one_by_one(k);
	if (k->format == VERIFY_JUNIT)
		printf("</testsuites>\n");
	if (k->format == VERIFY_SARIF)
		tpc_diags_print_sarif(&k->ctx->diags, stdout);
	return st;
}
