// SPDX-License-Identifier: Apache-2.0
/*
 * A hook's args: what can be read where, and how wide. Widths follow cilium/tetragon,
 * pkg/generictypes/generictypes.go; size_t is 64 bits here, also in filters.
 */
#include <inttypes.h>
#include <string.h>

#include "ir/lower_impl.h"
#include "ir/lsm.h"

struct arg_type {
	bool known;
	enum ir_type type;
	uint8_t size;
	bool is_signed;
	enum ir_path_from path_from;
};

#define INT(n, sign) { .known = true, .type = IR_INT, .size = (n), .is_signed = (sign) }
#define PATH(from) { .known = true, .type = IR_PATH, .path_from = (from) }

static const struct arg_type arg_types[TPC_ARG_TYPE_MAX] = {
	[TPC_ARG_TYPE_NOP] = { .known = true, .type = IR_NOP },
	[TPC_ARG_TYPE_INT] = INT(4, true),
	[TPC_ARG_TYPE_SINT8] = INT(1, true),
	[TPC_ARG_TYPE_INT8] = INT(1, true),
	[TPC_ARG_TYPE_UINT8] = INT(1, false),
	[TPC_ARG_TYPE_SINT16] = INT(2, true),
	[TPC_ARG_TYPE_INT16] = INT(2, true),
	[TPC_ARG_TYPE_UINT16] = INT(2, false),
	[TPC_ARG_TYPE_SINT32] = INT(4, true),
	[TPC_ARG_TYPE_INT32] = INT(4, true),
	[TPC_ARG_TYPE_UINT32] = INT(4, false),
	[TPC_ARG_TYPE_SINT64] = INT(8, true),
	[TPC_ARG_TYPE_INT64] = INT(8, true),
	[TPC_ARG_TYPE_LONG] = INT(8, true),
	[TPC_ARG_TYPE_UINT64] = INT(8, false),
	[TPC_ARG_TYPE_ULONG] = INT(8, false),
	[TPC_ARG_TYPE_SIZE_T] = INT(8, false),
	[TPC_ARG_TYPE_SYSCALL64] = INT(8, true),
	[TPC_ARG_TYPE_STRING] = { .known = true, .type = IR_STRING },
	[TPC_ARG_TYPE_CHAR_BUF] = { .known = true, .type = IR_BYTES },
	[TPC_ARG_TYPE_FD] = PATH(IR_PATH_FD),
	[TPC_ARG_TYPE_FILE] = PATH(IR_PATH_FILE),
	[TPC_ARG_TYPE_PATH] = PATH(IR_PATH_PATH),
	[TPC_ARG_TYPE_LINUX_BINPRM] = PATH(IR_PATH_BINPRM),
};

static const struct arg_type *type_of(const struct tpc_arg *a)
{
	return &arg_types[a->type.v < TPC_ARG_TYPE_MAX ? a->type.v : TPC_ARG_TYPE_NONE];
}

static bool same_value(const struct ir_value *a, const struct ir_value *b)
{
	return a->type == b->type && a->source == b->source && a->index == b->index && a->size == b->size &&
	       a->is_signed == b->is_signed && a->path_from == b->path_from &&
	       a->size_value == b->size_value && a->max == b->max && !strcmp(a->type_name, b->type_name);
}

int32_t lower_value(struct lower *l, const struct ir_value *v)
{
	for (uint32_t i = 0; i < l->p->values.len; i++)
		if (same_value(&l->p->values.items[i], v))
			return (int32_t)i;
	if (l->p->values.len == INT16_MAX) {
		lower_error(l, v->at, TPC_E_LIMIT, "more than %d values on one hook point", INT16_MAX);
		return -1;
	}
	*tpc_vec_push(l->c->arena, &l->p->values) = *v;
	return (int32_t)l->p->values.len - 1;
}

static int64_t index_max(const struct lower_hook *h)
{
	const struct lsm_hook *hook = h->kind == IR_LSM && h->target ? lsm_hook_find(h->target, NULL) : NULL;

	if (hook)
		return (int64_t)hook->nargs - 1;
	return h->kind == IR_TRACEPOINT ? LOWER_FIELDS_MAX - 1 : LOWER_ARGS_MAX - 1;
}

static enum ir_source source_of(const struct lower_hook *h)
{
	return h->kind == IR_TRACEPOINT ? IR_FROM_FIELD : IR_FROM_ARG;
}

static bool check_index(struct lower *l, const struct tpc_arg *a)
{
	struct tpc_diag *d;

	if (a->index.v >= 0 && a->index.v <= index_max(l->hook))
		return true;
	d = lower_error(l, a->index.at, TPC_E_ARG_INDEX, "%s %" PRId64 " does not exist",
			l->hook->kind == IR_TRACEPOINT ? "field" : "argument", a->index.v);
	tpc_diag_hint(&l->c->diags, d, "0 to %" PRId64, index_max(l->hook));
	return false;
}

