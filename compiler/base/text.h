// SPDX-License-Identifier: Apache-2.0
/* ASCII characters, whatever the locale is, and texts that are not terminated. */
#ifndef TPC_BASE_TEXT_H
#define TPC_BASE_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline bool tpc_is_digit(char ch)
{
	return ch >= '0' && ch <= '9';
}

static inline bool tpc_is_alnum(char ch)
{
	return tpc_is_digit(ch) || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

/* What @ch is worth as a digit in base 16 or below; 16: nothing. */
static inline int tpc_digit_of(char ch)
{
	if (tpc_is_digit(ch))
		return ch - '0';
	if (ch >= 'a' && ch <= 'f')
		return ch - 'a' + 10;
	if (ch >= 'A' && ch <= 'F')
		return ch - 'A' + 10;
	return 16;
}

/* What Go's strings.TrimSpace takes away, of ASCII. */
static inline bool tpc_is_blank(char ch)
{
	return ch == ' ' || (ch >= '\t' && ch <= '\r');
}

/* Leaves out the blanks at both ends. */
static inline void tpc_trim(const char **s, uint32_t *len)
{
	while (*len && tpc_is_blank((*s)[0])) {
		(*s)++;
		(*len)--;
	}
	while (*len && tpc_is_blank((*s)[*len - 1]))
		(*len)--;
}

static inline bool tpc_text_is(const char *s, uint32_t len, const char *want)
{
	return strlen(want) == len && !memcmp(want, s, len);
}

#endif
