// SPDX-License-Identifier: Apache-2.0
/*
 * What the filters of one program need together: values in maps, 8 inner maps of each kind
 * (bpf/process/string_maps.h, argfilter_maps.h, addr_lpm_maps.h), and the encoding of the selectors, which has
 * 4096 bytes (selectors.go). With kprobe.multi all kprobes of a policy share the maps for text.
 */
#include <inttypes.h>

#include "compat/compat_impl.h"

#define INNER_MAX 8
#define ENCODING_MAX 4096
#define STRING_MAPS 11

void compat_maps_begin(struct compat *x)
{
	bool shared = x->hook->kind == COMPAT_KPROBE ? x->kprobe_multi :
		      x->hook->kind == COMPAT_UPROBE ? x->uprobe_multi :
						       false;

	x->maps = (struct compat_maps){ { 0 } };
	x->substrings = 0;
	if (!shared)
		x->cel = 0;
}

/* ---- inner maps ---- */

/* Which of the maps for whole texts has those of a length. */
static unsigned string_map(uint32_t len)
{
	unsigned class = 6;

	if (len <= 144)
		return len ? (len - 1) / 24 : 0;
	for (uint32_t max = 256; len > max && class < STRING_MAPS - 1; max *= 2)
		class ++;
	return class;
}

static void add_strings(struct compat *x, const struct tpc_arg_filter *f)
{
	bool any[STRING_MAPS] = { false };
	const struct tpc_value *v;

	tpc_vec_foreach (v, &f->values)
		any[string_map(v->len)] = true;
	for (unsigned i = 0; i < STRING_MAPS; i++)
		x->maps.n[COMPAT_MAP_STRING + i] += any[i];
}

static void add_addresses(struct compat *x, const struct tpc_arg_filter *f)
{
	bool v4 = false, v6 = false;
	const struct tpc_value *v;

	tpc_vec_foreach (v, &f->values) {
		v6 |= strchr(v->s, ':') != NULL;
		v4 |= strchr(v->s, ':') == NULL;
	}
	x->maps.n[COMPAT_MAP_ADDR4] += v4;
	x->maps.n[COMPAT_MAP_ADDR6] += v6;
}

void compat_maps_filter(struct compat *x, const struct tpc_arg_filter *f, const struct compat_subject *a)
{
	switch ((enum tpc_arg_operator)f->op.v) {
	case TPC_ARG_OPERATOR_EQUAL:
	case TPC_ARG_OPERATOR_NOT_EQUAL:
		if (a->class == COMPAT_STRING || a->class == COMPAT_SOCKADDR_UN)
			add_strings(x, f);
		break;
	case TPC_ARG_OPERATOR_PREFIX:
	case TPC_ARG_OPERATOR_NOT_PREFIX:
		x->maps.n[COMPAT_MAP_PREFIX]++;
		break;
	case TPC_ARG_OPERATOR_POSTFIX:
	case TPC_ARG_OPERATOR_NOT_POSTFIX:
		x->maps.n[COMPAT_MAP_POSTFIX]++;
		break;
	case TPC_ARG_OPERATOR_SADDR:
	case TPC_ARG_OPERATOR_NOT_SADDR:
	case TPC_ARG_OPERATOR_DADDR:
	case TPC_ARG_OPERATOR_NOT_DADDR:
		add_addresses(x, f);
		break;
	case TPC_ARG_OPERATOR_IN_MAP:
	case TPC_ARG_OPERATOR_NOT_IN_MAP:
	case TPC_ARG_OPERATOR_SPORT:
	case TPC_ARG_OPERATOR_NOT_SPORT:
	case TPC_ARG_OPERATOR_DPORT:
	case TPC_ARG_OPERATOR_NOT_DPORT:
	case TPC_ARG_OPERATOR_PROTOCOL:
	case TPC_ARG_OPERATOR_FAMILY:
	case TPC_ARG_OPERATOR_STATE:
		x->maps.n[COMPAT_MAP_VALUES]++;
		break;
	default:
		break;
	}
}

