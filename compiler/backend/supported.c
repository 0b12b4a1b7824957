// SPDX-License-Identifier: Apache-2.0
/*
 * What of the IR this back end has code for. The IR holds all that a policy can say; what is not listed here is
 * told, never left out: a filter that is ignored matches everything.
 */
#include <string.h>

#include "backend/emit.h"

struct supported {
	struct tpc_ctx *c;
	const struct ir_unit *u;
	enum tpc_severity sev;
	const struct ir_program *p;
	uint32_t policy;
	TPC_VEC(const char *) told; /* of this policy: each once */
};

static struct tpc_diag *say(struct supported *s, struct tpc_span at, const char *what)
{
	for (uint32_t i = 0; i < s->told.len; i++)
		if (!strcmp(s->told.items[i], what))
			return NULL;
	*tpc_vec_push(s->c->arena, &s->told) = what;
	return tpc_report(&s->c->diags, s->sev, at, TPC_E_NOT_YET, "%s cannot be compiled yet", what);
}

/* The types whose arguments are read and shown today; types of one IR type differ in how they are shown. */
static bool has_type(const struct ir_value *v)
{
	static const char *const types[] = {
		"nop", "int", "sint8", "int8", "uint8", "sint16", "int16", "uint16", "uint32", "sint32",
		"int32", "ulong", "uint64", "size_t", "long", "sint64", "int64", "char_buf", "string", "fd",
		"file", "path", "linux_binprm", "dentry", "kiocb", "pid", "binary",
		/* of the process, and what is asked of sets of capabilities */
		"namespace", "namespace changes", "capabilities", "capability", "kernel_cap_t",
		"cap_inheritable", "cap_permitted", "cap_effective"
	};

	if (socket_header(v))
		return true;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(types[i], v->type_name))
			return true;
	return emit_shown(v);
}

/* In a tracepoint's record it is a pointer that nobody promises anything about. */
static bool is_cap_set(const struct ir_value *v)
{
	return v->source == IR_FROM_FIELD &&
	       (!strncmp(v->type_name, "cap_", 4) || !strcmp(v->type_name, "kernel_cap_t"));
}

static const char *source_without_code(const struct ir_program *p, const struct ir_value *v)
{
	switch (v->source) {
	case IR_FROM_ARG:
	case IR_FROM_FIELD:
		return v->resolve ? resolve_without_code(p, v) : NULL;
	case IR_FROM_PID:
		return v->descent ? "'followForks'" : NULL;
	case IR_FROM_BINARY:
		return v->descent ? "'followChildren'" : NULL;
	case IR_FROM_PARENT_BINARY:
		return "'matchParentBinaries'";
	case IR_FROM_NS_PID:
		return v->descent ? "'followForks'" : NULL;
	case IR_FROM_NAMESPACE:
	case IR_FROM_CAPS:
	case IR_FROM_NS_CHANGES:
	case IR_FROM_CAP_CHANGES:
		return NULL;
	case IR_FROM_WORKLOAD:
		return "'matchWorkloads'";
	case IR_FROM_RETURN:
		return "a return value";
	case IR_FROM_TASK:
		return v->resolve ? resolve_without_code(p, v) : "'data'";
	case IR_FROM_REG:
		return "'data' from registers";
	case IR_FROM_VALUE:
	case IR_SOURCE_MAX:
		break; /* of an argument whose type is told, or asked by an operator that is */
	}
	return NULL;
}

static void check_value(struct supported *s, const struct ir_value *v)
{
	const char *what = source_without_code(s->p, v);

	if (what)
		say(s, v->at, what);
	else if (v->source != IR_FROM_VALUE && !has_type(v))
		say(s, v->at, tpc_sprintf(s->c->arena, "an argument of type '%s'", v->type_name));
	else if (s->p->kind == IR_TRACEPOINT && v->source == IR_FROM_FIELD && !v->resolve &&
		 ((v->type == IR_PATH && v->path_from != IR_PATH_FD) || is_cap_set(v) || emit_shown(v)))
		say(s, v->at,
		    tpc_sprintf(s->c->arena, "an argument of type '%s' in a tracepoint", v->type_name));
	if (v->at_return)
		say(s, v->at, "'returnCopy'");
	if (v->large)
		say(s, v->at, "'maxData'");
	if (v->source == IR_FROM_ARG && v->index >= 6)
		say(s, v->at, "an argument behind the sixth");
}

static const char *facet_without_code(enum ir_facet f)
{
	switch (f) {
	case IR_FACET_FILE_TYPE:
	case IR_FACET_GAINED:
	case IR_FACET_NONE:
	default:
		return NULL;
	}
}

