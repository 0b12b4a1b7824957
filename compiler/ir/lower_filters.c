// SPDX-License-Identifier: Apache-2.0
/*
 * matchArgs, matchData and matchReturnArgs: which value a filter asks about, and by which predicate. What operators
 * apply to which types: cilium/tetragon, pkg/selectors/kernel.go (parseMatchArg), and more where nothing speaks
 * against it.
 */
#include <inttypes.h>
#include <string.h>

#include "ir/lower_impl.h"

enum about { /* what an operator asks about */
	     ABOUT_NUMBER,
	     ABOUT_EQUALITY, /* of a number or of text */
	     ABOUT_TEXT,
	     ABOUT_ADDRESS,
	     ABOUT_PORT,
	     ABOUT_PRIVATE_PORT,
	     ABOUT_NAME, /* of a facet: family, protocol, state */
	     ABOUT_FILE_TYPE,
	     ABOUT_GAINED,
	     ABOUT_EXPR,
};

struct arg_operator {
	enum about about;
	enum ir_pred_kind text; /* ABOUT_TEXT, ABOUT_EQUALITY */
	enum ir_facet facet;
	bool negated;
	enum kernel_names names;
};

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

/* One filter on its way into a rule. */
struct asked {
	struct lower *l;
	struct ir_rule *r;
	const struct tpc_arg_filter *f;
	const struct arg_operator *op;
	const struct tpc_arg *args; /* the list that positions count in */
	const int32_t *values;
	uint32_t nargs;
	enum { OF_ARGS, OF_DATA, OF_RETURN } of;
};

/* ---- which argument ---- */

/* "there is 0, 1 and 3" as a hint. */
static void hint_indices(struct asked *q, struct tpc_diag *d, bool positions)
{
	const char *list = q->of == OF_DATA ? "data" : "args";
	struct tpc_buf b = TPC_BUF(q->l->c->arena);

	if (!q->nargs) {
		lower_hint(q->l, d, "add it to '%s', of which there are none", list);
		return;
	}
	for (uint32_t i = 0; i < q->nargs && i < LOWER_FIELDS_MAX; i++)
		tpc_buf_printf(&b, "%s%" PRId64, i ? ", " : "", positions ? (int64_t)i : q->args[i].index.v);
	if (positions)
		lower_hint(q->l, d, "positions in '%s' are %s", list, tpc_buf_text(&b));
	else
		lower_hint(q->l, d, "'args' lists %s", tpc_buf_text(&b));
}

static int64_t position_of(struct asked *q, const struct tpc_int *at)
{
	struct tpc_diag *d;

	if (at->v >= 0 && at->v < q->nargs)
		return at->v;
	d = lower_error(q->l, at->at, TPC_E_ARG_INDEX, "position %" PRId64 " is not in '%s'", at->v,
			q->of == OF_DATA ? "data" : "args");
	hint_indices(q, d, true);
	return -1;
}

static int64_t position_from_args(struct asked *q)
{
	uint32_t most = q->op->about == ABOUT_GAINED ? 2 : 1;

	if (q->f->args.len > most) {
		lower_error(q->l, q->f->args.items[most].at, TPC_E_ARG_INDEX, "operator '%s' looks at %s",
			    q->f->op.s, most == 1 ? "one argument" : "two arguments");
		return -1;
	}
	return position_of(q, &q->f->args.items[0]);
}

/*
 * A tracepoint's index that no argument has is a position in args: Tetragon rewrites indices to positions
 * and looks at the result, and published policies rely on it.
 */
static int64_t position_from_index(struct asked *q)
{
	const struct tpc_int *index = &q->f->index;
	struct tpc_diag *d;

	for (uint32_t i = 0; i < q->nargs && i < LOWER_LIST_MAX; i++)
		if (q->args[i].index.v == index->v)
			return i;
	if (q->l->hook->kind == IR_TRACEPOINT && index->v >= 0 && index->v < q->nargs) {
		d = lower_warning(q->l, index->at, TPC_W_ARG_POSITION,
				  "no argument has index %" PRId64 ", so it is taken as a position in 'args'",
				  index->v);
		lower_hint(q->l, d, "index: %" PRId64, q->args[index->v].index.v);
		return index->v;
	}
	d = lower_error(q->l, index->set ? index->at : q->f->op.at, TPC_E_ARG_INDEX,
			"no argument has index %" PRId64, index->v);
	hint_indices(q, d, false);
	return -1;
}

/* There is one return value, whatever the index says. */
static int64_t position_of_return(struct asked *q)
{
	if (q->f->index.set && q->args && q->f->index.v != q->args[0].index.v)
		lower_hint(q->l,
			   lower_warning(q->l, q->f->index.at, TPC_W_ARG_POSITION,
					 "there is one return value, and 'returnArg' has index %" PRId64,
					 q->args[0].index.v),
			   "index: %" PRId64, q->args[0].index.v);
	return 0;
}

