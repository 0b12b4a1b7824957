// SPDX-License-Identifier: Apache-2.0
/* UTF-8 one character at a time, and how wide a terminal shows it. */
#ifndef TPC_BASE_UTF8_H
#define TPC_BASE_UTF8_H

#include "base/buf.h"

/*
 * Bytes of the character at @s (1 to 4) and its code point; 0 when the bytes there are not UTF-8
 * (overlong forms, surrogates and what lies above U+10FFFF are not). @len is at least 1.
 */
unsigned tpc_utf8_decode(const char *s, size_t len, uint32_t *ret);

/* Terminal columns: 0 for combining marks, 2 for East Asian wide characters and emoji, else 1. */
unsigned tpc_utf8_width(uint32_t ch);

/*
 * Appends the character at @s as a terminal may see it: control characters, marks that turn the direction
 * of text and bytes that are not UTF-8 become \x1b or \u202e. Gives the bytes taken from @s, and in @width
 * (may be NULL) the columns added.
 */
size_t tpc_utf8_show(struct tpc_buf *out, const char *s, size_t len, unsigned *width);

/* A whole text through tpc_utf8_show(). */
const char *tpc_utf8_shown(struct tpc_arena *a, const char *s, size_t len);

#endif
