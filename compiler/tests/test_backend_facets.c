// SPDX-License-Identifier: Apache-2.0
/*
 * The tests of facets that the back end writes, networks, ports and names that may be absent, compiled for this machine and
 * run on random values, against the reference evaluator.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "backend/emit.h"
#include "tests/ir_build.h"
#include "tests/suite.h"

#define NPREDS 120
#define NINPUTS 400

enum { SOCKET, ADDRESS, PORT, STATE, NVALUES };

struct trial {
	struct tpc_ctx c;
	uint64_t seed;
	struct ir_unit *u;
	struct ir_program *p;
	struct ir_input_value inputs[NINPUTS][NVALUES];
};

static uint32_t below(struct trial *t, uint32_t n)
{
	return random_below(&t->seed, n);
}

/* Few different bytes, so that networks lie near each other and addresses in them. */
static void random_bytes(struct trial *t, uint8_t *ret, uint32_t len)
{
	static const uint8_t bytes[] = { 0, 1, 0x7f, 0x80, 0xff };

	for (uint32_t i = 0; i < len; i++)
		ret[i] = bytes[below(t, i < 2 ? 2 : sizeof(bytes))];
}

static void random_net(struct trial *t, struct ir_net *n)
{
	uint32_t bits;

	memset(n, 0, sizeof(*n));
	n->len = below(t, 2) ? 4 : 16;
	bits = n->len * 8U;
	n->prefix = (uint8_t)(below(t, 12) ? bits - below(t, bits / 2) : below(t, bits + 1));
	random_bytes(t, n->addr, n->len);
	for (uint32_t i = 0; i < bits; i++)
		if (i >= n->prefix)
			n->addr[i / 8] &= (uint8_t)~(0x80U >> i % 8);
}

/* Sorted and apart, as the passes leave them; a sixth of them reach an end. */
static void random_ranges(struct trial *t, struct ir_pred *q, uint64_t max)
{
	uint64_t at = below(t, 6) ? below(t, 40) : 0;
	uint32_t n = 1 + below(t, 9);

	for (uint32_t i = 0; i < n && at <= max; i++) {
		uint64_t hi = at + (below(t, 3) ? 0 : below(t, 20));

		if (hi > max || (i + 1 == n && !below(t, 6)))
			hi = max;
		*tpc_vec_push(t->c.arena, &q->ranges) = (struct ir_range){ at, hi };
		at = hi + 2 + below(t, 25);
	}
}

static void random_pred(struct trial *t)
{
	uint16_t value = ADDRESS + (uint16_t)below(t, 3);
	bool present = !below(t, 10);
	enum ir_pred_kind kind = present ? IR_PRED_PRESENT : value == ADDRESS ? IR_PRED_NETS : IR_PRED_RANGES;
	struct ir_pred *q = build_pred(&t->c, t->p, kind, value);
	uint32_t n = below(t, 4) ? 1 + below(t, 6) : 1 + below(t, 60);

	q->task_bit = -1;
	for (uint32_t i = 0; i < n && kind == IR_PRED_NETS; i++)
		random_net(t, tpc_vec_push(t->c.arena, &q->nets));
	if (kind == IR_PRED_RANGES)
		random_ranges(t, q, value == PORT ? UINT16_MAX : UINT8_MAX);
}

static void build(struct trial *t)
{
	static const struct ir_value values[NVALUES] = {
		[SOCKET] = { .type = IR_SOCKET, .source = IR_FROM_ARG, .type_name = "sock" },
		[ADDRESS] = { .type = IR_ADDR, .source = IR_FROM_VALUE, .facet = IR_FACET_SADDR },
		[PORT] = { .type = IR_INT, .source = IR_FROM_VALUE, .facet = IR_FACET_DPORT, .size = 2 },
		[STATE] = { .type = IR_INT, .source = IR_FROM_VALUE, .facet = IR_FACET_STATE, .size = 1 },
	};

	t->u = build_unit(&t->c);
	t->p = &t->u->programs.items[0];
	t->p->values.len = 0;
	for (uint32_t i = 0; i < NVALUES; i++)
		*tpc_vec_push(t->c.arena, &t->p->values) = values[i];
	for (uint32_t i = 0; i < NPREDS; i++) {
		random_pred(t);
		*tpc_vec_push(t->c.arena, &t->p->nodes) =
			(struct ir_node){ .kind = IR_NODE_TEST, .pred = (uint16_t)i };
	}
}

/* The first or last address of a network, one beside it, or any. */
static uint32_t near_net(struct trial *t, uint8_t *ret)
{
	const struct ir_pred *q = &t->p->preds.items[below(t, NPREDS)];
	const struct ir_net *n = q->nets.len ? &q->nets.items[below(t, q->nets.len)] : NULL;
	bool last = below(t, 2), beside = !below(t, 3);

	if (!n || !below(t, 4)) {
		random_bytes(t, ret, 16);
		return below(t, 2) ? 4 : 16;
	}
	memcpy(ret, n->addr, n->len);
	for (uint32_t i = n->prefix; last && i < n->len * 8U; i++)
		ret[i / 8] |= (uint8_t)(0x80U >> i % 8);
	for (uint32_t i = n->len; beside && i-- > 0;) {
		ret[i] = (uint8_t)(last ? ret[i] + 1 : ret[i] - 1);
		if (ret[i] != (last ? 0 : 0xff))
			break;
	}
	return n->len;
}

