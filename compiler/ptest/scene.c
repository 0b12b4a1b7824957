// SPDX-License-Identifier: Apache-2.0
/* Facts and arguments as the evaluator's input for one program, and how its values are called in messages. */
#include <string.h>

#include "ptest/ptest_impl.h"

bool pt_is_arg(const struct ir_value *v)
{
	return v->source == IR_FROM_ARG || v->source == IR_FROM_FIELD || v->source == IR_FROM_RETURN ||
	       v->source == IR_FROM_TASK || v->source == IR_FROM_REG;
}

/* ---- names ---- */
static const char *facet_name(enum ir_facet f)
{
	static const char *const names[IR_FACET_MAX] = {
		[IR_FACET_SADDR] = "saddr", [IR_FACET_DADDR] = "daddr",	   [IR_FACET_SPORT] = "sport",
		[IR_FACET_DPORT] = "dport", [IR_FACET_FAMILY] = "family",  [IR_FACET_PROTOCOL] = "protocol",
		[IR_FACET_STATE] = "state", [IR_FACET_FILE_TYPE] = "type", [IR_FACET_GAINED] = "gained",
	};

	return f < IR_FACET_MAX && names[f] ? names[f] : "?";
}

static const char *label_of(const struct ir_program *p, uint32_t value)
{
	const struct ir_chain *ch;
	const struct ir_arg *a;

	tpc_vec_foreach (ch, &p->chains)
		tpc_vec_foreach (a, &ch->args)
			if (a->value == value && a->label)
				return a->label;
	return NULL;
}

static const char *describe_arg(struct tpc_arena *a, const struct ir_program *p, uint32_t value)
{
	const struct ir_value *v = &p->values.items[value];
	const char *label = label_of(p, value);

	if (v->source == IR_FROM_RETURN)
		return "the return value";
	if (label)
		return tpc_sprintf(a, "argument '%s' (%s)", pt_shown(a, label, (uint32_t)strlen(label)),
				   v->type_name);
	if (v->source == IR_FROM_REG)
		return tpc_sprintf(a, "register %s (%s)", v->reg, v->type_name);
	if (v->source == IR_FROM_TASK)
		return tpc_sprintf(a, "'%s' of the task", v->resolve ? v->resolve->text : "");
	if (v->resolve)
		return tpc_sprintf(a, "'%s' of argument %d", v->resolve->text, v->index);
	return tpc_sprintf(a, "%s %d (%s)", v->source == IR_FROM_FIELD ? "field" : "argument", v->index,
			   v->type_name);
}

static const char *describe_process(struct tpc_arena *a, const struct ir_value *v)
{
	static const char *const sets[IR_CAPS_MAX] = { "permitted", "effective", "inheritable" };
	const char *of = v->descent ? " and its ancestors'" : "";
	const char *set = v->index < IR_CAPS_MAX ? sets[v->index] : "?";
	const char *kind = kernel_value_name(KERNEL_NAMESPACES, v->index);

	switch (v->source) {
	case IR_FROM_PID:
		return tpc_sprintf(a, "the process's%s pid", of);
	case IR_FROM_NS_PID:
		return tpc_sprintf(a, "the process's%s nspid", of);
	case IR_FROM_BINARY:
		return tpc_sprintf(a, "the process's%s binary", of);
	case IR_FROM_PARENT_BINARY:
		return v->descent ? "the ancestors' binaries" : "the parent's binary";
	case IR_FROM_NAMESPACE:
		return tpc_sprintf(a, "the %s namespace", kind ? kind : "?");
	case IR_FROM_NS_CHANGES:
		return "the namespaces at exec and now";
	case IR_FROM_CAPS:
		return tpc_sprintf(a, "the %s capabilities", set);
	case IR_FROM_CAP_CHANGES:
		return tpc_sprintf(a, "the %s capabilities at exec and now", set);
	default:
		return "the workload";
	}
}

