// SPDX-License-Identifier: Apache-2.0
/*
 * The IR as text, for people, golden tests and dumps between passes. Equal units give equal bytes: numbers,
 * names and YAML lines only. It is also used on units that a pass broke, so it trusts no index.
 */
#include <inttypes.h>
#include <string.h>

#include "ir/print.h"

static const char *const hook_kinds[] = { "kprobe", "tracepoint", "lsm",  "raw_tracepoint",
					  "fentry", "uprobe",	  "usdt", "loader" };
static const char *const label_ops[] = { "in", "not in", "exists", "absent" };
static const char *const override_methods[] = { "", " override-return", " fmod-ret" };

_Static_assert(PRINT_COUNT(hook_kinds) == IR_HOOK_MAX, "one name a hook kind");
_Static_assert(PRINT_COUNT(label_ops) == IR_LABEL_MAX, "one name a label operator");

const char *ir_hook_kind_name(enum ir_hook_kind k)
{
	return PRINT_WORD(hook_kinds, k);
}

/* Everything but printable ASCII is escaped: policies can hold control and direction characters. */
void ir_print_escaped(struct tpc_buf *out, const char *s, size_t len)
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

void ir_print_quoted(struct tpc_buf *out, const char *s, size_t len)
{
	tpc_buf_putc(out, '"');
	ir_print_escaped(out, s, len);
	tpc_buf_putc(out, '"');
}

void ir_print_text(struct tpc_buf *out, const char *s)
{
	if (s)
		ir_print_quoted(out, s, strlen(s));
	else
		tpc_buf_putc(out, '?');
}

void ir_print_name(struct tpc_buf *out, const char *s)
{
	if (s)
		ir_print_escaped(out, s, strlen(s));
	else
		tpc_buf_putc(out, '?');
}

/* " @12\n", or only the end of the line where there is no place. */
void ir_print_place(struct tpc_ctx *c, struct tpc_span at, struct tpc_buf *out)
{
	uint32_t line = tpc_source_line(&c->sources, at);

	if (line)
		tpc_buf_printf(out, " @%" PRIu32, line);
	tpc_buf_putc(out, '\n');
}

static void print_chain(struct tpc_ctx *c, const struct ir_chain *ch, uint32_t nr, struct tpc_buf *out)
{
	const struct ir_arg *arg;

	tpc_buf_printf(out, "  chain %" PRIu32 " hook %" PRIu32 " policy %" PRIu32 " entry %" PRIu32, nr,
		       ch->hook, ch->policy, ch->entry);
	tpc_buf_printf(out, " selectors %" PRIu32, ch->nselectors);
	ir_print_place(c, ch->at, out);
	if (ch->message) {
		tpc_buf_puts(out, "    message ");
		ir_print_text(out, ch->message);
		tpc_buf_putc(out, '\n');
	}
	for (uint32_t i = 0; i < ch->tags.len; i++) {
		tpc_buf_puts(out, "    tag ");
		ir_print_text(out, ch->tags.items[i]);
		tpc_buf_putc(out, '\n');
	}
	if (ch->may_miss)
		tpc_buf_puts(out, "    may be missing\n");
	if (ch->has_return)
		tpc_buf_printf(out, "    return value %d\n", ch->return_value);
	if (ch->on_return != IR_POST)
		tpc_buf_printf(out, "    return %s\n", ir_action_name(ch->on_return));
	tpc_vec_foreach (arg, &ch->args) {
		tpc_buf_printf(out, "    %s value %d", arg->data ? "data" : "arg", arg->value);
		if (arg->label) {
			tpc_buf_puts(out, " label ");
			ir_print_text(out, arg->label);
		}
		tpc_buf_putc(out, '\n');
	}
	for (uint32_t i = 0; i < ch->rules.len; i++)
		ir_print_rule(c, &ch->rules.items[i], i, out);
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
	ir_print_place(c, n->at, out);
}

static void print_user_place(const struct ir_user_place *w, struct tpc_buf *out)
{
	tpc_buf_puts(out, " in ");
	ir_print_text(out, w->path);
	if (w->btf_path) {
		tpc_buf_puts(out, " types of ");
		ir_print_text(out, w->btf_path);
	}
	if (w->provider) {
		tpc_buf_puts(out, " provider ");
		ir_print_name(out, w->provider);
	}
	if (!w->symbol && !w->provider)
		tpc_buf_puts(out, w->by_addr ? " by address" : " by offset");
	if (w->ref_ctr)
		tpc_buf_printf(out, " counter 0x%" PRIx64, w->ref_ctr);
	for (uint32_t i = 0; i < w->digests.len; i++) {
		tpc_buf_putc(out, ' ');
		ir_print_name(out, w->digests.items[i]);
	}
}

static void print_hook_point(const struct ir_program *p, struct tpc_buf *out)
{
	tpc_buf_printf(out, "%s%s ", ir_hook_kind_name(p->kind), p->syscall ? " syscall" : "");
	if (p->abi != KERNEL_X64)
		tpc_buf_printf(out, "%s/", kernel_abi_name(p->abi));
	if (p->many == IR_EVERY_MATCH)
		tpc_buf_puts(out, "every ");
	if (p->subsystem) {
		ir_print_name(out, p->subsystem);
		tpc_buf_putc(out, '/');
	}
	ir_print_name(out, p->many == IR_EVERY_SYSCALL ? "every" : p->target);
	if (p->user)
		print_user_place(p->user, out);
}

