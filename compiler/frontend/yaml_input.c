// SPDX-License-Identifier: Apache-2.0
/* Before libyaml sees a byte: is it small enough, is it text? */
#include <string.h>

#include "base/utf8.h"
#include "frontend/yaml_impl.h"

/* YAML 1.1, 5.1: the characters a stream may hold. */
static bool allowed(uint32_t ch)
{
	return ch == '\t' || ch == '\n' || ch == '\r' || (ch >= 0x20 && ch <= 0x7e) || ch == 0x85 ||
	       (ch >= 0xa0 && ch <= 0xfffd) || ch >= 0x10000;
}

static void report_byte(struct tpc_ctx *c, struct tpc_span at, const char *s, size_t len)
{
	struct tpc_diag *diag;

	diag = tpc_error(&c->diags, at, TPC_E_ENCODING, "byte 0x%02x is not UTF-8", (unsigned char)s[0]);
	if (at.off == 0 && len >= 2 && (!memcmp(s, "\xff\xfe", 2) || !memcmp(s, "\xfe\xff", 2)))
		tpc_diag_hint(&c->diags, diag, "this looks like UTF-16: save the file as UTF-8");
	else
		tpc_diag_hint(&c->diags, diag, "save the file as UTF-8");
}

static void report_char(struct tpc_ctx *c, struct tpc_span at, uint32_t ch)
{
	struct tpc_diag *diag;

	if (!ch) {
		diag = tpc_error(&c->diags, at, TPC_E_ENCODING, "the file holds a NUL byte");
		tpc_diag_hint(&c->diags, diag, "is it a text file?");
		return;
	}
	diag = tpc_error(&c->diags, at, TPC_E_ENCODING, "YAML may not hold the control character U+%04X", ch);
	tpc_diag_hint(&c->diags, diag, "in double quotes it can be written as \\u%04X", ch);
}

/* Bytes up to the first that is not plain ASCII text. */
static uint32_t skip_ascii(const struct yaml_cursor *cur, uint32_t i)
{
	while (i < cur->len) {
		unsigned char ch = (unsigned char)cur->text[i];

		if ((ch < 0x20 && ch != '\n' && ch != '\t' && ch != '\r') || ch >= 0x7f)
			break;
		i++;
	}
	return i;
}

static bool check_text(struct tpc_ctx *c, uint32_t file, struct yaml_cursor *cur)
{
	uint32_t i = cur->start, ch;

	for (;;) {
		struct tpc_span at = { .file = file, .len = 1 };
		unsigned n;

		i = skip_ascii(cur, i);
		if (i == cur->len)
			return true;
		at.off = i;
		n = tpc_utf8_decode(cur->text + i, cur->len - i, &ch);
		if (!n) {
			report_byte(c, at, cur->text + i, cur->len - i);
			return false;
		}
		if (!allowed(ch)) {
			at.len = n;
			report_char(c, at, ch);
			return false;
		}
		cur->ascii = cur->ascii && n == 1;
		i += n;
	}
}

bool yaml_input_check(struct tpc_ctx *c, uint32_t file, struct yaml_cursor *cur)
{
	const struct tpc_source *src = tpc_source_get(&c->sources, file);

	*cur = (struct yaml_cursor){ .text = src->text, .len = src->len, .ascii = true };
	if (src->len > TPC_YAML_MAX_BYTES) {
		tpc_error(&c->diags, (struct tpc_span){ .file = file }, TPC_E_TOO_BIG,
			  "the file has %u bytes, more than %u", src->len, TPC_YAML_MAX_BYTES);
		return false;
	}
	if (src->len >= 3 && !memcmp(src->text, "\xef\xbb\xbf", 3))
		cur->start = 3;
	cur->byte = cur->start;
	return check_text(c, file, cur);
}

static bool continues(const struct yaml_cursor *cur, uint32_t byte)
{
	return ((unsigned char)cur->text[byte] & 0xc0) == 0x80;
}

uint32_t yaml_cursor_byte(struct yaml_cursor *cur, size_t chr)
{
	if (cur->ascii)
		return chr < cur->len - cur->start ? cur->start + (uint32_t)chr : cur->len;
	/* Marks come nearly in order: the cursor walks a few characters a call. */
	while (cur->chr < chr && cur->byte < cur->len) {
		cur->chr++;
		do
			cur->byte++;
		while (cur->byte < cur->len && continues(cur, cur->byte));
	}
	while (cur->chr > chr && cur->byte > cur->start) {
		cur->chr--;
		do
			cur->byte--;
		while (cur->byte > cur->start && continues(cur, cur->byte));
	}
	return cur->byte;
}
