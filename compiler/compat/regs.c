// SPDX-License-Identifier: Apache-2.0
/* Paths of resolve, registers and assignments to them: generic.go, pkg/asm, as of x86_64. */
#include "base/text.h"
#include "compat/compat_impl.h"

#define DEPTH_MAX 10

/* ---- resolve ---- */

/*
 * Parts of a path as formatBTFPath() takes it apart: names, and [n]; 0 when it is malformed. Tetragon counts
 * dereferences of pointers too, which only BTF shows, so that the number here is the least it can be.
 */
static uint32_t count_parts(const char *s, uint32_t len)
{
	bool inside = false, any = false;
	uint32_t n = 0;

	for (uint32_t i = 0; i < len; i++) {
		char before = i ? s[i - 1] : 0;

		if (s[i] == ']' ? !inside || before == '[' : (s[i] == '.' || s[i] == '[') && inside)
			return 0;
		if ((s[i] == '.' || s[i] == '[') && before == '.')
			return 0;
		if (s[i] == '.' || s[i] == '[') {
			n += any;
			any = s[i] == '[';
			inside = any;
		} else if (s[i] == ']') {
			n++;
			any = inside = false;
		} else {
			any = true;
		}
	}
	return inside ? 0 : n + any;
}

void compat_resolve(struct compat *x, const struct tpc_arg *a)
{
	uint32_t n;
	struct tpc_diag *d;

	if (!a->resolve.len)
		return;
	n = count_parts(a->resolve.s, a->resolve.len);
	if (!n) {
		d = compat_say(x, a->resolve.at, TPC_T_VALUE, "Tetragon does not take '%s' as a path",
			       compat_show(x, a->resolve.s, a->resolve.len));
		compat_hint(x, d, "for example a.b[1].c");
	} else if (n > DEPTH_MAX) {
		compat_say(x, a->resolve.at, TPC_T_LIMIT,
			   "Tetragon takes %d steps in 'resolve', and this has %u", DEPTH_MAX, n);
	}
}

/* ---- registers ---- */

bool compat_is_register(const char *s, uint32_t len)
{
	static const char *const names[] = {
		"rip",	"eip",	"rax",	"eax",	"ax",	"al",	"rbx",	"ebx",	"bx",	"bl",	"rcx",
		"ecx",	"cx",	"cl",	"rdx",	"edx",	"dx",	"dl",	"rsi",	"esi",	"si",	"sil",
		"rdi",	"edi",	"di",	"dil",	"rbp",	"ebp",	"bp",	"bpl",	"rsp",	"esp",	"sp",
		"spl",	"r8",	"r8d",	"r8w",	"r8b",	"r9",	"r9d",	"r9w",	"r9b",	"r10",	"r10d",
		"r10w", "r10b", "r11",	"r11d", "r11w", "r11b", "r12",	"r12d", "r12w", "r12b", "r13",
		"r13d", "r13w", "r13b", "r14",	"r14d", "r14w", "r14b", "r15",	"r15d", "r15w", "r15b",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (tpc_text_is(s, len, names[i]))
			return true;
	return false;
}

/* ---- argRegs: REG=CONST, REG=%REG, REG=OFF%REG, REG=OFF(%REG) or REG=(%REG) ---- */

static bool is_offset(struct tpc_text t)
{
	uint64_t u;
	int64_t i;

	if (t.len && t.s[0] == '-')
		return !tpc_parse_int(t.s, t.len, 0, 64, &i);
	return !tpc_parse_uint(t.s, t.len, 0, 64, &u);
}

/* What follows '%', with @close up to a ')' that ends the text. */
static bool is_percent_register(struct tpc_text t, bool close)
{
	if (!t.len || t.s[0] != '%')
		return false;
	if (close) {
		if (t.s[t.len - 1] != ')')
			return false;
		t.len--;
	}
	t = compat_trim(t.s + 1, t.len - 1);
	return compat_is_register(t.s, t.len);
}

static bool is_source(struct tpc_text t)
{
	const char *open = memchr(t.s, '(', t.len), *mark = open ? open : memchr(t.s, '%', t.len);
	uint32_t before = mark ? (uint32_t)(mark - t.s) : t.len, skip = open ? 1 : 0;
	struct tpc_text offset = compat_trim(t.s, before);
	struct tpc_text rest =
		compat_trim(t.s + before + (mark ? skip : 0), mark ? t.len - before - skip : 0);

	if (!mark)
		return is_offset(offset);
	if (offset.len && !is_offset(offset))
		return false;
	return is_percent_register(rest, open != NULL);
}

void compat_assignment(struct compat *x, const struct tpc_text *t)
{
	const char *equals = memchr(t->s, '=', t->len);
	uint32_t before = equals ? (uint32_t)(equals - t->s) : 0;
	struct tpc_text target = compat_trim(t->s, before);
	struct tpc_diag *d;

	if (equals && compat_is_register(target.s, target.len) &&
	    is_source(compat_trim(equals + 1, t->len - before - 1)))
		return;
	d = compat_say(x, t->at, TPC_T_VALUE, "Tetragon does not take '%s' as an assignment",
		       compat_show(x, t->s, t->len));
	compat_hint(x, d, "for example rax=1, rax=%%rdi, rax=8%%rsp or rax=8(%%rsp)");
}
