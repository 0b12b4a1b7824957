// SPDX-License-Identifier: Apache-2.0
/* Selectors: their macros (generic.go), and the limits of their filters (kernel.go). */
#include "compat/compat_impl.h"

#define SELECTORS_MAX 5
#define FILTERS_MAX 5
#define NAMESPACES_MAX 10
#define VALUES_MAX 4
#define PIDS_SEEN 4
#define BINARY_MAX 255
#define PREFIX_MAX 256
#define POSTFIX_MAX 127
#define FOLLOW_MAX 64 /* sets of processes in the whole agent: pkg/mbset */

/* ---- macros ---- */

static void say_merged(struct compat *x, const struct tpc_text *name, const char *field)
{
	compat_say(x, name->at, TPC_T_POLICY,
		   "Tetragon takes '%s' from one place, and macro '%s' has what is written already", field,
		   compat_show(x, name->s, name->len));
}

#define MERGE(member, field)                                                                                 \
	do {                                                                                                 \
		if (ret->s.member.len && m->member.len)                                                      \
			say_merged(x, name, field);                                                          \
		else if (m->member.len)                                                                      \
			ret->s.member = m->member;                                                           \
	} while (0)

static void merge(struct compat *x, struct compat_selector *ret, const struct tpc_text *name,
		  const struct tpc_selector *m)
{
	MERGE(match_pids, "matchPIDs");
	MERGE(match_args, "matchArgs");
	MERGE(match_data, "matchData");
	MERGE(match_actions, "matchActions");
	MERGE(match_return_args, "matchReturnArgs");
	MERGE(match_return_actions, "matchReturnActions");
	MERGE(match_binaries, "matchBinaries");
	MERGE(match_parent_binaries, "matchParentBinaries");
	MERGE(match_namespaces, "matchNamespaces");
	MERGE(match_namespace_changes, "matchNamespaceChanges");
	MERGE(match_capabilities, "matchCapabilities");
	MERGE(match_capability_changes, "matchCapabilityChanges");
	if (m->macros.len)
		compat_say(x, m->macros.at, TPC_T_POLICY, "Tetragon takes no macros inside a macro");
	if (m->match_workloads)
		compat_say(x, m->match_workloads->at, TPC_T_SILENT,
			   "Tetragon passes over 'matchWorkloads' of a macro");
}

static const struct tpc_selector *find_macro(struct compat *x, const struct tpc_text *name)
{
	const struct tpc_macro *m;

	compat_spend(x, x->policy->spec.selectors_macros.len);
	tpc_vec_foreach (m, &x->policy->spec.selectors_macros)
		if (m->name.len == name->len && !memcmp(m->name.s, name->s, name->len))
			return &m->selector;
	compat_say(x, name->at, TPC_T_POLICY, "there is no macro '%s'", compat_show(x, name->s, name->len));
	return NULL;
}

static struct compat_selector fill_in(struct compat *x, const struct tpc_selector *s)
{
	struct compat_selector ret = { .s = *s, .own = s };
	const struct tpc_text *name;

	tpc_vec_foreach (name, &s->macros) {
		const struct tpc_selector *m = find_macro(x, name);

		if (m)
			merge(x, &ret, name, m);
		if (x->exhausted)
			break;
	}
	return ret;
}

/* ---- filters of the process ---- */

static void check_pids(struct compat *x, const struct compat_selector *s)
{
	const struct tpc_pid_filter *p = s->s.match_pids.items;

	if (s->s.match_pids.len > 1) /* bpf/process/pfilter.h */
		compat_say(
			x, p[1].at, TPC_T_SILENT,
			"Tetragon looks at the first 'matchPIDs' alone, and reads what follows at a wrong place");
	if (s->s.match_pids.len && p->values.len > PIDS_SEEN)
		compat_say(x, p->values.items[PIDS_SEEN].at, TPC_T_SILENT,
			   "Tetragon looks at %d process ids, and these are %u", PIDS_SEEN, p->values.len);
}

static void check_namespace(struct compat *x, const struct tpc_namespace_filter *f)
{
	const struct tpc_value *v;
	uint64_t number;

	if (f->values.len > VALUES_MAX)
		compat_say(x, f->values.items[VALUES_MAX].at, TPC_T_LIMIT,
			   "Tetragon takes %d namespaces a filter, and these are %u", VALUES_MAX,
			   f->values.len);
	tpc_vec_foreach (v, &f->values) {
		if (!compat_spend(x, 1))
			return;
		compat_is_text(x, v);
		if (strcmp(v->s, "host_ns") && tpc_parse_uint(v->s, v->len, 10, 32, &number))
			compat_hint(x,
				    compat_say(x, v->at, TPC_T_VALUE,
					       "Tetragon does not take '%s' as a namespace",
					       compat_show(x, v->s, v->len)),
				    "a decimal inode number, or host_ns");
	}
}

static void check_namespaces(struct compat *x, const struct compat_selector *s)
{
	const struct tpc_namespace_filter *f = s->s.match_namespaces.items;
	uint32_t n = s->s.match_namespaces.len;

	if (n > NAMESPACES_MAX)
		compat_say(x, f[NAMESPACES_MAX].at, TPC_T_LIMIT,
			   "Tetragon takes %d 'matchNamespaces' a selector, and these are %u", NAMESPACES_MAX,
			   n);
	for (uint32_t i = 0; i < n && i < NAMESPACES_MAX; i++)
		check_namespace(x, &f[i]);
	if (s->s.match_namespace_changes.len > 1)
		compat_say(x, s->s.match_namespace_changes.items[1].at, TPC_T_LIMIT,
			   "Tetragon takes 1 'matchNamespaceChanges' a selector, and these are %u",
			   s->s.match_namespace_changes.len);
}

