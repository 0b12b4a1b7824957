// SPDX-License-Identifier: Apache-2.0
/* What the files of verify/ share. */
#ifndef TPC_VERIFY_VERIFY_IMPL_H
#define TPC_VERIFY_VERIFY_IMPL_H

#include <bpf/btf.h>
#include <jansson.h>
#include <linux/bpf.h>

#include "verify/verify.h"

#define INSN_SIZE 8U
#define INSNS_MAX (1U << 20) /* of an object: as many as the kernel's verifier looks at for one program */
#define FUNCS_MAX 8192U

/* ---- ELF: image.c ---- */
struct section {
	const char *name;
	const unsigned char *data; /* NULL: it has no bytes in the file */
	uint32_t type, link, info;
	uint64_t flags, off, size, align, entsize;
	/* Of code, an item an instruction, from code.c and relocations.c: */
	uint32_t ninsns;
	uint8_t *marks;	 /* enum mark */
	uint32_t *owner; /* function it belongs to, +1 */
	uint32_t *calls; /* function that it calls or takes the address of, +1 */
};

enum mark {
	MARK_SECOND = 1 << 0, /* second half of a 64-bit load */
	MARK_RELOC = 1 << 1,  /* an ELF relocation fills it in */
	MARK_CORE = 1 << 2,   /* a CO-RE relocation fills it in */
};

struct symbol {
	const char *name;
	uint8_t type, bind;
	uint16_t section;
	uint64_t value, size;
};

struct func {
	const char *name;
	uint32_t section, first, n; /* instructions */
	bool is_program;	    /* has a section for itself */
	uint32_t stack;		    /* bytes below its frame pointer */
	/* From calls.c, once relocations are known: */
	TPC_VEC(uint32_t) callees; /* each once */
	uint32_t depth; /* stack with all that it calls; UINT32_MAX: too many frames, or a circle */
};

struct core_relo {
	uint32_t section, insn;
	uint32_t type, kind;
	const char *access;
};

struct line_info {
	uint32_t section, insn, line;
	const char *file;
};

/* The variants of one of the manifest's programs, among asked.programs. */
struct asked_hook {
	const char *file; /* of the policy */
	uint32_t line, first, n;
};

struct helper {
	const char *name;
	int32_t id;
};

struct verify {
	struct tpc_ctx *c;
	const struct verify_opts *o;
	struct verify_report *r;
	const unsigned char *data; /* a copy, aligned */
	size_t len;
	TPC_VEC(struct section) sections;
	TPC_VEC(struct symbol) symbols;
	const struct symbol **named; /* functions and variables by name */
	uint32_t nnamed;
	TPC_VEC(struct func) funcs; /* by section, then place */
	TPC_VEC(struct core_relo) relos;
	TPC_VEC(struct line_info) lines; /* by section, then instruction */
	uint32_t symtab, strtab;
	uint32_t insns;
	json_t *manifest;
	struct btf *btf;
	TPC_VEC(struct helper) helpers; /* that the templates call; filled at the first question */
	/* From load.c, what a kernel is to be asked: */
	struct ask_object asked;
	TPC_VEC(struct asked_hook) asked_hooks;
};

