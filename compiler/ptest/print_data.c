// SPDX-License-Identifier: Apache-2.0
/* Results for other programs: JUnit's XML and JSON. Texts are valid UTF-8 without control characters. */
#include <inttypes.h>

#include "ptest/print.h"

/* ---- JUnit ---- */
static void put_xml(struct tpc_buf *out, struct tpc_arena *a, const char *s)
{
	for (s = print_shown(a, s); *s; s++) {
		switch (*s) {
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
			tpc_buf_putc(out, *s);
		}
	}
}

static void put_case(struct tpc_ctx *c, const struct ptest_outcome *o, struct tpc_buf *out)
{
	const char *kind = o->status == PTEST_DIFFERS ? "failure" : "error";

	tpc_buf_puts(out, "  <testcase classname=\"");
	put_xml(out, c->arena, o->hook);
	tpc_buf_puts(out, "\" name=\"");
	put_xml(out, c->arena, o->name);
	if (o->status == PTEST_GOOD && o->bpf == PTEST_BPF_UNASKED) {
		tpc_buf_puts(out, "\"/>\n");
		return;
	}
	tpc_buf_puts(out, "\">\n");
	if (o->status != PTEST_GOOD) {
		tpc_buf_printf(out, "    <%s message=\"", kind);
		put_xml(out, c->arena, o->why ? o->why : "the case was not judged");
		tpc_buf_puts(out, "\">");
		put_xml(out, c->arena, pt_place(c, o->at));
		tpc_buf_printf(out, "</%s>\n", kind);
	}
	if (o->bpf != PTEST_BPF_UNASKED) {
		tpc_buf_puts(out, "    <system-out>");
		put_xml(out, c->arena, print_bpf(c->arena, o));
		tpc_buf_puts(out, "</system-out>\n");
	}
	tpc_buf_puts(out, "  </testcase>\n");
}

void print_junit(struct tpc_ctx *c, const struct ptest_result *r, struct tpc_buf *out)
{
	const struct ptest_outcome *o;

	tpc_buf_printf(
		out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"tpc test\" tests=\"%" PRIu32
		"\" failures=\"%" PRIu32 "\" errors=\"%" PRIu32 "\">\n",
		r->outcomes.len, r->counts[PTEST_DIFFERS], r->counts[PTEST_UNDECIDED]);
	tpc_vec_foreach (o, &r->outcomes)
		put_case(c, o, out);
	tpc_buf_puts(out, "</testsuite>\n");
}

/* ---- JSON ---- */
void print_json_text(struct tpc_buf *out, const char *s)
{
	tpc_buf_putc(out, '"');
	for (s = print_shown(out->arena, s); *s; s++) {
		if (*s == '"' || *s == '\\')
			tpc_buf_putc(out, '\\');
		tpc_buf_putc(out, *s);
	}
	tpc_buf_putc(out, '"');
}

static void put_member(struct tpc_buf *out, const char *key, const char *value)
{
	tpc_buf_printf(out, ",\"%s\":", key);
	print_json_text(out, value);
}

static void put_bpf(const struct ptest_outcome *o, struct tpc_buf *out)
{
	static const char *const words[] = { "unasked", "ran", "not-run", "differs" };

	if (o->bpf == PTEST_BPF_UNASKED)
		return;
	put_member(out, "bpf", words[o->bpf]);
	if (o->bpf_ran)
		put_member(out, "bpf_programs", o->bpf_ran);
	if (o->bpf_why)
		put_member(out, "bpf_why", o->bpf_why);
}

static void put_cases(struct tpc_ctx *c, const struct ptest_result *r, struct tpc_buf *out)
{
	static const char *const words[] = { "good", "differs", "undecided" };

	for (uint32_t i = 0; i < r->outcomes.len; i++) {
		const struct ptest_outcome *o = &r->outcomes.items[i];

		tpc_buf_printf(out, "%s{\"status\":\"%s\"", i ? "," : "", words[o->status]);
		put_member(out, "name", o->name);
		put_member(out, "hook", o->hook);
		put_member(out, "at", pt_place(c, o->at));
		if (o->why)
			put_member(out, "why", o->why);
		put_bpf(o, out);
		tpc_buf_putc(out, '}');
	}
}

static void put_points(struct tpc_ctx *c, const struct ptest_units *u, const struct ptest_result *r,
		       struct tpc_buf *out)
{
	static const char *const words[] = { "selector", "value", "miss", "in-scope", "out-of-scope" };

	tpc_buf_puts(out, ",\"points\":[");
	for (uint32_t i = 0; i < r->points.len; i++) {
		const struct ptest_point *p = &r->points.items[i];

		tpc_buf_printf(out, "%s{\"kind\":\"%s\",\"selector\":%" PRIu32 ",\"hits\":%" PRIu32,
			       i ? "," : "", words[p->kind], p->selector + 1, p->hits);
		put_member(out, "policy", print_policy(u, p));
		put_member(out, "hook", p->hook);
		put_member(out, "at", pt_place(c, p->at));
		if (p->what)
			put_member(out, "what", p->what);
		tpc_buf_putc(out, '}');
	}
	tpc_buf_putc(out, ']');
}

void print_json(struct tpc_ctx *c, const struct ptest_units *u, const struct ptest_result *r, bool coverage,
		struct tpc_buf *out)
{
	tpc_buf_printf(out,
		       "{\"good\":%" PRIu32 ",\"differs\":%" PRIu32 ",\"undecided\":%" PRIu32
		       ",\"covered\":%" PRIu32 ",\"coverable\":%" PRIu32 ",\"cases\":[",
		       r->counts[PTEST_GOOD], r->counts[PTEST_DIFFERS], r->counts[PTEST_UNDECIDED],
		       r->ncovered, r->points.len);
	put_cases(c, r, out);
	tpc_buf_putc(out, ']');
	if (coverage)
		put_points(c, u, r, out);
	tpc_buf_puts(out, "}\n");
}
