// SPDX-License-Identifier: Apache-2.0
/* What is known, for people: short lines, the most urgent first. */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "review/knowledge_impl.h"

#define WIDTH 100
#define ID_WIDTH 28

/* ---- paragraphs ---- */
/*
 * Bytes at @s that part words: blanks, control characters, and what else ends a line in YAML (NEL, LS, PS), so that
 * no text leaves the comment that it is put into. 0: none.
 */
static size_t gap(const char *s)
{
	if (((unsigned char)s[0] <= ' ' && s[0]) || s[0] == 0x7f)
		return 1;
	if (!strncmp(s, "\xc2\x85", 2))
		return 2;
	return strncmp(s, "\xe2\x80\xa8", 3) && strncmp(s, "\xe2\x80\xa9", 3) ? 0 : 3;
}

static size_t word_len(const char *s)
{
	size_t n = 0;

	while (s[n] && !gap(s + n))
		n++;
	return n;
}

void know_put_wrapped(struct tpc_buf *out, const char *first, const char *indent, const char *s)
{
	size_t col = strlen(first);
	bool fresh = true;

	tpc_buf_puts(out, first);
	while (gap(s))
		s += gap(s);
	while (*s) {
		size_t len = word_len(s);

		if (!fresh && col + 1 + len > WIDTH) {
			tpc_buf_printf(out, "\n%s", indent);
			col = strlen(indent);
			fresh = true;
		}
		if (!fresh)
			tpc_buf_putc(out, ' ');
		tpc_buf_add(out, s, len);
		col += len + !fresh;
		fresh = false;
		s += len;
		while (gap(s))
			s += gap(s);
	}
	tpc_buf_putc(out, '\n');
}

static void put_section(struct tpc_buf *out, const char *title)
{
	tpc_buf_printf(out, "\n%s\n", title);
}

static void put_list(struct tpc_buf *out, const struct tpc_text *items, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		know_put_wrapped(out, "  - ", "    ", items[i].s);
}

static const char *name_of(const struct know_link *l)
{
	return l->hook.set ? l->hook.s : l->other.s;
}

static void put_links(struct tpc_ctx *c, struct tpc_buf *out, const char *indent,
		      const struct know_link *items, uint32_t n)
{
	const char *deeper = tpc_sprintf(c->arena, "%s  ", indent);

	for (uint32_t i = 0; i < n; i++)
		know_put_wrapped(out, indent, deeper,
				 tpc_sprintf(c->arena, "- %s: %s", name_of(&items[i]), items[i].why.s));
}

/* ---- YAML of a use ---- */
/*
 * Where the line of the last byte of @at ends, when a comment alone follows, else where @at does. What is in braces
 * ends with them: somebody may add to it.
 */
static uint32_t end_of(const struct tpc_source *src, struct tpc_span at)
{
	uint32_t end = at.off + at.len, to = end;

	if (src->text[at.off] == '{')
		return end;
	while (to < src->len && src->text[to] == ' ')
		to++;
	if (to == end || to == src->len || src->text[to] != '#')
		return end;
	while (to < src->len && src->text[to] != '\n')
		to++;
	return to;
}

void know_put_source(struct tpc_ctx *c, struct tpc_span at, const char *indent, struct tpc_buf *out)
{
	const struct tpc_source *src = tpc_source_get(&c->sources, at.file);
	uint32_t from = at.off, stop, column = 0;

	if (!src)
		return;
	stop = end_of(src, at);
	while (from && src->text[from - 1] != '\n')
		from--;
	column = at.off - from;
	for (from = at.off; from < stop;) {
		uint32_t end = from;

		while (end < stop && src->text[end] != '\n')
			end++;
		tpc_buf_puts(out, indent);
		tpc_buf_add(out, src->text + from, end - from);
		tpc_buf_putc(out, '\n');
		from = end + 1;
		for (uint32_t i = 0; i < column && from < stop && src->text[from] == ' '; i++)
			from++;
	}
}

static void put_list_source(struct tpc_ctx *c, const char *name, struct tpc_span at, const char *indent,
			    struct tpc_buf *out)
{
	const struct tpc_source *src = tpc_source_get(&c->sources, at.file);

	if (!src)
		return;
	if (src->text[at.off] == '[') {
		know_put_source(c, at, tpc_sprintf(c->arena, "%s%s: ", indent, name), out);
		return;
	}
	tpc_buf_printf(out, "%s%s:\n", indent, name);
	know_put_source(c, at, indent, out);
}

