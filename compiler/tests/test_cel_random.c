// SPDX-License-Identifier: Apache-2.0
/*
 * Random expressions. Each is made as a text together with its value, which C's own arithmetic gives; the tree
 * read from the text must have that value, and so must the tree read from what cel_print() makes of it.
 */
#include <string.h>

#include "base/buf.h"
#include "cel/cel.h"
#include "suite.h"

#define ROUNDS 20000
#define INPUTS 4 /* sets of values of the variables */
#define NVARS 10

struct expr {
	const char *text;
	uint64_t value[INPUTS];
};

static struct tpc_arena *a;
static uint64_t state;
static uint64_t inputs[INPUTS][NVARS];
static struct cel_var vars[NVARS], printed[NVARS];

static uint64_t draw(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static uint32_t below(uint32_t n)
{
	return (uint32_t)(draw() >> 33) % n;
}

/* Often at an edge of some type. */
static uint64_t draw_number(void)
{
	static const uint64_t edges[] = { 0, 1, INT32_MAX, UINT32_MAX, INT64_MAX, UINT64_MAX };
	uint64_t v = edges[below(6)] + below(3) - 1;

	return below(4) ? v : draw() >> below(64);
}

static uint64_t extended(enum cel_type t, uint64_t v)
{
	switch (t) {
	case CEL_BOOL:
		return v & 1;
	case CEL_INT32:
		return (uint64_t)(int64_t)(int32_t)(uint32_t)v;
	case CEL_UINT32:
		return (uint64_t)(uint32_t)v;
	default:
		return v;
	}
}

static const char *space(void)
{
	static const char *const spaces[] = { "", " ", " ", "  ", "\t", "\n", " // a comment (\n" };

	return spaces[below(7)];
}

static struct expr make(enum cel_type t, uint32_t size);

static const char *number(enum cel_type t, uint64_t v)
{
	switch (t) {
	case CEL_INT32:
		return tpc_sprintf(a, "int32(%s%s)", number(CEL_INT, v), space());
	case CEL_UINT32:
		return tpc_sprintf(a, "uint32(%s%s)", space(), number(CEL_UINT, v));
	case CEL_UINT:
		return tpc_sprintf(a, below(2) ? "%lluu" : "0x%llxU", (unsigned long long)v);
	default:
		if ((int64_t)v < 0 || below(2))
			return tpc_sprintf(a, "%lld", (long long)v);
		return tpc_sprintf(a, "0x%llx", (unsigned long long)v);
	}
}

static struct expr make_leaf(enum cel_type t)
{
	struct expr e = { 0 };
	uint32_t var = (uint32_t)t * 2 + below(2);
	uint64_t v = draw_number();

	if (below(2)) {
		e.text = vars[var].name;
		for (uint32_t i = 0; i < INPUTS; i++)
			e.value[i] = inputs[i][var];
		return e;
	}
	e.text = t == CEL_BOOL ? (v & 1 ? "true" : "false") : number(t, v);
	for (uint32_t i = 0; i < INPUTS; i++)
		e.value[i] = extended(t, v);
	return e;
}

static struct expr join(const char *form, const char *op, struct expr x, struct expr y)
{
	x.text = tpc_sprintf(a, "%s%s%s%s%s%s%s%s%s", form[0] == 'c' ? op : "", "(", x.text, space(),
			     form[0] == 'c' ? "," : op, space(), y.text, space(), ")");
	return x;
}

static const char *const arithmetic[] = { "+", "-", "and", "or", "xor" };

static struct expr make_number(enum cel_type t, uint32_t size)
{
	uint32_t op = below(7);
	struct expr x = make(t, size / 2), y = make(t, size - size / 2);

	if (op == 5) {
		x.text = tpc_sprintf(a, "not%s(%s%s)", space(), x.text, space());
		for (uint32_t i = 0; i < INPUTS; i++)
			x.value[i] = extended(t, ~x.value[i]);
		return x;
	}
	if (op == 6 && (t == CEL_INT32 || t == CEL_UINT32)) {
		x = make(t == CEL_INT32 ? CEL_INT : CEL_UINT, size - 1);
		x.text = tpc_sprintf(a, "%s(%s)", t == CEL_INT32 ? "int32" : "uint32", x.text);
		for (uint32_t i = 0; i < INPUTS; i++)
			x.value[i] = extended(t, x.value[i]);
		return x;
	}
	op = op < 5 ? op : below(5);
	x = join(op < 2 ? "infix" : "call", arithmetic[op], x, y);
	for (uint32_t i = 0; i < INPUTS; i++) {
		uint64_t l = x.value[i], r = y.value[i];
		uint64_t all[] = { l + r, l - r, l & r, l | r, l ^ r };

		x.value[i] = extended(t, all[op]);
	}
	return x;
}

static bool compare(enum cel_type t, uint32_t op, uint64_t l, uint64_t r)
{
	int32_t sl = (int32_t)(uint32_t)l, sr = (int32_t)(uint32_t)r;
	uint32_t ul = (uint32_t)l, ur = (uint32_t)r;
	int64_t ll = (int64_t)l, lr = (int64_t)r;
	int order = t == CEL_INT32  ? (sl > sr) - (sl < sr) :
		    t == CEL_UINT32 ? (ul > ur) - (ul < ur) :
		    t == CEL_INT    ? (ll > lr) - (ll < lr) :
				      (l > r) - (l < r);
	bool all[] = { order == 0, order != 0, order < 0, order <= 0, order > 0, order >= 0 };

	return all[op];
}

static struct expr make_comparison(uint32_t size)
{
	static const char *const names[] = { "==", "!=", "<", "<=", ">", ">=" };
	enum cel_type t = (enum cel_type)below(CEL_TYPE_MAX);
	uint32_t op = below(t == CEL_BOOL ? 2 : 6);
	struct expr x = make(t, size / 2), y = make(t, size - size / 2);

	x = join("infix", names[op], x, y);
	for (uint32_t i = 0; i < INPUTS; i++)
		x.value[i] = compare(t, op, x.value[i], y.value[i]);
	return x;
}

static struct expr make_bool(uint32_t size)
{
	uint32_t op = below(5);
	struct expr x, y;

	if (op > 2)
		return make_comparison(size);
	x = make(CEL_BOOL, size / 2);
	if (op == 2) {
		x.text = tpc_sprintf(a, "!%s%s", space(), x.text);
		for (uint32_t i = 0; i < INPUTS; i++)
			x.value[i] = !x.value[i];
		return x;
	}
	y = make(CEL_BOOL, size - size / 2);
	x = join("infix", op ? "||" : "&&", x, y);
	for (uint32_t i = 0; i < INPUTS; i++)
		x.value[i] = op ? x.value[i] || y.value[i] : x.value[i] && y.value[i];
	return x;
}

static struct expr make(enum cel_type t, uint32_t size)
{
	struct expr e = size < 2 ? make_leaf(t) : t == CEL_BOOL ? make_bool(size) : make_number(t, size);

	if (!below(8))
		e.text = tpc_sprintf(a, "(%s%s)", e.text, space());
	return e;
}

static bool same(const struct cel_node *x, const struct cel_node *y)
{
	if (!x || !y)
		return x == y;
	return x->op == y->op && x->type == y->type && x->value == y->value && x->var == y->var &&
	       x->depth == y->depth && same(x->a, y->a) && same(x->b, y->b);
}

static void draw_inputs(void)
{
	for (uint32_t i = 0; i < INPUTS; i++)
		for (uint32_t v = 0; v < NVARS; v++)
			inputs[i][v] = extended(vars[v].type, draw_number());
}

static void expect_values(const struct expr *e, const struct cel_node *n, const char *text)
{
	for (uint32_t i = 0; i < INPUTS; i++)
		ck_assert_msg(cel_eval(n, inputs[i]) == e->value[i], "input %u: %s\nread from %s", i, text,
			      e->text);
}

static void try_one(void)
{
	struct expr e = make(CEL_BOOL, 1 + below(40));
	struct cel_fault f = { 0 };
	const struct cel_node *n, *again;
	const char *text;

	n = cel_parse(a, e.text, (uint32_t)strlen(e.text), vars, NVARS, &f);
	ck_assert_msg(n != NULL, "%s\nat %u: %s", e.text, f.at, f.what);
	text = cel_print(a, n);
	expect_values(&e, n, text);
	again = cel_parse(a, text, (uint32_t)strlen(text), printed, NVARS, &f);
	ck_assert_msg(again != NULL, "%s\nat %u: %s", text, f.at, f.what);
	ck_assert_msg(same(n, again), "%s\nread from %s", text, e.text);
	ck_assert_str_eq(cel_print(a, again), text);
}

static void name_vars(void)
{
	for (uint32_t i = 0; i < NVARS; i++) {
		vars[i] = (struct cel_var){ tpc_sprintf(a, "arg%u", i), (enum cel_type)(i / 2), true, NULL };
		printed[i] = vars[i];
		printed[i].name = tpc_sprintf(a, "v%u", i);
	}
}

START_TEST(expressions_mean_what_c_means)
{
	a = tpc_arena_new(64 << 20);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		tpc_arena_reset(a);
		state = 0x9e3779b97f4a7c15 * (i + 1 + (uint64_t)_i * ROUNDS);
		name_vars();
		draw_inputs();
		try_one();
	}
	tpc_arena_free(a);
}
END_TEST