/* The value that says how long a buffer is: one of args, or read for this alone. */
static int32_t lower_size(struct lower *l, const struct tpc_arg *a)
{
	const struct lower_hook *h = l->hook;
	int64_t index = a->size_arg_index.v - 1; /* counts from 1 */
	struct ir_value size = { .type = IR_INT, .source = source_of(h), .size = 8, .size_value = -1 };

	if (index < 0 || index > index_max(h)) {
		struct tpc_diag *d = lower_error(l, a->size_arg_index.at, TPC_E_ARG_INDEX,
						 "size argument %" PRId64 " does not exist",
						 a->size_arg_index.v);

		tpc_diag_hint(&l->c->diags, d, "1 to %" PRId64 ": it counts from 1", index_max(h) + 1);
		return -1;
	}
	for (uint32_t i = 0; i < h->nargs; i++) {
		const struct arg_type *t = type_of(&h->args[i]);

		if (h->args[i].index.v != index || !t->known || t->type != IR_INT)
			continue;
		size.size = t->size;
		size.is_signed = t->is_signed;
		size.index = (uint8_t)index;
		size.type_name = h->args[i].type.s;
		size.at = h->args[i].at;
		return lower_value(l, &size);
	}
	size.index = (uint8_t)index;
	size.type_name = "size_t";
	size.at = a->size_arg_index.at;
	return lower_value(l, &size);
}

/*
 * Without sizeArgIndex Tetragon reads a length of zero and shows an empty buffer, without a word. Here too
 * nothing is read, but it is said.
 */
static bool lower_buffer(struct lower *l, const struct tpc_arg *a, struct ir_value *v)
{
	int32_t size;

	if (!a->size_arg_index.v) {
		struct tpc_diag *d =
			lower_warning(l, a->at, TPC_W_NO_EFFECT,
				      "nothing is read of a 'char_buf' whose length is not known");

		tpc_diag_hint(&l->c->diags, d,
			      "sizeArgIndex: position of the length among the arguments, from 1");
		v->type = IR_NOP;
		v->max = 0;
		return true;
	}
	size = lower_size(l, a);
	v->size_value = (int16_t)size;
	return size >= 0;
}

static bool check_type(struct lower *l, const struct tpc_arg *a, const struct arg_type *t)
{
	const struct lower_hook *h = l->hook;
	bool pointer = t->type == IR_PATH && t->path_from != IR_PATH_FD;

	if (!t->known) {
		const char *what = a->type.v == TPC_ARG_TYPE_AUTO ? "arguments without a type" : "this type";

		lower_not_yet(l, a->type.at, what);
		return false;
	}
	if (pointer && h->kind == IR_TRACEPOINT) {
		lower_error(l, a->type.at, TPC_E_NOT_YET, "type '%s' in a tracepoint: not yet", a->type.s);
		return false;
	}
	if (pointer && h->syscall) {
		lower_error(l, a->type.at, TPC_E_WRONG_TYPE, "a system call has no argument of type '%s'",
			    a->type.s);
		return false;
	}
	return true;
}

static void refuse_rest(struct lower *l, const struct tpc_arg *a)
{
	if (a->resolve.len || a->btf_type.len || a->btf_type_module.len)
		lower_not_yet(l, a->at, "'resolve' and 'btfType'");
	if (a->source.len)
		lower_not_yet(l, a->source.at, "'source'");
	if (a->return_copy.v)
		lower_not_yet(l, a->return_copy.at, "'returnCopy'");
	if (a->max_data.v)
		lower_not_yet(l, a->max_data.at, "'maxData'");
}

static int32_t lower_arg(struct lower *l, uint32_t nr)
{
	const struct tpc_arg *a = &l->hook->args[nr];
	const struct arg_type *t = type_of(a);
	struct ir_value v = {
		.type = t->type,
		.source = source_of(l->hook),
		.size = t->size,
		.is_signed = t->is_signed,
		.path_from = t->path_from,
		.size_value = -1,
		.type_name = a->type.s,
		.at = a->at,
	};

	refuse_rest(l, a);
	if (!check_index(l, a) || !check_type(l, a, t))
		return -1;
	v.index = (uint8_t)a->index.v;
	if (t->type == IR_STRING || t->type == IR_BYTES)
		v.max = IR_TEXT_MAX;
	if (t->type == IR_BYTES && !lower_buffer(l, a, &v))
		return -1;
	if (t->type != IR_BYTES && a->size_arg_index.v)
		lower_warning(l, a->size_arg_index.at, TPC_W_NO_EFFECT,
			      "'sizeArgIndex' has no effect on type '%s'", a->type.s);
	return lower_value(l, &v);
}

void lower_args(struct lower *l)
{
	const struct lower_hook *h = l->hook;

	l->arg_values = tpc_new_array(l->c->arena, int32_t, h->nargs);
	for (uint32_t i = 0; i < h->nargs; i++)
		l->arg_values[i] = -1;
	if (h->nargs > LOWER_LIST_MAX) {
		lower_error(l, h->args[LOWER_LIST_MAX].at, TPC_E_LIMIT, "more than %d arguments",
			    LOWER_LIST_MAX);
		return;
	}
	for (uint32_t i = 0; i < h->nargs; i++) {
		l->arg_values[i] = lower_arg(l, i);
		if (l->arg_values[i] < 0)
			continue;
		*tpc_vec_push(l->c->arena, &l->chain->args) = (struct ir_arg){
			.value = (uint16_t)l->arg_values[i],
			.label = h->args[i].label.len ? h->args[i].label.s : NULL,
		};
	}
}
