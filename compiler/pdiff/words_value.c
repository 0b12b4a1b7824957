// SPDX-License-Identifier: Apache-2.0
/* Values of a hook and what they are compared with, in an operator's words. All text is ASCII. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include "kernel/names.h"
#include "pdiff/impl.h"

static bool is_plain(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
	       (ch && strchr("_./:@+-=*%~$^#!?&[]{}()<>|", ch));
}

/* What holds blanks, commas or what cannot be seen stands in quotes, escaped. */
const char *words_text(struct tpc_arena *a, const char *s, size_t len)
{
	struct tpc_buf b = TPC_BUF(a);
	bool plain = len > 0;

	for (size_t i = 0; i < len && plain; i++)
		plain = is_plain(s[i]);
	if (plain)
		return tpc_strndup(a, s, len);
	tpc_buf_putc(&b, '"');
	for (size_t i = 0; i < len; i++) {
		unsigned char ch = (unsigned char)s[i];

		if (ch == '"' || ch == '\\')
			tpc_buf_printf(&b, "\\%c", ch);
		else if (ch < 0x20 || ch >= 0x7f)
			tpc_buf_printf(&b, "\\x%02x", ch);
		else
			tpc_buf_putc(&b, (char)ch);
	}
	tpc_buf_putc(&b, '"');
	return tpc_buf_text(&b);
}

/* ---- what a value is ---- */

static const char *namespace_name(uint8_t kind)
{
	const char *name = kernel_value_name(KERNEL_NAMESPACES, kind);

	return name ? name : "?";
}

static const char *cap_set_name(uint8_t set)
{
	static const char *const names[IR_CAPS_MAX] = { "permitted", "effective", "inheritable" };

	return set < IR_CAPS_MAX ? names[set] : "?";
}

static const char *facet_name(enum ir_facet f)
{
	static const char *const names[IR_FACET_MAX] = {
		[IR_FACET_SADDR] = "source address",	   [IR_FACET_DADDR] = "destination address",
		[IR_FACET_SPORT] = "source port",	   [IR_FACET_DPORT] = "destination port",
		[IR_FACET_FAMILY] = "address family",	   [IR_FACET_PROTOCOL] = "protocol",
		[IR_FACET_STATE] = "connection state",	   [IR_FACET_FILE_TYPE] = "file type",
		[IR_FACET_GAINED] = "capabilities gained",
	};

	return f < IR_FACET_MAX && names[f] ? names[f] : "?";
}

static void put_process(struct tpc_buf *b, const struct ir_value *v, const char *what, const char *of)
{
	tpc_buf_puts(b, what);
	if (v->descent)
		tpc_buf_printf(b, " of %s or an ancestor", of);
}

static void put_source(struct tpc_buf *b, const struct ir_value *v)
{
	switch (v->source) {
	case IR_FROM_ARG:
		tpc_buf_printf(b, "argument %d", v->index);
		break;
	case IR_FROM_FIELD:
		tpc_buf_printf(b, "field %d", v->index);
		break;
	case IR_FROM_PID:
		put_process(b, v, "process id", "the process");
		break;
	case IR_FROM_NS_PID:
		put_process(b, v, "process id in its namespace", "the process");
		break;
	case IR_FROM_BINARY:
		put_process(b, v, "binary", "the process");
		break;
	case IR_FROM_PARENT_BINARY:
		put_process(b, v, "parent binary", "the parent");
		break;
	case IR_FROM_NAMESPACE:
		tpc_buf_printf(b, "%s namespace", namespace_name(v->index));
		break;
	case IR_FROM_NS_CHANGES:
		tpc_buf_puts(b, "changed namespaces");
		break;
	case IR_FROM_CAPS:
		tpc_buf_printf(b, "%s capabilities", cap_set_name(v->index));
		break;
	case IR_FROM_CAP_CHANGES:
		tpc_buf_printf(b, "changed %s capabilities", cap_set_name(v->index));
		break;
	case IR_FROM_WORKLOAD:
		tpc_buf_puts(b, "workload");
		break;
	case IR_FROM_RETURN:
		tpc_buf_puts(b, "return value");
		break;
	case IR_FROM_TASK:
		tpc_buf_puts(b, "current task");
		break;
	default:
		tpc_buf_printf(b, "register %s", v->reg ? v->reg : "?");
	}
}

