// SPDX-License-Identifier: Apache-2.0
/*
 * Which threats a rule sees. What the threats' rows say of the policies' hooks becomes policies itself, and the comparison of
 * policies (pdiff/pdiff.h) says which of their selectors the same events meet. Where a row names the hook only as an
 * alternative, or nothing can be compared, the values of both are.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "pdiff/pdiff.h"
#include "review/review_impl.h"

/* A use as a policy: the number of its document is the policy's in the unit. */
struct asked {
	const struct know_use *use;
	bool by_function;
	bool compared; /* the unit has it */
};

struct cover {
	struct rv *r;
	TPC_VEC(struct asked) asked;
	TPC_VEC(struct rv_rule *) rules;
	struct tpc *t; /* of the threats */
};

static void add(struct rv *r, struct rv_rule *u, const struct rv_covered *new)
{
	struct rv_covered *t;

	tpc_vec_foreach (t, &u->threats)
		if (t->threat == new->threat) {
			if (new->how > t->how)
				t->how = new->how;
			if (!new->instead)
				t->instead = NULL;
			return;
		}
	*tpc_vec_push(r->arena, &u->threats) = *new;
}

/* ---- threats as policies ---- */

static bool put_hook(const struct know_use *u, bool by_function, struct tpc_buf *out)
{
	const struct know_hook *h = u->row;
	const char *slash = strchr(h->name, '/');

	switch (h->kind) {
	case KNOW_LSM:
		if (by_function && h->function_args.len)
			return false; /* its arguments are others there */
		if (by_function)
			tpc_buf_printf(out, "  kprobes:\n  - call: %s\n    syscall: false\n", h->function.s);
		else
			tpc_buf_printf(out, "  lsmhooks:\n  - hook: %s\n", h->name);
		return true;
	case KNOW_KPROBE:
	case KNOW_SYSCALL:
		tpc_buf_printf(out, "  kprobes:\n  - call: %s\n    syscall: %s\n", h->name,
			       h->kind == KNOW_SYSCALL ? "true" : "false");
		return true;
	case KNOW_TRACEPOINT:
		if (!slash)
			return false;
		tpc_buf_printf(out, "  tracepoints:\n  - subsystem: %.*s\n    event: %s\n",
			       (int)(slash - h->name), h->name, slash + 1);
		return true;
	default:
		return false;
	}
}

/* Appends the use as a document of its own; false: it cannot be one. */
static bool put_use(struct rv *r, const struct know_use *u, bool by_function, struct tpc_buf *out)
{
	struct tpc_buf hook = TPC_BUF(r->arena);

	if (!put_hook(u, by_function, &hook))
		return false;
	tpc_buf_printf(
		out,
		"---\napiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: %s}\nspec:\n%s",
		u->threat->id.s, tpc_buf_text(&hook));
	know_use_yaml(r->ret->known->c, u, "    ", out);
	return true;
}

static bool was_asked(const struct cover *x, const struct know_use *u, bool by_function)
{
	const struct asked *a;

	tpc_vec_foreach (a, &x->asked)
		if (a->use == u && a->by_function == by_function)
			return true;
	return false;
}

static void ask_hook(struct cover *x, const struct rv_hook *h, struct tpc_buf *out)
{
	uint32_t n = 0;
	const struct know_use *const *uses = h->row ? know_uses_of(x->r->ret->known, h->row, &n) : NULL;

	for (uint32_t i = 0; i < n; i++)
		if (!was_asked(x, uses[i], h->by_function) && put_use(x->r, uses[i], h->by_function, out))
			*tpc_vec_push(x->r->arena, &x->asked) =
				(struct asked){ uses[i], h->by_function, true };
}

/* A use that this kernel's types do not have cannot be compared: its document is where an error is. */
static void pass_over_faults(struct cover *x)
{
	const struct tpc_policy_list *all = tpc_policies(x->t);
	const struct tpc_diags *d = &tpc_context(x->t)->diags;

	for (uint32_t i = 0; i < d->list.len; i++)
		for (uint32_t p = 0; p < all->len && p < x->asked.len; p++) {
			struct tpc_span doc = all->items[p]->at, at = d->list.items[i]->at;

			if (d->list.items[i]->sev == TPC_ERROR && at.off >= doc.off &&
			    at.off < doc.off + doc.len)
				x->asked.items[p].compared = false;
		}
}

