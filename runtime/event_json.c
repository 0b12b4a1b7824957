// SPDX-License-Identifier: Apache-2.0
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "event_net.h"
#include "event_objects.h"
#include "event_out.h"
#include "text.h"

/* Sets @key to the bytes, made valid UTF-8; nothing when they are empty. */
static void set_bytes(json_t *o, const char *key, const char *s, size_t len)
{
	struct rt_buf b = { 0 };

	if (len) {
		text_utf8(&b, s, len);
		if (!b.failed)
			json_object_set_new(o, key, json_stringn(b.s, b.len));
	}
	rt_buf_free(&b);
}

static void set_text(json_t *o, const char *key, const char *s)
{
	set_bytes(o, key, s, s ? strlen(s) : 0);
}

static void set_buf(json_t *o, const char *key, struct rt_buf *b)
{
	if (!b->failed && b->s)
		set_bytes(o, key, b->s, b->len);
	rt_buf_free(b);
}

static void set_u64(json_t *o, const char *key, uint64_t v, bool is_signed)
{
	char s[24];

	if (is_signed)
		snprintf(s, sizeof(s), "%lld", (long long)v);
	else
		snprintf(s, sizeof(s), "%llu", (unsigned long long)v);
	json_object_set_new(o, key, json_string(s));
}

static void set_time(json_t *o, const char *key, const struct event_env *env, uint64_t boot_ns)
{
	struct rt_buf b = { 0 };

	text_time(&b, env->boot + boot_ns);
	set_buf(o, key, &b);
}

static void set_exec_id(json_t *o, const char *key, const struct event_env *env, uint32_t pid, uint64_t ktime)
{
	struct rt_buf id = { 0 }, b = { 0 };

	rt_buf_fmt(&id, "%s:%llu:%u", env->node, (unsigned long long)ktime, pid);
	if (id.s)
		text_base64(&b, id.s, id.len);
	rt_buf_free(&id);
	set_buf(o, key, &b);
}

static void set_flags(json_t *o, uint32_t flags)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} names[] = {
		{ PROCESS_EXEC, "execve" },	     { PROCESS_PROCFS, "procFS" },
		{ PROCESS_TRUNC_ARGS, "truncArgs" }, { PROCESS_ROOT_CWD, "rootcwd" },
		{ PROCESS_CLONE, "clone" },	     { PROCESS_UNKNOWN, "unknown" },
	};
	struct rt_buf b = { 0 };

	for (size_t i = 0; i < RT_ARRAY_LEN(names); i++)
		if (flags & names[i].bit)
			rt_buf_fmt(&b, "%s%s", b.len ? " " : "", names[i].name);
	set_buf(o, "flags", &b);
}

static json_t *process_json(const struct event_env *env, const struct process *p, uint32_t tid)
{
	json_t *o = json_object();

	set_exec_id(o, "exec_id", env, p->pid, p->ktime);
	json_object_set_new(o, "pid", json_integer(p->pid));
	if (!(p->flags & PROCESS_UNKNOWN))
		json_object_set_new(o, "uid", json_integer(p->uid));
	set_text(o, "cwd", p->cwd);
	set_text(o, "binary", p->binary);
	set_text(o, "arguments", p->args);
	set_flags(o, p->flags);
	set_time(o, "start_time", env, p->ktime);
	if (!(p->flags & PROCESS_UNKNOWN))
		json_object_set_new(o, "auid", json_integer(p->auid));
	if (p->parent_pid && p->parent_ktime)
		set_exec_id(o, "parent_exec_id", env, p->parent_pid, p->parent_ktime);
	json_object_set_new(o, "tid", json_integer(tid));
	return o;
}

static void set_process(json_t *o, const struct event_env *env, const struct process *p, uint32_t tid)
{
	json_object_set_new(o, "process", process_json(env, p, tid));
	if (p->parent)
		json_object_set_new(o, "parent", process_json(env, p->parent, p->parent->pid));
}

