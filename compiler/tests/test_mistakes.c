// SPDX-License-Identifier: Apache-2.0
/* What people write where something else is meant: the tables are sound, and each is asked where it should be. */
#include "frontend/mistakes.h"
#include "frontend/schema_impl.h"
#include "frontend/schema_print.h"
#include "base/suggest.h"
#include "read_yaml.h"

static bool same(const char *a, const char *b)
{
	return tpc_same_but_case(a, (uint32_t)strlen(a), b, (uint32_t)strlen(b));
}

static const struct schema_object *find_object(const struct schema_list *all, const char *noun)
{
	for (uint32_t i = 0; i < all->entries.len; i++)
		if (!strcmp(all->entries.items[i].object->noun, noun))
			return all->entries.items[i].object;
	return NULL;
}

START_TEST(wrong_fields_are_wrong)
{
	const struct mistake_field *m, *other;
	struct schema_list all;

	schema_list(ctx.arena, &all);
	for (m = mistake_fields; m->owner; m++) {
		const struct schema_object *o = find_object(&all, m->owner);

		ck_assert_msg(o, "there is no '%s'", m->owner);
		ck_assert(m->mistake.hint || m->mistake.note);
		for (uint32_t i = 0; m->wrong && i < o->nfields; i++)
			ck_assert_msg(!same(o->fields[i].name, m->wrong), "%s has '%s'", m->owner, m->wrong);
		for (other = mistake_fields; other < m; other++)
			ck_assert_msg(strcmp(other->owner, m->owner) || !m->wrong || !other->wrong ||
					      !same(other->wrong, m->wrong),
				      "'%s' of %s is there twice", m->wrong, m->owner);
	}
}
END_TEST

static bool has_word(const struct schema_words *w, const char *s)
{
	for (uint32_t i = 0; i < w->len; i++)
		if (!strcmp(w->items[i].name, s))
			return true;
	return false;
}

START_TEST(wrong_words_are_wrong_and_right_ones_right)
{
	const struct mistake_word *m, *other;

	for (m = mistake_words; m->words; m++) {
		ck_assert(m->right || m->note);
		ck_assert_msg(!m->right || has_word(m->words, m->right), "'%s' is no %s", m->right,
			      m->words->noun);
		for (uint32_t i = 0; m->wrong && i < m->words->len; i++)
			ck_assert_msg(!same(m->words->items[i].name, m->wrong), "'%s' is a word", m->wrong);
		for (other = mistake_words; other < m; other++)
			ck_assert_msg(other->words != m->words || !m->wrong || !other->wrong ||
					      !same(other->wrong, m->wrong),
				      "'%s' is there twice", m->wrong);
	}
}
END_TEST

#define SEL(text) "  kprobes: [{call: x, selectors: [{" text "}]}]\n"
#define ARG(type) "  kprobes: [{call: x, args: [{index: 0, type: " type "}]}]\n"
#define TWO(a, b) "  kprobes: [{call: x, selectors: [{" a "}, {" b "}]}]\n"
#define PREFIX(v) "matchArgs: [{operator: Prefix, values: ['" v "']}]"
#define KILL "matchActions: [{action: Sigkill}]"
#define BIN "matchBinaries: [{operator: In, values: [/bin/sh]}]"

