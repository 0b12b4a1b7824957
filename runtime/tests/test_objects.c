// SPDX-License-Identifier: Apache-2.0
/* Kernel objects and capabilities as arguments: as both outputs show them, and records that lie about them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "event_out.h"
#include "support.h"

static const char text[] =
	"{\"abi\": {\"major\": 1, \"minor\": 0},\n"
	"\"compiler\": {\"name\": \"tpc\", \"version\": \"0.1.0\", \"templates\": \"sha256:00\", \"opt\": 2},\n"
	"\"arch\": \"x86_64\",\n"
	"\"policies\": [{\"name\": \"who\", \"kind\": \"TracingPolicy\", \"mode\": \"enforce\", \"file\": \"p.yaml\", "
	"\"line\": 4, \"digest\": \"sha256:01\"}],\n"
	"\"hooks\": [{\"policy\": 0, \"kind\": \"lsm\", \"hook\": \"capset\", \"line\": 7, \"args\": [\n"
	" {\"index\": 0, \"type\": \"cred\", \"abi\": \"cred\"},\n"
	" {\"index\": 1, \"type\": \"user_namespace\", \"label\": \"ns\", \"abi\": \"user_ns\"},\n"
	" {\"index\": 2, \"type\": \"perf_event\", \"abi\": \"perf_event\"},\n"
	" {\"index\": 3, \"type\": \"cap_effective\", \"abi\": \"u64\"},\n"
	" {\"index\": 4, \"type\": \"capability\", \"abi\": \"s64\"},\n"
	" {\"index\": 0, \"type\": \"uint32\", \"data\": true, \"abi\": \"u64\"}], \"selectors\": [{\"line\": 12, "
	"\"filters\": [], \"actions\": []}]}],\n"
	"\"programs\": [{\"hooks\": [0], \"kind\": \"lsm\", \"line\": 7, \"variants\": [{\"program\": \"p0_lsm\", "
	"\"attach\": \"lsm\", \"target\": \"capset\"}]}],\n"
	"\"trackers\": [], \"fields\": [], \"exec_tests\": [], \"needs\": [\"ringbuf\"]}";

static const struct event_env env = { .node = "n1", .boot = 0 };
static const struct tpc_task_id me = { .pid = 10, .tid = 11, .start = 5 };
static struct manifest *m;
static struct record r;
static struct event ev;

static const struct tpc_arg_cred cred = {
	.uid = 1,
	.gid = 2,
	.euid = 3,
	.egid = 4,
	.suid = 5,
	.sgid = 6,
	.fsuid = 7,
	.fsgid = 8,
	.securebits = 0x81,
	.permitted = 3,
	.effective = 1ULL << 40 | 1ULL << 63,
	.user_ns = { .level = 1, .uid = 9, .gid = 10, .inum = 4026532000 },
};
static const struct tpc_arg_user_ns host = { .inum = 4026531837 };
static const struct tpc_arg_perf_event perf = { .type = 1,
						.config = 3,
						.probe_offset = 4,
						.kprobe_func = "do_exit" };

static void setup(void)
{
	struct rt_error e = { .text = "" };

	ck_assert_msg(manifest_parse(text, sizeof(text), &m, &e) == 0, "%s", e.text);
}

static void teardown(void)
{
	manifest_free(m);
}

static void good(uint64_t caps, uint64_t cap)
{
	record_hook(&r, 6, me, 0, 0, TPC_DID_POST, 6);
	record_arg(&r, TPC_ARG_CRED, 0, &cred, sizeof(cred));
	record_arg(&r, TPC_ARG_USER_NS, 0, &host, sizeof(host));
	record_arg(&r, TPC_ARG_PERF_EVENT, 0, &perf, sizeof(perf));
	record_num(&r, TPC_ARG_U64, caps);
	record_num(&r, TPC_ARG_S64, cap);
	record_num(&r, TPC_ARG_U64, 77);
	record_seal(&r);
}

static void shows(const char *json, const char *compact)
{
	static char name[] = "/bin/a", none[] = "";
	struct process p = { .refs = 1, .pid = 10, .ktime = 5, .binary = name, .cwd = none, .args = none };
	struct rt_buf b = { 0 };

	record_decode(&r, m, &ev);
	ck_assert(event_json(&b, &env, &ev, &p));
	ck_assert_msg(strstr(b.s, json), "%s is not in %s", json, b.s);
	rt_buf_clear(&b);
	ck_assert(event_compact(&b, &env, &ev, &p));
	ck_assert_msg(strstr(b.s, compact), "%s is not in %s", compact, b.s);
	rt_buf_free(&b);
}

START_TEST(objects)
{
	good(0x21, 21);
	shows("\"args\":[{\"process_credentials_arg\":{\"uid\":1,\"gid\":2,\"euid\":3,\"egid\":4,\"suid\":5,\"sgid\":6,"
	      "\"fsuid\":7,\"fsgid\":8,\"securebits\":[\"SecBitNoRoot\",\"SecBitNoCapAmbientRaiseLocked\"],"
	      "\"caps\":{\"permitted\":[\"CAP_CHOWN\",\"DAC_OVERRIDE\"],\"effective\":[\"CAP_CHECKPOINT_RESTORE\",63]},"
	      "\"user_ns\":{\"level\":1,\"uid\":9,\"gid\":10,\"ns\":{\"inum\":4026532000}}}},"
	      "{\"user_ns_arg\":{\"level\":0,\"uid\":0,\"gid\":0,\"ns\":{\"inum\":4026531837,\"is_host\":true}},\"label\":\"ns\"},"
	      "{\"perf_event_arg\":{\"KprobeFunc\":\"do_exit\",\"Type\":\"PERF_TYPE_SOFTWARE\",\"Config\":\"3\",\"ProbeOffset\":\"4\"}},"
	      "{\"cap_effective_arg\":\"0000000000000021\"},{\"capability_arg\":{\"value\":21,\"name\":\"CAP_SYS_ADMIN\"}}],"
	      "\"data\":[{\"uint_arg\":77}]",
	      "capset cred=uid:1,euid:3,caps:8000010000000000 ns=4026531837,level:0,uid:0 "
	      "perf_event=type:1,config:3,do_exit cap_effective=0000000000000021 capability=CAP_SYS_ADMIN uint32=77");
}
END_TEST

START_TEST(capability_without_a_name)
{
	good(UINT64_MAX, (uint64_t)-1);
	shows("{\"cap_effective_arg\":\"ffffffffffffffff\"},{\"capability_arg\":{\"value\":-1}}",
	      "cap_effective=ffffffffffffffff capability=-1");
}
END_TEST

START_TEST(nothing_there)
{
	record_hook(&r, 6, me, 0, 0, TPC_DID_POST, 6);
	for (int i = 0; i < 6; i++)
		record_arg(&r, TPC_ARG_NONE, 0, NULL, 0);
	shows("{\"error_arg\":{\"message\":\"no value\"}},{\"error_arg\":{\"message\":\"no value\"},\"label\":\"ns\"}",
	      "cred=? ns=? perf_event=? cap_effective=? capability=? uint32=?");
}
END_TEST

/* Offsets in good(). */
enum { AT_CRED = 48, AT_NS = AT_CRED + 8 + sizeof(cred), AT_PERF = AT_NS + 8 + sizeof(host) };

