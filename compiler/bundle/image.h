// SPDX-License-Identifier: Apache-2.0
/*
 * Writing OCI image archives of compiled objects: docs/bundle.md. Equal input gives equal bytes: nothing is taken from
 * the machine, and what has an order that nobody chose is sorted. What reads them: <tpc/bundle.h>.
 */
#ifndef TPC_BUNDLE_IMAGE_H
#define TPC_BUNDLE_IMAGE_H

#include "base/buf.h"
#include "base/ctx.h"
#include "bundle/keys.h"

#define IMAGE_NAME_MAX 100	   /* bytes of a file's name in a layer */
#define IMAGE_EPOCH_MAX 8589934591 /* the last second that a tar header can hold */
#define IMAGE_LOADER_MAX (64U << 20)

/* One program or map, and what kind it is. */
struct image_pair {
	const char *name, *type;
};

struct image_object {
	const char *path; /* for messages */
	const char *name; /* in the layer */
	const void *data;
	size_t len;
	const char *arch;	     /* as OCI calls it */
	const char *programs, *maps; /* labels, of image_label() */
	const char *manifest;	     /* the object's, as JSON */
};

/* A tpc-loader to ship with the objects of its architecture. */
struct image_loader {
	const char *path;
	const void *data;
	size_t len;
};

struct image_opts {
	const struct image_object *objects;
	uint32_t nobjects; /* at least 1 */
	const struct image_loader *loaders;
	uint32_t nloaders;
	const char *tag;	      /* of the archive's one image, see image_good_tag() */
	int64_t epoch;		      /* seconds since 1970, 0 to IMAGE_EPOCH_MAX: the date of everything */
	const struct secret_key *key; /* signs each image, or NULL */
};

/* The archive's bytes into @out. 0; -EINVAL: diagnostics say why not; -ENOMEM. */
int image_build(struct tpc_ctx *c, const struct image_opts *o, struct tpc_buf *out);

/* {"name":"type",…}, sorted by name, as the labels of bytecode images have it. NULL: a name is not UTF-8. */
const char *image_label(struct tpc_arena *a, const struct image_pair *pairs, uint32_t n);
/* Whether a registry would take this as a tag. */
bool image_good_tag(const char *tag);

#endif
