// SPDX-License-Identifier: Apache-2.0
/* How the values of a program are fetched: from registers, from a system call's pt_regs, from a tracepoint's record. */
#include "backend/emit.h"

#include <string.h>
#include <tpc/abi.h>

const char *emit_int_type(const struct ir_value *v)
{
	static const char *const names[2][4] = { { "__u8", "__u16", "__u32", "__u64" },
						 { "signed char", "short", "__s32", "__s64" } };
	unsigned width = v->size == 1 ? 0 : v->size == 2 ? 1 : v->size == 4 ? 2 : 3;

	return names[v->is_signed][width];
}

static void emit_field(struct emit *e, const struct ir_program *p, unsigned vi, enum emit_place place)
{
	const struct ir_value *v = &p->values.items[vi];
	struct field_place f = backend_field(e->u, p, vi);
	bool text = !v->resolve && !socket_header(v) && (v->type == IR_STRING || v->type == IR_BYTES);

	if (f.known && place == IN_BODY)
		emit_f(e, "*(%s *)(ctx + %u)", f.size == 4 ? "__s32" : "__u64", f.off);
	else if (f.known)
		emit_f(e, "tpc_field_at(in->ctx, %u, %u)", f.off, f.size);
	else
		emit_f(e, "tpc_field_%s(%s, %u)", text ? "text" : "int",
		       place == IN_BODY ? "(__u64)ctx" : "in->ctx", f.slot);
}

void emit_source(struct emit *e, const struct ir_program *p, unsigned vi, enum emit_place place)
{
	const struct ir_value *v = &p->values.items[vi];

	switch (v->source) {
	case IR_FROM_ARG:
		if (!p->syscall)
			emit_f(e, "%sa%u", place == IN_BODY ? "" : "in->", v->index);
		else if (place == IN_BODY)
			emit_f(e, "tpc_read(direct, regs, TPC_SYSCALL_ARG%u)", v->index);
		else
			emit_f(e, "tpc_read(false, (struct pt_regs *)in->regs, TPC_SYSCALL_ARG%u)", v->index);
		break;
	case IR_FROM_FIELD:
		emit_field(e, p, vi, place);
		break;
	case IR_FROM_PID:
		emit_f(e, "(bpf_get_current_pid_tgid() >> 32)");
		break;
	case IR_FROM_BINARY:
		break;
	default:
		emit_task_value(e, v);
		break;
	}
}

void emit_value_raw(struct emit *e, const struct ir_program *p, unsigned vi, enum emit_place place)
{
	const struct ir_value *v = &p->values.items[vi];
	unsigned pi = (unsigned)(p - e->u->programs.items);

	if (emit_in_memory(v)) {
		emit_caps_get(e, p, vi, place);
		return;
	}
	if (!v->resolve) {
		emit_source(e, p, vi, place);
		return;
	}
	emit_f(e, "p%u_%s%u(%s, ", pi, emit_resolves_number(v) ? "get" : "end", vi,
	       v->source == IR_FROM_TASK ? "true" :
	       place == IN_BODY		 ? "direct" :
					   "false");
	emit_source(e, p, vi, place);
	if (emit_resolves_number(v) && place == IN_BODY)
		emit_f(e, ", (__u64 *)&v%u", vi);
	else if (emit_keeps_number(v))
		emit_f(e, ", &in->v%u.value", vi);
	else if (emit_resolves_number(v))
		emit_f(e, ", &got.value");
	emit_f(e, ")");
}

/* A test asks it, or a facet of it. */
static bool is_used(const struct ir_program *p, uint32_t vi)
{
	if (emit_is_fetched(p, vi))
		return true;
	for (uint32_t j = 0; j < p->preds.len; j++)
		if (p->preds.items[j].task_bit < 0 && emit_pred_used(p, j) &&
		    emit_opened(p, &p->values.items[p->preds.items[j].value]) == (int)vi)
			return true;
	return false;
}

void emit_value_locals(struct emit *e, const struct ir_program *p)
{
	for (uint32_t i = 0; i < p->values.len; i++) {
		const struct ir_value *v = &p->values.items[i];
		unsigned room;
		bool big;

		if (!is_used(p, i))
			continue;
		if (emit_is_facet(v)) {
			emit_facet_local(e, v, i);
			continue;
		}
		switch (v->type) {
		case IR_INT:
			emit_f(e, "\t%s v%u __unused%s;\n", v->is_signed ? "__s64" : "__u64", i,
			       emit_may_lack(v) ? " = 0" : "");
			if (emit_may_lack(v))
				emit_f(e, "\tbool v%u_there __unused;\n", i);
			break;
		case IR_PATH:
			emit_f(e, "\tstruct tpc_walk v%u;\n", i);
			break;
		case IR_STRING:
		case IR_BYTES:
			room = emit_text_room(p, i, &big);
			if (big)
				emit_f(e, "\tstruct tpc_scratch *v%u = NULL;\n\t__s32 v%u_len;\n", i, i);
			else
				emit_f(e, "\tchar v%u[%u] __attribute__((aligned(8)))%s;\n\t__s32 v%u_len;\n",
				       i, room,
				       v->type == IR_BYTES || (emit_is_unix(v) && room > TPC_UNIX_MAX - 8) ?
					       " = { 0 }" :
					       "",
				       i);
			break;
		case IR_SOCKET:
			emit_socket_local(e, v, i);
			break;
		case IR_NOP:
		default: /* supported.c lets nothing else through */
			break;
		}
	}
}

