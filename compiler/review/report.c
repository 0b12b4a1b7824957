// SPDX-License-Identifier: Apache-2.0
/* Facts that are in several formats of the report. */
#include "review/report.h"

#include <string.h>

#include "base/diag_pages.h"
#include "review/review_impl.h"

/* ---- whom a policy hits, and how to stop it ---- */

const char *report_scope(struct tpc_arena *a, const struct rv_policy *p)
{
	const struct rv_scope *s = &p->scope;
	const char *who = s->namespaced	       ? "pods of its namespace" :
			  s->pods && s->host   ? "every process, of pods and of the node itself" :
			  s->pods && s->labels ? "pods with its labels" :
			  s->pods	       ? "every pod" :
						 "processes of the node itself";

	if (s->namespaced && s->labels)
		who = "pods with its labels, in its namespace";
	return tpc_sprintf(a, "%s, on %s", who, s->nodes ? "nodes with its labels" : "every node");
}

const char *report_why(const struct review *r, const struct rv_finding *f)
{
	const struct know_check *k = know_check_find(r->known, f->code);
	enum tpc_diag_code code;
	const struct tpc_diag_page *page;

	if (k)
		return k->why.s;
	code = tpc_diag_code_find(f->code);
	page = code == TPC_CODE_MAX ? NULL : tpc_diag_page(code);
	return page ? page->summary : NULL;
}

const char *report_back(struct tpc_arena *a, const struct rv_policy *p)
{
	const struct tpc_metadata *m = &p->p->metadata;
	const char *ns = "";

	if (!ro_is_name(&m->name) || (m->ns.set && !ro_is_name(&m->ns)))
		return NULL;
	if (p->scope.namespaced)
		ns = tpc_sprintf(a, " -n %s", m->ns.set ? m->ns.s : "default");
	return tpc_sprintf(
		a,
		"for pod in $(kubectl -n kube-system get pods -l app.kubernetes.io/name=tetragon -o name); do\n"
		"  kubectl -n kube-system exec \"$pod\" -c tetragon -- tetra tracingpolicy set-mode --domain k8s%s %s monitor\n"
		"done",
		ns, m->name.s);
}
