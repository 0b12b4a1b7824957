// SPDX-License-Identifier: Apache-2.0
/*
 * Where a value really is: a member behind an argument (resolve, btfType), the current task or a register
 * (source). Facts: cilium/tetragon, pkg/sensors/tracing/generic.go (resolveBTFArg) and pkg/asm (registers).
 */
#include <string.h>

#include "base/suggest.h"
#include "base/text.h"
#include "ir/lower_impl.h"

#define STEPS_MAX 32 /* components; Tetragon stops at 10 */

/* Of x86-64, each in its widths of 8, 4, 2 and 1 bytes: pkg/asm/regoffset_linux_amd64.go. */
static const struct {
	const char *name[4];
} registers[] = {
	{ { "rip", "eip" } },
	{ { "rax", "eax", "ax", "al" } },
	{ { "rbx", "ebx", "bx", "bl" } },
	{ { "rcx", "ecx", "cx", "cl" } },
	{ { "rdx", "edx", "dx", "dl" } },
	{ { "rsi", "esi", "si", "sil" } },
	{ { "rdi", "edi", "di", "dil" } },
	{ { "rbp", "ebp", "bp", "bpl" } },
	{ { "rsp", "esp", "sp", "spl" } },
	{ { "r8", "r8d", "r8w", "r8b" } },
	{ { "r9", "r9d", "r9w", "r9b" } },
	{ { "r10", "r10d", "r10w", "r10b" } },
	{ { "r11", "r11d", "r11w", "r11b" } },
	{ { "r12", "r12d", "r12w", "r12b" } },
	{ { "r13", "r13d", "r13w", "r13b" } },
	{ { "r14", "r14d", "r14w", "r14b" } },
	{ { "r15", "r15d", "r15w", "r15b" } },
};

const char *lower_register(const char *s, uint32_t len, const char **ret_near)
{
	struct tpc_suggest near = TPC_SUGGEST(s, len);

	for (size_t i = 0; i < sizeof(registers) / sizeof(registers[0]); i++)
		for (size_t w = 0; w < 4; w++) {
			const char *name = registers[i].name[w];

			if (!name)
				continue;
			if (tpc_text_is(s, len, name))
				return name;
			tpc_suggest_try(&near, name);
		}
	*ret_near = near.best;
	return NULL;
}

static bool find_register(struct lower *l, const struct tpc_text *t, struct ir_value *v)
{
	const char *near;
	struct tpc_diag *d;

	v->reg = lower_register(t->s, t->len, &near);
	if (v->reg)
		return true;
	d = lower_error(l, t->at, TPC_E_SOURCE, "'%s' is no register", lower_show(l, t->s, t->len));
	if (near)
		lower_hint(l, d, "did you mean '%s'?", near);
	else
		lower_hint(l, d, "of x86-64, in lower case: rdi, eax, …");
	return false;
}

static void say_no_btf(struct lower *l, struct tpc_span at)
{
	struct tpc_diag *d;
	const char *why = NULL;

	if (l->o.kernel)
		kernel_has_btf(l->o.kernel, &why);
	d = lower_error(l, at, TPC_E_NO_BTF, "members can only be found with the kernel's types%s%s",
			why ? ": " : "", why ? why : "");
	lower_hint(l, d, "name the kernel's BTF with --btf");
}

/* The part of a resolve path that a fault is about. Escapes in the YAML make the place a whole value. */
static struct tpc_span part_of(struct lower *l, const struct tpc_text *t, uint32_t at, uint32_t len)
{
	const struct tpc_source *src = tpc_source_get(&l->c->sources, t->at.file);
	struct tpc_span part = t->at;
	uint32_t quote;

	if (!src || t->at.off + t->at.len > src->len)
		return t->at;
	quote = t->at.len == t->len + 2;
	if ((t->at.len != t->len && !quote) || memcmp(src->text + t->at.off + quote, t->s, t->len))
		return t->at;
	part.off += quote + at;
	part.len = len;
	return at + len <= t->len ? part : t->at;
}

