// SPDX-License-Identifier: Apache-2.0
/*
 * Operand values. Numbers are read as Tetragon reads them (strconv base 0: decimal, 0x, 0o or 0 octal, 0b,
 * with a sign for signed types), but held to the width of the argument's type, which it does not always do.
 */
#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "ir/lower_impl.h"

const char *lower_show(struct lower *l, const char *s, uint32_t len)
{
	uint32_t n = len;

	if (n <= LOWER_SHOWN_MAX)
		return tpc_strndup(l->c->arena, s, n);
	for (n = LOWER_SHOWN_MAX; n && ((unsigned char)s[n] & 0xc0) == 0x80; n--)
		;
	return tpc_sprintf(l->c->arena, "%.*s…", (int)n, s);
}

uint64_t lower_number_max(const struct ir_value *v)
{
	uint64_t all = v->size == 8 ? UINT64_MAX : (UINT64_C(1) << (v->size * 8)) - 1;

	return v->is_signed ? all >> 1 : all;
}

uint64_t lower_number_min(const struct ir_value *v)
{
	return v->is_signed ? ~lower_number_max(v) : 0;
}

static enum tpc_number parse_number(const struct ir_value *v, const char *s, uint32_t len, uint64_t *ret)
{
	bool negative = len && s[0] == '-', sign = negative || (len && s[0] == '+');
	enum tpc_number fault;

	fault = tpc_parse_magnitude(s + sign, len - sign, 0, ret);
	if (fault)
		return fault;
	if (!negative)
		return *ret <= lower_number_max(v) ? TPC_NUMBER_OK : TPC_NUMBER_RANGE;
	if (*ret > (v->is_signed ? lower_number_max(v) + 1 : 0))
		return TPC_NUMBER_RANGE;
	*ret = -*ret;
	return TPC_NUMBER_OK;
}

static void say_number_fault(struct lower *l, const struct ir_value *v, struct lower_word w,
			     enum tpc_number fault)
{
	const char *shown = lower_show(l, w.s, w.len);
	struct tpc_diag *d;

	if (fault == TPC_NUMBER_SYNTAX) {
		d = lower_error(l, w.at, TPC_E_VALUE, "'%s' is not a number, which type '%s' asks for", shown,
				v->type_name);
		tpc_diag_hint(&l->c->diags, d, "decimal, 0x hexadecimal or 0 octal");
		return;
	}
	d = lower_error(l, w.at, TPC_E_VALUE, "'%s' does not fit into type '%s'", shown, v->type_name);
	if (v->is_signed)
		tpc_diag_hint(&l->c->diags, d, "%" PRId64 " to %" PRId64, (int64_t)lower_number_min(v),
			      (int64_t)lower_number_max(v));
	else
		tpc_diag_hint(&l->c->diags, d, "0 to %" PRIu64, lower_number_max(v));
}

bool lower_parse_number(const struct ir_value *v, const char *s, uint32_t len, uint64_t *ret)
{
	return parse_number(v, s, len, ret) == TPC_NUMBER_OK;
}

bool lower_number(struct lower *l, const struct ir_value *v, struct lower_word w, uint64_t *ret)
{
	enum tpc_number fault = parse_number(v, w.s, w.len, ret);

	if (fault)
		say_number_fault(l, v, w, fault);
	return !fault;
}

bool lower_range(struct lower *l, const struct ir_value *v, struct lower_word w, struct ir_range *ret)
{
	const char *colon = w.len ? memchr(w.s, ':', w.len) : NULL;
	struct lower_word lo = w, hi = w;
	struct tpc_diag *d;

	if (!colon) {
		d = lower_error(l, w.at, TPC_E_VALUE, "'%s' is not a range", lower_show(l, w.s, w.len));
		tpc_diag_hint(&l->c->diags, d, "min:max");
		return false;
	}
	lo.len = (uint32_t)(colon - w.s);
	hi.s = colon + 1;
	hi.len = w.len - lo.len - 1;
	if (!lower_number(l, v, lo, &ret->lo) || !lower_number(l, v, hi, &ret->hi))
		return false;
	if (v->is_signed ? (int64_t)ret->hi < (int64_t)ret->lo : ret->hi < ret->lo) {
		d = lower_error(l, w.at, TPC_E_VALUE, "range '%s' ends before it begins",
				lower_show(l, w.s, w.len));
		tpc_diag_hint(&l->c->diags, d, "min:max");
		return false;
	}
	return true;
}

/* The front end has dropped NUL bytes at the end and refused others; a text must not hold one in any case. */
bool lower_text(struct lower *l, enum ir_pred_kind kind, struct lower_word w, struct ir_text *ret)
{
	if (!w.len && kind == IR_PRED_EQUAL)
		lower_error(l, w.at, TPC_E_VALUE, "the value is empty");
	else if (!w.len)
		lower_error(l, w.at, TPC_E_VALUE,
			    "the value is empty, and everything begins and ends with that");
	else if (memchr(w.s, 0, w.len))
		lower_error(l, w.at, TPC_E_VALUE,
			    "the value has a NUL byte inside, and text ends at the first one");
	else if (w.len > IR_TEXT_MAX)
		lower_error(l, w.at, TPC_E_LIMIT,
			    "the value has %" PRIu32 " bytes, and at most %d are compared", w.len,
			    IR_TEXT_MAX);
	else
		*ret = (struct ir_text){ .s = tpc_strndup(l->c->arena, w.s, w.len),
					 .len = w.len,
					 .at = w.at };
	return ret->len > 0;
}

