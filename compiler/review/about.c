// SPDX-License-Identifier: Apache-2.0
/* What checks ask about rules as they are written. */
#include <stdlib.h>

#include "review/about.h"

#define BEFORE_MAX 64 /* selectors that are looked at for what they let through; Tetragon takes five */

void about_weigh(struct rv_finding *f, const struct rv_policy *p, unsigned acts)
{
	if (!(acts & RV_ACTS_ENFORCE))
		f->severity = RV_NOTE;
	else if (p->monitor && f->severity > RV_MEDIUM)
		f->severity = RV_MEDIUM;
}

void about_weigh_event(struct rv_finding *f, const struct rv_policy *p, unsigned acts)
{
	if (!rv_enforces(p, acts) && f->severity > RV_MEDIUM)
		f->severity = RV_MEDIUM;
}

/* ---- programs ---- */

bool about_negates(const struct tpc_binary_filter *f)
{
	return f->op.v == TPC_BINARY_OPERATOR_NOT_IN || f->op.v == TPC_BINARY_OPERATOR_NOT_PREFIX ||
	       f->op.v == TPC_BINARY_OPERATOR_NOT_POSTFIX;
}

static bool ends_with(const char *s, const struct tpc_text *end)
{
	size_t len = strlen(s);

	return len >= end->len && !memcmp(s + len - end->len, end->s, end->len);
}

static bool has_path(const struct tpc_binary_filter *f, const char *path)
{
	const struct tpc_text *v;

	tpc_vec_foreach (v, &f->values) {
		switch ((enum tpc_binary_operator)f->op.v) {
		case TPC_BINARY_OPERATOR_PREFIX:
		case TPC_BINARY_OPERATOR_NOT_PREFIX:
			if (!strncmp(path, v->s, v->len))
				return true;
			break;
		case TPC_BINARY_OPERATOR_POSTFIX:
		case TPC_BINARY_OPERATOR_NOT_POSTFIX:
			if (ends_with(path, v))
				return true;
			break;
		default:
			if (!strcmp(path, v->s))
				return true;
		}
	}
	return false;
}

bool about_binary_passes(const struct tpc_binary_filter *f, const char *path)
{
	return has_path(f, path) != about_negates(f);
}

bool about_program_passes(const struct rv_rule *u, const char *path)
{
	const struct tpc_binary_filter *f;

	if (u->whole)
		tpc_vec_foreach (f, &u->whole->match_binaries)
			if (!about_binary_passes(f, path))
				return false;
	return true;
}

bool about_names_programs(const struct rv_rule *u)
{
	const struct tpc_binary_filter *f;

	if (!u->whole)
		return false;
	tpc_vec_foreach (f, &u->whole->match_binaries)
		if (!about_negates(f))
			return true;
	tpc_vec_foreach (f, &u->whole->match_parent_binaries)
		if (!about_negates(f))
			return true;
	return false;
}

bool about_has_filters(const struct rv_rule *u)
{
	const struct tpc_selector *s = u->whole;

	return s && (s->match_pids.len || s->match_args.len || s->match_data.len ||
		     s->match_return_args.len || s->match_binaries.len || s->match_parent_binaries.len ||
		     s->match_namespaces.len || s->match_namespace_changes.len || s->match_capabilities.len ||
		     s->match_capability_changes.len || s->match_workloads);
}

const struct tpc_action *about_action(const struct rv_rule *u, enum tpc_action_kind kind)
{
	const struct tpc_action *a;

	if (u->whole)
		tpc_vec_foreach (a, &u->whole->match_actions)
			if (a->action.v == kind)
				return a;
	return NULL;
}

const char *about_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool about_in_words(const char *s, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(s, *words))
			return true;
	return false;
}

/* ---- exemptions ---- */

/* What the rules behind each one do. */
static unsigned *acts_behind(struct rv *r, const struct rv_hook *h)
{
	unsigned *acts = tpc_new_array(r->arena, unsigned, h->rules.len + 1);

	for (uint32_t i = h->rules.len; i-- > 1;)
		acts[i - 1] = acts[i] | h->rules.items[i]->acts;
	return acts;
}

