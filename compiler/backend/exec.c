// SPDX-License-Identifier: Apache-2.0
/* Tests decided at exec: one bit each in the task's storage, set by one function that task.h calls. */
#include "backend/emit.h"

void emit_exec_tests(struct emit *e)
{
	const struct ir_unit *u = e->u;

	for (uint32_t i = 0; i < u->exec_tests.len; i++) {
		const struct ir_exec_test *t = &u->exec_tests.items[i];

		emit_line(e, t->at);
		emit_path_test(e, tpc_sprintf(e->c->arena, "exec_test%u", i), t->kind, t->texts.items,
			       t->texts.len);
	}
	emit_f(e, "__noinline int tpc_exec_tests(struct tpc_names *n, struct tpc_bits *bits)\n{\n");
	emit_f(e, "\tif (!n || !bits)\n\t\treturn 0;\n");
	for (uint32_t i = 0; i < u->exec_tests.len; i++) {
		const char *name = tpc_sprintf(e->c->arena, "exec_test%u", i);

		emit_f(e, "\tif (%s(n))\n\t\tbits->words[%u] |= 0x%llxULL;\n",
		       emit_path_function(e, name, u->exec_tests.items[i].kind), i / 64, 1ULL << (i % 64));
	}
	emit_f(e, "\treturn 0;\n}\n\n");
}
