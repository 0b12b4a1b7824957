// SPDX-License-Identifier: Apache-2.0
/* Questions about filters that several families of checks ask. */
#ifndef TPC_REVIEW_FILTERS_H
#define TPC_REVIEW_FILTERS_H

#include "review/review_impl.h"

/* Reading and writing, as far as a rule asks for it. */
enum rv_access { RV_ACCESS_ANY, RV_ACCESS_READ, RV_ACCESS_WRITE };

/* "NotPrefix": does the operator take all but its values? */
bool rv_op_negates(const struct tpc_word *arg_operator);
/* Does @a hold text whose length whoever causes the event chooses: a path, a string, a buffer? */
bool rv_is_long(const struct tpc_arg *a);
/* Is what @a shows a path that the kernel resolved? */
bool rv_is_path(const struct tpc_arg *a);
/* Does the way of `resolve` end in the member @name? */
bool rv_resolves(const struct tpc_arg *a, const char *name);
/* A number as Tetragon reads values; false: it is none. */
bool rv_number(const struct tpc_value *v, uint64_t *ret);
/* What @u asks of f_mode or f_flags. */
enum rv_access rv_access_of(const struct rv_rule *u);
/* Does a filter of @u take a few programs, arguments, … out of all, so that most events pass it by? */
bool rv_is_narrow(const struct rv_rule *u);

/* "5.15" as a number that can be compared, 0: it is no version. */
uint32_t rv_version(const char *s);
/* Oldest and newest kernel of the brief, 0: it names none. */
void rv_kernels(const struct rv *r, uint32_t *ret_oldest, uint32_t *ret_newest);

#endif
