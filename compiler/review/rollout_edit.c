// SPDX-License-Identifier: Apache-2.0
/*
 * The text of a policy in each stage: what was given, with small edits. What all stages share is the rate limit from the
 * second on; policy-mode says whether it enforces, and a canary is narrowed to a namespace or to labelled nodes.
 */
#include "base/text.h"
#include "review/rollout_impl.h"

#define NAMESPACE_KEY "k8s:io.kubernetes.pod.namespace" /* tetragon:pkg/podhelpers */
#define RATE_LIMIT "1m"
#define RATE_EDITS 400 /* each looks for its place in the whole tree */
#define ACTIONS_MAX 3  /* of a selector, tetragon:pkg/selectors */

/* A finding that nobody sees: it collects edits. */
struct making {
	struct rv *rv;
	struct rv_finding f;
	const struct rv_policy *policy;
	const char *spec_keys; /* lines to put before the first key of spec, each as "key: value" */
	const char *by_hand;   /* what could not be done */
};

static void put(struct making *m, struct tpc_span at, const char *text)
{
	*tpc_vec_push(m->rv->arena, &m->f.edits) = (struct rv_edit){ .at = at, .text = text };
}

static void cannot(struct making *m, const char *what)
{
	m->by_hand = m->by_hand ? tpc_sprintf(m->rv->arena, "%s; %s", m->by_hand, what) : what;
}

/* @block in a list of lines, @flow in one within brackets. */
static bool add_item(struct making *m, struct tpc_span item, bool before, const char *block, const char *flow)
{
	return edit_add_item(m->rv, &m->f, item, before, block) ||
	       edit_add_item(m->rv, &m->f, item, before, flow);
}

/* ---- keys of spec ---- */

/* Put in as one edit at the end, for edits must not meet. @flow is the same in one line. */
static void want_spec_key(struct making *m, const char *block, const char *flow)
{
	const struct tpc_span at = m->policy->p->spec.at;
	const char *text = tpc_source_get(&m->rv->c->sources, at.file)->text;

	m->spec_keys = tpc_sprintf(m->rv->arena, "%s%s", m->spec_keys,
				   text[at.off] == '{' ? tpc_sprintf(m->rv->arena, "%s, ", flow) :
							 tpc_sprintf(m->rv->arena, "%s\n", block));
}

/* @text with @col spaces behind each newline. */
static const char *indented(struct tpc_arena *a, const char *text, uint32_t col)
{
	struct tpc_buf b = TPC_BUF(a);

	for (; *text; text++) {
		tpc_buf_putc(&b, *text);
		if (*text == '\n')
			tpc_buf_printf(&b, "%*s", (int)col, "");
	}
	return tpc_buf_text(&b);
}

static void put_spec_keys(struct making *m)
{
	struct tpc_span at = m->policy->p->spec.at;
	const char *text = tpc_source_get(&m->rv->c->sources, at.file)->text;
	uint32_t col = 0;

	if (!*m->spec_keys)
		return;
	at.len = 0;
	if (text[at.off] == '{') {
		at.off++;
		put(m, at, m->spec_keys);
		return;
	}
	while (col < at.off && text[at.off - col - 1] == ' ')
		col++;
	if (!tpc_is_alnum(text[at.off]) || !col || col == at.off || text[at.off - col - 1] != '\n') {
		cannot(m, "spec is written in a way that nothing can be added to");
		return;
	}
	put(m, at, indented(m->rv->arena, m->spec_keys, col));
}

/* ---- the mode ---- */