static void check_pred(struct supported *s, const struct ir_pred *q)
{
	const struct ir_value *v = &s->p->values.items[q->value];
	const char *what = facet_without_code(v->facet);

	check_value(s, v);
	if (v->source == IR_FROM_VALUE)
		check_value(s, &s->p->values.items[v->base]);
	if (v->facet == IR_FACET_GAINED)
		check_value(s, &s->p->values.items[v->base2]);
	if (q->kind == IR_PRED_EXPR)
		what = "operator 'CelExpr'";
	if (what)
		say(s, q->at, what);
}

static void check_action(struct supported *s, const struct ir_action *a)
{
	if (a->kind > IR_OVERRIDE)
		say(s, a->at, tpc_sprintf(s->c->arena, "action '%s'", ir_action_name(a->kind)));
	if (a->rate_ms)
		say(s, a->at, "'rateLimit'");
	if (a->kernel_stack || a->user_stack)
		say(s, a->at, "a stack trace");
	if (a->ima_hash)
		say(s, a->at, "'imaHash'");
}

static void check_terms(struct supported *s, const struct ir_term *t, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		check_pred(s, &s->p->preds.items[t[i].pred]);
}

static void check_rule(struct supported *s, const struct ir_rule *r)
{
	const struct ir_action *a;

	check_terms(s, r->terms.items, r->terms.len);
	check_terms(s, r->return_terms.items, r->return_terms.len);
	tpc_vec_foreach (a, &r->actions)
		check_action(s, a);
	tpc_vec_foreach (a, &r->return_actions)
		say(s, a->at, "'matchReturnActions'");
	if (r->return_terms.len)
		say(s, r->at, "'matchReturnArgs'");
	if (r->label)
		say(s, r->at, "the label of a selector");
}

static const char *hook_without_code(const struct ir_program *p)
{
	if (p->many != IR_ONE)
		return "a generated list of calls";
	switch (p->kind) {
	case IR_RAW_TRACEPOINT:
		return "a raw tracepoint";
	case IR_FENTRY:
		return "a hook in 'fentries'";
	case IR_UPROBE:
		return "a uprobe";
	case IR_USDT:
		return "a USDT probe";
	case IR_LOADER:
		return "'loader'";
	default:
		return p->abi != KERNEL_X64 ? "a system call of another ABI" : NULL;
	}
}

static void check_chain(struct supported *s, const struct ir_chain *ch)
{
	const char *what = hook_without_code(s->p);
	const struct ir_arg *arg;
	const struct ir_rule *r;

	if (what)
		say(s, ch->at, what);
	if (ch->may_miss)
		say(s, ch->at, "a hook that may be missing");
	if (ch->has_return)
		say(s, ch->at, "a return value");
	if (ch->on_return != IR_POST)
		say(s, ch->at, "'returnArgAction'");
	tpc_vec_foreach (arg, &ch->args)
		check_value(s, &s->p->values.items[arg->value]);
	tpc_vec_foreach (r, &ch->rules)
		check_rule(s, r);
}

static void check_policy(struct supported *s, const struct ir_policy *p)
{
	const struct ir_enforced *e;

	if (p->nodes)
		say(s, p->at, "'nodeSelector'");
	if (p->ns)
		say(s, p->at, "a TracingPolicyNamespaced");
	else if (p->scope)
		say(s, s->u->workloads.items[p->scope - 1].at, "a pod, container or host selector");
	if (p->override_method != IR_OVERRIDE_ANY)
		say(s, p->at, "option 'override-method'");
	tpc_vec_foreach (e, &s->u->enforced)
		if (e->policy == s->policy)
			say(s, e->at, "'enforcers'");
}

/* Policy by policy, so that each is told what is its own, once, at its first place. */
void backend_supported(struct tpc_ctx *c, const struct ir_unit *u, enum tpc_severity sev)
{
	struct supported s = { .c = c, .u = u, .sev = sev };
	const struct ir_chain *ch;

	for (s.policy = 0; s.policy < u->policies.len; s.policy++) {
		s.told.len = 0;
		check_policy(&s, &u->policies.items[s.policy]);
		tpc_vec_foreach (s.p, &u->programs)
			tpc_vec_foreach (ch, &s.p->chains)
				if (ch->policy == s.policy)
					check_chain(&s, ch);
	}
	/* Beside others it is fine, but an object has a hook at least (docs/manifest.md). */
	if (!u->programs.len && u->policies.len)
		say(&s, u->policies.items[0].at, "a policy without hooks");
}
