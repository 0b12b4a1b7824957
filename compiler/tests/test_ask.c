// SPDX-License-Identifier: Apache-2.0
/* What goes to a guest and what comes back: the plan, the reader of answers against what a hostile guest could say. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask/ask_impl.h"
#include "suite.h"

static struct tpc_arena *arena;

static void setup(void)
{
	arena = tpc_arena_new((size_t)64 << 20);
	ck_assert_ptr_nonnull(arena);
}

static void teardown(void)
{
	tpc_arena_free(arena);
}

/* ---- answers ---- */

static const char talk[] = "tpc 1 yes 6.1.0-56-cloud-amd64\n"
			   "answer 0 0 0\n\n"
			   "answer 1 -13 39\n0: (bf) r1 = r9\nR9 !read_ok\nprocessed 1\n"
			   "answer 2 -22 0\n\n"
			   "end\n";

/* Hears @text in pieces of @piece bytes. */
static struct ask_guest hear(const char *text, size_t len, size_t piece, uint32_t wanted, bool *done)
{
	struct ask_guest g = { .console = "" };
	struct answers r = { .arena = arena, .to = &g, .wanted = wanted };
	bool go_on = true;

	for (size_t at = 0; at < len && go_on; at += piece)
		go_on = answers_take(&r, text + at, len - at < piece ? len - at : piece);
	*done = r.state == ANSWERS_DONE;
	ck_assert(!*done || !g.fault);
	ck_assert_int_eq(r.state == ANSWERS_BROKEN, g.fault != NULL);
	ck_assert_uint_le(g.answers.len, wanted);
	return g;
}

START_TEST(hears_answers_however_they_come)
{
	for (size_t piece = 1; piece <= sizeof(talk); piece++) {
		bool done;
		struct ask_guest g = hear(talk, sizeof(talk) - 1, piece, 3, &done);

		ck_assert(done && g.permitted);
		ck_assert_str_eq(g.release, "6.1.0-56-cloud-amd64");
		ck_assert_uint_eq(g.answers.len, 3);
		ck_assert_int_eq(g.answers.items[0].err, 0);
		ck_assert_str_eq(g.answers.items[0].log, "");
		ck_assert_int_eq(g.answers.items[1].err, -13);
		ck_assert_str_eq(g.answers.items[1].log, "0: (bf) r1 = r9\nR9 !read_ok\nprocessed 1");
		ck_assert_int_eq(g.answers.items[2].err, -22);
	}
}
END_TEST

/* What is behind the end is not looked at. */
START_TEST(stops_at_the_end)
{
	static const char no[] = "tpc 1 no 5.15\nend\nrubbish";
	struct ask_guest g;
	bool done;

	g = hear(no, sizeof(no) - 1, 1, 3, &done);
	ck_assert(done && !g.permitted);
	ck_assert_uint_eq(g.answers.len, 0);
}
END_TEST

static const char *const rubbish[] = {
	"\n",
	"hello\n",
	"tpc 2 yes 6.1\n",
	"tpc 1 maybe 6.1\n",
	"tpc 1 yes \n",
	"tpc 1 yes\n",
	"tpc 1 yes 6.1 x\n",
	"tpc 1 yes 6.1\033[2J\n",
	"tpc 1 yes 6.1\r\n",
	"tpc 1 yes 6.1\nend\n", /* too early */
	"tpc 1 yes 6.1\nend 1\n",
	"tpc 1 yes 6.1\nanswer 1 0 0\n", /* 0 comes first */
	"tpc 1 yes 6.1\nanswer 0 0 0\n\nanswer 0 0 0\n",
	"tpc 1 yes 6.1\nanswer 0 13 0\n",
	"tpc 1 yes 6.1\nanswer 0 -0 0\n",
	"tpc 1 yes 6.1\nanswer 0 -4096 0\n",
	"tpc 1 yes 6.1\nanswer 0 --1 0\n",
	"tpc 1 yes 6.1\nanswer 0 - 0\n",
	"tpc 1 yes 6.1\nanswer 0 0 -1\n",
	"tpc 1 yes 6.1\nanswer 0 0 65537\n",
	"tpc 1 yes 6.1\nanswer 0 0 18446744073709551616\n",
	"tpc 1 yes 6.1\nanswer +0 0 0\n",
	"tpc 1 yes 6.1\nanswer 0 0 0 \n",
	"tpc 1 yes 6.1\nanswer 0 0 0x1\n",
	"tpc 1 yes 6.1\nanswer 0 0\n",
	"tpc 1 yes 6.1\nanswer  0 0 0\n",
	"tpc 1 yes 6.1\nanswer 0 0 1\nab\n", /* longer than it says */
	"tpc 1 yes 6.1\nanswer 4294967296 0 0\n",
	"tpc 1 yes 6.1\n[    1.0] printk between\n",
};

