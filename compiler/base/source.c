// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <string.h>

#include "base/source.h"
#include "base/utf8.h"

uint32_t tpc_source_add(struct tpc_sources *s, const char *name, const char *text, size_t len)
{
	struct tpc_source *src;

	if (len >= UINT32_MAX)
		abort();
	src = tpc_vec_push(s->arena, &s->files);
	*src = (struct tpc_source){
		.name = tpc_strdup(s->arena, name),
		.text = tpc_strndup(s->arena, text, len),
		.len = (uint32_t)len,
	};
	return s->files.len;
}

struct tpc_source *tpc_source_get(struct tpc_sources *s, uint32_t file)
{
	return file && file <= s->files.len ? &s->files.items[file - 1] : NULL;
}

/* A line ends with LF, CR LF or a lone CR. @off moves behind the end of the line that holds it. */
static bool next_line(const struct tpc_source *src, uint32_t *off)
{
	uint32_t i = *off;

	while (i < src->len && src->text[i] != '\n' && src->text[i] != '\r')
		i++;
	if (i == src->len)
		return false;
	if (src->text[i] == '\r' && i + 1 < src->len && src->text[i + 1] == '\n')
		i++;
	*off = i + 1;
	return true;
}

static bool has_bom(const struct tpc_source *src)
{
	return src->len >= 3 && !memcmp(src->text, "\xef\xbb\xbf", 3);
}

static void build_lines(struct tpc_sources *s, struct tpc_source *src)
{
	uint32_t n = 1, off = 0;

	while (next_line(src, &off))
		n++;
	src->line_off = tpc_new_array(s->arena, uint32_t, n);
	src->nlines = n;
	/* A byte order mark is no part of the first line. */
	src->line_off[0] = has_bom(src) ? 3 : 0;
	off = 0;
	for (uint32_t i = 1; i < n && next_line(src, &off); i++)
		src->line_off[i] = off;
}

/* 0-based line that holds byte @off. */
static uint32_t line_of(struct tpc_sources *s, struct tpc_source *src, uint32_t off)
{
	uint32_t lo = 0, hi;

	if (!src->line_off)
		build_lines(s, src);
	hi = src->nlines;
	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (src->line_off[mid] <= off)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

static uint32_t line_length(const struct tpc_source *src, uint32_t line)
{
	uint32_t end = line + 1 < src->nlines ? src->line_off[line + 1] : src->len;
	uint32_t start = src->line_off[line];

	while (end > start && (src->text[end - 1] == '\n' || src->text[end - 1] == '\r'))
		end--;
	return end - start;
}

static uint32_t count_chars(const char *s, uint32_t len)
{
	uint32_t n = 0, ch;

	for (uint32_t i = 0; i < len; n++) {
		unsigned k = tpc_utf8_decode(s + i, len - i, &ch);

		i += k ? k : 1;
	}
	return n;
}

bool tpc_source_place(struct tpc_sources *s, struct tpc_span at, struct tpc_place *ret)
{
	struct tpc_source *src = tpc_source_get(s, at.file);
	uint32_t line, off;

	if (!src)
		return false;
	off = at.off < src->len ? at.off : src->len;
	line = line_of(s, src, off);
	*ret = (struct tpc_place){
		.file = src->name,
		.line = line + 1,
		.line_text = src->text + src->line_off[line],
		.line_len = line_length(src, line),
	};
	ret->col_off = off > src->line_off[line] ? off - src->line_off[line] : 0;
	ret->col = 1 + count_chars(ret->line_text, ret->col_off);
	return true;
}

uint32_t tpc_source_line(struct tpc_sources *s, struct tpc_span at)
{
	struct tpc_source *src = tpc_source_get(s, at.file);

	if (!src)
		return 0;
	return 1 + line_of(s, src, at.off < src->len ? at.off : src->len);
}
