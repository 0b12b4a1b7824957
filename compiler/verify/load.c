// SPDX-License-Identifier: Apache-2.0
/*
 * A kernel's own word: each program is loaded by itself and let go again, attached to nothing. What the kernel cannot do at
 * all (no such program type, no such function) is no fault of the object, and is said.
 */
#include <errno.h>
#include <string.h>

#include "toolchain/load.h"
#include "verify/verify_impl.h"

#include <tpc/abi.h>

struct judging {
	struct verify *v;
	uint32_t good, not_here;
	const char *first_not_here;
	const char *not_permitted; /* a hook that this process may not load any program for */
};

/* ---- what there is to ask ---- */

static void plan_data(const struct verify *v, struct ask_object *o)
{
	const struct symbol *fields = find_symbol(v, TPC_VAR_FIELDS);
	const struct symbol *report = find_symbol(v, TPC_VAR_REPORT_EXEC);
	const uint64_t size = sizeof(struct tpc_field_desc);
	const json_t *f;
	size_t i;

	if (report && report->value <= INT32_MAX)
		o->report_off = (int64_t)report->value;
	json_array_foreach (json_object_get(v->manifest, "fields"), i, f) {
		int64_t slot = json_integer_value(json_object_get(f, "slot"));

		if (!fields || slot < 0 || (uint64_t)slot >= fields->size / size || fields->value > INT32_MAX)
			continue;
		*tpc_vec_push(v->c->arena, &o->fields) = (struct ask_field){
			.off = (uint32_t)(fields->value + (uint64_t)slot * size),
			.index = (uint32_t)json_integer_value(json_object_get(f, "index")),
			.subsystem =
				tpc_strdup(v->c->arena, json_string_value(json_object_get(f, "subsystem"))),
			.event = tpc_strdup(v->c->arena, json_string_value(json_object_get(f, "event"))),
		};
	}
}

static void plan_program(struct verify *v, const json_t *variant)
{
	struct ask_program *p = tpc_vec_push(v->c->arena, &v->asked.programs);
	const char *attach = json_string_value(json_object_get(variant, "attach"));

	p->name = tpc_strdup(v->c->arena, json_string_value(json_object_get(variant, "program")));
	p->target = tpc_strdup(v->c->arena, json_string_value(json_object_get(variant, "target")));
	p->of_lsm = !strcmp(attach, "lsm");
	variant_reads(v->c->arena, variant, &p->reads);
}

void plan_load(struct verify *v)
{
	const json_t *p, *variant;
	size_t i, k;

	v->asked = (struct ask_object){ .data = v->data, .len = v->len, .report_off = -1 };
	plan_data(v, &v->asked);
	json_array_foreach (json_object_get(v->manifest, "programs"), i, p) {
		*tpc_vec_push(v->c->arena, &v->asked_hooks) = (struct asked_hook){
			.file = tpc_strdup(v->c->arena, policy_file(v, p)),
			.line = (uint32_t)json_integer_value(json_object_get(p, "line")),
			.first = v->asked.programs.len,
			.n = (uint32_t)json_array_size(json_object_get(p, "variants")),
		};
		json_array_foreach (json_object_get(p, "variants"), k, variant)
			plan_program(v, variant);
	}
	json_array_foreach (json_object_get(v->manifest, "trackers"), i, p)
		plan_program(v, p);
}

/* ---- what was answered ---- */

static enum load_result outcome(const struct ask_answer *a)
{
	return a->err == ASK_UNFIT ? LOAD_NOT_HERE : load_judge(a->err, a->log);
}

static void tell_refusal(struct verify *v, const char *name, const char *log)
{
	const char *reason = log_reason(v->c->arena, log), *file;
	uint32_t line, insn = 0, section;

	if (log_place(v->c->arena, log, &file, &line))
		finding_in(v, file, line, TPC_E_OBJECT_REFUSED, "the kernel refuses program '%s': %s", name,
			   reason);
	else if (log_insn(log, &insn) && linked_place(v, name, insn, &section, &insn))
		finding_at(v, section, insn, TPC_E_OBJECT_REFUSED, "the kernel refuses program '%s': %s",
			   name, reason);
	else
		finding(v, TPC_E_OBJECT_REFUSED, "the kernel refuses program '%s': %s", name, reason);
}

static const char *why_not(const struct ask_answer *a)
{
	return a->err == ASK_UNFIT && *a->log ? a->log : strerror(-a->err);
}

static enum load_result judge(struct judging *j, const char *name, const struct ask_answer *a)
{
	enum load_result got = outcome(a);

	switch (got) {
	case LOAD_DONE:
		j->good++;
		break;
	case LOAD_REFUSED:
		tell_refusal(j->v, name, a->log);
		break;
	case LOAD_NOT_HERE:
		if (!j->not_here++)
			j->first_not_here = tpc_sprintf(j->v->c->arena, "'%s': %s", name, why_not(a));
		break;
	}
	return got;
}

