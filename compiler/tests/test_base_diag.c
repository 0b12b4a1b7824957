// SPDX-License-Identifier: Apache-2.0
/* Places in sources, and diagnostics as text and as JSON. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/ctx.h"
#include "suite.h"

static struct tpc_ctx c;

static void setup(void)
{
	ck_assert_int_eq(tpc_ctx_init(&c, 16 << 20), 0);
}

static void teardown(void)
{
	tpc_ctx_done(&c);
}

static struct tpc_span span(const char *name, const char *text, uint32_t off, uint32_t len)
{
	return (struct tpc_span){ tpc_source_add(&c.sources, name, text, strlen(text)), off, len };
}

/* Not inlined: gcc 12 takes what open_memstream() hands out for a pointer to s. */
__attribute__((noinline)) static char *print(bool json, bool color)
{
	char *s = NULL;
	size_t len;
	FILE *f = open_memstream(&s, &len);

	if (json)
		tpc_diags_print_json(&c.diags, f);
	else
		tpc_diags_print_text(&c.diags, f, color);
	fclose(f);
	return s;
}

static void expect(const char *want)
{
	char *s = print(false, false);

	ck_assert_str_eq(s, want);
	free(s);
}

static const struct {
	const char *text;
	uint32_t off, line, col;
	const char *line_text;
} places[] = {
	{ "", 0, 1, 1, "" },
	{ "", 7, 1, 1, "" },
	{ "ab\ncd", 0, 1, 1, "ab" },
	{ "ab\ncd", 2, 1, 3, "ab" }, /* the line end belongs to its line */
	{ "ab\ncd", 3, 2, 1, "cd" },
	{ "ab\ncd", 5, 2, 3, "cd" },
	{ "ab\ncd\n", 6, 3, 1, "" },
	{ "ab\r\ncd\r\n", 5, 2, 2, "cd" },
	{ "ab\rcd\n", 3, 2, 1, "cd" }, /* a lone CR ends a line too */
	{ "ab\r\n\r\ncd", 6, 3, 1, "cd" },
	{ "\tab", 1, 1, 2, "\tab" },		     /* a tab is one character */
	{ "h\xc3\xa9llo", 3, 1, 3, "h\xc3\xa9llo" }, /* so is é */
	{ "\xe6\xbc\xa2\xe5\xad\x97:", 6, 1, 3, "\xe6\xbc\xa2\xe5\xad\x97:" },
	{ "\xff\xfez", 2, 1, 3, "\xff\xfez" }, /* bytes that are no UTF-8 count one each */
	{ "\xef\xbb\xbf"
	  "ab",
	  3, 1, 1, "ab" }, /* a byte order mark counts nothing */
	{ "\xef\xbb\xbf"
	  "ab",
	  0, 1, 1, "ab" },
};

START_TEST(places_count_lines_and_characters)
{
	struct tpc_span at = span("f", places[_i].text, places[_i].off, 1);
	struct tpc_place pl;

	ck_assert(tpc_source_place(&c.sources, at, &pl));
	ck_assert_uint_eq(pl.line, places[_i].line);
	ck_assert_uint_eq(pl.col, places[_i].col);
	ck_assert_uint_eq(pl.line_len, strlen(places[_i].line_text));
	ck_assert_int_eq(memcmp(pl.line_text, places[_i].line_text, pl.line_len), 0);
	ck_assert_uint_eq(tpc_source_line(&c.sources, at), places[_i].line);
}
END_TEST

START_TEST(nowhere_has_no_place)
{
	struct tpc_place pl;

	ck_assert(!tpc_source_place(&c.sources, TPC_NOWHERE, &pl));
	ck_assert(!tpc_source_place(&c.sources, (struct tpc_span){ .file = 3 }, &pl));
	ck_assert_uint_eq(tpc_source_line(&c.sources, TPC_NOWHERE), 0);
	ck_assert_ptr_null(tpc_source_get(&c.sources, 1));
}
END_TEST

