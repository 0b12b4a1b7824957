// SPDX-License-Identifier: Apache-2.0
/*
 * What changes for an operator between two sets of policies. The IR is compared, not the text: what means the
 * same is no difference. Of each change it is said whether more events are taken than before, and whether more
 * of them are killed, overridden or signalled; less is claimed only with a proof.
 */
#ifndef TPC_PDIFF_PDIFF_H
#define TPC_PDIFF_PDIFF_H

#include "ir/ir.h"

/* Ordered: of several changes together the largest one holds. */
enum pdiff_effect {
	PDIFF_SAME,
	PDIFF_NARROWER,
	PDIFF_DIFFERENT, /* not more, but something else */
	PDIFF_MAYBE_WIDER,
	PDIFF_WIDER,
};

enum pdiff_status { PDIFF_CHANGED, PDIFF_ADDED, PDIFF_REMOVED, PDIFF_RENAMED };

struct pdiff_change {
	const char *kind;		      /* "filter-values": stable, for programs */
	uint32_t old_selector, new_selector;  /* from 1; 0: none, or not about one */
	bool at_return;			      /* about matchReturnArgs or matchReturnActions */
	const char *subject;		      /* "argument 0 (file)", or NULL */
	const char *text;		      /* without the selector and the subject */
	TPC_VEC(const char *) added, removed; /* values; of actions and texts what there is now, and was */
	enum pdiff_effect effect;	      /* on the events that are taken */
	enum pdiff_effect enforcement;
	bool strengthens; /* of an action: does what the old selector does not */
};

struct pdiff_hook {
	const char *kind, *target; /* "kprobe", "fd_install" */
	enum pdiff_status status;
	uint32_t old_line, new_line; /* 0: none */
	TPC_VEC(struct pdiff_change) changes;
	enum pdiff_effect enforcement;
};

struct pdiff_place {
	const char *file; /* as the user named it, NULL: none */
	uint32_t line;
};

struct pdiff_policy {
	enum pdiff_status status;
	const char *name, *ns; /* the new one's; of a removed policy the old one's */
	const char *old_name;  /* when renamed, else NULL */
	struct pdiff_place old, new;
	TPC_VEC(struct pdiff_change) changes; /* of the policy as a whole */
	TPC_VEC(struct pdiff_hook) hooks;     /* those that differ */
	enum pdiff_effect enforcement;
};

struct pdiff {
	TPC_VEC(struct pdiff_policy)
	policies; /* those that differ, in the order of NEW, then those removed */
	enum pdiff_effect enforcement;
};

/* A set of policies: a unit that passes_run() has gone over, and what it was made in. */
struct pdiff_side {
	struct tpc_ctx *c;
	const struct ir_unit *u;
};

/* Everything of the answer lives in @new's arena and in @old's. NULL: a limit, told in @new's diagnostics. */
struct pdiff *pdiff_compare(const struct pdiff_side *old, const struct pdiff_side *new);

/* A selector of NEW and one of OLD on the same hook that one event may meet. */
struct pdiff_overlap {
	uint32_t old_policy, new_policy; /* positions in their units */
	const struct ir_rule *old, *new; /* their spans are those of the units */
	bool whole; /* whatever meets the old one meets the new one, but for programs or processes that it excepts */
};
typedef void pdiff_overlap_fn(void *of, const struct pdiff_overlap *pair);
/*
 * All of them, hook by hook. What cannot be shown to be apart, or not within the budget, counts as overlapping. Units
 * need not have been optimised. false: a limit; what was given before holds.
 */
bool pdiff_overlaps(const struct pdiff_side *old, const struct pdiff_side *new, pdiff_overlap_fn *fn,
		    void *of);

static inline bool pdiff_widens(enum pdiff_effect e)
{
	return e >= PDIFF_MAYBE_WIDER;
}

/* For people, and one JSON object (docs/diff.md). Both are stable, and ASCII but for names of files. */
void pdiff_text(const struct pdiff *d, struct tpc_buf *out);
int pdiff_json(const struct pdiff *d, struct tpc_buf *out); /* 0 or -ENOMEM */

#endif