/* The loader takes one variant of each hook. Where it is left with none, it refuses the object. */
static void judge_hook(struct judging *j, const struct asked_hook *h, const struct ask_answer *answers)
{
	const struct ask_program *programs = j->v->asked.programs.items + h->first;
	bool possible = !h->n, permitted = true;

	for (uint32_t i = 0; i < h->n; i++) {
		possible |= judge(j, programs[i].name, &answers[h->first + i]) != LOAD_NOT_HERE;
		permitted &= answers[h->first + i].err != -EPERM;
	}
	if (possible)
		return;
	if (permitted)
		finding_in(j->v, h->file, h->line, TPC_E_OBJECT_HOOK,
			   "the kernel can do no variant of this hook, first '%s': %s", programs[0].name,
			   why_not(&answers[h->first]));
	else if (!j->not_permitted)
		j->not_permitted = tpc_sprintf(j->v->c->arena, "%s:%u", h->file, h->line);
}

/* All of an object's programs. Trackers belong to no hook: the loader does without where it must. */
static void judge_all(struct judging *j, const struct ask_answer *answers)
{
	const struct asked_hook *h;
	uint32_t next = 0;

	tpc_vec_foreach (h, &j->v->asked_hooks) {
		judge_hook(j, h, answers);
		next = h->first + h->n;
	}
	for (; next < j->v->asked.programs.len; next++)
		judge(j, j->v->asked.programs.items[next].name, &answers[next]);
}

/* Nothing was asked, or nothing was answered. */
static void not_asked(struct verify *v)
{
	struct verify_check *k = &v->r->checks.items[v->r->checks.len - 1];

	if (k->result == VERIFY_OK) {
		k->result = VERIFY_SKIPPED;
		v->r->environment = true;
	}
}

static void end_judging(struct judging *j, const char *kernel)
{
	if (j->not_permitted)
		check_end(j->v, "not permitted: no program for the hook at %s may be loaded",
			  j->not_permitted);
	else if (j->not_here)
		check_end(j->v, "%u programs verified by %s, %u it cannot do, first %s", j->good, kernel,
			  j->not_here, j->first_not_here);
	else
		check_end(j->v, "%u programs verified by %s", j->good, kernel);
	if (j->not_permitted || !j->good)
		not_asked(j->v);
}

/* ---- this machine's ---- */

static void load_here(struct verify *v, struct asker *k)
{
	uint32_t n = v->asked.programs.len;
	struct ask_answer *answers = tpc_new_array(v->c->arena, struct ask_answer, n + 1);
	struct judging j = { .v = v };

	for (uint32_t i = 0; i < n; i++) {
		ask_program(k, &v->asked, &v->asked.programs.items[i], &answers[i]);
		answers[i].log = tpc_strdup(v->c->arena, answers[i].log);
	}
	judge_all(&j, answers);
	end_judging(&j, "this kernel");
}

void check_load(struct verify *v)
{
	struct asker *k;

	check_begin(v, "load", NULL);
	if (asker_new(&k)) {
		out_of_memory(v);
		check_end(v, " ");
		return;
	}
	if (ask_permitted()) {
		load_here(v, k);
	} else {
		check_end(v, "not permitted: it needs root, or CAP_BPF and CAP_PERFMON");
		not_asked(v);
	}
	asker_done(k);
}

/* ---- another, in a guest ---- */

/* @first: of the object's programs among the guest's answers. All of them are there, or nothing is known. */
static void judge_guest(struct verify *v, const struct ask_vm *vm, const struct ask_guest *g, uint32_t first)
{
	const char *fault = g->fault ? g->fault : "that kernel takes no BPF programs";
	uint32_t n = v->asked.programs.len;
	struct judging j = { .v = v };

	check_begin(v, "vm", vm->kernel);
	if (g->answers.len < first + n) {
		v->r->environment = true;
		finding(v, TPC_E_OBJECT_NOT_ASKED, "no answer about program '%s': %s",
			v->asked.programs.items[g->answers.len > first ? g->answers.len - first : 0].name,
			fault);
		check_end(v, " ");
		return;
	}
	judge_all(&j, &g->answers.items[first]);
	end_judging(&j, tpc_sprintf(v->c->arena, "Linux %s", g->release));
}

void verify_guest(struct tpc_arena *a, const struct ask_vm *vm, struct verify_report *const *reports,
		  uint32_t n, const char **ret_console)
{
	const struct ask_object **objects = tpc_new_array(a, const struct ask_object *, n + 1);
	struct ask_guest g = { .console = "" };
	uint32_t asked = 0, first = 0;

	for (uint32_t i = 0; i < n; i++)
		if (reports[i]->sound)
			objects[asked++] = &reports[i]->sound->asked;
	if (asked)
		ask_guest(a, vm, objects, asked, &g);
	for (uint32_t i = 0; i < n; i++) {
		struct verify *v = reports[i]->sound;

		if (!v)
			continue;
		judge_guest(v, vm, &g, first);
		first += v->asked.programs.len;
	}
	*ret_console = g.fault ? g.console : "";
}
