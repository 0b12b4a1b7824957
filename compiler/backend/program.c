// SPDX-License-Identifier: Apache-2.0
/*
 * A program as C: its tests as functions, its events as functions, and a body that walks the decision graph:
 * a label a node where something jumps to it, a test falls through to the node behind it. The
 * variants are thin: each hands the body its arguments and what the verifier knows about them.
 */
#include "backend/emit.h"

#include <string.h>

#define MANY_RANGES 4 /* more become a switch of their own */

static uint32_t args_used(const struct ir_program *p)
{
	uint32_t used = 0;

	for (uint32_t i = 0; i < p->values.len; i++)
		if (p->values.items[i].source == IR_FROM_ARG && p->values.items[i].type != IR_NOP)
			used |= 1u << p->values.items[i].index;
	return used;
}

bool emit_pred_used(const struct ir_program *p, unsigned q)
{
	for (uint32_t i = 0; i < p->nodes.len; i++)
		if (p->nodes.items[i].kind == IR_NODE_TEST && p->nodes.items[i].pred == q)
			return true;
	return false;
}

/* Decided from the event itself; the others are bits of the task. */
static bool is_local(const struct ir_pred *q)
{
	return q->task_bit < 0;
}

/* ---- tests ---- */

static void emit_constant(struct emit *e, const struct ir_value *v, uint64_t x)
{
	if (v->is_signed && x == (uint64_t)INT64_MIN)
		emit_f(e, "(-%lldLL - 1)", (long long)INT64_MAX);
	else if (v->is_signed)
		emit_f(e, "%lldLL", (long long)x);
	else
		emit_f(e, "%lluULL", (unsigned long long)x);
}

static void emit_range(struct emit *e, const struct ir_value *v, unsigned vi, const struct ir_range *r)
{
	bool from_min = v->is_signed ? (int64_t)r->lo == INT64_MIN : r->lo == 0;
	bool to_max = v->is_signed ? (int64_t)r->hi == INT64_MAX : r->hi == UINT64_MAX;

	if (r->lo == r->hi) {
		emit_f(e, "v%u == ", vi);
		emit_constant(e, v, r->lo);
		return;
	}
	if (from_min && to_max)
		emit_f(e, "1");
	if (!from_min) {
		emit_f(e, "v%u >= ", vi);
		emit_constant(e, v, r->lo);
	}
	if (!from_min && !to_max)
		emit_f(e, " && ");
	if (!to_max) {
		emit_f(e, "v%u <= ", vi);
		emit_constant(e, v, r->hi);
	}
}

static void emit_ranges_function(struct emit *e, const char *name, const struct ir_value *v,
				 const struct ir_pred *q)
{
	emit_f(e, "static __always_inline bool %s(%s x)\n{\n\tswitch (x) {\n", name,
	       v->is_signed ? "__s64" : "__u64");
	for (uint32_t i = 0; i < q->ranges.len; i++) {
		emit_f(e, "\tcase ");
		emit_constant(e, v, q->ranges.items[i].lo);
		if (q->ranges.items[i].lo != q->ranges.items[i].hi) {
			emit_f(e, " ... ");
			emit_constant(e, v, q->ranges.items[i].hi);
		}
		emit_f(e, ":\n");
	}
	emit_f(e, "\t\treturn true;\n\tdefault:\n\t\treturn false;\n\t}\n}\n\n");
}

static void emit_path_tests(struct emit *e, const char *name, const struct ir_pred *q)
{
	emit_path_test(e, name, q->kind, q->texts.items, q->texts.len);
	emit_path_filter(e, name, q->kind, q->texts.items, q->texts.len);
}

