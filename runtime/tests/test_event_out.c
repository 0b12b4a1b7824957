// SPDX-License-Identifier: Apache-2.0
/* Each kind of event as both outputs show it, whole lines. */
#include <stdlib.h>
#include <string.h>

#include "event_out.h"
#include "support.h"
#include "text.h"

static const struct event_env env = { .node = "n1", .boot = 1700000000000000000 };
static const struct tpc_task_id me = { .pid = 10, .tid = 11, .start = 5000000007 };
static struct manifest *m;
static struct record r;
static struct event ev;
static struct process parent, self;

static void setup(void)
{
	static char sh[] = "/bin/sh", root[] = "/", none[] = "", cat[] = "/bin/cat", home[] = "/home/a",
		    args[] = "x y";

	m = support_parse();
	parent = (struct process){ .refs = 1,
				   .pid = 2,
				   .ktime = 1000000000,
				   .flags = PROCESS_PROCFS | PROCESS_ROOT_CWD,
				   .auid = UINT32_MAX,
				   .binary = sh,
				   .cwd = root,
				   .args = none };
	self = (struct process){ .refs = 1,
				 .pid = 10,
				 .ktime = 5000000007,
				 .uid = 1000,
				 .auid = 1001,
				 .flags = PROCESS_EXEC | PROCESS_CLONE | PROCESS_FORKED,
				 .parent = &parent,
				 .parent_pid = 2,
				 .parent_ktime = 1000000000,
				 .binary = cat,
				 .cwd = home,
				 .args = args };
}

static void teardown(void)
{
	manifest_free(m);
}

#define PARENT                                                                                               \
	"{\"exec_id\":\"bjE6MTAwMDAwMDAwMDoy\",\"pid\":2,\"uid\":0,\"cwd\":\"/\",\"binary\":\"/bin/sh\","    \
	"\"flags\":\"procFS rootcwd\",\"start_time\":\"2023-11-14T22:13:21.000000000Z\",\"auid\":4294967295,\"tid\":2}"
#define SELF(tid)                                                                                            \
	"{\"exec_id\":\"bjE6NTAwMDAwMDAwNzoxMA==\",\"pid\":10,\"uid\":1000,\"cwd\":\"/home/a\","             \
	"\"binary\":\"/bin/cat\",\"arguments\":\"x y\",\"flags\":\"execve clone\","                          \
	"\"start_time\":\"2023-11-14T22:13:25.000000007Z\",\"auid\":1001,"                                   \
	"\"parent_exec_id\":\"bjE6MTAwMDAwMDAwMDoy\",\"tid\":" tid "}"
#define BOTH(tid) "\"process\":" SELF(tid) ",\"parent\":" PARENT
#define TAIL "},\"node_name\":\"n1\",\"time\":\"2023-11-14T22:13:26.000000001Z\"}"
#define NOW 6000000001

static void shows(const char *json, const char *compact)
{
	struct rt_buf b = { 0 };

	record_decode(&r, m, &ev);
	ck_assert(event_json(&b, &env, &ev, &self));
	ck_assert_str_eq(b.s, json);
	rt_buf_clear(&b);
	ck_assert(event_compact(&b, &env, &ev, &self));
	ck_assert_str_eq(b.s, compact);
	rt_buf_free(&b);
}

START_TEST(kprobe)
{
	record_hook(&r, NOW, me, 0, 0, TPC_DID_POST | TPC_DID_SIGNAL, 3);
	record_num(&r, TPC_ARG_S64, 3);
	record_path(&r, 0, 0100644, -1, "passwd\0etc", 11);
	record_arg(&r, TPC_ARG_NONE, 0, NULL, 0);
	shows("{\"process_kprobe\":{" BOTH(
		      "11") ",\"function_name\":\"fd_install\",\"args\":[{\"int_arg\":3,\"label\":\"fd\"},"
			    "{\"file_arg\":{\"path\":\"/etc/passwd\",\"permission\":\"-rw-r--r--\"}}],"
			    "\"action\":\"KPROBE_ACTION_SIGNAL\",\"policy_name\":\"files\",\"message\":\"a file\","
			    "\"tags\":[\"t1\",\"t2\"]" TAIL,
	      "kprobe     /bin/cat[10] fd_install fd=3 file=/etc/passwd [SIGUSR1] policy=files \"a file\"");
}
END_TEST