static void check_caps(struct compat *x, const struct tpc_capability_filter *f, uint32_t n, const char *what)
{
	if (n > 1)
		compat_say(x, f[1].at, TPC_T_SILENT, "Tetragon looks at the first '%s' of a selector alone",
			   what);
	for (uint32_t i = 0; i < n; i++) {
		const struct tpc_value *v;

		tpc_vec_foreach (v, &f[i].values) {
			struct tpc_text t = compat_trim(v->s, v->len);

			if (!compat_spend(x, 1))
				return;
			compat_is_text(x, v);
			if (t.len && t.s[0] >= '0' && t.s[0] <= '9')
				compat_say(x, v->at, TPC_T_VALUE,
					   "Tetragon takes capabilities by name here, not '%s'",
					   compat_show(x, v->s, v->len));
		}
	}
}

/* ---- binaries ---- */

static bool is_in(const struct tpc_word *op)
{
	return op->v == TPC_BINARY_OPERATOR_IN || op->v == TPC_BINARY_OPERATOR_NOT_IN;
}

static uint32_t path_max(const struct tpc_word *op)
{
	if (is_in(op))
		return BINARY_MAX;
	return op->v == TPC_BINARY_OPERATOR_PREFIX || op->v == TPC_BINARY_OPERATOR_NOT_PREFIX ? PREFIX_MAX :
												POSTFIX_MAX;
}

static void check_follow(struct compat *x, const struct tpc_binary_filter *b)
{
	uint64_t before = x->follow;

	if (!b->follow_children.v)
		return;
	if (!is_in(&b->op))
		compat_hint(x,
			    compat_say(x, b->follow_children.at, TPC_T_TYPE,
				       "Tetragon takes no 'followChildren' with '%s'", b->op.s),
			    "In or NotIn");
	x->follow += x->hook->ncalls ? x->hook->ncalls : 1;
	if (before <= FOLLOW_MAX && x->follow > FOLLOW_MAX)
		compat_say(x, b->follow_children.at, TPC_T_LIMIT,
			   "Tetragon follows the children of %d sets of programs, and this policy has more",
			   FOLLOW_MAX);
}

static void check_binary(struct compat *x, const struct tpc_binary_filter *b)
{
	const struct tpc_text *v;
	uint32_t max = path_max(&b->op);

	if (!b->values.len) {
		compat_say(x, b->at, TPC_T_SILENT,
			   "Tetragon passes over a filter of programs without values");
		return;
	}
	check_follow(x, b);
	tpc_vec_foreach (v, &b->values) {
		if (!compat_spend(x, 1))
			return;
		if (v->len > max)
			compat_say(
				x, v->at, TPC_T_LIMIT,
				"Tetragon compares %u bytes of a program's path with '%s', and this has %u",
				max, b->op.s, v->len);
	}
	compat_maps_binary(x, b);
}

static void check_binaries(struct compat *x, const struct tpc_binary_filter *b, uint32_t n, const char *what)
{
	if (n > 1)
		compat_hint(x,
			    compat_say(x, b[1].at, TPC_T_LIMIT,
				       "Tetragon takes 1 '%s' a selector, and these are %u", what, n),
			    "the values of one filter are ORed");
	if (n)
		check_binary(x, b);
}

/* ---- a selector ---- */

static void check_selector(struct compat *x, const struct compat_selector *s)
{
	uint32_t nfilters = s->s.match_args.len + s->s.match_data.len;

	check_pids(x, s);
	check_namespaces(x, s);
	check_caps(x, s->s.match_capabilities.items, s->s.match_capabilities.len, "matchCapabilities");
	check_caps(x, s->s.match_capability_changes.items, s->s.match_capability_changes.len,
		   "matchCapabilityChanges");
	check_binaries(x, s->s.match_binaries.items, s->s.match_binaries.len, "matchBinaries");
	check_binaries(x, s->s.match_parent_binaries.items, s->s.match_parent_binaries.len,
		       "matchParentBinaries");
	if (x->sev == TPC_ERROR && s->s.match_parent_binaries.len == 1)
		compat_say(
			x, s->s.match_parent_binaries.at, TPC_T_SILENT,
			"Tetragon takes 'matchParentBinaries' only with the agent's --parents-map-enabled");
	if (nfilters > FILTERS_MAX)
		compat_say(x,
			   s->s.match_args.len > FILTERS_MAX ?
				   s->s.match_args.items[FILTERS_MAX].at :
				   s->s.match_data.items[FILTERS_MAX - s->s.match_args.len].at,
			   TPC_T_LIMIT, "Tetragon takes %d filters of arguments a selector, and these are %u",
			   FILTERS_MAX, nfilters);
	compat_filters(x, s);
	compat_actions(x, s);
}

void compat_selectors(struct compat *x, const struct compat_hook *h)
{
	uint64_t bytes = 4;

	compat_maps_begin(x);
	if (h->nselectors > SELECTORS_MAX)
		compat_say(x, h->selectors[SELECTORS_MAX].at, TPC_T_LIMIT,
			   "Tetragon takes %d selectors a hook, and this has %u", SELECTORS_MAX,
			   h->nselectors);
	for (uint32_t i = 0; i < h->nselectors && i < SELECTORS_MAX; i++) {
		struct compat_selector s = fill_in(x, &h->selectors[i]);

		if (!compat_spend(x, 1))
			return;
		check_selector(x, &s);
		compat_encoding(x, &s, &bytes);
	}
	compat_maps_end(x, h);
}