const char *pt_describe_value(struct tpc_arena *a, const struct ir_program *p, uint32_t value)
{
	const struct ir_value *v = &p->values.items[value];

	if (v->source == IR_FROM_VALUE && v->facet == IR_FACET_GAINED)
		return tpc_sprintf(a, "%s or %s", describe_arg(a, p, v->base), describe_arg(a, p, v->base2));
	if (v->source == IR_FROM_VALUE)
		return tpc_sprintf(a, "'%s' of %s", facet_name(v->facet), describe_arg(a, p, v->base));
	return pt_is_arg(v) ? describe_arg(a, p, value) : describe_process(a, v);
}

/* ---- values ---- */
static struct pt_datum gained(const struct pt_arg *now, const struct pt_arg *old)
{
	if (!now->main.known || !old->main.known)
		return (struct pt_datum){ 0 };
	if (now->main.in.absent || old->main.in.absent)
		return PT_ABSENT;
	return PT_NUMBER(now->main.in.num & ~old->main.in.num);
}

static struct pt_datum facet(const struct ir_value *v, const struct pt_arg *args)
{
	if (v->facet == IR_FACET_GAINED)
		return gained(&args[v->base], &args[v->base2]);
	return v->facet < IR_FACET_MAX ? args[v->base].facets[v->facet] : (struct pt_datum){ 0 };
}

static struct pt_datum value_of(const struct pt_facts *f, const struct ir_value *v, const struct pt_arg *args,
				uint32_t nr)
{
	static const struct pt_datum unknown = { 0 };

	if (pt_is_arg(v))
		return args[nr].main;
	switch (v->source) {
	case IR_FROM_VALUE:
		return facet(v, args);
	case IR_FROM_PID:
		return f->self.pid;
	case IR_FROM_NS_PID:
		return f->self.nspid;
	case IR_FROM_BINARY:
		return f->self.binary;
	case IR_FROM_NAMESPACE:
		return v->index < IR_NAMESPACES_MAX ? f->namespaces[v->index] : unknown;
	case IR_FROM_NS_CHANGES:
		return f->ns_changes;
	case IR_FROM_CAPS:
		return v->index < IR_CAPS_MAX ? f->caps[v->index] : unknown;
	case IR_FROM_CAP_CHANGES:
		return v->index < IR_CAPS_MAX ? f->cap_changes[v->index] : unknown;
	default:
		return unknown; /* of ancestors and workloads, which have no place here */
	}
}

/* What is not known is absent, but where that cannot be: there any number does, for no decision depends on it. */
static struct ir_input_value as_input(const struct ir_value *v, const struct pt_datum *d)
{
	if (d->known)
		return d->in;
	return (struct ir_input_value){ .absent = v->type != IR_INT ||
						  (v->source != IR_FROM_ARG && v->source != IR_FROM_PID) };
}

static struct ir_input_value binary_input(const struct pt_datum *d)
{
	return d->known ? d->in : (struct ir_input_value){ .absent = true };
}

static void set_input(struct pt_scene *s)
{
	struct ir_input_value *values = tpc_new_array(s->c->arena, struct ir_input_value, s->p->values.len);
	const struct pt_relative *r;

	for (uint32_t i = 0; i < s->p->values.len; i++)
		values[i] = as_input(&s->p->values.items[i], &s->values[i]);
	s->in.values = values;
	s->in.binary = binary_input(&s->facts->self.binary);
	s->in.workload = s->facts->workload;
	tpc_vec_foreach (r, &s->facts->ancestors)
		*tpc_vec_push(s->c->arena, &s->in.ancestors) = (struct ir_input_process){
			.pid = r->pid.in.num, .ns_pid = r->nspid.in.num, .binary = binary_input(&r->binary)
		};
	/* A number that is not the host's differs from it. */
	for (int i = 0; i < IR_NAMESPACES_MAX; i++)
		s->in.host_ns[i] = (uint32_t)s->facts->namespaces[i].in.num + !s->facts->host_ns[i];
}

void pt_scene_init(struct pt_scene *s, struct tpc_ctx *c, const struct ir_unit *u, const struct ir_program *p,
		   const struct pt_facts *facts, const struct pt_arg *args)
{
	*s = (struct pt_scene){ .c = c, .u = u, .p = p, .facts = facts };
	s->values = tpc_new_array(c->arena, struct pt_datum, p->values.len);
	for (uint32_t i = 0; i < p->values.len; i++)
		s->values[i] = value_of(facts, &p->values.items[i], args, i);
	set_input(s);
}
