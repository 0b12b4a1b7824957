// SPDX-License-Identifier: Apache-2.0
/*
 * What Tetragon itself refuses (--compat tetragon), of policies that tpc accepts: limits of its BPF programs
 * and rules of its agent. Facts: cilium/tetragon (August 2026); each rule names the file that has it.
 */
#ifndef TPC_COMPAT_COMPAT_H
#define TPC_COMPAT_COMPAT_H

#include "frontend/policy.h"

/*
 * One diagnostic (TPC7xx) a fault, of severity @sev: TPC_ERROR with --compat tetragon, else TPC_WARNING. A policy
 * that is `bad` is passed over: the front end has said enough.
 */
void compat_tetragon(struct tpc_ctx *c, const struct tpc_policy_list *policies, enum tpc_severity sev);

#endif
