// SPDX-License-Identifier: Apache-2.0
/* Policies as people write them: what ends up in the typed policy, and what is said about faults. */
#include "read_yaml.h"

static const char full[] = "apiVersion: cilium.io/v1alpha1\n"
			   "kind: TracingPolicy\n"
			   "metadata:\n"
			   "  name: \"fd-install.v1\"\n"
			   "  labels: {team: red}\n"
			   "  uid: 1\n"
			   "spec:\n"
			   "  options:\n"
			   "  - name: policy-mode\n"
			   "    value: monitor\n"
			   "  kprobes:\n"
			   "  - call: fd_install\n"
			   "    syscall: false\n"
			   "    return: false\n"
			   "    message: \"hello\"\n"
			   "    tags: [a1, b2]\n"
			   "    args:\n"
			   "    - {index: 0, type: int}\n"
			   "    - {index: 1, type: file, label: f}\n"
			   "    selectors:\n"
			   "    - matchPIDs:\n"
			   "      - operator: NotIn\n"
			   "        values: [1, 0x10]\n"
			   "        followForks: false\n"
			   "        isNamespacePID: no\n"
			   "      matchArgs:\n"
			   "      - index: 1\n"
			   "        operator: Prefix\n"
			   "        values: [\"/etc/\\0\", 12, '0x1f']\n"
			   "      matchActions:\n"
			   "      - action: Override\n"
			   "        argError: -1\n"
			   "    -\n"
			   "      matchBinaries: [{operator: In, values: [/bin/sh]}]\n"
			   "  - call: sys_write\n"
			   "  tracepoints:\n"
			   "  - {subsystem: syscalls, event: sys_enter_openat}\n"
			   "  lsmhooks: [{hook: file_open}]\n";

START_TEST(a_policy_is_read)
{
	const struct tpc_policy *p;
	const struct tpc_kprobe *k;
	const struct tpc_selector *s;

	read_text(full);
	expect_printed("");
	ck_assert_uint_eq(policies.len, 1);
	p = policies.items[0];
	ck_assert(!p->bad);
	ck_assert_int_eq(p->kind, TPC_TRACING_POLICY);
	ck_assert_str_eq(p->metadata.name.s, "fd-install.v1");
	ck_assert_str_eq(p->metadata.labels.items[0].value.s, "red");
	ck_assert_str_eq(p->spec.options.items[0].value.s, "monitor");
	ck_assert_uint_eq(p->spec.kprobes.len, 2);
	k = &p->spec.kprobes.items[0];
	ck_assert_str_eq(k->call.s, "fd_install");
	ck_assert_uint_eq(tpc_source_line(&ctx.sources, k->call.at), 12);
	ck_assert(k->syscall.set && !k->syscall.v);
	ck_assert_str_eq(k->message.s, "hello");
	ck_assert_uint_eq(k->tags.len, 2);
	ck_assert_uint_eq(k->args.items[1].type.v, TPC_ARG_TYPE_FILE);
	ck_assert_str_eq(k->args.items[1].type.s, "file");
	ck_assert_str_eq(k->args.items[1].label.s, "f");
	ck_assert_str_eq(k->args.items[0].label.s, "");
	ck_assert_uint_eq(k->selectors.len, 2);
	s = &k->selectors.items[0];
	ck_assert_uint_eq(s->match_pids.items[0].op.v, TPC_SET_OPERATOR_NOT_IN);
	ck_assert_int_eq(s->match_pids.items[0].values.items[1].v, 16);
	ck_assert_uint_eq(s->match_args.items[0].op.v, TPC_ARG_OPERATOR_PREFIX);
	ck_assert_uint_eq(s->match_args.items[0].values.items[0].len, 5); /* the NUL is trimmed */
	ck_assert(!s->match_args.items[0].values.items[1].quoted);
	ck_assert_str_eq(s->match_args.items[0].values.items[1].s, "12");
	ck_assert(s->match_args.items[0].values.items[2].quoted);
	ck_assert_int_eq(s->match_actions.items[0].arg_error.v, -1);
	ck_assert_str_eq(s[1].match_binaries.items[0].values.items[0].s, "/bin/sh");
	ck_assert_uint_eq(s[1].match_args.at.file, 0);
}
END_TEST

