// SPDX-License-Identifier: Apache-2.0
/*
 * One event: which hook wrote it, and what it says of the process. Namespaces and capabilities in events are those of
 * exec (cilium/tetragon, pkg/process, AnnotateProcess), so what they are at the hook stays unknown; so does the
 * workload of a process without a pod, for the recorder may not have known pods at all.
 */
#include <string.h>

#include "base/number.h"
#include "ptest/replay.h"

#define ANCESTORS_MAX 1024 /* more than any tree of processes is deep */

static const struct {
	const char *key;
	enum ir_hook_kind kinds[2];
} keys[] = {
	{ "process_kprobe", { IR_KPROBE, IR_FENTRY } },
	{ "process_tracepoint", { IR_TRACEPOINT, IR_RAW_TRACEPOINT } },
	{ "process_lsm", { IR_LSM, IR_LSM } },
	{ "process_uprobe", { IR_UPROBE, IR_UPROBE } },
	{ "process_usdt", { IR_USDT, IR_USDT } },
	{ "process_loader", { IR_LOADER, IR_LOADER } },
};
#define NKEYS (sizeof(keys) / sizeof(keys[0]))

const char *replay_text(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

bool replay_number(const json_t *v, bool *ret_negative, uint64_t *ret)
{
	const char *s = json_string_value(v);
	bool negative;

	*ret_negative = false;
	if (json_is_integer(v)) {
		*ret_negative = json_integer_value(v) < 0;
		*ret = *ret_negative ? 0 - (uint64_t)json_integer_value(v) : (uint64_t)json_integer_value(v);
		return true;
	}
	if (!s || strlen(s) > 32)
		return false;
	negative = *s == '-';
	*ret_negative = negative;
	return tpc_parse_magnitude(s + negative, (uint32_t)strlen(s) - negative, 10, ret) == TPC_NUMBER_OK &&
	       s[negative];
}

struct pt_datum replay_exact_text(struct tpc_arena *a, const char *s)
{
	size_t len = s ? strlen(s) : 0;

	if (!len || strstr(s, "\xef\xbf\xbd"))
		return (struct pt_datum){ 0 };
	return PT_TEXT(tpc_strndup(a, s, len), (uint32_t)len);
}

/* ---- the process ---- */
static struct pt_relative relative(struct tpc_arena *a, const json_t *p)
{
	const char *flags = replay_text(p, "flags");
	struct pt_relative r = { 0 };
	bool negative;
	uint64_t num;

	if (replay_number(json_object_get(p, "pid"), &negative, &num) && !negative && num <= INT32_MAX)
		r.pid = PT_NUMBER(num);
	if (!flags || !strstr(flags, "unknown"))
		r.binary = replay_exact_text(a, replay_text(p, "binary"));
	return r;
}

/* Above process 1 there is none. */
static void read_ancestors(struct tpc_arena *a, const json_t *body, struct pt_facts *f)
{
	const json_t *parent = json_object_get(body, "parent"), *more = json_object_get(body, "ancestors");
	const struct pt_relative *last = &f->self;

	if (json_is_object(parent))
		*tpc_vec_push(a, &f->ancestors) = relative(a, parent);
	for (size_t i = 0; json_is_object(parent) && i < json_array_size(more) && i < ANCESTORS_MAX; i++)
		*tpc_vec_push(a, &f->ancestors) = relative(a, json_array_get(more, i));
	if (f->ancestors.len)
		last = &f->ancestors.items[f->ancestors.len - 1];
	f->all_ancestors = last->pid.known && last->pid.in.num == 1;
}

static void read_pod(struct tpc_arena *a, const json_t *process, struct replay_event *e)
{
	json_t *pod = json_object_get(process, "pod"), *labels = json_object_get(pod, "pod_labels"), *value;
	const char *ns = replay_text(pod, "namespace"), *key, *name;
	struct ir_input_workload *w = &e->facts.workload;

	if (!json_is_object(pod) || !ns)
		return;
	w->ns = tpc_strdup(a, ns);
	json_object_foreach (labels, key, value)
		if (json_is_string(value))
			*tpc_vec_push(a, &w->pod) =
				(struct ir_input_label){ tpc_strdup(a, key),
							 tpc_strdup(a, json_string_value(value)) };
	name = replay_text(json_object_get(pod, "container"), "name");
	if (name)
		*tpc_vec_push(a, &w->container) = (struct ir_input_label){ "name", tpc_strdup(a, name) };
	e->facts.workload_known = e->facts.no_repo = true; /* events name the image, not its repository */
	name = replay_text(pod, "name");
	e->workload = tpc_sprintf(a, "%s/%s", ns, name ? name : "?");
}

/* ---- the hook ---- */
static const char *hook_of(struct tpc_arena *a, const char *key, const json_t *body)
{
	const char *first = replay_text(body, "function_name"), *second;

	if (!strcmp(key, "process_loader"))
		return "loader";
	if (!strcmp(key, "process_tracepoint")) {
		first = replay_text(body, "subsys");
		second = replay_text(body, "event");
		return first && second ? tpc_sprintf(a, "%s/%s", first, second) : NULL;
	}
	if (!strcmp(key, "process_uprobe")) {
		first = replay_text(body, "path");
		second = replay_text(body, "symbol");
		return first ? tpc_sprintf(a, "%s:%s", first, second ? second : "") : NULL;
	}
	if (!strcmp(key, "process_usdt")) {
		const char *provider = replay_text(body, "provider");

		first = replay_text(body, "path");
		second = replay_text(body, "name");
		return first && provider && second ? tpc_sprintf(a, "%s:%s:%s", first, provider, second) :
						     NULL;
	}
	return first ? pt_normal_hook(a, tpc_strdup(a, first)) : NULL;
}

bool replay_read(struct tpc_arena *a, const json_t *root, struct replay_event *ret)
{
	const json_t *process;

	*ret = (struct replay_event){ 0 };
	if (!json_is_object(root))
		return false;
	for (size_t i = 0; i < NKEYS && !ret->body; i++) {
		ret->body = json_object_get(root, keys[i].key);
		ret->key = ret->body ? keys[i].key : NULL;
	}
	if (!ret->key) /* of another kind, such as process_exec */
		return json_object_size(root) > 0;
	ret->hook = hook_of(a, ret->key, ret->body);
	process = json_object_get(ret->body, "process");
	if (!json_is_object(process) || !ret->hook)
		return false;
	ret->facts.self = relative(a, process);
	ret->binary = replay_text(process, "binary");
	read_ancestors(a, ret->body, &ret->facts);
	read_pod(a, process, ret);
	return true;
}

/* A place by its number. */
static bool is_place(const struct replay_event *e, const struct ir_program *p)
{
	const char *path = replay_text(e->body, "path");
	bool negative;
	uint64_t num;

	return path && p->user && !p->user->symbol && !p->user->by_addr && !strcmp(path, p->user->path) &&
	       replay_number(json_object_get(e->body, "offset"), &negative, &num) && !negative &&
	       num == p->user->place;
}

enum pt_truth replay_is_hook(struct tpc_arena *a, const struct replay_event *e, const struct ir_program *p)
{
	size_t i = 0;

	while (i < NKEYS && strcmp(keys[i].key, e->key))
		i++;
	if (i == NKEYS || (p->kind != keys[i].kinds[0] && p->kind != keys[i].kinds[1]))
		return PT_NO;
	if (p->kind == IR_UPROBE && is_place(e, p))
		return PT_YES;
	if (p->many == IR_EVERY_MATCH)
		return PT_MAYBE; /* the pattern is the kernel's to match */
	if (p->user)		 /* the whole name, for it is there */
		return strcmp(pt_hook_name(a, p), e->hook) ? PT_NO : PT_YES;
	return pt_hook_is(a, p, e->hook) ? PT_YES : PT_NO;
}
