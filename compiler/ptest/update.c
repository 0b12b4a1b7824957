// SPDX-License-Identifier: Apache-2.0
/*
 * Expectations made what the policies do: the smallest edits of the case file's bytes. A value that differs is
 * replaced where it stands; only where something happens that was not expected, or the other way round, the whole
 * expectation is. The result is run before it is given away.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ptest/ptest_impl.h"

struct edit {
	uint32_t off, len; /* what goes away */
	const char *text;
};

struct updating {
	struct tpc_ctx *c;
	const struct ir_unit *u;
	const struct tpc_source *src;
	TPC_VEC(struct edit) edits;
	bool impossible; /* of the case at hand */
};

static void replace(struct updating *k, struct tpc_span at, const char *text)
{
	*tpc_vec_push(k->c->arena, &k->edits) = (struct edit){ at.off, at.len, text };
}

static uint32_t column(const struct tpc_source *src, uint32_t off)
{
	uint32_t line = off;

	while (line && src->text[line - 1] != '\n')
		line--;
	return off - line;
}

static bool is_block_list(const struct updating *k, struct tpc_span at)
{
	return k->src->text[at.off] == '-';
}

/* ---- what there should be, as YAML ---- */
static const char *quoted(struct tpc_arena *a, const char *s)
{
	struct tpc_buf b = TPC_BUF(a);

	tpc_buf_putc(&b, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			tpc_buf_printf(&b, "\\%c", *s);
		else if ((unsigned char)*s < 0x20 || *s == 0x7f)
			tpc_buf_printf(&b, "\\x%02x", (unsigned char)*s);
		else
			tpc_buf_putc(&b, *s);
	}
	tpc_buf_putc(&b, '"');
	return tpc_buf_text(&b);
}

static void put_rule(struct tpc_buf *b, const struct ir_rule *r, bool at_return)
{
	int32_t num = 0;

	tpc_buf_printf(b, "selector: %" PRIu32 ", actions: %s", r->selector + 1,
		       pt_actions_text(b->arena, r, at_return));
	if (pt_action_number(r, at_return, false, &num))
		tpc_buf_printf(b, ", error: %" PRId32, num);
	if (pt_action_number(r, at_return, true, &num))
		tpc_buf_printf(b, ", signal: %" PRId32, num);
}

static const char *return_text(struct updating *k, const struct ir_chain *ch, const struct pt_decision *d)
{
	struct tpc_buf b = TPC_BUF(k->c->arena);

	if (d->outcome != PT_FIRES)
		return "none";
	tpc_buf_putc(&b, '{');
	put_rule(&b, &ch->rules.items[d->rule], true);
	tpc_buf_putc(&b, '}');
	return tpc_buf_text(&b);
}

static bool policy_is_there_twice(const struct ir_program *p, const struct ir_chain *ch)
{
	const struct ir_chain *other;
	uint32_t n = 0;

	tpc_vec_foreach (other, &p->chains)
		n += other->policy == ch->policy;
	return n > 1;
}

static const struct pt_decision *decision_of(const struct pt_case *pc, const struct pt_verdict *v)
{
	return pc->moment.v == PT_MOMENT_RETURN ? &v->at_return : &v->entry;
}

static void put_verdict(struct updating *k, const struct pt_case *pc, const struct pt_judged *j, uint32_t i,
			struct tpc_buf *b)
{
	const struct ir_chain *ch = &j->p->chains.items[i];
	const struct pt_verdict *v = &j->verdicts[i];

	tpc_buf_putc(b, '{');
	if (j->p->chains.len > 1)
		tpc_buf_printf(b, "policy: %s, ", k->u->policies.items[ch->policy].name);
	if (policy_is_there_twice(j->p, ch))
		tpc_buf_printf(b, "entry: %" PRIu32 ", ", ch->entry + 1);
	put_rule(b, &ch->rules.items[decision_of(pc, v)->rule], pc->moment.v == PT_MOMENT_RETURN);
	if (v->expect && v->expect->at_return && pc->moment.v != PT_MOMENT_RETURN)
		tpc_buf_printf(b, ", return: %s", return_text(k, ch, &v->at_return));
	tpc_buf_putc(b, '}');
}

/* none, one mapping, or a list of them. */
static const char *whole_text(struct updating *k, const struct pt_case *pc, const struct pt_judged *j)
{
	struct tpc_buf b = TPC_BUF(k->c->arena), list = b;
	uint32_t n = 0;

	for (uint32_t i = 0; i < j->p->chains.len; i++) {
		if (decision_of(pc, &j->verdicts[i])->outcome != PT_FIRES)
			continue;
		if (n++)
			tpc_buf_puts(&b, ", ");
		put_verdict(k, pc, j, i, &b);
	}
	if (n < 2)
		return n ? tpc_buf_text(&b) : "none";
	tpc_buf_printf(&list, "[%s]", tpc_buf_text(&b));
	return tpc_buf_text(&list);
}