START_TEST(defaults_are_those_of_the_crd)
{
	const struct tpc_kprobe *k;

	read_text(full);
	k = &policies.items[0]->spec.kprobes.items[1];
	ck_assert(!k->syscall.set && k->syscall.v);
	ck_assert(!k->ret.v);
	ck_assert_str_eq(k->message.s, "");
	ck_assert_uint_eq(k->message.at.off, k->at.off);
	ck_assert_uint_eq(k->selectors.len, 0);
	ck_assert_ptr_null(k->return_arg);
}
END_TEST

START_TEST(the_digest_is_that_of_the_documents_bytes)
{
	read_text(HEAD "  lsmhooks: []\n");
	read_text("---\n# x\n" HEAD "---\n" HEAD);
	ck_assert_uint_eq(policies.len, 3);

	ck_assert_int_eq(strncmp(policies.items[0]->digest, "sha256:", 7), 0);
	ck_assert_uint_eq(strlen(policies.items[0]->digest), 7 + 64);
	ck_assert_uint_eq(policies.items[0]->at.len, strlen(HEAD "  lsmhooks: []\n"));
	ck_assert_uint_eq(policies.items[1]->at.len, strlen("---\n# x\n" HEAD));
	ck_assert_str_ne(policies.items[0]->digest, policies.items[1]->digest);
	ck_assert_str_ne(policies.items[1]->digest, policies.items[2]->digest);
}
END_TEST

START_TEST(null_is_absent)
{
	read_text(HEAD "  options:\n  lists: ~\n  hostSelector: null\n  tracepoints: []\n");
	ck_assert_uint_eq(ctx.diags.list.len, 0);
	ck_assert_ptr_null(policies.items[0]->spec.host_selector);
}
END_TEST

START_TEST(a_fault_is_shown_like_this)
{
	read_text(HEAD "  kprobes:\n"
		       "  - call: fd_install\n"
		       "    selectors:\n"
		       "    - matchArgs:\n"
		       "      - index: 1\n"
		       "        operator: Prefx\n");
	expect_printed("p.yaml:10:19: error: unknown operator 'Prefx' [TPC206 unknown-value]\n"
		       "   10 |         operator: Prefx\n"
		       "      |                   ^~~~~ did you mean 'Prefix'?\n"
		       "p.yaml:6:5: note: in this kprobe 'fd_install'\n");
	ck_assert(policies.items[0]->bad);
}
END_TEST

