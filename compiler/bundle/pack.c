// SPDX-License-Identifier: Apache-2.0
#include "bundle/pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#define ZLIB_CONST /* next_in is not written through */
#include <zlib.h>

#define GZIP_WINDOW (15 + 16) /* zlib's largest, with a gzip header */
#define GZIP_MEMORY 9	      /* zlib's most: it decides over the bytes, as the level does */
#define GZIP_OS_UNKNOWN 255
#define TAR_RECORD 512

static la_ssize_t add_to_buf(struct archive *a, void *out, const void *data, size_t len)
{
	(void)a;
	tpc_buf_add(out, data, len);
	return (la_ssize_t)len;
}

static bool add_file(struct archive *a, const struct pack_file *f, int64_t epoch)
{
	struct archive_entry *e = archive_entry_new();
	bool ok;

	if (!e)
		return false;
	archive_entry_set_pathname(e, f->name);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, (__LA_MODE_T)f->mode);
	archive_entry_set_size(e, (la_int64_t)f->len);
	archive_entry_set_mtime(e, epoch, 0);
	ok = archive_write_header(a, e) == ARCHIVE_OK &&
	     (!f->len || archive_write_data(a, f->data, f->len) == (la_ssize_t)f->len);
	archive_entry_free(e);
	return ok;
}

int pack_tar(const struct pack_file *files, uint32_t n, int64_t epoch, struct tpc_buf *out)
{
	struct archive *a = archive_write_new();
	bool ok;

	if (!a)
		return -ENOMEM;
	ok = archive_write_set_format_ustar(a) == ARCHIVE_OK &&
	     archive_write_set_bytes_in_last_block(a, TAR_RECORD) == ARCHIVE_OK &&
	     archive_write_open(a, out, NULL, add_to_buf, NULL) == ARCHIVE_OK;
	for (uint32_t i = 0; i < n && ok; i++)
		ok = add_file(a, &files[i], epoch);
	ok = ok && archive_write_close(a) == ARCHIVE_OK;
	archive_write_free(a);
	/* Names and sizes were checked before, so it is memory that is missing. */
	return ok ? 0 : -ENOMEM;
}

int pack_gzip(const void *data, size_t len, struct tpc_buf *out)
{
	gz_header header = { .os = GZIP_OS_UNKNOWN };
	z_stream z = { .next_in = data, .avail_in = (uInt)len };
	size_t room;
	char *block;
	int r;

	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY) !=
	    Z_OK)
		return -ENOMEM;
	deflateSetHeader(&z, &header);
	room = deflateBound(&z, len);
	block = tpc_arena_alloc(out->arena, room, 1);
	z.next_out = (Bytef *)block;
	z.avail_out = (uInt)room;
	r = deflate(&z, Z_FINISH);
	deflateEnd(&z);
	if (r != Z_STREAM_END)
		return -ENOMEM;
	tpc_buf_add(out, block, room - z.avail_out);
	return 0;
}
