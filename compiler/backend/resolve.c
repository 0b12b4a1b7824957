// SPDX-License-Identifier: Apache-2.0
/*
 * Ways through kernel types (resolve) as C: a function a value, whose steps are those of templates/bpf/resolve.h. A way
 * falls apart into stretches, each from one pointer to the next; a stretch is one CO-RE relocation, through a struct
 * that is declared for it with nothing but the members on the way. Its name has a flavour (file___1), which whoever
 * relocates it leaves out, so that it clashes with no other.
 */
#include "backend/emit.h"

#include <string.h>

#define ARRAY_BYTES_MAX (1U << 20) /* larger ones clang would be asked to lay out for nothing */

/* What lies between two pointers, or behind the last one. */
struct stretch {
	const struct kernel_step *steps; /* members and indexes; the first may count from the pointer itself */
	uint32_t n;
	uint32_t index; /* elements on from where the pointer points */
	bool is_last;
	bool typed; /* the verifier knows what the pointer points to, where attachments have typed arguments */
};

struct way {
	const struct kernel_step *steps;
	uint32_t n, pos;
	bool typed;
};

bool emit_resolves_number(const struct ir_value *v)
{
	return v->resolve && v->type == IR_INT;
}

static bool starts_at_pointer(const struct ir_resolve *r)
{
	return r->steps.len && r->steps.items[0].kind == KERNEL_STEP_DEREF;
}

/*
 * The argument itself is the first pointer; what `btfType` says of it the verifier does not know. The current task's
 * type it always knows.
 */
static struct way way_of(const struct ir_program *p, const struct ir_value *v)
{
	const struct ir_resolve *r = v->resolve;
	uint32_t first = r->from ? 0 : 1;

	return (struct way){
		.steps = r->steps.items + first,
		.n = r->steps.len - first,
		.typed = v->source == IR_FROM_TASK || (!r->from && !p->syscall && v->source == IR_FROM_ARG),
	};
}

/* A load by the verifier's types: of a struct's own member, which no other member lies upon, at a known element. */
static bool is_typed(const struct stretch *s)
{
	if (s->index || !s->n || s->steps[0].kind != KERNEL_STEP_MEMBER)
		return false;
	for (uint32_t i = 0; i < s->n; i++)
		if ((s->steps[i].kind == KERNEL_STEP_MEMBER && s->steps[i].of_union) ||
		    (i && s->steps[i].kind == KERNEL_STEP_INDEX && s->steps[i - 1].kind == KERNEL_STEP_INDEX))
			return false;
	return true;
}

static bool next_stretch(struct way *w, struct stretch *ret)
{
	uint32_t end = w->pos;

	if (w->pos >= w->n)
		return false;
	while (end < w->n && w->steps[end].kind != KERNEL_STEP_DEREF)
		end++;
	*ret = (struct stretch){ .steps = w->steps + w->pos, .n = end - w->pos, .is_last = end == w->n };
	if (ret->n > 1 && ret->steps[0].kind == KERNEL_STEP_INDEX &&
	    ret->steps[1].kind == KERNEL_STEP_MEMBER) {
		ret->index = ret->steps[0].index;
		ret->steps++;
		ret->n--;
	}
	ret->typed = w->typed && is_typed(ret);
	w->typed = ret->typed;
	w->pos = end + 1;
	return true;
}

/* Does the stretch go through a struct? Else from a pointer to numbers or pointers, whose sizes are everywhere the same. */
static bool is_relocated(const struct stretch *s)
{
	return s->n && s->steps[0].kind == KERNEL_STEP_MEMBER;
}

static const struct kernel_step *end_of(const struct ir_resolve *r)
{
	return &r->steps.items[r->steps.len - 1];
}

/*
 * Programs with typed arguments may not even read a parameter that points to a pointer (kernel/bpf/btf.c,
 * btf_ctx_access()).
 */
bool resolve_defies_types(const struct ir_value *v)
{
	enum kernel_shape_kind to;

	if (!v->resolve || v->resolve->from || !starts_at_pointer(v->resolve) || v->source != IR_FROM_ARG)
		return false;
	to = v->resolve->steps.items[0].shape.kind;
	return to != KERNEL_SHAPE_STRUCT && to != KERNEL_SHAPE_UNION && to != KERNEL_SHAPE_NUMBER;
}

/* ---- what there is no code for ---- */

static bool is_identifier(const char *s)
{
	size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

	return n && !s[n] && (*s < '0' || *s > '9') && n < 128;
}

/* A flavour must be told from the rest of the name. */
static bool is_root_name(const char *s)
{
	return is_identifier(s) && !strstr(s, "___") && s[strlen(s) - 1] != '_';
}