static void set_path_arg(json_t *o, const struct event_arg *a, const char *type)
{
	const char *key = "file_arg";
	struct rt_buf b = { 0 };
	json_t *v = json_object();

	if (strcmp(type, "path") == 0 || strcmp(type, "dentry") == 0)
		key = "path_arg";
	else if (strcmp(type, "linux_binprm") == 0)
		key = "linux_binprm_arg";
	if (!(a->flags & (TPC_ARG_NO_PATH | TPC_ARG_FAULT)))
		event_path_join(&b, a->text);
	set_buf(v, "path", &b);
	if (a->flags & TPC_ARG_TRUNCATED)
		json_object_set_new(v, "flags", json_string("unresolvedPathComponents"));
	if (a->mode) {
		b = (struct rt_buf){ 0 };
		text_mode(&b, a->mode);
		set_buf(v, "permission", &b);
	}
	json_object_set_new(o, key, v);
}

static void set_bytes_arg(json_t *o, const struct event_arg *a, const char *type)
{
	struct rt_buf b = { 0 };
	json_t *v;

	if (strcmp(type, "char_buf") != 0) {
		text_utf8(&b, a->text.s, a->text.len);
		json_object_set_new(o, "string_arg", json_stringn(b.failed ? "" : b.s, b.failed ? 0 : b.len));
		rt_buf_free(&b);
		return;
	}
	text_base64(&b, a->text.s, a->text.len);
	v = json_string(b.failed ? "" : b.s);
	rt_buf_free(&b);
	if (a->flags & TPC_ARG_TRUNCATED)
		json_object_set_new(o, "truncated_bytes_arg", json_pack("{s:o}", "bytes_arg", v));
	else
		json_object_set_new(o, "bytes_arg", v);
}

/* The member of the oneof, by the width that the policy's word has in Tetragon. */
static void set_int_arg(json_t *o, const struct event_arg *a, const char *type)
{
	static const char *const narrow[] = { "int", "int8", "int16", "int32", "sint8", "sint16", "sint32" };
	static const char *const narrow_u[] = { "uint", "uint8", "uint16", "uint32" };

	if (caps_json(o, a, type))
		return;
	if (strcmp(type, "syscall64") == 0) {
		json_t *v = json_object();

		if (a->num & UINT32_MAX)
			json_object_set_new(v, "id", json_integer((json_int_t)(a->num & UINT32_MAX)));
		json_object_set_new(v, "abi", json_string("x64"));
		json_object_set_new(o, "syscall_id", v);
		return;
	}
	for (size_t i = 0; i < RT_ARRAY_LEN(narrow); i++)
		if (strcmp(type, narrow[i]) == 0) {
			json_object_set_new(o, "int_arg", json_integer((int32_t)a->num));
			return;
		}
	for (size_t i = 0; i < RT_ARRAY_LEN(narrow_u); i++)
		if (strcmp(type, narrow_u[i]) == 0) {
			json_object_set_new(o, "uint_arg", json_integer((uint32_t)a->num));
			return;
		}
	if (a->type == TPC_ARG_S64)
		set_u64(o, "long_arg", a->num, true);
	else
		set_u64(o, "size_arg", a->num, false);
}

static void set_error_arg(json_t *o, const char *text)
{
	json_object_set_new(o, "error_arg", json_pack("{s:s}", "message", text));
}

static json_t *arg_json(const struct manifest_arg *m, const struct event_arg *a)
{
	json_t *o = json_object();

	switch (a->type) {
	case TPC_ARG_S64:
	case TPC_ARG_U64:
		set_int_arg(o, a, m->type);
		break;
	case TPC_ARG_BYTES:
		if (a->flags & TPC_ARG_FAULT)
			set_error_arg(o, "memory could not be read");
		else
			set_bytes_arg(o, a, m->type);
		break;
	case TPC_ARG_PATH:
		set_path_arg(o, a, m->type);
		break;
	case TPC_ARG_SOCK:
	case TPC_ARG_SKB:
	case TPC_ARG_SOCKADDR:
	case TPC_ARG_SOCKADDR_UN:
		event_net_json(o, a);
		break;
	case TPC_ARG_NONE:
		set_error_arg(o, "no value");
		break;
	default:
		object_json(o, a);
		break;
	}
	if (m->label)
		set_text(o, "label", m->label);
	return o;
}

