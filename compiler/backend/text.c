// SPDX-License-Identifier: Apache-2.0
/* Tests of strings and buffers as C: the length first, then eight bytes at a time against constants. */
#include "backend/emit.h"

#include <string.h>

static bool reads_text(const struct ir_pred *q)
{
	return q->kind == IR_PRED_EQUAL || q->kind == IR_PRED_PREFIX || q->kind == IR_PRED_POSTFIX ||
	       q->kind == IR_PRED_PRESENT || emit_is_substring(q->kind);
}

unsigned emit_text_room(const struct ir_program *p, unsigned v, bool *ret_big)
{
	unsigned longest = 0;
	bool any = false;

	*ret_big = false;
	if (p->values.items[v].type != IR_STRING && p->values.items[v].type != IR_BYTES)
		return 0;
	for (uint32_t i = 0; i < p->preds.len; i++) {
		const struct ir_pred *q = &p->preds.items[i];

		if (q->value != v || !reads_text(q) || !emit_pred_used(p, i))
			continue;
		any = true;
		if (q->kind == IR_PRED_POSTFIX || emit_is_substring(q->kind))
			*ret_big = true;
		for (uint32_t j = 0; j < q->texts.len; j++)
			longest = q->texts.items[j].len > longest ? q->texts.items[j].len : longest;
	}
	if (!any)
		return 0;
	if (longest > EMIT_STACK_TEXT_MAX - 2)
		*ret_big = true;
	/* One byte more than the longest text tells a longer string from an equal one, one is the terminator. */
	return *ret_big ? 0 : (longest + 2 + 7) & ~7u;
}

static const char *len_test(const struct emit *e, enum ir_pred_kind kind, uint32_t len)
{
	return tpc_sprintf(e->c->arena, kind == IR_PRED_EQUAL ? "n == %u" : "n >= %u", len);
}

/* All texts of one length share one look at the length. */
static void emit_length_group(struct emit *e, const struct ir_pred *q, uint32_t len)
{
	bool first = true;

	emit_f(e, "\tif (%s && (", len_test(e, q->kind, len));
	for (uint32_t i = 0; i < q->texts.len; i++) {
		const struct ir_text *t = &q->texts.items[i];

		if (t->len != len)
			continue;
		tpc_buf_puts(e->out, first ? "(" : " ||\n\t    (");
		if (q->kind == IR_PRED_POSTFIX)
			emit_bytes_equal(e, tpc_sprintf(e->c->arena, "s + (n - %u)", len), t->s, len);
		else
			emit_bytes_equal(e, "s", t->s, len);
		tpc_buf_putc(e->out, ')');
		first = false;
	}
	emit_f(e, "))\n\t\treturn true;\n");
}

void emit_text_test(struct emit *e, const char *name, const struct ir_pred *q)
{
	emit_f(e, "static __noinline bool %s(const char *s, __s32 n)\n{\n", name);
	emit_f(e, "\thide_bounds(n);\n\tif (n < 0 || n > TPC_STRING_MAX)\n\t\treturn false;\n");
	for (uint32_t i = 0; i < q->texts.len; i++) {
		bool seen = false;

		for (uint32_t j = 0; j < i; j++)
			seen |= q->texts.items[j].len == q->texts.items[i].len;
		if (!seen)
			emit_length_group(e, q, q->texts.items[i].len);
	}
	emit_f(e, "\treturn false;\n}\n\n");
}