static int64_t position(struct asked *q)
{
	if (q->f->args.len)
		return position_from_args(q);
	if (q->of == OF_RETURN)
		return position_of_return(q);
	return q->of == OF_DATA ? position_of(q, &q->f->index) : position_from_index(q);
}

/* ---- values ---- */

/* The range that one value of an ordering operator stands for; none when nothing is above or below it. */
static bool ordering_range(const struct ir_value *v, bool greater, uint64_t num, struct ir_range *ret)
{
	uint64_t min = lower_number_min(v), max = lower_number_max(v);

	if (num == (greater ? max : min))
		return false;
	*ret = greater ? (struct ir_range){ num + 1, max } : (struct ir_range){ min, num - 1 };
	return true;
}

static bool is_range(uint16_t op)
{
	return op == TPC_ARG_OPERATOR_IN_RANGE || op == TPC_ARG_OPERATOR_NOT_IN_RANGE;
}

static bool is_map(uint16_t op)
{
	return op == TPC_ARG_OPERATOR_IN_MAP || op == TPC_ARG_OPERATOR_NOT_IN_MAP;
}

static bool has_octal(const char *s, uint32_t len)
{
	uint32_t sign = len && (s[0] == '-' || s[0] == '+');

	return len > sign + 1 && s[sign] == '0' && s[sign + 1] >= '0' && s[sign + 1] <= '9';
}

/*
 * Tables are filled from decimal numbers there (writeMatchRangesInMap), all else reads a leading 0 as octal. Neither
 * is taken without a word.
 */
static bool check_base(struct asked *q, struct lower_word w)
{
	const char *colon = w.len ? memchr(w.s, ':', w.len) : NULL;
	uint32_t len = colon ? (uint32_t)(colon - w.s) : w.len;

	if (!has_octal(w.s, len) && !(colon && has_octal(colon + 1, w.len - len - 1)))
		return true;
	lower_hint(q->l,
		   lower_error(q->l, w.at, TPC_E_VALUE,
			       "'%s' is octal, and Tetragon reads the numbers of '%s' as decimal",
			       lower_show(q->l, w.s, w.len), q->f->op.s),
		   "write it without the leading 0");
	return false;
}

/* A number, or for sets of capabilities and single ones their names. */
static bool read_number(struct asked *q, const struct ir_value *v, struct lower_word w, uint64_t *ret)
{
	const struct lower_type *t = lower_type_of(lower_type_word(v->type_name));
	uint32_t cap;

	if (t->caps)
		return lower_caps(q->l, w, true, ret);
	if (!t->cap)
		return lower_number(q->l, v, w, ret);
	if (!lower_name(q->l, KERNEL_CAPS, w, true, &cap))
		return false;
	*ret = cap;
	return true;
}

/* Numbers of another ABI have bit 31 set: narrower values would lose it, and with it the entry, without a word. */
static bool add_list(struct asked *q, const struct ir_value *v, struct lower_filter *out, struct lower_word w)
{
	if (v->size == 8)
		return lower_list_ranges(q->l, w, &out->pred);
	lower_hint(q->l,
		   lower_error(q->l, w.at, TPC_E_OPERATOR_TYPE,
			       "a list of system calls is compared with type 'syscall64', not with '%s'",
			       v->type_name),
		   "type: syscall64");
	return false;
}

static bool add_number(struct asked *q, const struct ir_value *v, struct lower_filter *out,
		       struct lower_word w)
{
	uint16_t op = q->f->op.v;
	bool greater = op == TPC_ARG_OPERATOR_GT || op == TPC_ARG_OPERATOR_GREATER_THAN;
	bool less = op == TPC_ARG_OPERATOR_LT || op == TPC_ARG_OPERATOR_LESS_THAN;
	struct ir_range range;
	uint64_t num;

	if (is_map(op) && w.len > 5 && !memcmp(w.s, "list:", 5))
		return add_list(q, v, out, w);
	if (is_map(op) && !check_base(q, w))
		return false;
	if (is_range(op) || (is_map(op) && w.len && memchr(w.s, ':', w.len))) {
		if (!lower_range(q->l, v, w, &range))
			return false;
		*tpc_vec_push(q->l->c->arena, &out->pred.ranges) = range;
		return true;
	}
	if (!read_number(q, v, w, &num))
		return false;
	range = (struct ir_range){ num, num };
	if (op == TPC_ARG_OPERATOR_MASK) /* only the bits of the type: its sign is extended over the others */
		out->pred.mask |= v->size == 8 ? num : num & ((UINT64_C(1) << (v->size * 8)) - 1);
	else if ((!greater && !less) || ordering_range(v, greater, num, &range))
		*tpc_vec_push(q->l->c->arena, &out->pred.ranges) = range;
	return true;
}

