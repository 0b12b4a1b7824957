// SPDX-License-Identifier: Apache-2.0
/*
 * Rules between fields: the CRD's own validations (cilium/tetragon, pkg/k8s/apis/cilium.io/v1alpha1), those of
 * the API server on labels, and values whose form is the same for every hook.
 */
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "base/utf8.h"
#include "frontend/k8s_name.h"
#include "frontend/mistakes.h"
#include "frontend/rules.h"

static const char *shown(struct tpc_ctx *c, const char *s, uint32_t len)
{
	return tpc_utf8_shown(c->arena, s, len < 64 ? len : 64);
}

/* ---- label selectors ---- */
static void check_labels(struct tpc_ctx *c, const struct tpc_label_selector *s)
{
	const struct tpc_pair *pair;
	struct tpc_diag *diag;

	if (!s)
		return;
	tpc_vec_foreach (pair, &s->match_labels) {
		const struct tpc_text *v = &pair->value;

		if (v->len > K8S_LABEL_MAX) {
			tpc_error(&c->diags, v->at, TPC_E_RANGE, "a label's value has %u bytes, more than %d",
				  v->len, K8S_LABEL_MAX);
		} else if (v->len && !k8s_is_label_value(v->s, v->len)) {
			diag = tpc_error(&c->diags, v->at, TPC_E_NAME, "no label can have the value '%s'",
					 shown(c, v->s, v->len));
			tpc_diag_hint(&c->diags, diag, "letters, digits, and '-', '_' or '.' between them");
		}
	}
}

static void check_host_selector(struct tpc_ctx *c, const struct tpc_label_selector *s)
{
	struct tpc_diag *diag;
	struct tpc_span at;

	if (!s || (!s->match_labels.at.file && !s->match_expressions.at.file))
		return;
	at = s->match_labels.at.file ? s->match_labels.at : s->match_expressions.at;
	diag = tpc_error(&c->diags, at, TPC_E_TOGETHER, "a 'hostSelector' cannot select by labels");
	tpc_diag_hint(&c->diags, diag, "write 'hostSelector: {}'");
}

/* ---- actions ---- */
bool rules_rate_limit(const struct tpc_value *v, uint64_t *ret_ms)
{
	static const char units[] = "smhSMH";
	static const uint32_t seconds[] = { 1, 60, 3600 };
	const char *unit = v->len ? strchr(units, v->s[v->len - 1]) : NULL;
	uint64_t n;

	if (tpc_parse_uint(v->s, v->len - (unit != NULL), 10, 32, &n) != TPC_NUMBER_OK)
		return false;
	*ret_ms = n * 1000 * (unit ? seconds[(unit - units) % 3] : 1);
	return true;
}

static void check_rate_limit(struct tpc_ctx *c, const struct tpc_value *v)
{
	struct tpc_diag *diag;
	uint64_t ms;

	if (!v->len || rules_rate_limit(v, &ms))
		return;
	diag = tpc_error(&c->diags, v->at, TPC_E_VALUE, "'%s' is not a rate limit", shown(c, v->s, v->len));
	tpc_diag_hint(&c->diags, diag, "write a time: 30, 30s, 5m or 1h");
	if (memchr(v->s, '/', v->len))
		tpc_diag_note(
			&c->diags, diag, TPC_NOWHERE,
			"it is the time in which an equal event is not sent again, not a number of events");
}

struct written {
	const char *name;
	bool set;
	struct tpc_span at;
};

/* At most one of @fields: an error at the second. */
static void check_at_most_one(struct tpc_ctx *c, const struct written *fields, uint32_t n, const char *owner)
{
	const struct written *first = NULL;

	for (uint32_t i = 0; i < n; i++) {
		struct tpc_diag *diag;

		if (!fields[i].set)
			continue;
		if (!first) {
			first = &fields[i];
			continue;
		}
		diag = tpc_error(&c->diags, fields[i].at, TPC_E_TOGETHER, "%s cannot have both '%s' and '%s'",
				 owner, first->name, fields[i].name);
		tpc_diag_note(&c->diags, diag, first->at, "'%s' is here", first->name);
		return;
	}
}

static void check_action(struct tpc_ctx *c, const struct tpc_action *a)
{
	const struct written targets[] = {
		{ "argNewSymbol", a->arg_new_symbol.set, a->arg_new_symbol.at },
		{ "argNewAddr", a->arg_new_addr.set, a->arg_new_addr.at },
		{ "argNewOffset", a->arg_new_offset.set, a->arg_new_offset.at },
	};

	check_at_most_one(c, targets, sizeof(targets) / sizeof(targets[0]), "an action");
	check_rate_limit(c, &a->rate_limit);
}

/* ---- selectors ---- */

