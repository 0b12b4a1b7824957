/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPC_RT_RUN_H
#define TPC_RT_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "object.h"
#include "util.h"

struct run_opts {
	char **objects;
	size_t nobjects; /* at least 1 */
	int mode;	 /* enum tpc_mode, -1: as each policy says */
	bool compact;	 /* else JSON */
	bool no_attach;
	bool all_variants;   /* with no_attach: one after another */
	const char *variant; /* name of the only attach kind, NULL: any */
	const char *node;    /* NULL: the host's name */
	const char *ready;   /* a file to create when everything is attached, or NULL */
	const char *verify;  /* file of the public key in trust, or NULL */
	struct object_trust trust;
	bool verbose;
};

/* Loads, attaches, prints events until SIGINT or SIGTERM. Messages go to standard error. */
enum rt_exit run_attached(const struct run_opts *o);
/* Loads each object and lets it go again: the verifier's opinion. A line an object on standard output. */
enum rt_exit run_load_only(const struct run_opts *o);

#endif
