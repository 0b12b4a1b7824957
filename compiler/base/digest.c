// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>
#include <string.h>

#include "base/digest.h"

static const char prefix[] = "sha256:";

const char *tpc_digest(struct tpc_arena *a, const void *data, size_t len)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	size_t start = sizeof(prefix) - 1;
	char *s = tpc_arena_alloc(a, start + 2 * sizeof(hash) + 1, 1);

	crypto_hash_sha256(hash, data, len);
	memcpy(s, prefix, start);
	sodium_bin2hex(s + start, 2 * sizeof(hash) + 1, hash, sizeof(hash));
	return s;
}
