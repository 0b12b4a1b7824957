// SPDX-License-Identifier: Apache-2.0
/* The files of an archive: https://github.com/opencontainers/image-spec, image-layout.md. */
#include <errno.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "bundle_impl.h"

#define PREFIX "sha256:"
#define BLOBS "blobs/sha256/"

int bundle_bad(struct bundle_error *e, const char *fmt, ...)
{
	va_list ap;

	e->machine = false;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	for (char *s = e->text; *s; s++)
		if (*s < ' ' || *s > '~')
			*s = '?';
	return -EINVAL;
}

int bundle_no_memory(struct bundle_error *e)
{
	bundle_bad(e, "out of memory");
	e->machine = true;
	return -ENOMEM;
}

void bundle_digest(const void *data, size_t len, char ret[BUNDLE_DIGEST_LEN + 1])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	size_t prefix = strlen(PREFIX);

	crypto_hash_sha256(hash, data, len);
	memcpy(ret, PREFIX, prefix);
	sodium_bin2hex(ret + prefix, 2 * sizeof(hash) + 1, hash, sizeof(hash));
}

bool bundle_is_digest(const char *s)
{
	size_t prefix = strlen(PREFIX);

	return strlen(s) == BUNDLE_DIGEST_LEN && !strncmp(s, PREFIX, prefix) &&
	       strspn(s + prefix, "0123456789abcdef") == BUNDLE_DIGEST_LEN - prefix;
}

static bool is_folder(const char *name)
{
	return !strcmp(name, "blobs") || !strcmp(name, "blobs/sha256");
}

/* What docker save puts beside the layout for its older selves. */
static bool is_ignored(const char *name)
{
	return !strcmp(name, "manifest.json") || !strcmp(name, "repositories");
}

static int keep(struct bundle_file *file, const char *name, void *data, size_t len, struct bundle_error *e)
{
	if (file->data) {
		free(data);
		return bundle_bad(e, "the archive holds '%s' twice", name);
	}
	file->data = data;
	file->len = len;
	return 0;
}

static int keep_blob(struct bundle_files *f, const char *name, void *data, size_t len, struct bundle_error *e)
{
	struct bundle_file *blob = &f->blobs[f->nblobs];
	char digest[BUNDLE_DIGEST_LEN + 1];

	snprintf(blob->digest, sizeof(blob->digest), PREFIX "%.64s", name + strlen(BLOBS));
	bundle_digest(data, len, digest);
	if (strlen(name) != strlen(BLOBS) + 64 || !bundle_is_digest(blob->digest)) {
		free(data);
		return bundle_bad(e, "blob '%s' is not named by a SHA-256 digest", name);
	}
	if (files_find(f, blob->digest)) {
		free(data);
		return bundle_bad(e, "the archive holds '%s' twice", name);
	}
	if (strcmp(digest, blob->digest) != 0) {
		free(data);
		return bundle_bad(e, "blob '%s' was changed: its digest is %s", name, digest);
	}
	f->nblobs++;
	return keep(blob, name, data, len, e);
}

static int see_file(void *arg, const char *name, void *data, size_t len, struct bundle_error *e)
{
	struct bundle_files *f = arg;

	if (!strcmp(name, "oci-layout"))
		return keep(&f->layout, name, data, len, e);
	if (!strcmp(name, "index.json"))
		return keep(&f->index, name, data, len, e);
	if (!strncmp(name, BLOBS, strlen(BLOBS)))
		return keep_blob(f, name, data, len, e);
	free(data);
	if (is_ignored(name))
		return 0;
	return bundle_bad(e, "'%s' does not belong into an image archive", name);
}

int files_read(const void *data, size_t len, struct bundle_files **ret, struct bundle_error *e)
{
	struct tar_how how = { .max = BUNDLE_FILES_MAX, .folder = is_folder, .file = see_file };
	struct bundle_files *f = calloc(1, sizeof(*f));
	int err;

	if (!f)
		return bundle_no_memory(e);
	how.arg = f;
	err = tar_read(data, len, &how, e);
	if (!err && (!f->layout.data || !f->index.data))
		err = bundle_bad(e, "no OCI image archive: there is no '%s' in it",
				 f->layout.data ? "index.json" : "oci-layout");
	if (err)
		files_free(f);
	else
		*ret = f;
	return err;
}

static void file_done(struct bundle_file *file)
{
	json_decref(file->json);
	free(file->data);
}

void files_free(struct bundle_files *f)
{
	if (!f)
		return;
	file_done(&f->layout);
	file_done(&f->index);
	for (size_t i = 0; i < f->nblobs; i++)
		file_done(&f->blobs[i]);
	free(f);
}

struct bundle_file *files_find(struct bundle_files *f, const char *digest)
{
	for (size_t i = 0; i < f->nblobs; i++)
		if (!strcmp(f->blobs[i].digest, digest))
			return &f->blobs[i];
	return NULL;
}

int files_json(struct bundle_files *f, struct bundle_file *file, const char *what, const json_t **ret,
	       struct bundle_error *e)
{
	json_error_t why;

	if (file->len > BUNDLE_JSON_MAX)
		return bundle_bad(e, "%s is larger than %zu bytes", what, BUNDLE_JSON_MAX);
	if (!file->json && file->len > BUNDLE_JSON_TOTAL - f->json_len)
		return bundle_bad(e, "the archive holds more than %zu bytes of JSON", BUNDLE_JSON_TOTAL);
	if (!file->json) {
		f->json_len += file->len;
		file->json = json_loadb(file->data, file->len, JSON_REJECT_DUPLICATES, &why);
	}
	if (!file->json && json_error_code(&why) == json_error_out_of_memory)
		return bundle_no_memory(e);
	if (!file->json)
		return bundle_bad(e, "%s is no JSON: %s", what, why.text);
	if (!json_is_object(file->json))
		return bundle_bad(e, "%s is no JSON object", what);
	*ret = file->json;
	return 0;
}