static bool is_number(const struct kernel_shape *s)
{
	return (s->kind == KERNEL_SHAPE_NUMBER || s->kind == KERNEL_SHAPE_ENUM) &&
	       (s->size == 1 || s->size == 2 || s->size == 4 || s->size == 8);
}

static bool can_be_declared(const struct kernel_shape *s)
{
	if (s->kind == KERNEL_SHAPE_ENUM)
		return s->size == 4 || s->size == 8;
	if (s->kind == KERNEL_SHAPE_NUMBER)
		return is_number(s);
	return s->kind != KERNEL_SHAPE_OTHER && s->size <= ARRAY_BYTES_MAX;
}

static const char *step_without_code(const struct kernel_step *s, bool is_end)
{
	if (s->bit_size)
		return "'resolve' to a bitfield";
	if (s->kind == KERNEL_STEP_MEMBER && *s->member && !is_identifier(s->member))
		return "'resolve' through a member of that name";
	if (s->kind == KERNEL_STEP_DEREF)
		return NULL;
	if (!can_be_declared(&s->shape) ||
	    (is_end && s->shape.kind == KERNEL_SHAPE_ARRAY &&
	     (s->element.kind == KERNEL_SHAPE_ARRAY || !can_be_declared(&s->element))))
		return "'resolve' to what is no number, text or path";
	return NULL;
}

static const char *stretch_without_code(const struct stretch *s)
{
	if (is_relocated(s))
		return is_root_name(s->steps[0].owner) ? NULL : "'resolve' through a struct without a name";
	for (uint32_t i = 0; i < s->n; i++)
		if (s->steps[i].kind != KERNEL_STEP_INDEX)
			return "'resolve' through a pointer to an array";
	return NULL;
}

const char *resolve_without_code(const struct ir_program *p, const struct ir_value *v)
{
	const struct ir_resolve *r = v->resolve;
	const char *what = NULL;
	const struct kernel_step *step;
	struct stretch s;
	struct way w;

	if (r->module)
		return "'btfTypeModule'";
	if (!r->steps.len || end_of(r)->kind == KERNEL_STEP_DEREF)
		return "'resolve' from a type that is not known here";
	if (!r->from && !starts_at_pointer(r))
		return "'resolve' of what is no pointer";
	if (resolve_defies_types(v) && (p->kind == IR_LSM || program_overrides(p)))
		return "'resolve' from a pointer to a pointer in a hook that decides";
	tpc_vec_foreach (step, &r->steps)
		what = what ? what : step_without_code(step, step == end_of(r));
	for (w = way_of(p, v); !what && next_stretch(&w, &s);)
		what = stretch_without_code(&s);
	return what;
}

/* ---- what is asked of a way from elsewhere ---- */

bool emit_resolve_direct(const struct ir_program *p, const struct ir_value *v)
{
	struct way w = way_of(p, v);
	struct stretch s = { 0 };

	while (next_stretch(&w, &s))
		;
	return s.typed;
}

const char *resolve_struct(const struct ir_program *p, const struct ir_value *v)
{
	struct way w = way_of(p, v);
	struct stretch s;

	return w.typed && next_stretch(&w, &s) && s.typed && !s.steps[0].of_union ? s.steps[0].owner : NULL;
}

/* ---- the structs ---- */

static const char *number_type(const struct kernel_shape *s)
{
	static const char *const names[2][4] = { { "unsigned char", "unsigned short", "unsigned int",
						   "unsigned long" },
						 { "signed char", "short", "int", "long" } };

	return names[s->is_signed][s->size == 1 ? 0 : s->size == 2 ? 1 : s->size == 4 ? 2 : 3];
}

/* Only what is compared counts: that it is a number, a pointer, a struct. */
static const char *leaf_type(struct emit *e, const struct kernel_shape *s)
{
	switch (s->kind) {
	case KERNEL_SHAPE_NUMBER:
		return number_type(s);
	case KERNEL_SHAPE_ENUM:
		/* Nameless, with a name of its own in it; its size and sign come from the value. */
		return tpc_sprintf(e->c->arena, "enum { tpc_enum%u = %s }", ++e->nenums,
				   s->size == 8 ?
					   (s->is_signed ? "-0x7fffffffffffffff" : "0x7fffffffffffffff") :
				   s->is_signed ? "-1" :
						  "1");
	case KERNEL_SHAPE_POINTER:
		return "void *";
	case KERNEL_SHAPE_UNION:
		return "union { char c; }";
	case KERNEL_SHAPE_STRUCT:
	default: /* resolve_without_code() lets nothing else through */
		return "struct { char c; }";
	}
}

