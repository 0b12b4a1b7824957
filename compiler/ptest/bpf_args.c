// SPDX-License-Identifier: Apache-2.0
/*
 * A case as a call of the hook. What the case does not say, and no decision needs, is a zero, or a pointer to
 * nowhere. Registers hold more than an argument's type has bits, and here they do.
 */
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "backend/backend.h"
#include "ptest/bpf.h"

#define ARGS_MAX 6
#define ABOVE 0xa5a5a5a5a5a5a5a5ULL /* bits of a register that its argument has not */
#define USER_FAULT 16ULL	    /* addresses where nothing is, on either side */
#define KERNEL_FAULT 0xf000000000000000ULL

struct making {
	struct ptest_bpf *b;
	const struct pt_scene *s;
	const struct ir_program *p; /* of the unit that was compiled; its values are those of the scene's */
	struct bpf_call *call;
	const char *why;
	int nfiles; /* descriptors that are taken */
	uint64_t args[ARGS_MAX];
	uint8_t bits[ARGS_MAX]; /* of an argument that are said */
};

static const char *named(const struct making *k, uint32_t value)
{
	return pt_describe_value(k->s->c->arena, k->p, value);
}

static void cannot(struct making *k, const char *why)
{
	if (!k->why)
		k->why = why;
}

/* ---- where a value goes ---- */
static uint64_t low_bits(uint64_t x, unsigned n)
{
	return n < 64 ? x & ((UINT64_C(1) << n) - 1) : x;
}

/* Argument @i, of value @value. One argument may be several values, where policies read it as different types: they must agree. */
static void put_number(struct making *k, unsigned i, uint64_t x, unsigned bits, uint32_t value)
{
	unsigned both;

	if (i >= ARGS_MAX) {
		cannot(k, tpc_sprintf(k->s->c->arena, "%s has no register", named(k, value)));
		return;
	}
	both = bits < k->bits[i] ? bits : k->bits[i];
	if (low_bits(x, both) != low_bits(k->args[i], both))
		cannot(k, tpc_sprintf(k->s->c->arena, "%s is said twice, and otherwise", named(k, value)));
	if (bits <= k->bits[i])
		return;
	k->bits[i] = (uint8_t)bits;
	k->args[i] = low_bits(x, bits);
}

static void put_arg(struct making *k, uint32_t value, uint64_t x, unsigned bits)
{
	put_number(k, k->p->values.items[value].index, x, bits, value);
}

static void put_field(struct making *k, uint32_t value, uint64_t x)
{
	struct field_place at = backend_field(k->b->u, k->p, value);
	unsigned off = at.known ? at.off : BPF_FIELDS_AT + BPF_FIELD_ROOM * at.slot,
		 size = at.known ? at.size : 8;

	if (off + size > sizeof(k->call->context))
		cannot(k, "the policies read more fields than a test run has room for");
	else
		memcpy((char *)k->call->context + off, &x, size);
}

static void put(struct making *k, uint32_t value, uint64_t x, unsigned bits)
{
	if (k->p->values.items[value].source == IR_FROM_FIELD)
		put_field(k, value, x);
	else
		put_arg(k, value, x, bits);
}

/* ---- texts and bytes ---- */
/* What a process hands to a system call is in its own memory. */
static bool in_user_memory(const struct ir_program *p)
{
	return p->syscall ||
	       (p->subsystem && (!strcmp(p->subsystem, "syscalls") || !strcmp(p->subsystem, "raw_syscalls")));
}

static uint64_t put_text(struct making *k, const char *bytes, uint32_t len)
{
	struct tpc_arena *a = k->s->c->arena;

	return in_user_memory(k->p) ? (uint64_t)(uintptr_t)tpc_strndup(a, bytes, len) :
				      memory_bytes(&k->call->memory, tpc_strndup(a, bytes, len), len + 1);
}

static uint64_t fault(const struct making *k)
{
	return in_user_memory(k->p) ? USER_FAULT : KERNEL_FAULT;
}

static void make_string(struct making *k, uint32_t value, const struct pt_datum *d)
{
	if (d->in.len >= TPC_STRING_MAX)
		cannot(k, tpc_sprintf(k->s->c->arena, "%s is longer than the %d bytes that a program reads",
				      named(k, value), TPC_STRING_MAX - 1));
	else
		put(k, value, put_text(k, d->in.bytes, d->in.len), 64);
}

/* Does a test look at more than how it begins? */
static bool end_matters(const struct making *k, uint32_t value)
{
	const struct ir_pred *q;

	tpc_vec_foreach (q, &k->p->preds)
		if (q->value == value && q->kind != IR_PRED_PREFIX)
			return true;
	return false;
}

