// SPDX-License-Identifier: Apache-2.0
/*
 * Random units over few constants: ranges that touch, masks that a type cannot hold, texts that extend each
 * other, so that the rare cases of the passes are the common ones here.
 */
#include <string.h>

#include "tests/ir_build.h"

uint32_t random_below(uint64_t *seed, uint32_t n)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((*seed >> 33) % n);
}

static bool one_in(uint64_t *seed, uint32_t n)
{
	return !random_below(seed, n);
}

static uint64_t random_number(uint64_t *seed)
{
	static const int64_t edge[] = { INT8_MIN,   INT8_MAX,  UINT8_MAX, INT16_MAX, INT32_MIN, INT32_MAX,
					UINT32_MAX, INT64_MIN, INT64_MAX, -1,	     256,	128 };

	if (one_in(seed, 3))
		return (uint64_t)edge[random_below(seed, sizeof(edge) / sizeof(edge[0]))] +
		       random_below(seed, 3) - 1;
	return (uint64_t)random_below(seed, 10) - 2;
}

static const char *random_text(struct tpc_ctx *c, uint64_t *seed, uint32_t min)
{
	uint32_t len = min + random_below(seed, 4);
	char s[8];

	for (uint32_t i = 0; i < len; i++)
		s[i] = "ab/"[random_below(seed, 3)];
	return tpc_strndup(c->arena, s, len);
}

static bool is_less(const struct ir_value *v, uint64_t a, uint64_t b)
{
	return v->is_signed ? (int64_t)a < (int64_t)b : a < b;
}

static void random_ranges(struct tpc_ctx *c, struct ir_program *p, uint16_t value, uint64_t *seed)
{
	uint16_t nr = build_ranges(c, p, value, "");
	uint32_t n = random_below(seed, 4);

	while (n--) {
		uint64_t lo = random_number(seed), hi = one_in(seed, 2) ? lo : random_number(seed);
		bool swap = is_less(&p->values.items[value], hi, lo);

		*tpc_vec_push(c->arena, &p->preds.items[nr].ranges) =
			(struct ir_range){ swap ? hi : lo, swap ? lo : hi };
	}
}

static uint64_t random_mask(uint64_t *seed)
{
	static const uint64_t masks[] = {
		0, 1, 6, 0x80, 0xff, 0x7f, 0xff00, 0x80000000, UINT64_C(1) << 63, ~UINT64_C(0)
	};

	return masks[random_below(seed, sizeof(masks) / sizeof(masks[0]))];
}

static void random_pred(struct tpc_ctx *c, struct ir_program *p, uint64_t *seed)
{
	static const enum ir_pred_kind kinds[] = { IR_PRED_EQUAL, IR_PRED_PREFIX, IR_PRED_POSTFIX };
	uint16_t value = (uint16_t)random_below(seed, p->values.len), nr;
	uint32_t n = 1 + random_below(seed, 4);

	if (p->values.items[value].type == IR_INT && one_in(seed, 4)) {
		build_mask(c, p, value, random_mask(seed));
	} else if (p->values.items[value].type == IR_INT) {
		random_ranges(c, p, value, seed);
	} else {
		nr = build_texts(c, p, kinds[random_below(seed, 3)], value, "");
		while (n--) {
			const char *s = random_text(c, seed, !one_in(seed, 12));

			*tpc_vec_push(c->arena, &p->preds.items[nr].texts) =
				(struct ir_text){ .s = s, .len = (uint32_t)strlen(s) };
		}
	}
}

static void random_values(struct tpc_ctx *c, struct ir_program *p, uint64_t *seed)
{
	enum ir_source source = p->kind == IR_TRACEPOINT ? IR_FROM_FIELD : IR_FROM_ARG;
	uint32_t n = 1 + random_below(seed, 3);

	while (n--) {
		uint8_t size = (uint8_t)(1u << random_below(seed, 4));

		build_int(c, p, source, size, one_in(seed, 2));
	}
	if (one_in(seed, 2))
		build_int(c, p, IR_FROM_PID, 4, false);
	if (one_in(seed, 2))
		build_string(c, p);
	if (one_in(seed, 2))
		build_path(c, p);
	if (one_in(seed, 2))
		build_binary(c, p);
}

static void random_chain(struct tpc_ctx *c, struct ir_unit *u, struct ir_program *p, uint64_t *seed,
			 uint32_t size)
{
	struct ir_chain *ch = build_chain(c, u, p);
	uint32_t nrules = random_below(seed, 4 + size);

	for (uint32_t i = 0; i < nrules; i++) {
		struct ir_rule *r = build_rule(c, ch, "");
		uint32_t nterms = one_in(seed, 12) ? 0 : 1 + random_below(seed, 3 + size / 2);

		while (nterms--) {
			struct ir_term *t = tpc_vec_push(c->arena, &r->terms);

			t->pred = (uint16_t)random_below(seed, p->preds.len);
			t->negated = one_in(seed, 3);
		}
	}
}

struct ir_unit *random_unit(struct tpc_ctx *c, uint64_t seed, uint32_t size)
{
	struct ir_unit *u = build_unit(c);

	random_below(&seed, 2);
	if (one_in(&seed, 2))
		build_program(c, u, IR_TRACEPOINT, "g");
	for (uint32_t i = 0; i < u->programs.len; i++) {
		struct ir_program *p = &u->programs.items[i];
		uint32_t npreds = 3 + random_below(&seed, 6 * size),
			 nchains = 1 + random_below(&seed, 1 + size);

		random_values(c, p, &seed);
		while (npreds--)
			random_pred(c, p, &seed);
		while (nchains--)
			random_chain(c, u, p, &seed, size);
	}
	return u;
}

/* As the value's size and signedness make it. */
static uint64_t extend(const struct ir_value *v, uint64_t num)
{
	unsigned shift = 64 - v->size * 8u;

	return v->is_signed ? (uint64_t)((int64_t)(num << shift) >> shift) : num << shift >> shift;
}

static struct ir_input_value random_value(struct tpc_ctx *c, const struct ir_value *v, uint64_t *seed)
{
	struct ir_input_value ret = { 0 };

	if (v->type == IR_INT) {
		ret.absent = v->source == IR_FROM_FIELD && one_in(seed, 6);
		ret.num = extend(v, random_number(seed));
	} else {
		ret.absent = one_in(seed, 6);
		ret.bytes = random_text(c, seed, 0);
		ret.len = (uint32_t)strlen(ret.bytes);
	}
	return ret;
}

struct ir_input random_input(struct tpc_ctx *c, const struct ir_program *p, uint64_t *seed)
{
	struct ir_input_value *values = tpc_new_array(c->arena, struct ir_input_value, p->values.len);
	static const struct ir_value binary = { .type = IR_PATH, .source = IR_FROM_BINARY };

	for (uint32_t i = 0; i < p->values.len; i++)
		values[i] = random_value(c, &p->values.items[i], seed);
	return (struct ir_input){ .values = values, .binary = random_value(c, &binary, seed) };
}
