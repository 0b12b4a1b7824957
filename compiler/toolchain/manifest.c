// SPDX-License-Identifier: Apache-2.0
/* The manifest as docs/manifest.md has it: shape by tables, then what one part says of another. */
#include <string.h>

#include "toolchain/manifest_shape.h"

#include <tpc/abi.h>

#define MANIFEST_MAX (4U << 20)
#define NAME_MAX_LEN 512
#define WAY_MAX_LEN 8192 /* of a resolve path */
#define LIST_MAX 65536
#define LINE_MAX_NR UINT32_MAX

struct manifest {
	struct object_reader *r;
	json_t *root;
	bool lenient; /* a newer minor version: what is unknown was added, and may be passed over */
	size_t npolicies, nhooks;
	bool *hook_used;    /* has a program */
	bool *program_used; /* is a variant or a tracker */
};

static const char *const modes[] = { "enforce", "monitor", NULL };
static const char *const kinds[] = { "kprobe", "tracepoint", "lsm", NULL };
static const char *const policy_kinds[] = { "TracingPolicy", "TracingPolicyNamespaced", NULL };
static const char *const arg_abis[] = { "none",	   "s64",	 "u64",	     "bytes",	    "path",
					"sock",	   "skb",	 "sockaddr", "sockaddr_un", "cred",
					"user_ns", "perf_event", NULL };
static const char *const arg_sources[] = { "current_task", NULL };
static const char *const actions[] = { "Post", "NoPost", "Sigkill", "Signal", "Override", NULL };
static const char *const attaches[] = { "kprobe", "fentry", "fmod_ret", "lsm", "tracepoint", NULL };
static const char *const tracker_attaches[] = { "tp_btf", "raw_tp", "tracepoint", NULL };
static const char *const exec_operators[] = { "Equal", "Prefix", "Postfix", NULL };

static const struct shape_key root_keys[] = {
	SHAPE_OBJ("abi"),
	SHAPE_OBJ("compiler"),
	SHAPE_STR("arch", 32),
	SHAPE_LIST("policies", 1, LIST_MAX),
	SHAPE_LIST("hooks", 1, LIST_MAX),
	SHAPE_LIST("programs", 1, LIST_MAX),
	SHAPE_LIST("trackers", 0, 64),
	SHAPE_LIST("fields", 0, LIST_MAX),
	SHAPE_LIST("exec_tests", 0, LIST_MAX),
	SHAPE_LIST("needs", 0, 64),
	{ .name = NULL },
};
static const struct shape_key abi_keys[] = {
	SHAPE_NUM("major", 0, UINT16_MAX),
	SHAPE_NUM("minor", 0, UINT16_MAX),
	{ .name = NULL },
};
static const struct shape_key compiler_keys[] = {
	SHAPE_STR("name", 64),	SHAPE_STR("version", 64), SHAPE_STR("templates", 128),
	SHAPE_NUM("opt", 0, 9), { .name = NULL },
};
static const char *const filter_values[] = { "argument",
					     "field",
					     "pid",
					     "binary",
					     "namespace pid",
					     "namespace",
					     "namespace changes",
					     "capabilities",
					     "capability changes",
					     "task",
					     NULL };
static const char *const filter_tests[] = { "Equal",   "Prefix",    "Postfix",		"Range", "Mask",
					    "Present", "SubString", "SubStringIgnCase", "Net",	 NULL };
static const char *const filter_kinds[] = {
	"Uts", "Ipc", "Mnt", "Pid", "PidForChildren", "Net", "Time", "TimeForChildren", "Cgroup", "User", NULL
};
static const char *const filter_sets[] = { "Permitted", "Effective", "Inheritable", NULL };
static const char *const filter_facets[] = { "type",  "gained", "saddr",    "daddr", "sport",
					     "dport", "family", "protocol", "state", NULL };
