// SPDX-License-Identifier: Apache-2.0
/* Which stages there are, which policies each holds, and how long it lasts. */
#include "base/text.h"
#include "review/rollout_impl.h"

static const struct {
	const char *dir, *about;
} kinds[RO_KIND_MAX] = {
	[RO_OBSERVE] = { "observe", "Nothing is prevented; find out what the rules see." },
	[RO_ALERT] = { "alert", "Still nothing is prevented; events are limited in rate and wake somebody." },
	[RO_CANARY] = { "canary", "The rules prevent, for a small part; elsewhere they go on watching." },
	[RO_ENFORCE] = { "enforce", "The rules prevent, for all that they are meant for." },
};

/* ---- names ---- */

/* RFC 1123 subdomain, as metadata.name. */
bool ro_is_name(const struct tpc_text *t)
{
	if (!t->len || t->len > 253 || !tpc_is_alnum(t->s[0]) || !tpc_is_alnum(t->s[t->len - 1]))
		return false;
	for (uint32_t i = 0; i < t->len; i++) {
		char ch = t->s[i];

		if (!(ch >= 'a' && ch <= 'z') && !tpc_is_digit(ch) && ch != '-' && ch != '.')
			return false;
		if (ch == '.' && (t->s[i + 1] == '.' || t->s[i + 1] == '-' || t->s[i - 1] == '-'))
			return false;
	}
	return true;
}

#define STEM_MAX 100 /* characters */

static char stem_char(const char *name, uint32_t i)
{
	char ch = name[i];

	if (i >= STEM_MAX || !ch)
		return '\0';
	return tpc_is_alnum(ch) || ch == '-' || (ch == '.' && i) ? ch : '_';
}

/* Whatever the case of their letters: some file systems do not tell it apart. */
static bool same_stem(const char *a, const char *b)
{
	for (uint32_t i = 0;; i++) {
		char x = stem_char(a, i), y = stem_char(b, i);

		if (x != y && strncasecmp(&x, &y, 1))
			return false;
		if (!x)
			return true;
	}
}

const char *ro_file_name(const struct review *r, const struct rv_policy *p)
{
	const char *name = *p->p->metadata.name.s ? p->p->metadata.name.s : "unnamed";
	char stem[STEM_MAX + 1] = "";
	struct rv_policy *const *q;
	uint32_t nr = 0;

	for (uint32_t i = 0; (stem[i] = stem_char(name, i)); i++)
		;
	for (q = r->policies.items; *q != p; q++)
		nr += same_stem(*(*q)->p->metadata.name.s ? (*q)->p->metadata.name.s : "unnamed", name);
	if (!nr)
		return tpc_sprintf(r->c->arena, "%s.yaml", stem);
	/* '+' is in no stem: such a name is like no other. */
	return tpc_sprintf(r->c->arena, "%s+%u.yaml", stem, nr + 1);
}

const char *ro_name(struct tpc_arena *a, const struct rv_policy *p, enum ro_kind kind)
{
	const char *name = p->p->metadata.name.s;

	return kind < RO_CANARY ? name : tpc_sprintf(a, "%.240s-%s", name, kinds[kind].dir);
}

/* ---- which policies ---- */

static enum ro_kind last_of(const struct review *r, const struct rv_policy *p)
{
	if (r->brief->appetite.v == BRIEF_OBSERVE)
		return RO_OBSERVE;
	if (r->brief->appetite.v == BRIEF_ALERT || !(p->acts & RV_ACTS_ENFORCE))
		return RO_ALERT;
	return RO_ENFORCE;
}

/* What tpc or the agent refuses; errors of the reviewer's own checks do not keep a policy from being watched. */
static bool is_refused(const struct review *r, const struct rv_policy *p)
{
	struct rv_finding *const *f;

	tpc_vec_foreach (f, &r->findings)
		if ((*f)->policy == p && (*f)->severity == RV_ERROR && !strncmp((*f)->code, "TPC", 3))
			return true;
	return p->p->bad;
}

