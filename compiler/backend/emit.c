// SPDX-License-Identifier: Apache-2.0
#include "backend/emit.h"

#include <string.h>

void emit_f(struct emit *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tpc_buf_puts(e->out, tpc_vsprintf(e->c->arena, fmt, ap));
	va_end(ap);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

void emit_line(struct emit *e, struct tpc_span at)
{
	struct tpc_source *src = tpc_source_get(&e->c->sources, at.file);

	if (!src)
		return;
	emit_f(e, "#line %u ", tpc_source_line(&e->c->sources, at));
	emit_c_string(e, base_name(src->name), strlen(base_name(src->name)));
	tpc_buf_putc(e->out, '\n');
}

void emit_comment_text(struct emit *e, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char ch = s[i];

		if (ch < 0x20 || ch == 0x7f || ch == '\\')
			tpc_buf_putc(e->out, '?');
		else if (ch == '/' && i && s[i - 1] == '*')
			tpc_buf_puts(e->out, " /");
		else if (ch == '*' && i && s[i - 1] == '/')
			tpc_buf_puts(e->out, " *");
		else
			tpc_buf_putc(e->out, (char)ch);
	}
}

void emit_c_string(struct emit *e, const char *s, size_t len)
{
	tpc_buf_putc(e->out, '"');
	for (size_t i = 0; i < len; i++) {
		unsigned char ch = s[i];

		if (ch == '"' || ch == '\\')
			emit_f(e, "\\%c", ch);
		else if (ch == '\n')
			tpc_buf_puts(e->out, "\\n");
		else if (ch < 0x20 || ch >= 0x7f || ch == '?') /* octal: at most three digits, no trigraphs */
			emit_f(e, "\\%03o", ch);
		else
			tpc_buf_putc(e->out, (char)ch);
	}
	tpc_buf_putc(e->out, '"');
}

/* Little-endian value of @n bytes: BPF objects for x86-64 and arm64 are little-endian. */
static uint64_t word(const char *bytes, unsigned n)
{
	uint64_t v = 0;

	while (n--)
		v = v << 8 | (unsigned char)bytes[n];
	return v;
}

void emit_bytes_equal(struct emit *e, const char *p, const char *bytes, size_t len)
{
	static const unsigned widths[] = { 8, 4, 2, 1 };
	size_t off = 0;

	for (unsigned i = 0; i < 4; i++) {
		unsigned w = widths[i];

		for (; len - off >= w; off += w)
			emit_f(e, "%stpc_u%u(%s, %zu) == 0x%0*llx%s", off ? " && " : "", w * 8, p, off,
			       (int)w * 2, (unsigned long long)word(bytes + off, w), w == 8 ? "ULL" : "U");
	}
	if (!len)
		tpc_buf_putc(e->out, '1');
}
