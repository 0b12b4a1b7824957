// SPDX-License-Identifier: Apache-2.0
/* Is a hook the right place to look, and are its arguments the right ones (TPR1xx)? */
#include "review/filters.h"

#define SAME "the same behaviour" /* a row's reason that adds nothing to what is said here */
#define MEMBERS_MAX 64		  /* of a list of system calls, beyond which all are meant */

/* Rows that policies hook, each once; there are as many as the table has. */
struct row_set {
	TPC_VEC(const struct know_hook *) list;
};
struct rv_seen {
	struct row_set any, enforced, abi32;
};

static bool has(const struct row_set *s, const struct know_hook *row)
{
	const struct know_hook *const *x;

	tpc_vec_foreach (x, &s->list)
		if (*x == row)
			return true;
	return false;
}

static void add(struct rv *r, struct row_set *s, const struct know_hook *row)
{
	if (row && !has(s, row))
		*tpc_vec_push(r->arena, &s->list) = row;
}

static const struct know_hook *row_of_call(struct rv *r, const char *call)
{
	return know_hook_find(r->ret->known, KNOW_SYSCALL, call, NULL);
}

/* Members of lists count where the list stands: who has one uses it. */
static void see_list(struct rv *r, struct rv_seen *s, const struct rv_policy *p,
		     const struct tpc_value_list *l)
{
	const struct tpc_value *v;

	if (l->type.v != TPC_LIST_TYPE_SYSCALLS)
		return;
	tpc_vec_foreach (v, &l->values) {
		bool abi32 = !strncmp(v->s, "i386/", 5);
		const struct know_hook *row = row_of_call(r, abi32 ? v->s + 5 : v->s);

		add(r, abi32 ? &s->abi32 : &s->any, row);
		if (!abi32 && rv_enforces(p, p->acts))
			add(r, &s->enforced, row);
	}
}

static const struct rv_seen *seen(struct rv *r)
{
	struct rv_policy *const *p;
	struct rv_seen *s;

	if (r->seen)
		return r->seen;
	s = tpc_new(r->arena, struct rv_seen);
	*s = (struct rv_seen){ 0 };
	tpc_vec_foreach (p, &r->ret->policies) {
		const struct tpc_value_list *l;
		struct rv_hook *const *h;

		tpc_vec_foreach (h, &(*p)->hooks) {
			add(r, &s->any, (*h)->row);
			if (rv_enforces(*p, (*h)->acts))
				add(r, &s->enforced, (*h)->row);
		}
		tpc_vec_foreach (l, &(*p)->p->spec.lists)
			see_list(r, s, *p, l);
	}
	r->seen = s;
	return s;
}

static const char *link_name(const struct know_link *l)
{
	return l->hook.set ? l->hook.s : l->other.s;
}

/* ---- TPR101: what another thread may change before the kernel uses it ---- */

static bool is_decided_better(struct rv *r, const struct know_hook *row)
{
	return row->better && row->better->row && has(&seen(r)->enforced, row->better->row);
}

static void user_memory(struct rv *r, const struct rv_rule *u)
{
	const struct know_hook *row = u->hook->row;
	const struct tpc_arg_filter *f;
	const struct know_toctou *t;

	if (!row || !u->whole || !rv_enforces(u->hook->policy, u->acts) || is_decided_better(r, row))
		return;
	tpc_vec_foreach (f, &u->whole->match_args) {
		const struct tpc_arg *a = rv_filter_arg(u->hook, f, NULL);

		tpc_vec_foreach (t, &row->toctou)
			if (a && a->index.v == t->index.v && !a->resolve.set) {
				struct rv_finding *x =
					rv_say(r, f->at, "argument %d of %s lies in user memory: %s",
					       (int)t->index.v, rv_hook_words(r->arena, u->hook), t->why.s);
				if (row->better)
					rv_mend(r, x, "decide at %s: %s", link_name(row->better),
						row->better->why.s);
			}
	}
}

/* ---- TPR102, TPR104, TPR113: other ways to the same ---- */

enum { WAY_NONE, WAY_NOTE, WAY_CHANGE, WAY_OPEN };

