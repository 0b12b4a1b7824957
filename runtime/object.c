// SPDX-License-Identifier: Apache-2.0
#include "object.h"

#include <bpf/btf.h>
#include <errno.h>
#include <gelf.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "btf_check.h"
#include "libbpf_log.h"
#include "verifier.h"

static bool section_named(Elf *elf, size_t names, Elf_Scn *scn, const char *name)
{
	GElf_Shdr h; /* a copy: headers may lie at any offset */
	const char *s = gelf_getshdr(scn, &h) ? elf_strptr(elf, names, h.sh_name) : NULL;

	return s && strcmp(s, name) == 0;
}

/* Inside @bytes: libelf would give a copy that dies with the handle. */
static int find_section(Elf *elf, const void *bytes, size_t len, const char *name, const char **text,
			size_t *text_len)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr h;
	size_t names;

	if (elf_kind(elf) != ELF_K_ELF || elf_getshdrstrndx(elf, &names))
		return -EINVAL;
	while ((scn = elf_nextscn(elf, scn))) {
		if (!section_named(elf, names, scn, name))
			continue;
		if (!gelf_getshdr(scn, &h) || h.sh_type == SHT_NOBITS || h.sh_offset > len ||
		    h.sh_size > len - h.sh_offset)
			return -EINVAL;
		*text = (const char *)bytes + h.sh_offset;
		*text_len = h.sh_size;
		return 0;
	}
	return -ENOENT;
}

int object_find_section(const void *bytes, size_t len, const char *name, const char **text, size_t *text_len,
			struct rt_error *e)
{
	const Elf64_Ehdr *h;
	Elf *elf;
	int err;

	elf_version(EV_CURRENT);
	elf = elf_memory((char *)(uintptr_t)bytes, len);
	h = elf ? elf64_getehdr(elf) : NULL;
	if (!h || h->e_machine != EM_BPF)
		err = rt_fail(e, RT_INPUT, -EINVAL, "not a BPF object file");
	else if ((err = find_section(elf, bytes, len, name, text, text_len)) == -ENOENT)
		rt_fail(e, RT_INPUT, err, "no section %s: not an object of tpc", name);
	else if (err)
		rt_fail(e, RT_INPUT, err, "broken ELF file");
	elf_end(elf);
	return err;
}

/* What libbpf made of the section's name must be what the manifest says. */
static bool type_agrees(const struct bpf_program *p, enum attach_kind k)
{
	static const struct {
		enum bpf_prog_type type;
		int attach; /* -1: any */
	} want[ATTACH_KINDS] = {
		[ATTACH_KPROBE] = { BPF_PROG_TYPE_KPROBE, -1 },
		[ATTACH_FENTRY] = { BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY },
		[ATTACH_FMOD_RET] = { BPF_PROG_TYPE_TRACING, BPF_MODIFY_RETURN },
		[ATTACH_LSM] = { BPF_PROG_TYPE_LSM, BPF_LSM_MAC },
		[ATTACH_TRACEPOINT] = { BPF_PROG_TYPE_TRACEPOINT, -1 },
		[ATTACH_TP_BTF] = { BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP },
	};

	return bpf_program__type(p) == want[k].type &&
	       (want[k].attach < 0 || (int)bpf_program__expected_attach_type(p) == want[k].attach);
}

static int check_program(struct object *o, const struct manifest_variant *v, struct rt_error *e)
{
	struct bpf_program *p = bpf_object__find_program_by_name(o->bpf, v->program);

	if (!p)
		return rt_fail(e, RT_INPUT, -EINVAL, "manifest: there is no program '%s' in the object",
			       v->program);
	if (bpf_program__autoload(p)) /* used as a mark: all are unmarked before */
		return rt_fail(e, RT_INPUT, -EINVAL, "manifest: program '%s' is named twice", v->program);
	if (!type_agrees(p, v->attach))
		return rt_fail(e, RT_INPUT, -EINVAL,
			       "manifest: program '%s' in section '%s' is no %s program", v->program,
			       bpf_program__section_name(p), attach_kind_name(v->attach));
	bpf_program__set_autoload(p, true);
	return 0;
}

static int check_programs(struct object *o, struct rt_error *e)
{
	struct bpf_program *p;
	int err = 0;

	bpf_object__for_each_program (p, o->bpf)
		bpf_program__set_autoload(p, false);
	for (size_t i = 0; i < o->m->nprograms && !err; i++)
		for (size_t j = 0; j < o->m->programs[i].nvariants && !err; j++)
			err = check_program(o, &o->m->programs[i].variants[j], e);
	for (size_t i = 0; i < o->m->ntrackers && !err; i++)
		err = check_program(o, &o->m->trackers[i], e);
	bpf_object__for_each_program (p, o->bpf) {
		if (!err && !bpf_program__autoload(p))
			err = rt_fail(e, RT_INPUT, -EINVAL, "the manifest does not tell of program '%s'",
				      bpf_program__name(p));
		bpf_program__set_autoload(p, false);
	}
	return err;
}

