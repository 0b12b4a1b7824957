// SPDX-License-Identifier: Apache-2.0
/* Rules as text: terms and actions, of the entry and of the return. */
#include <inttypes.h>
#include <string.h>

#include "ir/print.h"

static const char *const actions[] = { "Post",
				       "NoPost",
				       "Sigkill",
				       "Signal",
				       "Override",
				       "GetUrl",
				       "DnsLookup",
				       "TrackSock",
				       "UntrackSock",
				       "NotifyEnforcer",
				       "CleanupEnforcerNotification",
				       "Set" };
static const char *const rate_scopes[] = { "thread", "process", "global" };

_Static_assert(PRINT_COUNT(actions) == IR_ACTION_MAX, "one name an action");
_Static_assert(PRINT_COUNT(rate_scopes) == IR_RATE_MAX, "one name a scope");

const char *ir_action_name(enum ir_action_kind k)
{
	return PRINT_WORD(actions, k);
}

static void print_post(const struct ir_action *a, struct tpc_buf *out)
{
	if (a->rate_ms)
		tpc_buf_printf(out, " once in %" PRIu32 " ms a %s", a->rate_ms,
			       PRINT_WORD(rate_scopes, a->rate_scope));
	if (a->kernel_stack)
		tpc_buf_puts(out, " kernel stack");
	if (a->user_stack)
		tpc_buf_puts(out, " user stack");
	if (a->ima_hash)
		tpc_buf_puts(out, " ima hash");
}

static void print_redirect(const struct ir_action *a, struct tpc_buf *out)
{
	for (uint32_t i = 0; i < a->regs.len; i++) {
		tpc_buf_putc(out, ' ');
		ir_print_text(out, a->regs.items[i]);
	}
	if (a->redirect == IR_REDIRECT_SYMBOL) {
		tpc_buf_puts(out, " call ");
		ir_print_name(out, a->new_symbol);
	} else if (a->redirect != IR_REDIRECT_NONE) {
		tpc_buf_printf(out, " call %s 0x%" PRIx64,
			       a->redirect == IR_REDIRECT_ADDR ? "address" : "offset",
			       (uint64_t)a->new_place);
	}
}

static void print_action(struct tpc_ctx *c, const struct ir_action *a, const char *when, struct tpc_buf *out)
{
	tpc_buf_printf(out, "      %saction %s", when, ir_action_name(a->kind));
	switch (a->kind) {
	case IR_SIGNAL:
	case IR_OVERRIDE:
		tpc_buf_printf(out, " %" PRId32, a->arg);
		break;
	case IR_NOTIFY_ENFORCER:
		tpc_buf_printf(out, " %" PRId32 " signal %" PRId32, a->arg, a->signal);
		break;
	case IR_SET:
		tpc_buf_printf(out, " %" PRId32 " to %" PRId32, a->index, a->arg);
		break;
	case IR_TRACK_SOCK:
	case IR_UNTRACK_SOCK:
		tpc_buf_printf(out, " value %" PRId32, a->index);
		break;
	case IR_GET_URL:
	case IR_DNS_LOOKUP:
		tpc_buf_putc(out, ' ');
		ir_print_text(out, a->text);
		break;
	default:
		print_post(a, out);
	}
	print_redirect(a, out);
	ir_print_place(c, a->at, out);
}

static void print_term(struct tpc_ctx *c, const struct ir_term *t, const char *when, struct tpc_buf *out)
{
	tpc_buf_printf(out, "      %s%spred %d", when, t->negated ? "not " : "", t->pred);
	ir_print_place(c, t->at, out);
}

void ir_print_rule(struct tpc_ctx *c, const struct ir_rule *r, uint32_t nr, struct tpc_buf *out)
{
	const struct ir_action *a;
	const struct ir_term *t;

	tpc_buf_printf(out, "    rule %" PRIu32 " selector %" PRIu32 " %s", nr, r->selector,
		       r->post ? "post" : "silent");
	if (r->label) {
		tpc_buf_puts(out, " label ");
		ir_print_text(out, r->label);
	}
	ir_print_place(c, r->at, out);
	tpc_vec_foreach (t, &r->terms)
		print_term(c, t, "", out);
	tpc_vec_foreach (a, &r->actions)
		print_action(c, a, "", out);
	tpc_vec_foreach (t, &r->return_terms)
		print_term(c, t, "return ", out);
	tpc_vec_foreach (a, &r->return_actions)
		print_action(c, a, "return ", out);
}