static const struct shape_key policy_keys[] = {
	SHAPE_STR("name", NAME_MAX_LEN),
	SHAPE_WORD("kind", policy_kinds),
	SHAPE_WORD("mode", modes),
	SHAPE_STR("file", NAME_MAX_LEN),
	SHAPE_NUM("line", 0, LINE_MAX_NR),
	SHAPE_STR("digest", 128),
	{ .name = NULL },
};
static const struct shape_key hook_keys[] = {
	SHAPE_NUM("policy", 0, LIST_MAX),
	SHAPE_WORD("kind", kinds),
	SHAPE_STR_OPT("function", NAME_MAX_LEN),
	SHAPE_FLAG_OPT("syscall"),
	SHAPE_STR_OPT("subsystem", NAME_MAX_LEN),
	SHAPE_STR_OPT("event", NAME_MAX_LEN),
	SHAPE_STR_OPT("hook", NAME_MAX_LEN),
	SHAPE_NUM("line", 0, LINE_MAX_NR),
	SHAPE_STR_OPT("message", 4096),
	SHAPE_LIST_OPT("tags", 0, 1024),
	SHAPE_LIST("args", 0, 256),
	SHAPE_LIST("selectors", 1, LIST_MAX),
	{ .name = NULL },
};
static const struct shape_key arg_keys[] = {
	SHAPE_NUM("index", 0, 255),
	SHAPE_WORD_OPT("source", arg_sources),
	SHAPE_FLAG_OPT("data"),
	SHAPE_STR("type", 64),
	SHAPE_STR_OPT("resolve", WAY_MAX_LEN),
	SHAPE_STR_OPT("btfType", NAME_MAX_LEN),
	SHAPE_STR_OPT("label", NAME_MAX_LEN),
	SHAPE_WORD("abi", arg_abis),
	{ .name = NULL },
};
static const struct shape_key selector_keys[] = {
	SHAPE_NUM_OPT("line", 0, LINE_MAX_NR),
	SHAPE_FLAG_OPT("dropped"),
	SHAPE_LIST_OPT("filters", 0, LIST_MAX),
	SHAPE_LIST_OPT("actions", 0, 256),
	{ .name = NULL },
};
static const struct shape_key filter_keys[] = {
	SHAPE_WORD("value", filter_values),
	SHAPE_NUM_OPT("index", 0, 255),
	SHAPE_STR_OPT("type", 64),
	SHAPE_STR_OPT("resolve", WAY_MAX_LEN),
	SHAPE_STR_OPT("btfType", NAME_MAX_LEN),
	SHAPE_WORD_OPT("kind", filter_kinds),
	SHAPE_WORD_OPT("set", filter_sets),
	SHAPE_WORD_OPT("facet", filter_facets),
	SHAPE_NUM_OPT("since", 0, 255),
	SHAPE_WORD("test", filter_tests),
	SHAPE_FLAG_OPT("negated"),
	SHAPE_LIST("values", 0, LIST_MAX),
	{ .name = NULL },
};
static const struct shape_key action_keys[] = {
	SHAPE_WORD("action", actions),
	SHAPE_NUM_OPT("signal", 1, 64),
	SHAPE_NUM_OPT("error", -4095, 4095),
	{ .name = NULL },
};
static const struct shape_key program_keys[] = {
	SHAPE_LIST("hooks", 1, LIST_MAX),
	SHAPE_WORD("kind", kinds),
	SHAPE_STR_OPT("function", NAME_MAX_LEN),
	SHAPE_FLAG_OPT("syscall"),
	SHAPE_STR_OPT("subsystem", NAME_MAX_LEN),
	SHAPE_STR_OPT("event", NAME_MAX_LEN),
	SHAPE_STR_OPT("hook", NAME_MAX_LEN),
	SHAPE_NUM("line", 0, LINE_MAX_NR),
	SHAPE_LIST("variants", 1, 16),
	{ .name = NULL },
};
static const struct shape_key variant_keys[] = {
	SHAPE_STR("program", NAME_MAX_LEN), SHAPE_WORD("attach", attaches), SHAPE_STR("target", NAME_MAX_LEN),
	SHAPE_LIST_OPT("params", 0, 64),    SHAPE_FLAG_OPT("overrides"),    { .name = NULL },
};
static const struct shape_key param_keys[] = {
	SHAPE_NUM("index", 0, 255),
	SHAPE_STR_OPT("struct", NAME_MAX_LEN),
	SHAPE_FLAG_OPT("scalar"),
	{ .name = NULL },
};
static const struct shape_key tracker_keys[] = {
	SHAPE_STR("program", NAME_MAX_LEN),
	SHAPE_WORD("attach", tracker_attaches),
	SHAPE_STR("target", NAME_MAX_LEN),
	{ .name = NULL },
};
static const struct shape_key field_keys[] = {
	SHAPE_NUM("slot", -1, LIST_MAX),
	SHAPE_STR("subsystem", NAME_MAX_LEN),
	SHAPE_STR("event", NAME_MAX_LEN),
	SHAPE_NUM("index", 0, 255),
	SHAPE_STR("type", 64),
	SHAPE_NUM("hook", 0, LIST_MAX),
	SHAPE_OBJ_OPT("expect"),
	{ .name = NULL },
};
static const struct shape_key expect_keys[] = {
	SHAPE_NUM("off", 0, UINT16_MAX),
	SHAPE_NUM("size", 0, UINT16_MAX),
	{ .name = NULL },
};
static const struct shape_key exec_test_keys[] = {
	SHAPE_WORD("operator", exec_operators),
	SHAPE_LIST("values", 1, LIST_MAX),
	{ .name = NULL },
};

