// SPDX-License-Identifier: Apache-2.0
/*
 * What tpc and the first process of its guest agree upon. In the guest, /plan says what is to be asked, and object number
 * N lies in /objects/N. What the guest writes to its second serial line, as format strings:
 *
 *	"tpc 1 %s %s\n"             "yes" or "no": it takes BPF programs; the release of its kernel
 *	"answer %u %d %u\n%s\n"     number of the program, 0 or -errno, length of the log; the log
 *	"end\n"
 */
#ifndef TPC_ASK_ASK_IMPL_H
#define TPC_ASK_ASK_IMPL_H

#include "ask/ask.h"
#include "base/buf.h"

/* ---- plan.c: strings that each end with NUL, for names may hold any other byte ---- */
#define PLAN_OBJECT "object"   /* the next begins */
#define PLAN_REPORT "report"   /* then report_off */
#define PLAN_FIELD "field"     /* then off, index, subsystem, event */
#define PLAN_PROGRAM "program" /* then its name, "lsm" or "function", and its target */
#define PLAN_READ "read"       /* then the index of a parameter, and the name of the struct, or "" */

void plan_write(const struct ask_object *const *objects, uint32_t n, struct tpc_buf *out);
/*
 * Reads it into @a, all but the objects' bytes. NULL: it is no plan. The strings are those of @text, which ends with NUL.
 */
struct ask_object *plan_read(struct tpc_arena *a, const char *text, size_t len, uint32_t *ret_n);

/* ---- initramfs.c ---- */
/* A file without a name that holds the guest's files: a cpio archive in the newc format. Its descriptor, or -errno. */
int initramfs_make(struct tpc_arena *a, const struct ask_object *const *objects, uint32_t n);
/* The program that is the guest's first process; of length 0: this tpc was built without. From the build. */
extern const unsigned char guest_init[];
extern const uint64_t guest_init_len;

/* ---- answers.c: the reader of what the guest says ---- */
struct answers {
	struct tpc_arena *arena;
	struct ask_guest *to;
	uint32_t wanted; /* answers to come in all */
	enum { ANSWERS_HELLO, ANSWERS_LINE, ANSWERS_LOG, ANSWERS_DONE, ANSWERS_BROKEN } state;
	char line[160];
	uint32_t line_len;
	char *log;
	uint32_t log_len, log_have;
	uint64_t logs_len; /* of all */
	int err;
};
/* Takes the next @len bytes, cut anywhere. False: nothing more is wanted, as all is there or @r->to->fault is set. */
bool answers_take(struct answers *r, const char *data, size_t len);

/* ---- image.c ---- */
/*
 * The kernel's file, opened; -1: @why says what is wrong. The first look at it: QEMU would run anything, and then nobody
 * answers.
 */
int image_open(struct tpc_arena *a, const char *path, const char **why);

#endif
