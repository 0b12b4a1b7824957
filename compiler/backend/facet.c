// SPDX-License-Identifier: Apache-2.0
/*
 * Numbers in memory, which may be absent: sets of capabilities behind a pointer, and what of a file or of two such
 * sets is asked. Each is a function of the templates that stores the number and says whether it is there.
 */
#include "backend/emit.h"

bool emit_in_memory(const struct ir_value *v)
{
	return v->in_memory && !v->resolve;
}

/* Nobody else writes the current task's own, and the stack is small: that is read again. */
bool emit_keeps_number(const struct ir_value *v)
{
	return (emit_resolves_number(v) && v->source != IR_FROM_TASK) || emit_in_memory(v);
}

bool emit_may_lack(const struct ir_value *v)
{
	return emit_resolves_number(v) || emit_in_memory(v) ||
	       (v->source == IR_FROM_VALUE && v->type == IR_INT);
}

/* Where the number goes, as the last argument of what reads it. */
static void emit_store(struct emit *e, unsigned vi, enum emit_place place)
{
	emit_f(e, place == IN_BODY ? ", (__u64 *)&v%u)" : ", &in->v%u.value)", vi);
}

void emit_caps_get(struct emit *e, const struct ir_program *p, unsigned vi, enum emit_place place)
{
	emit_f(e, "tpc_caps_at(");
	emit_source(e, p, vi, place);
	emit_store(e, vi, place);
}

/* The dentry that the pointer to the file or path leads to. */
static void emit_dentry(struct emit *e, const struct ir_program *p, unsigned vi)
{
	static const char *const ways[IR_PATH_FROM_MAX][2] = {
		[IR_PATH_FILE] = { "tpc_file_dentry", "struct file *" },
		[IR_PATH_PATH] = { "tpc_path_dentry", "struct path *" },
		[IR_PATH_BINPRM] = { "tpc_binprm_dentry", "struct linux_binprm *" },
		[IR_PATH_KIOCB] = { "tpc_kiocb_dentry", "struct kiocb *" },
		[IR_PATH_FD] = { "tpc_fd_dentry", "__s32" },
		[IR_PATH_DENTRY] = { "tpc_dentry", "struct dentry *" },
	};
	const struct ir_value *v = &p->values.items[vi];

	emit_f(e, "%s(%s, (%s)(", ways[v->path_from][0], emit_path_direct(p, v), ways[v->path_from][1]);
	emit_value_raw(e, p, vi, IN_BODY);
	emit_f(e, "))");
}

/* Bits that the new set has and the old one has not; both are fetched for it. */
static void emit_gained(struct emit *e, const struct ir_program *p, const struct ir_value *v, unsigned vi)
{
	emit_value_fetch(e, p, v->base);
	emit_value_fetch(e, p, v->base2);
	emit_f(e, "\tv%u_there = v%u_there && v%u_there;\n\tv%u = v%u & ~v%u;\n", vi, v->base, v->base2, vi,
	       v->base, v->base2);
}

void emit_facet_fetch(struct emit *e, const struct ir_program *p, unsigned vi)
{
	const struct ir_value *v = &p->values.items[vi];

	switch (v->facet) {
	case IR_FACET_FILE_TYPE:
		emit_f(e, "\tv%u_there = tpc_file_type(%s, ", vi,
		       emit_path_direct(p, &p->values.items[v->base]));
		emit_dentry(e, p, v->base);
		emit_store(e, vi, IN_BODY);
		emit_f(e, ";\n");
		break;
	case IR_FACET_GAINED:
		emit_gained(e, p, v, vi);
		break;
	default: /* supported.c lets nothing else through */
		break;
	}
}

/* Of its two sets a facet makes a number of its own. */
static bool is_part_of(const struct ir_value *v, unsigned vi)
{
	return v->source == IR_FROM_VALUE && v->facet == IR_FACET_GAINED && (v->base == vi || v->base2 == vi);
}

bool emit_is_fetched(const struct ir_program *p, unsigned vi)
{
	for (uint32_t i = 0; i < p->preds.len; i++) {
		const struct ir_pred *q = &p->preds.items[i];

		if ((q->value == vi || is_part_of(&p->values.items[q->value], vi)) && q->task_bit < 0 &&
		    emit_pred_used(p, i))
			return true;
	}
	return false;
}

void emit_facet_includes(struct emit *e)
{
	const struct ir_program *p;
	const struct ir_value *v;
	bool caps = false, type = false;

	tpc_vec_foreach (p, &e->u->programs)
		tpc_vec_foreach (v, &p->values) {
			caps |= emit_in_memory(v);
			type |= v->facet == IR_FACET_FILE_TYPE;
		}
	if (caps)
		emit_f(e, "#include <tpc/bpf/arg_caps.h>\n");
	if (type)
		emit_f(e, "#include <tpc/bpf/file_type.h>\n");
}