/* Tokens in any order are survived, and what is accepted is printed and read again. */
START_TEST(tokens_in_any_order)
{
	static const char *const tokens[] = {
		"(",	"(",   ")",   ")",    "arg0", "arg2",	"arg4", "arg6",
		"arg8", "1",   "1u",  "true", "==",   "<",	"&&",	"||",
		"!",	"-",   "+",   ",",    "and(", "int32(", "not(", "&",
		"arg9", "'x'", "1.5", "in",   "[",    "\xff",	"0x",	"99999999999999999999",
	};
	uint32_t accepted = 0;

	a = tpc_arena_new(64 << 20);
	for (uint32_t i = 0; i < 10 * ROUNDS; i++) {
		struct tpc_buf b = { 0 };
		struct cel_fault f = { 0 };
		const struct cel_node *n;

		tpc_arena_reset(a);
		b.arena = a;
		state = 0x9e3779b97f4a7c15 * (i + 1);
		name_vars();
		for (uint32_t k = 1 + below(9); k; k--)
			tpc_buf_puts(&b, tokens[below(i % 2 ? 24 : 32)]);
		n = cel_parse(a, b.data, (uint32_t)b.len, vars, NVARS, &f);
		ck_assert(n || (f.what && f.at + f.len <= b.len));
		accepted += n != NULL;
		if (n)
			ck_assert_ptr_nonnull(cel_parse(a, cel_print(a, n), (uint32_t)strlen(cel_print(a, n)),
							printed, NVARS, &f));
	}
	ck_assert_uint_gt(accepted, 100);
	tpc_arena_free(a);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("cel_random");

	tcase_add_loop_test(t, expressions_mean_what_c_means, 0, 3);
	tcase_add_test(t, tokens_in_any_order);
	return run_suite("cel_random", t);
}
