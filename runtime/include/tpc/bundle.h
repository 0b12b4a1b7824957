/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading an OCI image archive that holds compiled objects: docs/bundle.md. The compiler and the loader share this
 * reader, and it knows neither. Input is hostile: sizes are bounded before anything is allocated, each blob is
 * compared with its digest, and nothing is ever written to a disk.
 */
#ifndef TPC_BUNDLE_H
#define TPC_BUNDLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define BUNDLE_ARCHIVE_MAX ((size_t)256 << 20)
#define BUNDLE_OBJECT_MAX ((size_t)64 << 20)
#define BUNDLE_UNPACKED_MAX ((size_t)128 << 20) /* the first layers of all images together */
#define BUNDLE_JSON_MAX ((size_t)4 << 20)	/* of one file, as registries have it for manifests */
#define BUNDLE_JSON_TOTAL ((size_t)8 << 20)	/* of all that is read; in memory it takes many times that */
enum { BUNDLE_IMAGES_MAX = 16, BUNDLE_LAYERS_MAX = 8, BUNDLE_FILES_MAX = 256 };

#define BUNDLE_DIGEST_LEN 71 /* "sha256:" and 64 digits */

/* Keys of annotations and labels: docs/bundle.md. */
#define BUNDLE_KEY_SIGNATURE "dev.tpc.signature"  /* of an index's descriptor */
#define BUNDLE_KEY_OBJECT "dev.tpc.object.digest" /* of an image's manifest */
#define BUNDLE_LABEL_PROGRAMS "io.ebpf.programs"
#define BUNDLE_LABEL_MAPS "io.ebpf.maps"
#define BUNDLE_LABEL_MANIFEST "dev.tpc.manifest"

#define BUNDLE_TYPE_INDEX "application/vnd.oci.image.index.v1+json"
#define BUNDLE_TYPE_MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define BUNDLE_TYPE_CONFIG "application/vnd.oci.image.config.v1+json"
#define BUNDLE_TYPE_LAYER "application/vnd.oci.image.layer.v1.tar+gzip"

/* Why something failed: one sentence without a period. Text of unknown origin in it is plain ASCII. */
struct bundle_error {
	bool machine; /* no memory: the input is not to blame */
	char text[512];
};

struct bundle_image {
	const char *arch;   /* as OCI calls it: "amd64" */
	const char *digest; /* of its manifest */
	const char *manifest;
	size_t manifest_len;
	const char *signature; /* of the manifest's bytes, see sign.h; NULL: there is none */
	const json_t *labels;  /* an object of strings, or NULL */
	size_t nlayers;
	char *object_name; /* in the first layer, of printable ASCII */
	void *object;
	size_t object_len;
};

struct bundle {
	struct bundle_image images[BUNDLE_IMAGES_MAX];
	size_t nimages;		    /* at least 1, no two for one architecture */
	struct bundle_files *files; /* bundle.c's own: what the images point into */
};

/* Whether these may be the bytes of an archive: they are no ELF file, but begin as tar files do. */
bool bundle_is_archive(const void *data, size_t len);
/* 0 and a bundle for bundle_close(), or -EINVAL or -ENOMEM and a message; nothing is kept then. */
int bundle_open(const void *data, size_t len, struct bundle *ret, struct bundle_error *e);
void bundle_close(struct bundle *b);

/* What OCI calls the machine that uname(2) and manifests call @machine; NULL: none that tpc knows. */
const char *bundle_arch(const char *machine);

#endif
