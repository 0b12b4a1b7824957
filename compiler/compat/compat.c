// SPDX-License-Identifier: Apache-2.0
/* The walk over policies and their hooks, and how something is said about them. */
#include "base/text.h"
#include "compat/compat_impl.h"

#define WORK_MAX 4000000 /* a file without macros and lists has no more than TPC_YAML_MAX_NODES values */
#define SHOWN_MAX 64

const char *compat_noun(enum compat_kind kind)
{
	static const char *const nouns[] = {
		[COMPAT_KPROBE] = "kprobe", [COMPAT_FENTRY] = "fentry", [COMPAT_TRACEPOINT] = "tracepoint",
		[COMPAT_LSM] = "lsmhook",   [COMPAT_UPROBE] = "uprobe", [COMPAT_USDT] = "usdt",
	};

	return nouns[kind];
}

bool compat_is(const struct tpc_text *t, const char *s)
{
	return tpc_text_is(t->s, t->len, s);
}

bool compat_starts(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

const char *compat_show(struct compat *x, const char *s, uint32_t len)
{
	uint32_t n = SHOWN_MAX;

	if (len <= n)
		return tpc_strndup(x->c->arena, s, len);
	while (n && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	return tpc_sprintf(x->c->arena, "%.*s…", (int)n, s);
}

struct tpc_text compat_trim(const char *s, uint32_t len)
{
	tpc_trim(&s, &len);
	return (struct tpc_text){ .s = s, .len = len };
}

/* ---- diagnostics ---- */

static bool same_span(struct tpc_span a, struct tpc_span b)
{
	return a.file == b.file && a.off == b.off && a.len == b.len;
}

/* No more than TPC_DIAG_MAX are kept, so this is a bounded search. */
static bool is_said(struct compat *x, struct tpc_span at, enum tpc_diag_code code, const char *msg)
{
	for (uint32_t i = 0; i < x->c->diags.list.len; i++) {
		const struct tpc_diag *d = x->c->diags.list.items[i];

		if (!same_span(d->at, at))
			continue;
		if (d->code < TPC_T_LIMIT ? d->sev == TPC_ERROR && d->code != TPC_E_NOT_YET :
					    d->code == code && !strcmp(d->msg, msg))
			return true;
	}
	return false;
}

static void note_hook(struct compat *x, struct tpc_diag *d)
{
	const struct compat_hook *h = x->hook;

	if (h && h->name.len)
		tpc_diag_note(&x->c->diags, d, h->name.at, "in this %s '%s'", compat_noun(h->kind),
			      compat_show(x, h->name.s, h->name.len));
	else if (h)
		tpc_diag_note(&x->c->diags, d, h->at, "in this %s", compat_noun(h->kind));
}

struct tpc_diag *compat_say(struct compat *x, struct tpc_span at, enum tpc_diag_code code, const char *fmt,
			    ...)
{
	enum tpc_severity sev = code == TPC_T_SILENT ? TPC_WARNING : x->sev;
	struct tpc_diag *d;
	const char *msg;
	va_list ap;

	compat_spend(x, TPC_DIAG_MAX); /* may come back here, once */
	va_start(ap, fmt);
	msg = tpc_vsprintf(x->c->arena, fmt, ap);
	va_end(ap);
	if (is_said(x, at, code, msg))
		return tpc_new(x->c->arena, struct tpc_diag);
	if (sev == TPC_ERROR)
		d = tpc_error(&x->c->diags, at, code, "%s", msg);
	else
		d = tpc_warning(&x->c->diags, at, code, "%s", msg);
	note_hook(x, d);
	return d;
}

void compat_hint(struct compat *x, struct tpc_diag *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tpc_diag_hint(&x->c->diags, d, "%s", tpc_vsprintf(x->c->arena, fmt, ap));
	va_end(ap);
}

bool compat_spend(struct compat *x, uint64_t n)
{
	x->work += n;
	if (x->work <= WORK_MAX && !tpc_arena_exhausted(x->c->arena))
		return true;
	if (!x->exhausted) {
		x->exhausted = true;
		compat_say(x, x->policy->metadata.name.at, TPC_T_LIMIT,
			   "the policy is too large to be compared with Tetragon's limits as a whole");
	}
	return false;
}

/* ---- hooks in one form ---- */

#define LIST_OF(h, field, list) ((h).field = (list).items, (h).n##field = (list).len)

static struct compat_hook of_kprobe(const struct tpc_kprobe *k, enum compat_kind kind)
{
	struct compat_hook h = { .kind = kind,
				 .name = k->call,
				 .message = k->message,
				 .return_arg = k->return_arg,
				 .ret = k->ret.v,
				 .syscall = k->syscall.v,
				 .ncalls = 1,
				 .kprobe = k,
				 .at = k->at };

	LIST_OF(h, args, k->args);
	LIST_OF(h, data, k->data);
	LIST_OF(h, tags, k->tags);
	LIST_OF(h, selectors, k->selectors);
	return h;
}

static struct compat_hook of_tracepoint(const struct tpc_tracepoint *t)
{
	struct compat_hook h = { .kind = COMPAT_TRACEPOINT,
				 .name = t->event,
				 .message = t->message,
				 .raw = t->raw.v,
				 .ncalls = 1,
				 .tracepoint = t,
				 .at = t->at };

	LIST_OF(h, args, t->args);
	LIST_OF(h, tags, t->tags);
	LIST_OF(h, selectors, t->selectors);
	return h;
}

static struct compat_hook of_lsmhook(const struct tpc_lsmhook *m)
{
	struct compat_hook h = {
		.kind = COMPAT_LSM, .name = m->hook, .message = m->message, .ncalls = 1, .at = m->at
	};

	LIST_OF(h, args, m->args);
	LIST_OF(h, tags, m->tags);
	LIST_OF(h, selectors, m->selectors);
	return h;
}

static struct compat_hook of_uprobe(const struct tpc_uprobe *u)
{
	struct compat_hook h = { .kind = COMPAT_UPROBE,
				 .name = u->path,
				 .message = u->message,
				 .return_arg = u->return_arg,
				 .ret = u->ret.v,
				 .ncalls = 1,
				 .uprobe = u,
				 .at = u->at };

	LIST_OF(h, args, u->args);
	LIST_OF(h, data, u->data);
	LIST_OF(h, tags, u->tags);
	LIST_OF(h, selectors, u->selectors);
	return h;
}

static struct compat_hook of_usdt(const struct tpc_usdt *u)
{
	struct compat_hook h = { .kind = COMPAT_USDT,
				 .name = u->name,
				 .message = u->message,
				 .ncalls = 1,
				 .usdt = u,
				 .at = u->at };

	LIST_OF(h, args, u->args);
	LIST_OF(h, tags, u->tags);
	LIST_OF(h, selectors, u->selectors);
	return h;
}

/* ---- the walk ---- */

static void check_hook(struct compat *x, struct compat_hook h)
{
	if (!compat_spend(x, 1))
		return;
	x->hook = &h;
	if (h.kprobe)
		compat_kprobe(x, &h);
	if (h.uprobe)
		compat_uprobe(x, &h);
	compat_message_tags(x, &h);
	compat_args(x, &h);
	compat_selectors(x, &h);
	x->hook = NULL;
}

static void check_policy(struct compat *x)
{
	const struct tpc_spec *s = &x->policy->spec;

	compat_options(x);
	compat_policy(x);
	compat_lists(x);
	compat_enforcers(x);
	for (uint32_t i = 0; i < s->kprobes.len; i++)
		check_hook(x, of_kprobe(&s->kprobes.items[i], COMPAT_KPROBE));
	for (uint32_t i = 0; i < s->fentries.len; i++)
		check_hook(x, of_kprobe(&s->fentries.items[i], COMPAT_FENTRY));
	for (uint32_t i = 0; i < s->tracepoints.len; i++)
		check_hook(x, of_tracepoint(&s->tracepoints.items[i]));
	for (uint32_t i = 0; i < s->lsmhooks.len; i++)
		check_hook(x, of_lsmhook(&s->lsmhooks.items[i]));
	for (uint32_t i = 0; i < s->uprobes.len; i++)
		check_hook(x, of_uprobe(&s->uprobes.items[i]));
	for (uint32_t i = 0; i < s->usdts.len; i++)
		check_hook(x, of_usdt(&s->usdts.items[i]));
	compat_kprobe_symbols(x);
	compat_uprobe_paths(x);
}

/* pkg/tracingpolicy/k8s.go: one document a file. kubectl reads all, so that this is said only when asked. */
static void check_documents(struct compat *x, const struct tpc_policy *before)
{
	if (x->sev == TPC_ERROR && before && before->at.file == x->policy->at.file)
		compat_say(x, x->policy->metadata.name.at, TPC_T_SILENT,
			   "Tetragon reads the first policy of a file alone, and this is another");
}

void compat_tetragon(struct tpc_ctx *c, const struct tpc_policy_list *policies, enum tpc_severity sev)
{
	const struct tpc_policy *before = NULL;

	for (uint32_t i = 0; i < policies->len; i++) {
		struct compat x = { .c = c, .sev = sev, .policy = policies->items[i] };

		if (!x.policy->bad) {
			check_documents(&x, before);
			check_policy(&x);
		}
		before = x.policy;
	}
}
