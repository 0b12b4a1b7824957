// SPDX-License-Identifier: Apache-2.0
/*
 * What a kernel offers to hook, read from its BTF and, for the running one, from tracefs: prototypes of
 * functions, LSM hooks and raw tracepoints, formats of tracepoints, members of types. It knows nothing of
 * policies. BTF is hostile input: every id, offset and name in it is checked.
 *
 * Strings that a struct kernel hands out live as long as it does; where a tpc_arena is passed, the answer
 * lives in that.
 */
#ifndef TPC_KERNEL_KERNEL_H
#define TPC_KERNEL_KERNEL_H

#include "base/arena.h"
#include "base/vec.h"

struct kernel;

struct kernel_opts {
	const char *btf;     /* file: raw BTF or an ELF with .BTF; NULL: nothing is known of types */
	const char *modules; /* folder of module BTF, /sys/kernel/btf; NULL: none */
	const char *tracefs; /* where tracefs is mounted; NULL, or nothing there: formats come from BTF alone */
};

/*
 * Opens lazily: BTF is read and indexed at the first question that needs it, once. 0 or -ENOMEM.
 * Closed with kernel_close(), which takes NULL.
 */
int kernel_open(struct kernel **ret, const struct kernel_opts *o);
void kernel_close(struct kernel *k);
/*
 * Is BTF there and sound? Reads it when that was not done yet. False: *@ret_why (may be NULL) says what is
 * wrong, NULL there when no BTF was asked for.
 */
bool kernel_has_btf(struct kernel *k, const char **ret_why);
/* All of vmlinux's types, for who goes through them itself; NULL: there is no BTF. As long as @k lives. */
struct btf;
const struct btf *kernel_types(struct kernel *k);

/* ---- prototypes ---- */
#define KERNEL_PARAMS_MAX 16

struct kernel_param {
	const char *name; /* "" where BTF has none */
	uint32_t type;	  /* BTF type id, 0: void */
};

struct kernel_func {
	const char *name;
	uint32_t nparams;
	struct kernel_param
		params[KERNEL_PARAMS_MAX]; /* those past the array are not kept, nparams says less */
	uint32_t result;		   /* BTF type id, 0: void */
};

/* A function by name; false when BTF has none (or there is no BTF). */
bool kernel_find_func(struct kernel *k, const char *name, struct kernel_func *ret);
/* LSM hook @name, its bpf_lsm_ function; ret->name is without that prefix. */
bool kernel_find_lsm_hook(struct kernel *k, const char *name, struct kernel_func *ret);
/* Raw tracepoint @event, btf_trace_@event, without the leading void *__data. */
bool kernel_find_raw_tracepoint(struct kernel *k, const char *event, struct kernel_func *ret);
/* What a program reads of a parameter: a pointer to this struct, or a number (NULL). */
struct kernel_read {
	uint32_t index;
	const char *of;
};
/*
 * Why a program that reads parameters so cannot be attached to @f, in @a: there are fewer, or one is something else.
 * NULL: they fit.
 */
const char *kernel_reads_fault(struct kernel *k, struct tpc_arena *a, const struct kernel_func *f,
			       const struct kernel_read *reads, uint32_t n);
/*
 * Does BTF have an entry function of system call @name ("newfstat", as the kernel's source calls it)? Ask
 * this and not for __x64_sys_@name: calls without parameters have no function of that name in BTF.
 */
bool kernel_has_syscall(struct kernel *k, const char *name);
/* The nearest name that there is, NULL when none is near. After 16 searches among functions, always NULL. */
const char *kernel_near_func(struct kernel *k, const char *name);
const char *kernel_near_raw_tracepoint(struct kernel *k, const char *event);

/* ---- tracepoint formats ---- */
struct kernel_field {
	/* "filename", "const char *" as the format file has it; "comm", "char [16]" of an array */
	const char *name, *type;
	uint32_t offset, size; /* bytes */
	bool is_signed;
	/*
	 * Argument type that the CRD has for it, NULL: none fits. Text that a pointer leads to is a "string";
	 * Tetragon has a "char_buf" there, and asks for sizeArgIndex. Arrays are a "const_buf".
	 */
	const char *word;
};

struct kernel_format {
	TPC_VEC(struct kernel_field) fields; /* common_ fields first, as Tetragon counts them */
	bool from_tracefs;
};

enum kernel_answer {
	KERNEL_NO,	/* it does not exist, or no tracepoint can have such a name */
	KERNEL_YES,	/* it exists, and the format was filled */
	KERNEL_UNKNOWN, /* cannot be told from what there is */
	KERNEL_EXISTS,	/* it exists, its format cannot be told */
};
/*
 * Format of tracepoint @subsystem/@event: from tracefs; else of syscalls/sys_enter_* and sys_exit_* from the
 * table of system calls and their prototypes; else from BTF, where btf_trace_@event says that it exists and
 * struct trace_event_raw_@event, if there is one, what its record is. BTF does not tell the subsystem.
 */