static void refused(size_t off, uint32_t v, const char *says)
{
	const char *why = NULL;

	good(0, 0);
	memcpy(r.bytes + off, &v, sizeof(v));
	ck_assert_int_eq(event_decode(r.bytes, r.len, m, &ev, &why), -EBADMSG);
	ck_assert_msg(strstr(why, says), "'%s' does not say '%s'", why, says);
}

START_TEST(lies_are_refused)
{
	refused(AT_CRED, TPC_ARG_USER_NS, "not of the manifest's type");
	refused(AT_CRED + 4, sizeof(cred) - 8, "not as long as its type");
	refused(AT_NS + 4, sizeof(host) + 8, "not as long as its type");
	refused(AT_PERF + 4, 0xffffffff, "not as long as its type");
	good(0, 0);
	memset(r.bytes + AT_PERF + 8 + offsetof(struct tpc_arg_perf_event, kprobe_func), 'x', TPC_SYMBOL_MAX);
	ck_assert_int_eq(event_decode(r.bytes, r.len, m, &ev, &(const char *){ NULL }), -EBADMSG);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("objects");
	TCase *t = tcase_create("objects");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, objects);
	tcase_add_test(t, capability_without_a_name);
	tcase_add_test(t, nothing_there);
	tcase_add_test(t, lies_are_refused);
	suite_add_tcase(s, t);
	return support_run(s);
}