static void emit_test_functions(struct emit *e, const struct ir_program *p, unsigned pi)
{
	for (uint32_t i = 0; i < p->preds.len; i++) {
		const struct ir_pred *q = &p->preds.items[i];
		const struct ir_value *v = &p->values.items[q->value];
		const char *name = tpc_sprintf(e->c->arena, "p%u_test%u", pi, i);

		if (!is_local(q) || !emit_pred_used(p, i))
			continue;
		emit_line(e, q->at);
		if (q->kind == IR_PRED_RANGES && q->ranges.len > MANY_RANGES)
			emit_ranges_function(e, name, v, q);
		else if (v->type == IR_PATH)
			emit_path_tests(e, name, q);
		else if (v->type == IR_STRING || v->type == IR_BYTES)
			emit_text_test(e, name, q);
	}
}

/* The predicate as an expression over what has been fetched. */
static void emit_pred(struct emit *e, const struct ir_program *p, unsigned pi, unsigned qi)
{
	const struct ir_pred *q = &p->preds.items[qi];
	const struct ir_value *v = &p->values.items[q->value];

	if (!is_local(q)) {
		emit_f(e, "bits%u & 0x%llxULL", q->task_bit / 64, 1ULL << (q->task_bit % 64));
		return;
	}
	switch (q->kind) {
	case IR_PRED_RANGES:
		if (q->ranges.len > MANY_RANGES)
			emit_f(e, "p%u_test%u(v%u)", pi, qi, q->value);
		else if (!q->ranges.len)
			emit_f(e, "0");
		for (uint32_t i = 0; i < q->ranges.len && q->ranges.len <= MANY_RANGES; i++) {
			emit_f(e, "%s%s", i ? " || " : "", q->ranges.len > 1 ? "(" : "");
			emit_range(e, v, q->value, &q->ranges.items[i]);
			emit_f(e, "%s", q->ranges.len > 1 ? ")" : "");
		}
		break;
	case IR_PRED_MASK:
		emit_f(e, "v%u & 0x%llxULL", q->value, (unsigned long long)q->mask);
		break;
	case IR_PRED_EQUAL:
	case IR_PRED_PREFIX:
	case IR_PRED_POSTFIX:
		if (v->type == IR_PATH) {
			emit_path_condition(e, tpc_sprintf(e->c->arena, "p%u_test%u", pi, qi), q->kind,
					    q->texts.items, q->texts.len,
					    tpc_sprintf(e->c->arena, "v%u", q->value));
		} else {
			bool big;

			emit_text_room(p, q->value, &big);
			emit_f(e, "p%u_test%u(v%u%s, v%u_len)", pi, qi, q->value, big ? "->data" : "",
			       q->value);
		}
		break;
	case IR_PRED_MAX:
		break;
	}
}

/* ---- the graph ---- */

struct body {
	struct emit *e;
	const struct ir_program *p;
	unsigned pi;
	uint64_t *have; /* a node: what is fetched on every way to it; bit i: value i, bit 63 - w: word w of the task's bits */
	bool *reached, *jumped_to;
};

#define WORD_BIT(w) (1ULL << (63 - (w)))
#define VALUES_TRACKED 56 /* beyond, and for words beyond 7, a value is fetched at each test */

static uint64_t need_of(const struct ir_pred *q)
{
	if (!is_local(q))
		return q->task_bit / 64 < 64 - VALUES_TRACKED ? WORD_BIT(q->task_bit / 64) : 0;
	return q->value < VALUES_TRACKED ? 1ULL << q->value : 0;
}

/* Its text is read into a scratch slot, of which there may be none left. */
static bool reads_slot(const struct ir_program *p, const struct ir_pred *q)
{
	bool big = false;

	if (is_local(q) && q->kind >= IR_PRED_EQUAL && p->values.items[q->value].type != IR_PATH)
		emit_text_room(p, q->value, &big);
	return big;
}

static void flow(struct body *b, uint32_t to, uint64_t have)
{
	b->have[to] = b->reached[to] ? b->have[to] & have : have;
	b->reached[to] = true;
}

