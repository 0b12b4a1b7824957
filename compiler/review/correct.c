// SPDX-License-Identifier: Apache-2.0
/* Rounds of review and mending. */
#include "review/correct.h"

#include <errno.h>
#include <string.h>

#include "pdiff/pdiff.h"

#define ROUNDS 24
#define SINGLES 64 /* mends of one round that are tried by themselves */

/* All files with one set of texts. */
struct state {
	struct tpc *t;
	const struct review *r;
	uint32_t nerrors;
	bool built;
};

struct correct {
	struct tpc_arena *a;
	const struct tpc_opts *o;
	const struct knowledge *known;
	const struct brief *brief;
	struct correct_file *files;
	uint32_t n;
	struct state given;	       /* what nothing may be wider than */
	TPC_VEC(const char *) refused; /* mends that stay out, as key_of() */
};

static void close_state(struct state *s)
{
	tpc_close(s->t);
	*s = (struct state){ 0 };
}

/* Sources are numbered from 1 in the order in which they are added. @texts: NULL, what is corrected so far. */
static int open_state(struct correct *x, const char *const *texts, struct state *ret)
{
	int r;

	*ret = (struct state){ 0 };
	r = tpc_open(&ret->t, x->o);
	if (r)
		return r;
	for (uint32_t i = 0; i < x->n; i++) {
		const struct correct_file *f = &x->files[i];

		tpc_add_yaml(ret->t, f->name, texts ? texts[i] : f->corrected,
			     texts ? strlen(texts[i]) : f->corrected_len);
	}
	ret->built = !tpc_context(ret->t)->diags.nerrors && !tpc_build(ret->t);
	ret->nerrors = tpc_context(ret->t)->diags.nerrors;
	return 0;
}

static int review_state(struct correct *x, struct state *s)
{
	s->r = review_run(s->t, x->known, x->brief);
	return s->r ? 0 : -ENOMEM;
}

/* The same finding in the next round, whose places have moved. */
static const char *key_of(struct correct *x, const struct rv_finding *f)
{
	return tpc_sprintf(x->a, "%u %s %s", f->at.file, f->code, f->text);
}

static bool not_refused(const struct rv_finding *f, void *of)
{
	struct correct *x = of;
	const char *key = key_of(x, f);

	for (uint32_t i = 0; i < x->refused.len; i++)
		if (!strcmp(x->refused.items[i], key))
			return false;
	return true;
}

static bool is_only(const struct rv_finding *f, void *of)
{
	return f == of;
}

/* Are the policies with @texts as good as with those before, and do they not enforce more than those given? */
static int judge(struct correct *x, const struct state *before, const char *const *texts, bool *ret)
{
	struct state s;
	struct pdiff *d;
	int r = open_state(x, texts, &s);

	*ret = false;
	if (r)
		return r;
	if (s.nerrors <= before->nerrors && (s.built || !before->built))
		*ret = !s.built || !x->given.built ||
		       (!tpc_diff(x->given.t, s.t, &d) && !pdiff_widens(d->enforcement));
	close_state(&s);
	return 0;
}

/* Mends those that @wanted takes; what changed is in @texts. The number of findings. */
static uint32_t mend(struct correct *x, const struct review *r, review_wanted *wanted, void *of,
		     const char **texts, uint32_t *nmends)
{
	uint32_t all = 0;

	for (uint32_t i = 0; i < x->n; i++) {
		const char *text = review_mended(r, i + 1, wanted, of, &nmends[i]);

		texts[i] = tpc_strndup(x->a, text, strlen(text));
		all += nmends[i];
	}
	return all;
}

static void take(struct correct *x, const char *const *texts, const uint32_t *nmends)
{
	for (uint32_t i = 0; i < x->n; i++) {
		x->files[i].corrected = texts[i];
		x->files[i].corrected_len = strlen(texts[i]);
		x->files[i].nmends += nmends[i];
	}
}

/* Together they will not do: the first that does by itself is made, those that do not are refused. */
static int mend_one(struct correct *x, const struct state *s, const char **texts, uint32_t *nmends, bool *ret)
{
	struct rv_finding *const *f;
	uint32_t tried = 0;
	int r;

	*ret = false;
	tpc_vec_foreach (f, &s->r->findings) {
		if (!(*f)->edits.len || (*f)->accepted || !not_refused(*f, x))
			continue;
		if (tried++ == SINGLES)
			return 0;
		if (mend(x, s->r, is_only, *f, texts, nmends)) {
			r = judge(x, s, texts, ret);
			if (r || *ret)
				return r;
		}
		*tpc_vec_push(x->a, &x->refused) = key_of(x, *f);
	}
	return 0;
}

static int one_round(struct correct *x, bool *ret_more)
{
	const char **texts = tpc_new_array(x->a, const char *, x->n);
	uint32_t *nmends = tpc_new_array(x->a, uint32_t, x->n);
	struct state s;
	int r;

	*ret_more = false;
	r = open_state(x, NULL, &s);
	if (!r)
		r = review_state(x, &s);
	if (!r && mend(x, s.r, not_refused, x, texts, nmends)) {
		r = judge(x, &s, texts, ret_more);
		if (!r && !*ret_more)
			r = mend_one(x, &s, texts, nmends, ret_more);
		if (!r && *ret_more)
			take(x, texts, nmends);
	}
	close_state(&s);
	return r;
}

int review_correct(struct tpc_arena *a, const struct tpc_opts *o, const struct knowledge *known,
		   const struct brief *brief, struct correct_file *files, uint32_t n)
{
	struct correct x = { .a = a, .o = o, .known = known, .brief = brief, .files = files, .n = n };
	bool more = true;
	int r;

	for (uint32_t i = 0; i < n; i++) {
		files[i].corrected = tpc_strndup(a, files[i].text, files[i].len);
		files[i].corrected_len = files[i].len;
		files[i].nmends = 0;
	}
	r = open_state(&x, NULL, &x.given);
	for (int i = 0; !r && more && i < ROUNDS; i++)
		r = one_round(&x, &more);
	close_state(&x.given);
	return r ? r : tpc_arena_exhausted(a) ? -ENOMEM : 0;
}
