// SPDX-License-Identifier: Apache-2.0
/* Keys and signatures in minisign's format. What checks them: <tpc/sign.h>. */
#ifndef TPC_BUNDLE_KEYS_H
#define TPC_BUNDLE_KEYS_H

#include "base/arena.h"

#include <tpc/sign.h>

struct secret_key {
	struct sign_key pub;
	unsigned char secret[64]; /* libsodium's: seed and public key */
};

/* A new key of the machine's random numbers. 0 or -EIO. */
int key_make(struct secret_key *ret);
/* Overwrites it. */
void key_forget(struct secret_key *k);

/* The texts of NAME.pub and NAME.key, in the arena. */
char *key_public_text(struct tpc_arena *a, const struct secret_key *k);
char *key_secret_text(struct tpc_arena *a, const struct secret_key *k);
/* Reads the text of a secret key that has no password. 0, or -EINVAL and a message. */
int key_read(const char *text, size_t len, struct secret_key *ret, struct bundle_error *e);

/* The signature of @len bytes at @data: the text of a .sig file, equal for equal bytes and key. In the arena. */
const char *key_sign(struct tpc_arena *a, const struct secret_key *k, const void *data, size_t len);

#endif
