// SPDX-License-Identifier: Apache-2.0
/* The comment that a policy begins with: what whoever edits, applies or takes it back has to know. */
#include <inttypes.h>
#include <string.h>

#include "review/template_impl.h"

static void put(struct tpc_buf *out, const char *s)
{
	know_put_wrapped(out, "# ", "# ", s);
}

static void put_items(struct tpc_buf *out, const struct tpc_text *items, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		know_put_wrapped(out, "# - ", "#   ", items[i].s);
}

static void put_title(struct tpc_ctx *c, struct tpc_buf *out, const char *title)
{
	tpc_buf_puts(out, "#\n");
	put(out, tpc_sprintf(c->arena, "%s:", title));
}

static const char *needs(struct tpc_ctx *c, const struct know_threat *t)
{
	struct know_texts words = { 0 };
	const struct know_use *u;
	const struct tpc_text *n;

	know_add_text(c, &words, tpc_sprintf(c->arena, "Linux %s or newer", t->min_kernel.s));
	tpc_vec_foreach (u, &t->hooks) {
		if (!u->row)
			continue;
		if (u->row->kind == KNOW_LSM)
			know_add_text(c, &words, "BPF among the kernel's LSMs");
		tpc_vec_foreach (n, &u->row->needs)
			know_add_text(c, &words, n->s);
	}
	return know_join(c, &words);
}

/* What a policy for a namespace misses of a threat that is the node's too. */
static void put_narrower(const struct know_policy *p, struct tpc_buf *out)
{
	const struct know_use *u;

	if (!p->ns || p->threat->scope.v != KNOW_SCOPE_ANY)
		return;
	put(out,
	    "The node can be its target or its source too: a policy for a namespace does not look there.");
	tpc_vec_foreach (u, &p->threat->hooks)
		if (u->row && u->row->context.v == KNOW_CONTEXT_ANY) {
			put(out, "What runs in a kernel thread belongs to no pod, and is not seen.");
			return;
		}
}

static void put_what(struct tpc_ctx *c, const struct know_policy *p, struct tpc_buf *out)
{
	const struct know_threat *t = p->threat;

	put(out, tpc_sprintf(c->arena, "%s: %s.", t->id.s, t->title.s));
	put(out, t->about.s);
	put(out, tpc_sprintf(c->arena, "Severity %s, risk of false positives %s. Needs %s.", t->severity.s,
			     t->fp_risk.s, needs(c, t)));
	put_narrower(p, out);
}

static const char *command(struct tpc_ctx *c, const struct know_policy *p, const char *name, const char *mode)
{
	const char *ns = "";

	if (know_policy_namespaced(p))
		ns = tpc_sprintf(c->arena, "--namespace %s ", p->ns ? p->ns : KNOW_NAMESPACE);
	return tpc_sprintf(c->arena, "#   tetra tracingpolicy set-mode %s%s %s", ns, name, mode);
}

static void put_stage(struct tpc_ctx *c, const struct know_policy *p, const char *name, struct tpc_buf *out)
{
	const struct know_action *block = &p->threat->actions.by[KNOW_BLOCK];

	tpc_buf_puts(out, "#\n");
	if (p->appetite == KNOW_BLOCK && block->action.v == KNOW_ACT_NOTHING) {
		put(out, tpc_sprintf(c->arena, "It sends events and refuses nothing: %s.", block->why.s));
		return;
	}
	if (!know_policy_enforces(p)) {
		put(out, "It sends events and refuses nothing.");
		return;
	}
	if (p->enforce)
		put(out, "It enforces from the start.");
	else
		put(out,
		    "Its first stage is monitor mode: events are sent, nothing is refused. "
		    "When they show nothing legitimate any more, make policy-mode 'enforce'; to try it on one node:");
	if (!p->enforce)
		tpc_buf_printf(out, "%s\n", command(c, p, name, "enforce"));
	if (block->why.set)
		put(out, tpc_sprintf(c->arena, "%s: %s.", block->action.s, block->why.s));
	put(out, tpc_sprintf(c->arena, "What enforcing breaks: %s", p->threat->impact.s));
}

static void put_exempt(struct tpc_ctx *c, const struct exempt *e, struct tpc_buf *out)
{
	const struct {
		const char *title;
		const struct know_texts *names;
	} rows[] = {
		{ "Let through by the first selectors", &e->let_through },
		{ "Run where this policy does not look", &e->unseen },
		{ "Do not set it off", &e->innocent },
		{ "Not let through, or not all of it, as Tetragon takes 5 selectors a hook", &e->no_room },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].names->len)
			know_put_wrapped(out, "# - ", "#   ",
					 tpc_sprintf(c->arena, "%s: %s.", rows[i].title,
						     know_join(c, rows[i].names)));
	for (uint32_t i = 0; i < e->by_hand.len; i++)
		know_put_wrapped(out, "# - ", "#   ",
				 tpc_sprintf(c->arena, "By hand, for %s.", e->by_hand.items[i]));
}

static void put_way_back(struct tpc_ctx *c, const struct know_policy *p, const char *name,
			 struct tpc_buf *out)
{
	bool namespaced = know_policy_namespaced(p);

	put_title(c, out, "The way back, on each node and then for good");
	tpc_buf_printf(out, "%s\n", command(c, p, name, "monitor"));
	tpc_buf_printf(out, "#   kubectl delete %s%s%s\n",
		       namespaced ? "tracingpolicynamespaced " : "tracingpolicy ",
		       namespaced ? tpc_sprintf(c->arena, "--namespace %s ", p->ns ? p->ns : KNOW_NAMESPACE) :
				    "",
		       name);
	put(out, p->threat->rollback.s);
}

void know_policy_head(struct tpc_ctx *c, const struct know_policy *p, const char *name,
		      const struct exempt *e, struct tpc_buf *out)
{
	const struct know_threat *t = p->threat;

	put_what(c, p, out);
	put_stage(c, p, name, out);
	if (t->edit.len) {
		put_title(c, out, "To replace by your own values, at the lines with 'edit:'");
		put_items(out, t->edit.items, t->edit.len);
	}
	put_title(c, out,
		  tpc_sprintf(c->arena, "Who does it in normal work ('tpc threats %s' names agents too)",
			      t->id.s));
	put_items(out, t->legitimate.items, t->legitimate.len);
	put_exempt(c, e, out);
	put_way_back(c, p, name, out);
}
