// SPDX-License-Identifier: Apache-2.0
/*
 * The IR as text, for people, golden tests and dumps between passes. Equal units give equal bytes: numbers,
 * names and YAML lines only. It is also used on units that a pass broke, so it trusts no index.
 */
#include <inttypes.h>
#include <string.h>

#include "ir/ir.h"

static const char *const hook_kinds[] = { "kprobe", "tracepoint", "lsm" };
static const char *const actions[] = { "Post", "NoPost", "Sigkill", "Signal", "Override" };
static const char *const types[] = { "nop", "int", "string", "bytes", "path" };
static const char *const sources[] = { "arg", "field", "pid", "binary" };
static const char *const paths[] = { "", " of file", " of path", " of binprm", " of fd" };
static const char *const preds[] = { "in", "mask", "equal", "prefix", "postfix" };
static const char *const bindings[] = { "compile", "load", "exec", "event" };

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
_Static_assert(COUNT(hook_kinds) == IR_HOOK_MAX, "one name a hook kind");
_Static_assert(COUNT(actions) == IR_ACTION_MAX, "one name an action");
_Static_assert(COUNT(types) == IR_TYPE_MAX, "one name a type");
_Static_assert(COUNT(sources) == IR_SOURCE_MAX, "one name a source");
_Static_assert(COUNT(paths) == IR_PATH_FROM_MAX, "one name a place of a path");
_Static_assert(COUNT(preds) == IR_PRED_MAX, "one name a predicate");
_Static_assert(COUNT(bindings) == IR_AT_EVENT + 1, "one name a binding");

#define NAME(table, i) ((unsigned)(i) < COUNT(table) ? (table)[i] : "?")

const char *ir_hook_kind_name(enum ir_hook_kind k)
{
	return NAME(hook_kinds, k);
}

const char *ir_action_name(enum ir_action_kind k)
{
	return NAME(actions, k);
}

/* Everything but printable ASCII is escaped: policies can hold control and direction characters. */
static void print_escaped(struct tpc_buf *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char ch = (unsigned char)s[i];

		if (ch == '"' || ch == '\\')
			tpc_buf_printf(out, "\\%c", ch);
		else if (ch < 0x20 || ch >= 0x7f)
			tpc_buf_printf(out, "\\x%02x", ch);
		else
			tpc_buf_putc(out, (char)ch);
	}
}

static void print_quoted(struct tpc_buf *out, const char *s, size_t len)
{
	tpc_buf_putc(out, '"');
	print_escaped(out, s, len);
	tpc_buf_putc(out, '"');
}

static void print_name(struct tpc_buf *out, const char *s)
{
	if (s)
		print_escaped(out, s, strlen(s));
	else
		tpc_buf_putc(out, '?');
}

/* " @12\n", or only the end of the line where there is no place. */
static void print_place(struct tpc_ctx *c, struct tpc_span at, struct tpc_buf *out)
{
	uint32_t line = tpc_source_line(&c->sources, at);

	if (line)
		tpc_buf_printf(out, " @%" PRIu32, line);
	tpc_buf_putc(out, '\n');
}

static void print_value(struct tpc_ctx *c, const struct ir_value *v, uint32_t nr, struct tpc_buf *out)
{
	tpc_buf_printf(out, "  value %" PRIu32 " %s", nr, NAME(types, v->type));
	if (v->type == IR_INT)
		tpc_buf_printf(out, " %c%d", v->is_signed ? 's' : 'u', v->size * 8);
	tpc_buf_printf(out, "%s from %s", NAME(paths, v->path_from), NAME(sources, v->source));
	if (v->source == IR_FROM_ARG || v->source == IR_FROM_FIELD)
		tpc_buf_printf(out, " %d", v->index);
	if (v->type == IR_BYTES && v->size_value >= 0)
		tpc_buf_printf(out, " size value %d", v->size_value);
	if (v->type == IR_STRING || v->type == IR_BYTES)
		tpc_buf_printf(out, " max %" PRIu32, v->max);
	if (v->type_name) {
		tpc_buf_puts(out, " type ");
		print_name(out, v->type_name);
	}
	print_place(c, v->at, out);
}

