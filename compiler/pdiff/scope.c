// SPDX-License-Identifier: Apache-2.0
/* What a policy is for, and how it acts as a whole: mode, workloads, nodes, enforcers, the method of Override. */
#include <string.h>

#include "ir/lower_index.h"
#include "pdiff/impl.h"

static const struct ir_workload everything = { .host = true, .pods = true };
static const struct ir_labels any;

struct side {
	const struct differ *d;
	struct pdiff_policy *ret;
	bool enforces, enforced; /* NEW does, OLD did */
};

bool policy_enforces(const struct policy_info *p)
{
	if (p->p->monitor)
		return false;
	for (uint32_t i = 0; i < p->chains.len; i++)
		if (chain_enforces(p->chains.items[i]))
			return true;
	return false;
}

static const struct ir_workload *scope_of(const struct differ *d, const struct ir_policy *p)
{
	return p->scope ? &d->u->workloads.items[p->scope - 1] : &everything;
}

static const struct ir_labels *nodes_of(const struct ir_policy *p)
{
	return p->nodes ? p->nodes : &any;
}

bool scope_subset(const struct differ *d, const struct ir_policy *a, const struct ir_policy *b)
{
	return (a->scope == b->scope || workload_subset(scope_of(d, a), scope_of(d, b))) &&
	       labels_imply(nodes_of(a), nodes_of(b));
}

static struct pdiff_change *add(const struct side *s, const char *kind, enum pdiff_effect effect,
				const char *text)
{
	struct pdiff_change *c = tpc_vec_push(s->d->arena, &s->ret->changes);

	c->kind = kind;
	c->effect = effect;
	c->text = text;
	if (effect != PDIFF_DIFFERENT && (pdiff_widens(effect) ? s->enforces : s->enforced))
		c->enforcement = effect;
	return c;
}

static void diff_mode(const struct side *s, const struct policy_info *o, const struct policy_info *n)
{
	struct pdiff_change *c;

	if (o->p->monitor == n->p->monitor)
		return;
	c = add(s, "mode", PDIFF_DIFFERENT,
		n->p->monitor ? "mode: monitor now, and was enforce" : "mode: enforce now, and was monitor");
	c->enforcement = policy_enforces(n) ? PDIFF_WIDER : policy_enforces(o) ? PDIFF_NARROWER : PDIFF_SAME;
	change_texts(s->d, c, n->p->monitor ? "monitor" : "enforce", o->p->monitor ? "monitor" : "enforce");
}

/* ---- labels ---- */

static const struct ir_label_req *req_on(const struct ir_labels *l, const struct ir_label_req *like)
{
	const struct ir_label_req *r;

	tpc_vec_foreach (r, &l->reqs)
		if (r->op == like->op && !strcmp(r->key, like->key))
			return r;
	return NULL;
}

static bool is_only(const struct ir_labels *l, const struct ir_label_req *req)
{
	const struct ir_label_req *r;
	uint32_t n = 0;

	tpc_vec_foreach (r, &l->reqs)
		n += !strcmp(r->key, req->key);
	return n == 1;
}

static struct ir_label_req minus(struct tpc_arena *a, const struct ir_label_req *x,
				 const struct ir_label_req *y)
{
	struct ir_label_req ret = { .key = x->key, .op = x->op };

	for (uint32_t i = 0; i < x->values.len; i++) {
		uint32_t j = 0;

		while (j < y->values.len && strcmp(x->values.items[i], y->values.items[j]))
			j++;
		if (j == y->values.len)
			*tpc_vec_push(a, &ret.values) = x->values.items[i];
	}
	return ret;
}

