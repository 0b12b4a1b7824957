// SPDX-License-Identifier: Apache-2.0
/* The object of the cases in this kernel: each variant by itself, with maps of its own, when it is first needed. */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "backend/backend.h"
#include "ptest/bpf.h"
#include "toolchain/load.h"

#define RING_BYTES (512U << 10) /* of the events of one case; a power of two */

/* ---- one variant ---- */
static void unmap(struct bpf_variant *v)
{
	if (v->now)
		munmap(v->now, sizeof(*v->now));
	ring_buffer__free(v->ring);
	bpf_object__close(v->object);
	v->now = NULL;
	v->ring = NULL;
	v->object = NULL;
}

/* One row a value that the loader would look up; here they lie one behind another. */
static void describe_fields(const struct ptest_bpf *b, struct tpc_field_desc *fields, size_t n)
{
	const struct ir_program *p;

	tpc_vec_foreach (p, &b->u->programs)
		for (uint32_t i = 0; i < p->values.len; i++) {
			const struct ir_value *v = &p->values.items[i];
			struct field_place at;

			if (v->source != IR_FROM_FIELD || v->type == IR_NOP)
				continue;
			at = backend_field(b->u, p, i);
			if (at.known || at.slot >= n || at.slot >= BPF_FIELDS_MAX)
				continue;
			fields[at.slot] = (struct tpc_field_desc){
				.off = (uint16_t)(BPF_FIELDS_AT + BPF_FIELD_ROOM * at.slot),
				.size = v->type == IR_INT  ? v->size :
					v->type == IR_PATH ? 4 :
							     8,
				.kind = v->type == IR_INT || v->type == IR_PATH ? TPC_FIELD_INT :
										  TPC_FIELD_POINTER,
				.is_signed = v->is_signed || v->type == IR_PATH,
			};
		}
}

static void fill_fields(const struct ptest_bpf *b, struct bpf_object *o)
{
	struct bpf_map *map = bpf_object__find_map_by_name(o, ".rodata.tpc");
	struct btf *btf = bpf_object__btf(o);
	const struct btf_type *section, *type;
	const struct btf_var_secinfo *var;
	size_t size = 0;
	char *data = map ? (char *)(uintptr_t)bpf_map__initial_value(map, &size) : NULL;
	int id = btf ? btf__find_by_name_kind(btf, ".rodata.tpc", BTF_KIND_DATASEC) : -1;

	if (!data || id < 0)
		return; /* no field is looked up */
	section = btf__type_by_id(btf, (uint32_t)id);
	var = btf_var_secinfos(section);
	for (uint32_t i = 0; i < btf_vlen(section); i++) {
		type = btf__type_by_id(btf, var[i].type);
		if (strcmp(btf__name_by_offset(btf, type->name_off), TPC_VAR_FIELDS) ||
		    var[i].offset + var[i].size > size)
			continue;
		describe_fields(b, (struct tpc_field_desc *)(void *)(data + var[i].offset),
				var[i].size / sizeof(struct tpc_field_desc));
	}
}

static int take_event(void *arg, void *data, size_t len)
{
	const struct tpc_hook_event *e = data;
	struct bpf_variant *v = ((void **)arg)[0];
	struct ptest_bpf *b = ((void **)arg)[1];

	if (len >= sizeof(*e) && e->h.kind == TPC_EVENT_HOOK)
		*tpc_vec_push(b->c->arena, &v->events) =
			(struct bpf_event){ e->hook, e->selector, e->actions };
	return 0;
}

static int program_fd(struct bpf_object *o, const char *name)
{
	struct bpf_program *p = bpf_object__find_program_by_name(o, name);

	return p ? bpf_program__fd(p) : -1;
}

static const char *system_error(struct ptest_bpf *b, const char *what, int err)
{
	return tpc_sprintf(b->c->arena, "%s: %s", what, strerror(-err));
}

static const char *connect(struct ptest_bpf *b, struct bpf_variant *v)
{
	LIBBPF_OPTS(bpf_test_run_opts, run);
	int now = bpf_object__find_map_fd_by_name(v->object, TPC_CASE_MAP), r;
	void **arg = tpc_new_array(b->c->arena, void *, 2);

	arg[0] = v;
	arg[1] = b;
	v->program = program_fd(v->object, v->name);
	v->exec = program_fd(v->object, TPC_CASE_EXEC);
	v->stats = bpf_object__find_map_fd_by_name(v->object, TPC_MAP_STATS);
	v->ring = ring_buffer__new(bpf_object__find_map_fd_by_name(v->object, TPC_MAP_EVENTS), take_event,
				   arg, NULL);
	if (!v->ring)
		return system_error(b, "no ring buffer", -errno);
	v->now = mmap(NULL, sizeof(*v->now), PROT_READ | PROT_WRITE, MAP_SHARED, now, 0);
	if (v->now == MAP_FAILED) {
		v->now = NULL;
		return system_error(b, "the record of cases cannot be mapped", -errno);
	}
	r = bpf_prog_test_run_opts(program_fd(v->object, TPC_CASE_BEGIN), &run);
	return r ? system_error(b, "the kernel runs no programs on request", r) : NULL;
}

