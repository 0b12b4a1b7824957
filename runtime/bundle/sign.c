// SPDX-License-Identifier: Apache-2.0
/* Source of the format: minisign(1), https://jedisct1.github.io/minisign/. */
#include <sodium.h>
#include <string.h>

#include <tpc/sign.h>

#include "bundle_impl.h"

_Static_assert(SIGN_KEY_BYTES == crypto_sign_PUBLICKEYBYTES && SIGN_BYTES == crypto_sign_BYTES, "Ed25519");
_Static_assert(sizeof(struct sign_blob) == 2 + SIGN_ID_BYTES + SIGN_BYTES, "no padding");

struct key_blob {
	unsigned char alg[2], id[SIGN_ID_BYTES], key[SIGN_KEY_BYTES];
};

struct parsed {
	struct sign_blob blob;
	const char *trusted; /* comment */
	size_t trusted_len;
	unsigned char global[SIGN_BYTES];
};

const char *sign_line(const char **text, size_t *len, size_t *ret_len)
{
	const char *line = *text, *end = *len ? memchr(line, '\n', *len) : NULL;
	size_t n = end ? (size_t)(end - line) : *len;

	if (!*len || memchr(line, '\0', n))
		return NULL;
	*text = line + n + (end != NULL);
	*len -= n + (end != NULL);
	if (n && line[n - 1] == '\r')
		n--;
	*ret_len = n;
	return line;
}

const char *sign_after(const char *line, size_t len, const char *prefix)
{
	size_t n = strlen(prefix);

	return line && len >= n && !memcmp(line, prefix, n) ? line + n : NULL;
}

bool sign_base64(const char *line, size_t len, void *ret, size_t want)
{
	size_t got = 0;
	const char *end = NULL;

	return line &&
	       !sodium_base642bin(ret, want, line, len, NULL, &got, &end, sodium_base64_VARIANT_ORIGINAL) &&
	       got == want && end == line + len;
}

void sign_id_text(const unsigned char id[SIGN_ID_BYTES], char ret[2 * SIGN_ID_BYTES + 1])
{
	for (int i = 0; i < SIGN_ID_BYTES; i++)
		snprintf(ret + 2 * i, 3, "%02X", id[SIGN_ID_BYTES - 1 - i]);
}

int sign_read_key(const char *text, size_t len, struct sign_key *ret, struct bundle_error *e)
{
	struct key_blob blob;
	const char *line;
	size_t n = 0;

	if (len > SIGN_TEXT_MAX)
		return bundle_bad(e, "too long to be a public key");
	line = sign_line(&text, &len, &n);
	if (!sign_after(line, n, SIGN_COMMENT))
		return bundle_bad(e, "not a public key: it does not begin with '" SIGN_COMMENT "'");
	line = sign_line(&text, &len, &n);
	if (!sign_base64(line, n, &blob, sizeof(blob)) || memcmp(blob.alg, "Ed", 2) != 0)
		return bundle_bad(e, "not a public key: its second line is not the base64 of an Ed25519 key");
	memcpy(ret->id, blob.id, sizeof(ret->id));
	memcpy(ret->key, blob.key, sizeof(ret->key));
	return 0;
}

static bool parse(const char *text, size_t len, struct parsed *ret)
{
	const char *line;
	size_t n = 0;

	if (len > SIGN_TEXT_MAX)
		return false;
	line = sign_line(&text, &len, &n);
	if (!sign_after(line, n, SIGN_COMMENT))
		return false;
	line = sign_line(&text, &len, &n);
	if (!sign_base64(line, n, &ret->blob, sizeof(ret->blob)))
		return false;
	line = sign_line(&text, &len, &n);
	ret->trusted = sign_after(line, n, SIGN_TRUSTED);
	if (!ret->trusted)
		return false;
	ret->trusted_len = n - strlen(SIGN_TRUSTED);
	line = sign_line(&text, &len, &n);
	return sign_base64(line, n, ret->global, sizeof(ret->global));
}

bool sign_claimed(const char *text, size_t len, char ret[2 * SIGN_ID_BYTES + 1])
{
	struct parsed p;

	if (!parse(text, len, &p))
		return false;
	sign_id_text(p.blob.id, ret);
	return true;
}

/* The second signature covers the first and the comment. */
static bool global_is_good(const struct sign_key *key, const struct parsed *p)
{
	unsigned char msg[SIGN_BYTES + SIGN_TEXT_MAX];

	memcpy(msg, p->blob.sig, SIGN_BYTES);
	memcpy(msg + SIGN_BYTES, p->trusted, p->trusted_len);
	return !crypto_sign_verify_detached(p->global, msg, SIGN_BYTES + p->trusted_len, key->key);
}

int sign_check(const struct sign_key *key, const void *msg, size_t msg_len, const char *text, size_t len,
	       struct bundle_error *e)
{
	char wanted[2 * SIGN_ID_BYTES + 1], claimed[2 * SIGN_ID_BYTES + 1];
	unsigned char hash[SIGN_HASH_BYTES];
	struct parsed p;

	if (!parse(text, len, &p))
		return bundle_bad(e, "the signature is not in minisign's format");
	if (memcmp(p.blob.alg, "ED", 2) != 0)
		return bundle_bad(
			e, "the signature is not of the kind that tpc and minisign make (hashed Ed25519)");
	if (memcmp(p.blob.id, key->id, sizeof(key->id)) != 0) {
		sign_id_text(key->id, wanted);
		sign_id_text(p.blob.id, claimed);
		return bundle_bad(e, "signed with key %s, not with %s", claimed, wanted);
	}
	crypto_generichash(hash, sizeof(hash), msg, msg_len, NULL, 0);
	if (crypto_sign_verify_detached(p.blob.sig, hash, sizeof(hash), key->key))
		return bundle_bad(e, "the signature is not of these bytes");
	if (!global_is_good(key, &p))
		return bundle_bad(e, "the signature's trusted comment was changed");
	return 0;
}