static void random_inputs(struct trial *t)
{
	for (uint32_t i = 0; i < NINPUTS; i++) {
		uint8_t *addr = tpc_new_array(t->c.arena, uint8_t, 16);
		uint32_t len = near_net(t, addr);

		t->inputs[i][ADDRESS] = (struct ir_input_value){ .absent = !below(t, 8),
								 .bytes = (const char *)addr,
								 .len = len };
		t->inputs[i][PORT] = (struct ir_input_value){ .absent = !below(t, 8),
							      .num = below(t, 3) ? below(t, 150) : 65535 };
		t->inputs[i][STATE] = (struct ir_input_value){ .absent = !below(t, 8), .num = below(t, 256) };
	}
}

/* The address as templates/bpf/inet.h has it. What is absent holds numbers all the same. */
static void emit_input_of(struct emit *e, const struct ir_input_value *in)
{
	const uint8_t *b = (const uint8_t *)in[ADDRESS].bytes;
	uint64_t hi = 0, lo = 0;

	for (uint32_t i = 0; i < in[ADDRESS].len; i++) {
		hi = hi << 8 | lo >> 56;
		lo = lo << 8 | b[i];
	}
	emit_f(e, "\t{ { 0x%llxULL, 0x%llxULL, %u }, %llu, %d, %llu, %d },\n", (unsigned long long)hi,
	       (unsigned long long)lo, in[ADDRESS].absent ? 0 : in[ADDRESS].len,
	       (unsigned long long)in[PORT].num, !in[PORT].absent, (unsigned long long)in[STATE].num,
	       !in[STATE].absent);
}

static const char head[] =
	"#include <stdbool.h>\n#include <stdio.h>\n"
	"typedef unsigned char __u8;\ntypedef unsigned int __u32;\ntypedef unsigned long long __u64;\n"
	"#define __noinline\n#define __always_inline inline\n"
	"struct tpc_addr { __u64 hi, lo; __u32 len; };\n"
	"static const struct { struct tpc_addr v1; __u64 v2; bool v2_there; __u64 v3; bool v3_there; } inputs[] = {\n";

static void write_program(struct trial *t, const char *file)
{
	struct tpc_buf out = TPC_BUF(t->c.arena);
	struct emit e = { .c = &t->c, .u = t->u, .out = &out };
	FILE *f;

	emit_f(&e, "%s", head);
	for (uint32_t i = 0; i < NINPUTS; i++)
		emit_input_of(&e, t->inputs[i]);
	emit_f(&e, "};\n");
	emit_pred_functions(&e, t->p, 0);
	emit_f(&e, "int main(void)\n{\n\tfor (int i = 0; i < %d; i++) {\n", NINPUTS);
	emit_f(&e, "\t\tstruct tpc_addr v1 = inputs[i].v1;\n\t\t__u64 v2 = inputs[i].v2, v3 = inputs[i].v3;\n"
		   "\t\tbool v2_there = inputs[i].v2_there, v3_there = inputs[i].v3_there;\n\n");
	for (uint32_t i = 0; i < NPREDS; i++) {
		emit_f(&e, "\t\tputchar((");
		emit_pred(&e, t->p, 0, i);
		emit_f(&e, ") ? '1' : '0');\n");
	}
	emit_f(&e, "\t\tputchar('\\n');\n\t}\n\treturn 0;\n}\n");
	f = fopen(file, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(tpc_buf_text(&out), f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

/* How often a network answered yes. */
static uint32_t compare(struct trial *t, const char *file)
{
	char line[NPREDS + 2];
	FILE *f = fopen(file, "r");
	uint32_t yes = 0;

	ck_assert_ptr_nonnull(f);
	for (uint32_t i = 0; i < NINPUTS; i++) {
		ck_assert_ptr_nonnull(fgets(line, sizeof(line), f));
		for (uint32_t j = 0; j < NPREDS; j++) {
			const struct ir_pred *q = &t->p->preds.items[j];
			bool want = ir_eval_pred(q, &t->p->values.items[q->value], &t->inputs[i][q->value]);

			yes += want && q->kind == IR_PRED_NETS;
			ck_assert_msg((line[j] == '1') == want,
				      "predicate %u (kind %d, value %d) of input %u", j, q->kind, q->value,
				      i);
		}
	}
	fclose(f);
	return yes;
}

START_TEST(facets_answer_as_the_evaluator)
{
	const char *cc = getenv("TPC_TEST_CC");
	char dir[] = "/tmp/tpc-facets-XXXXXX", command[1024];
	struct trial *t = calloc(1, sizeof(*t));

	ck_assert_ptr_nonnull(t);
	ck_assert_msg(cc != NULL, "TPC_TEST_CC names the C compiler");
	ck_assert_int_eq(tpc_ctx_init(&t->c, (size_t)64 << 20), 0);
	t->seed = (uint64_t)_i * 77 + 1;
	ck_assert_ptr_nonnull(mkdtemp(dir));
	build(t);
	random_inputs(t);
	write_program(t, tpc_sprintf(t->c.arena, "%s/t.c", dir));
	snprintf(command, sizeof(command), "%s -o %s/t %s/t.c && %s/t >%s/out", cc, dir, dir, dir, dir);
	ck_assert_msg(system(command) == 0, "%s", command);
	ck_assert_uint_gt(compare(t, tpc_sprintf(t->c.arena, "%s/out", dir)), NINPUTS);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	ck_assert_int_eq(system(command), 0);
	tpc_ctx_done(&t->c);
	free(t);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("facets");

	tcase_add_loop_test(t, facets_answer_as_the_evaluator, 0, 6);
	return run_suite("backend", t);
}
