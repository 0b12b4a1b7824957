// SPDX-License-Identifier: Apache-2.0
/*
 * Agents that are let through: selectors before all others, with NoPost, so that the rules behind them keep their
 * meaning for everybody else. A program's path is the container's own business, so it is joined with what a tenant
 * cannot write: the pod's namespace, or for programs of the node the host's pid namespace.
 */
#include <string.h>

#include "review/template_impl.h"

bool know_policy_namespaced(const struct know_policy *p)
{
	return p->ns || p->threat->scope.v == KNOW_SCOPE_NAMESPACE;
}

/* ---- groups ---- */
static bool same_texts(const struct know_texts *a, const struct know_texts *b)
{
	if (a->len != b->len)
		return false;
	for (uint32_t i = 0; i < a->len; i++)
		if (!know_has_text(b, a->items[i]))
			return false;
	return true;
}

static bool same_place(const struct exempt_group *a, const struct exempt_group *b)
{
	return a->on == b->on && a->match == b->match && same_texts(&a->namespaces, &b->namespaces) &&
	       same_texts(&a->containers, &b->containers);
}

static struct exempt_group *group_like(struct tpc_ctx *c, struct exempt *e, const struct exempt_group *g)
{
	for (uint32_t i = 0; i < e->groups.len; i++)
		if (same_place(&e->groups.items[i], g))
			return &e->groups.items[i];
	return memcpy(tpc_vec_push(c->arena, &e->groups), g, sizeof(*g));
}

/* Does the policy's scope leave out where the program runs? */
static bool is_unseen(const struct know_policy *p, const struct know_agent *a, const struct know_binary *b)
{
	const struct tpc_text *ns;

	if (b->on.v == KNOW_ON_HOST)
		return know_policy_namespaced(p) || p->threat->scope.v == KNOW_SCOPE_PODS;
	if (!know_policy_namespaced(p) || !a->namespaces.len || a->containers.len)
		return false;
	tpc_vec_foreach (ns, &a->namespaces)
		if (!strcmp(ns->s, p->ns ? p->ns : KNOW_NAMESPACE))
			return false;
	return true;
}

static void add_binary(struct tpc_ctx *c, const struct know_policy *p, const struct know_agent *a,
		       const struct know_binary *b, struct exempt *e)
{
	struct exempt_group like = { .on = (enum know_place)b->on.v, .match = (enum know_match)b->match.v },
			    *g;
	const struct tpc_text *t;

	if (b->on.v == KNOW_IN_CONTAINER) {
		tpc_vec_foreach (t, &a->containers)
			know_add_text(c, &like.containers, t->s);
		if (!a->containers.len && !know_policy_namespaced(p))
			tpc_vec_foreach (t, &a->namespaces)
				know_add_text(c, &like.namespaces, t->s);
	}
	g = group_like(c, e, &like);
	know_add_text(c, &g->paths, b->path.s);
	know_add_text(c, &g->agents, a->name.s);
}

static void add_agent(struct tpc_ctx *c, const struct know_policy *p, const struct know_agent *a,
		      struct exempt *e)
{
	const struct know_binary *b;
	bool seen = false;

	if (!know_agent_triggers(a, p->threat->id.s)) {
		know_add_text(c, &e->innocent, a->name.s);
		return;
	}
	if (a->by_hand.v) {
		know_add_text(c, &e->by_hand, tpc_sprintf(c->arena, "%s: %s", a->name.s, a->exempt.s));
		return;
	}
	tpc_vec_foreach (b, &a->binaries) {
		if (is_unseen(p, a, b))
			continue;
		seen = true;
		add_binary(c, p, a, b, e);
	}
	if (!seen)
		know_add_text(c, &e->unseen, a->name.s);
}

/* ---- what another group takes anyway ---- */
static bool is_part(const struct know_texts *a, const struct know_texts *of)
{
	if (!of->len)
		return true; /* anywhere */
	for (uint32_t i = 0; i < a->len; i++)
		if (!know_has_text(of, a->items[i]))
			return false;
	return a->len > 0;
}

static bool takes(enum know_match match, const char *value, const struct exempt_group *g, const char *path)
{
	size_t len = strlen(value), path_len = strlen(path);

	if (len > path_len || (g->match != match && g->match != KNOW_MATCH_EQUAL))
		return false;
	if (match == KNOW_MATCH_PREFIX)
		return !strncmp(path, value, len);
	if (match == KNOW_MATCH_POSTFIX)
		return !strcmp(path + path_len - len, value);
	return g->match == match && !strcmp(path, value);
}

/* A group that lets @path of @g through where @g does; NULL: none does. */
static struct exempt_group *find_wider(struct exempt *e, const struct exempt_group *g, const char *path)
{
	for (uint32_t i = 0; i < e->groups.len; i++) {
		struct exempt_group *w = &e->groups.items[i];

		if (w == g || w->on != g->on || !is_part(&g->namespaces, &w->namespaces) ||
		    !is_part(&g->containers, &w->containers))
			continue;
		for (uint32_t j = 0; j < w->paths.len; j++)
			if (takes(w->match, w->paths.items[j], g, path))
				return w;
	}
	return NULL;
}

static void drop_covered_paths(struct tpc_ctx *c, struct exempt *e, struct exempt_group *g)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < g->paths.len; i++) {
		struct exempt_group *w = find_wider(e, g, g->paths.items[i]);

		if (!w)
			g->paths.items[n++] = g->paths.items[i];
		for (uint32_t j = 0; w && j < g->agents.len; j++)
			know_add_text(c, &w->agents, g->agents.items[j]);
	}
	g->paths.len = n;
}

