// SPDX-License-Identifier: Apache-2.0
/* The clang driver: places of faults, equal bytes, and nothing left behind. */
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/sample_object.h"
#include "toolchain/clang.h"

/*
 * The leak checker of gcc 12 follows what it takes for the thread-local data of libraries that were opened at
 * run time, and with libclang it follows a wild address. Everything else is still searched for leaks.
 */
const char *__lsan_default_options(void);

const char *__lsan_default_options(void)
{
	return "use_tls=0";
}

#define POLICY "apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\n  call: fd_install # the third line\n"

static const struct clang_header headers[] = {
	{ "sample/maps.h", SAMPLE_HEADER, sizeof(SAMPLE_HEADER) - 1 },
	{ NULL, NULL, 0 },
};

static const char sample_c[] = "#define MANIFEST \"{}\"\n" SAMPLE_C_HEAD SAMPLE_C_PROGRAMS;

static struct tpc_ctx ctx;
static char folder[] = "/tmp/tpc-test-XXXXXX";
static struct clang_opts opts;

static void setup(void)
{
	ck_assert_int_eq(tpc_ctx_init(&ctx, (size_t)64 << 20), 0);
	tpc_source_add(&ctx.sources, "some/where/policy.yaml", POLICY, strlen(POLICY));
	ck_assert_ptr_nonnull(mkdtemp(folder));
	opts = (struct clang_opts){ .arch = "x86_64", .headers = headers, .tmpdir = folder };
}

/* That the driver's folder is gone is a part of each test. */
static void teardown(void)
{
	ck_assert_msg(!rmdir(folder), "something was left in %s", folder);
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	tpc_ctx_done(&ctx);
}

static int compile(const char *c, struct clang_object *ret)
{
	return clang_compile(&ctx, c, strlen(c), &opts, ret);
}

START_TEST(makes_an_object_that_quotes_the_policy)
{
	struct clang_object o;

	ck_assert_int_eq(compile(sample_c, &o), 0);
	ck_assert_uint_gt(o.clang_ns, 0);
	ck_assert_ptr_nonnull(memmem(o.data, o.len, "policy.yaml", 11));
	/* Line 3 is where the program begins: the verifier's log will show it. */
	ck_assert_ptr_nonnull(memmem(o.data, o.len, "  call: fd_install # the third line", 35));
	ck_assert_ptr_null(memmem(o.data, o.len, ".debug_info", 11));
	ck_assert_ptr_null(memmem(o.data, o.len, folder, strlen(folder)));
}
END_TEST

START_TEST(equal_input_gives_equal_bytes)
{
	char other[] = "/tmp/tpc-elsewhere-with-a-longer-name-XXXXXX";
	struct clang_object a, b;

	ck_assert_int_eq(compile(sample_c, &a), 0);
	ck_assert_ptr_nonnull(mkdtemp(other));
	opts.tmpdir = other;
	/* Neither where it is made nor what the environment asks of clang may show. */
	setenv("CPATH", "/tmp", 1);
	setenv("CCC_OVERRIDE_OPTIONS", "+-O0", 1);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(compile(sample_c, &b), 0);
	ck_assert_int_eq(rmdir(other), 0);
	ck_assert_uint_eq(a.len, b.len);
	ck_assert_mem_eq(a.data, b.data, a.len);
}
END_TEST

static const struct tpc_diag *only_error(void)
{
	ck_assert_uint_eq(ctx.diags.nerrors, 1);
	ck_assert_uint_eq(ctx.diags.list.len, 1);
	return ctx.diags.list.items[0];
}

START_TEST(fault_in_generated_c_is_told_at_the_yaml_line)
{
	struct clang_object o;
	const struct tpc_diag *d;

	ck_assert_int_eq(compile("int a;\n#line 3 \"policy.yaml\"\nint b = nothing;\n", &o), -EINVAL);
	d = only_error();
	ck_assert_int_eq(d->code, TPC_E_GENERATED_C);
	ck_assert_uint_eq(d->at.file, 1);
	ck_assert_uint_eq(tpc_source_line(&ctx.sources, d->at), 3);
	ck_assert_ptr_nonnull(strstr(d->msg, "undeclared identifier 'nothing'"));
}
END_TEST

/* What only clang's back end finds is in its own words: libclang never gets there. */
START_TEST(fault_of_the_back_end_is_told_too)
{
	const char *c = "#line 2 \"policy.yaml\"\n"
			"int f(int a, int b, int c, int d, int e, int g) { return a + b + c + d + e + g; }\n";
	struct clang_object o;
	const struct tpc_diag *d;

	ck_assert_int_eq(compile(c, &o), -EINVAL);
	d = only_error();
	ck_assert_uint_eq(tpc_source_line(&ctx.sources, d->at), 2);
	ck_assert_ptr_nonnull(strstr(d->msg, "stack arguments"));
}
END_TEST

START_TEST(fault_outside_the_policy_names_its_file)
{
	struct clang_object o;

	ck_assert_int_eq(compile("#include <sample/none.h>\n", &o), -EINVAL);
	ck_assert_uint_eq(only_error()->at.file, 0);
	ck_assert_ptr_nonnull(strstr(only_error()->msg, "tpc.bpf.c:1: 'sample/none.h' file not found"));
}
END_TEST

