// SPDX-License-Identifier: Apache-2.0
/* The near names of a set against the definition of the distance, which is computed here without any bound. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"

#define LEN 12

/* Optimal string alignment, from the ends of both. */
static unsigned distance(const char *a, size_t alen, const char *b, size_t blen)
{
	unsigned best, other;

	if (!alen || !blen)
		return (unsigned)(alen + blen);
	if (a[alen - 1] == b[blen - 1])
		best = distance(a, alen - 1, b, blen - 1);
	else
		best = 1 + distance(a, alen - 1, b, blen - 1);
	other = 1 + distance(a, alen - 1, b, blen);
	best = other < best ? other : best;
	other = 1 + distance(a, alen, b, blen - 1);
	best = other < best ? other : best;
	if (alen > 1 && blen > 1 && a[alen - 1] == b[blen - 2] && a[alen - 2] == b[blen - 1]) {
		other = 1 + distance(a, alen - 2, b, blen - 2);
		best = other < best ? other : best;
	}
	return best;
}

/* A text of 5 to 7 letters out of three. */
static void random_text(char *s, unsigned *seed)
{
	int len = 5 + rand_r(seed) % 3;

	for (int i = 0; i < len; i++)
		s[i] = (char)('a' + rand_r(seed) % 3);
	s[len] = 0;
}

static bool is_end(const char *s, const char *name)
{
	size_t len = strlen(s), nlen = strlen(name);

	return len < nlen && !strcmp(name + nlen - len, s);
}

START_TEST(bounded)
{
	unsigned seed = 1, near = 0, far = 0;

	for (int i = 0; i < 4000; i++) {
		char wrong[LEN], name[LEN];
		unsigned most = 1 + (unsigned)i % 3, third, d;
		struct tpc_suggest s;

		random_text(wrong, &seed);
		random_text(name, &seed);
		d = distance(wrong, strlen(wrong), name, strlen(name));
		if (is_end(wrong, name))
			continue;
		s = TPC_SUGGEST(wrong, (uint32_t)strlen(wrong));
		s.most = most;
		third = strlen(wrong) > 5 || strlen(name) > 5 ? 2 : 1;
		most = most < third ? most : third;
		tpc_suggest_try(&s, name);
		ck_assert_msg(!!s.best == (d <= most), "'%s' and '%s' are %u apart, at most %u", wrong, name,
			      d, most);
		if (s.best)
			ck_assert_uint_eq(s.distance, d);
		near += d <= most;
		far += d > most;
	}
	ck_assert_uint_gt(near, 100);
	ck_assert_uint_gt(far, 100);
}
END_TEST

START_TEST(nearest_wins)
{
	struct tpc_suggest s = TPC_SUGGEST("fd_instal", 9);

	tpc_suggest_try(&s, "fd_instapp");
	tpc_suggest_try(&s, "fd_install");
	tpc_suggest_try(&s, "fd_instill");
	ck_assert_str_eq(s.best, "fd_install");
	ck_assert_uint_eq(s.distance, 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("suggest");
	TCase *t = tcase_create("near");
	SRunner *r = srunner_create(s);
	int failed;

	suite_add_tcase(s, t);
	tcase_add_test(t, bounded);
	tcase_add_test(t, nearest_wins);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
