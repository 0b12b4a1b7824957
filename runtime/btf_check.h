/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPC_RT_BTF_CHECK_H
#define TPC_RT_BTF_CHECK_H

#include "util.h"

/*
 * Is the BTF of an object sound? Each reference leads to a type, each name into the strings, and no chain
 * of typedefs
 * goes round. libbpf before 1.3 takes this for granted and crashes. -EINVAL and a message.
 */
int btf_check(const void *raw, size_t len, struct rt_error *e);

#endif
