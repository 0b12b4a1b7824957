// SPDX-License-Identifier: Apache-2.0
/*
 * Numbers that policies write as names: capabilities, address families, protocols, TCP states, file types,
 * namespaces. Names are exact unless said otherwise. From the kernel's uapi headers and, for spellings,
 * cilium/tetragon pkg/reader (August 2026).
 */
#ifndef TPC_KERNEL_NAMES_H
#define TPC_KERNEL_NAMES_H

#include <stdbool.h>
#include <stdint.h>

enum kernel_names {
	KERNEL_CAPS,	   /* CAP_SYS_ADMIN: bit number; any case, blanks around it are passed over */
	KERNEL_FAMILIES,   /* AF_INET */
	KERNEL_PROTOCOLS,  /* IPPROTO_TCP */
	KERNEL_TCP_STATES, /* TCP_ESTABLISHED */
	KERNEL_FILE_TYPES, /* sock socket lnk link reg regular blk block dir chr char fifo pipe: S_IF… bits */
	KERNEL_NAMESPACES, /* Uts Ipc Mnt Pid PidForChildren Net Time TimeForChildren Cgroup User: number as
			    * in tetragon's pkg/api/tracingapi/… (bit of namespace masks) */
	KERNEL_NAMES_MAX
};

/* False when there is no such name; then *@ret_near (may be NULL) is the nearest, or NULL. */
bool kernel_name_value(enum kernel_names set, const char *s, uint32_t len, uint32_t *ret,
		       const char **ret_near);
/* The (first) name of a number, NULL when it has none. */
const char *kernel_value_name(enum kernel_names set, uint32_t value);
/* "capability", "address family", … */
const char *kernel_names_noun(enum kernel_names set);

#endif
