// SPDX-License-Identifier: Apache-2.0
/*
 * Operand values. Numbers are read as Tetragon reads them (strconv base 0: decimal, 0x, 0o or 0 octal, 0b,
 * with a sign for signed types), but held to the width of the argument's type, which it does not always do.
 */
#include <inttypes.h>
#include <string.h>

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

static int digit_of(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	if (ch >= 'a' && ch <= 'f')
		return ch - 'a' + 10;
	if (ch >= 'A' && ch <= 'F')
		return ch - 'A' + 10;
	return 16;
}

/* The base that a prefix names; @skip: its length. A lone "0" is decimal. */
static int base_of(const char *s, uint32_t len, uint32_t *skip)
{
	*skip = 0;
	if (len < 2 || s[0] != '0')
		return 10;
	*skip = 2;
	switch (s[1]) {
	case 'x':
	case 'X':
		return 16;
	case 'o':
	case 'O':
		return 8;
	case 'b':
	case 'B':
		return 2;
	default:
		*skip = 1;
		return 8;
	}
}

enum number_fault { NUMBER_OK, NUMBER_SYNTAX, NUMBER_OVERFLOW };

static enum number_fault parse_magnitude(const char *s, uint32_t len, uint64_t *ret)
{
	enum number_fault fault = NUMBER_OK;
	uint32_t skip;
	int base = base_of(s, len, &skip);

	if (skip >= len)
		return NUMBER_SYNTAX;
	*ret = 0;
	for (uint32_t i = skip; i < len; i++) {
		int d = digit_of(s[i]);

		if (d >= base)
			return NUMBER_SYNTAX;
		if (__builtin_mul_overflow(*ret, (uint64_t)base, ret) ||
		    __builtin_add_overflow(*ret, (uint64_t)d, ret))
			fault = NUMBER_OVERFLOW; /* go on: "99…9x" is no number at all */
	}
	return fault;
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

static enum number_fault parse_number(const struct ir_value *v, const char *s, uint32_t len, uint64_t *ret)
{
	bool negative = len && s[0] == '-', sign = negative || (len && s[0] == '+');
	enum number_fault fault;

	fault = parse_magnitude(s + sign, len - sign, ret);
	if (fault)
		return fault;
	if (!negative)
		return *ret <= lower_number_max(v) ? NUMBER_OK : NUMBER_OVERFLOW;
	if (*ret > (v->is_signed ? lower_number_max(v) + 1 : 0))
		return NUMBER_OVERFLOW;
	*ret = -*ret;
	return NUMBER_OK;
}

static void say_number_fault(struct lower *l, const struct ir_value *v, struct lower_word w,
			     enum number_fault fault)
{
	const char *shown = lower_show(l, w.s, w.len);
	struct tpc_diag *d;

	if (fault == NUMBER_SYNTAX) {
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

bool lower_number(struct lower *l, const struct ir_value *v, struct lower_word w, uint64_t *ret)
{
	enum number_fault fault = parse_number(v, w.s, w.len, ret);

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
	return ret->s;
}
