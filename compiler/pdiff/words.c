// SPDX-License-Identifier: Apache-2.0
/* Hooks, actions and workloads in an operator's words. */
#include <inttypes.h>
#include <string.h>

#include "kernel/syscalls.h"
#include "pdiff/impl.h"

#define LIST_SHOWN 8

static const char *text(struct tpc_arena *a, const char *s)
{
	return s ? words_text(a, s, strlen(s)) : "?";
}

const char *words_list(struct tpc_arena *a, const char *const *items, uint32_t n)
{
	uint32_t shown = n > LIST_SHOWN + 1 ? LIST_SHOWN : n;
	struct tpc_buf b = TPC_BUF(a);

	for (uint32_t i = 0; i < shown; i++)
		tpc_buf_printf(&b, "%s%s", i ? ", " : "", items[i]);
	if (shown < n)
		tpc_buf_printf(&b, " and %" PRIu32 " more", n - shown);
	return tpc_buf_text(&b);
}

const char *words_hook(struct tpc_arena *a, const struct ir_program *p)
{
	struct tpc_buf b = TPC_BUF(a);

	if (p->user) {
		tpc_buf_printf(&b, "%s ", text(a, p->user->path));
		if (p->user->provider)
			tpc_buf_printf(&b, "%s/", text(a, p->user->provider));
	}
	if (p->abi != KERNEL_X64)
		tpc_buf_printf(&b, "%s/", kernel_abi_name(p->abi));
	if (p->many == IR_EVERY_SYSCALL)
		tpc_buf_puts(&b, "every system call");
	else if (p->many == IR_EVERY_MATCH)
		tpc_buf_printf(&b, "every function that matches %s", text(a, p->target));
	else if (p->subsystem)
		tpc_buf_printf(&b, "%s/%s", text(a, p->subsystem), text(a, p->target));
	else
		tpc_buf_puts(&b, text(a, p->target));
	return tpc_buf_text(&b);
}

/* ---- actions ---- */

static const char *rate(struct tpc_arena *a, uint32_t ms)
{
	return ms % 1000 ? tpc_sprintf(a, "%" PRIu32 " ms", ms) : tpc_sprintf(a, "%" PRIu32 " s", ms / 1000);
}

static const char *post(struct tpc_arena *a, const struct ir_action *act)
{
	static const char *const scopes[IR_RATE_MAX] = { "thread", "process", "machine" };
	struct tpc_buf b = TPC_BUF(a);

	tpc_buf_puts(&b, "posts an event");
	if (act->rate_ms)
		tpc_buf_printf(&b, " at most once in %s a %s", rate(a, act->rate_ms),
			       act->rate_scope < IR_RATE_MAX ? scopes[act->rate_scope] : "?");
	if (act->kernel_stack)
		tpc_buf_puts(&b, " with the kernel stack");
	if (act->user_stack)
		tpc_buf_puts(&b, " with the user stack");
	if (act->ima_hash)
		tpc_buf_puts(&b, " with the IMA hash");
	return tpc_buf_text(&b);
}

static void put_result(struct tpc_buf *b, int32_t result)
{
	const char *name = result < 0 && result > -4096 ? strerrorname_np(-result) : NULL;

	tpc_buf_printf(b, "%" PRId32, result);
	if (name)
		tpc_buf_printf(b, " (%s)", name);
}

static const char * override(struct tpc_arena *a, const struct ir_action *act)
{
	struct tpc_buf b = TPC_BUF(a);

	tpc_buf_puts(&b, "makes the call");
	if (act->redirect == IR_REDIRECT_SYMBOL)
		tpc_buf_printf(&b, " run %s instead", text(a, act->new_symbol));
	else if (act->redirect != IR_REDIRECT_NONE)
		tpc_buf_printf(&b, " run what is at %s 0x%" PRIx64 " instead",
			       act->redirect == IR_REDIRECT_ADDR ? "address" : "offset",
			       (uint64_t)act->new_place);
	for (uint32_t i = 0; i < act->regs.len; i++)
		tpc_buf_printf(&b, "%s %s",
			       i	     ? "," :
			       act->redirect ? " with" :
					       " see",
			       text(a, act->regs.items[i]));
	if (!act->redirect && !act->regs.len) {
		tpc_buf_puts(&b, " return ");
		put_result(&b, act->arg);
	}
	tpc_buf_puts(&b, " (Override)");
	return tpc_buf_text(&b);
}