/* Lines of spec and what is said, at which line and column of the whole. */
static const struct {
	const char *spec;
	enum tpc_diag_code code;
	uint32_t line, col;
	const char *says;
} faults[] = {
	{ "  kprobe: []\n", TPC_E_UNKNOWN_FIELD, 5, 3, "did you mean 'kprobes'?" },
	{ "  zzz: []\n", TPC_E_UNKNOWN_FIELD, 5, 3, "unknown field 'zzz' in spec" },
	{ "  Kprobes: []\n", TPC_W_FIELD_SPELLING, 5, 3, "write 'kprobes'" },
	{ "  kprobes: []\n  KPROBES: []\n", TPC_E_DUPLICATE_KEY, 6, 3,
	  "p.yaml:5:3: note: the first is here" },
	{ "  kprobes:\n  lsmhooks: []\n", TPC_E_MISSING_FIELD, 5, 3, "'kprobes' has no value" },
	{ "  kprobes: {call: x}\n", TPC_E_WRONG_TYPE, 5, 12, "must be a list of mappings, not a mapping" },
	{ "  kprobes: [{call: 7}]\n", TPC_E_WRONG_TYPE, 5, 20, "put it in quotes: '7'" },
	{ "  kprobes: [{call: on}]\n", TPC_E_WRONG_TYPE, 5, 20, "not the boolean on" },
	{ "  kprobes: [{call: x, tags: a}]\n", TPC_E_WRONG_TYPE, 5, 29, "write it as a list: [a]" },
	{ "  kprobes: [{call: x, tags: [~]}]\n", TPC_E_WRONG_TYPE, 5, 30,
	  "an item of 'tags' must be a string, not nothing" },
	{ "  kprobes: [{call: x, syscall: 'true'}]\n", TPC_E_WRONG_TYPE, 5, 32, "write it without quotes" },
	{ "  kprobes: [{args: []}]\n", TPC_E_MISSING_FIELD, 5, 14, "kprobe without 'call'" },
	{ "  kprobes: [{}]\n", TPC_E_MISSING_FIELD, 5, 13, "kprobe without 'call'" },
	{ "  kprobes: [{call: }]\n", TPC_E_MISSING_FIELD, 5, 14, "'call' has no value" },
	{ "  kprobes: [{call: \"a\\0b\"}]\n", TPC_E_ENCODING, 5, 20, "'call' holds a NUL byte" },
	{ "  kprobes: [{call: x, args: [{index: -1, type: int}]}]\n", TPC_E_RANGE, 5, 38,
	  "from 0 to 2147483647" },
	{ "  kprobes: [{call: x, args: [{index: 1.5, type: int}]}]\n", TPC_E_WRONG_TYPE, 5, 38,
	  "the number 1.5" },
	{ "  kprobes: [{call: x, args: [{index: 1, type: sbk}]}]\n", TPC_E_ENUM, 5, 47,
	  "did you mean 'skb'?" },
	{ "  kprobes: [{call: x, selectors: [{matchActions: [{action: post}]}]}]\n", TPC_E_ENUM, 5, 60,
	  "did you mean 'Post'?" },
	{ "  kprobes: [{call: x, selectors: [{matchArgs: [{operator: In}]}]}]\n", TPC_E_ENUM, 5, 59,
	  "did you mean 'Equal'?" },
	{ "  kprobes: [{call: x, selectors: [{actions: []}]}]\n", TPC_E_UNKNOWN_FIELD, 5, 36,
	  "write 'matchActions:', a list" },
	{ "  kprobes: [{call: x, selectors: [{matchPIDs: [{operator: In, values: [1], matchArgs: []}]}]}]\n",
	  TPC_E_UNKNOWN_FIELD, 5, 76, "it belongs to the selector" },
	{ "  uprobes: [{path: /bin/sh, symbls: [main]}]\n", TPC_E_UNKNOWN_FIELD, 5, 29,
	  "did you mean 'symbols'?" },
	{ "  lsmhooks: [{hook: x, tags: [a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a]}]\n", TPC_E_RANGE, 5, 30,
	  "17 items, more than 16" },
};

START_TEST(faults_have_places_and_words)
{
	char *s;

	read_text(tpc_sprintf(ctx.arena, HEAD "%s", faults[_i].spec));
	expect_one(faults[_i].code, faults[_i].line, faults[_i].col);
	s = printed(false);
	ck_assert_msg(strstr(s, faults[_i].says), "expected \"%s\" in:\n%s", faults[_i].says, s);
	free(s);
	ck_assert_uint_eq(policies.len, 1);
	ck_assert_int_eq(policies.items[0]->bad, faults[_i].code != TPC_W_FIELD_SPELLING);
}
END_TEST

