// SPDX-License-Identifier: Apache-2.0
/* tpc bundle: objects to an OCI image archive. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/bundle.h"

#define ARENA_CEILING ((size_t)2 << 30) /* address space: INPUT_MAX, some times over */
#define INPUT_MAX BUNDLE_UNPACKED_MAX	/* bytes of all objects and loaders */
#define OS "linux/"

enum { OPT_OUTPUT = CLI_OPT_OWN, OPT_PLATFORM, OPT_LOADER, OPT_SIGN, OPT_TAG };

static const char *const platforms[] = { OS "amd64", OS "arm64", NULL };

static const struct cli_opt opts[] = {
	{ OPT_OUTPUT, "output", 'o', "OUT", NULL, "the archive to write, - for standard output" },
	{ OPT_PLATFORM, "platform", 0, "PLATFORM", platforms,
	  "refuse an object for another (default: each object's own, linux/amd64 or linux/arm64)" },
	{ OPT_LOADER, "with-loader", 0, "PROGRAM", NULL,
	  "add this tpc-loader as a layer, and run it; once for each architecture" },
	{ OPT_SIGN, "sign", 0, "KEY", NULL, "sign each image with a secret key of 'tpc keygen'" },
	{ OPT_TAG, "tag", 0, "TAG", NULL, "the image's tag in the archive (default: latest)" },
	{ CLI_OPT_DIAGNOSTICS, "diagnostics", 0, "FORMAT", cli_text_json,
	  "how diagnostics are written to standard error: text (default) or json" },
	{ 0 },
};

/* What must live until the archive is written. */
struct input {
	char *data;
	size_t len;
	struct object object;
};

struct bundle_cmd {
	const char **paths, **loaders;
	uint32_t npaths, nloaders;
	const char *out, *platform, *sign, *tag;
	int diagnostics;
	int64_t epoch;
	struct input *inputs; /* npaths of objects, then nloaders */
	struct image_object *objects;
	struct image_loader *programs;
};

/* https://reproducible-builds.org/specs/source-date-epoch/ */
static enum cli_status read_epoch(int64_t *ret)
{
	const char *s = getenv("SOURCE_DATE_EPOCH");
	char *end = NULL;

	*ret = 0;
	if (!s || !*s)
		return CLI_DONE;
	errno = 0;
	*ret = strtoll(s, &end, 10);
	if (!errno && !*end && strspn(s, "0123456789") == strlen(s) && *ret <= IMAGE_EPOCH_MAX)
		return CLI_DONE;
	return cli_env_error(-EINVAL, "SOURCE_DATE_EPOCH is '%s' and not seconds since 1970", s);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static enum cli_status describe(const struct bundle_cmd *k, struct tpc_ctx *c, const char *path,
				const struct input *in, struct image_object *ret)
{
	const struct object *o = &in->object;

	*ret = (struct image_object){
		.path = path,
		.name = base_name(path),
		.data = in->data,
		.len = in->len,
		.arch = bundle_object_arch(o),
		.programs = bundle_program_label(c->arena, o),
		.maps = bundle_map_label(c->arena, o),
		.manifest = bundle_manifest_label(c->arena, o),
	};
	if (!ret->manifest)
		return cli_env_error(-ENOMEM, "cannot read '%s'", path);
	if (!ret->programs || !ret->maps)
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_BUNDLE_FILES,
			  "%s: a program or a map has a name that is not UTF-8", path);
	else if (!ret->arch)
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_BUNDLE_FILES,
			  "%s: it is for '%s', for which images have no name", path,
			  json_string_value(json_object_get(o->manifest, "arch")));
	else if (k->platform && strcmp(k->platform + strlen(OS), ret->arch) != 0)
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_BUNDLE_FILES, "%s: it is for " OS "%s, not for %s",
			  path, ret->arch, k->platform);
	else
		return CLI_DONE;
	return CLI_INPUT;
}

static enum cli_status read_object(const struct bundle_cmd *k, struct tpc_ctx *c, uint32_t i)
{
	struct input *in = &k->inputs[i];
	enum cli_status st = bundle_read_file(c, k->paths[i], OBJECT_SIZE_MAX, &in->data, &in->len);

	if (st) {
		in->data = NULL;
		return st;
	}
	st = cli_status_of(object_read(c, k->paths[i], in->data, in->len, &in->object));
	return st ? st : describe(k, c, k->paths[i], in, &k->objects[i]);
}

static enum cli_status read_loader(const struct bundle_cmd *k, struct tpc_ctx *c, uint32_t i)
{
	struct input *in = &k->inputs[k->npaths + i];
	enum cli_status st = bundle_read_file(c, k->loaders[i], IMAGE_LOADER_MAX, &in->data, &in->len);

	if (st)
		in->data = NULL;
	else
		k->programs[i] = (struct image_loader){ k->loaders[i], in->data, in->len };
	return st;
}

static enum cli_status read_inputs(const struct bundle_cmd *k, struct tpc_ctx *c)
{
	enum cli_status st = CLI_DONE, one;
	size_t total = 0;