START_TEST(refuses_rubbish)
{
	static const char nul[] = "tpc 1 yes 6.1\nanswer 0 0 3\na\0b\n";
	char endless[1000];
	bool done;

	for (size_t i = 0; i < sizeof(rubbish) / sizeof(rubbish[0]); i++)
		for (size_t piece = 1; piece <= 64; piece += 21) {
			struct ask_guest g = hear(rubbish[i], strlen(rubbish[i]), piece, 3, &done);

			ck_assert_msg(g.fault != NULL, "%s", rubbish[i]);
		}
	ck_assert_ptr_nonnull(hear(nul, sizeof(nul) - 1, 5, 3, &done).fault);
	memset(endless, 'x', sizeof(endless));
	ck_assert_ptr_nonnull(hear(endless, sizeof(endless), 100, 3, &done).fault);
}
END_TEST

/* Logs that are each as long as they may be, without an end. */
START_TEST(bounds_all_logs)
{
	struct tpc_arena *large = tpc_arena_new((size_t)1 << 30);
	struct ask_guest g = { .console = "" };
	struct answers r = { .arena = large, .to = &g, .wanted = UINT32_MAX };
	static char log[ASK_LOG_MAX + 1];
	char line[64];
	uint32_t n = 0;

	ck_assert_ptr_nonnull(large);
	memset(log, 'x', ASK_LOG_MAX);
	log[ASK_LOG_MAX] = '\n';
	ck_assert(answers_take(&r, "tpc 1 yes 6.1\n", 14));
	do
		snprintf(line, sizeof(line), "answer %u -22 %u\n", n++, ASK_LOG_MAX);
	while (answers_take(&r, line, strlen(line)) && answers_take(&r, log, sizeof(log)));
	ck_assert_ptr_nonnull(g.fault);
	ck_assert_uint_le(n, 4097);
	tpc_arena_free(large);
}
END_TEST

/* A byte or three of it changed, left out, or put in: whatever comes is within bounds. */
START_TEST(survives_mutations)
{
	unsigned seed = 1, broken = 0;

	for (int round = 0; round < 100000; round++) {
		char text[sizeof(talk) + 8];
		size_t len = sizeof(talk) - 1;
		bool done;

		memcpy(text, talk, len);
		for (int k = rand_r(&seed) % 3; k >= 0; k--) {
			size_t at = (size_t)rand_r(&seed) % len;

			switch (rand_r(&seed) % 3) {
			case 0:
				text[at] = (char)(rand_r(&seed) % 256);
				break;
			case 1:
				memmove(text + at, text + at + 1, --len - at);
				break;
			default:
				memmove(text + at + 1, text + at, len++ - at);
				text[at] = "0123456789 -\n"[rand_r(&seed) % 13];
				break;
			}
		}
		broken += hear(text, len, 1 + (size_t)rand_r(&seed) % len, 3, &done).fault != NULL;
		tpc_arena_reset(arena);
	}
	ck_assert_uint_gt(broken, 50000);
}
END_TEST

/* ---- the plan ---- */

static struct ask_object *sample(void)
{
	struct ask_object *o = tpc_new_array(arena, struct ask_object, 2);

	o[0].report_off = 16;
	*tpc_vec_push(arena, &o[0].fields) =
		(struct ask_field){ .off = 24, .index = 3, .subsystem = "sched", .event = "sched_switch" };
	*tpc_vec_push(arena, &o[0].programs) =
		(struct ask_program){ .name = "p0_lsm", .of_lsm = true, .target = "file_open" };
	*tpc_vec_push(arena, &o[0].programs.items[0].reads) = (struct kernel_read){ 0, "file" };
	*tpc_vec_push(arena, &o[0].programs.items[0].reads) = (struct kernel_read){ 4, NULL };
	*tpc_vec_push(arena, &o[0].programs) =
		(struct ask_program){ .name = "a name\nof other bytes\xff", .target = "" };
	o[1].report_off = -1;
	*tpc_vec_push(arena, &o[1].programs) = (struct ask_program){ .name = "", .target = "x" };
	return o;
}

