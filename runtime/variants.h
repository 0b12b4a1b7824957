/* SPDX-License-Identifier: Apache-2.0 */
/* For each program of a manifest: the first variant that this kernel can do. */
#ifndef TPC_RT_VARIANTS_H
#define TPC_RT_VARIANTS_H

#include "object.h"
#include "probe.h"

struct variants_how {
	const char *only; /* name of an attach kind, NULL: any */
	unsigned round; /* take the possible variant with this number; above 0 programs without one are left out */
	bool want_trackers; /* load them even if no exec test needs them */
};

/*
 * Marks programs for loading and fills o->chosen and o->trackers. What was passed over, and why, goes line
 * by line
 * into @notes. @more: some program has a variant beyond this round. -ENOTSUP: a program has none that fits.
 */
int variants_choose(struct object *o, struct probes *p, const struct variants_how *how, struct rt_buf *notes,
		    bool *more, struct rt_error *e);

#endif
