// SPDX-License-Identifier: Apache-2.0
/* Content digests as manifests show them. */
#ifndef TPC_BASE_DIGEST_H
#define TPC_BASE_DIGEST_H

#include "base/arena.h"

/* "sha256:" and 64 lower-case hexadecimal digits, of @len bytes at @data. */
const char *tpc_digest(struct tpc_arena *a, const void *data, size_t len);

#endif