static void say_fault(struct lower *l, const struct tpc_text *t, const struct kernel_fault *f)
{
	struct tpc_diag *d = lower_error(l, part_of(l, t, f->at, f->len), TPC_E_RESOLVE, "%s", f->what);

	if (f->near)
		lower_hint(l, d, "did you mean '%s'?", f->near);
}

/* The type that the path starts in; 0: reported, or (*@ret_unknown) not to be known here. */
static uint32_t start_type(struct lower *l, const struct tpc_arg *a, const struct ir_value *v,
			   bool *ret_unknown)
{
	const char *module = a->btf_type_module.len ? a->btf_type_module.s : NULL, *near;
	struct tpc_diag *d;
	uint32_t type;

	*ret_unknown = false;
	if (v->source == IR_FROM_TASK || a->btf_type.len) {
		const char *name = v->source == IR_FROM_TASK ? "task_struct" : a->btf_type.s;

		type = kernel_find_type(l->o.kernel, name, module);
		if (type)
			return type;
		/* A module that is not loaded here may well be there. */
		*ret_unknown = module && !l->o.kernel_named;
		d = lower_say(l, *ret_unknown ? TPC_WARNING : TPC_ERROR,
			      a->btf_type.set ? a->btf_type.at : a->at, TPC_E_RESOLVE,
			      "there is no struct '%s'%s%s%s", name, module ? " in module '" : "",
			      module ? module : "", module ? "'" : "");
		if (*ret_unknown)
			lower_hint(l, d, "is the module loaded?");
		near = module ? NULL : kernel_near_type(l->o.kernel, name);
		if (near)
			lower_hint(l, d, "did you mean '%s'?", near);
		return 0;
	}
	if (l->has_func && a->index.v < l->func.nparams && a->index.v < KERNEL_PARAMS_MAX)
		return l->func.params[a->index.v].type;
	if (l->has_func || l->call->syscall || l->hook->kind == IR_TRACEPOINT || l->hook->kind == IR_USDT ||
	    l->hook->kind == IR_UPROBE) {
		d = lower_error(l, a->resolve.at, TPC_E_RESOLVE,
				"argument %lld has no members that are known here", (long long)a->index.v);
		if (!l->has_func)
			lower_hint(l, d, "name the struct with 'btfType:'");
		return 0;
	}
	*ret_unknown = true; /* the hook is not in this kernel, which was said */
	return 0;
}

static bool follow(struct lower *l, const struct tpc_arg *a, struct ir_value *v, struct ir_resolve *r)
{
	struct kernel_fault fault = { 0 };
	struct kernel_path path = { 0 };
	const char *word;
	bool unknown;
	uint32_t type = start_type(l, a, v, &unknown);

	if (!type)
		return unknown;
	if (!kernel_resolve(l->o.kernel, l->c->arena, type, a->resolve.s, a->resolve.len, STEPS_MAX, &path,
			    &fault)) {
		say_fault(l, &a->resolve, &fault);
		return false;
	}
	r->steps.items = path.steps.items;
	r->steps.len = r->steps.cap = path.steps.len;
	r->end = kernel_type_name(l->o.kernel, l->c->arena, path.type);
	word = kernel_word_of(l->o.kernel, path.type);
	if (a->type.v != TPC_ARG_TYPE_AUTO) {
		if (a->type.v && !kernel_word_fits(l->o.kernel, path.type, a->type.s))
			lower_hint(l,
				   lower_warning(l, a->type.at, TPC_W_ARG_TYPE,
						 "'%s' leads to type '%s', which is not read as '%s'",
						 lower_show(l, a->resolve.s, a->resolve.len), r->end,
						 a->type.s),
				   word ? "type: %s" : "%s", word ? word : "read it as what it is");
		return true;
	}
	if (!word) {
		lower_hint(l,
			   lower_error(l, a->resolve.at, TPC_E_RESOLVE, "no argument type fits a '%s'",
				       r->end),
			   "say how to read it with 'type:', or go on to a member");
		return false;
	}
	v->type_name = lower_type_name(lower_type_word(word));
	return true;
}