/* Lines of spec, and the one diagnostic: its code, column in line 5, and what its text has. */
static const struct {
	const char *spec;
	enum tpc_diag_code code;
	uint32_t col;
	const char *says;
} cases[] = {
	/* fields */
	{ SEL("namespaceSelector: {}"), TPC_E_UNKNOWN_FIELD, 36, "k8s:io.kubernetes.pod.namespace" },
	{ SEL("rateLimit: 1m"), TPC_E_UNKNOWN_FIELD, 36, "it belongs to an action" },
	{ SEL("isNamespaceCapability: true"), TPC_E_UNKNOWN_FIELD, 36,
	  "it belongs to an item of 'matchCapabilities'" },
	{ SEL("matchActions: [{action: Post, message: m}]"), TPC_E_UNKNOWN_FIELD, 66, "a field of the hook" },
	{ "  fentries: [{function: x, call: z}]\n", TPC_E_UNKNOWN_FIELD, 15, "write 'call'" },
	{ "  selectors: []\n", TPC_E_UNKNOWN_FIELD, 3, "put them into a hook" },
	{ "  call: x\n", TPC_E_UNKNOWN_FIELD, 3, "it belongs to an item of 'kprobes'" },
	{ "  podSelector: {app: web}\n", TPC_E_UNKNOWN_FIELD, 17, "put labels below 'matchLabels:'" },
	{ "  podSelector: {matchLables: {}}\n", TPC_E_UNKNOWN_FIELD, 17, "did you mean 'matchLabels'?" },
	/* one fault, not three */
	{ SEL("matchActions: [{action: FollowFD, argFd: 0, argName: 1}]"), TPC_E_ENUM, 60, "it was removed" },
	{ SEL("matchActions: [{action: Post, argFd: 0, argName: 1}]"), TPC_E_UNKNOWN_FIELD, 66,
	  "actions that were removed" },
	{ SEL("matchNamespaces: [{namespace: default}]"), TPC_E_ENUM, 66, "TracingPolicyNamespaced" },
	{ SEL("matchPIDs: [{matchArgs: []}]"), TPC_E_UNKNOWN_FIELD, 49, "is it indented too far?" },
	/* words */
	{ SEL("matchBinaries: [{operator: Equal, values: [/a]}]"), TPC_E_ENUM, 63, "did you mean 'In'?" },
	{ SEL("matchArgs: [{operator: DaddrNotIn}]"), TPC_E_ENUM, 59, "did you mean 'NotDAddr'?" },
	{ SEL("matchArgs: [{operator: Equal|NotEqual}]"), TPC_E_ENUM, 59, "write one of them" },
	{ SEL("matchArgs: [{operator: regex}]"), TPC_E_ENUM, 59, "byte by byte" },
	{ SEL("matchArgs: [{operator: xyzzyx}]"), TPC_E_ENUM, 59, "tpc schema --format md" },
	{ SEL("matchActions: [{action: SIGKILL}]"), TPC_E_ENUM, 60, "did you mean 'Sigkill'?" },
	{ SEL("matchActions: [{action: Block}]"), TPC_E_ENUM, 60, "-1 is EPERM" },
	{ ARG("'const struct file *'"), TPC_E_ENUM, 47, "did you mean 'file'?" },
	{ ARG("unsigned long"), TPC_E_ENUM, 47, "did you mean 'ulong'?" },
	{ ARG("'*'"), TPC_E_ENUM, 47, "'resolve' reads one member" },
	{ ARG("loff_t"), TPC_E_ENUM, 47, "did you mean 'int64'?" },
	{ ARG("char *"), TPC_E_ENUM, 47, "did you mean 'string'?" },
	{ ARG("string_array"), TPC_E_ENUM, 47, "process events" },
	{ ARG("task_struct"), TPC_E_ENUM, 47, "'resolve' reads one member" },
	{ "  kprobes: [{call: x, returnArgAction: Post}]\n", TPC_E_ENUM, 40, "remove it" },
	/* types */
	{ SEL("matchCapabilities: [CAP_SYS_ADMIN]"), TPC_E_WRONG_TYPE, 56,
	  "write {type: Effective, operator: In, values: [CAP_SYS_ADMIN]}" },
	{ SEL("matchBinaries: /bin/sh"), TPC_E_WRONG_TYPE, 51, "write [{operator: In, values: [/bin/sh]}]" },
	{ SEL("matchNamespaces: [default]"), TPC_E_WRONG_TYPE, 54, "TracingPolicyNamespaced" },
	{ SEL("matchPIDs: [{operator: In, values: [sshd]}]"), TPC_E_WRONG_TYPE, 72, "'matchBinaries'" },
	{ SEL("matchActions: [{action: Override, argError: EPERM}]"), TPC_E_WRONG_TYPE, 80, "write -1" },
	{ SEL("matchActions: [{action: Signal, argSig: TERM}]"), TPC_E_WRONG_TYPE, 76, "write 15" },
	/* rules between fields */
	{ "  kprobes: [{call: x, return: true}]\n", TPC_E_MISSING_FIELD, 31, "add 'returnArg:" },
	{ "  uprobes: [{path: /x, addrs: [1], symbols: [a]}]\n", TPC_E_TOGETHER, 31,
	  "both 'symbols' and 'addrs'" },
	{ SEL("matchActions: [{action: Override, argNewAddr: 1, argNewSymbol: a}]"), TPC_E_TOGETHER, 82,
	  "both 'argNewSymbol' and 'argNewAddr'" },
	{ SEL("matchActions: [{action: Post, rateLimit: 10/s}]"), TPC_E_VALUE, 77, "not a number of events" },
	{ SEL("matchActions: [{action: Post, rateLimit: 4294967296}]"), TPC_E_VALUE, 77,
	  "30, 30s, 5m or 1h" },
	{ SEL("matchNamespaces: [{namespace: Pid, operator: In, values: [prod]}]"), TPC_E_VALUE, 94,
	  "TracingPolicyNamespaced" },
	{ SEL("matchNamespaces: [{namespace: Pid, operator: In, values: [host]}]"), TPC_E_VALUE, 94,
	  "did you mean 'host_ns'?" },
	{ "  podSelector: {matchLabels: {app: 'a b'}}\n", TPC_E_NAME, 36,
	  "no label can have the value 'a b'" },
	{ "  nodeSelector: {matchLabels: {app: a.}}\n", TPC_E_NAME, 37, "no label can have" },
	{ "  hostSelector: {matchLabels: {a: b}}\n", TPC_E_TOGETHER, 31, "write 'hostSelector: {}'" },
	{ SEL("matchWorkloads: {hostSelector: {matchExpressions: []}}"), TPC_E_TOGETHER, 86,
	  "'hostSelector: {}'" },
	/* accepted, and hardly meant */
	{ TWO(PREFIX("/etc/"), KILL), TPC_W_SELECTOR_SPLIT, 89, "takes every event left" },
	{ TWO(BIN, PREFIX("/etc/") ", " KILL), TPC_W_SELECTOR_SPLIT, 89, "are ORed" },
	{ TWO(PREFIX("/etc/"), BIN), TPC_W_SELECTOR_SPLIT, 89, "are ORed" },
	{ "  kprobes: [{call: __arm64_sys_bpf}]\n", TPC_W_ARCH_PREFIX, 20, "write 'sys_bpf'" },
	{ SEL(PREFIX("/etc/*")), TPC_W_PATTERN, 76, "not as a pattern" },
	{ SEL(PREFIX("^/etc")), TPC_W_PATTERN, 76, "not as a pattern" },
	{ SEL("matchBinaries: [{operator: In, values: [/bin/*sh]}]"), TPC_W_PATTERN, 76, "not as a pattern" },
	{ "  kprobes: [{call: x, returnArg: {index: 0}}]\n", TPC_W_NO_EFFECT, 34, "add 'return: true'" },
};

