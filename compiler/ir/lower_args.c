// SPDX-License-Identifier: Apache-2.0
/* A hook's args, data and return value: what can be read where, how wide, and what events show of it. */
#include <inttypes.h>
#include <string.h>

#include "ir/lower_impl.h"

static bool same_name(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_resolve(const struct ir_resolve *a, const struct ir_resolve *b)
{
	if (!a || !b)
		return a == b;
	return same_name(a->text, b->text) && same_name(a->from, b->from) && same_name(a->module, b->module);
}

static bool same_value(const struct ir_value *a, const struct ir_value *b)
{
	return a->type == b->type && a->source == b->source && a->index == b->index && a->size == b->size &&
	       a->is_signed == b->is_signed && a->path_from == b->path_from && a->facet == b->facet &&
	       a->base == b->base && a->base2 == b->base2 && a->descent == b->descent &&
	       a->at_return == b->at_return && a->in_memory == b->in_memory && a->large == b->large &&
	       a->size_value == b->size_value && a->max == b->max && same_name(a->type_name, b->type_name) &&
	       same_name(a->reg, b->reg) && same_resolve(a->resolve, b->resolve);
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

static enum ir_source source_of(const struct lower_hook *h)
{
	return h->kind == IR_TRACEPOINT ? IR_FROM_FIELD : IR_FROM_ARG;
}

/* What is behind a pointer, and what the description of a USDT probe leads to, may fail to be read. */
static bool is_in_memory(const struct lower *l, const struct ir_value *v)
{
	return v->type == IR_INT && v->source == IR_FROM_ARG &&
	       (l->hook->kind == IR_USDT || lower_type_of(lower_type_word(v->type_name))->pointer);
}

static const char *index_word(const struct lower *l)
{
	return l->hook->kind == IR_TRACEPOINT ? "field" : "argument";
}

static bool check_index(struct lower *l, const struct tpc_arg *a)
{
	int64_t max = lower_index_max(l);
	struct tpc_diag *d;

	if (a->index.v >= 0 && a->index.v <= max)
		return true;
	d = lower_error(l, a->index.at, TPC_E_ARG_INDEX, "%s %" PRId64 " does not exist", index_word(l),
			a->index.v);
	if (max >= 0)
		lower_hint(l, d, "0 to %" PRId64, max);
	else
		lower_hint(l, d, "it has no arguments");
	return false;
}

/* Does @a show argument @index as a whole number, so as the policy says that it is one? */
static bool shows_number(const struct tpc_arg *a, int64_t index)
{
	const struct lower_type *t = lower_type_of(a->type.v);

	return a->index.v == index && t->type == IR_INT && !t->pointer && !a->resolve.len;
}

static void warn_two_widths(struct lower *l, const struct tpc_arg *first, const struct tpc_arg *other,
			    const struct tpc_arg *taken)
{
	lower_hint(l,
		   lower_warning(l, other->type.at, TPC_W_ARG_TYPE,
				 "%s %" PRId64 " is the length of another, and read as '%s' and as '%s'",
				 index_word(l), first->index.v, first->type.s, other->type.s),
		   "'%s' is taken: give both the same", taken->type.s);
}

/*
 * The entry whose type says how wide the length is, NULL: none. Of several Tetragon reads a tracepoint's field by the
 * first (getOrAppendMeta), and of registers all bits whatever args says (get_arg_meta): nearest to that is the widest.
 */
static const struct tpc_arg *size_entry(struct lower *l, int64_t index)
{
	const struct lower_hook *h = l->hook;
	const struct tpc_arg *first = NULL, *taken = NULL, *other = NULL;

	for (uint32_t i = 0; i < h->nargs && i < LOWER_LIST_MAX; i++) {
		const struct tpc_arg *a = &h->args[i];

		if (!shows_number(a, index))
			continue;
		if (!first)
			first = taken = a;
		if (!other && lower_type_of(a->type.v)->size != lower_type_of(first->type.v)->size)
			other = a;
		if (h->kind != IR_TRACEPOINT &&
		    lower_type_of(a->type.v)->size > lower_type_of(taken->type.v)->size)
			taken = a;
	}
	if (other)
		warn_two_widths(l, first, other, taken);
	return taken;
}

/* What a length is that no entry shows: a field as its format has it, else as wide as can be. */
static uint16_t size_word(const struct lower *l, int64_t index)
{
	const char *word =
		l->has_format && index < l->format.fields.len ? l->format.fields.items[index].word : NULL;
	uint16_t ret = word ? lower_type_word(word) : TPC_ARG_TYPE_NONE;

	return ret && lower_type_of(ret)->type == IR_INT ? ret : TPC_ARG_TYPE_SIZE_T;
}

/* The value that says how long a buffer is: one of args, or read for this alone. */
static int32_t lower_size(struct lower *l, const struct tpc_arg *a)
{
	int64_t index = a->size_arg_index.v - 1; /* counts from 1 */
	struct ir_value size = { .type = IR_INT, .source = source_of(l->hook), .size_value = -1 };
	const struct tpc_arg *entry;
	const struct lower_type *t;
	uint16_t word;

	if (index < 0 || index > lower_index_max(l)) {
		struct tpc_diag *d = lower_error(l, a->size_arg_index.at, TPC_E_ARG_INDEX,
						 "size argument %" PRId64 " does not exist",
						 a->size_arg_index.v);

		lower_hint(l, d, "1 to %" PRId64 ": it counts from 1", lower_index_max(l) + 1);
		return -1;
	}
	entry = size_entry(l, index);
	word = entry ? entry->type.v : size_word(l, index);
	t = lower_type_of(word);
	size.size = t->size;
	size.is_signed = t->is_signed;
	size.index = (uint8_t)index;
	size.type_name = lower_type_name(word);
	size.in_memory = is_in_memory(l, &size);
	size.at = entry ? entry->at : a->size_arg_index.at;
	return lower_value(l, &size);
}

/*
 * Without sizeArgIndex Tetragon reads a length of zero and shows an empty buffer, without a word. Here too
 * nothing is read, but it is said. What is read at the return has the length that the function returns.
 */
static bool lower_buffer(struct lower *l, const struct tpc_arg *a, struct ir_value *v)
{
	int32_t size;

	if (!a->size_arg_index.v && v->at_return)
		return true;
	if (!a->size_arg_index.v) {
		struct tpc_diag *d = lower_warning(l, a->at, TPC_W_NO_EFFECT,
						   "nothing is read of a '%s' whose length is not known",
						   v->type_name);

		lower_hint(l, d, "sizeArgIndex: position of the length among the arguments, from 1");
		v->type = IR_NOP;
		v->max = 0;
		return true;
	}
	if (a->size_arg_index.v - 1 == a->index.v && !a->source.len)
		lower_hint(l,
			   lower_warning(l, a->size_arg_index.at, TPC_W_ARG_POSITION,
					 "'sizeArgIndex: %" PRId64
					 "' is this %s itself: it counts from 1, 'index' from 0",
					 a->size_arg_index.v, index_word(l)),
			   "sizeArgIndex: %" PRId64, a->size_arg_index.v + 1);
	size = lower_size(l, a);
	v->size_value = (int16_t)size;
	return size >= 0;
}

static bool check_type(struct lower *l, const struct tpc_arg *a, const struct lower_type *t)
{
	if (l->call->syscall && t->pointer && !a->resolve.len) {
		lower_error(l, a->type.at, TPC_E_WRONG_TYPE, "a system call has no argument of type '%s'",
			    a->type.s);
		return false;
	}
	return true;
}

static void warn_unused(struct lower *l, const struct tpc_arg *a, const struct ir_value *v)
{
	if (v->type != IR_BYTES && v->type != IR_SHOWN && v->type != IR_NOP && a->size_arg_index.v)
		lower_warning(l, a->size_arg_index.at, TPC_W_NO_EFFECT,
			      "'sizeArgIndex' has no effect on type '%s'", v->type_name);
	if (a->max_data.v && a->type.v != TPC_ARG_TYPE_CHAR_BUF)
		lower_warning(l, a->max_data.at, TPC_W_NO_EFFECT, "'maxData' has no effect on type '%s'",
			      v->type_name);
}

/* The type of `auto` is the kernel's; of a tracepoint whose format is not known here, the loader's to find. */
static bool apply_type(struct lower *l, const struct tpc_arg *a, bool is_return, struct ir_value *v)
{
	uint16_t word = a->type.v;
	const struct lower_type *t;

	if (!word)
		return false; /* the front end has said why */
	if (word == TPC_ARG_TYPE_AUTO && v->type_name)
		word = lower_type_word(v->type_name); /* resolve has found it */
	else if (word == TPC_ARG_TYPE_AUTO)
		word = lower_auto_type(l, a, is_return);
	if (!word)
		return false;
	if (word == TPC_ARG_TYPE_AUTO) {
		v->type = IR_INT;
		v->size = 8;
		v->is_signed = true;
		v->type_name = "auto";
		return true;
	}
	t = lower_type_of(word);
	v->type = t->type;
	v->size = t->size;
	v->is_signed = t->is_signed;
	v->path_from = t->path_from;
	v->type_name = lower_type_name(word);
	return t->known && check_type(l, a, t);
}

/*
 * The fields that every tracepoint's format begins with: common_type, common_flags, common_preempt_count, common_pid.
 * Nobody asks for the first three, and who counts from 0 gets them.
 */
static void check_common_field(struct lower *l, const struct tpc_arg *a, const struct ir_value *v)
{
	bool syscall = l->hook->subsystem && !strcmp(l->hook->subsystem, "syscalls");
	int64_t own = syscall ? 5 : 4; /* __syscall_nr is before the arguments */
	struct tpc_diag *d;

	if (v->source != IR_FROM_FIELD || a->index.v > 3 || (a->index.v == 3 && v->type == IR_INT))
		return;
	d = lower_warning(l, a->index.at, TPC_W_ARG_POSITION,
			  "field %" PRId64 " is one that every tracepoint has: %s begin with index %" PRId64,
			  a->index.v, syscall ? "the call's arguments" : "its own fields", own);
	lower_hint(l, d, "index: %" PRId64, own + a->index.v);
}

static int32_t lower_arg(struct lower *l, const struct tpc_arg *a, bool data)
{
	struct ir_value v = { .source = source_of(l->hook), .size_value = -1, .at = a->at };

	if (!data && !a->index.set)
		return -1; /* missing or not to be read, and said so by the front end */
	if (!data && !a->source.len && !check_index(l, a))
		return -1;
	if (!lower_resolve(l, a, data, &v) || !apply_type(l, a, false, &v))
		return -1;
	if (v.source == IR_FROM_ARG || v.source == IR_FROM_FIELD) {
		v.index = (uint8_t)a->index.v;
		check_common_field(l, a, &v);
		lower_check_arg(l, a);
	}
	v.in_memory = is_in_memory(l, &v);
	v.at_return = a->return_copy.v;
	v.large = a->max_data.v && a->type.v == TPC_ARG_TYPE_CHAR_BUF;
	if (v.type == IR_STRING || v.type == IR_BYTES)
		v.max = IR_TEXT_MAX;
	warn_unused(l, a, &v);
	if (v.type == IR_BYTES && !lower_buffer(l, a, &v))
		return -1;
	return lower_value(l, &v);
}

static void show(struct lower *l, const struct tpc_arg *a, int32_t value, bool data)
{
	if (value < 0)
		return;
	*tpc_vec_push(l->c->arena, &l->chain->args) = (struct ir_arg){
		.value = (uint16_t)value,
		.data = data,
		.label = a->label.len ? a->label.s : NULL,
	};
}

static int32_t *lower_list(struct lower *l, const struct tpc_arg *args, uint32_t n, bool data)
{
	int32_t *values = tpc_new_array(l->c->arena, int32_t, n);

	for (uint32_t i = 0; i < n; i++)
		values[i] = -1;
	if (n > LOWER_LIST_MAX) {
		lower_error(l, args[LOWER_LIST_MAX].at, TPC_E_LIMIT, "more than %d arguments",
			    LOWER_LIST_MAX);
		return values;
	}
	for (uint32_t i = 0; i < n; i++) {
		values[i] = lower_arg(l, &args[i], data);
		show(l, &args[i], values[i], data);
	}
	return values;
}

/* What the function returns; its index means nothing. */
static int32_t lower_return(struct lower *l, const struct tpc_arg *a)
{
	struct ir_value v = { .source = IR_FROM_RETURN, .size_value = -1, .at = a->at };

	if (!apply_type(l, a, true, &v))
		return -1;
	if (a->resolve.len || a->source.len)
		lower_warning(l, a->resolve.len ? a->resolve.at : a->source.at, TPC_W_NO_EFFECT,
			      "'%s' has no effect on a return value", a->resolve.len ? "resolve" : "source");
	if (v.type == IR_STRING || v.type == IR_BYTES)
		v.max = IR_TEXT_MAX;
	if (v.type == IR_BYTES && !lower_buffer(l, a, &v))
		return -1;
	return lower_value(l, &v);
}

static void check_return(struct lower *l)
{
	const struct lower_hook *h = l->hook;

	if (h->return_action.v && !h->returns)
		lower_error(l, h->return_action.at, TPC_E_RETURN,
			    "'returnArgAction' needs 'return: true' and a 'returnArg' of type sock");
}

void lower_args(struct lower *l)
{
	const struct lower_hook *h = l->hook;
	const struct ir_value *v;

	l->arg_values = lower_list(l, h->args, h->nargs, false);
	l->data_values = lower_list(l, h->data, h->ndata, true);
	l->return_value = -1;
	check_return(l);
	if (!h->returns || !h->return_arg)
		return; /* without returnArg the front end has said so */
	l->return_value = lower_return(l, h->return_arg);
	if (l->return_value < 0)
		return;
	l->chain->has_return = true;
	l->chain->return_value = (uint16_t)l->return_value;
	v = &l->p->values.items[l->return_value];
	if (h->return_action.v && v->type != IR_SOCKET)
		lower_hint(l,
			   lower_warning(
				   l, h->return_action.at, TPC_W_NO_EFFECT,
				   "'%s' has no effect: it needs a socket, and the function returns a '%s'",
				   h->return_action.s, v->type_name),
			   "returnArg: {index: 0, type: sock}");
}
