// SPDX-License-Identifier: Apache-2.0
/* A policy of a threat's rows: their arguments and selectors as they are written there, and what to do. */
#include <inttypes.h>
#include <string.h>

#include "review/template_impl.h"

/* ---- what it does ---- */
static const struct know_action *action_of(const struct know_policy *p)
{
	const struct know_action *a = &p->threat->actions.by[p->appetite];

	if (p->appetite == KNOW_BLOCK && a->action.v == KNOW_ACT_NOTHING)
		return &p->threat->actions.by[KNOW_ALERT];
	return a;
}

const char *know_policy_none(const struct know_policy *p)
{
	const struct know_action *a = action_of(p);
	const struct know_use *u;

	tpc_vec_foreach (u, &p->threat->hooks)
		if (u->row && u->row->kind != KNOW_BASE && a->action.v != KNOW_ACT_NOTHING)
			return NULL;
	return a->why.set ? a->why.s : "events are sent without a policy";
}

bool know_policy_enforces(const struct know_policy *p)
{
	uint16_t v = action_of(p)->action.v;

	return v == KNOW_ACT_OVERRIDE || v == KNOW_ACT_SIGKILL;
}

static const char *action_text(struct tpc_ctx *c, const struct know_action *a)
{
	if (a->action.v == KNOW_ACT_OVERRIDE)
		return tpc_sprintf(c->arena, "{action: Override, argError: %" PRId64 "}", a->error.v);
	if (a->action.v == KNOW_ACT_POST && a->rate_limit.set)
		return tpc_sprintf(c->arena, "{action: Post, rateLimit: %s}",
				   know_scalar(c, a->rate_limit.s));
	return tpc_sprintf(c->arena, "{action: %s}", a->action.s);
}

/* ---- selectors ---- */
/* As it is written in the row; what is in braces is opened for one more key. */
static void put_selector(struct tpc_ctx *c, const struct tpc_selector *s, const char *actions,
			 struct tpc_buf *out)
{
	struct tpc_buf text = TPC_BUF(c->arena);
	bool flow;

	know_put_source(c, s->at, ITEM "  ", &text);
	if (!text.len)
		return;
	text.data[strlen(ITEM)] = '-';
	flow = text.data[strlen(ITEM "- ")] == '{';
	if (!flow) {
		tpc_buf_add(out, text.data, text.len);
		tpc_buf_printf(out, ITEM "  matchActions:\n" ITEM "  - %s\n", actions);
		return;
	}
	text.len -= strlen("}\n");
	while (text.len && strchr(" \n,", text.data[text.len - 1]))
		text.len--;
	tpc_buf_add(out, text.data, text.len);
	tpc_buf_printf(out, "%smatchActions: [%s]}\n", text.data[text.len - 1] == '{' ? "" : ", ", actions);
}

static void put_selectors(struct tpc_ctx *c, const struct know_use *u, const struct exempt *e,
			  const char *actions, struct tpc_buf *out)
{
	const struct tpc_selector *s;

	tpc_buf_puts(out, ITEM "selectors:\n");
	know_exempt_yaml(c, e, out);
	tpc_vec_foreach (s, &u->selectors)
		put_selector(c, s, actions, out);
	if (!u->selectors.len)
		tpc_buf_printf(out, ITEM "- matchActions:\n" ITEM "  - %s\n", actions);
}

/* ---- hooks ---- */
struct section {
	const char *name; /* in spec */
	const char *word; /* in the names of policies */
};

static const struct section sections[] = {
	{ "lsmhooks", "lsm" },
	{ "kprobes", "kprobe" },
	{ "tracepoints", "tracepoint" },
	{ "uprobes", "uprobe" },
};
#define NSECTIONS (sizeof(sections) / sizeof(sections[0]))

static const char *section_of(const struct know_use *u)
{
	static const char *const names[KNOW_KIND_MAX] = {
		[KNOW_LSM] = "lsmhooks",	   [KNOW_KPROBE] = "kprobes", [KNOW_SYSCALL] = "kprobes",
		[KNOW_TRACEPOINT] = "tracepoints", [KNOW_UPROBE] = "uprobes",
	};

	return u->row ? names[u->row->kind] : NULL;
}

static bool is_of(const struct know_use *u, const struct section *s)
{
	return section_of(u) && !strcmp(section_of(u), s->name);
}

/* A kprobe on the function of an LSM hook has that hook's row: the name is the use's own. */
static const char *name_of(const struct know_use *u)
{
	return strchr(u->hook.s, ':') + 1;
}

/* Programs of 32 bits come by another entry. */
static const char *list_name(struct tpc_ctx *c, const struct know_use *u)
{
	const char *name = name_of(u);

	if (u->row->kind != KNOW_SYSCALL || !know_hook_has_abi32(u->row))
		return NULL;
	return strncmp(name, "sys_", 4) ? name : tpc_sprintf(c->arena, "%s", name + 4);
}

static void put_kprobe_name(struct tpc_ctx *c, const struct know_use *u, struct tpc_buf *out)
{
	const char *list = list_name(c, u);

	if (!list) {
		tpc_buf_printf(out, "  - call: %s\n" ITEM "syscall: %s\n", know_scalar(c, name_of(u)),
			       u->row->kind == KNOW_SYSCALL ? "true" : "false");
		return;
	}
	tpc_buf_printf(out, "  - call: %s\n" ITEM "syscall: true\n",
		       know_scalar(c, tpc_sprintf(c->arena, "list:%s", list)));
	tpc_buf_puts(out, ITEM "ignore: {callNotFound: true} # kernels without 32-bit programs\n");
}