/* Reading and writing of all rules: one that asks for no access, or for another, asks for any. */
static enum rv_access access_of_hook(const struct rv_hook *h)
{
	struct rv_rule *const *u;
	enum rv_access ret = RV_ACCESS_READ;

	tpc_vec_foreach (u, &h->rules) {
		enum rv_access a = rv_access_of(*u);

		if (a == RV_ACCESS_WRITE)
			return a;
		if (a == RV_ACCESS_ANY)
			ret = a;
	}
	return ret;
}

/* How much it matters that nothing looks at @l. */
static int weigh(struct rv *r, const struct rv_hook *h, const struct know_hook *row,
		 const struct know_link *l)
{
	bool enforces = rv_enforces(h->policy, h->acts);
	const struct row_set *covered = enforces ? &seen(r)->enforced : &seen(r)->any;
	enum rv_access access = access_of_hook(h);
	uint32_t oldest, newest;

	rv_kernels(r, &oldest, &newest);
	if (row->better && row->better->row && has(covered, row->better->row))
		return WAY_NONE;
	if (l->row) {
		const struct know_link *b = l->row->better;

		if (has(covered, l->row) || (b && b->row && has(covered, b->row)))
			return WAY_NONE;
		if (newest && rv_version(l->row->since.s) > newest)
			return WAY_NONE;
	}
	if (l->writes.v && access == RV_ACCESS_READ)
		return WAY_NONE;
	if (!enforces || l->partly.v)
		return WAY_NOTE;
	if (l->writes.v)
		return access == RV_ACCESS_WRITE ? WAY_CHANGE : WAY_NOTE;
	return WAY_OPEN;
}

struct ways {
	struct tpc_buf text;
	uint32_t n;
	TPC_VEC(const struct know_link *) links;
	const struct know_link *better;
};

static bool is_told(const struct ways *w, const struct know_link *l)
{
	const struct know_link *const *x;

	tpc_vec_foreach (x, &w->links)
		if (!strcmp(link_name(*x), link_name(l)))
			return true;
	return false;
}

static void add_ways(struct rv *r, struct ways *w, const struct rv_hook *h, const struct know_hook *row,
		     int weight)
{
	const struct know_link *l;

	if (!row)
		return;
	tpc_vec_foreach (l, &row->siblings) {
		if (weigh(r, h, row, l) != weight || is_told(w, l))
			continue;
		*tpc_vec_push(r->arena, &w->links) = l;
		tpc_buf_printf(&w->text, "%s%s", w->n ? ", " : "", link_name(l));
		if (strcmp(l->why.s, SAME) != 0)
			tpc_buf_printf(&w->text, " (%s)", l->why.s);
		w->n++;
		if (row->better && !w->better)
			w->better = row->better;
	}
}

/* Hostile policies name one long list in many hooks: past the budget of macros they are not looked into. */
static bool spend(struct rv *r, uint64_t n)
{
	if (r->macro_budget < n)
		return false;
	r->macro_budget -= n;
	return true;
}

/* The list that @h takes its calls from, NULL: it names one itself. */
static const struct tpc_value_list *list_of(struct rv *r, const struct rv_hook *h)
{
	const struct tpc_value_list *l;

	if (!h->kprobe || strncmp(h->name.s, "list:", 5) != 0 || !spend(r, h->policy->p->spec.lists.len))
		return NULL;
	tpc_vec_foreach (l, &h->policy->p->spec.lists)
		if (rv_is(&l->name, h->name.s + 5) && l->type.v == TPC_LIST_TYPE_SYSCALLS &&
		    l->values.len <= MEMBERS_MAX && spend(r, MEMBERS_MAX))
			return l;
	return NULL;
}

