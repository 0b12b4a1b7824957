// SPDX-License-Identifier: Apache-2.0
#include "support.h"

#include <string.h>

const char support_manifest[] =
	"{\"abi\": {\"major\": 1, \"minor\": 0},\n"
	"\"compiler\": {\"name\": \"tpc\", \"version\": \"0.1.0\", \"templates\": \"sha256:00\", \"opt\": 2},\n"
	"\"arch\": \"x86_64\",\n"
	"\"policies\": [{\"name\": \"files\", \"kind\": \"TracingPolicy\", \"mode\": \"enforce\", \"file\": \"p.yaml\", "
	"\"line\": 4, \"digest\": \"sha256:01\"}],\n"
	"\"hooks\": [\n"
	" {\"policy\": 0, \"kind\": \"kprobe\", \"function\": \"fd_install\", \"syscall\": false, \"line\": 7, "
	"\"message\": \"a file\", \"tags\": [\"t1\", \"t2\"], \"args\": [{\"index\": 0, \"type\": \"int\", "
	"\"label\": \"fd\", \"abi\": \"s64\"}, {\"index\": 1, \"type\": \"file\", \"abi\": \"path\"}, "
	"{\"index\": 2, \"type\": \"nop\", \"abi\": \"none\"}], \"selectors\": [{\"line\": 12, \"actions\": ["
	"{\"action\": \"Post\"}, {\"action\": \"Signal\", \"signal\": 10}]}, {\"line\": 14, \"dropped\": true}]},\n"
	" {\"policy\": 0, \"kind\": \"tracepoint\", \"subsystem\": \"syscalls\", \"event\": \"sys_enter_mkdirat\", "
	"\"line\": 20, \"args\": [{\"index\": 6, \"type\": \"string\", \"label\": \"name\", \"abi\": \"bytes\"}, "
	"{\"index\": 7, \"type\": \"char_buf\", \"abi\": \"bytes\"}, {\"index\": 4, \"type\": \"syscall64\", \"abi\": "
	"\"u64\"}], \"selectors\": [{}]},\n"
	" {\"policy\": 0, \"kind\": \"lsm\", \"hook\": \"file_open\", \"line\": 30, \"args\": [{\"index\": 0, \"type\": "
	"\"path\", \"abi\": \"path\"}, {\"index\": 1, \"type\": \"linux_binprm\", \"abi\": \"path\"}, {\"index\": 2, "
	"\"type\": \"size_t\", \"abi\": \"u64\"}, {\"index\": 3, \"type\": \"int64\", \"abi\": \"s64\"}, {\"index\": 4, "
	"\"type\": \"uint32\", \"abi\": \"u64\"}], \"selectors\": [{\"line\": 33, \"actions\": [{\"action\": "
	"\"Override\", \"error\": -1}, {\"action\": \"Sigkill\"}]}]}],\n"
	"\"programs\": [\n"
	" {\"hooks\": [0], \"kind\": \"kprobe\", \"line\": 7, \"variants\": [{\"program\": \"p0_fentry\", \"attach\": "
	"\"fentry\", \"target\": \"fd_install\", \"params\": [{\"index\": 0, \"scalar\": true}, {\"index\": 1, "
	"\"struct\": \"file\"}]}, {\"program\": \"p0_kprobe\", \"attach\": \"kprobe\", \"target\": \"fd_install\"}]},\n"
	" {\"hooks\": [1], \"kind\": \"tracepoint\", \"line\": 20, \"variants\": [{\"program\": \"p1_tp\", \"attach\": "
	"\"tracepoint\", \"target\": \"syscalls/sys_enter_mkdirat\"}]},\n"
	" {\"hooks\": [2], \"kind\": \"lsm\", \"line\": 30, \"variants\": [{\"program\": \"p2_lsm\", \"attach\": \"lsm\", "
	"\"target\": \"file_open\", \"overrides\": true}]}],\n"
	"\"trackers\": [{\"program\": \"tpc_on_exec\", \"attach\": \"tp_btf\", \"target\": \"sched_process_exec\"}],\n"
	"\"fields\": [{\"slot\": 0, \"subsystem\": \"syscalls\", \"event\": \"sys_enter_mkdirat\", \"index\": 6, \"type\": "
	"\"string\", \"hook\": 1}, {\"slot\": -1, \"subsystem\": \"syscalls\", \"event\": \"sys_enter_mkdirat\", "
	"\"index\": 7, \"type\": \"int\", \"hook\": 1, \"expect\": {\"off\": 32, \"size\": 8}}],\n"
	"\"exec_tests\": [{\"operator\": \"Equal\", \"values\": [\"/usr/bin/cat\"]}],\n"
	"\"needs\": [\"ringbuf\"]}";

