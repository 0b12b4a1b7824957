// SPDX-License-Identifier: Apache-2.0
/* For the engineer who is called at night: what would this object do to my machines. */
#include <signal.h>
#include <stdarg.h>
#include <string.h>

#include "cli/inspect.h"

static const char *str(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s ? s : "";
}

static long long num(const json_t *j, const char *key)
{
	return (long long)json_integer_value(json_object_get(j, key));
}

static bool flag(const json_t *j, const char *key)
{
	return json_is_true(json_object_get(j, key));
}

/* Everything that comes out of the manifest goes through here. */
static void put(FILE *to, const char *s)
{
	cli_put_text(to, s);
}

/* 8388608 is "8 MiB", 8200 is "8200 bytes". */
static void put_bytes(FILE *to, uint64_t n)
{
	if (n && n % (1U << 20) == 0)
		fprintf(to, "%llu MiB", (unsigned long long)(n >> 20));
	else if (n >= 10U << 10)
		fprintf(to, "%llu KiB", (unsigned long long)((n + 1023) >> 10));
	else
		fprintf(to, "%llu bytes", (unsigned long long)n);
}

static void put_action(FILE *to, const json_t *a)
{
	const char *kind = str(a, "action"), *name;

	if (!strcmp(kind, "Post")) {
		fputs("report it", to);
	} else if (!strcmp(kind, "NoPost")) {
		fputs("stay silent", to);
	} else if (!strcmp(kind, "Sigkill")) {
		fputs("kill the process", to);
	} else if (!strcmp(kind, "Signal")) {
		name = sigabbrev_np((int)num(a, "signal"));
		fprintf(to, "send signal %lld%s%s", num(a, "signal"), name ? " SIG" : "", name ? name : "");
	} else if (!strcmp(kind, "Override")) {
		name = strerrorname_np((int)-num(a, "error"));
		fprintf(to, "return %lld%s%s%s instead", num(a, "error"), name ? " (" : "", name ? name : "",
			name ? ")" : "");
	} else {
		put(to, kind);
	}
}

static bool has_action(const json_t *selector, const char *kind)
{
	size_t i;
	json_t *a;

	json_array_foreach (json_object_get(selector, "actions"), i, a)
		if (!strcmp(str(a, "action"), kind))
			return true;
	return false;
}

/* Tetragon posts unless it is told not to, also where a policy only asks for something else. */
static void put_actions(FILE *to, const json_t *selector)
{
	bool silent = has_action(selector, "NoPost"), first = true;
	size_t i;
	json_t *a;

	json_array_foreach (json_object_get(selector, "actions"), i, a) {
		fputs(first ? "" : ", ", to);
		put_action(to, a);
		first = false;
	}
	if (!silent && !has_action(selector, "Post"))
		fprintf(to, "%sreport it", first ? "" : ", ");
}

static const char *test_words(const char *test, bool negated)
{
	static const struct {
		const char *test, *words[2];
	} rows[] = {
		{ "Equal", { "is", "is not" } },
		{ "Prefix", { "starts with", "does not start with" } },
		{ "Postfix", { "ends with", "does not end with" } },
		{ "Range", { "is", "is not" } },
		{ "Net", { "is in", "is not in" } },
		{ "Mask", { "has a bit of", "has no bit of" } },
		{ "SubString", { "contains", "does not contain" } },
		{ "SubStringIgnCase", { "contains in any case", "does not contain in any case" } },
		{ "Present", { "is there", "is not there" } },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(rows[i].test, test))
			return rows[i].words[negated];
	return test;
}

/* "uint32 at f_inode.i_uid.val", "uint16 at sin_port of sockaddr_in": what of an argument is meant. */
static void put_what(FILE *to, const json_t *j)
{
	put(to, str(j, "type"));
	if (!*str(j, "resolve"))
		return;
	fputs(" at ", to);
	put(to, str(j, "resolve"));
	if (!*str(j, "btfType"))
		return;
	fputs(" of ", to);
	put(to, str(j, "btfType"));
}