/* A buffer may be larger than the text that the case gives of it: then it goes on with zeros. */
static void make_bytes(struct making *k, uint32_t value, const struct pt_datum *d)
{
	const struct ir_value *v = &k->p->values.items[value];
	const struct pt_datum *size = v->size_value >= 0 ? &k->s->values[v->size_value] : NULL;
	uint64_t room = size && size->known ? size->in.num : size ? d->in.len : v->max;
	char *buffer;

	if (room < d->in.len || (room > d->in.len && end_matters(k, value)) || room > TPC_STRING_MAX) {
		cannot(k,
		       tpc_sprintf(k->s->c->arena, "%s has %" PRIu32 " bytes, and the program reads %" PRIu64,
				   named(k, value), d->in.len, room));
		return;
	}
	if (size && !size->known)
		put(k, (uint32_t)v->size_value, room, 8U * k->p->values.items[v->size_value].size);
	buffer = tpc_new_array(k->s->c->arena, char, room + 1);
	memcpy(buffer, d->in.bytes, d->in.len);
	put(k, value, put_text(k, buffer, (uint32_t)room), 64);
}

/* ---- files ---- */
static uint64_t descriptor(struct making *k, uint64_t file)
{
	if (k->nfiles == TPC_CASE_FILES) {
		cannot(k, "the case has more descriptors than a test run");
		return 0;
	}
	k->call->memory.now->files[k->nfiles] = file;
	return (uint64_t)k->nfiles++;
}

/* What the case says of a file's type, or of that it has none. */
static const struct pt_datum *type_of(const struct making *k, uint32_t value)
{
	static const struct pt_datum unsaid = { 0 };

	for (uint32_t i = 0; i < k->p->values.len; i++)
		if (k->p->values.items[i].facet == IR_FACET_FILE_TYPE && k->p->values.items[i].base == value)
			return &k->s->values[i];
	return &unsaid;
}

static void put_path(struct making *k, uint32_t value, uint64_t file)
{
	struct bpf_memory *m = &k->call->memory;
	enum ir_path_from from = k->p->values.items[value].path_from;

	if (from == IR_PATH_FD)
		put(k, value, descriptor(k, file), 32);
	else
		put(k, value,
		    from == IR_PATH_PATH   ? memory_path_of(m, file) :
		    from == IR_PATH_BINPRM ? memory_binprm(m, file) :
					     file,
		    64);
}

static void make_path(struct making *k, uint32_t value, const struct pt_datum *d)
{
	const struct pt_datum *said = type_of(k, value);
	struct bpf_memory *m = &k->call->memory;
	uint32_t type = said->known ? (uint32_t)said->in.num : S_IFREG;

	if (said->known && said->in.absent && !d->in.absent) {
		cannot(k, tpc_sprintf(k->s->c->arena, "%s is a file without a type", named(k, value)));
		return;
	}

	if (!d->in.absent && !memory_can_be(d->in.bytes, d->in.len)) {
		cannot(k, tpc_sprintf(k->s->c->arena, "%s is no path that a kernel has", named(k, value)));
		return;
	}
	put_path(k, value,
		 d->in.absent ? memory_nowhere(m, type) : memory_file(m, d->in.bytes, d->in.len, type));
}

/* ---- sockets, packets and addresses ---- */
static bool is_type(const struct making *k, uint32_t value, const char *name)
{
	return !strcmp(k->p->values.items[value].type_name, name);
}

static void put_address(struct making *k, uint32_t value, const char *bytes, uint32_t len)
{
	if (len)
		put(k, value, put_text(k, bytes, len - 1), 64);
	else
		cannot(k, tpc_sprintf(k->s->c->arena, "%s is no address that a kernel has", named(k, value)));
}

static void make_socket(struct making *k, uint32_t value, const struct pt_datum *d)
{
	char address[128];
	uint64_t object;

	if (is_type(k, value, "sockaddr")) {
		put_address(k, value, address, socket_address(k->s, value, address));
		return;
	}
	object = d->in.absent ? 0 : socket_object(&k->call->memory, k->s, value);
	if (!object && !d->in.absent)
		cannot(k, tpc_sprintf(k->s->c->arena, "%s is nothing that a kernel has", named(k, value)));
	put(k, value, object, 64);
}

static void make_unix(struct making *k, uint32_t value, const struct pt_datum *d)
{
	int length = backend_address_length(k->p, &k->p->values.items[value]);
	char address[128];

	put_address(k, value, address, socket_path(&d->in, length >= 0, address));
	if (length >= 0)
		put_number(k, (unsigned)length, sizeof(sa_family_t) + d->in.len, 32, value);
}

/* ---- values ---- */
static bool is_read(const struct ir_value *v)
{
	return (v->source == IR_FROM_ARG || v->source == IR_FROM_FIELD) && v->type != IR_NOP;
}