/* Kernel memory that a map asks for, roughly; UINT64_MAX: more than can be said. */
static uint64_t map_bytes(const struct bpf_map *map, uint64_t cpus)
{
	uint64_t entry = (uint64_t)bpf_map__key_size(map) + bpf_map__value_size(map), bytes;

	switch (bpf_map__type(map)) {
	case BPF_MAP_TYPE_RINGBUF:
		return bpf_map__max_entries(map);
	case BPF_MAP_TYPE_PERCPU_ARRAY:
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
		entry *= cpus;
		break;
	default:
		break;
	}
	return __builtin_mul_overflow(entry, bpf_map__max_entries(map), &bytes) ? UINT64_MAX : bytes;
}

/*
 * An object can ask for all of the machine's memory, and the kernel then kills whom it likes. Ours need a few MB
 * and some 100 kB a CPU.
 */
static int check_map_sizes(struct object *o, struct rt_error *e)
{
	int cpus = libbpf_num_possible_cpus();
	uint64_t total = 0, bytes;
	struct bpf_map *map;

	bpf_object__for_each_map (map, o->bpf) {
		bytes = map_bytes(map, cpus > 0 ? (uint64_t)cpus : 1);
		if (bytes > OBJECT_MAPS_MAX || total + bytes > OBJECT_MAPS_MAX)
			return rt_fail(
				e, RT_INPUT, -EINVAL,
				"its maps ask for more than %llu MB of kernel memory, first '%s' (%u entries)",
				OBJECT_MAPS_MAX >> 20, bpf_map__name(map), bpf_map__max_entries(map));
		total += bytes;
	}
	return 0;
}

static int check_maps(struct object *o, struct rt_error *e)
{
	struct bpf_map *events = bpf_object__find_map_by_name(o->bpf, TPC_MAP_EVENTS);
	struct bpf_map *stats = bpf_object__find_map_by_name(o->bpf, TPC_MAP_STATS);

	if (!events || bpf_map__type(events) != BPF_MAP_TYPE_RINGBUF)
		return rt_fail(e, RT_INPUT, -EINVAL, "the object has no ring buffer '%s'", TPC_MAP_EVENTS);
	if (!stats || bpf_map__type(stats) != BPF_MAP_TYPE_PERCPU_ARRAY || bpf_map__key_size(stats) != 4 ||
	    bpf_map__value_size(stats) != sizeof(struct tpc_stat) ||
	    bpf_map__max_entries(stats) != o->m->nhooks)
		return rt_fail(e, RT_INPUT, -EINVAL, "the object's map '%s' does not fit its manifest",
			       TPC_MAP_STATS);
	return check_map_sizes(o, e);
}

static int check_variables(struct object *o, struct rt_error *e)
{
	size_t size = 0, slots;

	if (!object_variable(o, ".data.tpc", TPC_VAR_MODE, &size) || size < 4 * o->m->npolicies)
		return rt_fail(e, RT_INPUT, -EINVAL, "the object has no %s for each of its policies",
			       TPC_VAR_MODE);
	size = 0;
	object_variable(o, ".rodata.tpc", TPC_VAR_FIELDS, &size);
	slots = size / sizeof(struct tpc_field_desc);
	for (size_t i = 0; i < o->m->nfields; i++)
		if (o->m->fields[i].slot >= (int64_t)slots)
			return rt_fail(e, RT_INPUT, -EINVAL,
				       "manifest: fields[%zu]: the object has no slot %d", i,
				       o->m->fields[i].slot);
	return 0;
}

static int open_bpf(struct object *o, struct rt_error *e)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "tpc");
	int err;

	libbpf_log_clear();
	o->bpf = bpf_object__open_mem(o->bytes.s, o->bytes.len, &opts);
	if (!o->bpf)
		return rt_fail(e, RT_INPUT, -EINVAL, "libbpf cannot open it: %s\n%s", strerror(errno),
			       libbpf_log_text());
	err = check_programs(o, e);
	if (!err)
		err = check_maps(o, e);
	return err ? err : check_variables(o, e);
}

/* The digest of all bytes, those of the seal itself taken as zeros, must be what the seal says. */
static int check_seal(const struct object *o, struct rt_error *e)
{
	static const unsigned char zeros[TPC_DIGEST_SIZE];
	static const char head[] = "sha256:";
	const char *seal, *bytes = o->bytes.s;
	unsigned char hash[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof(hash) + 1];
	crypto_hash_sha256_state s;
	size_t len, at;

	if (object_find_section(bytes, o->bytes.len, TPC_DIGEST_SECTION, &seal, &len, e))
		return -EINVAL;
	if (len != TPC_DIGEST_SIZE)
		return rt_fail(e, RT_INPUT, -EINVAL, "its digest has %zu bytes, not %d", len,
			       TPC_DIGEST_SIZE);
	at = (size_t)(seal - bytes);
	crypto_hash_sha256_init(&s);
	crypto_hash_sha256_update(&s, (const unsigned char *)bytes, at);
	crypto_hash_sha256_update(&s, zeros, sizeof(zeros));
	crypto_hash_sha256_update(&s, (const unsigned char *)seal + len, o->bytes.len - at - len);
	crypto_hash_sha256_final(&s, hash);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	/* The last byte is the terminating NUL of both. */
	if (memcmp(seal, head, strlen(head)) || memcmp(seal + strlen(head), hex, sizeof(hex)))
		return rt_fail(e, RT_INPUT, -EINVAL,
			       "its bytes are not those that were compiled: the digest differs");
	return 0;
}

