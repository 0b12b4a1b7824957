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

bool random_one_in(uint64_t *seed, uint32_t n)
{
	return !random_below(seed, n);
}

uint64_t random_number(uint64_t *seed)
{
	static const int64_t edge[] = { INT8_MIN,   INT8_MAX,  UINT8_MAX, INT16_MAX, INT32_MIN, INT32_MAX,
					UINT32_MAX, INT64_MIN, INT64_MAX, -1,	     256,	128 };

	if (random_one_in(seed, 3))
		return (uint64_t)edge[random_below(seed, sizeof(edge) / sizeof(edge[0]))] +
		       random_below(seed, 3) - 1;
	return (uint64_t)random_below(seed, 10) - 2;
}

const char *random_text(struct tpc_ctx *c, uint64_t *seed, uint32_t min)
{
	uint32_t len = min + random_below(seed, 4);
	char s[8];

	for (uint32_t i = 0; i < len; i++)
		s[i] = "ab/ab/A"[random_below(seed, 7)];
	return tpc_strndup(c->arena, s, len);
}

/* ---- predicates ---- */

static bool is_less(const struct ir_value *v, uint64_t a, uint64_t b)
{
	return v->is_signed ? (int64_t)a < (int64_t)b : a < b;
}

static void random_ranges(struct tpc_ctx *c, const struct ir_value *v, struct ir_pred *pred, uint64_t *seed)
{
	uint32_t n = random_below(seed, 4);

	while (n--) {
		uint64_t lo = random_number(seed), hi = random_one_in(seed, 2) ? lo : random_number(seed);
		bool swap = is_less(v, hi, lo);

		*tpc_vec_push(c->arena, &pred->ranges) = (struct ir_range){ swap ? hi : lo, swap ? lo : hi };
	}
}

static uint64_t random_mask(uint64_t *seed)
{
	static const uint64_t masks[] = {
		0, 1, 6, 0x80, 0xff, 0x7f, 0xff00, 0x80000000, UINT64_C(1) << 63, ~UINT64_C(0)
	};

	return masks[random_below(seed, sizeof(masks) / sizeof(masks[0]))];
}

static void random_namespace(struct tpc_ctx *c, struct ir_pred *pred, uint64_t *seed)
{
	uint32_t n = random_below(seed, 3);

	pred->kind = IR_PRED_NAMESPACE;
	pred->host = !n || random_one_in(seed, 3);
	while (n--) {
		uint64_t lo = random_below(seed, 4);

		*tpc_vec_push(c->arena, &pred->ranges) = (struct ir_range){ lo, lo + random_below(seed, 2) };
	}
}

/* 10.0.0.0/8 and what lies in it and beside it, and the same bits as IPv6. */
static void random_nets(struct tpc_ctx *c, struct ir_pred *pred, uint64_t *seed)
{
	uint32_t n = 1 + random_below(seed, 3);

	while (n--) {
		static const uint8_t prefixes[] = { 0, 6, 8, 9, 16, 32 };
		struct ir_net *net = tpc_vec_push(c->arena, &pred->nets);
		struct ir_input_value addr = random_address(c, seed);

		net->len = (uint8_t)addr.len;
		net->prefix = prefixes[random_below(seed, 6)];
		for (uint32_t bit = 0; bit < net->prefix; bit++)
			net->addr[bit / 8] |= (uint8_t)(addr.bytes[bit / 8] & (0x80 >> bit % 8));
	}
}

static const struct cel_node *node(struct tpc_ctx *c, struct cel_node n)
{
	struct cel_node *ret = tpc_new(c->arena, struct cel_node);

	*ret = n;
	return ret;
}