START_TEST(kprobe_monitored)
{
	record_hook(&r, NOW, me, 0, 0, TPC_DID_POST | TPC_DID_SIGNAL | TPC_DID_MONITOR, 3);
	record_num(&r, TPC_ARG_S64, (uint64_t)-1);
	record_path(&r, TPC_ARG_NO_PATH, 0010600, 7, "", 0);
	record_arg(&r, TPC_ARG_NONE, 0, NULL, 0);
	shows("{\"process_kprobe\":{" BOTH(
		      "11") ",\"function_name\":\"fd_install\",\"args\":[{\"int_arg\":-1,\"label\":\"fd\"},"
			    "{\"file_arg\":{\"permission\":\"prw-------\"}}],"
			    "\"action\":\"KPROBE_ACTION_SIGNAL\",\"policy_name\":\"files\",\"message\":\"a file\","
			    "\"tags\":[\"t1\",\"t2\"],\"policy_mode\":\"monitor\"" TAIL,
	      "kprobe     /bin/cat[10] fd_install fd=-1 file=(no path) [monitor: SIGUSR1] policy=files \"a file\"");
}
END_TEST

START_TEST(tracepoint)
{
	record_hook(&r, NOW, me, 1, 0, TPC_DID_POST, 3);
	record_arg(&r, TPC_ARG_BYTES, 0, "a\nb\xff\"\x1b", 6);
	record_arg(&r, TPC_ARG_BYTES, TPC_ARG_TRUNCATED, "\0\x01z", 3);
	record_num(&r, TPC_ARG_U64, 257);
	shows("{\"process_tracepoint\":{" BOTH(
		      "11") ",\"subsys\":\"syscalls\",\"event\":\"sys_enter_mkdirat\",\"args\":["
			    "{\"string_arg\":\"a\\nb\xef\xbf\xbd\\\"\\u001B\",\"label\":\"name\"},"
			    "{\"truncated_bytes_arg\":{\"bytes_arg\":\"AAF6\"}},{\"syscall_id\":{\"id\":257,\"abi\":\"x64\"}}],"
			    "\"action\":\"KPROBE_ACTION_POST\",\"policy_name\":\"files\"" TAIL,
	      "tracepoint /bin/cat[10] syscalls/sys_enter_mkdirat name=\"a\\nb\\xff\"\\x1b\" "
	      "char_buf=\"\\x00\\x01z\"... syscall64=257 policy=files");
}
END_TEST

START_TEST(tracepoint_without_values)
{
	record_hook(&r, NOW, me, 1, 0, TPC_DID_POST, 3);
	record_arg(&r, TPC_ARG_BYTES, TPC_ARG_FAULT, NULL, 0);
	record_arg(&r, TPC_ARG_BYTES, 0, "ab", 2);
	record_arg(&r, TPC_ARG_NONE, 0, NULL, 0);
	shows("{\"process_tracepoint\":{" BOTH(
		      "11") ",\"subsys\":\"syscalls\",\"event\":\"sys_enter_mkdirat\",\"args\":["
			    "{\"error_arg\":{\"message\":\"memory could not be read\"},\"label\":\"name\"},{\"bytes_arg\":\"YWI=\"},"
			    "{\"error_arg\":{\"message\":\"no value\"}}],"
			    "\"action\":\"KPROBE_ACTION_POST\",\"policy_name\":\"files\"" TAIL,
	      "tracepoint /bin/cat[10] syscalls/sys_enter_mkdirat name=(unreadable) char_buf=\"ab\" syscall64=? policy=files");
}
END_TEST

START_TEST(lsm)
{
	record_hook(&r, NOW, me, 2, 0, TPC_DID_POST | TPC_DID_OVERRIDE, 5);
	record_path(&r, TPC_ARG_TRUNCATED, 0041777, -1, "a\0b", 4);
	record_path(&r, 0, 0104755, -1, "su\0bin", 7);
	record_num(&r, TPC_ARG_U64, UINT64_MAX);
	record_num(&r, TPC_ARG_S64, (uint64_t)INT64_MIN);
	record_num(&r, TPC_ARG_U64, 4000000000);
	shows("{\"process_lsm\":{" BOTH(
		      "11") ",\"function_name\":\"file_open\",\"args\":["
			    "{\"path_arg\":{\"path\":\"/b/a\",\"flags\":\"unresolvedPathComponents\",\"permission\":\"drwxrwxrwt\"}},"
			    "{\"linux_binprm_arg\":{\"path\":\"/bin/su\",\"permission\":\"-rwsr-xr-x\"}},"
			    "{\"size_arg\":\"18446744073709551615\"},{\"long_arg\":\"-9223372036854775808\"},{\"uint_arg\":4000000000}],"
			    "\"action\":\"KPROBE_ACTION_OVERRIDE\",\"policy_name\":\"files\"" TAIL,
	      "lsm        /bin/cat[10] file_open path=.../b/a linux_binprm=/bin/su size_t=18446744073709551615 "
	      "int64=-9223372036854775808 uint32=4000000000 [OVERRIDE -1] policy=files");
}
END_TEST

