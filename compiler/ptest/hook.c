// SPDX-License-Identifier: Apache-2.0
/*
 * Names of hook points: sys_openat, i386/sys_dup, raw_syscalls/sys_enter, /bin/x:main, provider:probe; with the kind
 * and ':' before it where one name is of several kinds.
 */
#include <string.h>

#include "base/suggest.h"
#include "kernel/syscalls.h"
#include "ptest/ptest_impl.h"

#define LISTED_MAX 8 /* names in a hint */

static const char *user_name(struct tpc_arena *a, const struct ir_program *p)
{
	if (p->kind == IR_USDT)
		return tpc_sprintf(a, "%s:%s:%s", p->user->path, p->user->provider ? p->user->provider : "",
				   p->target);
	return tpc_sprintf(a, "%s:%s", p->user->path, p->target);
}

const char *pt_hook_name(struct tpc_arena *a, const struct ir_program *p)
{
	if (p->many == IR_EVERY_SYSCALL)
		return "every";
	if (p->user)
		return user_name(a, p);
	if (p->subsystem && (p->kind == IR_TRACEPOINT || p->kind == IR_RAW_TRACEPOINT))
		return tpc_sprintf(a, "%s/%s", p->subsystem, p->target);
	if (p->syscall && p->abi != KERNEL_X64)
		return tpc_sprintf(a, "%s/%s", kernel_abi_name(p->abi), p->target);
	return p->target;
}

/* "__x64_sys_dup" and "x64/sys_dup" as sys_dup, "__ia32_sys_dup" as i386/sys_dup. */
const char *pt_normal_hook(struct tpc_arena *a, const char *s)
{
	static const enum kernel_abi abis[] = { KERNEL_X64, KERNEL_I386, KERNEL_ARM64 };

	for (size_t i = 0; i < sizeof(abis) / sizeof(abis[0]); i++) {
		const char *prefix = kernel_abi_prefix(abis[i]), *abi = kernel_abi_name(abis[i]);
		size_t len = strlen(prefix), abi_len = strlen(abi);

		if (!strncmp(s, prefix, len) && !strncmp(s + len, "sys_", 4))
			s = abis[i] == KERNEL_X64 ? s + len : tpc_sprintf(a, "%s/%s", abi, s + len);
		if (abis[i] == KERNEL_X64 && !strncmp(s, abi, abi_len) && s[abi_len] == '/')
			s += abi_len + 1;
	}
	return s;
}

bool pt_hook_is(struct tpc_arena *a, const struct ir_program *p, const char *name)
{
	const char *full = pt_hook_name(a, p), *colon = p->user ? strchr(full, ':') : NULL;

	if (!strcmp(full, name) || (p->many == IR_EVERY_SYSCALL && !strncmp(name, "sys_", 4)))
		return true;
	/* Of a place in a program the path may be left out. */
	return p->user && (!strcmp(p->target, name) || (colon && !strcmp(colon + 1, name)));
}

/* A kind's word and ':' at the beginning of the name, or -1. */
static int cut_kind(const char **name)
{
	const char *colon = strchr(*name, ':');

	for (int k = 0; colon && k < IR_HOOK_MAX; k++) {
		const char *word = ir_hook_kind_name((enum ir_hook_kind)k);

		if (strlen(word) != (size_t)(colon - *name) || memcmp(word, *name, strlen(word)))
			continue;
		*name = colon + 1;
		return k;
	}
	return -1;
}

static void say_unknown(struct tpc_ctx *c, const struct ir_unit *u, const struct tpc_text *name)
{
	struct tpc_diag *d = pt_error(c, name->at, TPC_E_CASE, "no policy hooks '%s'",
				      pt_shown(c->arena, name->s, name->len));
	struct tpc_suggest s = TPC_SUGGEST(name->s, name->len);
	struct tpc_buf all = TPC_BUF(c->arena);
	const struct ir_program *p;
	uint32_t n = 0;

	tpc_vec_foreach (p, &u->programs) {
		const char *one = pt_hook_name(c->arena, p);

		tpc_suggest_try(&s, one);
		if (n++ < LISTED_MAX)
			tpc_buf_printf(&all, "%s%s", n > 1 ? ", " : "", one);
	}
	if (s.best)
		pt_hint(c, d, "did you mean '%s'?", s.best);
	else if (n)
		pt_hint(c, d, "%s%s", tpc_buf_text(&all), n > LISTED_MAX ? ", …" : "");
}

static void say_ambiguous(struct tpc_ctx *c, const struct tpc_text *name, const struct ir_program *a,
			  const struct ir_program *b)
{
	struct tpc_diag *d = pt_error(c, name->at, TPC_E_CASE, "'%s' is more than one hook",
				      pt_shown(c->arena, name->s, name->len));

	if (a->kind != b->kind)
		pt_hint(c, d, "%s:%s or %s:%s", ir_hook_kind_name(a->kind), pt_hook_name(c->arena, a),
			ir_hook_kind_name(b->kind), pt_hook_name(c->arena, b));
	else
		pt_hint(c, d, "%s or %s", pt_hook_name(c->arena, a), pt_hook_name(c->arena, b));
}

int64_t pt_find_hook(struct tpc_ctx *c, const struct ir_unit *u, const struct tpc_text *text)
{
	const char *name = text->s;
	int kind = cut_kind(&name);
	int64_t found = -1;

	name = pt_normal_hook(c->arena, name);
	for (uint32_t i = 0; i < u->programs.len; i++) {
		const struct ir_program *p = &u->programs.items[i];

		if ((kind >= 0 && (int)p->kind != kind) || !pt_hook_is(c->arena, p, name))
			continue;
		if (found >= 0) {
			say_ambiguous(c, text, &u->programs.items[found], p);
			return -1;
		}
		found = i;
	}
	if (found < 0)
		say_unknown(c, u, text);
	return found;
}
