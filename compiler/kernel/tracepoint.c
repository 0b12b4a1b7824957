// SPDX-License-Identifier: Apache-2.0
/* Formats of tracepoints: from tracefs, from what is known of system calls, or from BTF. */
#include "kernel/kernel_impl.h"

#include <stdio.h>
#include <string.h>

#include "kernel/syscalls.h"

#define ENTER "sys_enter_"
#define EXIT "sys_exit_"
#define RAW_STRUCT "trace_event_raw_"
#define DATA_LOC "__data_loc_"

/* ---- system calls: kernel/trace/trace_syscalls.c ---- */
static void add_field(struct tpc_arena *a, struct kernel_format *f, const struct kernel_field *from)
{
	struct kernel_field *field = format_add(a, f);

	*field = *from;
	format_judge(field);
}

static void add_syscall_nr(struct tpc_arena *a, struct kernel_format *f)
{
	add_field(a, f,
		  &(struct kernel_field){
			  .name = "__syscall_nr", .type = "int", .offset = 8, .size = 4, .is_signed = true });
}

/* Each parameter has eight bytes and no sign, whatever its type is. */
static void add_params(struct tpc_arena *a, struct kernel_format *f, const char *params)
{
	while (*params) {
		size_t len = strcspn(params, ",");
		struct kernel_field field = { .offset = 16 + 8 * (f->fields.len - 5), .size = 8 };

		format_split(a, params, len, &field);
		add_field(a, f, &field);
		params += len;
		params += strspn(params, ", ");
	}
}

/* @event is of subsystem syscalls; NULL: it is no sys_enter_ or sys_exit_. */
static const char *syscall_of(const char *event, bool *ret_is_exit)
{
	*ret_is_exit = !strncmp(event, EXIT, strlen(EXIT));
	if (*ret_is_exit)
		return event + strlen(EXIT);
	return strncmp(event, ENTER, strlen(ENTER)) ? NULL : event + strlen(ENTER);
}

static enum kernel_answer find_syscall(struct kernel *k, struct tpc_arena *a, const char *event,
				       struct kernel_format *ret)
{
	bool is_exit, has_btf = kernel_vmlinux(k);
	const char *name = syscall_of(event, &is_exit), *params;

	/* The subsystem has nothing else. */
	if (!name)
		return KERNEL_NO;
	params = kernel_syscall_params(name, (uint32_t)strlen(name));
	if (has_btf && !kernel_has_syscall(k, name))
		return KERNEL_NO;
	if (!params && !has_btf)
		return KERNEL_UNKNOWN;
	if (!params && !is_exit)
		return KERNEL_EXISTS;
	format_add_common(a, ret);
	add_syscall_nr(a, ret);
	if (is_exit)
		add_field(
			a, ret,
			&(struct kernel_field){
				.name = "ret", .type = "long", .offset = 16, .size = 8, .is_signed = true });
	else
		add_params(a, ret, params);
	return KERNEL_YES;
}

/* ---- others: BTF has the record of an event class, struct trace_event_raw_CLASS ---- */
static bool is_signed(struct kernel *k, uint32_t type)
{
	struct btf_view v;

	if (!btf_view(k, btf_skip_typedefs(k, type), &v))
		return false;
	return btf_is_int(v.t) ? btf_int_encoding(v.t) & BTF_INT_SIGNED :
				 btf_is_any_enum(v.t) && btf_kflag(v.t);
}

static bool read_member(struct kernel *k, struct tpc_arena *a, const struct btf_view *v, uint32_t i,
			struct kernel_field *ret)
{
	uint32_t type = btf_global(v->b, btf_members(v->t)[i].type);
	struct btf_place p = btf_member_place(k, v, i);

	*ret = (struct kernel_field){ .name = btf_text(v->b, btf_members(v->t)[i].name_off) };
	if (p.bit_size || p.bits % 8 || p.bits / 8 > UINT16_MAX || !btf_size(k, type, &ret->size))
		return false;
	ret->offset = (uint32_t)(p.bits / 8);
	ret->is_signed = is_signed(k, type);
	if (!strncmp(ret->name, DATA_LOC, strlen(DATA_LOC))) {
		ret->name += strlen(DATA_LOC);
		ret->type = "__data_loc";
	} else {
		ret->type = kernel_type_name(k, a, type);
	}
	format_judge(ret);
	return true;
}

/* The class of an event goes by the event's own name, or by that of the first of its kind. */
static bool find_record(struct kernel *k, struct tpc_arena *a, const char *event, struct kernel_format *ret)
{
	char name[256];
	int n = snprintf(name, sizeof(name), RAW_STRUCT "%s", event);
	struct kernel_field field;
	struct btf_view v;

	if (n < 0 || (size_t)n >= sizeof(name) || !btf_view(k, kernel_find_type(k, name, NULL), &v) ||
	    !btf_is_struct(v.t) || btf_vlen(v.t) > FORMAT_FIELDS_MAX)
		return false;
	format_add_common(a, ret);
	/* The first member is struct trace_entry, the last one the text that __data_loc fields point into. */
	for (uint32_t i = 1; i < btf_vlen(v.t); i++) {
		if (!strcmp(btf_text(v.b, btf_members(v.t)[i].name_off), "__data"))
			continue;
		if (!read_member(k, a, &v, i, &field))
			return false;
		*format_add(a, ret) = field;
	}
	return true;
}

static enum kernel_answer find_in_btf(struct kernel *k, struct tpc_arena *a, const char *event,
				      struct kernel_format *ret)
{
	struct kernel_func func;

	/* Without such a prototype it may still be of a module that is not loaded. */
	if (!kernel_find_raw_tracepoint(k, event, &func))
		return KERNEL_UNKNOWN;
	if (find_record(k, a, event, ret))
		return KERNEL_YES;
	*ret = (struct kernel_format){ 0 };
	return KERNEL_EXISTS;
}

enum kernel_answer kernel_find_tracepoint(struct kernel *k, struct tpc_arena *a, const char *subsystem,
					  const char *event, struct kernel_format *ret)
{
	enum kernel_answer answer;

	*ret = (struct kernel_format){ 0 };
	if (!is_plain_word(subsystem) || !is_plain_word(event))
		return KERNEL_NO;
	answer = tracefs_find(k, a, subsystem, event, ret);
	if (answer != KERNEL_UNKNOWN)
		return answer;
	if (!strcmp(subsystem, "syscalls"))
		return find_syscall(k, a, event, ret);
	return find_in_btf(k, a, event, ret);
}

static const char *near_syscall(struct tpc_arena *a, const char *event)
{
	bool is_exit;
	const char *name = syscall_of(event, &is_exit);

	name = name ? kernel_near_syscall_proto(name, (uint32_t)strlen(name)) : NULL;
	return name ? tpc_sprintf(a, "syscalls/%s%s", is_exit ? EXIT : ENTER, name) : NULL;
}

const char *kernel_near_tracepoint(struct kernel *k, struct tpc_arena *a, const char *subsystem,
				   const char *event)
{
	const char *name;
	bool there;

	if (!is_plain_word(subsystem) || !is_plain_word(event))
		return NULL;
	name = tracefs_near(k, a, subsystem, event, &there);
	if (there)
		return name;
	if (!strcmp(subsystem, "syscalls"))
		return near_syscall(a, event);
	name = kernel_near_raw_tracepoint(k, event);
	return name ? tpc_sprintf(a, "%s/%s", subsystem, name) : NULL;
}
