// SPDX-License-Identifier: Apache-2.0
/*
 * The function that builds a hook's event. It runs only for what matched, so it is kept out of line, and it is a global
 * function: the verifier judges it once, not once for every selector that calls it. What it is handed is
 * therefore only numbers, and pointers among them are followed by helper reads.
 */
#include "backend/emit.h"

#include <string.h>

static void emit_put_path(struct emit *e, const struct ir_program *p, const struct ir_value *v, unsigned vi)
{
	switch (v->path_from) {
	case IR_PATH_FILE:
		emit_f(e, "\ttpc_put_file_arg(s, (struct file *)(");
		emit_value_raw(e, p, vi, IN_EVENT);
		emit_f(e, "), -1);\n");
		break;
	case IR_PATH_PATH:
		emit_f(e, "\ttpc_put_path_arg(s, (struct path *)(");
		emit_value_raw(e, p, vi, IN_EVENT);
		emit_f(e, "));\n");
		break;
	case IR_PATH_DENTRY:
		emit_f(e, "\ttpc_put_dentry_arg(s, (struct dentry *)(");
		emit_value_raw(e, p, vi, IN_EVENT);
		emit_f(e, "));\n");
		break;
	case IR_PATH_BINPRM:
		emit_f(e, "\ttpc_put_file_arg(s, tpc_binprm_file(false, (struct linux_binprm *)(");
		emit_value_raw(e, p, vi, IN_EVENT);
		emit_f(e, ")), -1);\n");
		break;
	case IR_PATH_KIOCB:
		emit_f(e, "\ttpc_put_file_arg(s, tpc_kiocb_file(false, (struct kiocb *)(");
		emit_value_raw(e, p, vi, IN_EVENT);
		emit_f(e, ")), -1);\n");
		break;
	case IR_PATH_FD:
		emit_f(e, "\ttpc_put_fd_arg(s, (__s32)");
		emit_value_raw(e, p, vi, IN_EVENT);
		emit_f(e, ");\n");
		break;
	case IR_PATH_NONE:
	default: /* supported.c lets nothing else through */
		break;
	}
}

void emit_seen(struct emit *e, const struct ir_program *p, unsigned vi)
{
	bool big;

	if (emit_text_room(p, vi, &big) || big)
		emit_f(e, ", &in->v%u);\n", vi);
	else
		emit_f(e, ", &(struct tpc_seen){ 0 });\n");
}

static void emit_put_bytes(struct emit *e, const struct ir_program *p, const struct ir_value *v, unsigned vi)
{
	emit_f(e, "\ttpc_put_bytes(s, ");
	emit_value_raw(e, p, vi, IN_EVENT);
	if (v->size_value >= 0) {
		emit_f(e, ", (%s)", emit_int_type(&p->values.items[v->size_value]));
		emit_value_raw(e, p, v->size_value, IN_EVENT);
	} else {
		emit_f(e, ", %u", v->max);
	}
	emit_seen(e, p, vi);
}

/* A number that may be absent: what a test has judged, else what is there now. */
static void emit_put_got(struct emit *e, const struct ir_program *p, const struct ir_value *v, unsigned vi)
{
	emit_f(e, "\tif (!in->v%u.read)\n\t\tin->v%u.there = ", vi, vi);
	emit_value_raw(e, p, vi, IN_EVENT);
	emit_f(e, ";\n\ttpc_put_got(s, %s, &in->v%u);\n", v->is_signed ? "TPC_ARG_S64" : "TPC_ARG_U64", vi);
}

/* The same of what no test keeps. */
static void emit_put_task(struct emit *e, const struct ir_program *p, const struct ir_value *v, unsigned vi)
{
	emit_f(e, "\t{\n\t\tstruct tpc_got got = { 0 };\n\n\t\tgot.there = ");
	emit_value_raw(e, p, vi, IN_EVENT);
	emit_f(e, ";\n\t\ttpc_put_got(s, %s, &got);\n\t}\n", v->is_signed ? "TPC_ARG_S64" : "TPC_ARG_U64");
}