/* ---- report.c ---- */
/* Begins a check; findings go to the one that was begun last. */
void check_begin(struct verify *v, const char *name, const char *about);
/* What was seen, for the check under way. Gives whether it found nothing. */
bool check_end(struct verify *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void check_skip(struct verify *v, const char *name, const char *about, const char *why);
/* A finding; gives false, so that a check can end in "return finding(…)". */
bool finding(struct verify *v, enum tpc_diag_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* One at the policy line that instruction @insn of section number @section comes from. */
bool finding_at(struct verify *v, uint32_t section, uint32_t insn, enum tpc_diag_code code, const char *fmt,
		...) __attribute__((format(printf, 5, 6)));

/* One at a line of a policy that the manifest tells of. */
bool finding_in(struct verify *v, const char *file, uint32_t line, enum tpc_diag_code code, const char *fmt,
		...) __attribute__((format(printf, 5, 6)));

/* ---- image.c ---- */
/* Sections and symbols, as tpc's objects have them. */
bool check_structure(struct verify *v);
/* Number of a section by name, 0: there is none. */
uint32_t find_section(const struct verify *v, const char *name);
bool is_code(const struct section *s);
/* A function or variable of that name, NULL: none. */
const struct symbol *find_symbol(const struct verify *v, const char *name);

/* ---- the object's own BTF: object_btf.c; .BTF.ext: object_ext.c ---- */
bool check_btf(struct verify *v);
bool check_ext(struct verify *v);
/* NULL: there is none. Both never read beyond @btf. */
const struct btf_type *type_at(const struct btf *btf, uint32_t id);
const char *name_at(const struct btf *btf, uint32_t off);
/* @id without typedefs and qualifiers; 0: void, or it leads nowhere. */
uint32_t skip_modifiers(const struct btf *btf, uint32_t id);
/* Bytes; false: it has no size, or one beyond 32 bits. */
bool type_size(const struct btf *btf, uint32_t id, uint32_t *ret);

#define STACK_MAX 512 /* bytes of one frame, and of a chain of calls (MAX_BPF_STACK) */
#define FRAMES_MAX 8  /* of a chain of calls (MAX_CALL_FRAMES) */

/* ---- code.c: instructions ---- */
struct bpf_insn insn_at(const struct section *s, uint32_t i);
bool check_code(struct verify *v);
/* Function that instruction @insn of @section begins, +1; 0: none. */
uint32_t func_beginning(const struct verify *v, uint32_t section, uint32_t insn);

/* ---- calls.c: who calls whom ---- */
bool check_calls(struct verify *v);

/* ---- longest.c ---- */
/* Instructions on the longest way through each program into @ret, which has v->funcs.len zeros. 0 or -ENOMEM. */
int longest_ways(const struct verify *v, uint64_t *ret);

/* ---- linked.c: programs as libbpf hands them to a kernel ---- */
/*
 * Where instruction @n of @program comes from, which has the functions that it calls behind it. False: it has not so
 * many.
 */
bool linked_place(const struct verify *v, const char *program, uint32_t n, uint32_t *ret_section,
		  uint32_t *ret_insn);

/* ---- relocations.c ---- */
bool check_relocations(struct verify *v);

/* ---- programs.c, maps.c: against the manifest ---- */
bool check_programs(struct verify *v);
bool check_maps(struct verify *v);
bool check_data(struct verify *v);
/* Bytes that all maps take with @cpus processors, per-task storage apart. */
uint64_t maps_memory(const struct verify *v, uint32_t cpus);

/* ---- flow.c: what can be reached once CO-RE has decided ---- */
struct known {
	enum { KNOWN_NOT, KNOWN_VALUE, KNOWN_POISON } what;
	uint64_t value;
};
/*
 * Follows the instructions of @func. @known has an item a CO-RE relocation; what they say decides branches. Sets
 * @ret[insn of the function]. 0 or -ENOMEM.
 */
int flow_reach(const struct verify *v, uint32_t func, const struct known *known, uint8_t *ret);
/* Relocation of instruction @insn of @section, index +1; 0: none. */
uint32_t relo_of(const struct verify *v, uint32_t section, uint32_t insn);

/* ---- core.c: CO-RE against a kernel's types ---- */
struct core_answer {
	struct known known;
	const char *why; /* of a poisoned one: "struct 'file' has no member 'f_path'" */
};
/* One answer a relocation; @ret has v->relos.len items. */
void core_resolve(struct verify *v, const struct btf *kernel, struct core_answer *ret);

/* Whether it is of a kind that templates use, and does not contradict the object's own types. */
bool core_is_known(const struct verify *v, const struct core_relo *c);
/* Whether it asks if a value of enum @name exists, and which. */
bool core_asks_enum(const struct verify *v, const struct core_relo *c, const char *name, uint64_t *ret);

/* ---- kernels.c: one check a kernel ---- */
void check_core(struct verify *v, const struct verify_btf *b);

/* ---- helpers.c ---- */
/* Name of a helper as the templates declare it, NULL: none of them calls it. */
const char *helper_name(struct verify *v, int32_t id);
/*
 * Calls @visit with each helper call that can be reached when CO-RE gives @known. 0 or -ENOMEM.
 */
int each_helper(struct verify *v, const struct known *known,
		void (*visit)(struct verify *v, const struct func *f, uint32_t insn, int32_t id, void *arg),
		void *arg);
void out_of_memory(struct verify *v);

/* ---- hooks.c, helpers.c, budget.c, same.c, load.c ---- */
/* The parameters that a variant of the manifest reads through BTF, in @a. */
void variant_reads(struct tpc_arena *a, const json_t *variant, struct reads *ret);
/* The file of the policy that one of the manifest's programs is for. */
const char *policy_file(const struct verify *v, const json_t *program);
void check_hooks(struct verify *v, const struct verify_btf *b);
void check_helpers(struct verify *v);
void check_budget(struct verify *v);
void check_same(struct verify *v);
/* Fills v->asked, for check_load() and verify_guest(). */
void plan_load(struct verify *v);
void check_load(struct verify *v);

#endif
