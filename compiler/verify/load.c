// SPDX-License-Identifier: Apache-2.0
/*
 * The running kernel's own word: each program is loaded by itself and let go again, attached to nothing. What the
 * kernel cannot do at all (no such program type, no such function) is no fault of the object, and is said.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "toolchain/load.h"
#include "verify/verify_impl.h"

#include <tpc/abi.h>

struct loading {
	struct verify *v;
	struct kernel *kernel; /* this machine's tracefs, or NULL */
	char *log;
	uint32_t good, not_here;
	const char *first_not_here;
};

/* As the loader fills it: a place that is not known leaves code that is never verified. */
static struct tpc_field_desc describe(struct loading *l, const json_t *field)
{
	const char *subsystem = json_string_value(json_object_get(field, "subsystem"));
	const char *event = json_string_value(json_object_get(field, "event"));
	size_t index = (size_t)json_integer_value(json_object_get(field, "index"));
	struct tpc_field_desc d = { 0 };
	struct kernel_format format = { 0 };
	const struct kernel_field *f;

	if (!l->kernel ||
	    kernel_find_tracepoint(l->kernel, l->v->c->arena, subsystem, event, &format) != KERNEL_YES ||
	    index >= format.fields.len)
		return d;
	f = &format.fields.items[index];
	d.off = (uint16_t)f->offset;
	d.size = (uint16_t)f->size;
	d.is_signed = f->is_signed;
	d.kind = strstr(f->type, "__data_loc") ? TPC_FIELD_DATA_LOC :
		 strchr(f->type, '[')	       ? TPC_FIELD_ARRAY :
		 strchr(f->type, '*')	       ? TPC_FIELD_POINTER :
						 TPC_FIELD_INT;
	return d;
}

static void fill_data(struct loading *l, struct bpf_object *o)
{
	struct bpf_map *map = bpf_object__find_map_by_name(o, ".rodata.tpc");
	const struct symbol *fields = find_symbol(l->v, TPC_VAR_FIELDS);
	const struct symbol *report = find_symbol(l->v, TPC_VAR_REPORT_EXEC);
	const json_t *f;
	size_t size = 0, i;
	char *data = map ? (char *)(uintptr_t)bpf_map__initial_value(map, &size) : NULL;
	uint32_t one = 1;

	if (data && report && report->value + sizeof(one) <= size)
		memcpy(data + report->value, &one, sizeof(one));
	json_array_foreach (json_object_get(l->v->manifest, "fields"), i, f) {
		int64_t slot = json_integer_value(json_object_get(f, "slot"));
		struct tpc_field_desc d = describe(l, f);

		if (data && fields && slot >= 0 && ((uint64_t)slot + 1) * sizeof(d) <= fields->size &&
		    fields->value + fields->size <= size)
			memcpy(data + fields->value + (size_t)slot * sizeof(d), &d, sizeof(d));
	}
}

static enum load_result load_one(struct loading *l, const char *name, int *err)
{
	struct bpf_object *o = load_open(l->v->data, l->v->len, (const char *const[]){ name, NULL }, l->log);
	enum load_result r = LOAD_NOT_HERE;

	*err = o ? 0 : -errno;
	if (o) {
		fill_data(l, o);
		r = load_ask(o, l->log, err);
	}
	bpf_object__close(o);
	return r;
}

static void tell_refusal(struct loading *l, const char *name)
{
	const struct symbol *s = find_symbol(l->v, name);
	const char *reason = log_reason(l->v->c->arena, l->log), *file;
	uint32_t line, insn = 0;

	if (log_place(l->v->c->arena, l->log, &file, &line)) {
		finding_in(l->v, file, line, TPC_E_OBJECT_REFUSED, "the kernel refuses program '%s': %s",
			   name, reason);
		return;
	}
	/* Behind the program's own instructions come those of what it calls, in an order that is libbpf's. */
	if (s && log_insn(l->log, &insn) && insn < s->size / INSN_SIZE)
		finding_at(l->v, s->section, insn, TPC_E_OBJECT_REFUSED,
			   "the kernel refuses program '%s': %s", name, reason);
	else
		finding(l->v, TPC_E_OBJECT_REFUSED, "the kernel refuses program '%s': %s", name, reason);
}

static void ask(struct loading *l, const json_t *variant)
{
	const char *name = json_string_value(json_object_get(variant, "program"));
	int err;

	switch (load_one(l, name, &err)) {
	case LOAD_DONE:
		l->good++;
		break;
	case LOAD_REFUSED:
		tell_refusal(l, name);
		break;
	case LOAD_NOT_HERE:
		if (!l->not_here++)
			l->first_not_here = tpc_sprintf(l->v->c->arena, "'%s': %s", name, strerror(-err));
		break;
	}
}

/* False: this process may load nothing, so that no answer would say anything of the object. */
static bool ask_all(struct loading *l)
{
	const json_t *p, *variant;
	size_t i, k;

	if (libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_KPROBE, NULL) <= 0 &&
	    libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_TRACEPOINT, NULL) <= 0)
		return false;
	json_array_foreach (json_object_get(l->v->manifest, "programs"), i, p)
		json_array_foreach (json_object_get(p, "variants"), k, variant)
			ask(l, variant);
	json_array_foreach (json_object_get(l->v->manifest, "trackers"), i, p)
		ask(l, p);
	return true;
}

static void end_load(struct loading *l, bool permitted)
{
	struct verify *v = l->v;
	struct verify_check *k = &v->r->checks.items[v->r->checks.len - 1];

	if (!permitted) {
		check_end(v, "not permitted: it needs root, or CAP_BPF and CAP_PERFMON");
	} else if (!l->not_here) {
		check_end(v, "%u programs verified by this kernel", l->good);
		return;
	} else {
		check_end(v, "%u programs verified by this kernel, %u it cannot do, first %s", l->good,
			  l->not_here, l->first_not_here);
	}
	/* Nothing was asked, so nothing was answered. */
	if (k->result == VERIFY_OK && (!permitted || !l->good)) {
		k->result = VERIFY_SKIPPED;
		v->r->environment = true;
	}
}

void check_load(struct verify *v)
{
	static const struct kernel_opts here = { .tracefs = "/sys/kernel/tracing" };
	struct loading l = { .v = v, .log = malloc(LOAD_LOG_BYTES) };

	check_begin(v, "load", NULL);
	if (!l.log || kernel_open(&l.kernel, &here)) {
		out_of_memory(v);
		check_end(v, " ");
	} else {
		end_load(&l, ask_all(&l));
	}
	kernel_close(l.kernel);
	free(l.log);
}