/* What a syscall is handed or a tracepoint records is a number to the verifier, whatever the attachment. */
const char *emit_direct_word(const struct ir_program *p, const struct ir_value *v)
{
	bool number = p->syscall || p->kind == IR_TRACEPOINT || (v->resolve && !emit_resolve_direct(p, v));

	if (v->source == IR_FROM_TASK)
		return emit_resolve_direct(p, v) ? "true" : "false";
	return number ? "false" : "direct";
}

const char *emit_path_direct(const struct ir_program *p, const struct ir_value *v)
{
	return v->path_from == IR_PATH_FD ? "false" : emit_direct_word(p, v);
}

static void emit_fetch_path(struct emit *e, const struct ir_program *p, unsigned vi)
{
	const struct ir_value *v = &p->values.items[vi];
	const char *direct = emit_path_direct(p, v);

	switch (v->path_from) {
	case IR_PATH_FILE:
		emit_f(e, "\ttpc_walk_file(&v%u, %s, (struct file *)(", vi, direct);
		break;
	case IR_PATH_PATH:
		emit_f(e, "\ttpc_walk_path(&v%u, %s, (struct path *)(", vi, direct);
		break;
	case IR_PATH_DENTRY:
		emit_f(e, "\ttpc_walk_dentry(&v%u, %s, (struct dentry *)(", vi, direct);
		break;
	case IR_PATH_BINPRM:
		emit_f(e, "\ttpc_walk_file(&v%u, %s, tpc_binprm_file(%s, (struct linux_binprm *)", vi, direct,
		       direct);
		break;
	case IR_PATH_KIOCB:
		emit_f(e, "\ttpc_walk_file(&v%u, %s, tpc_kiocb_file(%s, (struct kiocb *)", vi, direct,
		       direct);
		break;
	case IR_PATH_FD:
		emit_f(e, "\ttpc_walk_file(&v%u, false, tpc_fd_file((__s32)", vi);
		break;
	case IR_PATH_NONE:
	default: /* supported.c lets nothing else through */
		return;
	}
	emit_value_raw(e, p, vi, IN_BODY);
	emit_f(e, "));\n");
}

static void emit_fetch_text(struct emit *e, const struct ir_program *p, unsigned vi)
{
	const struct ir_value *v = &p->values.items[vi];
	bool big;
	unsigned room = emit_text_room(p, vi, &big);
	const char *dst = big ? tpc_sprintf(e->c->arena, "v%u->data", vi) :
				tpc_sprintf(e->c->arena, "v%u", vi);
	const char *size = big ? "TPC_STRING_MAX" : tpc_sprintf(e->c->arena, "%u", room);

	if (emit_resolves_array(p, v))
		size = tpc_sprintf(e->c->arena, "p%u_room%u(%s)", (unsigned)(p - e->u->programs.items), vi,
				   size);
	if (big)
		emit_f(e, "\tif (!v%u)\n\t\tv%u = tpc_scratch_claim();\n\tif (v%u)\n\t\tv%u_len = ", vi, vi,
		       vi, vi);
	else
		emit_f(e, "\tv%u_len = ", vi);
	if (emit_is_unix(v)) {
		emit_unix_read(e, p, vi, dst, size);
	} else {
		emit_f(e, "%s(%s, %s, ", v->type == IR_STRING ? "tpc_read_string" : "tpc_read_bytes", dst,
		       size);
		emit_value_raw(e, p, vi, IN_BODY);
	}
	if (v->type == IR_BYTES) {
		const char *type = v->size_value >= 0 ? emit_int_type(&p->values.items[v->size_value]) :
							"__u64";

		emit_f(e, ", (%s)", type);
		if (v->size_value >= 0)
			emit_value_raw(e, p, v->size_value, IN_BODY);
		else
			emit_f(e, "%u", v->max);
	}
	emit_f(e, emit_is_unix(v) ? ";\n" : ");\n");
	if (big)
		emit_f(e, "\telse\n\t\tv%u_len = TPC_FAULT;\n", vi);
}

void emit_value_fetch(struct emit *e, const struct ir_program *p, unsigned vi)
{
	const struct ir_value *v = &p->values.items[vi];

	if (emit_is_facet(v)) {
		emit_socket_facet_fetch(e, p, vi);
		return;
	}
	switch (v->type) {
	case IR_SOCKET:
		emit_socket_open(e, p, vi);
		break;
	case IR_INT:
		if (v->source == IR_FROM_VALUE) {
			emit_facet_fetch(e, p, vi);
			break;
		}
		if (emit_may_lack(v))
			emit_f(e, "\tv%u_there = ", vi);
		else
			emit_f(e, "\tv%u = (%s)", vi, emit_int_type(v));
		emit_value_raw(e, p, vi, IN_BODY);
		emit_f(e, ";\n");
		break;
	case IR_PATH:
		emit_fetch_path(e, p, vi);
		break;
	case IR_STRING:
	case IR_BYTES:
		emit_fetch_text(e, p, vi);
		break;
	case IR_NOP:
	default: /* supported.c lets nothing else through */
		break;
	}
}