START_TEST(lint_counts_warnings)
{
	const char *c = "#line 1 \"policy.yaml\"\nint f(void);\nint f(void) { int unused; return 0; }\n";
	int n = clang_lint(&ctx, c, strlen(c), &opts);

	if (n == -ENOENT)
		return; /* no libclang: what remains of this test is that it says so */
	ck_assert_int_eq(n, 1);
	ck_assert_uint_eq(ctx.diags.nwarnings, 1);
	ck_assert_uint_eq(tpc_source_line(&ctx.sources, ctx.diags.list.items[0]->at), 2);
	ck_assert_int_eq(clang_lint(&ctx, sample_c, strlen(sample_c), &opts), 0);
}
END_TEST

START_TEST(missing_clang_is_the_machines_fault)
{
	struct clang_object o;

	opts.clang = "/nowhere/clang-19";
	ck_assert_int_eq(compile(sample_c, &o), -ENOENT);
	ck_assert_int_eq(only_error()->code, TPC_E_CLANG);
	ck_assert_ptr_nonnull(only_error()->hint);
}
END_TEST

START_TEST(no_clang_on_path)
{
	struct clang_object o;

	setenv("PATH", folder, 1);
	ck_assert_int_eq(compile(sample_c, &o), -ENOENT);
	ck_assert_str_eq(only_error()->msg, "clang is not on PATH");
}
END_TEST

/* A program of the wanted name that answers as @version, alone on PATH. */
static void fake_clang(const char *version)
{
	const char *path = tpc_sprintf(ctx.arena, "%s/clang", folder);
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fprintf(f, "#!/bin/sh\necho '%s'\nexit 0\n", version);
	fclose(f);
	ck_assert_int_eq(chmod(path, 0700), 0);
	setenv("PATH", folder, 1);
}

START_TEST(old_clang_is_refused)
{
	struct clang_object o;

	fake_clang("Debian clang version 14.0.6");
	ck_assert_int_eq(compile(sample_c, &o), -ENOENT);
	ck_assert_int_eq(unlink(tpc_sprintf(ctx.arena, "%s/clang", folder)), 0);
	ck_assert_str_eq(only_error()->msg, "only clang 14 is on PATH, too old");
}
END_TEST

START_TEST(clang_that_makes_nothing_is_told)
{
	struct clang_object o;

	fake_clang("clang version 17.0.0");
	ck_assert_int_lt(compile(sample_c, &o), 0);
	ck_assert_int_eq(unlink(tpc_sprintf(ctx.arena, "%s/clang", folder)), 0);
	ck_assert_int_eq(only_error()->code, TPC_E_ENVIRONMENT);
}
END_TEST

START_TEST(temporary_folder_that_cannot_be_made)
{
	struct clang_object o;

	opts.tmpdir = "/nowhere";
	ck_assert_int_eq(compile(sample_c, &o), -ENOENT);
	ck_assert_int_eq(only_error()->code, TPC_E_ENVIRONMENT);
}
END_TEST

/* Two sources with one base name: no guess which one is meant. */
START_TEST(ambiguous_source_is_named_in_words)
{
	struct clang_object o;

	tpc_source_add(&ctx.sources, "else/where/policy.yaml", POLICY, strlen(POLICY));
	ck_assert_int_eq(compile("#line 3 \"policy.yaml\"\nint b = nothing;\n", &o), -EINVAL);
	ck_assert_uint_eq(only_error()->at.file, 0);
	ck_assert_ptr_nonnull(strstr(only_error()->msg, "policy.yaml:3: "));
}
END_TEST

/* Names of sources become names of files: none may lead out of the folder or replace what clang reads. */
START_TEST(hostile_source_names)
{
	static const char *const names[] = { "..",	  ".",	    "",	    "/",       "tpc.bpf.c",
					     "tpc.raw.o", "sample", "a/..", "<stdin>", "\n" };
	struct clang_object o;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		tpc_source_add(&ctx.sources, names[i], POLICY, strlen(POLICY));
	ck_assert_int_eq(compile(sample_c, &o), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("clang");
	TCase *t = tcase_create("clang");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, makes_an_object_that_quotes_the_policy);
	tcase_add_test(t, equal_input_gives_equal_bytes);
	tcase_add_test(t, fault_in_generated_c_is_told_at_the_yaml_line);
	tcase_add_test(t, fault_of_the_back_end_is_told_too);
	tcase_add_test(t, fault_outside_the_policy_names_its_file);
	tcase_add_test(t, lint_counts_warnings);
	tcase_add_test(t, missing_clang_is_the_machines_fault);
	tcase_add_test(t, no_clang_on_path);
	tcase_add_test(t, old_clang_is_refused);
	tcase_add_test(t, clang_that_makes_nothing_is_told);
	tcase_add_test(t, temporary_folder_that_cannot_be_made);
	tcase_add_test(t, ambiguous_source_is_named_in_words);
	tcase_add_test(t, hostile_source_names);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
