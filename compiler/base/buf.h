// SPDX-License-Identifier: Apache-2.0
/* Growable text in an arena, always NUL-terminated. */
#ifndef TPC_BASE_BUF_H
#define TPC_BASE_BUF_H

#include "base/arena.h"

struct tpc_buf {
	struct tpc_arena *arena;
	char *data; /* NULL while empty */
	size_t len, cap;
};

#define TPC_BUF(a) ((struct tpc_buf){ .arena = (a) })

void tpc_buf_add(struct tpc_buf *b, const char *s, size_t len);
void tpc_buf_puts(struct tpc_buf *b, const char *s);
void tpc_buf_putc(struct tpc_buf *b, char c);
void tpc_buf_printf(struct tpc_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The text; "" while empty. */
const char *tpc_buf_text(const struct tpc_buf *b);

#endif