static const char *why_left(const struct review *r, const struct rv_policy *p)
{
	const struct tpc_metadata *m = &p->p->metadata;

	if (is_refused(r, p))
		return "it has errors: mend them first";
	if (!ro_is_name(&m->name))
		return "its name is none that Kubernetes takes: give it lower case letters, digits, '-' and '.'";
	if (p->scope.namespaced && m->ns.set && !ro_is_name(&m->ns))
		return "its namespace has a name that Kubernetes does not take";
	return NULL;
}

/* ---- how long ---- */

#define WEEK 7U

/*
 * Seven days see each deploy, backup and rotation of a week; what is rarer or reaches further needs more. A canary is not
 * wide, and what it could hit was looked for in the stages before it.
 */
static void count_days(const struct review *r, struct ro_stage *s)
{
	bool wide = false, agents = false, sensitive = false;
	const char *why = "a week of deploys, backups and certificate rotations, and one rotation of nodes";
	const struct brief_workload *w;
	const struct ro_file *f;
	struct rv_hook *const *h;
	struct rv_rule *const *u;

	tpc_vec_foreach (f, &s->files) {
		wide |= f->policy->scope.pods && !f->policy->scope.namespaced;
		tpc_vec_foreach (h, &f->policy->hooks)
			tpc_vec_foreach (u, &(*h)->rules)
				agents |= (*u)->agents.len > 0;
	}
	tpc_vec_foreach (w, &r->brief->workloads)
		sensitive |= w->latency_sensitive.v;
	s->days = WEEK;
#define LONGER(condition, words)                                                                             \
	do {                                                                                                 \
		if (condition) {                                                                             \
			s->days += WEEK;                                                                     \
			why = tpc_sprintf(r->c->arena, "%s; %s", why, words);                                \
		}                                                                                            \
	} while (0)
	LONGER(s->kind < RO_CANARY && r->brief->appetite.v == BRIEF_BLOCK,
	       "a week more because the brief wants to block");
	LONGER((s->kind == RO_OBSERVE || s->kind == RO_ENFORCE) && wide,
	       "a week more because the scope is more than one namespace");
	LONGER((s->kind == RO_OBSERVE || s->kind == RO_ENFORCE) && agents,
	       "a week more because agents of the platform do what the rules look for");
	LONGER(s->kind == RO_CANARY && sensitive,
	       "a week more because the brief names workloads that must not slow down");
#undef LONGER
	s->days_why = why;
}

/* ---- the plan ---- */

static void add_file(struct rv *rv, struct ro_stage *s, const struct rv_policy *p)
{
	struct ro_file f = { .policy = p, .name = ro_name(rv->arena, p, s->kind) };

	f.path = tpc_sprintf(rv->arena, "%s/%s", s->dir, ro_file_name(rv->ret, p));
	ro_make_text(rv, s->kind, &f);
	*tpc_vec_push(rv->arena, &s->files) = f;
}

static void add_stage(struct rv *rv, enum ro_kind kind, struct rollout *plan)
{
	struct ro_stage s = { .kind = kind, .about = kinds[kind].about };
	struct rv_policy *const *p;

	s.dir = tpc_sprintf(rv->arena, "%u-%s", kind + 1, kinds[kind].dir);
	tpc_vec_foreach (p, &rv->ret->policies)
		if (!why_left(rv->ret, *p) && kind <= last_of(rv->ret, *p))
			add_file(rv, &s, *p);
	if (!s.files.len)
		return;
	count_days(rv->ret, &s);
	*tpc_vec_push(rv->arena, &plan->stages) = s;
}

const struct rollout *rollout_plan(const struct review *r)
{
	struct rollout *plan = tpc_new(r->c->arena, struct rollout);
	/* The edits want a reviewer at work; nothing is added to the review. */
	struct rv rv = { .c = r->c, .arena = r->c->arena, .ret = (struct review *)r };
	struct rv_policy *const *p;
	struct ro_stage *s;

	tpc_vec_foreach (p, &r->policies)
		if (why_left(r, *p))
			*tpc_vec_push(rv.arena, &plan->left) = (struct ro_left){ *p, why_left(r, *p) };
	for (int kind = 0; kind < RO_KIND_MAX; kind++)
		add_stage(&rv, (enum ro_kind)kind, plan);
	tpc_vec_foreach (s, &plan->stages)
		ro_make_steps(r, plan, s);
	return tpc_arena_exhausted(rv.arena) ? NULL : plan;
}