START_TEST(last_enforcing_action_is_named)
{
	record_hook(&r, NOW, me, 2, 0, TPC_DID_OVERRIDE | TPC_DID_SIGKILL, 5);
	for (int i = 0; i < 5; i++)
		record_arg(&r, TPC_ARG_NONE, 0, NULL, 0);
	record_decode(&r, m, &ev);
	ck_assert_int_eq(event_action(&ev.hook)->kind, ACTION_SIGKILL);
	ev.hook.actions = TPC_DID_POST;
	ck_assert_int_eq(event_action(&ev.hook)->kind, ACTION_POST);
}
END_TEST

START_TEST(exec)
{
	record_exec(&r, NOW, me, (struct tpc_task_id){ .pid = 2 }, 0, "cat\0bin", 8, "a\0home", 7, "cat", 4);
	shows("{\"process_exec\":{" BOTH("10") TAIL, "exec       /bin/cat[10] x y");
}
END_TEST

START_TEST(exit_status)
{
	record_exit(&r, NOW, me, 3 << 8);
	shows("{\"process_exit\":{" BOTH(
		      "10") ",\"status\":3,\"time\":\"2023-11-14T22:13:26.000000001Z\"" TAIL,
	      "exit       /bin/cat[10] status 3");
}
END_TEST

START_TEST(exit_signal)
{
	record_exit(&r, NOW, me, 9);
	shows("{\"process_exit\":{" BOTH(
		      "10") ",\"signal\":\"SIGKILL\",\"time\":\"2023-11-14T22:13:26.000000001Z\"" TAIL,
	      "exit       /bin/cat[10] signal SIGKILL");
}
END_TEST

START_TEST(unknown_process)
{
	static char none[] = "";
	struct rt_buf b = { 0 };

	self = (struct process){ .refs = 1,
				 .pid = 10,
				 .ktime = 7,
				 .flags = PROCESS_UNKNOWN,
				 .binary = none,
				 .cwd = none,
				 .args = none };
	record_exit(&r, NOW, me, 0);
	record_decode(&r, m, &ev);
	ck_assert(event_json(&b, &env, &ev, &self));
	ck_assert_str_eq(
		b.s,
		"{\"process_exit\":{\"process\":{\"exec_id\":\"bjE6NzoxMA==\",\"pid\":10,\"flags\":\"unknown\","
		"\"start_time\":\"2023-11-14T22:13:20.000000007Z\",\"tid\":10},"
		"\"time\":\"2023-11-14T22:13:26.000000001Z\"" TAIL);
	rt_buf_clear(&b);
	ck_assert(event_compact(&b, &env, &ev, &self));
	ck_assert_str_eq(b.s, "exit       ?[10] status 0");
	rt_buf_free(&b);
}
END_TEST

START_TEST(clone_has_no_line)
{
	struct rt_buf b = { 0 };

	record_clone(&r, NOW, me, (struct tpc_task_id){ .pid = 2 });
	record_decode(&r, m, &ev);
	ck_assert(!event_json(&b, &env, &ev, &self));
	ck_assert(!event_compact(&b, &env, &ev, &self));
	rt_buf_free(&b);
}
END_TEST

START_TEST(utf8)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "abc", "abc" },
		{ "\xc3\xbc", "\xc3\xbc" },
		{ "\xe2\x82\xac", "\xe2\x82\xac" },
		{ "\xf0\x9f\x90\x9d", "\xf0\x9f\x90\x9d" },
		{ "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd" },		    /* overlong */
		{ "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" }, /* surrogate */
		{ "\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "a\x80z", "a\xef\xbf\xbdz" },
	};
	struct rt_buf b = { 0 };

	for (size_t i = 0; i < RT_ARRAY_LEN(rows); i++) {
		rt_buf_clear(&b);
		text_utf8(&b, rows[i].in, strlen(rows[i].in));
		ck_assert_str_eq(b.s, rows[i].out);
	}
	rt_buf_clear(&b);
	text_escape(&b, "\x7f\\\t\xc2\x85\xc3\xbc", 7);
	ck_assert_str_eq(b.s, "\\x7f\\\\\\t\\u0085\xc3\xbc");
	rt_buf_free(&b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("rt_event_out");
	TCase *t = tcase_create("event_out");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, kprobe);
	tcase_add_test(t, kprobe_monitored);
	tcase_add_test(t, tracepoint);
	tcase_add_test(t, tracepoint_without_values);
	tcase_add_test(t, lsm);
	tcase_add_test(t, last_enforcing_action_is_named);
	tcase_add_test(t, exec);
	tcase_add_test(t, exit_status);
	tcase_add_test(t, exit_signal);
	tcase_add_test(t, unknown_process);
	tcase_add_test(t, clone_has_no_line);
	tcase_add_test(t, utf8);
	suite_add_tcase(s, t);
	return support_run(s);
}
