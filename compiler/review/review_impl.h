// SPDX-License-Identifier: Apache-2.0
/*
 * What the files of the reviewer share. review.c brings policies into the form of review.h, finds out what each rule is for
 * (cover.c) and whom it hits (agents.c), then runs the checks. A check is a row of templates/knowledge/checks/
 * (code, severity, why, mend) and a function here; each file check_*.c has one family of them.
 */
#ifndef TPC_REVIEW_IMPL_H
#define TPC_REVIEW_IMPL_H

#include <string.h>

#include "ir/ir.h"
#include "review/edit.h"
#include "review/review.h"

struct rv_seen;
struct logic_unit;

struct rv {
	struct tpc_ctx *c;
	struct tpc_arena *arena; /* c's */
	struct review *ret;
	const struct know_check *check; /* the one that runs */
	/* What it is asked about; NULL beyond its own depth. */
	const struct rv_policy *policy;
	const struct rv_hook *hook;
	const struct rv_rule *rule;
	uint64_t macro_budget;
	const struct rv_seen *seen; /* check_hook.c: what is hooked at all; NULL: not asked for yet */
	struct edit_trees trees;    /* of the sources, as far as edits asked for them */
	struct logic_unit *logic;   /* logic.c; NULL: nothing has been asked */
	bool nameless_known, nameless_stopped; /* check_binaries.c */
};

/* One of the three: asked of each policy, hook or rule. Policies with errors are passed over. */
struct rv_check {
	const char *code;
	void (*of_policy)(struct rv *r, const struct rv_policy *p);
	void (*of_hook)(struct rv *r, const struct rv_hook *h);
	void (*of_rule)(struct rv *r, const struct rv_rule *u);
};

/* The families, each ends with a row of zeroes; checks.c lists them. */
extern const struct rv_check rv_checks_hook[];	   /* check_hook.c: is it the right place to look (TPR1xx) */
extern const struct rv_check rv_checks_binaries[]; /* check_binaries.c: programs by their path (TPR30x, 31x) */
extern const struct rv_check rv_checks_selectors[]; /* check_selectors.c: logic of selectors (TPR32x, 33x) */
extern const struct rv_check rv_checks_enforce[];   /* check_enforce.c: what enforcement does (TPR4xx) */
extern const struct rv_check
	rv_checks_kernel[]; /* check_kernel.c: is it the same on each kernel of the fleet (TPR12x) */
extern const struct rv_check rv_checks_cost[];	 /* check_cost.c: what it costs (TPR13x) */
extern const struct rv_check rv_checks_values[]; /* check_values.c: types and values of arguments (TPR2xx) */
extern const struct rv_check rv_checks_schema[]; /* check_schema.c: parts that do not go together (TPR9xx) */
extern const struct rv_check
	rv_checks_scope[]; /* check_scope.c: who can slip out or is hit by mistake (TPR5xx) */
extern const struct rv_check rv_checks_mode[];	   /* check_mode.c: modes of policies (TPR60x) */
extern const struct rv_check rv_checks_actions[];  /* check_actions.c: side effects of actions (TPR61x) */
extern const struct rv_check rv_checks_metadata[]; /* check_metadata.c: what a SIEM needs (TPR7xx) */
extern const struct rv_check rv_checks_agents[];   /* check_agents.c: the platform's own (TPR8xx) */

/* ---- say.c ---- */
/* A finding of the check that runs, at @at. The answer may be given a mend and edits; never NULL. */
struct rv_finding *rv_say(struct rv *r, struct tpc_span at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* What to do, in the imperative: "write 'syscall: false'". */
void rv_mend(struct rv *r, struct rv_finding *f, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The diagnostics of front end, lowering and compat as findings, in their order. */
void rv_take_diagnostics(struct rv *r);
/* `# tpc:ignore` of the policies and `accept` of the brief: fills rv_finding.accepted. */
void rv_accept(struct rv *r);

/* ---- subject.c ---- */
/* enum rv_act of one action. */
unsigned rv_act_of(const struct tpc_action *a);
/* Policies, hooks, rules and scopes of everything that was read. */
void rv_subjects(struct rv *r);
static inline bool rv_enforces(const struct rv_policy *p, unsigned acts)
{
	return !p->monitor && (acts & RV_ACTS_ENFORCE);
}
/* The argument that filter @f looks at first, and its position among the hook's `args`; NULL: none is declared. */
const struct tpc_arg *rv_filter_arg(const struct rv_hook *h, const struct tpc_arg_filter *f,
				    uint32_t *ret_pos);
/* Does any selector of @h compare something that the event's arguments hold? */
bool rv_filters_args(const struct rv_rule *u);
bool rv_is(const struct tpc_text *t, const char *s);

/* ---- cover.c, agents.c ---- */
void rv_cover(struct rv *r);
void rv_agents(struct rv *r);

/* ---- checks.c ---- */
void rv_run_checks(struct rv *r);
/* Check @i of all, NULL: there are fewer. For tests. */
const struct rv_check *rv_check_at(uint32_t i);

#endif
