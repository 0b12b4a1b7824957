// SPDX-License-Identifier: Apache-2.0
/* Values and predicates as text. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include "ir/print.h"

static const char *const types[] = { "nop",    "int",	  "string", "bytes",   "path",
				     "socket", "address", "shown",  "workload" };
static const char *const sources[] = { "arg",		"field",       "pid",	    "binary",
				       "parent binary", "ns pid",      "namespace", "namespace changes",
				       "caps",		"cap changes", "workload",  "return",
				       "task",		"register",    "value" };
static const char *const facets[] = { "",	"saddr",    "daddr", "sport",	  "dport",
				      "family", "protocol", "state", "file type", "gained" };
static const char *const paths[] = { "",       " of file",   " of path", " of binprm",
				     " of fd", " of dentry", " of kiocb" };
static const char *const preds[] = {
	"in",	  "mask",	  "equal",    "prefix", "postfix", "contains", "contains in any case",
	"in net", "in namespace", "workload", "expr",	"present"
};
static const char *const bindings[] = { "compile", "load", "exec", "event" };

_Static_assert(PRINT_COUNT(types) == IR_TYPE_MAX, "one name a type");
_Static_assert(PRINT_COUNT(sources) == IR_SOURCE_MAX, "one name a source");
_Static_assert(PRINT_COUNT(facets) == IR_FACET_MAX, "one name a facet");
_Static_assert(PRINT_COUNT(paths) == IR_PATH_FROM_MAX, "one name a place of a path");
_Static_assert(PRINT_COUNT(preds) == IR_PRED_MAX, "one name a predicate");
_Static_assert(PRINT_COUNT(bindings) == IR_AT_EVENT + 1, "one name a binding");

const char *ir_pred_kind_name(enum ir_pred_kind k)
{
	return PRINT_WORD(preds, k);
}

/* The way as numbers are found in the target's types: names only, offsets are the kernel's own. */
static void print_resolve(const struct ir_resolve *r, struct tpc_buf *out)
{
	const struct kernel_step *s;

	tpc_buf_puts(out, " resolve ");
	ir_print_text(out, r->text);
	if (r->from) {
		tpc_buf_puts(out, " in ");
		ir_print_name(out, r->from);
	}
	if (r->module) {
		tpc_buf_puts(out, " of ");
		ir_print_name(out, r->module);
	}
	if (r->steps.len)
		tpc_buf_puts(out, " by");
	tpc_vec_foreach (s, &r->steps) {
		if (s->kind == KERNEL_STEP_DEREF)
			tpc_buf_puts(out, " ->");
		else if (s->kind == KERNEL_STEP_INDEX)
			tpc_buf_printf(out, " [%" PRIu32 "]", s->index);
		else if (s->member && s->member[0]) {
			tpc_buf_puts(out, " .");
			ir_print_name(out, s->member);
		}
	}
	if (r->end) {
		tpc_buf_puts(out, " to ");
		ir_print_text(out, r->end);
	}
}

/* What the source alone does not say. */
static void print_origin(const struct ir_value *v, struct tpc_buf *out)
{
	if (v->source == IR_FROM_VALUE) {
		tpc_buf_printf(out, " %d %s", v->base, PRINT_WORD(facets, v->facet));
		if (v->facet == IR_FACET_GAINED)
			tpc_buf_printf(out, " over %d", v->base2);
	}
	if (v->reg) {
		tpc_buf_putc(out, ' ');
		ir_print_name(out, v->reg);
	}
	if (v->descent)
		tpc_buf_puts(out, " or of an ancestor");
	if (v->in_memory)
		tpc_buf_puts(out, " in memory");
	if (v->at_return)
		tpc_buf_puts(out, " at return");
	if (v->large)
		tpc_buf_puts(out, " large");
	if (v->resolve)
		print_resolve(v->resolve, out);
}

void ir_print_value(struct tpc_ctx *c, const struct ir_value *v, uint32_t nr, struct tpc_buf *out)
{
	tpc_buf_printf(out, "  value %" PRIu32 " %s", nr, PRINT_WORD(types, v->type));
	if (v->type == IR_INT)
		tpc_buf_printf(out, " %c%d", v->is_signed ? 's' : 'u', v->size * 8);
	tpc_buf_printf(out, "%s from %s", PRINT_WORD(paths, v->path_from), PRINT_WORD(sources, v->source));
	if (v->source == IR_FROM_ARG || v->source == IR_FROM_FIELD || v->source == IR_FROM_NAMESPACE ||
	    v->source == IR_FROM_CAPS || v->source == IR_FROM_CAP_CHANGES)
		tpc_buf_printf(out, " %d", v->index);
	print_origin(v, out);
	if (v->type == IR_BYTES && v->size_value >= 0)
		tpc_buf_printf(out, " size value %d", v->size_value);
	if (v->type == IR_STRING || v->type == IR_BYTES)
		tpc_buf_printf(out, " max %" PRIu32, v->max);
	if (v->type_name) {
		tpc_buf_puts(out, " type ");
		ir_print_name(out, v->type_name);
	}
	ir_print_place(c, v->at, out);
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

static void print_expr(const struct ir_expr *e, struct tpc_buf *out)
{
	tpc_buf_putc(out, ' ');
	ir_print_name(out, e->text);
	tpc_buf_puts(out, " of values");
	for (uint32_t i = 0; i < e->vars.len; i++)
		tpc_buf_printf(out, " %d", e->vars.items[i]);
}

static void print_nets(const struct ir_pred *pred, struct tpc_buf *out)
{
	const struct ir_net *n;
	char text[INET6_ADDRSTRLEN];

	tpc_vec_foreach (n, &pred->nets) {
		if (!inet_ntop(n->len == 4 ? AF_INET : AF_INET6, n->addr, text, sizeof(text)))
			strcpy(text, "?");
		tpc_buf_printf(out, " %s/%d", text, n->prefix);
	}
}

void ir_print_pred(struct tpc_ctx *c, const struct ir_program *p, uint32_t nr, struct tpc_buf *out)
{
	const struct ir_pred *pred = &p->preds.items[nr];
	bool is_signed = pred->value < p->values.len && p->values.items[pred->value].is_signed;
	const struct ir_text *t;

	tpc_buf_printf(out, "  pred %" PRIu32 " value %d %s", nr, pred->value, PRINT_WORD(preds, pred->kind));
	if (pred->kind == IR_PRED_RANGES || (pred->kind == IR_PRED_NAMESPACE && pred->ranges.len))
		print_ranges(pred, is_signed, out);
	if (pred->kind == IR_PRED_MASK)
		tpc_buf_printf(out, " 0x%" PRIx64, pred->mask);
	if (pred->host)
		tpc_buf_puts(out, " host");
	if (pred->kind == IR_PRED_WORKLOAD)
		tpc_buf_printf(out, " %" PRIu32, pred->workload);
	if (pred->expr)
		print_expr(pred->expr, out);
	print_nets(pred, out);
	tpc_vec_foreach (t, &pred->texts) {
		tpc_buf_putc(out, ' ');
		ir_print_quoted(out, t->s, t->len);
	}
	tpc_buf_printf(out, " at %s", PRINT_WORD(bindings, pred->binding));
	if (pred->task_bit >= 0)
		tpc_buf_printf(out, " bit %" PRId32, pred->task_bit);
	if (pred->cost)
		tpc_buf_printf(out, " cost %" PRIu32, pred->cost);
	ir_print_place(c, pred->at, out);
}
