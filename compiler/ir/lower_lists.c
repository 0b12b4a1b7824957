// SPDX-License-Identifier: Apache-2.0
/*
 * spec.lists, and what refers to them as list:NAME: the calls of a kprobe or an enforcer, and numbers of system
 * calls in InMap. Rules: cilium/tetragon, pkg/sensors/tracing/lists_linux.go and syscall_list.go.
 */
#include <regex.h>
#include <string.h>

#include "base/suggest.h"
#include "ir/lower_impl.h"

#define PREFIX "list:"
#define PREFIX_LEN 5
#define ABI_32 (UINT64_C(1) << 31) /* Is32Bit there */

const struct tpc_value_list *lower_find_list(struct lower *l, const char *s, uint32_t len)
{
	uint32_t nr = lower_index_find(&l->lists, s, len);

	return nr == LOWER_INDEX_NONE ? NULL : &l->policy->spec.lists.items[nr];
}

static bool is_syscalls(const struct tpc_value_list *list)
{
	return list->type.v == TPC_LIST_TYPE_SYSCALLS || list->type.v == TPC_LIST_TYPE_GENERATED_SYSCALLS;
}

static void check_pattern(struct lower *l, const struct tpc_value_list *list)
{
	bool wanted = list->type.v == TPC_LIST_TYPE_GENERATED_FTRACE;
	char why[128];
	regex_t re;
	int r;

	if (wanted && !list->pattern.len) {
		lower_hint(
			l,
			lower_error(l, list->pattern.set ? list->pattern.at : list->type.at, TPC_E_LIST,
				    "a 'generated_ftrace' list without a 'pattern' would be every function"),
			"pattern: '^ksys_'");
		return;
	}
	if (!wanted) {
		if (list->pattern.len)
			lower_warning(l, list->pattern.at, TPC_W_NO_EFFECT,
				      "'pattern' has no effect on a list that is not 'generated_ftrace'");
		return;
	}
	r = regcomp(&re, list->pattern.s, REG_EXTENDED | REG_NOSUB);
	if (!r) {
		regfree(&re);
		return;
	}
	/* Tetragon's regular expressions are Go's (RE2), which know more than POSIX does. */
	if (strstr(list->pattern.s, "(?") || strchr(list->pattern.s, '\\'))
		return;
	regerror(r, &re, why, sizeof(why));
	lower_error(l, list->pattern.at, TPC_E_LIST, "'%s' is no regular expression: %s",
		    lower_show(l, list->pattern.s, list->pattern.len), why);
}

static void check_list(struct lower *l, const struct tpc_value_list *list)
{
	const struct tpc_value_list *first = lower_find_list(l, list->name.s, list->name.len);
	const struct tpc_value *v;
	struct lower_call call;
	struct tpc_diag *d;

	if (first != list && list->name.set) {
		d = lower_error(l, list->name.at, TPC_E_LIST, "a second list with the name '%s'",
				lower_show(l, list->name.s, list->name.len));
		tpc_diag_note(&l->c->diags, d, first->name.at, "the first one");
	}
	check_pattern(l, list);
	if (tpc_list_is_generated(list) && list->values.len)
		lower_error(l, list->values.at, TPC_E_LIST, "a '%s' list has no values of its own",
			    list->type.s);
	if (list->type.v != TPC_LIST_TYPE_SYSCALLS)
		return;
	tpc_vec_foreach (v, &list->values)
		if (v->set)
			lower_syscall_name(l, (struct lower_word){ v->s, v->len, v->at }, &call);
}

void lower_check_lists(struct lower *l)
{
	const struct tpc_value_list *list;

	l->lists = (struct lower_index){ 0 };
	tpc_vec_foreach (list, &l->policy->spec.lists)
		if (list->name.set)
			lower_index_add(l->c->arena, &l->lists, list->name.s,
					(uint32_t)(list - l->policy->spec.lists.items));
	tpc_vec_foreach (list, &l->policy->spec.lists)
		check_list(l, list);
}

