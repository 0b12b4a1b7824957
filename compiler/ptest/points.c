// SPDX-License-Identifier: Apache-2.0
/* The values of a predicate one by one, and what they are called. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include "ptest/ptest_impl.h"

#define MASK_BITS_MAX                                                                                        \
	6 /* of a mask with more the bits are not values by themselves: NotIn has all but a few */

static uint64_t nth_bit(uint64_t mask, uint32_t n)
{
	for (; mask; mask &= mask - 1)
		if (!n--)
			return mask & -mask;
	return 0;
}

static bool one_bit(const struct ir_pred *pred, uint32_t i, struct ir_pred *ret)
{
	if (__builtin_popcountll(pred->mask) > MASK_BITS_MAX)
		return i == 0;
	ret->mask = nth_bit(pred->mask, i);
	return ret->mask != 0;
}

static bool one_range(const struct ir_pred *pred, uint32_t i, struct ir_pred *ret)
{
	ret->host = false;
	ret->ranges.len = 0;
	if (i < pred->ranges.len) {
		ret->ranges.items = &pred->ranges.items[i];
		ret->ranges.len = ret->ranges.cap = 1;
		return true;
	}
	ret->host = pred->host && i == pred->ranges.len;
	return ret->host;
}

bool pt_one_value(const struct ir_pred *pred, uint32_t i, struct ir_pred *ret)
{
	*ret = *pred;
	switch (pred->kind) {
	case IR_PRED_RANGES:
	case IR_PRED_NAMESPACE:
		return one_range(pred, i, ret);
	case IR_PRED_MASK:
		return one_bit(pred, i, ret);
	case IR_PRED_NETS:
		ret->nets.items = &pred->nets.items[i];
		ret->nets.len = ret->nets.cap = 1;
		return i < pred->nets.len;
	case IR_PRED_WORKLOAD:
	case IR_PRED_EXPR:
	case IR_PRED_PRESENT:
		return i == 0;
	default:
		ret->texts.items = &pred->texts.items[i];
		ret->texts.len = ret->texts.cap = 1;
		return i < pred->texts.len;
	}
}

/* ---- names ---- */
static void put_number(struct tpc_buf *b, const struct ir_value *v, uint64_t num)
{
	static const int sets[IR_FACET_MAX] = {
		[IR_FACET_FAMILY] = KERNEL_FAMILIES + 1,
		[IR_FACET_PROTOCOL] = KERNEL_PROTOCOLS + 1,
		[IR_FACET_STATE] = KERNEL_TCP_STATES + 1,
		[IR_FACET_FILE_TYPE] = KERNEL_FILE_TYPES + 1,
	};
	int set = v->source == IR_FROM_VALUE && v->facet < IR_FACET_MAX ? sets[v->facet] : 0;
	const char *name = set && num <= UINT32_MAX ?
				   kernel_value_name((enum kernel_names)(set - 1), (uint32_t)num) :
				   NULL;

	if (name)
		tpc_buf_puts(b, name);
	else if (v->is_signed)
		tpc_buf_printf(b, "%" PRId64, (int64_t)num);
	else
		tpc_buf_printf(b, "%" PRIu64, num);
}

static void put_ranges(struct tpc_buf *b, const struct ir_value *v, const struct ir_pred *one)
{
	if (one->host || !one->ranges.len) {
		tpc_buf_puts(b, one->host ? "the host's" : "nothing");
		return;
	}
	for (uint32_t i = 0; i < one->ranges.len && i < 4; i++) {
		const struct ir_range *r = &one->ranges.items[i];

		tpc_buf_puts(b, i ? ", " : "");
		put_number(b, v, r->lo);
		if (r->hi == r->lo)
			continue;
		tpc_buf_putc(b, ':');
		put_number(b, v, r->hi);
	}
	tpc_buf_puts(b, one->ranges.len > 4 ? ", …" : "");
}

static void put_texts(struct tpc_buf *b, const struct ir_pred *one)
{
	for (uint32_t i = 0; i < one->texts.len && i < 4; i++)
		tpc_buf_printf(b, "%s'%s'", i ? ", " : "",
			       pt_shown(b->arena, one->texts.items[i].s, one->texts.items[i].len));
	tpc_buf_puts(b, one->texts.len > 4 ? ", …" : "");
}

static void put_nets(struct tpc_buf *b, const struct ir_pred *one)
{
	char text[INET6_ADDRSTRLEN] = "?";

	for (uint32_t i = 0; i < one->nets.len && i < 4; i++) {
		const struct ir_net *n = &one->nets.items[i];

		inet_ntop(n->len == 4 ? AF_INET : AF_INET6, n->addr, text, sizeof(text));
		tpc_buf_printf(b, "%s%s/%d", i ? ", " : "", text, n->prefix);
	}
	tpc_buf_puts(b, one->nets.len > 4 ? ", …" : "");
}

static const char *verb(enum ir_pred_kind kind)
{
	switch (kind) {
	case IR_PRED_PREFIX:
		return "starts with";
	case IR_PRED_POSTFIX:
		return "ends with";
	case IR_PRED_SUBSTRING:
	case IR_PRED_SUBSTRING_CASE:
		return "contains";
	case IR_PRED_MASK:
		return "has a bit of";
	case IR_PRED_NETS:
		return "is in";
	default:
		return "is";
	}
}

static void put_mask(struct tpc_buf *b, const struct ir_value *v, uint64_t mask)
{
	bool caps = v->source == IR_FROM_CAPS || v->source == IR_FROM_CAP_CHANGES || pt_is_caps(v);
	const char *name = NULL;

	if (mask && !(mask & (mask - 1)))
		name = caps ? kernel_value_name(KERNEL_CAPS, (uint32_t)__builtin_ctzll(mask)) :
		       v->source == IR_FROM_NS_CHANGES ?
			      kernel_value_name(KERNEL_NAMESPACES, (uint32_t)__builtin_ctzll(mask)) :
			      NULL;
	if (name)
		tpc_buf_puts(b, name);
	else
		tpc_buf_printf(b, "0x%" PRIx64, mask);
}

/* "argument 0 (int) is 5"; @one may have several values. */
const char *pt_describe_pred(struct tpc_arena *a, const struct ir_program *p, const struct ir_pred *one,
			     bool negated)
{
	const struct ir_value *v = &p->values.items[one->value];
	struct tpc_buf b = TPC_BUF(a);

	if (one->kind == IR_PRED_EXPR) {
		tpc_buf_printf(&b, "%s%s", negated ? "not " : "",
			       pt_shown(a, one->expr->text, (uint32_t)strlen(one->expr->text)));
		return tpc_buf_text(&b);
	}
	if (one->kind == IR_PRED_PRESENT) {
		tpc_buf_printf(&b, "%s is %s", pt_describe_value(a, p, one->value),
			       negated ? "not there" : "there");
		return tpc_buf_text(&b);
	}
	if (one->kind == IR_PRED_WORKLOAD)
		return negated ? "the workload is none of them" : "the workload is one of them";
	tpc_buf_printf(&b, "%s %s%s ", pt_describe_value(a, p, one->value), negated ? "not: " : "",
		       verb(one->kind));
	if (one->kind == IR_PRED_RANGES || one->kind == IR_PRED_NAMESPACE)
		put_ranges(&b, v, one);
	else if (one->kind == IR_PRED_MASK)
		put_mask(&b, v, one->mask);
	else if (one->kind == IR_PRED_NETS)
		put_nets(&b, one);
	else
		put_texts(&b, one);
	return tpc_buf_text(&b);
}