START_TEST(text_has_caret_hint_and_notes)
{
	struct tpc_span at = span("policy.yaml", "a:\n  b: Prefx\n", 8, 5), note = at;
	struct tpc_diag *d;

	d = tpc_error(&c.diags, at, TPC_E_ENUM, "unknown operator '%s'", "Prefx");
	tpc_diag_hint(&c.diags, d, "did you mean '%s'?", "Prefix");
	note.off = 0;
	tpc_diag_note(&c.diags, d, note, "in this kprobe '%s'", "fd_install");
	expect("policy.yaml:2:6: error: unknown operator 'Prefx' [TPC206 unknown-value]\n"
	       "    2 |   b: Prefx\n"
	       "      |      ^~~~~ did you mean 'Prefix'?\n"
	       "policy.yaml:1:1: note: in this kprobe 'fd_install'\n");
}
END_TEST

static const struct {
	const char *text;
	uint32_t off, len;
	const char *line, *mark;
} carets[] = {
	{ "\tab", 1, 2, "        ab", "        ^~" },
	{ "x\tab", 2, 2, "x       ab", "        ^~" },
	{ "x\tab", 1, 2, "x       ab", " ^~~~~~~~" },
	{ "\xe6\xbc\xa2\xe5\xad\x97: z", 8, 1, "\xe6\xbc\xa2\xe5\xad\x97: z",
	  "      ^" }, /* two columns each */
	{ "\xe6\xbc\xa2\xe5\xad\x97: z", 3, 3, "\xe6\xbc\xa2\xe5\xad\x97: z", "  ^~" },
	{ "e\xcc\x81z", 3, 1, "e\xcc\x81z", " ^" }, /* a combining mark takes none */
	{ "a\x1b[31mb", 6, 1, "a\\x1b[31mb", "         ^" },
	{ "a\xff"
	  "b",
	  2, 1,
	  "a\\xff"
	  "b",
	  "     ^" },
	{ "a\xe2\x80\xae"
	  "b",
	  4, 1,
	  "a\\u202e"
	  "b",
	  "       ^" },
	{ "abc", 3, 0, "abc", "   ^" },	  /* behind the end */
	{ "abc\nd", 1, 4, "abc", " ^~" }, /* a span ends with its line */
	{ "abc", 1, 0, "abc", " ^" },
};

START_TEST(caret_stands_under_its_character)
{
	char want[512];

	tpc_error(&c.diags, span("f", carets[_i].text, carets[_i].off, carets[_i].len), TPC_E_YAML, "m");
	snprintf(want, sizeof(want), "    1 | %s\n      | %s\n", carets[_i].line, carets[_i].mark);
	{
		char *s = print(false, false), *snippet = strchr(s, '\n') + 1;

		ck_assert_str_eq(snippet, want);
		free(s);
	}
}
END_TEST

START_TEST(long_lines_are_clipped_around_the_caret)
{
	char text[5001], *s, *line, *mark;

	memset(text, 'x', 5000);
	text[5000] = 0;
	text[2500] = 'Q';
	tpc_error(&c.diags, span("f", text, 2500, 1), TPC_E_YAML, "m");
	s = print(false, false);
	line = strchr(s, '\n') + 1;
	mark = strchr(line, '\n') + 1;
	ck_assert_uint_lt((size_t)(mark - line), 140);
	ck_assert_int_eq(strncmp(line, "    1 | …x", strlen("    1 | …x")), 0);
	/* '…' has three bytes and one column. */
	ck_assert_int_eq(strchr(line, 'Q') - line - 2, strchr(mark, '^') - mark);
	ck_assert_ptr_nonnull(strstr(strchr(line, 'Q'), "x…\n"));
	free(s);
}
END_TEST

