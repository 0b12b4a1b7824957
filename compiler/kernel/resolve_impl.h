// SPDX-License-Identifier: Apache-2.0
/* Following a member path: the text on one side, the types on the other. */
#ifndef TPC_KERNEL_RESOLVE_IMPL_H
#define TPC_KERNEL_RESOLVE_IMPL_H

#include "kernel/kernel_impl.h"

/* One component of a path: a name, or an index in brackets. */
struct component {
	const char *text;
	uint32_t at, len; /* without the dot; of an index with its brackets */
	bool is_index;
	uint32_t index;
};

struct path_text {
	const char *s;
	uint32_t len, pos;
};

enum path_answer { PATH_COMPONENT, PATH_END, PATH_FAULT };

/* The next component; on a fault *@ret_what says what is wrong with the part in *@ret. */
enum path_answer path_next(struct path_text *p, struct component *ret, const char **ret_what);

/* A walk in the middle of its way. */
struct walk {
	struct kernel *k;
	struct tpc_arena *a;
	struct kernel_path *path;
	struct kernel_fault *fault;
	struct component c;
	uint32_t type; /* what is here */
};

/* Adds a step that leads to @type. */
struct kernel_step *walk_step(struct walk *w, enum kernel_step_kind kind, uint64_t offset, uint32_t type);
bool walk_fail(struct walk *w, const char *near, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Goes to the member that w->c names in the struct or union @v, through anonymous ones too. */
bool walk_member(struct walk *w, const struct btf_view *v);

#endif
