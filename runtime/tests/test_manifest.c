// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

/* Each breaks the good manifest in one place; the message must name the place and say what is wrong. */
static const struct {
	const char *from, *to, *says;
} broken[] = {
	{ "{\"abi\"", "[{\"abi\"", "not JSON" },
	{ "\"major\": 1", "\"major\": 2", "ABI 2.0" },
	{ "\"major\": 1", "\"major\": \"1\"", "abi.major: expected an integer" },
	{ "\"major\": 1", "\"major\": -1", "not in" },
	{ "\"major\": 1, ", "", "major: is missing" },
	{ "\"abi\": {\"major\": 1, \"minor\": 0},", "\"abi\": 1,", "abi: expected an object" },
	{ "\"minor\": 0", "\"minor\": 0, \"minor\": 0", "duplicate" },
	{ "\"arch\": \"x86_64\",", "", "arch: is missing" },
	{ "\"arch\": \"x86_64\"", "\"arch\": 64", "arch: expected a string" },
	{ "\"version\": \"0.1.0\"", "\"version\": \"\"", "version: is empty" },
	{ "\"mode\": \"enforce\"", "\"mode\": \"maybe\"", "policies[0].mode: unknown word 'maybe'" },
	{ "\"line\": 4,", "\"line\": 0,", "policies[0].line: 0 is not in" },
	{ "\"line\": 4,", "\"line\": 4.0,", "policies[0].line: expected an integer" },
	{ "\"name\": \"files\", ", "", "policies[0].name: is missing" },
	{ "\"policy\": 0, \"kind\": \"kprobe\"", "\"policy\": 1, \"kind\": \"kprobe\"",
	  "hooks[0].policy: 1" },
	{ "\"policy\": 0, \"kind\": \"kprobe\"", "\"policy\": -1, \"kind\": \"kprobe\"",
	  "hooks[0].policy: -1" },
	{ "\"policy\": 0, \"kind\": \"lsm\"", "\"policy\": 0, \"kind\": \"uprobe\"",
	  "hooks[2].kind: unknown word" },
	{ "\"function\": \"fd_install\", ", "", "hooks[0].function: is missing" },
	{ "\"syscall\": false", "\"syscall\": 0", "hooks[0].syscall: expected true or false" },
	{ "[\"t1\", \"t2\"]", "[\"t1\", 2]", "hooks[0].tags: expected a string" },
	{ "[\"t1\", \"t2\"]", "\"t1\"", "hooks[0].tags: expected a list" },
	{ "\"label\": \"fd\"", "\"label\": {}", "hooks[0].args[0].label: expected a string" },
	{ "\"abi\": \"s64\"", "\"abi\": \"s65\"", "hooks[0].args[0].abi: unknown word" },
	{ "{\"index\": 2, \"type\": \"nop\", \"abi\": \"none\"}", "7",
	  "hooks[0].args[2]: expected an object" },
	{ "\"index\": 0, \"type\": \"int\"", "\"index\": 256, \"type\": \"int\"",
	  "hooks[0].args[0].index: 256" },
	{ "\"selectors\": [{}]", "\"selectors\": []", "hooks[1].selectors: needs at least 1" },
	{ "\"selectors\": [{}]", "\"selectors\": {}", "hooks[1].selectors: expected a list" },
	{ "\"signal\": 10", "\"signal\": 65", "actions[1].signal: 65" },
	{ ", \"signal\": 10", "", "actions[1].signal: is missing" },
	{ "\"error\": -1", "\"error\": 4294967296", "actions[0].error" },
	{ "\"action\": \"Sigkill\"", "\"action\": \"Sigkil\"", "actions[1].action: unknown word 'Sigkil'" },
	{ "\"hooks\": [0]", "\"hooks\": [3]", "programs[0].hooks: item 0 is not the number of a hook" },
	{ "\"hooks\": [0]", "\"hooks\": [-1]", "programs[0].hooks: item 0" },
	{ "\"hooks\": [0]", "\"hooks\": [\"0\"]", "programs[0].hooks: item 0" },
	{ "\"hooks\": [0]", "\"hooks\": []", "programs[0].hooks: expected a list" },
	{ "\"hooks\": [0]", "\"hooks\": [1]", "of another kind" },
	{ "\"hooks\": [0]", "\"hooks\": [0, 0]", "hook 0 is in two programs" },
	{ "\"attach\": \"kprobe\"", "\"attach\": \"kretprobe\"", "variants[1].attach: unknown word" },
	{ "\"attach\": \"kprobe\"", "\"attach\": \"tp_btf\"", "is for trackers" },
	{ "\"attach\": \"tp_btf\"", "\"attach\": \"kprobe\"", "trackers[0].attach" },
	{ "\"target\": \"syscalls/sys_enter_mkdirat\"", "\"target\": \"../../etc\"",
	  "names nothing in a kernel" },
	{ "\"target\": \"syscalls/sys_enter_mkdirat\"", "\"target\": \"syscalls\"",
	  "names nothing in a kernel" },
	{ "\"target\": \"file_open\"", "\"target\": \"file/open\"", "names nothing in a kernel" },
	{ "\"struct\": \"file\"", "\"struct\": 1", "params[1].struct: expected a string" },
	{ ", \"scalar\": true", "", "params[0].struct: is missing" },
	{ "\"overrides\": true", "\"overrides\": \"yes\"", "overrides: expected true or false" },
	{ "\"slot\": 0", "\"slot\": -2", "fields[0].slot: -2" },
	{ "\"slot\": 0", "\"slot\": -1", "must have 'expect'" },
	{ "\"hook\": 1}", "\"hook\": 3}", "fields[0].hook: 3" },
	{ "\"hook\": 1}", "\"hook\": 0}", "no tracepoint" },
	{ "\"off\": 32", "\"off\": 65536", "fields[1].expect.off" },
	{ "\"expect\": {\"off\": 32, \"size\": 8}", "\"expect\": 8", "expect: expected an object" },
	{ "\"slot\": 0, \"subsystem\": \"syscalls\"", "\"slot\": 0, \"subsystem\": \"..\"",
	  "names nothing in a kernel" },
	{ "[\"ringbuf\"]", "[1]", "needs: expected a string" },
	{ "\"exec_tests\": [{", "\"exec_tests\": [3, {", "exec_tests[0]: expected an object" },
};