static bool add_text(struct asked *q, const struct ir_value *v, struct lower_filter *out, struct lower_word w)
{
	struct ir_text t = { .s = "", .at = w.at };

	/* A string may be empty, and a path may not. */
	if ((w.len || out->pred.kind != IR_PRED_EQUAL || v->type == IR_PATH) &&
	    !lower_text(q->l, out->pred.kind, w, &t))
		return false;
	*tpc_vec_push(q->l->c->arena, &out->pred.texts) = t;
	return true;
}

/* A name; of families, protocols and states also a number or a range of them. */
static bool name_range(struct asked *q, struct lower_word w, struct ir_range *ret)
{
	bool numbers = q->op->about == ABOUT_NAME;
	const char *colon = numbers && w.len ? memchr(w.s, ':', w.len) : NULL;
	struct lower_word lo = w, hi = w;
	uint32_t from = 0, to = 0;

	if (numbers && !check_base(q, w))
		return false;
	if (colon) {
		lo.len = (uint32_t)(colon - w.s);
		hi.s = colon + 1;
		hi.len = w.len - lo.len - 1;
	}
	if (!lower_name(q->l, q->op->names, lo, numbers, &from))
		return false;
	to = from;
	if (colon && !lower_name(q->l, q->op->names, hi, numbers, &to))
		return false;
	*ret = from <= to ? (struct ir_range){ from, to } : (struct ir_range){ to, from };
	return true;
}

static bool add_value(struct asked *q, const struct ir_value *v, struct lower_filter *out,
		      struct lower_word w)
{
	struct ir_range range = { 0, 0 };
	struct ir_net net = { .len = 0 };

	switch (q->op->about) {
	case ABOUT_ADDRESS:
		if (!lower_net(q->l, w, &net))
			return false;
		*tpc_vec_push(q->l->c->arena, &out->pred.nets) = net;
		return true;
	case ABOUT_PORT:
		if (!lower_ports(q->l, w, &range))
			return false;
		break;
	case ABOUT_NAME:
	case ABOUT_FILE_TYPE:
		if (!name_range(q, w, &range))
			return false;
		break;
	default:
		return v->type == IR_INT ? add_number(q, v, out, w) : add_text(q, v, out, w);
	}
	*tpc_vec_push(q->l->c->arena, &out->pred.ranges) = range;
	return true;
}

/* ---- operators and types ---- */

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

