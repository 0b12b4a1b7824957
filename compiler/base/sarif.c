// SPDX-License-Identifier: Apache-2.0
/* Places as SARIF 2.1.0 names them; the numbers are its sections. */
#include "base/sarif.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

/* RFC 3986: "/" and unreserved characters stay. ":" does not: in a first segment it would end a scheme. */
const char *sarif_uri(struct tpc_arena *a, const char *path)
{
	static const char plain[] = "-._~/";
	struct tpc_buf out = TPC_BUF(a);

	while (path[0] == '.' && path[1] == '/' && path[2] && path[2] != '/')
		path += 2;
	if (*path == '/')
		tpc_buf_puts(&out, "file://");
	for (; *path; path++) {
		unsigned char ch = (unsigned char)*path;
		bool alnum = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9');

		if (alnum || strchr(plain, ch))
			tpc_buf_putc(&out, (char)ch);
		else
			tpc_buf_printf(&out, "%%%02X", ch);
	}
	return tpc_buf_text(&out);
}

/* 1-based column of a place, in UTF-16 code units; a byte that is not UTF-8 counts as one. */
static uint32_t utf16_column(const struct tpc_place *pl)
{
	uint32_t units = 1, ch;

	for (uint32_t i = 0; i < pl->col_off && i < pl->line_len;) {
		unsigned n = tpc_utf8_decode(pl->line_text + i, pl->line_len - i, &ch);

		units += n && ch > 0xffff ? 2 : 1;
		i += n ? n : 1;
	}
	return units;
}

json_t *sarif_region(struct tpc_sources *sources, struct tpc_span at)
{
	struct tpc_span after = { .file = at.file, .off = at.off + at.len };
	struct tpc_place start, end;
	json_t *o;

	if (!tpc_source_place(sources, at, &start) || !tpc_source_place(sources, after, &end))
		return NULL;
	o = json_object();
	json_object_set_new(o, "startLine", json_integer(start.line));
	json_object_set_new(o, "startColumn", json_integer(utf16_column(&start)));
	json_object_set_new(o, "endLine", json_integer(end.line));
	json_object_set_new(o, "endColumn", json_integer(utf16_column(&end)));
	return o;
}
