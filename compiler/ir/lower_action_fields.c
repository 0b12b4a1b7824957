// SPDX-License-Identifier: Apache-2.0
/*
 * Which action reads which of its fields: one row a field of the schema's, so that none is accepted without a word
 * where nothing reads it. Facts: cilium/tetragon, pkg/selectors/kernel.go (ParseMatchAction).
 */
#include "ir/lower_impl.h"

#define BY(action) (1U << TPC_ACTION_##action)
#define BY_POST BY(POST)
#define BY_SOCK (BY(TRACK_SOCK) | BY(UNTRACK_SOCK))

static const char *const action_names[TPC_ACTION_MAX] = {
#define WORD(id, spelling, meaning) [TPC_ACTION_##id] = spelling,
	TPC_WORDS_ACTION(WORD)
#undef WORD
};

struct written_field {
	const char *name;
	bool there;
	struct tpc_span at;
	uint32_t readers; /* BY(), ORed */
	bool uprobe;	  /* in uprobes alone */
};

/* "only 'Signal' and 'NotifyEnforcer' read it" */
static void hint_readers(struct lower *l, struct tpc_diag *d, uint32_t readers)
{
	bool one = !(readers & (readers - 1));
	struct tpc_buf b = TPC_BUF(l->c->arena);

	for (uint32_t i = 0; i < TPC_ACTION_MAX; i++)
		if (readers & (1U << i))
			tpc_buf_printf(&b, "%s'%s'", b.len ? " and " : "", action_names[i]);
	lower_hint(l, d, "remove it: only %s %s it", tpc_buf_text(&b), one ? "reads" : "read");
}

static void check_field(struct lower *l, const struct tpc_action *a, const struct written_field *f)
{
	const char *hook = lower_hook_word(l->hook->kind);
	struct tpc_diag *d;

	if (!f->there)
		return;
	if (!(f->readers & (1U << a->action.v))) {
		d = lower_warning(l, f->at, TPC_W_NO_EFFECT, "'%s' has no effect on '%s'", f->name,
				  a->action.s);
		hint_readers(l, d, f->readers);
	} else if (f->uprobe && l->hook->kind != IR_UPROBE) {
		d = lower_warning(l, f->at, TPC_W_NO_EFFECT, "'%s' has no effect on '%s' in a %s", f->name,
				  a->action.s, hook);
		lower_hint(l, d, "remove it: uprobes alone have it");
	}
}

/* Registers that are assigned, or a jump, come in place of returning a result. */
static void check_result(struct lower *l, const struct tpc_action *a)
{
	const char *instead = a->arg_regs.len	    ? "argRegs" :
			      a->arg_new_symbol.len ? "argNewSymbol" :
			      a->arg_new_addr.set   ? "argNewAddr" :
			      a->arg_new_offset.set ? "argNewOffset" :
						      NULL;

	if (!instead || !a->arg_error.set || a->action.v != TPC_ACTION_OVERRIDE || l->hook->kind != IR_UPROBE)
		return;
	lower_hint(l,
		   lower_warning(l, a->arg_error.at, TPC_W_NO_EFFECT, "'argError' has no effect beside '%s'",
				 instead),
		   "remove one of them");
}

void lower_check_action_fields(struct lower *l, const struct tpc_action *a)
{
	const struct written_field fields[] = {
		{ "argUrl", a->arg_url.len, a->arg_url.at, BY(GET_URL), false },
		{ "argFqdn", a->arg_fqdn.len, a->arg_fqdn.at, BY(DNS_LOOKUP), false },
		{ "argError", a->arg_error.set, a->arg_error.at, BY(OVERRIDE) | BY(NOTIFY_ENFORCER), false },
		{ "argSig", a->arg_sig.set, a->arg_sig.at, BY(SIGNAL) | BY(NOTIFY_ENFORCER), false },
		{ "argSock", a->arg_sock.set, a->arg_sock.at, BY_SOCK, false },
		{ "argIndex", a->arg_index.set, a->arg_index.at, BY(SET), false },
		{ "argValue", a->arg_value.set, a->arg_value.at, BY(SET), false },
		{ "argRegs", a->arg_regs.len, a->arg_regs.at, BY(OVERRIDE), true },
		{ "argNewSymbol", a->arg_new_symbol.len, a->arg_new_symbol.at, BY(OVERRIDE), true },
		{ "argNewAddr", a->arg_new_addr.set, a->arg_new_addr.at, BY(OVERRIDE), true },
		{ "argNewOffset", a->arg_new_offset.set, a->arg_new_offset.at, BY(OVERRIDE), true },
		{ "rateLimit", a->rate_limit.len, a->rate_limit.at, BY_POST, false },
		{ "rateLimitScope", a->rate_limit_scope.v, a->rate_limit_scope.at, BY_POST, false },
		{ "kernelStackTrace", a->kernel_stack_trace.v, a->kernel_stack_trace.at, BY_POST, false },
		{ "userStackTrace", a->user_stack_trace.v, a->user_stack_trace.at, BY_POST, false },
		{ "imaHash", a->ima_hash.v, a->ima_hash.at, BY_POST, false },
	};

	if (!a->action.v)
		return; /* the front end has said why */
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		check_field(l, a, &fields[i]);
	check_result(l, a);
}