/* ---- values alone ---- */

struct meeting {
	bool mine, theirs; /* paths are named by the rule, by the threat */
	bool meet;
};

enum how { WHOLE = 1, BEGINS, ENDS };

/* How a filter compares paths; 0: not so. "/" says only that there is one. */
static enum how compares(const struct tpc_arg_filter *f)
{
	if (!f->values.len || f->values.items[0].s[0] != '/' || f->values.items[0].len < 2)
		return 0;
	switch ((enum tpc_arg_operator)f->op.v) {
	case TPC_ARG_OPERATOR_EQUAL:
		return WHOLE;
	case TPC_ARG_OPERATOR_PREFIX:
		return BEGINS;
	case TPC_ARG_OPERATOR_POSTFIX:
		return ENDS;
	default:
		return 0;
	}
}

static bool begins(const struct tpc_value *a, const struct tpc_value *with)
{
	return a->len >= with->len && !memcmp(a->s, with->s, with->len);
}

static bool ends(const struct tpc_value *a, const struct tpc_value *with)
{
	return a->len >= with->len && !memcmp(a->s + a->len - with->len, with->s, with->len);
}

/* May one path be what both say? How it begins and how it ends do not tell: @surely, then it is not. */
static bool values_meet(enum how i, const struct tpc_value *a, enum how j, const struct tpc_value *b,
			bool surely)
{
	if (i > j)
		return values_meet(j, b, i, a, surely);
	if (i == WHOLE && j == WHOLE)
		return a->len == b->len && begins(a, b);
	if (i == WHOLE)
		return j == BEGINS ? begins(a, b) : ends(a, b);
	if (i == j)
		return i == BEGINS ? begins(a, b) || begins(b, a) : ends(a, b) || ends(b, a);
	return !surely;
}

static bool filters_meet(const struct tpc_arg_filter *a, const struct tpc_arg_filter *b, bool surely)
{
	enum how i = compares(a), j = compares(b);
	const struct tpc_value *x, *y;

	if (i && j)
		tpc_vec_foreach (x, &a->values)
			tpc_vec_foreach (y, &b->values)
				if (values_meet(i, x, j, y, surely))
					return true;
	return false;
}

static bool names_path(const struct tpc_selector *s)
{
	const struct tpc_arg_filter *f;

	tpc_vec_foreach (f, &s->match_args)
		if (compares(f))
			return true;
	return false;
}

static bool selectors_meet(const struct tpc_selector *a, const struct tpc_selector *b, bool surely)
{
	const struct tpc_arg_filter *f, *g;

	if (!names_path(a) || !names_path(b))
		return !surely || names_path(a) == names_path(b);
	tpc_vec_foreach (f, &a->match_args)
		tpc_vec_foreach (g, &b->match_args)
			if (filters_meet(f, g, surely))
				return true;
	return false;
}

/* @surely: what names paths and what does not are two things. */
static bool use_meets(const struct rv_rule *u, const struct know_use *use, bool surely)
{
	static const struct tpc_selector all = { 0 };
	const struct tpc_selector *s, *mine = u->whole ? u->whole : &all;

	if (!use->selectors.len)
		return selectors_meet(mine, &all, surely);
	tpc_vec_foreach (s, &use->selectors)
		if (selectors_meet(mine, s, surely))
			return true;
	return false;
}

/* Only how paths begin and end is named: what has both is possible, and meant by neither. */
static bool only_by_chance(const struct rv_rule *u, const struct know_use *use)
{
	static const struct tpc_selector all = { 0 };
	const struct tpc_selector *s, *mine = u->whole ? u->whole : &all;

	tpc_vec_foreach (s, &use->selectors)
		if (!names_path(mine) || !names_path(s) || selectors_meet(mine, s, true))
			return false;
	return use->selectors.len;
}

/* ---- what both meet ---- */

static struct rv_rule *rule_at(const struct cover *x, struct tpc_span at)
{
	for (uint32_t i = 0; i < x->rules.len; i++) {
		struct tpc_span have = x->rules.items[i]->at;

		if (have.file == at.file && have.off == at.off && have.len == at.len)
			return x->rules.items[i];
	}
	return NULL;
}

