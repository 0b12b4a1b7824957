// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

struct range {
	uint32_t first, last;
};

/* Unicode 15: combining marks, joiners and variation selectors that occur in practice. */
static const struct range zero_width[] = {
	{ 0x300, 0x36f },   { 0x483, 0x489 },	{ 0x591, 0x5bd },   { 0x610, 0x61a },	{ 0x64b, 0x65f },
	{ 0x900, 0x902 },   { 0xe31, 0xe31 },	{ 0xe34, 0xe3a },   { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff },
	{ 0x200b, 0x200d }, { 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xfeff, 0xfeff },
};

/* East_Asian_Width W and F, and emoji. */
static const struct range wide[] = {
	{ 0x1100, 0x115f },   { 0x231a, 0x231b },   { 0x23e9, 0x23ec },	  { 0x25fd, 0x25fe },
	{ 0x2614, 0x2615 },   { 0x2648, 0x2653 },   { 0x26a1, 0x26a1 },	  { 0x2705, 0x2705 },
	{ 0x274c, 0x274c },   { 0x2795, 0x2797 },   { 0x2e80, 0x303e },	  { 0x3041, 0x33ff },
	{ 0x3400, 0x4dbf },   { 0x4e00, 0x9fff },   { 0xa000, 0xa4cf },	  { 0xac00, 0xd7a3 },
	{ 0xf900, 0xfaff },   { 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },	  { 0xffe0, 0xffe6 },
	{ 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff }, { 0x1f7e0, 0x1f7eb }, { 0x1f900, 0x1f9ff },
	{ 0x1fa70, 0x1faff }, { 0x20000, 0x3fffd },
};

/* What would change how the rest of a line reads: "Trojan source". */
static const struct range direction[] = {
	{ 0x61c, 0x61c },
	{ 0x200e, 0x200f },
	{ 0x2028, 0x202e },
	{ 0x2066, 0x2069 },
};

static bool within(const struct range *r, size_t n, uint32_t ch)
{
	for (size_t i = 0; i < n && r[i].first <= ch; i++) {
		if (ch <= r[i].last)
			return true;
	}
	return false;
}

#define WITHIN(table, ch) within(table, sizeof(table) / sizeof((table)[0]), ch)

unsigned tpc_utf8_decode(const char *s, size_t len, uint32_t *ret)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *u = (const unsigned char *)s;
	uint32_t ch = u[0];
	unsigned n;

	if (ch < 0x80) {
		*ret = ch;
		return 1;
	}
	n = ch >= 0xf0 && ch < 0xf8 ? 4 : ch >= 0xe0 && ch < 0xf0 ? 3 : ch >= 0xc0 && ch < 0xe0 ? 2 : 0;
	if (!n || n > len)
		return 0;
	ch &= 0x7fu >> n;
	for (unsigned i = 1; i < n; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		ch = ch << 6 | (u[i] & 0x3f);
	}
	if (ch < least[n] || ch > 0x10ffff || (ch >= 0xd800 && ch <= 0xdfff))
		return 0;
	*ret = ch;
	return n;
}

unsigned tpc_utf8_width(uint32_t ch)
{
	if (ch < 0x300)
		return 1;
	return WITHIN(zero_width, ch) ? 0 : WITHIN(wide, ch) ? 2 : 1;
}

size_t tpc_utf8_show(struct tpc_buf *out, const char *s, size_t len, unsigned *width)
{
	size_t before = out->len;
	uint32_t ch;
	unsigned n = tpc_utf8_decode(s, len, &ch), cols = 0;

	if (!n)
		tpc_buf_printf(out, "\\x%02x", (unsigned char)s[0]);
	else if (ch == '\n')
		tpc_buf_puts(out, "\\n");
	else if (ch == '\t')
		tpc_buf_puts(out, "\\t");
	else if (ch < 0x20 || ch == 0x7f)
		tpc_buf_printf(out, "\\x%02x", ch);
	else if ((ch >= 0x80 && ch < 0xa0) || WITHIN(direction, ch))
		tpc_buf_printf(out, "\\u%04x", ch);
	else {
		tpc_buf_add(out, s, n);
		cols = tpc_utf8_width(ch);
		before = out->len;
	}
	if (width)
		*width = cols + (unsigned)(out->len - before);
	return n ? n : 1;
}

const char *tpc_utf8_shown(struct tpc_arena *a, const char *s, size_t len)
{
	struct tpc_buf out = TPC_BUF(a);

	for (size_t i = 0; i < len;)
		i += tpc_utf8_show(&out, s + i, len - i, NULL);
	return tpc_buf_text(&out);
}
