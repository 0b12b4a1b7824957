// SPDX-License-Identifier: Apache-2.0
#include "decode.h"

#include <errno.h>
#include <string.h>

/* What is left of a record. Taking more than there is makes it bad, and it stays so. */
struct cursor {
	const uint8_t *p;
	size_t left;
	const char *why; /* NULL: good */
};

static void cursor_bad(struct cursor *c, const char *why)
{
	if (!c->why)
		c->why = why;
	c->left = 0;
}

/* Always fills @dst: with zeros when there is too little. */
static void take(struct cursor *c, void *dst, size_t n)
{
	if (n > c->left) {
		memset(dst, 0, n);
		cursor_bad(c, "record is too short");
		return;
	}
	memcpy(dst, c->p, n);
	c->p += n;
	c->left -= n;
}

static struct event_text take_text(struct cursor *c, uint32_t n)
{
	struct event_text t = { .s = (const char *)c->p, .len = n };

	if (n > c->left) {
		cursor_bad(c, "a length is larger than its record");
		return (struct event_text){ .s = "" };
	}
	c->p += n;
	c->left -= n;
	return t;
}

static struct event_text take_names(struct cursor *c, uint32_t n)
{
	struct event_text t = take_text(c, n);

	if (t.len && t.s[t.len - 1] != '\0')
		cursor_bad(c, "a path's last component has no end");
	return t;
}

/* A payload of one size. */
static void take_fixed(struct cursor *c, void *dst, size_t size, uint32_t len)
{
	if (len != size)
		cursor_bad(c, "an argument is not as long as its type");
	take(c, dst, size);
}

static void decode_unix(struct cursor *c, struct event_arg *a, uint32_t len)
{
	take(c, &a->local, sizeof(a->local));
	if (len < sizeof(a->local) || a->local.path_len != len - sizeof(a->local))
		cursor_bad(c, "a socket path's lengths disagree");
	a->text = take_text(c, a->local.path_len);
}

static void decode_payload(struct cursor *c, struct event_arg *a, uint32_t len)
{
	struct tpc_arg_path path;

	switch (a->type) {
	case TPC_ARG_NONE:
		if (len)
			cursor_bad(c, "an argument without a value has a payload");
		break;
	case TPC_ARG_S64:
	case TPC_ARG_U64:
		if (len != sizeof(a->num))
			cursor_bad(c, "an integer is not of 8 bytes");
		take(c, &a->num, sizeof(a->num));
		break;
	case TPC_ARG_BYTES:
		a->text = take_text(c, len);
		break;
	case TPC_ARG_PATH:
		take(c, &path, sizeof(path));
		if (len < sizeof(path) || path.names_len != len - sizeof(path))
			cursor_bad(c, "a path's lengths disagree");
		a->text = take_names(c, path.names_len);
		a->mode = path.mode;
		a->open_flags = path.flags;
		a->fd = path.fd;
		break;
	case TPC_ARG_CRED:
		take_fixed(c, &a->cred, sizeof(a->cred), len);
		break;
	case TPC_ARG_USER_NS:
		take_fixed(c, &a->user_ns, sizeof(a->user_ns), len);
		break;
	case TPC_ARG_PERF_EVENT:
		take_fixed(c, &a->perf_event, sizeof(a->perf_event), len);
		if (!memchr(a->perf_event.kprobe_func, '\0', sizeof(a->perf_event.kprobe_func)))
			cursor_bad(c, "a function's name has no end");
		break;
	case TPC_ARG_SOCK:
		take_fixed(c, &a->sock, sizeof(a->sock), len);
		break;
	case TPC_ARG_SKB:
		take_fixed(c, &a->skb, sizeof(a->skb), len);
		break;
	case TPC_ARG_SOCKADDR:
		take_fixed(c, &a->address, sizeof(a->address), len);
		break;
	case TPC_ARG_SOCKADDR_UN:
		decode_unix(c, a, len);
		break;
	default:
		cursor_bad(c, "unknown argument type");
	}
}

