// SPDX-License-Identifier: Apache-2.0
/* Arena, vectors, text buffers and digests. */
#include <string.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/vec.h"
#include "suite.h"

static struct tpc_arena *a;

static void setup(void)
{
	a = tpc_arena_new(1 << 20);
	ck_assert_ptr_nonnull(a);
}

static void teardown(void)
{
	tpc_arena_free(a);
}

START_TEST(blocks_are_zeroed_and_aligned)
{
	for (size_t align = 1; align <= 4096; align *= 2) {
		char *p = tpc_arena_alloc(a, 37, align);

		ck_assert_uint_eq((uintptr_t)p % align, 0);
		for (int i = 0; i < 37; i++)
			ck_assert_int_eq(p[i], 0);
		memset(p, 0xff, 37);
	}
}
END_TEST

START_TEST(past_the_ceiling_memory_still_comes)
{
	char *p;

	tpc_arena_alloc(a, 900 << 10, 1);
	ck_assert(!tpc_arena_exhausted(a));
	p = tpc_arena_alloc(a, 200 << 10, 1);
	ck_assert(tpc_arena_exhausted(a));
	memset(p, 1, 200 << 10);
	p = tpc_arena_alloc(a, 16, 1);
	ck_assert_int_eq(p[0], 0);
	ck_assert(tpc_arena_exhausted(a));
}
END_TEST

START_TEST(past_twice_the_ceiling_it_aborts)
{
	tpc_arena_alloc(a, 3 << 20, 1);
}
END_TEST

START_TEST(an_array_that_overflows_aborts)
{
	tpc_arena_alloc_array(a, SIZE_MAX / 2, 4, 1);
}
END_TEST

/* @_i: bytes used before the reset; both ways of clearing. */
START_TEST(reset_gives_zeroed_memory_again)
{
	size_t n = _i ? (size_t)1500 << 10 : 1000;
	char *p = tpc_arena_alloc(a, n, 1), *q;
	size_t bad = 0;

	memset(p, 0xee, n);
	tpc_arena_reset(a);
	ck_assert_uint_eq(tpc_arena_used(a), 0);
	ck_assert(!tpc_arena_exhausted(a));
	q = tpc_arena_alloc(a, n, 1);
	ck_assert_ptr_eq(p, q);
	for (size_t i = 0; i < n; i++)
		bad += q[i] != 0;
	ck_assert_uint_eq(bad, 0);
}
END_TEST

START_TEST(strings_are_copied_and_formatted)
{
	char *s = tpc_strndup(a, "abcdef", 3);

	ck_assert_str_eq(s, "abc");
	ck_assert_str_eq(tpc_strdup(a, ""), "");
	ck_assert_str_eq(tpc_sprintf(a, "%s-%d", s, 42), "abc-42");
}
END_TEST

START_TEST(no_address_space_is_not_a_crash)
{
	ck_assert_ptr_null(tpc_arena_new(SIZE_MAX / 4));
	ck_assert_ptr_null(tpc_arena_new(SIZE_MAX));
	tpc_arena_free(NULL);
}
END_TEST

START_TEST(vectors_grow_and_keep_their_items)
{
	TPC_VEC(uint64_t) v = { 0 };
	uint64_t *it, n = 0;

	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t *p = tpc_vec_push(a, &v);

		ck_assert_uint_eq(*p, 0);
		*p = i * 3;
	}
	ck_assert_uint_eq(v.len, 1000);
	tpc_vec_foreach (it, &v)
		ck_assert_uint_eq(*it, 3 * n++);
}
END_TEST

START_TEST(buffers_are_always_terminated)
{
	struct tpc_buf b = TPC_BUF(a);
	size_t want = 0;

	ck_assert_str_eq(tpc_buf_text(&b), "");
	tpc_buf_printf(&b, "%s", "");
	ck_assert_str_eq(tpc_buf_text(&b), "");
	for (int i = 0; i < 500; i++) {
		tpc_buf_puts(&b, "ab");
		tpc_buf_putc(&b, 'c');
		tpc_buf_printf(&b, "%03d", i);
		tpc_buf_add(&b, "xyz", 2);
		want += 8;
		ck_assert_uint_eq(b.len, want);
		ck_assert_uint_eq(strlen(tpc_buf_text(&b)), want);
	}
	ck_assert_int_eq(memcmp(tpc_buf_text(&b), "abc000xyabc001xy", 16), 0);
}
END_TEST

/* FIPS 180-2, appendix B.1. */
START_TEST(digest_is_sha256)
{
	ck_assert_str_eq(tpc_digest(a, "abc", 3),
			 "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	ck_assert_str_eq(tpc_digest(a, "", 0),
			 "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("arena");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, blocks_are_zeroed_and_aligned);
	tcase_add_test(t, past_the_ceiling_memory_still_comes);
	tcase_add_test_raise_signal(t, past_twice_the_ceiling_it_aborts, 6);
	tcase_add_test_raise_signal(t, an_array_that_overflows_aborts, 6);
	tcase_add_loop_test(t, reset_gives_zeroed_memory_again, 0, 2);
	tcase_add_test(t, strings_are_copied_and_formatted);
	tcase_add_test(t, no_address_space_is_not_a_crash);
	tcase_add_test(t, vectors_grow_and_keep_their_items);
	tcase_add_test(t, buffers_are_always_terminated);
	tcase_add_test(t, digest_is_sha256);
	return run_suite("base_arena", t);
}