static const struct tpc_value_list *find_or_say(struct lower *l, struct lower_word w)
{
	const char *name = w.s + PREFIX_LEN;
	const struct tpc_value_list *list = lower_find_list(l, name, w.len - PREFIX_LEN), *other;
	struct tpc_suggest s = TPC_SUGGEST(name, w.len - PREFIX_LEN);
	struct tpc_diag *d;

	if (list)
		return list;
	d = lower_error(l, w.at, TPC_E_LIST, "there is no list '%s'",
			lower_show(l, name, w.len - PREFIX_LEN));
	tpc_vec_foreach (other, &l->policy->spec.lists)
		tpc_suggest_try(&s, other->name.s);
	if (s.best)
		lower_hint(l, d, "did you mean 'list:%s'?", s.best);
	else
		lower_hint(l, d, "name it in spec.lists");
	return NULL;
}

static bool is_syscall_entry(const char *s)
{
	for (int abi = 0; abi < KERNEL_ABI_MAX; abi++) {
		const char *prefix = kernel_abi_prefix((enum kernel_abi)abi);
		size_t len = strlen(prefix);

		if (!strncmp(s, prefix, len) && !strncmp(s + len, "sys_", 4))
			return true;
	}
	return !strncmp(s, "sys_", 4);
}

/* One value of a list that is of no type: a function, a system call by its entry's name. */
static bool plain_call(struct lower *l, const struct tpc_value *v, struct lower_call *ret)
{
	struct lower_word w = { v->s, v->len, v->at };

	if (is_syscall_entry(v->s) || memchr(v->s, '/', v->len))
		return lower_syscall_name(l, w, ret);
	for (uint32_t i = 0; i < v->len; i++) {
		char ch = v->s[i];
		bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_' || ch == '.';

		if (letter || (i && ch >= '0' && ch <= '9'))
			continue;
		lower_error(l, v->at, TPC_E_NAME, "'%s' is not the name of a kernel function",
			    lower_show(l, v->s, v->len));
		return false;
	}
	*ret = (struct lower_call){ .target = tpc_strndup(l->c->arena, v->s, v->len), .at = v->at };
	if (v->len)
		return true;
	lower_error(l, v->at, TPC_E_NAME, "the name of the function is empty");
	return false;
}

/* The first time it is false. */
static bool has_call(struct lower *l, struct lower_index *seen, const struct lower_call *c)
{
	const char *key = tpc_sprintf(l->c->arena, "%d %d %s", c->syscall, c->abi, c->target);
	uint32_t before = seen->used;

	lower_index_add(l->c->arena, seen, key, 0);
	return seen->used == before;
}

void lower_list_calls(struct lower *l, struct lower_word w, struct lower_calls *ret)
{
	const struct tpc_value_list *list = find_or_say(l, w);
	struct lower_index seen = { 0 };
	const struct tpc_value *v;
	struct lower_call call;

	if (!list)
		return;
	if (tpc_list_is_generated(list)) {
		bool syscalls = list->type.v == TPC_LIST_TYPE_GENERATED_SYSCALLS;

		*tpc_vec_push(l->c->arena, &ret->list) = (struct lower_call){
			.target = syscalls	    ? "*" :
				  list->pattern.len ? list->pattern.s :
						      "?",
			.syscall = syscalls,
			.many = syscalls ? IR_EVERY_SYSCALL : IR_EVERY_MATCH,
			.at = w.at,
		};
		return;
	}
	if (!list->values.len)
		lower_error(l, list->at, TPC_E_LIST, "list '%s' is empty",
			    lower_show(l, list->name.s, list->name.len));
	tpc_vec_foreach (v, &list->values) {
		if (!v->set)
			continue;
		if (is_syscalls(list) ?
			    !lower_syscall_name(l, (struct lower_word){ v->s, v->len, v->at }, &call) :
			    !plain_call(l, v, &call))
			continue;
		if (has_call(l, &seen, &call))
			lower_warning(l, v->at, TPC_W_NO_EFFECT, "'%s' is in the list twice",
				      lower_show(l, v->s, v->len));
		else
			*tpc_vec_push(l->c->arena, &ret->list) = call;
	}
}

