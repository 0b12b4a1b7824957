// SPDX-License-Identifier: Apache-2.0
/*
 * Operators of matchArgs and its like, and the types that they apply to: cilium/tetragon, pkg/selectors/kernel.go
 * (parseMatchArg), and more where nothing speaks against it.
 */
#include <string.h>

#include "ir/lower_filters.h"
#include "kernel/kernel.h"

#define OP(what, ...) { .about = ABOUT_##what, __VA_ARGS__ }
#define NOT .negated = true
#define FACET(f) .facet = IR_FACET_##f

static const struct arg_operator operators[TPC_ARG_OPERATOR_MAX] = {
	[TPC_ARG_OPERATOR_EQUAL] = OP(EQUALITY, .text = IR_PRED_EQUAL),
	[TPC_ARG_OPERATOR_NOT_EQUAL] = OP(EQUALITY, .text = IR_PRED_EQUAL, NOT),
	[TPC_ARG_OPERATOR_PREFIX] = OP(TEXT, .text = IR_PRED_PREFIX),
	[TPC_ARG_OPERATOR_NOT_PREFIX] = OP(TEXT, .text = IR_PRED_PREFIX, NOT),
	[TPC_ARG_OPERATOR_POSTFIX] = OP(TEXT, .text = IR_PRED_POSTFIX),
	[TPC_ARG_OPERATOR_NOT_POSTFIX] = OP(TEXT, .text = IR_PRED_POSTFIX, NOT),
	[TPC_ARG_OPERATOR_SUB_STRING] = OP(TEXT, .text = IR_PRED_SUBSTRING),
	[TPC_ARG_OPERATOR_SUB_STRING_IGN_CASE] = OP(TEXT, .text = IR_PRED_SUBSTRING_CASE),
	[TPC_ARG_OPERATOR_GT] = OP(NUMBER),
	[TPC_ARG_OPERATOR_GREATER_THAN] = OP(NUMBER),
	[TPC_ARG_OPERATOR_LT] = OP(NUMBER),
	[TPC_ARG_OPERATOR_LESS_THAN] = OP(NUMBER),
	[TPC_ARG_OPERATOR_MASK] = OP(NUMBER),
	[TPC_ARG_OPERATOR_IN_RANGE] = OP(NUMBER),
	[TPC_ARG_OPERATOR_NOT_IN_RANGE] = OP(NUMBER, NOT),
	[TPC_ARG_OPERATOR_IN_MAP] = OP(NUMBER),
	[TPC_ARG_OPERATOR_NOT_IN_MAP] = OP(NUMBER, NOT),
	[TPC_ARG_OPERATOR_SADDR] = OP(ADDRESS, FACET(SADDR)),
	[TPC_ARG_OPERATOR_NOT_SADDR] = OP(ADDRESS, FACET(SADDR), NOT),
	[TPC_ARG_OPERATOR_DADDR] = OP(ADDRESS, FACET(DADDR)),
	[TPC_ARG_OPERATOR_NOT_DADDR] = OP(ADDRESS, FACET(DADDR), NOT),
	[TPC_ARG_OPERATOR_SPORT] = OP(PORT, FACET(SPORT)),
	[TPC_ARG_OPERATOR_NOT_SPORT] = OP(PORT, FACET(SPORT), NOT),
	[TPC_ARG_OPERATOR_DPORT] = OP(PORT, FACET(DPORT)),
	[TPC_ARG_OPERATOR_NOT_DPORT] = OP(PORT, FACET(DPORT), NOT),
	[TPC_ARG_OPERATOR_SPORT_PRIV] = OP(PRIVATE_PORT, FACET(SPORT)),
	[TPC_ARG_OPERATOR_NOT_SPORT_PRIV] = OP(PRIVATE_PORT, FACET(SPORT), NOT),
	[TPC_ARG_OPERATOR_DPORT_PRIV] = OP(PRIVATE_PORT, FACET(DPORT)),
	[TPC_ARG_OPERATOR_NOT_DPORT_PRIV] = OP(PRIVATE_PORT, FACET(DPORT), NOT),
	[TPC_ARG_OPERATOR_PROTOCOL] = OP(NAME, FACET(PROTOCOL), .names = KERNEL_PROTOCOLS),
	[TPC_ARG_OPERATOR_FAMILY] = OP(NAME, FACET(FAMILY), .names = KERNEL_FAMILIES),
	[TPC_ARG_OPERATOR_STATE] = OP(NAME, FACET(STATE), .names = KERNEL_TCP_STATES),
	[TPC_ARG_OPERATOR_FILE_TYPE] = OP(FILE_TYPE, FACET(FILE_TYPE), .names = KERNEL_FILE_TYPES),
	[TPC_ARG_OPERATOR_NOT_FILE_TYPE] = OP(FILE_TYPE, FACET(FILE_TYPE), .names = KERNEL_FILE_TYPES, NOT),
	[TPC_ARG_OPERATOR_CAPABILITIES_GAINED] = OP(GAINED, FACET(GAINED)),
	[TPC_ARG_OPERATOR_CEL_EXPR] = OP(EXPR),
};