static const struct cel_node *random_compare(struct tpc_ctx *c, const struct ir_expr *e, uint64_t *seed)
{
	uint64_t constant = random_one_in(seed, 3) ? random_number(seed) : random_below(seed, 2);
	const struct cel_node *num, *var;

	num = node(c, (struct cel_node){ .op = CEL_CONST, .type = CEL_INT, .value = constant });
	var = node(c, (struct cel_node){ .op = CEL_VAR,
					 .type = CEL_INT,
					 .var = (uint16_t)random_below(seed, e->vars.len) });
	if (random_one_in(seed, 3))
		var = node(c, (struct cel_node){ .op = CEL_BAND, .type = CEL_INT, .a = var, .b = num });
	return node(c, (struct cel_node){
			       .op = CEL_EQ + random_below(seed, 6), .type = CEL_BOOL, .a = var, .b = num });
}

static bool may_be_variable(const struct ir_value *v, bool of_return)
{
	return v->type == IR_INT && !v->descent && (v->source == IR_FROM_RETURN) == of_return;
}

/* Of the value that @pred asks about, and of another one. */
static void random_expr(struct tpc_ctx *c, const struct ir_program *p, struct ir_pred *pred, uint64_t *seed)
{
	bool of_return = p->values.items[pred->value].source == IR_FROM_RETURN;
	struct ir_expr *e = tpc_new(c->arena, struct ir_expr);
	uint16_t other = (uint16_t)random_below(seed, p->values.len);

	pred->kind = IR_PRED_EXPR;
	pred->expr = e;
	*tpc_vec_push(c->arena, &e->vars) = pred->value;
	if (other != pred->value && may_be_variable(&p->values.items[other], of_return))
		*tpc_vec_push(c->arena, &e->vars) = other;
	e->tree = random_compare(c, e, seed);
	if (random_one_in(seed, 2))
		e->tree = node(c, (struct cel_node){ .op = random_one_in(seed, 2) ? CEL_AND : CEL_OR,
						     .type = CEL_BOOL,
						     .a = e->tree,
						     .b = random_compare(c, e, seed) });
	e->text = cel_print(c->arena, e->tree);
}

static void random_texts(struct tpc_ctx *c, struct ir_pred *pred, uint32_t nkinds, uint64_t *seed)
{
	static const enum ir_pred_kind kinds[] = { IR_PRED_EQUAL, IR_PRED_PREFIX, IR_PRED_POSTFIX,
						   IR_PRED_SUBSTRING, IR_PRED_SUBSTRING_CASE };
	uint32_t n = random_one_in(seed, 2) ? 1 : 1 + random_below(seed, 4);

	pred->kind = kinds[random_below(seed, nkinds)];
	while (n--) {
		const char *s = random_text(c, seed, !random_one_in(seed, 12));

		*tpc_vec_push(c->arena, &pred->texts) =
			(struct ir_text){ .s = s, .len = (uint32_t)strlen(s) };
	}
}

static void random_int_pred(struct tpc_ctx *c, const struct ir_program *p, struct ir_pred *pred,
			    uint64_t *seed)
{
	const struct ir_value *v = &p->values.items[pred->value];
	uint32_t kind = random_below(seed, 8);

	if (v->source == IR_FROM_NAMESPACE) {
		random_namespace(c, pred, seed);
	} else if (kind < 2) {
		pred->kind = IR_PRED_MASK;
		pred->mask = random_mask(seed);
	} else if (kind == 2 && !v->descent) {
		random_expr(c, p, pred, seed);
	} else {
		random_ranges(c, v, pred, seed);
	}
}

/* What is asked of the hook's values alone: the process has what is asked of it. */
static bool may_be_present(const struct ir_value *v)
{
	return v->type != IR_WORKLOAD && (v->source == IR_FROM_ARG || v->source == IR_FROM_FIELD ||
					  v->source == IR_FROM_RETURN || v->source == IR_FROM_VALUE);
}