static const char *at(struct manifest *m, const char *where, const char *list, size_t i)
{
	return tpc_sprintf(m->r->c->arena, "%s%s%s[%zu]", where, *where ? "." : "", list, i);
}

/* Runs @check over each item of @j's list @key, after the item has the shape of @keys. */
static bool each(struct manifest *m, const char *where, json_t *j, const char *key,
		 const struct shape_key *keys,
		 bool (*check)(struct manifest *m, const char *where, json_t *item, json_t *parent))
{
	size_t i;
	json_t *item;

	json_array_foreach (json_object_get(j, key), i, item) {
		const char *here = at(m, where, key, i);

		if (!shape_check(m->r, here, item, keys, m->lenient) || (check && !check(m, here, item, j)))
			return false;
	}
	return true;
}

/* The keys that name a hook point go with its kind. */
static bool check_point(struct manifest *m, const char *where, json_t *j)
{
	static const struct {
		const char *kind, *keys[2];
	} points[] = {
		{ "kprobe", { "function", NULL } },
		{ "tracepoint", { "subsystem", "event" } },
		{ "lsm", { "hook", NULL } },
	};
	const char *kind = shape_str(j, "kind");

	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++)
		for (int k = 0; k < 2 && points[i].keys[k]; k++) {
			bool wanted = !strcmp(points[i].kind, kind);

			if (wanted != !!shape_str(j, points[i].keys[k]))
				return manifest_bad(m->r, where,
						    wanted ? "a %s needs '%s'" : "a %s has no '%s'", kind,
						    points[i].keys[k]);
		}
	return true;
}

static bool check_action(struct manifest *m, const char *where, json_t *j, json_t *selector)
{
	const char *name = shape_str(j, "action");
	bool signal = json_object_get(j, "signal"), error = json_object_get(j, "error");

	(void)selector;
	if (signal != !strcmp(name, "Signal"))
		return manifest_bad(m->r, where, "'signal' goes with Signal, and only with it");
	if (error != !strcmp(name, "Override"))
		return manifest_bad(m->r, where, "'error' goes with Override, and only with it");
	return true;
}

