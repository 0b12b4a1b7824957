// SPDX-License-Identifier: Apache-2.0
/* What label selectors imply, what nothing is claimed of past the budget, and where a limit is told. */
#include <stdio.h>
#include <string.h>

#include "passes/relate.h"
#include "pdiff/pdiff.h"
#include "tests/suite.h"
#include "tpc.h"

static struct tpc_ctx ctx;

static void setup(void)
{
	ck_assert_int_eq(tpc_ctx_init(&ctx, 32 << 20), 0);
}

static void teardown(void)
{
	tpc_ctx_done(&ctx);
}

/* "app=a,b" in; "app!a" not in; "+app" exists; "-app" absent; requirements separated by blanks. */
static struct ir_labels labels(const char *s)
{
	struct ir_labels l = { .reqs = { 0 } };
	char *save = NULL, *value, *at = tpc_strdup(ctx.arena, s);

	for (char *w = strtok_r(at, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		struct ir_label_req *r = tpc_vec_push(ctx.arena, &l.reqs);
		size_t key = strcspn(w, "=!");

		r->op = *w == '+'     ? IR_LABEL_EXISTS :
			*w == '-'     ? IR_LABEL_ABSENT :
			w[key] == '=' ? IR_LABEL_IN :
					IR_LABEL_NOT_IN;
		if (*w == '+' || *w == '-') {
			r->key = w + 1;
			continue;
		}
		r->key = tpc_strndup(ctx.arena, w, key);
		for (value = w + key + 1; value && *value;
		     value = strchr(value, ',') ? strchr(value, ',') + 1 : NULL)
			*tpc_vec_push(ctx.arena, &r->values) =
				tpc_strndup(ctx.arena, value, strcspn(value, ","));
	}
	return l;
}

static const struct {
	const char *a, *b;
	bool implied;
} implications[] = {
	{ "", "", true },
	{ "app=a", "", true },
	{ "", "app=a", false },
	{ "app=a", "app=a,b", true },
	{ "app=a,b", "app=a", false },
	{ "app=a", "app!b", true },
	{ "app=a,b", "app!b", false },
	{ "app!a,b", "app!b", true },
	{ "app!b", "app!a,b", false },
	{ "-app", "app!a", true },
	{ "app!a", "-app", false },
	{ "app=a", "+app", true },
	{ "app!a", "+app", false },
	{ "+app", "app=a", false },
	{ "-app", "+app", false },
	{ "app=a tier=x", "tier=x", true },
	{ "app=a", "app=a tier=x", false },
	{ "tier=a", "app=a", false },
};

START_TEST(test_labels)
{
	struct ir_labels a = labels(implications[_i].a), b = labels(implications[_i].b);

	ck_assert_msg(labels_imply(&a, &b) == implications[_i].implied, "'%s' and '%s'", implications[_i].a,
		      implications[_i].b);
}
END_TEST

START_TEST(test_workloads)
{
	struct ir_workload host = { .host = true }, pods = { .pods = true },
			   all = { .host = true, .pods = true };
	struct ir_workload shop = { .pods = true, .ns = "shop" }, bank = { .pods = true, .ns = "bank" };

	ck_assert(workload_subset(&host, NULL) && workload_subset(&all, NULL) && workload_subset(NULL, &all));
	ck_assert(!workload_subset(NULL, &host) && !workload_subset(NULL, &pods));
	ck_assert(!workload_subset(&host, &pods) && !workload_subset(&pods, &host));
	ck_assert(workload_subset(&shop, &pods) && !workload_subset(&pods, &shop));
	ck_assert(!workload_subset(&shop, &bank));
}
END_TEST

/* ---- policies as text ---- */

#define HEAD                                                                                                 \
	"apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata:\n  name: p\nspec:\n  kprobes:\n"     \
	"  - call: fd_install\n    syscall: false\n    args:\n    - index: 0\n      type: int\n    selectors:\n"

static struct tpc *build(const char *yaml)
{
	struct tpc_opts o = { .opt = 2 };
	struct tpc *t;

	ck_assert_int_eq(tpc_open(&t, &o), 0);
	ck_assert_int_eq(tpc_add_yaml(t, "p.yaml", yaml, strlen(yaml)), 0);
	ck_assert_int_eq(tpc_build(t), 0);
	return t;
}

static enum pdiff_effect enforcement(const char *old, const char *new, const char **ret_text)
{
	struct tpc *o = build(old), *n = build(new);
	struct tpc_buf b = TPC_BUF(ctx.arena);
	enum pdiff_effect e;
	struct pdiff *d;

	ck_assert_int_eq(tpc_diff(o, n, &d), 0);
	e = d->enforcement;
	pdiff_text(d, &b);
	*ret_text = tpc_buf_text(&b);
	tpc_close(o);
	tpc_close(n);
	return e;
}

/* Many selectors that exclude each other only one by one: the proof does not end within its budget. */
static const char *many(uint32_t n, const char *last)
{
	struct tpc_buf b = TPC_BUF(ctx.arena);

	tpc_buf_puts(&b, HEAD);
	for (uint32_t i = 0; i < n; i++)
		tpc_buf_printf(&b,
			       "    - matchArgs:\n      - {index: 0, operator: Equal, values: [\"%u\"]}\n"
			       "      matchActions: [{action: %s}]\n",
			       i, i % 2 ? "Sigkill" : "NoPost");
	tpc_buf_puts(&b, last);
	return tpc_buf_text(&b);
}

START_TEST(test_past_the_budget_nothing_is_claimed)
{
	const char *small, *large, *last = "    - matchActions: [{action: Sigkill}]\n";
	const char *less = "    - matchArgs:\n      - {index: 0, operator: NotEqual, values: [\"70000\"]}\n"
			   "      matchActions: [{action: Sigkill}]\n";

	ck_assert_int_eq(enforcement(many(10, last), many(10, less), &small), PDIFF_NARROWER);
	ck_assert(pdiff_widens(enforcement(many(3000, last), many(3000, less), &large)));
	ck_assert_ptr_nonnull(strstr(large, "MAY BE WIDER: enforcement"));
}
END_TEST

START_TEST(test_hostile_text_is_shown_escaped)
{
	const char *text;

	enforcement(
		HEAD "    - matchActions: [{action: Post}]\n",
		"apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata:\n  name: p\nspec:\n  kprobes:\n"
		"  - call: fd_install\n    syscall: false\n    message: \"a\\e[31m \\\" \\u202e\"\n"
		"    args:\n    - index: 0\n      type: int\n",
		&text);
	ck_assert_ptr_nonnull(strstr(text, "message: \"a\\x1b[31m \\\" \\xe2\\x80\\xae\"; was: none\n"));
}
END_TEST

START_TEST(test_only_what_is_built)
{
	struct tpc_opts o = { .opt = 2 };
	struct tpc *old = build(HEAD "    - matchActions: [{action: Post}]\n"), *new;
	struct pdiff *d;

	ck_assert_int_eq(tpc_open(&new, &o), 0);
	ck_assert_int_lt(tpc_diff(old, new, &d), 0);
	ck_assert_ptr_null(d);
	ck_assert_int_lt(tpc_diff(new, old, &d), 0);
	tpc_close(old);
	tpc_close(new);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("pdiff");

	tcase_set_timeout(t, 100);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_labels, 0, sizeof(implications) / sizeof(implications[0]));
	tcase_add_test(t, test_workloads);
	tcase_add_test(t, test_past_the_budget_nothing_is_claimed);
	tcase_add_test(t, test_hostile_text_is_shown_escaped);
	tcase_add_test(t, test_only_what_is_built);
	return run_suite("pdiff", t);
}
