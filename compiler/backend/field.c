// SPDX-License-Identifier: Apache-2.0
/*
 * Tracepoint fields. Those of system calls lie at the same place on every 64-bit kernel (struct trace_entry
 * is 8 bytes, then long id and unsigned long args[6]: include/trace/events/syscalls.h, kernel/trace/trace.h),
 * so their places are built in, and the loader only checks them. All others it reads from the format file.
 */
#include "backend/emit.h"

#include <string.h>

#define FIRST_FIELD 4 /* fields 0 to 3 are common_type, _flags, _preempt_count, _pid */

static bool starts_with(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

static bool syscall_field(const struct ir_program *p, unsigned index, struct field_place *ret)
{
	bool raw = strcmp(p->subsystem, "raw_syscalls") == 0;

	if (!raw && (strcmp(p->subsystem, "syscalls") != 0 ||
		     !(starts_with(p->target, "sys_enter_") || starts_with(p->target, "sys_exit_"))))
		return false;
	if (index < FIRST_FIELD)
		return false;
	ret->known = true;
	ret->size = 8;
	if (index == FIRST_FIELD) {
		ret->off = 8;
		ret->size = raw ? 8 : 4; /* long id; int __syscall_nr */
		return true;
	}
	if (raw && index != FIRST_FIELD + 1) /* args[6] is one field */
		return false;
	ret->off = 16 + 8 * (index - FIRST_FIELD - 1);
	return index <= FIRST_FIELD + 6;
}

static bool needs_slot(const struct ir_program *p, const struct ir_value *v)
{
	struct field_place place = { 0 };

	return v->source == IR_FROM_FIELD && v->type != IR_NOP && !syscall_field(p, v->index, &place);
}

struct field_place backend_field(const struct ir_unit *u, const struct ir_program *p, unsigned value)
{
	struct field_place place = { 0 };

	if (!needs_slot(p, &p->values.items[value]) && syscall_field(p, p->values.items[value].index, &place))
		return place;
	place = (struct field_place){ 0 };
	for (uint32_t i = 0; i < u->programs.len; i++) {
		const struct ir_program *q = &u->programs.items[i];

		for (uint32_t j = 0; j < q->values.len; j++) {
			if (q == p && j == value)
				return place;
			place.slot += needs_slot(q, &q->values.items[j]);
		}
	}
	return place;
}

unsigned backend_field_count(const struct ir_unit *u)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < u->programs.len; i++)
		for (uint32_t j = 0; j < u->programs.items[i].values.len; j++)
			n += needs_slot(&u->programs.items[i], &u->programs.items[i].values.items[j]);
	return n;
}
