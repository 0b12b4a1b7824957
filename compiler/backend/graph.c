// SPDX-License-Identifier: Apache-2.0
/*
 * The decision graph as the body of a function: a label a node where something jumps to it, a test falls through to
 * the node behind it. What is fetched on every way to a node is not fetched there again.
 */
#include "backend/emit.h"

#include <string.h>

struct body {
	struct emit *e;
	const struct ir_program *p;
	unsigned pi;
	uint64_t *have; /* a node: what is fetched on every way to it; bit i: value i, bit 63 - w: word w of the task's bits */
	bool *reached, *jumped_to;
};

#define WORD_BIT(w) (1ULL << (63 - (w)))
#define VALUES_TRACKED 56 /* beyond, and for words beyond 7, a value is fetched at each test */

static uint64_t value_bit(int value)
{
	return value >= 0 && value < VALUES_TRACKED ? 1ULL << value : 0;
}

static uint64_t need_of(const struct ir_program *p, const struct ir_pred *q)
{
	if (!emit_pred_local(q))
		return q->task_bit / 64 < 64 - VALUES_TRACKED ? WORD_BIT(q->task_bit / 64) : 0;
	/* A search wants a walk that has only begun. */
	if (emit_is_substring(q->kind) && p->values.items[q->value].type == IR_PATH)
		return 0;
	return value_bit(q->value);
}

/* The value that is opened before it. */
static int opened(const struct body *b, const struct ir_pred *q)
{
	return emit_pred_local(q) ? emit_opened(b->p, &b->p->values.items[q->value]) : -1;
}

/* Its text is read into a scratch slot, of which there may be none left. */
static bool reads_slot(const struct ir_program *p, const struct ir_pred *q)
{
	bool big = false;

	if (emit_pred_local(q) && q->kind >= IR_PRED_EQUAL && p->values.items[q->value].type != IR_PATH)
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
			have |= need_of(p, &p->preds.items[n->pred]) |
				value_bit(opened(b, &p->preds.items[n->pred]));
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
	int base = opened(b, q);

	if (base >= 0 && !(value_bit(base) & b->have[i]))
		emit_value_fetch(b->e, b->p, (unsigned)base);
	if (!(need_of(b->p, q) & b->have[i]) || !need_of(b->p, q)) {
		if (emit_pred_local(q))
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
		default: /* supported.c lets nothing else through */
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
	uint32_t used = emit_args_used(b->p);

	emit_f(e, "\t\tstruct p%u_in in = { .ctx = (__u64)ctx", b->pi);
	if (b->p->syscall)
		emit_f(e, ", .regs = (__u64)regs");
	for (unsigned a = 0; a < 32 && !b->p->syscall; a++)
		if (used & 1u << a)
			emit_f(e, ", .a%u = a%u", a, a);
	for (uint32_t v = 0; v < b->p->values.len; v++) {
		bool big;
		unsigned room = emit_text_room(b->p, v, &big);

		if (v >= VALUES_TRACKED || !(b->have[i] & 1ULL << v))
			continue;
		if (emit_keeps_number(&b->p->values.items[v]))
			emit_f(e, ",\n\t\t\t.v%u = { v%u, true, v%u_there }", v, v, v);
		if (emit_is_address(&b->p->values.items[v]))
			emit_f(e, ",\n\t\t\t.v%u = v%u", v, v);
		if (!room && !big)
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
	emit_task_told(e, b->p, r);
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
	uint32_t used = emit_args_used(p);

	emit_f(e, "void *ctx __unused, const bool direct __unused");
	if (p->syscall)
		emit_f(e, ", struct pt_regs *regs __unused");
	for (unsigned a = 0; a < 32 && !p->syscall; a++)
		if (used & 1u << a)
			emit_f(e, ", __u64 a%u __unused", a);
}

void emit_graph(struct emit *e, const struct ir_program *p, unsigned pi)
{
	struct body b = { .e = e, .p = p, .pi = pi };
	int32_t words = 0;

	b.have = tpc_new_array(e->c->arena, uint64_t, p->nodes.len);
	b.reached = tpc_new_array(e->c->arena, bool, p->nodes.len);
	b.jumped_to = tpc_new_array(e->c->arena, bool, p->nodes.len);
	analyse(&b);
	for (uint32_t i = 0; i < p->preds.len; i++)
		if (p->preds.items[i].task_bit / 64 >= words && !emit_pred_local(&p->preds.items[i]))
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
