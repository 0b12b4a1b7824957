// SPDX-License-Identifier: Apache-2.0
/* What the files of kernel/ share. */
#ifndef TPC_KERNEL_KERNEL_IMPL_H
#define TPC_KERNEL_KERNEL_IMPL_H

#include <bpf/btf.h>

#include "base/arena.h"
#include "base/suggest.h"
#include "base/vec.h"
#include "kernel/kernel.h"

/* Longest chain of modifiers, typedefs and pointers that is followed: a loop in hostile BTF ends there. */
#define HOPS_MAX 64

/* ---- index of names: btf_index.c ---- */
enum btf_class { BTF_NO_CLASS, BTF_FUNC, BTF_TRACE, BTF_STRUCT, BTF_UNION, BTF_ENUM, BTF_INT };

#define BTF_TRACE_PREFIX "btf_trace_"

struct btf_slot {
	uint32_t hash;
	uint32_t id; /* the BTF's own number, 0: free */
};

struct btf_index {
	struct btf_slot *slots; /* power of two of them; from calloc() */
	uint32_t mask;
};

/* ---- one loaded BTF: vmlinux or a module ---- */
struct kernel_btf {
	const char *module; /* NULL: vmlinux */
	struct btf *btf;    /* NULL: could not be loaded */
	/*
	 * A module's BTF goes on with the numbers of vmlinux, and so does the next module's. Ids that are
	 * handed out are made unlike: own types are @n from @local, and go out as @first and up.
	 */
	uint32_t local, first, n;
	struct btf_index index;
};

struct kernel {
	struct tpc_arena *arena;
	struct kernel_opts opts;
	bool tried;			   /* to load BTF */
	const char *why;		   /* it is not there */
	TPC_VEC(struct kernel_btf *) btfs; /* vmlinux first */
	uint32_t next_id;
	uint32_t nsearches; /* for near names among all functions, see proto.c */
};

/* Builds @b's index of names. 0, -ENOMEM, or -EINVAL: no kernel has such names. */
int btf_index_build(struct kernel_btf *b);
/* The first type of that name and class, the BTF's own id; 0: none. */
uint32_t btf_index_find(const struct kernel_btf *b, enum btf_class class, const char *name);
enum btf_class btf_class_of(const struct btf *btf, const struct btf_type *t);
/* The name of @class that @wrong was probably meant to be, without BTF_TRACE_PREFIX; NULL: none is near. */
const char *btf_index_near(const struct kernel_btf *b, enum btf_class class, const char *wrong);

/* ---- loading: kernel.c ---- */
/* vmlinux, loaded at the first call; NULL: there is none. */
struct kernel_btf *kernel_vmlinux(struct kernel *k);
/* A module's BTF, loaded at the first call; NULL: there is none. */
struct kernel_btf *kernel_module(struct kernel *k, const char *module);

/* ---- types by the ids that are handed out: btf_view.c ---- */
struct btf_view {
	struct kernel_btf *b;
	const struct btf_type *t;
};

/* False: void, or no such type. */
bool btf_view(struct kernel *k, uint32_t id, struct btf_view *ret);
/* The id to hand out for the number @local in @b's types. */
uint32_t btf_global(const struct kernel_btf *b, uint32_t local);
/* Never NULL. */
const char *btf_view_name(const struct btf_view *v);
const char *btf_text(const struct kernel_btf *b, uint32_t off);
/* What a type is under its const, volatile, restrict and type tags; typedefs too. 0: void, or a loop. */
uint32_t btf_skip_qualifiers(struct kernel *k, uint32_t id);
uint32_t btf_skip_typedefs(struct kernel *k, uint32_t id);
/* Bytes; false: it has no size, or one beyond 32 bits. */
bool btf_size(struct kernel *k, uint32_t id, uint32_t *ret);

/* What @id is under its typedefs; *@element of an array, else zeros. */
void btf_shape(struct kernel *k, uint32_t id, struct kernel_shape *ret, struct kernel_shape *element);

struct btf_place {
	uint64_t bits;	   /* from the start of the struct */
	uint32_t bit_size; /* of a bitfield, else 0 */
};

/* Member number @i of the struct or union @v. */
struct btf_place btf_member_place(struct kernel *k, const struct btf_view *v, uint32_t i);

/* ---- formats ---- */
struct kernel_field *format_add(struct tpc_arena *a, struct kernel_format *f);
/* common_type, common_flags, common_preempt_count, common_pid. */
void format_add_common(struct tpc_arena *a, struct kernel_format *f);
/* Fills @word from the rest. */
void format_judge(struct kernel_field *field);
/* "const char *filename", "char comm[16]", "__data_loc char[] name": into type and name. */
void format_split(struct tpc_arena *a, const char *decl, size_t len, struct kernel_field *ret);

#define FORMAT_FIELDS_MAX 256

/* KERNEL_UNKNOWN: tracefs is not there, or cannot be read. */
enum kernel_answer tracefs_find(struct kernel *k, struct tpc_arena *a, const char *subsystem,
				const char *event, struct kernel_format *ret);
/* "subsystem/event", NULL: none is near, or tracefs is not there (*@ret_there). */
const char *tracefs_near(struct kernel *k, struct tpc_arena *a, const char *subsystem, const char *event,
			 bool *ret_there);

/* Letters, digits, '_', '-' and inner dots: what may become a part of a file name. */
bool is_plain_word(const char *s);

#endif
