// SPDX-License-Identifier: Apache-2.0
/*
 * Helpers: which are called, and since which Linux there are. Those that tpc's objects may call are what the embedded
 * templates declare; ids and releases are the kernel's (include/uapi/linux/bpf.h at each release).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "backend/backend.h"
#include "verify/verify_impl.h"

#define VERSION(major, minor) ((uint32_t)(major) << 16 | (minor))
#define HEADER "tpc/bpf/helpers.h"

/* The last helper of each release that had new ones; ids are given in order. Older than 5.15: objects need that. */
static const struct {
	int32_t last;
	uint32_t version;
} releases[] = {
	{ 175, VERSION(5, 15) }, { 179, VERSION(5, 16) }, { 185, VERSION(5, 17) }, { 193, VERSION(5, 18) },
	{ 203, VERSION(5, 19) }, { 207, VERSION(6, 0) },  { 209, VERSION(6, 1) },  { 211, VERSION(6, 2) },
};

/* Linux that a way to attach or a map needs; a newer one than objects need in any case is what matters. */
static const struct {
	const char *what;
	uint32_t version;
} features[] = {
	{ "kprobe", VERSION(4, 1) }, { "tracepoint", VERSION(4, 7) }, { "fentry", VERSION(5, 5) },
	{ "tp_btf", VERSION(5, 5) }, { "fmod_ret", VERSION(5, 7) },   { "lsm", VERSION(5, 7) },
};

static uint32_t helper_version(int32_t id)
{
	for (size_t i = 0; i < sizeof(releases) / sizeof(releases[0]); i++)
		if (id > 0 && id <= releases[i].last)
			return releases[i].version;
	return UINT32_MAX;
}

/* "static long (*const bpf_loop)(…) = (void *)181;" */
static void read_header(struct verify *v, const char *s)
{
	static const char head[] = "(*const bpf_", value[] = "= (void *)";

	while ((s = strstr(s, head))) {
		const char *name = s + strlen(head), *end = strchr(name, ')'),
			   *at = end ? strstr(end, value) : NULL;
		struct helper *h;

		if (!at)
			return;
		h = tpc_vec_push(v->c->arena, &v->helpers);
		h->name = tpc_strndup(v->c->arena, name, (size_t)(end - name));
		h->id = (int32_t)strtol(at + strlen(value), NULL, 10);
		s = at;
	}
}

const char *helper_name(struct verify *v, int32_t id)
{
	const struct helper *h;

	for (const struct backend_header *b = backend_headers; b->name && !v->helpers.len; b++)
		if (!strcmp(b->name, HEADER))
			read_header(v, b->text);
	tpc_vec_foreach (h, &v->helpers)
		if (h->id == id)
			return h->name;
	return NULL;
}

int each_helper(struct verify *v, const struct known *known,
		void (*visit)(struct verify *v, const struct func *f, uint32_t insn, int32_t id, void *arg),
		void *arg)
{
	uint32_t most = 1;
	uint8_t *reached;
	const struct func *f;
	int err = 0;

	tpc_vec_foreach (f, &v->funcs)
		most = f->n > most ? f->n : most;
	reached = malloc(most);
	if (!reached)
		return -ENOMEM;
	for (uint32_t k = 0; k < v->funcs.len && !err; k++) {
		f = &v->funcs.items[k];
		err = flow_reach(v, k, known, reached);
		for (uint32_t i = 0; i < f->n && !err; i++) {
			struct bpf_insn insn = insn_at(&v->sections.items[f->section], f->first + i);

			if (reached[i] && insn.code == (BPF_JMP | BPF_CALL) && !insn.src_reg)
				visit(v, f, f->first + i, insn.imm, arg);
		}
	}
	free(reached);
	return err;
}

/* ---- the oldest kernel ---- */

static void visit_version(struct verify *v, const struct func *f, uint32_t insn, int32_t id, void *arg)
{
	uint32_t version = helper_version(id), min = v->o->min_kernel, *count = arg;
	const char *name = helper_name(v, id);

	++*count;
	if (version <= min)
		return;
	finding_at(v, f->section, insn, TPC_E_OBJECT_KERNEL,
		   "'%s' calls helper %d (%s%s), which Linux %u.%u does not have", f->name, id,
		   name ? "bpf_" : "none of ours", name ? name : "", min >> 16, min & 0xffff);
}

/* CO-RE as that kernel would answer it, as far as the age of helpers says. */
static const struct known *answers_of_age(struct verify *v)
{
	struct known *ret = tpc_new_array(v->c->arena, struct known, v->relos.len + 1);
	uint64_t id;

	for (uint32_t i = 0; i < v->relos.len; i++)
		if (core_asks_enum(v, &v->relos.items[i], "bpf_func_id", &id))
			ret[i] =
				(struct known){ KNOWN_VALUE, id <= INT32_MAX && helper_version((int32_t)id) <=
											v->o->min_kernel };
	return ret;
}

static void check_feature(struct verify *v, const json_t *variant)
{
	const char *attach = json_string_value(json_object_get(variant, "attach"));
	uint32_t min = v->o->min_kernel;

	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++)
		if (attach && !strcmp(features[i].what, attach) && features[i].version > min)
			finding(v, TPC_E_OBJECT_KERNEL,
				"program '%s' attaches by %s, which Linux %u.%u does not have",
				json_string_value(json_object_get(variant, "program")), attach, min >> 16,
				min & 0xffff);
}

static void check_min_kernel(struct verify *v)
{
	const char *about =
		tpc_sprintf(v->c->arena, "Linux %u.%u", v->o->min_kernel >> 16, v->o->min_kernel & 0xffff);
	const json_t *p, *variant;
	uint32_t count = 0;
	size_t i, k;

	check_begin(v, "min-kernel", about);
	if (each_helper(v, answers_of_age(v), visit_version, &count))
		out_of_memory(v);
	json_array_foreach (json_object_get(v->manifest, "programs"), i, p)
		json_array_foreach (json_object_get(p, "variants"), k, variant)
			check_feature(v, variant);
	json_array_foreach (json_object_get(v->manifest, "trackers"), i, p)
		check_feature(v, p);
	check_end(v, "%u calls of helpers that it has", count);
}

/* ---- any kernel: only helpers that a template calls ---- */

static void visit_name(struct verify *v, const struct func *f, uint32_t insn, int32_t id, void *arg)
{
	uint32_t *count = arg;

	++*count;
	if (!helper_name(v, id))
		finding_at(v, f->section, insn, TPC_E_OBJECT_CODE,
			   "'%s' calls helper %d, which no template calls", f->name, id);
}

/* All calls, reached or not: what CO-RE decides is another kernel's answer each time. */
static void visit_all(struct verify *v, uint32_t *count)
{
	const struct func *f;

	tpc_vec_foreach (f, &v->funcs)
		for (uint32_t i = f->first; i < f->first + f->n; i++) {
			struct bpf_insn insn = insn_at(&v->sections.items[f->section], i);

			if (insn.code == (BPF_JMP | BPF_CALL) && !insn.src_reg)
				visit_name(v, f, i, insn.imm, count);
		}
}

void check_helpers(struct verify *v)
{
	uint32_t count = 0;

	check_begin(v, "helpers", NULL);
	visit_all(v, &count);
	check_end(v, "%u calls", count);
	if (v->o->min_kernel)
		check_min_kernel(v);
	else
		check_skip(v, "min-kernel", NULL, "not asked: --min-kernel");
}