static void make_unsaid(struct making *k, uint32_t value)
{
	const struct ir_value *v = &k->p->values.items[value];

	if (v->source == IR_FROM_ARG && v->index < ARGS_MAX && k->bits[v->index])
		return;
	if (v->type == IR_STRING || v->type == IR_BYTES || v->in_memory || is_type(k, value, "sockaddr"))
		put(k, value, fault(k), 64);
	else if (v->type == IR_SOCKET)
		put(k, value, 0, 64);
	else if (v->type == IR_PATH && type_of(k, value)->known && !type_of(k, value)->in.absent)
		put_path(k, value, memory_nowhere(&k->call->memory, (uint32_t)type_of(k, value)->in.num));
	else if (v->type == IR_PATH)
		put(k, value, v->path_from == IR_PATH_FD ? UINT32_MAX : 0,
		    v->path_from == IR_PATH_FD ? 32 : 64);
}

static void make_value(struct making *k, uint32_t value)
{
	const struct ir_value *v = &k->p->values.items[value];
	const struct pt_datum *d = &k->s->values[value];

	if (v->type == IR_PATH)
		make_path(k, value, d);
	else if (v->type == IR_SOCKET && !(d->in.absent && is_type(k, value, "sockaddr")))
		make_socket(k, value, d);
	else if (d->in.absent && v->type == IR_INT && !v->in_memory)
		cannot(k, tpc_sprintf(k->s->c->arena, "%s cannot be read", named(k, value)));
	else if (d->in.absent)
		put(k, value, fault(k), 64);
	else if (v->in_memory)
		put(k, value, memory_bytes(&k->call->memory, &d->in.num, v->size), 64);
	else if (v->type == IR_INT)
		put(k, value, d->in.num, 8U * v->size);
	else if (is_type(k, value, "sockaddr_un"))
		make_unix(k, value, d);
	else if (v->type == IR_STRING)
		make_string(k, value, d);
	else
		make_bytes(k, value, d);
}

static void make_process(struct making *k)
{
	const struct pt_relative *self = &k->s->facts->self;
	struct tpc_case *now = k->call->memory.now;
	uint64_t pid = low_bits(self->pid.in.num, 32);

	now->pid_tgid = pid << 32 | pid;
	now->ns_pid = (uint32_t)self->nspid.in.num;
	now->ns_changes = (uint32_t)k->s->facts->ns_changes.in.num;
	for (int i = 0; i < TPC_NS_KINDS; i++) {
		now->namespaces[i] = (uint32_t)k->s->facts->namespaces[i].in.num;
		now->host_ns[i] = k->s->in.host_ns[i];
	}
	for (int i = 0; i < IR_CAPS_MAX; i++) {
		now->caps[i] = k->s->facts->caps[i].in.num;
		now->cap_changes[i] = k->s->facts->cap_changes[i].in.num;
	}
	now->exe = 0;
	if (!k->b->u->exec_tests.len || !self->binary.known || self->binary.in.absent)
		return;
	if (memory_can_be(self->binary.in.bytes, self->binary.in.len))
		now->exe = memory_file(&k->call->memory, self->binary.in.bytes, self->binary.in.len, S_IFREG);
	else
		cannot(k, "the process's binary is no path that a kernel has");
}

/* ---- the context ---- */
static void make_context(struct making *k, const struct bpf_variant *v)
{
	/* As the indices of struct pt_regs in arch/x86/include/asm/ptrace.h: di, si, dx, cx, r8, r9. */
	static const uint8_t registers[ARGS_MAX] = { 14, 13, 12, 11, 9, 8 };
	struct bpf_call *call = k->call;
	uint64_t regs;

	for (int i = 0; i < ARGS_MAX; i++)
		if (k->bits[i] < 64)
			k->args[i] |= k->bits[i] ? ABOVE << k->bits[i] : 0;
	call->len = v->context == BPF_RECORD ? sizeof(call->context) : 21 * sizeof(uint64_t);
	if (v->context == BPF_RECORD)
		return;
	regs = k->p->syscall ? memory_registers(&call->memory, k->args) : 0;
	if (k->p->syscall) {
		call->context[v->context == BPF_REGISTERS ? registers[0] : 0] = regs;
		return;
	}
	for (int i = 0; i < ARGS_MAX; i++)
		call->context[v->context == BPF_REGISTERS ? registers[i] : i] = k->args[i];
}

const char *bpf_make_call(struct ptest_bpf *b, const struct pt_scene *s, const struct bpf_variant *v,
			  struct bpf_call *ret)
{
	struct making k = { .b = b, .s = s, .call = ret };

	k.p = &b->u->programs.items[s->p - s->u->programs.items];
	*ret = (struct bpf_call){ .memory = { .now = v->now } };
	memset(v->now->files, 0, sizeof(v->now->files));
	make_process(&k);
	for (uint32_t i = 0; i < s->p->values.len; i++)
		if (is_read(&s->p->values.items[i]) && s->values[i].known)
			make_value(&k, i);
	for (uint32_t i = 0; i < s->p->values.len; i++)
		if (is_read(&s->p->values.items[i]) && !s->values[i].known)
			make_unsaid(&k, i);
	make_context(&k, v);
	if (ret->memory.full)
		cannot(&k, "its paths and texts need more memory than a test run has");
	return k.why;
}