/* From its end inwards: "struct { struct { unsigned int val; } i_uid; }", without the outermost braces. */
static const char *members_of(struct emit *e, const struct stretch *s)
{
	const struct kernel_step *end = &s->steps[s->n - 1];
	bool array = end->shape.kind == KERNEL_SHAPE_ARRAY;
	const char *type = leaf_type(e, array ? &end->element : &end->shape);
	const char *dims = array ? tpc_sprintf(e->c->arena, "[%u]", end->shape.nelems) : "";
	const char *member = "";

	for (uint32_t i = s->n; i-- > 0;) {
		const struct kernel_step *step = &s->steps[i];

		if (step->kind == KERNEL_STEP_INDEX) {
			dims = tpc_sprintf(e->c->arena, "[%u]%s", s->steps[i - 1].shape.nelems, dims);
		} else if (*step->member) { /* what has no name is looked through */
			member = tpc_sprintf(e->c->arena, "%s%s%s%s;", type,
					     type[strlen(type) - 1] == '*' ? "" : " ", step->member, dims);
			type = tpc_sprintf(e->c->arena, "struct { %s }", member);
			dims = "";
		}
	}
	return member;
}

/* "struct file___1", declared when no stretch has had the same. */
static const char *declare(struct emit *e, const struct stretch *s)
{
	const char *root = tpc_sprintf(e->c->arena, "%s %s", s->steps[0].of_union ? "union" : "struct",
				       s->steps[0].owner);
	const char *key = tpc_sprintf(e->c->arena, "%s %s", root, members_of(e, s));

	for (uint32_t i = 0; i < e->structs.len; i++)
		if (!strcmp(e->structs.items[i], key))
			return tpc_sprintf(e->c->arena, "%s___%u", root, i + 1);
	*tpc_vec_push(e->c->arena, &e->structs) = key;
	emit_f(e, "%s___%u {\n\t%s\n} __attribute__((preserve_access_index));\n", root, e->structs.len,
	       key + strlen(root) + 1);
	return tpc_sprintf(e->c->arena, "%s___%u", root, e->structs.len);
}

/* "[0].f_path.dentry" */
static const char *path_of(struct emit *e, const struct stretch *s)
{
	const char *path = tpc_sprintf(e->c->arena, "[%u]", s->index);

	for (uint32_t i = 0; i < s->n; i++)
		if (s->steps[i].kind == KERNEL_STEP_INDEX)
			path = tpc_sprintf(e->c->arena, "%s[%u]", path, s->steps[i].index);
		else if (*s->steps[i].member)
			path = tpc_sprintf(e->c->arena, "%s.%s", path, s->steps[i].member);
	return path;
}

static unsigned long long offset_of(const struct stretch *s)
{
	unsigned long long off = 0;

	for (uint32_t i = 0; i < s->n; i++)
		off += s->steps[i].offset;
	return off;
}

/* ---- the steps ---- */

/* What becomes of the end: a number is read, a pointer followed, all else is meant where it lies. */
static bool ends_in_number(const struct ir_value *v, const struct kernel_shape *s)
{
	return is_number(s) && (v->type == IR_INT || v->path_from == IR_PATH_FD);
}

static bool is_raw(const struct ir_value *v, const struct kernel_shape *s)
{
	return (v->type == IR_INT || v->path_from == IR_PATH_FD) && !is_number(s) &&
	       s->kind != KERNEL_SHAPE_POINTER;
}

static unsigned raw_size(const struct ir_value *v, const struct kernel_shape *s)
{
	unsigned size = v->type == IR_INT ? v->size : 4;

	return s->size && s->size < size ? s->size : size;
}

static void emit_relocated(struct emit *e, const struct ir_value *v, const struct stretch *s,
			   const char *type)
{
	const struct kernel_shape *end = &s->steps[s->n - 1].shape;
	const char *direct = s->typed ? "direct" : "false", *path = path_of(e, s);

	if (!s->is_last || end->kind == KERNEL_SHAPE_POINTER)
		emit_f(e, "tpc_pointer(%s, p, %s, %s)", direct, type, path);
	else if (ends_in_number(v, end))
		emit_f(e, "tpc_number(%s, p, %s, %s, %s)", direct, type, path,
		       end->is_signed ? "true" : "false");
	else if (is_raw(v, end))
		emit_f(e, "tpc_raw(p, %s, %s, %u)", type, path, raw_size(v, end));
	else
		emit_f(e, "tpc_place(%s, p, %s, %s)", direct, type, path);
}