START_TEST(a_mistake_is_told)
{
	char *s;

	read_text(tpc_sprintf(ctx.arena, HEAD "%s", cases[_i].spec));
	expect_one(cases[_i].code, 5, cases[_i].col);
	s = printed(false);
	ck_assert_msg(strstr(s, cases[_i].says), "expected \"%s\" in:\n%s", cases[_i].says, s);
	free(s);
}
END_TEST

/* What is like a mistake and is none. */
static const char *const innocent[] = {
	TWO(PREFIX("/etc/") ", matchActions: [{action: NoPost}]", KILL),
	TWO(PREFIX("/etc/"), PREFIX("/usr/") ", " KILL),
	TWO(BIN ", " KILL, PREFIX("/etc/") ", " KILL),
	TWO(BIN ", " KILL, BIN),
	SEL(PREFIX("/etc/\\0")),
	SEL("matchArgs: [{operator: SubString, values: ['a*b']}]"),
	SEL("matchArgs: [{operator: Equal, values: ['SELECT * FROM t', '*', '^']}]"),
	SEL("matchNamespaces: [{namespace: Pid, operator: In, values: [host_ns, 4026531836]}]"),
	SEL("matchActions: [{action: Post, rateLimit: 5}, {action: Post, rateLimit: 4294967295H}]"),
	"  kprobes: [{call: __sys_setuid, syscall: false}]\n",
	"  kprobes: [{call: x, return: true, returnArg: {index: 0}}]\n",
	"  hostSelector: {}\n  podSelector: {matchLabels: {a: '', b: x-y.z_0}}\n",
};

START_TEST(what_is_meant_is_let_through)
{
	read_text(tpc_sprintf(ctx.arena, HEAD "%s", innocent[_i]));
	expect_printed("");
}
END_TEST

#define NAMESPACED "apiVersion: cilium.io/v1alpha1\nkind: TracingPolicyNamespaced\n"

START_TEST(a_namespaced_policy_has_a_namespace)
{
	read_text(NAMESPACED "metadata: {name: p, namespace: ns}\nspec: {}\n");
	expect_printed("");
	read_text(NAMESPACED "metadata:\n  name: p\nspec: {}\n");
	expect_one(TPC_W_NO_NAMESPACE, 4, 3);
	ck_assert(!policies.items[1]->bad);
}
END_TEST

START_TEST(a_namespaced_policy_has_no_host)
{
	read_text(NAMESPACED "metadata: {name: p, namespace: ns}\nspec:\n  hostSelector: {}\n");
	expect_one(TPC_E_TOGETHER, 5, 17);
}
END_TEST

START_TEST(a_long_label_is_refused)
{
	read_text(tpc_sprintf(ctx.arena, HEAD "  podSelector: {matchLabels: {a: %063d, b: %064d}}\n", 0, 0));
	/* Digits alone are a number for YAML: both of the wrong type, and no more is said. */
	ck_assert_uint_eq(ctx.diags.nerrors, 2);
	read_text(
		tpc_sprintf(ctx.arena, HEAD "  podSelector: {matchLabels: {a: x%062d, b: x%063d}}\n", 0, 0));
	ck_assert_uint_eq(ctx.diags.nerrors, 3);
	ck_assert_int_eq(ctx.diags.list.items[2]->code, TPC_E_RANGE);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int main(void)
{
	TCase *t = tcase_create("mistakes");

	tcase_add_checked_fixture(t, read_setup, read_teardown);
	tcase_add_test(t, wrong_fields_are_wrong);
	tcase_add_test(t, wrong_words_are_wrong_and_right_ones_right);
	tcase_add_loop_test(t, a_mistake_is_told, 0, COUNT(cases));
	tcase_add_loop_test(t, what_is_meant_is_let_through, 0, COUNT(innocent));
	tcase_add_test(t, a_namespaced_policy_has_a_namespace);
	tcase_add_test(t, a_namespaced_policy_has_no_host);
	tcase_add_test(t, a_long_label_is_refused);
	return run_suite("mistakes", t);
}
