// SPDX-License-Identifier: Apache-2.0
/* Shared by core.c, which answers CO-RE relocations, and its two halves: the object's side and the kernel's. */
#ifndef TPC_VERIFY_CORE_IMPL_H
#define TPC_VERIFY_CORE_IMPL_H

#include "verify/verify_impl.h"

#define CORE_STEPS_MAX 64

struct core_step {
	uint32_t index;
	const char *name; /* of a member, NULL: an index of an array */
	uint32_t owner;	  /* local type that has the member */
};

/* A relocation as the object has it. */
struct core_local {
	const char *root; /* name of the type that the way begins at */
	uint32_t type, kind, relo;
	struct core_step steps[CORE_STEPS_MAX];
	uint32_t nsteps;
	uint32_t end; /* local type at the end */
	const char *enumerator;
};

struct core_target {
	uint64_t bits; /* from the start of the root */
	uint32_t type;
};

struct core_match {
	const struct btf *local, *kernel;
	uint32_t work;
};

/* ---- core_local.c ---- */
/* Length of a name without its flavour: "file___old" is "file". */
size_t core_plain_len(const char *name);
bool core_same_name(const char *a, const char *b);
bool core_same_kind(const struct btf_type *a, const struct btf_type *b);
/* A type without typedefs and qualifiers, NULL: none. */
const struct btf_type *core_bare(const struct btf *btf, uint32_t id);
const char *core_enumerator(const struct btf *btf, const struct btf_type *t, uint32_t i);
uint64_t core_enum_value(const struct btf_type *t, uint32_t i);
/* What the relocation asks for; false: the object contradicts itself, or asks for what no template does. */
bool core_read_local(const struct btf *btf, const struct core_relo *c, struct core_local *ret);

/* ---- core_kernel.c ---- */
/* Follows the steps in kernel type @id. On failure *@why says at what. */
bool core_follow(struct verify *v, struct core_match *m, const struct core_local *l, uint32_t id,
		 struct core_target *ret, const char **why);
/*
 * A load or store takes over the member's size: only numbers without a sign, or pointers, may have another there.
 */
bool core_sizes_fit(const struct core_match *m, const struct core_local *l, const struct core_target *t,
		    bool is_memory);

#endif