static bool applies(const struct arg_operator *op, const struct ir_value *v)
{
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

static const char *operators_of(const struct ir_value *v)
{
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

static void say_operator_type(struct asked *q, const struct ir_value *v)
{
	struct tpc_diag *d;

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
	lower_hint(q->l, d, "%s", operators_of(v));
}

static enum ir_pred_kind pred_kind(struct asked *q, const struct ir_value *v)
{
	if (q->op->about == ABOUT_ADDRESS)
		return IR_PRED_NETS;
	if (q->f->op.v == TPC_ARG_OPERATOR_MASK || q->op->about == ABOUT_GAINED)
		return IR_PRED_MASK;
	return q->op->facet == IR_FACET_NONE && v->type != IR_INT ? q->op->text : IR_PRED_RANGES;
}

/* The value that is asked: the argument, or a facet of it. */
static int32_t asked_value(struct asked *q, int32_t base, int32_t base2)
{
	static const struct {
		uint8_t size;
		const char *name;
	} facets[IR_FACET_MAX] = {
		[IR_FACET_SADDR] = { 0, "address" },	   [IR_FACET_DADDR] = { 0, "address" },
		[IR_FACET_SPORT] = { 2, "port" },	   [IR_FACET_DPORT] = { 2, "port" },
		[IR_FACET_FAMILY] = { 2, "family" },	   [IR_FACET_PROTOCOL] = { 2, "protocol" },
		[IR_FACET_STATE] = { 1, "state" },	   [IR_FACET_FILE_TYPE] = { 4, "file type" },
		[IR_FACET_GAINED] = { 8, "capabilities" },
	};
	enum ir_facet f = q->op->facet;
	struct ir_value v = { .type = facets[f].size ? IR_INT : IR_ADDR,
			      .source = IR_FROM_VALUE,
			      .facet = f,
			      .size = facets[f].size,
			      .size_value = -1,
			      .base = (uint16_t)base,
			      .base2 = (uint16_t)base2,
			      .type_name = facets[f].name,
			      .at = q->f->at };

	return f == IR_FACET_NONE ? base : lower_value(q->l, &v);
}

/* CapabilitiesGained: [old, new], as Tetragon reads them (types/basic.h), whatever its message says. */
static void lower_gained(struct asked *q, int32_t old)
{
	struct lower_filter out = {
		.pred = { .kind = IR_PRED_MASK, .binding = IR_AT_EVENT, .mask = ~UINT64_C(0) }
	};
	int64_t second;
	struct tpc_diag *d;

	if (q->f->args.len != 2) {
		d = lower_error(q->l, q->f->op.at, TPC_E_ARG_INDEX,
				"'CapabilitiesGained' compares two sets, and there is one");
		lower_hint(q->l, d, "args: the position of the old set in 'args', then of the new one");
		return;
	}
	second = position_of(q, &q->f->args.items[1]);
	if (second < 0 || q->values[second] < 0)
		return;
	if (!applies(q->op, &q->l->p->values.items[q->values[second]])) {
		say_operator_type(q, &q->l->p->values.items[q->values[second]]);
		return;
	}
	out.at_return = q->of == OF_RETURN;
	lower_add_filter(q->l, q->r, asked_value(q, q->values[second], old), &out, q->f->at);
}

static void warn_about_values(struct asked *q, const struct ir_value *v)
{
	if (q->op->about == ABOUT_PRIVATE_PORT && q->f->values.len)
		lower_warning(q->l, q->f->values.at, TPC_W_NO_EFFECT, "'%s' takes no values", q->f->op.s);
	if (v->at_return && q->of == OF_ARGS)
		lower_warning(q->l, q->f->op.at, TPC_W_NO_EFFECT,
			      "the argument is read when the function returns, and filters are asked before");
}

static void lower_values(struct asked *q, int32_t base)
{
	const struct ir_value v = q->l->p->values.items[base];
	struct lower_filter out = { .pred = { .kind = pred_kind(q, &v), .binding = IR_AT_EVENT },
				    .negated = q->op->negated,
				    .at_return = q->of == OF_RETURN };
	const struct tpc_value *w;
	bool ok = true;

	warn_about_values(q, &v);
	if (q->op->about == ABOUT_PRIVATE_PORT) {
		*tpc_vec_push(q->l->c->arena, &out.pred.ranges) = (struct ir_range){ 0, 1023 };
		lower_add_filter(q->l, q->r, asked_value(q, base, 0), &out, q->f->at);
		return;
	}
	if (!q->f->values.len) {
		lower_no_values(q->l, q->f->op.at, q->f->op.s);
		return;
	}
	tpc_vec_foreach (w, &q->f->values)
		ok &= w->set && add_value(q, &v, &out, (struct lower_word){ w->s, w->len, w->at });
	if (ok)
		lower_add_filter(q->l, q->r, asked_value(q, base, 0), &out, q->f->at);
}

static void lower_filter_on(struct asked *q)
{
	int64_t at;
	int32_t base;

	/* What the front end could not read it has told; an index that is missing so is not 0. */
	if (!q->f->op.v || (q->l->policy->bad && !q->f->args.len && !q->f->index.set))
		return;
	q->op = &operators[q->f->op.v];
	if (q->op->about == ABOUT_EXPR) {
		lower_cel(q->l, q->r, q->f, q->values, q->nargs, q->of == OF_RETURN);
		return;
	}
	at = position(q);
	base = at < 0 || at >= q->nargs ? -1 : q->values[at];
	if (base < 0)
		return;
	if (!applies(q->op, &q->l->p->values.items[base]))
		say_operator_type(q, &q->l->p->values.items[base]);
	else if (q->op->about == ABOUT_GAINED)
		lower_gained(q, base);
	else
		lower_values(q, base);
}

void lower_arg_filters(struct lower *l, const struct tpc_selector *s, struct ir_rule *r)
{
	const struct lower_hook *h = l->hook;
	struct asked args = { .l = l, .r = r, .args = h->args, .values = l->arg_values, .nargs = h->nargs };
	struct asked data = {
		.l = l, .r = r, .args = h->data, .values = l->data_values, .nargs = h->ndata, .of = OF_DATA
	};
	struct asked ret = {
		.l = l, .r = r, .args = h->return_arg, .values = &l->return_value, .nargs = 1, .of = OF_RETURN
	};

	tpc_vec_foreach (args.f, &s->match_args)
		lower_filter_on(&args);
	tpc_vec_foreach (data.f, &s->match_data)
		lower_filter_on(&data);
	if (h->returns)
		tpc_vec_foreach (ret.f, &s->match_return_args)
			lower_filter_on(&ret);
}
