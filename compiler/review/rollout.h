// SPDX-License-Identifier: Apache-2.0
/*
 * How policies go from nothing to enforcing: stages, each with its YAML files, the commands that bring it up and watch
 * it, what must be seen before the next one, when to stop, and how to go back. Facts about Tetragon: pkg/sensors/tracing/options.go
 * (policy-mode), cmd/tetra/tracingpolicy (commands), cmd/tetra/common/utils.go (columns), docs/content/en/docs/reference/metrics.md,
 * install/kubernetes/tetragon (labels of the agents' pods), all at 4fbfe2d74ecb.
 */
#ifndef TPC_REVIEW_ROLLOUT_H
#define TPC_REVIEW_ROLLOUT_H

#include "review/review.h"

enum ro_kind { RO_OBSERVE, RO_ALERT, RO_CANARY, RO_ENFORCE, RO_KIND_MAX };

/* A policy as it is in a stage. */
struct ro_file {
	const struct rv_policy *policy;
	const char *name; /* metadata.name there: stages that enforce have names of their own */
	const char *path; /* "2-alert/NAME.yaml", of safe characters */
	const char *yaml; /* NULL: its text cannot be changed by small edits, see @by_hand */
	const char *by_hand;
	const char *canary; /* of a canary: whom it is for, for people */
	bool by_node;	    /* of a canary: nodes that carry a label, else a namespace */
};

/* Something to know or to do; @command, lines of shell, may be NULL. */
struct ro_step {
	const char *text;
	const char *command;
};
struct ro_steps {
	TPC_VEC(struct ro_step) list;
};

struct ro_stage {
	enum ro_kind kind;
	const char *dir; /* "2-alert" */
	const char *about;
	uint32_t days;	      /* at least */
	const char *days_why; /* what made them so many */
	TPC_VEC(struct ro_file) files;
	struct ro_steps apply, watch, want, avoid, stop, back;
};

/* A policy that has no stages, and why. */
struct ro_left {
	const struct rv_policy *policy;
	const char *why;
};

struct rollout {
	TPC_VEC(struct ro_stage) stages; /* by kind; none: nothing can be rolled out */
	TPC_VEC(struct ro_left) left;
};

/*
 * The stages of all policies of @r, which should be the review of what was corrected. Policies that enforce nothing, or are
 * not to by the brief's appetite, end with alerts. Lives in @r's arena; NULL: no memory.
 */
const struct rollout *rollout_plan(const struct review *r);

/* May @s be the name of a Kubernetes object? Then it is safe in every format and in a shell. */
bool ro_is_name(const struct tpc_text *s);
/* "NAME.yaml" of a policy: of safe characters, and like no other one's of @r. */
const char *ro_file_name(const struct review *r, const struct rv_policy *p);
/* metadata.name of @p in stage @kind. */
const char *ro_name(struct tpc_arena *a, const struct rv_policy *p, enum ro_kind kind);

#endif