static void emit_plain(struct emit *e, const struct ir_value *v, const struct stretch *s)
{
	const struct kernel_shape *end = s->n ? &s->steps[s->n - 1].shape : NULL;
	unsigned long long off = offset_of(s);

	if (!s->is_last || end->kind == KERNEL_SHAPE_POINTER)
		emit_f(e, "tpc_pointer_at(p, %llu)", off);
	else if (ends_in_number(v, end))
		emit_f(e, "tpc_number_at(p, %llu, %u, %s)", off, end->size,
		       end->is_signed ? "true" : "false");
	else if (is_raw(v, end))
		emit_f(e, "tpc_number_at(p, %llu, %u, false)", off, raw_size(v, end));
	else
		emit_f(e, "tpc_place_at(p, %llu)", off);
}

static const char **declare_all(struct emit *e, const struct ir_program *p, const struct ir_value *v)
{
	const char **types = tpc_new_array(e->c->arena, const char *, v->resolve->steps.len + 1);
	struct way w = way_of(p, v);
	struct stretch s;

	for (uint32_t i = 0; next_stretch(&w, &s); i++)
		types[i] = is_relocated(&s) ? declare(e, &s) : NULL;
	return types;
}

static void emit_steps(struct emit *e, const struct ir_program *p, const struct ir_value *v,
		       const char **types)
{
	struct way w = way_of(p, v);
	struct stretch s;

	for (uint32_t i = 0; next_stretch(&w, &s); i++) {
		emit_line(e, v->resolve->at);
		emit_f(e, i ? "\t    && " : "\tif (!(");
		if (types[i])
			emit_relocated(e, v, &s, types[i]);
		else
			emit_plain(e, v, &s);
		emit_f(e, s.is_last ? "))\n" : "\n");
	}
}

/* The room that a char array's text takes, as a function of the room there is. */
static void emit_array_room(struct emit *e, const struct ir_program *p, unsigned pi, unsigned vi,
			    const char **types)
{
	struct way w = way_of(p, &p->values.items[vi]);
	struct stretch s = { 0 };
	uint32_t n = 0;

	while (next_stretch(&w, &s))
		n++;
	emit_line(e, p->values.items[vi].resolve->at);
	emit_f(e, "static __always_inline __unused __u32 p%u_room%u(__u32 most)\n{\n", pi, vi);
	emit_line(e, p->values.items[vi].resolve->at);
	emit_f(e, "\treturn tpc_array_room(%s, %s, most);\n}\n\n", types[n - 1], path_of(e, &s));
}

bool emit_resolves_array(const struct ir_program *p, const struct ir_value *v)
{
	struct stretch s = { 0 };
	struct way w;

	if (!v->resolve || v->type != IR_STRING)
		return false;
	w = way_of(p, v);
	while (next_stretch(&w, &s))
		;
	/* Without a number of elements it ends where its text ends. */
	return is_relocated(&s) && end_of(v->resolve)->shape.kind == KERNEL_SHAPE_ARRAY &&
	       end_of(v->resolve)->shape.nelems;
}

/*
 * A number: bool pN_getV(direct, p, ret), false where the value is absent. All else: __u64 pN_endV(direct, p), where it
 * lies; absent is 0, or -1 of a descriptor's number.
 */
static void emit_function(struct emit *e, const struct ir_program *p, unsigned pi, unsigned vi)
{
	const struct ir_value *v = &p->values.items[vi];
	bool number = emit_resolves_number(v);
	const char **types;

	emit_f(e, "/* ");
	emit_comment_text(e, v->resolve->text, strlen(v->resolve->text));
	emit_f(e, " */\n");
	types = declare_all(e, p, v);
	emit_line(e, v->resolve->at);
	emit_f(e, "static __always_inline __unused %s p%u_%s%u(const bool direct __unused, __u64 p%s)\n{\n",
	       number ? "bool" : "__u64", pi, number ? "get" : "end", vi, number ? ", __u64 *ret" : "");
	emit_steps(e, p, v, types);
	emit_line(e, v->resolve->at);
	if (number)
		emit_f(e, "\t\treturn false;\n\t*ret = (%s)(%s)p;\n\treturn true;\n}\n\n",
		       v->is_signed ? "__s64" : "__u64", emit_int_type(v));
	else
		emit_f(e, "\t\treturn %s;\n\treturn p;\n}\n\n", v->path_from == IR_PATH_FD ? "-1" : "0");
	if (emit_resolves_array(p, v))
		emit_array_room(e, p, pi, vi, types);
}

void emit_resolve_functions(struct emit *e, const struct ir_program *p, unsigned pi)
{
	for (uint32_t i = 0; i < p->values.len; i++)
		if (p->values.items[i].resolve && p->values.items[i].type != IR_NOP)
			emit_function(e, p, pi, i);
}