START_TEST(user_text_cannot_reach_the_terminal)
{
	tpc_error(&c.diags, span("f\x1b[2J", "a", 0, 1), TPC_E_YAML, "m %s", "\x1b]0;evil\a\n\xc2\x9b");
	expect("f\\x1b[2J:1:1: error: m \\x1b]0;evil\\x07\\n\\u009b [TPC104 yaml-syntax]\n"
	       "    1 | a\n"
	       "      | ^\n");
}
END_TEST

START_TEST(without_a_place_there_is_no_snippet)
{
	struct tpc_diag *d = tpc_error(&c.diags, TPC_NOWHERE, TPC_E_CLANG, "no clang");

	tpc_diag_hint(&c.diags, d, "install it");
	expect("tpc: error: no clang [TPC501 clang]\ntpc: note: install it\n");
}
END_TEST

START_TEST(color_only_when_asked_for)
{
	char *s;

	tpc_warning(&c.diags, span("f", "abc", 0, 1), TPC_W_FIELD_SPELLING, "m");
	s = print(false, true);
	ck_assert_ptr_nonnull(strchr(s, '\033'));
	free(s);
	s = print(false, false);
	ck_assert_ptr_null(strchr(s, '\033'));
	free(s);
}
END_TEST

START_TEST(sorted_by_file_offset_and_arrival)
{
	struct tpc_span a = span("a", "0123456789", 5, 1), b = span("b", "0123456789", 1, 1);

	tpc_error(&c.diags, b, TPC_E_YAML, "4");
	tpc_error(&c.diags, a, TPC_E_YAML, "2");
	tpc_error(&c.diags, a, TPC_E_YAML, "3");
	a.off = 2;
	tpc_warning(&c.diags, a, TPC_W_FIELD_SPELLING, "1");
	tpc_error(&c.diags, TPC_NOWHERE, TPC_E_CLANG, "0");
	tpc_diags_sort(&c.diags);
	for (uint32_t i = 0; i < c.diags.list.len; i++)
		ck_assert_int_eq(c.diags.list.items[i]->msg[0], '0' + (int)i);
	ck_assert_uint_eq(c.diags.nerrors, 4);
	ck_assert_uint_eq(c.diags.nwarnings, 1);
}
END_TEST

/* However many warnings came before, errors are shown: the first ones. */
START_TEST(errors_push_warnings_out)
{
	struct tpc_span at = span("f", "abc", 0, 1);
	uint32_t errors = 0;

	for (int i = 0; i < TPC_DIAG_MAX + 50; i++)
		tpc_warning(&c.diags, at, TPC_W_FIELD_SPELLING, "w");
	for (int i = 0; i < 10; i++) {
		struct tpc_diag *d = tpc_error(&c.diags, at, TPC_E_YAML, "e%d", i);

		ck_assert_ptr_nonnull(d);
		tpc_diag_hint(&c.diags, d, "h");
		tpc_diag_note(&c.diags, d, at, "n");
	}
	ck_assert_uint_eq(c.diags.list.len, TPC_DIAG_MAX);
	ck_assert_uint_eq(c.diags.dropped, 60);
	for (uint32_t i = 0; i < c.diags.list.len; i++)
		errors += c.diags.list.items[i]->sev == TPC_ERROR;
	ck_assert_uint_eq(errors, 10);
}
END_TEST

START_TEST(past_the_limit_they_are_counted)
{
	struct tpc_span at = span("f", "abc", 0, 1);
	char *s;

	for (int i = 0; i < TPC_DIAG_MAX + 7; i++)
		tpc_diag_hint(&c.diags, tpc_error(&c.diags, at, TPC_E_YAML, "e"), "h");
	ck_assert_uint_eq(c.diags.nerrors, TPC_DIAG_MAX + 7);
	s = print(false, false);
	ck_assert_ptr_nonnull(strstr(s, "\ntpc: note: 7 more not shown\n"));
	free(s);
	s = print(true, false);
	ck_assert_ptr_nonnull(strstr(s, "\"7 more not shown\""));
	free(s);
}
END_TEST