const struct arg_operator *filter_operator(uint16_t word)
{
	return &operators[word];
}

static bool is_text(const struct ir_value *v)
{
	return v->type == IR_STRING || v->type == IR_BYTES || v->type == IR_PATH;
}

/* An address alone has no other end, and no connection's state. */
static bool has_facet(const struct ir_value *v, enum ir_facet f)
{
	if (!strcmp(v->type_name, "sockaddr_un"))
		return f == IR_FACET_FAMILY;
	if (!strcmp(v->type_name, "sockaddr"))
		return f == IR_FACET_SADDR || f == IR_FACET_SPORT || f == IR_FACET_FAMILY;
	return v->type == IR_SOCKET;
}

/*
 * Facets that a type has by its name alone, or with few values: Tetragon takes them and never matches. A packet is read
 * as IP or not at all (cilium/tetragon, bpf/process/types/skb.h), and filter_inet() leaves its state at 0 and out.
 */
static const struct never {
	const char *type;
	enum ir_facet facet;
	uint32_t only[2]; /* values that there are; 0, 0: none */
	const char *why, *mend;
} nevers[] = {
	{ "skb",
	  IR_FACET_STATE,
	  { 0, 0 },
	  "a packet has no state of a connection",
	  "add an argument of type 'sock', and ask that" },
	{ "skb", IR_FACET_FAMILY, { 2, 10 }, "a packet that is read is one of IP", "AF_INET or AF_INET6" },
};

static bool holds_one(const struct ir_pred *pred, const uint32_t only[2])
{
	for (uint32_t i = 0; only[0] && i < pred->ranges.len; i++)
		for (size_t j = 0; j < 2; j++)
			if (pred->ranges.items[i].lo <= only[j] && only[j] <= pred->ranges.items[i].hi)
				return true;
	return false;
}

void filter_warn_never(struct asked *q, const struct ir_value *v, const struct ir_pred *pred)
{
	for (size_t i = 0; i < sizeof(nevers) / sizeof(nevers[0]); i++) {
		const struct never *n = &nevers[i];
		struct tpc_diag *d;

		if (n->facet != q->op->facet || strcmp(n->type, v->type_name) || holds_one(pred, n->only))
			continue;
		d = lower_warning(q->l, n->only[0] ? q->f->values.at : q->f->op.at, TPC_W_SELECTOR_DEAD,
				  "this filter on a '%s' never matches: %s", n->type, n->why);
		lower_hint(q->l, d, "%s", n->mend);
	}
}

bool filter_applies(const struct arg_operator *op, const struct ir_value *v)
{
	if (lower_is_untyped(v))
		return false;
	switch (op->about) {
	case ABOUT_NUMBER:
		return v->type == IR_INT;
	case ABOUT_EQUALITY:
		return v->type == IR_INT || is_text(v);
	case ABOUT_TEXT:
		return is_text(v);
	case ABOUT_FILE_TYPE:
		return v->type == IR_PATH;
	case ABOUT_GAINED:
		return lower_type_of(lower_type_word(v->type_name))->caps;
	case ABOUT_EXPR:
		return true;
	default:
		return has_facet(v, op->facet);
	}
}

