// SPDX-License-Identifier: Apache-2.0
/*
 * Hooks in the types of one kernel: of each program one way to attach must be possible, as the loader will choose
 * one. What BTF does not tell, such as which functions may have their result replaced, is not asked.
 */
#include <string.h>

#include "verify/verify_impl.h"

static const char *text(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s ? s : "";
}

void variant_reads(struct tpc_arena *a, const json_t *variant, struct reads *ret)
{
	const json_t *p;
	size_t i;

	*ret = (struct reads){ 0 };
	json_array_foreach (json_object_get(variant, "params"), i, p) {
		const char *of = json_string_value(json_object_get(p, "struct"));

		*tpc_vec_push(a, ret) = (struct kernel_read){
			.index = (uint32_t)json_integer_value(json_object_get(p, "index")),
			.of = of ? tpc_strdup(a, of) : NULL,
		};
	}
}

static const char *tracepoint_fault(struct verify *v, struct kernel *k, const char *target)
{
	const char *slash = strchr(target, '/');
	struct kernel_format format = { 0 };
	const char *subsystem;

	if (!slash)
		return tpc_sprintf(v->c->arena, "'%s' names no tracepoint", target);
	subsystem = tpc_strndup(v->c->arena, target, (size_t)(slash - target));
	if (kernel_find_tracepoint(k, v->c->arena, subsystem, slash + 1, &format) == KERNEL_NO)
		return tpc_sprintf(v->c->arena, "there is no tracepoint '%s'", target);
	return NULL;
}

/* Why that kernel cannot attach the program so; NULL: as far as its types say, it can. */
static const char *variant_fault(struct verify *v, struct kernel *k, const json_t *variant)
{
	const char *attach = text(variant, "attach"), *target = text(variant, "target");
	struct kernel_func f;
	struct reads reads;

	if (!strcmp(attach, "tracepoint"))
		return tracepoint_fault(v, k, target);
	if (!strcmp(attach, "lsm")) {
		if (!kernel_find_lsm_hook(k, target, &f))
			return tpc_sprintf(v->c->arena, "there is no LSM hook '%s'", target);
	} else if (!strcmp(attach, "tp_btf")) {
		if (!kernel_find_raw_tracepoint(k, target, &f))
			return tpc_sprintf(v->c->arena, "there is no raw tracepoint '%s'", target);
	} else if (!kernel_find_func(k, target, &f)) {
		return tpc_sprintf(v->c->arena, "there is no function '%s'", target);
	}
	variant_reads(v->c->arena, variant, &reads);
	return kernel_reads_fault(k, v->c->arena, &f, reads.items, reads.len);
}

const char *policy_file(const struct verify *v, const json_t *program)
{
	const json_t *first = json_array_get(json_object_get(program, "hooks"), 0);
	const json_t *hook =
		json_array_get(json_object_get(v->manifest, "hooks"), (size_t)json_integer_value(first));
	const json_t *policy = json_array_get(json_object_get(v->manifest, "policies"),
					      (size_t)json_integer_value(json_object_get(hook, "policy")));

	return text(policy, "file");
}

static bool check_program(struct verify *v, struct kernel *k, const json_t *program)
{
	const char *whys = NULL, *why;
	const json_t *variant;
	bool possible = false;
	size_t i;

	json_array_foreach (json_object_get(program, "variants"), i, variant) {
		why = variant_fault(v, k, variant);
		possible |= !why;
		if (why)
			whys = tpc_sprintf(v->c->arena, "%s%s%s: %s", whys ? whys : "", whys ? "; " : "",
					   text(variant, "attach"), why);
	}
	return possible ||
	       finding_in(v, policy_file(v, program),
			  (uint32_t)json_integer_value(json_object_get(program, "line")), TPC_E_OBJECT_HOOK,
			  "no way to attach program %s: %s",
			  text(json_array_get(json_object_get(program, "variants"), 0), "program"), whys);
}

/* A place that the code has built in must be that kernel's. */
static void check_field(struct verify *v, struct kernel *k, const json_t *field)
{
	size_t index = (size_t)json_integer_value(json_object_get(field, "index"));
	const char *subsystem = text(field, "subsystem"), *event = text(field, "event");
	const json_t *expect = json_object_get(field, "expect");
	struct kernel_format format = { 0 };
	const struct kernel_field *f;

	if (kernel_find_tracepoint(k, v->c->arena, subsystem, event, &format) != KERNEL_YES)
		return;
	f = index < format.fields.len ? &format.fields.items[index] : NULL;
	if (!f)
		finding(v, TPC_E_OBJECT_HOOK,
			"tracepoint '%s/%s' has %u fields there, and number %zu is read", subsystem, event,
			format.fields.len, index);
	else if (expect && (json_integer_value(json_object_get(expect, "off")) != f->offset ||
			    json_integer_value(json_object_get(expect, "size")) != f->size))
		finding(v, TPC_E_OBJECT_HOOK,
			"field '%s' of tracepoint '%s/%s' has %u bytes at %u there, and is read elsewhere",
			f->name, subsystem, event, f->size, f->offset);
}

void check_hooks(struct verify *v, const struct verify_btf *b)
{
	const json_t *j;
	const char *why;
	uint32_t n = 0;
	size_t i;

	if (!kernel_types(b->kernel)) {
		check_skip(v, "hooks", b->path, "the kernel's types cannot be read");
		return;
	}
	check_begin(v, "hooks", b->path);
	json_array_foreach (json_object_get(v->manifest, "programs"), i, j)
		n += check_program(v, b->kernel, j);
	json_array_foreach (json_object_get(v->manifest, "trackers"), i, j) {
		why = variant_fault(v, b->kernel, j);
		/* Without them only matchBinaries has no answer. */
		if (why && json_array_size(json_object_get(v->manifest, "exec_tests")))
			finding(v, TPC_E_OBJECT_HOOK, "exec tracker '%s': %s", text(j, "program"), why);
	}
	json_array_foreach (json_object_get(v->manifest, "fields"), i, j)
		check_field(v, b->kernel, j);
	check_end(v, "can attach: %u of %zu programs", n,
		  json_array_size(json_object_get(v->manifest, "programs")));
}
