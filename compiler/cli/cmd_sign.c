// SPDX-License-Identifier: Apache-2.0
/* tpc sign: a detached signature beside each object. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/bundle.h"

#define ARENA_CEILING ((size_t)1 << 30)

enum { OPT_KEY = CLI_OPT_OWN };

static const struct cli_opt opts[] = {
	{ OPT_KEY, "key", 'k', "KEY", NULL, "the secret key, of 'tpc keygen' or 'minisign -G -W'" },
	{ CLI_OPT_DIAGNOSTICS, "diagnostics", 0, "FORMAT", cli_text_json,
	  "how diagnostics are written to standard error: text (default) or json" },
	{ 0 },
};

struct sign {
	const char **paths;
	uint32_t npaths;
	const char *key;
	int diagnostics;
};

enum cli_status bundle_read_file(struct tpc_ctx *c, const char *path, size_t max, char **ret, size_t *ret_len)
{
	int r = cli_read_file(path, max, ret, ret_len);

	if (!r && *ret_len <= max)
		return CLI_DONE;
	if (r == -ENOMEM)
		return cli_env_error(r, "cannot read '%s'", path);
	if (r) {
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_IO, "cannot read '%s': %s", path, strerror(-r));
	} else {
		free(*ret);
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_TOO_BIG, "'%s' is larger than %zu bytes", path, max);
	}
	return CLI_INPUT;
}

enum cli_status bundle_read_key(struct tpc_ctx *c, const char *path, struct secret_key *ret)
{
	struct bundle_error e;
	char *text = NULL;
	size_t len = 0;
	enum cli_status st = bundle_read_file(c, path, SIGN_TEXT_MAX, &text, &len);

	if (st)
		return st;
	if (key_read(text, len, ret, &e)) {
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_KEY, "%s: %s", path, e.text);
		st = CLI_INPUT;
	}
	explicit_bzero(text, len);
	free(text);
	return st;
}

/* The signature of one object, which must be one. */
static enum cli_status sign_object(struct tpc_ctx *c, const char *path, const struct secret_key *key,
				   struct cli_output *out)
{
	struct object o;
	char *data = NULL;
	size_t len = 0;
	enum cli_status st = bundle_read_file(c, path, OBJECT_SIZE_MAX, &data, &len);

	if (st)
		return st;
	st = cli_status_of(object_read(c, path, data, len, &o));
	if (st == CLI_DONE) {
		out->path = tpc_sprintf(c->arena, "%s.sig", path);
		out->data = key_sign(c->arena, key, data, len);
		out->len = strlen(out->data);
		object_done(&o);
	}
	free(data);
	return st;
}

static enum cli_status sign_all(const struct sign *k, struct tpc_ctx *c)
{
	struct cli_output *outs = tpc_new_array(c->arena, struct cli_output, k->npaths);
	struct secret_key key;
	enum cli_status st = bundle_read_key(c, k->key, &key), one;

	if (st == CLI_DONE) {
		for (uint32_t i = 0; i < k->npaths; i++) {
			one = sign_object(c, k->paths[i], &key, &outs[i]);
			st = one > st ? one : st;
			if (!tpc_arena_exhausted(c->arena))
				continue;
			tpc_error(&c->diags, TPC_NOWHERE, TPC_E_TOO_BIG,
				  "the objects are too large to be signed together");
			st = CLI_INPUT;
			break;
		}
		key_forget(&key);
	}
	st = cli_report(c, stderr, k->diagnostics, st);
	return st ? st : cli_write_all(outs, k->npaths);
}

static enum cli_status parse(struct sign *k, struct cli_args *args, bool *go_on)
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
		case OPT_KEY:
			k->key = args->value;
			break;
		default:
			return cli_opt_status(id);
		}
	}
	if (!k->npaths)
		return cli_usage(args->cmd, "no object is named");
	if (!k->key)
		return cli_usage(args->cmd, "name a secret key with --key KEY");
	*go_on = true;
	return CLI_DONE;
}

static enum cli_status run(struct cli_args *args)
{
	struct sign k = { 0 };
	enum cli_status st;
	struct tpc_ctx c;
	bool go_on;
	int r;

	k.paths = calloc((size_t)args->argc, sizeof(*k.paths));
	if (!k.paths)
		return cli_env_error(-ENOMEM, "cannot begin");
	st = parse(&k, args, &go_on);
	if (go_on) {
		r = tpc_ctx_init(&c, ARENA_CEILING);
		st = r ? cli_env_error(r, "cannot begin") : sign_all(&k, &c);
		if (!r)
			tpc_ctx_done(&c);
	}
	free(k.paths);
	return st;
}

const struct cli_command cmd_sign = {
	.name = "sign",
	.synopsis = "OBJECT... --key KEY",
	.about = "Sign compiled objects",
	.more = "Writes OBJECT.sig beside each, which 'tpc-loader run --verify' and 'minisign -V' check.",
	.opts = opts,
	.run = run,
};
