// SPDX-License-Identifier: Apache-2.0
/* From rows of threats to the text of policies that see or prevent them: docs/templates.md. */
#ifndef TPC_REVIEW_TEMPLATE_H
#define TPC_REVIEW_TEMPLATE_H

#include "base/buf.h"
#include "review/knowledge.h"

struct know_policy {
	const struct know_threat *threat;
	enum know_appetite appetite; /* how far it may go: where block has no action, it alerts */
	bool enforce;		     /* else what enforces begins in monitor mode */
	const char *name;	     /* NULL: the threat's id */
	const char *ns;		     /* Kubernetes namespace to watch alone; NULL: the scope of the row */
	const struct know_agent *const *agents; /* to be let through where they set the threat off */
	uint32_t nagents;
};

/* Why there is no policy of this threat at this appetite; NULL: there is one. */
const char *know_policy_none(const struct know_policy *p);
/* Would any of its rules enforce? */
bool know_policy_enforces(const struct know_policy *p);
/*
 * Appends the policy as YAML, laid out as tpc_fmt() does, with comments for whoever edits it: one document, or one
 * for each section of hooks (Tetragon takes one section a policy), "---" between them and the section in their names.
 * Not for a threat that know_policy_none() speaks of. @c has the sources that the rows were read from.
 */
void know_policy_yaml(struct tpc_ctx *c, const struct know_policy *p, struct tpc_buf *out);

#endif
