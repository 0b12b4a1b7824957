// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "event_net.h"
#include "event_objects.h"
#include "event_out.h"
#include "text.h"

static void put_escaped(struct rt_buf *out, const char *s)
{
	text_escape(out, s, strlen(s));
}

static void put_process(struct rt_buf *out, const char *kind, const struct process *p)
{
	rt_buf_fmt(out, "%-10s ", kind);
	if (p->binary[0])
		put_escaped(out, p->binary);
	else
		rt_buf_str(out, "?");
	rt_buf_fmt(out, "[%u]", p->pid);
}

/* Texts of a foreign process are shown to a point: a line is for reading. */
#define SHOWN_MAX 200

static void put_text(struct rt_buf *out, const char *s, size_t len, bool more)
{
	rt_buf_str(out, "\"");
	text_escape(out, s, len < SHOWN_MAX ? len : SHOWN_MAX);
	rt_buf_str(out, more || len > SHOWN_MAX ? "\"..." : "\"");
}

static void put_path(struct rt_buf *out, const struct event_arg *a)
{
	struct rt_buf b = { 0 };

	if (a->flags & (TPC_ARG_NO_PATH | TPC_ARG_FAULT)) {
		rt_buf_str(out, "(no path)");
		return;
	}
	if (a->flags & TPC_ARG_TRUNCATED)
		rt_buf_str(out, "...");
	event_path_join(&b, a->text);
	if (b.s)
		text_escape(out, b.s, b.len);
	rt_buf_free(&b);
}

static void put_arg(struct rt_buf *out, const struct manifest_arg *m, const struct event_arg *a)
{
	rt_buf_str(out, " ");
	put_escaped(out, m->label ? m->label : m->type);
	rt_buf_str(out, "=");
	if (object_compact(out, a) || (a->type != TPC_ARG_NONE && caps_compact(out, a, m->type)))
		return;
	switch (a->type) {
	case TPC_ARG_NONE:
		rt_buf_str(out, "?");
		break;
	case TPC_ARG_S64:
		rt_buf_fmt(out, "%lld", (long long)a->num);
		break;
	case TPC_ARG_U64:
		rt_buf_fmt(out, "%llu", (unsigned long long)a->num);
		break;
	case TPC_ARG_BYTES:
		if (a->flags & TPC_ARG_FAULT)
			rt_buf_str(out, "(unreadable)");
		else
			put_text(out, a->text.s, a->text.len, a->flags & TPC_ARG_TRUNCATED);
		break;
	case TPC_ARG_PATH:
		put_path(out, a);
		break;
	case TPC_ARG_SOCK:
	case TPC_ARG_SKB:
	case TPC_ARG_SOCKADDR:
	case TPC_ARG_SOCKADDR_UN:
		event_net_compact(out, a);
		break;
	default:
		break;
	}
}

static void put_action(struct rt_buf *out, const struct event_hook *h)
{
	const struct manifest_action *a = event_action(h);
	const char *would = h->actions & TPC_DID_MONITOR ? "monitor: " : "";
	char buf[16];

	switch (a->kind) {
	case ACTION_SIGKILL:
		rt_buf_fmt(out, " [%sSIGKILL]", would);
		break;
	case ACTION_SIGNAL:
		rt_buf_fmt(out, " [%s%s]", would, text_signal(a->arg, buf));
		break;
	case ACTION_OVERRIDE:
		rt_buf_fmt(out, " [%sOVERRIDE %d]", would, a->arg);
		break;
	default:
		break;
	}
}

static void put_hook(struct rt_buf *out, const struct event_hook *h, const struct process *p)
{
	const struct manifest_hook *m = h->hook;

	put_process(out, hook_kind_name(m->kind), p);
	rt_buf_str(out, " ");
	if (m->subsystem) {
		put_escaped(out, m->subsystem);
		rt_buf_str(out, "/");
	}
	put_escaped(out, m->function);
	for (size_t i = 0; i < h->nargs; i++)
		if (m->args[i].abi != TPC_ARG_NONE)
			put_arg(out, &m->args[i], &h->args[i]);
	put_action(out, h);
	rt_buf_str(out, " policy=");
	put_escaped(out, m->policy->name);
	if (m->message) {
		rt_buf_str(out, " ");
		put_text(out, m->message, strlen(m->message), false);
	}
}

static void put_exit(struct rt_buf *out, uint32_t code)
{
	char buf[16];
	const char *sig = text_signal((int)(code & 0x7f), buf);

	if (sig)
		rt_buf_fmt(out, " signal %s", sig);
	else
		rt_buf_fmt(out, " status %u", code >> 8 & 0xff);
}

bool event_compact(struct rt_buf *out, const struct event_env *env, const struct event *ev,
		   const struct process *p)
{
	(void)env;
	switch (ev->kind) {
	case TPC_EVENT_HOOK:
		put_hook(out, &ev->hook, p);
		break;
	case TPC_EVENT_EXEC:
		put_process(out, "exec", p);
		if (p->args[0]) {
			rt_buf_str(out, " ");
			text_escape(out, p->args, strnlen(p->args, SHOWN_MAX));
		}
		break;
	case TPC_EVENT_EXIT:
		put_process(out, "exit", p);
		put_exit(out, ev->exit_code);
		break;
	case TPC_EVENT_CLONE:
		return false;
	}
	return !out->failed;
}