void know_use_yaml(struct tpc_ctx *c, const struct know_use *u, const char *indent, struct tpc_buf *out)
{
	put_list_source(c, "args", u->args.at, indent, out);
	put_list_source(c, "data", u->data.at, indent, out);
	put_list_source(c, "selectors", u->selectors.at, indent, out);
}

/* ---- parts of a threat ---- */
static const char *override_words(const struct know_hook *h)
{
	static const char *const words[] = {
		[KNOW_OVERRIDE_NONE] = "",
		[KNOW_OVERRIDE_NO] = "cannot be overridden",
		[KNOW_OVERRIDE_LSM] = "can be overridden where BPF is among the kernel's LSMs",
		[KNOW_OVERRIDE_INJECTION] = "can be overridden where the kernel has error injection",
		[KNOW_OVERRIDE_FMOD_RET] = "can be overridden with fmod_ret",
	};

	return words[h->override.v];
}

static void put_hook(struct tpc_ctx *c, const struct know_hook *h, struct tpc_buf *out)
{
	const struct know_toctou *t;
	const struct tpc_text *b;

	know_put_wrapped(out, "    ", "    ", h->about.s);
	know_put_wrapped(out, "    ", "    ",
			 tpc_sprintf(c->arena, "Rate: %s (%s). It %s%s.", h->rate.s, h->rate_why.s,
				     override_words(h), h->sleepable.v ? " and may sleep" : ""));
	tpc_vec_foreach (t, &h->toctou)
		know_put_wrapped(out, "    ", "    ",
				 tpc_sprintf(c->arena, "Argument %" PRId64 " is %s.", t->index.v, t->why.s));
	if (know_hook_has_abi32(h))
		know_put_wrapped(out, "    ", "    ",
				 tpc_sprintf(c->arena, "32-bit programs call i386/%s: hook it too.",
					     h->name));
	if (h->blind.len)
		tpc_buf_puts(out, "    Not seen here:\n");
	tpc_vec_foreach (b, &h->blind)
		know_put_wrapped(out, "    - ", "      ", b->s);
	if (h->siblings.len)
		tpc_buf_puts(out, "    Other ways to the same:\n");
	put_links(c, out, "    ", h->siblings.items, h->siblings.len);
}

static void put_use(struct tpc_ctx *c, const struct know_use *u, struct tpc_buf *out)
{
	tpc_buf_printf(out, "  %s\n", u->hook.s);
	know_put_wrapped(out, "    ", "    ", u->why.s);
	if (u->row)
		put_hook(c, u->row, out);
	know_use_yaml(c, u, "      ", out);
}

static void put_action(struct tpc_ctx *c, const struct know_threat *t, enum know_appetite at,
		       struct tpc_buf *out)
{
	const struct know_action *a = &t->actions.by[at];
	struct tpc_buf what = TPC_BUF(c->arena);

	tpc_buf_printf(&what, "%s: %s", know_appetites[at],
		       a->action.v == KNOW_ACT_NOTHING ? "no rule" : a->action.s);
	if (a->error.set)
		tpc_buf_printf(&what, " with argError %" PRId64, a->error.v);
	if (a->rate_limit.set)
		tpc_buf_printf(&what, ", rateLimit %s", a->rate_limit.s);
	if (a->why.set)
		tpc_buf_printf(&what, "; %s", a->why.s);
	know_put_wrapped(out, "  - ", "    ", tpc_buf_text(&what));
}

static void put_agents(struct tpc_ctx *c, const struct knowledge *k, const struct know_threat *t,
		       struct tpc_buf *out)
{
	struct tpc_buf names = TPC_BUF(c->arena);

	for (uint32_t i = 0; i < k->agents.len; i++)
		if (know_agent_triggers(k->agents.items[i], t->id.s))
			tpc_buf_printf(&names, "%s%s", names.len ? ", " : "agents of the platform: ",
				       k->agents.items[i]->name.s);
	if (names.len)
		know_put_wrapped(out, "  - ", "    ", tpc_buf_text(&names));
}

static const char *scope_words(const struct know_threat *t)
{
	static const char *const words[] = {
		[KNOW_SCOPE_NONE] = "",
		[KNOW_SCOPE_PODS] = "Meant for all pods, not for the host (podSelector: {})",
		[KNOW_SCOPE_NAMESPACE] = "Meant for namespaces that you name (TracingPolicyNamespaced)",
		[KNOW_SCOPE_ANY] = "Meant for pods and the host",
	};

	return words[t->scope.v];
}

