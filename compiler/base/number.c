// SPDX-License-Identifier: Apache-2.0
#include "base/number.h"

#include "base/text.h"

/* The base that a prefix names in base 0; @skip: its length. */
static int base_of(const char *s, uint32_t len, uint32_t *skip)
{
	*skip = 0;
	if (len < 2 || s[0] != '0')
		return 10;
	*skip = 2;
	switch (s[1] | 0x20) {
	case 'x':
		return 16;
	case 'o':
		return 8;
	case 'b':
		return 2;
	default:
		*skip = 1;
		return 8;
	}
}

/* Base 0 takes an underscore between digits, or between a prefix and a digit. */
static bool is_separator(const char *s, uint32_t len, uint32_t i, uint32_t skip, int base)
{
	return s[i] == '_' && i + 1 < len && tpc_digit_of(s[i + 1]) < base &&
	       (i == skip ? skip > 0 : tpc_digit_of(s[i - 1]) < base);
}

enum tpc_number tpc_parse_magnitude(const char *s, uint32_t len, int base, uint64_t *ret)
{
	enum tpc_number fault = TPC_NUMBER_OK;
	bool any = base == 0;
	uint32_t skip = 0;

	if (any)
		base = base_of(s, len, &skip);
	if (skip >= len)
		return TPC_NUMBER_SYNTAX;
	*ret = 0;
	for (uint32_t i = skip; i < len; i++) {
		int d = tpc_digit_of(s[i]);

		if (any && is_separator(s, len, i, skip, base))
			continue;
		if (d >= base)
			return TPC_NUMBER_SYNTAX;
		if (__builtin_mul_overflow(*ret, (uint64_t)base, ret) ||
		    __builtin_add_overflow(*ret, (uint64_t)d, ret))
			fault = TPC_NUMBER_RANGE;
	}
	return fault;
}

enum tpc_number tpc_parse_uint(const char *s, uint32_t len, int base, unsigned bits, uint64_t *ret)
{
	enum tpc_number fault = tpc_parse_magnitude(s, len, base, ret);

	if (!fault && bits < 64 && *ret >> bits)
		return TPC_NUMBER_RANGE;
	return fault;
}

enum tpc_number tpc_parse_int(const char *s, uint32_t len, int base, unsigned bits, int64_t *ret)
{
	bool negative = len && s[0] == '-', sign = negative || (len && s[0] == '+');
	uint64_t v = 0, most = UINT64_C(1) << (bits - 1);
	enum tpc_number fault = tpc_parse_magnitude(s + sign, len - sign, base, &v);

	if (fault)
		return fault;
	if (v > (negative ? most : most - 1))
		return TPC_NUMBER_RANGE;
	*ret = (int64_t)(negative ? 0 - v : v);
	return TPC_NUMBER_OK;
}
