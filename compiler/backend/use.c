// SPDX-License-Identifier: Apache-2.0
/* What of a program is really used: by its graph, from its arguments, at the event or long before it. */
#include "backend/emit.h"

uint32_t emit_args_used(const struct ir_program *p)
{
	uint32_t used = 0;

	for (uint32_t i = 0; i < p->values.len; i++) {
		int length = backend_address_length(p, &p->values.items[i]);

		if (p->values.items[i].source == IR_FROM_ARG && p->values.items[i].type != IR_NOP)
			used |= 1u << p->values.items[i].index;
		if (length >= 0)
			used |= 1u << length;
	}
	return used;
}

bool emit_pred_used(const struct ir_program *p, unsigned q)
{
	for (uint32_t i = 0; i < p->nodes.len; i++)
		if (p->nodes.items[i].kind == IR_NODE_TEST && p->nodes.items[i].pred == q)
			return true;
	return false;
}

/* Decided from the event itself; the others are bits of the task. */
bool emit_pred_local(const struct ir_pred *q)
{
	return q->task_bit < 0;
}