static void say_ways(struct rv *r, const struct rv_hook *h, int weight)
{
	const struct tpc_value_list *list = list_of(r, h);
	struct ways w = { .text = TPC_BUF(r->arena) };
	const struct tpc_value *v;
	struct rv_finding *x;

	add_ways(r, &w, h, h->row, weight);
	if (list)
		tpc_vec_foreach (v, &list->values)
			add_ways(r, &w, h, row_of_call(r, v->s), weight);
	if (!w.n)
		return;
	x = rv_say(r, h->name.at, "the same can be done without %s: %s", rv_hook_words(r->arena, h),
		   tpc_buf_text(&w.text));
	if (w.better)
		rv_mend(r, x, "hook %s instead: %s", link_name(w.better), w.better->why.s);
	else
		rv_mend(r, x, "hook %s too", w.n == 1 ? link_name(w.links.items[0]) : "them");
}

static void siblings(struct rv *r, const struct rv_hook *h)
{
	say_ways(r, h, WAY_OPEN);
}

static void changed_unopened(struct rv *r, const struct rv_hook *h)
{
	say_ways(r, h, WAY_CHANGE);
}

static void siblings_seen(struct rv *r, const struct rv_hook *h)
{
	say_ways(r, h, WAY_NOTE);
}

/* ---- TPR105: the same call of 32-bit programs ---- */

static bool lacks_abi32(struct rv *r, const struct know_hook *row)
{
	return row && row->kind == KNOW_SYSCALL && know_hook_has_abi32(row) && !has(&seen(r)->abi32, row) &&
	       !is_decided_better(r, row);
}

static void abi32(struct rv *r, const struct rv_hook *h)
{
	const struct tpc_value_list *list = list_of(r, h);
	const struct know_hook *row = h->row;
	const char *call = h->target;
	const struct tpc_value *v;
	struct rv_finding *x;

	if (!rv_enforces(h->policy, h->acts))
		return;
	if (list)
		tpc_vec_foreach (v, &list->values)
			if (!lacks_abi32(r, row) && strncmp(v->s, "i386/", 5) != 0) {
				row = row_of_call(r, v->s);
				call = v->s;
			}
	if (!lacks_abi32(r, row))
		return;
	x = rv_say(r, h->name.at, "a 32-bit program calls %s through another entry, which is not hooked",
		   call);
	if (row->better)
		rv_mend(r, x,
			"hook %s, where both arrive, or a list of type syscalls with '%s' and 'i386/%s'",
			link_name(row->better), call, call);
	else
		rv_mend(r, x, "hook a list of type syscalls with '%s' and 'i386/%s'", call, call);
}

/* ---- TPR106, TPR107, TPR108: what an action can do here ---- */

static void hits_another(struct rv *r, const struct rv_rule *u)
{
	const struct know_hook *row = u->hook->row;
	struct rv_finding *x;

	if (!row || row->context.v != KNOW_CONTEXT_ANY || !rv_enforces(u->hook->policy, u->acts) ||
	    !(u->acts & (RV_ACT_KILL | RV_ACT_SIGNAL)))
		return;
	x = rv_say(r, u->at,
		   "%s also runs in interrupts and kernel threads: the signal hits whoever is there",
		   rv_hook_words(r->arena, u->hook));
	if (row->better)
		rv_mend(r, x, "enforce at %s: %s; only post here", link_name(row->better),
			row->better->why.s);
	else
		rv_mend(r, x, "only post here");
}

static void cannot_refuse(struct rv *r, const struct rv_rule *u)
{
	const struct know_hook *row = u->hook->row;

	/* with enforcers it is their call that refuses */
	if (!row || row->kind != KNOW_TRACEPOINT || row->context.v == KNOW_CONTEXT_ANY || !row->better ||
	    u->hook->policy->p->spec.enforcers.len || !rv_enforces(u->hook->policy, u->acts) ||
	    is_decided_better(r, row))
		return;
	rv_mend(r,
		rv_say(r, u->at,
		       "%s reports and cannot refuse: what it reports has begun when the signal comes",
		       rv_hook_words(r->arena, u->hook)),
		"enforce at %s: %s", link_name(row->better), row->better->why.s);
}

/* Of a filter on a folder's files: they may not be there yet. */
static bool takes_new_files(const struct rv_rule *u)
{
	const struct tpc_arg_filter *f;

	if (!u->whole || rv_access_of(u) != RV_ACCESS_WRITE)
		return false;
	tpc_vec_foreach (f, &u->whole->match_args) {
		const struct tpc_arg *a = rv_filter_arg(u->hook, f, NULL);

		if (a && rv_is_path(a) && !a->resolve.set && f->op.v != TPC_ARG_OPERATOR_EQUAL)
			return true;
	}
	return false;
}

