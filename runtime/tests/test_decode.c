// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

static const struct tpc_task_id me = { .pid = 10, .tid = 11, .start = 5000000000 };
static const struct tpc_task_id mother = { .pid = 2, .tid = 2, .start = 1000000000 };
static struct manifest *m;
static struct record r;
static struct event ev;

static void setup(void)
{
	m = support_parse();
}

static void teardown(void)
{
	manifest_free(m);
}

static void good_hook(void)
{
	record_hook(&r, 77, me, 0, 1, TPC_DID_POST, 3);
	record_num(&r, TPC_ARG_S64, (uint64_t)-3);
	record_path(&r, 0, 0100644, -1, "passwd\0etc", 11);
	record_arg(&r, TPC_ARG_NONE, 0, NULL, 0);
}

START_TEST(hook)
{
	good_hook();
	record_decode(&r, m, &ev);
	ck_assert_int_eq(ev.kind, TPC_EVENT_HOOK);
	ck_assert_uint_eq(ev.time, 77);
	ck_assert_uint_eq(ev.task.tid, 11);
	ck_assert_ptr_eq(ev.hook.hook, &m->hooks[0]);
	ck_assert_uint_eq(ev.hook.selector, 1);
	ck_assert_int_eq((int64_t)ev.hook.args[0].num, -3);
	ck_assert_int_eq(ev.hook.args[1].fd, -1);
	ck_assert_uint_eq(ev.hook.args[1].mode, 0100644);
	ck_assert_uint_eq(ev.hook.args[1].text.len, 11);
	ck_assert_int_eq(ev.hook.args[2].type, TPC_ARG_NONE);
}
END_TEST

START_TEST(exec_clone_exit)
{
	record_exec(&r, 9, me, mother, TPC_EXEC_ROOT_CWD, "cat\0bin", 8, "", 0, "cat\0x", 6);
	record_decode(&r, m, &ev);
	ck_assert_uint_eq(ev.exec.parent.pid, 2);
	ck_assert_uint_eq(ev.exec.uid, 1000);
	ck_assert_uint_eq(ev.exec.binary.len, 8);
	ck_assert_uint_eq(ev.exec.cwd.len, 0);
	ck_assert_int_eq(memcmp(ev.exec.args.s, "cat\0x", 6), 0);
	record_clone(&r, 9, me, mother);
	record_decode(&r, m, &ev);
	ck_assert_uint_eq(ev.clone_parent.start, mother.start);
	record_exit(&r, 9, me, 0x100);
	record_decode(&r, m, &ev);
	ck_assert_uint_eq(ev.exit_code, 0x100);
}
END_TEST

static void refused(const char *says)
{
	const char *why = NULL;

	ck_assert_int_eq(event_decode(r.bytes, r.len, m, &ev, &why), -EBADMSG);
	ck_assert_msg(strstr(why, says), "'%s' does not say '%s'", why, says);
}

static void poke(size_t off, uint32_t v)
{
	memcpy(r.bytes + off, &v, sizeof(v));
}

/* Offsets in good_hook(). */
enum { AT_HOOK = 32, AT_SELECTOR = 36, AT_NARGS = 44, AT_ARG0 = 48, AT_ARG1 = 64 };

static const struct {
	size_t off;
	uint32_t v;
	const char *says;
} lies[] = {
	{ 0, 0, "own size" },
	{ 0, 8, "own size" },
	{ 0, 49, "own size" },
	{ 0, 1 << 20, "own size" },
	{ 0, 0xfffffff8, "own size" },
	{ 0, 16, "too short" },
	{ 0, 48, "too short" },
	{ 4, 0, "unknown kind" },
	{ 4, 5, "unknown kind" },
	{ AT_HOOK, 3, "no such hook" },
	{ AT_HOOK, 0xffffffff, "no such hook" },
	{ AT_HOOK, 1, "no such selector" },
	{ AT_SELECTOR, 2, "no such selector" },
	{ AT_NARGS, 2, "not as many" },
	{ AT_NARGS, 4, "not as many" },
	{ AT_NARGS, 0xffffffff, "not as many" },
	{ AT_ARG0, TPC_ARG_U64, "not of the manifest's type" },
	{ AT_ARG0, 99, "not of the manifest's type" },
	{ AT_ARG0, TPC_ARG_NONE, "has a payload" },
	{ AT_ARG0 + 4, 4, "not of 8 bytes" },
	{ AT_ARG0 + 4, 0xffffffff, "not of 8 bytes" },
	{ AT_ARG1 + 4, 8, "lengths disagree" },
	{ AT_ARG1 + 4, 0xffffffff, "lengths disagree" },
	{ AT_ARG1 + 4, 16, "lengths disagree" },
	{ AT_ARG1 + 8 + 12, 0xffffffff, "disagree" },
	{ AT_ARG1 + 8 + 12, 10, "disagree" },
};

