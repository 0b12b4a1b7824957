// SPDX-License-Identifier: Apache-2.0
/* tpc inspect: what an object would do. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/inspect.h"

#define ARENA_CEILING ((size_t)512 << 20)

enum { OPT_FORMAT = CLI_OPT_OWN };

static const struct cli_opt opts[] = {
	{ OPT_FORMAT, "format", 0, "FORMAT", cli_text_json, "text (default), or json: one object a line" },
	/* No SARIF: each object's diagnostics are written by themselves, and a log is one for all. */
	{ CLI_OPT_DIAGNOSTICS, "diagnostics", 0, "FORMAT", cli_text_json,
	  "how diagnostics are written to standard error: text (default) or json" },
	{ 0 },
};

struct inspect {
	const char **paths;
	uint32_t npaths, shown;
	int format, diagnostics;
};

struct inspect_memory inspect_map_memory(const struct object_map *map)
{
	struct inspect_memory m = { 0 };
	uint64_t entry;

	if (!strcmp(map->type, "ringbuf")) {
		m.bytes = map->max_entries;
		return m;
	}
	/* Values are padded to 8 bytes (kernel/bpf/arraymap.c); hash keys are kept as well. */
	entry = ((uint64_t)map->value_size + 7) / 8 * 8;
	m.per_cpu = !strncmp(map->type, "percpu_", strlen("percpu_"));
	m.per_task = !strcmp(map->type, "task_storage");
	if (!m.per_task && !strstr(map->type, "array"))
		entry += ((uint64_t)map->key_size + 7) / 8 * 8;
	m.bytes = m.per_task ? entry : entry * map->max_entries;
	return m;
}

uint32_t inspect_insns(const struct object *o, const char *name)
{
	for (uint32_t i = 0; i < o->programs.len; i++)
		if (!strcmp(o->programs.items[i].name, name))
			return o->programs.items[i].insns;
	return 0;
}

/* One object, read, shown and forgotten. */
static enum cli_status show(struct inspect *k, struct tpc_ctx *c, struct inspected *in, const void *data)
{
	int r = object_read(c, in->path, data, in->size, &in->object);
	bool good;

	if (r)
		return cli_status_of(r);
	good = !in->image || inspect_check_image(c, in);
	if (good && k->format == CLI_JSON) {
		inspect_json(in, stdout);
	} else if (good) {
		if (k->shown++)
			putchar('\n');
		inspect_text(in, stdout);
	}
	object_done(&in->object);
	return good ? CLI_DONE : CLI_INPUT;
}

/* Each object of an archive. */
static enum cli_status show_archive(struct inspect *k, struct tpc_ctx *c, const char *path, const void *data,
				    size_t len)
{
	enum cli_status st = CLI_DONE, one;
	struct bundle_error e;
	struct bundle b;

	if (bundle_open(data, len, &b, &e)) {
		if (e.machine)
			return cli_env_error(-ENOMEM, "cannot read '%s'", path);
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_BUNDLE, "%s: %s", path, e.text);
		return CLI_INPUT;
	}
	for (size_t i = 0; i < b.nimages; i++) {
		struct inspected in = { .path = path, .size = b.images[i].object_len, .image = &b.images[i] };

		one = show(k, c, &in, b.images[i].object);
		st = one > st ? one : st;
	}
	bundle_close(&b);
	return st;
}

static enum cli_status show_file(struct inspect *k, struct tpc_ctx *c, const char *path)
{
	struct inspected in = { .path = path };
	enum cli_status st;
	char *data = NULL;
	int r = cli_read_file(path, BUNDLE_ARCHIVE_MAX, &data, &in.size);

	if (r == -ENOMEM)
		return cli_env_error(r, "cannot read '%s'", path);
	if (r) {
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_IO, "cannot read '%s': %s", path, strerror(-r));
		return CLI_INPUT;
	}
	st = bundle_is_archive(data, in.size) ? show_archive(k, c, path, data, in.size) :
						show(k, c, &in, data);
	free(data);
	return st;
}

static enum cli_status inspect(struct inspect *k)
{
	enum cli_status st = CLI_DONE;
	struct tpc_ctx c;

	for (uint32_t i = 0; i < k->npaths; i++) {
		int r = tpc_ctx_init(&c, ARENA_CEILING);
		enum cli_status one;

		if (r)
			return cli_env_error(r, "cannot begin");
		one = cli_report(&c, stderr, k->diagnostics, show_file(k, &c, k->paths[i]));
		if (one > st)
			st = one;
		tpc_ctx_done(&c);
	}
	return st;
}

static enum cli_status parse(struct inspect *k, struct cli_args *args, bool *go_on)
{
	int id;

	*go_on = false;
	while ((id = cli_next(args)) != CLI_OPT_END) {
		switch (id) {
		case CLI_OPT_WORD:
			k->paths[k->npaths++] = args->value;
			break;
		case CLI_OPT_DIAGNOSTICS:
			k->diagnostics = args->word;
			break;
		case OPT_FORMAT:
			k->format = args->word;
			break;
		default:
			return cli_opt_status(id);
		}
	}
	if (!k->npaths)
		return cli_usage(args->cmd, "no object is named");
	*go_on = true;
	return CLI_DONE;
}

static enum cli_status run(struct cli_args *args)
{
	struct inspect k = { 0 };
	enum cli_status st;
	bool go_on;

	k.paths = calloc((size_t)args->argc, sizeof(*k.paths));
	if (!k.paths)
		return cli_env_error(-ENOMEM, "cannot begin");
	st = parse(&k, args, &go_on);
	if (go_on)
		st = inspect(&k);
	free(k.paths);
	return st;
}

const struct cli_command cmd_inspect = {
	.name = "inspect",
	.synopsis = "OBJECT|ARCHIVE... [OPTION...]",
	.about = "Show what a compiled object would do",
	.more = "ARCHIVE is an OCI image archive, as 'tpc bundle' makes them: each object in it is shown.\n"
		"Nothing is loaded. The object is taken as hostile: what is broken in it is told, exit status 1.",
	.opts = opts,
	.run = run,
};