/* A selector that never decides is a fault of a policy. */
static void drop_covered(struct tpc_ctx *c, struct exempt *e)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < e->groups.len; i++)
		drop_covered_paths(c, e, &e->groups.items[i]);
	for (uint32_t i = 0; i < e->groups.len; i++)
		if (e->groups.items[i].paths.len)
			e->groups.items[n++] = e->groups.items[i];
	e->groups.len = n;
}

/* ---- too many for one hook ---- */
static void join_group(struct tpc_ctx *c, struct exempt_group *to, const struct exempt_group *from)
{
	for (uint32_t i = 0; i < from->namespaces.len; i++)
		know_add_text(c, &to->namespaces, from->namespaces.items[i]);
	for (uint32_t i = 0; i < from->paths.len; i++)
		know_add_text(c, &to->paths, from->paths.items[i]);
	for (uint32_t i = 0; i < from->agents.len; i++)
		know_add_text(c, &to->agents, from->agents.items[i]);
}

/* Of the namespaces of several each agent is then let through in all: wider, and still no tenant's. */
static void join_namespaces(struct tpc_ctx *c, struct exempt *e)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < e->groups.len; i++) {
		struct exempt_group *g = &e->groups.items[i];
		uint32_t j = 0;

		while (j < n && !(g->namespaces.len && e->groups.items[j].namespaces.len &&
				  e->groups.items[j].match == g->match))
			j++;
		if (j < n)
			join_group(c, &e->groups.items[j], g);
		else
			e->groups.items[n++] = *g;
	}
	e->groups.len = n;
}

/* An agent is not half let through: its other programs would be told of all the same. */
static void drop_groups(struct tpc_ctx *c, struct exempt *e, uint32_t room)
{
	for (uint32_t i = room; i < e->groups.len; i++)
		for (uint32_t j = 0; j < e->groups.items[i].agents.len; j++)
			know_add_text(c, &e->no_room, e->groups.items[i].agents.items[j]);
	if (e->groups.len > room)
		e->groups.len = room;
}

void know_exempt(struct tpc_ctx *c, const struct know_policy *p, uint32_t nselectors, struct exempt *ret)
{
	uint32_t room = nselectors < SELECTORS_MAX ? SELECTORS_MAX - nselectors : 0;

	*ret = (struct exempt){ 0 };
	for (uint32_t i = 0; i < p->nagents; i++)
		add_agent(c, p, p->agents[i], ret);
	drop_covered(c, ret);
	if (ret->groups.len > room)
		join_namespaces(c, ret);
	drop_covered(c, ret);
	drop_groups(c, ret, room);
	for (uint32_t i = 0; i < ret->groups.len; i++)
		for (uint32_t j = 0; j < ret->groups.items[i].agents.len; j++)
			know_add_text(c, &ret->let_through, ret->groups.items[i].agents.items[j]);
}

/* ---- text ---- */
static void put_workloads(struct tpc_ctx *c, const char *selector, const char *key,
			  const struct know_texts *values, const char *comment, struct tpc_buf *out)
{
	tpc_buf_printf(out, ITEM "  matchWorkloads:\n" ITEM "    %s:\n" ITEM "      matchExpressions:\n",
		       selector);
	tpc_buf_printf(out, ITEM "      - key: %s\n" ITEM "        operator: In\n", know_scalar(c, key));
	know_put_texts(c, out, ITEM "        ", "values", values, comment);
}

static void put_group(struct tpc_ctx *c, const struct exempt_group *g, struct tpc_buf *out)
{
	static const char *const ops[] = { [KNOW_MATCH_NONE] = "In",
					   [KNOW_MATCH_EQUAL] = "In",
					   [KNOW_MATCH_PREFIX] = "Prefix",
					   [KNOW_MATCH_POSTFIX] = "Postfix" };
	bool anywhere = g->on == KNOW_IN_CONTAINER && !g->namespaces.len && !g->containers.len;

	know_put_wrapped(out, ITEM "# ", ITEM "# ",
			 tpc_sprintf(c->arena, "let through: %s", know_join(c, &g->agents)));
	tpc_buf_printf(out, ITEM "- matchBinaries:\n" ITEM "  - operator: %s\n", ops[g->match]);
	know_put_texts(c, out, ITEM "    ", "values", &g->paths,
		       anywhere ? "edit: any container may have such a path" : NULL);
	if (g->on == KNOW_ON_HOST)
		tpc_buf_puts(out, ITEM "  matchNamespaces:\n" ITEM
				       "  - {namespace: Pid, operator: In, values: [host_ns]}\n");
	if (g->namespaces.len)
		put_workloads(c, "podSelector", "k8s:io.kubernetes.pod.namespace", &g->namespaces,
			      "edit: the namespaces where they run", out);
	if (g->containers.len)
		put_workloads(c, "containerSelector", "name", &g->containers, NULL, out);
	tpc_buf_puts(out, ITEM "  matchActions:\n" ITEM "  - action: NoPost\n");
}

void know_exempt_yaml(struct tpc_ctx *c, const struct exempt *e, struct tpc_buf *out)
{
	for (uint32_t i = 0; i < e->groups.len; i++)
		put_group(c, &e->groups.items[i], out);
}