/* ---- one value at a time ---- */
/* A list of lines stays one. */
static const char *actions_like(struct updating *k, struct tpc_span at, const struct ir_rule *r,
				bool at_return)
{
	const char *flow = pt_actions_text(k->c->arena, r, at_return);
	struct tpc_buf b = TPC_BUF(k->c->arena);

	if (!is_block_list(k, at))
		return flow;
	tpc_buf_puts(&b, "- ");
	for (const char *s = flow + 1; *s != ']'; s++) {
		if (*s == ',')
			tpc_buf_printf(&b, "\n%*s-", (int)column(k->src, at.off), "");
		else
			tpc_buf_putc(&b, *s);
	}
	return tpc_buf_text(&b);
}

static void update_number(struct updating *k, const struct tpc_int *want, const struct ir_rule *r,
			  bool at_return, bool signal)
{
	int32_t num = 0;

	if (!want->set)
		return;
	if (!pt_action_number(r, at_return, signal, &num))
		k->impossible = true; /* without removing the line */
	else if (num != want->v)
		replace(k, want->at, tpc_sprintf(k->c->arena, "%" PRId32, num));
}

static void update_fields(struct updating *k, const struct pt_expect *e, const struct ir_chain *ch,
			  const struct ir_rule *r, bool at_return)
{
	struct tpc_arena *a = k->c->arena;
	const char *message = ch->message ? ch->message : "";

	if (e->selector.set && !pt_is_selector(r, &e->selector))
		replace(k, e->selector.at, tpc_sprintf(a, "%" PRIu32, r->selector + 1));
	if (e->actions.at.file && !pt_same_actions(e, r, at_return))
		replace(k, e->actions.at, actions_like(k, e->actions.at, r, at_return));
	if (e->post.set && e->post.v != pt_posts(r, at_return))
		replace(k, e->post.at, e->post.v ? "false" : "true");
	if (e->message.set && strcmp(e->message.s, message))
		replace(k, e->message.at, quoted(a, message));
	update_number(k, &e->error, r, at_return, false);
	update_number(k, &e->signal, r, at_return, true);
}

static void update_return(struct updating *k, const struct pt_expect *e, const struct ir_chain *ch,
			  const struct pt_decision *d)
{
	if (e->none == (d->outcome == PT_NOTHING)) {
		if (!e->none)
			update_fields(k, e, ch, &ch->rules.items[d->rule], true);
	} else {
		replace(k, e->node->at, return_text(k, ch, d));
	}
}

static void update_verdict(struct updating *k, const struct pt_case *pc, const struct ir_chain *ch,
			   const struct pt_verdict *v)
{
	const struct pt_decision *d = decision_of(pc, v);

	if (d->outcome != PT_FIRES)
		return;
	update_fields(k, v->expect, ch, &ch->rules.items[d->rule], pc->moment.v == PT_MOMENT_RETURN);
	if (pc->moment.v != PT_MOMENT_RETURN && v->expect->at_return)
		update_return(k, v->expect->at_return, ch, &v->at_return);
}

/* ---- one case ---- */
/* A line before the last key, or in a mapping of one line an entry there. */
static void insert(struct updating *k, const struct pt_case *pc, const char *text)
{
	const struct tpc_node *last = NULL;
	const struct tpc_entry *e;

	tpc_vec_foreach (e, &pc->own->entries)
		if (pt_inside(e->key->at, pc->own->at))
			last = e->key;
	if (!last) {
		k->impossible = true;
		return;
	}
	replace(k, (struct tpc_span){ .file = last->at.file, .off = last->at.off },
		k->src->text[pc->own->at.off] == '{' ? tpc_sprintf(k->c->arena, "expect: %s, ", text) :
						       tpc_sprintf(k->c->arena, "expect: %s\n%*s", text,
								   (int)column(k->src, last->at.off), ""));
}

static bool same_structure(const struct pt_case *pc, const struct pt_judged *j)
{
	for (uint32_t i = 0; i < j->p->chains.len; i++)
		if ((j->verdicts[i].expect != NULL) !=
		    (decision_of(pc, &j->verdicts[i])->outcome == PT_FIRES))
			return false;
	return true;
}

