// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/ir_build.h"

struct ir_program *build_program(struct tpc_ctx *c, struct ir_unit *u, enum ir_hook_kind kind,
				 const char *target)
{
	struct ir_program *p = tpc_vec_push(c->arena, &u->programs);

	p->kind = kind;
	p->target = target;
	p->subsystem = kind == IR_TRACEPOINT ? "raw" : NULL;
	return p;
}

struct ir_unit *build_unit(struct tpc_ctx *c)
{
	struct ir_unit *u = tpc_new(c->arena, struct ir_unit);

	*tpc_vec_push(c->arena, &u->policies) = (struct ir_policy){
		.name = "test", .kind = "TracingPolicy", .file = "t.yaml", .digest = "sha256:0"
	};
	build_program(c, u, IR_KPROBE, "f");
	return u;
}

uint16_t build_value(struct tpc_ctx *c, struct ir_program *p, struct ir_value v)
{
	if (v.source == IR_FROM_ARG)
		v.index = (uint8_t)(p->values.len % 6);
	else if (v.source == IR_FROM_FIELD)
		v.index = (uint8_t)p->values.len;
	v.size_value = -1;
	v.type_name = "t";
	*tpc_vec_push(c->arena, &p->values) = v;
	return (uint16_t)(p->values.len - 1);
}

uint16_t build_int(struct tpc_ctx *c, struct ir_program *p, enum ir_source source, uint8_t size,
		   bool is_signed)
{
	return build_value(
		c, p,
		(struct ir_value){ .type = IR_INT, .source = source, .size = size, .is_signed = is_signed });
}

static enum ir_source event_source(const struct ir_program *p)
{
	return p->kind == IR_TRACEPOINT ? IR_FROM_FIELD : IR_FROM_ARG;
}

uint16_t build_string(struct tpc_ctx *c, struct ir_program *p)
{
	return build_value(c, p,
			   (struct ir_value){ .type = IR_STRING, .source = event_source(p), .max = 64 });
}

uint16_t build_path(struct tpc_ctx *c, struct ir_program *p)
{
	return build_value(
		c, p,
		(struct ir_value){ .type = IR_PATH, .source = event_source(p), .path_from = IR_PATH_FILE });
}

uint16_t build_binary(struct tpc_ctx *c, struct ir_program *p)
{
	return build_value(c, p, (struct ir_value){ .type = IR_PATH, .source = IR_FROM_BINARY });
}

struct ir_pred *build_pred(struct tpc_ctx *c, struct ir_program *p, enum ir_pred_kind kind, uint16_t value)
{
	enum ir_source source = p->values.items[value].source;
	struct ir_pred *pred = tpc_vec_push(c->arena, &p->preds);

	pred->kind = kind;
	pred->value = value;
	pred->binding = source == IR_FROM_BINARY || source == IR_FROM_PARENT_BINARY ? IR_AT_EXEC :
										      IR_AT_EVENT;
	pred->task_bit = -1;
	return pred;
}

static uint64_t parse_number(const char **s)
{
	char *end;
	uint64_t ret = **s == '-' ? (uint64_t)strtoll(*s, &end, 0) : strtoull(*s, &end, 0);

	*s = end;
	return ret;
}

uint16_t build_ranges(struct tpc_ctx *c, struct ir_program *p, uint16_t value, const char *s)
{
	struct ir_pred *pred = build_pred(c, p, IR_PRED_RANGES, value);

	while (*s) {
		struct ir_range r;

		r.lo = r.hi = parse_number(&s);
		if (*s == '-' || *s == '~') {
			s++;
			r.hi = parse_number(&s);
		}
		*tpc_vec_push(c->arena, &pred->ranges) = r;
		s += *s == ' ';
	}
	return (uint16_t)(p->preds.len - 1);
}

uint16_t build_mask(struct tpc_ctx *c, struct ir_program *p, uint16_t value, uint64_t mask)
{
	build_pred(c, p, IR_PRED_MASK, value)->mask = mask;
	return (uint16_t)(p->preds.len - 1);
}

uint16_t build_nets(struct tpc_ctx *c, struct ir_program *p, uint16_t value, const char *s)
{
	struct ir_pred *pred = build_pred(c, p, IR_PRED_NETS, value);

	while (*s) {
		size_t len = strcspn(s, "/");
		const char *addr = tpc_strndup(c->arena, s, len);
		struct ir_net n = { .len = strchr(addr, ':') ? 16 : 4 };

		inet_pton(n.len == 4 ? AF_INET : AF_INET6, addr, n.addr);
		s += len + 1;
		n.prefix = (uint8_t)parse_number(&s);
		*tpc_vec_push(c->arena, &pred->nets) = n;
		s += *s == ' ';
	}
	return (uint16_t)(p->preds.len - 1);
}

uint16_t build_texts(struct tpc_ctx *c, struct ir_program *p, enum ir_pred_kind kind, uint16_t value,
		     const char *s)
{
	struct ir_pred *pred = build_pred(c, p, kind, value);

	while (*s) {
		size_t len = strcspn(s, " ");

		*tpc_vec_push(c->arena, &pred->texts) =
			(struct ir_text){ .s = tpc_strndup(c->arena, s, len), .len = (uint32_t)len };
		s += len;
		s += *s == ' ';
	}
	return (uint16_t)(p->preds.len - 1);
}

struct ir_chain *build_chain(struct tpc_ctx *c, struct ir_unit *u, struct ir_program *p)
{
	struct ir_chain *ch = tpc_vec_push(c->arena, &p->chains);

