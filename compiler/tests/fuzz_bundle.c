// SPDX-License-Identifier: Apache-2.0
/*
 * libFuzzer: what reads image archives. No mutation finds a SHA-256 digest, so the first byte of the input says which
 * part of an archive the rest of it is: the archive, a layer, or a document; the parts around it are made to fit.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ctx.h"
#include "base/digest.h"
#include "bundle/pack.h"

#include <tpc/sign.h>

#define CEILING ((size_t)32 << 20)

enum part { ARCHIVE, LAYER_TAR, LAYER_GZIP, CONFIG, MANIFEST, INDEX, SIGNATURE, PARTS };

struct text {
	const char *data;
	size_t len;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_archive(const char *data, size_t len)
{
	struct bundle_error e = { 0 };
	struct bundle b;

	if (!bundle_open(data, len, &b, &e))
		bundle_close(&b);
	else if (!e.text[0])
		abort(); /* refused without a word */
}

static void read_signature(const char *data, size_t len)
{
	static const struct sign_key key = { .id = { 1 } };
	char id[2 * SIGN_ID_BYTES + 1];
	struct bundle_error e = { 0 };
	struct sign_key read;

	sign_claimed(data, len, id);
	if (!sign_check(&key, "", 0, data, len, &e) || !e.text[0])
		abort(); /* nobody has the key */
	sign_read_key(data, len, &read, &e);
}

static struct text format(char *text)
{
	return (struct text){ text, strlen(text) };
}

static const char *digest(struct tpc_arena *a, struct text t)
{
	return tpc_digest(a, t.data, t.len);
}

static struct pack_file blob(struct tpc_arena *a, struct text t)
{
	return (struct pack_file){ tpc_sprintf(a, "blobs/sha256/%s", digest(a, t) + strlen("sha256:")),
				   t.data, t.len, 0444 };
}

/* An archive in which @in is one part. */
static void read_part(struct tpc_arena *a, enum part part, struct text in)
{
	struct tpc_buf tar = TPC_BUF(a), gz = TPC_BUF(a), out = TPC_BUF(a);
	struct pack_file file = { "p.bpf.o", "object", 6, 0444 };
	struct text layer, config, manifest, index;

	if (part == LAYER_TAR)
		tpc_buf_add(&tar, in.data, in.len);
	else
		pack_tar(&file, 1, 0, &tar);
	pack_gzip(tar.data, tar.len, &gz);
	layer = part == LAYER_GZIP ? in : (struct text){ gz.data, gz.len };
	config = part == CONFIG ?
			 in :
			 format(tpc_sprintf(
				 a,
				 "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"diff_ids\":"
				 "[\"%s\"]}}",
				 tpc_digest(a, tar.data, tar.len)));
	manifest =
		part == MANIFEST ?
			in :
			format(tpc_sprintf(
				a,
				"{\"schemaVersion\":2,\"config\":{\"mediaType\":\"" BUNDLE_TYPE_CONFIG
				"\",\"digest\":\"%s\",\"size\":%zu},\"layers\":[{\"mediaType\":\"" BUNDLE_TYPE_LAYER
				"\",\"digest\":\"%s\",\"size\":%zu}]}",
				digest(a, config), config.len, digest(a, layer), layer.len));
	index = part == INDEX ?
			in :
			format(tpc_sprintf(
				a,
				"{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"" BUNDLE_TYPE_MANIFEST
				"\",\"digest\":\"%s\",\"size\":%zu}]}",
				digest(a, manifest), manifest.len));
	{
		struct pack_file files[] = {
			{ "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}", 30, 0444 },
			{ "index.json", index.data, index.len, 0444 },
			blob(a, manifest),
			blob(a, config),
			blob(a, layer),
		};

		pack_tar(files, sizeof(files) / sizeof(files[0]), 0, &out);
	}
	read_archive(out.data, out.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tpc_arena *a;
	struct text in;

	if (!size)
		return 0;
	in = (struct text){ (const char *)data + 1, size - 1 };
	a = tpc_arena_new(CEILING);
	if (!a)
		return 0;
	if (data[0] % PARTS == ARCHIVE)
		read_archive(in.data, in.len);
	else if (data[0] % PARTS == SIGNATURE)
		read_signature(in.data, in.len);
	else
		read_part(a, (enum part)(data[0] % PARTS), in);
	tpc_arena_free(a);
	return 0;
}