static void print_number(struct tpc_buf *out, uint64_t bits, bool is_signed)
{
	if (is_signed)
		tpc_buf_printf(out, "%" PRId64, (int64_t)bits);
	else
		tpc_buf_printf(out, "%" PRIu64, bits);
}

static void print_ranges(const struct ir_pred *pred, bool is_signed, struct tpc_buf *out)
{
	const struct ir_range *r;

	if (!pred->ranges.len)
		tpc_buf_puts(out, " nothing");
	tpc_vec_foreach (r, &pred->ranges) {
		tpc_buf_putc(out, ' ');
		print_number(out, r->lo, is_signed);
		if (r->hi != r->lo) {
			tpc_buf_puts(out, "..");
			print_number(out, r->hi, is_signed);
		}
	}
}

static void print_pred(struct tpc_ctx *c, const struct ir_program *p, uint32_t nr, struct tpc_buf *out)
{
	const struct ir_pred *pred = &p->preds.items[nr];
	bool is_signed = pred->value < p->values.len && p->values.items[pred->value].is_signed;
	const struct ir_text *t;

	tpc_buf_printf(out, "  pred %" PRIu32 " value %d %s", nr, pred->value, NAME(preds, pred->kind));
	if (pred->kind == IR_PRED_RANGES)
		print_ranges(pred, is_signed, out);
	if (pred->kind == IR_PRED_MASK)
		tpc_buf_printf(out, " 0x%" PRIx64, pred->mask);
	tpc_vec_foreach (t, &pred->texts) {
		tpc_buf_putc(out, ' ');
		print_quoted(out, t->s, t->len);
	}
	tpc_buf_printf(out, " at %s", NAME(bindings, pred->binding));
	if (pred->task_bit >= 0)
		tpc_buf_printf(out, " bit %" PRId32, pred->task_bit);
	if (pred->cost)
		tpc_buf_printf(out, " cost %" PRIu32, pred->cost);
	print_place(c, pred->at, out);
}

static void print_rule(struct tpc_ctx *c, const struct ir_rule *r, uint32_t nr, struct tpc_buf *out)
{
	const struct ir_action *a;
	const struct ir_term *t;

	tpc_buf_printf(out, "    rule %" PRIu32 " selector %" PRIu32 " %s", nr, r->selector,
		       r->post ? "post" : "silent");
	print_place(c, r->at, out);
	tpc_vec_foreach (t, &r->terms) {
		tpc_buf_printf(out, "      %spred %d", t->negated ? "not " : "", t->pred);
		print_place(c, t->at, out);
	}
	tpc_vec_foreach (a, &r->actions) {
		tpc_buf_printf(out, "      action %s", ir_action_name(a->kind));
		if (a->kind == IR_SIGNAL || a->kind == IR_OVERRIDE)
			tpc_buf_printf(out, " %" PRId32, a->arg);
		print_place(c, a->at, out);
	}
}

static void print_chain(struct tpc_ctx *c, const struct ir_chain *ch, uint32_t nr, struct tpc_buf *out)
{
	const struct ir_arg *arg;

	tpc_buf_printf(out, "  chain %" PRIu32 " hook %" PRIu32 " policy %" PRIu32 " entry %" PRIu32, nr,
		       ch->hook, ch->policy, ch->entry);
	tpc_buf_printf(out, " selectors %" PRIu32, ch->nselectors);
	print_place(c, ch->at, out);
	if (ch->message) {
		tpc_buf_puts(out, "    message ");
		print_quoted(out, ch->message, strlen(ch->message));
		tpc_buf_putc(out, '\n');
	}
	for (uint32_t i = 0; i < ch->tags.len; i++) {
		tpc_buf_puts(out, "    tag ");
		print_quoted(out, ch->tags.items[i], strlen(ch->tags.items[i]));
		tpc_buf_putc(out, '\n');
	}
	tpc_vec_foreach (arg, &ch->args) {
		tpc_buf_printf(out, "    arg value %d", arg->value);
		if (arg->label) {
			tpc_buf_puts(out, " label ");
			print_quoted(out, arg->label, strlen(arg->label));
		}
		tpc_buf_putc(out, '\n');
	}
	for (uint32_t i = 0; i < ch->rules.len; i++)
		print_rule(c, &ch->rules.items[i], i, out);
}

