// SPDX-License-Identifier: Apache-2.0
/* Operators against types of arguments, and their values: parseMatchArg() of kernel.go and what it calls. */
#include <arpa/inet.h>

#include "compat/compat_impl.h"
#include "frontend/scalar.h"

#define VALUES_MAX 4
#define STRING_MAX 4096
#define PREFIX_MAX 256
#define POSTFIX_MAX 127
#define SUBSTRINGS_MAX 100
#define SUBSTRING_MAX 99

/* ---- text in YAML ---- */

void compat_is_text(struct compat *x, const struct tpc_value *v)
{
	struct tpc_node n = { .kind = TPC_NODE_SCALAR, .quoted = v->quoted, .at = v->at };
	struct tpc_diag *d;
	enum tpc_scalar_kind kind;

	n.s = v->s;
	n.len = v->len;
	if (v->quoted || !v->set)
		return;
	kind = tpc_scalar_resolve(&n).kind;
	if (kind == TPC_SCALAR_TEXT || kind == TPC_SCALAR_NULL)
		return;
	d = compat_say(x, v->at, TPC_T_VALUE, "Tetragon wants text, and '%s' is %s in YAML",
		       compat_show(x, v->s, v->len), kind == TPC_SCALAR_BOOL ? "true or false" : "a number");
	compat_hint(x, d, "\"%s\"", compat_show(x, v->s, v->len));
}

/* ---- faults ---- */

static void say_type(struct compat *x, const struct tpc_arg_filter *f, const struct compat_subject *a)
{
	compat_say(x, f->op.at, TPC_T_TYPE, "Tetragon does not take '%s' on type '%s'", f->op.s,
		   a->type_name);
}

static void say_value(struct compat *x, const struct tpc_value *v, const char *what, enum tpc_number fault)
{
	compat_say(x, v->at, TPC_T_VALUE, "Tetragon does not take '%s' as %s%s", compat_show(x, v->s, v->len),
		   what, fault == TPC_NUMBER_RANGE ? ": it does not fit" : "");
}

static void check_count(struct compat *x, const struct tpc_arg_filter *f, const char *instead)
{
	struct tpc_diag *d;

	if (f->values.len <= VALUES_MAX)
		return;
	d = compat_say(x, f->values.items[VALUES_MAX].at, TPC_T_LIMIT,
		       "Tetragon compares %d values with '%s', and these are %u", VALUES_MAX, f->op.s,
		       f->values.len);
	if (instead)
		compat_hint(x, d, "%s takes any number", instead);
}

static void check_length(struct compat *x, const struct tpc_arg_filter *f, const struct tpc_value *v,
			 uint32_t max)
{
	if (v->len > max)
		compat_say(x, v->at, TPC_T_LIMIT, "Tetragon compares %u bytes with '%s', and this has %u",
			   max, f->op.s, v->len);
}

/* ---- numbers: writeMatchValues() ---- */

static void check_number(struct compat *x, const struct tpc_value *v, const struct compat_subject *a)
{
	enum tpc_number fault = TPC_NUMBER_OK;
	uint64_t u;
	int64_t i;

	switch (a->class) {
	case COMPAT_S32:
		fault = tpc_parse_int(v->s, v->len, 0, 32, &i);
		break;
	case COMPAT_U32:
		fault = tpc_parse_uint(v->s, v->len, 0, 32, &u);
		break;
	case COMPAT_S64:
		fault = tpc_parse_int(v->s, v->len, 0, 64, &i);
		break;
	case COMPAT_U64:
		fault = tpc_parse_uint(v->s, v->len, 0, 64, &u);
		break;
	case COMPAT_CAPS: /* a mask, or names, which tpc knows as well */
		if (v->len && v->s[0] >= '0' && v->s[0] <= '9')
			fault = tpc_parse_uint(v->s, v->len, 0, 64, &u);
		break;
	default:
		break;
	}
	if (fault)
		say_value(x, v, tpc_sprintf(x->c->arena, "a value of type '%s'", a->type_name), fault);
}

static void check_numbers(struct compat *x, const struct tpc_arg_filter *f, const struct compat_subject *a)
{
	bool equal = f->op.v == TPC_ARG_OPERATOR_EQUAL, not_equal = f->op.v == TPC_ARG_OPERATOR_NOT_EQUAL;

	if (!f->values.len)
		return; /* tpc says so */
	if (a->class > COMPAT_U64 && a->class != COMPAT_CAPS) {
		say_type(x, f, a);
		return;
	}
	check_count(x, f, equal ? "InMap" : not_equal ? "NotInMap" : NULL);
	for (uint32_t i = 0; i < f->values.len && i < VALUES_MAX; i++)
		check_number(x, &f->values.items[i], a);
}