/* A name in letters where an inode number belongs: that of a Kubernetes namespace, most often. */
static void check_namespace_values(struct tpc_ctx *c, const struct tpc_namespace_filter *f)
{
	const struct tpc_value *v;
	struct tpc_diag *diag;

	tpc_vec_foreach (v, &f->values) {
		if (!v->len || tpc_is_digit(v->s[0]) || !strcmp(v->s, "host_ns"))
			continue;
		diag = tpc_error(&c->diags, v->at, TPC_E_VALUE,
				 "'%s' is neither the inode number of a namespace nor 'host_ns'",
				 shown(c, v->s, v->len));
		if (strncmp(v->s, "host", 4) != 0)
			tpc_diag_note(&c->diags, diag, TPC_NOWHERE, "%s", mistake_kubernetes_namespace);
		else
			tpc_diag_hint(&c->diags, diag, "did you mean 'host_ns'?");
		return; /* the others are of the same kind */
	}
}

static void check_selector(struct tpc_ctx *c, const struct tpc_selector *s)
{
	const struct tpc_namespace_filter *ns;
	const struct tpc_action *a;

	tpc_vec_foreach (a, &s->match_actions)
		check_action(c, a);
	tpc_vec_foreach (a, &s->match_return_actions)
		check_action(c, a);
	tpc_vec_foreach (ns, &s->match_namespaces)
		check_namespace_values(c, ns);
	if (!s->match_workloads)
		return;
	check_labels(c, s->match_workloads->pod_selector);
	check_labels(c, s->match_workloads->container_selector);
	check_host_selector(c, s->match_workloads->host_selector);
}

static void check_selectors(struct tpc_ctx *c, const struct tpc_selector *s, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		check_selector(c, &s[i]);
}

/* ---- hooks ---- */
static void check_return(struct tpc_ctx *c, const struct tpc_bool *ret, const struct tpc_arg *arg)
{
	struct tpc_diag *diag;

	if (ret->v && !arg) {
		diag = tpc_error(&c->diags, ret->at, TPC_E_MISSING_FIELD,
				 "'return: true' without 'returnArg'");
		tpc_diag_hint(&c->diags, diag, "add 'returnArg: {index: 0, type: int}', or its other type");
	}
}

static void check_uprobe(struct tpc_ctx *c, const struct tpc_uprobe *u)
{
	const struct written places[] = {
		{ "symbols", u->symbols.at.file, u->symbols.at },
		{ "offsets", u->offsets.at.file, u->offsets.at },
		{ "addrs", u->addrs.at.file, u->addrs.at },
	};

	check_at_most_one(c, places, sizeof(places) / sizeof(places[0]), "a uprobe");
	check_return(c, &u->ret, u->return_arg);
	check_selectors(c, u->selectors.items, u->selectors.len);
}

static void check_kprobe(struct tpc_ctx *c, const struct tpc_kprobe *k)
{
	check_return(c, &k->ret, k->return_arg);
	check_selectors(c, k->selectors.items, k->selectors.len);
}

static void check_hooks(struct tpc_ctx *c, const struct tpc_spec *s)
{
	const struct tpc_tracepoint *t;
	const struct tpc_lsmhook *l;
	const struct tpc_uprobe *u;
	const struct tpc_kprobe *k;
	const struct tpc_macro *m;
	const struct tpc_usdt *d;

	tpc_vec_foreach (k, &s->kprobes)
		check_kprobe(c, k);
	tpc_vec_foreach (k, &s->fentries)
		check_kprobe(c, k);
	tpc_vec_foreach (u, &s->uprobes)
		check_uprobe(c, u);
	tpc_vec_foreach (t, &s->tracepoints)
		check_selectors(c, t->selectors.items, t->selectors.len);
	tpc_vec_foreach (l, &s->lsmhooks)
		check_selectors(c, l->selectors.items, l->selectors.len);
	tpc_vec_foreach (d, &s->usdts)
		check_selectors(c, d->selectors.items, d->selectors.len);
	tpc_vec_foreach (m, &s->selectors_macros)
		check_selector(c, &m->selector);
}

/* What one kind may hold and the other may not. */
static void check_kind(struct tpc_ctx *c, const struct tpc_policy *p)
{
	struct tpc_diag *diag;

	if (p->kind == TPC_TRACING_POLICY) {
		if (!p->metadata.ns.len)
			return;
		diag = tpc_error(&c->diags, p->metadata.ns.at, TPC_E_NAME,
				 "a TracingPolicy does not belong to a namespace");
		tpc_diag_hint(&c->diags, diag, "remove it, or write 'kind: TracingPolicyNamespaced'");
		return;
	}
	if (p->spec.host_selector)
		tpc_error(&c->diags, p->spec.host_selector->at, TPC_E_TOGETHER,
			  "a TracingPolicyNamespaced cannot have a 'hostSelector'");
}

void rules_check(struct tpc_ctx *c, const struct tpc_policy *p)
{
	check_kind(c, p);
	check_labels(c, p->spec.pod_selector);
	check_labels(c, p->spec.container_selector);
	check_labels(c, p->spec.node_selector);
	check_host_selector(c, p->spec.host_selector);
	check_hooks(c, &p->spec);
}
