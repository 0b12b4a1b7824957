// SPDX-License-Identifier: Apache-2.0
/* Policy tests from the inside: what is known and what is not, that both units are asked, limits of hostile files. */
#include <string.h>

#include "ptest/ptest_impl.h"
#include "suite.h"
#include "tpc.h"

#define POLICY                                                                                               \
	"apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: p}\nspec:\n  kprobes:\n"      \
	"  - call: fd_install\n    syscall: false\n    args:\n    - {index: 0, type: int}\n"                 \
	"    - {index: 1, type: file}\n    selectors:\n    - matchArgs:\n"                                   \
	"      - {index: 0, operator: Equal, values: [\"5\"]}\n"                                             \
	"      - {index: 1, operator: Prefix, values: [/etc/]}\n"                                            \
	"    - matchPIDs:\n      - {operator: In, values: [9], followForks: true}\n"

static struct tpc *tpc;
static struct tpc_ctx *c;
static struct ptest_units units;
static struct ptest_result result;

static void start(size_t ceiling)
{
	struct tpc_opts o = { .opt = 2, .arena_ceiling = ceiling };

	ck_assert_int_eq(tpc_open(&tpc, &o), 0);
	c = tpc_context(tpc);
	ck_assert_int_eq(tpc_add_yaml(tpc, "p.yaml", POLICY, strlen(POLICY)), 0);
	ck_assert_int_eq(tpc_build(tpc), 0);
	units = (struct ptest_units){ tpc_lowered(tpc), tpc_unit(tpc), NULL };
}

static void setup(void)
{
	start((size_t)128 << 20);
}

static void teardown(void)
{
	tpc_close(tpc);
}

static void run(const char *cases)
{
	ptest_run(c, &units, tpc_source_add(&c->sources, "c.yaml", cases, strlen(cases)), &result);
}

static void expect_counts(uint32_t good, uint32_t differs, uint32_t undecided)
{
	ck_assert_uint_eq(result.counts[PTEST_GOOD], good);
	ck_assert_uint_eq(result.counts[PTEST_DIFFERS], differs);
	ck_assert_uint_eq(result.counts[PTEST_UNDECIDED], undecided);
}

static bool said(enum tpc_diag_code code, const char *part)
{
	for (uint32_t i = 0; i < c->diags.list.len; i++)
		if (c->diags.list.items[i]->code == code && strstr(c->diags.list.items[i]->msg, part))
			return true;
	return false;
}

#define CASE(args, process, expect)                                                                          \
	"name: x\nhook: fd_install\nargs: " args "\nprocess: " process "\nexpect: " expect "\n"

START_TEST(only_what_matters_must_be_said)
{
	static const struct {
		const char *text;
		const char *missing; /* NULL: it can be judged */
	} cases[] = {
		{ CASE("{0: 5, 1: /etc/x}", "{}", "{selector: 1}"), NULL },
		{ CASE("{0: 5}", "{}", "none"), "argument 1 (file)" },
		{ CASE("{1: /etc/x}", "{}", "none"), "argument 0 (int)" },
		{ CASE("{0: 4}", "{pid: 9}", "{selector: 2}"), NULL },
		{ CASE("{1: /x}", "{pid: 8}", "none"), "the process's and its ancestors' pid" },
		{ CASE("{1: /x}", "{pid: 8, ancestors: [{pid: 9}]}", "{selector: 2}"), NULL },
		{ CASE("{1: /x}", "{pid: 8, ancestors: [{}, {pid: 9}]}", "{selector: 2}"), NULL },
		{ CASE("{1: /x}", "{pid: 8, ancestors: [{}]}", "none"), "ancestors' pid" },
		{ CASE("{1: /x}", "{ancestors: [{pid: 9}]}", "{selector: 2}"), NULL },
		{ CASE("{0: 5, 1: null}", "{pid: 8, ancestors: []}", "none"), NULL },
	};

	run(cases[_i].text);
	expect_counts(!cases[_i].missing, 0, cases[_i].missing != NULL);
	if (cases[_i].missing)
		ck_assert(said(TPC_E_CASE_UNSAID, cases[_i].missing));
	else
		ck_assert_uint_eq(c->diags.nerrors, 0);
}
END_TEST