static void random_pred(struct tpc_ctx *c, const struct ir_unit *u, struct ir_program *p, uint64_t *seed)
{
	uint16_t value = (uint16_t)random_below(seed, p->values.len);
	struct ir_pred *pred;

	if (p->preds.len && random_one_in(seed, 2))
		value = p->preds.items[p->preds.len - 1].value; /* questions about one value meet */
	if (p->values.items[value].type == IR_SOCKET)
		value = 0; /* of it only the facets are asked */
	pred = build_pred(c, p, IR_PRED_RANGES, value);
	if (random_one_in(seed, 8) && may_be_present(&p->values.items[value])) {
		pred->kind = IR_PRED_PRESENT;
		return;
	}
	switch (p->values.items[value].type) {
	case IR_INT:
		random_int_pred(c, p, pred, seed);
		break;
	case IR_ADDR:
		pred->kind = IR_PRED_NETS;
		random_nets(c, pred, seed);
		break;
	case IR_WORKLOAD:
		pred->kind = IR_PRED_WORKLOAD;
		pred->workload = random_below(seed, u->workloads.len);
		break;
	default:
		random_texts(c, pred, pred->binding == IR_AT_EXEC ? 3 : 5, seed);
	}
}

/* ---- values ---- */

/* A socket, and three of its facets. */
static void random_socket(struct tpc_ctx *c, struct ir_program *p, enum ir_source source)
{
	uint16_t socket = build_value(c, p, (struct ir_value){ .type = IR_SOCKET, .source = source });

	build_value(
		c, p,
		(struct ir_value){
			.type = IR_ADDR, .source = IR_FROM_VALUE, .facet = IR_FACET_DADDR, .base = socket });
	build_value(c, p,
		    (struct ir_value){ .type = IR_INT,
				       .source = IR_FROM_VALUE,
				       .facet = IR_FACET_SPORT,
				       .base = socket,
				       .size = 2 });
	build_value(c, p,
		    (struct ir_value){ .type = IR_INT,
				       .source = IR_FROM_VALUE,
				       .facet = IR_FACET_STATE,
				       .base = socket,
				       .size = 1 });
}

/* What is asked of the process: each of these once in three programs. */
static const struct ir_value of_process[] = {
	{ .type = IR_INT, .source = IR_FROM_PID, .size = 4 },
	{ .type = IR_INT, .source = IR_FROM_PID, .size = 4, .descent = true },
	{ .type = IR_INT, .source = IR_FROM_NS_PID, .size = 4 },
	{ .type = IR_INT, .source = IR_FROM_NS_PID, .size = 4, .descent = true },
	{ .type = IR_INT, .source = IR_FROM_NAMESPACE, .size = 4, .index = 3 },
	{ .type = IR_INT, .source = IR_FROM_NAMESPACE, .size = 4, .index = 9 },
	{ .type = IR_INT, .source = IR_FROM_NS_CHANGES, .size = 2 },
	{ .type = IR_INT, .source = IR_FROM_CAPS, .size = 8, .index = IR_CAPS_EFFECTIVE },
	{ .type = IR_PATH, .source = IR_FROM_BINARY },
	{ .type = IR_PATH, .source = IR_FROM_BINARY, .descent = true },
	{ .type = IR_PATH, .source = IR_FROM_PARENT_BINARY },
	{ .type = IR_PATH, .source = IR_FROM_PARENT_BINARY, .descent = true },
	{ .type = IR_WORKLOAD, .source = IR_FROM_WORKLOAD },
	{ .type = IR_INT, .source = IR_FROM_RETURN, .size = 4, .is_signed = true },
	{ .type = IR_STRING, .source = IR_FROM_RETURN, .max = 64 },
};

static void random_values(struct tpc_ctx *c, struct ir_program *p, uint64_t *seed)
{
	static const struct ir_resolve somewhere = { .text = "a.b" };
	enum ir_source source = p->kind == IR_TRACEPOINT ? IR_FROM_FIELD : IR_FROM_ARG;
	uint32_t n = 1 + random_below(seed, 3);

	while (n--) {
		struct ir_value v = { .type = IR_INT, .source = source };

		v.size = (uint8_t)(1u << random_below(seed, 4));
		v.is_signed = random_one_in(seed, 2);
		v.in_memory = source == IR_FROM_ARG && random_one_in(seed, 4);
		v.resolve = random_one_in(seed, 6) ? &somewhere : NULL;
		build_value(c, p, v);
	}
	for (size_t i = 0; i < sizeof(of_process) / sizeof(of_process[0]); i++)
		if (random_one_in(seed, 3))
			build_value(c, p, of_process[i]);
	if (random_one_in(seed, 2))
		build_string(c, p);
	if (random_one_in(seed, 2))
		build_path(c, p);
	if (random_one_in(seed, 3))
		random_socket(c, p, source);
}