static void created_before(struct rv *r, const struct rv_rule *u)
{
	static const char *const makers[] = { "lsm:inode_create", "lsm:path_mknod" };
	const struct know_hook *row = u->hook->row;

	if (!row || strcmp(row->id.s, "lsm:file_open") != 0 || !(u->acts & RV_ACT_OVERRIDE) ||
	    !rv_enforces(u->hook->policy, u->acts) || !takes_new_files(u))
		return;
	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
		if (has(&seen(r)->enforced, know_hook_by_id(r->ret->known, makers[i], NULL)))
			return;
	rv_mend(r,
		rv_say(r, u->at, "a file that an open creates is there before %s refuses, and stays empty",
		       rv_hook_words(r->arena, u->hook)),
		"refuse at lsm:path_mknod too");
}

/* ---- TPR103: every event of a hot hook ---- */

static bool has_rate_limit(const struct rv_rule *u)
{
	const struct tpc_action *a;

	if (u->whole)
		tpc_vec_foreach (a, &u->whole->match_actions)
			if (a->rate_limit.set)
				return true;
	return false;
}

/* A silent selector before it that takes all but a few leaves those few. */
static bool is_left_little(const struct rv_rule *u)
{
	for (uint32_t i = 0; i < u->nr && i < u->hook->rules.len && i < MEMBERS_MAX; i++) {
		const struct rv_rule *before = u->hook->rules.items[i];

		if (before->no_post && !rv_is_narrow(before))
			return true;
	}
	return false;
}

static void hot_without_filter(struct rv *r, const struct rv_rule *u)
{
	const struct know_hook *row = u->hook->row;

	if (!row || row->rate.v != KNOW_HOT || !(u->acts & RV_ACT_POST) || has_rate_limit(u))
		return;
	if (rv_is_narrow(u) || is_left_little(u))
		return;
	rv_mend(r,
		rv_say(r, u->at, "%s call of %s is an event: %s", u->whole ? "nearly every" : "every",
		       rv_hook_words(r->arena, u->hook), row->rate_why.s),
		"filter on the arguments or programs that are meant");
}

/* ---- TPR109: who calls, and what is called ---- */

static bool ends(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n >= k && !strcmp(s + n - k, end);
}

static bool lists(const struct tpc_arg_filter *f, const char *word)
{
	const struct tpc_value *v;

	tpc_vec_foreach (v, &f->values)
		if (!strcmp(v->s, word))
			return true;
	return false;
}

/* A shell, as the threats that look for shells list them: "/sh", "/bash" and so on. */
static bool is_shell(struct rv *r, const struct know_hook *row, const char *path)
{
	const struct know_use *const *uses;
	const struct tpc_selector *s;
	const struct tpc_arg_filter *f;
	const struct tpc_value *v;
	uint32_t n;

	uses = know_uses_of(r->ret->known, row, &n);
	for (uint32_t i = 0; i < n; i++)
		tpc_vec_foreach (s, &uses[i]->selectors)
			tpc_vec_foreach (f, &s->match_args)
				if (f->op.v == TPC_ARG_OPERATOR_POSTFIX && lists(f, "/sh") &&
				    !s->match_binaries.len)
					tpc_vec_foreach (v, &f->values)
						if (ends(path, v->s))
							return true;
	return false;
}

/* Does a filter of @u look at argument @index itself? */
static bool filters_index(const struct rv_rule *u, int64_t index)
{
	const struct tpc_arg_filter *f;

	tpc_vec_foreach (f, &u->whole->match_args) {
		const struct tpc_arg *a = rv_filter_arg(u->hook, f, NULL);

		if (a && a->index.v == index)
			return true;
	}
	return false;
}