static bool is_typed(const struct ir_value *v)
{
	return v->source == IR_FROM_ARG || v->source == IR_FROM_FIELD || v->source == IR_FROM_RETURN ||
	       v->source == IR_FROM_TASK || v->source == IR_FROM_REG;
}

const char *words_value(struct tpc_arena *a, const struct ir_program *p, uint16_t nr)
{
	const struct ir_value *v = &p->values.items[nr];
	struct tpc_buf b = TPC_BUF(a);

	if (v->source == IR_FROM_VALUE && v->facet == IR_FACET_GAINED) {
		tpc_buf_printf(&b, "%s by %s over ", facet_name(v->facet), words_value(a, p, v->base));
		tpc_buf_puts(&b, words_value(a, p, v->base2));
		return tpc_buf_text(&b);
	}
	if (v->source == IR_FROM_VALUE)
		return tpc_sprintf(a, "%s of %s", facet_name(v->facet), words_value(a, p, v->base));
	put_source(&b, v);
	if (v->resolve)
		tpc_buf_printf(&b, " %s", words_text(a, v->resolve->text, strlen(v->resolve->text)));
	if (is_typed(v) && v->type_name)
		tpc_buf_printf(&b, " (%s)", words_text(a, v->type_name, strlen(v->type_name)));
	return tpc_buf_text(&b);
}

/* ---- what it is compared with ---- */

/* The names that numbers of the value have, KERNEL_NAMES_MAX: none. */
static enum kernel_names names_of(const struct ir_value *v)
{
	switch (v->facet) {
	case IR_FACET_FAMILY:
		return KERNEL_FAMILIES;
	case IR_FACET_PROTOCOL:
		return KERNEL_PROTOCOLS;
	case IR_FACET_STATE:
		return KERNEL_TCP_STATES;
	case IR_FACET_FILE_TYPE:
		return KERNEL_FILE_TYPES;
	default:
		return v->type_name && !strcmp(v->type_name, "capability") ? KERNEL_CAPS : KERNEL_NAMES_MAX;
	}
}

static const char *number(struct tpc_arena *a, const struct ir_value *v, uint64_t num)
{
	enum kernel_names set = names_of(v);
	const char *name =
		set != KERNEL_NAMES_MAX && num <= UINT32_MAX ? kernel_value_name(set, (uint32_t)num) : NULL;

	if (name)
		return name;
	return v->is_signed ? tpc_sprintf(a, "%" PRId64, (int64_t)num) : tpc_sprintf(a, "%" PRIu64, num);
}

static const char *range(struct tpc_arena *a, const struct ir_value *v, struct ir_range r)
{
	struct ir_range d = ranges_domain(v);

	if (r.lo == r.hi)
		return number(a, v, r.lo);
	if (r.lo == d.lo && r.hi == d.hi)
		return "any number";
	if (r.hi == d.hi)
		return tpc_sprintf(a, "%s or more", number(a, v, r.lo));
	if (r.lo == d.lo && v->is_signed)
		return tpc_sprintf(a, "%s or less", number(a, v, r.hi));
	return tpc_sprintf(a, "%s to %s", number(a, v, r.lo), number(a, v, r.hi));
}

static bool has_capabilities(const struct ir_value *v)
{
	return v->source == IR_FROM_CAPS || v->source == IR_FROM_CAP_CHANGES || v->facet == IR_FACET_GAINED ||
	       (v->type_name && (!strncmp(v->type_name, "cap_", 4) || !strcmp(v->type_name, "kernel_cap_t")));
}

static const char *bit(struct tpc_arena *a, const struct ir_value *v, uint32_t nr)
{
	const char *name = v->source == IR_FROM_NS_CHANGES ? kernel_value_name(KERNEL_NAMESPACES, nr) :
			   has_capabilities(v)		   ? kernel_value_name(KERNEL_CAPS, nr) :
							     NULL;

	return name ? name : tpc_sprintf(a, "0x%" PRIx64, UINT64_C(1) << nr);
}

