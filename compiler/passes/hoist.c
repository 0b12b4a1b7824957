// SPDX-License-Identifier: Apache-2.0
/*
 * hoist (always): what is known since exec is asked at exec. Each question about the executable becomes a test
 * of the unit, answered once a process and read at the hook as a bit; programs that ask the same share it.
 *
 * ir_pred.task_bit is the test's number, in order of first use. The back end maps numbers to bits: bit 63 of
 * the first word is TPC_TASK_KNOWN.
 *
 * requires IR_HAS_UNIQUE
 * ensures  IR_HAS_HOISTED; more tests than the task state has words for is a TPC_E_LIMIT error, and the
 *          unit stays sound
 * cost     linear (hash table)
 */
#include <tpc/abi.h>

#include "ir/text.h"
#include "passes/internal.h"

#define EXEC_TESTS_MAX (63u * TPC_TASK_WORDS_MAX)

static bool same_test(const void *user, uint32_t a, uint32_t b)
{
	const struct ir_unit *u = user;
	const struct ir_exec_test *x = &u->exec_tests.items[a], *y = &u->exec_tests.items[b];

	return x->kind == y->kind && x->source == y->source && x->descent == y->descent &&
	       ir_texts_equal(x->texts.items, x->texts.len, y->texts.items, y->texts.len);
}

/* Added at the end first, so that the table can compare it; taken back when it was there already. */
static uint32_t test_of(struct tpc_ctx *c, struct ir_unit *u, struct table *t, const struct ir_pred *p,
			const struct ir_value *v)
{
	struct ir_exec_test *e = tpc_vec_push(c->arena, &u->exec_tests);
	uint32_t nr = u->exec_tests.len - 1, first;

	e->kind = p->kind;
	e->source = v->source;
	e->descent = v->descent;
	e->at = p->at;
	e->texts.items = p->texts.items;
	e->texts.len = e->texts.cap = p->texts.len;
	first = table_find_or_add(t, hash_u64(pred_hash(p), v->source * 2u + v->descent), nr, same_test, u);
	if (first == TABLE_NONE)
		return nr;
	u->exec_tests.len--;
	return first;
}

static uint32_t count_preds(const struct ir_unit *u)
{
	const struct ir_program *p;
	uint32_t n = 0;

	tpc_vec_foreach (p, &u->programs)
		n += p->preds.len;
	return n;
}

void pass_hoist(struct tpc_ctx *c, struct ir_unit *u)
{
	struct ir_program *p;
	struct ir_pred *pred;
	struct table t;

	table_init(&t, c->arena, count_preds(u));
	tpc_vec_foreach (p, &u->programs)
		tpc_vec_foreach (pred, &p->preds)
			if (pred->binding == IR_AT_EXEC)
				pred->task_bit =
					(int32_t)test_of(c, u, &t, pred, &p->values.items[pred->value]);
	if (u->exec_tests.len > EXEC_TESTS_MAX)
		tpc_error(
			&c->diags, u->exec_tests.items[EXEC_TESTS_MAX].at, TPC_E_LIMIT,
			"the policies ask %u different questions about executables, more than the %u that fit",
			u->exec_tests.len, EXEC_TESTS_MAX);
}
