// SPDX-License-Identifier: Apache-2.0
/* Findings: those of the checks, those that the compiler's diagnostics are, and those that somebody accepts. */
#include "base/diag.h"
#include "review/review_impl.h"

const char *const rv_severities[RV_SEVERITY_MAX] = { "note", "medium", "high", "error" };

static struct rv_finding *add(struct rv *r, const char *code, const char *slug, enum rv_severity sev,
			      struct tpc_span at)
{
	struct rv_finding *f = tpc_new(r->arena, struct rv_finding);

	*f = (struct rv_finding){
		.code = code,
		.slug = slug,
		.severity = sev,
		.at = at,
		.text = "",
		.policy = r->policy,
		.hook = r->hook,
		.rule = r->rule,
		.seq = r->ret->findings.len,
	};
	*tpc_vec_push(r->arena, &r->ret->findings) = f;
	return f;
}

struct rv_finding *rv_say(struct rv *r, struct tpc_span at, const char *fmt, ...)
{
	const struct know_check *k = r->check;
	struct rv_finding *f = add(r, k->code.s, k->slug.s, (enum rv_severity)(k->severity.v - 1), at);
	va_list ap;

	va_start(ap, fmt);
	f->text = tpc_vsprintf(r->arena, fmt, ap);
	va_end(ap);
	return f;
}

void rv_mend(struct rv *r, struct rv_finding *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	f->mend = tpc_vsprintf(r->arena, fmt, ap);
	va_end(ap);
}

/* ---- diagnostics ---- */

/* The policy whose document holds @at, NULL: none. */
static const struct rv_policy *policy_at(const struct rv *r, struct tpc_span at)
{
	struct rv_policy **p;

	tpc_vec_foreach (p, &r->ret->policies) {
		struct tpc_span doc = (*p)->p->at;

		if (doc.file == at.file && at.off >= doc.off && at.off - doc.off < doc.len)
			return *p;
	}
	return NULL;
}

/* What Tetragon does otherwise without a word is worse than its refusal, which somebody notices. */
static enum rv_severity severity_of(const struct tpc_diag *d)
{
	if (d->sev == TPC_ERROR)
		return RV_ERROR;
	switch (d->code) {
	case TPC_T_SILENT:
	case TPC_W_ARG_TYPE: /* what is compared then is another thing */
	case TPC_W_SELECTOR_DEAD:
	case TPC_W_SELECTOR_SPLIT:
	case TPC_W_OVERRIDE_RESULT:
		return RV_HIGH;
	case TPC_T_LIMIT:
	case TPC_T_TYPE:
	case TPC_T_HOOK:
	case TPC_T_ACTION:
	case TPC_T_VALUE:
	case TPC_T_POLICY:
		return RV_ERROR;
	case TPC_E_NOT_YET: /* about tpc, not about the policy */
		return RV_NOTE;
	default:
		return d->sev == TPC_WARNING ? RV_MEDIUM : RV_NOTE;
	}
}

void rv_take_diagnostics(struct rv *r)
{
	tpc_diags_sort(&r->c->diags);
	for (uint32_t i = 0; i < r->c->diags.list.len; i++) {
		const struct tpc_diag *d = r->c->diags.list.items[i];
		struct rv_finding *f;

		r->policy = policy_at(r, d->at);
		f = add(r, tpc_diag_code_id(d->code), tpc_diag_code_slug(d->code), severity_of(d), d->at);
		f->text = d->msg;
		f->mend = d->hint;
	}
	r->policy = NULL;
}

/* ---- what somebody accepts ---- */

#define IGNORE "# tpc:ignore "

/* The reason that line @line of source @file gives for leaving @code; NULL: it does not name it, or gives none. */
static const char *ignored(struct rv *r, struct tpc_span at, const char *code)
{
	struct tpc_place place;
	const char *s, *end;
	size_t n = strlen(code);

	if (!tpc_source_place(&r->c->sources, at, &place))
		return NULL;
	end = place.line_text + place.line_len;
	s = memmem(place.line_text, place.line_len, IGNORE, strlen(IGNORE));
	if (!s)
		return NULL;
	s += strlen(IGNORE);
	if ((size_t)(end - s) <= n || memcmp(s, code, n) || s[n] != ' ')
		return NULL;
	for (s += n; s < end && *s == ' ';)
		s++;
	while (end > s && (end[-1] == ' ' || end[-1] == '\r'))
		end--;
	return s < end ? tpc_strndup(r->arena, s, (size_t)(end - s)) : NULL;
}

static const char *accepted_in_brief(const struct rv *r, const struct rv_finding *f)
{
	const struct brief_accept *a;

	tpc_vec_foreach (a, &r->ret->brief->accept)
		if (!strcmp(a->code.s, f->code) &&
		    (!a->policy.set || (f->policy && !strcmp(a->policy.s, f->policy->p->metadata.name.s))))
			return a->reason.s;
	return NULL;
}

void rv_accept(struct rv *r)
{
	struct rv_finding **f;

	tpc_vec_foreach (f, &r->ret->findings) {
		(*f)->accepted = ignored(r, (*f)->at, (*f)->code);
		if (!(*f)->accepted)
			(*f)->accepted = accepted_in_brief(r, *f);
		if (!(*f)->accepted)
			r->ret->count[(*f)->severity]++;
	}
}