static const char *notify(struct tpc_arena *a, const struct ir_action *act)
{
	struct tpc_buf b = TPC_BUF(a);

	tpc_buf_puts(&b, "has the enforcer");
	if (act->signal)
		tpc_buf_printf(&b, " send signal %" PRId32, act->signal);
	if (act->arg || !act->signal) {
		tpc_buf_printf(&b, "%s return ", act->signal ? " and" : "");
		put_result(&b, act->arg);
	}
	tpc_buf_puts(&b, " (NotifyEnforcer)");
	return tpc_buf_text(&b);
}

const char *words_action(struct tpc_arena *a, const struct ir_program *p, const struct ir_action *act)
{
	switch (act->kind) {
	case IR_POST:
		return post(a, act);
	case IR_NOPOST:
		return "posts no event (NoPost)";
	case IR_SIGKILL:
		return "kills the process (Sigkill)";
	case IR_SIGNAL:
		return tpc_sprintf(a, "sends signal %" PRId32 " (Signal)", act->arg);
	case IR_OVERRIDE:
		return override(a, act);
	case IR_GET_URL:
		return tpc_sprintf(a, "fetches %s (GetUrl)", text(a, act->text));
	case IR_DNS_LOOKUP:
		return tpc_sprintf(a, "looks up %s (DnsLookup)", text(a, act->text));
	case IR_TRACK_SOCK:
		return tpc_sprintf(a, "tracks %s (TrackSock)", words_value(a, p, (uint16_t)act->index));
	case IR_UNTRACK_SOCK:
		return tpc_sprintf(a, "no more tracks %s (UntrackSock)",
				   words_value(a, p, (uint16_t)act->index));
	case IR_NOTIFY_ENFORCER:
		return notify(a, act);
	case IR_CLEANUP_ENFORCER:
		return "takes back what the enforcer was told (CleanupEnforcerNotification)";
	default:
		return tpc_sprintf(a, "sets argument %" PRId32 " to %" PRId32 " (Set)", act->index, act->arg);
	}
}

/* ---- workloads ---- */

const char *words_req(struct tpc_arena *a, const struct ir_label_req *r)
{
	const char **values = tpc_new_array(a, const char *, r->values.len);
	const char *key = text(a, r->key);

	for (uint32_t i = 0; i < r->values.len; i++)
		values[i] = text(a, r->values.items[i]);
	switch (r->op) {
	case IR_LABEL_IN:
		if (r->values.len == 1)
			return tpc_sprintf(a, "%s=%s", key, values[0]);
		return tpc_sprintf(a, "%s in (%s)", key, words_list(a, values, r->values.len));
	case IR_LABEL_NOT_IN:
		if (r->values.len == 1)
			return tpc_sprintf(a, "%s!=%s", key, values[0]);
		return tpc_sprintf(a, "%s not in (%s)", key, words_list(a, values, r->values.len));
	case IR_LABEL_EXISTS:
		return tpc_sprintf(a, "label %s", key);
	default:
		return tpc_sprintf(a, "no label %s", key);
	}
}

const char *words_labels(struct tpc_arena *a, const struct ir_labels *l)
{
	const char **reqs = tpc_new_array(a, const char *, l->reqs.len);

	for (uint32_t i = 0; i < l->reqs.len; i++)
		reqs[i] = words_req(a, &l->reqs.items[i]);
	return words_list(a, reqs, l->reqs.len);
}

const char *words_workload(struct tpc_arena *a, const struct ir_workload *w)
{
	struct tpc_buf b = TPC_BUF(a);

	if (!w)
		return "everything";
	if (w->host)
		tpc_buf_puts(&b, w->pods ? "the host and " : "the host");
	if (!w->pods)
		return tpc_buf_text(&b);
	tpc_buf_puts(&b, w->pod.reqs.len || w->ns ? "pods" : "all pods");
	if (w->ns)
		tpc_buf_printf(&b, " of namespace %s", text(a, w->ns));
	if (w->pod.reqs.len)
		tpc_buf_printf(&b, " with %s", words_labels(a, &w->pod));
	if (w->container.reqs.len)
		tpc_buf_printf(&b, ", their containers with %s", words_labels(a, &w->container));
	return tpc_buf_text(&b);
}