static void set_mode(struct making *m, const char *mode)
{
	const struct tpc_spec *s = &m->policy->p->spec;
	const struct tpc_option *o;

	tpc_vec_foreach (o, &s->options)
		if (rv_is(&o->name, "policy-mode")) {
			if (strcmp(o->value.s, mode) && !edit_scalar(m->rv, &m->f, o->value.at, mode))
				cannot(m, tpc_sprintf(m->rv->arena, "set option policy-mode to %s", mode));
			return;
		}
	if (s->options.len) {
		o = &s->options.items[s->options.len - 1];
		if (!add_item(m, o->at, false,
			      tpc_sprintf(m->rv->arena, "name: policy-mode\nvalue: %s", mode),
			      tpc_sprintf(m->rv->arena, "{name: policy-mode, value: %s}", mode)))
			cannot(m, tpc_sprintf(m->rv->arena, "add option policy-mode: %s", mode));
		return;
	}
	want_spec_key(m, tpc_sprintf(m->rv->arena, "options:\n- name: policy-mode\n  value: %s", mode),
		      tpc_sprintf(m->rv->arena, "options: [{name: policy-mode, value: %s}]", mode));
}

/* ---- the rate limit ---- */

/* Where the same object is found twice, through an alias, nothing is limited: it is no less safe. */
static void limit_rule(struct making *m, const struct rv_rule *u)
{
	const struct rv_hook *h = u->hook;
	const struct tpc_action *a;

	if (u->no_post || h->fentry)
		return;
	if (!u->selector) {
		edit_append_key(m->rv, &m->f, h->at,
				"selectors:\n- matchActions:\n  - action: Post\n    rateLimit: " RATE_LIMIT);
		return;
	}
	if (u->selector != u->whole && u->whole->match_actions.len != u->selector->match_actions.len)
		return; /* the actions are a macro's */
	tpc_vec_foreach (a, &u->selector->match_actions)
		if (a->action.v == TPC_ACTION_POST) {
			if (!a->rate_limit.set)
				edit_append_key(m->rv, &m->f, a->at, "rateLimit: " RATE_LIMIT);
			return;
		}
	if (!u->selector->match_actions.len)
		edit_append_key(m->rv, &m->f, u->at,
				"matchActions:\n- action: Post\n  rateLimit: " RATE_LIMIT);
	else if (u->selector->match_actions.len < ACTIONS_MAX)
		add_item(m, u->selector->match_actions.items[0].at, true,
			 "action: Post\nrateLimit: " RATE_LIMIT, "{action: Post, rateLimit: " RATE_LIMIT "}");
}

static void limit_rate(struct making *m)
{
	struct rv_hook *const *h;
	struct rv_rule *const *u;
	uint32_t budget = RATE_EDITS;

	tpc_vec_foreach (h, &m->policy->hooks)
		tpc_vec_foreach (u, &(*h)->rules)
			if (budget && budget--)
				limit_rule(m, *u);
}

/* ---- the canary ---- */

static bool names_namespaces(const struct tpc_label_selector *s)
{
	const struct tpc_label_requirement *q;
	const struct tpc_pair *p;

	tpc_vec_foreach (p, &s->match_labels)
		if (rv_is(&p->key, NAMESPACE_KEY))
			return true;
	tpc_vec_foreach (q, &s->match_expressions)
		if (rv_is(&q->key, NAMESPACE_KEY))
			return true;
	return false;
}

/* A namespace of the brief's where a slip hurts least; NULL: none, or it would not narrow the policy. */
static const char *canary_namespace(const struct making *m)
{
	const struct tpc_label_selector *s = m->policy->p->spec.pod_selector;
	const struct brief_workload *w;

	if (m->policy->scope.namespaced || m->policy->scope.host || !s || names_namespaces(s))
		return NULL;
	tpc_vec_foreach (w, &m->rv->ret->brief->workloads)
		if (w->ns.set && !w->latency_sensitive.v && ro_is_name(&w->ns))
			return w->ns.s;
	return NULL;
}