/* ---- workloads ---- */

static void random_label(struct tpc_ctx *c, struct ir_labels *l, uint64_t *seed)
{
	struct ir_label_req *r = tpc_vec_push(c->arena, &l->reqs);
	bool wants;

	*r = (struct ir_label_req){ .key = random_one_in(seed, 2) ? "app" : "tier",
				    .op = random_below(seed, IR_LABEL_MAX) };
	wants = r->op == IR_LABEL_IN || r->op == IR_LABEL_NOT_IN;
	for (uint32_t n = wants ? 1 + random_below(seed, 2) : 0; n; n--)
		*tpc_vec_push(c->arena, &r->values) = random_one_in(seed, 2) ? "a" : "b";
}

static void random_workloads(struct tpc_ctx *c, struct ir_unit *u, uint64_t *seed)
{
	uint32_t n = 1 + random_below(seed, 3);

	while (n--) {
		struct ir_workload *w = tpc_vec_push(c->arena, &u->workloads);

		w->host = random_one_in(seed, 2);
		w->pods = !w->host || random_one_in(seed, 2);
		w->ns = random_one_in(seed, 3) ? "a" : NULL;
		if (random_one_in(seed, 2))
			random_label(c, &w->pod, seed);
		if (random_one_in(seed, 3))
			random_label(c, &w->container, seed);
	}
	if (random_one_in(seed, 4))
		u->policies.items[0].scope = 1 + random_below(seed, u->workloads.len);
}

/* ---- chains ---- */

static bool asks_return(const struct ir_program *p, uint16_t pred)
{
	return p->values.items[p->preds.items[pred].value].source == IR_FROM_RETURN;
}

static void random_rule(struct tpc_ctx *c, const struct ir_program *p, struct ir_chain *ch, uint64_t *seed,
			uint32_t size)
{
	uint32_t nterms = random_one_in(seed, 12) ? 0 : 1 + random_below(seed, 3 + size / 2);
	struct ir_rule *r = build_rule(c, ch, "");

	while (nterms--) {
		struct ir_term t = { .pred = (uint16_t)random_below(seed, p->preds.len),
				     .negated = random_one_in(seed, 3) };

		/* At the return what is asked at the entry may be asked too. */
		if (asks_return(p, t.pred) || random_one_in(seed, 8))
			build_return_term(c, ch, r, t.pred, t.negated);
		else
			*tpc_vec_push(c->arena, &r->terms) = t;
	}
}

static void random_chain(struct tpc_ctx *c, struct ir_unit *u, struct ir_program *p, uint64_t *seed,
			 uint32_t size)
{
	struct ir_chain *ch = build_chain(c, u, p);
	uint32_t nrules = random_below(seed, 4 + size);

	for (uint32_t i = 0; i < nrules; i++)
		random_rule(c, p, ch, seed, size);
}

struct ir_unit *random_unit(struct tpc_ctx *c, uint64_t seed, uint32_t size)
{
	struct ir_unit *u = build_unit(c);

	random_below(&seed, 2);
	random_workloads(c, u, &seed);
	if (random_one_in(&seed, 2))
		build_program(c, u, IR_TRACEPOINT, "g");
	for (uint32_t i = 0; i < u->programs.len; i++) {
		struct ir_program *p = &u->programs.items[i];
		uint32_t npreds = 3 + random_below(&seed, 6 * size),
			 nchains = 1 + random_below(&seed, 1 + size);

		random_values(c, p, &seed);
		while (npreds--)
			random_pred(c, u, p, &seed);
		while (nchains--)
			random_chain(c, u, p, &seed, size);
	}
	return u;
}