/* ---- min:max ---- */

static void check_range(struct compat *x, const struct tpc_value *v, const struct compat_subject *a)
{
	const char *colon = memchr(v->s, ':', v->len);
	uint32_t before = colon ? (uint32_t)(colon - v->s) : 0;
	enum tpc_number lo, hi;
	int64_t min = 0, max = 0;

	if (!colon) {
		say_value(x, v, "a range", TPC_NUMBER_SYNTAX);
		return;
	}
	lo = tpc_parse_int(v->s, before, 0, 64, &min);
	hi = tpc_parse_int(colon + 1, v->len - before - 1, 0, 64, &max);
	if (!lo && !hi && (a->class == COMPAT_S32 || a->class == COMPAT_U32) &&
	    (min > UINT32_MAX || max > UINT32_MAX))
		hi = TPC_NUMBER_RANGE;
	if (lo || hi)
		say_value(x, v, tpc_sprintf(x->c->arena, "a range of type '%s'", a->type_name), lo ? lo : hi);
}

static void check_ranges(struct compat *x, const struct tpc_arg_filter *f, const struct compat_subject *a)
{
	if (!f->values.len)
		return;
	if (a->class > COMPAT_U64) {
		say_type(x, f, a);
		return;
	}
	check_count(x, f, NULL);
	for (uint32_t i = 0; i < f->values.len && i < VALUES_MAX; i++)
		check_range(x, &f->values.items[i], a);
}

/* ---- maps of numbers: writeMatchValuesInMap(), writeRangeInMap() ---- */

static enum tpc_number parse_decimal(const char *s, uint32_t len, bool is_signed)
{
	uint64_t u;
	int64_t i;

	return is_signed ? tpc_parse_int(s, len, 10, 64, &i) : tpc_parse_uint(s, len, 10, 64, &u);
}

/* A decimal number, or two with ':' between. */
static enum tpc_number parse_span(const struct tpc_value *v, bool is_signed)
{
	const char *colon = memchr(v->s, ':', v->len);
	uint32_t before = colon ? (uint32_t)(colon - v->s) : v->len;
	enum tpc_number fault = parse_decimal(v->s, before, is_signed);

	if (fault || !colon)
		return fault;
	return parse_decimal(colon + 1, v->len - before - 1, is_signed);
}

/* lists_linux.go */
static void check_list(struct compat *x, const struct tpc_value *v, const struct compat_subject *a)
{
	const struct tpc_value_list *l;

	if (x->hook->kind != COMPAT_TRACEPOINT) {
		compat_say(x, v->at, TPC_T_VALUE,
			   "Tetragon takes lists as values in tracepoints, not in a %s",
			   compat_noun(x->hook->kind));
		return;
	}
	l = compat_find_list(x, v->s + 5, v->at);
	if (!l)
		return;
	if (l->type.v != TPC_LIST_TYPE_SYSCALLS && l->type.v != TPC_LIST_TYPE_GENERATED_SYSCALLS)
		compat_hint(x,
			    compat_say(x, v->at, TPC_T_VALUE,
				       "Tetragon takes lists of system calls as values, not '%s'",
				       compat_show(x, l->name.s, l->name.len)),
			    "type: syscalls");
	else if (a->class != COMPAT_UNKNOWN && a->type != TPC_ARG_TYPE_SYSCALL64)
		compat_say(x, v->at, TPC_T_TYPE,
			   "Tetragon takes a list of system calls on type 'syscall64', not '%s'",
			   a->type_name);
	else if (l->type.v == TPC_LIST_TYPE_GENERATED_SYSCALLS && !x->policy->spec.enforcers.len)
		compat_say(x, v->at, TPC_T_SILENT,
			   "Tetragon does not fill in generated lists in a tracepoint");
}

static void check_map_values(struct compat *x, const struct tpc_arg_filter *f, const struct compat_subject *a)
{
	bool is_signed = a->class == COMPAT_S32 || a->class == COMPAT_S64;
	const struct tpc_value *v;

	if (f->values.len && a->class > COMPAT_U64) {
		say_type(x, f, a);
		return;
	}
	tpc_vec_foreach (v, &f->values) {
		enum tpc_number fault;

		if (!compat_spend(x, 1))
			return;
		if (compat_starts(v->s, "list:")) {
			check_list(x, v, a);
			continue;
		}
		fault = parse_span(v, is_signed || (a->class == COMPAT_UNKNOWN && v->s[0] == '-'));
		if (fault)
			say_value(x, v, "a decimal number or min:max", fault);
	}
}

/* ---- sockets ---- */