START_TEST(lies_are_refused)
{
	good_hook();
	record_seal(&r);
	poke(lies[_i].off, lies[_i].v);
	refused(lies[_i].says);
}
END_TEST

START_TEST(lengths_that_lie_together)
{
	good_hook();
	record_seal(&r);
	poke(AT_ARG1 + 4, 16 + 4000);
	poke(AT_ARG1 + 8 + 12, 4000);
	refused("larger than its record");
}
END_TEST

START_TEST(unended_component)
{
	record_hook(&r, 1, me, 0, 0, 0, 3);
	record_num(&r, TPC_ARG_S64, 0);
	record_path(&r, 0, 0, -1, "passwd", 6);
	record_arg(&r, TPC_ARG_NONE, 0, NULL, 0);
	record_seal(&r);
	refused("has no end");
}
END_TEST

START_TEST(exec_lengths)
{
	enum { AT_LENS = 56 };

	for (size_t i = 0; i < 3; i++) {
		record_exec(&r, 9, me, mother, 0, "cat\0bin", 8, "", 0, "cat\0x", 6);
		record_seal(&r);
		poke(AT_LENS + 4 * i, 0xffffffff);
		refused("larger than its record");
	}
}
END_TEST

/* From memory of just that size, so that a sanitizer sees a byte too many. */
START_TEST(cut_anywhere)
{
	const char *why;

	for (int kind = 0; kind < 3; kind++) {
		if (kind == 0)
			good_hook();
		else if (kind == 1)
			record_exec(&r, 9, me, mother, 0, "cat\0bin", 8, "tmp", 4, "cat\0x", 6);
		else
			record_exit(&r, 9, me, 1);
		record_seal(&r);
		for (size_t n = 0; n < r.len; n++) {
			uint8_t *s = malloc(n ? n : 1);

			memcpy(s, r.bytes, n);
			ck_assert_int_eq(event_decode(s, n, m, &ev, &why), -EBADMSG);
			if (n >= 4) { /* and when the header agrees with the cut */
				uint32_t size = (uint32_t)n;

				memcpy(s, &size, sizeof(size));
				if (n + 8 < r.len)
					ck_assert_int_eq(event_decode(s, n, m, &ev, &why), -EBADMSG);
			}
			free(s);
		}
	}
}
END_TEST

START_TEST(paths_are_joined)
{
	static const struct {
		const char *names;
		uint32_t len;
		const char *path;
	} paths[] = {
		{ "", 0, "/" },
		{ "etc", 4, "/etc" },
		{ "passwd\0etc", 11, "/etc/passwd" },
		{ "c\0b\0a", 6, "/a/b/c" },
		{ "\0", 1, "/" },
		{ "\0\0", 2, "//" },
	};
	struct rt_buf b = { 0 };

	for (size_t i = 0; i < RT_ARRAY_LEN(paths); i++) {
		rt_buf_clear(&b);
		event_path_join(&b, (struct event_text){ .s = paths[i].names, .len = paths[i].len });
		ck_assert_str_eq(b.s, paths[i].path);
	}
	rt_buf_free(&b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("rt_decode");
	TCase *t = tcase_create("decode");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, hook);
	tcase_add_test(t, exec_clone_exit);
	tcase_add_loop_test(t, lies_are_refused, 0, RT_ARRAY_LEN(lies));
	tcase_add_test(t, lengths_that_lie_together);
	tcase_add_test(t, unended_component);
	tcase_add_test(t, exec_lengths);
	tcase_add_test(t, cut_anywhere);
	tcase_add_test(t, paths_are_joined);
	suite_add_tcase(s, t);
	return support_run(s);
}
