/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPC_RT_ATTACH_H
#define TPC_RT_ATTACH_H

#include "object.h"

/*
 * Attaches the trackers, then the chosen variants of a loaded object: all or nothing. On failure what was
 * attached
 * is detached again, and the message names the policy and its line.
 */
int attach_all(struct object *o, struct rt_error *e);
void attach_undo(struct object *o);

#endif