static bool check_filter(struct manifest *m, const char *where, json_t *j, json_t *selector)
{
	(void)selector;
	return shape_strings(m->r, tpc_sprintf(m->r->c->arena, "%s.values", where),
			     json_object_get(j, "values"), TPC_PATH_MAX);
}

static bool check_selector(struct manifest *m, const char *where, json_t *j, json_t *hook)
{
	(void)hook;
	if (json_is_true(json_object_get(j, "dropped")) == !!json_object_get(j, "actions"))
		return manifest_bad(m->r, where, "has either actions or \"dropped\": true");
	return each(m, where, j, "filters", filter_keys, check_filter) &&
	       each(m, where, j, "actions", action_keys, check_action);
}

static bool check_hook(struct manifest *m, const char *where, json_t *j, json_t *root)
{
	(void)root;
	if ((size_t)shape_int(j, "policy") >= m->npolicies)
		return manifest_bad(m->r, where, "there is no policy %lld",
				    (long long)shape_int(j, "policy"));
	return check_point(m, where, j) &&
	       shape_strings(m->r, tpc_sprintf(m->r->c->arena, "%s.tags", where), json_object_get(j, "tags"),
			     NAME_MAX_LEN) &&
	       each(m, where, j, "args", arg_keys, NULL) &&
	       each(m, where, j, "selectors", selector_keys, check_selector);
}

/* A program of the object is spoken of once. */
static bool use_program(struct manifest *m, const char *where, const json_t *j)
{
	const char *name = shape_str(j, "program");

	for (uint32_t i = 0; i < m->r->o->programs.len; i++) {
		if (strcmp(m->r->o->programs.items[i].name, name))
			continue;
		if (m->program_used[i])
			return manifest_bad(m->r, where, "program '%s' was named before", name);
		m->program_used[i] = true;
		return true;
	}
	return manifest_bad(m->r, where, "the object has no program '%s'", name);
}

static bool check_param(struct manifest *m, const char *where, json_t *j, json_t *variant)
{
	(void)variant;
	if (json_is_true(json_object_get(j, "scalar")) == !!json_object_get(j, "struct"))
		return manifest_bad(m->r, where, "has either a struct or \"scalar\": true");
	return true;
}

static bool check_variant(struct manifest *m, const char *where, json_t *j, json_t *program)
{
	(void)program;
	return use_program(m, where, j) && each(m, where, j, "params", param_keys, check_param);
}

static bool check_tracker(struct manifest *m, const char *where, json_t *j, json_t *root)
{
	(void)root;
	return use_program(m, where, j);
}

static bool same_point(const json_t *a, const json_t *b)
{
	static const char *const keys[] = { "kind", "function", "subsystem", "event", "hook" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *x = shape_str(a, keys[i]), *y = shape_str(b, keys[i]);

		if (!x != !y || (x && strcmp(x, y)))
			return false;
	}
	return true;
}

static bool check_program(struct manifest *m, const char *where, json_t *j, json_t *root)
{
	size_t i;
	json_t *v;

	if (!check_point(m, where, j))
		return false;
	json_array_foreach (json_object_get(j, "hooks"), i, v) {
		size_t n = (size_t)json_integer_value(v);

		if (!json_is_integer(v) || json_integer_value(v) < 0 || n >= m->nhooks)
			return manifest_bad(m->r, at(m, where, "hooks", i), "there is no such hook");
		if (m->hook_used[n])
			return manifest_bad(m->r, at(m, where, "hooks", i), "hook %zu is in two programs", n);
		if (!same_point(j, json_array_get(json_object_get(root, "hooks"), n)))
			return manifest_bad(m->r, at(m, where, "hooks", i), "hook %zu is at another place",
					    n);
		m->hook_used[n] = true;
	}
	return each(m, where, j, "variants", variant_keys, check_variant);
}

