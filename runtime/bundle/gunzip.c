// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#define ZLIB_CONST /* next_in is not written through */
#include <zlib.h>

#include "bundle_impl.h"

#define GZIP_WINDOW (15 + 16) /* zlib's largest, with a gzip header and nothing else */
#define FIRST_ROOM ((size_t)64 << 10)

struct output {
	unsigned char *data;
	size_t len, cap, max;
};

/* Room for more output; at most one byte beyond the limit, by which it is known that there is more. */
static bool more_room(struct output *o)
{
	size_t cap = o->cap ? o->cap * 4 : FIRST_ROOM;
	unsigned char *data;

	if (cap > o->max + 1)
		cap = o->max + 1;
	data = realloc(o->data, cap);
	if (!data)
		return false;
	o->data = data;
	o->cap = cap;
	return true;
}

static int inflate_all(z_stream *z, struct output *o, struct bundle_error *e)
{
	int r = Z_OK;

	while (r == Z_OK) {
		if (o->len == o->cap && !more_room(o))
			return bundle_no_memory(e);
		z->next_out = o->data + o->len;
		z->avail_out = (uInt)(o->cap - o->len);
		r = inflate(z, Z_NO_FLUSH);
		o->len = o->cap - z->avail_out;
		if (o->len > o->max)
			return bundle_bad(e, "a layer is larger than %zu bytes when it is unpacked", o->max);
	}
	if (r == Z_MEM_ERROR)
		return bundle_no_memory(e);
	if (r != Z_STREAM_END)
		return bundle_bad(e, "a layer is no gzip file, or is broken: %s",
				  z->msg ? z->msg : "it ends early");
	if (z->avail_in)
		return bundle_bad(e, "a layer has %u bytes behind its end", z->avail_in);
	return 0;
}

int gunzip(const void *data, size_t len, size_t max, void **ret, size_t *ret_len, struct bundle_error *e)
{
	z_stream z = { .next_in = data, .avail_in = (uInt)len };
	struct output o = { .max = max };
	int err;

	if (len > BUNDLE_ARCHIVE_MAX)
		return bundle_bad(e, "a layer is larger than %zu bytes", BUNDLE_ARCHIVE_MAX);
	if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
		return bundle_no_memory(e);
	err = inflate_all(&z, &o, e);
	inflateEnd(&z);
	if (err) {
		free(o.data);
		return err;
	}
	*ret = o.data;
	*ret_len = o.len;
	return 0;
}