static const char *load(struct ptest_bpf *b, struct bpf_variant *v)
{
	const char *names[] = { v->name, TPC_CASE_BEGIN, b->u->exec_tests.len ? TPC_CASE_EXEC : NULL, NULL };
	int err;

	v->object = load_open(b->code.object, b->code.len, names, b->log);
	if (!v->object)
		return system_error(b, "libbpf cannot read it", -errno);
	bpf_map__set_max_entries(bpf_object__find_map_by_name(v->object, TPC_MAP_EVENTS), RING_BYTES);
	fill_fields(b, v->object);
	err = bpf_object__load(v->object);
	switch (load_judge(err, b->log)) {
	case LOAD_DONE:
		return connect(b, v);
	case LOAD_REFUSED:
		return tpc_sprintf(b->c->arena, "the kernel refuses it: %s", log_reason(b->c->arena, b->log));
	case LOAD_NOT_HERE:
		break;
	}
	return system_error(b, "the kernel cannot load it", err);
}

const char *bpf_ready(struct ptest_bpf *b, struct bpf_variant *v)
{
	if (v->object || v->why)
		return v->why;
	v->why = load(b, v);
	if (v->why)
		unmap(v);
	return v->why;
}

/* ---- all of them ---- */
static void add_variant(struct ptest_bpf *b, const json_t *j, struct bpf_variant *v)
{
	static const struct {
		const char *attach;
		enum bpf_context context;
	} known[] = {
		{ "kprobe", BPF_REGISTERS }, { "fentry", BPF_ARGUMENTS },  { "fmod_ret", BPF_ARGUMENTS },
		{ "lsm", BPF_ARGUMENTS },    { "tracepoint", BPF_RECORD },
	};
	const char *attach = json_string_value(json_object_get(j, "attach"));
	size_t i = 0;

	*v = (struct bpf_variant){ .name = tpc_strdup(b->c->arena,
						      json_string_value(json_object_get(j, "program"))) };
	while (i < sizeof(known) / sizeof(known[0]) && strcmp(attach, known[i].attach))
		i++;
	if (i < sizeof(known) / sizeof(known[0]))
		v->context = known[i].context;
	else
		v->why = tpc_sprintf(b->c->arena, "a test run cannot call what is attached as '%s' yet",
				     attach);
	v->result = !strcmp(attach, "lsm") || !strcmp(attach, "fmod_ret");
}

static int read_variants(struct ptest_bpf *b)
{
	const json_t *program, *variant;
	size_t i, k;

	b->manifest = json_loads(b->code.manifest, 0, NULL);
	if (!b->manifest)
		return -ENOMEM;
	b->programs = tpc_new_array(b->c->arena, struct bpf_program_variants, b->u->programs.len);
	for (i = 0; i < b->u->programs.len; i++)
		b->programs[i].why = bpf_unable(b, &b->u->programs.items[i]);
	json_array_foreach (json_object_get(b->manifest, "programs"), i, program)
		json_array_foreach (json_object_get(program, "variants"), k, variant)
			if (i < b->u->programs.len)
				add_variant(b, variant, tpc_vec_push(b->c->arena, &b->programs[i].list));
	return 0;
}

static int environment(struct tpc_ctx *c, int err, const char *hint)
{
	struct tpc_diag *d = tpc_error(&c->diags, TPC_NOWHERE, TPC_E_ENVIRONMENT,
				       "the kernel does not let this process run BPF programs: %s",
				       strerror(-err));

	tpc_diag_hint(&c->diags, d, "%s", hint);
	return err;
}

/* The kernel's own word on the smallest of programs, loaded and run. */
static int try_to_run(struct tpc_ctx *c)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_flags = BPF_F_SLEEPABLE);
	LIBBPF_OPTS(bpf_test_run_opts, run);
	int fd = bpf_prog_load(BPF_PROG_TYPE_SYSCALL, "tpc_case", "GPL", insns, 2, &opts);
	int r = fd < 0 ? fd : bpf_prog_test_run_opts(fd, &run);

	if (fd >= 0)
		close(fd);
	if (!r)
		return 0;
	return environment(c, r,
			   r == -EPERM || r == -EACCES ? "run it as root, or with CAP_BPF and CAP_PERFMON" :
							 "programs of type SYSCALL came with Linux 5.14");
}

int ptest_bpf_open(struct tpc_ctx *c, const struct ir_unit *u, const struct ptest_code *code,
		   struct ptest_bpf **ret)
{
	struct ptest_bpf *b = tpc_new(c->arena, struct ptest_bpf);
	int cpus = libbpf_num_possible_cpus(), r = cpus < 0 ? cpus : try_to_run(c);

	*b = (struct ptest_bpf){ .c = c, .u = u, .code = *code, .ncpus = (uint32_t)cpus };
	*ret = NULL;
	if (r)
		return r;
	b->log = malloc(LOAD_LOG_BYTES);
	r = b->log ? read_variants(b) : -ENOMEM;
	if (r)
		ptest_bpf_close(b);
	else
		*ret = b;
	return r;
}

struct ptest_bpf *ptest_bpf_none(struct tpc_ctx *c, const char *why)
{
	struct ptest_bpf *b = tpc_new(c->arena, struct ptest_bpf);

	*b = (struct ptest_bpf){ .c = c, .none = why };
	return b;
}

void ptest_bpf_close(struct ptest_bpf *b)
{
	struct bpf_variant *v;

	if (!b)
		return;
	for (uint32_t i = 0; b->programs && i < b->u->programs.len; i++)
		tpc_vec_foreach (v, &b->programs[i].list)
			unmap(v);
	json_decref(b->manifest);
	b->manifest = NULL;
	free(b->log);
	b->log = NULL;
}
