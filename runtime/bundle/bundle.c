// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <string.h>

#include "bundle_impl.h"

#define LAYOUT_VERSION "1.0.0"
#define TAR_MAGIC_AT 257
#define SCHEMA_VERSION 2

struct reader {
	struct bundle *b;
	size_t unpacked;
	struct bundle_error *e;
};

bool bundle_is_archive(const void *data, size_t len)
{
	const char *s = data;

	return len > TAR_MAGIC_AT + 5 && !memcmp(s + TAR_MAGIC_AT, "ustar", 5) && memcmp(s, "\177ELF", 4);
}

const char *bundle_arch(const char *machine)
{
	static const char *const names[][2] = {
		{ "x86_64", "amd64" },
		{ "aarch64", "arm64" },
		{ "arm64", "arm64" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(machine, names[i][0]))
			return names[i][1];
	return NULL;
}

static int check_layout(struct reader *r)
{
	const json_t *j;
	const char *version;
	int err = files_json(r->b->files, &r->b->files->layout, "oci-layout", &j, r->e);

	if (err)
		return err;
	version = json_text(j, "imageLayoutVersion");
	if (!version || strcmp(version, LAYOUT_VERSION) != 0)
		return bundle_bad(r->e, "the archive has layout '%.32s', expected '%s'",
				  version ? version : "", LAYOUT_VERSION);
	return 0;
}

/* Builders put proofs of where an image comes from into its index, for a platform that does not exist. */
static bool is_attestation(const struct descriptor *d)
{
	const char *arch = json_text(d->platform, "architecture");

	return arch && !strcmp(arch, "unknown");
}

static int add_image(struct reader *r, const struct descriptor *d)
{
	struct bundle *b = r->b;
	struct bundle_image *image = &b->images[b->nimages];
	int err;

	if (is_attestation(d))
		return 0;
	if (strcmp(d->media, BUNDLE_TYPE_MANIFEST) != 0)
		return bundle_bad(r->e, "the index names something of media type '%.100s', expected '%s'",
				  d->media, BUNDLE_TYPE_MANIFEST);
	if (b->nimages == BUNDLE_IMAGES_MAX)
		return bundle_bad(r->e, "the archive holds more than %d images", BUNDLE_IMAGES_MAX);
	b->nimages++; /* before it is read: what is kept of it is freed with the rest */
	err = image_read(b->files, d, &r->unpacked, image, r->e);
	for (size_t i = 0; i + 1 < b->nimages && !err; i++)
		if (!strcmp(b->images[i].arch, image->arch))
			err = bundle_bad(r->e, "the archive holds two images for '%s'", image->arch);
	return err;
}

/* An index's list, into @ret. */
static int index_list(struct reader *r, struct bundle_file *file, const json_t **ret)
{
	const json_t *j;
	const char *media;
	int err = files_json(r->b->files, file, "an index", &j, r->e);

	if (err)
		return err;
	media = json_text(j, "mediaType");
	*ret = json_object_get(j, "manifests");
	if (json_integer_value(json_object_get(j, "schemaVersion")) != SCHEMA_VERSION ||
	    !json_is_array(*ret) || (media && strcmp(media, BUNDLE_TYPE_INDEX) != 0))
		return bundle_bad(r->e, "an index is of another kind or version");
	if (json_array_size(*ret) > BUNDLE_FILES_MAX)
		return bundle_bad(r->e, "an index names more than %d things", BUNDLE_FILES_MAX);
	return 0;
}

/* An index inside of index.json names images alone. */
static int read_inner(struct reader *r, struct bundle_file *file)
{
	const json_t *list;
	struct descriptor d;
	int err = index_list(r, file, &list);

	for (size_t i = 0; !err && i < json_array_size(list); i++) {
		err = descriptor_read(r->b->files, json_array_get(list, i), "an image", &d, r->e);
		if (!err)
			err = add_image(r, &d);
	}
	return err;
}

static int read_index(struct reader *r)
{
	const json_t *list;
	struct descriptor d;
	int err = index_list(r, &r->b->files->index, &list);

	for (size_t i = 0; !err && i < json_array_size(list); i++) {
		err = descriptor_read(r->b->files, json_array_get(list, i), "an image", &d, r->e);
		if (!err)
			err = strcmp(d.media, BUNDLE_TYPE_INDEX) ? add_image(r, &d) : read_inner(r, d.blob);
	}
	return err;
}

int bundle_open(const void *data, size_t len, struct bundle *ret, struct bundle_error *e)
{
	struct bundle b = { 0 };
	struct reader r = { .b = &b, .e = e };
	int err;

	if (len > BUNDLE_ARCHIVE_MAX)
		return bundle_bad(e, "the archive is larger than %zu bytes", BUNDLE_ARCHIVE_MAX);
	err = files_read(data, len, &b.files, e);
	if (!err)
		err = check_layout(&r);
	if (!err)
		err = read_index(&r);
	if (!err && !b.nimages)
		err = bundle_bad(e, "the archive holds no image");
	if (err)
		bundle_close(&b);
	else
		*ret = b;
	return err;
}

void bundle_close(struct bundle *b)
{
	for (size_t i = 0; i < b->nimages; i++) {
		free(b->images[i].object_name);
		free(b->images[i].object);
	}
	files_free(b->files);
	*b = (struct bundle){ 0 };
}