static char *edit(const char *from, const char *to, size_t *len)
{
	const char *at = strstr(support_manifest, from);
	size_t before = (size_t)(at - support_manifest);
	char *s;

	ck_assert_ptr_nonnull(at);
	*len = strlen(support_manifest) - strlen(from) + strlen(to);
	s = malloc(*len + 1);
	ck_assert_ptr_nonnull(s);
	memcpy(s, support_manifest, before);
	strcpy(s + before, to);
	strcat(s, at + strlen(from));
	return s;
}

START_TEST(each_fault_is_refused)
{
	struct rt_error e = { .text = "" };
	struct manifest *m = NULL;
	size_t len;
	char *s = edit(broken[_i].from, broken[_i].to, &len);
	int err = manifest_parse(s, len, &m, &e);

	free(s);
	manifest_free(m);
	ck_assert_msg(err < 0, "accepted: %s", broken[_i].to);
	ck_assert_ptr_null(m);
	ck_assert_int_eq(e.status, RT_INPUT);
	ck_assert_msg(strstr(e.text, broken[_i].says), "'%s' does not say '%s'", e.text, broken[_i].says);
}
END_TEST

START_TEST(good_one_is_read)
{
	struct manifest *m = support_parse();

	ck_assert_uint_eq(m->npolicies, 1);
	ck_assert_str_eq(m->policies[0].name, "files");
	ck_assert(!m->policies[0].monitor);
	ck_assert_uint_eq(m->nhooks, 3);
	ck_assert_ptr_eq(m->hooks[0].policy, &m->policies[0]);
	ck_assert_uint_eq(m->hooks[0].nargs, 3);
	ck_assert_int_eq(m->hooks[0].args[1].abi, TPC_ARG_PATH);
	ck_assert_str_eq(m->hooks[0].args[0].label, "fd");
	ck_assert_ptr_null(m->hooks[0].args[1].label);
	ck_assert_uint_eq(m->hooks[0].nselectors, 2);
	ck_assert(m->hooks[0].selectors[1].dropped);
	ck_assert_int_eq(m->hooks[0].selectors[0].actions[1].arg, 10);
	ck_assert_str_eq(m->hooks[1].subsystem, "syscalls");
	ck_assert_uint_eq(m->hooks[1].selectors[0].line, 0);
	ck_assert_int_eq(m->hooks[2].selectors[0].actions[0].arg, -1);
	ck_assert_uint_eq(m->nprograms, 3);
	ck_assert_str_eq(m->programs[1].title, "tracepoint syscalls/sys_enter_mkdirat");
	ck_assert_ptr_null(m->programs[0].variants[0].params[0].type);
	ck_assert_str_eq(m->programs[0].variants[0].params[1].type, "file");
	ck_assert(m->programs[2].variants[0].overrides);
	ck_assert_uint_eq(m->ntrackers, 1);
	ck_assert_uint_eq(m->nfields, 2);
	ck_assert_int_eq(m->fields[1].slot, -1);
	ck_assert_uint_eq(m->fields[1].expect_off, 32);
	ck_assert_uint_eq(m->nexec_tests, 1);
	ck_assert_str_eq(m->needs[0], "ringbuf");
	manifest_free(m);
}
END_TEST

