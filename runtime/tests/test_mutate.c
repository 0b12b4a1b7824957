// SPDX-License-Identifier: Apache-2.0
/* Good input with random damage: it is refused or read, and never read out of bounds (the sanitizers look). */
#include <stdlib.h>
#include <string.h>

#include "event_out.h"
#include "format.h"
#include "support.h"

static uint64_t state; /* xorshift64*: equal seeds, equal tests */

static uint32_t rnd(uint32_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * 2685821657736338717ULL) >> 33) % below;
}

static void damage(uint8_t *s, size_t *len, size_t step)
{
	static const uint32_t odd[] = { 0, 1, 7, 8, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff8 };

	for (uint32_t n = 1 + rnd(4); n-- && *len > 8;) {
		size_t at = rnd((uint32_t)(*len - 4)) / step * step;

		switch (rnd(4)) {
		case 0:
			s[at] = (uint8_t)rnd(256);
			break;
		case 1:
			memcpy(s + at, &odd[rnd(RT_ARRAY_LEN(odd))], 4);
			break;
		case 2:
			s[at] ^= (uint8_t)(1U << rnd(8));
			break;
		default:
			*len = rnd(8) ? *len : at + 1;
			break;
		}
	}
}

/* In memory of just the right size. */
static uint8_t *copy(const void *s, size_t len)
{
	uint8_t *p = malloc(len ? len : 1);

	ck_assert_ptr_nonnull(p);
	memcpy(p, s, len);
	return p;
}

static void make(struct record *r, uint32_t kind)
{
	struct tpc_task_id me = { .pid = 1 + rnd(50), .tid = 7, .start = rnd(100) * 1000000000ULL };
	struct tpc_task_id parent = { .pid = 1 + rnd(50), .tid = 8, .start = rnd(100) * 1000000000ULL };

	if (kind == 0) {
		record_hook(r, 1, me, 2, 0, rnd(512), 5);
		record_path(r, 0, 0100644, -1, "passwd\0etc", 11);
		record_path(r, 0, 0100644, -1, "a\0b\0c", 6);
		record_num(r, TPC_ARG_U64, 1);
		record_num(r, TPC_ARG_S64, 2);
		record_num(r, TPC_ARG_U64, 3);
	} else if (kind == 1) {
		record_hook(r, 1, me, 1, 0, rnd(512), 3);
		record_arg(r, TPC_ARG_BYTES, 0, "hello", 5);
		record_arg(r, TPC_ARG_BYTES, 0, "\xff\xfe", 2);
		record_num(r, TPC_ARG_U64, 1);
	} else if (kind == 2) {
		record_exec(r, 2, me, parent, 0, "cat\0bin", 8, "tmp", 4, "cat\0x\0y", 8);
	} else if (kind == 3) {
		record_clone(r, 3, me, parent);
	} else {
		record_exit(r, 4, me, 9);
	}
	record_seal(r);
}

START_TEST(records)
{
	struct event_env env = { .node = "n" };
	struct process_cache *c = process_cache_new(NULL);
	struct manifest *m = support_parse();
	struct rt_buf line = { 0 };
	unsigned good = 0, bad = 0;
	struct process *p;
	struct record r;
	struct event ev;
	const char *why;
	uint8_t *s;

	state = 0x9e3779b97f4a7c15ULL + (uint64_t)_i;
	for (unsigned i = 0; i < 5000; i++) {
		make(&r, rnd(5));
		if (rnd(8))
			damage(r.bytes, &r.len, rnd(2) ? 1 : 4);
		s = copy(r.bytes, r.len);
		if (event_decode(s, r.len, m, &ev, &why)) {
			bad++;
		} else {
			good++;
			p = process_cache_event(c, &ev);
			rt_buf_clear(&line);
			if (p) {
				event_json(&line, &env, &ev, p);
				event_compact(&line, &env, &ev, p);
			}
		}
		free(s);
	}
	/* Both happen, or this test tests nothing. */
	ck_assert_uint_gt(good, 500);
	ck_assert_uint_gt(bad, 500);
	rt_buf_free(&line);
	process_cache_free(c);
	manifest_free(m);
}
END_TEST

START_TEST(manifests)
{
	size_t full = strlen(support_manifest), len;
	unsigned good = 0, bad = 0;
	struct manifest *m;
	struct rt_error e;
	uint8_t *s, *cut;

	state = 0xd1b54a32d192ed03ULL + (uint64_t)_i;
	for (unsigned i = 0; i < 1500; i++) {
		s = copy(support_manifest, full);
		len = full;
		if (rnd(3))
			damage(s, &len, 1);
		else
			s[rnd((uint32_t)full)] = (uint8_t)('0' + rnd(10));
		cut = copy(s, len);
		e.text[0] = '\0';
		if (manifest_parse((const char *)cut, len, &m, &e)) {
			bad++;
			ck_assert_ptr_null(m);
			ck_assert(e.text[0]);
		} else {
			good++;
			manifest_free(m);
		}
		free(cut);
		free(s);
	}
	ck_assert_uint_gt(good, 100);
	ck_assert_uint_gt(bad, 100);
}
END_TEST

START_TEST(formats)
{
	static const char text[] =
		"ID: 310\nformat:\n\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n"
		"\tfield:__data_loc char[] f;\toffset:8;\tsize:4;\tsigned:0;\n";
	struct tpc_field_desc d;
	struct rt_error e;
	struct format f;
	size_t len;
	uint8_t *s, *cut;

	state = 0x2545f4914f6cdd1dULL;
	for (unsigned i = 0; i < 5000; i++) {
		len = sizeof(text) - 1;
		s = copy(text, len);
		damage(s, &len, 1);
		cut = copy(s, len);
		if (!format_parse((const char *)cut, len, &f, &e))
			for (uint32_t j = 0; j < 4; j++)
				(void)format_describe(&f, j, j % 2 ? "string" : "int", &d, &e);
		format_done(&f);
		free(cut);
		free(s);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("rt_mutate");
	TCase *t = tcase_create("mutate");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, records, 0, 4);
	tcase_add_loop_test(t, manifests, 0, 4);
	tcase_add_test(t, formats);
	suite_add_tcase(s, t);
	return support_run(s);
}