	for (uint32_t i = 0; i < k->npaths + k->nloaders; i++) {
		one = i < k->npaths ? read_object(k, c, i) : read_loader(k, c, i - k->npaths);
		st = one > st ? one : st;
		total += k->inputs[i].len;
		if (total <= INPUT_MAX)
			continue;
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_BUNDLE_FILES,
			  "the objects and loaders are larger than %zu bytes together", INPUT_MAX);
		return CLI_INPUT;
	}
	return st;
}

static enum cli_status build(const struct bundle_cmd *k, struct tpc_ctx *c, struct tpc_buf *out)
{
	struct image_opts o = {
		.objects = k->objects,
		.nobjects = k->npaths,
		.loaders = k->programs,
		.nloaders = k->nloaders,
		.tag = k->tag,
		.epoch = k->epoch,
	};
	struct secret_key key;
	enum cli_status st = read_inputs(k, c);
	int r;

	if (k->sign) {
		enum cli_status one = bundle_read_key(c, k->sign, &key);

		o.key = one ? NULL : &key;
		st = one > st ? one : st;
	}
	if (st == CLI_DONE) {
		r = image_build(c, &o, out);
		st = r == -ENOMEM ? cli_env_error(r, "cannot make the archive") : cli_status_of(r);
	}
	if (o.key)
		key_forget(&key);
	return st;
}

static void forget(const struct bundle_cmd *k)
{
	for (uint32_t i = 0; i < k->npaths + k->nloaders; i++) {
		object_done(&k->inputs[i].object);
		free(k->inputs[i].data);
	}
}

static enum cli_status bundle(struct bundle_cmd *k, struct tpc_ctx *c)
{
	struct tpc_buf buf = TPC_BUF(c->arena);
	struct cli_output out = { .path = k->out };
	enum cli_status st;

	k->inputs = tpc_new_array(c->arena, struct input, k->npaths + k->nloaders);
	k->objects = tpc_new_array(c->arena, struct image_object, k->npaths);
	k->programs = tpc_new_array(c->arena, struct image_loader, k->nloaders);
	st = cli_report(c, stderr, k->diagnostics, build(k, c, &buf));
	forget(k);
	if (st)
		return st;
	out.data = buf.data;
	out.len = buf.len;
	return cli_write_all(&out, 1);
}

static enum cli_status set_option(struct bundle_cmd *k, struct cli_args *args, int id)
{
	switch (id) {
	case CLI_OPT_WORD:
		k->paths[k->npaths++] = args->value;
		break;
	case CLI_OPT_DIAGNOSTICS:
		k->diagnostics = args->word;
		break;
	case OPT_OUTPUT:
		k->out = args->value;
		break;
	case OPT_PLATFORM:
		k->platform = args->value;
		break;
	case OPT_LOADER:
		k->loaders[k->nloaders++] = args->value;
		break;
	case OPT_SIGN:
		k->sign = args->value;
		break;
	case OPT_TAG:
		k->tag = args->value;
		if (!image_good_tag(k->tag))
			return cli_usage(args->cmd,
					 "'%s' is no tag: letters, digits, '_', '.' and '-', 128 at most",
					 k->tag);
		break;
	default:
		return cli_opt_status(id);
	}
	return CLI_DONE;
}

static enum cli_status parse(struct bundle_cmd *k, struct cli_args *args, bool *go_on)
{
	enum cli_status st;
	int id;

	*go_on = false;
	while ((id = cli_next(args)) != CLI_OPT_END) {
		st = set_option(k, args, id);
		if (st || id == CLI_OPT_HELP)
			return st;
	}
	if (!k->npaths)
		return cli_usage(args->cmd, "no object is named");
	if (!k->out)
		return cli_usage(args->cmd, "name the archive with -o OUT");
	st = read_epoch(&k->epoch);
	*go_on = st == CLI_DONE;
	return st;
}

static enum cli_status run(struct cli_args *args)
{
	struct bundle_cmd k = { .tag = "latest" };
	enum cli_status st;
	struct tpc_ctx c;
	bool go_on;
	int r;

	k.paths = calloc(2 * (size_t)args->argc, sizeof(*k.paths));
	if (!k.paths)
		return cli_env_error(-ENOMEM, "cannot begin");
	k.loaders = k.paths + args->argc;
	st = parse(&k, args, &go_on);
	if (go_on) {
		r = tpc_ctx_init(&c, ARENA_CEILING);
		st = r ? cli_env_error(r, "cannot begin") : bundle(&k, &c);
		if (!r)
			tpc_ctx_done(&c);
	}
	free(k.paths);
	return st;
}

const struct cli_command cmd_bundle = {
	.name = "bundle",
	.synopsis = "OBJECT... -o OUT [OPTION...]",
	.about = "Pack objects into an OCI image archive",
	.more = "One object an architecture; each becomes an image that holds the object at /, with the labels of\n"
		"bytecode images. 'tpc inspect', 'tpc-loader run' and skopeo read the archive. Equal input gives equal\n"
		"bytes: the date of everything is SOURCE_DATE_EPOCH, or 1970.",
	.opts = opts,
	.run = run,
};
