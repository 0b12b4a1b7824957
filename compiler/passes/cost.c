// SPDX-License-Identifier: Apache-2.0
/*
 * cost (always): a guess of the instructions that each predicate takes.
 *
 * requires nothing; takes IR_AT_EXEC to mean "one bit of the task's words"
 * ensures  IR_HAS_ORDERED: each predicate's cost is set and not 0
 * cost     linear
 */
#include "passes/internal.h"

/*
 * Instructions. What a value costs to get at, from the measurements in design/performance.md: a test on a
 * value in a register is nearly free; one bpf_probe_read() about 20 to 40 with its checks; a parent walk 122 a
 * component by probe_read and 16 by direct loads, so that an executable's or file's path costs hundreds
 * where its leaf alone answers, and more where its root must be reached first. The rest are guesses that
 * only have to keep the order right.
 */
enum {
	COST_TASK_BIT = 3,     /* the task's words are loaded once for all */
	COST_REGISTER = 2,     /* kprobe and LSM arguments, the process number */
	COST_SYSCALL_ARG = 12, /* through the syscall's pt_regs */
	COST_FIELD = 30,       /* tracepoint field at an offset that the loader fills in */
	COST_RANGE = 2,	       /* two compares */
	COST_STRING = 150,     /* bpf_probe_read_*_str() into the scratch buffer */
	COST_STRING_TEXT = 8,
	COST_PATH_LEAF = 250, /* equal, postfix: decided from the leaf for most events */
	COST_PATH_ROOT = 400, /* prefix, substring: the walk to the root comes first */
	COST_PATH_TEXT = 16,
	COST_READ = 30,	 /* one more read: of the task, along resolve, a facet of a socket */
	COST_FACET = 60, /* the socket's family first */
	COST_NET = 6,
	COST_WORKLOAD = 40, /* cgroup id and a hash lookup */
	COST_EXPR = 20,
};

static uint32_t fetch_cost(const struct ir_program *p, const struct ir_value *v)
{
	switch (v->source) {
	case IR_FROM_FIELD:
		return COST_FIELD;
	case IR_FROM_VALUE:
		return v->facet == IR_FACET_FILE_TYPE ? COST_READ : COST_FACET;
	case IR_FROM_NAMESPACE:
	case IR_FROM_NS_PID:
	case IR_FROM_CAPS:
		return 2 * COST_READ;
	case IR_FROM_NS_CHANGES:
	case IR_FROM_CAP_CHANGES:
		return 4 * COST_READ;
	default:
		break;
	}
	if (v->in_memory)
		return COST_READ;
	if (v->resolve)
		return COST_READ * (v->resolve->steps.len + 1);
	return v->source == IR_FROM_ARG && p->syscall ? COST_SYSCALL_ARG : COST_REGISTER;
}

/* Lists are searched, not walked, once they are long: from there on the length hardly counts. */
static uint32_t list_cost(uint32_t len, uint32_t each)
{
	uint32_t n = len < 8 ? len : 8;

	while (len > 8) {
		len /= 2;
		n++;
	}
	return n * each;
}

/* What may be anywhere in a path is not decided by its leaf, nor is whether it is one. */
static bool needs_root(enum ir_pred_kind k)
{
	return k == IR_PRED_PREFIX || k == IR_PRED_SUBSTRING || k == IR_PRED_SUBSTRING_CASE ||
	       k == IR_PRED_PRESENT;
}

static uint32_t pred_cost(const struct ir_program *p, const struct ir_pred *pred)
{
	const struct ir_value *v = &p->values.items[pred->value];

	if (pred->binding == IR_AT_EXEC)
		return COST_TASK_BIT;
	if (pred->kind == IR_PRED_WORKLOAD)
		return COST_WORKLOAD;
	if (pred->kind == IR_PRED_EXPR)
		return fetch_cost(p, v) * pred->expr->vars.len + COST_EXPR;
	switch (v->type) {
	case IR_INT:
		return fetch_cost(p, v) +
		       (pred->kind == IR_PRED_MASK ? 0 : list_cost(pred->ranges.len, COST_RANGE));
	case IR_ADDR:
		return COST_FACET + list_cost(pred->nets.len, COST_NET);
	case IR_PATH:
		return (needs_root(pred->kind) ? COST_PATH_ROOT : COST_PATH_LEAF) +
		       list_cost(pred->texts.len, COST_PATH_TEXT);
	default:
		return COST_STRING + fetch_cost(p, v) + list_cost(pred->texts.len, COST_STRING_TEXT);
	}
}

void pass_cost(struct tpc_ctx *c, struct ir_unit *u)
{
	const struct ir_program *p;
	struct ir_pred *pred;

	(void)c;
	tpc_vec_foreach (p, &u->programs)
		tpc_vec_foreach (pred, &p->preds)
			pred->cost = pred_cost(p, pred);
}
