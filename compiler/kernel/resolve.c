// SPDX-License-Identifier: Apache-2.0
/*
 * Member paths. Facts: resolveBTFArg in cilium/tetragon pkg/sensors/tracing/generic.go and ResolveBTFPath in
 * pkg/btf/btf.go. A pointer to a pointer is followed all the way here, and offsets that do not fit are
 * refused.
 */
#include "kernel/resolve_impl.h"

#include <stdarg.h>
#include <string.h>

#define SHOWN_MAX 64 /* of the path's text in a fault */

struct kernel_step *walk_step(struct walk *w, enum kernel_step_kind kind, uint64_t offset, uint32_t type)
{
	struct kernel_step *step = tpc_vec_push(w->a, &w->path->steps);

	*step = (struct kernel_step){
		.kind = kind,
		.owner = "",
		.member = "",
		.offset = (uint32_t)offset,
		.type = type,
		.at = w->c.at,
		.len = w->c.len,
	};
	btf_shape(w->k, type, &step->shape, &step->element);
	w->type = type;
	return step;
}

bool walk_fail(struct walk *w, const char *near, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	*w->fault = (struct kernel_fault){
		.at = w->c.at,
		.len = w->c.len,
		.what = tpc_vsprintf(w->a, fmt, ap),
		.near = near,
	};
	va_end(ap);
	return false;
}

static const char *name_type(struct walk *w, uint32_t type)
{
	return kernel_type_name(w->k, w->a, type);
}

/* The array's element, or that many elements on from where a pointer points. */
static bool walk_index(struct walk *w, uint32_t element)
{
	uint32_t size;
	uint64_t offset;

	if (!btf_size(w->k, element, &size))
		return walk_fail(w, NULL, "%s has no size that an index could count in",
				 name_type(w, element));
	offset = (uint64_t)size * w->c.index;
	if (offset > UINT32_MAX)
		return walk_fail(w, NULL, "the index leads too far");
	walk_step(w, KERNEL_STEP_INDEX, offset, element)->index = w->c.index;
	return true;
}

static bool walk_array(struct walk *w, const struct btf_view *v)
{
	uint32_t n = btf_array(v->t)->nelems;

	if (!w->c.is_index)
		return walk_fail(w, NULL, "%s is an array: one of its elements must be picked, as in [0]",
				 name_type(w, w->type));
	/* An array at the end of a struct that grows has no number of elements. */
	if (n && w->c.index >= n)
		return walk_fail(w, NULL, "the array has %u element%s, counted from 0", n, n == 1 ? "" : "s");
	return walk_index(w, btf_global(v->b, btf_array(v->t)->type));
}

/* One component, from what is here: no pointer unless an index stands behind it. */
static bool walk_component(struct walk *w)
{
	uint32_t here = btf_skip_typedefs(w->k, w->type);
	struct btf_view v;

	if (!btf_view(w->k, here, &v))
		return walk_fail(w, NULL, "%s has no members", name_type(w, w->type));
	if (btf_is_array(v.t))
		return walk_array(w, &v);
	if (btf_is_composite(v.t) && !w->c.is_index)
		return walk_member(w, &v);
	if (btf_is_fwd(v.t))
		return walk_fail(w, NULL, "%s is not defined in this BTF", name_type(w, here));
	if (w->c.is_index)
		return walk_fail(w, NULL, "%s is neither an array nor a pointer", name_type(w, w->type));
	return walk_fail(w, NULL, "%s has no members", name_type(w, w->type));
}

/* Pointers that stand in the way; with an index the first one is what it counts from. */
static bool follow_pointers(struct walk *w)
{
	struct btf_view v;

	for (int i = 0; i < HOPS_MAX; i++) {
		if (!btf_view(w->k, btf_skip_typedefs(w->k, w->type), &v) || !btf_is_ptr(v.t))
			return walk_component(w);
		walk_step(w, KERNEL_STEP_DEREF, 0, btf_global(v.b, v.t->type));
		if (w->c.is_index)
			return walk_index(w, w->type);
	}
	return walk_fail(w, NULL, "the pointers on the way do not end");
}

bool kernel_resolve(struct kernel *k, struct tpc_arena *a, uint32_t type, const char *path, uint32_t len,
		    uint32_t max_steps, struct kernel_path *ret, struct kernel_fault *fault)
{
	struct path_text text = { .s = path, .len = len };
	struct walk w = { .k = k, .a = a, .path = ret, .fault = fault, .type = type };
	enum path_answer answer;
	const char *what = NULL;
	uint32_t n = 0;

	*ret = (struct kernel_path){ 0 };
	while ((answer = path_next(&text, &w.c, &what)) == PATH_COMPONENT) {
		if (n++ == max_steps)
			return walk_fail(&w, NULL, "the path has more than %u parts", max_steps);
		if (w.c.len > 2 * SHOWN_MAX)
			return walk_fail(&w, NULL, "the name is too long");
		if (!follow_pointers(&w))
			return false;
		if (tpc_arena_exhausted(a))
			return walk_fail(&w, NULL, "the path is too long");
	}
	if (answer == PATH_FAULT)
		return walk_fail(&w, NULL, "%s", what);
	w.c.len = len;
	if (!n)
		return walk_fail(&w, NULL, "the path names no member");
	ret->type = w.type;
	return true;
}