static bool check_field(struct manifest *m, const char *where, json_t *j, json_t *root)
{
	json_t *expect = json_object_get(j, "expect");

	(void)root;
	if ((size_t)shape_int(j, "hook") >= m->nhooks)
		return manifest_bad(m->r, where, "there is no hook %lld", (long long)shape_int(j, "hook"));
	if (!expect != (shape_int(j, "slot") >= 0))
		return manifest_bad(m->r, where, "a field has either a slot or a place to expect it at");
	return !expect || shape_check(m->r, tpc_sprintf(m->r->c->arena, "%s.expect", where), expect,
				      expect_keys, m->lenient);
}

static bool check_exec_test(struct manifest *m, const char *where, json_t *j, json_t *root)
{
	(void)root;
	return shape_strings(m->r, tpc_sprintf(m->r->c->arena, "%s.values", where),
			     json_object_get(j, "values"), TPC_PATH_MAX);
}

/* First of all: what another major version means cannot be known. */
static bool check_abi(struct manifest *m)
{
	json_t *abi = json_object_get(m->root, "abi");

	if (!shape_check(m->r, "abi", abi, abi_keys, true))
		return false;
	if (shape_int(abi, "major") != TPC_ABI_MAJOR)
		return manifest_bad(m->r, "abi", "made for ABI %lld.%lld, and this is %d.%d",
				    (long long)shape_int(abi, "major"), (long long)shape_int(abi, "minor"),
				    TPC_ABI_MAJOR, TPC_ABI_MINOR);
	m->lenient = shape_int(abi, "minor") > TPC_ABI_MINOR;
	return true;
}

static bool check_all_used(struct manifest *m)
{
	for (size_t i = 0; i < m->nhooks; i++)
		if (!m->hook_used[i])
			return manifest_bad(m->r, at(m, "", "hooks", i), "no program serves it");
	for (uint32_t i = 0; i < m->r->o->programs.len; i++)
		if (!m->program_used[i])
			return manifest_bad(m->r, "", "says nothing of the object's program '%s'",
					    m->r->o->programs.items[i].name);
	return true;
}

static bool check_root(struct manifest *m)
{
	struct tpc_arena *a = m->r->c->arena;
	json_t *j = m->root;

	if (!json_is_object(j))
		return manifest_bad(m->r, "", "must be an object");
	if (!check_abi(m) || !shape_check(m->r, "", j, root_keys, m->lenient))
		return false;
	m->npolicies = json_array_size(json_object_get(j, "policies"));
	m->nhooks = json_array_size(json_object_get(j, "hooks"));
	m->hook_used = tpc_new_array(a, bool, m->nhooks);
	m->program_used = tpc_new_array(a, bool, m->r->o->programs.len + 1);
	return shape_check(m->r, "compiler", json_object_get(j, "compiler"), compiler_keys, m->lenient) &&
	       each(m, "", j, "policies", policy_keys, NULL) &&
	       each(m, "", j, "hooks", hook_keys, check_hook) &&
	       each(m, "", j, "programs", program_keys, check_program) &&
	       each(m, "", j, "trackers", tracker_keys, check_tracker) &&
	       each(m, "", j, "fields", field_keys, check_field) &&
	       each(m, "", j, "exec_tests", exec_test_keys, check_exec_test) &&
	       shape_strings(m->r, "needs", json_object_get(j, "needs"), 64) && check_all_used(m);
}

bool manifest_read(struct object_reader *r, const char *text, size_t len)
{
	struct manifest m = { .r = r };
	json_error_t err;

	if (!len || text[len - 1] || strlen(text) != len - 1)
		return manifest_bad(r, "", "is not one NUL-terminated text");
	if (len > MANIFEST_MAX)
		return manifest_bad(r, "", "larger than %u bytes", MANIFEST_MAX);
	r->o->manifest = m.root = json_loadb(text, len - 1, JSON_REJECT_DUPLICATES, &err);
	if (!m.root)
		return manifest_bad(r, "", "line %d, column %d: %s", err.line, err.column, err.text);
	return check_root(&m);
}
