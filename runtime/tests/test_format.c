// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>

#include "format.h"
#include "support.h"

static const char good[] = "name: sched_process_exec\nID: 310\nformat:\n"
			   "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
			   "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n"
			   "\n"
			   "\tfield:__data_loc char[] filename;\toffset:8;\tsize:4;\tsigned:0;\n"
			   "\tfield:const char * name;\toffset:16;\tsize:8;\tsigned:0;\n"
			   "\tfield:char comm[16];\toffset:24;\tsize:16;\tsigned:0;\n"
			   "\tfield:long id;\toffset:40;\tsize:8;\tsigned:1;\n"
			   "\tfield:unsigned long args[6];\toffset:48;\tsize:48;\tsigned:0;\n"
			   "\tfield:__rel_loc char[] other;\toffset:96;\tsize:4;\tsigned:0;\n"
			   "\n"
			   "print fmt: \"field:int fake; offset:1; size:4;\", REC->id\n"
			   "\tfield:int fake;\toffset:1;\tsize:4;\tsigned:1;\n";

static struct format f;
static struct rt_error e;

static void parse_good(void)
{
	ck_assert_msg(format_parse(good, strlen(good), &f, &e) == 0, "%s", e.text);
}

static void done(void)
{
	format_done(&f);
}

START_TEST(fields_are_read)
{
	ck_assert_uint_eq(f.id, 310);
	ck_assert_uint_eq(f.nfields, 8); /* nothing of the print fmt, which is text */
	ck_assert_str_eq(f.fields[1].decl, "int common_pid");
	ck_assert_uint_eq(f.fields[1].off, 4);
	ck_assert(f.fields[1].is_signed);
	ck_assert_uint_eq(f.fields[4].size, 16);
}
END_TEST

static const struct {
	uint32_t index;
	const char *type;
	uint8_t kind; /* 0: refused */
	uint16_t off, size;
	uint8_t is_signed;
} described[] = {
	{ 2, "string", TPC_FIELD_DATA_LOC, 8, 4, 0 },
	{ 3, "string", TPC_FIELD_POINTER, 16, 8, 0 },
	{ 4, "string", TPC_FIELD_ARRAY, 24, 16, 0 },
	{ 4, "char_buf", TPC_FIELD_ARRAY, 24, 16, 0 },
	{ 5, "int64", TPC_FIELD_INT, 40, 8, 1 },
	{ 1, "int", TPC_FIELD_INT, 4, 4, 1 },
	{ 0, "uint32", TPC_FIELD_INT, 0, 2, 0 },
	{ 3, "uint64", TPC_FIELD_INT, 16, 8, 0 }, /* a pointer's value */
	{ 1, "string", 0, 0, 0, 0 },
	{ 7, "string", 0, 0, 0, 0 },
	{ 6, "uint64", 0, 0, 0, 0 },
	{ 8, "int", 0, 0, 0, 0 },
	{ UINT32_MAX, "int", 0, 0, 0, 0 },
};

START_TEST(fields_are_described)
{
	struct tpc_field_desc d = { 0 };
	int err = format_describe(&f, described[_i].index, described[_i].type, &d, &e);

	ck_assert_int_eq(err, described[_i].kind ? 0 : -EINVAL);
	ck_assert_uint_eq(d.kind, described[_i].kind);
	ck_assert_uint_eq(d.off, described[_i].off);
	ck_assert_uint_eq(d.size, described[_i].size);
	ck_assert_uint_eq(d.is_signed, described[_i].is_signed);
}
END_TEST

static const char *const broken[] = {
	"",
	"\n\n\n",
	"ID: 1\n",
	"field:int a; offset:0; size:4; signed:1;\n",
	"ID: x\n\tfield:int a; offset:0; size:4;\n",
	"ID: 70000\n\tfield:int a; offset:0; size:4;\n",
	"ID: 1\n\tfield:int a\n",
	"ID: 1\n\tfield:int a;\n",
	"ID: 1\n\tfield:int a; offset:0;\n",
	"ID: 1\n\tfield:int a; offset:99999; size:4;\n",
	"ID: 1\n\tfield:int a; offset:-1; size:4;\n",
	"ID: 1\n\tfield:int a; offset:0; size:99999999999999999999;\n",
	"ID: 1\n\tfield:; offset:0; size:4;\n",
};

START_TEST(faults_are_refused)
{
	struct format b;

	ck_assert_int_eq(format_parse(broken[_i], strlen(broken[_i]), &b, &e), -EINVAL);
	format_done(&b);
}
END_TEST

START_TEST(too_many_fields)
{
	struct rt_buf text = { 0 };
	struct format b;

	rt_buf_str(&text, "ID: 1\n");
	for (int i = 0; i < FORMAT_FIELDS_MAX; i++)
		rt_buf_str(&text, "\tfield:int a; offset:0; size:4; signed:1;\n");
	ck_assert_int_eq(format_parse(text.s, text.len, &b, &e), 0);
	format_done(&b);
	rt_buf_str(&text, "\tfield:int a; offset:0; size:4; signed:1;\n");
	ck_assert_int_eq(format_parse(text.s, text.len, &b, &e), -EINVAL);
	format_done(&b);
	rt_buf_free(&text);
}
END_TEST

/* Every beginning of the file, with nothing behind it that belongs to us. */
START_TEST(cut_anywhere)
{
	for (size_t n = 0; n < strlen(good); n++) {
		char *s = malloc(n ? n : 1);
		struct format b;

		memcpy(s, good, n);
		(void)format_parse(s, n, &b, &e);
		ck_assert_uint_le(b.nfields, 8);
		format_done(&b);
		free(s);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("rt_format");
	TCase *t = tcase_create("format");

	tcase_add_checked_fixture(t, parse_good, done);
	tcase_add_test(t, fields_are_read);
	tcase_add_loop_test(t, fields_are_described, 0, RT_ARRAY_LEN(described));
	tcase_add_loop_test(t, faults_are_refused, 0, RT_ARRAY_LEN(broken));
	tcase_add_test(t, too_many_fields);
	tcase_add_test(t, cut_anywhere);
	suite_add_tcase(s, t);
	return support_run(s);
}
