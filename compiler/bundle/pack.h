// SPDX-License-Identifier: Apache-2.0
/* tar and gzip with nothing in them that comes from this machine. Used by image.c alone. */
#ifndef TPC_BUNDLE_PACK_H
#define TPC_BUNDLE_PACK_H

#include "base/buf.h"

struct pack_file {
	const char *name;
	const void *data;
	size_t len;
	unsigned mode;
};

/* A tar file of @files in their order: owner 0, dates @epoch. 0 or -ENOMEM. */
int pack_tar(const struct pack_file *files, uint32_t n, int64_t epoch, struct tpc_buf *out);
/* One gzip member without name and date. 0 or -ENOMEM. */
int pack_gzip(const void *data, size_t len, struct tpc_buf *out);

#endif
