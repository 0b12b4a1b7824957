// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "ir/text.h"

static uint32_t shorter(const struct ir_text *a, const struct ir_text *b)
{
	return a->len < b->len ? a->len : b->len;
}

static int compare_len(const struct ir_text *a, const struct ir_text *b)
{
	return (a->len > b->len) - (a->len < b->len);
}

int ir_text_compare(const struct ir_text *a, const struct ir_text *b)
{
	uint32_t n = shorter(a, b);
	int r = n ? memcmp(a->s, b->s, n) : 0;

	return r ? r : compare_len(a, b);
}

int ir_text_compare_reversed(const struct ir_text *a, const struct ir_text *b)
{
	uint32_t n = shorter(a, b);

	for (uint32_t i = 1; i <= n; i++) {
		unsigned char ca = (unsigned char)a->s[a->len - i], cb = (unsigned char)b->s[b->len - i];

		if (ca != cb)
			return ca < cb ? -1 : 1;
	}
	return compare_len(a, b);
}

bool ir_texts_equal(const struct ir_text *a, uint32_t na, const struct ir_text *b, uint32_t nb)
{
	if (na != nb)
		return false;
	for (uint32_t i = 0; i < na; i++)
		if (ir_text_compare(&a[i], &b[i]))
			return false;
	return true;
}