START_TEST(plan_is_read_as_written)
{
	const struct ask_object *o = sample(), *const list[] = { &o[0], &o[1] };
	struct tpc_buf b = TPC_BUF(arena);
	struct ask_object *got;
	uint32_t n = 0;

	plan_write(list, 2, &b);
	got = plan_read(arena, b.data, b.len, &n);
	ck_assert_ptr_nonnull(got);
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(got[0].report_off, 16);
	ck_assert_uint_eq(got[0].fields.len, 1);
	ck_assert_uint_eq(got[0].fields.items[0].off, 24);
	ck_assert_uint_eq(got[0].fields.items[0].index, 3);
	ck_assert_str_eq(got[0].fields.items[0].subsystem, "sched");
	ck_assert_str_eq(got[0].fields.items[0].event, "sched_switch");
	ck_assert_uint_eq(got[0].programs.len, 2);
	ck_assert(got[0].programs.items[0].of_lsm);
	ck_assert_str_eq(got[0].programs.items[0].name, "p0_lsm");
	ck_assert_str_eq(got[0].programs.items[0].target, "file_open");
	ck_assert_uint_eq(got[0].programs.items[0].reads.len, 2);
	ck_assert_str_eq(got[0].programs.items[0].reads.items[0].of, "file");
	ck_assert_uint_eq(got[0].programs.items[0].reads.items[1].index, 4);
	ck_assert_ptr_null(got[0].programs.items[0].reads.items[1].of);
	ck_assert(!got[0].programs.items[1].of_lsm);
	ck_assert_str_eq(got[0].programs.items[1].name, o[0].programs.items[1].name);
	ck_assert_int_eq(got[1].report_off, -1);
	ck_assert_str_eq(got[1].programs.items[0].name, "");
	ck_assert_ptr_null(plan_read(arena, b.data, b.len - 3, &n));	     /* without the last target */
	ck_assert_ptr_null(plan_read(arena, "program\0x", 10, &n));	     /* of no object */
	ck_assert_ptr_null(plan_read(arena, "object\0read\0001\0", 14, &n)); /* of no program */
}
END_TEST

/* ---- the kernel's file ---- */

static const char *opened(const void *data, size_t len)
{
	char path[] = "/tmp/tpc-ask-XXXXXX";
	int fd = mkstemp(path), got;
	const char *why = NULL;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, data, len), (ssize_t)len);
	close(fd);
	got = image_open(arena, path, &why);
	unlink(path);
	if (got < 0)
		return why;
	close(got);
	return NULL;
}

START_TEST(knows_kernel_images)
{
	unsigned char h[1024] = { 0 };
	const char *why = NULL;

	h[0x1fe] = 0x55;
	h[0x1ff] = 0xaa;
	memcpy(h + 0x202, "HdrS", 4);
	h[0x206] = 15;
	h[0x207] = 2;
	ck_assert_ptr_null(opened(h, sizeof(h)));
	ck_assert_ptr_nonnull(opened(h, 0x208));
	h[0x207] = 1; /* 2.6.22 is 2.6 */
	ck_assert_ptr_nonnull(opened(h, sizeof(h)));
	h[0x207] = 2;
	h[0x202] = 'h';
	ck_assert_str_eq(opened(h, sizeof(h)), "it is no x86 kernel image");
	memcpy(h, "\177ELF", 4);
	ck_assert_ptr_nonnull(strstr(opened(h, sizeof(h)), "ELF file"));
	ck_assert_ptr_nonnull(opened("", 0));
	ck_assert_int_lt(image_open(arena, "/tmp", &why), 0);
	ck_assert_str_eq(why, "it is no file");
	ck_assert_int_lt(image_open(arena, "/dev/zero", &why), 0);
	ck_assert_int_lt(image_open(arena, "/nonexistent", &why), 0);
	ck_assert_str_eq(why, "it cannot be read: No such file or directory");
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("ask");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, hears_answers_however_they_come);
	tcase_add_test(t, stops_at_the_end);
	tcase_add_test(t, refuses_rubbish);
	tcase_add_test(t, bounds_all_logs);
	tcase_add_test(t, survives_mutations);
	tcase_add_test(t, plan_is_read_as_written);
	tcase_add_test(t, knows_kernel_images);
	return run_suite("ask", t);
}
