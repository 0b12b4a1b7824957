// SPDX-License-Identifier: Apache-2.0
/*
 * Ways to attach, best first. fentry costs a third of a kprobe (docs: performance) and has typed arguments;
 * a kprobe works on every kernel with CONFIG_KPROBES. Results are replaced by fmod_ret (functions that start with
 * security_, and those marked ALLOW_ERROR_INJECTION, which every system call is: kernel commit ae24082331d9)
 * or by bpf_override_return (CONFIG_BPF_KPROBE_OVERRIDE, error-injectable functions only).
 */
#include "backend/emit.h"

#include <string.h>

const char *attach_name(enum attach_kind k)
{
	switch (k) {
	case ATTACH_KPROBE:
		return "kprobe";
	case ATTACH_FENTRY:
		return "fentry";
	case ATTACH_FMOD_RET:
		return "fmod_ret";
	case ATTACH_LSM:
		return "lsm";
	case ATTACH_TRACEPOINT:
		return "tp";
	}
	return "";
}

bool program_overrides(const struct ir_program *p)
{
	for (uint32_t c = 0; c < p->chains.len; c++)
		for (uint32_t r = 0; r < p->chains.items[c].rules.len; r++) {
			const struct ir_rule *rule = &p->chains.items[c].rules.items[r];

			for (uint32_t a = 0; a < rule->actions.len; a++)
				if (rule->actions.items[a].kind == IR_OVERRIDE)
					return true;
		}
	return false;
}

static struct variant variant(struct tpc_ctx *c, const struct ir_program *p, unsigned index,
			      enum attach_kind k)
{
	struct variant v = { .attach = k };

	v.direct = k != ATTACH_KPROBE && k != ATTACH_TRACEPOINT;
	v.overrides = program_overrides(p);
	v.name = tpc_sprintf(c->arena, "p%u_%s", index, attach_name(k));
	if (k == ATTACH_TRACEPOINT)
		v.target = tpc_sprintf(c->arena, "%s/%s", p->subsystem, p->target);
	else if (p->syscall) /* the entry that takes struct pt_regs: arch/x86/include/asm/syscall_wrapper.h */
		v.target = tpc_sprintf(c->arena, "__x64_%s", p->target);
	else
		v.target = p->target;
	return v;
}

static bool defies_types(const struct ir_program *p)
{
	for (uint32_t i = 0; i < p->values.len; i++)
		if (resolve_defies_types(&p->values.items[i]))
			return true;
	return false;
}

unsigned backend_variants(struct tpc_ctx *c, const struct ir_program *p, unsigned index, struct variant *ret)
{
	unsigned n = 0;

	switch (p->kind) {
	case IR_KPROBE:
		if (!program_overrides(p)) {
			if (!defies_types(p))
				ret[n++] = variant(c, p, index, ATTACH_FENTRY);
			ret[n++] = variant(c, p, index, ATTACH_KPROBE);
			break;
		}
		ret[n++] = variant(c, p, index, ATTACH_FMOD_RET);
		if (p->syscall)
			ret[n++] = variant(c, p, index, ATTACH_KPROBE);
		break;
	case IR_LSM:
		ret[n++] = variant(c, p, index, ATTACH_LSM);
		break;
	case IR_TRACEPOINT:
		ret[n++] = variant(c, p, index, ATTACH_TRACEPOINT);
		break;
	default: /* supported.c lets nothing else through */
		break;
	}
	return n;
}

const char *value_struct(const struct ir_program *p, const struct ir_value *v)
{
	if (v->source != IR_FROM_ARG || p->syscall)
		return NULL;
	if (v->resolve)
		return resolve_struct(p, v);
	if (emit_shown(v))
		return emit_shown(v)->of;
	if (v->type != IR_PATH)
		return socket_struct(p, v);
	switch (v->path_from) {
	case IR_PATH_FILE:
		return "file";
	case IR_PATH_PATH:
		return "path";
	case IR_PATH_DENTRY:
		return "dentry";
	case IR_PATH_KIOCB:
		return "kiocb";
	case IR_PATH_BINPRM:
		return "linux_binprm";
	case IR_PATH_NONE:
	case IR_PATH_FD:
	default: /* supported.c lets nothing else through */
		break;
	}
	return NULL;
}