/* "namespace Mnt", "capabilities Effective", "argument 2 (cap_effective) gained since argument 1" */
static void put_detail(FILE *to, const json_t *f)
{
	static const char *const keys[] = { "kind", "set", "facet" };

	if (!strcmp(str(f, "value"), "task")) {
		fputs(" (", to);
		put_what(to, f);
		fputc(')', to);
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (*str(f, keys[i])) {
			fputc(' ', to);
			put(to, str(f, keys[i]));
		}
	if (json_object_get(f, "since"))
		fprintf(to, " since argument %lld", num(f, "since"));
}

static void put_filter(FILE *to, const json_t *f)
{
	const json_t *values = json_object_get(f, "values");
	size_t i, n = json_array_size(values);
	json_t *v;

	put(to, str(f, "value"));
	if (json_object_get(f, "index")) {
		fprintf(to, " %lld (", num(f, "index"));
		put_what(to, f);
		fputc(')', to);
	}
	put_detail(to, f);
	fprintf(to, " %s", test_words(str(f, "test"), flag(f, "negated")));
	if (!strcmp(str(f, "test"), "Present"))
		return;
	fputc(' ', to);
	json_array_foreach (values, i, v) {
		fputs(!i ? "" : i + 1 < n ? ", " : flag(f, "negated") ? " nor " : " or ", to);
		put(to, json_string_value(v));
	}
	fputs(n ? "" : "nothing", to);
}

static void put_filters(FILE *to, const json_t *selector)
{
	size_t i;
	json_t *f;

	json_array_foreach (json_object_get(selector, "filters"), i, f) {
		fprintf(to, i ? "        and " : "when ");
		put_filter(to, f);
		fputc('\n', to);
	}
	if (i)
		fputs("        then ", to);
}

static void put_selectors(FILE *to, const json_t *hook)
{
	const json_t *list = json_object_get(hook, "selectors");
	size_t i;
	json_t *s;

	json_array_foreach (list, i, s) {
		if (json_object_get(s, "line"))
			fprintf(to, "      selector %zu (line %lld): ", i + 1, num(s, "line"));
		else
			fputs("      always: ", to);
		if (flag(s, "dropped")) {
			fputs("never matches, left out", to);
		} else {
			put_filters(to, s);
			put_actions(to, s);
		}
		fputc('\n', to);
	}
}

static void put_point(FILE *to, const json_t *j)
{
	const char *kind = str(j, "kind");

	put(to, kind);
	fputc(' ', to);
	if (!strcmp(kind, "tracepoint")) {
		put(to, str(j, "subsystem"));
		fputc('/', to);
		put(to, str(j, "event"));
	} else {
		put(to, str(j, strcmp(kind, "lsm") ? "function" : "hook"));
	}
	if (flag(j, "syscall"))
		fputs(" (system call)", to);
}

static void put_args(FILE *to, const json_t *hook)
{
	size_t i;
	json_t *a;

	if (!json_array_size(json_object_get(hook, "args")))
		return;
	fputs("      shows: ", to);
	json_array_foreach (json_object_get(hook, "args"), i, a) {
		fputs(i ? ", " : "", to);
		if (*str(a, "source")) {
			put(to, str(a, "source"));
			fputc(' ', to);
		} else {
			fprintf(to, "%lld ", num(a, "index"));
		}
		put_what(to, a);
		if (*str(a, "label")) {
			fputs(" as ", to);
			put(to, str(a, "label"));
		}
	}
	fputc('\n', to);
}

static void put_tags(FILE *to, const json_t *hook)
{
	size_t i;
	json_t *t;

	json_array_foreach (json_object_get(hook, "tags"), i, t) {
		fputs(i ? ", " : "      tags: ", to);
		put(to, json_string_value(t));
	}
	if (json_array_size(json_object_get(hook, "tags")))
		fputc('\n', to);
}

static void put_hook(FILE *to, const json_t *hook)
{
	fputs("    ", to);
	put_point(to, hook);
	fprintf(to, ", line %lld\n", num(hook, "line"));
	if (*str(hook, "message")) {
		fputs("      message: ", to);
		put(to, str(hook, "message"));
		fputc('\n', to);
	}
	put_tags(to, hook);
	put_args(to, hook);
	put_selectors(to, hook);
}

static void put_policy(FILE *to, const json_t *manifest, const json_t *policy, size_t nr)
{
	size_t i;
	json_t *h;

	fputs("\n  policy ", to);
	put(to, str(policy, "name"));
	fputs(" (", to);
	put(to, str(policy, "kind"));
	fputs(strcmp(str(policy, "mode"), "monitor") ?
		      "), enforces\n" :
		      "), monitors: nothing is killed, signalled or overridden\n",
	      to);
	fputs("    from ", to);
	put(to, str(policy, "file"));
	fprintf(to, ":%lld, ", num(policy, "line"));
	put(to, str(policy, "digest"));
	fputc('\n', to);
	json_array_foreach (json_object_get(manifest, "hooks"), i, h)
		if ((size_t)num(h, "policy") == nr)
			put_hook(to, h);
}

static void put_program_line(FILE *to, const struct object *o, const json_t *v)
{
	fprintf(to, "      %-20s %5u instructions, ", str(v, "program"), inspect_insns(o, str(v, "program")));
	put(to, str(v, "attach"));
	fputc(' ', to);
	put(to, str(v, "target"));
	if (flag(v, "overrides"))
		fputs(", can change the result", to);
	fputc('\n', to);
}

static void put_programs(FILE *to, const struct object *o)
{
	size_t i, k;
	json_t *p, *v;

	fputs("\n  programs: the first variant of each that the kernel can do is loaded\n", to);
	json_array_foreach (json_object_get(o->manifest, "programs"), i, p) {
		fputs("    ", to);
		put_point(to, p);
		fputc('\n', to);
		json_array_foreach (json_object_get(p, "variants"), k, v)
			put_program_line(to, o, v);
	}
	if (json_array_size(json_object_get(o->manifest, "trackers")))
		fputs("    to know which process did it\n", to);
	json_array_foreach (json_object_get(o->manifest, "trackers"), i, v)
		put_program_line(to, o, v);
	if (o->text_insns)
		fprintf(to, "    %-22s %5u instructions\n", "shared by all", o->text_insns);
}

static void put_exec_tests(FILE *to, const struct object *o)
{
	size_t i, k;
	json_t *t, *v;

	if (!json_array_size(json_object_get(o->manifest, "exec_tests")))
		return;
	fputs("\n  decided once, when a program is executed\n", to);
	json_array_foreach (json_object_get(o->manifest, "exec_tests"), i, t) {
		fputs("    binary ", to);
		put(to, str(t, "operator"));
		json_array_foreach (json_object_get(t, "values"), k, v) {
			fputs(k ? ", " : " ", to);
			put(to, json_string_value(v));
		}
		fputc('\n', to);
	}
}

static void put_maps(FILE *to, const struct object *o)
{
	uint64_t fixed = 0, per_cpu = 0;

	fputs("\n  memory\n", to);
	for (uint32_t i = 0; i < o->maps.len; i++) {
		const struct object_map *m = &o->maps.items[i];
		struct inspect_memory mem = inspect_map_memory(m);

		fputs("    ", to);
		put(to, m->name);
		fprintf(to, "%*s ", strlen(m->name) < 22 ? (int)(22 - strlen(m->name)) : 0, "");
		put_bytes(to, mem.bytes);
		fprintf(to, "%s (%s", mem.per_cpu ? " per CPU" : mem.per_task ? " per task" : "", m->type);
		if (strcmp(m->type, "ringbuf") && !mem.per_task)
			fprintf(to, ", %u entr%s", m->max_entries, m->max_entries == 1 ? "y" : "ies");
		fputs(")\n", to);
		if (mem.per_cpu)
			per_cpu += mem.bytes;
		else if (!mem.per_task)
			fixed += mem.bytes;
	}
	fputs("    in all ", to);
	put_bytes(to, fixed);
	fputs(" and ", to);
	put_bytes(to, per_cpu);
	fputs(" per CPU\n", to);
}

static void put_needs(FILE *to, const struct object *o)
{
	size_t i;
	json_t *n;

	fputs("\n  needs of the kernel: ", to);
	json_array_foreach (json_object_get(o->manifest, "needs"), i, n) {
		fputs(i ? ", " : "", to);
		put(to, json_string_value(n));
	}
	fputc('\n', to);
}

void inspect_text(const struct inspected *in, FILE *to)
{
	const json_t *m = in->object.manifest, *compiler = json_object_get(m, "compiler"),
		     *abi = json_object_get(m, "abi");
	size_t i;
	json_t *p;

	put(to, in->path);
	if (in->image)
		inspect_image_text(in, to);
	fputs("\n  object ", to);
	put_bytes(to, in->size);
	fprintf(to, ", %s, licence ", in->object.digest);
	put(to, in->object.license);
	fputs("\n  made by ", to);
	put(to, str(compiler, "name"));
	fputc(' ', to);
	put(to, str(compiler, "version"));
	fprintf(to, " at -O%lld for ", num(compiler, "opt"));
	put(to, str(m, "arch"));
	fprintf(to, ", ABI %lld.%lld\n  templates ", num(abi, "major"), num(abi, "minor"));
	put(to, str(compiler, "templates"));
	fputc('\n', to);
	json_array_foreach (json_object_get(m, "policies"), i, p)
		put_policy(to, m, p, i);
	put_programs(to, &in->object);
	put_exec_tests(to, &in->object);
	put_maps(to, &in->object);
	put_needs(to, &in->object);
}
