// SPDX-License-Identifier: Apache-2.0
/* What a SIEM needs of events (TPR7xx): asked when the brief names one. How events get there is the report's. */
#include "review/about.h"

#define TAGS_MAX 16

static const struct know_threat *threat_of(const struct rv_hook *h)
{
	const struct know_threat *found = NULL;
	struct rv_rule *const *u;
	const struct rv_covered *t;

	tpc_vec_foreach (u, &h->rules)
		tpc_vec_foreach (t, &(*u)->threats) {
			if (found && found != t->threat)
				return NULL; /* a person must say which it is */
			found = t->threat;
		}
	return found;
}

static const char *tags_of(struct rv *r, const struct know_threat *t)
{
	const char *s = tpc_sprintf(r->arena, "tags: [%s", t->id.s);
	const struct tpc_text *m;

	tpc_vec_foreach (m, &t->mitre)
		s = tpc_sprintf(r->arena, "%s, mitre.%s", s, m->s);
	return tpc_sprintf(r->arena, "%s, severity.%s]", s, t->severity.s);
}

/* In double quotes, which titles do not have. */
static const char *message_of(struct rv *r, const struct know_threat *t)
{
	if (strpbrk(t->title.s, "\"\\\n") || t->title.len > 200)
		return NULL;
	return tpc_sprintf(r->arena, "message: \"%s\"", t->title.s);
}

/* TPR701 */
static void no_message(struct rv *r, const struct rv_hook *h)
{
	const struct know_threat *t = threat_of(h);
	const char *text = NULL;
	struct rv_rule *const *u;
	struct rv_finding *x;
	unsigned acts = 0;

	tpc_vec_foreach (u, &h->rules)
		acts |= (*u)->acts;
	if (!r->ret->brief->siem.v || (h->message.set && h->ntags) || !(acts & RV_ACT_POST))
		return;
	x = rv_say(r, h->name.at, "events of %s come without %s, so nobody can route or explain them",
		   rv_hook_words(r->arena, h),
		   h->message.set ? "tags" :
		   h->ntags	  ? "a message" :
				    "a message and tags");
	rv_mend(r, x, "add %s: what it means, and %s",
		h->message.set ? "tags" :
		h->ntags       ? "a message" :
				 "both",
		"the threat, its technique of ATT&CK and a severity");
	if (!t)
		return;
	text = h->message.set ? tags_of(r, t) : message_of(r, t);
	if (text && !h->message.set && !h->ntags)
		text = tpc_sprintf(r->arena, "%s\n%s", text, tags_of(r, t));
	if (text)
		edit_append_key(r, x, h->at, text);
}

/* TPR702 */
static void secrets(struct rv *r, const struct rv_hook *h)
{
	const struct tpc_arg *a = NULL;
	struct rv_rule *const *u;
	unsigned acts = 0;

	tpc_vec_foreach (u, &h->rules)
		acts |= (*u)->acts;
	if (!r->ret->brief->siem.v || !(acts & RV_ACT_POST))
		return;
	for (uint32_t i = 0; i < h->nargs; i++) {
		a = &h->args[i];
		if (a->type.v != TPC_ARG_TYPE_CHAR_BUF && a->type.v != TPC_ARG_TYPE_CHAR_IOVEC &&
		    a->type.v != TPC_ARG_TYPE_IOV_ITER)
			continue;
		rv_mend(r,
			rv_say(r, a->at,
			       "bytes of what programs read or write go to the SIEM, secrets among them"),
			"filter on it and leave it out of events, or set redactionFilters in the agent");
	}
}

const struct rv_check rv_checks_metadata[] = {
	{ .code = "TPR701", .of_hook = no_message },
	{ .code = "TPR702", .of_hook = secrets },
	{ 0 },
};