static void take_pair(void *of, const struct pdiff_overlap *pair)
{
	struct cover *x = of;
	struct rv_rule *u = rule_at(x, pair->new->at);
	const struct asked *a = pair->old_policy < x->asked.len ? &x->asked.items[pair->old_policy] : NULL;

	if (u && a && a->compared && !only_by_chance(u, a->use))
		add(x->r, u,
		    &(struct rv_covered){ a->use->threat, pair->whole ? RV_COVERS_ALL : RV_COVERS_PART,
					  NULL });
}

static void compare(struct cover *x, const struct tpc_buf *text)
{
	struct tpc_opts o = *tpc_options(x->r->ret->t);
	struct pdiff_side old, new = { x->r->c, x->r->ret->lowered };
	struct tpc_diags said = x->r->c->diags; /* a limit of the comparison is no fault of the policies */

	o.min_kernel = 0;
	o.btf_named = false;
	o.compat_tetragon = false;
	o.mode = TPC_MODE_AS_WRITTEN;
	if (tpc_open(&x->t, &o))
		return;
	tpc_add_yaml(x->t, "threats", tpc_buf_text(text), text->len);
	tpc_build(x->t);
	pass_over_faults(x);
	old = (struct pdiff_side){ tpc_context(x->t), tpc_lowered(x->t) };
	if (old.u)
		pdiff_overlaps(&old, &new, take_pair, x);
	x->r->c->diags = said;
}

static bool threat_meets(const struct rv_rule *u, const struct know_threat *t)
{
	const struct know_use *use;

	tpc_vec_foreach (use, &t->hooks)
		if (use_meets(u, use, true))
			return true;
	return false;
}

/* Uses of the hook that could not be compared. */
static void cover_by_values(struct cover *x, struct rv_rule *u)
{
	uint32_t n = 0;
	const struct know_use *const *uses = u->hook->row ? know_uses_of(x->r->ret->known, u->hook->row, &n) :
							    NULL;

	for (uint32_t i = 0; i < n; i++) {
		const struct asked *a;
		bool compared = false;

		tpc_vec_foreach (a, &x->asked)
			compared |= a->use == uses[i] && a->by_function == u->hook->by_function &&
				    a->compared;
		if (!compared && use_meets(u, uses[i], false) && !only_by_chance(u, uses[i]))
			add(x->r, u, &(struct rv_covered){ uses[i]->threat, RV_COVERS_PART, NULL });
	}
}

/* Threats whose rows know the hook, and why another is better. */
static void cover_instead(struct cover *x, struct rv_rule *u)
{
	const struct knowledge *k = x->r->ret->known;
	const struct know_link *l;

	for (uint32_t i = 0; u->hook->row && i < k->threats.len; i++)
		tpc_vec_foreach (l, &k->threats.items[i]->alternatives)
			if (l->row == u->hook->row && threat_meets(u, k->threats.items[i]))
				add(x->r, u, &(struct rv_covered){ k->threats.items[i], RV_COVERS_PART, l });
}

/* ---- all of it ---- */

static int by_id(const void *a, const void *b)
{
	const struct rv_covered *x = a, *y = b;

	return strcmp(x->threat->id.s, y->threat->id.s);
}

static void list_rules(struct cover *x, struct tpc_buf *text)
{
	struct rv_policy *const *p;
	struct rv_hook *const *h;
	struct rv_rule *const *u;

	tpc_vec_foreach (p, &x->r->ret->policies)
		tpc_vec_foreach (h, &(*p)->hooks) {
			ask_hook(x, *h, text);
			tpc_vec_foreach (u, &(*h)->rules)
				*tpc_vec_push(x->r->arena, &x->rules) = *u;
		}
}

void rv_cover(struct rv *r)
{
	struct tpc_buf text = TPC_BUF(r->arena);
	struct cover x = { .r = r };

	list_rules(&x, &text);
	if (r->ret->lowered && x.asked.len)
		compare(&x, &text);
	else
		x.asked.len = 0;
	for (uint32_t i = 0; i < x.rules.len; i++) {
		struct rv_rule *u = x.rules.items[i];

		cover_by_values(&x, u);
		cover_instead(&x, u);
		if (u->threats.len)
			qsort(u->threats.items, u->threats.len, sizeof(*u->threats.items), by_id);
	}
	tpc_close(x.t);
}