struct manifest *support_parse(void)
{
	struct manifest *m = NULL;
	struct rt_error e = { .text = "" };

	ck_assert_msg(manifest_parse(support_manifest, sizeof(support_manifest), &m, &e) == 0, "%s", e.text);
	return m;
}

static void put(struct record *r, const void *s, size_t len)
{
	ck_assert_uint_le(len, sizeof(r->bytes) - r->len);
	if (len)
		memcpy(r->bytes + r->len, s, len);
	r->len += len;
}

static void pad(struct record *r)
{
	static const uint8_t zero[8];

	put(r, zero, -r->len & 7);
}

static void begin(struct record *r, uint16_t kind, uint64_t time)
{
	struct tpc_event_hdr h = { .kind = kind, .time = time };

	r->len = 0;
	put(r, &h, sizeof(h));
}

void record_hook(struct record *r, uint64_t time, struct tpc_task_id task, uint32_t hook, uint32_t selector,
		 uint32_t actions, uint32_t nargs)
{
	uint32_t head[] = { hook, selector, actions, nargs };

	begin(r, TPC_EVENT_HOOK, time);
	put(r, &task, sizeof(task));
	put(r, head, sizeof(head));
}

void record_arg(struct record *r, uint16_t type, uint16_t flags, const void *payload, size_t len)
{
	struct tpc_arg a = { .type = type, .flags = flags, .len = (uint32_t)len };

	put(r, &a, sizeof(a));
	put(r, payload, len);
	pad(r);
}

void record_num(struct record *r, uint16_t type, uint64_t v)
{
	record_arg(r, type, 0, &v, sizeof(v));
}

void record_path(struct record *r, uint16_t flags, uint32_t mode, int32_t fd, const char *names, size_t len)
{
	struct tpc_arg a = { .type = TPC_ARG_PATH, .flags = flags };
	struct tpc_arg_path p = { .mode = mode, .fd = fd, .names_len = (uint32_t)len };

	a.len = (uint32_t)(sizeof(p) + len);
	put(r, &a, sizeof(a));
	put(r, &p, sizeof(p));
	put(r, names, len);
	pad(r);
}

void record_exec(struct record *r, uint64_t time, struct tpc_task_id task, struct tpc_task_id parent,
		 uint32_t flags, const char *binary, size_t binary_len, const char *cwd, size_t cwd_len,
		 const char *args, size_t args_len)
{
	uint32_t head[] = { 1000, 1001, (uint32_t)binary_len, (uint32_t)cwd_len, (uint32_t)args_len, flags };

	begin(r, TPC_EVENT_EXEC, time);
	put(r, &task, sizeof(task));
	put(r, &parent, sizeof(parent));
	put(r, head, sizeof(head));
	put(r, binary, binary_len);
	put(r, cwd, cwd_len);
	put(r, args, args_len);
	pad(r);
}

void record_clone(struct record *r, uint64_t time, struct tpc_task_id task, struct tpc_task_id parent)
{
	begin(r, TPC_EVENT_CLONE, time);
	put(r, &task, sizeof(task));
	put(r, &parent, sizeof(parent));
}

void record_exit(struct record *r, uint64_t time, struct tpc_task_id task, uint32_t code)
{
	uint32_t tail[] = { code, 0 };

	begin(r, TPC_EVENT_EXIT, time);
	put(r, &task, sizeof(task));
	put(r, tail, sizeof(tail));
}

void record_seal(struct record *r)
{
	uint32_t size = (uint32_t)r->len;

	memcpy(r->bytes, &size, sizeof(size));
}

void record_decode(struct record *r, const struct manifest *m, struct event *ev)
{
	const char *why = NULL;
	int err;

	record_seal(r);
	err = event_decode(r->bytes, r->len, m, ev, &why);
	ck_assert_msg(err == 0, "%s", why);
}

int support_run(Suite *s)
{
	SRunner *r = srunner_create(s);
	int failed;

	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
