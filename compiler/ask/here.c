// SPDX-License-Identifier: Apache-2.0
/*
 * The kernel that this process runs on. tpc verify --load asks with it, and so does the first process of the guest of
 * --vm: both hear the same.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ask/ask.h"
#include "kernel/kernel.h"
#include "toolchain/load.h"

#include <tpc/abi.h>

#define ARENA_CEILING ((size_t)4 << 20) /* what is looked up at a time */

struct asker {
	struct kernel *kernel; /* its types and its tracefs */
	struct tpc_arena *arena;
	char *log;
};

int asker_new(struct asker **ret)
{
	static const struct kernel_opts here = { .btf = "/sys/kernel/btf/vmlinux",
						 .tracefs = "/sys/kernel/tracing" };
	struct asker *k = calloc(1, sizeof(*k));

	if (!k)
		return -ENOMEM;
	k->log = malloc(LOAD_LOG_BYTES);
	k->arena = tpc_arena_new(ARENA_CEILING);
	if (!k->log || !k->arena || kernel_open(&k->kernel, &here)) {
		asker_done(k);
		return -ENOMEM;
	}
	*ret = k;
	return 0;
}

void asker_done(struct asker *k)
{
	if (!k)
		return;
	kernel_close(k->kernel);
	tpc_arena_free(k->arena);
	free(k->log);
	free(k);
}

bool ask_permitted(void)
{
	return libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_KPROBE, NULL) > 0 ||
	       libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_TRACEPOINT, NULL) > 0;
}

/* As the loader fills it: a place that is not known leaves code that is never verified. */
static struct tpc_field_desc describe(struct asker *k, const struct ask_field *field)
{
	struct tpc_field_desc d = { 0 };
	struct kernel_format format = { 0 };
	const struct kernel_field *f;

	if (kernel_find_tracepoint(k->kernel, k->arena, field->subsystem, field->event, &format) !=
		    KERNEL_YES ||
	    field->index >= format.fields.len)
		return d;
	f = &format.fields.items[field->index];
	d.off = (uint16_t)f->offset;
	d.size = (uint16_t)f->size;
	d.is_signed = f->is_signed;
	d.kind = strstr(f->type, "__data_loc") ? TPC_FIELD_DATA_LOC :
		 strchr(f->type, '[')	       ? TPC_FIELD_ARRAY :
		 strchr(f->type, '*')	       ? TPC_FIELD_POINTER :
						 TPC_FIELD_INT;
	return d;
}

static void fill_data(struct asker *k, const struct ask_object *what, struct bpf_object *o)
{
	struct bpf_map *map = bpf_object__find_map_by_name(o, ".rodata.tpc");
	const struct ask_field *f;
	size_t size = 0;
	char *data = map ? (char *)(uintptr_t)bpf_map__initial_value(map, &size) : NULL;
	uint32_t one = 1;

	if (!data)
		return;
	if (what->report_off >= 0 && (uint64_t)what->report_off + sizeof(one) <= size)
		memcpy(data + what->report_off, &one, sizeof(one));
	tpc_vec_foreach (f, &what->fields) {
		struct tpc_field_desc d = describe(k, f);

		if ((uint64_t)f->off + sizeof(d) <= size)
			memcpy(data + f->off, &d, sizeof(d));
		tpc_arena_reset(k->arena);
	}
}

/* Its end in whole lines: what a verifier looked at before may be megabytes. */
static const char *end_of(const char *log)
{
	size_t len = strlen(log);
	const char *from;

	if (len <= ASK_LOG_MAX)
		return log;
	from = log + len - ASK_LOG_MAX;
	log = strchr(from, '\n');
	return log ? log + 1 : from;
}

static void load(struct asker *k, const struct ask_object *o, const char *program, struct ask_answer *ret)
{
	struct bpf_object *bpf;

	k->log[0] = '\0';
	bpf = load_open(o->data, o->len, (const char *const[]){ program, NULL }, k->log);
	ret->err = bpf ? 0 : -errno;
	if (bpf) {
		fill_data(k, o, bpf);
		ret->err = bpf_object__load(bpf);
	}
	bpf_object__close(bpf);
	ret->log = end_of(k->log);
}

/* As the loader asks before it chooses a variant. NULL: it fits, or there are no types to say so. */
static const char *unfit(struct asker *k, const struct ask_program *p)
{
	struct kernel_func f;

	if (!p->reads.len || !kernel_has_btf(k->kernel, NULL))
		return NULL;
	if (p->of_lsm ? !kernel_find_lsm_hook(k->kernel, p->target, &f) :
			!kernel_find_func(k->kernel, p->target, &f))
		return tpc_sprintf(k->arena, "there is no %s '%s'", p->of_lsm ? "LSM hook" : "function",
				   p->target);
	return kernel_reads_fault(k->kernel, k->arena, &f, p->reads.items, p->reads.len);
}

void ask_program(struct asker *k, const struct ask_object *o, const struct ask_program *p,
		 struct ask_answer *ret)
{
	tpc_arena_reset(k->arena);
	ret->log = unfit(k, p);
	if (ret->log)
		ret->err = ASK_UNFIT;
	else
		load(k, o, p->name, ret);
}