static bool is_destination(uint16_t op)
{
	switch ((enum tpc_arg_operator)op) {
	case TPC_ARG_OPERATOR_DPORT:
	case TPC_ARG_OPERATOR_NOT_DPORT:
	case TPC_ARG_OPERATOR_DPORT_PRIV:
	case TPC_ARG_OPERATOR_NOT_DPORT_PRIV:
	case TPC_ARG_OPERATOR_DADDR:
	case TPC_ARG_OPERATOR_NOT_DADDR:
	case TPC_ARG_OPERATOR_PROTOCOL:
	case TPC_ARG_OPERATOR_STATE:
		return true;
	default:
		return false;
	}
}

static bool check_socket(struct compat *x, const struct tpc_arg_filter *f, const struct compat_subject *a)
{
	bool ok = a->class == COMPAT_UNKNOWN || a->class == COMPAT_SOCK ||
		  (a->class == COMPAT_SOCKADDR && !is_destination(f->op.v)) ||
		  (a->class == COMPAT_SOCKADDR_UN && f->op.v == TPC_ARG_OPERATOR_FAMILY);

	if (!ok)
		say_type(x, f, a);
	return ok;
}

/* Names of protocols, families and states are known to tpc as well. */
static bool is_name(const struct tpc_arg_filter *f, const struct tpc_value *v)
{
	bool named = f->op.v == TPC_ARG_OPERATOR_PROTOCOL || f->op.v == TPC_ARG_OPERATOR_FAMILY ||
		     f->op.v == TPC_ARG_OPERATOR_STATE;

	return named && v->s[0] >= 'A' && v->s[0] <= 'Z';
}

static void check_ports(struct compat *x, const struct tpc_arg_filter *f, const struct compat_subject *a)
{
	const struct tpc_value *v;

	if (!check_socket(x, f, a))
		return;
	tpc_vec_foreach (v, &f->values) {
		enum tpc_number fault;

		if (!compat_spend(x, 1))
			return;
		fault = is_name(f, v) ? TPC_NUMBER_OK : parse_span(v, false);
		if (fault)
			say_value(x, v, "a decimal number or min:max", fault);
	}
}

/* An address, or one with /BITS. */
static bool is_address(const char *s, uint32_t len)
{
	const char *slash = memchr(s, '/', len);
	uint32_t before = slash ? (uint32_t)(slash - s) : len;
	char text[INET6_ADDRSTRLEN + 1] = "";
	unsigned char addr[16];
	uint64_t bits = 0;
	bool v6;

	if (before >= sizeof(text))
		return false;
	memcpy(text, s, before);
	v6 = strchr(text, ':');
	if (inet_pton(v6 ? AF_INET6 : AF_INET, text, addr) != 1)
		return false;
	if (!slash)
		return true;
	if (slash[1] == '0' && len - before > 2)
		return false;
	return !tpc_parse_uint(slash + 1, len - before - 1, 10, 8, &bits) && bits <= (v6 ? 128 : 32);
}

static void check_addresses(struct compat *x, const struct tpc_arg_filter *f, const struct compat_subject *a)
{
	const struct tpc_value *v;

	if (!check_socket(x, f, a))
		return;
	tpc_vec_foreach (v, &f->values) {
		if (!compat_spend(x, 1))
			return;
		if (!is_address(v->s, v->len))
			say_value(x, v, "an address or a network", TPC_NUMBER_SYNTAX);
	}
}

/* ---- text ---- */

static bool is_string(const struct compat_subject *a)
{
	return a->class == COMPAT_STRING || a->class == COMPAT_SOCKADDR_UN;
}

static void check_texts(struct compat *x, const struct tpc_arg_filter *f, uint32_t max)
{
	const struct tpc_value *v;

	tpc_vec_foreach (v, &f->values) {
		if (!compat_spend(x, 1))
			return;
		check_length(x, f, v, max);
	}
}

static void check_postfixes(struct compat *x, const struct tpc_arg_filter *f, const struct compat_subject *a)
{
	const struct tpc_value *v;

	tpc_vec_foreach (v, &f->values) /* selectors.go cuts NUL bytes off what is empty */
		if (!v->len && a->type != TPC_ARG_TYPE_CHAR_BUF && compat_spend(x, 1))
			compat_say(x, v->at, TPC_T_VALUE, "an empty value of '%s' stops Tetragon's agent",
				   f->op.s);
	check_texts(x, f, POSTFIX_MAX);
}

static void check_substrings(struct compat *x, const struct tpc_arg_filter *f, const struct compat_subject *a)
{
	uint32_t max = x->hook->kind == COMPAT_UPROBE ? SUBSTRINGS_MAX : 1; /* string_maps.h has one entry */
	uint32_t before = x->substrings;

	if (a->class != COMPAT_UNKNOWN && !is_string(a))
		return;
	x->substrings += f->values.len;
	if (before <= max && x->substrings > max)
		compat_say(x, f->values.items[max - before].at, TPC_T_LIMIT,
			   "Tetragon has room for %u %s of '%s' in a %s", max, max == 1 ? "value" : "values",
			   f->op.s, compat_noun(x->hook->kind));
	check_texts(x, f, SUBSTRING_MAX);
}