static void put_name(struct tpc_ctx *c, const struct know_use *u, struct tpc_buf *out)
{
	const char *name = name_of(u), *cut = strrchr(name, u->row->kind == KNOW_TRACEPOINT ? '/' : ':');
	const char *head = cut ? tpc_sprintf(c->arena, "%.*s", (int)(cut - name), name) : name;
	const char *tail = cut ? cut + 1 : "";

	switch (u->row->kind) {
	case KNOW_LSM:
		tpc_buf_printf(out, "  - hook: %s\n", know_scalar(c, name));
		break;
	case KNOW_TRACEPOINT:
		tpc_buf_printf(out, "  - subsystem: %s\n" ITEM "event: %s\n", know_scalar(c, head),
			       know_scalar(c, tail));
		break;
	case KNOW_UPROBE:
		tpc_buf_printf(out, "  - path: %s\n" ITEM "symbols: [%s]\n", know_scalar(c, head),
			       know_scalar(c, tail));
		break;
	default:
		put_kprobe_name(c, u, out);
	}
}

static void put_tags(struct tpc_ctx *c, const struct know_threat *t, struct tpc_buf *out)
{
	struct know_texts tags = { 0 };
	const struct tpc_text *m;

	know_add_text(c, &tags, t->id.s);
	tpc_vec_foreach (m, &t->mitre)
		know_add_text(c, &tags, tpc_sprintf(c->arena, "mitre.%s", m->s));
	know_add_text(c, &tags, tpc_sprintf(c->arena, "severity.%s", t->severity.s));
	know_put_texts(c, out, ITEM, "tags", &tags, NULL);
}

static void put_use(struct tpc_ctx *c, const struct know_policy *p, const struct know_use *u,
		    const struct exempt *e, struct tpc_buf *out)
{
	struct know_use shown = *u;

	know_put_wrapped(out, "  # ", "  # ", u->why.s);
	put_name(c, u, out);
	tpc_buf_printf(out, ITEM "message: %s\n", know_scalar(c, p->threat->title.s));
	put_tags(c, p->threat, out);
	memset(&shown.selectors, 0, sizeof(shown.selectors));
	know_use_yaml(c, &shown, ITEM, out);
	put_selectors(c, u, e, action_text(c, action_of(p)), out);
}

/* ---- the policy ---- */
static void put_metadata(struct tpc_ctx *c, const struct know_policy *p, const char *name,
			 struct tpc_buf *out)
{
	bool namespaced = know_policy_namespaced(p);

	tpc_buf_printf(out, "apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy%s\nmetadata:\n  name: %s\n",
		       namespaced ? "Namespaced" : "", know_scalar(c, name));
	if (p->ns)
		tpc_buf_printf(out, "  namespace: %s\n", know_scalar(c, p->ns));
	else if (namespaced)
		tpc_buf_puts(out, "  namespace: " KNOW_NAMESPACE " # edit: the namespace to watch\n");
}

static void put_lists(struct tpc_ctx *c, const struct know_policy *p, struct tpc_buf *out)
{
	const struct know_use *u;
	bool any = false;

	tpc_vec_foreach (u, &p->threat->hooks) {
		const char *list = u->row ? list_name(c, u) : NULL;

		if (!list)
			continue;
		tpc_buf_printf(out, "%s  - name: %s\n    type: syscalls\n", any ? "" : "  lists:\n",
			       know_scalar(c, list));
		tpc_buf_printf(out, "    values: [%s, i386/%s] # i386: 32-bit programs, on x86-64 alone\n",
			       name_of(u), name_of(u));
		any = true;
	}
}

static void put_spec(struct tpc_ctx *c, const struct know_policy *p, const struct section *s,
		     const struct exempt *e, struct tpc_buf *out)
{
	const struct know_use *u;

	tpc_buf_puts(out, "spec:\n");
	if (know_policy_enforces(p))
		tpc_buf_printf(out, "  options:\n  - {name: policy-mode, value: %s}%s\n",
			       p->enforce ? "enforce" : "monitor", p->enforce ? "" : " # the first stage");
	if (!know_policy_namespaced(p) && p->threat->scope.v == KNOW_SCOPE_PODS)
		tpc_buf_puts(out, "  podSelector: {} # all pods, not the host\n");
	if (!strcmp(s->name, "kprobes"))
		put_lists(c, p, out);
	tpc_buf_printf(out, "  %s:\n", s->name);
	tpc_vec_foreach (u, &p->threat->hooks)
		if (is_of(u, s))
			put_use(c, p, u, e, out);
}

static uint32_t most_selectors(const struct know_threat *t)
{
	const struct know_use *u;
	uint32_t n = 1;

	tpc_vec_foreach (u, &t->hooks)
		n = u->selectors.len > n ? u->selectors.len : n;
	return n;
}

static bool has_section(const struct know_threat *t, const struct section *s)
{
	const struct know_use *u;

	tpc_vec_foreach (u, &t->hooks)
		if (is_of(u, s))
			return true;
	return false;
}

void know_policy_yaml(struct tpc_ctx *c, const struct know_policy *p, struct tpc_buf *out)
{
	const char *name = p->name ? p->name : p->threat->id.s;
	struct exempt e;
	uint32_t nsections = 0, done = 0;

	know_exempt(c, p, most_selectors(p->threat), &e);
	for (size_t i = 0; i < NSECTIONS; i++)
		nsections += has_section(p->threat, &sections[i]);
	for (size_t i = 0; i < NSECTIONS; i++) {
		const char *own = name;

		if (!has_section(p->threat, &sections[i]))
			continue;
		if (nsections > 1)
			own = tpc_sprintf(c->arena, "%s-%s", name, sections[i].word);
		if (done++)
			tpc_buf_puts(out, "---\n");
		know_policy_head(c, p, own, &e, out);
		put_metadata(c, p, own, out);
		put_spec(c, p, &sections[i], &e, out);
	}
}
