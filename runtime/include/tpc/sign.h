/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Detached signatures in minisign's format (docs/bundle.md): Ed25519 over the BLAKE2b hash of what is signed. The
 * compiler and the loader share this, as they do bundle.h.
 */
#ifndef TPC_SIGN_H
#define TPC_SIGN_H

#include "bundle.h"

enum { SIGN_TEXT_MAX = 4096, SIGN_ID_BYTES = 8, SIGN_KEY_BYTES = 32, SIGN_BYTES = 64, SIGN_HASH_BYTES = 64 };
#define SIGN_COMMENT "untrusted comment: "
#define SIGN_TRUSTED "trusted comment: "

struct sign_key {
	unsigned char id[SIGN_ID_BYTES], key[SIGN_KEY_BYTES];
};

/* What a signature's second line holds, decoded. */
struct sign_blob {
	unsigned char alg[2], id[SIGN_ID_BYTES], sig[SIGN_BYTES];
};

/* Reads the text of a public key. 0, or -EINVAL and a message. */
int sign_read_key(const char *text, size_t len, struct sign_key *ret, struct bundle_error *e);
/* 0 when @text is a signature of @msg by @key, else -EINVAL and why not. */
int sign_check(const struct sign_key *key, const void *msg, size_t msg_len, const char *text, size_t len,
	       struct bundle_error *e);
/* Who claims to have made signature @text: 16 hexadecimal digits and a NUL. False: it is no signature. */
bool sign_claimed(const char *text, size_t len, char ret[2 * SIGN_ID_BYTES + 1]);

/*
 * The next line at *@text of *@len bytes, without its end; both are moved behind it. NULL when nothing is left, or
 * a NUL is in the way.
 */
const char *sign_line(const char **text, size_t *len, size_t *ret_len);
/* The part of a line behind @prefix, which must be there; NULL else. */
const char *sign_after(const char *line, size_t len, const char *prefix);
/* Decodes one line of base64 into exactly @want bytes. */
bool sign_base64(const char *line, size_t len, void *ret, size_t want);
/* As minisign shows a key's id: a number, its last byte first. */
void sign_id_text(const unsigned char id[SIGN_ID_BYTES], char ret[2 * SIGN_ID_BYTES + 1]);

#endif