/* A pass that changes what rules mean must not go unseen. */
START_TEST(both_units_are_asked)
{
	struct ir_program *p = &units.optimised->programs.items[0];
	struct ir_rule *r = &p->chains.items[0].rules.items[0];

	r->terms.items[0].negated = !r->terms.items[0].negated;
	p->nodes.len = 0;
	run(CASE("{0: 5, 1: /etc/x}", "{pid: 1, ancestors: []}", "{selector: 1}"));
	expect_counts(0, 0, 1);
	ck_assert(said(TPC_E_INTERNAL, "after the passes"));
}
END_TEST

START_TEST(the_graph_is_asked_too)
{
	struct ir_program *p = &units.optimised->programs.items[0];
	struct ir_node *n;

	ck_assert_uint_gt(p->nodes.len, 0);
	tpc_vec_foreach (n, &p->nodes)
		if (n->kind == IR_NODE_TEST) {
			uint32_t yes = n->yes;

			n->yes = n->no;
			n->no = yes;
			break;
		}
	run(CASE("{0: 5, 1: /etc/x}", "{pid: 1, ancestors: []}", "{selector: 1}"));
	ck_assert(said(TPC_E_INTERNAL, "after the passes"));
}
END_TEST

START_TEST(a_lost_hook_is_an_internal_error)
{
	units.optimised->programs.items[0].chains.len = 0;
	run(CASE("{0: 5, 1: /etc/x}", "{}", "{selector: 1}"));
	ck_assert(said(TPC_E_INTERNAL, "lost a hook"));
}
END_TEST

START_TEST(numbers_fit_their_types)
{
	static const struct {
		uint8_t size;
		bool is_signed, fits;
		const char *text;
		uint64_t bits;
	} cases[] = {
		{ 1, true, true, "-128", (uint64_t)-128 },
		{ 1, true, false, "128", 0 },
		{ 1, false, true, "255", 255 },
		{ 1, false, false, "-1", 0 },
		{ 4, true, true, "0x7fffffff", INT32_MAX },
		{ 4, false, true, "4294967295", UINT32_MAX },
		{ 4, false, false, "4294967296", 0 },
		{ 8, false, true, "18446744073709551615", UINT64_MAX },
		{ 8, false, false, "18446744073709551616", 0 },
		{ 8, true, true, "-9223372036854775808", (uint64_t)INT64_MIN },
		{ 8, true, false, "", 0 },
		{ 8, true, false, "1x", 0 },
	};
	struct ir_value v = { .type = IR_INT, .size = cases[_i].size, .is_signed = cases[_i].is_signed };
	uint64_t bits = 0;

	ck_assert_int_eq(pt_number_bits(&v, cases[_i].text, (uint32_t)strlen(cases[_i].text), &bits),
			 cases[_i].fits);
	if (cases[_i].fits)
		ck_assert_uint_eq(bits, cases[_i].bits);
}
END_TEST

/* Covered is what the decision hung on: where two filters fail, neither is. */
START_TEST(what_a_case_covers)
{
	static const struct {
		const char *text, *hits; /* selector, 5, not 5, /etc/, not /etc/, selector, 9, not 9 */
	} cases[] = {
		{ CASE("{0: 5, 1: /etc/x}", "{pid: 9}", "{selector: 1}"), "xx.x...." },
		{ CASE("{0: 4, 1: /etc/x}", "{pid: 8, ancestors: []}", "none"), "..x....x" },
		{ CASE("{0: 5, 1: /x}", "{pid: 8, ancestors: []}", "none"), "....x..x" },
		{ CASE("{0: 4, 1: /x}", "{pid: 8, ancestors: []}", "none"), ".......x" },
		{ CASE("{0: 4, 1: /x}", "{pid: 9}", "{selector: 2}"), ".....xx." },
	};

	run(cases[_i].text);
	expect_counts(1, 0, 0);
	ck_assert_uint_eq(result.points.len, strlen(cases[_i].hits));
	for (uint32_t i = 0; i < result.points.len; i++)
		ck_assert_msg((result.points.items[i].hits > 0) == (cases[_i].hits[i] == 'x'), "point %u", i);
}
END_TEST

