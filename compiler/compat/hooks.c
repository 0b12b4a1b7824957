// SPDX-License-Identifier: Apache-2.0
/* The functions of kprobes and fentries: generickprobe.go, pkg/arch. */
#include <stdlib.h>

#include "compat/compat_impl.h"

/* Sorts a name into what Override depends on. */
static void take_call(struct compat_hook *h, const char *name)
{
	if (compat_starts(name, "security_"))
		h->security_call = name;
	else if (!h->syscall)
		h->plain_call = name;
}

static void take_list(struct compat *x, struct compat_hook *h, const struct tpc_value_list *l)
{
	bool syscalls = l->type.v == TPC_LIST_TYPE_SYSCALLS;
	const struct tpc_value *v;
	const char *symbol;

	h->ncalls = l->values.len;
	if (syscalls || l->type.v == TPC_LIST_TYPE_GENERATED_SYSCALLS)
		h->syscall = true;
	tpc_vec_foreach (v, &l->values) {
		if (!compat_spend(x, 1))
			return;
		if (syscalls)
			compat_syscall_symbol(x, v, &symbol);
		else
			take_call(h, v->s);
	}
}

void compat_kprobe(struct compat *x, struct compat_hook *h)
{
	const struct tpc_value_list *l;

	if (!compat_starts(h->name.s, "list:")) {
		take_call(h, h->name.s);
		return;
	}
	l = compat_find_list(x, h->name.s + 5, h->name.at);
	if (l)
		take_list(x, h, l);
}

/* ---- the same function twice ---- */

struct symbol {
	const char *name;
	uint32_t hook;
};

struct symbols {
	TPC_VEC(struct symbol) list;
};

static void add_symbol(struct compat *x, struct symbols *s, const char *name, uint32_t hook)
{
	*tpc_vec_push(x->c->arena, &s->list) = (struct symbol){ name, hook };
}

/* What AddSyscallPrefix() makes of a name. */
static const char *prefixed(struct compat *x, const struct tpc_kprobe *k)
{
	static const char *const prefixes[] = { "__x64_", "__ia32_", "__arm64_" };

	if (!k->syscall.v)
		return k->call.s;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (compat_starts(k->call.s, prefixes[i]))
			return k->call.s;
	return tpc_sprintf(x->c->arena, "__x64_%s", k->call.s);
}

static void add_list(struct compat *x, struct symbols *s, const struct tpc_value_list *l, uint32_t hook)
{
	const struct tpc_value *v;
	const char *symbol;

	tpc_vec_foreach (v, &l->values) {
		if (!compat_spend(x, 1))
			return;
		if (l->type.v != TPC_LIST_TYPE_SYSCALLS)
			add_symbol(x, s, v->s, hook);
		else if (compat_syscall_symbol(x, v, &symbol))
			add_symbol(x, s, symbol, hook);
	}
}

static int by_name(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;
	int d = strcmp(x->name, y->name);

	return d ? d : x->hook < y->hook ? -1 : x->hook > y->hook;
}

static void say_twice(struct compat *x, const struct symbol *first, const struct symbol *second)
{
	const struct tpc_kprobe *kprobes = x->policy->spec.kprobes.items;
	struct tpc_diag *d;

	d = compat_say(
		x, kprobes[second->hook].call.at, TPC_T_HOOK,
		"Tetragon attaches to '%s' once a policy with kprobe.multi, and this is the second time",
		compat_show(x, first->name, (uint32_t)strlen(first->name)));
	compat_hint(x, d, "one kprobe with both's selectors, or the option disable-kprobe-multi: \"true\"");
	if (first->hook != second->hook)
		tpc_diag_note(&x->c->diags, d, kprobes[first->hook].call.at, "the first time");
}

void compat_kprobe_symbols(struct compat *x)
{
	const struct tpc_spec *s = &x->policy->spec;
	struct symbols all = { 0 };

	if (!x->kprobe_multi)
		return;
	for (uint32_t i = 0; i < s->kprobes.len; i++) {
		const struct tpc_kprobe *k = &s->kprobes.items[i];
		const struct tpc_value_list *l;

		if (!compat_spend(x, 1))
			return;
		if (!compat_starts(k->call.s, "list:")) {
			add_symbol(x, &all, prefixed(x, k), i);
			continue;
		}
		l = compat_find_list(x, k->call.s + 5, k->call.at);
		if (l)
			add_list(x, &all, l, i);
	}
	if (all.list.len)
		qsort(all.list.items, all.list.len, sizeof(all.list.items[0]), by_name);
	for (uint32_t i = 1; i < all.list.len; i++)
		if (!strcmp(all.list.items[i - 1].name, all.list.items[i].name))
			say_twice(x, &all.list.items[i - 1], &all.list.items[i]);
}
