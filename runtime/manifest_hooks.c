// SPDX-License-Identifier: Apache-2.0
/* Hooks of the manifest: arguments, selectors, actions. */
#include <string.h>

#include "manifest_json.h"

const char *hook_kind_name(enum hook_kind k)
{
	switch (k) {
	case HOOK_KPROBE:
		return "kprobe";
	case HOOK_TRACEPOINT:
		return "tracepoint";
	case HOOK_LSM:
		return "lsm";
	}
	return "?";
}

static void read_arg(struct reader *r, const json_t *obj, void *slot)
{
	static const char *const words[] = { "none",	"s64",	      "u64",	  "bytes",	 "path",
					     "sock",	"skb",	      "sockaddr", "sockaddr_un", "cred",
					     "user_ns", "perf_event", NULL };
	static const enum tpc_arg_type abis[] = { TPC_ARG_NONE,	 TPC_ARG_S64,	   TPC_ARG_U64,
						  TPC_ARG_BYTES, TPC_ARG_PATH,	   TPC_ARG_SOCK,
						  TPC_ARG_SKB,	 TPC_ARG_SOCKADDR, TPC_ARG_SOCKADDR_UN,
						  TPC_ARG_CRED,	 TPC_ARG_USER_NS,  TPC_ARG_PERF_EVENT };
	struct manifest_arg *a = slot;
	int word;

	a->index = (uint32_t)read_int(r, obj, "index", 0, 255);
	a->type = read_text(r, obj, "type");
	a->label = read_text_opt(r, obj, "label");
	a->data = read_bool_opt(r, obj, "data");
	word = (int)read_word(r, obj, "abi", words);
	a->abi = r->err ? TPC_ARG_NONE : abis[word];
}

static void read_action(struct reader *r, const json_t *obj, void *slot)
{
	static const char *const names[] = { "Post", "NoPost", "Sigkill", "Signal", "Override", NULL };
	struct manifest_action *a = slot;

	a->kind = (enum manifest_action_kind)read_word(r, obj, "action", names);
	if (a->kind == ACTION_SIGNAL)
		a->arg = (int32_t)read_int(r, obj, "signal", 1, 64);
	else if (a->kind == ACTION_OVERRIDE)
		a->arg = (int32_t)read_int(r, obj, "error", INT32_MIN, INT32_MAX);
}

static void read_selector(struct reader *r, const json_t *obj, void *slot)
{
	struct manifest_selector *s = slot;

	s->line = (uint32_t)read_int_opt(r, obj, "line", 1, INT32_MAX, 0);
	s->dropped = read_bool_opt(r, obj, "dropped");
	s->actions = read_list(r, obj, "actions", 0, sizeof(*s->actions), read_action, &s->nactions);
}

static void read_hook_point(struct reader *r, const json_t *obj, struct manifest_hook *h)
{
	switch (h->kind) {
	case HOOK_KPROBE:
		h->function = read_text(r, obj, "function");
		h->syscall = read_bool_opt(r, obj, "syscall");
		break;
	case HOOK_TRACEPOINT:
		h->subsystem = read_text(r, obj, "subsystem");
		h->function = read_text(r, obj, "event");
		break;
	case HOOK_LSM:
		h->function = read_text(r, obj, "hook");
		break;
	}
}

void read_hook(struct reader *r, const json_t *obj, void *slot)
{
	static const char *const kinds[] = { "kprobe", "tracepoint", "lsm", NULL };
	int64_t policy = read_int(r, obj, "policy", 0, (int64_t)r->m->npolicies - 1);
	struct manifest_hook *h = slot;

	if (r->err)
		return;
	h->policy = &r->m->policies[policy];
	h->kind = (enum hook_kind)read_word(r, obj, "kind", kinds);
	if (!r->err)
		read_hook_point(r, obj, h);
	h->line = (uint32_t)read_int(r, obj, "line", 1, INT32_MAX);
	h->message = read_text_opt(r, obj, "message");
	h->tags = read_texts(r, obj, "tags", &h->ntags);
	h->args = read_list(r, obj, "args", 0, sizeof(*h->args), read_arg, &h->nargs);
	if (h->nargs > MANIFEST_ARGS_MAX)
		reader_bad(r, "args", "has more than %d items", MANIFEST_ARGS_MAX);
	h->selectors =
		read_list(r, obj, "selectors", 1, sizeof(*h->selectors), read_selector, &h->nselectors);
}