static bool resolve_members(struct lower *l, const struct tpc_arg *a, struct ir_value *v)
{
	bool user = l->hook->btf_path && l->hook->btf_path[0];
	struct ir_resolve *r = tpc_new(l->c->arena, struct ir_resolve);

	r->text = a->resolve.s;
	r->at = a->resolve.at;
	r->from = a->btf_type.len ? a->btf_type.s : v->source == IR_FROM_TASK ? "task_struct" : NULL;
	r->module = a->btf_type_module.len ? a->btf_type_module.s : NULL;
	v->resolve = r;
	/* Of a program's own types only the machine that has the program knows. */
	if (user && v->source != IR_FROM_TASK) {
		if (a->type.v != TPC_ARG_TYPE_AUTO)
			return true;
		lower_error(l, a->at, TPC_E_NO_BTF,
			    "what '%s' leads to is only known where the program is: add 'type:'",
			    lower_show(l, a->resolve.s, a->resolve.len));
		return false;
	}
	if (!l->o.kernel || !kernel_has_btf(l->o.kernel, NULL)) {
		say_no_btf(l, a->resolve.at);
		return false;
	}
	return follow(l, a, v, r);
}

static bool data_source(struct lower *l, const struct tpc_arg *a, struct ir_value *v)
{
	struct tpc_diag *d;

	if (!a->resolve.len) {
		lower_hint(l,
			   lower_error(l, a->at, TPC_E_SOURCE,
				       "'data' says not what to show: it has no 'resolve'"),
			   "resolve: a member of the task, or a register");
		return false;
	}
	if (!strcmp(a->source.s, "current_task")) {
		v->source = IR_FROM_TASK;
		return true;
	}
	if (!strcmp(a->source.s, "pt_regs")) {
		v->source = IR_FROM_REG;
		return find_register(l, &a->resolve, v);
	}
	if (a->source.len)
		d = lower_error(l, a->source.at, TPC_E_SOURCE, "there is no source '%s'",
				lower_show(l, a->source.s, a->source.len));
	else
		d = lower_error(l, a->at, TPC_E_SOURCE,
				"'data' says not where it comes from: it has no 'source'");
	lower_hint(l, d, "source: current_task or pt_regs");
	return false;
}

/* Where hooks have data apart from args, an argument is an argument. */
static bool args_have_sources(const struct lower *l)
{
	return l->hook->kind == IR_LSM || l->hook->kind == IR_RAW_TRACEPOINT;
}

static bool check_no_source(struct lower *l, const struct tpc_arg *a)
{
	if (!a->source.len || args_have_sources(l))
		return true;
	lower_hint(l, lower_error(l, a->source.at, TPC_E_SOURCE, "an argument has no 'source'"),
		   l->hook->kind == IR_TRACEPOINT || l->hook->kind == IR_USDT ? "remove it" :
										"move the entry to 'data:'");
	return false;
}

bool lower_resolve(struct lower *l, const struct tpc_arg *a, bool data, struct ir_value *v)
{
	if (!data && !check_no_source(l, a))
		return false;
	if ((data || a->source.len) && !data_source(l, a, v))
		return false;
	if (v->source == IR_FROM_REG)
		return true;
	if (a->btf_type_module.len && !a->btf_type.len)
		lower_warning(l, a->btf_type_module.at, TPC_W_NO_EFFECT,
			      "'btfTypeModule' has no effect without 'btfType'");
	if (a->btf_type.len && !a->resolve.len)
		lower_warning(l, a->btf_type.at, TPC_W_NO_EFFECT,
			      "'btfType' has no effect without 'resolve'");
	return !a->resolve.len || resolve_members(l, a, v);
}
