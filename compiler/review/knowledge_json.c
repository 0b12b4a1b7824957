// SPDX-License-Identifier: Apache-2.0
/* Threats for programs: the object that docs/knowledge.md describes. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "review/knowledge_impl.h"

static json_t *text(const struct tpc_text *t)
{
	return t->set ? json_stringn(t->s, t->len) : json_null();
}

static json_t *texts(const struct tpc_text *items, uint32_t n)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(list, text(&items[i]));
	return list;
}

static json_t *sources(const struct know_sources *s)
{
	json_t *o = json_object();
	const struct tpc_pair *p;

	tpc_vec_foreach (p, s)
		json_object_set_new(o, p->key.s, text(&p->value));
	return o;
}

/* ---- hooks ---- */
static json_t *link_object(const struct know_link *l)
{
	json_t *o = json_object();

	json_object_set_new(o, "hook", text(&l->hook));
	json_object_set_new(o, "other", text(&l->other));
	json_object_set_new(o, "why", text(&l->why));
	return o;
}

static json_t *links(const struct know_link *items, uint32_t n)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(list, link_object(&items[i]));
	return list;
}

static json_t *toctou(const struct know_hook *h)
{
	json_t *list = json_array();
	const struct know_toctou *t;

	tpc_vec_foreach (t, &h->toctou)
		json_array_append_new(list, json_pack("{s:I, s:s}", "index", (json_int_t)t->index.v, "why",
						      t->why.s));
	return list;
}

static json_t *hook_object(const struct know_hook *h)
{
	json_t *o = json_object();

	json_object_set_new(o, "id", text(&h->id));
	json_object_set_new(o, "about", text(&h->about));
	json_object_set_new(o, "function", text(&h->function));
	json_object_set_new(o, "rate", json_string(h->rate.s));
	json_object_set_new(o, "rate_why", text(&h->rate_why));
	json_object_set_new(o, "sleepable", json_boolean(h->sleepable.v));
	json_object_set_new(o, "override", json_string(h->override.s));
	json_object_set_new(o, "context", json_string(h->context.s));
	json_object_set_new(o, "since", text(&h->since));
	json_object_set_new(o, "needs", texts(h->needs.items, h->needs.len));
	json_object_set_new(o, "abi32", json_boolean(know_hook_has_abi32(h)));
	json_object_set_new(o, "toctou", toctou(h));
	json_object_set_new(o, "siblings", links(h->siblings.items, h->siblings.len));
	json_object_set_new(o, "better", h->better ? link_object(h->better) : json_null());
	json_object_set_new(o, "blind", texts(h->blind.items, h->blind.len));
	json_object_set_new(o, "source", sources(&h->source));
	return o;
}

static json_t *use_object(struct tpc_ctx *c, const struct know_use *u)
{
	struct tpc_buf yaml = TPC_BUF(c->arena);
	json_t *o = json_object();

	json_object_set_new(o, "hook", text(&u->hook));
	json_object_set_new(o, "why", text(&u->why));
	know_use_yaml(c, u, "", &yaml);
	json_object_set_new(o, "yaml", json_string(tpc_buf_text(&yaml)));
	if (u->row)
		json_object_set_new(o, "row", hook_object(u->row));
	return o;
}

/* ---- threats ---- */
static json_t *action_object(const struct know_action *a)
{
	json_t *o = json_object();

	json_object_set_new(o, "action", json_string(a->action.s));
	json_object_set_new(o, "rate_limit", a->rate_limit.set ? json_string(a->rate_limit.s) : json_null());
	json_object_set_new(o, "error", a->error.set ? json_integer(a->error.v) : json_null());
	json_object_set_new(o, "why", text(&a->why));
	return o;
}

static json_t *agents_of(const struct knowledge *k, const struct know_threat *t)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < k->agents.len; i++)
		if (know_agent_triggers(k->agents.items[i], t->id.s))
			json_array_append_new(list, text(&k->agents.items[i]->name));
	return list;
}

static json_t *threat_object(struct tpc_ctx *c, const struct knowledge *k, const struct know_threat *t)
{
	json_t *o = json_object(), *actions = json_object(), *hooks = json_array();
	const struct know_use *u;

	for (int i = 0; i < KNOW_APPETITE_MAX; i++)
		json_object_set_new(actions, know_appetites[i], action_object(&t->actions.by[i]));
	tpc_vec_foreach (u, &t->hooks)
		json_array_append_new(hooks, use_object(c, u));
	json_object_set_new(o, "id", text(&t->id));
	json_object_set_new(o, "title", text(&t->title));
	json_object_set_new(o, "group", json_string(t->group.s));
	json_object_set_new(o, "about", text(&t->about));
	json_object_set_new(o, "mitre", texts(t->mitre.items, t->mitre.len));
	json_object_set_new(o, "severity", json_string(t->severity.s));
	json_object_set_new(o, "fp_risk", json_string(t->fp_risk.s));
	json_object_set_new(o, "min_kernel", text(&t->min_kernel));
	json_object_set_new(o, "scope", json_string(t->scope.s));
	json_object_set_new(o, "hooks", hooks);
	json_object_set_new(o, "alternatives", links(t->alternatives.items, t->alternatives.len));
	json_object_set_new(o, "edit", texts(t->edit.items, t->edit.len));
	json_object_set_new(o, "actions", actions);
	json_object_set_new(o, "impact", text(&t->impact));
	json_object_set_new(o, "rollback", text(&t->rollback));
	json_object_set_new(o, "legitimate", texts(t->legitimate.items, t->legitimate.len));
	json_object_set_new(o, "agents", agents_of(k, t));
	json_object_set_new(o, "fidelity", texts(t->fidelity.items, t->fidelity.len));
	json_object_set_new(o, "related", texts(t->related.items, t->related.len));
	json_object_set_new(o, "source", sources(&t->source));
	return o;
}

int know_threats_json(struct tpc_ctx *c, const struct knowledge *k, const struct know_threat *const *threats,
		      uint32_t n, struct tpc_buf *out)
{
	json_t *root = json_object(), *list = json_array();
	char *s;

	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(list, threat_object(c, k, threats[i]));
	json_object_set_new(root, "threats", list);
	s = json_dumps(root, JSON_INDENT(2));
	json_decref(root);
	if (!s)
		return -ENOMEM;
	tpc_buf_puts(out, s);
	tpc_buf_putc(out, '\n');
	free(s);
	return 0;
}
