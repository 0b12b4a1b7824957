// SPDX-License-Identifier: Apache-2.0
/* An archive of images: layers, the JSON documents that name them by their digests, and the index over all. */
#include "bundle/image.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/digest.h"
#include "bundle/image_impl.h"
#include "bundle/pack.h"

#define LOADER "tpc-loader"
#define LAYOUT "{\"imageLayoutVersion\":\"1.0.0\"}"
#define REF_NAME "org.opencontainers.image.ref.name"
#define CREATED "org.opencontainers.image.created"
/* The label is for people and catalogues; what is larger is read from the object. */
#define LABEL_MAX ((size_t)1 << 20)

struct blob {
	const char *digest, *data;
	size_t len;
};

struct builder {
	struct tpc_ctx *c;
	const struct image_opts *o;
	const char *created;
	TPC_VEC(struct blob) blobs;
	int err; /* -ENOMEM: said once, at the end */
};

/* A document's text in the arena; @j is released. */
static struct blob add_json(struct builder *b, json_t *j)
{
	char *text = j ? json_dumps(j, JSON_COMPACT) : NULL;
	struct blob blob = { .digest = "", .data = "" };

	json_decref(j);
	if (!text) {
		b->err = -ENOMEM;
		return blob;
	}
	blob.len = strlen(text);
	blob.data = tpc_strndup(b->c->arena, text, blob.len);
	blob.digest = tpc_digest(b->c->arena, text, blob.len);
	free(text);
	*tpc_vec_push(b->c->arena, &b->blobs) = blob;
	return blob;
}

static json_t *descriptor(struct builder *b, const char *media, const struct blob *blob)
{
	json_t *j = json_pack("{s:s, s:s, s:I}", "mediaType", media, "digest", blob->digest, "size",
			      (json_int_t)blob->len);

	if (!j)
		b->err = -ENOMEM;
	return j;
}

/* Sets @key of @j, both of which may be NULL when memory ran out; takes @value. */
static void set(struct builder *b, json_t *j, const char *key, json_t *value)
{
	if (json_object_set_new(j, key, value))
		b->err = -ENOMEM;
}

static void append(struct builder *b, json_t *list, json_t *value)
{
	if (json_array_append_new(list, value))
		b->err = -ENOMEM;
}

/* One file as a layer: its descriptor to @layers, its digest when unpacked to @diff_ids. */
static void add_layer(struct builder *b, const struct pack_file *file, json_t *layers, json_t *diff_ids)
{
	struct tpc_arena *a = b->c->arena;
	struct tpc_buf tar = TPC_BUF(a), gz = TPC_BUF(a);
	struct blob blob;

	if (pack_tar(file, 1, b->o->epoch, &tar) || pack_gzip(tar.data, tar.len, &gz)) {
		b->err = -ENOMEM;
		return;
	}
	blob = (struct blob){ tpc_digest(a, gz.data, gz.len), gz.data, gz.len };
	*tpc_vec_push(a, &b->blobs) = blob;
	append(b, layers, descriptor(b, BUNDLE_TYPE_LAYER, &blob));
	append(b, diff_ids, json_string(tpc_digest(a, tar.data, tar.len)));
}

static json_t *labels(struct builder *b, const struct image_object *obj)
{
	json_t *j = json_object();

	set(b, j, BUNDLE_LABEL_MANIFEST, json_string(obj->manifest));
	if (strlen(obj->manifest) > LABEL_MAX) {
		json_object_del(j, BUNDLE_LABEL_MANIFEST);
		tpc_warning(&b->c->diags, TPC_NOWHERE, TPC_W_BUNDLE_LABEL,
			    "%s: its manifest is larger than %zu bytes and is left out of the image's labels",
			    obj->path, LABEL_MAX);
	}
	set(b, j, BUNDLE_LABEL_MAPS, json_string(obj->maps));
	set(b, j, BUNDLE_LABEL_PROGRAMS, json_string(obj->programs));
	return j;
}

static struct blob add_config(struct builder *b, const struct image_object *obj, json_t *diff_ids,
			      bool loader)
{
	json_t *j = json_pack("{s:s, s:s, s:s, s:{s:o}, s:{s:s, s:o}}", "created", b->created, "architecture",
			      obj->arch, "os", "linux", "config", "Labels", labels(b, obj), "rootfs", "type",
			      "layers", "diff_ids", diff_ids);

	if (loader)
		set(b, json_object_get(j, "config"), "Entrypoint",
		    json_pack("[s, s, s]", "/" LOADER, "run", tpc_sprintf(b->c->arena, "/%s", obj->name)));
	return add_json(b, j);
}

static const struct image_loader *loader_for(const struct builder *b, const char *arch)
{
	for (uint32_t i = 0; i < b->o->nloaders; i++)
		if (!strcmp(image_loader_arch(&b->o->loaders[i]), arch))
			return &b->o->loaders[i];
	return NULL;
}

