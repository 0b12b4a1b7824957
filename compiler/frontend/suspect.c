// SPDX-License-Identifier: Apache-2.0
/* What Tetragon and tpc accept although hardly anyone means it. A warning each, never an error. */
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "frontend/rules.h"

/* The key that an object begins with: its span is that of all its lines. */
static struct tpc_span first_key(struct tpc_ctx *c, struct tpc_span at)
{
	const struct tpc_source *src = tpc_source_get(&c->sources, at.file);
	uint32_t len = 0;

	while (src && len < at.len && tpc_is_alnum(src->text[at.off + len]))
		len++;
	at.len = len ? len : 1;
	return at;
}

/* ---- a dash too many: one selector written as two ---- */

/* What a selector holds, a bit each. Filters are ANDed in one selector; two selectors are ORed. */
enum {
	HAS_ARGS = 1 << 0,
	HAS_DATA = 1 << 1,
	HAS_PIDS = 1 << 2,
	HAS_BINARIES = 1 << 3,
	HAS_PARENTS = 1 << 4,
	HAS_NAMESPACES = 1 << 5,
	HAS_NAMESPACE_CHANGES = 1 << 6,
	HAS_CAPABILITIES = 1 << 7,
	HAS_CAPABILITY_CHANGES = 1 << 8,
	HAS_WORKLOADS = 1 << 9,
	HAS_RETURN_ARGS = 1 << 10,
	HAS_MACROS = 1 << 11,
	/* Of the process, not of what it does: seldom a reason to match by itself. */
	HAS_CONTEXT = HAS_PIDS | HAS_BINARIES | HAS_PARENTS | HAS_NAMESPACES | HAS_NAMESPACE_CHANGES |
		      HAS_CAPABILITIES | HAS_CAPABILITY_CHANGES | HAS_WORKLOADS,
};

static unsigned filters_of(const struct tpc_selector *s)
{
	return (s->match_args.len ? HAS_ARGS : 0) | (s->match_data.len ? HAS_DATA : 0) |
	       (s->match_pids.len ? HAS_PIDS : 0) | (s->match_binaries.len ? HAS_BINARIES : 0) |
	       (s->match_parent_binaries.len ? HAS_PARENTS : 0) |
	       (s->match_namespaces.len ? HAS_NAMESPACES : 0) |
	       (s->match_namespace_changes.len ? HAS_NAMESPACE_CHANGES : 0) |
	       (s->match_capabilities.len ? HAS_CAPABILITIES : 0) |
	       (s->match_capability_changes.len ? HAS_CAPABILITY_CHANGES : 0) |
	       (s->match_workloads ? HAS_WORKLOADS : 0) | (s->match_return_args.len ? HAS_RETURN_ARGS : 0) |
	       (s->macros.len ? HAS_MACROS : 0);
}

static bool has_actions(const struct tpc_selector *s)
{
	return s->match_actions.len || s->match_return_actions.len;
}

/* One context filter, and nothing to do: half of a selector. */
static bool is_context_alone(const struct tpc_selector *s)
{
	unsigned f = filters_of(s);

	return !has_actions(s) && f && !(f & ~HAS_CONTEXT) && !(f & (f - 1));
}

/*
 * Are @a and @b, which follow each other, halves of one selector? Filters without an action before an action
 * without filters; or one context filter alone beside filters that do not ask about the same.
 */
static bool is_split(const struct tpc_selector *a, const struct tpc_selector *b)
{
	unsigned fa = filters_of(a), fb = filters_of(b);

	if (!fb)
		return fa && !has_actions(a) && has_actions(b);
	if (!fa || fa & fb)
		return false;
	return is_context_alone(a) || (is_context_alone(b) && !has_actions(a));
}

static void check_split(struct tpc_ctx *c, const struct tpc_selector *a, const struct tpc_selector *b)
{
	struct tpc_diag *diag;

	if (!is_split(a, b))
		return;
	diag = tpc_warning(&c->diags, first_key(c, b->at), TPC_W_SELECTOR_SPLIT,
			   filters_of(b) ?
				   "these filters and those of the selector before are ORed" :
				   "this selector has actions and no filter, so it takes every event left");
	tpc_diag_hint(&c->diags, diag, "remove the '-' when both are one selector");
	tpc_diag_note(&c->diags, diag, first_key(c, a->at),
		      has_actions(a) ?
			      "the selector before is here" :
			      "the selector before: what it matches is posted, for it has no action");
}

/* ---- patterns ---- */

/* One word with a '*' in it, or '^' before a path or name. */
static bool is_pattern(const char *s, uint32_t len)
{
	bool word = true;

	if (len < 2)
		return false;
	for (uint32_t i = 0; i < len; i++)
		word &= s[i] > ' ' && s[i] < 0x7f;
	if (!word)
		return false;
	return memchr(s, '*', len) || (s[0] == '^' && (s[1] == '/' || tpc_is_alnum(s[1])));
}