static void caller_is_not_program(struct rv *r, const struct rv_rule *u)
{
	const struct know_hook *row = u->hook->row;
	const struct tpc_binary_filter *b;

	if (!row || strcmp(row->id.s, "lsm:bprm_check_security") != 0 || !u->whole || filters_index(u, 0) ||
	    !rv_enforces(u->hook->policy, u->acts))
		return;
	tpc_vec_foreach (b, &u->whole->match_binaries)
		for (uint32_t i = 0; i < b->values.len && i < MEMBERS_MAX; i++) {
			if (b->op.v != TPC_BINARY_OPERATOR_IN || !is_shell(r, row, b->values.items[i].s))
				continue;
			rv_mend(r,
				rv_say(r, b->values.items[i].at,
				       "at %s '%s' is the program that starts another, not the one that starts",
				       rv_hook_words(r->arena, u->hook), b->values.items[i].s),
				"move the values to matchArgs on argument 0, of type linux_binprm");
			break;
		}
}

/* ---- TPR110: positions of an LSM hook and of its function ---- */

static void function_arguments(struct rv *r, const struct rv_hook *h)
{
	const struct know_hook *row = h->row;

	if (!row || !h->by_function)
		return;
	for (uint32_t k = 0; k < h->nargs; k++)
		for (uint32_t i = 0; i < row->function_args.len; i++) {
			int64_t at = row->function_args.items[i].v;

			if (at == (int64_t)i || at < 0 || h->args[k].index.v != at || h->args[k].resolve.set)
				continue;
			rv_say(r, h->args[k].at, "argument %d of %s is argument %u of the LSM hook %s",
			       (int)at, h->target, i, row->name);
			return; /* once is enough to look it up */
		}
}

/* ---- TPR111: a better place ---- */

static void better_hook(struct rv *r, const struct rv_hook *h)
{
	const struct know_link *b = h->row ? h->row->better : NULL;

	if (!b || (b->row && has(&seen(r)->any, b->row)))
		return;
	if (rv_enforces(h->policy, h->acts) &&
	    (h->row->toctou.len || h->row->siblings.len || h->row->context.v == KNOW_CONTEXT_ANY ||
	     h->kind == KNOW_TRACEPOINT))
		return; /* the checks above say more of it */
	rv_mend(r,
		rv_say(r, h->name.at, "%s is better for most uses than %s: %s", link_name(b),
		       rv_hook_words(r->arena, h), b->why.s),
		"hook %s", link_name(b));
}

/* ---- TPR112: names that a process gives itself ---- */

static void self_named(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_arg_filter *f;

	if (!u->whole || !rv_enforces(u->hook->policy, u->acts))
		return;
	tpc_vec_foreach (f, &u->whole->match_args) {
		const struct tpc_arg *a = rv_filter_arg(u->hook, f, NULL);

		if (a && rv_resolves(a, "comm"))
			rv_mend(r, rv_say(r, f->at, "a process writes its own 'comm' whenever it likes"),
				"use matchBinaries");
	}
	tpc_vec_foreach (f, &u->whole->match_data) {
		int64_t pos = f->args.len ? f->args.items[0].v : f->index.v;

		if (pos >= 0 && pos < (int64_t)u->hook->ndata && rv_resolves(&u->hook->data[pos], "comm"))
			rv_mend(r, rv_say(r, f->at, "a process writes its own 'comm' whenever it likes"),
				"use matchBinaries");
	}
}

const struct rv_check rv_checks_hook[] = {
	{ .code = "TPR101", .of_rule = user_memory },
	{ .code = "TPR102", .of_hook = siblings },
	{ .code = "TPR103", .of_rule = hot_without_filter },
	{ .code = "TPR104", .of_hook = siblings_seen },
	{ .code = "TPR105", .of_hook = abi32 },
	{ .code = "TPR106", .of_rule = hits_another },
	{ .code = "TPR107", .of_rule = cannot_refuse },
	{ .code = "TPR108", .of_rule = created_before },
	{ .code = "TPR109", .of_rule = caller_is_not_program },
	{ .code = "TPR110", .of_hook = function_arguments },
	{ .code = "TPR111", .of_hook = better_hook },
	{ .code = "TPR112", .of_rule = self_named },
	{ .code = "TPR113", .of_hook = changed_unopened },
	{ 0 },
};
