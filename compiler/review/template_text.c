// SPDX-License-Identifier: Apache-2.0
/* Lists of texts, and how a policy's YAML has them. */
#include <string.h>

#include "review/template_impl.h"

#define WIDTH 100

void know_add_text(struct tpc_ctx *c, struct know_texts *t, const char *s)
{
	if (!know_has_text(t, s))
		*tpc_vec_push(c->arena, t) = s;
}

bool know_has_text(const struct know_texts *t, const char *s)
{
	for (uint32_t i = 0; i < t->len; i++)
		if (!strcmp(t->items[i], s))
			return true;
	return false;
}

const char *know_join(struct tpc_ctx *c, const struct know_texts *t)
{
	struct tpc_buf b = TPC_BUF(c->arena);

	for (uint32_t i = 0; i < t->len; i++)
		tpc_buf_printf(&b, "%s%s", !i ? "" : i + 1 < t->len ? ", " : " and ", t->items[i]);
	return tpc_buf_text(&b);
}

/* Plain in every YAML, and no other type: begins like a word or a path, and has nothing that could be syntax. */
static bool is_plain(const char *s)
{
	static const char *const words[] = { "true", "false", "null", "yes", "no", "on", "off", "y", "n" };
	size_t len = strlen(s);

	if (!len || s[len - 1] == ' ' ||
	    !(s[0] == '/' || (s[0] >= 'a' && s[0] <= 'z') || (s[0] >= 'A' && s[0] <= 'Z')))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (tpc_same_but_case(s, (uint32_t)len, words[i], (uint32_t)strlen(words[i])))
			return false;
	for (size_t i = 0; i < len; i++)
		if (!strchr("/._-+@ ()'", s[i]) && !(s[i] >= '0' && s[i] <= '9') &&
		    !(s[i] >= 'a' && s[i] <= 'z') && !(s[i] >= 'A' && s[i] <= 'Z'))
			return false;
	return true;
}

const char *know_scalar(struct tpc_ctx *c, const char *s)
{
	struct tpc_buf b = TPC_BUF(c->arena);

	if (is_plain(s))
		return s;
	tpc_buf_putc(&b, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			tpc_buf_printf(&b, "\\%c", *s);
		else if ((unsigned char)*s < 0x20 || *s == 0x7f)
			tpc_buf_printf(&b, "\\x%02x", (unsigned char)*s);
		else
			tpc_buf_putc(&b, *s);
	}
	tpc_buf_putc(&b, '"');
	return tpc_buf_text(&b);
}

void know_put_texts(struct tpc_ctx *c, struct tpc_buf *out, const char *indent, const char *key,
		    const struct know_texts *t, const char *comment)
{
	struct tpc_buf flow = TPC_BUF(c->arena);
	const char *mark = comment ? tpc_sprintf(c->arena, " # %s", comment) : "";

	for (uint32_t i = 0; i < t->len; i++)
		tpc_buf_printf(&flow, "%s%s", i ? ", " : "", know_scalar(c, t->items[i]));
	if (strlen(indent) + strlen(key) + flow.len + strlen(": []") + strlen(mark) <= WIDTH) {
		tpc_buf_printf(out, "%s%s: [%s]%s\n", indent, key, tpc_buf_text(&flow), mark);
		return;
	}
	tpc_buf_printf(out, "%s%s:%s\n", indent, key, mark);
	for (uint32_t i = 0; i < t->len; i++)
		tpc_buf_printf(out, "%s- %s\n", indent, know_scalar(c, t->items[i]));
}
