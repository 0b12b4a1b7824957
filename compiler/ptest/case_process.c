// SPDX-License-Identifier: Apache-2.0
/* What a case says of its process and workload, as facts: what is not said is not known. */
#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "frontend/scalar.h"
#include "ptest/ptest_impl.h"

/* The host's namespaces have numbers that no case can write. */
#define HOST_NS_FIRST 0xfffffff0U

static struct pt_datum number_of(const struct tpc_int *i)
{
	return i->set ? PT_NUMBER((uint64_t)i->v) : (struct pt_datum){ 0 };
}

/* '' is a process without an executable: a kernel thread. */
static struct pt_datum binary_of(const struct tpc_text *t)
{
	if (!t->set)
		return (struct pt_datum){ 0 };
	return t->len ? PT_TEXT(t->s, t->len) : PT_ABSENT;
}

/* ---- namespaces ---- */
static bool read_namespace(struct tpc_ctx *c, const struct tpc_value *v, uint32_t kind, uint64_t *ret)
{
	if (v->len == 4 && !memcmp(v->s, "host", 4)) {
		*ret = HOST_NS_FIRST + kind;
		return true;
	}
	if (tpc_parse_uint(v->s, v->len, 0, 32, ret) == TPC_NUMBER_OK && *ret < HOST_NS_FIRST)
		return true;
	pt_hint(c,
		pt_error(c, v->at, TPC_E_CASE_VALUE, "'%s' is no namespace",
			 pt_shown(c->arena, v->s, v->len)),
		"an inode number or host");
	return false;
}

static bool read_namespaces(struct tpc_ctx *c, const struct pt_process *p, struct pt_facts *f)
{
	bool ok = true;

	for (uint32_t i = 0; p->namespaces && i < IR_NAMESPACES_MAX; i++) {
		const struct tpc_value *v = &p->namespaces->kind[i];
		uint64_t num;

		if (!v->set)
			continue;
		if (!read_namespace(c, v, i, &num)) {
			ok = false;
			continue;
		}
		f->namespaces[i] = PT_NUMBER(num);
		f->host_ns[i] = num >= HOST_NS_FIRST;
	}
	return ok;
}

/* A kind that was another at exec, and of which nothing is said now, leaves the changes unknown. */
static bool read_namespace_changes(struct tpc_ctx *c, const struct pt_process *p, struct pt_facts *f)
{
	bool ok = true, known = true;
	uint64_t bits = 0, num;

	if (!p->at_exec)
		return true;
	for (uint32_t i = 0; p->at_exec->namespaces && i < IR_NAMESPACES_MAX; i++) {
		const struct tpc_value *v = &p->at_exec->namespaces->kind[i];

		if (!v->set)
			continue;
		if (!read_namespace(c, v, i, &num))
			ok = false;
		else if (!f->namespaces[i].known)
			known = false;
		else if (num != f->namespaces[i].in.num)
			bits |= UINT64_C(1) << i;
	}
	if (known)
		f->ns_changes = PT_NUMBER(bits);
	return ok;
}

/* ---- capabilities ---- */
bool pt_add_cap(struct tpc_ctx *c, const char *s, uint32_t len, struct tpc_span at, uint64_t *mask)
{
	const char *near = NULL;
	struct tpc_diag *d;
	uint32_t cap;

	if (kernel_name_value(KERNEL_CAPS, s, len, &cap, &near)) {
		*mask |= UINT64_C(1) << cap;
		return true;
	}
	d = pt_error(c, at, TPC_E_CASE_VALUE, "unknown capability '%s'", pt_shown(c->arena, s, len));
	if (near)
		pt_hint(c, d, "did you mean '%s'?", near);
	return false;
}

struct cap_set {
	const struct tpc_text *items;
	uint32_t len;
	bool set;
};

static struct cap_set cap_set(const struct pt_capabilities *caps, enum ir_cap_set which)
{
#define SET(list) ((struct cap_set){ (list).items, (list).len, (list).at.file != 0 })
	if (!caps)
		return (struct cap_set){ 0 };
	return which == IR_CAPS_PERMITTED ? SET(caps->permitted) :
	       which == IR_CAPS_EFFECTIVE ? SET(caps->effective) :
					    SET(caps->inheritable);
#undef SET
}