/* Registers are read by their names: on another machine the wrong ones. */
static int check_machine(const struct object *o, struct rt_error *e)
{
	const char *theirs = bundle_arch(o->m->arch), *ours;
	struct utsname uts;

	if (uname(&uts))
		return rt_fail(e, RT_ENVIRONMENT, -errno, "uname: %s", strerror(errno));
	ours = bundle_arch(uts.machine);
	if (theirs && ours && !strcmp(theirs, ours))
		return 0;
	return rt_fail(e, RT_INPUT, -EINVAL, "it was compiled for %s, and this machine is %s", o->m->arch,
		       uts.machine);
}

int object_open(const char *path, const struct object_trust *trust, struct object *ret, struct rt_error *e)
{
	struct object o = { .path = path };
	const char *text = NULL;
	size_t len = 0;
	int err;

	err = source_read(path, trust->key, &o.bytes, e);
	if (!err && !trust->unsealed)
		err = check_seal(&o, e);
	if (!err)
		err = object_find_section(o.bytes.s, o.bytes.len, ".BTF", &text, &len, e);
	if (!err)
		err = btf_check(text, len, e);
	if (!err)
		err = object_find_section(o.bytes.s, o.bytes.len, TPC_MANIFEST_SECTION, &text, &len, e);
	if (!err)
		err = manifest_parse(text, len, &o.m, e);
	if (!err)
		err = check_machine(&o, e);
	if (!err) {
		o.chosen = rt_alloc(&o.m->pool, o.m->nprograms, sizeof(struct manifest_variant *));
		o.links = calloc(o.m->nprograms + o.m->ntrackers, sizeof(struct bpf_link *));
		if (!o.chosen || !o.links)
			err = rt_fail(e, RT_ENVIRONMENT, -ENOMEM, "out of memory");
	}
	if (!err)
		err = open_bpf(&o, e);
	if (err)
		object_close(&o);
	else
		*ret = o;
	return err;
}

void object_close(struct object *o)
{
	while (o->nlinks)
		bpf_link__destroy(o->links[--o->nlinks]);
	free(o->links);
	bpf_object__close(o->bpf);
	manifest_free(o->m);
	rt_buf_free(&o->bytes);
	free(o->log);
	*o = (struct object){ 0 };
}

int object_load(struct object *o, struct rt_error *e)
{
	struct bpf_program *p;
	int err;

	if (!o->log)
		o->log = malloc(VERIFIER_LOG_BYTES);
	if (!o->log)
		return rt_fail(e, RT_ENVIRONMENT, -ENOMEM, "out of memory");
	o->log[0] = '\0';
	bpf_object__for_each_program (p, o->bpf)
		bpf_program__set_log_buf(p, o->log, VERIFIER_LOG_BYTES);
	libbpf_log_clear();
	err = bpf_object__load(o->bpf);
	return err ? verifier_explain(o, err, e) : 0;
}

void *object_variable(const struct object *o, const char *section, const char *name, size_t *size)
{
	struct bpf_map *map = bpf_object__find_map_by_name(o->bpf, section);
	const struct btf *btf = bpf_object__btf(o->bpf);
	const struct btf_var_secinfo *v;
	const struct btf_type *t;
	size_t map_size = 0;
	char *bytes;
	int id;

	bytes = map ? (char *)(uintptr_t)bpf_map__initial_value(map, &map_size) : NULL;
	id = btf ? btf__find_by_name_kind(btf, section, BTF_KIND_DATASEC) : -ENOENT;
	if (!bytes || id < 0)
		return NULL;
	t = btf__type_by_id(btf, (uint32_t)id);
	v = btf_var_secinfos(t);
	for (uint16_t i = 0; i < btf_vlen(t); i++, v++) {
		const struct btf_type *var = btf__type_by_id(btf, v->type);
		const char *s = var ? btf__name_by_offset(btf, var->name_off) : NULL;

		if (!s || strcmp(s, name) != 0)
			continue;
		if (v->offset > map_size || v->size > map_size - v->offset)
			return NULL;
		*size = v->size;
		return bytes + v->offset;
	}
	return NULL;
}

const char *object_place(const struct manifest_program *p, char *buf, size_t size)
{
	const struct manifest_policy *policy = p->hooks[0]->policy;

	snprintf(buf, size, "%s:%u: policy '%s': %s", policy->file, p->line, policy->name, p->title);
	return buf;
}
