// SPDX-License-Identifier: Apache-2.0
/*
 * The seal: section TPC_DIGEST_SECTION holds the digest of the whole file, taken with that section's bytes as
 * zeros. It tells damage, not malice: who can write an object can seal it again.
 */
#ifndef TPC_TOOLCHAIN_SEAL_H
#define TPC_TOOLCHAIN_SEAL_H

#include "base/arena.h"

/* What generated C must end in to have room for a seal. */
extern const char seal_room[];

/*
 * Writes the seal into an object (@len bytes at @data) that has room for one. 0, or -EINVAL: it is no sound ELF
 * file, or has no room.
 */
int object_seal(struct tpc_arena *a, char *data, size_t len);

enum seal { SEAL_GOOD, SEAL_NONE, SEAL_BROKEN };
/* Whether the seal holds. */
enum seal object_seal_check(struct tpc_arena *a, const char *data, size_t len);

#endif
