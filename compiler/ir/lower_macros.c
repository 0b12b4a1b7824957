// SPDX-License-Identifier: Apache-2.0
/*
 * selectorsMacros: filters with a name that selectors take over. A kind of filter may come from one place only,
 * the selector or one of its macros: cilium/tetragon, pkg/sensors/tracing/generic.go (appendMacrosSelectors).
 */
#include <string.h>

#include "base/suggest.h"
#include "ir/lower_impl.h"

static const struct tpc_macro *find_macro(struct lower *l, const struct tpc_text *name)
{
	uint32_t nr = lower_index_find(&l->macros, name->s, name->len);
	const struct tpc_macro *other;
	struct tpc_suggest s = TPC_SUGGEST(name->s, name->len);
	struct tpc_diag *d;

	if (nr != LOWER_INDEX_NONE) {
		l->macro_used[nr] = true;
		return &l->policy->spec.selectors_macros.items[nr];
	}
	d = lower_error(l, name->at, TPC_E_MACRO, "there is no macro '%s'",
			lower_show(l, name->s, name->len));
	tpc_vec_foreach (other, &l->policy->spec.selectors_macros)
		tpc_suggest_try(&s, other->name.s);
	if (s.best)
		lower_hint(l, d, "did you mean '%s'?", s.best);
	else
		lower_hint(l, d, "name it in spec.selectorsMacros");
	return NULL;
}

struct splice {
	struct lower *l;
	const struct tpc_text *macro; /* as the selector names it */
	const char *field;
};

static void say_conflict(const struct splice *sp, struct tpc_span other)
{
	struct tpc_diag *d;

	d = lower_error(sp->l, sp->macro->at, TPC_E_MACRO,
			"macro '%s' has '%s', which the selector has already from elsewhere",
			lower_show(sp->l, sp->macro->s, sp->macro->len), sp->field);
	if (other.file)
		tpc_diag_note(&sp->l->c->diags, d, other, "the other '%s' is here", sp->field);
}

/* Whole lists are taken over: their items stay where they are. */
#define SPLICE(m, spelling)                                                                                  \
	do {                                                                                                 \
		sp.field = spelling;                                                                         \
		if (from->m.len && to->m.len)                                                                \
			say_conflict(&sp, to->m.at);                                                         \
		else if (from->m.len)                                                                        \
			to->m = from->m;                                                                     \
	} while (0)

static void splice_macro(struct lower *l, const struct tpc_text *name, const struct tpc_selector *from,
			 struct tpc_selector *to)
{
	struct splice sp = { .l = l, .macro = name };

	if (!to->label.len)
		to->label = from->label;
	SPLICE(match_pids, "matchPIDs");
	SPLICE(match_args, "matchArgs");
	SPLICE(match_data, "matchData");
	SPLICE(match_actions, "matchActions");
	SPLICE(match_return_args, "matchReturnArgs");
	SPLICE(match_return_actions, "matchReturnActions");
	SPLICE(match_binaries, "matchBinaries");
	SPLICE(match_parent_binaries, "matchParentBinaries");
	SPLICE(match_namespaces, "matchNamespaces");
	SPLICE(match_namespace_changes, "matchNamespaceChanges");
	SPLICE(match_capabilities, "matchCapabilities");
	SPLICE(match_capability_changes, "matchCapabilityChanges");
	sp.field = "matchWorkloads";
	if (from->match_workloads && to->match_workloads)
		say_conflict(&sp, to->match_workloads->at);
	else if (from->match_workloads)
		to->match_workloads = from->match_workloads;
}

const struct tpc_selector *lower_macros(struct lower *l, const struct tpc_selector *s)
{
	const struct tpc_text *name;
	struct tpc_selector *whole;

	if (!s->macros.len)
		return s;
	whole = tpc_new(l->c->arena, struct tpc_selector);
	*whole = *s;
	tpc_vec_foreach (name, &s->macros) {
		const struct tpc_macro *m = name->set ? find_macro(l, name) : NULL;

		if (m)
			splice_macro(l, name, &m->selector, whole);
	}
	return whole;
}

void lower_check_macros(struct lower *l)
{
	const struct tpc_spec *s = &l->policy->spec;

	l->macros = (struct lower_index){ 0 };
	l->macro_used = tpc_new_array(l->c->arena, bool, s->selectors_macros.len);
	for (uint32_t i = 0; i < s->selectors_macros.len; i++) {
		const struct tpc_macro *m = &s->selectors_macros.items[i];

		lower_index_add(l->c->arena, &l->macros, m->name.s, i);
		if (m->selector.macros.len)
			lower_error(l, m->selector.macros.at, TPC_E_MACRO, "a macro cannot use macros");
	}
}

void lower_unused_macros(struct lower *l)
{
	const struct tpc_spec *s = &l->policy->spec;

	for (uint32_t i = 0; i < s->selectors_macros.len; i++) {
		const struct tpc_text *name = &s->selectors_macros.items[i].name;

		if (!l->macro_used[i])
			lower_hint(l,
				   lower_warning(l, name->at, TPC_W_NO_EFFECT, "macro '%s' is not used",
						 lower_show(l, name->s, name->len)),
				   "name it in 'macros:' of a selector, or remove it");
	}
}