static void print_node(struct tpc_ctx *c, const struct ir_node *n, uint32_t nr, struct tpc_buf *out)
{
	tpc_buf_printf(out, "    %" PRIu32 ": ", nr);
	switch (n->kind) {
	case IR_NODE_TEST:
		tpc_buf_printf(out, "pred %d ? %" PRIu32 " : %" PRIu32, n->pred, n->yes, n->no);
		break;
	case IR_NODE_FIRE:
		tpc_buf_printf(out, "fire chain %d rule %d then %" PRIu32, n->chain, n->rule, n->yes);
		break;
	case IR_NODE_DONE:
		tpc_buf_puts(out, "done");
		break;
	default:
		tpc_buf_putc(out, '?');
	}
	print_place(c, n->at, out);
}

void ir_print_program(struct tpc_ctx *c, const struct ir_unit *u, const struct ir_program *p,
		      struct tpc_buf *out)
{
	bool within = p >= u->programs.items && p < u->programs.items + u->programs.len;

	tpc_buf_puts(out, "program ");
	if (within)
		tpc_buf_printf(out, "%td ", p - u->programs.items);
	tpc_buf_printf(out, "%s%s ", ir_hook_kind_name(p->kind), p->syscall ? " syscall" : "");
	if (p->kind == IR_TRACEPOINT) {
		print_name(out, p->subsystem);
		tpc_buf_putc(out, '/');
	}
	print_name(out, p->target);
	print_place(c, p->at, out);
	for (uint32_t i = 0; i < p->values.len; i++)
		print_value(c, &p->values.items[i], i, out);
	for (uint32_t i = 0; i < p->preds.len; i++)
		print_pred(c, p, i, out);
	for (uint32_t i = 0; i < p->chains.len; i++)
		print_chain(c, &p->chains.items[i], i, out);
	if (p->nodes.len)
		tpc_buf_puts(out, "  graph\n");
	for (uint32_t i = 0; i < p->nodes.len; i++)
		print_node(c, &p->nodes.items[i], i, out);
}

static void print_policy(struct tpc_ctx *c, const struct ir_policy *p, uint32_t nr, struct tpc_buf *out)
{
	tpc_buf_printf(out, "policy %" PRIu32 " ", nr);
	print_name(out, p->name);
	tpc_buf_putc(out, ' ');
	print_name(out, p->kind);
	tpc_buf_puts(out, p->monitor ? " monitor" : " enforce");
	print_place(c, p->at, out);
}

static void print_exec_test(struct tpc_ctx *c, const struct ir_exec_test *e, uint32_t nr, struct tpc_buf *out)
{
	const struct ir_text *t;

	tpc_buf_printf(out, "exec test %" PRIu32 " %s", nr, NAME(preds, e->kind));
	tpc_vec_foreach (t, &e->texts) {
		tpc_buf_putc(out, ' ');
		print_quoted(out, t->s, t->len);
	}
	print_place(c, e->at, out);
}

void ir_print(struct tpc_ctx *c, const struct ir_unit *u, struct tpc_buf *out)
{
	for (uint32_t i = 0; i < u->policies.len; i++)
		print_policy(c, &u->policies.items[i], i, out);
	for (uint32_t i = 0; i < u->exec_tests.len; i++)
		print_exec_test(c, &u->exec_tests.items[i], i, out);
	for (uint32_t i = 0; i < u->programs.len; i++)
		ir_print_program(c, u, &u->programs.items[i], out);
}