/* What an operator is for, where it is for little; NULL: for much. */
static const char *types_of(const struct arg_operator *op)
{
	switch (op->about) {
	case ABOUT_FILE_TYPE:
		return "files: types file and path";
	case ABOUT_GAINED:
		return "sets of capabilities: types cap_effective, cap_permitted, cap_inheritable and kernel_cap_t";
	case ABOUT_ADDRESS:
	case ABOUT_PORT:
	case ABOUT_PRIVATE_PORT:
	case ABOUT_NAME:
		return "sockets and packets: types sock, socket, skb and some to sockaddr";
	default:
		return NULL;
	}
}

static const char *operators_of(uint16_t op, const struct ir_value *v)
{
	if ((op == TPC_ARG_OPERATOR_IN_MAP || op == TPC_ARG_OPERATOR_NOT_IN_MAP) && is_text(v))
		return "Equal and NotEqual take any number of values";
	if (lower_type_of(lower_type_word(v->type_name))->caps)
		return "Equal, NotEqual, Mask, GT, LT or CapabilitiesGained";
	if (v->type == IR_INT)
		return "Equal, NotEqual, GT, LT, Mask, InRange, NotInRange, InMap or NotInMap";
	if (!strcmp(v->type_name, "sockaddr"))
		return "SAddr, SPort, SPortPriv, their negations, or Family";
	if (v->type == IR_SOCKET)
		return "SAddr, DAddr, SPort, DPort, Protocol, Family or State";
	return "Equal, NotEqual, Prefix, NotPrefix, Postfix, NotPostfix or SubString";
}

/* Which argument the filter names, as far as it does. */
static struct tpc_span subject_at(const struct asked *q)
{
	if (q->f->args.len)
		return q->f->args.items[0].at;
	return q->f->index.set ? q->f->index.at : q->f->op.at;
}

/*
 * Tetragon reads the format when it loads the policy, and refuses it when there is none. Here the machine may be
 * another, and what a value means depends on the type: nothing is guessed.
 */
static void say_untyped(struct asked *q, const struct ir_value *v)
{
	bool known = q->l->o.kernel && kernel_has_btf(q->l->o.kernel, NULL);
	struct tpc_diag *d = lower_error(q->l, subject_at(q), TPC_E_NO_BTF,
					 "the type of field %u is not known, so nothing can be compared",
					 v->index);

	lower_hint(q->l, d,
		   known ? "add its 'type:' in 'args'" :
			   "add its 'type:' in 'args', or name the kernel's BTF with --btf");
	tpc_diag_note(&q->l->c->diags, d, v->at,
		      "without 'type:' it is what the tracepoint's format says, and %s",
		      known ? "the kernel's types do not tell it" : "no kernel's types are known");
}

void filter_say_type(struct asked *q, const struct ir_value *v)
{
	struct tpc_diag *d;

	if (lower_is_untyped(v)) {
		say_untyped(q, v);
		return;
	}
	if (v->type == IR_NOP) {
		lower_error(q->l, q->f->op.at, TPC_E_OPERATOR_TYPE,
			    "this argument of type '%s' is not read, so nothing can be compared",
			    v->type_name);
		return;
	}
	if (v->type == IR_SHOWN) {
		d = lower_error(q->l, q->f->op.at, TPC_E_OPERATOR_TYPE,
				"an argument of type '%s' is shown, and no operator applies to it",
				v->type_name);
		lower_hint(q->l, d, "compare a member of it: 'resolve:' in args");
		return;
	}
	d = lower_error(q->l, q->f->op.at, TPC_E_OPERATOR_TYPE, "operator '%s' does not apply to type '%s'",
			q->f->op.s, v->type_name);
	lower_hint(q->l, d, "%s", operators_of(q->f->op.v, v));
	if (types_of(q->op))
		tpc_diag_note(&q->l->c->diags, d, TPC_NOWHERE, "it applies to %s", types_of(q->op));
}