START_TEST(another_major_is_refused_first)
{
	/* Nothing else of it needs to make sense. */
	static const char text[] = "{\"abi\": {\"major\": 9, \"minor\": 3}, \"policies\": 7}";
	struct rt_error e = { .text = "" };
	struct manifest *m = NULL;

	ck_assert_int_eq(manifest_parse(text, sizeof(text), &m, &e), -EPROTO);
	ck_assert_ptr_nonnull(strstr(e.text, "ABI 9.3"));
}
END_TEST

START_TEST(newer_minor_is_accepted)
{
	struct rt_error e = { .text = "" };
	struct manifest *m = NULL;
	size_t len;
	char *s = edit("\"minor\": 0}", "\"minor\": 7, \"more\": []}", &len);

	ck_assert_int_eq(manifest_parse(s, len, &m, &e), 0);
	ck_assert_uint_eq(m->abi_minor, 7);
	free(s);
	manifest_free(m);
}
END_TEST

START_TEST(not_json)
{
	static const char *const texts[] = { "", "{", "[]", "7", "\"", "{\"abi\": {}}", "\xff\xfe" };
	struct rt_error e = { .text = "" };
	struct manifest *m = NULL;

	for (size_t i = 0; i < RT_ARRAY_LEN(texts); i++)
		ck_assert_int_lt(manifest_parse(texts[i], strlen(texts[i]), &m, &e), 0);
}
END_TEST

START_TEST(depth_and_size)
{
	size_t len = MANIFEST_BYTES_MAX + 1;
	char *s = malloc(len);
	struct rt_error e = { .text = "" };
	struct manifest *m = NULL;

	memset(s, '[', len);
	ck_assert_int_eq(manifest_parse(s, len, &m, &e), -EINVAL);
	ck_assert_ptr_nonnull(strstr(e.text, "larger than"));
	ck_assert_int_eq(manifest_parse(s, 1 << 20, &m, &e), -EINVAL);
	ck_assert_ptr_nonnull(strstr(e.text, "depth"));
	free(s);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("rt_manifest");
	TCase *t = tcase_create("manifest");

	tcase_add_test(t, good_one_is_read);
	tcase_add_loop_test(t, each_fault_is_refused, 0, RT_ARRAY_LEN(broken));
	tcase_add_test(t, another_major_is_refused_first);
	tcase_add_test(t, newer_minor_is_accepted);
	tcase_add_test(t, not_json);
	tcase_add_test(t, depth_and_size);
	suite_add_tcase(s, t);
	return support_run(s);
}