static void replace_whole(struct updating *k, const struct pt_case *pc, const struct pt_judged *j)
{
	const struct tpc_node *own = pt_entry(pc->own, "expect");

	if (pc->expect && own && pt_inside(own->at, pc->own->at))
		/* A list may stand as far left as its key, and nothing else may. */
		replace(k, own->at,
			tpc_sprintf(k->c->arena, "%s%s", is_block_list(k, own->at) ? "  " : "",
				    whole_text(k, pc, j)));
	else if (pc->expect && own)
		k->impossible = true; /* an alias: other cases have it too */
	else
		insert(k, pc, whole_text(k, pc, j));
}

static void update_case(struct updating *k, const struct pt_case *pc, const struct pt_judged *j)
{
	const struct tpc_node *own = pt_entry(pc->own, "expect");
	uint32_t before = k->edits.len;

	k->impossible = false;
	if (pc->expect && own && pt_inside(own->at, pc->own->at) && same_structure(pc, j)) {
		for (uint32_t i = 0; i < j->p->chains.len; i++)
			update_verdict(k, pc, &j->p->chains.items[i], &j->verdicts[i]);
		if (!k->impossible)
			return;
		k->edits.len = before;
		k->impossible = false;
	}
	replace_whole(k, pc, j);
}

/* ---- the file ---- */
static int by_offset(const void *a, const void *b)
{
	const struct edit *x = a, *y = b;

	return x->off < y->off ? -1 : x->off > y->off;
}

static bool apply(struct updating *k, struct tpc_buf *out)
{
	uint32_t at = 0;

	if (k->edits.len)
		qsort(k->edits.items, k->edits.len, sizeof(*k->edits.items), by_offset);
	for (uint32_t i = 0; i < k->edits.len; i++) {
		const struct edit *e = &k->edits.items[i];

		if (e->off < at)
			return false; /* two cases share what would change */
		tpc_buf_add(out, k->src->text + at, e->off - at);
		tpc_buf_puts(out, e->text);
		at = e->off + e->len;
	}
	tpc_buf_add(out, k->src->text + at, k->src->len - at);
	return true;
}

/* Is the new text read as it is meant to be? */
static bool is_right(struct updating *k, const struct ptest_units *u, const struct tpc_buf *text,
		     uint32_t ncases)
{
	struct tpc_ctx quiet = *k->c;
	struct ptest_result r;

	quiet.diags = (struct tpc_diags){ .arena = k->c->arena, .sources = &quiet.sources };
	ptest_run(&quiet, u, tpc_source_add(&quiet.sources, "updated", tpc_buf_text(text), text->len), &r);
	return r.counts[PTEST_GOOD] == ncases && r.outcomes.len == ncases && !quiet.diags.nerrors;
}

static void say_left(struct tpc_ctx *c, const struct pt_case *pc, const char *text)
{
	struct tpc_diag *d = tpc_error(&c->diags, pc->expect ? pc->expect->at : pc->name.at, TPC_E_CASE,
				       "the expectation of '%s' cannot be updated where it stands",
				       pt_shown(c->arena, pc->name.s, pc->name.len));

	pt_hint(c, d, "write 'expect: %s'", text);
}

uint32_t ptest_update(struct tpc_ctx *c, const struct ptest_units *u, uint32_t file, struct tpc_buf *out,
		      uint32_t *ret_left)
{
	struct updating k = { .c = c, .u = u->lowered };
	uint32_t changed = 0;
	struct tpc_source src;
	struct pt_cases cases = { 0 };

	pt_read(c, file, true, &cases);
	src = *tpc_source_get(&c->sources, file);
	k.src = &src;
	for (uint32_t i = 0; i < cases.list.len && !tpc_arena_exhausted(c->arena); i++) {
		const struct pt_case *pc = cases.list.items[i];
		struct pt_judged j;

		if (!pt_judge(c, u, pc, &j))
			continue; /* said, and then nothing is written */
		if (pc->expect && !pt_compare(c, u->lowered, pc, &j))
			continue;
		update_case(&k, pc, &j);
		changed += !k.impossible;
		*ret_left += k.impossible;
		if (k.impossible)
			say_left(c, pc, whole_text(&k, pc, &j));
	}
	if (changed && !c->diags.nerrors && (!apply(&k, out) || !is_right(&k, u, out, cases.list.len))) {
		tpc_error(&c->diags, (struct tpc_span){ .file = file }, TPC_E_CASE,
			  "the file cannot be updated: run it, and change by hand what differs");
		*ret_left += changed;
		changed = 0;
	}
	return c->diags.nerrors ? 0 : changed;
}
