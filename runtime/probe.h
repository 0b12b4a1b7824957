/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this kernel can do, found out by trying and by its BTF, never by its version. A negative answer comes
 * with a reason for people.
 */
#ifndef TPC_RT_PROBE_H
#define TPC_RT_PROBE_H

#include "manifest.h"

struct btf;

struct probes {
	bool load_only;	     /* nothing will be attached: only the verifier's opinion is wanted */
	struct btf *vmlinux; /* NULL: the kernel shows no types */
	struct rt_buf kallsyms, injectable; /* once read */
	bool kallsyms_read, injectable_read;
};

struct probe_reason {
	char text[300];
};

void probes_init(struct probes *p, bool load_only);
void probes_done(struct probes *p);

/* Can this variant be used? If not, @why says it, and what would help. */
bool probe_variant(struct probes *p, const struct manifest_variant *v, struct probe_reason *why);

/* Is the feature there that a manifest names? @known false: this loader has never heard of it. */
bool probe_need(struct probes *p, const char *need, bool *known, struct probe_reason *why);

#endif
