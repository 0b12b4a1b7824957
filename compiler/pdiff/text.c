// SPDX-License-Identifier: Apache-2.0
/* The differences for people: policy, hook, a line a change, and what it does to the policy at the end of it. */
#include <inttypes.h>
#include <string.h>

#include "pdiff/impl.h"

#define EFFECT_COLUMN 74

static const char *effect_words(const struct pdiff_change *c)
{
	static const char *const effects[] = { "", "narrower", "", "may be wider", "wider" };

	if (c->enforcement == PDIFF_WIDER)
		return "WIDER: enforcement";
	if (c->enforcement == PDIFF_MAYBE_WIDER)
		return "MAY BE WIDER: enforcement";
	if (c->enforcement == PDIFF_NARROWER)
		return "narrower: enforcement";
	if (c->enforcement == PDIFF_DIFFERENT)
		return "different: enforcement";
	return effects[c->effect];
}

static void put_selector(const struct pdiff_change *c, struct tpc_buf *out)
{
	if (c->new_selector)
		tpc_buf_printf(out, "selector %" PRIu32, c->new_selector);
	else if (c->old_selector)
		tpc_buf_printf(out, "old selector %" PRIu32, c->old_selector);
	else
		return;
	if (c->new_selector && c->old_selector && c->new_selector != c->old_selector)
		tpc_buf_printf(out, " (was %" PRIu32 ")", c->old_selector);
	tpc_buf_puts(out, c->at_return ? ", at the return: " : ": ");
}

static void put_change(const struct pdiff_change *c, const char *indent, struct tpc_buf *out)
{
	const char *effect = effect_words(c);
	size_t start = out->len, used;

	tpc_buf_puts(out, indent);
	put_selector(c, out);
	if (c->subject)
		tpc_buf_printf(out, "%s: ", c->subject);
	tpc_buf_puts(out, c->text);
	used = out->len - start;
	if (*effect)
		tpc_buf_printf(out, "%*s%s", used < EFFECT_COLUMN ? (int)(EFFECT_COLUMN - used) : 2, "",
			       effect);
	tpc_buf_putc(out, '\n');
}

static void put_hook(const struct pdiff_hook *h, struct tpc_buf *out)
{
	const struct pdiff_change *c;

	tpc_buf_printf(out, "  %s %s", h->kind, h->target);
	if (h->status == PDIFF_ADDED)
		tpc_buf_printf(out, " added (new line %" PRIu32 ")\n", h->new_line);
	else if (h->status == PDIFF_REMOVED)
		tpc_buf_printf(out, " removed (old line %" PRIu32 ")\n", h->old_line);
	else
		tpc_buf_printf(out, " (old line %" PRIu32 ", new line %" PRIu32 ")\n", h->old_line,
			       h->new_line);
	tpc_vec_foreach (c, &h->changes)
		put_change(c, "    ", out);
}

static void put_policy(const struct pdiff_policy *p, struct tpc_buf *out)
{
	static const char *const statuses[] = { "", " added", " removed", "" };
	const struct pdiff_change *c;
	const struct pdiff_hook *h;

	tpc_buf_puts(out, "policy ");
	if (p->ns)
		tpc_buf_printf(out, "%s/", p->ns);
	tpc_buf_printf(out, "%s%s", p->name, statuses[p->status]);
	if (p->status == PDIFF_RENAMED)
		tpc_buf_printf(out, " renamed, was %s", p->old_name);
	tpc_buf_putc(out, '\n');
	tpc_vec_foreach (c, &p->changes)
		put_change(c, "  ", out);
	tpc_vec_foreach (h, &p->hooks)
		put_hook(h, out);
}

void pdiff_text(const struct pdiff *d, struct tpc_buf *out)
{
	static const char *const sums[] = {
		"the same", "narrower", "different, and not wider", "MAY BE WIDER", "WIDER",
	};
	const struct pdiff_policy *p;

	if (!d->policies.len) {
		tpc_buf_puts(out, "no difference\n");
		return;
	}
	tpc_vec_foreach (p, &d->policies)
		put_policy(p, out);
	tpc_buf_printf(out, "enforcement: %s\n", sums[d->enforcement]);
}