static void report_pattern(struct tpc_ctx *c, struct tpc_span at, const char *s, uint32_t len)
{
	struct tpc_diag *diag;

	if (!is_pattern(s, len))
		return;
	diag = tpc_warning(&c->diags, at, TPC_W_PATTERN, "'%s' is compared as it stands, not as a pattern",
			   tpc_utf8_shown(c->arena, s, len < 64 ? len : 64));
	tpc_diag_hint(&c->diags, diag, "operators Prefix and Postfix take the part that is fixed");
}

static bool takes_text(uint16_t op)
{
	switch (op) {
	case TPC_ARG_OPERATOR_EQUAL:
	case TPC_ARG_OPERATOR_NOT_EQUAL:
	case TPC_ARG_OPERATOR_PREFIX:
	case TPC_ARG_OPERATOR_NOT_PREFIX:
	case TPC_ARG_OPERATOR_POSTFIX:
	case TPC_ARG_OPERATOR_NOT_POSTFIX:
		return true;
	default:
		return false; /* a part of any text may be such; numbers and addresses are checked as what they are */
	}
}

static void check_arg_patterns(struct tpc_ctx *c, const struct tpc_arg_filter *f, uint32_t n)
{
	const struct tpc_value *v;

	for (uint32_t i = 0; i < n; i++) {
		if (!takes_text(f[i].op.v))
			continue;
		tpc_vec_foreach (v, &f[i].values)
			report_pattern(c, v->at, v->s, v->len);
	}
}

static void check_binary_patterns(struct tpc_ctx *c, const struct tpc_binary_filter *f, uint32_t n)
{
	const struct tpc_text *t;

	for (uint32_t i = 0; i < n; i++) {
		tpc_vec_foreach (t, &f[i].values)
			report_pattern(c, t->at, t->s, t->len);
	}
}

/* ---- hooks ---- */
static void check_selectors(struct tpc_ctx *c, const struct tpc_selector *s, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			check_split(c, &s[i - 1], &s[i]);
		check_arg_patterns(c, s[i].match_args.items, s[i].match_args.len);
		check_arg_patterns(c, s[i].match_data.items, s[i].match_data.len);
		check_binary_patterns(c, s[i].match_binaries.items, s[i].match_binaries.len);
		check_binary_patterns(c, s[i].match_parent_binaries.items, s[i].match_parent_binaries.len);
	}
}

/* "__x64_sys_execve": the name that one architecture has for a system call. */
static void check_call(struct tpc_ctx *c, const struct tpc_text *call)
{
	static const char *const prefixes[] = { "__x64_sys_", "__arm64_sys_", "__ia32_sys_" };
	struct tpc_diag *diag;

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		size_t len = strlen(prefixes[i]);

		if (strncmp(call->s, prefixes[i], len) || !call->s[len])
			continue;
		diag = tpc_warning(&c->diags, call->at, TPC_W_ARCH_PREFIX,
				   "'%s' exists on one architecture only", call->s);
		tpc_diag_hint(&c->diags, diag, "write 'sys_%s'", call->s + len);
	}
}

static void check_return(struct tpc_ctx *c, const struct tpc_bool *ret, const struct tpc_arg *arg)
{
	struct tpc_diag *diag;

	if (!arg || ret->v)
		return;
	diag = tpc_warning(&c->diags, first_key(c, arg->at), TPC_W_NO_EFFECT,
			   "'returnArg' has no effect without 'return: true'");
	tpc_diag_hint(&c->diags, diag, "add 'return: true'");
}

static void check_kprobe(struct tpc_ctx *c, const struct tpc_kprobe *k)
{
	check_call(c, &k->call);
	check_return(c, &k->ret, k->return_arg);
	check_selectors(c, k->selectors.items, k->selectors.len);
}

static void check_hooks(struct tpc_ctx *c, const struct tpc_spec *s)
{
	const struct tpc_tracepoint *t;
	const struct tpc_lsmhook *l;
	const struct tpc_uprobe *u;
	const struct tpc_kprobe *k;
	const struct tpc_usdt *d;

	tpc_vec_foreach (k, &s->kprobes)
		check_kprobe(c, k);
	tpc_vec_foreach (k, &s->fentries)
		check_kprobe(c, k);
	tpc_vec_foreach (t, &s->tracepoints)
		check_selectors(c, t->selectors.items, t->selectors.len);
	tpc_vec_foreach (l, &s->lsmhooks)
		check_selectors(c, l->selectors.items, l->selectors.len);
	tpc_vec_foreach (d, &s->usdts)
		check_selectors(c, d->selectors.items, d->selectors.len);
	tpc_vec_foreach (u, &s->uprobes) {
		check_return(c, &u->ret, u->return_arg);
		check_selectors(c, u->selectors.items, u->selectors.len);
	}
}

void suspect_check(struct tpc_ctx *c, const struct tpc_policy *p)
{
	if (p->kind == TPC_TRACING_POLICY_NAMESPACED && !p->metadata.ns.len) {
		struct tpc_span at = first_key(c, p->metadata.at);

		tpc_diag_hint(&c->diags,
			      tpc_warning(&c->diags, at, TPC_W_NO_NAMESPACE,
					  "a TracingPolicyNamespaced without 'namespace'"),
			      "add 'namespace:', unless kubectl is to fill it in");
	}
	check_hooks(c, &p->spec);
}
