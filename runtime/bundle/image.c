// SPDX-License-Identifier: Apache-2.0
/* From a manifest to the object in the first layer: image-spec, manifest.md, config.md and layer.md. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bundle_impl.h"

#define TAR_ROOM ((size_t)1 << 20) /* what a layer may hold beside its object: headers, padding */
#define SCHEMA_VERSION 2

const char *json_text(const json_t *j, const char *key)
{
	return json_string_value(json_object_get(j, key));
}

int descriptor_read(struct bundle_files *f, const json_t *j, const char *what, struct descriptor *ret,
		    struct bundle_error *e)
{
	const json_t *size = json_object_get(j, "size");
	const char *digest = json_text(j, "digest");

	*ret = (struct descriptor){ .media = json_text(j, "mediaType"),
				    .annotations = json_object_get(j, "annotations"),
				    .platform = json_object_get(j, "platform") };
	if (!ret->media || !digest || !json_is_integer(size))
		return bundle_bad(e, "%s has no media type, digest or size", what);
	if (!bundle_is_digest(digest))
		return bundle_bad(e, "%s has digest '%.100s', which is not a SHA-256 one", what, digest);
	ret->blob = files_find(f, digest);
	if (!ret->blob)
		return bundle_bad(e, "%s is not in the archive: there is no blob %s", what, digest);
	if (json_integer_value(size) < 0 || (size_t)json_integer_value(size) != ret->blob->len)
		return bundle_bad(e, "%s is %zu bytes long and not %lld, as it is said to be", what,
				  ret->blob->len, (long long)json_integer_value(size));
	return 0;
}

static int check_media(const struct descriptor *d, const char *what, const char *want, struct bundle_error *e)
{
	if (!strcmp(d->media, want))
		return 0;
	return bundle_bad(e, "%s is of media type '%.100s', expected '%s'", what, d->media, want);
}

static int check_platform(const struct descriptor *d, const json_t *config, struct bundle_image *ret,
			  struct bundle_error *e)
{
	const char *arch = json_text(config, "architecture"), *os = json_text(config, "os");
	const char *said = json_text(d->platform, "architecture");

	if (!arch || !*arch || strlen(arch) > 32 || !os)
		return bundle_bad(e, "the image's configuration does not say for which platform it is");
	if (strcmp(os, "linux") != 0)
		return bundle_bad(e, "the image is for '%.32s', not for linux", os);
	if (said && strcmp(said, arch) != 0)
		return bundle_bad(
			e, "the index says that an image is for '%.32s', the image that it is for '%.32s'",
			said, arch);
	ret->arch = arch;
	return 0;
}

static int check_labels(const json_t *config, struct bundle_image *ret, struct bundle_error *e)
{
	json_t *labels = json_object_get(json_object_get(config, "config"), "Labels"), *value;
	const char *key;

	if (!labels || json_is_null(labels))
		return 0;
	if (!json_is_object(labels))
		return bundle_bad(e, "the image's labels are no JSON object");
	json_object_foreach (labels, key, value)
		if (!json_is_string(value))
			return bundle_bad(e, "the image's label '%.100s' is no text", key);
	ret->labels = labels;
	return 0;
}

/* The digest that the first layer has when it is unpacked, or NULL and said. */
static const char *first_diff_id(const json_t *config, size_t nlayers, struct bundle_error *e)
{
	const json_t *ids = json_object_get(json_object_get(config, "rootfs"), "diff_ids");
	const char *first = json_string_value(json_array_get(ids, 0));

	if (json_array_size(ids) != nlayers || !first || !bundle_is_digest(first)) {
		bundle_bad(e, "the image's configuration does not have a digest for each of its %zu layers",
			   nlayers);
		return NULL;
	}
	return first;
}

static bool no_folder(const char *name)
{
	(void)name;
	return false;
}

static int keep_object(void *arg, const char *name, void *data, size_t len, struct bundle_error *e)
{
	struct bundle_image *image = arg;
	int err = 0;

	if (image->object)
		err = bundle_bad(e, "the first layer holds more than one file");
	else if (strchr(name, '/'))
		err = bundle_bad(e, "'%s' is not at the root of its layer", name);
	else if (len > BUNDLE_OBJECT_MAX)
		err = bundle_bad(e, "'%s' is larger than %zu bytes", name, BUNDLE_OBJECT_MAX);
	if (!err && !(image->object_name = strdup(name)))
		err = bundle_no_memory(e);
	if (err) {
		free(data);
		return err;
	}
	image->object = data;
	image->object_len = len;
	return 0;
}

