// SPDX-License-Identifier: Apache-2.0
/* Finding a member, in the anonymous structs and unions of a struct too. */
#include "base/text.h"
#include "kernel/resolve_impl.h"

#include <string.h>

/* Anonymous types within anonymous types, and members looked at in one search: kernels need 5 and some 300. */
#define ANONYMOUS_DEPTH 16
#define MEMBERS_MAX 65536

struct level {
	struct btf_view v;
	uint32_t i; /* the member that is looked at */
};

/* A depth-first search over the members, in the order of the type. */
struct search {
	struct level levels[ANONYMOUS_DEPTH];
	uint32_t depth, nseen;
};

static uint32_t member_type(const struct level *l)
{
	return btf_global(l->v.b, btf_members(l->v.t)[l->i].type);
}

static const char *member_name(const struct level *l)
{
	return btf_text(l->v.b, btf_members(l->v.t)[l->i].name_off);
}

static void start(struct search *s, const struct btf_view *v)
{
	s->levels[0] = (struct level){ *v, 0 };
	s->depth = 1;
	s->nseen = 0;
}

/* NULL: all were seen, or too many. Members of an anonymous member come in its place. */
static struct level *next_named(struct kernel *k, struct search *s)
{
	struct btf_view in;

	while (s->depth) {
		struct level *l = &s->levels[s->depth - 1];

		if (l->i == btf_vlen(l->v.t)) {
			s->depth--;
			if (s->depth)
				s->levels[s->depth - 1].i++;
			continue;
		}
		if (s->nseen++ == MEMBERS_MAX)
			return NULL;
		if (*member_name(l))
			return l;
		/* The member has no name; its type may have one (-fms-extensions, Linux 6.19). */
		if (s->depth < ANONYMOUS_DEPTH && btf_view(k, btf_skip_typedefs(k, member_type(l)), &in) &&
		    btf_is_composite(in.t))
			s->levels[s->depth++] = (struct level){ in, 0 };
		else
			l->i++;
	}
	return NULL;
}

static bool is_wanted(const char *name, const struct component *c)
{
	return tpc_text_is(c->text + c->at, c->len, name);
}

/* The members from the outermost to the one that was found become steps. */
static bool take(struct walk *w, const struct search *s)
{
	for (uint32_t i = 0; i < s->depth; i++) {
		const struct level *l = &s->levels[i];
		struct btf_place p = btf_member_place(w->k, &l->v, l->i);
		struct kernel_step *step = walk_step(w, KERNEL_STEP_MEMBER, p.bits / 8, member_type(l));

		if (p.bit_size > 64)
			return walk_fail(w, NULL, "member '%.*s' has %u bits", (int)w->c.len,
					 w->c.text + w->c.at, p.bit_size);
		step->owner = btf_view_name(&l->v);
		step->of_union = btf_is_union(l->v.t);
		step->member = member_name(l);
		step->bit_offset = (uint8_t)(p.bit_size ? p.bits % 8 : 0);
		step->bit_size = (uint8_t)p.bit_size;
	}
	return true;
}

static const char *near_member(struct walk *w, const struct btf_view *v)
{
	struct tpc_suggest near = TPC_SUGGEST(w->c.text + w->c.at, w->c.len);
	struct search s;
	struct level *l;

	start(&s, v);
	while ((l = next_named(w->k, &s))) {
		tpc_suggest_try(&near, member_name(l));
		l->i++;
	}
	return near.best;
}

bool walk_member(struct walk *w, const struct btf_view *v)
{
	struct search s;
	struct level *l;

	start(&s, v);
	while ((l = next_named(w->k, &s))) {
		if (is_wanted(member_name(l), &w->c))
			return take(w, &s);
		l->i++;
	}
	return walk_fail(w, near_member(w, v), "%s has no member '%.*s'",
			 kernel_type_name(w->k, w->a, w->type), (int)w->c.len, w->c.text + w->c.at);
}