static const char *net(struct tpc_arena *a, const struct ir_net *n)
{
	char text[INET6_ADDRSTRLEN];

	if (!inet_ntop(n->len == 4 ? AF_INET : AF_INET6, n->addr, text, sizeof(text)))
		return "?";
	if (n->prefix == n->len * 8)
		return tpc_strdup(a, text);
	return tpc_sprintf(a, "%s/%d", text, n->prefix);
}

/* "v0 < v1, v0 being argument 2 (int), v1 being argument 1 (int)" */
static const char *expr(struct tpc_arena *a, const struct ir_program *p, const struct ir_expr *e)
{
	struct tpc_buf b = TPC_BUF(a);

	tpc_buf_puts(&b, words_text(a, e->text, strlen(e->text)));
	for (uint32_t i = 0; i < e->vars.len; i++)
		tpc_buf_printf(&b, ", v%" PRIu32 " being %s", i, words_value(a, p, e->vars.items[i]));
	return tpc_buf_text(&b);
}

struct words words_of_pred(const struct differ *d, const struct ir_program *p, const struct ir_pred *pred)
{
	const struct ir_value *v = &p->values.items[pred->value];
	struct words w = { .list = { 0 } };

	if (pred->kind == IR_PRED_WORKLOAD)
		*tpc_vec_push(d->arena, &w.list) =
			words_workload(d->arena, &d->u->workloads.items[pred->workload]);
	if (pred->expr)
		*tpc_vec_push(d->arena, &w.list) = expr(d->arena, p, pred->expr);
	if (pred->host)
		*tpc_vec_push(d->arena, &w.list) = "the host's";
	for (uint32_t i = 0; i < pred->ranges.len; i++)
		*tpc_vec_push(d->arena, &w.list) = range(d->arena, v, pred->ranges.items[i]);
	for (uint32_t i = 0; pred->kind == IR_PRED_MASK && i < 64; i++)
		if (pred->mask >> i & 1)
			*tpc_vec_push(d->arena, &w.list) = bit(d->arena, v, i);
	for (uint32_t i = 0; i < pred->nets.len; i++)
		*tpc_vec_push(d->arena, &w.list) = net(d->arena, &pred->nets.items[i]);
	for (uint32_t i = 0; i < pred->texts.len; i++)
		*tpc_vec_push(d->arena, &w.list) =
			words_text(d->arena, pred->texts.items[i].s, pred->texts.items[i].len);
	return w;
}

const char *words_verb(const struct ir_pred *pred, bool negated)
{
	static const char *const verbs[IR_PRED_MAX][2] = {
		[IR_PRED_RANGES] = { "is", "is not" },
		[IR_PRED_MASK] = { "has", "has not" },
		[IR_PRED_EQUAL] = { "is", "is not" },
		[IR_PRED_PREFIX] = { "begins with", "does not begin with" },
		[IR_PRED_POSTFIX] = { "ends with", "does not end with" },
		[IR_PRED_SUBSTRING] = { "contains", "does not contain" },
		[IR_PRED_SUBSTRING_CASE] = { "contains, in any case,", "does not contain, in any case," },
		[IR_PRED_NETS] = { "is in", "is not in" },
		[IR_PRED_NAMESPACE] = { "is", "is not" },
		[IR_PRED_WORKLOAD] = { "is one of", "is none of" },
		[IR_PRED_EXPR] = { "meets", "does not meet" },
		[IR_PRED_PRESENT] = { "has", "has not" },
	};

	return verbs[pred->kind][negated];
}

bool is_presence(const struct ir_program *p, const struct ir_term *t)
{
	return p->preds.items[t->pred].kind == IR_PRED_PRESENT;
}

const char *words_term(const struct differ *d, const struct ir_program *p, const struct ir_term *t)
{
	const struct ir_pred *pred = &p->preds.items[t->pred];
	struct words w = words_of_pred(d, p, pred);

	return tpc_sprintf(d->arena, "%s %s", words_verb(pred, t->negated),
			   w.list.len ? words_list(d->arena, w.list.items, w.list.len) : "nothing");
}