/* Whole files. */
static const struct {
	const char *text;
	enum tpc_diag_code code;
	uint32_t line, col;
	const char *says;
	uint32_t npolicies;
} files[] = {
	{ "", TPC_E_EMPTY, 1, 1, "no policy", 0 },
	{ "# nothing\n---\n---\n", TPC_E_EMPTY, 1, 1, "no policy", 0 },
	{ "hello\n", TPC_E_NOT_A_POLICY, 1, 1, "a policy is a mapping, not the text 'hello'", 0 },
	{ "- a\n", TPC_E_NOT_A_POLICY, 1, 1, "not a list", 0 },
	{ "a: b\n", TPC_E_NOT_A_POLICY, 1, 1, "kind: TracingPolicy", 0 },
	{ "apiVersion: v1\nkind: ConfigMap\ndata: {}\n", TPC_E_NOT_A_POLICY, 2, 7, "'ConfigMap'", 0 },
	{ "kind: TracingPolicies\n", TPC_E_NOT_A_POLICY, 1, 7, "did you mean 'TracingPolicy'?", 0 },
	{ "apiVersion: cilium.io/v1\nkind: TracingPolicy\nmetadata: {name: p}\nspec: {}\n",
	  TPC_E_NOT_A_POLICY, 1, 13, "write 'cilium.io/v1alpha1'", 1 },
	{ "apiVersion: cilium.io/v1alpha1\nmetadata: {name: p}\nspec: {}\n", TPC_E_MISSING_FIELD, 1, 1,
	  "policy without 'kind'", 1 },
	{ "apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: p}\n", TPC_E_MISSING_FIELD,
	  1, 1, "policy without 'spec'", 1 },
	{ "apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {generateName: p}\nspec: {}\n",
	  TPC_E_MISSING_FIELD, 3, 12, "metadata without 'name'", 1 },
	{ "apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: Big_One}\nspec: {}\n",
	  TPC_E_NAME, 3, 18, "did you mean 'big-one'?", 1 },
	{ "apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: a..b}\nspec: {}\n",
	  TPC_E_NAME, 3, 18, "lower case letters", 1 },
	{ "apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: p, namespace: ns}\nspec: {}\n",
	  TPC_E_NAME, 3, 32, "TracingPolicyNamespaced", 1 },
	{ "apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: p}\nspec: {}\nstatus: {}\n",
	  TPC_E_UNKNOWN_FIELD, 5, 1, "unknown field 'status' in policy", 1 },
};

START_TEST(files_that_are_no_policies)
{
	char *s;

	read_text(files[_i].text);
	expect_one(files[_i].code, files[_i].line, files[_i].col);
	s = printed(false);
	ck_assert_msg(strstr(s, files[_i].says), "expected \"%s\" in:\n%s", files[_i].says, s);
	free(s);
	ck_assert_uint_eq(policies.len, files[_i].npolicies);
}
END_TEST

START_TEST(every_fault_of_a_file_in_one_run)
{
	read_text(HEAD "  kprobe: []\n  lsmhooks: [{hok: x}]\n  loader: maybe\n---\nkind: Pod\n---\n" HEAD
		       "  foo: 1\n");
	/* kprobe, hok (which stands for the hook that is missing), loader, Pod, foo */
	ck_assert_uint_eq(ctx.diags.nerrors, 5);
	ck_assert_uint_eq(policies.len, 2);
	ck_assert(policies.items[0]->bad && policies.items[1]->bad);
}
END_TEST

START_TEST(a_good_policy_beside_a_bad_one_is_good)
{
	read_text(HEAD "  foo: 1\n---\n" HEAD "  kprobes: []\n");
	ck_assert(policies.items[0]->bad);
	ck_assert(!policies.items[1]->bad);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int main(void)
{
	TCase *t = tcase_create("frontend");

	tcase_add_checked_fixture(t, read_setup, read_teardown);
	tcase_add_test(t, a_policy_is_read);
	tcase_add_test(t, defaults_are_those_of_the_crd);
	tcase_add_test(t, the_digest_is_that_of_the_documents_bytes);
	tcase_add_test(t, null_is_absent);
	tcase_add_test(t, a_fault_is_shown_like_this);
	tcase_add_loop_test(t, faults_have_places_and_words, 0, COUNT(faults));
	tcase_add_loop_test(t, files_that_are_no_policies, 0, COUNT(files));
	tcase_add_test(t, every_fault_of_a_file_in_one_run);
	tcase_add_test(t, a_good_policy_beside_a_bad_one_is_good);
	return run_suite("frontend", t);
}