void compat_maps_binary(struct compat *x, const struct tpc_binary_filter *b)
{
	switch ((enum tpc_binary_operator)b->op.v) {
	case TPC_BINARY_OPERATOR_PREFIX:
	case TPC_BINARY_OPERATOR_NOT_PREFIX:
		x->maps.n[COMPAT_MAP_PREFIX]++;
		break;
	case TPC_BINARY_OPERATOR_POSTFIX:
	case TPC_BINARY_OPERATOR_NOT_POSTFIX:
		x->maps.n[COMPAT_MAP_POSTFIX]++;
		break;
	default:
		break;
	}
}

static const char *map_words(unsigned i)
{
	switch (i) {
	case COMPAT_MAP_VALUES:
		return "with maps of numbers, ports or states";
	case COMPAT_MAP_ADDR4:
		return "of IPv4 addresses";
	case COMPAT_MAP_ADDR6:
		return "of IPv6 addresses";
	case COMPAT_MAP_PREFIX:
		return "with prefixes";
	case COMPAT_MAP_POSTFIX:
		return "with postfixes";
	default:
		return "for whole texts of about one length";
	}
}

void compat_maps_end(struct compat *x, const struct compat_hook *h)
{
	bool multi = h->kind == COMPAT_KPROBE && x->kprobe_multi;

	for (unsigned i = 0; i < COMPAT_MAP_MAX; i++) {
		uint64_t before = 0, n = x->maps.n[i];
		bool shared = multi && i >= COMPAT_MAP_PREFIX;

		if (shared) {
			before = x->shared.n[i];
			n = x->shared.n[i] += n * (h->ncalls ? h->ncalls : 1);
		}
		if (before > INNER_MAX || n <= INNER_MAX)
			continue;
		compat_say(x, h->name.len ? h->name.at : h->at, TPC_T_LIMIT,
			   "Tetragon has room for %d filters %s in %s, and here they become %" PRIu64,
			   INNER_MAX, map_words(i), shared ? "all kprobes of a policy together" : "a hook",
			   n);
	}
}

/* ---- the encoding ---- */

/* Of values as they are written; those in maps and what depends on the argument's type is left out. */
static uint64_t filter_bytes(const struct tpc_arg_filter *f)
{
	uint64_t head = 16, n = f->values.len; /* index, operator, length, type */

	switch ((enum tpc_arg_operator)f->op.v) {
	case TPC_ARG_OPERATOR_SUB_STRING:
	case TPC_ARG_OPERATOR_SUB_STRING_IGN_CASE:
	case TPC_ARG_OPERATOR_GT:
	case TPC_ARG_OPERATOR_LT:
	case TPC_ARG_OPERATOR_GREATER_THAN:
	case TPC_ARG_OPERATOR_LESS_THAN:
	case TPC_ARG_OPERATOR_MASK:
		return head + 4 * n;
	case TPC_ARG_OPERATOR_IN_RANGE:
	case TPC_ARG_OPERATOR_NOT_IN_RANGE:
		return head + 8 * n;
	default:
		return head;
	}
}

/* The least that Tetragon needs, so that what is said of it is true. */
static uint64_t selector_bytes(const struct tpc_selector *s)
{
	uint64_t n = 4 + 4 + 7 * 4 + 5 * 4; /* offset, length, the lengths of parts, five offsets */
	const struct tpc_pid_filter *p;
	const struct tpc_namespace_filter *f;

	tpc_vec_foreach (p, &s->match_pids)
		n += 12 + 4 * (uint64_t)p->values.len;
	tpc_vec_foreach (f, &s->match_namespaces)
		n += 12 + 4 * (uint64_t)f->values.len;
	n += 20 * ((uint64_t)s->match_capabilities.len + s->match_capability_changes.len);
	n += 8 * (uint64_t)s->match_namespace_changes.len;
	for (uint32_t i = 0; i < s->match_args.len && i < 5; i++)
		n += filter_bytes(&s->match_args.items[i]);
	return n + 4 * (uint64_t)s->match_actions.len;
}

void compat_encoding(struct compat *x, const struct compat_selector *s, uint64_t *bytes)
{
	uint64_t before = *bytes;

	*bytes += selector_bytes(&s->s);
	if (before <= ENCODING_MAX && *bytes > ENCODING_MAX)
		compat_say(
			x, s->own->at, TPC_T_LIMIT,
			"Tetragon's agent stops when a hook's selectors need more than %d bytes, and these need %" PRIu64,
			ENCODING_MAX, *bytes);
}