static void add_number(struct lower *l, struct ir_pred *pred, enum kernel_abi abi, uint16_t nr)
{
	uint64_t bits = nr | (abi == KERNEL_I386 || abi == KERNEL_ARM32 ? ABI_32 : 0);

	*tpc_vec_push(l->c->arena, &pred->ranges) = (struct ir_range){ bits, bits };
}

bool lower_list_ranges(struct lower *l, struct lower_word w, struct ir_pred *pred)
{
	const struct tpc_value_list *list = find_or_say(l, w);
	const struct tpc_value *v;
	struct lower_call call;

	if (!list)
		return false;
	if (!is_syscalls(list)) {
		lower_hint(l,
			   lower_error(l, w.at, TPC_E_LIST, "list '%s' is not one of system calls",
				       lower_show(l, list->name.s, list->name.len)),
			   "its type must be 'syscalls' or 'generated_syscalls'");
		return false;
	}
	if (tpc_list_is_generated(list)) {
		uint32_t n;
		const struct kernel_syscall *all = kernel_syscalls(KERNEL_X64, &n);

		for (uint32_t i = 0; i < n; i++)
			add_number(l, pred, KERNEL_X64, all[i].nr);
		return true;
	}
	tpc_vec_foreach (v, &list->values) {
		const struct kernel_syscall *sc;

		if (!v->set || !lower_syscall_name(l, (struct lower_word){ v->s, v->len, v->at }, &call))
			return false;
		sc = kernel_syscall_find(call.abi, call.target + 4, (uint32_t)strlen(call.target + 4), NULL);
		if (sc)
			add_number(l, pred, call.abi, sc->nr);
	}
	return true;
}

/* ---- enforcers ---- */
static void add_enforced(struct lower *l, const struct lower_call *c)
{
	if (!c->syscall && c->many == IR_ONE && strncmp(c->target, "security_", 9)) {
		lower_hint(l,
			   lower_error(l, c->at, TPC_E_ENFORCER,
				       "an enforcer cannot act on '%s': its result cannot be replaced",
				       lower_show(l, c->target, (uint32_t)strlen(c->target))),
			   "a system call (sys_NAME) or a security_ function");
		return;
	}
	*tpc_vec_push(l->c->arena, &l->u->enforced) = (struct ir_enforced){
		.policy = l->policy_nr,
		.target = c->target,
		.syscall = c->syscall,
		.abi = c->abi,
		.many = c->many,
		.at = c->at,
	};
}

void lower_enforcers(struct lower *l)
{
	const struct tpc_enforcer *e;
	const struct tpc_text *t;

	tpc_vec_foreach (e, &l->policy->spec.enforcers) {
		if (!e->calls.len && e->calls.at.file)
			lower_error(l, e->calls.at, TPC_E_ENFORCER, "the enforcer has no calls to act on");
		tpc_vec_foreach (t, &e->calls) {
			struct lower_word w = { t->s, t->len, t->at };
			struct tpc_value v = { .s = t->s, .len = t->len, .set = t->set, .at = t->at };
			struct lower_calls calls = { 0 };
			struct lower_call call;

			if (!t->set)
				continue;
			if (!strncmp(t->s, PREFIX, PREFIX_LEN))
				lower_list_calls(l, w, &calls);
			else if (plain_call(l, &v, &call))
				*tpc_vec_push(l->c->arena, &calls.list) = call;
			for (uint32_t i = 0; i < calls.list.len; i++)
				add_enforced(l, &calls.list.items[i]);
		}
	}
}
