/* SPDX-License-Identifier: Apache-2.0 */
/* What is decided at load: constants that the verifier will see, and the modes that programs start with. */
#ifndef TPC_RT_RODATA_H
#define TPC_RT_RODATA_H

#include "object.h"

struct rodata_how {
	bool report_exec; /* this object's trackers send EXEC, CLONE and EXIT */
	int mode;	  /* enum tpc_mode for all policies, -1: as the manifest says */
	bool lenient;	  /* a tracepoint that is missing or looks different is a note, not a failure */
	struct rt_buf *notes;
};

/* Writes the initial values of @o, which is not loaded yet. -errno: a message names the policy's line. */
int rodata_fill(struct object *o, const struct rodata_how *how, struct rt_error *e);

#endif