static int read_layer(const struct bundle_file *layer, const char *diff_id, size_t *unpacked,
		      struct bundle_image *ret, struct bundle_error *e)
{
	/* One for the object, one for the root folder. */
	struct tar_how how = { .max = 2, .folder = no_folder, .file = keep_object, .arg = ret };
	size_t max = BUNDLE_UNPACKED_MAX - *unpacked, len = 0;
	char digest[BUNDLE_DIGEST_LEN + 1];
	void *tar = NULL;
	int err;

	if (max > BUNDLE_OBJECT_MAX + TAR_ROOM)
		max = BUNDLE_OBJECT_MAX + TAR_ROOM;
	err = gunzip(layer->data, layer->len, max, &tar, &len, e);
	if (err)
		return err;
	*unpacked += len;
	bundle_digest(tar, len, digest);
	if (strcmp(digest, diff_id) != 0)
		err = bundle_bad(e, "the first layer was changed: unpacked, its digest is %s", digest);
	else
		err = tar_read(tar, len, &how, e);
	free(tar);
	if (!err && !ret->object)
		err = bundle_bad(e, "the first layer holds no file");
	return err;
}

/* All layers are compared with their digests, and only the first is opened. */
static int check_layers(struct bundle_files *f, const json_t *manifest, struct descriptor *first, size_t *n,
			struct bundle_error *e)
{
	const json_t *layers = json_object_get(manifest, "layers");
	struct descriptor d;
	int err = 0;

	*n = json_array_size(layers);
	if (!*n || *n > BUNDLE_LAYERS_MAX)
		return bundle_bad(e, "an image has %zu layers, expected 1 to %d", *n, BUNDLE_LAYERS_MAX);
	for (size_t i = 0; i < *n && !err; i++) {
		err = descriptor_read(f, json_array_get(layers, i), "a layer", &d, e);
		if (!err)
			err = check_media(&d, "a layer", BUNDLE_TYPE_LAYER, e);
		if (!i)
			*first = d;
	}
	return err;
}

/* What the manifest says of the object is signed with the manifest. */
static int check_object_digest(const json_t *manifest, const struct bundle_image *image,
			       struct bundle_error *e)
{
	const char *want = json_text(json_object_get(manifest, "annotations"), BUNDLE_KEY_OBJECT);
	char digest[BUNDLE_DIGEST_LEN + 1];

	if (!want)
		return 0;
	bundle_digest(image->object, image->object_len, digest);
	if (!strcmp(want, digest))
		return 0;
	return bundle_bad(e, "'%s' is not the object that the image's manifest tells of: its digest is %s",
			  image->object_name, digest);
}

static int read_parts(struct bundle_files *f, const struct descriptor *d, const json_t *manifest,
		      size_t *unpacked, struct bundle_image *ret, struct bundle_error *e)
{
	struct descriptor config, layer = { 0 };
	const char *diff_id = NULL;
	const json_t *j = NULL;
	int err;

	err = descriptor_read(f, json_object_get(manifest, "config"), "the image's configuration", &config,
			      e);
	if (!err)
		err = check_media(&config, "the image's configuration", BUNDLE_TYPE_CONFIG, e);
	if (!err)
		err = files_json(f, config.blob, "the image's configuration", &j, e);
	if (!err)
		err = check_platform(d, j, ret, e);
	if (!err)
		err = check_labels(j, ret, e);
	if (!err)
		err = check_layers(f, manifest, &layer, &ret->nlayers, e);
	if (!err && !(diff_id = first_diff_id(j, ret->nlayers, e)))
		err = -EINVAL;
	if (!err)
		err = read_layer(layer.blob, diff_id, unpacked, ret, e);
	return err ? err : check_object_digest(manifest, ret, e);
}

int image_read(struct bundle_files *f, const struct descriptor *d, size_t *unpacked, struct bundle_image *ret,
	       struct bundle_error *e)
{
	const char *media;
	const json_t *j;
	int err = files_json(f, d->blob, "an image's manifest", &j, e);

	if (err)
		return err;
	media = json_text(j, "mediaType");
	if (json_integer_value(json_object_get(j, "schemaVersion")) != SCHEMA_VERSION ||
	    (media && strcmp(media, BUNDLE_TYPE_MANIFEST) != 0))
		return bundle_bad(e, "an image's manifest is of another kind or version");
	ret->digest = d->blob->digest;
	ret->manifest = d->blob->data;
	ret->manifest_len = d->blob->len;
	ret->signature = json_text(d->annotations, BUNDLE_KEY_SIGNATURE);
	return read_parts(f, d, j, unpacked, ret, e);
}
