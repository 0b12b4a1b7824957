// SPDX-License-Identifier: Apache-2.0
/* What the files of the rollout share. */
#ifndef TPC_REVIEW_ROLLOUT_IMPL_H
#define TPC_REVIEW_ROLLOUT_IMPL_H

#include "review/review_impl.h"
#include "review/rollout.h"

/* ---- rollout_edit.c ---- */
/* Fills yaml or by_hand, and canary, of @f for stage @kind. */
void ro_make_text(struct rv *rv, enum ro_kind kind, struct ro_file *f);

/* ---- rollout_steps.c ---- */
/* Fills the steps of @s, whose files are there. */
void ro_make_steps(const struct review *r, const struct rollout *plan, struct ro_stage *s);

#define RO_NODE_LABEL "tpc-canary"

#endif