/* Values more or less of one requirement: "also pods with app=web". */
static void diff_values(const struct side *s, const char *kind, const char *what,
			const struct ir_label_req *o, const struct ir_label_req *n)
{
	struct ir_label_req gained = minus(s->d->arena, n, o), lost = minus(s->d->arena, o, n);
	bool in = n->op == IR_LABEL_IN;
	struct pdiff_change *c;

	if (gained.values.len) {
		gained.op = IR_LABEL_IN;
		c = add(s, kind, in ? PDIFF_WIDER : PDIFF_NARROWER,
			tpc_sprintf(s->d->arena, "scope: %s %s with %s", in ? "now also" : "no longer", what,
				    words_req(s->d->arena, &gained)));
		change_texts(s->d, c, in ? words_req(s->d->arena, &gained) : NULL,
			     in ? NULL : words_req(s->d->arena, &gained));
	}
	if (lost.values.len) {
		lost.op = IR_LABEL_IN;
		c = add(s, kind, in ? PDIFF_NARROWER : PDIFF_WIDER,
			tpc_sprintf(s->d->arena, "scope: %s %s with %s", in ? "no longer" : "now also", what,
				    words_req(s->d->arena, &lost)));
		change_texts(s->d, c, in ? NULL : words_req(s->d->arena, &lost),
			     in ? words_req(s->d->arena, &lost) : NULL);
	}
}

static bool has_values(const struct ir_label_req *r)
{
	return r->op == IR_LABEL_IN || r->op == IR_LABEL_NOT_IN;
}

static void diff_as_a_whole(const struct side *s, const char *kind, const char *what,
			    const struct ir_labels *o, const struct ir_labels *n)
{
	bool less = labels_imply(n, o), more = labels_imply(o, n);
	const char *now = n->reqs.len ? words_labels(s->d->arena, n) : "any label";
	const char *was = o->reqs.len ? words_labels(s->d->arena, o) : "any label";
	struct pdiff_change *c;
	const char *text;

	if (less && more)
		return;
	if (!n->reqs.len)
		text = tpc_sprintf(s->d->arena, "scope: all %s, and not only those with %s", what, was);
	else if (!o->reqs.len)
		text = tpc_sprintf(s->d->arena, "scope: only %s with %s", what, now);
	else
		text = tpc_sprintf(s->d->arena, "scope: %s with %s now; before, with %s", what, now, was);
	c = add(s, kind, less ? PDIFF_NARROWER : more ? PDIFF_WIDER : PDIFF_MAYBE_WIDER, text);
	change_texts(s->d, c, now, was);
}

/* Requirement by requirement where each of OLD has one on the same label in NEW, else as a whole. */
static void diff_labels(const struct side *s, const char *kind, const char *what, const struct ir_labels *o,
			const struct ir_labels *n)
{
	const struct ir_label_req *r, *to;

	tpc_vec_foreach (r, &o->reqs) {
		to = req_on(n, r);
		if (!to || !is_only(o, r) || !is_only(n, r) || o->reqs.len != n->reqs.len) {
			diff_as_a_whole(s, kind, what, o, n);
			return;
		}
	}
	if (o->reqs.len != n->reqs.len) {
		diff_as_a_whole(s, kind, what, o, n);
		return;
	}
	tpc_vec_foreach (r, &o->reqs)
		if (has_values(r))
			diff_values(s, kind, what, r, req_on(n, r));
}

/* ---- workloads ---- */

static void tell_gained(const struct side *s, const char *kind, bool gained, const char *what)
{
	struct pdiff_change *c =
		add(s, kind, gained ? PDIFF_WIDER : PDIFF_NARROWER,
		    tpc_sprintf(s->d->arena, "scope: %s %s", gained ? "now also" : "no longer", what));

	change_texts(s->d, c, gained ? what : NULL, gained ? NULL : what);
}

static const char *pods_words(const struct side *s, const struct ir_workload *w)
{
	struct ir_workload pods = *w;

	pods.host = false;
	return words_workload(s->d->arena, &pods);
}

