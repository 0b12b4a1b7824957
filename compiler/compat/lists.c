// SPDX-License-Identifier: Apache-2.0
/* lists and enforcers: lists_linux.go, syscall_list.go, enforcer.go. The architecture is x86_64. */
#include "base/text.h"
#include "compat/compat_impl.h"

const struct tpc_value_list *compat_find_list(struct compat *x, const char *name, struct tpc_span at)
{
	const struct tpc_value_list *l;

	compat_spend(x, x->policy->spec.lists.len);
	tpc_vec_foreach (l, &x->policy->spec.lists)
		if (compat_is(&l->name, name))
			return l;
	compat_say(x, at, TPC_T_POLICY, "there is no list '%s'",
		   compat_show(x, name, (uint32_t)strlen(name)));
	return NULL;
}

/* ---- values of lists of system calls ---- */

static const struct {
	const char *abi, *prefix;
} abis[] = {
	{ "x64", "__x64_" },
	{ "i386", "__ia32_" },
	{ "arm64", "__arm64_" },
	{ "arm32", "__arm64_" }, /* has the functions of arm64 */
};

#define NABIS (sizeof(abis) / sizeof(abis[0]))

/* The ABI whose prefix a function's name has, NABIS when it has none. */
static size_t prefix_of(const char *name)
{
	for (size_t i = 0; i < NABIS; i++)
		if (compat_starts(name, abis[i].prefix))
			return i;
	return NABIS;
}

static size_t abi_of(const char *s, size_t len)
{
	for (size_t i = 0; i < NABIS; i++)
		if (tpc_text_is(s, (uint32_t)len, abis[i].abi))
			return i;
	return NABIS;
}

/* Whether functions with the prefix of one ABI can be called in another. */
static bool may_have(size_t prefix, size_t abi)
{
	static const bool allowed[NABIS][NABIS] = {
		[0] = { [0] = true, [1] = true }, /* __x64_ */
		[1] = { [1] = true },		  /* __ia32_ */
		[2] = { [2] = true, [3] = true }, /* __arm64_ */
	};

	return prefix == NABIS || allowed[prefix][abi];
}

static bool say_no_syscall(struct compat *x, const struct tpc_value *v)
{
	struct tpc_diag *d = compat_say(x, v->at, TPC_T_VALUE, "Tetragon does not take '%s' as a system call",
					compat_show(x, v->s, v->len));

	compat_hint(x, d, "sys_NAME, or i386/sys_NAME");
	return false;
}

bool compat_syscall_symbol(struct compat *x, const struct tpc_value *v, const char **ret)
{
	const char *slash = strchr(v->s, '/'), *name = slash ? slash + 1 : v->s;
	size_t prefix = prefix_of(name), abi = prefix == NABIS ? 0 : prefix;

	compat_spend(x, 1);
	if (slash)
		abi = abi_of(v->s, (size_t)(slash - v->s));
	if (strchr(name, '/') || abi == NABIS || !may_have(prefix, abi))
		return say_no_syscall(x, v);
	if (prefix != NABIS)
		name += strlen(abis[prefix].prefix);
	if (!compat_starts(name, "sys_"))
		return say_no_syscall(x, v);
	*ret = tpc_sprintf(x->c->arena, "%s%s", abis[abi].prefix, name);
	return true;
}

/* ---- lists ---- */

/* Only kprobes, fentries and enforcers have their lists looked at, and filled in when they are generated. */
static bool are_lists_read(const struct tpc_spec *s)
{
	return s->kprobes.len || s->fentries.len || s->enforcers.len;
}

static void check_list(struct compat *x, const struct tpc_value_list *l)
{
	const struct tpc_value *v;

	tpc_vec_foreach (v, &l->values)
		compat_is_text(x, v);
	if (!tpc_list_is_generated(l) || !are_lists_read(&x->policy->spec))
		return;
	if (l->values.len)
		compat_say(x, l->values.at, TPC_T_POLICY, "Tetragon takes no values in a list of type '%s'",
			   l->type.s);
	if (l->type.v == TPC_LIST_TYPE_GENERATED_FTRACE && !l->pattern.len)
		compat_say(x, l->pattern.set ? l->pattern.at : l->at, TPC_T_POLICY,
			   "Tetragon wants a 'pattern' in a list of type '%s'", l->type.s);
}

void compat_lists(struct compat *x)
{
	const struct tpc_value_list *l;

	tpc_vec_foreach (l, &x->policy->spec.lists)
		check_list(x, l);
}

/* ---- enforcers ---- */

static void check_security(struct compat *x, struct tpc_span at, const char *call)
{
	struct tpc_diag *d;

	if (compat_starts(call, "security_")) {
		if (x->override_return)
			compat_say(x, at, TPC_T_POLICY,
				   "Tetragon cannot override '%s' with the option 'override-method' as it is",
				   call);
		return;
	}
	if (prefix_of(call) != NABIS || compat_starts(call, "sys_"))
		return;
	d = compat_say(x, at, TPC_T_POLICY,
		       "Tetragon's enforcers take system calls and security_ functions, and '%s' is neither",
		       compat_show(x, call, (uint32_t)strlen(call)));
	compat_hint(x, d, "sys_NAME");
}

static void check_enforcer_list(struct compat *x, const struct tpc_value_list *l)
{
	const struct tpc_value *v;
	const char *symbol;

	tpc_vec_foreach (v, &l->values) {
		if (!compat_spend(x, 1))
			return;
		if (l->type.v == TPC_LIST_TYPE_SYSCALLS)
			compat_syscall_symbol(x, v, &symbol);
		else
			check_security(x, v->at, v->s);
	}
}

static void check_enforcer(struct compat *x, const struct tpc_enforcer *e)
{
	const struct tpc_text *call;

	tpc_vec_foreach (call, &e->calls) {
		const struct tpc_value_list *l;

		if (!compat_spend(x, 1))
			return;
		if (!compat_starts(call->s, "list:")) {
			check_security(x, call->at, call->s);
			continue;
		}
		l = compat_find_list(x, call->s + 5, call->at);
		if (l)
			check_enforcer_list(x, l);
	}
}

void compat_enforcers(struct compat *x)
{
	const struct tpc_spec *s = &x->policy->spec;

	if (s->enforcers.len > 1)
		compat_say(x, s->enforcers.items[1].at, TPC_T_LIMIT,
			   "Tetragon takes 1 enforcer a policy, and this has %u", s->enforcers.len);
	if (s->enforcers.len)
		check_enforcer(x, &s->enforcers.items[0]);
}
