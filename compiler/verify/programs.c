// SPDX-License-Identifier: Apache-2.0
/* Programs against the manifest: each in the section that its way to attach and its target ask for. */
#include <elf.h>
#include <string.h>

#include "verify/verify_impl.h"

static const char *text(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s ? s : "";
}

/* Head of the section's name for a way to attach; NULL: none is known. */
static const char *prefix_of(const char *attach)
{
	static const char *const rows[][2] = { { "kprobe", "kprobe" },	   { "fentry", "fentry" },
					       { "fmod_ret", "fmod_ret" }, { "lsm", "lsm" },
					       { "tracepoint", "tp" },	   { "tp_btf", "tp_btf" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(rows[i][0], attach))
			return rows[i][1];
	return NULL;
}

static bool check_one(struct verify *v, const json_t *j)
{
	const char *name = text(j, "program"), *attach = text(j, "attach"), *prefix = prefix_of(attach);
	const char *want = tpc_sprintf(v->c->arena, "%s/%s", prefix ? prefix : "?", text(j, "target"));
	const struct symbol *s = find_symbol(v, name);
	const char *section = s && s->section < v->sections.len ? v->sections.items[s->section].name : "";

	if (!prefix)
		return finding(v, TPC_E_OBJECT_PROGRAMS, "program '%s': no way to attach is called '%s'",
			       name, attach);
	if (strcmp(section, want))
		return finding(v, TPC_E_OBJECT_PROGRAMS,
			       "program '%s' is in section '%s', and the manifest needs '%s'", name, section,
			       want);
	if (s->bind != STB_GLOBAL)
		return finding(v, TPC_E_OBJECT_PROGRAMS, "program '%s' is not global", name);
	return true;
}

/* What the hook asks for decides what its program may be: the kprobe's function, the tracepoint's event. */
static bool check_target(struct verify *v, const json_t *program, const json_t *variant)
{
	const char *kind = text(program, "kind"), *attach = text(variant, "attach"),
		   *target = text(variant, "target");
	const char *want;
	bool fits;

	if (!strcmp(kind, "tracepoint")) {
		fits = !strcmp(attach, "tracepoint");
		want = tpc_sprintf(v->c->arena, "%s/%s", text(program, "subsystem"), text(program, "event"));
	} else if (!strcmp(kind, "lsm")) {
		fits = !strcmp(attach, "lsm");
		want = text(program, "hook");
	} else {
		fits = !strcmp(attach, "kprobe") || !strcmp(attach, "fentry") || !strcmp(attach, "fmod_ret");
		want = text(program, "function");
		if (json_is_true(json_object_get(program, "syscall")))
			want = tpc_sprintf(v->c->arena, "__x64_%s", want);
	}
	if (!fits || strcmp(want, target))
		return finding(v, TPC_E_OBJECT_PROGRAMS,
			       "program '%s' attaches by %s to '%s', which is not the %s '%s' of its hook",
			       text(variant, "program"), attach, target, kind, want);
	return true;
}

static bool selector_overrides(const json_t *selector)
{
	const json_t *action;
	size_t i;

	json_array_foreach (json_object_get(selector, "actions"), i, action)
		if (!strcmp(text(action, "action"), "Override"))
			return true;
	return false;
}

/* A program may replace results only where the policy says so: a reviewer reads it in the manifest. */
static bool check_overrides(struct verify *v, const json_t *program, const json_t *variant)
{
	const json_t *number, *selector, *hooks = json_object_get(v->manifest, "hooks");
	bool wanted = false, has = json_is_true(json_object_get(variant, "overrides"));
	size_t i, k;

	json_array_foreach (json_object_get(program, "hooks"), i, number)
		json_array_foreach (json_object_get(json_array_get(hooks, (size_t)json_integer_value(number)),
						    "selectors"),
				    k, selector)
			wanted |= selector_overrides(selector);
	if (wanted != has)
		return finding(v, TPC_E_OBJECT_PROGRAMS, "program '%s' %s results, and no action says so",
			       text(variant, "program"), has ? "replaces" : "does not replace");
	return true;
}

bool check_programs(struct verify *v)
{
	const json_t *p, *variant;
	uint32_t named = 0, there = 0;
	const struct func *f;
	size_t i, k;

	check_begin(v, "programs", NULL);
	json_array_foreach (json_object_get(v->manifest, "programs"), i, p)
		json_array_foreach (json_object_get(p, "variants"), k, variant) {
			named++;
			if (check_one(v, variant) && check_target(v, p, variant))
				check_overrides(v, p, variant);
		}
	json_array_foreach (json_object_get(v->manifest, "trackers"), i, p) {
		named++;
		check_one(v, p);
	}
	tpc_vec_foreach (f, &v->funcs)
		there += f->is_program;
	if (named != there)
		finding(v, TPC_E_OBJECT_PROGRAMS, "the manifest names %u programs, and there are %u", named,
			there);
	return check_end(v, "%u programs as the manifest has them", named);
}
