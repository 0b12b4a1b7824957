// SPDX-License-Identifier: Apache-2.0
/*
 * Tests of addresses as C. A network is a range of numbers: few are compared one by one, many are searched, by halves, so
 * that ten thousand take little more than ten.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "backend/emit.h"
#include "ir/text.h"

#define LEAF_NETS 4    /* compared one by one */
#define INLINE_NETS 16 /* more are a function of their own */

struct nets {
	const struct ir_net **items; /* sorted, none inside another */
	uint32_t n;
};

static int compare(const void *a, const void *b)
{
	return ir_net_compare(*(const struct ir_net *const *)a, *(const struct ir_net *const *)b);
}

/* Those of addresses of @len bytes. A wider one that holds another sorts before it. */
static struct nets gather(struct emit *e, const struct ir_pred *q, uint8_t len)
{
	struct nets all = { .items = tpc_new_array(e->c->arena, const struct ir_net *, q->nets.len + 1) };
	uint32_t kept = 0;

	for (uint32_t i = 0; i < q->nets.len; i++)
		if (q->nets.items[i].len == len)
			all.items[all.n++] = &q->nets.items[i];
	qsort(all.items, all.n, sizeof(*all.items), compare);
	for (uint32_t i = 0; i < all.n; i++)
		if (!kept || !ir_net_inside(all.items[kept - 1], all.items[i]))
			all.items[kept++] = all.items[i];
	all.n = kept;
	return all;
}

/* Bytes @from to @from + @n of the address, as a number. */
static uint64_t word_of(const struct ir_net *net, uint32_t from, uint32_t n)
{
	uint64_t v = 0;

	for (uint32_t i = 0; i < n; i++)
		v = v << 8 | net->addr[from + i];
	return v;
}

/* "a->lo >= 0x0a000000ULL && a->lo <= 0x0affffffULL" of the first @prefix of @bits bits; nothing of none. */
static void emit_word(struct emit *e, const char *word, uint64_t lo, uint32_t prefix, uint32_t bits)
{
	int digits = (int)bits / 4;
	uint64_t free = prefix >= 64 ? 0 : UINT64_MAX >> (64 - bits) >> prefix;

	if (!prefix)
		return;
	if (prefix == bits)
		emit_f(e, "%s == 0x%0*llxULL", word, digits, (unsigned long long)lo);
	else
		emit_f(e, "%s >= 0x%0*llxULL && %s <= 0x%0*llxULL", word, digits, (unsigned long long)lo,
		       word, digits, (unsigned long long)(lo | free));
}

static void emit_net(struct emit *e, const struct ir_net *net, const char *indent)
{
	char text[INET6_ADDRSTRLEN];
	uint32_t high = net->prefix < 64 ? net->prefix : 64;

	emit_f(e, "%sif (", indent);
	if (!net->prefix) {
		emit_f(e, "1");
	} else if (net->len == 4) {
		emit_word(e, "a->lo", word_of(net, 0, 4), net->prefix, 32);
	} else {
		emit_word(e, "a->hi", word_of(net, 0, 8), high, 64);
		if (net->prefix > high) {
			emit_f(e, " && ");
			emit_word(e, "a->lo", word_of(net, 8, 8), net->prefix - 64U, 64);
		}
	}
	if (!inet_ntop(net->len == 4 ? AF_INET : AF_INET6, net->addr, text, sizeof(text)))
		text[0] = '\0';
	emit_f(e, ") /* %s/%u */\n%s\treturn true;\n", text, net->prefix, indent);
}

/* The address lies before @net. */
static void emit_before(struct emit *e, const struct ir_net *net)
{
	uint64_t hi, lo;

	if (net->len == 4) {
		emit_f(e, "a->lo < 0x%08llxULL", (unsigned long long)word_of(net, 0, 4));
		return;
	}
	hi = word_of(net, 0, 8);
	lo = word_of(net, 8, 8);
	emit_f(e, "a->hi < 0x%016llxULL", (unsigned long long)hi);
	if (lo)
		emit_f(e, " || (a->hi == 0x%016llxULL && a->lo < 0x%016llxULL)", (unsigned long long)hi,
		       (unsigned long long)lo);
}

/* Depth is the logarithm of the number of networks. */
static void emit_tree(struct emit *e, const struct nets *all, uint32_t from, uint32_t to, const char *indent)
{
	const char *deeper = tpc_sprintf(e->c->arena, "%s\t", indent);
	uint32_t middle = from + (to - from) / 2;

	if (to - from <= LEAF_NETS) {
		for (uint32_t i = from; i < to; i++)
			emit_net(e, all->items[i], indent);
		return;
	}
	emit_f(e, "%sif (", indent);
	emit_before(e, all->items[middle]);
	emit_f(e, ") {\n");
	emit_tree(e, all, from, middle, deeper);
	emit_f(e, "%s} else {\n", indent);
	emit_tree(e, all, middle, to, deeper);
	emit_f(e, "%s}\n", indent);
}

static void emit_version(struct emit *e, const struct nets *all, unsigned len)
{
	if (!all->n)
		return;
	emit_f(e, "\tif (a->len == %u) {\n", len);
	emit_tree(e, all, 0, all->n, "\t\t");
	emit_f(e, "\t}\n");
}

void emit_nets_test(struct emit *e, const char *name, const struct ir_pred *q)
{
	struct nets ip4 = gather(e, q, 4), ip6 = gather(e, q, 16);

	emit_f(e, "static %s bool %s(const struct tpc_addr *a)\n{\n",
	       ip4.n + ip6.n > INLINE_NETS ? "__noinline" : "__always_inline", name);
	emit_version(e, &ip4, 4);
	emit_version(e, &ip6, 16);
	emit_f(e, "\treturn false;\n}\n\n");
}