static void emit_put_string(struct emit *e, const struct ir_program *p, const struct ir_value *v, unsigned vi)
{
	bool array = emit_resolves_array(p, v);

	emit_f(e, array ? "\ttpc_put_text(s, " : "\ttpc_put_string(s, ");
	emit_value_raw(e, p, vi, IN_EVENT);
	if (array)
		emit_f(e, ", p%u_room%u(TPC_STRING_MAX)", (unsigned)(p - e->u->programs.items), vi);
	emit_seen(e, p, vi);
}

static void emit_put(struct emit *e, const struct ir_program *p, unsigned vi)
{
	const struct ir_value *v = &p->values.items[vi];

	emit_line(e, v->at);
	if (socket_header(v)) {
		emit_put_socket(e, p, vi);
		return;
	}
	switch (v->type) {
	case IR_INT:
		if (emit_keeps_number(v)) {
			emit_put_got(e, p, v, vi);
			break;
		}
		if (emit_may_lack(v)) {
			emit_put_task(e, p, v, vi);
			break;
		}
		emit_f(e, "\ttpc_put_int(s, %s, (%s)(%s)", v->is_signed ? "TPC_ARG_S64" : "TPC_ARG_U64",
		       v->is_signed ? "__s64" : "__u64", emit_int_type(v));
		emit_value_raw(e, p, vi, IN_EVENT);
		emit_f(e, ");\n");
		break;
	case IR_STRING:
		emit_put_string(e, p, v, vi);
		break;
	case IR_BYTES:
		emit_put_bytes(e, p, v, vi);
		break;
	case IR_PATH:
		emit_put_path(e, p, v, vi);
		break;
	case IR_SHOWN:
		emit_put_shown(e, p, vi);
		break;
	case IR_NOP:
	default: /* supported.c lets nothing else through */
		emit_f(e, "\ttpc_put_none(s);\n");
		break;
	}
}

void emit_event_function(struct emit *e, const struct ir_program *p, unsigned pi, unsigned ci)
{
	const struct ir_chain *ch = &p->chains.items[ci];

	emit_line(e, ch->at);
	emit_f(e, "__noinline int p%u_event%u(struct p%u_in *in, __u32 selector, __u32 did)\n{\n", pi, ci,
	       pi);
	emit_f(e, "\tstruct tpc_scratch *s;\n\n\tif (!in)\n\t\treturn 0;\n");
	emit_f(e, "\ts = tpc_hook_event_begin(%u, selector, did, %u);\n\tif (!s)\n\t\treturn 0;\n", ch->hook,
	       ch->args.len);
	for (uint32_t i = 0; i < ch->args.len; i++)
		emit_put(e, p, ch->args.items[i].value);
	emit_line(e, ch->at);
	emit_f(e, "\ttpc_hook_event_end(s, %u);\n\treturn 0;\n}\n\n", ch->hook);
}

static const char *value_room(const struct ir_value *v)
{
	if (socket_room(v))
		return socket_room(v);
	switch (v->type) {
	case IR_STRING:
	case IR_BYTES:
		return "TPC_STRING_ROOM";
	case IR_PATH:
		return "TPC_PATH_ROOM";
	case IR_SHOWN:
		return emit_shown(v)->room;
	case IR_INT:
	case IR_NOP:
	default: /* supported.c lets nothing else through */
		break;
	}
	return "TPC_INT_ROOM";
}

const char *emit_event_room(struct emit *e, const struct ir_program *p, unsigned ci)
{
	const struct ir_chain *ch = &p->chains.items[ci];
	struct tpc_buf b = TPC_BUF(e->c->arena);

	tpc_buf_puts(&b, "sizeof(struct tpc_hook_event)");
	for (uint32_t i = 0; i < ch->args.len; i++)
		tpc_buf_printf(&b, " + %s", value_room(&p->values.items[ch->args.items[i].value]));
	return tpc_buf_text(&b);
}