void lower_check_line_break(struct lower *l, struct lower_word w)
{
	if (!w.len || w.s[w.len - 1] != '\n')
		return;
	lower_hint(l,
		   lower_warning(l, w.at, TPC_W_SELECTOR_DEAD,
				 "this ends with a line break, as hardly any path does: none is found"),
		   "write it in one line, or '|-' for '|'");
}

void lower_check_path(struct lower *l, enum ir_pred_kind kind, struct lower_word w)
{
	lower_check_line_break(l, w);
	if ((kind != IR_PRED_EQUAL && kind != IR_PRED_PREFIX) || !w.len)
		return;
	/* Patterns are told as such, and placeholders are filled in by others. */
	if (strchr("/*^$%{", w.s[0]))
		return;
	lower_hint(l,
		   lower_warning(l, w.at, TPC_W_SELECTOR_DEAD,
				 "'%s' does not begin with '/', as every path does: none %s",
				 lower_show(l, w.s, w.len), kind == IR_PRED_EQUAL ? "is this" : "begins so"),
		   "write the whole path; operator Postfix takes its end");
}

/* "TCP" for IPPROTO_TCP: the name that it is with the prefix of all of its kind, or NULL. */
static const char *with_prefix(struct lower *l, enum kernel_names set, struct lower_word w)
{
	static const char *const prefixes[KERNEL_NAMES_MAX] = { [KERNEL_CAPS] = "CAP_",
								[KERNEL_FAMILIES] = "AF_",
								[KERNEL_PROTOCOLS] = "IPPROTO_",
								[KERNEL_TCP_STATES] = "TCP_" };
	uint32_t value;
	char *name;

	if (!prefixes[set] || w.len > LOWER_SHOWN_MAX)
		return NULL;
	name = tpc_sprintf(l->c->arena, "%s%.*s", prefixes[set], (int)w.len, w.s);
	for (char *p = name; *p; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	return kernel_name_value(set, name, (uint32_t)strlen(name), &value, NULL) ? name : NULL;
}

/* Of few names all of them: "one of Uts, Ipc, …"; of many none. */
static void hint_names(struct lower *l, enum kernel_names set, struct tpc_diag *d)
{
	struct tpc_buf b = TPC_BUF(l->c->arena);

	if (set != KERNEL_NAMESPACES && set != KERNEL_TCP_STATES)
		return;
	for (uint32_t i = 0; i < 16; i++) {
		const char *name = kernel_value_name(set, i);

		if (name)
			tpc_buf_printf(&b, "%s%s", b.len ? ", " : "", name);
	}
	lower_hint(l, d, "one of %s", tpc_buf_text(&b));
}

bool lower_name(struct lower *l, enum kernel_names set, struct lower_word w, bool numbers, uint32_t *ret)
{
	struct ir_value number = { .type = IR_INT, .size = 2, .type_name = kernel_names_noun(set) };
	const char *near = NULL;
	struct tpc_diag *d;
	uint64_t num;

	if (numbers && w.len && w.s[0] >= '0' && w.s[0] <= '9') {
		if (!lower_number(l, &number, w, &num))
			return false;
		*ret = (uint32_t)num;
		return true;
	}
	if (kernel_name_value(set, w.s, w.len, ret, &near))
		return true;
	d = lower_error(l, w.at, TPC_E_VALUE, "'%s' is not a known %s", lower_show(l, w.s, w.len),
			kernel_names_noun(set));
	if (!near)
		near = with_prefix(l, set, w);
	if (near)
		lower_hint(l, d, "did you mean '%s'?", near);
	else
		hint_names(l, set, d);
	return false;
}

bool lower_caps(struct lower *l, struct lower_word w, bool numbers, uint64_t *ret)
{
	struct ir_value mask = { .type = IR_INT, .size = 8, .type_name = "capability mask" };
	struct lower_word one = w;
	uint32_t cap = 0;

	if (numbers && w.len && w.s[0] >= '0' && w.s[0] <= '9')
		return lower_number(l, &mask, w, ret);
	*ret = 0;
	for (uint32_t from = 0; from <= w.len; from += one.len + 1) {
		const char *comma = numbers && from < w.len ? memchr(w.s + from, ',', w.len - from) : NULL;

		one.s = w.s + from;
		one.len = comma ? (uint32_t)(comma - one.s) : w.len - from;
		if (!lower_name(l, KERNEL_CAPS, one, false, &cap))
			return false;
		*ret |= UINT64_C(1) << (cap & 63);
	}
	return true;
}

/* As Go's strconv.ParseBool() has them. */
bool lower_bool(struct lower *l, struct lower_word w, bool *ret)
{
	static const char *const words[2][6] = { { "0", "f", "F", "FALSE", "false", "False" },
						 { "1", "t", "T", "TRUE", "true", "True" } };

	for (int yes = 0; yes < 2; yes++)
		for (int i = 0; i < 6; i++)
			if (tpc_text_is(w.s, w.len, words[yes][i])) {
				*ret = yes;
				return true;
			}
	lower_hint(l,
		   lower_error(l, w.at, TPC_E_VALUE, "'%s' is neither true nor false",
			       lower_show(l, w.s, w.len)),
		   "'true' or 'false'");
	return false;
}