/* Nodes only point to larger numbers, so one pass in order settles everything. */
static void analyse(struct body *b)
{
	const struct ir_program *p = b->p;

	flow(b, 0, 0);
	for (uint32_t i = 0; i < p->nodes.len; i++) {
		const struct ir_node *n = &p->nodes.items[i];
		uint64_t have = b->have[i];

		if (n->kind == IR_NODE_DONE)
			continue;
		if (n->kind == IR_NODE_TEST) {
			have |= need_of(&p->preds.items[n->pred]);
			flow(b, n->no, have);
			if (n->no != i + 1 || reads_slot(p, &p->preds.items[n->pred]))
				b->jumped_to[n->no] = true;
		}
		flow(b, n->yes, have);
		if (n->yes != i + 1)
			b->jumped_to[n->yes] = true;
	}
}

static void emit_test(struct body *b, uint32_t i)
{
	const struct ir_node *n = &b->p->nodes.items[i];
	const struct ir_pred *q = &b->p->preds.items[n->pred];

	if (!(need_of(q) & b->have[i]) || !need_of(q)) {
		if (is_local(q))
			emit_value_fetch(b->e, b->p, q->value);
		else
			emit_f(b->e, "\tbits%u = tpc_task_bits(%u);\n", q->task_bit / 64, q->task_bit / 64);
	}
	if (reads_slot(b->p, q))
		emit_f(b->e, "\tif (!v%u)\n\t\tgoto n%u;\n", q->value, n->no);
	emit_f(b->e, n->no == i + 1 ? "\tif (" : "\tif (!(");
	emit_pred(b->e, b->p, b->pi, n->pred);
	if (n->no == i + 1) {
		emit_f(b->e, ")\n\t\tgoto n%u;\n", n->yes);
		return;
	}
	emit_f(b->e, "))\n\t\tgoto n%u;\n", n->no);
	if (n->yes != i + 1)
		emit_f(b->e, "\tgoto n%u;\n", n->yes);
}

struct effect {
	int signal, override;
	bool has_override, sigkill;
};

static struct effect effect_of(const struct ir_rule *r)
{
	struct effect f = { 0 };

	for (uint32_t i = 0; i < r->actions.len; i++) {
		const struct ir_action *a = &r->actions.items[i];

		switch (a->kind) {
		case IR_SIGKILL:
			f.sigkill = true;
			break;
		case IR_SIGNAL:
			f.signal = a->arg;
			break;
		case IR_OVERRIDE:
			f.has_override = true;
			f.override = a->arg;
			break;
		case IR_POST:
		case IR_NOPOST:
		case IR_ACTION_MAX:
			break;
		}
	}
	return f;
}

static void emit_enforce(struct body *b, const struct ir_chain *ch, const struct effect *f)
{
	struct emit *e = b->e;

	emit_f(e, "\t\tif (tpc_policy_mode[%u] == TPC_MODE_ENFORCE) {\n", ch->policy);
	if (f->signal)
		emit_f(e, "\t\t\tbpf_send_signal(%d);\n", f->signal);
	if (f->sigkill)
		emit_f(e, "\t\t\tbpf_send_signal(9);\n");
	if (f->has_override) {
		emit_f(e, "\t\t\tif (!ret)\n\t\t\t\tret = %d;\n", f->override);
		if (b->p->kind == IR_KPROBE && b->p->syscall)
			emit_f(e, "\t\t\tif (!direct)\n\t\t\t\tbpf_override_return(ctx, ret);\n");
	}
	emit_f(e, "\t\t} else {\n\t\t\tdid |= TPC_DID_MONITOR;\n\t\t}\n");
}