static bool has_program_filters(const struct rv_hook *h)
{
	struct rv_rule *const *u;

	tpc_vec_foreach (u, &h->rules)
		if ((*u)->whole && (*u)->whole->match_binaries.len)
			return true;
	return false;
}

void about_exempts(struct rv *r, const struct rv_hook *h,
		   void (*found)(struct rv *r, const struct rv_hook *h, const struct about_exempt *e))
{
	const struct tpc_binary_filter *f;
	const unsigned *behind;

	if (!has_program_filters(h))
		return;
	behind = acts_behind(r, h);
	for (uint32_t i = 0; i < h->rules.len; i++) {
		const struct rv_rule *u = h->rules.items[i];
		bool spares = !(u->acts & RV_ACTS_ENFORCE) && (u->no_post || behind[i] & RV_ACTS_ENFORCE);

		if (!u->whole)
			continue;
		tpc_vec_foreach (f, &u->whole->match_binaries)
			if (about_negates(f))
				found(r, h, &(struct about_exempt){ u, f, u->acts });
			else if (spares)
				found(r, h, &(struct about_exempt){ u, f, behind[i] });
	}
	r->rule = NULL;
}

/* Everything of the program, wherever it runs or on the host. */
static bool takes_program(const struct rv_rule *u, const char *path)
{
	const struct tpc_selector *s = u->whole;
	const struct tpc_namespace_filter *ns;

	if (!s || !s->match_binaries.len || s->match_args.len || s->match_data.len || s->match_pids.len ||
	    s->match_return_args.len || s->match_parent_binaries.len || s->match_namespace_changes.len ||
	    s->match_capabilities.len || s->match_capability_changes.len || s->match_workloads)
		return false;
	tpc_vec_foreach (ns, &s->match_namespaces)
		if (ns->op.v != TPC_SET_OPERATOR_IN || ns->values.len != 1 ||
		    strcmp(ns->values.items[0].s, "host_ns") != 0)
			return false;
	return about_program_passes(u, path);
}

bool about_let_through(const struct rv_rule *u, const char *path)
{
	for (uint32_t i = 0; i < u->nr && i < BEFORE_MAX; i++) {
		const struct rv_rule *before = u->hook->rules.items[i];

		if (!(before->acts & RV_ACTS_ENFORCE) && takes_program(before, path) &&
		    (before->no_post || (u->acts & RV_ACTS_ENFORCE)))
			return true;
	}
	return false;
}

bool about_is_work_of(const struct rv *r, const struct rv_hook *h, const char *agent, const char *group)
{
	const struct know_agent *a = know_agent_find(r->ret->known, agent, NULL);
	const struct know_use *const *uses;
	uint32_t n = 0;

	if (!a || !h->row)
		return false;
	uses = know_uses_of(r->ret->known, h->row, &n);
	for (uint32_t i = 0; i < n; i++)
		if (!know_agent_triggers(a, uses[i]->threat->id.s) ||
		    (group && strcmp(uses[i]->threat->group.s, group) != 0))
			return false;
	return n;
}

/* ---- of briefs and options ---- */

static bool is_older(const char *kernel, unsigned major, unsigned minor)
{
	char *end;
	unsigned long a = strtoul(kernel, &end, 10), b = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;

	return a < major || (a == major && b < minor);
}

const char *about_older_kernel(const struct rv *r, unsigned major, unsigned minor)
{
	const struct tpc_text *k;

	tpc_vec_foreach (k, &r->ret->brief->kernels)
		if (is_older(k->s, major, minor))
			return k->s;
	return NULL;
}

bool about_set_monitor(struct rv *r, struct rv_finding *f, const struct rv_policy *p)
{
	const struct tpc_spec *s = &p->p->spec;
	const struct tpc_option *o;

	tpc_vec_foreach (o, &s->options)
		if (rv_is(&o->name, "policy-mode"))
			return edit_scalar(r, f, o->value.at, "monitor");
	if (s->options.len)
		return edit_add_item(r, f, s->options.items[s->options.len - 1].at, false,
				     "name: policy-mode\nvalue: monitor");
	return edit_append_key(r, f, s->at, "options:\n- name: policy-mode\n  value: monitor");
}
