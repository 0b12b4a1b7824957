// SPDX-License-Identifier: Apache-2.0
/* Documents as one HTML page: no script, nothing from elsewhere, for phones and paper too. */
#include <string.h>

#include "review/doc.h"

/* Colours: each text is at least 4.5:1 on its ground, in both schemes. */
static const char style[] =
	":root{color-scheme:light dark;--fg:#1b1f24;--bg:#fff;--soft:#57606a;--line:#d0d7de;--code:#f3f5f7}\n"
	"@media(prefers-color-scheme:dark){:root{--fg:#e2e8ee;--bg:#13171c;--soft:#9aa5b1;--line:#39424d;--code:#1f252c}}\n"
	"body{margin:0 auto;padding:1rem;max-width:60rem;font:16px/1.5 system-ui,sans-serif;color:var(--fg);"
	"background:var(--bg);overflow-wrap:break-word}\n"
	"h1,h2,h3{line-height:1.25}h2{margin-top:2rem;border-top:1px solid var(--line);padding-top:1rem}\n"
	"code,pre{font:14px/1.45 ui-monospace,monospace;background:var(--code);border-radius:4px}\n"
	"code{padding:.1em .3em;overflow-wrap:anywhere}\n"
	"pre{padding:.7rem;overflow-x:auto}pre code{padding:0;background:none;overflow-wrap:normal}\n"
	".scroll{overflow-x:auto}table{border-collapse:collapse}\n"
	"th,td{border:1px solid var(--line);padding:.35rem .6rem;text-align:left;vertical-align:top;min-width:8rem}\n"
	"th{background:var(--code)}li{margin:.3rem 0}li p{margin:.2rem 0;color:var(--soft)}\n"
	"@media print{body{max-width:none}pre{white-space:pre-wrap}}\n";

static void put_char(struct tpc_buf *out, char ch)
{
	switch (ch) {
	case '&':
		tpc_buf_puts(out, "&amp;");
		break;
	case '<':
		tpc_buf_puts(out, "&lt;");
		break;
	case '>':
		tpc_buf_puts(out, "&gt;");
		break;
	case '"':
		tpc_buf_puts(out, "&quot;");
		break;
	default:
		tpc_buf_putc(out, ch);
	}
}

static void put_text(struct tpc_buf *out, const char *s)
{
	bool bold = false, code = false;

	for (; *s; s++) {
		if (*s == DOC_BOLD[0]) {
			tpc_buf_puts(out, bold ? "</strong>" : "<strong>");
			bold = !bold;
		} else if (*s == DOC_CODE[0]) {
			tpc_buf_puts(out, code ? "</code>" : "<code>");
			code = !code;
		} else {
			put_char(out, *s);
		}
	}
}

static void element(struct doc *d, const char *name, const char *text)
{
	tpc_buf_printf(d->out, "<%s>", name);
	put_text(d->out, text);
	tpc_buf_printf(d->out, "</%s>", name);
}

static void begin(struct doc *d, const char *title)
{
	tpc_buf_puts(
		d->out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
	element(d, "title", title);
	tpc_buf_printf(d->out, "\n<style>\n%s</style>\n</head>\n<body>\n<main>\n", style);
	element(d, "h1", title);
	tpc_buf_putc(d->out, '\n');
}

static void heading(struct doc *d, unsigned level, const char *text, const char *id)
{
	if (id)
		tpc_buf_printf(d->out, "<h%u id=\"%s\">", level, id);
	else
		tpc_buf_printf(d->out, "<h%u>", level);
	put_text(d->out, text);
	tpc_buf_printf(d->out, "</h%u>\n", level);
}

static void para(struct doc *d, const char *text)
{
	element(d, "p", text);
	tpc_buf_putc(d->out, '\n');
}

static void close_item(struct doc *d)
{
	if (d->in_item)
		tpc_buf_puts(d->out, "</li>\n");
	d->in_item = false;
}

static void list(struct doc *d, uint32_t first)
{
	d->nr = first;
	if (first)
		tpc_buf_printf(d->out, "<ol start=\"%u\">\n", first);
	else
		tpc_buf_puts(d->out, "<ul>\n");
}

static void item(struct doc *d, const char *text)
{
	close_item(d);
	tpc_buf_puts(d->out, "<li>");
	put_text(d->out, text);
	d->in_item = true;
}

static void list_end(struct doc *d)
{
	close_item(d);
	tpc_buf_puts(d->out, d->nr ? "</ol>\n" : "</ul>\n");
}

static void cells(struct doc *d, const char *name, const char *const *texts, uint32_t n)
{
	tpc_buf_puts(d->out, "<tr>");
	for (uint32_t i = 0; i < n; i++)
		element(d, name, texts[i]);
	tpc_buf_puts(d->out, "</tr>\n");
}

static void table(struct doc *d, const char *const *heads, uint32_t n)
{
	tpc_buf_puts(d->out, "<div class=\"scroll\" tabindex=\"0\">\n<table>\n");
	cells(d, "th", heads, n);
}

static void row(struct doc *d, const char *const *texts, uint32_t n)
{
	cells(d, "td", texts, n);
}

static void table_end(struct doc *d)
{
	tpc_buf_puts(d->out, "</table>\n</div>\n");
}

static void block(struct doc *d, const char *text)
{
	tpc_buf_puts(d->out, "<pre tabindex=\"0\"><code>");
	for (; *text; text++)
		put_char(d->out, *text);
	tpc_buf_puts(d->out, "</code></pre>\n");
}

static void end(struct doc *d)
{
	tpc_buf_puts(d->out, "</main>\n</body>\n</html>\n");
}

const struct doc_ops doc_html = {
	.begin = begin,
	.heading = heading,
	.para = para,
	.list = list,
	.item = item,
	.list_end = list_end,
	.table = table,
	.row = row,
	.table_end = table_end,
	.block = block,
	.end = end,
};
