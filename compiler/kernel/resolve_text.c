// SPDX-License-Identifier: Apache-2.0
/*
 * The text of a path. Facts: formatBTFPath in cilium/tetragon pkg/sensors/tracing/generic.go; a dot at the
 * start or the end, and none between ']' and a name, are allowed there, so they are here.
 */
#include "base/text.h"
#include "kernel/resolve_impl.h"

static enum path_answer fail(struct component *c, uint32_t at, uint32_t len, const char **ret_what,
			     const char *what)
{
	c->at = at;
	c->len = len;
	*ret_what = what;
	return PATH_FAULT;
}

/* p->pos is at '['. */
static enum path_answer take_index(struct path_text *p, struct component *c, const char **ret_what)
{
	uint32_t start = p->pos++;
	uint64_t v = 0;

	c->is_index = true;
	while (p->pos < p->len && tpc_is_digit(p->s[p->pos])) {
		v = v * 10 + (uint32_t)(p->s[p->pos++] - '0');
		if (v > UINT32_MAX)
			return fail(c, start, p->pos - start, ret_what, "the index is too large");
	}
	if (p->pos == p->len)
		return fail(c, start, p->pos - start, ret_what, "']' is missing");
	if (p->s[p->pos] != ']')
		return fail(c, start, p->pos + 1 - start, ret_what,
			    "an index is a number in brackets, as in [2]");
	p->pos++;
	if (p->pos - start == 2)
		return fail(c, start, 2, ret_what, "the index is missing");
	c->at = start;
	c->len = p->pos - start;
	c->index = (uint32_t)v;
	return PATH_COMPONENT;
}

enum path_answer path_next(struct path_text *p, struct component *ret, const char **ret_what)
{
	*ret = (struct component){ .text = p->s };
	if (p->pos < p->len && p->s[p->pos] == '.') {
		p->pos++;
		if (p->pos < p->len && p->s[p->pos] == '.')
			return fail(ret, p->pos - 1, 2, ret_what, "a name is missing between two dots");
		if (p->pos < p->len && p->s[p->pos] == '[')
			return fail(ret, p->pos - 1, 1, ret_what, "there is no dot before an index");
	}
	if (p->pos == p->len)
		return PATH_END;
	if (p->s[p->pos] == '[')
		return take_index(p, ret, ret_what);
	ret->at = p->pos;
	while (p->pos < p->len && p->s[p->pos] != '.' && p->s[p->pos] != '[') {
		if (p->s[p->pos] == ']')
			return fail(ret, p->pos, 1, ret_what, "']' without '['");
		p->pos++;
	}
	ret->len = p->pos - ret->at;
	return PATH_COMPONENT;
}
