// SPDX-License-Identifier: Apache-2.0
/* What follows from label selectors, by Kubernetes' rules: NotIn holds where there is no such label. */
#include <string.h>

#include "passes/internal.h"

static bool has_value(const struct ir_label_req *r, const char *s)
{
	for (uint32_t i = 0; i < r->values.len; i++)
		if (!strcmp(r->values.items[i], s))
			return true;
	return false;
}

static bool values_subset(const struct ir_label_req *a, const struct ir_label_req *b)
{
	for (uint32_t i = 0; i < a->values.len; i++)
		if (!has_value(b, a->values.items[i]))
			return false;
	return true;
}

static bool values_disjoint(const struct ir_label_req *a, const struct ir_label_req *b)
{
	for (uint32_t i = 0; i < a->values.len; i++)
		if (has_value(b, a->values.items[i]))
			return false;
	return true;
}

static bool req_implies(const struct ir_label_req *a, const struct ir_label_req *b)
{
	if (strcmp(a->key, b->key))
		return false;
	switch (b->op) {
	case IR_LABEL_IN:
		return a->op == IR_LABEL_IN && values_subset(a, b);
	case IR_LABEL_NOT_IN:
		return a->op == IR_LABEL_ABSENT || (a->op == IR_LABEL_IN && values_disjoint(a, b)) ||
		       (a->op == IR_LABEL_NOT_IN && values_subset(b, a));
	case IR_LABEL_EXISTS:
		return a->op == IR_LABEL_IN || a->op == IR_LABEL_EXISTS;
	default:
		return a->op == b->op;
	}
}

bool labels_imply(const struct ir_labels *a, const struct ir_labels *b)
{
	const struct ir_label_req *ra, *rb;

	tpc_vec_foreach (rb, &b->reqs) {
		bool implied = false;

		tpc_vec_foreach (ra, &a->reqs)
			implied = implied || req_implies(ra, rb);
		if (!implied)
			return false;
	}
	return true;
}

bool workload_subset(const struct ir_workload *a, const struct ir_workload *b)
{
	static const struct ir_workload everything = { .host = true, .pods = true };

	if (!a)
		a = &everything;
	if (!b)
		b = &everything;
	if (a->host && !b->host)
		return false;
	if (!a->pods)
		return true;
	return b->pods && (!b->ns || (a->ns && !strcmp(a->ns, b->ns))) && labels_imply(&a->pod, &b->pod) &&
	       labels_imply(&a->container, &b->container);
}

static uint64_t labels_size(const struct ir_labels *l)
{
	const struct ir_label_req *r;
	uint64_t n = 0;

	tpc_vec_foreach (r, &l->reqs)
		n += 1 + r->values.len;
	return n;
}

uint64_t workload_size(const struct ir_workload *w)
{
	return 1 + labels_size(&w->pod) + labels_size(&w->container);
}