static void decode_arg(struct cursor *c, const struct manifest_arg *want, struct event_arg *a)
{
	struct tpc_arg head;
	size_t pad;

	take(c, &head, sizeof(head));
	*a = (struct event_arg){ .type = (enum tpc_arg_type)head.type, .flags = head.flags, .fd = -1 };
	if (head.type != want->abi && head.type != TPC_ARG_NONE)
		cursor_bad(c, "an argument is not of the manifest's type");
	if (c->why)
		return;
	decode_payload(c, a, head.len);
	pad = -(size_t)head.len & 7;
	take_text(c, (uint32_t)pad);
}

static void decode_hook(struct cursor *c, const struct manifest *m, struct event_hook *h)
{
	struct {
		uint32_t hook, selector, actions, nargs;
	} head;

	take(c, &head, sizeof(head));
	if (c->why)
		return;
	if (head.hook >= m->nhooks) {
		cursor_bad(c, "no such hook");
		return;
	}
	h->hook = &m->hooks[head.hook];
	h->selector = head.selector;
	h->actions = head.actions;
	h->nargs = head.nargs;
	if (head.selector >= h->hook->nselectors)
		cursor_bad(c, "no such selector");
	if (head.nargs != h->hook->nargs)
		cursor_bad(c, "not as many arguments as the manifest says");
	for (size_t i = 0; i < h->nargs && !c->why; i++)
		decode_arg(c, &h->hook->args[i], &h->args[i]);
}

static void decode_exec(struct cursor *c, struct event_exec *e)
{
	struct {
		uint32_t uid, auid, binary_len, cwd_len, args_len, flags;
	} head;

	take(c, &e->parent, sizeof(e->parent));
	take(c, &head, sizeof(head));
	e->uid = head.uid;
	e->auid = head.auid;
	e->flags = head.flags;
	if (e->flags & TPC_EXEC_BINARY_NO_PATH)
		e->binary = take_text(c, head.binary_len);
	else
		e->binary = take_names(c, head.binary_len);
	e->cwd = take_names(c, head.cwd_len);
	e->args = take_text(c, head.args_len);
}

static void decode_body(struct cursor *c, const struct manifest *m, struct event *ev)
{
	take(c, &ev->task, sizeof(ev->task));
	switch (ev->kind) {
	case TPC_EVENT_HOOK:
		decode_hook(c, m, &ev->hook);
		break;
	case TPC_EVENT_EXEC:
		decode_exec(c, &ev->exec);
		break;
	case TPC_EVENT_CLONE:
		take(c, &ev->clone_parent, sizeof(ev->clone_parent));
		break;
	case TPC_EVENT_EXIT:
		take(c, &ev->exit_code, sizeof(ev->exit_code));
		break;
	default:
		cursor_bad(c, "unknown kind of record");
	}
}

int event_decode(const void *record, size_t len, const struct manifest *m, struct event *ret,
		 const char **why)
{
	struct cursor c = { .p = record, .left = len };
	struct tpc_event_hdr h;

	take(&c, &h, sizeof(h));
	if (!c.why && (h.size > len || h.size < sizeof(h) || h.size % 8))
		cursor_bad(&c, "the record's own size is wrong");
	ret->kind = (enum tpc_event_kind)h.kind;
	ret->time = h.time;
	if (!c.why) {
		c.left = h.size - sizeof(h);
		decode_body(&c, m, ret);
	}
	*why = c.why;
	return c.why ? -EBADMSG : 0;
}

void event_path_join(struct rt_buf *out, struct event_text names)
{
	uint32_t end = names.len, at;

	if (!end)
		rt_buf_str(out, "/");
	while (end) {
		end--; /* the terminator of the component before it */
		for (at = end; at && names.s[at - 1] != '\0'; at--)
			;
		rt_buf_str(out, "/");
		rt_buf_add(out, names.s + at, end - at);
		end = at;
	}
}
