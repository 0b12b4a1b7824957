// SPDX-License-Identifier: Apache-2.0
/* tpc keygen: a pair of keys for tpc sign and tpc bundle --sign. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/bundle.h"

#define ARENA_CEILING ((size_t)1 << 20)

static const struct cli_opt opts[] = {
	{ CLI_OPT_OWN, "output", 'o', "NAME", NULL,
	  "writes NAME.key, which only you may read, and NAME.pub" },
	{ 0 },
};

/* A key is never replaced: what was signed with it could not be checked any more. */
static enum cli_status write_new(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode), r = 0;
	size_t len = strlen(text);

	if (fd < 0)
		return cli_env_error(-errno, "cannot write '%s'", path);
	errno = 0;
	if (write(fd, text, len) != (ssize_t)len)
		r = errno ? -errno : -EIO;
	if (close(fd) && !r)
		r = -errno;
	if (!r)
		return CLI_DONE;
	unlink(path);
	return cli_env_error(r, "cannot write '%s'", path);
}

static enum cli_status write_pair(struct tpc_arena *a, const char *name, const struct secret_key *k)
{
	const char *secret = tpc_sprintf(a, "%s.key", name), *public = tpc_sprintf(a, "%s.pub", name);
	char *text = key_secret_text(a, k);
	enum cli_status st = write_new(secret, text, 0600);

	explicit_bzero(text, strlen(text));
	if (st)
		return st;
	st = write_new(public, key_public_text(a, k), 0666);
	if (st)
		unlink(secret);
	return st;
}

static enum cli_status keygen(const char *name)
{
	struct tpc_arena *a = tpc_arena_new(ARENA_CEILING);
	struct secret_key k;
	enum cli_status st;
	int r;

	if (!a)
		return cli_env_error(-ENOMEM, "cannot begin");
	r = key_make(&k);
	st = r ? cli_env_error(r, "cannot make a key") : write_pair(a, name, &k);
	key_forget(&k);
	tpc_arena_free(a);
	return st;
}

static enum cli_status run(struct cli_args *args)
{
	const char *name = NULL;
	int id;

	while ((id = cli_next(args)) != CLI_OPT_END) {
		if (id == CLI_OPT_WORD)
			return cli_usage(args->cmd, "'%s' is one argument too many", args->value);
		if (id != CLI_OPT_OWN)
			return cli_opt_status(id);
		name = args->value;
	}
	if (!name || !*name)
		return cli_usage(args->cmd, "name the keys with -o NAME");
	return keygen(name);
}

const struct cli_command cmd_keygen = {
	.name = "keygen",
	.synopsis = "-o NAME",
	.about = "Make a pair of keys to sign objects with",
	.more = "The keys are Ed25519 in minisign's format, the secret one without a password. Existing files stay.",
	.opts = opts,
	.run = run,
};
