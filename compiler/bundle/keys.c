// SPDX-License-Identifier: Apache-2.0
/* Source of the formats: minisign(1), https://jedisct1.github.io/minisign/. */
#include "bundle/keys.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "base/digest.h"

_Static_assert(sizeof(((struct secret_key *)0)->secret) == crypto_sign_SECRETKEYBYTES, "Ed25519");

#define CHECK_BYTES 32

/* A key file's second line, decoded. Without a password nothing of it is encrypted, and the salt means nothing. */
struct secret_blob {
	unsigned char alg[2], kdf[2], check_alg[2], salt[32], opslimit[8], memlimit[8];
	unsigned char id[SIGN_ID_BYTES], secret[crypto_sign_SECRETKEYBYTES], check[CHECK_BYTES];
};
struct public_blob {
	unsigned char alg[2], id[SIGN_ID_BYTES], key[SIGN_KEY_BYTES];
};

int key_make(struct secret_key *ret)
{
	if (sodium_init() < 0)
		return -EIO;
	randombytes_buf(ret->pub.id, sizeof(ret->pub.id));
	return crypto_sign_keypair(ret->pub.key, ret->secret) ? -EIO : 0;
}

void key_forget(struct secret_key *k)
{
	sodium_memzero(k, sizeof(*k));
}

static char *base64(struct tpc_arena *a, const void *data, size_t len)
{
	size_t size = sodium_base64_encoded_len(len, sodium_base64_VARIANT_ORIGINAL);

	return sodium_bin2base64(tpc_arena_alloc(a, size, 1), size, data, len,
				 sodium_base64_VARIANT_ORIGINAL);
}

static void checksum(const struct secret_blob *b, unsigned char ret[CHECK_BYTES])
{
	crypto_generichash_state s;

	crypto_generichash_init(&s, NULL, 0, CHECK_BYTES);
	crypto_generichash_update(&s, b->alg, sizeof(b->alg));
	crypto_generichash_update(&s, b->id, sizeof(b->id));
	crypto_generichash_update(&s, b->secret, sizeof(b->secret));
	crypto_generichash_final(&s, ret, CHECK_BYTES);
}

char *key_public_text(struct tpc_arena *a, const struct secret_key *k)
{
	struct public_blob b = { .alg = { 'E', 'd' } };
	char id[2 * SIGN_ID_BYTES + 1];

	memcpy(b.id, k->pub.id, sizeof(b.id));
	memcpy(b.key, k->pub.key, sizeof(b.key));
	sign_id_text(k->pub.id, id);
	return tpc_sprintf(a, SIGN_COMMENT "tpc public key %s\n%s\n", id, base64(a, &b, sizeof(b)));
}

char *key_secret_text(struct tpc_arena *a, const struct secret_key *k)
{
	struct secret_blob b = { .alg = { 'E', 'd' }, .check_alg = { 'B', '2' } };
	char id[2 * SIGN_ID_BYTES + 1], *line, *text;

	memcpy(b.id, k->pub.id, sizeof(b.id));
	memcpy(b.secret, k->secret, sizeof(b.secret));
	checksum(&b, b.check);
	sign_id_text(k->pub.id, id);
	line = base64(a, &b, sizeof(b));
	text = tpc_sprintf(a, SIGN_COMMENT "tpc secret key %s, without a password\n%s\n", id, line);
	sodium_memzero(line, strlen(line));
	sodium_memzero(&b, sizeof(b));
	return text;
}

static int bad(struct bundle_error *e, const char *why)
{
	e->machine = false;
	snprintf(e->text, sizeof(e->text), "%s", why);
	return -EINVAL;
}

/* The public half that is kept beside the seed must be the seed's. */
static bool is_pair(const unsigned char secret[crypto_sign_SECRETKEYBYTES])
{
	unsigned char pub[crypto_sign_PUBLICKEYBYTES], again[crypto_sign_SECRETKEYBYTES];
	bool same;

	crypto_sign_seed_keypair(pub, again, secret);
	same = !sodium_memcmp(again, secret, sizeof(again));
	sodium_memzero(again, sizeof(again));
	return same;
}

static int read_blob(const struct secret_blob *b, struct secret_key *ret, struct bundle_error *e)
{
	unsigned char check[CHECK_BYTES];

	if (memcmp(b->alg, "Ed", 2) != 0 || memcmp(b->check_alg, "B2", 2) != 0)
		return bad(e, "not a secret key for Ed25519");
	if (memcmp(b->kdf, "\0\0", 2) != 0)
		return bad(e,
			   "the secret key has a password, and a pipeline has nobody to ask: make one with "
			   "'tpc keygen' or 'minisign -G -W'");
	/* minisign writes no checksum where there is no password: then the pair alone speaks for the key. */
	checksum(b, check);
	if ((sodium_memcmp(check, b->check, sizeof(check)) && !sodium_is_zero(b->check, sizeof(b->check))) ||
	    !is_pair(b->secret))
		return bad(e, "the secret key is damaged: its checksum is wrong");
	memcpy(ret->pub.id, b->id, sizeof(ret->pub.id));
	memcpy(ret->pub.key, b->secret + crypto_sign_SEEDBYTES, sizeof(ret->pub.key));
	memcpy(ret->secret, b->secret, sizeof(ret->secret));
	return 0;
}

int key_read(const char *text, size_t len, struct secret_key *ret, struct bundle_error *e)
{
	struct secret_blob b;
	const char *line;
	size_t n = 0;
	int r;

	if (len > SIGN_TEXT_MAX)
		return bad(e, "too long to be a secret key");
	line = sign_line(&text, &len, &n);
	if (!sign_after(line, n, SIGN_COMMENT))
		return bad(e, "not a secret key: it does not begin with '" SIGN_COMMENT "'");
	line = sign_line(&text, &len, &n);
	if (!sign_base64(line, n, &b, sizeof(b)))
		return bad(e, "not a secret key: its second line is not the base64 of one");
	r = read_blob(&b, ret, e);
	sodium_memzero(&b, sizeof(b));
	return r;
}

const char *key_sign(struct tpc_arena *a, const struct secret_key *k, const void *data, size_t len)
{
	struct sign_blob b = { .alg = { 'E', 'D' } };
	const char *trusted = tpc_digest(a, data, len);
	unsigned char hash[SIGN_HASH_BYTES], global[SIGN_BYTES], msg[SIGN_BYTES + 128];
	size_t n = strlen(trusted);
	char id[2 * SIGN_ID_BYTES + 1];

	memcpy(b.id, k->pub.id, sizeof(b.id));
	crypto_generichash(hash, sizeof(hash), data, len, NULL, 0);
	crypto_sign_detached(b.sig, NULL, hash, sizeof(hash), k->secret);
	/* The second signature covers the first and the comment, which says the digest for people to compare. */
	memcpy(msg, b.sig, SIGN_BYTES);
	memcpy(msg + SIGN_BYTES, trusted, n);
	crypto_sign_detached(global, NULL, msg, SIGN_BYTES + n, k->secret);
	sign_id_text(k->pub.id, id);
	return tpc_sprintf(a, SIGN_COMMENT "signature by tpc, key %s\n%s\n" SIGN_TRUSTED "%s\n%s\n", id,
			   base64(a, &b, sizeof(b)), trusted, base64(a, global, sizeof(global)));
}