static const char *text_of(json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static json_int_t number_of(json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

START_TEST(json_says_the_same)
{
	struct tpc_span at = span("p.yaml", "h\xc3\xa9:\n  b: Prefx\n", 10, 5), note = at;
	struct tpc_diag *d = tpc_error(&c.diags, at, TPC_E_ENUM, "unknown \"%s\" \xff\n", "Prefx");
	json_t *o, *n;
	char *s;

	tpc_diag_hint(&c.diags, d, "h");
	note.off = 0;
	tpc_diag_note(&c.diags, d, note, "n");
	tpc_warning(&c.diags, TPC_NOWHERE, TPC_W_FIELD_SPELLING, "second");
	s = print(true, false);
	o = json_loads(s, JSON_DISABLE_EOF_CHECK, NULL);
	ck_assert_ptr_nonnull(o);
	ck_assert_str_eq(text_of(o, "file"), "p.yaml");
	ck_assert_int_eq(number_of(o, "line"), 2);
	ck_assert_int_eq(number_of(o, "column"), 6);
	ck_assert_int_eq(number_of(o, "end_line"), 2);
	ck_assert_int_eq(number_of(o, "end_column"), 11);
	ck_assert_str_eq(text_of(o, "severity"), "error");
	ck_assert_str_eq(text_of(o, "code"), "TPC206");
	ck_assert_str_eq(text_of(o, "name"), "unknown-value");
	ck_assert_str_eq(text_of(o, "message"), "unknown \"Prefx\" \\xff\n");
	ck_assert_str_eq(text_of(o, "hint"), "h");
	ck_assert_uint_eq(json_array_size(json_object_get(o, "notes")), 1);
	n = json_array_get(json_object_get(o, "notes"), 0);
	ck_assert_int_eq(number_of(n, "line"), 1);
	ck_assert_str_eq(text_of(n, "message"), "n");
	json_decref(o);
	o = json_loads(strchr(s, '\n') + 1, 0, NULL);
	ck_assert_ptr_nonnull(o);
	ck_assert(json_is_null(json_object_get(o, "line")));
	ck_assert(json_is_null(json_object_get(o, "hint")));
	ck_assert_str_eq(text_of(o, "severity"), "warning");
	json_decref(o);
	free(s);
}
END_TEST

START_TEST(every_code_has_an_id_and_a_name_of_its_own)
{
	for (int i = 0; i < TPC_CODE_MAX; i++) {
		ck_assert_int_eq(strncmp(tpc_diag_code_id(i), "TPC", 3), 0);
		for (int k = 0; k < i; k++) {
			ck_assert_str_ne(tpc_diag_code_id(i), tpc_diag_code_id(k));
			ck_assert_str_ne(tpc_diag_code_slug(i), tpc_diag_code_slug(k));
		}
	}
	ck_assert_str_eq(tpc_diag_code_id(TPC_E_UNKNOWN_FIELD), "TPC203");
	ck_assert_str_eq(tpc_diag_code_slug(TPC_E_UNKNOWN_FIELD), "unknown-field");
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int main(void)
{
	TCase *t = tcase_create("diag");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, places_count_lines_and_characters, 0, COUNT(places));
	tcase_add_test(t, nowhere_has_no_place);
	tcase_add_test(t, text_has_caret_hint_and_notes);
	tcase_add_loop_test(t, caret_stands_under_its_character, 0, COUNT(carets));
	tcase_add_test(t, long_lines_are_clipped_around_the_caret);
	tcase_add_test(t, user_text_cannot_reach_the_terminal);
	tcase_add_test(t, without_a_place_there_is_no_snippet);
	tcase_add_test(t, color_only_when_asked_for);
	tcase_add_test(t, sorted_by_file_offset_and_arrival);
	tcase_add_test(t, errors_push_warnings_out);
	tcase_add_test(t, past_the_limit_they_are_counted);
	tcase_add_test(t, json_says_the_same);
	tcase_add_test(t, every_code_has_an_id_and_a_name_of_its_own);
	return run_suite("base_diag", t);
}