static bool mask_of(struct tpc_ctx *c, const struct cap_set *set, uint64_t *ret)
{
	bool ok = true;

	*ret = 0;
	for (uint32_t i = 0; i < set->len; i++)
		ok &= set->items[i].set &&
		      pt_add_cap(c, set->items[i].s, set->items[i].len, set->items[i].at, ret);
	return ok;
}

static bool read_caps(struct tpc_ctx *c, const struct pt_process *p, struct pt_facts *f)
{
	bool ok = true;
	uint64_t mask;

	for (int i = 0; i < IR_CAPS_MAX; i++) {
		struct cap_set now = cap_set(p->capabilities, (enum ir_cap_set)i), then = { 0 };

		if (p->at_exec)
			then = cap_set(p->at_exec->capabilities, (enum ir_cap_set)i);
		ok &= mask_of(c, &now, &mask);
		if (now.set)
			f->caps[i] = PT_NUMBER(mask);
		if (p->at_exec && !then.set)
			f->cap_changes[i] = PT_NUMBER(0);
		ok &= mask_of(c, &then, &mask);
		if (then.set && now.set)
			f->cap_changes[i] = PT_NUMBER(mask ^ f->caps[i].in.num);
	}
	return ok;
}

/* ---- workload ---- */
static void add_label(struct tpc_arena *a, struct ir_input_workload *w, bool pod, const char *key,
		      const char *value)
{
	struct ir_input_label l = { key, value };

	if (pod)
		*tpc_vec_push(a, &w->pod) = l;
	else
		*tpc_vec_push(a, &w->container) = l;
}

static void pod_facts(struct tpc_arena *a, const struct pt_pod *pod, struct ir_input_workload *w)
{
	const struct tpc_pair *l;

	w->ns = pod->ns.set ? pod->ns.s : NULL;
	tpc_vec_foreach (l, &pod->labels)
		add_label(a, w, true, l->key.s, l->value.s);
	if (pod->container && pod->container->name.set)
		add_label(a, w, false, "name", pod->container->name.s);
	if (pod->container && pod->container->repo.set)
		add_label(a, w, false, "repo", pod->container->repo.s);
}

static bool read_workload(struct tpc_ctx *c, const struct tpc_node *n, struct pt_facts *f)
{
	uint32_t errors = c->diags.nerrors;
	struct pt_pod pod = { 0 };

	if (!n || (n->kind == TPC_NODE_SCALAR && tpc_node_is_null(n)))
		return true;
	f->workload_known = true;
	if (n->kind == TPC_NODE_SCALAR && n->len == 4 && !memcmp(n->s, "host", 4)) {
		f->workload.host = true;
		return true;
	}
	if (n->kind != TPC_NODE_MAP) {
		pt_hint(c,
			pt_error(c, n->at, TPC_E_WRONG_TYPE, "'workload' is host or a mapping, not %s",
				 decode_describe(c->arena, n)),
			"host, or {namespace: …, labels: {…}, container: {name: …, repo: …}}");
		return false;
	}
	decode_document(c, &pt_schema_pod, n, &pod);
	pod_facts(c->arena, &pod, &f->workload);
	return errors == c->diags.nerrors;
}

bool pt_case_facts(struct tpc_ctx *c, const struct pt_case *k, struct pt_facts *ret)
{
	const struct pt_process *p = k->process;
	const struct pt_ancestor *a;
	bool ok;

	*ret = (struct pt_facts){ 0 };
	ok = read_workload(c, k->workload, ret);
	if (!p)
		return ok;
	ret->self = (struct pt_relative){ number_of(&p->pid), number_of(&p->nspid), binary_of(&p->binary) };
	ret->all_ancestors = p->ancestors.at.file != 0;
	tpc_vec_foreach (a, &p->ancestors)
		*tpc_vec_push(c->arena, &ret->ancestors) = (struct pt_relative){ number_of(&a->pid),
										 number_of(&a->nspid),
										 binary_of(&a->binary) };
	ok &= read_namespaces(c, p, ret);
	ok &= read_namespace_changes(c, p, ret);
	return read_caps(c, p, ret) && ok;
}
