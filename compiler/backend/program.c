// SPDX-License-Identifier: Apache-2.0
/*
 * A program as C: its tests as functions, its events as functions, its decision graph as a body, and thin variants:
 * each hands the body its arguments and what the verifier knows about them.
 */
#include "backend/emit.h"

/* What argument @a points to for the kernel, NULL: it is a number or text. */
static const char *argument_struct(const struct ir_program *p, unsigned a)
{
	for (uint32_t i = 0; i < p->values.len; i++) {
		const struct ir_value *v = &p->values.items[i];

		if (v->index == a && value_struct(p, v))
			return value_struct(p, v);
	}
	return NULL;
}

/* In a test run the context is user space's, so that what the kernel would have typed must be given its type. */
static void emit_context(struct emit *e, const char *type, unsigned a)
{
	if (e->cases && type)
		emit_f(e, "(__u64)tpc_case_typed(struct %s, ctx[%u])", type, a);
	else
		emit_f(e, "ctx[%u]", a);
}

static void emit_argument(struct emit *e, const struct ir_program *p, const struct variant *v, unsigned a)
{
	emit_f(e, ", ");
	if (v->attach == ATTACH_KPROBE)
		emit_f(e, "((struct tpc_kprobe_ctx *)ctx)->TPC_KPROBE_ARG%u", a);
	else
		emit_context(e, argument_struct(p, a), a);
}

static void emit_registers(struct emit *e, const struct variant *v)
{
	emit_f(e, ", (struct pt_regs *)");
	if (v->direct)
		emit_context(e, "pt_regs", 0);
	else
		emit_f(e, "((struct tpc_kprobe_ctx *)ctx)->TPC_KPROBE_ARG0");
}

/* No other type of program runs on request and has the helpers of them all. */
static void emit_section(struct emit *e, const struct variant *v)
{
	if (e->cases)
		emit_f(e, "SEC(\"syscall\")\n");
	else
		emit_f(e, "SEC(\"%s/%s\")\n", attach_name(v->attach), v->target);
}

static void emit_variant(struct emit *e, const struct ir_program *p, unsigned pi, const struct variant *v)
{
	bool result = v->attach == ATTACH_FMOD_RET || v->attach == ATTACH_LSM;
	uint32_t used = emit_args_used(p);

	emit_line(e, p->at);
	emit_section(e, v);
	emit_f(e, "%s %s(__u64 *ctx)\n{\n\t%s", v->attach == ATTACH_FMOD_RET ? "long" : "int", v->name,
	       result ? "return " : "");
	emit_f(e, "p%u(ctx, %s", pi, v->direct ? "true" : "false");
	if (p->syscall)
		emit_registers(e, v);
	for (unsigned a = 0; a < 32 && !p->syscall; a++)
		if (used & 1u << a)
			emit_argument(e, p, v, a);
	emit_f(e, ");\n%s}\n\n", result ? "" : "\treturn 0;\n");
}

static void emit_input_type(struct emit *e, const struct ir_program *p, unsigned pi)
{
	uint32_t used = emit_args_used(p);

	emit_f(e, "struct p%u_in {\n\t__u64 ctx;\n", pi);
	if (p->syscall)
		emit_f(e, "\t__u64 regs;\n");
	for (unsigned a = 0; a < 32 && !p->syscall; a++)
		if (used & 1u << a)
			emit_f(e, "\t__u64 a%u;\n", a);
	for (uint32_t v = 0; v < p->values.len; v++) {
		bool big;

		if (emit_keeps_number(&p->values.items[v]))
			emit_f(e, "\tstruct tpc_got v%u;\n", v);
		else if (emit_is_address(&p->values.items[v]))
			emit_f(e, "\tstruct tpc_sockaddr v%u;\n", v);
		else if (emit_text_room(p, v, &big) || big)
			emit_f(e, "\tstruct tpc_seen v%u;\n", v);
	}
	emit_f(e, "};\n\n");
}

static bool posts(const struct ir_chain *ch)
{
	for (uint32_t r = 0; r < ch->rules.len; r++)
		if (ch->rules.items[r].post)
			return true;
	return false;
}

void emit_program(struct emit *e, unsigned pi)
{
	const struct ir_program *p = &e->u->programs.items[pi];
	struct variant variants[VARIANTS_MAX];
	unsigned n = backend_variants(e->c, p, pi, variants);

	emit_f(e, "/* ---- %s %s ---- */\n\n", ir_hook_kind_name(p->kind), p->target);
	emit_input_type(e, p, pi);
	emit_resolve_functions(e, p, pi);
	emit_pred_functions(e, p, pi);
	for (uint32_t i = 0; i < p->chains.len; i++)
		if (posts(&p->chains.items[i]))
			emit_event_function(e, p, pi, i);
	emit_graph(e, p, pi);
	for (unsigned i = 0; i < n; i++)
		emit_variant(e, p, pi, &variants[i]);
}
