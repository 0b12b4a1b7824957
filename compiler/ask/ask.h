// SPDX-License-Identifier: Apache-2.0
/*
 * Asks a kernel's verifier about programs: this machine's, or another's in a QEMU guest. Objects are those that verify/
 * found sound; what a guest answers is hostile.
 */
#ifndef TPC_ASK_ASK_H
#define TPC_ASK_ASK_H

#include <errno.h>

#include "base/arena.h"
#include "base/vec.h"
#include "kernel/kernel.h"

#define ASK_LOG_MAX (64U << 10) /* bytes of a verifier's log that are kept: its end, where it says why */

/* A place in .rodata.tpc that says where a field of a tracepoint's record lies. */
struct ask_field {
	uint32_t off, index;
	const char *subsystem, *event;
};

struct reads {
	struct kernel_read *items;
	uint32_t len, cap;
};

struct ask_program {
	const char *name;
	/* What the loader looks at before it takes it: the parameters that it reads, of what; none: it reads none. */
	bool of_lsm;	    /* of an LSM hook, else of a function */
	const char *target; /* its name */
	struct reads reads;
};

struct ask_object {
	const void *data;
	size_t len;
	int64_t report_off; /* in .rodata.tpc, of the switch that lets trackers report; -1: none */
	TPC_VEC(struct ask_field) fields;
	TPC_VEC(struct ask_program) programs; /* to ask about, each by itself */
};

#define ASK_UNFIT (-EOPNOTSUPP) /* the kernel's prototype is another: nothing was loaded */

/* What a kernel said of a program. */
struct ask_answer {
	int err;	 /* 0: it was loaded, and let go again; else -errno */
	const char *log; /* the end of the verifier's log, in whole lines; of ASK_UNFIT: why it does not fit */
};

/* ---- here.c: the running kernel ---- */
struct asker;
/* 0 or -ENOMEM. Ended with asker_done(), which takes NULL. */
int asker_new(struct asker **ret);
void asker_done(struct asker *k);
/* False: this process may load nothing, so that no answer would say anything of an object. */
bool ask_permitted(void);
/* Loads one program of @o, attached to nothing, and lets it go again. @ret's log is valid until the next call. */
void ask_program(struct asker *k, const struct ask_object *o, const struct ask_program *p,
		 struct ask_answer *ret);

/* ---- vm.c: another kernel ---- */
struct ask_vm {
	const char *kernel; /* file of a bzImage */
	const char *qemu;   /* program; NULL: the first qemu-system-x86_64 in PATH */
	uint32_t seconds;   /* for the guest as a whole */
};

struct ask_guest {
	const char *release;		    /* of its kernel, a printable word; NULL: it said nothing */
	bool permitted;			    /* it takes BPF programs */
	TPC_VEC(struct ask_answer) answers; /* an object's programs behind those of the object before */
	const char *fault;		    /* why answers are missing; NULL: all are there */
	const char *console;		    /* the last lines of what it wrote, any bytes but NUL; "" */
};

/*
 * Boots @vm's kernel without privileges, network or disk, and asks it about all programs of @objects. Everything in
 * @ret lives in @a. Whatever fails is ret->fault.
 */
void ask_guest(struct tpc_arena *a, const struct ask_vm *vm, const struct ask_object *const *objects,
	       uint32_t n, struct ask_guest *ret);

#endif