static bool only_namespace(struct making *m, const char *ns)
{
	const struct tpc_label_selector *s = m->policy->p->spec.pod_selector;
	const char *text = tpc_source_get(&m->rv->c->sources, s->at.file)->text + s->at.off;
	const char *flow =
		tpc_sprintf(m->rv->arena, "{key: \"%s\", operator: In, values: [%s]}", NAMESPACE_KEY, ns);
	const char *key = tpc_sprintf(m->rv->arena, "matchExpressions: [%s]", flow);

	if (s->match_expressions.len)
		return edit_add_item(m->rv, &m->f,
				     s->match_expressions.items[s->match_expressions.len - 1].at, false,
				     flow);
	if (s->match_labels.len)
		return edit_append_key(m->rv, &m->f, s->at, key);
	if (s->at.len != 2 || memcmp(text, "{}", 2))
		return false;
	put(m, s->at, tpc_sprintf(m->rv->arena, "{%s}", key));
	return true;
}

static bool only_labelled_nodes(struct making *m)
{
	const struct tpc_label_selector *s = m->policy->p->spec.node_selector;

	if (s && s->match_labels.len)
		return edit_append_key(m->rv, &m->f, s->match_labels.at, RO_NODE_LABEL ": \"true\"");
	if (s && s->match_expressions.len)
		return edit_append_key(m->rv, &m->f, s->at, "matchLabels: {" RO_NODE_LABEL ": \"true\"}");
	if (s)
		return false;
	want_spec_key(m, "nodeSelector:\n  matchLabels:\n    " RO_NODE_LABEL ": \"true\"",
		      "nodeSelector: {matchLabels: {" RO_NODE_LABEL ": \"true\"}}");
	return true;
}

static void narrow(struct making *m, struct ro_file *f)
{
	const char *ns = canary_namespace(m);

	if (ns && only_namespace(m, ns)) {
		f->canary = tpc_sprintf(m->rv->arena, "pods of namespace %s", ns);
		return;
	}
	f->by_node = true;
	f->canary = "nodes with the label " RO_NODE_LABEL "=true";
	if (!only_labelled_nodes(m))
		cannot(m, "add " RO_NODE_LABEL ": \"true\" to the labels of nodeSelector");
}

/* ---- the text ---- */

/* The document of the policy among those of its file, edited. */
static const char *document(struct making *m)
{
	const char *text = edit_apply_in(m->rv->c, m->policy->p->at, m->f.edits.items, m->f.edits.len);

	/* Its '---' parts it from others that are not here. */
	if (!strncmp(text, "---\n", 4))
		text += 4;
	return text;
}

/* Does the front end take it? What is given out is never worse than what came in. */
static bool is_sound(const char *text)
{
	const struct tpc_opts o = { .opt = 2, .arena_ceiling = (size_t)64 << 20 };
	struct tpc *t;
	bool ok;

	if (tpc_open(&t, &o))
		return false;
	ok = !tpc_add_yaml(t, "stage", text, strlen(text)) && tpc_policy_count(t) == 1;
	tpc_close(t);
	return ok;
}

void ro_make_text(struct rv *rv, enum ro_kind kind, struct ro_file *f)
{
	struct making m = { .rv = rv, .policy = f->policy, .spec_keys = "" };
	const struct tpc_metadata *meta = &f->policy->p->metadata;

	if (strcmp(f->name, meta->name.s) && !edit_scalar(rv, &m.f, meta->name.at, f->name))
		cannot(&m, tpc_sprintf(rv->arena, "name it %s", f->name));
	if (f->policy->acts & RV_ACTS_ENFORCE)
		set_mode(&m, kind < RO_CANARY ? "monitor" : "enforce");
	if (kind > RO_OBSERVE)
		limit_rate(&m);
	if (kind == RO_CANARY)
		narrow(&m, f);
	put_spec_keys(&m);
	if (!m.by_hand) {
		f->yaml = document(&m);
		if (is_sound(f->yaml))
			return;
		f->yaml = NULL;
		cannot(&m, kind < RO_CANARY ? "set option policy-mode to monitor" :
					      "its text is laid out in a way that edits do not suit");
	}
	f->by_hand = m.by_hand;
}