const struct manifest_action *event_action(const struct event_hook *h)
{
	static const struct manifest_action post = { .kind = ACTION_POST };
	const struct manifest_selector *s = &h->hook->selectors[h->selector];
	static const uint32_t bits[] = {
		[ACTION_POST] = 0,
		[ACTION_NOPOST] = 0,
		[ACTION_SIGKILL] = TPC_DID_SIGKILL,
		[ACTION_SIGNAL] = TPC_DID_SIGNAL,
		[ACTION_OVERRIDE] = TPC_DID_OVERRIDE,
	};

	for (size_t i = s->nactions; i-- > 0;)
		if (h->actions & bits[s->actions[i].kind])
			return &s->actions[i];
	return &post;
}

static const char *action_name(const struct event_hook *h)
{
	switch (event_action(h)->kind) {
	case ACTION_SIGKILL:
		return "KPROBE_ACTION_SIGKILL";
	case ACTION_SIGNAL:
		return "KPROBE_ACTION_SIGNAL";
	case ACTION_OVERRIDE:
		return "KPROBE_ACTION_OVERRIDE";
	default:
		return "KPROBE_ACTION_POST";
	}
}

static void set_args(json_t *o, const struct event_hook *h, bool data)
{
	json_t *args = json_array();

	for (size_t i = 0; i < h->nargs; i++) /* a nop has no place in an event */
		if (h->hook->args[i].abi != TPC_ARG_NONE && h->hook->args[i].data == data)
			json_array_append_new(args, arg_json(&h->hook->args[i], &h->args[i]));
	if (json_array_size(args))
		json_object_set_new(o, data ? "data" : "args", args);
	else
		json_decref(args);
}

static const char *set_hook(json_t *o, const struct event_hook *h)
{
	static const char *const names[] = { "process_kprobe", "process_tracepoint", "process_lsm" };
	const struct manifest_hook *m = h->hook;
	json_t *tags;

	if (m->kind == HOOK_TRACEPOINT) {
		set_text(o, "subsys", m->subsystem);
		set_text(o, "event", m->function);
	} else {
		set_text(o, "function_name", m->function);
	}
	set_args(o, h, false);
	set_args(o, h, true);
	json_object_set_new(o, "action", json_string(action_name(h)));
	set_text(o, "policy_name", m->policy->name);
	if (m->message)
		set_text(o, "message", m->message);
	if (m->ntags) {
		tags = json_array();
		for (size_t i = 0; i < m->ntags; i++)
			json_array_append_new(tags, json_string(m->tags[i]));
		json_object_set_new(o, "tags", tags);
	}
	/* Ours, not Tetragon's: the action above was not done. */
	if (h->actions & TPC_DID_MONITOR)
		json_object_set_new(o, "policy_mode", json_string("monitor"));
	return names[m->kind];
}

static void set_exit(json_t *o, const struct event_env *env, const struct event *ev)
{
	char buf[16];
	const char *sig = text_signal((int)(ev->exit_code & 0x7f), buf);

	if (sig)
		json_object_set_new(o, "signal", json_string(sig));
	if (ev->exit_code >> 8 & 0xff)
		json_object_set_new(o, "status", json_integer((json_int_t)(ev->exit_code >> 8 & 0xff)));
	set_time(o, "time", env, ev->time);
}

bool event_json(struct rt_buf *out, const struct event_env *env, const struct event *ev,
		const struct process *p)
{
	json_t *root, *o;
	const char *key;
	char *s;

	if (ev->kind == TPC_EVENT_CLONE)
		return false;
	root = json_object();
	o = json_object();
	set_process(o, env, p, ev->kind == TPC_EVENT_HOOK ? ev->task.tid : p->pid);
	if (ev->kind == TPC_EVENT_HOOK)
		key = set_hook(o, &ev->hook);
	else
		key = ev->kind == TPC_EVENT_EXEC ? "process_exec" : "process_exit";
	if (ev->kind == TPC_EVENT_EXIT)
		set_exit(o, env, ev);
	json_object_set_new(root, key, o);
	set_text(root, "node_name", env->node);
	set_time(root, "time", env, ev->time);
	s = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	if (!s)
		return false;
	rt_buf_str(out, s);
	free(s);
	return !out->failed;
}