/* A mask of a few bits has a value a bit; of one with many, as NotIn makes, it is one value. */
START_TEST(values_of_masks)
{
	struct ir_pred few = { .kind = IR_PRED_MASK, .mask = 0x8001 }, many = few, one;

	many.mask = 0x3fd;
	ck_assert(pt_one_value(&few, 0, &one) && one.mask == 1);
	ck_assert(pt_one_value(&few, 1, &one) && one.mask == 0x8000);
	ck_assert(!pt_one_value(&few, 2, &one));
	ck_assert(pt_one_value(&many, 0, &one) && one.mask == 0x3fd);
	ck_assert(!pt_one_value(&many, 1, &one));
}
END_TEST

/* ---- hostile files ---- */
/* @n lines, each with its number between @before and @after. */
static const char *repeated(const char *head, const char *before, const char *after, uint32_t n)
{
	struct tpc_buf b = TPC_BUF(c->arena);

	tpc_buf_puts(&b, head);
	for (uint32_t i = 0; i < n; i++)
		tpc_buf_printf(&b, "%s%u%s\n", before, i, after);
	return tpc_buf_text(&b);
}

START_TEST(defaults_have_a_limit)
{
	run(repeated("defaults:\n  args:\n", "    l", ": 1", 1001));
	ck_assert(said(TPC_E_LIMIT, "'defaults' have more than 1000 values"));
}
END_TEST

START_TEST(many_cases)
{
	run(repeated("cases:\n", "- {name: c",
		     ", hook: fd_install, args: {0: 5, 1: /etc/x}, expect: {selector: 1}}", 5000));
	expect_counts(5000, 0, 0);
}
END_TEST

START_TEST(many_unknown_arguments)
{
	run(repeated("name: x\nhook: fd_install\nexpect: none\nargs:\n", "  ", ": 1", 20000));
	expect_counts(0, 0, 1);
	ck_assert(said(TPC_E_CASE, "no policy looks at '2'"));
}
END_TEST

START_TEST(one_fault_of_the_defaults_is_told_once)
{
	uint32_t errors;

	run(repeated("defaults: {hook: fd_install, args: {0: a}, expect: none}\ncases:\n", "- name: c", "",
		     50));
	errors = c->diags.nerrors;
	ck_assert_uint_eq(errors, 1);
	ck_assert(said(TPC_E_CASE_VALUE, "'a' is no 'int'"));
}
END_TEST

START_TEST(little_memory)
{
	teardown();
	start((size_t)1 << 20);
	run(repeated("cases:\n", "- {name: c", ", hook: fd_install, args: {0: 5, 1: /etc/x}, expect: none}",
		     3000));
	ck_assert_uint_gt(c->diags.nerrors, 0);
}
END_TEST

START_TEST(no_line_of_events_is_lost)
{
	static const char text[] =
		"{\"process_kprobe\":{\"process\":{\"pid\":9},\"function_name\":\"fd_install\"}}\n\n{\n"
		"{\"process_kprobe\":{\"process\":{\"pid\":9},\"function_name\":\"fd_install\",\"args\":"
		"[{\"int_arg\":4},{\"file_arg\":{\"path\":\"/x\"}}]}}";
	struct ptest_replay r;

	ptest_replay(c, &units, "e", text, sizeof(text) - 1, &r);
	ck_assert_uint_eq(r.nlines, 4);
	ck_assert_uint_eq(r.counts[PTEST_UNKNOWN], 1);
	ck_assert_uint_eq(r.counts[PTEST_BAD], 1);
	ck_assert_uint_eq(r.counts[PTEST_MATCH], 1);
	ck_assert_uint_eq(r.events.items[1].line, 4);
	ck_assert_uint_eq(r.events.items[1].selector, 2);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("ptest");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, only_what_matters_must_be_said, 0, 10);
	tcase_add_test(t, both_units_are_asked);
	tcase_add_test(t, the_graph_is_asked_too);
	tcase_add_test(t, a_lost_hook_is_an_internal_error);
	tcase_add_loop_test(t, numbers_fit_their_types, 0, 12);
	tcase_add_loop_test(t, what_a_case_covers, 0, 5);
	tcase_add_test(t, values_of_masks);
	tcase_add_test(t, defaults_have_a_limit);
	tcase_add_test(t, many_cases);
	tcase_add_test(t, many_unknown_arguments);
	tcase_add_test(t, one_fault_of_the_defaults_is_told_once);
	tcase_add_test(t, little_memory);
	tcase_add_test(t, no_line_of_events_is_lost);
	return run_suite("ptest", t);
}