/* The image of one object; gives its entry of the index. */
static json_t *add_image(struct builder *b, const struct image_object *obj)
{
	struct pack_file file = { obj->name, obj->data, obj->len, 0444 };
	const struct image_loader *loader = loader_for(b, obj->arch);
	json_t *layers = json_array(), *diff_ids = json_array(), *j;
	struct blob config, manifest;

	add_layer(b, &file, layers, diff_ids);
	if (loader) {
		file = (struct pack_file){ LOADER, loader->data, loader->len, 0555 };
		add_layer(b, &file, layers, diff_ids);
	}
	config = add_config(b, obj, diff_ids, loader != NULL);
	j = json_pack("{s:i, s:s, s:o, s:o, s:{s:s, s:s}}", "schemaVersion", 2, "mediaType",
		      BUNDLE_TYPE_MANIFEST, "config", descriptor(b, BUNDLE_TYPE_CONFIG, &config), "layers",
		      layers, "annotations", BUNDLE_KEY_OBJECT, tpc_digest(b->c->arena, obj->data, obj->len),
		      CREATED, b->created);
	manifest = add_json(b, j);
	j = descriptor(b, BUNDLE_TYPE_MANIFEST, &manifest);
	set(b, j, "platform", json_pack("{s:s, s:s}", "architecture", obj->arch, "os", "linux"));
	if (b->o->key)
		set(b, j, "annotations",
		    json_pack("{s:s}", BUNDLE_KEY_SIGNATURE,
			      key_sign(b->c->arena, b->o->key, manifest.data, manifest.len)));
	return j;
}

static json_t *index_of(json_t *list)
{
	return json_pack("{s:i, s:s, s:o}", "schemaVersion", 2, "mediaType", BUNDLE_TYPE_INDEX, "manifests",
			 list);
}

static int by_arch(const void *a, const void *b)
{
	return strcmp(((const struct image_object *)a)->arch, ((const struct image_object *)b)->arch);
}

/* The bytes of index.json, which names one thing: what is copied by its tag is then copied as a whole. */
static struct blob add_index(struct builder *b)
{
	struct image_object *objects = tpc_new_array(b->c->arena, struct image_object, b->o->nobjects);
	json_t *list = json_array(), *top;
	struct blob inner;

	memcpy(objects, b->o->objects, b->o->nobjects * sizeof(*objects));
	qsort(objects, b->o->nobjects, sizeof(*objects), by_arch);
	for (uint32_t i = 0; i < b->o->nobjects; i++)
		append(b, list, add_image(b, &objects[i]));
	/* index.json is rewritten by every copy: signatures are kept only in an index of their own. */
	if (b->o->nobjects > 1 || b->o->key) {
		inner = add_json(b, index_of(list));
		list = json_array();
		append(b, list, descriptor(b, BUNDLE_TYPE_INDEX, &inner));
	}
	top = json_array_get(list, 0);
	set(b, top, "annotations", json_pack("{s:s}", REF_NAME, b->o->tag));
	inner = add_json(b, index_of(list));
	if (inner.len)
		b->blobs.len--; /* a file of its own and no blob */
	return inner;
}

static int by_digest(const void *a, const void *b)
{
	return strcmp(((const struct blob *)a)->digest, ((const struct blob *)b)->digest);
}

static int write_archive(struct builder *b, const struct blob *index, struct tpc_buf *out)
{
	struct pack_file *files = tpc_new_array(b->c->arena, struct pack_file, b->blobs.len + 2);
	uint32_t n = 0;

	files[n++] = (struct pack_file){ "oci-layout", LAYOUT, strlen(LAYOUT), 0444 };
	files[n++] = (struct pack_file){ "index.json", index->data, index->len, 0444 };
	qsort(b->blobs.items, b->blobs.len, sizeof(*b->blobs.items), by_digest);
	for (uint32_t i = 0; i < b->blobs.len; i++) {
		const struct blob *blob = &b->blobs.items[i];

		if (i && !strcmp(blob->digest, blob[-1].digest))
			continue;
		files[n++] = (struct pack_file){ tpc_sprintf(b->c->arena, "blobs/sha256/%s",
							     blob->digest + strlen("sha256:")),
						 blob->data, blob->len, 0444 };
	}
	return pack_tar(files, n, b->o->epoch, out);
}

/* RFC 3339, which image-spec asks for. */
static const char *date(struct tpc_arena *a, int64_t epoch)
{
	time_t t = (time_t)epoch;
	char text[32];
	struct tm tm;

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &tm));
	return tpc_strdup(a, text);
}

int image_build(struct tpc_ctx *c, const struct image_opts *o, struct tpc_buf *out)
{
	struct builder b = { .c = c, .o = o, .created = date(c->arena, o->epoch) };
	struct blob index;

	if (!image_check(c, o))
		return -EINVAL;
	index = add_index(&b);
	if (!b.err)
		b.err = write_archive(&b, &index, out);
	if (!b.err && (tpc_arena_exhausted(c->arena) || out->len > BUNDLE_ARCHIVE_MAX)) {
		tpc_error(&c->diags, TPC_NOWHERE, TPC_E_BUNDLE_FILES,
			  "the objects and loaders are too large for an archive");
		return -EINVAL;
	}
	return b.err;
}