void ir_print_program(struct tpc_ctx *c, const struct ir_unit *u, const struct ir_program *p,
		      struct tpc_buf *out)
{
	bool within = p >= u->programs.items && p < u->programs.items + u->programs.len;

	tpc_buf_puts(out, "program ");
	if (within)
		tpc_buf_printf(out, "%td ", p - u->programs.items);
	print_hook_point(p, out);
	ir_print_place(c, p->at, out);
	for (uint32_t i = 0; i < p->values.len; i++)
		ir_print_value(c, &p->values.items[i], i, out);
	for (uint32_t i = 0; i < p->preds.len; i++)
		ir_print_pred(c, p, i, out);
	for (uint32_t i = 0; i < p->chains.len; i++)
		print_chain(c, &p->chains.items[i], i, out);
	if (p->nodes.len)
		tpc_buf_puts(out, "  graph\n");
	for (uint32_t i = 0; i < p->nodes.len; i++)
		print_node(c, &p->nodes.items[i], i, out);
}

static void print_labels(const struct ir_labels *l, const char *of, struct tpc_buf *out)
{
	const struct ir_label_req *r;

	tpc_vec_foreach (r, &l->reqs) {
		tpc_buf_printf(out, "  %s ", of);
		ir_print_text(out, r->key);
		tpc_buf_printf(out, " %s", PRINT_WORD(label_ops, r->op));
		for (uint32_t i = 0; i < r->values.len; i++) {
			tpc_buf_putc(out, ' ');
			ir_print_text(out, r->values.items[i]);
		}
		tpc_buf_putc(out, '\n');
	}
}

static void print_policy(struct tpc_ctx *c, const struct ir_policy *p, uint32_t nr, struct tpc_buf *out)
{
	tpc_buf_printf(out, "policy %" PRIu32 " ", nr);
	ir_print_name(out, p->name);
	tpc_buf_putc(out, ' ');
	ir_print_name(out, p->kind);
	tpc_buf_puts(out, p->monitor ? " monitor" : " enforce");
	tpc_buf_puts(out, PRINT_WORD(override_methods, p->override_method));
	if (p->ns) {
		tpc_buf_puts(out, " namespace ");
		ir_print_name(out, p->ns);
	}
	if (p->scope)
		tpc_buf_printf(out, " workload %" PRIu32, p->scope - 1);
	ir_print_place(c, p->at, out);
	if (p->nodes)
		print_labels(p->nodes, "node", out);
}

static void print_workload(struct tpc_ctx *c, const struct ir_workload *w, uint32_t nr, struct tpc_buf *out)
{
	tpc_buf_printf(out, "workload %" PRIu32 "%s%s", nr, w->host ? " host" : "", w->pods ? " pods" : "");
	if (w->ns) {
		tpc_buf_puts(out, " of ");
		ir_print_name(out, w->ns);
	}
	ir_print_place(c, w->at, out);
	print_labels(&w->pod, "pod", out);
	print_labels(&w->container, "container", out);
}

static void print_enforced(struct tpc_ctx *c, const struct ir_enforced *e, struct tpc_buf *out)
{
	tpc_buf_printf(out, "enforcer of policy %" PRIu32 "%s ", e->policy, e->syscall ? " syscall" : "");
	if (e->abi != KERNEL_X64)
		tpc_buf_printf(out, "%s/", kernel_abi_name(e->abi));
	if (e->many == IR_EVERY_MATCH)
		tpc_buf_puts(out, "every ");
	ir_print_name(out, e->many == IR_EVERY_SYSCALL ? "every" : e->target);
	ir_print_place(c, e->at, out);
}

static void print_exec_test(struct tpc_ctx *c, const struct ir_exec_test *e, uint32_t nr, struct tpc_buf *out)
{
	const struct ir_text *t;

	tpc_buf_printf(out, "exec test %" PRIu32 "%s%s %s", nr,
		       e->source == IR_FROM_PARENT_BINARY ? " parent" : "",
		       e->descent ? " or an ancestor" : "", ir_pred_kind_name(e->kind));
	tpc_vec_foreach (t, &e->texts) {
		tpc_buf_putc(out, ' ');
		ir_print_quoted(out, t->s, t->len);
	}
	ir_print_place(c, e->at, out);
}

void ir_print(struct tpc_ctx *c, const struct ir_unit *u, struct tpc_buf *out)
{
	for (uint32_t i = 0; i < u->policies.len; i++)
		print_policy(c, &u->policies.items[i], i, out);
	for (uint32_t i = 0; i < u->workloads.len; i++)
		print_workload(c, &u->workloads.items[i], i, out);
	for (uint32_t i = 0; i < u->enforced.len; i++)
		print_enforced(c, &u->enforced.items[i], out);
	for (uint32_t i = 0; i < u->exec_tests.len; i++)
		print_exec_test(c, &u->exec_tests.items[i], i, out);
	for (uint32_t i = 0; i < u->programs.len; i++)
		ir_print_program(c, u, &u->programs.items[i], out);
}