/* ---- the type of a file ---- */

static void check_file_types(struct compat *x, const struct tpc_arg_filter *f, const struct compat_subject *a)
{
	static const char *const known[] = { "sock",  "socket", "lnk", "link", "reg",  "regular", "blk",
					     "block", "dir",	"chr", "char", "fifo", "pipe" };
	size_t n = sizeof(known) / sizeof(known[0]), j;

	if (a->class != COMPAT_UNKNOWN && a->type != TPC_ARG_TYPE_FILE && a->type != TPC_ARG_TYPE_PATH) {
		say_type(x, f, a);
		return;
	}
	check_count(x, f, NULL);
	for (uint32_t i = 0; i < f->values.len && i < VALUES_MAX; i++) {
		for (j = 0; j < n && strcmp(known[j], f->values.items[i].s); j++)
			;
		if (j == n)
			say_value(x, &f->values.items[i], "a type of file", TPC_NUMBER_SYNTAX);
	}
}

void compat_values(struct compat *x, const struct tpc_arg_filter *f, const struct compat_subject *a)
{
	const struct tpc_value *v;

	tpc_vec_foreach (v, &f->values) {
		if (!compat_spend(x, 1))
			return;
		compat_is_text(x, v);
	}
	compat_silent(x, f, a);
	switch ((enum tpc_arg_operator)f->op.v) {
	case TPC_ARG_OPERATOR_NONE:
	case TPC_ARG_OPERATOR_CEL_EXPR:
	case TPC_ARG_OPERATOR_CAPABILITIES_GAINED:
	case TPC_ARG_OPERATOR_MAX:
		break;
	case TPC_ARG_OPERATOR_IN_RANGE:
	case TPC_ARG_OPERATOR_NOT_IN_RANGE:
		check_ranges(x, f, a);
		break;
	case TPC_ARG_OPERATOR_IN_MAP:
	case TPC_ARG_OPERATOR_NOT_IN_MAP:
		check_map_values(x, f, a);
		break;
	case TPC_ARG_OPERATOR_SUB_STRING:
	case TPC_ARG_OPERATOR_SUB_STRING_IGN_CASE:
		check_substrings(x, f, a);
		break;
	case TPC_ARG_OPERATOR_EQUAL:
	case TPC_ARG_OPERATOR_NOT_EQUAL:
		if (is_string(a))
			check_texts(x, f, STRING_MAX);
		else
			check_numbers(x, f, a);
		break;
	case TPC_ARG_OPERATOR_GREATER_THAN:
	case TPC_ARG_OPERATOR_LESS_THAN:
	case TPC_ARG_OPERATOR_GT:
	case TPC_ARG_OPERATOR_LT:
	case TPC_ARG_OPERATOR_MASK:
		check_numbers(x, f, a);
		break;
	case TPC_ARG_OPERATOR_PREFIX:
	case TPC_ARG_OPERATOR_NOT_PREFIX:
		check_texts(x, f, PREFIX_MAX);
		break;
	case TPC_ARG_OPERATOR_POSTFIX:
	case TPC_ARG_OPERATOR_NOT_POSTFIX:
		check_postfixes(x, f, a);
		break;
	case TPC_ARG_OPERATOR_SPORT:
	case TPC_ARG_OPERATOR_NOT_SPORT:
	case TPC_ARG_OPERATOR_DPORT:
	case TPC_ARG_OPERATOR_NOT_DPORT:
	case TPC_ARG_OPERATOR_PROTOCOL:
	case TPC_ARG_OPERATOR_FAMILY:
	case TPC_ARG_OPERATOR_STATE:
		check_ports(x, f, a);
		break;
	case TPC_ARG_OPERATOR_SPORT_PRIV:
	case TPC_ARG_OPERATOR_NOT_SPORT_PRIV:
	case TPC_ARG_OPERATOR_DPORT_PRIV:
	case TPC_ARG_OPERATOR_NOT_DPORT_PRIV:
		check_socket(x, f, a);
		break;
	case TPC_ARG_OPERATOR_SADDR:
	case TPC_ARG_OPERATOR_NOT_SADDR:
	case TPC_ARG_OPERATOR_DADDR:
	case TPC_ARG_OPERATOR_NOT_DADDR:
		check_addresses(x, f, a);
		break;
	case TPC_ARG_OPERATOR_FILE_TYPE:
	case TPC_ARG_OPERATOR_NOT_FILE_TYPE:
		check_file_types(x, f, a);
		break;
	}
}
