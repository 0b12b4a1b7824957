// SPDX-License-Identifier: Apache-2.0
/* The C of every golden policy, at both levels, read by libclang: not one complaint. */
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tpc.h"

/*
 * The leak checker of gcc 12 follows what it takes for the thread-local data of libraries that were opened at
 * run time, and with libclang it follows a wild address. Everything else is still searched for leaks.
 */
const char *__lsan_default_options(void);

const char *__lsan_default_options(void)
{
	return "use_tls=0";
}

#define CASES_MAX 256

static char *cases[CASES_MAX];
static int ncases;

static int is_visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static void find_cases(void)
{
	const char *root = getenv("TPC_SOURCE_ROOT");
	struct dirent **list;
	char *folder;
	int n;

	if (!root || asprintf(&folder, "%s/testdata/golden", root) < 0)
		return;
	n = scandir(folder, &list, is_visible, alphasort);
	for (int i = 0; i < n; i++) {
		if (ncases < CASES_MAX && asprintf(&cases[ncases], "%s/%s", folder, list[i]->d_name) > 0)
			ncases++;
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	free(folder);
}

static void add_file(struct tpc *t, const char *path)
{
	FILE *f = fopen(path, "r");
	char text[65536];
	size_t n;

	ck_assert_ptr_nonnull(f);
	n = fread(text, 1, sizeof(text), f);
	fclose(f);
	ck_assert_int_eq(tpc_add_yaml(t, path, text, n), 0);
}

static int is_yaml(const struct dirent *d)
{
	size_t len = strlen(d->d_name);

	return len > 5 && !strcmp(d->d_name + len - 5, ".yaml");
}

/* Those that look into kernel types look into these: golden.py says the same. */
static const char *kernel_of(const char *folder)
{
	const char *name = strrchr(folder, '/') + 1, *btf = getenv("TPC_TEST_BTF");

	return !strncmp(name, "resolve-", 8) && btf && !access(btf, R_OK) ? btf : NULL;
}

static bool can_be_linted(const char *folder)
{
	return strncmp(strrchr(folder, '/') + 1, "resolve-", 8) || kernel_of(folder);
}

static void lint(const char *folder, int opt)
{
	struct tpc_opts o = { .opt = opt, .btf = kernel_of(folder), .btf_named = kernel_of(folder) };
	struct dirent **list;
	struct tpc *t;
	int n = scandir(folder, &list, is_yaml, alphasort), complaints;

	ck_assert_int_gt(n, 0);
	ck_assert_int_eq(tpc_open(&t, &o), 0);
	for (int i = 0; i < n; i++) {
		add_file(t, tpc_sprintf(tpc_context(t)->arena, "%s/%s", folder, list[i]->d_name));
		free(list[i]);
	}
	free(list);
	ck_assert_int_eq(tpc_build(t), 0);
	complaints = tpc_lint(t);
	if (complaints == -ENOENT) {
		fprintf(stderr, "no libclang here: nothing was linted\n");
	} else if (complaints) {
		tpc_diags_print_text(&tpc_context(t)->diags, stderr, false);
		ck_abort_msg("%s at -O%d: %d complaints", folder, opt, complaints);
	}
	tpc_close(t);
}

START_TEST(not_one_complaint)
{
	if (can_be_linted(cases[_i / 2]))
		lint(cases[_i / 2], _i % 2 ? 2 : 0);
}
END_TEST

START_TEST(there_are_cases)
{
	ck_assert_int_ge(ncases, 12);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("golden_lint");
	TCase *t = tcase_create("golden_lint");
	SRunner *r = srunner_create(s);
	int failed;

	find_cases();
	tcase_add_test(t, there_are_cases);
	tcase_add_loop_test(t, not_one_complaint, 0, ncases * 2);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	for (int i = 0; i < ncases; i++)
		free(cases[i]);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
