// SPDX-License-Identifier: Apache-2.0
#include "cli/verify_out.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static const char *const result_names[] = {
	[VERIFY_OK] = "ok",
	[VERIFY_FAILED] = "failed",
	[VERIFY_SKIPPED] = "skipped",
};

static void put_finding(FILE *to, const struct verify_finding *f)
{
	fprintf(to, "        ");
	if (f->file) {
		cli_put_text(to, f->file);
		fprintf(to, ":%u: ", f->line);
	}
	cli_put_text(to, f->msg);
	fprintf(to, " [%s %s]\n", tpc_diag_code_id(f->code), tpc_diag_code_slug(f->code));
}

void verify_print_text(const struct verify_report *r, FILE *to)
{
	static const char *const words[] = {
		[VERIFY_OK] = "ok", [VERIFY_FAILED] = "FAIL", [VERIFY_SKIPPED] = "-"
	};
	const struct verify_finding *f;
	const struct verify_check *k;
	uint32_t bad = verify_failed(r);

	cli_put_text(to, r->object);
	fprintf(to, ":\n");
	tpc_vec_foreach (k, &r->checks) {
		fprintf(to, "  %-4s  %-11s  ", words[k->result], k->name);
		if (k->about) {
			cli_put_text(to, k->about);
			fprintf(to, "%s", k->result == VERIFY_FAILED ? "" : ": ");
		}
		if (k->result != VERIFY_FAILED)
			cli_put_text(to, k->detail);
		fprintf(to, "\n");
		tpc_vec_foreach (f, &k->findings)
			put_finding(to, f);
		if (k->more)
			fprintf(to, "        and %u more\n", k->more);
	}
	if (bad)
		fprintf(to, "  %u check%s failed\n", bad, bad == 1 ? "" : "s");
}

/* Text of a hostile object is not always UTF-8, which JSON must be. */
static json_t *text(const char *s)
{
	struct tpc_arena *a = tpc_arena_new((size_t)4 << 20);
	json_t *ret = a ? json_string(tpc_utf8_shown(a, s, strnlen(s, 4096))) : NULL;

	tpc_arena_free(a);
	return ret ? ret : json_string("");
}

static json_t *finding_json(const struct verify_finding *f)
{
	json_t *o = json_object();

	json_object_set_new(o, "code", json_string(tpc_diag_code_id(f->code)));
	json_object_set_new(o, "slug", json_string(tpc_diag_code_slug(f->code)));
	json_object_set_new(o, "message", text(f->msg));
	if (f->file) {
		json_object_set_new(o, "file", text(f->file));
		json_object_set_new(o, "line", json_integer(f->line));
	}
	return o;
}

static json_t *check_json(const struct verify_check *k)
{
	json_t *o = json_object(), *list = json_array();
	const struct verify_finding *f;

	json_object_set_new(o, "check", json_string(k->name));
	if (k->about)
		json_object_set_new(o, "about", text(k->about));
	json_object_set_new(o, "result", json_string(result_names[k->result]));
	if (k->result != VERIFY_FAILED)
		json_object_set_new(o, "detail", text(k->detail));
	tpc_vec_foreach (f, &k->findings)
		json_array_append_new(list, finding_json(f));
	json_object_set_new(o, "findings", list);
	if (k->more)
		json_object_set_new(o, "more", json_integer(k->more));
	return o;
}

void verify_print_json(const struct verify_report *r, FILE *to)
{
	json_t *o = json_object(), *list = json_array();
	const struct verify_check *k;

	json_object_set_new(o, "object", text(r->object));
	json_object_set_new(o, "digest", json_string(r->digest));
	json_object_set_new(o, "good", json_boolean(!verify_failed(r) && !r->environment));
	tpc_vec_foreach (k, &r->checks)
		json_array_append_new(list, check_json(k));
	json_object_set_new(o, "checks", list);
	json_dumpf(o, to, JSON_COMPACT);
	fputc('\n', to);
	json_decref(o);
}

/* XML 1.0: no control characters, not even as references; what is not UTF-8 is shown escaped before. */
static void put_xml(FILE *to, const char *s)
{
	struct tpc_arena *a = tpc_arena_new((size_t)4 << 20);

	for (s = a ? tpc_utf8_shown(a, s, strnlen(s, 4096)) : ""; *s; s++) {
		if (*s == '<')
			fprintf(to, "&lt;");
		else if (*s == '>')
			fprintf(to, "&gt;");
		else if (*s == '&')
			fprintf(to, "&amp;");
		else if (*s == '"')
			fprintf(to, "&quot;");
		else if ((unsigned char)*s < 0x20 || *s == 0x7f)
			fputc(' ', to);
		else
			fputc(*s, to);
	}
	tpc_arena_free(a);
}

static void put_failures(const struct verify_check *k, FILE *to)
{
	const struct verify_finding *f;

	/* One <failure> a test case is what readers of JUnit's format agree upon. */
	fprintf(to, "    <failure type=\"%s\" message=\"", tpc_diag_code_id(k->findings.items[0].code));
	put_xml(to, k->findings.items[0].msg);
	fprintf(to, "\">");
	tpc_vec_foreach (f, &k->findings) {
		if (f->file) {
			put_xml(to, f->file);
			fprintf(to, ":%u: ", f->line);
		}
		put_xml(to, f->msg);
		fprintf(to, " [%s]\n", tpc_diag_code_id(f->code));
	}
	fprintf(to, "</failure>\n");
}

void verify_print_junit(const struct verify_report *r, FILE *to)
{
	const struct verify_check *k;
	uint32_t skipped = 0;

	tpc_vec_foreach (k, &r->checks)
		skipped += k->result == VERIFY_SKIPPED;
	fprintf(to, "<testsuite name=\"");
	put_xml(to, r->object);
	fprintf(to, "\" tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"%u\">\n", r->checks.len,
		verify_failed(r), skipped);
	tpc_vec_foreach (k, &r->checks) {
		fprintf(to, "  <testcase classname=\"tpc.verify\" name=\"%s", k->name);
		if (k->about) {
			fputc(' ', to);
			put_xml(to, k->about);
		}
		fprintf(to, "\">\n");
		if (k->result == VERIFY_FAILED) {
			put_failures(k, to);
		} else if (k->result == VERIFY_SKIPPED) {
			fprintf(to, "    <skipped message=\"");
			put_xml(to, k->detail);
			fprintf(to, "\"/>\n");
		}
		fprintf(to, "  </testcase>\n");
	}
	fprintf(to, "</testsuite>\n");
}

void verify_add_diags(struct tpc_ctx *c, const struct verify_report *r)
{
	struct tpc_span at = { .file = tpc_source_add(&c->sources, r->object, "", 0) };
	const struct verify_finding *f;
	const struct verify_check *k;

	tpc_vec_foreach (k, &r->checks)
		tpc_vec_foreach (f, &k->findings) {
			if (f->file)
				tpc_error(&c->diags, at, f->code, "%s:%u: %s", f->file, f->line, f->msg);
			else
				tpc_error(&c->diags, at, f->code, "%s", f->msg);
		}
}
