// SPDX-License-Identifier: Apache-2.0
/* Recorded events: JSON of unknown origin, read with jansson and never trusted. */
#ifndef TPC_PTEST_REPLAY_H
#define TPC_PTEST_REPLAY_H

#include <jansson.h>

#include "ptest/ptest_impl.h"

struct replay_event {
	const char *key;	       /* "process_kprobe", or NULL: no hook's */
	const json_t *body;	       /* what stands behind it */
	const char *hook;	       /* "sys_openat", for messages */
	const char *binary, *workload; /* or NULL */
	struct pt_facts facts;
};

/* A member's text, NULL: there is none. */
const char *replay_text(const json_t *o, const char *key);
/* A number, or a number as text, as protobuf writes 64 bits. */
bool replay_number(const json_t *v, bool *ret_negative, uint64_t *ret);

/* ---- replay_event.c ---- */
/* False: the object is no event. Texts stay the document's. */
bool replay_read(struct tpc_arena *a, const json_t *root, struct replay_event *ret);
enum pt_truth replay_is_hook(struct tpc_arena *a, const struct replay_event *e, const struct ir_program *p);

/* ---- replay_args.c ---- */
/* What the event says of the arguments that the chain shows. @args: zeroed, one a value of the program. */
void replay_args(struct tpc_arena *a, const struct replay_event *e, const struct ir_program *p,
		 const struct ir_chain *ch, struct pt_arg *args);
/* A text that holds U+FFFD was mended by whoever wrote it: what it was is not known. */
struct pt_datum replay_exact_text(struct tpc_arena *a, const char *s);

#endif
