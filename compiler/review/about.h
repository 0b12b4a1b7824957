// SPDX-License-Identifier: Apache-2.0
/* What several families of checks ask about rules: of their filters on programs, and of their logic as IR. */
#ifndef TPC_REVIEW_ABOUT_H
#define TPC_REVIEW_ABOUT_H

#include "passes/relate.h"
#include "review/review_impl.h"

/* ---- about.c: of the policy as written ---- */

/* A finding of @acts weighs what its row says where they are enforced, medium in monitor mode, and is a note where it only posts. */
void about_weigh(struct rv_finding *f, const struct rv_policy *p, unsigned acts);
/* For checks on what an event may miss or show too much of: high stays high where it enforces, is medium where it posts. */
void about_weigh_event(struct rv_finding *f, const struct rv_policy *p, unsigned acts);

bool about_negates(const struct tpc_binary_filter *f);
/* Does the process of program @path pass the filter? Children are not followed. */
bool about_binary_passes(const struct tpc_binary_filter *f, const char *path);
/* Of all filters on programs of a rule. */
bool about_program_passes(const struct rv_rule *u, const char *path);
/* The rule names programs, and none but those reach it. */
bool about_names_programs(const struct rv_rule *u);
bool about_has_filters(const struct rv_rule *u);
/* The first action of a kind in matchActions, NULL: it has none. */
const struct tpc_action *about_action(const struct rv_rule *u, enum tpc_action_kind kind);
/* "sh" of "/bin/sh" */
const char *about_base(const char *path);
bool about_in_words(const char *s, const char *const *words); /* the list ends with NULL */

/*
 * Programs that a rule leaves alone: those of its own negated filter, or those of a selector without enforcement that
 * stands before an enforcing one.
 */
struct about_exempt {
	const struct rv_rule *rule; /* that has the filter */
	const struct tpc_binary_filter *filter;
	unsigned acts; /* what is spared */
};
void about_exempts(struct rv *r, const struct rv_hook *h,
		   void (*found)(struct rv *r, const struct rv_hook *h, const struct about_exempt *e));
/* A rule before @u lets the host's program @path through, and @u is not asked. */
bool about_let_through(const struct rv_rule *u, const char *path);

/* Every known threat of the hook is part of @agent's normal work, and of @group unless that is NULL: it is what the agent does. */
bool about_is_work_of(const struct rv *r, const struct rv_hook *h, const char *agent, const char *group);

/* A kernel of the brief that is older than that, NULL: none. */
const char *about_older_kernel(const struct rv *r, unsigned major, unsigned minor);
/* Edits of @f that make the policy one in monitor mode; false: by hand. */
bool about_set_monitor(struct rv *r, struct rv_finding *f, const struct rv_policy *p);

/* ---- logic.c: as IR, by the theory of the passes ---- */
struct logic {
	struct relate *rel; /* of its program; its budget is shared by all checks */
	const struct ir_program *p;
	const struct ir_chain
		*ch; /* with canonical predicates, the rules in the order of the hook's selectors */
	uint32_t program;
};
/* False: nothing is known, for a policy has errors. */
bool logic_of(struct rv *r, const struct rv_hook *h, struct logic *ret);
const struct ir_rule *logic_rule(const struct logic *l, const struct rv_rule *u); /* or NULL */
/* No event meets the filters of both. */
bool logic_excludes(const struct logic *l, const struct ir_rule *a, const struct ir_rule *b);
/* What meets @a meets @b. */
bool logic_implies(const struct logic *l, const struct ir_rule *a, const struct ir_rule *b);
/* The hook that a chain of the program was lowered from, NULL: not found. */
const struct rv_hook *logic_hook(const struct rv *r, const struct ir_chain *ch);
/* Is there a process that both policies are for? Answers yes where that is not known. */
bool logic_scopes_meet(const struct rv_policy *a, const struct rv_policy *b);

#endif
