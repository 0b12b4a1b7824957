// SPDX-License-Identifier: Apache-2.0
/* tpc threats: what is known of threats to look for, and how to see or prevent them. */
#include <errno.h>

#include "base/buf.h"
#include "cli/know.h"

enum { OPT_FORMAT = CLI_OPT_OWN, OPT_KNOWLEDGE };

static const struct cli_opt opts[] = {
	{ OPT_FORMAT, "format", 0, "FORMAT", cli_text_json, "text (default), or json: one object" },
	CLI_OPT_KNOWLEDGE_ROW(OPT_KNOWLEDGE),
	CLI_OPT_DIAGNOSTICS_ROW,
	{ 0 },
};

struct threats {
	struct tpc_ctx *c;
	const char **ids, **paths;
	uint32_t nids, npaths;
	int format, diagnostics;
	bool go_on; /* help was not asked for */
	struct knowledge known;
};

static enum cli_status parse(struct threats *k, struct cli_args *args)
{
	int id;

	while ((id = cli_next(args)) != CLI_OPT_END) {
		switch (id) {
		case CLI_OPT_WORD:
			k->ids[k->nids++] = args->value;
			break;
		case CLI_OPT_DIAGNOSTICS:
			k->diagnostics = args->word;
			break;
		case OPT_FORMAT:
			k->format = args->word;
			break;
		case OPT_KNOWLEDGE:
			k->paths[k->npaths++] = args->value;
			break;
		default:
			return cli_opt_status(id);
		}
	}
	k->go_on = true;
	return CLI_DONE;
}

static enum cli_status find(struct threats *k, const struct cli_command *cmd,
			    const struct know_threat **threats)
{
	for (uint32_t i = 0; i < k->nids; i++) {
		enum cli_status st = cli_know_threat(&k->known, cmd, k->ids[i], &threats[i]);

		if (st != CLI_DONE)
			return st;
	}
	return CLI_DONE;
}

static enum cli_status print(struct threats *k, const struct know_threat *const *threats, uint32_t n)
{
	struct tpc_buf out = TPC_BUF(k->c->arena);

	if (k->format == CLI_JSON) {
		if (know_threats_json(k->c, &k->known, threats, n, &out))
			return cli_env_error(-ENOMEM, "cannot write the result");
	} else if (!k->nids) {
		know_list_text(&k->known, &out);
	} else {
		for (uint32_t i = 0; i < n; i++) {
			if (i)
				tpc_buf_putc(&out, '\n');
			know_threat_text(k->c, &k->known, threats[i], &out);
		}
	}
	fwrite(tpc_buf_text(&out), 1, out.len, stdout);
	return CLI_DONE;
}

static enum cli_status work(struct threats *k, struct cli_args *args)
{
	const struct know_threat **threats;
	enum cli_status st;

	k->ids = tpc_new_array(k->c->arena, const char *, (size_t)args->argc);
	k->paths = tpc_new_array(k->c->arena, const char *, (size_t)args->argc);
	st = parse(k, args);
	if (!k->go_on)
		return st;
	st = cli_know_read(k->c, k->paths, k->npaths, k->diagnostics, &k->known);
	if (st != CLI_DONE)
		return st;
	if (!k->nids)
		return print(k, k->known.threats.items, k->known.threats.len);
	threats = tpc_new_array(k->c->arena, const struct know_threat *, k->nids);
	st = find(k, args->cmd, threats);
	return st == CLI_DONE ? print(k, threats, k->nids) : st;
}

static enum cli_status run(struct cli_args *args)
{
	struct tpc_ctx c;
	struct threats k = { .c = &c };
	enum cli_status st;
	int r = tpc_ctx_init(&c, CLI_KNOW_ARENA_MAX);

	if (r)
		return cli_env_error(r, "cannot start");
	st = work(&k, args);
	tpc_ctx_done(&c);
	return st;
}

const struct cli_command cmd_threats = {
	.name = "threats",
	.synopsis = "[ID...]",
	.about = "List threats, or explain some: how to see and prevent them, what it breaks",
	.more = "ID is a threat's name, as shadow-read. Without one all are listed. docs/knowledge.md says how to add some.",
	.opts = opts,
	.run = run,
};
