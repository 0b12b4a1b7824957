// SPDX-License-Identifier: Apache-2.0
/* Kernel objects that events show and of which nothing is asked: a row a type. */
#include "backend/emit.h"

#include <string.h>

static const struct shown types[] = {
	{ "cred", "cred", "cred", "TPC_CRED_ROOM", "arg_cred.h" },
	{ "user_namespace", "user_namespace", "user_ns", "TPC_USER_NS_ROOM", "arg_cred.h" },
	{ "perf_event", "perf_event", "perf_event", "TPC_PERF_EVENT_ROOM", "arg_perf.h" },
};

const struct shown *emit_shown(const struct ir_value *v)
{
	for (size_t i = 0; v->type == IR_SHOWN && i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(types[i].type, v->type_name))
			return &types[i];
	return NULL;
}

void emit_put_shown(struct emit *e, const struct ir_program *p, unsigned vi)
{
	const struct shown *t = emit_shown(&p->values.items[vi]);

	emit_f(e, "\ttpc_put_%s(s, (struct %s *)(", t->type, t->of);
	emit_value_raw(e, p, vi, IN_EVENT);
	emit_f(e, "));\n");
}

static bool is_used(const struct ir_unit *u, const char *header)
{
	const struct ir_program *p;
	const struct ir_value *v;

	tpc_vec_foreach (p, &u->programs)
		tpc_vec_foreach (v, &p->values)
			if (emit_shown(v) && !strcmp(emit_shown(v)->header, header))
				return true;
	return false;
}

void emit_shown_includes(struct emit *e)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if ((!i || strcmp(types[i].header, types[i - 1].header)) && is_used(e->u, types[i].header))
			emit_f(e, "#include <tpc/bpf/%s>\n", types[i].header);
}