static void emit_input(struct body *b, uint32_t i)
{
	struct emit *e = b->e;
	uint32_t used = args_used(b->p);

	emit_f(e, "\t\tstruct p%u_in in = { .ctx = (__u64)ctx", b->pi);
	if (b->p->syscall)
		emit_f(e, ", .regs = (__u64)regs");
	for (unsigned a = 0; a < 32 && !b->p->syscall; a++)
		if (used & 1u << a)
			emit_f(e, ", .a%u = a%u", a, a);
	for (uint32_t v = 0; v < b->p->values.len; v++) {
		bool big;
		unsigned room = emit_text_room(b->p, v, &big);

		if ((!room && !big) || v >= VALUES_TRACKED || !(b->have[i] & 1ULL << v))
			continue;
		if (big)
			emit_f(e, ",\n\t\t\t.v%u = { v%u ? (__u64)v%u->data : 0, v%u_len, TPC_STRING_MAX }",
			       v, v, v, v);
		else
			emit_f(e, ",\n\t\t\t.v%u = { (__u64)v%u, v%u_len, %u }", v, v, v, room);
	}
	emit_f(e, " };\n");
}

static void emit_fire(struct body *b, uint32_t i)
{
	const struct ir_node *n = &b->p->nodes.items[i];
	const struct ir_chain *ch = &b->p->chains.items[n->chain];
	const struct ir_rule *r = &ch->rules.items[n->rule];
	struct effect f = effect_of(r);
	struct emit *e = b->e;

	emit_f(e, "\t{ /* selectors[%u] of policy ", r->selector);
	emit_comment_text(e, e->u->policies.items[ch->policy].name,
			  strlen(e->u->policies.items[ch->policy].name));
	emit_f(e, " */\n");
	if (r->post)
		emit_input(b, i);
	emit_f(e, "\t\t__u32 did = %s%s%s%s;\n\n", r->post ? "TPC_DID_POST" : "0",
	       f.sigkill ? " | TPC_DID_SIGKILL" : "", f.signal ? " | TPC_DID_SIGNAL" : "",
	       f.has_override ? " | TPC_DID_OVERRIDE" : "");
	if (f.signal || f.sigkill || f.has_override)
		emit_enforce(b, ch, &f);
	emit_f(e, "\t\ttpc_count_match(%u, did);\n", ch->hook);
	if (r->post)
		emit_f(e, "\t\tp%u_event%u(&in, %u, did);\n", b->pi, n->chain, r->selector);
	emit_f(e, "\t}\n");
	if (n->yes != i + 1)
		emit_f(e, "\tgoto n%u;\n", n->yes);
}

static void emit_done(struct body *b)
{
	for (uint32_t v = 0; v < b->p->values.len; v++) {
		bool big;

		emit_text_room(b->p, v, &big);
		if (big)
			emit_f(b->e, "\tif (v%u)\n\t\ttpc_scratch_release(v%u);\n", v, v);
	}
	emit_f(b->e, "\treturn ret;\n");
}

static void emit_parameters(struct emit *e, const struct ir_program *p)
{
	uint32_t used = args_used(p);

	emit_f(e, "void *ctx __unused, const bool direct __unused");
	if (p->syscall)
		emit_f(e, ", struct pt_regs *regs __unused");
	for (unsigned a = 0; a < 32 && !p->syscall; a++)
		if (used & 1u << a)
			emit_f(e, ", __u64 a%u __unused", a);
}

static void emit_body(struct emit *e, const struct ir_program *p, unsigned pi)
{
	struct body b = { .e = e, .p = p, .pi = pi };
	int32_t words = 0;

	b.have = tpc_new_array(e->c->arena, uint64_t, p->nodes.len);
	b.reached = tpc_new_array(e->c->arena, bool, p->nodes.len);
	b.jumped_to = tpc_new_array(e->c->arena, bool, p->nodes.len);
	analyse(&b);
	for (uint32_t i = 0; i < p->preds.len; i++)
		if (p->preds.items[i].task_bit / 64 >= words && !is_local(&p->preds.items[i]))
			words = p->preds.items[i].task_bit / 64 + 1;
	emit_line(e, p->at);
	emit_f(e, "static __always_inline long p%u(", pi);
	emit_parameters(e, p);
	emit_f(e, ")\n{\n\tlong ret = 0;\n");
	emit_value_locals(e, p);
	for (int32_t w = 0; w < words; w++)
		emit_f(e, "\t__u64 bits%d __unused;\n", w);
	emit_f(e, "\n");
	for (uint32_t i = 0; i < p->nodes.len; i++) {
		const struct ir_node *n = &p->nodes.items[i];

		if (!b.reached[i])
			continue;
		emit_line(e, n->at);
		if (b.jumped_to[i])
			emit_f(e, "n%u:;\n", i);
		if (n->kind == IR_NODE_TEST)
			emit_test(&b, i);
		else if (n->kind == IR_NODE_FIRE)
			emit_fire(&b, i);
		else
			emit_done(&b);
	}
	emit_f(e, "}\n\n");
}

