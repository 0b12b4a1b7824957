// SPDX-License-Identifier: Apache-2.0
/*
 * Thousands of random units, with random inputs: what the rules say at the start is what they say after each
 * pass, what the plain graph says and what the optimized graph says. The same of returns, which have no graph.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "passes/passes.h"
#include "tests/ir_build.h"

#define INPUTS 48

struct expected {
	struct tpc_ctx *c;
	struct ir_input *inputs;     /* INPUTS a program */
	struct ir_verdict *verdicts; /* one a chain, for each input, program after program */
	struct ir_verdict *returns;  /* the same when the function returns */
	uint64_t seed;
	uint32_t size, fired, silent;
	uint32_t later;	      /* decided otherwise at the return */
	uint32_t plain_nodes; /* after "decide", all programs */
};

static void count(struct expected *e, const struct ir_verdict *entry, const struct ir_verdict *ret)
{
	*(entry->fired ? &e->fired : &e->silent) += 1;
	e->later += entry->fired && (!ret->fired || ret->selector != entry->selector);
}

static void expect(struct expected *e, const struct ir_unit *u)
{
	uint64_t seed = ~e->seed;
	struct ir_verdict *v, *r;

	e->inputs = tpc_new_array(e->c->arena, struct ir_input, (size_t)INPUTS * u->programs.len);
	e->verdicts = v = tpc_new_array(e->c->arena, struct ir_verdict, (size_t)INPUTS * u->nhooks);
	e->returns = r = tpc_new_array(e->c->arena, struct ir_verdict, (size_t)INPUTS * u->nhooks);
	for (uint32_t i = 0; i < u->programs.len; i++) {
		const struct ir_program *p = &u->programs.items[i];

		for (uint32_t k = 0; k < INPUTS; k++, v += p->chains.len, r += p->chains.len) {
			e->inputs[i * INPUTS + k] = random_input(e->c, p, &seed);
			ir_eval(u, p, &e->inputs[i * INPUTS + k], v);
			ir_eval_return(u, p, &e->inputs[i * INPUTS + k], r);
			for (uint32_t n = 0; n < p->chains.len; n++)
				count(e, &v[n], &r[n]);
		}
	}
}

static void compare_one(const struct expected *e, const char *pass, const char *when,
			const struct ir_program *p, const struct ir_verdict *got,
			const struct ir_verdict *want)
{
	for (uint32_t n = 0; n < p->chains.len; n++)
		if (got[n].fired != want[n].fired || (want[n].fired && got[n].selector != want[n].selector))
			ck_abort_msg("seed %llu size %u: %s chain %u differs at the %s after '%s'",
				     (unsigned long long)e->seed, e->size, p->target, n, when, pass);
}

static void compare(const struct expected *e, const char *pass, const struct ir_unit *u)
{
	const struct ir_verdict *v = e->verdicts, *r = e->returns;
	struct ir_verdict got[16];

	for (uint32_t i = 0; i < u->programs.len; i++) {
		const struct ir_program *p = &u->programs.items[i];

		ck_assert_uint_le(p->chains.len, 16);
		for (uint32_t k = 0; k < INPUTS; k++, v += p->chains.len, r += p->chains.len) {
			ir_eval(u, p, &e->inputs[i * INPUTS + k], got);
			compare_one(e, pass, "entry", p, got, v);
			ir_eval_return(u, p, &e->inputs[i * INPUTS + k], got);
			compare_one(e, pass, "return", p, got, r);
		}
	}
}

static uint32_t count_nodes(const struct ir_unit *u)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < u->programs.len; i++)
		n += u->programs.items[i].nodes.len;
	return n;
}

static void after_pass(void *user, const char *pass, const struct ir_unit *u)
{
	struct expected *e = user;

	compare(e, pass, u);
	if (!strcmp(pass, "decide"))
		e->plain_nodes = count_nodes(u);
	if (!strcmp(pass, "thread"))
		ck_assert_uint_le(count_nodes(u), 9 * e->plain_nodes);
}

static void run(struct expected *e, int opt, struct tpc_buf *printed)
{
	struct ir_unit *u = random_unit(e->c, e->seed, e->size);

	expect(e, u);
	if (!passes_run(e->c, u, opt, after_pass, e))
		ck_abort_msg("seed %llu size %u: %s", (unsigned long long)e->seed, e->size,
			     e->c->diags.list.items[e->c->diags.list.len - 1]->msg);
	ir_print(e->c, u, printed);
}

/* Sums over many units, so that a generator gone blind is noticed. */
struct sums {
	uint64_t fired, silent, later, dead;
};

static void check_units(uint32_t size, uint64_t from, uint64_t to, struct sums *sums)
{
	struct tpc_ctx c;

	ck_assert_int_eq(tpc_ctx_init(&c, 64 << 20), 0);
	for (uint64_t seed = from; seed < to; seed++) {
		struct expected e = { .c = &c, .seed = seed, .size = size };
		struct tpc_buf first = TPC_BUF(c.arena), second = TPC_BUF(c.arena);
		uint32_t before = c.diags.nwarnings, plain;

		run(&e, 0, &first);
		plain = c.diags.nwarnings - before;
		first.len = 0;
		run(&e, 2, &first);
		/* The same warnings at each level, and the same IR each time. */
		ck_assert_uint_eq(c.diags.nwarnings - before, 2 * plain);
		run(&e, 2, &second);
		ck_assert_str_eq(tpc_buf_text(&first), tpc_buf_text(&second));
		sums->fired += e.fired;
		sums->silent += e.silent;
		sums->later += e.later;
		sums->dead += plain;
		tpc_ctx_done(&c);
		ck_assert_int_eq(tpc_ctx_init(&c, 64 << 20), 0);
	}
	tpc_ctx_done(&c);
}

static void check_sums(const struct sums *s)
{
	ck_assert_uint_gt(s->fired * 10, s->silent);
	ck_assert_uint_gt(s->silent * 10, s->fired);
	ck_assert_uint_gt(s->later * 30, s->fired);
	ck_assert_uint_gt(s->dead, 100);
}

START_TEST(test_small)
{
	struct sums s = { 0 };

	check_units(1, 0, 3000, &s);
	check_sums(&s);
}
END_TEST

START_TEST(test_large)
{
	struct sums s = { 0 };

	check_units(5, 100000, 100500, &s);
	check_sums(&s);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("passes_random");
	TCase *t = tcase_create("units");
	SRunner *r = srunner_create(s);
	int failed;

	suite_add_tcase(s, t);
	tcase_add_test(t, test_small);
	tcase_add_test(t, test_large);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
