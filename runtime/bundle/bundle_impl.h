/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files of the bundle reader; nobody else includes it. */
#ifndef TPC_RT_BUNDLE_IMPL_H
#define TPC_RT_BUNDLE_IMPL_H

#include <tpc/bundle.h>

/* Writes the message and gives -EINVAL. What is not printable ASCII becomes '?'. */
int bundle_bad(struct bundle_error *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int bundle_no_memory(struct bundle_error *e); /* gives -ENOMEM */

/* "sha256:…" of @len bytes at @data. */
void bundle_digest(const void *data, size_t len, char ret[BUNDLE_DIGEST_LEN + 1]);
/* "sha256:" and 64 lower-case digits. */
bool bundle_is_digest(const char *s);

/* ---- tar.c ---- */
struct tar_how {
	size_t max; /* files and folders */
	bool (*folder)(const char *name);
	/* Takes @data, which is malloc()ed. */
	int (*file)(void *arg, const char *name, void *data, size_t len, struct bundle_error *e);
	void *arg;
};
/* Calls @how for each entry. Names are relative, without "." and "..", and of printable ASCII. */
int tar_read(const void *data, size_t len, const struct tar_how *how, struct bundle_error *e);

/* ---- gunzip.c: one gzip member and nothing behind it, at most @max bytes of content, malloc()ed in @ret ---- */
int gunzip(const void *data, size_t len, size_t max, void **ret, size_t *ret_len, struct bundle_error *e);

/* ---- files.c: what the archive holds ---- */
struct bundle_file {
	char digest[BUNDLE_DIGEST_LEN + 1]; /* of a blob, compared with its bytes */
	void *data;
	size_t len;
	json_t *json; /* once it was asked for */
};
struct bundle_files {
	struct bundle_file layout, index; /* data is NULL: not there */
	struct bundle_file blobs[BUNDLE_FILES_MAX];
	size_t nblobs, json_len; /* bytes of JSON that were read */
};
int files_read(const void *data, size_t len, struct bundle_files **ret, struct bundle_error *e);
void files_free(struct bundle_files *f); /* NULL is allowed */
/* The blob of this digest, NULL: none. */
struct bundle_file *files_find(struct bundle_files *f, const char *digest);
/* The file's content as a JSON object, which stays the file's; @what is how messages call it. */
int files_json(struct bundle_files *f, struct bundle_file *file, const char *what, const json_t **ret,
	       struct bundle_error *e);

/* ---- image.c: what a manifest leads to. @unpacked counts the bytes of unpacked layers ---- */
struct descriptor {
	const char *media;
	struct bundle_file *blob;
	const json_t *annotations, *platform; /* or NULL */
};
/* Finds the blob and compares its size. */
int descriptor_read(struct bundle_files *f, const json_t *j, const char *what, struct descriptor *ret,
		    struct bundle_error *e);
/* Text @key of object @j, NULL where either is missing or it is no text. */
const char *json_text(const json_t *j, const char *key);
int image_read(struct bundle_files *f, const struct descriptor *d, size_t *unpacked, struct bundle_image *ret,
	       struct bundle_error *e);

#endif