static void put_head(struct tpc_ctx *c, const struct know_threat *t, struct tpc_buf *out)
{
	struct tpc_buf mitre = TPC_BUF(c->arena);
	const struct tpc_text *m;

	tpc_vec_foreach (m, &t->mitre)
		tpc_buf_printf(&mitre, "%s%s", mitre.len ? ", " : "; ATT&CK ", m->s);
	tpc_buf_printf(out, "%s: %s\n", t->id.s, t->title.s);
	know_put_wrapped(out, "  ", "  ",
			 tpc_sprintf(c->arena,
				     "severity %s; risk of false positives %s; Linux %s and newer%s",
				     t->severity.s, t->fp_risk.s, t->min_kernel.s, tpc_buf_text(&mitre)));
	tpc_buf_putc(out, '\n');
	know_put_wrapped(out, "  ", "  ", t->about.s);
}

/* The commands are the same for all: cilium/tetragon, cmd/tetra/tracingpolicy and the kinds of its resources. */
static void put_way_back(const struct know_threat *t, struct tpc_buf *out)
{
	bool namespaced = t->scope.v == KNOW_SCOPE_NAMESPACE;

	put_section(out, "The way back");
	tpc_buf_printf(out, "  On each node: tetra tracingpolicy set-mode %sPOLICY monitor\n",
		       namespaced ? "--namespace NAMESPACE " : "");
	tpc_buf_printf(out, "  For good: kubectl delete %s POLICY\n",
		       namespaced ? "--namespace NAMESPACE tracingpolicynamespaced" : "tracingpolicy");
	know_put_wrapped(out, "  ", "  ", t->rollback.s);
}

static void put_sources(struct tpc_ctx *c, const struct know_sources *s, struct tpc_buf *out)
{
	const struct tpc_pair *p;

	tpc_vec_foreach (p, s)
		know_put_wrapped(out, "  - ", "    ", tpc_sprintf(c->arena, "%s: %s", p->key.s, p->value.s));
}

void know_threat_text(struct tpc_ctx *c, const struct knowledge *k, const struct know_threat *t,
		      struct tpc_buf *out)
{
	const struct know_use *u;

	put_head(c, t, out);
	put_section(out, "Hardly ever legitimate when");
	put_list(out, t->fidelity.items, t->fidelity.len);
	put_section(out, "Who does it in normal work");
	put_list(out, t->legitimate.items, t->legitimate.len);
	put_agents(c, k, t, out);
	put_section(out, "What to do about it");
	for (int i = 0; i < KNOW_APPETITE_MAX; i++)
		put_action(c, t, (enum know_appetite)i, out);
	put_section(out, "What enforcing breaks");
	know_put_wrapped(out, "  ", "  ", t->impact.s);
	put_way_back(t, out);
	put_section(out, "Where to look");
	know_put_wrapped(out, "  ", "  ", scope_words(t));
	tpc_vec_foreach (u, &t->hooks)
		put_use(c, u, out);
	if (t->edit.len)
		put_section(out, "To replace by your own values");
	put_list(out, t->edit.items, t->edit.len);
	put_section(out, "Why not elsewhere");
	put_links(c, out, "  ", t->alternatives.items, t->alternatives.len);
	if (t->related.len)
		put_section(out, "See also");
	put_list(out, t->related.items, t->related.len);
	put_section(out, "Where this is from");
	put_sources(c, &t->source, out);
}

void know_list_text(const struct knowledge *k, struct tpc_buf *out)
{
	for (uint16_t g = 1; g <= know_words_group.len; g++) {
		tpc_buf_printf(out, "%s%s\n", g > 1 ? "\n" : "", know_words_group.items[g - 1].doc);
		for (uint32_t i = 0; i < k->threats.len; i++)
			if (k->threats.items[i]->group.v == g)
				tpc_buf_printf(out, "  %-*s %s\n", ID_WIDTH, k->threats.items[i]->id.s,
					       k->threats.items[i]->title.s);
	}
}

/* ---- checks ---- */
void know_check_page(const struct know_check *k, struct tpc_buf *out)
{
	tpc_buf_printf(out, "# %s %s\n\n%s\n\nSeverity: %s.\n\n## Why\n\n%s", k->code.s, k->slug.s,
		       k->title.s, k->severity.s, k->why.s);
	if (k->example.set)
		tpc_buf_printf(out, "\n## Example\n\n```yaml\n%s```\n", k->example.s);
	tpc_buf_printf(out, "\n## Mend\n\n%s", k->mend.s);
}