	ch->hook = u->nhooks++;
	ch->nselectors = 1;
	return ch;
}

struct ir_rule *build_rule(struct tpc_ctx *c, struct ir_chain *ch, const char *s)
{
	struct ir_rule *r = tpc_vec_push(c->arena, &ch->rules);

	r->post = true;
	r->selector = ch->rules.len - 1;
	r->at = (struct tpc_span){ 1, 100 * ch->rules.len, 1 };
	ch->nselectors = ch->rules.len;
	while (*s) {
		struct ir_term *t = tpc_vec_push(c->arena, &r->terms);

		t->negated = *s == '!';
		s += t->negated;
		t->pred = (uint16_t)parse_number(&s);
		t->at = (struct tpc_span){ 1, 100 * ch->rules.len + r->terms.len, 1 };
		s += *s == ' ';
	}
	return r;
}

void build_return_term(struct tpc_ctx *c, struct ir_chain *ch, struct ir_rule *r, uint16_t pred, bool negated)
{
	*tpc_vec_push(c->arena, &r->return_terms) = (struct ir_term){ .pred = pred, .negated = negated };
	ch->has_return = true;
}

/* ---- as text ---- */

static void show_nets(const struct ir_pred *pred, struct tpc_buf *b)
{
	const struct ir_net *n;
	char text[INET6_ADDRSTRLEN];

	tpc_vec_foreach (n, &pred->nets) {
		inet_ntop(n->len == 4 ? AF_INET : AF_INET6, n->addr, text, sizeof(text));
		tpc_buf_printf(b, "%s%s/%d", n == pred->nets.items ? "@" : ",", text, n->prefix);
	}
}

static void show_range(const struct ir_value *v, const struct ir_range *r, struct tpc_buf *b)
{
	if (v->is_signed)
		tpc_buf_printf(b, "%" PRId64, (int64_t)r->lo);
	else
		tpc_buf_printf(b, "%" PRIu64, r->lo);
	if (r->lo == r->hi)
		return;
	if (v->is_signed)
		tpc_buf_printf(b, "~%" PRId64, (int64_t)r->hi);
	else
		tpc_buf_printf(b, "-%" PRIu64, r->hi);
}

static void show_pred(const struct ir_program *p, const struct ir_pred *pred, struct tpc_buf *b)
{
	static const char sign[] = {
		[IR_PRED_EQUAL] = '=',	   [IR_PRED_PREFIX] = '^',	   [IR_PRED_POSTFIX] = '$',
		[IR_PRED_SUBSTRING] = '~', [IR_PRED_SUBSTRING_CASE] = '?', [IR_PRED_PRESENT] = '+'
	};

	tpc_buf_printf(b, "v%d", pred->value);
	if (pred->kind == IR_PRED_MASK) {
		tpc_buf_printf(b, "&%" PRIx64, pred->mask);
		return;
	}
	if (pred->kind == IR_PRED_NETS) {
		show_nets(pred, b);
		return;
	}
	if (pred->kind != IR_PRED_RANGES)
		tpc_buf_putc(b, sign[pred->kind]);
	else
		tpc_buf_putc(b, '{');
	for (uint32_t i = 0; i < pred->ranges.len; i++) {
		tpc_buf_puts(b, i ? "," : "");
		show_range(&p->values.items[pred->value], &pred->ranges.items[i], b);
	}
	for (uint32_t i = 0; i < pred->texts.len; i++)
		tpc_buf_printf(b, "%s\"%s\"", i ? "," : "", pred->texts.items[i].s);
	if (pred->kind == IR_PRED_RANGES)
		tpc_buf_putc(b, '}');
}

static void show_rule(const struct ir_program *p, const struct ir_rule *r, struct tpc_buf *b)
{
	const struct ir_term *t;

	tpc_vec_foreach (t, &r->terms) {
		tpc_buf_puts(b, t->negated ? "!" : "");
		show_pred(p, &p->preds.items[t->pred], b);
		tpc_buf_putc(b, ' ');
	}
	tpc_vec_foreach (t, &r->return_terms) {
		tpc_buf_puts(b, t->negated ? "return !" : "return ");
		show_pred(p, &p->preds.items[t->pred], b);
		tpc_buf_putc(b, ' ');
	}
	tpc_buf_puts(b, "| ");
}

const char *show_rules(struct tpc_ctx *c, const struct ir_program *p)
{
	struct tpc_buf b = TPC_BUF(c->arena);
	const struct ir_chain *ch;
	const struct ir_rule *r;

	tpc_vec_foreach (ch, &p->chains) {
		tpc_vec_foreach (r, &ch->rules)
			show_rule(p, r, &b);
		tpc_buf_puts(&b, "; ");
	}
	return tpc_buf_text(&b);
}

const char *show_graph(struct tpc_ctx *c, const struct ir_program *p)
{
	struct tpc_buf b = TPC_BUF(c->arena);

	for (uint32_t i = 0; i < p->nodes.len; i++) {
		const struct ir_node *n = &p->nodes.items[i];

		tpc_buf_printf(&b, "%s%" PRIu32 ": ", i ? "; " : "", i);
		if (n->kind == IR_NODE_TEST) {
			show_pred(p, &p->preds.items[n->pred], &b);
			tpc_buf_printf(&b, " %" PRIu32 " %" PRIu32, n->yes, n->no);
		} else if (n->kind == IR_NODE_FIRE) {
			tpc_buf_printf(&b, "fire %d.%d %" PRIu32, n->chain, n->rule, n->yes);
		} else {
			tpc_buf_puts(&b, "done");
		}
	}
	return tpc_buf_text(&b);
}
