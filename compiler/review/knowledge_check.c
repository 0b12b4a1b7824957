// SPDX-License-Identifier: Apache-2.0
/* What must hold of one row beyond its fields' types. */
#include <string.h>

#include "base/text.h"
#include "ir/lsm.h"
#include "kernel/syscalls.h"
#include "review/knowledge_impl.h"

/* What a source may begin with; "judgement" and "unchecked" say that nothing was looked up. */
static const char *const origins[] = { "linux:",   "btf:", "tetragon:", "github:",   "debian:",
				       "https://", "man:", "judgement", "unchecked", NULL };

static bool begins(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

/* ---- sources ---- */
static bool is_origin(const char *s)
{
	for (const char *const *o = origins; *o; o++)
		if (begins(s, *o) && (strchr(*o, ':') ? s[strlen(*o)] != 0 : 1))
			return true;
	return false;
}

/* "a; b": several, each of which says where it is from. */
static bool are_origins(const char *s)
{
	while (is_origin(s)) {
		s = strstr(s, "; ");
		if (!s)
			return true;
		s += 2;
	}
	return false;
}

static bool has_source(const struct know_sources *source, const char *fact)
{
	const struct tpc_pair *p;

	tpc_vec_foreach (p, source)
		if (!strcmp(p->key.s, fact))
			return true;
	return false;
}

/* Every one of @facts, NULL-terminated, needs a source, and nothing else has one. */
static void check_sources(struct tpc_ctx *c, const struct know_sources *source, const char *const *facts)
{
	const struct tpc_pair *p;

	tpc_vec_foreach (p, source) {
		const char *const *f = facts;

		while (*f && strcmp(*f, p->key.s))
			f++;
		if (!*f)
			know_fault(c, p->key.at, "'source' is not about '%s'", p->key.s);
		if (!are_origins(p->value.s))
			tpc_diag_hint(
				&c->diags, know_fault(c, p->value.at, "'%s' is not a source", p->value.s),
				"linux:FILE@COMMIT, tetragon:FILE@COMMIT, github:OWNER/NAME:FILE, debian:PACKAGE, btf:6.1, man:PAGE, https://…, judgement or unchecked");
	}
	for (const char *const *f = facts; *f && source->at.file; f++)
		if (!has_source(source, *f))
			know_fault(c, source->at, "'source' does not say where '%s' is from", *f);
}

/* ---- words ---- */
static bool is_name(const char *s)
{
	for (const char *p = s; *p; p++)
		if (!(*p >= 'a' && *p <= 'z') && !(*p >= '0' && *p <= '9') && (*p != '-' || p == s || !p[1]))
			return false;
	return *s != 0;
}

static void check_name(struct tpc_ctx *c, const struct tpc_text *id)
{
	if (!is_name(id->s))
		know_fault(c, id->at, "'%s' is no name: lower case, digits and '-'", id->s);
}

static bool is_kernel(const char *s)
{
	size_t digits = strspn(s, "0123456789");

	if (!digits || s[digits] != '.')
		return false;
	s += digits + 1;
	digits = strspn(s, "0123456789");
	return digits && !s[digits];
}

static void check_kernel(struct tpc_ctx *c, const struct tpc_text *t)
{
	if (t->set && !is_kernel(t->s))
		know_fault(c, t->at, "'%s' is no version of a kernel, as 5.7", t->s);
}

static void check_text(struct tpc_ctx *c, const struct tpc_text *t, const char *field)
{
	if (t->set && (!t->len || t->s[t->len - 1] == '\n' || t->s[t->len - 1] == ' '))
		know_fault(c, t->at, "'%s' is empty or ends in a space", field);
}

static void check_link(struct tpc_ctx *c, const struct know_link *l)
{
	if (l->hook.set == l->other.set)
		know_fault(c, l->at, "either 'hook' or 'other' is needed");
	check_text(c, &l->why, "why");
}

/* ---- hooks ---- */
static void check_lsm(struct tpc_ctx *c, const struct know_hook *h)
{
	const struct lsm_hook *lsm = lsm_hook_find(h->name, NULL);

	if (!lsm) {
		know_fault(c, h->id.at, "there is no LSM hook '%s'", h->name);
		return;
	}
	if (h->override.set && lsm->has_result != (h->override.v == KNOW_OVERRIDE_LSM))
		know_fault(c, h->override.at, "LSM hook '%s' %s", h->name,
			   lsm->has_result ? "has a result that can be replaced: override: lsm" :
					     "has no result: override: none");
	if (h->function_args.len && !h->function.set)
		know_fault(c, h->function_args.at, "'functionArgs' without 'function'");
}

static void check_syscall(struct tpc_ctx *c, const struct know_hook *h)
{
	const char *name = begins(h->name, "sys_") ? h->name + 4 : "";

	if (!kernel_syscall_find(KERNEL_X64, name, (uint32_t)strlen(name), NULL))
		know_fault(c, h->id.at, "'%s' is not a system call, as sys_openat", h->name);
}

void know_check_hook(struct tpc_ctx *c, struct know_hook *h)
{
	const char *facts[7] = { "hook", "override", "rate", "since" };
	uint32_t n = 4;
	const struct know_link *l;
	const struct tpc_pair *p;

	if (h->siblings.len)
		facts[n++] = "siblings";
	if (h->changes.len)
		facts[n++] = "changes";
	h->kind = know_split_id(h->id.s, &h->name);
	check_sources(c, &h->source, facts);
	check_kernel(c, &h->since);
	check_text(c, &h->about, "about");
	tpc_vec_foreach (p, &h->missing)
		check_kernel(c, &p->key);
	tpc_vec_foreach (l, &h->siblings)
		check_link(c, l);
	if (h->better)
		check_link(c, h->better);
	if (h->kind == KNOW_KIND_NONE) {
		h->name = "";
		know_fault(c, h->id.at, "'%s' is no hook's id, as lsm:file_open", h->id.s);
	}
	if (h->kind == KNOW_LSM)
		check_lsm(c, h);
	else if (h->function.set)
		know_fault(c, h->function.at, "only LSM hooks have a 'function'");
	if (h->kind == KNOW_SYSCALL)
		check_syscall(c, h);
	if (h->kind == KNOW_KPROBE && begins(h->name, "security_"))
		tpc_diag_hint(&c->diags, know_fault(c, h->id.at, "'%s' belongs to an LSM hook", h->name),
			      "write it as the 'function' of lsm:%s", h->name + strlen("security_"));
}

/* ---- threats ---- */
static void check_action(struct tpc_ctx *c, const struct know_action *a)
{
	if (a->error.set != (a->action.v == KNOW_ACT_OVERRIDE))
		know_fault(c, a->at, "'error' is for Override, which needs it");
	else if (a->action.v == KNOW_ACT_OVERRIDE && !a->error.v)
		know_fault(c, a->error.at, "an Override with 0 reports success");
	if (a->rate_limit.set && a->action.v != KNOW_ACT_POST)
		know_fault(c, a->rate_limit.at, "'rateLimit' is for Post");
	if (a->action.v == KNOW_ACT_NOTHING && !a->why.set)
		know_fault(c, a->at, "'None' needs a 'why'");
}

static void check_use(struct tpc_ctx *c, const struct know_use *u)
{
	const struct tpc_selector *s;

	check_text(c, &u->why, "why");
	tpc_vec_foreach (s, &u->selectors)
		if (s->match_actions.len || s->match_return_actions.len)
			know_fault(c, s->at, "actions do not belong here: they follow from 'actions'");
}

static void check_mitre(struct tpc_ctx *c, const struct tpc_text *t)
{
	const char *s = t->s;

	if (s[0] != 'T' || strspn(s + 1, "0123456789") != 4 ||
	    (s[5] && (s[5] != '.' || strspn(s + 6, "0123456789") != 3 || s[9])))
		know_fault(c, t->at, "'%s' is no technique, as T1548.001", s);
}

void know_check_threat(struct tpc_ctx *c, const struct know_threat *t)
{
	static const char *const facts[] = { "hooks",  "alternatives", "minKernel", "actions",
					     "impact", "legitimate",   "fidelity",  NULL };
	const struct know_link *l;
	const struct know_use *u;
	const struct tpc_text *m;

	check_name(c, &t->id);
	check_sources(c, &t->source, facts);
	check_kernel(c, &t->min_kernel);
	check_text(c, &t->about, "about");
	tpc_vec_foreach (m, &t->mitre)
		check_mitre(c, m);
	if (t->hooks.at.file && !t->hooks.len)
		know_fault(c, t->hooks.at, "a threat needs a hook");
	tpc_vec_foreach (u, &t->hooks)
		check_use(c, u);
	tpc_vec_foreach (l, &t->alternatives)
		check_link(c, l);
	for (int i = 0; i < KNOW_APPETITE_MAX; i++)
		if (t->actions.by[i].action.set)
			check_action(c, &t->actions.by[i]);
	if (t->fidelity.at.file && !t->fidelity.len)
		know_fault(c, t->fidelity.at, "'fidelity' is empty");
}

/* ---- agents ---- */
static void check_binary(struct tpc_ctx *c, const struct know_binary *b)
{
	if (!b->path.set)
		return;
	if (strchr(b->path.s, '*'))
		tpc_diag_hint(&c->diags, know_fault(c, b->path.at, "a path has no patterns: '%s'", b->path.s),
			      "write its beginning and 'match: Prefix', or its end and 'match: Postfix'");
	else if (b->path.s[0] != '/')
		know_fault(c, b->path.at, "'%s' is no path: it begins with /", b->path.s);
	else if (!strcmp(b->path.s, "/bin/sh") || !strcmp(b->path.s, "/usr/bin/sh"))
		tpc_diag_hint(&c->diags, know_fault(c, b->path.at, "'%s' is a link everywhere", b->path.s),
			      "name what it leads to: /usr/bin/dash, /usr/bin/bash, /bin/busybox");
}

void know_check_agent(struct tpc_ctx *c, const struct know_agent *a)
{
	static const char *const facts[] = { "binaries", "triggers", "where", NULL };
	const struct know_binary *b;
	const struct tpc_text *t;

	check_name(c, &a->name);
	check_sources(c, &a->source, facts);
	check_text(c, &a->about, "about");
	if (a->binaries.at.file && !a->binaries.len)
		know_fault(c, a->binaries.at, "an agent needs a binary");
	tpc_vec_foreach (b, &a->binaries)
		check_binary(c, b);
	tpc_vec_foreach (t, &a->labels)
		if (!strchr(t->s, '=') || t->s[0] == '=')
			know_fault(c, t->at, "'%s' is no label, as app=name", t->s);
	if (a->triggers.at.file && !a->triggers.len)
		know_fault(c, a->triggers.at, "an agent that sets nothing off needs no row");
}

/* ---- checks ---- */
void know_check_check(struct tpc_ctx *c, const struct know_check *k)
{
	static const char *const facts[] = { "why", NULL };

	if (strncmp(k->code.s, "TPR", 3) || strspn(k->code.s + 3, "0123456789") != 3 || k->code.s[6])
		know_fault(c, k->code.at, "'%s' is no code of a check, as TPR101", k->code.s);
	check_name(c, &k->slug);
	check_sources(c, &k->source, facts);
	check_text(c, &k->title, "title");
	/* What is only judgement is never an error: docs/knowledge.md. */
	if (!strcmp(k->severity.s, "error") && k->source.len &&
	    begins(k->source.items[0].value.s, "judgement"))
		know_fault(c, k->severity.at, "'error' needs a source, not judgement");
}