static void diff_namespace(const struct side *s, const char *o, const char *n)
{
	const char *now = n ? words_text(s->d->arena, n, strlen(n)) : NULL;
	const char *was = o ? words_text(s->d->arena, o, strlen(o)) : NULL;
	struct pdiff_change *c;

	if ((!o && !n) || (o && n && !strcmp(o, n)))
		return;
	c = add(s, "scope-namespace",
		!n ? PDIFF_WIDER :
		!o ? PDIFF_NARROWER :
		     PDIFF_WIDER,
		!n ? tpc_sprintf(s->d->arena, "scope: pods of all namespaces, and not only of %s", was) :
		!o ? tpc_sprintf(s->d->arena, "scope: only pods of namespace %s", now) :
		     tpc_sprintf(s->d->arena, "scope: pods of namespace %s instead of %s", now, was));
	change_texts(s->d, c, now, was);
}

static void diff_scope(const struct side *s, const struct ir_policy *po, const struct ir_policy *pn)
{
	const struct ir_workload *o = scope_of(s->d, po), *n = scope_of(s->d, pn);

	if (o->host != n->host)
		tell_gained(s, "scope-host", n->host, "the host");
	if (o->pods != n->pods) {
		tell_gained(s, "scope-pods", n->pods, pods_words(s, n->pods ? n : o));
		return;
	}
	diff_namespace(s, o->ns, n->ns);
	diff_labels(s, "scope-pods", "pods", &o->pod, &n->pod);
	diff_labels(s, "scope-containers", "containers", &o->container, &n->container);
}

/* ---- the rest ---- */

static void diff_method(const struct side *s, const struct ir_policy *o, const struct ir_policy *n)
{
	static const char *const names[] = { "any", "override-return", "fmod-ret" };
	struct pdiff_change *c;

	if (o->override_method == n->override_method)
		return;
	c = add(s, "override-method", PDIFF_DIFFERENT,
		tpc_sprintf(s->d->arena, "override-method: %s now, and was %s", names[n->override_method],
			    names[o->override_method]));
	c->enforcement = s->enforces ? PDIFF_DIFFERENT : PDIFF_SAME;
	change_texts(s->d, c, names[n->override_method], names[o->override_method]);
}

static const char *enforced_words(struct tpc_arena *a, const struct ir_enforced *e)
{
	struct ir_program p = { .target = e->target, .abi = e->abi, .many = e->many };

	return words_hook(a, &p);
}

/* Those of @from that are not in @in. */
static void tell_enforced(const struct side *s, const struct policy_info *from, const struct policy_info *in,
			  bool gained)
{
	struct lower_index keys = { 0 };
	struct words w = { .list = { 0 } };
	struct pdiff_change *c;

	for (uint32_t i = 0; i < in->enforced.len; i++)
		lower_index_add(s->d->arena, &keys, keys_enforced(s->d->arena, in->enforced.items[i]), 0);
	for (uint32_t i = 0; i < from->enforced.len; i++) {
		const struct ir_enforced *e = from->enforced.items[i];

		if (lower_index_add(s->d->arena, &keys, keys_enforced(s->d->arena, e), i + 1) == i + 1)
			*tpc_vec_push(s->d->arena, &w.list) = enforced_words(s->d->arena, e);
	}
	if (!w.list.len)
		return;
	c = add(s, "enforcer-calls", gained ? PDIFF_WIDER : PDIFF_NARROWER,
		tpc_sprintf(s->d->arena, "enforcers: %s act on %s", gained ? "now also" : "no longer",
			    words_list(s->d->arena, w.list.items, w.list.len)));
	for (uint32_t i = 0; i < w.list.len; i++)
		*(gained ? tpc_vec_push(s->d->arena, &c->added) : tpc_vec_push(s->d->arena, &c->removed)) =
			w.list.items[i];
}

void diff_policy(const struct differ *d, struct pdiff_policy *ret, const struct policy_info *o,
		 const struct policy_info *n)
{
	struct side s = { .d = d, .ret = ret, .enforces = policy_enforces(n), .enforced = policy_enforces(o) };

	diff_mode(&s, o, n);
	diff_scope(&s, o->p, n->p);
	diff_labels(&s, "scope-nodes", "nodes", nodes_of(o->p), nodes_of(n->p));
	diff_method(&s, o->p, n->p);
	tell_enforced(&s, n, o, true);
	tell_enforced(&s, o, n, false);
}