enum kernel_answer kernel_find_tracepoint(struct kernel *k, struct tpc_arena *a, const char *subsystem,
					  const char *event, struct kernel_format *ret);
/* "subsystem/event", in @a; NULL: none is near. */
const char *kernel_near_tracepoint(struct kernel *k, struct tpc_arena *a, const char *subsystem,
				   const char *event);

/* ---- types ---- */
/* "struct file *", "const char *", "int": C as far as one line goes. */
const char *kernel_type_name(struct kernel *k, struct tpc_arena *a, uint32_t type);
/*
 * The argument type that the CRD (pkg/k8s/apis/cilium.io/v1alpha1/types.go) has for a kernel type: "int",
 * "file", "sock", … for `type: auto`; NULL when none fits. Facts: cilium/tetragon pkg/generictypes
 * (GenericTypeFromBTF), which knows less: whole numbers by size and sign, sk_buff and text are ours.
 */
const char *kernel_word_of(struct kernel *k, uint32_t type);
/*
 * Can an argument of kernel type @type be read as the CRD's argument type @word? True too where it cannot be
 * told. Facts: cilium/tetragon pkg/btf/validation.go (typesCompatible), which compares names and so refuses
 * more: here whole numbers fit by size (int and fd: 4 or 8 bytes), a struct that starts with the one that is
 * asked for fits, char_buf fits whatever points somewhere. Two pairs that it lets through do not fit: string
 * of a char, int8 of a char *.
 */
bool kernel_word_fits(struct kernel *k, uint32_t type, const char *word);
/* A struct, union, enum or integer type by name, 0 when there is none; @module may be NULL. */
uint32_t kernel_find_type(struct kernel *k, const char *name, const char *module);
/* The struct of vmlinux that was probably meant, NULL: none is near. Counts among the 16 searches. */
const char *kernel_near_type(struct kernel *k, const char *name);

/* ---- resolve: paths ---- */
enum kernel_step_kind {
	KERNEL_STEP_MEMBER, /* add offset */
	KERNEL_STEP_INDEX,  /* add offset (index times element size) */
	KERNEL_STEP_DEREF,  /* read the pointer here, go on where it points */
};

/* What a type is under its typedefs and qualifiers, as far as reading it goes. */
enum kernel_shape_kind {
	KERNEL_SHAPE_OTHER, /* void, a function, a floating point number, or of no size */
	KERNEL_SHAPE_NUMBER,
	KERNEL_SHAPE_ENUM,
	KERNEL_SHAPE_POINTER,
	KERNEL_SHAPE_STRUCT,
	KERNEL_SHAPE_UNION,
	KERNEL_SHAPE_ARRAY,
};

struct kernel_shape {
	enum kernel_shape_kind kind;
	bool is_signed;	 /* NUMBER, ENUM */
	uint32_t size;	 /* bytes; of an array all of it */
	uint32_t nelems; /* ARRAY; 0: as many as there is room for */
};

struct kernel_step {
	enum kernel_step_kind kind;
	const char *owner;  /* MEMBER: name of the struct or union, "" when anonymous */
	bool of_union;	    /* MEMBER: the owner is a union */
	const char *member; /* MEMBER: its name, "" of an anonymous member on the way */
	uint32_t index;	    /* INDEX */
	uint32_t offset;    /* bytes */
	uint8_t bit_offset,
		bit_size;	     /* of a bitfield: bit_size is not 0, bit_offset counts within the byte */
	uint32_t type;		     /* BTF type id of what is there now */
	struct kernel_shape shape;   /* of that */
	struct kernel_shape element; /* of one of its elements, where it is an array */
	uint32_t at, len;	     /* the component in the text of the path */
};

struct kernel_path {
	TPC_VEC(struct kernel_step) steps;
	uint32_t type; /* of the end */
};

struct kernel_fault {
	uint32_t at, len; /* the part of the text that is wrong */
	const char *what; /* "struct file has no member 'f_ionde'" */
	const char *near; /* the name that was probably meant, or NULL */
};

/*
 * Follows @path ("mm.exe_file.f_path", "pwd[2].name", also "[0].x") from type @type. Semantics are those of
 * cilium/tetragon pkg/btf (ResolveNestedTypes, resolveBTFArg): a pointer on the way is followed by itself,
 * anonymous structs and unions are looked through, an array without index means its element 0.
 * False: *@fault is filled. At most @max_steps components.
 */
bool kernel_resolve(struct kernel *k, struct tpc_arena *a, uint32_t type, const char *path, uint32_t len,
		    uint32_t max_steps, struct kernel_path *ret, struct kernel_fault *fault);

#endif
