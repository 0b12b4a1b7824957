/* SPDX-License-Identifier: Apache-2.0 */
/* The host's namespaces: what policies call host_ns. */
#ifndef TPC_RT_HOSTNS_H
#define TPC_RT_HOSTNS_H

#include "util.h"

#include <tpc/abi.h>

/*
 * Numbers of the namespaces of the host's first process, by kind; 0 of a kind that this kernel has not. -errno when
 * they cannot be known: what is mounted at /proc must be that of the initial pid namespace, for in another the
 * first process is a container's.
 */
int hostns_read(uint32_t ret[TPC_NS_KINDS], struct rt_error *e);

/* The same of the processes in the folder @proc, e.g. "/proc". */
int hostns_read_at(const char *proc, uint32_t ret[TPC_NS_KINDS], struct rt_error *e);

#endif
