// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define FIRST_CAP 128

/* Room for @more bytes and the terminator. */
static void reserve(struct tpc_buf *b, size_t more)
{
	size_t want, cap = b->cap ? b->cap : FIRST_CAP;
	char *p;

	if (__builtin_add_overflow(b->len, more, &want) || want > SIZE_MAX / 4)
		abort();
	if (want < b->cap)
		return;
	while (cap <= want)
		cap *= 2;
	p = tpc_arena_alloc(b->arena, cap, 1);
	if (b->len)
		memcpy(p, b->data, b->len);
	b->data = p;
	b->cap = cap;
}

void tpc_buf_add(struct tpc_buf *b, const char *s, size_t len)
{
	if (!len)
		return;
	reserve(b, len);
	memcpy(b->data + b->len, s, len);
	b->len += len;
	b->data[b->len] = 0;
}

void tpc_buf_puts(struct tpc_buf *b, const char *s)
{
	tpc_buf_add(b, s, strlen(s));
}

void tpc_buf_putc(struct tpc_buf *b, char c)
{
	tpc_buf_add(b, &c, 1);
}

void tpc_buf_printf(struct tpc_buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n <= 0)
		return;
	reserve(b, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

const char *tpc_buf_text(const struct tpc_buf *b)
{
	return b->data ? b->data : "";
}