/* ---- variants ---- */

static void emit_argument(struct emit *e, const struct variant *v, unsigned a)
{
	if (v->attach == ATTACH_KPROBE)
		emit_f(e, ", ((struct tpc_kprobe_ctx *)ctx)->TPC_KPROBE_ARG%u", a);
	else
		emit_f(e, ", ctx[%u]", a);
}

static void emit_variant(struct emit *e, const struct ir_program *p, unsigned pi, const struct variant *v)
{
	bool result = v->attach == ATTACH_FMOD_RET || v->attach == ATTACH_LSM;
	uint32_t used = args_used(p);

	emit_line(e, p->at);
	emit_f(e, "SEC(\"%s/%s\")\n%s %s(__u64 *ctx)\n{\n\t%s", attach_name(v->attach), v->target,
	       v->attach == ATTACH_FMOD_RET ? "long" : "int", v->name, result ? "return " : "");
	emit_f(e, "p%u(ctx, %s", pi, v->direct ? "true" : "false");
	if (p->syscall)
		emit_f(e, ", (struct pt_regs *)%s",
		       v->direct ? "ctx[0]" : "((struct tpc_kprobe_ctx *)ctx)->TPC_KPROBE_ARG0");
	for (unsigned a = 0; a < 32 && !p->syscall; a++)
		if (used & 1u << a)
			emit_argument(e, v, a);
	emit_f(e, ");\n%s}\n\n", result ? "" : "\treturn 0;\n");
}

static void emit_input_type(struct emit *e, const struct ir_program *p, unsigned pi)
{
	uint32_t used = args_used(p);

	emit_f(e, "struct p%u_in {\n\t__u64 ctx;\n", pi);
	if (p->syscall)
		emit_f(e, "\t__u64 regs;\n");
	for (unsigned a = 0; a < 32 && !p->syscall; a++)
		if (used & 1u << a)
			emit_f(e, "\t__u64 a%u;\n", a);
	for (uint32_t v = 0; v < p->values.len; v++) {
		bool big;

		if (emit_text_room(p, v, &big) || big)
			emit_f(e, "\tstruct tpc_seen v%u;\n", v);
	}
	emit_f(e, "};\n\n");
}

static bool posts(const struct ir_chain *ch)
{
	for (uint32_t r = 0; r < ch->rules.len; r++)
		if (ch->rules.items[r].post)
			return true;
	return false;
}

void emit_program(struct emit *e, unsigned pi)
{
	const struct ir_program *p = &e->u->programs.items[pi];
	struct variant variants[VARIANTS_MAX];
	unsigned n = backend_variants(e->c, p, pi, variants);

	emit_f(e, "/* ---- %s %s ---- */\n\n", ir_hook_kind_name(p->kind), p->target);
	emit_input_type(e, p, pi);
	emit_test_functions(e, p, pi);
	for (uint32_t i = 0; i < p->chains.len; i++)
		if (posts(&p->chains.items[i]))
			emit_event_function(e, p, pi, i);
	emit_body(e, p, pi);
	for (unsigned i = 0; i < n; i++)
		emit_variant(e, p, pi, &variants[i]);
}
