// SPDX-License-Identifier: Apache-2.0
/* Modes of policies (TPR60x); stages, rollback and what proves them are the report's. */
#include "review/about.h"

/* ---- TPR602: what monitor mode does not hold back ---- */
static void not_held_back(struct rv *r, const struct rv_rule *u)
{
	const struct tpc_action *a;

	if (!u->hook->policy->monitor || !u->whole)
		return;
	tpc_vec_foreach (a, &u->whole->match_actions)
		if (a->action.v == TPC_ACTION_GET_URL || a->action.v == TPC_ACTION_DNS_LOOKUP ||
		    a->action.v == TPC_ACTION_TRACK_SOCK)
			rv_mend(r, rv_say(r, a->at, "monitor mode does not hold '%s' back", a->action.s),
				"remove it for this stage");
}

/* ---- TPR603: what a policy says of itself ---- */

static bool has_word(const char *s, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = strstr(s, word); p; p = strstr(p + 1, word))
		if ((p == s || p[-1] == '-' || p[-1] == '.') && (!p[n] || p[n] == '-' || p[n] == '.'))
			return true;
	return false;
}

static void says_otherwise(struct rv *r, const struct rv_policy *p)
{
	static const char *const words[] = { "detect", "observe", "observation", "audit",
					     "alert",  "monitor", "watch",	 NULL };
	const char *name = p->p->metadata.name.s;

	for (const char *const *w = words; *w && rv_enforces(p, p->acts); w++)
		if (has_word(name, *w)) {
			rv_mend(r,
				rv_say(r, p->p->metadata.name.at, "'%s' enforces, and its name says '%s'",
				       name, *w),
				"give it another name, or the option policy-mode with monitor");
			return;
		}
}

const struct rv_check rv_checks_mode[] = {
	{ .code = "TPR602", .of_rule = not_held_back },
	{ .code = "TPR603", .of_policy = says_otherwise },
	{ 0 },
};
